"""Watching ECS tasks: changes, with few requests."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from omics_tasks import Change, ParamValidationError, RetryPolicy, WaitFailedError
from omics_tasks.ecs import Task

from ..asking import Ask, take
from ..simulated_time import SimulatedTime


@pytest.fixture
def simulated(ask: Ask) -> SimulatedTime:
    return SimulatedTime(ask)


def watch(simulated: SimulatedTime, tasks: Any, count: int | None = None, **options: Any) -> Any:
    return simulated.ask(lambda c: take(c.watch_tasks(tasks, **options), count), "ECS")


def as_tuples(changes: list[Change[Task]]) -> list[tuple[str | None, str | None, str]]:
    """Return the ids with the old and new states."""
    return [(c.item.task_arn.task_id, c.previous, c.current) for c in changes]


def test_whole_lifecycles(simulated: SimulatedTime) -> None:
    """Every state is reported once and in order until all tasks have ended."""
    end: Any = {"containers": [{"name": "main", "exit_code": 1}]}
    simulated.aws.ecs.add_task(task_id="a", last_status="PROVISIONING", ends=end)
    simulated.aws.ecs.add_task(task_id="b", lasts={"RUNNING": 30})
    changes = as_tuples(watch(simulated, ["a", "b", "a"]))
    lifecycle = [None, "PENDING", "STARTING", "RUNNING", "STOPPING", "FAILED"]
    assert [("a", *step) for step in pairwise(lifecycle)] == [
        change for change in changes if change[0] == "a"
    ]
    rest = ["RUNNING", "STOPPING", "SUCCEEDED"]
    assert rest == [current for name, _, current in changes if name == "b"]


def test_a_thousand_tasks_are_ten_requests_a_round(simulated: SimulatedTime) -> None:
    """1,000 tasks take ten requests per poll, and tasks that have ended are omitted."""
    aws, rounds = simulated.aws, list[int]()
    arns = [aws.ecs.add_task(last_status="DEPROVISIONING") for _ in range(500)]
    arns += [aws.ecs.add_task(last_status="STOPPING") for _ in range(500)]

    def sleep(seconds: float) -> None:
        rounds.append(len(aws.requests))
        aws.requests.clear()
        aws.advance(seconds)

    retries = RetryPolicy(sleep=sleep, clock=aws.seconds)
    changes = simulated.ask(lambda c: take(c.watch_tasks(arns)), "ECS", retries=retries)
    assert dict.fromkeys(arns, "SUCCEEDED") == {c.item.task_arn: c.current for c in changes}
    assert [10, {10, 5}] == [rounds[0], set(rounds)]
    assert sorted(rounds, reverse=True) == rounds
    assert 5 == len(aws.requests)


def test_a_task_that_appears_late(simulated: SimulatedTime) -> None:
    """A task that is MISSING at first is reported when it appears."""
    simulated.aws.ecs.add_task(task_id="a", desired_status="STOPPED")
    simulated.aws.ecs.add_task(task_id="b", appears_after=3, lasts={"RUNNING": 5})
    changes = as_tuples(watch(simulated, ["a", "b"]))
    assert [("a", None, "SUCCEEDED"), ("b", None)] == [changes[0], changes[1][:2]]


def test_a_task_that_stays_missing(simulated: SimulatedTime) -> None:
    """A missing task ends the watch with an error after all others have ended."""
    simulated.aws.ecs.add_task(task_id="a")
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
        simulated.ask(question, "ECS")
    assert ["RUNNING", "STOPPING", "SUCCEEDED"] == seen


@pytest.mark.parametrize(("options", "waited"), [({}, 30), ({"missing_grace": 0}, 0)])
def test_the_grace(simulated: SimulatedTime, options: dict[str, Any], waited: int) -> None:
    """A missing task may appear within 30 seconds or the given grace period."""
    with pytest.raises(WaitFailedError):
        watch(simulated, ["gone"], **options)
    assert waited <= sum(simulated.pauses) <= waited + 30


def test_only_essential_containers_count(simulated: SimulatedTime) -> None:
    """The reported states depend on the named containers only."""
    codes: Any = [{"name": "main", "exit_code": 0}, {"name": "log", "exit_code": 143}]
    arn = simulated.aws.ecs.add_task(ends={"containers": codes}, lasts={"RUNNING": 1})
    for essential, state in ((None, "FAILED"), (["main"], "SUCCEEDED")):
        change = watch(simulated, [arn], essential=essential)[-1]
        assert (state, state) == (change.current, change.item.state)


def test_no_tasks(simulated: SimulatedTime) -> None:
    """Watching no tasks ends at once and sends nothing."""
    assert ([], []) == (watch(simulated, []), simulated.aws.requests)


def test_the_cluster_is_sent(simulated: SimulatedTime) -> None:
    """Tasks are requested from the given cluster."""
    simulated.aws.ecs.add_cluster("render")
    simulated.aws.ecs.add_task(cluster="render", task_id="a", desired_status="STOPPED")
    assert [("a", None, "SUCCEEDED")] == as_tuples(watch(simulated, ["a"], cluster="render"))


def test_bad_arguments(simulated: SimulatedTime) -> None:
    """Invalid arguments are errors before anything is sent."""
    wrong: list[dict[str, Any]] = [{"missing_grace": -1}, {"cluster": 7}, {"essential": "main"}]
    for options in wrong:
        with pytest.raises(ParamValidationError):
            watch(simulated, ["a"], **options)
    assert [] == simulated.aws.requests


def test_a_task_that_vanishes(simulated: SimulatedTime) -> None:
    """A task that disappears between two polls ends the watch with an error."""
    aws = simulated.aws
    arn = aws.ecs.add_task()

    def sleep(_: float) -> None:
        aws.advance(7200)  # who iterates was busy for longer than ECS shows what has stopped

    retries = RetryPolicy(sleep=sleep, clock=aws.seconds)
    with pytest.raises(WaitFailedError, match=f"{arn} does not exist any more: MISSING") as caught:
        simulated.ask(lambda c: take(c.watch_tasks([arn])), "ECS", retries=retries)
    assert caught.value.snapshot is not None
    assert "RUNNING" == caught.value.snapshot.state
