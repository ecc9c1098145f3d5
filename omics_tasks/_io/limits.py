"""What bounds an answer: the time that is left for it, and its length."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Mapping
from typing import Self

from .._core.error_parsing import request_id, start_of
from .._core.protocols import Response
from ..errors import ConnectionClosedError, ReadTimeoutError, TransportError
from .decompression import Unpacking

MAX_BODY = 16 * 2**20
"""Bytes of an answer that are read at most; the longest that the services send is far shorter."""


class Stale:
    """Marks the error of a kept connection that broke before a byte of the answer came."""


class Seconds(float):
    """The time-out of one phase, and what is left of the time of its call."""

    time_left: Callable[[], float]

    def __new__(cls, seconds: float, time_left: Callable[[], float]) -> Self:
        limited = super().__new__(cls, seconds)
        limited.time_left = time_left
        return limited


class TimeOuts(Mapping[str, float]):
    """httpx's time-outs, each cut to what is left of the call's time when its phase begins."""

    def __init__(self, limits: Mapping[str, float], time_left: Callable[[], float]) -> None:
        self._limits = limits
        self._time_left = time_left

    def __getitem__(self, phase: str) -> Seconds:
        # A socket's time-out of 0 would mean not to wait at all, and not a time-out.
        seconds = min(self._limits[phase], max(self._time_left(), 0.001))
        return Seconds(seconds, self._time_left)

    def __iter__(self) -> Iterator[str]:
        return iter(self._limits)

    def __len__(self) -> int:
        return len(self._limits)


class Answer:
    """What has come of an answer so far."""

    def __init__(self, time_left: Callable[[], float]) -> None:
        self._time_left = time_left
        self._status = 0
        self._headers: Mapping[str, str] = {}
        self._unpacking: Unpacking | None = None
        self._chunks: list[bytes] = []
        self._received = self._size = 0

    def begin(self, status: int, headers: Mapping[str, str]) -> None:
        """Takes the answer's head; its headers' names are in lower case."""
        self._status, self._headers = status, headers
        encoding = headers.get("content-encoding", "").strip().lower()
        if encoding in ("gzip", "deflate"):
            self._unpacking = Unpacking(encoding)

    def take(self, chunk: bytes) -> None:
        """Takes a part of the body as it came.

        Raises TransportError once it is too much, takes too long or can't be unpacked.
        """
        self._received += len(chunk)
        try:
            for part in self._unpacking.feed(chunk) if self._unpacking else (chunk,):
                self._chunks.append(part)
                self._size += len(part)
                self._check()
        except zlib.error as error:
            failure = ConnectionClosedError(f"the answer can't be unpacked: {error}")
            raise self.described(failure) from error

    def _check(self) -> None:
        if max(self._received, self._size) > MAX_BODY:
            raise self.described(_too_long())
        if self._time_left() <= 0:
            raise self.described(ReadTimeoutError("the answer took too long"))

    def described(self, error: TransportError) -> TransportError:
        """The error with what came before it."""
        error.status = self._status or None
        error.request_id = request_id(self._headers)
        error.body = start_of(b"".join(self._chunks[:4]))
        return error

    def whole(self) -> Response:
        """The answer, at its end. Raises TransportError where its time is over or it breaks off."""
        if self._unpacking and not self._unpacking.is_whole:
            raise self.described(ConnectionClosedError("the packed answer breaks off"))
        return self.of(b"".join(self._chunks))

    def of(self, body: bytes) -> Response:
        """The answer with a body that was read and unpacked elsewhere, as a mock transport does."""
        self._check()
        return Response(self._status, self._headers, body)


def _too_long() -> TransportError:
    error = TransportError(f"the answer is longer than {MAX_BODY // 2**20} MiB")
    error.retryable = False
    return error
