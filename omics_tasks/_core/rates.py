"""How many requests a client may send: the services' own rates, kept before they are exceeded."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

from ..errors import ConfigurationError
from .retries import is_number

_MOST = 10**6


@dataclass(frozen=True, slots=True)
class RateLimit:
    """How often a client may call what AWS counts together.

    Raises ``ConfigurationError`` where a number can't be meant.
    """

    per_second: float
    """Requests a second in the long run, above 0."""
    burst: int
    """Requests that may go out at once after a pause, 1 or more."""

    def __post_init__(self) -> None:
        if not is_number(self.per_second) or not 1 / _MOST <= self.per_second <= _MOST:
            raise ConfigurationError(
                f"per_second must be a number above 0 and up to {_MOST:,}, not {self.per_second!r}"
            )
        if type(self.burst) is not int or not 1 <= self.burst <= _MOST:
            raise ConfigurationError(
                f"burst must be a whole number from 1 to {_MOST:,}, not {self.burst!r}"
            )


class _Bucket:
    """Tokens that requests take and time brings back; below 0 they are owed, and waited for."""

    def __init__(self, limit: RateLimit, now: float) -> None:
        self._limit = limit
        self._tokens = float(limit.burst)
        self._time = now

    def take(self, now: float, most: float) -> float:
        earned = max(0.0, now - self._time) * self._limit.per_second
        self._tokens = min(self._tokens + earned, self._limit.burst)
        self._time = now
        wait = max(0.0, (1 - self._tokens) / self._limit.per_second)
        if wait <= most:
            self._tokens -= 1
        return wait

    def give_back(self) -> None:
        self._tokens += 1

    def drain(self) -> None:
        self._tokens = min(self._tokens, 0.0)


class RateLimiter:
    """The buckets of one client, made as they are needed; threads share it."""

    def __init__(self, limit: RateLimit | None, clock: Callable[[], float]) -> None:
        self._limit = limit
        self._clock = clock
        self._buckets: dict[str, _Bucket] = {}
        self._lock = Lock()

    def take(self, name: str, most: float = math.inf) -> float:
        """Seconds to wait until a request may go out, whose place is taken if they are no more."""
        if self._limit is None:
            return 0.0
        with self._lock:
            now = self._clock()
            if name not in self._buckets:
                self._buckets[name] = _Bucket(self._limit, now)
            return self._buckets[name].take(now, most)

    def give_back(self, name: str) -> None:
        """Gives up the place of a request that isn't sent after all."""
        with self._lock:
            if name in self._buckets:
                self._buckets[name].give_back()

    def drain(self, name: str) -> None:
        """Leaves nothing for a burst: the service throttles, as others may be calling it too."""
        with self._lock:
            if name in self._buckets:
                self._buckets[name].drain()

    def after_fork(self) -> None:
        """Gives the child a lock that nobody holds."""
        self._lock = Lock()
