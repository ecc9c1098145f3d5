"""Amazon ECS's operations, as data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Generic, Literal, TypeVar

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo, field_validator

from .._core.model import Input, ListInput
from .._core.operation import Operation, Protocol, Repeatability, Service
from .._core.rate_limiter import RateLimit
from . import errors
from .arns import TaskArnPage
from .models import DescribedTasks

__all__ = ["DesiredStatusName", "LaunchTypeName", "TaskFieldName"]

S = TypeVar("S")

DesiredStatusName = Literal["RUNNING", "PENDING", "STOPPED"]
"""The desired statuses that tasks can be listed by."""
LaunchTypeName = Literal["EC2", "FARGATE", "EXTERNAL", "MANAGED_INSTANCES"]
"""The launch types that tasks can be listed by."""
TaskFieldName = Literal["TAGS"]
"""What a task can be described with besides."""

# https://docs.aws.amazon.com/AmazonECS/latest/APIReference/request-throttling.html
ECS = Service(
    "ecs",
    "",
    Protocol.AWS_JSON,
    "AmazonEC2ContainerServiceV20141113",
    rate_limit=RateLimit(per_second=20, burst=100),
    shares_rate=True,
)


class TasksInput(ListInput, Generic[S]):
    """Which tasks to list; S is how it is said what they are meant to be."""

    cluster: str | None = None
    """Name or ARN of the cluster; the one named ``default`` if left out."""
    container_instance: str | None = None
    """Id or ARN of the container instance that the tasks are on."""
    family: str | None = None
    """Family of the tasks' definitions."""
    service_name: str | None = None
    """Name of the ECS service that the tasks belong to."""
    desired_status: S | None = None
    """What ECS means the tasks to be; RUNNING if left out."""
    launch_type: LaunchTypeName | None = None
    """What kind of machine the tasks run on."""
    daemon_name: str | None = None
    """Name of the daemon that the tasks belong to."""
    started_by: str | None = None
    """What the tasks were started with as ``startedBy``; must be the only filter."""

    @field_validator("started_by")
    @classmethod
    def _stands_alone(cls, started_by: str | None, info: ValidationInfo) -> str | None:
        # The cluster says where to look, and may go with it; whatever narrows the search may not.
        # The context has all arguments, also those that broke a rule of their own.
        given: Mapping[str, object] = info.data if info.context is None else info.context
        filters = sorted(
            {n for n, v in given.items() if v is not None}
            - {"cluster", "include", "started_by", *ListInput.model_fields}
        )
        if filters:
            raise ValueError(f"must be the only filter: leave out {', '.join(filters)}")
        return started_by


class ListTasksInput(TasksInput[DesiredStatusName]):
    """https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ListTasks.html"""


Include = Annotated[tuple[TaskFieldName, ...], Field(strict=False)]


class DescribeTasksInput(Input):
    """https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeTasks.html"""

    cluster: str | None = None
    """Name or ARN of the cluster; the one named ``default`` if left out."""
    tasks: Annotated[tuple[str, ...], Field(strict=False)]
    """Ids or ARNs of the tasks; one request takes 100, and they are cut into as many as need be."""
    include: Include | None = None
    """What to tell of them besides."""


Statuses = Annotated[
    tuple[DesiredStatusName, ...],
    Field(min_length=1, strict=False),
    BeforeValidator(lambda said: (said,) if isinstance(said, str) else said),
    AfterValidator(lambda statuses: tuple(dict.fromkeys(statuses))),
]


class IterTasksInput(TasksInput[Statuses]):
    """A listing of tasks, described, of one desired status or of several."""

    include: Include | None = None
    """What to tell of the tasks besides."""


LIST_TASKS = Operation(
    ECS,
    "ListTasks",
    ListTasksInput,
    TaskArnPage,
    (
        errors.AccessDeniedException,
        errors.ClientException,
        errors.ClusterNotFoundException,
        errors.InvalidParameterException,
        errors.ServerException,
        errors.ServiceNotFoundException,
    ),
    declared_repeatability=Repeatability.SAFE,
)
DESCRIBE_TASKS = Operation(
    ECS,
    "DescribeTasks",
    DescribeTasksInput,
    DescribedTasks,
    (
        errors.AccessDeniedException,
        errors.ClientException,
        errors.ClusterNotFoundException,
        errors.InvalidParameterException,
        errors.ServerException,
    ),
    sensitive=True,
    declared_repeatability=Repeatability.SAFE,
)
