"""The life of an ECS task.

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
    """How a task ends that is stopped for one reason."""

    reason: str
    exit_code: int | None
    """That of its containers; None where they have none."""


# 143 is what SIGTERM, with which ECS stops a container, comes to in one that doesn't handle it.
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
    """The code that a task is stopped with in the end."""
    code = (ends or {}).get("stop_code") or given.get("stop_code")
    return str(code or _ESSENTIAL)


def lasts_of(
    stop_code: str, status: str | None, lasts: Mapping[Any, float] | None
) -> Mapping[Any, float] | None:
    """The seconds that statuses last: a task that fails to start goes from PENDING to its end.

    Raises ``ValueError`` for such a task that is RUNNING now, or is to be.
    """
    if stop_code != FAILED_TO_START:
        return lasts
    chosen = {"ACTIVATING": 0.0, "DEACTIVATING": 0.0, "STOPPING": 0.0, **(lasts or {})}
    if status == "RUNNING" or chosen.pop("RUNNING", 0.0):
        raise ValueError(f"a task that is stopped with {FAILED_TO_START} is never RUNNING")
    if lasts is None or status not in lasts:
        chosen.pop(status or "", None)
    return {**chosen, "RUNNING": 0.0}


def turns(arn: TaskArn, family: str, stop_code: str) -> dict[str | Last, Fields]:
    """What comes with statuses: whether the task is meant to run, and how its container is."""
    main = Container(
        container_arn=arn.replace(":task/", ":container/") + "/1",
        task_arn=arn,
        name="main",
        image=f"{family}:latest",
    )
    stop = _STOPS.get(stop_code, _STOPPED)
    is_to_stop: Fields = {"desired_status": "STOPPED"}

    def containers(status: str, exit_code: int | None = None) -> list[Container]:
        return [main.model_copy(update={"last_status": status, "exit_code": exit_code})]

    comes_with: dict[str | Last, Fields] = {
        "PROVISIONING": {"containers": containers("PENDING")},
        "RUNNING": {"containers": containers("RUNNING")},
        "DEACTIVATING": is_to_stop,
        "STOPPING": is_to_stop,
        "DEPROVISIONING": is_to_stop,
        END: {
            **is_to_stop,
            "containers": containers("STOPPED", stop.exit_code),
            "stop_code": stop_code,
            "stopped_reason": stop.reason,
        },
    }
    if stop_code == FAILED_TO_START:  # before its image was pulled
        comes_with["PENDING"] = {"pull_started_at": None}
        comes_with["ACTIVATING"] = {"pull_started_at": None, "pull_stopped_at": None}
    return comes_with
