"""Every status that AWS's models have has its state."""

from __future__ import annotations

import pytest

from omics_tasks import TaskState
from omics_tasks.states import DEADLINE_TASK, ECS_STOP_CODES, RUN, RUN_TASK

from .aws import api


@pytest.mark.parametrize(
    ("service", "shape", "known"),
    [
        ("omics", "RunStatus", RUN.states),
        ("omics", "TaskStatus", RUN_TASK.states),
        ("deadline", "TaskRunStatus", DEADLINE_TASK.states),
        ("ecs", "TaskStopCode", ECS_STOP_CODES),
    ],
)
def test_every_status_has_a_state(service: str, shape: str, known: dict[str, TaskState]) -> None:
    """A status that AWS adds to its model has to be given its state."""
    assert set(api(service)["shapes"][shape]["enum"]) == set(known)
