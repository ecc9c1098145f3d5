"""What one call does between its waits: the same for the sync and the async driver."""

from __future__ import annotations

import logging
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, Generic
from uuid import uuid4

from ._core.faults import request_id
from ._core.model import Input
from ._core.operation import Operation, Out
from ._core.protocols import Response, decode, encode
from ._core.rates import RateLimiter
from ._core.skew import THRESHOLD, is_about_time, may_be_about_time, skew_of
from ._io.clock import ServiceClock
from ._io.credentials import CredentialSource
from ._io.retrying import Attempt
from .errors import OmicsTasksError, ReadTimeoutError, ServiceError, TransportError

_logger = logging.getLogger("omics_tasks")

_EXPIRED = frozenset({"ExpiredToken", "ExpiredTokenException"})


class Call(Generic[Out]):
    """One call of an operation, from its request to its output, over all its attempts."""

    def __init__(
        self,
        operation: Operation[Any, Out],
        arguments: Input,
        *,
        clock: ServiceClock,
        credentials: CredentialSource,
        limiter: RateLimiter,
        headers: Mapping[str, str],
        max_attempts: int,
    ) -> None:
        self.request = encode(operation, arguments)
        self._operation = operation
        self._clock = clock
        self._credentials = credentials
        self._limiter = limiter
        self._headers = {**headers, "amz-sdk-invocation-id": str(uuid4())}
        self._max_attempts = max_attempts
        self._sent = clock.read()
        self._mended: set[str] = set()

    def pause(self, this: Attempt) -> float:
        """Seconds to wait before an attempt, so that the client keeps to its rate limit.

        Raises a ReadTimeoutError where the call has not that much time.
        """
        time_left = this.time_left()
        pause = self._limiter.take(self._operation.counted_as, time_left)
        if pause > time_left:
            error = ReadTimeoutError(
                f"the client's rate limit holds the request back for {pause:.1f} s, "
                "and the call has less time left"
            )
            error.service, error.operation = self._operation.service.id, self._operation.name
            error.retryable = False
            raise error from this.failure
        return pause

    @contextmanager
    def turn(self) -> Generator[None]:
        """Waits inside for its turn; one that is cancelled leaves its place to others."""
        try:
            yield
        except BaseException:
            self._limiter.give_back(self._operation.counted_as)
            raise

    @contextmanager
    def attempt(self, this: Attempt) -> Generator[Mapping[str, str]]:
        """The headers of one attempt; a failure of the transport inside is named and logged."""
        self._number, self._began = this.number, time.perf_counter()
        self._sent, self._used = self._clock.read(), self._credentials.version
        try:
            yield {
                **self._headers,
                "amz-sdk-request": f"attempt={this.number}; max={self._max_attempts}",
            }
        except OmicsTasksError as error:
            error.service, error.operation = self._operation.service.id, self._operation.name
            if isinstance(error, TransportError) and self._operation.sensitive:
                error.body = ""
            self._log(type(error).__name__)
            raise

    def read(self, response: Response) -> Out:
        """The output; raises the error that the answer is, retryable where it has been mended."""
        skew = skew_of(response.headers, self._sent, self._clock.read())
        try:
            output = decode(self._operation, response)
        except OmicsTasksError as error:
            self._log(f"HTTP {response.status}, {type(error).__name__}", response)
            if error.throttling:
                self._limiter.drain(self._operation.counted_as)
            if isinstance(error, ServiceError) and self._mend(error, skew):
                error.retryable = True
            raise
        self._log(f"HTTP {response.status}", response)
        self._learn(skew)
        return output

    def _mend(self, error: ServiceError, skew: timedelta | None) -> bool:
        """Whether the cause of the error was found and done away with, once a call each."""
        if error.code in _EXPIRED:
            self._credentials.expire(self._used)
            return self._for_the_first_time("credentials")
        if skew is not None and is_about_time(error):
            self._clock.correction = skew
            return self._for_the_first_time("clock")
        was_corrected = self._learn(skew)
        return was_corrected and may_be_about_time(error) and self._for_the_first_time("clock")

    def _for_the_first_time(self, what: str) -> bool:
        is_first = what not in self._mended
        self._mended.add(what)
        return is_first

    def _learn(self, skew: timedelta | None) -> bool:
        """Takes on what an answer says of the time; whether that changed a thing."""
        if skew is None:
            return False
        is_right = abs(skew - self._clock.correction) < THRESHOLD
        if not is_right:
            self._clock.correction = skew if abs(skew) >= THRESHOLD else timedelta()
        return not is_right

    def _log(self, outcome: str, response: Response | None = None) -> None:
        if _logger.isEnabledFor(logging.DEBUG):
            _logger.debug(
                "%s %s attempt %d: %s in %.1f ms, request id %s",
                self._operation.service.id,
                self._operation.name,
                self._number,
                outcome,
                (time.perf_counter() - self._began) * 1000,
                response and request_id(response.headers),
            )
