"""What Amazon ECS says of the containers of a task.

https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Container.html and the pages beside
it.
"""

from __future__ import annotations

from pydantic import Field

from .._core.model import DenseList, Model
from .._core.scalars import EpochTimestamp, Integer
from .enums import HealthStatus, ManagedAgentName, TransportProtocol

__all__ = [
    "Container",
    "ManagedAgent",
    "NetworkBinding",
    "NetworkInterface",
    "NvidiaMpsAllocation",
    "SharingStrategy",
]


class NetworkBinding(Model):
    """A port of a container, and where its machine has it."""

    bind_ip: str | None = Field(default=None, alias="bindIP")
    """Address of the machine that the port is bound to."""
    container_port: Integer | None = None
    """Port inside the container, 1 to 65,535."""
    host_port: Integer | None = None
    """Port of the machine, 1 to 65,535."""
    protocol: TransportProtocol | None = None
    """How the port is spoken to."""
    container_port_range: str | None = None
    """Ports inside the container, such as ``8000-8010``, where they are a range."""
    host_port_range: str | None = None
    """Ports of the machine that this range is bound to."""


class NetworkInterface(Model):
    """A container's place in the account's own network."""

    attachment_id: str | None = None
    """Id of the task's attachment that it is."""
    private_ipv4_address: str | None = None
    """Its private IPv4 address."""
    ipv6_address: str | None = None
    """Its IPv6 address, if it has one."""


class ManagedAgent(Model):
    """A program that ECS runs inside a container."""

    name: ManagedAgentName | None = None
    """Which one it is."""
    last_status: str | None = None
    """What it was seen doing last, such as ``RUNNING``."""
    reason: str | None = None
    """Why it does that."""
    last_started_at: EpochTimestamp | None = None
    """When it was last started."""


class NvidiaMpsAllocation(Model):
    """A share of a GPU, as NVIDIA's multi-process service hands it out."""

    memory: Integer
    """Memory of the GPU in mebibytes, 1 or more."""
    max_compute_percent: Integer | None = None
    """How much of the GPU's computing it may use at most, 1 to 100 percent."""


class SharingStrategy(Model):
    """How a container shares a GPU: the member that is set says it."""

    nvidia_mps: NvidiaMpsAllocation | None = None
    """By NVIDIA's multi-process service."""


class Container(Model):
    """A container of a task."""

    container_arn: str | None = None
    """ARN of the container."""
    task_arn: str | None = None
    """ARN of its task."""
    name: str | None = None
    """Name that the task definition gives it."""
    image: str | None = None
    """Image that it runs, as the task definition has it."""
    image_digest: str | None = None
    """Digest of that image."""
    runtime_id: str | None = None
    """Id that its runtime, such as Docker, gives it."""
    last_status: str | None = None
    """What it was seen doing last, such as ``RUNNING``."""
    exit_code: Integer | None = None
    """Exit code of its main process; None before it ended, and where ECS doesn't know it."""
    reason: str | None = None
    """What ECS has to add to that, up to 1,024 characters."""
    network_bindings: DenseList[NetworkBinding] = Field(default_factory=list[NetworkBinding])
    """Its ports, and where the machine has them."""
    network_interfaces: DenseList[NetworkInterface] = Field(default_factory=list[NetworkInterface])
    """Its places in the account's own network."""
    health_status: HealthStatus | None = None
    """What its health check comes to; UNKNOWN where there is none."""
    managed_agents: DenseList[ManagedAgent] = Field(default_factory=list[ManagedAgent])
    """The programs that ECS runs inside it."""
    cpu: str | None = None
    """Its CPU units, of 1,024 a processor; ``0`` where the task definition has none for it."""
    memory: str | None = None
    """Its memory in mebibytes at most."""
    memory_reservation: str | None = None
    """Memory in mebibytes that is kept for it."""
    gpu_ids: DenseList[str] = Field(default_factory=list[str])
    """Ids of the GPUs that it has."""
    neuron_device_ids: DenseList[str] = Field(default_factory=list[str])
    """Ids of the Neuron devices that it has."""
    gpu_sharing_strategy: SharingStrategy | None = None
    """How it shares its GPU; None where it doesn't."""
