"""What Amazon ECS says of tasks.

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


# Exit codes count only where the containers ended by themselves.
_NEVER_A_SUCCESS = ECS_STOP_CODES.keys() - {TaskStopCode.ESSENTIAL_CONTAINER_EXITED}


class KeyValuePair(Model):
    """A name and what it stands for."""

    name: str | None = None
    """The name."""
    value: str | None = None
    """What it stands for."""


class Attachment(Model):
    """What is attached to a task: a network interface, a volume and the like."""

    id: str | None = None
    """Its id."""
    type: str | None = None
    """What it is, such as ``ElasticNetworkInterface``."""
    status: str | None = None
    """How far it is, such as ``ATTACHED``."""
    details: DenseList[KeyValuePair] = Field(default_factory=list[KeyValuePair])
    """What there is to know of it, such as its subnet."""


class Attribute(Model):
    """Something that is true of a task, and that ECS can place it by."""

    name: str
    """Its name, 1 to 128 characters."""
    value: str | None = None
    """Its value, 1 to 128 characters."""
    target_type: TargetType | None = None
    """What it is attached to."""
    target_id: str | None = None
    """Id or ARN of what it is attached to."""


class InferenceAccelerator(Model):
    """An accelerator of a task."""

    device_name: str
    """Name that the task definition has for it."""
    device_type: str
    """Kind of accelerator, such as ``eia2.medium``."""


class TaskEphemeralStorage(Model):
    """Storage on Fargate that lasts as long as a task."""

    size_in_gib: Integer | None = Field(default=None, alias="sizeInGiB")
    """Its size in gibibytes, 20 to 200."""
    kms_key_id: str | None = None
    """Id of the key that it is encrypted with, if it is one of the account's own."""


class TrustedExecutionSummary(Model):
    """How a task is kept apart from others on its machine."""

    isolation_mode: IsolationMode
    """How far."""
    attestation_policy_status: AttestationPolicyStatus | None = None
    """Whether there are rules for how it proves what it is."""


class Tag(Model):
    """A tag."""

    key: str | None = None
    """Its key, 1 to 128 characters."""
    value: str | None = None
    """Its value, up to 256 characters."""


class Task(Lifecycle):
    """A task: one or several containers that run together.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Task.html
    """

    _status_map: ClassVar[StatusMap] = ECS_TASK
    _essential: tuple[str, ...] | None = None

    task_arn: TaskArn
    """ARN of the task, which knows its id and its cluster's name."""
    cluster_arn: str | None = None
    """ARN of its cluster."""
    task_definition_arn: str | None = None
    """ARN of what it was made from."""
    last_status: str | None = None
    """Where it was seen in its life: PROVISIONING, PENDING, ACTIVATING, RUNNING, DEACTIVATING,
    STOPPING, DEPROVISIONING, STOPPED or DELETED."""
    desired_status: str | None = None
    """What ECS means it to be: RUNNING or STOPPED."""
    containers: DenseList[Container] = Field(default_factory=list[Container])
    """Its containers."""
    stop_code: TaskStopCode | None = None
    """What stopped it; None before."""
    stopped_reason: str | None = None
    """Why it was stopped, in words."""
    created_at: EpochTimestamp | None = None
    """When it was created."""
    pull_started_at: EpochTimestamp | None = None
    """When the pull of its images began."""
    pull_stopped_at: EpochTimestamp | None = None
    """When its images were there."""
    started_at: EpochTimestamp | None = None
    """When it started; None before."""
    stopping_at: EpochTimestamp | None = None
    """When it began to stop; None before."""
    execution_stopped_at: EpochTimestamp | None = None
    """When its containers had stopped; None before."""
    stopped_at: EpochTimestamp | None = None
    """When it had stopped; None before."""
    connectivity: Connectivity | None = None
    """Whether ECS and its machine are in touch."""
    connectivity_at: EpochTimestamp | None = None
    """When they last came to be in touch."""
    health_status: HealthStatus | None = None
    """What the health checks of its essential containers come to."""
    launch_type: LaunchType | None = None
    """What kind of machine it runs on."""
    capacity_provider_name: str | None = None
    """What gave it its machine, where it was started with a capacity provider."""
    container_instance_arn: str | None = None
    """ARN of the container instance that it is on; None on Fargate."""
    availability_zone: str | None = None
    """Availability zone that it is in."""
    platform_family: str | None = None
    """Operating system that it has on Fargate, such as ``Linux``."""
    platform_version: str | None = None
    """Version of Fargate that it runs on, such as ``1.4.0``."""
    cpu: str | None = None
    """Its CPU units, of 1,024 a processor."""
    memory: str | None = None
    """Its memory in mebibytes."""
    ephemeral_storage: EphemeralStorage | None = None
    """Its storage, as it was asked for."""
    fargate_ephemeral_storage: TaskEphemeralStorage | None = None
    """Its storage on Fargate, as it is."""
    inference_accelerators: DenseList[InferenceAccelerator] = Field(
        default_factory=list[InferenceAccelerator]
    )
    """Its accelerators."""
    attachments: DenseList[Attachment] = Field(default_factory=list[Attachment])
    """Its network interface, its volumes and the like."""
    attributes: DenseList[Attribute] = Field(default_factory=list[Attribute])
    """What is true of it, and what ECS can place it by."""
    overrides: TaskOverride | None = None
    """What it was started with in place of what its task definition says."""
    group: str | None = None
    """Group that it belongs to, such as ``family:…`` or ``service:…``."""
    started_by: str | None = None
    """What it was started with as ``startedBy``; of an ECS service's task, the deployment's id."""
    enable_execute_command: Boolean | None = None
    """Whether people can run commands in its containers."""
    trusted_execution_summary: TrustedExecutionSummary | None = None
    """How it is kept apart from others; None where nothing was asked for."""
    version: Integer | None = None
    """Number that grows with each change that ECS tells of as an event."""
    tags: DenseList[Tag] = Field(default_factory=list[Tag])
    """Tags, up to 50; only where they were asked for."""

    @property
    def state(self) -> TaskState:
        """Where it is in its life, in words that all services share.

        The stop code of a stopped task says whether it FAILED or was CANCELLED. Where containers
        ended by themselves, it SUCCEEDED if every exit code is known and 0. The API doesn't tell
        which containers are essential: all count as such, unless ``with_essential`` named some.
        """
        if self._essential is not None:
            return self.state_if_essential(*self._essential)
        return self._state(container.exit_code for container in self.containers)

    def with_essential(self, *names: str) -> Self:
        """Return the same task with a ``state`` that is judged by these containers alone."""
        task = self.model_copy()
        task._essential = names  # noqa: SLF001 - it is of the same class
        return task

    def state_if_essential(self, *names: str) -> TaskState:
        """The state, judged by the containers of these names alone.

        ECS doesn't say with a task which of its containers are essential (its task definition
        does), so that ``state`` takes all for it. Where a sidecar may end as it likes, name the
        others here. A container that isn't there has no exit code, and so no success.
        """
        codes = {container.name: container.exit_code for container in self.containers}
        return self._state(codes.get(name) for name in names)

    @property
    def reason(self) -> str | None:
        """Why it is in its state: what ECS says of the task, then of each container.

        ``Essential container in task exited; main: exit code 1``. A container whose exit code is 0
        is not mentioned; None where there is nothing to say.
        """
        names = {container.name for container in self.containers}
        lost = [name for name in self._essential or () if name not in names]
        return joined(
            self.stopped_reason or self.stop_code,
            *map(_trouble, self.containers),
            *(f"it has no container {name}" for name in lost if self.is_terminal),
        )

    def _state(self, exit_codes: Iterable[int | None]) -> TaskState:
        state = super().state
        if not state.is_terminal:
            return state
        if set(exit_codes) == {0} and self.stop_code not in _NEVER_A_SUCCESS:
            return TaskState.SUCCEEDED
        return ECS_STOP_CODES.get(self.stop_code or "", state)


def _trouble(container: Container) -> str | None:
    """What there is to say of a container."""
    if container.exit_code == 0:
        return None
    code = None if container.exit_code is None else f"exit code {container.exit_code}"
    said = ", ".join(filter(None, (code, container.reason)))
    return f"{container.name or 'a container'}: {said}" if said else None


class Failure(Model):
    """A task that could not be described."""

    arn: str | None = None
    """ARN of the task."""
    reason: str | None = None
    """Short code for why, such as ``MISSING``."""
    detail: str | None = None
    """What ECS has to add to that."""


class DescribedTasks(Model):
    """What was found of the tasks that were asked for, and what was not.

    https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DescribeTasks.html
    """

    tasks: DenseList[Task] = Field(default_factory=list[Task])
    """The tasks, in the order in which they were asked for."""
    failures: DenseList[Failure] = Field(default_factory=list[Failure])
    """Those that could not be described, and why."""
