"""The end of a program, and a fork, during a call of a provider."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from concurrent.futures import Future

import pytest

from omics_tasks import Credentials
from omics_tasks._io.credentials import credential_source

from .cloud import AT_MOST
from .custom import Held, Session

ASYNC_END = """
import asyncio, threading, omics_tasks
class Hanging:
    access_key = secret_key = token = ""
    def get_frozen_credentials(self):
        threading.Event().wait()
async def main():
    client = omics_tasks.AsyncECSClient(region="us-east-1", credentials=Hanging())
    calls = [asyncio.ensure_future(client.list_tasks().collect()) for _ in range(3)]
    await asyncio.wait(calls, timeout=0.1)
    await client.aclose()
asyncio.run(main())
"""
SYNC_END = """
import threading, omics_tasks
class Hanging:
    access_key = secret_key = token = ""
    def get_frozen_credentials(self):
        threading.Event().wait()
client = omics_tasks.ECSClient(region="us-east-1", credentials=Hanging())
call = threading.Thread(target=client.list_tasks().collect, daemon=True)
call.start()
call.join(0.1)
"""


@pytest.mark.parametrize("program", [SYNC_END, ASYNC_END], ids=["sync", "async"])
def test_a_blocked_provider_does_not_delay_the_exit(program: str) -> None:
    """``asyncio.run`` and the program end while a provider blocks, without output."""
    ended = subprocess.run(
        [sys.executable, "-c", program], check=True, timeout=AT_MOST, capture_output=True, text=True
    )
    assert "" == ended.stdout + ended.stderr


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
def test_a_child_does_not_wait_for_its_parents_thread() -> None:
    """A child that is forked during a fetch starts its own."""
    held = Held()
    parent = os.getpid()

    def fetch() -> Credentials:
        return held.fetch() if os.getpid() == parent else Credentials("CHILD", "s")

    source = credential_source(None, Session(fetch), None, "us-east-1")
    found = source.fetch()
    assert held.begun.wait(AT_MOST)
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        signal.alarm(AT_MOST)
        os.write(write, source.get().access_key.encode())
        os._exit(0)
    os.waitpid(child, 0)
    os.close(write)
    with os.fdopen(read) as pipe:
        assert "CHILD" == pipe.read()
    held.released.set()
    assert isinstance(found, Future)
    assert "KEY1" == found.result(AT_MOST).access_key
