"""Amazon ECS's operations, as data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Generic, Literal, TypeVar

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo, field_validator

from .._core.model import GivenAs, Input, ListInput
from .._core.operation import Operation, Protocol, Repeatability, Service
from .._core.rate_limiter import RateLimit
from . import errors
from .arns import TaskArnPage
from .models import DescribedTasks

__all__ = ["DesiredStatusName", "LaunchTypeName", "TaskFieldName"]

S = TypeVar("S")

DesiredStatusName = Literal["RUNNING", "PENDING", "STOPPED"]
"""Desired statuses that tasks can be listed by."""
LaunchTypeName = Literal["EC2", "FARGATE", "EXTERNAL", "MANAGED_INSTANCES"]
"""Launch types that tasks can be listed by."""
TaskFieldName = Literal["TAGS"]
"""Fields that tasks are described with on request."""

# https://docs.aws.amazon.com/AmazonECS/latest/APIReference/request-throttling.html
ECS = Service(
    "ecs",
    "",
    Protocol.AWS_JSON,
    "AmazonEC2ContainerServiceV20141113",
    rate_limit=RateLimit(per_second=20, burst=100),
    shares_rate=True,
)


Statuses = Annotated[
    tuple[DesiredStatusName, ...],
    Field(min_length=1, strict=False),
    BeforeValidator(lambda given: (given,) if isinstance(given, str) else given),
    AfterValidator(lambda statuses: tuple(dict.fromkeys(statuses))),
    GivenAs(DesiredStatusName | Iterable[DesiredStatusName]),
]


class ClusterInput(Input):
    """The argument that names the cluster."""

    cluster: str | None = None
    """Name or ARN of the cluster; the one named ``default`` if left out."""


class TasksInput(ClusterInput, ListInput, Generic[S]):
    """The filters of a listing of tasks; S is the type of the desired status."""

    container_instance: str | None = None
    """Id or ARN of the container instance that the tasks are on."""
    family: str | None = None
    """Family of the tasks' definitions."""
    service_name: str | None = None
    """Name of the ECS service that the tasks belong to."""
    desired_status: S | None = None
    """Status that ECS wants the tasks to have; RUNNING if left out. Stopped tasks are listed for
    about an hour."""
    launch_type: LaunchTypeName | None = None
    """Type of infrastructure that the tasks run on."""
    daemon_name: str | None = None
    """Name of the daemon that the tasks belong to."""
    started_by: str | None = None
    """Value of ``startedBy`` that the tasks were started with; it must be the only filter beside
    ``cluster``."""

    @field_validator("started_by")
    @classmethod
    def _stands_alone(cls, started_by: str | None, info: ValidationInfo) -> str | None:
        # The cluster is no filter. The context has all arguments, those that break a rule too.
        given: Mapping[str, object] = info.data if info.context is None else info.context
        filters = sorted(
            {n for n, v in given.items() if v is not None}
            - {"cluster", "include", "started_by", *ListInput.model_fields}
        )
        if filters:
            raise ValueError(f"must be the only filter: leave out {', '.join(filters)}")
        return started_by


class ListTasksInput(TasksInput[DesiredStatusName]):
    """List the ARNs of a cluster's tasks.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ListTasks.html
    """


Include = Annotated[tuple[TaskFieldName, ...], Field(strict=False)]


class NamedTasksInput(ClusterInput):
    """The arguments that name tasks."""

    tasks: Annotated[tuple[str, ...], Field(strict=False)]
    """Ids or ARNs of the tasks, any number; for none, nothing is sent."""
    cluster: str | None = None
    """Name or ARN of the cluster that all tasks are in. If it is left out, each ARN is looked up in
    its own cluster, and ids in the one named ``default``."""


class DescribeTasksInput(NamedTasksInput):
    """Describe tasks by their ids or ARNs.

    They are sent a hundred per request, each once. The tasks come back in the order in which they
    are given; those that are missing are among the ``failures``, and a task that was just started
    may be one of them for some seconds. The error of a later request has the tasks that were
    described before it as ``.partial``.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeTasks.html
    """

    include: Include | None = None
    """Fields to return too: ``TAGS``."""


class IterTasksInput(TasksInput[Statuses]):
    """List a cluster's tasks and describe them: two requests per page.

    Several statuses are listed one after the other, and a task that is in more than one of the
    listings comes once. Tasks that are gone before they are described are left out; one that can't
    be described for another reason raises ``AccessDeniedException`` or another ``ServiceError``,
    with the tasks of its page that could be described as ``.partial``.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeTasks.html
    """

    include: Include | None = None
    """Fields to return too: ``TAGS``."""
    starting_token: str | None = Field(default=None, alias="nextToken")
    """A ``resume_token`` or a page's ``next_token`` of ``iter_tasks``, for one of the same
    statuses: the listing goes on from there. What came before it is not remembered."""


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
