"""Models of AWS Deadline Cloud tasks.

https://docs.aws.amazon.com/deadline-cloud/latest/APIReference/API_GetTask.html and the pages
beside it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, ClassVar, NamedTuple

from pydantic import Field

from .._core.lifecycle import Lifecycle
from .._core.model import DenseList, DenseMap, Model, OpenEnum, Page
from .._core.offsets import ItemOffset
from .._core.scalars import Integer, Timestamp
from .._core.status_map import DEADLINE_TASK, StatusMap

__all__ = [
    "BatchTask",
    "BatchTaskError",
    "BatchTaskErrorCode",
    "Task",
    "TaskBatch",
    "TaskId",
    "TaskPage",
    "TaskParameterValue",
    "TaskRunStatus",
    "TaskSearchPage",
    "TaskSearchSummary",
    "TaskSummary",
    "TaskTargetRunStatus",
]


class TaskId(NamedTuple):
    """All ids of a task, in the order of the arguments of ``DeadlineClient.get_task``."""

    farm_id: str
    """Id of the farm: ``farm-``, 32 hexadecimal digits."""
    queue_id: str
    """Id of the queue: ``queue-``, 32 hexadecimal digits."""
    job_id: str
    """Id of the job: ``job-``, 32 hexadecimal digits."""
    step_id: str
    """Id of the step: ``step-``, 32 hexadecimal digits."""
    task_id: str
    """Id of the task: ``task-``, 32 hexadecimal digits, ``-`` and a number of up to 10 digits."""


class TaskRunStatus(OpenEnum):
    """Run status of a task."""

    PENDING = "PENDING"
    """It waits for other tasks."""
    READY = "READY"
    """It waits for a worker."""
    ASSIGNED = "ASSIGNED"
    """It is in the schedule of a worker."""
    STARTING = "STARTING"
    """A worker is preparing it."""
    SCHEDULED = "SCHEDULED"
    """It is scheduled to run on a worker."""
    INTERRUPTING = "INTERRUPTING"
    """It is running, and is being interrupted."""
    RUNNING = "RUNNING"
    """It is running on a worker."""
    SUSPENDED = "SUSPENDED"
    """It is suspended until a user sets it to run again."""
    CANCELED = "CANCELED"
    """It was cancelled."""
    FAILED = "FAILED"
    """It failed."""
    SUCCEEDED = "SUCCEEDED"
    """It succeeded."""
    NOT_COMPATIBLE = "NOT_COMPATIBLE"
    """No worker of the queue's fleets can run it."""


class TaskTargetRunStatus(OpenEnum):
    """Target run status of a task, set by a user."""

    READY = "READY"
    """The task should run, or run again."""
    FAILED = "FAILED"
    """The task should count as failed."""
    SUCCEEDED = "SUCCEEDED"
    """The task should count as succeeded."""
    CANCELED = "CANCELED"
    """The task should be cancelled."""
    SUSPENDED = "SUSPENDED"
    """The task should be suspended."""
    PENDING = "PENDING"
    """The task should wait for other tasks."""


class TaskParameterValue(Model):
    """Value of one task parameter: a string in the one member for its type.

    Values are sensitive: the ``repr`` leaves them out.
    """

    int: str | None = Field(default=None, repr=False)
    """Integer, 1 to 20 characters."""
    float: str | None = Field(default=None, repr=False)
    """Floating-point number, 1 to 26 characters."""
    string: str | None = Field(default=None, repr=False)
    """Text, up to 1,024 characters."""
    path: str | None = Field(default=None, repr=False)
    """File system path, up to 1,024 characters."""
    chunk_int: str | None = Field(default=None, repr=False)
    """Integers that the task processes as one chunk, such as ``1-10`` or ``1,3,7``."""

    def __repr_args__(self) -> Iterable[tuple[str | None, object]]:
        """Return nothing, as members that AWS adds may be as sensitive as these."""
        return ()


class _AnyTask(Lifecycle):
    """Fields that all kinds of task models have."""

    _status_map: ClassVar[StatusMap] = DEADLINE_TASK

    task_id: str
    """Id of the task: ``task-``, 32 hexadecimal digits, ``-`` and a number."""
    target_run_status: TaskTargetRunStatus | None = None
    """Target run status; None if no user has set one."""
    failure_retry_count: Integer | None = None
    """Number of retries after failures, 0 to 2,147,483,647."""
    parameters: DenseMap[TaskParameterValue] = Field(
        default_factory=dict[str, TaskParameterValue], repr=False
    )
    """Parameters by name. Sensitive: the ``repr`` leaves them out."""
    started_at: Timestamp | None = None
    """Time of the start; None before."""
    ended_at: Timestamp | None = None
    """Time of the end; None before."""
    updated_at: Timestamp | None = None
    """Time of the latest update."""
    updated_by: str | None = None
    """User or system that made the latest update."""
    latest_session_action_id: str | None = None
    """Id of the latest session action of the task."""


class Task(_AnyTask):
    """A task of a step of a job.

    https://docs.aws.amazon.com/deadline-cloud/latest/APIReference/API_GetTask.html
    """

    created_at: Timestamp
    """Time of creation."""
    created_by: str
    """User or system that created it."""
    run_status: TaskRunStatus
    """Run status of the task."""


class TaskSummary(Task):
    """A task in a listing of its step, with the same fields as from ``get_task``.

    https://docs.aws.amazon.com/deadline-cloud/latest/APIReference/API_TaskSummary.html
    """


class TaskPage(Page[TaskSummary]):
    """One page of the tasks of a step.

    https://docs.aws.amazon.com/deadline-cloud/latest/APIReference/API_ListTasks.html
    """

    items: DenseList[TaskSummary] = Field(alias="tasks")
    """Tasks of the page, up to 100."""


class TaskSearchSummary(_AnyTask):
    """A task in the results of a search, without its creation time and creator.

    https://docs.aws.amazon.com/deadline-cloud/latest/APIReference/API_TaskSearchSummary.html
    """

    queue_id: str | None = None
    """Id of the task's queue."""
    job_id: str | None = None
    """Id of the task's job."""
    step_id: str | None = None
    """Id of the task's step."""
    run_status: TaskRunStatus | None = None
    """Run status of the task."""

    @property
    def created_time(self) -> None:
        """Always None: a search does not return the creation time."""
        return


class TaskSearchPage(Page[TaskSearchSummary]):
    """One page of the results of a search.

    https://docs.aws.amazon.com/deadline-cloud/latest/APIReference/API_SearchTasks.html
    """

    items: DenseList[TaskSearchSummary] = Field(alias="tasks")
    """Tasks of the page, up to 100."""
    next_token: Annotated[str, ItemOffset()] | None = Field(default=None, alias="nextItemOffset")
    """Number of results before the next page, as a string of digits; None on the last page."""
    total_results: Integer
    """Total number of results, 0 to 10,000; the service does not count further ones."""


class BatchTask(Task):
    """A task of a batch, with the ids of its farm, queue, job and step.

    https://docs.aws.amazon.com/deadline-cloud/latest/APIReference/API_BatchGetTaskItem.html
    """

    farm_id: str
    """Id of the task's farm."""
    queue_id: str
    """Id of the task's queue."""
    job_id: str
    """Id of the task's job."""
    step_id: str
    """Id of the task's step."""

    @property
    def ids(self) -> TaskId:
        """All ids of the task, equal to those in the request."""
        return TaskId(self.farm_id, self.queue_id, self.job_id, self.step_id, self.task_id)


class BatchTaskErrorCode(OpenEnum):
    """Code of the error for a task of a batch: the codes of the errors of ``get_task``."""

    ACCESS_DENIED = "AccessDeniedException"
    """The caller lacks the permission to read the task."""
    INTERNAL_SERVER_ERROR = "InternalServerErrorException"
    """The service failed internally."""
    RESOURCE_NOT_FOUND = "ResourceNotFoundException"
    """The task does not exist."""
    THROTTLING = "ThrottlingException"
    """The service throttled the request."""
    VALIDATION = "ValidationException"
    """The ids are invalid."""


class BatchTaskError(Model):
    """The error for a task of a batch that could not be fetched.

    https://docs.aws.amazon.com/deadline-cloud/latest/APIReference/API_BatchGetTaskError.html
    """

    farm_id: str
    """Id of the farm in the request."""
    queue_id: str
    """Id of the queue in the request."""
    job_id: str
    """Id of the job in the request."""
    step_id: str
    """Id of the step in the request."""
    task_id: str
    """Id of the task in the request."""
    code: BatchTaskErrorCode
    """Error code of the service."""
    message: str
    """Error message of the service."""

    @property
    def ids(self) -> TaskId:
        """All ids of the task, equal to those in the request."""
        return TaskId(self.farm_id, self.queue_id, self.job_id, self.step_id, self.task_id)


class TaskBatch(Model):
    """Requested tasks, and errors for those that could not be fetched.

    https://docs.aws.amazon.com/deadline-cloud/latest/APIReference/API_BatchGetTask.html
    """

    tasks: DenseList[BatchTask]
    """Tasks, in the order of the request, each once."""
    errors: DenseList[BatchTaskError]
    """Errors of the other tasks, in the order of the request, each task once."""
