"""When to try again and how long to wait first: AWS's ``standard`` mode.

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
    """Return a number from 0 up to 1. As a function of a module, it is pickled without a state."""
    return _system.random()


class RetryHint(float):
    """Seconds to wait that came in AWS's own header: they bend the usual delay, and no more."""


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How often, how patiently and how long a client tries.

    Raises ``ConfigurationError`` where a number can't be meant.
    """

    max_attempts: int = 3
    """Requests that one call may make in all, the first one included; 1 turns retries off."""
    max_delay: float = 20.0
    """Most seconds between two attempts."""
    total_timeout: float | None = None
    """Most seconds that one call may take, waits included; None for no such limit."""
    sleep: Callable[[float], Awaitable[None] | None] | None = None
    """Waits that many seconds; None for ``time.sleep``, in async clients ``asyncio.sleep``."""
    random: Callable[[], float] = jitter
    """A number from 0 up to 1 for the delay's jitter; by default from the system, so that no two
    processes have the same, however they were seeded, forked or sent the policy.
    """
    clock: Callable[[], float] = time.monotonic
    """Seconds on a clock that never goes back."""

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
        """Seconds to wait after ``attempt`` (the first is 1) ended in ``failure``."""
        scale = _THROTTLING_SCALE if failure.throttling else _TRANSIENT_SCALE
        # The exponent is bounded for the float's sake alone: 2**64 is past any delay.
        delay = self.random() * min(scale * 2.0 ** min(attempt - 1, 64), self.max_delay)
        if failure.retry_after is None:
            return delay
        is_hint = isinstance(failure.retry_after, RetryHint)
        most = delay + _HINT_LEEWAY if is_hint else self.max_delay
        return max(delay, min(failure.retry_after, most))


def check_sleeps(sleep: Callable[[float], object] | None) -> None:
    """Raise ConfigurationError for a ``sleep`` that has to be awaited: a sync client can't."""
    function = sleep
    while isinstance(function, partial):
        function = function.func
    call = inspect.getattr_static(type(function), "__call__", None)
    if inspect.iscoroutinefunction(function) or inspect.iscoroutinefunction(call):
        raise ConfigurationError(_NOT_FOR_SYNC)


def sleep_now(sleep: Callable[[float], object], seconds: float) -> None:
    """Wait so long. Raise ConfigurationError where the wait turns out to be one to await."""
    waited = sleep(seconds)
    if inspect.isawaitable(waited):
        if inspect.iscoroutine(waited):
            waited.close()
        raise ConfigurationError(_NOT_FOR_SYNC)


_NOT_FOR_SYNC = (
    "RetryPolicy(sleep=…) has to be awaited, and a sync client can't: give it a plain function, "
    "such as time.sleep, or leave it out"
)


def is_number(value: object) -> bool:
    """Whether it is one, and no bool."""
    return isinstance(value, int | float) and not isinstance(value, bool)


class RetryQuota:
    """What keeps the calls of one client, all together, from retrying without end."""

    def __init__(self) -> None:
        self._left = _QUOTA
        self._lock = Lock()

    @property
    def left(self) -> int:
        """Tokens that are left, of 500."""
        return self._left

    def take(self, failure: OmicsTasksError) -> int | None:
        """Pays for a retry; what it cost, or None where too little is left."""
        cost = _THROTTLING_COST if failure.throttling else _TRANSIENT_COST
        with self._lock:
            if cost > self._left:
                return None
            self._left -= cost
            return cost

    def give_back(self, amount: int) -> None:
        """Puts back what a success earns: what its last retry had cost, or 1."""
        with self._lock:
            self._left = min(self._left + amount, _QUOTA)
