"""Models of the overrides that a task was started with.

https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_TaskOverride.html and the pages beside
it.
"""

from __future__ import annotations

from collections.abc import Iterable

from pydantic import Field

from .._core.model import DenseList, Model
from .._core.scalars import Integer
from .containers import SharingStrategy
from .enums import EnvironmentFileType, ResourceType

__all__ = [
    "ContainerOverride",
    "EnvironmentFile",
    "EnvironmentVariable",
    "EphemeralStorage",
    "InferenceAcceleratorOverride",
    "ResourceRequirement",
    "TaskOverride",
]


class EnvironmentVariable(Model):
    """Environment variable. Sensitive: its ``repr`` leaves out name and value."""

    name: str | None = Field(default=None, repr=False)
    """Name of the variable."""
    value: str | None = Field(default=None, repr=False)
    """Value of the variable."""

    def __repr_args__(self) -> Iterable[tuple[str | None, object]]:
        """Return nothing, as members that AWS adds may be as sensitive as these."""
        return ()


class EnvironmentFile(Model):
    """File with environment variables."""

    value: str
    """ARN of the file in S3."""
    type: EnvironmentFileType
    """Location of the file."""


class ResourceRequirement(Model):
    """Resource that a container requires besides CPU and memory."""

    type: ResourceType
    """Type of the resource."""
    value: str | None = None
    """Number of GPUs, or the name of the accelerator."""
    sharing_strategy: SharingStrategy | None = None
    """Strategy for sharing it with other containers; None if it is not shared."""


class ContainerOverride(Model):
    """Overrides of one container."""

    name: str | None = None
    """Name of the container."""
    command: DenseList[str] = Field(default_factory=list[str])
    """Command, as a list of arguments."""
    environment: DenseList[EnvironmentVariable] = Field(
        default_factory=list[EnvironmentVariable], repr=False
    )
    """Added or changed environment variables. Sensitive: the ``repr`` leaves them out."""
    environment_files: DenseList[EnvironmentFile] = Field(default_factory=list[EnvironmentFile])
    """Files with environment variables."""
    cpu: Integer | None = None
    """CPU units, 1,024 per vCPU."""
    memory: Integer | None = None
    """Hard limit of the memory in mebibytes."""
    memory_reservation: Integer | None = None
    """Soft limit of the memory in mebibytes: the reserved memory."""
    resource_requirements: DenseList[ResourceRequirement] = Field(
        default_factory=list[ResourceRequirement]
    )
    """Resources besides CPU and memory."""

    def __repr_args__(self) -> Iterable[tuple[str | None, object]]:
        """Return known members only: one that AWS adds may be as sensitive as the environment."""
        known = type(self).model_fields
        return [(name, value) for name, value in super().__repr_args__() if name in known]


class InferenceAcceleratorOverride(Model):
    """Override of an accelerator of the task definition."""

    device_name: str | None = None
    """Device name of the accelerator in the task definition."""
    device_type: str | None = None
    """Type of the accelerator, such as ``eia2.medium``."""


class EphemeralStorage(Model):
    """Ephemeral storage of a task."""

    size_in_gib: Integer = Field(alias="sizeInGiB")
    """Size in gibibytes, 20 to 200."""


class TaskOverride(Model):
    """Overrides of a task's task definition."""

    container_overrides: DenseList[ContainerOverride] = Field(
        default_factory=list[ContainerOverride]
    )
    """Overrides of the containers."""
    cpu: str | None = None
    """CPU units, 1,024 per vCPU."""
    inference_accelerator_overrides: DenseList[InferenceAcceleratorOverride] = Field(
        default_factory=list[InferenceAcceleratorOverride]
    )
    """Overrides of the accelerators."""
    execution_role_arn: str | None = None
    """ARN of the task execution role, which ECS assumes to start the task."""
    memory: str | None = None
    """Memory of the task in mebibytes."""
    task_role_arn: str | None = None
    """ARN of the task role, which the containers can assume."""
    ephemeral_storage: EphemeralStorage | None = None
    """Ephemeral storage of the task."""
