"""boto3 believes the stand-in: paginators, waiters, exceptions, and the settings that it needs."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import WaiterError

from omics_tasks.ecs import Tag
from omics_tasks.testing import LocalAWS, RecordedRequest

from .by_boto3 import IDS, SESSION, boto3_client, refusal, wire


@pytest.fixture
def patient(aws: LocalAWS, monkeypatch: pytest.MonkeyPatch) -> LocalAWS:
    """A stand-in whose time goes by while boto3's waiters sleep."""
    monkeypatch.setattr("botocore.waiter.time", SimpleNamespace(sleep=aws.advance))
    return aws


def test_the_run_tasks_paginator(aws: LocalAWS) -> None:
    """boto3's own pages hold what was asked for, and resume where they ended."""
    run = aws.healthomics.add_run()
    ids = [aws.healthomics.add_task(run.id).task_id for _ in range(7)]
    paginator = boto3_client(aws, "omics").get_paginator("list_run_tasks")
    config: dict[str, Any] = {"PageSize": 2, "MaxItems": 4}
    listing = paginator.paginate(id=run.id, PaginationConfig=config)
    assert ids[:4] == [task["taskId"] for task in listing.search("items")]
    config = {"PageSize": 2, "StartingToken": listing.resume_token}
    rest = paginator.paginate(id=run.id, PaginationConfig=config)
    assert ids[4:] == [task["taskId"] for task in rest.search("items")]


def test_the_run_waiters(patient: LocalAWS) -> None:
    """RunRunning and RunCompleted poll until the run got there, 30 seconds apart."""
    run = patient.healthomics.add_run(status="PENDING")
    omics, began = boto3_client(patient, "omics"), patient.now
    omics.get_waiter("run_running").wait(id=run.id)
    assert 120 == (patient.now - began).total_seconds()
    omics.get_waiter("run_completed").wait(id=run.id)
    assert 480 == (patient.now - began).total_seconds()
    assert [RecordedRequest("omics", "GetRun", {"id": run.id})] * 18 == patient.requests


def test_the_run_task_waiters(patient: LocalAWS) -> None:
    """TaskRunning and TaskCompleted do so too."""
    run = patient.healthomics.add_run()
    task = patient.healthomics.add_task(run.id, status="PENDING")
    omics, began = boto3_client(patient, "omics"), patient.now
    omics.get_waiter("task_running").wait(id=run.id, taskId=task.task_id)
    omics.get_waiter("task_completed").wait(id=run.id, taskId=task.task_id)
    assert 480 == (patient.now - began).total_seconds()


def test_a_waiter_that_fails(patient: LocalAWS) -> None:
    """RunCompleted ends with an error once the run has failed."""
    run = patient.healthomics.add_run(ends={"status": "FAILED"})
    with pytest.raises(WaiterError, match="terminal failure state"):
        boto3_client(patient, "omics").get_waiter("run_completed").wait(id=run.id)
    assert 360 == len(patient.requests[:-1]) * 30


def test_the_ecs_waiters(patient: LocalAWS) -> None:
    """TasksRunning and TasksStopped poll until all tasks got there, 6 seconds apart."""
    arns = [
        patient.ecs.add_task(last_status="PROVISIONING"),
        patient.ecs.add_task(last_status="PENDING"),
    ]
    ecs, began = boto3_client(patient, "ecs"), patient.now
    ecs.get_waiter("tasks_running").wait(tasks=arns)
    assert 60 == (patient.now - began).total_seconds()
    ecs.get_waiter("tasks_stopped").wait(tasks=arns)
    assert 420 == (patient.now - began).total_seconds()


def test_a_waiter_for_what_is_missing(patient: LocalAWS) -> None:
    """TasksRunning fails on a task that is MISSING."""
    with pytest.raises(WaiterError, match="MISSING"):
        boto3_client(patient, "ecs").get_waiter("tasks_running").wait(tasks=["abc"])


def test_exceptions_of_each_service(aws: LocalAWS) -> None:
    """What boto3 raises is the class that its model has for the code."""
    omics, ecs, deadline = (boto3_client(aws, each) for each in ("omics", "ecs", "deadline"))
    with pytest.raises(omics.exceptions.ResourceNotFoundException):
        omics.get_run(id="7")
    with pytest.raises(omics.exceptions.ValidationException):
        omics.get_run(id="seven")
    with pytest.raises(ecs.exceptions.ClusterNotFoundException):
        ecs.list_tasks(cluster="nowhere")
    with pytest.raises(ecs.exceptions.ServiceNotFoundException):
        ecs.list_tasks(serviceName="nothing")
    with pytest.raises(ecs.exceptions.InvalidParameterException):
        ecs.list_tasks(maxResults=101)
    with pytest.raises(deadline.exceptions.ResourceNotFoundException):
        deadline.get_task(**wire(IDS))
    with pytest.raises(deadline.exceptions.ValidationException):
        deadline.get_task(**{**wire(IDS), "farmId": "farm"})


def test_describe_tasks(aws: LocalAWS) -> None:
    """Tasks are found by id and by ARN, in the order asked, and the others are failures."""
    aws.ecs.add_cluster("render")
    first, second = (aws.ecs.add_task(cluster="render", task_id=each) for each in "ab")
    elsewhere = aws.ecs.add_task(task_id="c")
    namesake = first.replace("/render/", "/default/")
    answer = boto3_client(aws, "ecs").describe_tasks(
        cluster="render", tasks=["b", first, elsewhere, namesake, "d"]
    )
    assert [second, first] == [task["taskArn"] for task in answer["tasks"]]
    assert [
        {"arn": elsewhere, "reason": "MISSING"},
        {"arn": namesake, "reason": "MISSING"},
        {"arn": first.replace("/a", "/d"), "reason": "MISSING"},
    ] == answer["failures"]


def test_tags_come_if_asked_for(aws: LocalAWS) -> None:
    """DescribeTasks has tags where ``include`` says so."""
    arn = aws.ecs.add_task(tags=[Tag(key="a", value="b")])
    ecs = boto3_client(aws, "ecs")
    (task,) = ecs.describe_tasks(tasks=[arn])["tasks"]
    assert "tags" not in task
    (task,) = ecs.describe_tasks(tasks=[arn], include=["TAGS"])["tasks"]
    assert [{"key": "a", "value": "b"}] == task["tags"]


@pytest.mark.parametrize("tasks", [[], ["a"] * 101, None])
def test_how_many_tasks_can_be_described(aws: LocalAWS, tasks: list[str] | None) -> None:
    """None at all, or over 100, are refused."""
    ecs = boto3_client(aws, "ecs")
    members = {} if tasks is None else {"tasks": tasks}
    assert ("InvalidParameterException", 400) == refusal(lambda: ecs.describe_tasks(**members))


def test_the_variables_that_the_program_prints(
    aws: LocalAWS, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A client of boto3 that is given nothing uses the stand-in, host prefixes and all."""
    for service in ("OMICS", "ECS", "DEADLINE"):
        monkeypatch.setenv(f"AWS_ENDPOINT_URL_{service}", aws.endpoint_url)
    for name, value in {
        "AWS_DISABLE_HOST_PREFIX_INJECTION": "true",
        "AWS_DEFAULT_REGION": aws.region,
        "AWS_ACCESS_KEY_ID": aws.access_key,
        "AWS_SECRET_ACCESS_KEY": aws.secret_key,
    }.items():
        monkeypatch.setenv(name, value)
    run = aws.healthomics.add_run()
    ids = aws.deadline.add_task()
    session: Any = type(SESSION)()
    assert run.id == session.client("omics").get_run(id=run.id)["id"]
    assert [] == session.client("ecs").list_tasks()["taskArns"]
    assert ids.task_id == session.client("deadline").get_task(**wire(ids))["taskId"]
