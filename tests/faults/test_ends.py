"""Waiting calls end when their client, program or event loop ends."""

from __future__ import annotations

import asyncio
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Generator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest

from omics_tasks import (
    AsyncHealthOmicsClient,
    ClosedClientError,
    ConfigurationError,
    Credentials,
    HealthOmicsClient,
    RateLimit,
    RetryPolicy,
)

from ..asking import OPTIONS, Ask, asettled, ask_sync, settled
from .server import Plan, RawServer, http
from .test_deadlines import NAME, SILENT, resolve_to, silent

__all__ = ["silent"]

SECOND = 1.0
RUN = http(200, {"id": "1", "status": "RUNNING"})


class Hanging:
    """A credential provider that blocks until it is released."""

    access_key = secret_key = token = "unused"

    def __init__(self) -> None:
        self.called = threading.Event()
        self.go = threading.Event()

    def get_frozen_credentials(self) -> Credentials:
        self.called.set()
        self.go.wait(60)
        return Credentials("A", "s")


def close_while(client: Any, call: Callable[[], Any], is_waiting: Callable[[], bool]) -> float:
    """Close a client during a call, which must raise, and return the seconds that it took."""
    if not hasattr(client, "aclose"):
        with ThreadPoolExecutor(1) as thread:
            waiting = thread.submit(call)
            assert settled(is_waiting)
            began = time.monotonic()
            client.close()
            with pytest.raises(ClosedClientError, match="the client is closed"):
                waiting.result(30)
            return time.monotonic() - began

    async def closing() -> float:
        waiting = asyncio.ensure_future(call())
        assert await asettled(is_waiting)
        began = time.monotonic()
        await client.aclose()
        with pytest.raises(ClosedClientError, match="the client is closed"):
            await asyncio.wait_for(waiting, 30)
        return time.monotonic() - began

    return closing()  # type: ignore[return-value] # awaited by whoever asks


def test_closing_ends_a_call_that_waits_for_its_answer(ask: Ask) -> None:
    """A call in another thread or task raises ClosedClientError at once."""
    with RawServer(lambda *_: [60.0]) as server:
        took = ask(
            lambda c: close_while(c, lambda: c.get_run("1"), lambda: bool(server.requests)),
            endpoint_url=server.url,
        )
        assert took < SECOND
        assert 1 == len(server.requests)


def test_closing_ends_a_call_whose_answer_has_begun(ask: Ask) -> None:
    """A call that has read part of its response raises ClosedClientError at once."""
    with RawServer(lambda *_: [RUN[:-5], 60.0]) as server:
        took = ask(
            lambda c: close_while(c, lambda: c.get_run("1"), lambda: bool(server.requests)),
            endpoint_url=server.url,
        )
        assert took < SECOND


def test_closing_ends_a_call_that_connects(
    ask: Ask, monkeypatch: pytest.MonkeyPatch, silent: int
) -> None:
    """A call that is still connecting ends at once."""
    resolve_to(monkeypatch, *SILENT)
    resolve, resolved = socket.getaddrinfo, threading.Event()

    def getaddrinfo(*args: Any, **options: Any) -> Any:
        resolved.set()
        return resolve(*args, **options)

    monkeypatch.setattr("socket.getaddrinfo", getaddrinfo)
    took = ask(
        lambda c: close_while(c, lambda: c.get_run("1"), resolved.is_set),
        endpoint_url=f"http://{NAME}:{silent}",
    )
    assert took < SECOND


def test_closing_ends_a_call_that_waits_for_credentials(ask: Ask) -> None:
    """Such a call sends nothing and leaves nothing open, whenever the provider returns."""
    provider = Hanging()
    with RawServer(lambda *_: [RUN]) as server:
        took = ask(
            lambda c: close_while(c, lambda: c.get_run("1"), provider.called.is_set),
            endpoint_url=server.url,
            credentials=provider,
        )
        assert took < SECOND
        provider.go.set()
        assert settled(lambda: not provider_threads())
        assert ([], 0) == (server.requests, server.connections)


def provider_threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "omics-tasks"]


def test_closing_ends_a_call_that_is_about_to_retry(ask: Ask) -> None:
    """The delay before a retry ends, and the retry isn't sent."""
    policy = RetryPolicy(random=lambda: 1.0)
    with RawServer(lambda *_: [http(429, x_amz_retry_after="60000")]) as server:
        took = ask(
            lambda c: close_while(c, lambda: c.get_run("1"), lambda: bool(server.requests)),
            endpoint_url=server.url,
            retries=policy,
        )
        assert took < SECOND
        assert 1 == len(server.requests)


@pytest.mark.parametrize("calls", [1, 5])
def test_closing_ends_calls_in_the_rate_limits_queue(ask: Ask, calls: int) -> None:
    """All calls in the rate limit's queue end."""
    with RawServer(lambda *_: [RUN]) as server:

        def all_at_once(client: Any) -> Any:
            if hasattr(client, "aclose"):
                return asyncio.gather(*(client.get_run("1") for _ in range(calls)))
            with ThreadPoolExecutor(calls) as threads:
                return list(threads.map(lambda _: client.get_run("1"), range(calls)))

        def question(client: Any) -> Any:
            queue = client._limiter._buckets  # noqa: SLF001 - there is no other view on it

            def is_waiting() -> bool:
                return bool(queue) and len(queue["GetRun"]._queue) == calls  # noqa: SLF001 - as above

            def call() -> Any:
                return all_at_once(client)

            first = client.get_run("1")
            if not hasattr(client, "aclose"):
                return close_while(client, call, is_waiting)

            async def going() -> Any:
                await first
                return await close_while(client, call, is_waiting)  # type: ignore[misc] # as there

            return going()

        limit = RateLimit(per_second=0.01, burst=1)
        assert ask(question, endpoint_url=server.url, rate_limit=limit) < SECOND
        assert 1 == len(server.requests)


def test_closing_ends_a_wait_between_two_polls(ask: Ask) -> None:
    """A wait that sleeps until its next poll raises ClosedClientError."""
    with RawServer(lambda *_: [RUN]) as server:
        took = ask(
            lambda c: close_while(c, lambda: c.wait_for_run("1"), lambda: bool(server.requests)),
            endpoint_url=server.url,
            retries=RetryPolicy(random=lambda: 1.0),
        )
        assert took < SECOND


def test_threads_that_race_with_closing() -> None:
    """Threads that race with ``close`` either finish or raise; nothing stays open."""
    with RawServer(lambda *_: [RUN]) as server:
        for _ in range(20):
            client = HealthOmicsClient(**OPTIONS, endpoint_url=server.url)

            def call(client: HealthOmicsClient = client) -> str:
                try:
                    while True:
                        client.get_run("1")
                except ClosedClientError:
                    return "closed"

            with ThreadPoolExecutor(8) as threads:
                calls = [threads.submit(call) for _ in range(8)]
                client.close()
                assert ["closed"] * 8 == [each.result(30) for each in calls]
        assert settled(lambda: server.open_connections == 0)


@contextmanager
def running_loop() -> Generator[asyncio.AbstractEventLoop]:
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield loop
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


def test_two_event_loops_at_once() -> None:
    """Use by a second running event loop is an error, and the first one can go on."""
    transports: list[Any] = []

    with RawServer(lambda *_: [RUN]) as server, running_loop() as loop:
        client = AsyncHealthOmicsClient(**OPTIONS, endpoint_url=server.url)
        transports.append(client)
        on_first: Future[Any] = asyncio.run_coroutine_threadsafe(client.get_run("1"), loop)
        assert "1" == on_first.result(30).id
        for _ in range(3):
            with pytest.raises(ConfigurationError, match="in use on another event loop"):
                asyncio.run(client.get_run("1"))
        again = asyncio.run_coroutine_threadsafe(client.get_run("1"), loop)
        assert "1" == again.result(30).id
        assert 1 == server.connections
        asyncio.run_coroutine_threadsafe(client.aclose(), loop).result(30)


PROGRAM = """
import sys
from omics_tasks import Credentials, HealthOmicsClient
client = HealthOmicsClient(region="us-east-1", endpoint_url={url!r},
                           credentials=Credentials("A", "s"), rate_limit=None)
tasks = iter(client.list_run_tasks("1", prefetch=True))
print(next(tasks).task_id, flush=True)
try:
    sys.stdin.readline()  # until the next page is requested
    {end}
except KeyboardInterrupt:
    pass
"""

ENDS = {
    "break": "del tasks",
    "close": "client.close()",
    "the end of main": "pass",
    "sys.exit": "sys.exit(0)",
    "Ctrl-C": "print('waiting', flush=True); next(tasks)",
}


@pytest.mark.parametrize("end", ENDS)
def test_a_program_ends_while_a_page_is_prefetched(end: str) -> None:
    """A prefetched page delays neither the end of the iteration nor of the program."""
    first = http(200, {"items": [{"taskId": "1"}], "nextToken": "t"})

    def plan(number: int, request: bytes) -> Plan:
        del request
        return [first] if number == 0 else [60.0]

    with RawServer(plan) as server:
        program = subprocess.Popen(
            [sys.executable, "-c", PROGRAM.format(url=server.url, end=ENDS[end])],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        assert program.stdout is not None
        assert program.stdin is not None
        assert "1\n" == program.stdout.readline()
        assert settled(lambda: len(server.requests) == 2)
        began = time.monotonic()
        program.stdin.write("go\n")
        program.stdin.flush()
        if end == "Ctrl-C":
            assert "waiting\n" == program.stdout.readline()
            program.send_signal(signal.SIGINT)
        _, errors = program.communicate(timeout=50)
        assert (0, "") == (program.returncode, errors)
        # Of the 60 s that the request would take; the interpreter itself needs some to end.
        assert time.monotonic() - began < 10


def test_a_loop_ends_while_a_provider_hangs() -> None:
    """``asyncio.run`` doesn't wait for a blocked provider."""
    provider = Hanging()
    options: dict[str, Any] = {
        **OPTIONS,
        "credentials": provider,
        "endpoint_url": "http://x.example",
    }

    async def main() -> None:
        async with AsyncHealthOmicsClient(**options) as client:
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(client.get_run("1"), 0.1)

    began = time.monotonic()
    asyncio.run(main())
    assert time.monotonic() - began < 20
    provider.go.set()


def test_an_interrupted_call_leaves_the_client_usable() -> None:
    """After Ctrl-C during a call, the client can make the next one."""

    def plan(number: int, request: bytes) -> Plan:
        del request
        return [60.0] if number == 0 else [RUN]

    with RawServer(plan) as server:

        def interrupt() -> None:
            assert settled(lambda: bool(server.requests))
            signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)

        def question(client: Any) -> Any:
            threading.Thread(target=interrupt).start()
            with pytest.raises(KeyboardInterrupt):
                client.get_run("1")
            return client.get_run("1")

        assert "1" == ask_sync(question, endpoint_url=server.url).id
