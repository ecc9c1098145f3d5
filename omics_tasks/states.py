"""One state for the tasks and runs of every service, and how each service's statuses map to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Generic, Literal, Protocol, TypeVar

__all__ = [
    "DEADLINE_TASK",
    "ECS_STOP_CODES",
    "ECS_TASK",
    "RUN",
    "RUN_TASK",
    "Change",
    "TaskLike",
    "TaskState",
    "TaskStateName",
    "Vocabulary",
]


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
        if self in _WAY and state in _WAY:
            return _WAY.index(state) >= _WAY.index(self)
        return state is self


TaskStateName = Literal[
    "PENDING", "STARTING", "RUNNING", "STOPPING", "SUCCEEDED", "FAILED", "CANCELLED"
]
"""The states that can be waited for, by name."""

_TERMINAL = frozenset({TaskState.SUCCEEDED, TaskState.FAILED, TaskState.CANCELLED})
_WAY = (
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


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """How one kind of task or run tells where it is in its life."""

    status: str
    """Name of the field with the service's own status."""
    created: str
    """Names of the fields with the times: this one and the next two."""
    started: str
    ended: str
    states: Mapping[str, TaskState]
    """The service's statuses; any other is UNKNOWN."""
    notes: Mapping[str, str] = field(default_factory=dict[str, str])
    """Statuses that say more than their state does, and what."""


_OF_HEALTHOMICS = {
    "PENDING": TaskState.PENDING,
    "STARTING": TaskState.STARTING,
    "RUNNING": TaskState.RUNNING,
    "STOPPING": TaskState.STOPPING,
    "COMPLETED": TaskState.SUCCEEDED,
    "FAILED": TaskState.FAILED,
    "CANCELLED": TaskState.CANCELLED,
}

RUN = Vocabulary(
    "status",
    "creation_time",
    "start_time",
    "stop_time",
    {**_OF_HEALTHOMICS, "DELETED": TaskState.CANCELLED},
    {"DELETED": "the run was deleted"},
)
"""Runs of HealthOmics."""

RUN_TASK = Vocabulary("status", "creation_time", "start_time", "stop_time", _OF_HEALTHOMICS)
"""Tasks of runs of HealthOmics."""

# https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-lifecycle-explanation.html
ECS_TASK = Vocabulary(
    "last_status",
    "created_at",
    "started_at",
    "stopped_at",
    {
        "PROVISIONING": TaskState.PENDING,
        "PENDING": TaskState.PENDING,
        "ACTIVATING": TaskState.STARTING,
        "RUNNING": TaskState.RUNNING,
        "DEACTIVATING": TaskState.STOPPING,
        "STOPPING": TaskState.STOPPING,
        "DEPROVISIONING": TaskState.STOPPING,
        # What these two come to depends on the stop code, below, and on exit codes.
        "STOPPED": TaskState.FAILED,
        "DELETED": TaskState.FAILED,
    },
)
"""Tasks of ECS."""

ECS_STOP_CODES: Mapping[str, TaskState] = {
    "EssentialContainerExited": TaskState.FAILED,
    "InfrastructureHealth": TaskState.FAILED,
    "TaskFailedToStart": TaskState.FAILED,
    "ServiceSchedulerInitiated": TaskState.CANCELLED,
    "SpotInterruption": TaskState.CANCELLED,
    "TerminationNotice": TaskState.CANCELLED,
    "UserInitiated": TaskState.CANCELLED,
}
"""What a stopped ECS task is by its stop code, whatever its containers exited with.

``EssentialContainerExited`` is an exception: the task SUCCEEDED if every exit code is 0. So it did
with a code that isn't here, or with none; else it FAILED.
"""

# https://docs.aws.amazon.com/deadline-cloud/latest/APIReference/API_GetTask.html
DEADLINE_TASK = Vocabulary(
    "run_status",
    "created_at",
    "started_at",
    "ended_at",
    {
        "PENDING": TaskState.PENDING,
        "READY": TaskState.PENDING,
        "SUSPENDED": TaskState.PENDING,
        "NOT_COMPATIBLE": TaskState.PENDING,
        "ASSIGNED": TaskState.STARTING,
        "SCHEDULED": TaskState.STARTING,
        "STARTING": TaskState.STARTING,
        "RUNNING": TaskState.RUNNING,
        "INTERRUPTING": TaskState.STOPPING,
        "SUCCEEDED": TaskState.SUCCEEDED,
        "FAILED": TaskState.FAILED,
        "CANCELED": TaskState.CANCELLED,
    },
    {
        "SUSPENDED": "someone suspended it",
        "NOT_COMPATIBLE": "no worker of the queue's fleets can run it",
    },
)
"""Tasks of Deadline Cloud."""
