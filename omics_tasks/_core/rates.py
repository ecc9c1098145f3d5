"""How many requests a client may send: the services' own rates, kept before they are exceeded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

from ..errors import ConfigurationError


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
        if isinstance(self.per_second, bool) or not 0 < self.per_second < float("inf"):
            raise ConfigurationError(f"per_second must be above 0, not {self.per_second!r}")
        if type(self.burst) is not int or self.burst < 1:
            raise ConfigurationError(
                f"burst must be a whole number of at least 1, not {self.burst!r}"
            )


class _Bucket:
    """Tokens that requests take and time brings back; below 0 they are owed, and waited for."""

    def __init__(self, limit: RateLimit, now: float) -> None:
        self._limit = limit
        self._tokens = float(limit.burst)
        self._time = now

    def take(self, now: float) -> float:
        earned = (now - self._time) * self._limit.per_second
        self._tokens = min(self._tokens + earned, self._limit.burst) - 1
        self._time = now
        return max(0.0, -self._tokens / self._limit.per_second)

    def drain(self) -> None:
        self._tokens = min(self._tokens, 0.0)


class RateLimiter:
    """The buckets of one client, made as they are needed; threads share it."""

    def __init__(self, limit: RateLimit | None, clock: Callable[[], float]) -> None:
        self._limit = limit
        self._clock = clock
        self._buckets: dict[str, _Bucket] = {}
        self._lock = Lock()

    def take(self, name: str) -> float:
        """Takes the place of one request; seconds to wait until it may go out."""
        if self._limit is None:
            return 0.0
        with self._lock:
            now = self._clock()
            if name not in self._buckets:
                self._buckets[name] = _Bucket(self._limit, now)
            return self._buckets[name].take(now)

    def drain(self, name: str) -> None:
        """Leaves nothing for a burst: the service throttles, as others may be calling it too."""
        with self._lock:
            if name in self._buckets:
                self._buckets[name].drain()

    def after_fork(self) -> None:
        """Gives the child a lock that nobody holds."""
        self._lock = Lock()
