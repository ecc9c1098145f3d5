"""Calls that write, interrupted or side by side: none is sent twice that may not be."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from omics_tasks import (
    AsyncHealthOmicsClient,
    ClosedClientError,
    ConnectTimeoutError,
    CredentialRetrievalError,
    Credentials,
    OmicsTasksError,
    RateLimit,
    ReadTimeoutError,
    RetryPolicy,
    TransportError,
)
from omics_tasks._core.operation import Repeatability
from omics_tasks._io import pool, transport

from ..asking import OPTIONS, Ask, asettled, settled
from .server import RESET, Plan, RawServer, http
from .test_deadlines import NAME, SILENT, resolve_to, silent
from .test_ends import Hanging, close_while
from .things import QUICK, ThingInput, call, make_thing, operation

__all__ = ["silent"]  # a fixture

OK = http(200, {"id": "1"})
AT_ONCE = 100
each_kind = pytest.mark.parametrize("kind", list(Repeatability), ids=lambda kind: kind.name)


def outcome(client: Any, kind: Repeatability, outcomes: list[OmicsTasksError | None]) -> Any:
    """Make a call and record the error that it ends in, None for a success."""
    if not hasattr(client, "aclose"):
        try:
            made = call(client, kind)
        except OmicsTasksError as error:
            outcomes.append(error)
            raise
        outcomes.append(None)
        return made

    async def awaited() -> Any:
        try:
            made = await call(client, kind)
        except OmicsTasksError as error:
            outcomes.append(error)
            raise
        outcomes.append(None)
        return made

    return awaited()


def at_once(client: Any, kind: Repeatability, outcomes: list[OmicsTasksError | None]) -> Any:
    """Make a hundred calls side by side."""
    if hasattr(client, "aclose"):
        calls = (outcome(client, kind, outcomes) for _ in range(AT_ONCE))
        return asyncio.gather(*calls, return_exceptions=True)
    with ThreadPoolExecutor(AT_ONCE) as threads:
        futures = [threads.submit(outcome, client, kind, outcomes) for _ in range(AT_ONCE)]
        return [future.exception() for future in futures]


def every_other(number: int, request: bytes) -> Plan:
    """Break the connection under every other request."""
    del request
    return [RESET] if number % 2 else [OK]


def tokens(requests: list[bytes]) -> Iterator[str]:
    for request in requests:
        yield json.loads(request.partition(b"\r\n\r\n")[2])["clientToken"]


def test_a_hundred_calls_are_each_sent_once(ask: Ask) -> None:
    """If calls may not be repeated, the server gets one request per call."""
    outcomes: list[OmicsTasksError | None] = []
    with RawServer(every_other) as server:
        ask(
            lambda c: at_once(c, Repeatability.NONE, outcomes),
            endpoint_url=server.url,
            retries=QUICK,
        )
        assert AT_ONCE == len(server.requests)
    failed = [error for error in outcomes if error is not None]
    assert [True] * (AT_ONCE // 2) == [error.may_have_happened for error in failed]


def test_a_hundred_calls_are_told_apart_by_their_tokens(ask: Ask) -> None:
    """Calls with tokens are repeated until they succeed, each with its own token."""
    outcomes: list[OmicsTasksError | None] = []
    patient = RetryPolicy(max_attempts=20, sleep=lambda _: None)
    with RawServer(lambda number, _: [RESET if number % 10 == 9 else OK]) as server:
        ask(
            lambda c: at_once(c, Repeatability.BY_TOKEN, outcomes),
            endpoint_url=server.url,
            retries=patient,
        )
        assert [None] * AT_ONCE == outcomes
        assert AT_ONCE == len(set(tokens(server.requests)))
        assert len(server.requests) > AT_ONCE


def closed_while(ask: Ask, kind: Repeatability, is_waiting: Any, **options: Any) -> OmicsTasksError:
    """Return the error of a call whose client is closed while the call waits."""
    outcomes: list[OmicsTasksError | None] = []
    ask(
        lambda c: close_while(c, lambda: outcome(c, kind, outcomes), is_waiting),
        **options,
    )
    (error,) = outcomes
    assert isinstance(error, ClosedClientError)
    return error


@each_kind
def test_a_client_that_is_closed_leaves_its_request_open(ask: Ask, kind: Repeatability) -> None:
    """A call that waited for its answer may have happened."""
    with RawServer(lambda *_: [60.0]) as server:
        error = closed_while(ask, kind, lambda: bool(server.requests), endpoint_url=server.url)
        assert 1 == len(server.requests)
    assert (kind is not Repeatability.SAFE) is error.may_have_happened


def test_a_client_that_is_closed_before_it_has_sent(
    ask: Ask, monkeypatch: pytest.MonkeyPatch, silent: int
) -> None:
    """A call that waited for a connection, or for credentials, has not happened."""
    provider = Hanging()
    error = closed_while(
        ask, Repeatability.NONE, provider.called.is_set,
        endpoint_url="http://127.0.0.1:9", credentials=provider,
    )  # fmt: skip
    provider.go.set()
    assert error.may_have_happened is False
    resolve_to(monkeypatch, *SILENT)
    started = iter([False] * 20 + [True] * 1000)
    error = closed_while(
        ask, Repeatability.NONE, lambda: next(started), endpoint_url=f"http://{NAME}:{silent}"
    )
    assert error.may_have_happened is False


def test_a_cancelled_call_is_not_sent_again() -> None:
    """The server gets one request of a call that is cancelled while it waits for the answer."""

    async def cancelled(url: str, server: RawServer) -> None:
        async with AsyncHealthOmicsClient(**OPTIONS, endpoint_url=url, retries=QUICK) as client:
            waiting = asyncio.ensure_future(call(client, Repeatability.NONE))
            assert await asettled(lambda: bool(server.requests))
            waiting.cancel()
            with pytest.raises(asyncio.CancelledError):
                await waiting
            await asyncio.sleep(0.1)

    with RawServer(lambda *_: [60.0]) as server:
        asyncio.run(cancelled(server.url, server))
        assert 1 == len(server.requests)


class Failing:
    """Gives credentials once, and fails after that."""

    access_key = secret_key = token = "unused"

    def __init__(self) -> None:
        self._is_first = True

    def get_frozen_credentials(self) -> Credentials:
        if not self._is_first:
            raise OSError("gone")
        self._is_first = False
        return Credentials("A", "s")


@each_kind
def test_credentials_that_fail_later_leave_the_first_request_open(
    ask: Ask, kind: Repeatability
) -> None:
    """The error is that of the last attempt; the first one may have happened all the same."""
    with RawServer(lambda *_: [RESET]) as server:
        with pytest.raises(OmicsTasksError) as caught:
            make_thing(ask, kind, endpoint_url=server.url, credentials=Failing())
        assert 1 == len(server.requests)
    is_retried = kind is not Repeatability.NONE
    assert is_retried is isinstance(caught.value, CredentialRetrievalError)
    assert (kind is not Repeatability.SAFE) is caught.value.may_have_happened


def test_the_clients_own_rate_limit_has_sent_nothing(ask: Ask) -> None:
    """A call that the rate limit holds back beyond its time has not happened."""
    policy = RetryPolicy(total_timeout=1.0)

    def question(client: Any) -> Any:
        if not hasattr(client, "aclose"):
            return [call(client, Repeatability.NONE) for _ in range(2)]

        async def in_turn() -> Any:
            return [await call(client, Repeatability.NONE) for _ in range(2)]

        return in_turn()

    with RawServer(lambda *_: [OK]) as server:
        with pytest.raises(ReadTimeoutError, match="rate limit") as caught:
            ask(
                question,
                endpoint_url=server.url,
                retries=policy,
                rate_limit=RateLimit(per_second=0.01, burst=1),
            )
        assert 1 == len(server.requests)
    assert (0, False) == (caught.value.attempts, caught.value.may_have_happened)


def test_a_pool_without_a_free_connection_has_sent_nothing(
    ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A call whose time ends while it waits for a connection of the pool has not happened."""
    monkeypatch.setattr(pool, "MAX_CONNECTIONS", 1)
    monkeypatch.setattr(transport, "_LIMITS", httpx.Limits(max_connections=1))
    second = operation(Repeatability.NONE), ThingInput(name="x"), 0.3

    def question(client: Any) -> Any:
        if not hasattr(client, "aclose"):
            with ThreadPoolExecutor(1) as thread:
                thread.submit(call, client, Repeatability.NONE)
                assert settled(lambda: bool(server.requests))
                try:
                    client._invoke(*second)  # noqa: SLF001 - the time is that of a wait's calls
                finally:
                    client.close()

        async def awaited() -> None:
            first = asyncio.ensure_future(call(client, Repeatability.NONE))
            assert await asettled(lambda: bool(server.requests))
            try:
                await client._invoke(*second)  # noqa: SLF001 - as above
            finally:
                first.cancel()

        return awaited()

    with RawServer(lambda *_: [60.0]) as server:
        with pytest.raises(ConnectTimeoutError) as caught:
            ask(question, endpoint_url=server.url)
        assert 1 == len(server.requests)
    assert caught.value.may_have_happened is False


def test_a_transport_that_tells_nothing_may_have_sent_it(
    monkeypatch: pytest.MonkeyPatch, silent: int
) -> None:
    """Another client's connection that came too late, in the same task, is no sign of it."""

    class Hangs(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            await asyncio.sleep(60)
            return httpx.Response(200, request=request)

    async def in_turn() -> list[bool]:
        happened: list[bool] = []
        too_late: dict[str, Any] = {"endpoint_url": f"http://{NAME}:{silent}"}
        hanging: dict[str, Any] = {"transport": Hangs()}
        for options in (too_late, hanging):
            async with AsyncHealthOmicsClient(**OPTIONS, **options, timeout=0.3) as client:
                with pytest.raises(TransportError) as caught:
                    await call(client, Repeatability.NONE)
                happened.append(caught.value.may_have_happened)
        return happened

    resolve_to(monkeypatch, *SILENT)
    assert [False, True] == asyncio.run(in_turn())
