"""AWS Deadline Cloud's operations, as data."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from .._core.model import Input
from .._core.operation import Operation, Protocol, Service
from . import errors
from .models import Task

__all__: list[str] = []

DEADLINE = Service("deadline", "management.", Protocol.REST_JSON)


class GetTaskInput(Input):
    """https://docs.aws.amazon.com/deadline-cloud/latest/APIReference/API_GetTask.html"""

    farm_id: Annotated[str, Field(pattern=r"^farm-[0-9a-f]{32}$")]
    queue_id: Annotated[str, Field(pattern=r"^queue-[0-9a-f]{32}$")]
    job_id: Annotated[str, Field(pattern=r"^job-[0-9a-f]{32}$")]
    step_id: Annotated[str, Field(pattern=r"^step-[0-9a-f]{32}$")]
    task_id: Annotated[str, Field(pattern=r"^task-[0-9a-f]{32}-(0|([1-9][0-9]{0,9}))$")]


GET_TASK = Operation(
    DEADLINE,
    "GetTask",
    GetTaskInput,
    Task,
    (
        errors.AccessDeniedException,
        errors.InternalServerErrorException,
        errors.ResourceNotFoundException,
        errors.ThrottlingException,
        errors.ValidationException,
    ),
    "GET",
    "/2023-10-12/farms/{farmId}/queues/{queueId}/jobs/{jobId}/steps/{stepId}/tasks/{taskId}",
    sensitive=True,
)
