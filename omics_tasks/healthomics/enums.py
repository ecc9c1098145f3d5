"""The words that HealthOmics has for what can be one thing or another.

https://docs.aws.amazon.com/omics/latest/api/API_GetRun.html and the pages beside it.
"""

from __future__ import annotations

from .._core.model import OpenEnum

__all__ = [
    "Accelerators",
    "CacheBehavior",
    "NetworkingMode",
    "RunLogLevel",
    "RunOutputUriPrefixMode",
    "RunRetentionMode",
    "RunStatus",
    "RunTaskStatus",
    "ScratchStorageMode",
    "StorageType",
    "WorkflowType",
]


class RunStatus(OpenEnum):
    """Where a run is in its life."""

    PENDING = "PENDING"
    """It waits for its turn."""
    STARTING = "STARTING"
    """What it needs is being prepared."""
    RUNNING = "RUNNING"
    """Its tasks run."""
    STOPPING = "STOPPING"
    """The tasks are done, and the outputs are being exported; COMPLETED follows."""
    COMPLETED = "COMPLETED"
    """It succeeded, and its outputs are exported."""
    DELETED = "DELETED"
    """It was deleted."""
    CANCELLED = "CANCELLED"
    """It was cancelled."""
    FAILED = "FAILED"
    """It failed."""


class RunTaskStatus(OpenEnum):
    """Where a task of a run is in its life."""

    PENDING = "PENDING"
    """It waits for its turn."""
    STARTING = "STARTING"
    """Its machine is being prepared."""
    RUNNING = "RUNNING"
    """It runs."""
    STOPPING = "STOPPING"
    """It is done, or is being stopped."""
    COMPLETED = "COMPLETED"
    """It succeeded."""
    CANCELLED = "CANCELLED"
    """It was cancelled."""
    FAILED = "FAILED"
    """It failed."""


class WorkflowType(OpenEnum):
    """Whose workflow it is."""

    PRIVATE = "PRIVATE"
    """The account's own, or one that was shared with it."""
    READY2RUN = "READY2RUN"
    """One that AWS publishes, ready to use."""


class RunLogLevel(OpenEnum):
    """How much a run logs."""

    OFF = "OFF"
    """It logs nothing."""
    FATAL = "FATAL"
    """It logs fatal errors."""
    ERROR = "ERROR"
    """It logs all errors."""
    ALL = "ALL"
    """It logs everything."""


class Accelerators(OpenEnum):
    """What a workflow computes with besides processors."""

    GPU = "GPU"
    """Graphics processors."""


class RunRetentionMode(OpenEnum):
    """What becomes of a run's record once the account has as many as it may keep."""

    RETAIN = "RETAIN"
    """It is kept until someone deletes it, and no further run starts."""
    REMOVE = "REMOVE"
    """It makes room for newer runs, the oldest first."""


class StorageType(OpenEnum):
    """How a run's storage gets its size."""

    STATIC = "STATIC"
    """It is as large as was asked for."""
    DYNAMIC = "DYNAMIC"
    """It grows and shrinks with the run."""


class CacheBehavior(OpenEnum):
    """When a run's finished tasks go into its cache."""

    CACHE_ON_FAILURE = "CACHE_ON_FAILURE"
    """When the run fails."""
    CACHE_ALWAYS = "CACHE_ALWAYS"
    """In every run."""


class NetworkingMode(OpenEnum):
    """What a run's tasks can reach over the network."""

    RESTRICTED = "RESTRICTED"
    """Storage and container images in the run's Region alone."""
    VPC = "VPC"
    """What the account's own network reaches."""


class ScratchStorageMode(OpenEnum):
    """Where a run's tasks keep their temporary files."""

    LOCAL = "LOCAL"
    """On each task's own machine."""
    SHARED = "SHARED"
    """On the run's file system."""


class RunOutputUriPrefixMode(OpenEnum):
    """How a run's outputs are named below its output URI."""

    SERVICE_DEFINED = "SERVICE_DEFINED"
    """In a folder of the run's own."""
    NONE_WITH_OVERWRITE = "NONE_WITH_OVERWRITE"
    """Right below it; what is there by that name is replaced."""
