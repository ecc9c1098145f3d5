"""The fields that the builders take: those of the models, each of which can be left out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Literal, TypedDict

from pydantic import JsonValue

from ..deadline import TaskParameterValue, TaskRunStatus, TaskTargetRunStatus
from ..ecs import (
    Attachment,
    Attribute,
    Connectivity,
    Container,
    DesiredStatus,
    EphemeralStorage,
    HealthStatus,
    InferenceAccelerator,
    LaunchType,
    LaunchTypeName,
    Tag,
    TaskEphemeralStorage,
    TaskOverride,
    TaskStopCode,
    TrustedExecutionSummary,
)
from ..healthomics import (
    Accelerators,
    CacheBehavior,
    ConfigurationDetails,
    ImageDetails,
    NetworkingMode,
    RunLogLevel,
    RunLogLocation,
    RunOutputUriPrefixMode,
    RunRetentionMode,
    RunStatus,
    RunStatusName,
    RunTaskStatus,
    RunTaskStatusName,
    ScratchStorageMode,
    StorageType,
    VpcConfig,
    WorkflowType,
)

TaskRunStatusName = Literal[
    "PENDING",
    "READY",
    "ASSIGNED",
    "STARTING",
    "SCHEDULED",
    "INTERRUPTING",
    "RUNNING",
    "SUSPENDED",
    "CANCELED",
    "FAILED",
    "SUCCEEDED",
    "NOT_COMPATIBLE",
]
ECSTaskStatusName = Literal[
    "PROVISIONING",
    "PENDING",
    "ACTIVATING",
    "RUNNING",
    "DEACTIVATING",
    "STOPPING",
    "DEPROVISIONING",
    "STOPPED",
]
TaskStopCodeName = Literal[
    "TaskFailedToStart",
    "EssentialContainerExited",
    "UserInitiated",
    "ServiceSchedulerInitiated",
    "SpotInterruption",
    "TerminationNotice",
    "InfrastructureHealth",
]
TaskTargetRunStatusName = Literal[
    "READY", "FAILED", "SUCCEEDED", "CANCELED", "SUSPENDED", "PENDING"
]


class RunFields(TypedDict, total=False):
    """Those of ``Run``."""

    id: str
    arn: str
    uuid: str
    run_id: str
    name: str
    status: RunStatus | RunStatusName
    status_message: str
    failure_reason: str
    creation_time: datetime
    start_time: datetime | None
    stop_time: datetime | None
    started_by: str
    workflow_id: str
    workflow_type: WorkflowType
    workflow_version_name: str
    workflow_owner_id: str
    workflow_uuid: str
    engine_version: str
    definition: str
    digest: str
    parameters: JsonValue
    parameters_uri: str
    engine_settings: JsonValue
    resource_digests: Mapping[str, str]
    role_arn: str
    session_policy: str
    run_group_id: str
    batch_id: str
    priority: int
    cache_id: str
    cache_behavior: CacheBehavior
    storage_type: StorageType
    storage_capacity: int
    scratch_storage_mode: ScratchStorageMode
    output_uri: str
    output_uri_prefix_mode: RunOutputUriPrefixMode
    run_output_uri: str
    log_level: RunLogLevel
    log_location: RunLogLocation
    accelerators: Accelerators
    requester_pays_enabled: bool
    retention_mode: RunRetentionMode
    networking_mode: NetworkingMode
    vpc_config: VpcConfig
    configuration: ConfigurationDetails
    tags: Mapping[str, str]


class RunTaskFields(TypedDict, total=False):
    """Those of ``RunTask``."""

    task_id: str
    uuid: str
    name: str
    status: RunTaskStatus | RunTaskStatusName
    status_message: str
    failure_reason: str
    creation_time: datetime
    start_time: datetime | None
    stop_time: datetime | None
    cpus: int
    memory: int
    gpus: int
    instance_type: str
    cache_hit: bool
    cache_s3_uri: str
    log_stream: str
    image_details: ImageDetails


class TaskFields(TypedDict, total=False):
    """Those of Deadline Cloud's ``Task``."""

    task_id: str
    created_at: datetime
    created_by: str
    run_status: TaskRunStatus | TaskRunStatusName
    target_run_status: TaskTargetRunStatus | TaskTargetRunStatusName
    failure_retry_count: int
    parameters: Mapping[str, TaskParameterValue]
    started_at: datetime | None
    ended_at: datetime | None
    updated_at: datetime
    updated_by: str
    latest_session_action_id: str


class ECSTaskFields(TypedDict, total=False):
    """Those of ECS's ``Task``, less the ARNs that its id, cluster and instance make."""

    family: str
    service_name: str
    daemon_name: str
    desired_status: DesiredStatus | Literal["RUNNING", "STOPPED"]
    last_status: ECSTaskStatusName
    launch_type: LaunchType | LaunchTypeName
    attachments: list[Attachment]
    attributes: list[Attribute]
    availability_zone: str
    capacity_provider_name: str
    connectivity: Connectivity | Literal["CONNECTED", "DISCONNECTED"]
    connectivity_at: datetime | None
    containers: list[Container]
    cpu: str
    created_at: datetime
    enable_execute_command: bool
    ephemeral_storage: EphemeralStorage
    execution_stopped_at: datetime | None
    fargate_ephemeral_storage: TaskEphemeralStorage
    group: str
    health_status: HealthStatus | Literal["HEALTHY", "UNHEALTHY", "UNKNOWN"]
    inference_accelerators: list[InferenceAccelerator]
    memory: str
    overrides: TaskOverride
    platform_family: str
    platform_version: str
    pull_started_at: datetime | None
    pull_stopped_at: datetime | None
    started_at: datetime | None
    started_by: str
    stop_code: TaskStopCode | TaskStopCodeName
    stopped_at: datetime | None
    stopped_reason: str
    stopping_at: datetime | None
    tags: list[Tag]
    task_definition_arn: str
    trusted_execution_summary: TrustedExecutionSummary
    version: int
