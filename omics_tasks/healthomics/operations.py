"""HealthOmics's operations, as data."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from .._core.model import Input, ListInput, Page
from .._core.operation import Operation, Protocol, Service
from . import errors
from .models import Run, RunTask, RunTaskSummary

__all__ = ["RunExportName", "RunTaskStatusName"]

RunExportName = Literal["DEFINITION"]
"""What of a run can be exported."""
RunTaskStatusName = Literal[
    "PENDING", "STARTING", "RUNNING", "STOPPING", "COMPLETED", "CANCELLED", "FAILED"
]
"""The statuses that tasks of a run can be listed by."""

NumericId = Annotated[str, Field(min_length=1, max_length=18, pattern=r"^[0-9]+$")]
Token = Annotated[
    str,
    Field(
        min_length=1,
        max_length=128,
        pattern=r"^[\p{L}||\p{M}||\p{Z}||\p{S}||\p{N}||\p{P}]+$",
    ),
]

HEALTHOMICS = Service("omics", "workflows-", Protocol.REST_JSON)

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


class GetRunInput(Input):
    """https://docs.aws.amazon.com/omics/latest/api/API_GetRun.html"""

    run_id: NumericId = Field(alias="id")
    export: Annotated[tuple[RunExportName, ...], Field(max_length=32, strict=False)] = ()


class ListRunTasksInput(ListInput):
    """https://docs.aws.amazon.com/omics/latest/api/API_ListRunTasks.html"""

    run_id: NumericId = Field(alias="id")
    status: RunTaskStatusName | None = None
    starting_token: Token | None = Field(default=None, alias="startingToken")


class GetRunTaskInput(Input):
    """https://docs.aws.amazon.com/omics/latest/api/API_GetRunTask.html"""

    run_id: NumericId = Field(alias="id")
    task_id: NumericId


GET_RUN = Operation(HEALTHOMICS, "GetRun", GetRunInput, Run, RUN_ERRORS, "GET", "/run/{id}")
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
