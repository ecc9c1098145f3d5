"""The words that Amazon ECS uses of tasks.

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
    """What ECS means a task to be."""

    RUNNING = "RUNNING"
    """It is to run."""
    PENDING = "PENDING"
    """Valid as a filter, and matches nothing: ECS never means a task to be pending."""
    STOPPED = "STOPPED"
    """It is to stop, or has stopped."""


class LaunchType(OpenEnum):
    """What kind of machine a task runs on."""

    EC2 = "EC2"
    """The account's own EC2 instances."""
    FARGATE = "FARGATE"
    """Machines that AWS runs."""
    EXTERNAL = "EXTERNAL"
    """The account's own machines outside AWS."""
    MANAGED_INSTANCES = "MANAGED_INSTANCES"
    """EC2 instances of the account that ECS runs."""


class TaskStopCode(OpenEnum):
    """What stopped a task."""

    TASK_FAILED_TO_START = "TaskFailedToStart"
    """It never ran: an image, a network or a machine was not to be had."""
    ESSENTIAL_CONTAINER_EXITED = "EssentialContainerExited"
    """A container that the task can't be without ended, well or badly."""
    USER_INITIATED = "UserInitiated"
    """Somebody stopped it."""
    SERVICE_SCHEDULER_INITIATED = "ServiceSchedulerInitiated"
    """The ECS service that it belonged to had no more use for it."""
    SPOT_INTERRUPTION = "SpotInterruption"
    """AWS took back the spare capacity that it ran on."""
    TERMINATION_NOTICE = "TerminationNotice"
    """The instance that it ran on was about to end."""
    INFRASTRUCTURE_HEALTH = "InfrastructureHealth"
    """What it ran on was not healthy any more."""


class Connectivity(OpenEnum):
    """Whether ECS and a task's machine are in touch."""

    CONNECTED = "CONNECTED"
    """They are."""
    DISCONNECTED = "DISCONNECTED"
    """They are not."""


class HealthStatus(OpenEnum):
    """What the health checks of a container, or of a task's essential containers, come to."""

    HEALTHY = "HEALTHY"
    """The last check passed."""
    UNHEALTHY = "UNHEALTHY"
    """The checks failed."""
    UNKNOWN = "UNKNOWN"
    """Being found out, or never checked."""


class TransportProtocol(OpenEnum):
    """How a port is spoken to."""

    TCP = "tcp"
    """By TCP."""
    UDP = "udp"
    """By UDP."""


class ManagedAgentName(OpenEnum):
    """A program that ECS runs inside a container."""

    EXECUTE_COMMAND_AGENT = "ExecuteCommandAgent"
    """The one that lets people run commands there."""


class ResourceType(OpenEnum):
    """What a container can be given besides processors and memory."""

    GPU = "GPU"
    """Graphics processors."""
    INFERENCE_ACCELERATOR = "InferenceAccelerator"
    """An accelerator of Amazon Elastic Inference."""
    NEURON_DEVICE = "NeuronDevice"
    """An AWS Inferentia or Trainium device."""


class EnvironmentFileType(OpenEnum):
    """Where a file with environment variables is."""

    S3 = "s3"
    """In Amazon S3."""


class TargetType(OpenEnum):
    """What an attribute can be attached to."""

    CONTAINER_INSTANCE = "container-instance"
    """A machine that tasks run on."""


class IsolationMode(OpenEnum):
    """How far a task is kept apart from others on its machine."""

    SHARED = "SHARED"
    """It shares the machine."""
    ISOLATED_SANDBOX = "ISOLATED_SANDBOX"
    """It has a sandbox of its own."""
    CONFIDENTIAL_SANDBOX = "CONFIDENTIAL_SANDBOX"
    """It has a sandbox of its own that can prove what it is."""


class AttestationPolicyStatus(OpenEnum):
    """Whether there are rules for how a task proves what it is."""

    CONFIGURED = "CONFIGURED"
    """There are."""
