"""How many requests a client may send: the services' own rates, kept before they are exceeded."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
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


class Slot:
    """The place of one request in the queue of a bucket. Leave it when the wait is over."""

    def __init__(self, bucket: _Bucket, delay: float) -> None:
        self._bucket = bucket
        self.delay = delay
        """Seconds that the request waits, if all that is before it is sent."""
        self.ready: Future[None] = Future()
        """Done once the request is the first in the queue."""
        self.ready.set_running_or_notify_cancel()

    def acquire_delay(self) -> float:
        """Return the seconds until there is a token for the first in the queue."""
        return self._bucket.acquire_delay()

    def acquire(self) -> None:
        """Take a token: the request is sent now."""
        self._bucket.acquire()

    def release(self) -> None:
        """Give up the place: those behind it move up."""
        self._bucket.release(self)


class _Bucket:
    """Tokens that requests take and time brings back, and the requests that wait for them."""

    def __init__(self, limit: RateLimit, clock: Callable[[], float]) -> None:
        self._limit = limit
        self._clock = clock
        self._tokens = float(limit.burst)
        self._time = clock()
        self._queue: deque[Slot] = deque()
        self._lock = Lock()

    def reserve(self) -> Slot | None:
        with self._lock:
            delay = self._delay(len(self._queue) + 1)
            if not self._queue and not delay:
                self._tokens -= 1
                return None
            slot = Slot(self, delay)
            self._queue.append(slot)
            self._notify_first()
            return slot

    def acquire_delay(self) -> float:
        with self._lock:
            return self._delay(1)

    def acquire(self) -> None:
        with self._lock:
            # Whoever has slept may send, whatever the clock says: a test may hold it still. What
            # is missing then is owed, and the next one waits for it.
            self._tokens -= 1

    def release(self, slot: Slot) -> None:
        with self._lock:
            if slot in self._queue:  # a forked child has a queue of its own
                self._queue.remove(slot)
            self._notify_first()

    def drain(self) -> None:
        with self._lock:
            self._tokens = min(self._tokens, 0.0)

    def after_fork(self) -> None:
        self._lock = Lock()
        self.forget()

    def forget(self) -> None:
        self._queue.clear()

    def _delay(self, requests: int) -> float:
        """Return the seconds until there are tokens for so many requests."""
        now = self._clock()
        earned = max(0.0, now - self._time) * self._limit.per_second
        self._tokens = min(self._tokens + earned, self._limit.burst)
        self._time = now
        return max(0.0, (requests - self._tokens) / self._limit.per_second)

    def _notify_first(self) -> None:
        if self._queue and not self._queue[0].ready.done():
            self._queue[0].ready.set_result(None)


class RateLimiter:
    """The buckets of one client, created as they are needed. Threads share it.

    Requests go out first come, first served. Only the first in a queue sleeps until there is a
    token; all others wait to become the first, so that a place that is given up delays nobody.
    """

    def __init__(self, limit: RateLimit | None, clock: Callable[[], float]) -> None:
        self._limit = limit
        self._clock = clock
        self._buckets: dict[str, _Bucket] = {}
        self._lock = Lock()

    def reserve(self, name: str) -> Slot | None:
        """Take a token of a bucket. Return a place in its queue if there is none to take."""
        if self._limit is None:
            return None
        bucket = self._buckets.get(name)
        if bucket is None:
            with self._lock:
                bucket = self._buckets.setdefault(name, _Bucket(self._limit, self._clock))
        return bucket.reserve()

    def drain(self, name: str) -> None:
        """Leave nothing for a burst: the service throttles, as others may be calling it too."""
        if name in self._buckets:
            self._buckets[name].drain()

    def forget(self) -> None:
        """Forget the requests that waited on an event loop that runs no more."""
        for bucket in self._buckets.values():
            bucket.forget()

    def after_fork(self) -> None:
        """Give the child locks that nobody holds, and empty queues."""
        self._lock = Lock()
        for bucket in self._buckets.values():
            bucket.after_fork()
