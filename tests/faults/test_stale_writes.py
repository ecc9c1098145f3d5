"""A kept connection that breaks under a request which may not be repeated."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import httpcore
import pytest

from omics_tasks import ConnectionClosedError, RetryPolicy
from omics_tasks._core.operation import Repeatability

from ..asking import Ask
from .server import CLOSE, RESET, RawServer, http
from .things import call

OK = http(200, {"id": "1"})
ONCE = RetryPolicy(max_attempts=1)
REPEATABLE = [kind for kind in Repeatability if kind is not Repeatability.NONE]


def twice(ask: Ask, kind: Repeatability, url: str) -> Any:
    """Make two calls in turn, the second one over the connection of the first."""

    def question(client: Any) -> Any:
        if not hasattr(client, "aclose"):
            return [call(client, kind).id for _ in range(2)]

        async def in_turn() -> list[str]:
            return [(await call(client, kind)).id for _ in range(2)]

        return in_turn()

    return ask(question, endpoint_url=url, retries=ONCE)


@pytest.mark.parametrize("end", [CLOSE, RESET], ids=["close", "reset"])
@pytest.mark.parametrize("kind", REPEATABLE, ids=lambda kind: kind.name)
def test_what_may_be_repeated_is_sent_again(ask: Ask, kind: Repeatability, end: object) -> None:
    """A lost kept connection is replaced, at no cost."""
    with RawServer(lambda number, _: [end if number == 1 else OK]) as server:
        assert ["1", "1"] == twice(ask, kind, server.url)
        assert (3, 2) == (len(server.requests), server.connections)


@pytest.mark.parametrize("end", [CLOSE, RESET], ids=["close", "reset"])
def test_what_may_not_be_repeated_is_an_error(ask: Ask, end: object) -> None:
    """The server may have acted before it closed the connection."""
    with RawServer(lambda number, _: [end if number == 1 else OK]) as server:
        with pytest.raises(ConnectionClosedError) as caught:
            twice(ask, Repeatability.NONE, server.url)
        assert (2, 1) == (len(server.requests), server.connections)
    assert (1, True) == (caught.value.attempts, caught.value.may_have_happened)


class Broken:
    """Lets one write of all connections fail, counted from 0, and what follows on that one."""

    def __init__(self, failing: int) -> None:
        self._failing = failing
        self._count = 0

    def write(self, buffer: bytes) -> bool:
        """Return whether the next write is the one that fails."""
        self._count += bool(buffer)  # h11 ends a request with nothing
        return bool(buffer) and self._count - 1 == self._failing


class Stream(httpcore.NetworkStream):
    def __init__(self, stream: httpcore.NetworkStream, broken: Broken) -> None:
        self._stream, self._broken, self._is_broken = stream, broken, False

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        if self._is_broken:
            raise httpcore.ReadError
        return self._stream.read(max_bytes, timeout)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._is_broken = self._broken.write(buffer) or self._is_broken
        if self._is_broken:
            raise httpcore.WriteError
        self._stream.write(buffer, timeout)

    def close(self) -> None:
        self._stream.close()

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class AsyncStream(httpcore.AsyncNetworkStream):
    def __init__(self, stream: httpcore.AsyncNetworkStream, broken: Broken) -> None:
        self._stream, self._broken, self._is_broken = stream, broken, False

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109 - httpcore's signature
        if self._is_broken:
            raise httpcore.ReadError
        return await self._stream.read(max_bytes, timeout)

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109 - as above
        self._is_broken = self._broken.write(buffer) or self._is_broken
        if self._is_broken:
            raise httpcore.WriteError
        await self._stream.write(buffer, timeout)

    async def aclose(self) -> None:
        await self._stream.aclose()

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def let_a_write_fail(monkeypatch: pytest.MonkeyPatch, failing: int) -> None:
    """Let one write of httpcore's connections fail, as on a connection that was reset."""
    broken = Broken(failing)
    backend: Any = httpcore.AnyIOBackend  # its type is unclear, as without anyio there is none
    connect, aconnect = httpcore.SyncBackend.connect_tcp, backend.connect_tcp

    def connect_tcp(*args: Any, **options: Any) -> Stream:
        return Stream(connect(*args, **options), broken)

    async def aconnect_tcp(*args: Any, **options: Any) -> AsyncStream:
        return AsyncStream(await aconnect(*args, **options), broken)

    monkeypatch.setattr(httpcore.SyncBackend, "connect_tcp", connect_tcp)
    monkeypatch.setattr(backend, "connect_tcp", aconnect_tcp)


over_httpcore = pytest.mark.parametrize("ask", ["sync", "async over httpx"], indirect=True)
HEAD, BODY = 2, 3  # of the second request: the first one has 0 and 1


def paths(requests: Iterable[bytes]) -> list[bytes]:
    return [request.split(b" ")[1] for request in requests]


@over_httpcore
def test_a_request_that_was_not_written_is_sent_again(
    ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the end of its head it can't have been acted on, whatever the operation."""
    let_a_write_fail(monkeypatch, HEAD)
    with RawServer(lambda *_: [OK]) as server:
        assert ["1", "1"] == twice(ask, Repeatability.NONE, server.url)
        assert ([b"/thing"] * 2, 2) == (paths(server.requests), server.connections)


@over_httpcore
def test_a_request_that_was_written_in_part_is_not(
    ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once its head was written, it is an error."""
    let_a_write_fail(monkeypatch, BODY)
    with RawServer(lambda *_: [OK]) as server:
        with pytest.raises(ConnectionClosedError) as caught:
            twice(ask, Repeatability.NONE, server.url)
        assert 1 == server.connections
    assert caught.value.may_have_happened is True
