"""AWS Deadline Cloud's operations, as data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal, cast

from pydantic import BeforeValidator, Field, model_validator

from .._core.model import Input, ListInput
from .._core.offsets import ItemOffset
from .._core.operation import Operation, Protocol, Repeatability, Service
from . import errors
from .models import Task, TaskBatch, TaskId, TaskPage, TaskSearchPage
from .searching import SearchGroupedFilterExpressions, SearchSortExpression

__all__ = ["TaskRunStatusName", "TaskTargetRunStatusName"]

TaskRunStatusName = Literal[
    "PENDING",
    "READY",
    "ASSIGNED",
    "STARTING",
    "SCHEDULED",
    "INTERRUPTING",
    "RUNNING",
    "SUSPENDED",
    "CANCELED",
    "FAILED",
    "SUCCEEDED",
    "NOT_COMPATIBLE",
]
"""Run statuses of a task."""
TaskTargetRunStatusName = Literal[
    "READY", "FAILED", "SUCCEEDED", "CANCELED", "SUSPENDED", "PENDING"
]
"""Run statuses that a task can be set to."""

DEADLINE = Service("deadline", "management.", Protocol.REST_JSON)

FarmId = Annotated[str, Field(pattern=r"^farm-[0-9a-f]{32}$")]
QueueId = Annotated[str, Field(pattern=r"^queue-[0-9a-f]{32}$")]
JobId = Annotated[str, Field(pattern=r"^job-[0-9a-f]{32}$")]
StepId = Annotated[str, Field(pattern=r"^step-[0-9a-f]{32}$")]

BATCH_ERRORS = (
    errors.AccessDeniedException,
    errors.InternalServerErrorException,
    errors.ThrottlingException,
    errors.ValidationException,
)
TASK_ERRORS = (*BATCH_ERRORS, errors.ResourceNotFoundException)


class StepInput(Input):
    """The arguments that name a step of a job."""

    farm_id: FarmId
    """Id of the farm: ``farm-``, 32 hexadecimal digits."""
    queue_id: QueueId
    """Id of the queue: ``queue-``, 32 hexadecimal digits."""
    job_id: JobId
    """Id of the job: ``job-``, 32 hexadecimal digits."""
    step_id: StepId
    """Id of the step: ``step-``, 32 hexadecimal digits."""


class TaskInput(StepInput):
    """The arguments that name a task of a step."""

    task_id: Annotated[str, Field(pattern=r"^task-[0-9a-f]{32}-(0|([1-9][0-9]{0,9}))$")]
    """Id of the task: ``task-``, 32 hexadecimal digits, ``-`` and a number of up to 10 digits."""


class GetTaskInput(TaskInput):
    """Return a task of a step of a job.

    https://docs.aws.amazon.com/deadline-cloud/latest/APIReference/API_GetTask.html
    """


class ListTasksInput(StepInput, ListInput):
    """List the tasks of a step of a job, with all that ``get_task`` returns.

    https://docs.aws.amazon.com/deadline-cloud/latest/APIReference/API_ListTasks.html
    """

    starting_token: Annotated[str, Field(max_length=4096)] | None = Field(
        default=None, alias="nextToken"
    )
    """A ``resume_token`` or a page's ``next_token``: the listing goes on from there. A page's token
    has up to 4,096 characters and is valid for 24 hours."""


class SearchTasksInput(ListInput):
    """Search the tasks of some queues, or of one job in them.

        failed = StringFilterExpression("RUN_STATUS", "EQUAL", "FAILED")
        late = DateTimeFilterExpression("ENDED_AT", "GREATER_THAN", yesterday)
        deadline.search_tasks(
            farm_id,
            [queue_id],
            filter_expressions=SearchGroupedFilterExpressions([failed, late], "AND"),
            sort_expressions=[FieldSortExpression("ENDED_AT", "DESCENDING")],
        )

    A page's ``next_token`` is the number of results before it: what is added or changed between two
    pages may shift the second one. AWS returns the first 10,000 results of a search; a request for
    a later one is an error of the service.

    https://docs.aws.amazon.com/deadline-cloud/latest/APIReference/API_SearchTasks.html
    """

    farm_id: FarmId
    """Id of the farm: ``farm-``, 32 hexadecimal digits."""
    queue_ids: Annotated[tuple[QueueId, ...], Field(min_length=1, max_length=10, strict=False)]
    """Ids of the queues to search, 1 to 10: ``queue-``, 32 hexadecimal digits."""
    job_id: JobId | None = None
    """Id of the job to search: ``job-``, 32 hexadecimal digits; all jobs if left out."""
    filter_expressions: SearchGroupedFilterExpressions | None = None
    """Filters that the tasks must match."""
    sort_expressions: (
        Annotated[tuple[SearchSortExpression, ...], Field(min_length=1, max_length=5, strict=False)]
        | None
    ) = None
    """Sort orders, 1 to 5, the most important first."""
    page_size: Annotated[int, Field(ge=1, le=100)] | None = Field(default=None, alias="pageSize")
    """Maximum number of items per page, 1 to 100; the service's own maximum by default."""
    starting_token: Annotated[
        Annotated[str, ItemOffset(ge=0, le=10_000)] | None,
        BeforeValidator(lambda token: "0" if token is None else token),
    ] = Field(default="0", alias="itemOffset")
    """A ``resume_token`` or a page's ``next_token``: the listing goes on from there. A page's token
    is "0" to "10000"."""


class BatchItem(GetTaskInput):
    """One task of a batch."""

    @model_validator(mode="before")
    @classmethod
    def _named(cls, ids: object) -> object:
        if isinstance(ids, BatchItem | dict):
            return cast("object", ids)
        given = cast("Sequence[object]", ids) if isinstance(ids, tuple | list) else ()
        if len(given) != len(TaskId._fields):
            raise ValueError(f"must be a tuple of {', '.join(TaskId._fields)}")
        return dict(zip(TaskId._fields, given, strict=True))


class BatchGetTasksInput(Input):
    """One request for up to 100 tasks.

    https://docs.aws.amazon.com/deadline-cloud/latest/APIReference/API_BatchGetTask.html
    """

    ids: Annotated[tuple[BatchItem, ...], Field(min_length=1, max_length=100, strict=False)] = (
        Field(alias="identifiers")
    )
    """Ids of the tasks, 1 to 100."""


_IN_FARM = "/2023-10-12/farms/{farmId}"
_IN_STEP = _IN_FARM + "/queues/{queueId}/jobs/{jobId}/steps/{stepId}"

GET_TASK = Operation(
    DEADLINE,
    "GetTask",
    GetTaskInput,
    Task,
    TASK_ERRORS,
    "GET",
    _IN_STEP + "/tasks/{taskId}",
    sensitive=True,
)
LIST_TASKS = Operation(
    DEADLINE,
    "ListTasks",
    ListTasksInput,
    TaskPage,
    TASK_ERRORS,
    "GET",
    _IN_STEP + "/tasks",
    sensitive=True,
)
SEARCH_TASKS = Operation(
    DEADLINE,
    "SearchTasks",
    SearchTasksInput,
    TaskSearchPage,
    TASK_ERRORS,
    "POST",
    _IN_FARM + "/search/tasks",
    sensitive=True,
    declared_repeatability=Repeatability.SAFE,
)
BATCH_GET_TASKS = Operation(
    DEADLINE,
    "BatchGetTask",
    BatchGetTasksInput,
    TaskBatch,
    BATCH_ERRORS,
    "POST",
    "/2023-10-12/batch-get-task",
    sensitive=True,
    declared_repeatability=Repeatability.SAFE,
)
