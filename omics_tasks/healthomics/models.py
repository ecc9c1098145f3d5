"""What HealthOmics says of runs and their tasks.

https://docs.aws.amazon.com/omics/latest/api/API_GetRun.html and the pages beside it.
"""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field, JsonValue

from .._core.lifecycle import Lifecycle, joined
from .._core.model import DenseList, DenseMap, Model
from .._core.scalars import Boolean, Integer, Timestamp
from .._core.status_map import RUN, RUN_TASK, StatusMap
from .enums import (
    Accelerators,
    CacheBehavior,
    NetworkingMode,
    RunLogLevel,
    RunOutputUriPrefixMode,
    RunRetentionMode,
    RunStatus,
    RunTaskStatus,
    ScratchStorageMode,
    StorageType,
    WorkflowType,
)

__all__ = [
    "ConfigurationDetails",
    "ImageDetails",
    "Run",
    "RunLogLocation",
    "RunSummary",
    "RunTask",
    "RunTaskSummary",
    "VpcConfig",
]


class RunLogLocation(Model):
    """Where a run's logs are, in CloudWatch Logs."""

    engine_log_stream: str | None = None
    """ARN of the log stream of the workflow engine."""
    run_log_stream: str | None = None
    """ARN of the log stream of the run itself."""


class ConfigurationDetails(Model):
    """The saved configuration that a run was started with."""

    name: str | None = None
    """Its name, 1 to 128 characters."""
    arn: str | None = None
    """Its ARN, up to 190 characters."""
    uuid: str | None = None
    """Its id that is never used again, up to 128 characters."""


class VpcConfig(Model):
    """The network that a run's tasks are attached to."""

    security_group_ids: DenseList[str] = Field(default_factory=list[str])
    """Ids of the security groups, ``sg-…``."""
    subnet_ids: DenseList[str] = Field(default_factory=list[str])
    """Ids of the subnets, ``subnet-…``."""
    vpc_id: str | None = None
    """Id of the VPC, ``vpc-…``."""
    vpc_owner_account_id: str | None = None
    """Account that owns the VPC, 12 digits."""


class Run(Lifecycle):
    """A workflow run.

    https://docs.aws.amazon.com/omics/latest/api/API_GetRun.html
    """

    _status_map: ClassVar[StatusMap] = RUN

    id: str
    """Id of the run, up to 18 digits. It may be used again once the run is deleted."""
    arn: str | None = None
    """ARN of the run, up to 128 characters."""
    uuid: str | None = None
    """Id of the run that is never used again, up to 128 characters."""
    run_id: str | None = None
    """A run's id, up to 18 digits. The API doesn't say how it differs from ``id``."""
    name: str | None = None
    """Name that it was given, up to 128 characters."""
    status: RunStatus | None = None
    """Where it is in its life."""
    status_message: str | None = None
    """What the service has to add to the status."""
    failure_reason: str | None = None
    """Short code for why it failed, up to 64 characters."""
    creation_time: Timestamp | None = None
    """When it was created."""
    start_time: Timestamp | None = None
    """When it started; None before."""
    stop_time: Timestamp | None = None
    """When it stopped; None before."""
    started_by: str | None = None
    """ARN of who started it, up to 128 characters."""
    workflow_id: str | None = None
    """Id of its workflow, up to 18 digits."""
    workflow_type: WorkflowType | None = None
    """Whose workflow that is."""
    workflow_version_name: str | None = None
    """Version of the workflow, up to 64 characters."""
    workflow_owner_id: str | None = None
    """Account that owns the workflow, 12 digits."""
    workflow_uuid: str | None = None
    """Id of the workflow that is never used again."""
    engine_version: str | None = None
    """Version of Nextflow that it ran with, such as ``24.10.8``; None in other languages."""
    definition: str | None = None
    """The workflow's definition, up to 256 characters; only where the export was asked for."""
    digest: str | None = None
    """Checksum of the definition, up to 64 characters."""
    parameters: JsonValue = None
    """What the run was given to work on: free JSON, as the workflow wants it."""
    parameters_uri: str | None = Field(default=None, repr=False)
    """Where the parameters are, up to 8,192 characters; only of a run that was started with a URI.

    This is a presigned HTTPS URL, or the S3 URI that the run was started with. A presigned URL
    grants access until it expires, so it is left out of the ``repr``.
    """
    engine_settings: JsonValue = None
    """Settings for the workflow engine: free JSON."""
    resource_digests: DenseMap[str] = Field(default_factory=dict[str, str])
    """URI of each resource that the run uses, and its checksum."""
    role_arn: str | None = None
    """ARN of the role that the run acts as, up to 128 characters."""
    session_policy: str | None = None
    """Policy that narrows what the role may do in this run, up to 2,048 characters of JSON."""
    run_group_id: str | None = None
    """Id of the group that the run belongs to, up to 18 digits."""
    batch_id: str | None = None
    """Id of the batch that the run was started in, up to 18 digits."""
    priority: Integer | None = None
    """Rank among the runs of its group, 0 to 100,000: higher goes first."""
    cache_id: str | None = None
    """Id of the run cache that it uses, up to 18 digits."""
    cache_behavior: CacheBehavior | None = None
    """When its tasks go into that cache."""
    storage_type: StorageType | None = None
    """How its storage gets its size."""
    storage_capacity: Integer | None = None
    """Size of its storage in gibibytes, 0 to 100,000.

    Of dynamic storage it is the most that was used, once the run is completed.
    """
    scratch_storage_mode: ScratchStorageMode | None = None
    """Where its tasks have ``/tmp``; None is SHARED, and tasks with GPUs always have it LOCAL."""
    output_uri: str | None = None
    """S3 URI that its outputs go below, up to 750 characters."""
    output_uri_prefix_mode: RunOutputUriPrefixMode | None = None
    """How its outputs are named below that."""
    run_output_uri: str | None = None
    """S3 URI where the run's own outputs are, up to 750 characters."""
    log_level: RunLogLevel | None = None
    """How much it logs."""
    log_location: RunLogLocation | None = None
    """Where its logs are."""
    accelerators: Accelerators | None = None
    """What it computes with besides processors."""
    requester_pays_enabled: Boolean | None = None
    """Whether it can read inputs from buckets that use Requester Pays."""
    retention_mode: RunRetentionMode | None = None
    """What becomes of its record when the account has too many."""
    networking_mode: NetworkingMode | None = None
    """What its tasks can reach over the network; None is RESTRICTED."""
    vpc_config: VpcConfig | None = None
    """The network that its tasks are attached to, if any."""
    configuration: ConfigurationDetails | None = None
    """The saved configuration that it was started with, if any."""
    tags: DenseMap[str] = Field(default_factory=dict[str, str])
    """Tags: keys up to 128 characters, values up to 256."""

    @property
    def reason(self) -> str | None:
        """Why it is in its state: the service's code and message; None where it sent none."""
        return joined(self.failure_reason, self.status_message, super().reason)


class RunSummary(Lifecycle):
    """A run, as listings have it: without its reasons, its parameters and its outputs.

    https://docs.aws.amazon.com/omics/latest/api/API_RunListItem.html
    """

    _status_map: ClassVar[StatusMap] = RUN

    id: str
    """Id of the run, up to 18 digits. It may be used again once the run is deleted."""
    arn: str | None = None
    """ARN of the run, up to 128 characters."""
    name: str | None = None
    """Name that it was given, up to 128 characters."""
    status: RunStatus | None = None
    """Where it is in its life."""
    creation_time: Timestamp | None = None
    """When it was created."""
    start_time: Timestamp | None = None
    """When it started; None before."""
    stop_time: Timestamp | None = None
    """When it stopped; None before."""
    workflow_id: str | None = None
    """Id of its workflow, up to 18 digits."""
    workflow_name: str | None = None
    """Name of its workflow, up to 128 characters."""
    workflow_version_name: str | None = None
    """Version of the workflow, up to 64 characters."""
    batch_id: str | None = None
    """Id of the batch that the run was started in, up to 18 digits."""
    priority: Integer | None = None
    """Rank among the runs of its group, 0 to 100,000: higher goes first."""
    storage_type: StorageType | None = None
    """How its storage gets its size."""
    storage_capacity: Integer | None = None
    """Size of its storage in gibibytes, 0 to 100,000."""


class RunTaskSummary(Lifecycle):
    """A task of a run, as listings have it: without its reasons and its log.

    https://docs.aws.amazon.com/omics/latest/api/API_TaskListItem.html
    """

    _status_map: ClassVar[StatusMap] = RUN_TASK

    task_id: str
    """Id of the task, up to 18 digits."""
    uuid: str | None = None
    """Id of the task that is never used again, up to 128 characters."""
    name: str | None = None
    """Name that the workflow gives it, up to 128 characters."""
    status: RunTaskStatus | None = None
    """Where it is in its life."""
    creation_time: Timestamp | None = None
    """When it was created."""
    start_time: Timestamp | None = None
    """When it started; None before."""
    stop_time: Timestamp | None = None
    """When it stopped; None before."""
    cpus: Integer | None = None
    """Virtual processors that it has, 1 or more."""
    memory: Integer | None = None
    """Memory that it has in gigabytes, 1 or more."""
    gpus: Integer | None = None
    """Graphics processors that it has, 0 or more."""
    instance_type: str | None = None
    """Kind of machine that it runs on, such as ``omics.m.xlarge``."""
    cache_hit: Boolean | None = None
    """Whether its result came out of the run's cache."""
    cache_s3_uri: str | None = None
    """S3 URI of its result in the cache."""


class ImageDetails(Model):
    """The container image that a task runs."""

    image: str | None = None
    """URI of the image, up to 750 characters."""
    image_digest: str | None = None
    """Digest of the image, ``sha…``, up to 128 characters."""
    source_image: str | None = None
    """URI of the image that this one was copied from, up to 750 characters."""


class RunTask(RunTaskSummary):
    """A task of a run.

    https://docs.aws.amazon.com/omics/latest/api/API_GetRunTask.html
    """

    status_message: str | None = None
    """What the service has to add to the status."""
    failure_reason: str | None = None
    """Short code for why it failed, up to 64 characters."""
    log_stream: str | None = None
    """ARN of its log stream in CloudWatch Logs."""
    image_details: ImageDetails | None = None
    """The container image that it runs."""

    @property
    def reason(self) -> str | None:
        """Why it is in its state: the service's code and message; None where it sent none."""
        return joined(self.failure_reason, self.status_message)
