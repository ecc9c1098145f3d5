"""Watching tasks of ECS: what changes, with as few requests as can be."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from omics_tasks import Change, ParamValidationError, RetryPolicy, WaitFailedError
from omics_tasks.ecs import Task

from ..asking import Ask, take
from ..patience import Patient


@pytest.fixture
def patient(ask: Ask) -> Patient:
    return Patient(ask)


def watch(patient: Patient, tasks: Any, count: int | None = None, **options: Any) -> Any:
    return patient.ask(lambda c: take(c.watch_tasks(tasks, **options), count), "ECS")


def told(changes: list[Change[Task]]) -> list[tuple[str | None, str | None, str]]:
    """Ids, and from where to where."""
    return [(c.item.task_arn.task_id, c.previous, c.current) for c in changes]


def test_whole_lives(patient: Patient) -> None:
    """Every state that tasks come to is told once, in order, until all have ended."""
    end: Any = {"containers": [{"name": "main", "exit_code": 1}]}
    patient.aws.ecs.add_task(task_id="a", last_status="PROVISIONING", ends=end)
    patient.aws.ecs.add_task(task_id="b", lasts={"RUNNING": 30})
    changes = told(watch(patient, ["a", "b", "a"]))
    life = [None, "PENDING", "STARTING", "RUNNING", "STOPPING", "FAILED"]
    assert [("a", *step) for step in pairwise(life)] == [
        change for change in changes if change[0] == "a"
    ]
    rest = ["RUNNING", "STOPPING", "SUCCEEDED"]
    assert rest == [current for name, _, current in changes if name == "b"]


def test_a_thousand_tasks_are_ten_requests_a_round(patient: Patient) -> None:
    """A thousand tasks share ten requests a round; those that have ended are not asked for."""
    aws, rounds = patient.aws, list[int]()
    arns = [aws.ecs.add_task(last_status="DEPROVISIONING") for _ in range(500)]
    arns += [aws.ecs.add_task(last_status="STOPPING") for _ in range(500)]

    def sleep(seconds: float) -> None:
        rounds.append(len(aws.requests))
        aws.requests.clear()
        aws.advance(seconds)

    retries = RetryPolicy(sleep=sleep, clock=aws.seconds)
    changes = patient.ask(lambda c: take(c.watch_tasks(arns)), "ECS", retries=retries)
    assert dict.fromkeys(arns, "SUCCEEDED") == {c.item.task_arn: c.current for c in changes}
    assert [10, {10, 5}] == [rounds[0], set(rounds)]
    assert sorted(rounds, reverse=True) == rounds
    assert 5 == len(aws.requests)


def test_what_appears_late(patient: Patient) -> None:
    """A task that is MISSING at first is told of when it is there."""
    patient.aws.ecs.add_task(task_id="a", desired_status="STOPPED")
    patient.aws.ecs.add_task(task_id="b", appears_after=3, lasts={"RUNNING": 5})
    changes = told(watch(patient, ["a", "b"]))
    assert [("a", None, "SUCCEEDED"), ("b", None)] == [changes[0], changes[1][:2]]


def test_what_stays_missing_comes_last(patient: Patient) -> None:
    """It ends the watch with an error, but only when all else has ended."""
    patient.aws.ecs.add_task(task_id="a")
    seen: list[str] = []

    def question(client: Any) -> Any:
        source = client.watch_tasks(["gone", "a"])
        if hasattr(source, "__next__"):
            seen.extend(change.current for change in source)
            return None

        async def reading() -> None:
            async for change in source:
                seen.append(change.current)  # noqa: PERF401 - what came before the error counts

        return reading()

    with pytest.raises(WaitFailedError, match="gone was not found"):
        patient.ask(question, "ECS")
    assert ["RUNNING", "STOPPING", "SUCCEEDED"] == seen


@pytest.mark.parametrize(("options", "waited"), [({}, 30), ({"missing_grace": 0}, 0)])
def test_the_grace(patient: Patient, options: dict[str, Any], waited: int) -> None:
    """What is missing may still appear for half a minute, or for as long as is said."""
    with pytest.raises(WaitFailedError):
        watch(patient, ["gone"], **options)
    assert waited <= sum(patient.pauses) <= waited + 30


def test_only_essential_containers_count(patient: Patient) -> None:
    """What changes is the state by the containers that are named, and so is the task's own."""
    codes: Any = [{"name": "main", "exit_code": 0}, {"name": "log", "exit_code": 143}]
    arn = patient.aws.ecs.add_task(ends={"containers": codes}, lasts={"RUNNING": 1})
    for essential, state in ((None, "FAILED"), (["main"], "SUCCEEDED")):
        change = watch(patient, [arn], essential=essential)[-1]
        assert (state, state) == (change.current, change.item.state)


def test_nothing_is_watched(patient: Patient) -> None:
    """A watch of no tasks is over at once, and sends nothing."""
    assert ([], []) == (watch(patient, []), patient.aws.requests)


def test_the_cluster_is_sent(patient: Patient) -> None:
    """Tasks are looked for in their cluster."""
    patient.aws.ecs.add_cluster("render")
    patient.aws.ecs.add_task(cluster="render", task_id="a", desired_status="STOPPED")
    assert [("a", None, "SUCCEEDED")] == told(watch(patient, ["a"], cluster="render"))


def test_bad_arguments(patient: Patient) -> None:
    """What is wrong is said before anything is sent."""
    wrong: list[dict[str, Any]] = [{"missing_grace": -1}, {"cluster": 7}, {"essential": "main"}]
    for options in wrong:
        with pytest.raises(ParamValidationError):
            watch(patient, ["a"], **options)
    assert [] == patient.aws.requests


def test_what_is_not_shown_any_more(patient: Patient) -> None:
    """A task that ended and was forgotten between two looks ends its watch with an error."""
    aws = patient.aws
    arn = aws.ecs.add_task()

    def sleep(_: float) -> None:
        aws.advance(7200)  # who iterates was busy for longer than ECS shows what has stopped

    retries = RetryPolicy(sleep=sleep, clock=aws.seconds)
    with pytest.raises(WaitFailedError, match=f"{arn} does not exist any more: MISSING") as caught:
        patient.ask(lambda c: take(c.watch_tasks([arn])), "ECS", retries=retries)
    assert caught.value.snapshot is not None
    assert "RUNNING" == caught.value.snapshot.state
