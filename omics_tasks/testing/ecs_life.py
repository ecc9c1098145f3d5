"""The life of an ECS task.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-lifecycle-explanation.html
"""

from __future__ import annotations

from ..ecs import TaskArn
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
    main = {"containerArn": arn.replace(":task/", ":container/") + "/1", "taskArn": str(arn)}
    main |= {"name": "main", "image": f"{family}:latest"}
    return {
        "PROVISIONING": {"containers": [{**main, "lastStatus": "PENDING"}]},
        "RUNNING": {"containers": [{**main, "lastStatus": "RUNNING"}]},
        "DEACTIVATING": {"desired_status": "STOPPED"},
        END: {
            "desired_status": "STOPPED",
            "containers": [{**main, "lastStatus": "STOPPED", "exitCode": 0}],
            "stop_code": "EssentialContainerExited",
            "stopped_reason": "Essential container in task exited",
        },
    }
