"""The logic of one call that the sync and the async driver share."""

from __future__ import annotations

import logging
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, Generic
from uuid import uuid4

from ._core.clock_skew import date_of, is_about_time, is_off, may_be_about_time, skew_of
from ._core.error_parsing import request_id
from ._core.model import Input
from ._core.operation import Operation, Out
from ._core.protocols import Response, decode, encode
from ._core.rate_limiter import RateLimiter, Slot
from ._core.repetition import Repetition
from ._io.clock import ServiceClock
from ._io.credentials import CredentialSource
from ._io.retrying import Attempt
from .errors import OmicsTasksError, ReadTimeoutError, ServiceError, TransportError

_logger = logging.getLogger("omics_tasks")

_EXPIRED = frozenset({"ExpiredToken", "ExpiredTokenException"})


class Call(Generic[Out]):
    """One call of an operation: its request, attempts, recovery and output."""

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
        self._requests = 0
        self._repetition = Repetition(operation)
        self._skew: timedelta | None = None
        self._recovered: set[str] = set()
        self._refusal: ServiceError | None = None

    def reserve_slot(self, this: Attempt) -> Slot | None:
        """Reserve a slot in the rate limit's queue. Return None if the request may be sent now.

        Raise an error if the call has too little time left to wait for the slot.
        """
        self.check_time(this)
        slot = self._limiter.reserve(self._operation.counted_as)
        if slot is not None:
            try:
                self.check_time(this, slot.delay)
            except OmicsTasksError:
                slot.release()
                raise
        return slot

    def check_time(self, this: Attempt, delay: float = 0.0) -> None:
        """Raise an error if no time is left for a request after the rate limit's delay."""
        if this.time_left() <= delay:
            raise self.out_of_time(this, delay)

    def out_of_time(self, this: Attempt, delay: float) -> OmicsTasksError:
        """Return the error for a request that can't be sent in the time that is left.

        It is the error of the previous request, if there was one, else a ReadTimeoutError.
        """
        if (refusal := this.failure or self._refusal) is not None:
            return refusal
        error = ReadTimeoutError(
            f"the client's rate limit holds the request back for {delay:.1f} s, "
            "and the call has less time left"
            if delay
            else "the call timed out before its request was sent"
        )
        error.retryable = False
        return error

    @contextmanager
    def attempt(self, this: Attempt) -> Generator[Mapping[str, str]]:
        """Yield the headers of one request, and log an error that is raised in the body."""
        self._number, self._began = this.number, time.perf_counter()
        self._sent, self._used = self._clock.read(), self._credentials.version
        self._correction = self._clock.correction
        try:
            yield {
                **self._headers,
                "amz-sdk-request": f"attempt={this.number}; max={self._max_attempts}",
            }
        except OmicsTasksError as error:
            self._repetition.failed(error)
            if isinstance(error, TransportError):
                self._requests += 1
                if self._operation.sensitive:
                    error.body = ""
            self._log(type(error).__name__)
            raise

    def read(self, response: Response) -> Out:
        """Return the output of a response, or raise its error."""
        self._requests += 1
        self._clock.latest_date = date_of(response.headers)
        self._skew = skew_of(response.headers, self._sent, self._clock.read())
        try:
            output = decode(self._operation, response)
        except OmicsTasksError as error:
            self._repetition.failed(error)
            self._log(f"HTTP {response.status}, {type(error).__name__}", response)
            if error.throttling:
                self._limiter.drain(self._operation.counted_as)
            raise
        self._log(f"HTTP {response.status}", response)
        self._correct_clock(self._skew)
        return output

    def recover(self, error: ServiceError) -> bool:
        """Remove the cause of the error if possible. Return whether to send the request again.

        Expired credentials are fetched again and a skewed clock is corrected, each once per call.
        """
        self._refusal = error
        if error.code in _EXPIRED:
            self._credentials.expire(self._used)
            return self._mark_once("credentials")
        self._correct_clock(self._skew)
        if self._skew is None:
            return False
        if is_about_time(error):
            self._clock.correction = self._skew
            return self._mark_once("clock")
        # Another call may have corrected the clock since this request was signed.
        was_off = is_off(self._skew, self._correction)
        return was_off and may_be_about_time(error) and self._mark_once("clock")

    def annotate(self, error: OmicsTasksError) -> None:
        """Set the facts about the call and its requests on the error that ended it."""
        error.service, error.operation = self._operation.service.id, self._operation.name
        error.attempts = self._requests
        error.may_have_happened = self._repetition.may_have_happened

    def _mark_once(self, cause: str) -> bool:
        is_first = cause not in self._recovered
        self._recovered.add(cause)
        return is_first

    def _correct_clock(self, skew: timedelta | None) -> None:
        """Correct the clock if a response shows that it is skewed."""
        if skew is not None and is_off(skew, self._clock.correction):
            self._clock.correction = skew if is_off(skew, timedelta()) else timedelta()

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
