"""Waiting for ECS tasks: several tasks, missing ones, and agreement with boto3."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from botocore.exceptions import WaiterError

from omics_tasks import ParamValidationError, TaskState, WaitFailedError, WaitTimeoutError
from omics_tasks.ecs import TaskArn
from omics_tasks.testing import LocalAWS

from ..asking import Ask, json_answer, take
from ..local_aws.by_boto3 import boto3_client
from ..simulated_time import SimulatedTime


@pytest.fixture
def simulated(ask: Ask) -> SimulatedTime:
    return SimulatedTime(ask)


def wait(simulated: SimulatedTime, *tasks: Any, **options: Any) -> Any:
    return simulated.ask(lambda c: c.wait_for_tasks(*tasks, **options), "ECS")


def described(request: httpx.Request) -> httpx.Response:
    """Return all requested tasks as running."""
    names = json.loads(request.content)["tasks"]
    return json_answer(tasks=[{"taskArn": name, "lastStatus": "RUNNING"} for name in names])


def ends(code: int | None, **more: Any) -> Any:
    return {"containers": [{"name": "main", "exit_code": code}], **more}


def test_success_of_all(simulated: SimulatedTime) -> None:
    """A wait returns a task for each name, in the given order, when all have succeeded."""
    slow = simulated.aws.ecs.add_task(last_status="PROVISIONING")
    quick = simulated.aws.ecs.add_task(lasts={"RUNNING": 1})
    tasks = wait(simulated, iter([slow, quick.task_id, slow]))
    assert [slow, quick, slow] == [task.task_arn for task in tasks]
    assert {TaskState.SUCCEEDED} == {task.state for task in tasks}
    assert ["STOPPED"] * 3 == [task.last_status for task in tasks]
    requested: list[Any] = [request.parameters["tasks"] for request in simulated.aws.requests]
    assert [slow, quick.task_id] == requested[0]


@pytest.mark.parametrize(
    ("end", "state"),
    [
        (ends(1), "FAILED"),
        (ends(None), "FAILED"),
        (ends(1, stop_code="UserInitiated"), "CANCELLED"),
        (ends(137, stop_code="SpotInterruption"), "CANCELLED"),
        ({"last_status": "STOPPED", "containers": []}, "FAILED"),
    ],
)
def test_another_end_of_one(simulated: SimulatedTime, end: Any, state: str) -> None:
    """A task that ends otherwise raises an error with all snapshots and the reason."""
    good = simulated.aws.ecs.add_task()
    end = {"stopped_reason": "so", **end}
    bad = simulated.aws.ecs.add_task(ends=end, lasts={"RUNNING": 10})
    with pytest.raises(WaitFailedError) as caught:
        wait(simulated, [good, bad])
    error = caught.value
    assert error.snapshot is not None
    assert (state, bad) == (error.snapshot.state, getattr(error.snapshot, "task_arn", None))
    assert ({good, bad}, 2) == (
        {getattr(each, "task_arn", None) for each in error.snapshots},
        len(error.snapshots),
    )
    assert f"{bad} is {state}, not SUCCEEDED: so" in str(error)
    assert (error.reason or "").startswith("so")


SIDECAR: Any = {"containers": [{"name": "main", "exit_code": 0}, {"name": "log", "exit_code": 143}]}


def test_only_essential_containers_count(simulated: SimulatedTime) -> None:
    """The exit code of a log router doesn't matter if the essential containers are named."""
    arn = simulated.aws.ecs.add_task(ends=SIDECAR)
    (task,) = wait(simulated, [arn], essential=iter(["main"]))
    assert TaskState.SUCCEEDED == task.state
    for options in ({}, {"essential": ["main", "log"]}):
        with pytest.raises(WaitFailedError, match="log: exit code 143"):
            wait(simulated, [arn], **options)
    with pytest.raises(WaitFailedError, match="it has no container mian"):
        wait(simulated, [arn], essential=["mian"])


@pytest.mark.parametrize("essential", [["main"], None])
def test_a_stop_code_comes_before_exit_codes(simulated: SimulatedTime, essential: Any) -> None:
    """An interrupted task has failed, whatever its containers' exit codes."""
    arn = simulated.aws.ecs.add_task(ends=ends(0, stop_code="SpotInterruption"))
    with pytest.raises(WaitFailedError, match="is CANCELLED, not SUCCEEDED"):
        wait(simulated, [arn], essential=essential)


def test_any_end(simulated: SimulatedTime) -> None:
    """Without ``until``, a wait returns the tasks in any final state."""
    arns = [simulated.aws.ecs.add_task(ends=ends(code)) for code in (0, 1, None)]
    states = [task.state for task in wait(simulated, arns, until=None)]
    assert ["SUCCEEDED", "FAILED", "FAILED"] == states


def test_until_they_run(simulated: SimulatedTime) -> None:
    """Waiting for RUNNING accepts a task that has already succeeded."""
    late = simulated.aws.ecs.add_task(last_status="PROVISIONING")
    done = simulated.aws.ecs.add_task(desired_status="STOPPED")
    states = [task.state for task in wait(simulated, [late, done], until=TaskState.RUNNING)]
    assert ["RUNNING", "SUCCEEDED"] == states


def test_a_timeout(simulated: SimulatedTime) -> None:
    """After ``timeout`` seconds the error has the last snapshot of an unfinished task."""
    arn = simulated.aws.ecs.add_task()
    with pytest.raises(WaitTimeoutError, match=r"is RUNNING after 90 s") as caught:
        wait(simulated, [arn], timeout=90)
    assert caught.value.snapshot is not None
    assert 90 == sum(simulated.pauses)


def test_no_tasks(simulated: SimulatedTime) -> None:
    """Waiting for no tasks returns at once and sends nothing."""
    assert ([], []) == (wait(simulated, []), simulated.aws.requests)


def test_a_task_that_appears_late(simulated: SimulatedTime) -> None:
    """A task that is MISSING just after its start is waited for."""
    arn = simulated.aws.ecs.add_task(appears_after=3)
    assert [arn] == [task.task_arn for task in wait(simulated, [arn])]


@pytest.mark.parametrize(("grace", "waited"), [(30.0, 30), (0, 0), (100, 100)])
def test_a_task_that_stays_missing(simulated: SimulatedTime, grace: float, waited: int) -> None:
    """A task that is still missing after the grace period is a failure."""
    with pytest.raises(WaitFailedError, match="gone was not found") as caught:
        wait(simulated, ["gone", simulated.aws.ecs.add_task()], missing_grace=grace)
    assert (None, 1) == (caught.value.snapshot, len(caught.value.snapshots))
    assert "MISSING" == caught.value.reason
    assert waited <= sum(simulated.pauses) <= waited + 30


def test_the_grace_is_half_a_minute(simulated: SimulatedTime) -> None:
    """The grace period is 30 seconds by default, from the start of the wait."""
    with pytest.raises(WaitFailedError):
        wait(simulated, ["gone"])
    assert 30 <= sum(simulated.pauses) < 30 + simulated.pauses[-1]


def test_the_same_id_in_another_cluster(simulated: SimulatedTime) -> None:
    """An ARN of another cluster is missing even if this cluster has a task with its id."""
    simulated.aws.ecs.add_cluster("render")
    arn = simulated.aws.ecs.add_task(cluster="render", task_id="a", desired_status="STOPPED")
    namesake = arn.replace("/render/", "/default/")
    with pytest.raises(WaitFailedError, match=f"{namesake} was not found"):
        wait(simulated, ["a", namesake], cluster="render", missing_grace=0)


def test_the_cluster_of_an_arn(simulated: SimulatedTime) -> None:
    """Tasks are requested from the clusters in their ARNs."""
    simulated.aws.ecs.add_cluster("render")
    arns = [
        simulated.aws.ecs.add_task(cluster=cluster, task_id="a", lasts={"RUNNING": at})
        for at, cluster in enumerate(("render", "default"), start=1)
    ]
    assert arns == [task.task_arn for task in wait(simulated, arns, missing_grace=0)]
    changes = simulated.ask(lambda c: take(c.watch_tasks(arns)), "ECS")
    assert dict.fromkeys(arns, "SUCCEEDED") == {c.item.task_arn: c.current for c in changes}


def test_requests_of_a_poll(simulated: SimulatedTime) -> None:
    """A poll requests 100 tasks per request and omits tasks that have ended."""
    arns = [simulated.aws.ecs.add_task(desired_status="STOPPED") for _ in range(150)]
    arns += [simulated.aws.ecs.add_task() for _ in range(100)]
    wait(simulated, arns)
    requested: list[Any] = [request.parameters["tasks"] for request in simulated.aws.requests]
    assert [100, 100, 50] == [len(tasks) for tasks in requested[:3]]
    assert {100} == {len(tasks) for tasks in requested[3:]}
    assert arns[150:] == requested[-1]


@pytest.mark.parametrize(
    ("tasks", "options", "wrong"),
    [
        ([7], {}, ["tasks[0]"]),
        ("0cc4", {"cluster": 5}, ["cluster", "tasks"]),
        (["a"], {"until": "DONE", "missing_grace": -1}, ["missing_grace", "until"]),
        (["a"], {"missing_grace": float("inf")}, ["missing_grace"]),
        (["a"], {"essential": "main"}, ["essential"]),
        (["a"], {"essential": []}, ["essential"]),
        (["a"], {"essential": ["main", 7]}, ["essential[1]"]),
    ],
)
def test_bad_arguments(
    simulated: SimulatedTime, tasks: Any, options: dict[str, Any], wrong: list[str]
) -> None:
    """Invalid arguments are errors before anything is sent."""
    with pytest.raises(ParamValidationError) as caught:
        wait(simulated, tasks, **options)
    assert wrong == sorted(problem.argument for problem in caught.value.problems)
    assert [] == simulated.aws.requests


# boto3

LIFECYCLES: dict[str, list[dict[str, Any]]] = {
    "all go well": [{"last_status": "PROVISIONING"}, {"last_status": "PENDING"}],
    "one fails later": [{"last_status": "PENDING"}, {"ends": ends(1)}],
    "one is cancelled later": [{"ends": ends(1, stop_code="UserInitiated")}],
    "one has failed": [
        {"last_status": "PENDING"},
        {"desired_status": "STOPPED", "containers": [{"name": "main", "exit_code": 1}]},
    ],
}


@pytest.mark.parametrize("lifecycle", LIFECYCLES)
@pytest.mark.parametrize(
    ("waiter", "until"), [("tasks_running", TaskState.RUNNING), ("tasks_stopped", None)]
)
def test_the_verdict_is_boto3s(
    ask: Ask, monkeypatch: pytest.MonkeyPatch, lifecycle: str, waiter: str, until: TaskState | None
) -> None:
    """A wait ends like boto3's TasksRunning and TasksStopped, where these end."""

    def boto3s(aws: LocalAWS, arns: list[TaskArn]) -> bool:
        monkeypatch.setattr("botocore.waiter.time", SimpleNamespace(sleep=aws.advance))
        with aws:
            try:
                boto3_client(aws, "ecs").get_waiter(waiter).wait(tasks=arns)
            except WaiterError:
                return False
            return True

    def ours(simulated: SimulatedTime, arns: list[TaskArn]) -> bool:
        try:
            wait(simulated, arns, until=until)
        except WaitFailedError:
            return False
        return True

    simulated, aws = SimulatedTime(ask), LocalAWS()
    arns = [
        [each.ecs.add_task(**fields) for fields in LIFECYCLES[lifecycle]]
        for each in (aws, simulated.aws)
    ]
    assert boto3s(aws, arns[0]) is ours(simulated, arns[1])


def test_a_task_that_never_ran(simulated: SimulatedTime) -> None:
    """A task that stopped before it started fails a wait for RUNNING, as with boto3."""
    never: Any = {"ACTIVATING": 0, "RUNNING": 0, "DEACTIVATING": 0}
    end = ends(None, stop_code="TaskFailedToStart")
    arn = simulated.aws.ecs.add_task(last_status="PROVISIONING", lasts=never, ends=end)
    with pytest.raises(WaitFailedError):
        wait(simulated, [arn], until=TaskState.RUNNING)


def test_where_boto3_never_ends(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    """A wait ends for a MISSING task, for which TasksStopped polls to its limit."""
    aws, simulated = LocalAWS(), SimulatedTime(ask)
    monkeypatch.setattr("botocore.waiter.time", SimpleNamespace(sleep=aws.advance))
    with aws, pytest.raises(WaiterError, match="Max attempts exceeded"):
        boto3_client(aws, "ecs").get_waiter("tasks_stopped").wait(tasks=["gone"])
    with pytest.raises(WaitFailedError):
        wait(simulated, ["gone"], until=None)
    assert sum(simulated.pauses) < 60


def test_a_poll_of_many_requests(simulated: SimulatedTime) -> None:
    """All requests of a poll share the remaining time of the wait."""
    aws, took = simulated.aws, 1.9

    def slow(request: httpx.Request) -> httpx.Response:
        left: float = request.extensions["timeout"]["read"]
        aws.advance(max(0.0, min(took, left)))
        if left < took:
            raise httpx.ReadTimeout("too slow", request=request)
        return described(request)

    began = aws.seconds()
    with pytest.raises(WaitTimeoutError):
        simulated.ask(
            lambda c: c.wait_for_tasks(map(str, range(1000)), timeout=5),
            "ECS",
            transport=httpx.MockTransport(slow),
        )
    assert 5 == pytest.approx(aws.seconds() - began)
