"""The lifecycle of an ECS task.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-lifecycle-explanation.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from ..ecs import Container, TaskArn
from .lifecycle import END, Fields, Last, Stages

__all__ = ["ECSTaskStatusName"]

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
"""The statuses of a task, in their order."""

STAGES = Stages(
    names=frozenset({"task_arn", "cluster_arn"}),
    status="last_status",
    lasts={
        "PROVISIONING": 20,
        "PENDING": 20,
        "ACTIVATING": 20,
        "RUNNING": 300,
        "DEACTIVATING": 10,
        "STOPPING": 30,
        "DEPROVISIONING": 20,
    },
    end="STOPPED",
    ends=frozenset({"STOPPED"}),
    created="created_at",
    stamps={
        "connectivity_at": ("PENDING", "ACTIVATING", "RUNNING"),
        "pull_started_at": ("PENDING", "ACTIVATING", "RUNNING"),
        "pull_stopped_at": ("ACTIVATING", "RUNNING"),
        "started_at": ("RUNNING",),
        "stopping_at": ("DEACTIVATING", "STOPPING", "DEPROVISIONING", END),
        "execution_stopped_at": ("DEPROVISIONING", END),
        "stopped_at": (END,),
    },
)

FAILED_TO_START = "TaskFailedToStart"
_ESSENTIAL = "EssentialContainerExited"


@dataclass(frozen=True, slots=True)
class _Stop:
    """The fields of a task that stopped for one reason."""

    reason: str
    exit_code: int | None
    """Exit code of its containers; None if they have none."""


# ECS stops a container with SIGTERM. One that doesn't handle it exits with 143.
_STOPS: Mapping[str, _Stop] = {
    _ESSENTIAL: _Stop("Essential container in task exited", 0),
    FAILED_TO_START: _Stop(
        "ResourceInitializationError: unable to pull secrets or registry auth", None
    ),
    "UserInitiated": _Stop("Task stopped by user", 143),
    "ServiceSchedulerInitiated": _Stop("Scaling activity initiated by a deployment", 143),
    "SpotInterruption": _Stop("Your Spot Task was interrupted.", 143),
    "TerminationNotice": _Stop("The host of the task is to be terminated.", 143),
    "InfrastructureHealth": _Stop("The host of the task failed.", None),
}
_STOPPED = _Stop("Task stopped", None)


def stop_code_of(given: Fields, ends: Fields | None) -> str:
    """Return the stop code that a task has in the end."""
    code = (ends or {}).get("stop_code") or given.get("stop_code")
    return str(code or _ESSENTIAL)


def lasts_of(
    stop_code: str, status: str | None, lasts: Mapping[Any, float] | None
) -> Mapping[Any, float] | None:
    """Return the seconds in each status. A task that fails to start skips the running statuses.

    Raises ``ValueError`` if such a task is RUNNING, or has seconds for RUNNING.
    """
    if stop_code != FAILED_TO_START:
        return lasts
    chosen = {"ACTIVATING": 0.0, "DEACTIVATING": 0.0, "STOPPING": 0.0, **(lasts or {})}
    if status == "RUNNING" or chosen.pop("RUNNING", 0.0):
        raise ValueError(f"a task that is stopped with {FAILED_TO_START} is never RUNNING")
    if lasts is None or status not in lasts:
        chosen.pop(status or "", None)
    return {**chosen, "RUNNING": 0.0}


def transitions(arn: TaskArn, family: str, stop_code: str) -> dict[str | Last, Fields]:
    """Return the fields that change with each status: the desired status and the container."""
    main = Container(
        container_arn=arn.replace(":task/", ":container/") + "/1",
        task_arn=arn,
        name="main",
        image=f"{family}:latest",
    )
    stop = _STOPS.get(stop_code, _STOPPED)
    stopping: Fields = {"desired_status": "STOPPED"}

    def containers(status: str, exit_code: int | None = None) -> list[Container]:
        return [main.model_copy(update={"last_status": status, "exit_code": exit_code})]

    changes: dict[str | Last, Fields] = {
        "PROVISIONING": {"containers": containers("PENDING")},
        "RUNNING": {"containers": containers("RUNNING")},
        "DEACTIVATING": stopping,
        "STOPPING": stopping,
        "DEPROVISIONING": stopping,
        END: {
            **stopping,
            "containers": containers("STOPPED", stop.exit_code),
            "stop_code": stop_code,
            "stopped_reason": stop.reason,
        },
    }
    if stop_code == FAILED_TO_START:  # before its image is pulled
        changes["PENDING"] = {"pull_started_at": None}
        changes["ACTIVATING"] = {"pull_started_at": None, "pull_stopped_at": None}
    return changes
