"""One state for the tasks and runs of every service."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Generic, Literal, Protocol, TypeVar

__all__ = ["Change", "TaskLike", "TaskState", "TaskStateName"]


class TaskState(StrEnum):
    """Where a task or a run is in its life, whichever service it belongs to."""

    PENDING = "PENDING"
    """It waits for its turn, for other tasks or for a machine."""
    STARTING = "STARTING"
    """It has its place, and is being prepared."""
    RUNNING = "RUNNING"
    """It is at work."""
    STOPPING = "STOPPING"
    """Its work is over or interrupted, and is being wound up."""
    SUCCEEDED = "SUCCEEDED"
    """It ended, and did what it should."""
    FAILED = "FAILED"
    """It ended, and did not."""
    CANCELLED = "CANCELLED"
    """Someone or something outside ended it, or it was deleted."""
    UNKNOWN = "UNKNOWN"
    """The service sent no status, or one that this version of the library doesn't know."""

    @property
    def is_terminal(self) -> bool:
        """Whether this is an end: SUCCEEDED, FAILED or CANCELLED."""
        return self in _TERMINAL

    def includes(self, state: TaskState) -> bool:
        """Whether what is in ``state`` has come to this one: it is in it, or went on from it.

        RUNNING includes STOPPING and SUCCEEDED; what FAILED or was CANCELLED has come to that
        alone.
        """
        if self in _PROGRESSION and state in _PROGRESSION:
            return _PROGRESSION.index(state) >= _PROGRESSION.index(self)
        return state is self


TaskStateName = Literal[
    "PENDING", "STARTING", "RUNNING", "STOPPING", "SUCCEEDED", "FAILED", "CANCELLED"
]
"""The states that can be waited for, by name."""

_TERMINAL = frozenset({TaskState.SUCCEEDED, TaskState.FAILED, TaskState.CANCELLED})
_PROGRESSION = (
    TaskState.PENDING,
    TaskState.STARTING,
    TaskState.RUNNING,
    TaskState.STOPPING,
    TaskState.SUCCEEDED,
)


class TaskLike(Protocol):
    """A task or a run of any service."""

    @property
    def state(self) -> TaskState:
        """Where it is in its life."""
        ...

    @property
    def is_terminal(self) -> bool:
        """Whether that is an end."""
        ...

    @property
    def reason(self) -> str | None:
        """Why it is in its state, as far as the service says."""
        ...

    @property
    def created_time(self) -> datetime | None:
        """When it was created."""
        ...

    @property
    def started_time(self) -> datetime | None:
        """When it started; None before."""
        ...

    @property
    def ended_time(self) -> datetime | None:
        """When it ended; None before."""
        ...

    @property
    def duration(self) -> timedelta | None:
        """From its start to its end; None until both are known."""
        ...


T = TypeVar("T", bound=TaskLike)
T_co = TypeVar("T_co", bound=TaskLike, covariant=True)


@dataclass(frozen=True, slots=True)
class Change(Generic[T_co]):
    """What a watch saw: a task or a run that came to another state."""

    item: T_co
    """The task or run, as it is now."""
    previous: TaskState | None
    """The state that it was seen in before; None where it is seen for the first time."""
    current: TaskState
    """The state that it is in now."""
    time: datetime
    """When that happened, where the service says it; else when it was seen, by the service's
    clock."""
