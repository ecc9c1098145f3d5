"""Closing of a client: wakes the calls that are waiting, which then raise ClosedClientError."""

from __future__ import annotations

import math
from collections.abc import Iterable
from concurrent.futures import FIRST_COMPLETED, Future, wait
from threading import TIMEOUT_MAX, Lock
from types import TracebackType
from typing import TYPE_CHECKING, Any, TypeVar

from ..errors import ClosedClientError
from .fork_safety import reset_after_fork

if TYPE_CHECKING:
    import asyncio

T = TypeVar("T")


class Closing:
    """The closing of a sync client. Any thread may call ``close``."""

    def __init__(self) -> None:
        self._is_closed = False
        self._end: Future[None] = Future()
        self._lock = Lock()
        reset_after_fork(self)

    def close(self) -> None:
        """Wake all threads that wait on this object."""
        self._is_closed = True
        with self._lock:
            if not self._end.done():
                self._end.set_result(None)

    def check(self) -> None:
        """Raise ClosedClientError if the client is closed."""
        _check(self._is_closed)

    def sleep(self, seconds: float) -> None:
        """Wait for the seconds. Raise ClosedClientError if the client is closed meanwhile."""
        wait((self._end,), finite(seconds))
        self.check()

    def wait(self, futures: Iterable[Future[T]], seconds: float) -> None:
        """Wait until one future is done or the seconds are over.

        Raise ClosedClientError if the client is closed meanwhile.
        """
        either: list[Future[Any]] = [self._end, *futures]
        wait(either, finite(seconds), FIRST_COMPLETED)
        self.check()

    def result(self, future: Future[T], seconds: float) -> T:
        """Wait for a result.

        Raise TimeoutError after the seconds, or ClosedClientError if the client is closed.
        """
        self.wait((future,), seconds)
        return future.result(0)

    def after_fork(self) -> None:
        """Give the child process a new future and lock."""
        # The parent's future may be locked by a thread that does not exist in the child.
        self._end, self._lock = Future(), Lock()
        if self._is_closed:
            self.close()


class AsyncClosing:
    """The closing of an async client. ``close`` is called on the client's event loop."""

    def __init__(self) -> None:
        self._is_closed = False
        self._limits: set[asyncio.Timeout] = set()

    def close(self) -> None:
        """Wake all asyncio tasks that wait on this object."""
        self._is_closed = True
        for limit in self._limits:
            if not limit.expired():  # else its own timeout is just over
                limit.reschedule(-math.inf)

    def forget(self) -> None:
        """Forget the tasks that waited on an event loop that has stopped."""
        self._limits.clear()

    def check(self) -> None:
        """Raise ClosedClientError if the client is closed."""
        _check(self._is_closed)

    def limit(self, seconds: float) -> AsyncLimit:
        """Return a context manager that limits the time of its body.

        It raises TimeoutError after the seconds, or ClosedClientError if the client is closed.
        """
        return AsyncLimit(self, self._limits, seconds)

    async def sleep(self, seconds: float) -> None:
        """Wait for the seconds. Raise ClosedClientError if the client is closed meanwhile."""
        import asyncio  # noqa: PLC0415 - sync programs never need it

        async with self.limit(math.inf):
            await asyncio.sleep(seconds)

    async def result(self, future: Future[T], seconds: float) -> T:
        """Wait for a result.

        Raise TimeoutError after the seconds, or ClosedClientError if the client is closed.
        """
        import asyncio  # noqa: PLC0415 - as above

        async with self.limit(seconds):
            return await asyncio.wrap_future(future)


class AsyncLimit:
    """``asyncio.timeout`` that closing the client ends too."""

    def __init__(self, closing: AsyncClosing, limits: set[asyncio.Timeout], seconds: float) -> None:
        import asyncio  # noqa: PLC0415 - as above

        self._closing = closing
        self._limits = limits
        self._timeout = asyncio.timeout(finite(seconds))

    async def __aenter__(self) -> None:
        self._closing.check()
        self._limits.add(self._timeout)
        await self._timeout.__aenter__()

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc_value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._limits.discard(self._timeout)
        try:
            await self._timeout.__aexit__(exc_type, exc_value, traceback)
        except TimeoutError:
            self._closing.check()
            raise


def _check(is_closed: bool) -> None:
    if is_closed:
        raise ClosedClientError("the client is closed; make a new one")


def finite(seconds: float) -> float | None:
    """Return the seconds; None, the standard library's "no limit", if they exceed its maximum."""
    return None if seconds > TIMEOUT_MAX else seconds
