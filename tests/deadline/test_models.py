"""The models of tasks: state, times, reason and hidden parameters."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from omics_tasks import TaskLike, TaskState
from omics_tasks._core.status_map import DEADLINE_TASK
from omics_tasks.deadline import (
    BatchTask,
    BatchTaskError,
    Task,
    TaskBatch,
    TaskPage,
    TaskSearchPage,
    TaskSearchSummary,
    TaskSummary,
)

from .farm import IDS

BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
FIELDS: dict[str, Any] = {
    **IDS._asdict(),
    "created_at": BEGAN,
    "created_by": "ann",
    "started_at": BEGAN + timedelta(minutes=1),
    "ended_at": BEGAN + timedelta(minutes=3),
    "parameters": {"scene": {"string": "a secret scene"}},
}
MODELS: list[Any] = [Task, TaskSummary, TaskSearchSummary, BatchTask]


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("status", [*DEADLINE_TASK.states, "SOMETHING_NEW"])
def test_the_state(model: type[Task], status: str) -> None:
    """Every model has the state that the table has for its status.

    An unknown status is final if there is an end time.
    """
    task = model.model_validate({**FIELDS, "run_status": status})
    expected = DEADLINE_TASK.states.get(status, TaskState.UNKNOWN)
    is_unknown = expected is TaskState.UNKNOWN
    assert (expected, expected.is_terminal or is_unknown) == (task.state, task.is_terminal)
    task = model.model_validate({**FIELDS, "run_status": status, "ended_at": None})
    assert (expected, expected.is_terminal) == (task.state, task.is_terminal)


@pytest.mark.parametrize("model", MODELS)
def test_the_times(model: Any) -> None:
    """All models have the common names of times; search results have no creation time."""
    task: TaskLike = model.model_validate({**FIELDS, "run_status": "SUCCEEDED"})
    created = None if model is TaskSearchSummary else BEGAN
    assert (created, FIELDS["started_at"], FIELDS["ended_at"]) == (
        task.created_time,
        task.started_time,
        task.ended_time,
    )
    assert timedelta(minutes=2) == task.duration


def test_a_search_result_without_a_status() -> None:
    """The state of a search result without a status is unknown."""
    assert TaskState.UNKNOWN is TaskSearchSummary(task_id=IDS.task_id).state


@pytest.mark.parametrize("status", ["SUSPENDED", "NOT_COMPATIBLE", "READY"])
def test_the_reason(status: str) -> None:
    """A status that is more specific than its state is the reason."""
    task = Task.model_validate({**FIELDS, "run_status": status})
    assert DEADLINE_TASK.reasons.get(status) == task.reason


@pytest.mark.parametrize("model", MODELS)
def test_parameters_are_not_shown(model: type[Task]) -> None:
    """Parameters are in no repr of a task or of its container."""
    task = model.model_validate({**FIELDS, "run_status": "READY"})
    assert "a secret scene" == task.parameters["scene"].string
    holders: list[object] = [
        task,
        TaskPage.model_construct(items=[task]),
        TaskSearchPage.model_construct(items=[task], total_results=1),
        TaskBatch.model_construct(tasks=[task], errors=[]),
    ]
    assert [] == [holder for holder in holders if "secret" in f"{holder!r}{holder}"]


def test_ids_of_a_batch() -> None:
    """A task or an error of a batch has the requested ids."""
    task = BatchTask.model_validate({**FIELDS, "run_status": "READY"})
    error = BatchTaskError.model_validate(
        {**IDS._asdict(), "code": "ThrottlingException", "message": "Too many."}
    )
    assert [IDS, IDS] == [task.ids, error.ids]
