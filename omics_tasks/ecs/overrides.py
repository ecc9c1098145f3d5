"""What a task was started with in place of what its task definition says.

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
    """An environment variable. Sensitive: name and value are left out of the ``repr``."""

    name: str | None = Field(default=None, repr=False)
    """Its name."""
    value: str | None = Field(default=None, repr=False)
    """Its value."""

    def __repr_args__(self) -> Iterable[tuple[str | None, object]]:
        """Nothing: a member that AWS adds is as sensitive as these."""
        return ()


class EnvironmentFile(Model):
    """A file with environment variables."""

    value: str
    """ARN of the file in S3."""
    type: EnvironmentFileType
    """Where the file is."""


class ResourceRequirement(Model):
    """What a container is given besides processors and memory."""

    type: ResourceType
    """What it is."""
    value: str | None = None
    """How many GPUs; or the name of the accelerator."""
    sharing_strategy: SharingStrategy | None = None
    """How it is shared with other containers; None where it isn't."""


class ContainerOverride(Model):
    """What one container was started with."""

    name: str | None = None
    """Name of the container."""
    command: DenseList[str] = Field(default_factory=list[str])
    """Its command, word by word."""
    environment: DenseList[EnvironmentVariable] = Field(
        default_factory=list[EnvironmentVariable], repr=False
    )
    """Environment variables, added or changed. Sensitive: left out of the ``repr``."""
    environment_files: DenseList[EnvironmentFile] = Field(default_factory=list[EnvironmentFile])
    """Files with environment variables."""
    cpu: Integer | None = None
    """Its CPU units, of 1,024 a processor."""
    memory: Integer | None = None
    """Its memory in mebibytes at most."""
    memory_reservation: Integer | None = None
    """Memory in mebibytes that is kept for it."""
    resource_requirements: DenseList[ResourceRequirement] = Field(
        default_factory=list[ResourceRequirement]
    )
    """What it is given besides these."""

    def __repr_args__(self) -> Iterable[tuple[str | None, object]]:
        """What is known: a member that AWS adds may be as sensitive as the environment."""
        known = type(self).model_fields
        return [(name, value) for name, value in super().__repr_args__() if name in known]


class InferenceAcceleratorOverride(Model):
    """An accelerator in place of one of the task definition's."""

    device_name: str | None = None
    """Name that the task definition has for it."""
    device_type: str | None = None
    """Kind of accelerator, such as ``eia2.medium``."""


class EphemeralStorage(Model):
    """Storage that lasts as long as a task."""

    size_in_gib: Integer = Field(alias="sizeInGiB")
    """Its size in gibibytes, 20 to 200."""


class TaskOverride(Model):
    """What a task was started with in place of what its task definition says."""

    container_overrides: DenseList[ContainerOverride] = Field(
        default_factory=list[ContainerOverride]
    )
    """What its containers were started with."""
    cpu: str | None = None
    """Its CPU units, of 1,024 a processor."""
    inference_accelerator_overrides: DenseList[InferenceAcceleratorOverride] = Field(
        default_factory=list[InferenceAcceleratorOverride]
    )
    """Its accelerators."""
    execution_role_arn: str | None = None
    """ARN of the role that ECS acts as to start it."""
    memory: str | None = None
    """Its memory in mebibytes."""
    task_role_arn: str | None = None
    """ARN of the role that its containers can act as."""
    ephemeral_storage: EphemeralStorage | None = None
    """Its storage."""
