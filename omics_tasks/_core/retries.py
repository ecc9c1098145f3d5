"""Retry policy, backoff and retry quota of AWS's ``standard`` mode.

https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
"""

from __future__ import annotations

import inspect
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from random import SystemRandom
from threading import Lock

from ..errors import ConfigurationError, OmicsTasksError

_THROTTLING_SCALE = 1.0
_TRANSIENT_SCALE = 0.05
_HINT_LEEWAY = 5.0

_QUOTA = 500
_THROTTLING_COST = 5
_TRANSIENT_COST = 14


_system = SystemRandom()


def jitter() -> float:
    """Return a random number from 0 up to 1.

    It is a module's function, so that a policy pickles without the generator's state.
    """
    return _system.random()


class RetryHint(float):
    """Seconds to wait from AWS's own header: they lengthen the usual delay by 5 s at most."""


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """Number of attempts, backoff and time limit of a client's calls.

    Raise ``ConfigurationError`` for a number out of range.
    """

    max_attempts: int = 3
    """Maximum number of attempts per call, the first included; 1 turns retries off."""
    max_delay: float = 20.0
    """Maximum seconds between two attempts."""
    total_timeout: float | None = None
    """Maximum seconds that one call may take, waits included; None for no limit."""
    sleep: Callable[[float], Awaitable[None] | None] | None = None
    """Function that waits the given seconds; None for ``time.sleep`` or ``asyncio.sleep``."""
    random: Callable[[], float] = jitter
    """Function that returns a number from 0 up to 1 for the jitter of a delay.

    The default reads the system's source of randomness, so that no two processes have the same
    jitter, whether they were seeded, forked or sent the policy.
    """
    clock: Callable[[], float] = time.monotonic
    """Function that returns the seconds of a monotonic clock."""

    def __post_init__(self) -> None:
        if type(self.max_attempts) is not int or self.max_attempts < 1:
            raise ConfigurationError(
                f"max_attempts must be a whole number of at least 1, not {self.max_attempts!r}"
            )
        if not is_number(self.max_delay) or not self.max_delay >= 0:
            raise ConfigurationError(f"max_delay must be 0 or more, not {self.max_delay!r}")
        limit = self.total_timeout
        if limit is not None and not (is_number(limit) and limit > 0):
            raise ConfigurationError(f"total_timeout must be above 0, not {limit!r}")

    def delay(self, failure: OmicsTasksError, attempt: int) -> float:
        """Return the seconds to wait after ``attempt`` (the first is 1) ended in ``failure``."""
        scale = _THROTTLING_SCALE if failure.throttling else _TRANSIENT_SCALE
        # The exponent is bounded only to prevent a float overflow: 2**64 is above any max_delay.
        delay = self.random() * min(scale * 2.0 ** min(attempt - 1, 64), self.max_delay)
        if failure.retry_after is None:
            return delay
        is_hint = isinstance(failure.retry_after, RetryHint)
        most = delay + _HINT_LEEWAY if is_hint else self.max_delay
        return max(delay, min(failure.retry_after, most))


def check_sleeps(sleep: Callable[[float], object] | None) -> None:
    """Raise ConfigurationError for a coroutine function, which a sync client can't await."""
    function = sleep
    while isinstance(function, partial):
        function = function.func
    call = inspect.getattr_static(type(function), "__call__", None)
    if inspect.iscoroutinefunction(function) or inspect.iscoroutinefunction(call):
        raise ConfigurationError(_NOT_FOR_SYNC)


def sleep_now(sleep: Callable[[float], object], seconds: float) -> None:
    """Sleep for the seconds. Raise ConfigurationError if ``sleep`` returns an awaitable."""
    waited = sleep(seconds)
    if inspect.isawaitable(waited):
        if inspect.iscoroutine(waited):
            waited.close()
        raise ConfigurationError(_NOT_FOR_SYNC)


_NOT_FOR_SYNC = (
    "RetryPolicy(sleep=…) must be awaited, and a sync client can't do that: pass a plain function, "
    "such as time.sleep, or leave it out"
)


def is_number(value: object) -> bool:
    """Return whether the value is an int or a float, and not a bool."""
    return isinstance(value, int | float) and not isinstance(value, bool)


class RetryQuota:
    """Retry quota: a token bucket that limits the retries of all calls of one client."""

    def __init__(self) -> None:
        self._left = _QUOTA
        self._lock = Lock()

    @property
    def left(self) -> int:
        """Number of remaining tokens, 0 to 500."""
        return self._left

    def take(self, failure: OmicsTasksError) -> int | None:
        """Take the tokens for a retry. Return their number; None if too few are left."""
        cost = _THROTTLING_COST if failure.throttling else _TRANSIENT_COST
        with self._lock:
            if cost > self._left:
                return None
            self._left -= cost
            return cost

    def give_back(self, amount: int) -> None:
        """Return tokens after a success: the cost of its last retry, or 1."""
        with self._lock:
            self._left = min(self._left + amount, _QUOTA)
