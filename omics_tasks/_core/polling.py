"""Waiting for tasks: what to call, how long to pause, and when it is over.

Nothing here knows of a service. What is waited for is seen through a ``Poll``, which asks for all
that has not ended yet.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any, Generic, TypeVar

from pydantic import Field, field_validator

from ..errors import (
    CredentialRetrievalError,
    OmicsTasksError,
    ReadTimeoutError,
    WaitFailedError,
    WaitTimeoutError,
)
from ..states import TaskState
from .lifecycle import Lifecycle
from .model import Input
from .operation import In, Operation
from .retries import RetryPolicy
from .workflow import SleepStep, Workflow, call, with_time_limit

T = TypeVar("T", bound=Lifecycle)

_FIRST_INTERVAL = 2.0
_LONGEST_INTERVAL = 30.0
_GROWTH = 1.5
_MOST_FAILURES = 5
_LAST_POLL = 2.0


class WatchInput(Input):
    """The arguments of every watch and every wait."""

    timeout: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None = None
    """Seconds after which a ``WaitTimeoutError`` is raised, 0 or more; without limit by default."""


class WaitInput(WatchInput):
    """The arguments of every wait."""

    until: Annotated[TaskState, Field(strict=False)] | None = TaskState.SUCCEEDED
    """State to wait for. ``RUNNING`` is reached by what runs, and by what has run and not failed.
    None waits for any terminal state."""

    @field_validator("until")
    @classmethod
    def _is_a_state(cls, until: TaskState | None) -> TaskState | None:
        if until is TaskState.UNKNOWN:
            raise ValueError("nothing comes to a state that is unknown")
        return until


class GraceInput(Input):
    """The arguments of waits and watches for tasks that may not be found at first."""

    missing_grace: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 30.0
    """Seconds from the beginning during which a task may be missing, 0 or more."""


@dataclass(frozen=True, slots=True)
class Snapshot(Generic[T]):
    """What a look saw, by names that stay."""

    items: Mapping[str, T]
    missing: Mapping[str, str | None] = field(default_factory=dict[str, "str | None"])
    """What was asked for and isn't there, and why, where the service says."""


Poll = Callable[[Collection[str]], Workflow[Snapshot[T]]]
"""Asks for everything but what has these names, as that has ended."""


class PollSchedule:
    """The pauses between looks: growing, jittered, up to an end."""

    def __init__(self, policy: RetryPolicy, timeout: float | None) -> None:
        self._policy = policy
        self._began = 0.0
        self._timeout = math.inf if timeout is None else timeout
        self._interval = _FIRST_INTERVAL

    def begin(self) -> None:
        self._began = self._policy.clock()

    @property
    def elapsed(self) -> float:
        return self._policy.clock() - self._began

    @property
    def is_over(self) -> bool:
        return self.elapsed >= self._timeout

    def time_for_a_poll(self) -> Callable[[], float]:
        """What is left of the time for the look that begins now, however many calls it makes."""
        # The last look begins when the time is over, and must have some too.
        end = max(self._timeout, self.elapsed + _LAST_POLL)
        return lambda: end - self.elapsed

    def next_sleep(self) -> SleepStep:
        pause = self._interval * (1 + self._policy.random()) / 2
        self._interval = min(self._interval * _GROWTH, _LONGEST_INTERVAL)
        return SleepStep(max(0.0, min(pause, self._timeout - self.elapsed)))

    def restart(self) -> None:
        self._interval = _FIRST_INTERVAL


class Poller(Generic[T]):
    """Looks again and again, and keeps what it saw last of each thing."""

    def __init__(
        self, operation: Operation[Any, Any], poll: Poll[T], schedule: PollSchedule
    ) -> None:
        self._operation = operation
        self._poll = poll
        self.schedule = schedule
        self.seen: dict[str, T] = {}
        self.missing: Mapping[str, str | None] = {}
        self.failure: OmicsTasksError | None = None
        """What the latest look failed with, if it did."""
        self._failures = 0

    def poll(self) -> Workflow[bool]:
        """Whether it saw how things are; False where that failed in a way that may pass."""
        ended = {name for name, item in self.seen.items() if item.is_terminal}
        try:
            snapshot = yield from with_time_limit(
                self._poll(ended), self.schedule.time_for_a_poll()
            )
        except OmicsTasksError as error:
            # A look is short and a run long: one that fails must not end a wait of hours.
            self._failures += 1
            passing = (ReadTimeoutError, CredentialRetrievalError)
            may_pass = error.retryable or isinstance(error, passing)
            if not may_pass or self._failures > _MOST_FAILURES:
                raise
            self.failure = error
            return False
        self._failures, self.failure = 0, None
        gone = self.seen.keys() - ended - snapshot.items.keys()
        self.seen.update(snapshot.items)
        self.missing = {**dict.fromkeys(gone), **snapshot.missing}
        return True

    def raise_missing(self) -> None:
        """Raises a WaitFailedError for the first that is missing, if any is."""
        for name in self.missing:
            raise self.failed(name, "isn't there any more" if name in self.seen else "isn't there")

    def failed(self, name: str, what: str) -> WaitFailedError:
        return WaitFailedError(f"{name} {what}{self._why(name)}", **self._facts(name))

    def late(self, name: str | None, until: str) -> WaitTimeoutError:
        """What to raise when the time is over; the name is None if there is none to tell."""
        after = f"after {self.schedule.elapsed:.0f} s"
        if name is None:
            message = f"nothing was seen {after}"
        elif name in self.seen:
            message = f"{name} is {self.seen[name].state} {after}, not {until}{self._why(name)}"
        else:
            message = f"{name} was not seen {after}{self._why(name)}"
        return WaitTimeoutError(message, **self._facts(name))

    def _why(self, name: str) -> str:
        reason = self._reason(name)
        return f": {reason}" if reason else ""

    def _reason(self, name: str) -> str | None:
        if name in self.missing:
            return self.missing[name]
        return self.seen[name].reason if name in self.seen else None

    def _facts(self, name: str | None) -> dict[str, Any]:
        return {
            "service": self._operation.service.id,
            "operation": self._operation.name,
            "snapshots": tuple(self.seen.values()),
            "snapshot": self.seen.get(name) if name else None,
            "reason": self._reason(name) if name else None,
        }


def wait(
    operation: Operation[Any, Any],
    poll: Poll[T],
    names: Sequence[str],
    until: TaskState | None,
    *,
    policy: RetryPolicy,
    timeout: float | None = None,
    grace: float = 0.0,
) -> Workflow[dict[str, T]]:
    """Looks until all of these names have come to a state, or to any end.

    Raises WaitFailedError as soon as one can't come to it any more, or is missing for longer than
    the grace; WaitTimeoutError when the time is over.
    """
    poller = Poller(operation, poll, PollSchedule(policy, timeout))
    poller.schedule.begin()
    while True:
        if (yield from poller.poll()):
            for name, item in poller.seen.items():
                if item.is_terminal and until is not None and not until.includes(item.state):
                    raise poller.failed(name, f"is {item.state}, not {until}")
            if poller.schedule.elapsed >= grace:
                poller.raise_missing()
        late = [name for name in names if not _is_there(poller.seen.get(name), until)]
        if not late:
            return poller.seen
        if poller.schedule.is_over:
            raise poller.late(late[0], until or "at an end") from poller.failure
        yield poller.schedule.next_sleep()


def wait_for_one(
    operation: Operation[In, T], asked: In, name: str, given: WaitInput, policy: RetryPolicy
) -> Workflow[T]:
    """``wait`` for the one thing that the operation gets."""

    def poll(_: Collection[str]) -> Workflow[Snapshot[T]]:
        return Snapshot({name: (yield from call(operation, asked))})

    until, timeout = given.until, given.timeout
    seen = yield from wait(operation, poll, (name,), until, policy=policy, timeout=timeout)
    return seen[name]


def _is_there(item: Lifecycle | None, until: TaskState | None) -> bool:
    if item is None:
        return False
    if until is None:
        return item.is_terminal
    # What is stopped before it has started is past RUNNING, and never was there.
    never_ran = item.state is TaskState.STOPPING and item.started_time is None
    return until.includes(item.state) and not (never_ran and until is TaskState.RUNNING)
