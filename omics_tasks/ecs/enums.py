"""Enums of Amazon ECS tasks.

https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Task.html and the pages beside it.
"""

from __future__ import annotations

from .._core.model import OpenEnum

__all__ = [
    "AttestationPolicyStatus",
    "Connectivity",
    "DesiredStatus",
    "EnvironmentFileType",
    "HealthStatus",
    "IsolationMode",
    "LaunchType",
    "ManagedAgentName",
    "ResourceType",
    "TargetType",
    "TaskStopCode",
    "TransportProtocol",
]


class DesiredStatus(OpenEnum):
    """Desired status of a task."""

    RUNNING = "RUNNING"
    """ECS keeps it running."""
    PENDING = "PENDING"
    """Valid as a filter, but matches no task: ECS never sets this desired status."""
    STOPPED = "STOPPED"
    """ECS is stopping it, or has stopped it."""


class LaunchType(OpenEnum):
    """Launch type of a task: the infrastructure that it runs on."""

    EC2 = "EC2"
    """EC2 instances that the account manages."""
    FARGATE = "FARGATE"
    """AWS Fargate: serverless, managed by AWS."""
    EXTERNAL = "EXTERNAL"
    """The account's own servers or VMs outside AWS."""
    MANAGED_INSTANCES = "MANAGED_INSTANCES"
    """EC2 instances in the account that ECS manages."""


class TaskStopCode(OpenEnum):
    """Code for the cause of a task's stop."""

    TASK_FAILED_TO_START = "TaskFailedToStart"
    """It never ran: an image, a network or an instance was not available."""
    ESSENTIAL_CONTAINER_EXITED = "EssentialContainerExited"
    """An essential container exited, with success or not."""
    USER_INITIATED = "UserInitiated"
    """A user stopped it."""
    SERVICE_SCHEDULER_INITIATED = "ServiceSchedulerInitiated"
    """The scheduler of its ECS service stopped it."""
    SPOT_INTERRUPTION = "SpotInterruption"
    """AWS reclaimed its Spot capacity."""
    TERMINATION_NOTICE = "TerminationNotice"
    """Its instance was about to be terminated."""
    INFRASTRUCTURE_HEALTH = "InfrastructureHealth"
    """Its infrastructure was unhealthy."""


class Connectivity(OpenEnum):
    """Connectivity between ECS and a task."""

    CONNECTED = "CONNECTED"
    """ECS and the task are connected."""
    DISCONNECTED = "DISCONNECTED"
    """The connection is lost."""


class HealthStatus(OpenEnum):
    """Health of a container, or of a task by its essential containers."""

    HEALTHY = "HEALTHY"
    """The latest health check passed."""
    UNHEALTHY = "UNHEALTHY"
    """The health checks failed."""
    UNKNOWN = "UNKNOWN"
    """The health is being determined, or there is no health check."""


class TransportProtocol(OpenEnum):
    """Transport protocol of a port."""

    TCP = "tcp"
    """TCP."""
    UDP = "udp"
    """UDP."""


class ManagedAgentName(OpenEnum):
    """Name of a managed agent, a program that ECS runs inside a container."""

    EXECUTE_COMMAND_AGENT = "ExecuteCommandAgent"
    """The agent of ECS Exec, which runs users' commands in the container."""


class ResourceType(OpenEnum):
    """Type of a resource that a container can require besides CPU and memory."""

    GPU = "GPU"
    """GPUs."""
    INFERENCE_ACCELERATOR = "InferenceAccelerator"
    """An Amazon Elastic Inference accelerator."""
    NEURON_DEVICE = "NeuronDevice"
    """An AWS Inferentia or Trainium device."""


class EnvironmentFileType(OpenEnum):
    """Location of a file with environment variables."""

    S3 = "s3"
    """Amazon S3."""


class TargetType(OpenEnum):
    """Type of the target of an attribute."""

    CONTAINER_INSTANCE = "container-instance"
    """A container instance, which tasks run on."""


class IsolationMode(OpenEnum):
    """Isolation of a task from other tasks on its instance."""

    SHARED = "SHARED"
    """It shares the instance with other tasks."""
    ISOLATED_SANDBOX = "ISOLATED_SANDBOX"
    """It runs in its own sandbox."""
    CONFIDENTIAL_SANDBOX = "CONFIDENTIAL_SANDBOX"
    """It runs in its own sandbox, which supports attestation."""


class AttestationPolicyStatus(OpenEnum):
    """Status of a task's attestation policy."""

    CONFIGURED = "CONFIGURED"
    """A policy is configured."""
