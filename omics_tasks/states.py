"""The common state of the tasks and runs of all services."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Generic, Literal, Protocol, TypeVar

__all__ = ["Change", "TaskLike", "TaskState", "TaskStateName"]


class TaskState(StrEnum):
    """State of a task or a run of any service."""

    PENDING = "PENDING"
    """It is queued, or waits for other tasks or for a machine."""
    STARTING = "STARTING"
    """It has been scheduled, and is being prepared."""
    RUNNING = "RUNNING"
    """It is running."""
    STOPPING = "STOPPING"
    """Its work is finished or interrupted, and it is shutting down."""
    SUCCEEDED = "SUCCEEDED"
    """It ended successfully."""
    FAILED = "FAILED"
    """It ended unsuccessfully."""
    CANCELLED = "CANCELLED"
    """It was ended from outside, by a user or a service, or was deleted."""
    UNKNOWN = "UNKNOWN"
    """The service sent no status, or one that this version of the library does not know."""

    @property
    def is_terminal(self) -> bool:
        """True for SUCCEEDED, FAILED and CANCELLED."""
        return self in _TERMINAL

    def includes(self, state: TaskState) -> bool:
        """Return whether a task in ``state`` has reached this state: is in it, or has passed it.

        RUNNING includes STOPPING and SUCCEEDED. FAILED and CANCELLED are included in themselves
        only.
        """
        if self in _PROGRESSION and state in _PROGRESSION:
            return _PROGRESSION.index(state) >= _PROGRESSION.index(self)
        return state is self


TaskStateName = Literal[
    "PENDING", "STARTING", "RUNNING", "STOPPING", "SUCCEEDED", "FAILED", "CANCELLED"
]
"""Names of the states that a wait can wait for."""

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
        """The state, in the vocabulary that all services share."""
        ...

    @property
    def is_terminal(self) -> bool:
        """True if it has ended."""
        ...

    @property
    def reason(self) -> str | None:
        """The reason for the state; None if the service gives none."""
        ...

    @property
    def created_time(self) -> datetime | None:
        """Time of creation; None if unknown."""
        ...

    @property
    def started_time(self) -> datetime | None:
        """Time of the start; None before."""
        ...

    @property
    def ended_time(self) -> datetime | None:
        """Time of the end; None before."""
        ...

    @property
    def duration(self) -> timedelta | None:
        """Time between the start and the end; None until both are known."""
        ...


T = TypeVar("T", bound=TaskLike)
T_co = TypeVar("T_co", bound=TaskLike, covariant=True)


@dataclass(frozen=True, slots=True)
class Change(Generic[T_co]):
    """A change of state, reported by a watch."""

    item: T_co
    """The task or run, with its current state."""
    previous: TaskState | None
    """The state in the previous poll; None if it is seen for the first time."""
    current: TaskState
    """The current state."""
    time: datetime
    """Time of the change by the service; if it gives none, the time of the poll by its clock."""
