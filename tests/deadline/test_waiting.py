"""Waiting for a task, and watching those of a step."""

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
from ..patience import Patient
from .farm import IDS, numbered


@pytest.fixture
def patient(ask: Ask) -> Patient:
    return Patient(ask)


def add(patient: Patient, number: int = 0, **fields: Any) -> TaskId:
    given: dict[str, Any] = {**numbered(number)._asdict(), **fields}
    return patient.aws.deadline.add_task(**given)


def wait(patient: Patient, ids: TaskId, **options: Any) -> Any:
    return patient.ask(lambda client: client.wait_for_task(*ids, **options), "Deadline")


def watch(patient: Patient) -> Any:
    return patient.ask(lambda client: take(client.watch_tasks(*IDS[:-1])), "Deadline")


def test_success(patient: Patient) -> None:
    """A wait returns the task, as it is when it has succeeded."""
    task = wait(patient, add(patient, run_status="READY"))
    assert (TaskState.SUCCEEDED, IDS.task_id) == (task.state, task.task_id)


@pytest.mark.parametrize(("status", "state"), [("FAILED", "FAILED"), ("CANCELED", "CANCELLED")])
def test_another_end(patient: Patient, status: Any, state: str) -> None:
    """A wait ends on every other end with an error that has the task; or returns it, if told to."""
    ids = add(patient, run_status="READY", ends={"run_status": status})
    with pytest.raises(WaitFailedError, match=f"{IDS.task_id} is {state}, not SUCCEEDED") as caught:
        wait(patient, ids)
    assert caught.value.snapshot is not None
    assert state == caught.value.snapshot.state
    assert state == wait(patient, ids, until=TaskState(state)).state
    assert state == wait(patient, ids, until=None).state


def test_until_it_runs(patient: Patient) -> None:
    """A wait can be for less than the end."""
    assert "RUNNING" == wait(patient, add(patient, run_status="READY"), until="RUNNING").run_status


def test_a_wait_that_is_late(patient: Patient) -> None:
    """A time-out has the reason why the task is where it is."""
    ids = add(patient, run_status="NOT_COMPATIBLE")
    with pytest.raises(WaitTimeoutError, match="PENDING after 60 s") as caught:
        wait(patient, ids, timeout=60)
    assert caught.value.reason is not None
    assert "no worker" in caught.value.reason


def test_what_is_not_there(patient: Patient) -> None:
    """A task that isn't there ends a wait, and a step that isn't there a watch."""
    with pytest.raises(ResourceNotFoundException):
        wait(patient, IDS)
    with pytest.raises(ResourceNotFoundException):
        watch(patient)


def test_bad_arguments(patient: Patient) -> None:
    """What can't be waited for, or watched, is refused before anything is sent."""
    with pytest.raises(ParamValidationError, match="task_id"):
        wait(patient, IDS._replace(task_id="task"))
    with pytest.raises(ParamValidationError, match="timeout"):
        wait(patient, IDS, timeout=-1)
    with pytest.raises(ParamValidationError, match="step_id"):
        patient.ask(lambda client: client.watch_tasks(*IDS[:-2], "step"), "Deadline")
    assert [] == patient.aws.requests


def test_a_whole_life(patient: Patient) -> None:
    """What the tasks of a step come to is told once each, to the end of all."""
    began = patient.aws.now
    add(patient, 0, run_status="READY", lasts={"READY": 30})
    add(patient, 1, run_status="RUNNING", ends={"run_status": "FAILED"})
    add(patient, 2, run_status="SUCCEEDED")
    changes = watch(patient)
    told = [(c.item.task_id[-1], c.previous, c.current) for c in changes]
    life = [None, "PENDING", "STARTING", "RUNNING", "SUCCEEDED"]
    assert [("0", *each) for each in pairwise(life)] == [
        change for change in told if change[0] == "0"
    ]
    assert [("1", None, "RUNNING"), ("2", None, "SUCCEEDED"), ("1", "RUNNING", "FAILED")] == [
        change for change in told if change[0] != "0"
    ]
    assert began + timedelta(seconds=30 + 30 + 30 + 30 + 300) == changes[-1].time


def test_the_requests_of_a_round(patient: Patient) -> None:
    """A round is a request for each hundred tasks of the step."""
    for number in range(250):
        add(patient, number, run_status="SUCCEEDED")
    assert 250 == len(watch(patient))
    assert {"ListTasks": 3} == Counter(request.operation for request in patient.aws.requests)
    assert {100} == {request.parameters["maxResults"] for request in patient.aws.requests}
