"""Enums of HealthOmics.

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
    """Status of a run."""

    PENDING = "PENDING"
    """It is queued."""
    STARTING = "STARTING"
    """Its resources are being prepared."""
    RUNNING = "RUNNING"
    """Its tasks are running."""
    STOPPING = "STOPPING"
    """Its tasks are done, and the outputs are being exported; COMPLETED follows."""
    COMPLETED = "COMPLETED"
    """It succeeded, and its outputs have been exported."""
    DELETED = "DELETED"
    """It was deleted."""
    CANCELLED = "CANCELLED"
    """It was cancelled."""
    FAILED = "FAILED"
    """It failed."""


class RunTaskStatus(OpenEnum):
    """Status of a task of a run."""

    PENDING = "PENDING"
    """It is queued."""
    STARTING = "STARTING"
    """Its instance is being prepared."""
    RUNNING = "RUNNING"
    """It is running."""
    STOPPING = "STOPPING"
    """It is done, or is being stopped."""
    COMPLETED = "COMPLETED"
    """It succeeded."""
    CANCELLED = "CANCELLED"
    """It was cancelled."""
    FAILED = "FAILED"
    """It failed."""


class WorkflowType(OpenEnum):
    """Owner of a workflow."""

    PRIVATE = "PRIVATE"
    """A workflow of the account, or one that was shared with it."""
    READY2RUN = "READY2RUN"
    """A workflow that AWS publishes, ready to run."""


class RunLogLevel(OpenEnum):
    """Log level of a run."""

    OFF = "OFF"
    """Log nothing."""
    FATAL = "FATAL"
    """Log fatal errors only."""
    ERROR = "ERROR"
    """Log all errors."""
    ALL = "ALL"
    """Log everything."""


class Accelerators(OpenEnum):
    """Accelerators of a workflow."""

    GPU = "GPU"
    """GPUs."""


class RunRetentionMode(OpenEnum):
    """Retention of run records once the account has reached its maximum number of runs."""

    RETAIN = "RETAIN"
    """Keep the record until someone deletes it; no further run can start."""
    REMOVE = "REMOVE"
    """Remove records for newer runs, the oldest first."""


class StorageType(OpenEnum):
    """Storage type of a run."""

    STATIC = "STATIC"
    """Storage of the size that was requested."""
    DYNAMIC = "DYNAMIC"
    """Storage that grows and shrinks with the run."""


class CacheBehavior(OpenEnum):
    """Condition for writing the finished tasks of a run to its cache."""

    CACHE_ON_FAILURE = "CACHE_ON_FAILURE"
    """Cache the tasks of a failed run only."""
    CACHE_ALWAYS = "CACHE_ALWAYS"
    """Cache the tasks of every run."""


class NetworkingMode(OpenEnum):
    """Network access of a run's tasks."""

    RESTRICTED = "RESTRICTED"
    """Only storage and container images in the run's Region."""
    VPC = "VPC"
    """Everything that the account's own VPC can reach."""


class ScratchStorageMode(OpenEnum):
    """Location of the temporary files of a run's tasks."""

    LOCAL = "LOCAL"
    """On each task's own instance."""
    SHARED = "SHARED"
    """On the run's file system, shared by its tasks."""


class RunOutputUriPrefixMode(OpenEnum):
    """Naming of a run's outputs below its output URI."""

    SERVICE_DEFINED = "SERVICE_DEFINED"
    """In a folder for each run."""
    NONE_WITH_OVERWRITE = "NONE_WITH_OVERWRITE"
    """Directly below the output URI; objects of the same name are overwritten."""
