"""Waiting for tasks: polling, the intervals between polls, and the conditions that end a wait.

This module is independent of the services: each passes a ``Poll``, which fetches the tasks and
runs that have not ended yet.
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
_MAX_FAILURES = 5
_LAST_POLL = 2.0
# Transient for a poll, though a single call does not always retry them.
_TRANSIENT_ERRORS = (ReadTimeoutError, CredentialRetrievalError)


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
            raise ValueError("UNKNOWN is not a state to wait for")
        return until


class GraceInput(Input):
    """The arguments of waits and watches for tasks that may not be found at first."""

    missing_grace: Annotated[float, Field(ge=0, allow_inf_nan=False)] = 30.0
    """Seconds from the beginning during which a task may be missing, 0 or more."""


@dataclass(frozen=True, slots=True)
class Snapshot(Generic[T]):
    """The result of one poll, by names that do not change."""

    items: Mapping[str, T]
    missing: Mapping[str, str | None] = field(default_factory=dict[str, "str | None"])
    """Requested names that the service does not have, with the service's reason, or None."""


Poll = Callable[[Collection[str]], Workflow[Snapshot[T]]]
"""Function that fetches everything except the given names, which have ended."""


class PollSchedule:
    """The intervals between polls: they grow, have jitter, and end at the timeout."""

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
        """Return a function for the seconds left to the poll that begins now.

        The time is for all calls of the poll together.
        """
        # The last poll begins when the timeout is over, and still needs time.
        end = max(self._timeout, self.elapsed + _LAST_POLL)
        return lambda: end - self.elapsed

    def next_sleep(self) -> SleepStep:
        pause = self._interval * (1 + self._policy.random()) / 2
        self._interval = min(self._interval * _GROWTH, _LONGEST_INTERVAL)
        return SleepStep(max(0.0, min(pause, self._timeout - self.elapsed)))

    def restart(self) -> None:
        self._interval = _FIRST_INTERVAL


class Poller(Generic[T]):
    """Poll repeatedly, and keep the latest snapshot of each task or run."""

    def __init__(
        self, operation: Operation[Any, Any], poll: Poll[T], schedule: PollSchedule
    ) -> None:
        self._operation = operation
        self._poll = poll
        self.schedule = schedule
        self.seen: dict[str, T] = {}
        self.missing: Mapping[str, str | None] = {}
        self.failure: OmicsTasksError | None = None
        """The error of the latest poll; None if it succeeded."""
        self._failures = 0

    def poll(self) -> Workflow[bool]:
        """Poll once. Return True if it succeeded, False after a transient error.

        Raise the error if it is not transient, or the sixth transient one in a row.
        """
        ended = {name for name, item in self.seen.items() if item.is_terminal}
        try:
            snapshot = yield from with_time_limit(
                self._poll(ended), self.schedule.time_for_a_poll()
            )
        except OmicsTasksError as error:
            # A poll is short and a run long: one failed poll must not end a wait of hours.
            self._failures += 1
            is_transient = error.retryable or isinstance(error, _TRANSIENT_ERRORS)
            if not is_transient or self._failures > _MAX_FAILURES:
                raise
            self.failure = error
            return False
        self._failures, self.failure = 0, None
        gone = self.seen.keys() - ended - snapshot.items.keys()
        self.seen.update(snapshot.items)
        self.missing = {**dict.fromkeys(gone), **snapshot.missing}
        return True

    def raise_if_missing(self) -> None:
        """Raise WaitFailedError for the first missing task, if any is missing."""
        for name in self.missing:
            is_gone = name in self.seen
            raise self.failed_error(name, "does not exist any more" if is_gone else "was not found")

    def failed_error(self, name: str, problem: str) -> WaitFailedError:
        return WaitFailedError(f"{name} {problem}{self._suffix(name)}", **self._attributes(name))

    def timeout_error(self, name: str | None, goal: str) -> WaitTimeoutError:
        """Return the error for a timeout; ``name`` is None if no task was seen."""
        after = f"after {self.schedule.elapsed:.0f} s"
        if name is None:
            message = f"nothing was seen {after}"
        elif name in self.seen:
            state = self.seen[name].state
            message = f"{name} is {state} {after}, not {goal}{self._suffix(name)}"
        else:
            message = f"{name} was not seen {after}{self._suffix(name)}"
        return WaitTimeoutError(message, **self._attributes(name))

    def _suffix(self, name: str) -> str:
        reason = self._reason(name)
        return f": {reason}" if reason else ""

    def _reason(self, name: str) -> str | None:
        if name in self.missing:
            return self.missing[name]
        return self.seen[name].reason if name in self.seen else None

    def _attributes(self, name: str | None) -> dict[str, Any]:
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
    """Poll until all names have reached a state, or any terminal state if ``until`` is None.

    Raise WaitFailedError as soon as one can't reach the state any more, or is missing after
    ``grace`` seconds; WaitTimeoutError at the timeout.
    """
    poller = Poller(operation, poll, PollSchedule(policy, timeout))
    poller.schedule.begin()
    while True:
        if (yield from poller.poll()):
            for name, item in poller.seen.items():
                if item.is_terminal and until is not None and not until.includes(item.state):
                    raise poller.failed_error(name, f"is {item.state}, not {until}")
            if poller.schedule.elapsed >= grace:
                poller.raise_if_missing()
        unfinished = [name for name in names if not _has_reached(until, poller.seen.get(name))]
        if not unfinished:
            return poller.seen
        if poller.schedule.is_over:
            raise poller.timeout_error(unfinished[0], until or "terminal") from poller.failure
        yield poller.schedule.next_sleep()


def wait_for_one(
    operation: Operation[In, T], arguments: In, name: str, options: WaitInput, policy: RetryPolicy
) -> Workflow[T]:
    """Wait for the one task or run that the operation returns; see ``wait``."""

    def poll(_: Collection[str]) -> Workflow[Snapshot[T]]:
        return Snapshot({name: (yield from call(operation, arguments))})

    until, timeout = options.until, options.timeout
    seen = yield from wait(operation, poll, (name,), until, policy=policy, timeout=timeout)
    return seen[name]


def _has_reached(until: TaskState | None, item: Lifecycle | None) -> bool:
    if item is None:
        return False
    if until is None:
        return item.is_terminal
    # A task that is stopped before its start is past RUNNING, but was never RUNNING.
    never_ran = item.state is TaskState.STOPPING and item.started_time is None
    return until.includes(item.state) and not (never_ran and until is TaskState.RUNNING)
