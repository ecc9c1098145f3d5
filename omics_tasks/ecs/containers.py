"""Models of the containers of Amazon ECS tasks.

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
    """Binding of a container's port to a port of its host."""

    bind_ip: str | None = Field(default=None, alias="bindIP")
    """IP address of the host that the port is bound to."""
    container_port: Integer | None = None
    """Port inside the container, 1 to 65,535."""
    host_port: Integer | None = None
    """Port of the host, 1 to 65,535."""
    protocol: TransportProtocol | None = None
    """Transport protocol of the port."""
    container_port_range: str | None = None
    """Range of ports inside the container, such as ``8000-8010``; None for a single port."""
    host_port_range: str | None = None
    """Range of ports of the host that ``container_port_range`` is bound to."""


class NetworkInterface(Model):
    """Network interface of a container in ``awsvpc`` mode."""

    attachment_id: str | None = None
    """Id of the attachment of the task for this interface."""
    private_ipv4_address: str | None = None
    """Private IPv4 address."""
    ipv6_address: str | None = None
    """IPv6 address; None if it has none."""


class ManagedAgent(Model):
    """Managed agent, a program that ECS runs inside a container."""

    name: ManagedAgentName | None = None
    """Name of the agent."""
    last_status: str | None = None
    """Last known status of the agent, such as ``RUNNING``."""
    reason: str | None = None
    """Reason for the status."""
    last_started_at: EpochTimestamp | None = None
    """Time of the latest start."""


class NvidiaMpsAllocation(Model):
    """Share of a GPU by NVIDIA's Multi-Process Service (MPS)."""

    memory: Integer
    """GPU memory in mebibytes, 1 or more."""
    max_compute_percent: Integer | None = None
    """Maximum share of the GPU's compute capacity, 1 to 100 percent."""


class SharingStrategy(Model):
    """Strategy for sharing a GPU: exactly one member is set."""

    nvidia_mps: NvidiaMpsAllocation | None = None
    """Sharing by NVIDIA's Multi-Process Service."""


class Container(Model):
    """A container of a task."""

    container_arn: str | None = None
    """ARN of the container."""
    task_arn: str | None = None
    """ARN of the container's task."""
    name: str | None = None
    """Name of the container in the task definition."""
    image: str | None = None
    """Container image, as in the task definition."""
    image_digest: str | None = None
    """Digest of the image."""
    runtime_id: str | None = None
    """Id of the container in its runtime, such as Docker."""
    last_status: str | None = None
    """Last known status of the container, such as ``RUNNING``."""
    exit_code: Integer | None = None
    """Exit code of the main process; None before its end, or if ECS doesn't know it."""
    reason: str | None = None
    """Further details of a running or stopped container, up to 1,024 characters."""
    network_bindings: DenseList[NetworkBinding] = Field(default_factory=list[NetworkBinding])
    """Bindings of the container's ports to ports of its host."""
    network_interfaces: DenseList[NetworkInterface] = Field(default_factory=list[NetworkInterface])
    """Network interfaces of the container."""
    health_status: HealthStatus | None = None
    """Result of the health check; UNKNOWN if there is none."""
    managed_agents: DenseList[ManagedAgent] = Field(default_factory=list[ManagedAgent])
    """Managed agents, programs that ECS runs inside the container."""
    cpu: str | None = None
    """CPU units, 1,024 per vCPU; ``0`` if the task definition sets none."""
    memory: str | None = None
    """Hard limit of the memory in mebibytes."""
    memory_reservation: str | None = None
    """Soft limit of the memory in mebibytes: the reserved memory."""
    gpu_ids: DenseList[str] = Field(default_factory=list[str])
    """Ids of the container's GPUs."""
    neuron_device_ids: DenseList[str] = Field(default_factory=list[str])
    """Ids of the container's Neuron devices."""
    gpu_sharing_strategy: SharingStrategy | None = None
    """Strategy for sharing the GPU; None if it is not shared."""
