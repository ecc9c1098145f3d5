"""What DescribeTasks takes and says. ECS's clients don't have it yet; other tools do.

https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeTasks.html
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, JsonValue

from .._core.model import Input, Model, Timestamp
from .._core.operation import Operation
from ..ecs import LaunchType, TaskArn, errors
from ..ecs.operations import ECS

Document = dict[str, JsonValue]
Documents = list[Document]


class ECSTask(Model):
    """A task. What it has besides texts, numbers and times is as it is on the wire."""

    family: str = Field(exclude=True)
    """It is listed by this one and the next two, and described without them."""
    service_name: str | None = Field(default=None, exclude=True)
    daemon_name: str | None = Field(default=None, exclude=True)
    task_arn: TaskArn
    cluster_arn: str
    desired_status: str
    last_status: str
    launch_type: LaunchType
    attachments: Documents | None = None
    attributes: Documents | None = None
    availability_zone: str | None = None
    capacity_provider_name: str | None = None
    connectivity: str | None = None
    connectivity_at: Timestamp | None = None
    container_instance_arn: str | None = None
    containers: Documents | None = None
    cpu: str | None = None
    created_at: Timestamp | None = None
    enable_execute_command: bool | None = None
    ephemeral_storage: Document | None = None
    execution_stopped_at: Timestamp | None = None
    fargate_ephemeral_storage: Document | None = None
    group: str | None = None
    health_status: str | None = None
    inference_accelerators: Documents | None = None
    memory: str | None = None
    overrides: Document | None = None
    platform_family: str | None = None
    platform_version: str | None = None
    pull_started_at: Timestamp | None = None
    pull_stopped_at: Timestamp | None = None
    started_at: Timestamp | None = None
    started_by: str | None = None
    stop_code: str | None = None
    stopped_at: Timestamp | None = None
    stopped_reason: str | None = None
    stopping_at: Timestamp | None = None
    tags: Documents | None = None
    task_definition_arn: str | None = None
    trusted_execution_summary: Document | None = None
    version: int | None = None


class ECSFailure(Model):
    """A task that could not be described."""

    arn: str
    reason: str


class ECSTasks(Model):
    """What was found, and what was not."""

    tasks: tuple[ECSTask, ...]
    failures: tuple[ECSFailure, ...]


class DescribeTasksInput(Input):
    """Up to 100 ids or ARNs."""

    cluster: str | None = None
    tasks: Annotated[tuple[str, ...], Field(min_length=1, max_length=100, strict=False)]
    include: Annotated[tuple[Literal["TAGS"], ...], Field(strict=False)] = ()


DESCRIBE_TASKS = Operation(
    ECS,
    "DescribeTasks",
    DescribeTasksInput,
    ECSTasks,
    (
        errors.ClientException,
        errors.ClusterNotFoundException,
        errors.InvalidParameterException,
        errors.ServerException,
    ),
)
