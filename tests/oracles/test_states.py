"""Every known status has a state."""

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
    """A new status of the enums must be mapped to a state."""
    assert set(known_service(service).shape_for(shape).metadata["enum"]) == set(known)
