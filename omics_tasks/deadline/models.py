"""What AWS Deadline Cloud says of tasks.

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
    """Where a task is, in the order of the arguments of ``DeadlineClient.get_task``."""

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
    """Where a task is in its life."""

    PENDING = "PENDING"
    """It waits for other tasks."""
    READY = "READY"
    """It waits for a worker."""
    ASSIGNED = "ASSIGNED"
    """A worker has it in its schedule."""
    STARTING = "STARTING"
    """A worker prepares it."""
    SCHEDULED = "SCHEDULED"
    """It is to be run by a worker."""
    INTERRUPTING = "INTERRUPTING"
    """It runs, and is being stopped."""
    RUNNING = "RUNNING"
    """A worker runs it."""
    SUSPENDED = "SUSPENDED"
    """It is held back until somebody sets it to run again."""
    CANCELED = "CANCELED"
    """It was cancelled."""
    FAILED = "FAILED"
    """It failed."""
    SUCCEEDED = "SUCCEEDED"
    """It succeeded."""
    NOT_COMPATIBLE = "NOT_COMPATIBLE"
    """No worker of the queue's fleets can run it."""


class TaskTargetRunStatus(OpenEnum):
    """What someone asked a task to become."""

    READY = "READY"
    """To run, or to run again."""
    FAILED = "FAILED"
    """To count as failed."""
    SUCCEEDED = "SUCCEEDED"
    """To count as succeeded."""
    CANCELED = "CANCELED"
    """To be cancelled."""
    SUSPENDED = "SUSPENDED"
    """To be held back."""
    PENDING = "PENDING"
    """To wait for other tasks."""


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


class _AnyTask(Lifecycle):
    """What is said of a task wherever it is spoken of."""

    _status_map: ClassVar[StatusMap] = DEADLINE_TASK

    task_id: str
    """Id of the task, ``task-`` with 32 hexadecimal digits and a number."""
    target_run_status: TaskTargetRunStatus | None = None
    """What someone asked it to become, if anyone did."""
    failure_retry_count: Integer | None = None
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


class Task(_AnyTask):
    """A task of a step of a job.

    https://docs.aws.amazon.com/deadline-cloud/latest/APIReference/API_GetTask.html
    """

    created_at: Timestamp
    """When it was created."""
    created_by: str
    """User or system that created it."""
    run_status: TaskRunStatus
    """Where it is in its life."""


class TaskSummary(Task):
    """A task, as the listing of its step has it: all that ``get_task`` says is in it.

    https://docs.aws.amazon.com/deadline-cloud/latest/APIReference/API_TaskSummary.html
    """


class TaskPage(Page[TaskSummary]):
    """One page of the tasks of a step.

    https://docs.aws.amazon.com/deadline-cloud/latest/APIReference/API_ListTasks.html
    """

    items: DenseList[TaskSummary] = Field(alias="tasks")
    """The tasks, up to 100."""


class TaskSearchSummary(_AnyTask):
    """A task that a search found. When it was created, and by whom, is not said.

    https://docs.aws.amazon.com/deadline-cloud/latest/APIReference/API_TaskSearchSummary.html
    """

    queue_id: str | None = None
    """Id of the queue that it is in."""
    job_id: str | None = None
    """Id of the job that it is in."""
    step_id: str | None = None
    """Id of the step that it is in."""
    run_status: TaskRunStatus | None = None
    """Where it is in its life."""

    @property
    def created_time(self) -> None:
        """None: a search does not tell."""
        return


class TaskSearchPage(Page[TaskSearchSummary]):
    """One page of a search's results.

    https://docs.aws.amazon.com/deadline-cloud/latest/APIReference/API_SearchTasks.html
    """

    items: DenseList[TaskSearchSummary] = Field(alias="tasks")
    """The tasks, up to 100."""
    next_token: Annotated[str, ItemOffset()] | None = Field(default=None, alias="nextItemOffset")
    """How many results are before the next page, in digits; None on the last one."""
    total_results: Integer
    """How many tasks were found, 0 to 10,000: more than that are not counted."""


class BatchTask(Task):
    """A task of a batch, and where it is.

    https://docs.aws.amazon.com/deadline-cloud/latest/APIReference/API_BatchGetTaskItem.html
    """

    farm_id: str
    """Id of the farm that it is in."""
    queue_id: str
    """Id of the queue that it is in."""
    job_id: str
    """Id of the job that it is in."""
    step_id: str
    """Id of the step that it is in."""

    @property
    def ids(self) -> TaskId:
        """All its ids, as it was asked for by them."""
        return TaskId(self.farm_id, self.queue_id, self.job_id, self.step_id, self.task_id)


class BatchTaskErrorCode(OpenEnum):
    """Why a task of a batch could not be had: codes of the errors that ``get_task`` raises."""

    ACCESS_DENIED = "AccessDeniedException"
    """The caller may not read the task."""
    INTERNAL_SERVER_ERROR = "InternalServerErrorException"
    """The service failed."""
    RESOURCE_NOT_FOUND = "ResourceNotFoundException"
    """There is no such task."""
    THROTTLING = "ThrottlingException"
    """There were too many requests."""
    VALIDATION = "ValidationException"
    """The ids are not valid."""


class BatchTaskError(Model):
    """A task of a batch that could not be had, and why.

    https://docs.aws.amazon.com/deadline-cloud/latest/APIReference/API_BatchGetTaskError.html
    """

    farm_id: str
    """Id of the farm that was asked for."""
    queue_id: str
    """Id of the queue that was asked for."""
    job_id: str
    """Id of the job that was asked for."""
    step_id: str
    """Id of the step that was asked for."""
    task_id: str
    """Id of the task that was asked for."""
    code: BatchTaskErrorCode
    """The service's name for the error."""
    message: str
    """The service's words."""

    @property
    def ids(self) -> TaskId:
        """All ids, as it was asked for by them."""
        return TaskId(self.farm_id, self.queue_id, self.job_id, self.step_id, self.task_id)


class TaskBatch(Model):
    """The tasks that were asked for, and those of them that could not be had.

    https://docs.aws.amazon.com/deadline-cloud/latest/APIReference/API_BatchGetTask.html
    """

    tasks: DenseList[BatchTask]
    """The tasks, in the order asked, each once."""
    errors: DenseList[BatchTaskError]
    """What is wrong with the others, likewise."""
