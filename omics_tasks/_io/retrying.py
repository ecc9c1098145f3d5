"""Retries with tenacity: repeat an attempt until it succeeds or must not be retried."""

from __future__ import annotations

import math
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar, cast

from .._core.retries import RetryPolicy, RetryQuota
from ..errors import OmicsTasksError
from .fork_safety import reset_after_fork

if TYPE_CHECKING:
    from tenacity import RetryCallState

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt of a call."""

    number: int
    """Number of the attempt; 1 for the first."""
    time_left: Callable[[], float]
    """Function that returns the call's remaining seconds; infinite if it has no time limit."""
    failure: OmicsTasksError | None
    """The error of the previous attempt; None for the first."""


class _Call:
    """The attempts of one call, and the conditions that tenacity checks after each failure."""

    def __init__(self, policy: RetryPolicy, quota: RetryQuota, time_limit: float) -> None:
        self._policy = policy
        self._quota = quota
        self._limit = min(time_limit, policy.total_timeout or math.inf)
        self._started = policy.clock()
        self._number = 0
        self._failure: OmicsTasksError | None = None
        self._paid = 0
        self._state: RetryCallState | None = None

    def next(self) -> Attempt:
        self._number += 1
        return Attempt(self._number, self._time_left, self._failure)

    def succeeded(self, result: T) -> T:
        self._quota.give_back(self._paid or 1)
        return result

    def delay_after(self, failure: OmicsTasksError) -> float:
        """Return the seconds to wait before the next attempt. Raise the failure if it is final."""
        from tenacity import RetryCallState, Retrying  # noqa: PLC0415 - most calls never fail

        if self._state is None:
            rules = Retrying(retry=_may_retry, wait=self._wait, stop=self._stop, reraise=True)
            rules.begin()
            self._state = RetryCallState(rules, None, (), {})
        self._state.set_exception((type(failure), failure, failure.__traceback__))
        self._state.retry_object.iter(self._state)
        self._failure = failure
        delay = self._state.upcoming_sleep
        self._state.prepare_for_next_attempt()
        return delay

    def _time_left(self) -> float:
        if self._limit == math.inf:
            return self._limit
        return self._limit - (self._policy.clock() - self._started)

    def _wait(self, state: RetryCallState) -> float:
        return self._policy.delay(_failure(state), self._number)

    def _stop(self, state: RetryCallState) -> bool:
        if _failure(state) is self._failure:  # the call had no time left for another request
            return True
        if self._number >= self._policy.max_attempts:
            return True
        if state.upcoming_sleep >= self._time_left():
            return True
        paid = self._quota.take(_failure(state))
        self._paid = paid or 0
        return paid is None


def _may_retry(state: RetryCallState) -> bool:
    return _failure(state).retryable


def _failure(state: RetryCallState) -> OmicsTasksError:
    return cast(OmicsTasksError, state.outcome and state.outcome.exception())


class Retrier:
    """Retries of one client, whose calls share one retry quota."""

    def __init__(self, policy: RetryPolicy) -> None:
        self.policy = policy
        self.quota = RetryQuota()
        reset_after_fork(self)

    def after_fork(self) -> None:
        """Give the child process its own quota, with an unlocked lock."""
        self.quota = RetryQuota()

    def run(
        self, attempt: Callable[[Attempt], T], sleep: Callable[[float], None], time_limit: float
    ) -> T:
        """Call ``attempt`` until it succeeds. Raise its OmicsTasksError if that is final.

        The time limit in seconds is for all attempts and delays; the policy's limit applies too.
        """
        call = _Call(self.policy, self.quota, time_limit)
        while True:
            try:
                return call.succeeded(attempt(call.next()))
            except OmicsTasksError as failure:
                delay = call.delay_after(failure)
            sleep(delay)

    async def arun(
        self,
        attempt: Callable[[Attempt], Awaitable[T]],
        sleep: Callable[[float], Awaitable[None]],
        time_limit: float,
    ) -> T:
        """Await ``attempt`` until it succeeds; see ``run``."""
        call = _Call(self.policy, self.quota, time_limit)
        while True:
            try:
                return call.succeeded(await attempt(call.next()))
            except OmicsTasksError as failure:
                delay = call.delay_after(failure)
            await sleep(delay)
