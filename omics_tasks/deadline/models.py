"""What AWS Deadline Cloud says of tasks.

https://docs.aws.amazon.com/deadline-cloud/latest/APIReference/API_GetTask.html
"""

from __future__ import annotations

from collections.abc import Iterable

from pydantic import Field

from .._core.model import DenseMap, Model, OpenEnum, Timestamp

__all__ = ["Task", "TaskParameterValue", "TaskRunStatus", "TaskTargetRunStatus"]


class TaskRunStatus(OpenEnum):
    """Where a task is in its life."""

    PENDING = "PENDING"
    """It waits for other tasks."""
    READY = "READY"
    """It waits for a worker."""
    ASSIGNED = "ASSIGNED"
    """A worker has it in its schedule."""
    STARTING = "STARTING"
    SCHEDULED = "SCHEDULED"
    INTERRUPTING = "INTERRUPTING"
    RUNNING = "RUNNING"
    SUSPENDED = "SUSPENDED"
    CANCELED = "CANCELED"
    FAILED = "FAILED"
    SUCCEEDED = "SUCCEEDED"
    NOT_COMPATIBLE = "NOT_COMPATIBLE"
    """No worker of the queue's fleets can run it."""


class TaskTargetRunStatus(OpenEnum):
    """What someone asked a task to become."""

    READY = "READY"
    FAILED = "FAILED"
    SUCCEEDED = "SUCCEEDED"
    CANCELED = "CANCELED"
    SUSPENDED = "SUSPENDED"
    PENDING = "PENDING"


class TaskParameterValue(Model):
    """The value of one task parameter: the member that is set says its type; each is a string.

    Values are sensitive, and left out of the ``repr``.
    """

    int: str | None = Field(default=None, repr=False)
    """A whole number, 1 to 20 characters."""
    float: str | None = Field(default=None, repr=False)
    """A number, 1 to 26 characters."""
    string: str | None = Field(default=None, repr=False)
    """A text, up to 1,024 characters."""
    path: str | None = Field(default=None, repr=False)
    """A path, up to 1,024 characters."""
    chunk_int: str | None = Field(default=None, repr=False)
    """Whole numbers that the task works on together, such as ``1-10``."""

    def __repr_args__(self) -> Iterable[tuple[str | None, object]]:
        """Nothing: a member that AWS adds is as sensitive as these."""
        return ()


class Task(Model):
    """A task of a step of a job.

    https://docs.aws.amazon.com/deadline-cloud/latest/APIReference/API_GetTask.html
    """

    task_id: str
    """Id of the task, ``task-`` with 32 hexadecimal digits and a number."""
    created_at: Timestamp
    """When it was created."""
    created_by: str
    """User or system that created it."""
    run_status: TaskRunStatus
    """Where it is in its life."""
    target_run_status: TaskTargetRunStatus | None = None
    """What someone asked it to become, if anyone did."""
    failure_retry_count: int | None = None
    """How often it failed and was tried again, 0 to 2,147,483,647."""
    parameters: DenseMap[TaskParameterValue] = Field(
        default_factory=dict[str, TaskParameterValue], repr=False
    )
    """Parameters by name. Sensitive: left out of the ``repr``."""
    started_at: Timestamp | None = None
    """When it started; None before."""
    ended_at: Timestamp | None = None
    """When it ended; None before."""
    updated_at: Timestamp | None = None
    """When it was last changed."""
    updated_by: str | None = None
    """User or system that last changed it."""
    latest_session_action_id: str | None = None
    """Id of the session action that worked on it last."""
