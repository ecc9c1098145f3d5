"""Limits on responses: the remaining time and the size."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Mapping
from contextvars import ContextVar
from typing import Self

from .._core.error_parsing import request_id, start_of
from .._core.protocols import Response
from ..errors import ConnectionClosedError, ReadTimeoutError, TransportError
from .decompression import Decompressor

MAX_BODY = 16 * 2**20
"""Maximum size of a response in bytes; the services' largest responses are far smaller."""


is_connecting: ContextVar[bool] = ContextVar("is_connecting", default=False)
"""True while the current task's request has no connection yet, as far as its transport tells."""


class Stale:
    """Marker for the error of a reused connection that broke before any byte of the response."""

    is_unsent: bool = False
    """True where the server can't have received the head of the request as a whole."""


class Seconds(float):
    """The timeout of one phase, with the remaining time of its call."""

    time_left: Callable[[], float]

    def __new__(cls, seconds: float, time_left: Callable[[], float]) -> Self:
        limited = super().__new__(cls, seconds)
        limited.time_left = time_left
        return limited


class TimeOuts(Mapping[str, float]):
    """The timeouts, each limited to the call's remaining time when its phase begins."""

    def __init__(self, limits: Mapping[str, float], time_left: Callable[[], float]) -> None:
        self._limits = limits
        self._time_left = time_left

    def __getitem__(self, phase: str) -> Seconds:
        # A timeout of 0 would make the socket non-blocking.
        seconds = min(self._limits[phase], max(self._time_left(), 0.001))
        return Seconds(seconds, self._time_left)

    def __iter__(self) -> Iterator[str]:
        return iter(self._limits)

    def __len__(self) -> int:
        return len(self._limits)


class ResponseReader:
    """A response that is being received."""

    def __init__(self, time_left: Callable[[], float]) -> None:
        self._time_left = time_left
        self._status = 0
        self._headers: Mapping[str, str] = {}
        self._decompressor: Decompressor | None = None
        self._chunks: list[bytes] = []
        self._received = self._size = 0

    def begin(self, status: int, headers: Mapping[str, str]) -> None:
        """Take the status and headers; the names of the headers are in lower case."""
        self._status, self._headers = status, headers
        encoding = headers.get("content-encoding", "").strip().lower()
        if encoding in ("gzip", "deflate"):
            self._decompressor = Decompressor(encoding)

    def take(self, chunk: bytes) -> None:
        """Take a chunk of the body as received.

        Raise TransportError if the body is too large, takes too long or can't be decompressed.
        """
        self._received += len(chunk)
        try:
            for part in self._decompressor.feed(chunk) if self._decompressor else (chunk,):
                self._chunks.append(part)
                self._size += len(part)
                self._check()
        except zlib.error as error:
            failure = ConnectionClosedError(f"the response can't be decompressed: {error}")
            raise self.described(failure) from error

    def _check(self) -> None:
        if max(self._received, self._size) > MAX_BODY:
            raise self.described(_too_long())
        if self._time_left() <= 0:
            raise self.described(ReadTimeoutError("the response took too long"))

    def described(self, error: TransportError) -> TransportError:
        """Return the error with the status, request id and body received so far."""
        error.status = self._status or None
        error.request_id = request_id(self._headers)
        error.body = start_of(b"".join(self._chunks[:4]))
        return error

    def whole(self) -> Response:
        """Return the complete response. Raise TransportError if it is late or incomplete."""
        if self._decompressor and not self._decompressor.is_whole:
            raise self.described(ConnectionClosedError("the compressed response is incomplete"))
        return self.of(b"".join(self._chunks))

    def of(self, body: bytes) -> Response:
        """Return the response with a body that was decompressed elsewhere, as by mock transports.

        Raise TransportError if it is late or too large.
        """
        self._check()
        return Response(self._status, self._headers, body)


def _too_long() -> TransportError:
    error = TransportError(f"the response is longer than {MAX_BODY // 2**20} MiB")
    error.retryable = False
    return error
