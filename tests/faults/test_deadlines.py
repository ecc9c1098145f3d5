"""``timeout`` and ``total_timeout`` limit all parts of a call."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from omics_tasks import (
    ConnectTimeoutError,
    CredentialRetrievalError,
    Credentials,
    HealthOmicsClient,
    InternalServerException,
    OmicsTasksError,
    RateLimit,
    ReadTimeoutError,
    RetryPolicy,
    TransportError,
    WaitTimeoutError,
)

from ..asking import OPTIONS, Ask, Script, json_answer
from ..test_retries import Clock
from .server import RawServer, http

OK = http(200, {"id": "1"})
NAME = "ten-addresses.example"


@pytest.fixture
def silent() -> Iterator[int]:
    """A port on 127.0.0.2 to 127.0.0.11 that never accepts: the backlogs are full."""
    with ExitStack() as stack:
        port = 0
        for last in range(2, 12):
            listener = stack.enter_context(socket.socket())
            listener.bind((f"127.0.0.{last}", port))
            listener.listen(0)
            port = listener.getsockname()[1]
            for _ in range(4):
                filler = stack.enter_context(socket.socket())
                filler.setblocking(False)
                filler.connect_ex((f"127.0.0.{last}", port))
        yield port


def resolve_to(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
    """Let a host name resolve to these addresses."""
    real = socket.getaddrinfo

    def getaddrinfo(host: Any, port: Any, *args: Any, **options: Any) -> Any:
        if host not in (NAME, NAME.encode()):
            return real(host, port, *args, **options)
        kind = (socket.AF_INET, socket.SOCK_STREAM, 6, "")
        return [(*kind, (address, port)) for address in addresses]

    monkeypatch.setattr("socket.getaddrinfo", getaddrinfo)


SILENT = [f"127.0.0.{last}" for last in range(2, 12)]


@pytest.mark.parametrize(
    "options",
    [
        {"timeout": 1.0},
        {"timeout": (1.0, 60.0)},
        {"retries": RetryPolicy(total_timeout=1.0)},
    ],
    ids=lambda options: next(iter(options)),
)
def test_ten_silent_addresses_take_no_longer_than_one(
    ask: Ask, monkeypatch: pytest.MonkeyPatch, silent: int, options: dict[str, Any]
) -> None:
    """Connecting to a name with only silent addresses fails after one connect timeout."""
    resolve_to(monkeypatch, *SILENT)
    options = {"retries": RetryPolicy(max_attempts=1), **options}
    began = time.monotonic()
    with pytest.raises((ConnectTimeoutError, ReadTimeoutError)):
        ask(lambda c: c.get_run("1"), endpoint_url=f"http://{NAME}:{silent}", **options)
    assert time.monotonic() - began < 5


def test_a_wait_is_bounded_over_silent_addresses(
    ask: Ask, monkeypatch: pytest.MonkeyPatch, silent: int
) -> None:
    """A wait ends at its timeout plus at most two seconds for the last poll."""
    resolve_to(monkeypatch, *SILENT)
    began = time.monotonic()
    with pytest.raises(WaitTimeoutError):
        ask(lambda c: c.wait_for_run("1", timeout=1.0), endpoint_url=f"http://{NAME}:{silent}")
    assert time.monotonic() - began < 9


def test_silent_addresses_are_skipped(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    """The next address is tried while earlier ones are silent, and no socket is leaked."""
    with RawServer(lambda *_: [OK]) as server, ExitStack() as stack:
        port = int(server.url.rpartition(":")[2])
        listener = stack.enter_context(socket.socket())
        listener.bind(("127.0.0.2", port))
        listener.listen(0)
        for _ in range(4):
            filler = stack.enter_context(socket.socket())
            filler.setblocking(False)
            filler.connect_ex(("127.0.0.2", port))
        resolve_to(monkeypatch, "127.0.0.2", "127.0.0.1")
        run = ask(lambda c: c.get_run("1"), endpoint_url=f"http://{NAME}:{port}", timeout=30.0)
        assert "1" == run.id


def test_refusing_addresses_are_skipped(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    """If an address refuses, the next is tried at once."""
    with RawServer(lambda *_: [OK]) as server:
        resolve_to(monkeypatch, "127.0.0.2", "127.0.0.1")
        port = server.url.rpartition(":")[2]
        assert "1" == ask(lambda c: c.get_run("1"), endpoint_url=f"http://{NAME}:{port}").id


def test_slow_name_resolution_times_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """The connect timeout includes name resolution."""
    real = socket.getaddrinfo

    def slow(host: Any, *args: Any, **options: Any) -> Any:
        if host == NAME:
            time.sleep(20)
        return real(host, *args, **options)

    monkeypatch.setattr("socket.getaddrinfo", slow)
    options: dict[str, Any] = {**OPTIONS, "endpoint_url": f"http://{NAME}:9", "timeout": 0.5}
    began = time.monotonic()
    with (
        HealthOmicsClient(**options, retries=RetryPolicy(max_attempts=1)) as client,
        pytest.raises(ConnectTimeoutError),
    ):
        client.get_run("1")
    assert time.monotonic() - began < 10


LONG = http(200, b'{"id": "1"}' + b" " * 60)


@pytest.mark.parametrize("cut", [10, len(LONG) - 60], ids=["head", "body"])
def test_slow_answers_time_out(ask: Ask, cut: int) -> None:
    """Bytes that keep arriving don't extend an attempt."""
    trickle = [step for byte in LONG[cut:] for step in (bytes((byte,)), 0.5)]
    with RawServer(lambda *_: [LONG[:cut], 0.5, *trickle]) as server:
        began = time.monotonic()
        with pytest.raises(TransportError):
            ask(
                lambda c: c.get_run("1"),
                endpoint_url=server.url,
                timeout=1.0,
                retries=RetryPolicy(max_attempts=1),
            )
        assert time.monotonic() - began < 10


def test_a_retry_without_time_is_not_sent(ask: Ask) -> None:
    """A retry without time left is neither sent nor counted, and the service's error is raised."""
    clock, script = Clock(), Script(json_answer(500))

    def oversleep(seconds: float) -> None:
        clock.sleep(seconds + 10)

    policy = RetryPolicy(
        sleep=oversleep, clock=lambda: clock.now, random=lambda: 0.0, total_timeout=5
    )
    with pytest.raises(InternalServerException) as caught:
        ask(lambda c: c.get_run("1"), transport=script.transport, retries=policy)
    assert (1, 1) == (caught.value.attempts, len(script.requests))


class Slow:
    """A slow credential provider."""

    access_key = secret_key = token = "unused"

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds

    def get_frozen_credentials(self) -> Credentials:
        time.sleep(self._seconds)
        return Credentials("A", "s")


def test_slow_credentials_time_out(ask: Ask) -> None:
    """The provider's time counts for the call, and an unsent request isn't counted."""
    script = Script(json_answer(id="1"))
    with pytest.raises(CredentialRetrievalError, match="no credentials in time") as caught:
        ask(
            lambda c: c.get_run("1"),
            transport=script.transport,
            credentials=Slow(5),
            retries=RetryPolicy(total_timeout=0.2),
        )
    assert (0, []) == (caught.value.attempts, script.requests)


def test_huge_timeouts(ask: Ask) -> None:
    """A timeout of hundreds of years acts like none."""
    policy = RetryPolicy(total_timeout=1e10)
    script = Script(json_answer(id="1"))
    run = ask(
        lambda c: c.get_run("1"), transport=script.transport, credentials=Slow(0.01), retries=policy
    )
    assert "1" == run.id


def test_an_error_without_time_left(ask: Ask) -> None:
    """If no time was left to send a request, the error says so and mentions no rate limit."""
    times = iter([0.0])
    policy = RetryPolicy(total_timeout=1.0, clock=lambda: next(times, 99.0))
    script = Script(json_answer(id="1"))
    with pytest.raises(ReadTimeoutError, match="timed out before its request") as caught:
        ask(lambda c: c.get_run("1"), transport=script.transport, retries=policy)
    assert (0, [], False) == (caught.value.attempts, script.requests, caught.value.retryable)


def test_a_rate_limit_delay_beyond_the_timeout(ask: Ask) -> None:
    """If the rate limit's delay is too long, the error has the delay."""
    script = Script(json_answer(id="1"))

    def question(client: Any) -> Any:
        if not hasattr(client, "aclose"):
            return client.get_run("1"), client.get_run("1")

        async def both() -> Any:
            return await client.get_run("1"), await client.get_run("1")

        return both()

    with pytest.raises(OmicsTasksError, match=r"rate limit holds the request back for 10\.0 s"):
        ask(
            question,
            transport=script.transport,
            retries=Clock().policy(total_timeout=5),
            rate_limit=RateLimit(per_second=0.1, burst=1),
        )
