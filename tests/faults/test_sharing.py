"""Clients shared by threads, forked processes and pickle."""

from __future__ import annotations

import json
import os
import pickle
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from omics_tasks import (
    AsyncHealthOmicsClient,
    ConfigurationError,
    Credentials,
    ECSClient,
    HealthOmicsClient,
    RateLimit,
    RetryPolicy,
)

from ..asking import CREDENTIALS, OPTIONS, Script, json_answer
from .server import Plan, RawServer, http


def echo(number: int, request: bytes) -> Plan:
    """Answer GetRun with the requested id after a short delay."""
    del number
    return [0.002, http(200, {"id": request.split(b" ", 2)[1].decode().rpartition("/")[2]})]


def test_threads_share_a_client() -> None:
    """Eight threads with one client each get the answer to their own request."""
    ids = [str(n) for n in range(400)]
    with (
        RawServer(echo) as server,
        HealthOmicsClient(**OPTIONS, endpoint_url=server.url) as client,
        ThreadPoolExecutor(8) as pool,
    ):
        runs = list(pool.map(client.get_run, ids))
    assert ids == [run.id for run in runs]
    assert server.connections <= 8


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*fork:DeprecationWarning")
@pytest.mark.parametrize("hold_locks", [False, True])
def test_a_client_works_on_both_sides_of_a_fork(hold_locks: bool) -> None:
    """Parent and child use the same client with separate connections."""
    options: dict[str, Any] = {**OPTIONS, "rate_limit": RateLimit(100, 100)}
    with (
        RawServer(echo) as server,
        HealthOmicsClient(**options, endpoint_url=server.url) as client,
    ):
        client.get_run("1")
        locks: list[Any] = [
            client._retrier.quota._lock,  # noqa: SLF001 - as another thread would hold them
            client._credentials._lock,  # noqa: SLF001 - as above
            client._limiter._lock,  # noqa: SLF001 - as above
            client._limiter._buckets["GetRun"]._lock,  # noqa: SLF001 - as above
            client._closing._lock,  # noqa: SLF001 - as above
            client._closing._end._condition,  # noqa: SLF001 - as above
            client._sender._lock,  # noqa: SLF001 - as above
        ]
        if hold_locks:
            for lock in locks:
                lock.acquire()
        read, write = os.pipe()
        child = os.fork()
        if child == 0:
            signal.alarm(20)  # a child that waits for a lock for ever would hold up the tests too
            try:
                result = json.dumps([client.get_run(str(n)).id for n in range(100, 120)])
            except BaseException as error:
                result = repr(error)
            os.write(write, result.encode())
            os._exit(0)
        if hold_locks:
            for lock in locks:
                lock.release()
        ours = [client.get_run(str(n)).id for n in range(200, 220)]
        os.waitpid(child, 0)
        os.close(write)
        with os.fdopen(read) as pipe:
            theirs = pipe.read()
    assert [str(n) for n in range(200, 220)] == ours
    assert json.dumps([str(n) for n in range(100, 120)]) == theirs


@pytest.mark.parametrize("cls", [HealthOmicsClient, AsyncHealthOmicsClient, ECSClient])
def test_clients_can_be_pickled(cls: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pickled client keeps its arguments."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    client = cls(region="us-east-1", timeout=(1.0, 2.0), retries=RetryPolicy(max_attempts=7))
    copy = pickle.loads(pickle.dumps(client))
    assert (cls, "us-east-1", "http://127.0.0.1:1", 2.0, 7) == (
        type(copy),
        copy.config.region,
        copy.config.endpoint_url,
        copy.config.read_timeout,
        copy.config.retries.max_attempts,
    )


def test_a_pickled_client_works() -> None:
    """The copy makes its own requests on its own connections."""
    with RawServer(echo) as server:
        options: dict[str, Any] = {**OPTIONS, "endpoint_url": server.url}
        with HealthOmicsClient(**options, pickle_credentials=True) as client:
            assert "1" == client.get_run("1").id
            with pickle.loads(pickle.dumps(client)) as copy:
                assert "2" == copy.get_run("2").id
        assert 2 == server.connections


class Session:
    """A session that holds a secret."""

    profile = None

    def __init__(self) -> None:
        self.full_config: dict[str, Any] = {}

    def instance_variables(self) -> dict[str, str]:
        return {}

    def get_credentials(self) -> Credentials:
        return CREDENTIALS


@pytest.mark.parametrize("given", [{"credentials": CREDENTIALS}, {"session": Session()}])
def test_secrets_are_pickled_only_on_request(given: Any) -> None:
    """Explicit credentials are pickled only with ``pickle_credentials=True``."""
    client = ECSClient(region="us-east-1", **given)
    with pytest.raises(ConfigurationError, match="pickle_credentials=True"):
        pickle.dumps(client)
    client = ECSClient(region="us-east-1", pickle_credentials=True, **given)
    assert "us-east-1" == pickle.loads(pickle.dumps(client)).config.region


def test_a_client_with_a_transport_can_not_be_pickled() -> None:
    """Pickling a client with ``transport=`` raises a clear error."""
    transport = Script(json_answer(id="1")).transport
    client = HealthOmicsClient(region="us-east-1", transport=transport)
    with pytest.raises(ConfigurationError, match="with its own transport="):
        pickle.dumps(client)


def test_threads_count_the_quota_correctly() -> None:
    """The quota is exact when several threads use it at once."""
    with RawServer(lambda *_: [http(503)]) as server:
        policy = RetryPolicy(max_attempts=1000, sleep=lambda _: None)
        options: dict[str, Any] = {**OPTIONS, "endpoint_url": server.url, "retries": policy}
        with HealthOmicsClient(**options) as client:

            def use() -> None:
                with pytest.raises(Exception, match="503"):
                    client.get_run("1")

            threads = [threading.Thread(target=use) for _ in range(8)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
    assert 8 + 500 // 14 == len(server.requests)


def test_many_threads_make_the_first_call() -> None:
    """Models are built at their first use, and threads that use one at once all get it whole."""
    code = """
import threading, httpx, omics_tasks as o
answer = httpx.Response(200, json={"items": [{"taskId": "1"}]})
transport = httpx.MockTransport(lambda _: answer)
options = dict(region="us-east-1", credentials=o.Credentials("a", "s"), rate_limit=None)
client = o.HealthOmicsClient(**options, transport=transport)
start, ids = threading.Barrier(32), []
def first():
    start.wait()
    ids.extend(task.task_id for task in client.list_run_tasks("1"))
threads = [threading.Thread(target=first) for _ in range(32)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(len(ids), set(ids))
"""
    printed = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert "32 {'1'}" == printed.stdout.strip()
    assert "" == printed.stderr
