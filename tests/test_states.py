"""One state for the tasks and runs of every service."""

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
def test_what_is_an_end(state: TaskState, is_terminal: bool) -> None:
    """Success, failure and cancellation are ends, and an unknown state is none."""
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
def test_what_a_state_includes(goal: str, states_there: str) -> None:
    """What went on from a state has come to it; what failed on the way may never have."""
    there = [state for state in TaskState if TaskState(goal).includes(state)]
    assert states_there.split() == there


@pytest.mark.parametrize("status", ["COMPLETED", "SOMETHING_NEW", None])
@pytest.mark.parametrize("model", [Run, RunSummary, RunTask, RunTaskSummary])
def test_the_state_of_a_model(model: type[Run], status: str | None) -> None:
    """A model has the state that the table says; one without a known status is UNKNOWN."""
    thing = model.model_validate_json(f'{{"id": "1", "taskId": "2", "status": "{status}"}}')
    if status is None:
        thing = model.model_validate_json('{"id": "1", "taskId": "2"}')
    expected = TaskState.SUCCEEDED if status == "COMPLETED" else TaskState.UNKNOWN
    assert (expected, expected is TaskState.SUCCEEDED) == (thing.state, thing.is_terminal)


@pytest.mark.parametrize("status", ["SOMETHING_NEW", None])
@pytest.mark.parametrize("model", [Run, RunSummary, RunTask, RunTaskSummary])
def test_an_unknown_status_with_an_end_time(model: type[Run], status: str | None) -> None:
    """Its state stays unknown, and it is an end; a known status is no end for its end time."""
    ids = {"id": "1", "task_id": "2", "stop_time": ENDED}
    thing = model.model_validate({**ids, "status": status})
    assert (TaskState.UNKNOWN, True) == (thing.state, thing.is_terminal)
    assert not model.model_validate({**ids, "status": "STOPPING"}).is_terminal


def test_times_under_one_set_of_names() -> None:
    """Times have the same names in every service, and a duration once both ends are known."""
    run: TaskLike = Run(id="1", creation_time=STARTED, start_time=STARTED, stop_time=ENDED)
    assert (STARTED, STARTED, ENDED) == (run.created_time, run.started_time, run.ended_time)
    assert timedelta(hours=2) == run.duration
    assert None is Run(id="1", start_time=STARTED).duration
    assert None is Run(id="1", stop_time=ENDED).duration


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({}, None),
        ({"failure_reason": "RUN_TASK_FAILED"}, "RUN_TASK_FAILED"),
        ({"failure_reason": "A", "status_message": "said more"}, "A; said more"),
        ({"status_message": "A", "failure_reason": "A"}, "A"),
    ],
)
@pytest.mark.parametrize("model", [Run, RunTask])
def test_the_reason(model: type[Run], said: dict[str, str], reason: str | None) -> None:
    """A reason has all that the service says, once; None where it says nothing."""
    assert reason == model.model_validate({"id": "1", "task_id": "2", **said}).reason


def test_a_status_that_says_more_than_its_state() -> None:
    """That a run was deleted is lost in its state, and stands in its reason."""
    run = Run.model_validate({"id": "1", "status": "DELETED"})
    assert (TaskState.CANCELLED, "the run was deleted") == (run.state, run.reason)
