"""HealthOmics's operations, as data."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from .._core.model import Input, ListInput, Page
from .._core.operation import Operation, Protocol, Service
from .._core.rate_limiter import RateLimit
from . import errors
from .models import Run, RunSummary, RunTask, RunTaskSummary

__all__ = ["RunExportName", "RunStatusName", "RunTaskStatusName"]

RunExportName = Literal["DEFINITION"]
"""Parts of a run that can be exported."""
RunStatusName = Literal[
    "PENDING", "STARTING", "RUNNING", "STOPPING", "COMPLETED", "DELETED", "CANCELLED", "FAILED"
]
"""Statuses that runs can be listed by."""
RunTaskStatusName = Literal[
    "PENDING", "STARTING", "RUNNING", "STOPPING", "COMPLETED", "CANCELLED", "FAILED"
]
"""Statuses that the tasks of a run can be listed by."""

NumericId = Annotated[str, Field(min_length=1, max_length=18, pattern=r"^[0-9]+$")]
# A name or a token: printable characters of any script.
Text = Annotated[
    str,
    Field(
        min_length=1,
        max_length=128,
        pattern=r"^[\p{L}||\p{M}||\p{Z}||\p{S}||\p{N}||\p{P}]+$",
    ),
]

# https://docs.aws.amazon.com/omics/latest/dev/service-quotas.html
HEALTHOMICS = Service(
    "omics", "workflows-", Protocol.REST_JSON, rate_limit=RateLimit(per_second=10, burst=10)
)

RUN_ERRORS = (
    errors.AccessDeniedException,
    errors.ConflictException,
    errors.InternalServerException,
    errors.RequestTimeoutException,
    errors.ResourceNotFoundException,
    errors.ServiceQuotaExceededException,
    errors.ThrottlingException,
    errors.ValidationException,
)


class RunInput(Input):
    """The argument that names a run."""

    run_id: NumericId = Field(alias="id")
    """Id of the run, 1 to 18 digits."""


class TaskInput(RunInput):
    """The arguments that name a task of a run."""

    task_id: NumericId
    """Id of the task, 1 to 18 digits."""


class GetRunInput(RunInput):
    """Return a run.

    https://docs.aws.amazon.com/omics/latest/api/API_GetRun.html
    """

    export: Annotated[tuple[RunExportName, ...], Field(max_length=32, strict=False)] = ()
    """Parts to return too, up to 32: ``DEFINITION`` is the definition of its workflow."""


class ListRunsInput(ListInput):
    """List the account's runs, all or those that match every filter.

    https://docs.aws.amazon.com/omics/latest/api/API_ListRuns.html
    """

    name: Text | None = None
    """Name of the runs, 1 to 128 printable characters."""
    run_group_id: NumericId | None = None
    """Id of the group that they belong to, 1 to 18 digits."""
    batch_id: NumericId | None = None
    """Id of the batch that they were started in, 1 to 18 digits."""
    status: RunStatusName | None = None
    """Status of the runs."""
    starting_token: Text | None = Field(default=None, alias="startingToken")
    """A ``resume_token`` or a page's ``next_token``: the listing goes on from there. A page's token
    has 1 to 128 printable characters."""


class ListRunTasksInput(RunInput, ListInput):
    """List the tasks of a run, all or those with one status.

    https://docs.aws.amazon.com/omics/latest/api/API_ListRunTasks.html
    """

    status: RunTaskStatusName | None = None
    """Status of the tasks."""
    starting_token: Text | None = Field(default=None, alias="startingToken")
    """A ``resume_token`` or a page's ``next_token``: the listing goes on from there. A page's token
    has 1 to 128 printable characters."""


class GetRunTaskInput(TaskInput):
    """Return a task of a run, with its reasons and its log stream.

    https://docs.aws.amazon.com/omics/latest/api/API_GetRunTask.html
    """


GET_RUN = Operation(HEALTHOMICS, "GetRun", GetRunInput, Run, RUN_ERRORS, "GET", "/run/{id}")
LIST_RUNS = Operation(
    HEALTHOMICS, "ListRuns", ListRunsInput, Page[RunSummary], RUN_ERRORS, "GET", "/run"
)
LIST_RUN_TASKS = Operation(
    HEALTHOMICS,
    "ListRunTasks",
    ListRunTasksInput,
    Page[RunTaskSummary],
    RUN_ERRORS,
    "GET",
    "/run/{id}/task",
)
GET_RUN_TASK = Operation(
    HEALTHOMICS,
    "GetRunTask",
    GetRunTaskInput,
    RunTask,
    RUN_ERRORS,
    "GET",
    "/run/{id}/task/{taskId}",
)
