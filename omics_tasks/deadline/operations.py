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
    """Id of the farm: ``farm-``, 32 hexadecimal digits."""
    queue_id: Annotated[str, Field(pattern=r"^queue-[0-9a-f]{32}$")]
    """Id of the queue: ``queue-``, 32 hexadecimal digits."""
    job_id: Annotated[str, Field(pattern=r"^job-[0-9a-f]{32}$")]
    """Id of the job: ``job-``, 32 hexadecimal digits."""
    step_id: Annotated[str, Field(pattern=r"^step-[0-9a-f]{32}$")]
    """Id of the step: ``step-``, 32 hexadecimal digits."""
    task_id: Annotated[str, Field(pattern=r"^task-[0-9a-f]{32}-(0|([1-9][0-9]{0,9}))$")]
    """Id of the task: ``task-``, 32 hexadecimal digits, ``-`` and a number of up to 10 digits."""


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
