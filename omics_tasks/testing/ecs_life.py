"""The life of an ECS task.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-lifecycle-explanation.html
"""

from __future__ import annotations

from ..ecs import Container, TaskArn, TaskStopCode
from .life import END, Fields, Stages

STAGES = Stages(
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
        "connectivity_at": "PENDING",
        "pull_started_at": "PENDING",
        "pull_stopped_at": "ACTIVATING",
        "started_at": "RUNNING",
        "stopping_at": "DEACTIVATING",
        "execution_stopped_at": "DEPROVISIONING",
        "stopped_at": END,
    },
)


def turns(arn: TaskArn, family: str) -> dict[str, Fields]:
    """What comes with statuses: whether the task is meant to run, and how its container is."""
    main = Container(
        container_arn=arn.replace(":task/", ":container/") + "/1",
        task_arn=arn,
        name="main",
        image=f"{family}:latest",
    )

    def containers(**facts: object) -> list[Container]:
        return [main.model_copy(update=facts)]

    return {
        "PROVISIONING": {"containers": containers(last_status="PENDING")},
        "RUNNING": {"containers": containers(last_status="RUNNING")},
        "DEACTIVATING": {"desired_status": "STOPPED"},
        END: {
            "desired_status": "STOPPED",
            "containers": containers(last_status="STOPPED", exit_code=0),
            "stop_code": TaskStopCode.ESSENTIAL_CONTAINER_EXITED,
            "stopped_reason": "Essential container in task exited",
        },
    }
