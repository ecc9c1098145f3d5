"""Models of Amazon ECS tasks.

https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeTasks.html and the pages
beside it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, Self

from pydantic import Field

from .._core.lifecycle import Lifecycle, joined
from .._core.model import DenseList, Model
from .._core.scalars import Boolean, EpochTimestamp, Integer
from .._core.status_map import ECS_STOP_CODES, ECS_TASK, StatusMap
from ..states import TaskState
from .arns import TaskArn
from .containers import Container
from .enums import (
    AttestationPolicyStatus,
    Connectivity,
    HealthStatus,
    IsolationMode,
    LaunchType,
    TargetType,
    TaskStopCode,
)
from .overrides import EphemeralStorage, TaskOverride

__all__ = [
    "Attachment",
    "Attribute",
    "DescribedTasks",
    "Failure",
    "InferenceAccelerator",
    "KeyValuePair",
    "Tag",
    "Task",
    "TaskEphemeralStorage",
    "TrustedExecutionSummary",
]


# Exit codes count only if the containers ended by themselves.
_NEVER_A_SUCCESS = ECS_STOP_CODES.keys() - {TaskStopCode.ESSENTIAL_CONTAINER_EXITED}


class KeyValuePair(Model):
    """Name and value."""

    name: str | None = None
    """Name."""
    value: str | None = None
    """Value."""


class Attachment(Model):
    """Attachment of a task, such as a network interface or a volume."""

    id: str | None = None
    """Id of the attachment."""
    type: str | None = None
    """Type of the attachment, such as ``ElasticNetworkInterface``."""
    status: str | None = None
    """Status of the attachment, such as ``ATTACHED``."""
    details: DenseList[KeyValuePair] = Field(default_factory=list[KeyValuePair])
    """Details by name, such as the subnet."""


class Attribute(Model):
    """Attribute of a task, which ECS can use for placement."""

    name: str
    """Name of the attribute, 1 to 128 characters."""
    value: str | None = None
    """Value of the attribute, 1 to 128 characters."""
    target_type: TargetType | None = None
    """Type of the attribute's target."""
    target_id: str | None = None
    """Id or ARN of the attribute's target."""


class InferenceAccelerator(Model):
    """Accelerator of a task."""

    device_name: str
    """Device name of the accelerator in the task definition."""
    device_type: str
    """Type of the accelerator, such as ``eia2.medium``."""


class TaskEphemeralStorage(Model):
    """Ephemeral storage of a task on Fargate."""

    size_in_gib: Integer | None = Field(default=None, alias="sizeInGiB")
    """Size in gibibytes, 20 to 200."""
    kms_key_id: str | None = None
    """Id of the customer managed KMS key that encrypts it; None for AWS's own key."""


class TrustedExecutionSummary(Model):
    """Isolation and attestation of a task."""

    isolation_mode: IsolationMode
    """Isolation of the task from other tasks on its instance."""
    attestation_policy_status: AttestationPolicyStatus | None = None
    """Status of the attestation policy; None if the service sent none."""


class Tag(Model):
    """Tag of a resource."""

    key: str | None = None
    """Key of the tag, 1 to 128 characters."""
    value: str | None = None
    """Value of the tag, up to 256 characters."""


class Task(Lifecycle):
    """A task: one or more containers that run together.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Task.html
    """

    _status_map: ClassVar[StatusMap] = ECS_TASK
    _essential: tuple[str, ...] | None = None

    task_arn: TaskArn
    """ARN of the task, with the task's id and the cluster's name as properties."""
    cluster_arn: str | None = None
    """ARN of the cluster."""
    task_definition_arn: str | None = None
    """ARN of the task definition."""
    last_status: str | None = None
    """Last known status: PROVISIONING, PENDING, ACTIVATING, RUNNING, DEACTIVATING, STOPPING,
    DEPROVISIONING, STOPPED or DELETED."""
    desired_status: str | None = None
    """Desired status: RUNNING or STOPPED."""
    containers: DenseList[Container] = Field(default_factory=list[Container])
    """Containers of the task."""
    stop_code: TaskStopCode | None = None
    """Code for the cause of the stop; None before."""
    stopped_reason: str | None = None
    """Message about the cause of the stop; None before."""
    created_at: EpochTimestamp | None = None
    """Time of creation."""
    pull_started_at: EpochTimestamp | None = None
    """Time when pulling the images began; None before."""
    pull_stopped_at: EpochTimestamp | None = None
    """Time when pulling the images ended; None before."""
    started_at: EpochTimestamp | None = None
    """Time of the start; None before."""
    stopping_at: EpochTimestamp | None = None
    """Time when it began to stop; None before."""
    execution_stopped_at: EpochTimestamp | None = None
    """Time when all containers had stopped; None before."""
    stopped_at: EpochTimestamp | None = None
    """Time of the stop; None before."""
    connectivity: Connectivity | None = None
    """Connectivity between ECS and the task."""
    connectivity_at: EpochTimestamp | None = None
    """Time when the task was last connected."""
    health_status: HealthStatus | None = None
    """Health of the task by the health checks of its essential containers."""
    launch_type: LaunchType | None = None
    """Launch type: the infrastructure that it runs on."""
    capacity_provider_name: str | None = None
    """Name of the capacity provider; None if it was started without one."""
    container_instance_arn: str | None = None
    """ARN of the container instance; None on Fargate."""
    availability_zone: str | None = None
    """Availability Zone of the task."""
    platform_family: str | None = None
    """Operating system on Fargate, such as ``Linux``; None on other launch types."""
    platform_version: str | None = None
    """Platform version of Fargate, such as ``1.4.0``; None on other launch types."""
    cpu: str | None = None
    """CPU units, 1,024 per vCPU."""
    memory: str | None = None
    """Memory in mebibytes."""
    ephemeral_storage: EphemeralStorage | None = None
    """Ephemeral storage that was requested."""
    fargate_ephemeral_storage: TaskEphemeralStorage | None = None
    """Ephemeral storage on Fargate that was allocated."""
    inference_accelerators: DenseList[InferenceAccelerator] = Field(
        default_factory=list[InferenceAccelerator]
    )
    """Accelerators of the task."""
    attachments: DenseList[Attachment] = Field(default_factory=list[Attachment])
    """Attachments, such as the network interface and volumes."""
    attributes: DenseList[Attribute] = Field(default_factory=list[Attribute])
    """Attributes, which ECS can use for placement."""
    overrides: TaskOverride | None = None
    """Overrides of the task definition."""
    group: str | None = None
    """Task group, such as ``family:…`` or ``service:…``."""
    started_by: str | None = None
    """The ``startedBy`` that it was started with; the deployment id for a task of a service."""
    enable_execute_command: Boolean | None = None
    """True if ECS Exec is enabled, so that users can run commands in the containers."""
    trusted_execution_summary: TrustedExecutionSummary | None = None
    """Isolation and attestation; None if none was requested."""
    version: Integer | None = None
    """Version counter, which grows with every change that ECS sends an event for."""
    tags: DenseList[Tag] = Field(default_factory=list[Tag])
    """Tags, up to 50; only if they were requested."""

    @property
    def state(self) -> TaskState:
        """The state, in the vocabulary that all services share.

        The stop code of a stopped task determines whether it FAILED or was CANCELLED. If the
        containers ended by themselves, it SUCCEEDED if every exit code is known and 0. The API
        does not report which containers are essential: all count, unless ``with_essential`` named
        some.
        """
        if self._essential is not None:
            return self.state_if_essential(*self._essential)
        return self._state(container.exit_code for container in self.containers)

    def with_essential(self, *names: str) -> Self:
        """Return a copy of the task whose ``state`` depends on these containers alone."""
        task = self.model_copy()
        task._essential = names  # noqa: SLF001 - it is of the same class
        return task

    def state_if_essential(self, *names: str) -> TaskState:
        """Return the state by the exit codes of the named containers alone.

        ECS does not report which containers of a task are essential (the task definition does), so
        ``state`` uses all of them. If the exit code of a sidecar does not matter, name the other
        containers here. A container that does not exist has no exit code, so the task did not
        succeed.
        """
        codes = {container.name: container.exit_code for container in self.containers}
        return self._state(codes.get(name) for name in names)

    @property
    def reason(self) -> str | None:
        """The reason for the state: of the task, then of each container.

        For example, ``Essential container in task exited; main: exit code 1``. Containers with
        exit code 0 are left out. None if there is no reason.
        """
        names = {container.name for container in self.containers}
        lost = [name for name in self._essential or () if name not in names]
        return joined(
            self.stopped_reason or self.stop_code,
            *map(_failure_of, self.containers),
            *(f"it has no container {name}" for name in lost if self.is_terminal),
        )

    def _state(self, exit_codes: Iterable[int | None]) -> TaskState:
        state = super().state
        if not state.is_terminal:
            return state
        if set(exit_codes) == {0} and self.stop_code not in _NEVER_A_SUCCESS:
            return TaskState.SUCCEEDED
        return ECS_STOP_CODES.get(self.stop_code or "", state)


def _failure_of(container: Container) -> str | None:
    """Return the exit code and reason of a container; None for exit code 0 or nothing known."""
    if container.exit_code == 0:
        return None
    code = None if container.exit_code is None else f"exit code {container.exit_code}"
    details = ", ".join(filter(None, (code, container.reason)))
    return f"{container.name or 'a container'}: {details}" if details else None


class Failure(Model):
    """A task that could not be described."""

    arn: str | None = None
    """ARN of the task."""
    reason: str | None = None
    """Short code for the reason, such as ``MISSING``."""
    detail: str | None = None
    """Details of the reason."""


class DescribedTasks(Model):
    """Requested tasks, and failures for those that could not be described.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeTasks.html
    """

    tasks: DenseList[Task] = Field(default_factory=list[Task])
    """Tasks, in the order of the request."""
    failures: DenseList[Failure] = Field(default_factory=list[Failure])
    """Tasks that could not be described, with the reasons."""
