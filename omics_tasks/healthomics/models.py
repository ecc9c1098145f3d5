"""Models of HealthOmics runs and their tasks.

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
    """Location of a run's logs in CloudWatch Logs."""

    engine_log_stream: str | None = None
    """ARN of the log stream of the workflow engine."""
    run_log_stream: str | None = None
    """ARN of the log stream of the run itself."""


class ConfigurationDetails(Model):
    """Saved configuration that a run was started with."""

    name: str | None = None
    """Name of the configuration, 1 to 128 characters."""
    arn: str | None = None
    """ARN of the configuration, up to 190 characters."""
    uuid: str | None = None
    """Unique id of the configuration, never reused, up to 128 characters."""


class VpcConfig(Model):
    """VPC that a run's tasks are attached to."""

    security_group_ids: DenseList[str] = Field(default_factory=list[str])
    """Ids of the security groups, ``sg-…``."""
    subnet_ids: DenseList[str] = Field(default_factory=list[str])
    """Ids of the subnets, ``subnet-…``."""
    vpc_id: str | None = None
    """Id of the VPC, ``vpc-…``."""
    vpc_owner_account_id: str | None = None
    """Id of the account that owns the VPC, 12 digits."""


class Run(Lifecycle):
    """A workflow run.

    https://docs.aws.amazon.com/omics/latest/api/API_GetRun.html
    """

    _status_map: ClassVar[StatusMap] = RUN

    id: str
    """Id of the run, up to 18 digits. It may be reused after the run is deleted."""
    arn: str | None = None
    """ARN of the run, up to 128 characters."""
    uuid: str | None = None
    """Unique id of the run, never reused, up to 128 characters."""
    run_id: str | None = None
    """Run id, up to 18 digits. The API does not document its difference from ``id``."""
    name: str | None = None
    """Name of the run, up to 128 characters."""
    status: RunStatus | None = None
    """Status of the run."""
    status_message: str | None = None
    """Message of the service about the status."""
    failure_reason: str | None = None
    """Short code for the reason of a failure, up to 64 characters."""
    creation_time: Timestamp | None = None
    """Time of creation."""
    start_time: Timestamp | None = None
    """Time of the start; None before."""
    stop_time: Timestamp | None = None
    """Time of the stop; None before."""
    started_by: str | None = None
    """ARN of the identity that started the run, up to 128 characters."""
    workflow_id: str | None = None
    """Id of the workflow, up to 18 digits."""
    workflow_type: WorkflowType | None = None
    """Owner of the workflow: the account or AWS."""
    workflow_version_name: str | None = None
    """Version of the workflow, up to 64 characters."""
    workflow_owner_id: str | None = None
    """Id of the account that owns the workflow, 12 digits."""
    workflow_uuid: str | None = None
    """Unique id of the workflow, never reused."""
    engine_version: str | None = None
    """Version of Nextflow for the run, such as ``24.10.8``; None for other workflow languages."""
    definition: str | None = None
    """Definition of the workflow, up to 256 characters; only if its export was requested."""
    digest: str | None = None
    """Digest of the workflow definition, up to 64 characters."""
    parameters: JsonValue = None
    """Parameters of the run: any JSON value that the workflow defines."""
    parameters_uri: str | None = Field(default=None, repr=False)
    """URI of the parameters, up to 8,192 characters; None unless the run was started with a URI.

    It is a presigned HTTPS URL, or the S3 URI that the run was started with. A presigned URL
    grants access until it expires, so the ``repr`` leaves it out.
    """
    engine_settings: JsonValue = None
    """Settings for the workflow engine: any JSON value."""
    resource_digests: DenseMap[str] = Field(default_factory=dict[str, str])
    """Digests of the resources that the run uses, by URI."""
    role_arn: str | None = None
    """ARN of the IAM role that the run assumes, up to 128 characters."""
    session_policy: str | None = None
    """Policy that restricts the role for this run: JSON, up to 2,048 characters."""
    run_group_id: str | None = None
    """Id of the run group, up to 18 digits."""
    batch_id: str | None = None
    """Id of the run batch, up to 18 digits."""
    priority: Integer | None = None
    """Priority in the run group, 0 to 100,000; higher runs first."""
    cache_id: str | None = None
    """Id of the run cache, up to 18 digits."""
    cache_behavior: CacheBehavior | None = None
    """Condition for writing the run's tasks to the cache."""
    storage_type: StorageType | None = None
    """Storage type: of static or dynamic size."""
    storage_capacity: Integer | None = None
    """Storage capacity in gibibytes, 0 to 100,000.

    For dynamic storage it is the maximum that was used, once the run is completed.
    """
    scratch_storage_mode: ScratchStorageMode | None = None
    """Location of the tasks' ``/tmp``; None means SHARED. Tasks with GPUs always use LOCAL."""
    output_uri: str | None = None
    """S3 URI below which the outputs are written, up to 750 characters."""
    output_uri_prefix_mode: RunOutputUriPrefixMode | None = None
    """Naming of the outputs below ``output_uri``."""
    run_output_uri: str | None = None
    """S3 URI of this run's outputs, up to 750 characters."""
    log_level: RunLogLevel | None = None
    """Log level of the run."""
    log_location: RunLogLocation | None = None
    """Location of the logs in CloudWatch Logs."""
    accelerators: Accelerators | None = None
    """Accelerators that the run uses besides CPUs."""
    requester_pays_enabled: Boolean | None = None
    """True if the run can read inputs from Requester Pays buckets."""
    retention_mode: RunRetentionMode | None = None
    """Retention of the run's record once the account has reached its maximum number of runs."""
    networking_mode: NetworkingMode | None = None
    """Network access of the tasks; None means RESTRICTED."""
    vpc_config: VpcConfig | None = None
    """VPC that the tasks are attached to; None for none."""
    configuration: ConfigurationDetails | None = None
    """Saved configuration that the run was started with; None for none."""
    tags: DenseMap[str] = Field(default_factory=dict[str, str])
    """Tags by key: keys of up to 128 characters, values of up to 256."""

    @property
    def reason(self) -> str | None:
        """The reason for the state: the service's code and message; None if it sent none."""
        return joined(self.failure_reason, self.status_message, super().reason)


class RunSummary(Lifecycle):
    """A run in a listing: without its failure reason, parameters and outputs.

    https://docs.aws.amazon.com/omics/latest/api/API_RunListItem.html
    """

    _status_map: ClassVar[StatusMap] = RUN

    id: str
    """Id of the run, up to 18 digits. It may be reused after the run is deleted."""
    arn: str | None = None
    """ARN of the run, up to 128 characters."""
    name: str | None = None
    """Name of the run, up to 128 characters."""
    status: RunStatus | None = None
    """Status of the run."""
    creation_time: Timestamp | None = None
    """Time of creation."""
    start_time: Timestamp | None = None
    """Time of the start; None before."""
    stop_time: Timestamp | None = None
    """Time of the stop; None before."""
    workflow_id: str | None = None
    """Id of the workflow, up to 18 digits."""
    workflow_name: str | None = None
    """Name of the workflow, up to 128 characters."""
    workflow_version_name: str | None = None
    """Version of the workflow, up to 64 characters."""
    batch_id: str | None = None
    """Id of the run batch, up to 18 digits."""
    priority: Integer | None = None
    """Priority in the run group, 0 to 100,000; higher runs first."""
    storage_type: StorageType | None = None
    """Storage type: of static or dynamic size."""
    storage_capacity: Integer | None = None
    """Storage capacity in gibibytes, 0 to 100,000."""


class RunTaskSummary(Lifecycle):
    """A task in a listing: without its failure reason, log stream and image.

    https://docs.aws.amazon.com/omics/latest/api/API_TaskListItem.html
    """

    _status_map: ClassVar[StatusMap] = RUN_TASK

    task_id: str
    """Id of the task, up to 18 digits."""
    uuid: str | None = None
    """Unique id of the task, never reused, up to 128 characters."""
    name: str | None = None
    """Name of the task in the workflow, up to 128 characters."""
    status: RunTaskStatus | None = None
    """Status of the task."""
    creation_time: Timestamp | None = None
    """Time of creation."""
    start_time: Timestamp | None = None
    """Time of the start; None before."""
    stop_time: Timestamp | None = None
    """Time of the stop; None before."""
    cpus: Integer | None = None
    """Number of vCPUs, 1 or more."""
    memory: Integer | None = None
    """Memory in gigabytes, 1 or more."""
    gpus: Integer | None = None
    """Number of GPUs, 0 or more."""
    instance_type: str | None = None
    """Instance type, such as ``omics.m.xlarge``."""
    cache_hit: Boolean | None = None
    """True if the result was taken from the run cache."""
    cache_s3_uri: str | None = None
    """S3 URI of the result in the run cache."""


class ImageDetails(Model):
    """Container image of a task."""

    image: str | None = None
    """URI of the image, up to 750 characters."""
    image_digest: str | None = None
    """Digest of the image, ``sha…``, up to 128 characters."""
    source_image: str | None = None
    """URI of the image that this image was copied from, up to 750 characters."""


class RunTask(RunTaskSummary):
    """A task of a run.

    https://docs.aws.amazon.com/omics/latest/api/API_GetRunTask.html
    """

    status_message: str | None = None
    """Message of the service about the status."""
    failure_reason: str | None = None
    """Short code for the reason of a failure, up to 64 characters."""
    log_stream: str | None = None
    """ARN of the task's log stream in CloudWatch Logs."""
    image_details: ImageDetails | None = None
    """Container image of the task."""

    @property
    def reason(self) -> str | None:
        """The reason for the state: the service's code and message; None if it sent none."""
        return joined(self.failure_reason, self.status_message)
