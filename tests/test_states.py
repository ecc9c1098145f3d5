"""The common states of tasks and runs of all services."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from omics_tasks import TaskLike, TaskState
from omics_tasks.healthomics import Run, RunSummary, RunTask, RunTaskSummary

STARTED = datetime(2026, 1, 1, tzinfo=UTC)
ENDED = STARTED + timedelta(hours=2)


@pytest.mark.parametrize(
    ("state", "is_terminal"),
    [
        (TaskState.PENDING, False),
        (TaskState.STARTING, False),
        (TaskState.RUNNING, False),
        (TaskState.STOPPING, False),
        (TaskState.SUCCEEDED, True),
        (TaskState.FAILED, True),
        (TaskState.CANCELLED, True),
        (TaskState.UNKNOWN, False),
    ],
)
def test_final_states(state: TaskState, is_terminal: bool) -> None:
    """SUCCEEDED, FAILED and CANCELLED are final, and UNKNOWN isn't."""
    assert is_terminal == state.is_terminal


@pytest.mark.parametrize(
    ("goal", "states_there"),
    [
        ("PENDING", "PENDING STARTING RUNNING STOPPING SUCCEEDED"),
        ("RUNNING", "RUNNING STOPPING SUCCEEDED"),
        ("SUCCEEDED", "SUCCEEDED"),
        ("FAILED", "FAILED"),
        ("CANCELLED", "CANCELLED"),
    ],
)
def test_included_states(goal: str, states_there: str) -> None:
    """A state includes the later ones on the way to success; a failure only itself."""
    there = [state for state in TaskState if TaskState(goal).includes(state)]
    assert states_there.split() == there


@pytest.mark.parametrize("status", ["COMPLETED", "SOMETHING_NEW", None])
@pytest.mark.parametrize("model", [Run, RunSummary, RunTask, RunTaskSummary])
def test_the_state_of_a_model(model: type[Run], status: str | None) -> None:
    """A model has the state of the table, or UNKNOWN for an unknown status."""
    thing = model.model_validate_json(f'{{"id": "1", "taskId": "2", "status": "{status}"}}')
    if status is None:
        thing = model.model_validate_json('{"id": "1", "taskId": "2"}')
    expected = TaskState.SUCCEEDED if status == "COMPLETED" else TaskState.UNKNOWN
    assert (expected, expected is TaskState.SUCCEEDED) == (thing.state, thing.is_terminal)


@pytest.mark.parametrize("status", ["SOMETHING_NEW", None])
@pytest.mark.parametrize("model", [Run, RunSummary, RunTask, RunTaskSummary])
def test_an_unknown_status_with_an_end_time(model: type[Run], status: str | None) -> None:
    """Its state is UNKNOWN and final; a known status isn't final for its end time."""
    ids = {"id": "1", "task_id": "2", "stop_time": ENDED}
    thing = model.model_validate({**ids, "status": status})
    assert (TaskState.UNKNOWN, True) == (thing.state, thing.is_terminal)
    assert not model.model_validate({**ids, "status": "STOPPING"}).is_terminal


def test_times_under_one_set_of_names() -> None:
    """All models have the same names of times, and a duration with both ends."""
    run: TaskLike = Run(id="1", creation_time=STARTED, start_time=STARTED, stop_time=ENDED)
    assert (STARTED, STARTED, ENDED) == (run.created_time, run.started_time, run.ended_time)
    assert timedelta(hours=2) == run.duration
    assert None is Run(id="1", start_time=STARTED).duration
    assert None is Run(id="1", stop_time=ENDED).duration


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({}, None),
        ({"failure_reason": "RUN_TASK_FAILED"}, "RUN_TASK_FAILED"),
        ({"failure_reason": "A", "status_message": "more"}, "A; more"),
        ({"status_message": "A", "failure_reason": "A"}, "A"),
    ],
)
@pytest.mark.parametrize("model", [Run, RunTask])
def test_the_reason(model: type[Run], fields: dict[str, str], reason: str | None) -> None:
    """A reason has all messages of the service once, or is None."""
    assert reason == model.model_validate({"id": "1", "task_id": "2", **fields}).reason


def test_a_status_that_says_more_than_its_state() -> None:
    """The reason of a deleted run says that it was deleted."""
    run = Run.model_validate({"id": "1", "status": "DELETED"})
    assert (TaskState.CANCELLED, "the run was deleted") == (run.state, run.reason)
