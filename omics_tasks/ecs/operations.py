"""Amazon ECS's operations, as data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import ValidationInfo, field_validator

from .._core.model import ListInput
from .._core.operation import Operation, Protocol, Service
from . import errors
from .models import TaskArnPage

__all__ = ["DesiredStatusName", "LaunchTypeName"]

DesiredStatusName = Literal["RUNNING", "PENDING", "STOPPED"]
"""The desired statuses that tasks can be listed by."""
LaunchTypeName = Literal["EC2", "FARGATE", "EXTERNAL", "MANAGED_INSTANCES"]
"""The launch types that tasks can be listed by."""

ECS = Service("ecs", "", Protocol.AWS_JSON, "AmazonEC2ContainerServiceV20141113")


class ListTasksInput(ListInput):
    """https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ListTasks.html"""

    cluster: str | None = None
    """Name or ARN of the cluster; the one named ``default`` if left out."""
    container_instance: str | None = None
    """Id or ARN of the container instance that the tasks are on."""
    family: str | None = None
    """Family of the tasks' definitions."""
    service_name: str | None = None
    """Name of the ECS service that the tasks belong to."""
    desired_status: DesiredStatusName | None = None
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
            - {"cluster", "started_by", *ListInput.model_fields}
        )
        if filters:
            raise ValueError(f"must be the only filter: leave out {', '.join(filters)}")
        return started_by


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
)
