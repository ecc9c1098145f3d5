"""A kept connection that the server closed doesn't fail a call."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from omics_tasks import ConnectionClosedError, OmicsTasksError, RetryPolicy
from omics_tasks._io.exchange import KEEP_ALIVE

from ..asking import Ask
from .server import CLOSE, RESET, Plan, RawServer, http

ONCE = RetryPolicy(max_attempts=1)
OK = http(200, {"id": "1"})


def calls(count: int, at_once: int = 1) -> Any:
    """Return a function that makes sequential calls, after some concurrent ones."""

    def question(client: Any) -> Any:
        if hasattr(client, "aclose"):

            async def all_() -> list[str]:
                await asyncio.gather(*(client.get_run("1") for _ in range(at_once - 1)))
                return [(await client.get_run("1")).id for _ in range(count)]

            return all_()
        with ThreadPoolExecutor(at_once) as threads:
            list(threads.map(lambda _: client.get_run("1"), range(at_once - 1)))
        return [client.get_run("1").id for _ in range(count)]

    return question


@pytest.mark.parametrize("end", [CLOSE, RESET], ids=["close", "reset"])
@pytest.mark.parametrize("is_read", [True, False], ids=["request read", "before the request"])
def test_a_lost_kept_connection_is_replaced(ask: Ask, end: object, is_read: bool) -> None:
    """The request is sent again on a new connection at no attempt, delay or quota."""

    def plan(number: int, request: bytes) -> Plan:
        del request
        if not is_read:
            return [OK, end]
        return [OK] if number % 2 == 0 else [end]

    with RawServer(plan) as server:
        got = ask(calls(20), endpoint_url=server.url, retries=ONCE)
        assert 20 == len(got)
        assert 20 == server.connections


def test_several_stale_connections(ask: Ask) -> None:
    """A call succeeds on a new connection however many kept ones were closed."""
    many = 15

    def plan(number: int, request: bytes) -> Plan:
        del request
        return [0.2, OK] if number < many else [OK] if number % 2 == 0 else [CLOSE]

    with RawServer(plan) as server:
        assert ["1"] * 3 == ask(calls(3, many + 1), endpoint_url=server.url, retries=ONCE)


@pytest.mark.parametrize("end", [CLOSE, RESET], ids=["close", "reset"])
def test_a_new_connection_that_breaks_is_an_error(ask: Ask, end: object) -> None:
    """A connection that breaks in its first request is a failed attempt."""
    with RawServer(lambda *_: [end]) as server:
        with pytest.raises(ConnectionClosedError) as caught:
            ask(calls(1), endpoint_url=server.url, retries=ONCE)
        assert (1, 1) == (len(server.requests), caught.value.attempts)


@pytest.mark.parametrize("end", [CLOSE, RESET], ids=["close", "reset"])
def test_an_answer_that_breaks_off_is_an_error(ask: Ask, end: object) -> None:
    """A connection that breaks after the response has begun is a failed attempt."""

    def plan(number: int, request: bytes) -> Plan:
        del request
        return [OK] if number == 0 else [OK[:-3], end]

    with RawServer(plan) as server:
        with pytest.raises(OmicsTasksError) as caught:
            ask(calls(2), endpoint_url=server.url, retries=ONCE)
        assert (2, 1) == (len(server.requests), caught.value.attempts)


def test_connections_outlive_the_pauses_of_a_wait() -> None:
    """A kept connection outlives the longest pause between two polls."""
    from omics_tasks._core.polling import _LONGEST_INTERVAL  # noqa: PLC0415 - a private figure

    assert KEEP_ALIVE > _LONGEST_INTERVAL
