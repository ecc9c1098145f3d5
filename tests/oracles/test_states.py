"""Every status that the library knows has its state."""

from __future__ import annotations

import pytest

from omics_tasks import TaskState
from omics_tasks._core.status_map import DEADLINE_TASK, ECS_STOP_CODES, RUN, RUN_TASK

from .known import known_service


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
    """A status of AWS's model that is added to the library has to be given its state."""
    assert set(known_service(service).shape_for(shape).metadata["enum"]) == set(known)
