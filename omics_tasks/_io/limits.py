"""What bounds an answer: the time that is left for it, and its length."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from .._core.faults import request_id, start_of
from .._core.protocols import Response
from ..errors import ReadTimeoutError, TransportError

MAX_BODY = 64 * 2**20
"""Bytes of an answer that are read at most; the longest that the services send is far shorter."""


class TimeOuts(Mapping[str, float]):
    """httpx's time-outs, each cut to what is left of the call's time when its phase begins."""

    def __init__(self, limits: Mapping[str, float], time_left: Callable[[], float]) -> None:
        self._limits = limits
        self._time_left = time_left

    def __getitem__(self, phase: str) -> float:
        # A socket's time-out of 0 would mean not to wait at all, and not a time-out.
        return min(self._limits[phase], max(self._time_left(), 0.001))

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
        self._chunks: list[bytes] = []
        self._size = 0

    def begin(self, status: int, headers: Mapping[str, str]) -> None:
        """Takes the answer's head; its headers' names are in lower case."""
        self._status, self._headers = status, headers

    def take(self, chunk: bytes) -> None:
        """Takes a part of the body. Raises TransportError once it is too long or too late."""
        self._chunks.append(chunk)
        self._size += len(chunk)
        if self._size > MAX_BODY:
            error = TransportError(f"the answer is longer than {MAX_BODY // 2**20} MiB")
            error.retryable = False
            raise self.described(error)
        if self._time_left() <= 0:
            raise self.described(ReadTimeoutError("the call's total_timeout is up"))

    def described(self, error: TransportError) -> TransportError:
        """The error with what came before it."""
        error.status = self._status or None
        error.request_id = request_id(self._headers)
        error.body = start_of(b"".join(self._chunks[:4]))
        return error

    def whole(self) -> Response:
        """The answer, at its end."""
        return Response(self._status, self._headers, b"".join(self._chunks))
