"""Waiting for tasks of ECS: all of them, missing ones too, and boto3's verdict."""

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
from ..patience import Patient


@pytest.fixture
def patient(ask: Ask) -> Patient:
    return Patient(ask)


def wait(patient: Patient, *tasks: Any, **options: Any) -> Any:
    return patient.ask(lambda c: c.wait_for_tasks(*tasks, **options), "ECS")


def described(request: httpx.Request) -> httpx.Response:
    """All tasks that are asked for, as running."""
    names = json.loads(request.content)["tasks"]
    return json_answer(tasks=[{"taskArn": name, "lastStatus": "RUNNING"} for name in names])


def ends(code: int | None, **more: Any) -> Any:
    return {"containers": [{"name": "main", "exit_code": code}], **more}


def test_success_of_all(patient: Patient) -> None:
    """A wait returns a task for each name, in their order, as they are when all have succeeded."""
    slow = patient.aws.ecs.add_task(last_status="PROVISIONING")
    quick = patient.aws.ecs.add_task(lasts={"RUNNING": 1})
    tasks = wait(patient, iter([slow, quick.task_id, slow]))
    assert [slow, quick, slow] == [task.task_arn for task in tasks]
    assert {TaskState.SUCCEEDED} == {task.state for task in tasks}
    assert ["STOPPED"] * 3 == [task.last_status for task in tasks]
    asked: list[Any] = [request.parameters["tasks"] for request in patient.aws.requests]
    assert [slow, quick.task_id] == asked[0]


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
def test_another_end_of_one(patient: Patient, end: Any, state: str) -> None:
    """One that ends otherwise ends the wait, with its snapshot, all snapshots and the reason."""
    good = patient.aws.ecs.add_task()
    end = {"stopped_reason": "so", **end}
    bad = patient.aws.ecs.add_task(ends=end, lasts={"RUNNING": 10})
    with pytest.raises(WaitFailedError) as caught:
        wait(patient, [good, bad])
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


def test_only_essential_containers_count(patient: Patient) -> None:
    """The exit code of a log router fails no task, where the containers that count are named."""
    arn = patient.aws.ecs.add_task(ends=SIDECAR)
    (task,) = wait(patient, [arn], essential=iter(["main"]))
    assert TaskState.SUCCEEDED == task.state
    for options in ({}, {"essential": ["main", "log"]}):
        with pytest.raises(WaitFailedError, match="log: exit code 143"):
            wait(patient, [arn], **options)
    with pytest.raises(WaitFailedError, match="it has no container mian"):
        wait(patient, [arn], essential=["mian"])


@pytest.mark.parametrize("essential", [["main"], None])
def test_a_stop_code_comes_before_exit_codes(patient: Patient, essential: Any) -> None:
    """A task that was interrupted has failed its wait, though its containers ended well."""
    arn = patient.aws.ecs.add_task(ends=ends(0, stop_code="SpotInterruption"))
    with pytest.raises(WaitFailedError, match="is CANCELLED, not SUCCEEDED"):
        wait(patient, [arn], essential=essential)


def test_any_end(patient: Patient) -> None:
    """Without a state to wait for, whatever end they come to is what a wait returns."""
    arns = [patient.aws.ecs.add_task(ends=ends(code)) for code in (0, 1, None)]
    states = [task.state for task in wait(patient, arns, until=None)]
    assert ["SUCCEEDED", "FAILED", "FAILED"] == states


def test_until_they_run(patient: Patient) -> None:
    """One that runs, and one that ran and ended well meanwhile, are both there."""
    late = patient.aws.ecs.add_task(last_status="PROVISIONING")
    done = patient.aws.ecs.add_task(desired_status="STOPPED")
    states = [task.state for task in wait(patient, [late, done], until=TaskState.RUNNING)]
    assert ["RUNNING", "SUCCEEDED"] == states


def test_a_timeout(patient: Patient) -> None:
    """After ``timeout`` seconds, a wait gives up, with the snapshot of one that isn't there."""
    arn = patient.aws.ecs.add_task()
    with pytest.raises(WaitTimeoutError, match=r"is RUNNING after 90 s") as caught:
        wait(patient, [arn], timeout=90)
    assert caught.value.snapshot is not None
    assert 90 == sum(patient.pauses)


def test_nothing_is_waited_for(patient: Patient) -> None:
    """No tasks are there at once, and nothing is sent."""
    assert ([], []) == (wait(patient, []), patient.aws.requests)


def test_what_appears_late(patient: Patient) -> None:
    """A task that is MISSING just after its start is waited through."""
    arn = patient.aws.ecs.add_task(appears_after=3)
    assert [arn] == [task.task_arn for task in wait(patient, [arn])]


@pytest.mark.parametrize(("grace", "waited"), [(30.0, 30), (0, 0), (100, 100)])
def test_what_stays_missing(patient: Patient, grace: float, waited: int) -> None:
    """After the grace, a task that is missing is a failure, and not before."""
    with pytest.raises(WaitFailedError, match="gone was not found") as caught:
        wait(patient, ["gone", patient.aws.ecs.add_task()], missing_grace=grace)
    assert (None, 1) == (caught.value.snapshot, len(caught.value.snapshots))
    assert "MISSING" == caught.value.reason
    assert waited <= sum(patient.pauses) <= waited + 30


def test_the_grace_is_half_a_minute(patient: Patient) -> None:
    """That is what it is where nothing else is said, counted from the beginning."""
    with pytest.raises(WaitFailedError):
        wait(patient, ["gone"])
    assert 30 <= sum(patient.pauses) < 30 + patient.pauses[-1]


def test_a_namesake_in_another_cluster(patient: Patient) -> None:
    """An ARN of another cluster is missing, even where this cluster has a task of the same id."""
    patient.aws.ecs.add_cluster("render")
    arn = patient.aws.ecs.add_task(cluster="render", task_id="a", desired_status="STOPPED")
    namesake = arn.replace("/render/", "/default/")
    with pytest.raises(WaitFailedError, match=f"{namesake} was not found"):
        wait(patient, ["a", namesake], cluster="render", missing_grace=0)


def test_the_cluster_of_an_arn(patient: Patient) -> None:
    """Tasks of several clusters are waited for by their ARNs, each in its own cluster."""
    patient.aws.ecs.add_cluster("render")
    arns = [
        patient.aws.ecs.add_task(cluster=cluster, task_id="a", lasts={"RUNNING": at})
        for at, cluster in enumerate(("render", "default"), start=1)
    ]
    assert arns == [task.task_arn for task in wait(patient, arns, missing_grace=0)]
    changes = patient.ask(lambda c: take(c.watch_tasks(arns)), "ECS")
    assert dict.fromkeys(arns, "SUCCEEDED") == {c.item.task_arn: c.current for c in changes}


def test_a_hundred_a_request_and_what_has_ended_no_more(patient: Patient) -> None:
    """A look asks for a hundred tasks a request, and never again for those that have ended."""
    arns = [patient.aws.ecs.add_task(desired_status="STOPPED") for _ in range(150)]
    arns += [patient.aws.ecs.add_task() for _ in range(100)]
    wait(patient, arns)
    asked: list[Any] = [request.parameters["tasks"] for request in patient.aws.requests]
    assert [100, 100, 50] == [len(tasks) for tasks in asked[:3]]
    assert {100} == {len(tasks) for tasks in asked[3:]}
    assert arns[150:] == asked[-1]


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
    patient: Patient, tasks: Any, options: dict[str, Any], wrong: list[str]
) -> None:
    """What is wrong is said before anything is sent."""
    with pytest.raises(ParamValidationError) as caught:
        wait(patient, tasks, **options)
    assert wrong == sorted(problem.argument for problem in caught.value.problems)
    assert [] == patient.aws.requests


# boto3

LIVES: dict[str, list[dict[str, Any]]] = {
    "all go well": [{"last_status": "PROVISIONING"}, {"last_status": "PENDING"}],
    "one fails later": [{"last_status": "PENDING"}, {"ends": ends(1)}],
    "one is cancelled later": [{"ends": ends(1, stop_code="UserInitiated")}],
    "one has failed": [
        {"last_status": "PENDING"},
        {"desired_status": "STOPPED", "containers": [{"name": "main", "exit_code": 1}]},
    ],
}


@pytest.mark.parametrize("life", LIVES)
@pytest.mark.parametrize(
    ("waiter", "until"), [("tasks_running", TaskState.RUNNING), ("tasks_stopped", None)]
)
def test_the_verdict_is_boto3s(
    ask: Ask, monkeypatch: pytest.MonkeyPatch, life: str, waiter: str, until: TaskState | None
) -> None:
    """TasksRunning and TasksStopped come to the same end, where they end."""

    def boto3s(aws: LocalAWS, arns: list[TaskArn]) -> bool:
        monkeypatch.setattr("botocore.waiter.time", SimpleNamespace(sleep=aws.advance))
        with aws:
            try:
                boto3_client(aws, "ecs").get_waiter(waiter).wait(tasks=arns)
            except WaiterError:
                return False
            return True

    def ours(patient: Patient, arns: list[TaskArn]) -> bool:
        try:
            wait(patient, arns, until=until)
        except WaitFailedError:
            return False
        return True

    patient, aws = Patient(ask), LocalAWS()
    arns = [[each.ecs.add_task(**fields) for fields in LIVES[life]] for each in (aws, patient.aws)]
    assert boto3s(aws, arns[0]) is ours(patient, arns[1])


def test_what_never_ran(patient: Patient) -> None:
    """A task that stops before it has started has not come to RUNNING, and to boto3 neither."""
    never: Any = {"ACTIVATING": 0, "RUNNING": 0, "DEACTIVATING": 0}
    end = ends(None, stop_code="TaskFailedToStart")
    arn = patient.aws.ecs.add_task(last_status="PROVISIONING", lasts=never, ends=end)
    with pytest.raises(WaitFailedError):
        wait(patient, [arn], until=TaskState.RUNNING)


def test_where_boto3_never_ends(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    """For a task that is MISSING, TasksStopped polls to its limit; a wait here is over by then."""
    aws, patient = LocalAWS(), Patient(ask)
    monkeypatch.setattr("botocore.waiter.time", SimpleNamespace(sleep=aws.advance))
    with aws, pytest.raises(WaiterError, match="Max attempts exceeded"):
        boto3_client(aws, "ecs").get_waiter("tasks_stopped").wait(tasks=["gone"])
    with pytest.raises(WaitFailedError):
        wait(patient, ["gone"], until=None)
    assert sum(patient.pauses) < 60


def test_a_look_of_many_requests(patient: Patient) -> None:
    """All the requests of a look share what the wait has left, however many they are."""
    aws, took = patient.aws, 1.9

    def slow(request: httpx.Request) -> httpx.Response:
        left: float = request.extensions["timeout"]["read"]
        aws.advance(max(0.0, min(took, left)))
        if left < took:
            raise httpx.ReadTimeout("too slow", request=request)
        return described(request)

    began = aws.seconds()
    with pytest.raises(WaitTimeoutError):
        patient.ask(
            lambda c: c.wait_for_tasks(map(str, range(1000)), timeout=5),
            "ECS",
            transport=httpx.MockTransport(slow),
        )
    assert 5 == pytest.approx(aws.seconds() - began)
