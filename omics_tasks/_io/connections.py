"""httpcore: how connections are made and used.

Connecting is bounded as a whole, however many addresses a name has. A connection keeps to what is
left of its call's time, ends when its client is closed, and tells whether the server closed it
while it was idle.
"""

from __future__ import annotations

import math
import socket
import ssl
from collections.abc import Iterable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from functools import partial
from itertools import chain, zip_longest
from threading import Lock
from time import monotonic
from typing import Any, TypeVar, cast
from weakref import WeakSet

import httpcore

from ..errors import ClosedClientError
from .background import start
from .closing import Closing, finite
from .limits import Seconds, Stale, is_connecting

T = TypeVar("T")

_Connecting = Future[httpcore.NetworkStream]

# RFC 8305 advises so many seconds before the next address is tried beside those before it.
_HEAD_START = 0.25


class _StaleConnectionError(Stale, httpcore.ReadError):
    def __init__(self, *, is_unsent: bool) -> None:
        super().__init__("the server had closed the connection")
        self.is_unsent = is_unsent


class Connections(httpcore.NetworkBackend):
    """The connections of one sync transport."""

    def __init__(self, closing: Closing) -> None:
        self._closing = closing
        self._backend = httpcore.SyncBackend()
        self._sockets: WeakSet[socket.socket] = WeakSet()
        self._lock = Lock()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first address that responds, within one timeout for all of them."""
        limit = _left(timeout)
        end = monotonic() + limit
        connect = partial(
            self._backend.connect_tcp,
            port=port,
            timeout=finite(limit),
            local_address=local_address,
            socket_options=socket_options,
        )
        addresses = self.result(start(lambda: _resolve(host, port)), limit)
        attempts: list[_Connecting] = []
        winner = None
        try:
            for address in addresses:
                attempts.append(start(partial(connect, address)))
                is_last = len(attempts) == len(addresses)
                head_start = math.inf if is_last else monotonic() + _HEAD_START
                winner = self._winner(attempts, min(head_start, end))
                if winner is not None:
                    return self.adopt(winner.result())
        finally:
            for attempt in attempts:
                if attempt is not winner:
                    attempt.add_done_callback(_discard)
        raise _failure(attempts)

    def _winner(self, attempts: Sequence[_Connecting], end: float) -> _Connecting | None:
        """Return the first attempt that succeeds; None if all fail, or none succeeds in time."""
        while True:
            winner = next((each for each in attempts if each.done() and not each.exception()), None)
            running = [attempt for attempt in attempts if not attempt.done()]
            if winner is not None or not running or monotonic() >= end:
                return winner
            self._closing.wait(running, end - monotonic())

    def result(self, step: Future[T], limit: float) -> T:
        """Wait for a step of connecting, so long at most, and no longer than the client lives."""
        try:
            return self._closing.result(step, limit)
        except TimeoutError as error:
            raise _too_late() from error

    def adopt(self, stream: httpcore.NetworkStream) -> httpcore.NetworkStream:
        """Return the stream as one that ends with its client."""
        with self._lock:
            self._sockets.add(stream.get_extra_info("socket"))
        try:
            self._closing.check()
        except ClosedClientError:
            stream.close()
            raise
        return _Stream(stream, self)

    def end(self) -> None:
        """End all connections, also those that other threads are waiting for."""
        with self._lock:
            sockets = list(self._sockets)
        for each in sockets:
            _end(each)

    def handle_on(self, stream: httpcore.NetworkStream) -> socket.socket:
        """Return another handle on the socket of a stream, which ends with the client too."""
        held: socket.socket = stream.get_extra_info("socket")
        handle = socket.fromfd(held.fileno(), held.family, held.type)
        with self._lock:
            self._sockets.add(handle)
        return handle


class _ResponseState:
    """Tells if a connection broke before the expected response, and after earlier ones."""

    def __init__(self) -> None:
        self._had_any = self._is_coming = self._is_sent = False

    def sending(self) -> None:
        """Record that a part of a request is about to be written; the first is its head."""
        if self._is_coming:
            self._is_coming = self._is_sent = False

    def sent(self) -> None:
        """Record that the part was written."""
        self._is_sent = True

    def received(self, data: bytes) -> bytes:
        if data:
            self._had_any = self._is_coming = True
        else:
            self.check(None)
        return data

    def check(self, error: httpcore.ReadError | None) -> None:
        """Raise an error that says so, if that is where the connection broke."""
        if self._had_any and not self._is_coming:
            raise _StaleConnectionError(is_unsent=not self._is_sent) from error


class _Stream(httpcore.NetworkStream):
    def __init__(self, stream: httpcore.NetworkStream, connections: Connections) -> None:
        self._stream = stream
        self._connections = connections
        self._response = _ResponseState()
        self._in_use = Lock()
        self._has_ended = False

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        try:
            with self._in_use:
                data = self._stream.read(max_bytes, _cut(timeout, httpcore.ReadTimeout))
        except httpcore.ReadError as error:
            self._response.check(error)
            raise
        finally:
            self._close_if_ended()
        return self._response.received(data)

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        if not buffer:  # httpcore writes an empty body and the end of any body like this
            return
        self._response.sending()
        try:
            with self._in_use:
                self._stream.write(buffer, _cut(timeout, httpcore.WriteTimeout))
            self._response.sent()
        finally:
            self._close_if_ended()

    def close(self) -> None:
        """Close the socket, unless a thread waits on it: then that one does so when it wakes up.

        It would go on waiting, on whichever socket had the number of this one next.
        """
        self._has_ended = True
        if self._in_use.acquire(blocking=False):
            try:
                self._stream.close()
            finally:
                self._in_use.release()

    def _close_if_ended(self) -> None:
        if self._has_ended:
            self.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        limit = _left(timeout)
        seconds = finite(limit)
        # To wrap a socket detaches it: a second handle on it lets the client end the handshake.
        handle = self._connections.handle_on(self._stream)
        secured = start(lambda: self._stream.start_tls(ssl_context, server_hostname, seconds))
        try:
            return self._connections.adopt(self._connections.result(secured, limit))
        except BaseException:
            _end(handle)
            secured.add_done_callback(_discard)
            raise
        finally:
            handle.close()

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class AsyncConnections(httpcore.AsyncNetworkBackend):
    """The connections of one async transport of httpx's own."""

    def __init__(self) -> None:
        # Its type is unclear, for without anyio there would be none; httpx always brings it.
        self._backend = cast(httpcore.AsyncNetworkBackend, httpcore.AnyIOBackend())

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's signature
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect, as httpcore does by itself."""
        return _AsyncStream(
            await self._backend.connect_tcp(host, port, timeout, local_address, socket_options)
        )


class _AsyncStream(httpcore.AsyncNetworkStream):
    def __init__(self, stream: httpcore.AsyncNetworkStream) -> None:
        self._stream = stream
        self._response = _ResponseState()

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109 - as above
        try:
            data = await self._stream.read(max_bytes, timeout)
        except httpcore.ReadError as error:
            self._response.check(error)
            raise
        return self._response.received(data)

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109 - as above
        is_connecting.set(False)
        self._response.sending()
        await self._stream.write(buffer, timeout)
        self._response.sent()

    async def aclose(self) -> None:
        await self._stream.aclose()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ASYNC109 - as above
    ) -> httpcore.AsyncNetworkStream:
        try:
            secured = await self._stream.start_tls(ssl_context, server_hostname, timeout)
        except BaseException:  # httpcore closes the stream after an error, but not when cancelled
            await self._stream.aclose()
            raise
        return _AsyncStream(secured)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _resolve(host: str, port: int) -> list[str]:
    """Return the addresses of a host, those of the two families in turn."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise httpcore.ConnectError(str(error)) from error
    families: dict[int, list[str]] = {}
    for family, _, _, _, address in found:
        families.setdefault(family, []).append(str(address[0]))
    return [each for each in chain.from_iterable(zip_longest(*families.values())) if each]


def _failure(attempts: Sequence[_Connecting]) -> BaseException:
    """Return the error for attempts of which none succeeded: the last one's, if all have ended."""
    failures = [attempt.exception() for attempt in attempts if attempt.done()]
    last = failures[-1] if failures and len(failures) == len(attempts) else None
    return last or _too_late()


def _end(connection: socket.socket) -> None:
    with suppress(OSError):  # it has ended by itself
        # An SSLSocket's own shutdown would take the TLS object away from a reader.
        socket.socket.shutdown(connection, socket.SHUT_RDWR)


def _discard(attempt: _Connecting) -> None:
    if not attempt.exception():
        attempt.result().close()


def _too_late() -> httpcore.ConnectTimeout:
    return httpcore.ConnectTimeout("timed out")


def _left(timeout: float | None) -> float:
    """Return the seconds that a phase still has, infinitely many if nothing limits it."""
    if timeout is None:
        return math.inf
    return min(timeout, timeout.time_left()) if isinstance(timeout, Seconds) else timeout


def _cut(timeout: float | None, error: type[httpcore.TimeoutException]) -> float | None:
    """Return the time-out, cut to what is left of the call. Raise the error if that is nothing."""
    if not isinstance(timeout, Seconds):
        return timeout
    left = timeout.time_left()
    if left <= 0:
        raise error("timed out")
    return min(timeout, left)
