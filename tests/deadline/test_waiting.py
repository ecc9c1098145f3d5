"""Waiting for a task, and watching the tasks of a step."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest

from omics_tasks import (
    ParamValidationError,
    ResourceNotFoundException,
    TaskState,
    WaitFailedError,
    WaitTimeoutError,
)
from omics_tasks.deadline import TaskId

from ..asking import Ask, take
from ..simulated_time import SimulatedTime
from .farm import IDS, numbered


@pytest.fixture
def simulated(ask: Ask) -> SimulatedTime:
    return SimulatedTime(ask)


def add(simulated: SimulatedTime, number: int = 0, **fields: Any) -> TaskId:
    given: dict[str, Any] = {**numbered(number)._asdict(), **fields}
    return simulated.aws.deadline.add_task(**given)


def wait(simulated: SimulatedTime, ids: TaskId, **options: Any) -> Any:
    return simulated.ask(lambda client: client.wait_for_task(*ids, **options), "Deadline")


def watch(simulated: SimulatedTime) -> Any:
    return simulated.ask(lambda client: take(client.watch_tasks(*IDS[:-1])), "Deadline")


def test_success(simulated: SimulatedTime) -> None:
    """A wait returns the task when it has succeeded."""
    task = wait(simulated, add(simulated, run_status="READY"))
    assert (TaskState.SUCCEEDED, IDS.task_id) == (task.state, task.task_id)


@pytest.mark.parametrize(("status", "state"), [("FAILED", "FAILED"), ("CANCELED", "CANCELLED")])
def test_another_end(simulated: SimulatedTime, status: Any, state: str) -> None:
    """A wait raises an error with the task for any other end, or returns it on request."""
    ids = add(simulated, run_status="READY", ends={"run_status": status})
    with pytest.raises(WaitFailedError, match=f"{IDS.task_id} is {state}, not SUCCEEDED") as caught:
        wait(simulated, ids)
    assert caught.value.snapshot is not None
    assert state == caught.value.snapshot.state
    assert state == wait(simulated, ids, until=TaskState(state)).state
    assert state == wait(simulated, ids, until=None).state


def test_until_it_runs(simulated: SimulatedTime) -> None:
    """A wait can end at an earlier state than the end."""
    assert (
        "RUNNING" == wait(simulated, add(simulated, run_status="READY"), until="RUNNING").run_status
    )


def test_a_timeout(simulated: SimulatedTime) -> None:
    """A timeout error has the reason of the task's state."""
    ids = add(simulated, run_status="NOT_COMPATIBLE")
    with pytest.raises(WaitTimeoutError, match="PENDING after 60 s") as caught:
        wait(simulated, ids, timeout=60)
    assert caught.value.reason is not None
    assert "no worker" in caught.value.reason


def test_unknown_task_and_step(simulated: SimulatedTime) -> None:
    """An unknown task ends a wait with an error, and an unknown step a watch."""
    with pytest.raises(ResourceNotFoundException):
        wait(simulated, IDS)
    with pytest.raises(ResourceNotFoundException):
        watch(simulated)


def test_bad_arguments(simulated: SimulatedTime) -> None:
    """Invalid arguments are errors before anything is sent."""
    with pytest.raises(ParamValidationError, match="task_id"):
        wait(simulated, IDS._replace(task_id="task"))
    with pytest.raises(ParamValidationError, match="timeout"):
        wait(simulated, IDS, timeout=-1)
    with pytest.raises(ParamValidationError, match="step_id"):
        simulated.ask(lambda client: client.watch_tasks(*IDS[:-2], "step"), "Deadline")
    assert [] == simulated.aws.requests


def test_a_whole_lifecycle(simulated: SimulatedTime) -> None:
    """Each state of the tasks of a step is reported once until all have ended."""
    began = simulated.aws.now
    add(simulated, 0, run_status="READY", lasts={"READY": 30})
    add(simulated, 1, run_status="RUNNING", ends={"run_status": "FAILED"})
    add(simulated, 2, run_status="SUCCEEDED")
    changes = watch(simulated)
    seen = [(c.item.task_id[-1], c.previous, c.current) for c in changes]
    lifecycle = [None, "PENDING", "STARTING", "RUNNING", "SUCCEEDED"]
    assert [("0", *each) for each in pairwise(lifecycle)] == [
        change for change in seen if change[0] == "0"
    ]
    assert [("1", None, "RUNNING"), ("2", None, "SUCCEEDED"), ("1", "RUNNING", "FAILED")] == [
        change for change in seen if change[0] != "0"
    ]
    assert began + timedelta(seconds=30 + 30 + 30 + 30 + 300) == changes[-1].time


def test_requests_of_a_poll(simulated: SimulatedTime) -> None:
    """A poll takes one request per 100 tasks of the step."""
    for number in range(250):
        add(simulated, number, run_status="SUCCEEDED")
    assert 250 == len(watch(simulated))
    assert {"ListTasks": 3} == Counter(request.operation for request in simulated.aws.requests)
    assert {100} == {request.parameters["maxResults"] for request in simulated.aws.requests}
