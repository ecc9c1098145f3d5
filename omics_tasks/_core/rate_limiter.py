"""Client-side rate limit: token buckets at the services' own rates, to prevent throttling."""

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
    """Maximum rate of the requests that AWS counts together.

    Raise ``ConfigurationError`` for a number out of range.
    """

    per_second: float
    """Sustained requests per second, above 0 and up to 1,000,000."""
    burst: int
    """Maximum number of requests at once after a pause, 1 to 1,000,000."""

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
    """The place of one request in the queue of a bucket. Release it when the wait is over."""

    def __init__(self, bucket: _Bucket, delay: float) -> None:
        self._bucket = bucket
        self.delay = delay
        """Seconds that the request waits, if all requests ahead of it are sent."""
        self.ready: Future[None] = Future()
        """Future that is done once the request is first in the queue."""
        self.ready.set_running_or_notify_cancel()

    def acquire_delay(self) -> float:
        """Return the seconds until the first request in the queue can take a token."""
        return self._bucket.acquire_delay()

    def acquire(self) -> None:
        """Take a token for the request, which is sent now."""
        self._bucket.acquire()

    def release(self) -> None:
        """Give up the place; the requests behind it move up."""
        self._bucket.release(self)


class _Bucket:
    """A token bucket, and the queue of requests that wait for its tokens."""

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
            # A request that has slept may be sent, whatever the clock shows: a test may stop it.
            # The balance may become negative; the next request waits for that.
            self._tokens -= 1

    def release(self, slot: Slot) -> None:
        with self._lock:
            if slot in self._queue:  # a forked child has an empty queue
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
        """Return the seconds until there are tokens for that many requests."""
        now = self._clock()
        earned = max(0.0, now - self._time) * self._limit.per_second
        self._tokens = min(self._tokens + earned, self._limit.burst)
        self._time = now
        return max(0.0, (requests - self._tokens) / self._limit.per_second)

    def _notify_first(self) -> None:
        if self._queue and not self._queue[0].ready.done():
            self._queue[0].ready.set_result(None)


class RateLimiter:
    """The token buckets of one client, created on demand. It is thread-safe.

    Requests are sent first come, first served. Only the first in a queue sleeps until there is a
    token; the others wait to become the first, so that a released place delays no other request.
    """

    def __init__(self, limit: RateLimit | None, clock: Callable[[], float]) -> None:
        self._limit = limit
        self._clock = clock
        self._buckets: dict[str, _Bucket] = {}
        self._lock = Lock()

    def reserve(self, name: str) -> Slot | None:
        """Take a token from a bucket and return None, or return a place in its queue."""
        if self._limit is None:
            return None
        bucket = self._buckets.get(name)
        if bucket is None:
            with self._lock:
                bucket = self._buckets.setdefault(name, _Bucket(self._limit, self._clock))
        return bucket.reserve()

    def drain(self, name: str) -> None:
        """Empty a bucket, as the service throttles: other clients may be calling it too."""
        if name in self._buckets:
            self._buckets[name].drain()

    def forget(self) -> None:
        """Forget the requests that waited on an event loop that has stopped."""
        for bucket in self._buckets.values():
            bucket.forget()

    def after_fork(self) -> None:
        """Give the child process unlocked locks and empty queues."""
        self._lock = Lock()
        for bucket in self._buckets.values():
            bucket.after_fork()
