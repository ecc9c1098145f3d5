"""Event loops that close and processes that fork during a call."""

from __future__ import annotations

import asyncio
import gc
import os
import socket
import threading
import time
from typing import Any

import pytest

from omics_tasks import (
    AsyncHealthOmicsClient,
    ClosedClientError,
    HealthOmicsClient,
    RateLimit,
    ReadTimeoutError,
    RetryPolicy,
)

from ..asking import OPTIONS, Script, ask_sync, json_answer
from .server import Plan, RawServer, http

RUN = http(200, {"id": "1"})


def test_closing_beside_a_timeout_that_fires() -> None:
    """Calls that time out at that moment keep their error, and all others end."""

    async def main(url: str) -> list[type[Any]]:
        policy = RetryPolicy(max_attempts=1)
        client = AsyncHealthOmicsClient(**OPTIONS, endpoint_url=url, retries=policy)
        calls = [asyncio.ensure_future(client.get_run("1")) for _ in range(3)]
        while len(client._closing._limits) < 3:  # noqa: SLF001, ASYNC110 - there is no other view on it
            await asyncio.sleep(0.01)
        late = next(iter(client._closing._limits))  # noqa: SLF001 - as above
        late.reschedule(0)
        await asyncio.sleep(0)
        assert late.expired()
        await client.aclose()
        ends = await asyncio.gather(*calls, return_exceptions=True)
        return sorted((type(each) for each in ends), key=lambda cls: cls.__name__)

    with RawServer(lambda *_: [60.0]) as server:
        ends = asyncio.run(main(server.url))
        assert 3 == len(ends)
        assert {ClosedClientError} >= set(ends) - {ReadTimeoutError}


def test_a_closed_loop_releases_its_reserved_slots() -> None:
    """Calls that wait on a closed loop don't delay those on the next loop."""
    limit = RateLimit(per_second=5, burst=1)
    options: dict[str, Any] = {**OPTIONS, "rate_limit": limit}
    client = AsyncHealthOmicsClient(**options, transport=Script(json_answer(id="1")).transport)

    async def one() -> str:
        return (await client.get_run("1")).id

    async def leave_waiting() -> list[asyncio.Task[str]]:
        await one()
        waiting = [asyncio.ensure_future(one()) for _ in range(3)]
        await asyncio.sleep(0)
        return waiting

    loop = asyncio.new_event_loop()
    abandoned = loop.run_until_complete(leave_waiting())
    loop.close()
    assert "1" == asyncio.run(asyncio.wait_for(one(), 30))
    for task in abandoned:
        task._log_destroy_pending = False  # type: ignore[attr-defined] # noqa: SLF001 - meant here
    abandoned.clear()
    gc.collect()


needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
forks = pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")


def in_a_child(work: Any) -> int:
    """Call the function in a forked child. Return its exit code, or -1 if it hangs."""
    child = os.fork()
    if child == 0:
        try:
            work()
            os._exit(0)
        except BaseException:
            os._exit(1)
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.01)
    os.kill(child, 9)
    os.waitpid(child, 0)
    return -1


@needs_fork
@forks
def test_a_prefetching_listing_goes_on_in_a_child() -> None:
    """A forked child has no prefetching thread and requests the page itself."""

    def plan(number: int, request: bytes) -> Plan:
        del request
        more = {"nextToken": f"t{number}"} if number < 1 else {}
        return [http(200, {"items": [{"taskId": str(number)}], **more})]

    def question(client: Any) -> int:
        tasks = iter(client.list_run_tasks("1", prefetch=True))
        next(tasks)
        return in_a_child(lambda: list(tasks))

    with RawServer(plan) as server:
        assert 0 == ask_sync(question, endpoint_url=server.url)


@needs_fork
@forks
def test_a_fork_while_another_thread_waits() -> None:
    """A child doesn't wait for a lock that another thread of its parent held."""
    with HealthOmicsClient(**OPTIONS, transport=Script(json_answer(id="1")).transport) as client:
        condition = client._closing._end._condition  # noqa: SLF001 - as a waiting thread holds it
        held, go = threading.Event(), threading.Event()

        def hold() -> None:
            with condition:
                held.set()
                go.wait(60)

        thread = threading.Thread(target=hold)
        thread.start()
        held.wait(60)
        try:
            assert 0 == in_a_child(lambda: client.get_run("1"))
        finally:
            go.set()
            thread.join()


def test_closing_ends_a_handshake() -> None:
    """Closing a client ends a TLS handshake without an answer and closes its socket."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"https://127.0.0.1:{listener.getsockname()[1]}"
        client = HealthOmicsClient(**OPTIONS, endpoint_url=url, timeout=(30.0, 30.0))

        def call() -> None:
            with pytest.raises(ClosedClientError):
                client.get_run("1")

        thread = threading.Thread(target=call)
        thread.start()
        connection, _ = listener.accept()
        with connection:
            connection.settimeout(20)
            assert connection.recv(65536)  # the client's greeting
            client.close()
            rest = b"x"
            while rest:
                rest = connection.recv(65536)
            thread.join(20)
            assert not thread.is_alive()
