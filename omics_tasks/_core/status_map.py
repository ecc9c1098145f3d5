"""The statuses of each service, mapped to the one ``TaskState``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..states import TaskState


@dataclass(frozen=True, slots=True)
class StatusMap:
    """The status and time fields of one kind of task or run, and the state for each status."""

    status: str
    """Name of the field that holds the service's own status."""
    created: str
    """Name of the field that holds the time of creation."""
    started: str
    """Name of the field that holds the start time."""
    ended: str
    """Name of the field that holds the end time."""
    states: Mapping[str, TaskState]
    """The state for each of the service's statuses; any other status is UNKNOWN."""
    reasons: Mapping[str, str] = field(default_factory=dict[str, str])
    """The reason for a state, for each status that implies one."""


_OF_HEALTHOMICS = {
    "PENDING": TaskState.PENDING,
    "STARTING": TaskState.STARTING,
    "RUNNING": TaskState.RUNNING,
    "STOPPING": TaskState.STOPPING,
    "COMPLETED": TaskState.SUCCEEDED,
    "FAILED": TaskState.FAILED,
    "CANCELLED": TaskState.CANCELLED,
}

RUN = StatusMap(
    "status",
    "creation_time",
    "start_time",
    "stop_time",
    {**_OF_HEALTHOMICS, "DELETED": TaskState.CANCELLED},
    {"DELETED": "the run was deleted"},
)
"""Runs of HealthOmics."""

RUN_TASK = StatusMap("status", "creation_time", "start_time", "stop_time", _OF_HEALTHOMICS)
"""Tasks of runs of HealthOmics."""

# https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-lifecycle-explanation.html
ECS_TASK = StatusMap(
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
        # The final state of these two depends on the stop code, see below, and on exit codes.
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
"""State of a stopped ECS task by its stop code, whatever the exit codes of its containers.

``EssentialContainerExited`` is an exception: the task SUCCEEDED if every exit code is 0, else it
FAILED. The same holds for a stop code that is not listed, and for none.
"""

# https://docs.aws.amazon.com/deadline-cloud/latest/APIReference/API_GetTask.html
DEADLINE_TASK = StatusMap(
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
        "SUSPENDED": "the task was suspended",
        "NOT_COMPATIBLE": "no worker of the queue's fleets can run it",
    },
)
"""Tasks of Deadline Cloud."""
