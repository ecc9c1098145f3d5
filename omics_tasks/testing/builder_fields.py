"""Arguments of the builders.

Generated from the definitions in the models by ``python -m tests.generator``.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal, TypedDict

from pydantic import JsonValue

from ..deadline import (
    TaskRunStatus,
    TaskRunStatusName,
    TaskTargetRunStatus,
    TaskTargetRunStatusName,
)
from ..deadline.models import TaskParameterValue
from ..ecs import Connectivity, HealthStatus, LaunchType, LaunchTypeName, TaskStopCode
from ..ecs.containers import Container
from ..ecs.models import (
    Attachment,
    Attribute,
    InferenceAccelerator,
    Tag,
    TaskEphemeralStorage,
    TrustedExecutionSummary,
)
from ..ecs.overrides import EphemeralStorage, TaskOverride
from ..healthomics import (
    Accelerators,
    CacheBehavior,
    NetworkingMode,
    RunLogLevel,
    RunOutputUriPrefixMode,
    RunRetentionMode,
    RunStatus,
    RunStatusName,
    RunTaskStatus,
    RunTaskStatusName,
    ScratchStorageMode,
    StorageType,
    WorkflowType,
)
from ..healthomics.models import ConfigurationDetails, ImageDetails, RunLogLocation, VpcConfig
from .ecs_lifecycle import ECSTaskStatusName


class RunFields(TypedDict, total=False):
    """Fields of ``Run``."""

    id: str
    arn: str | None
    uuid: str | None
    run_id: str | None
    name: str | None
    status: RunStatus | RunStatusName | None
    status_message: str | None
    failure_reason: str | None
    creation_time: datetime | None
    start_time: datetime | None
    stop_time: datetime | None
    started_by: str | None
    workflow_id: str | None
    workflow_type: WorkflowType | Literal["PRIVATE", "READY2RUN"] | None
    workflow_version_name: str | None
    workflow_owner_id: str | None
    workflow_uuid: str | None
    engine_version: str | None
    definition: str | None
    digest: str | None
    parameters: JsonValue
    parameters_uri: str | None
    engine_settings: JsonValue
    resource_digests: dict[str, str]
    role_arn: str | None
    session_policy: str | None
    run_group_id: str | None
    batch_id: str | None
    priority: int | None
    cache_id: str | None
    cache_behavior: CacheBehavior | Literal["CACHE_ON_FAILURE", "CACHE_ALWAYS"] | None
    storage_type: StorageType | Literal["STATIC", "DYNAMIC"] | None
    storage_capacity: int | None
    scratch_storage_mode: ScratchStorageMode | Literal["LOCAL", "SHARED"] | None
    output_uri: str | None
    output_uri_prefix_mode: (
        RunOutputUriPrefixMode | Literal["SERVICE_DEFINED", "NONE_WITH_OVERWRITE"] | None
    )
    run_output_uri: str | None
    log_level: RunLogLevel | Literal["OFF", "FATAL", "ERROR", "ALL"] | None
    log_location: RunLogLocation | None
    accelerators: Accelerators | Literal["GPU"] | None
    requester_pays_enabled: bool | None
    retention_mode: RunRetentionMode | Literal["RETAIN", "REMOVE"] | None
    networking_mode: NetworkingMode | Literal["RESTRICTED", "VPC"] | None
    vpc_config: VpcConfig | None
    configuration: ConfigurationDetails | None
    tags: dict[str, str]


class RunTaskFields(TypedDict, total=False):
    """Fields of ``RunTask``."""

    task_id: str
    uuid: str | None
    name: str | None
    status: RunTaskStatus | RunTaskStatusName | None
    creation_time: datetime | None
    start_time: datetime | None
    stop_time: datetime | None
    cpus: int | None
    memory: int | None
    gpus: int | None
    instance_type: str | None
    cache_hit: bool | None
    cache_s3_uri: str | None
    status_message: str | None
    failure_reason: str | None
    log_stream: str | None
    image_details: ImageDetails | None


class TaskFields(TypedDict, total=False):
    """Fields of ``Task``."""

    task_id: str
    target_run_status: TaskTargetRunStatus | TaskTargetRunStatusName | None
    failure_retry_count: int | None
    parameters: dict[str, TaskParameterValue]
    started_at: datetime | None
    ended_at: datetime | None
    updated_at: datetime | None
    updated_by: str | None
    latest_session_action_id: str | None
    created_at: datetime
    created_by: str
    run_status: TaskRunStatus | TaskRunStatusName


class ECSTaskFields(TypedDict, total=False):
    """Fields of ``ECSTask``."""

    task_definition_arn: str | None
    last_status: ECSTaskStatusName
    desired_status: str | None
    containers: list[Container]
    stop_code: (
        TaskStopCode
        | Literal[
            "TaskFailedToStart",
            "EssentialContainerExited",
            "UserInitiated",
            "ServiceSchedulerInitiated",
            "SpotInterruption",
            "TerminationNotice",
            "InfrastructureHealth",
        ]
        | None
    )
    stopped_reason: str | None
    created_at: datetime | None
    pull_started_at: datetime | None
    pull_stopped_at: datetime | None
    started_at: datetime | None
    stopping_at: datetime | None
    execution_stopped_at: datetime | None
    stopped_at: datetime | None
    connectivity: Connectivity | Literal["CONNECTED", "DISCONNECTED"] | None
    connectivity_at: datetime | None
    health_status: HealthStatus | Literal["HEALTHY", "UNHEALTHY", "UNKNOWN"] | None
    launch_type: LaunchType | LaunchTypeName | None
    capacity_provider_name: str | None
    availability_zone: str | None
    platform_family: str | None
    platform_version: str | None
    cpu: str | None
    memory: str | None
    ephemeral_storage: EphemeralStorage | None
    fargate_ephemeral_storage: TaskEphemeralStorage | None
    inference_accelerators: list[InferenceAccelerator]
    attachments: list[Attachment]
    attributes: list[Attribute]
    overrides: TaskOverride | None
    group: str | None
    started_by: str | None
    enable_execute_command: bool | None
    trusted_execution_summary: TrustedExecutionSummary | None
    version: int | None
    tags: list[Tag]
    family: str
    service_name: str | None
    daemon_name: str | None
