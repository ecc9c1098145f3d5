"""tenacity: repeats an attempt until it succeeds, fails for good or may not be repeated."""

from __future__ import annotations

import inspect
import math
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from .._core.retries import RetryPolicy, RetryQuota
from ..errors import OmicsTasksError
from .forking import tell_after_fork

if TYPE_CHECKING:
    from tenacity import RetryCallState

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Attempt:
    """One of the requests that a call makes."""

    number: int
    """1 for the first."""
    time_left: Callable[[], float]
    """Seconds that are left of the call's time; infinite where it has no limit."""
    failure: OmicsTasksError | None
    """What the first one failed with; None before the second."""


class _Call:
    """The attempts of one call. The first is made without tenacity, which then sees it repeated:
    most calls need no second one, nor the time that importing tenacity takes.
    """

    def __init__(self, policy: RetryPolicy, quota: RetryQuota, time_limit: float) -> None:
        self._policy = policy
        self._quota = quota
        self._limit = min(time_limit, policy.total_timeout or math.inf)
        self._started = policy.clock()
        self._number = 0
        self._failure: OmicsTasksError | None = None
        self._paid = 0

    def next(self) -> Attempt:
        self._number += 1
        if self._failure is not None and self._number == 1:
            raise self._failure
        return Attempt(self._number, self._time_left, self._failure)

    def succeeded(self, result: T) -> T:
        self._quota.give_back(self._paid or 1)
        return result

    def failed(self, failure: OmicsTasksError) -> dict[str, Any]:
        """What tenacity needs to go on after the first attempt; raises where it must not."""
        failure.attempts = 1
        if not failure.retryable or self._policy.max_attempts == 1:
            raise failure
        self._failure, self._number = failure, 0
        return {
            "retry": self._may_retry,
            "wait": self._wait,
            "stop": self._must_stop,
            "reraise": True,
        }

    def _time_left(self) -> float:
        if self._limit == math.inf:
            return self._limit
        return self._limit - (self._policy.clock() - self._started)

    def _may_retry(self, state: RetryCallState) -> bool:
        failure = _failure(state)
        if failure is None:
            return False
        failure.attempts = self._number
        return failure.retryable

    def _wait(self, state: RetryCallState) -> float:
        failure = _failure(state)
        return self._policy.delay(failure, self._number) if failure else 0.0

    def _must_stop(self, state: RetryCallState) -> bool:
        if self._number >= self._policy.max_attempts:
            return True
        if state.upcoming_sleep >= self._time_left():
            return True
        failure = _failure(state)
        paid = self._quota.take(failure) if failure else None
        self._paid = paid or 0
        return paid is None


def _failure(state: RetryCallState) -> OmicsTasksError | None:
    error = state.outcome.exception() if state.outcome else None
    return error if isinstance(error, OmicsTasksError) else None


class Retrier:
    """The retries of one client: all its calls draw on one quota."""

    def __init__(self, policy: RetryPolicy) -> None:
        self.policy = policy
        self.quota = RetryQuota()
        tell_after_fork(self)

    def after_fork(self) -> None:
        """Gives the child a quota of its own, whose lock nobody holds."""
        self.quota = RetryQuota()

    def run(self, attempt: Callable[[Attempt], T], time_limit: float) -> T:
        """Calls ``attempt`` until it succeeds; its OmicsTasksError says whether to go on.

        All of it may take so many seconds, and no more than the policy says.
        """
        call = _Call(self.policy, self.quota, time_limit)
        try:
            return call.succeeded(attempt(call.next()))
        except OmicsTasksError as failure:
            rules = call.failed(failure)
        from tenacity import Retrying  # noqa: PLC0415 - most programs never need it

        return Retrying(sleep=self.sleep, **rules)(lambda: call.succeeded(attempt(call.next())))

    async def arun(self, attempt: Callable[[Attempt], Awaitable[T]], time_limit: float) -> T:
        """The same, awaited."""
        call = _Call(self.policy, self.quota, time_limit)
        try:
            return call.succeeded(await attempt(call.next()))
        except OmicsTasksError as failure:
            rules = call.failed(failure)
        from tenacity import AsyncRetrying  # noqa: PLC0415 - as above

        async def again() -> T:
            return call.succeeded(await attempt(call.next()))

        return await AsyncRetrying(sleep=self.asleep, **rules)(again)

    def sleep(self, seconds: float) -> None:
        """Waits, as the policy says."""
        (self.policy.sleep or time.sleep)(seconds)

    async def asleep(self, seconds: float) -> None:
        """The same, awaited."""
        import asyncio  # noqa: PLC0415 - sync programs never need it

        sleeping = (self.policy.sleep or asyncio.sleep)(seconds)
        if inspect.isawaitable(sleeping):
            await sleeping
