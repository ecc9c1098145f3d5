"""boto3 works with the stand-in: paginators, waiters, exceptions and the printed settings."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import WaiterError

from omics_tasks.ecs import Tag
from omics_tasks.testing import LocalAWS, RecordedRequest

from .by_boto3 import IDS, SESSION, boto3_client, error_of, wire


@pytest.fixture
def waiting_aws(aws: LocalAWS, monkeypatch: pytest.MonkeyPatch) -> LocalAWS:
    """A stand-in whose time advances while boto3's waiters sleep."""
    monkeypatch.setattr("botocore.waiter.time", SimpleNamespace(sleep=aws.advance))
    return aws


def test_the_run_tasks_paginator(aws: LocalAWS) -> None:
    """boto3's paginator returns pages of the given size and resumes at its token."""
    run = aws.healthomics.add_run()
    ids = [aws.healthomics.add_task(run.id).task_id for _ in range(7)]
    paginator = boto3_client(aws, "omics").get_paginator("list_run_tasks")
    config: dict[str, Any] = {"PageSize": 2, "MaxItems": 4}
    listing = paginator.paginate(id=run.id, PaginationConfig=config)
    assert ids[:4] == [task["taskId"] for task in listing.search("items")]
    config = {"PageSize": 2, "StartingToken": listing.resume_token}
    rest = paginator.paginate(id=run.id, PaginationConfig=config)
    assert ids[4:] == [task["taskId"] for task in rest.search("items")]


def test_the_run_waiters(waiting_aws: LocalAWS) -> None:
    """RunRunning and RunCompleted poll every 30 seconds until the run has the status."""
    run = waiting_aws.healthomics.add_run(status="PENDING")
    omics, began = boto3_client(waiting_aws, "omics"), waiting_aws.now
    omics.get_waiter("run_running").wait(id=run.id)
    assert 120 == (waiting_aws.now - began).total_seconds()
    omics.get_waiter("run_completed").wait(id=run.id)
    assert 480 == (waiting_aws.now - began).total_seconds()
    assert [RecordedRequest("omics", "GetRun", {"id": run.id})] * 18 == waiting_aws.requests


def test_the_run_task_waiters(waiting_aws: LocalAWS) -> None:
    """TaskRunning and TaskCompleted poll until the task has the status."""
    run = waiting_aws.healthomics.add_run()
    task = waiting_aws.healthomics.add_task(run.id, status="PENDING")
    omics, began = boto3_client(waiting_aws, "omics"), waiting_aws.now
    omics.get_waiter("task_running").wait(id=run.id, taskId=task.task_id)
    omics.get_waiter("task_completed").wait(id=run.id, taskId=task.task_id)
    assert 480 == (waiting_aws.now - began).total_seconds()


def test_a_waiter_fails_with_the_run(waiting_aws: LocalAWS) -> None:
    """RunCompleted raises an error when the run has failed."""
    run = waiting_aws.healthomics.add_run(ends={"status": "FAILED"})
    with pytest.raises(WaiterError, match="terminal failure state"):
        boto3_client(waiting_aws, "omics").get_waiter("run_completed").wait(id=run.id)
    assert 360 == len(waiting_aws.requests[:-1]) * 30


def test_the_ecs_waiters(waiting_aws: LocalAWS) -> None:
    """TasksRunning and TasksStopped poll every 6 seconds until all tasks have the status."""
    arns = [
        waiting_aws.ecs.add_task(last_status="PROVISIONING"),
        waiting_aws.ecs.add_task(last_status="PENDING"),
    ]
    ecs, began = boto3_client(waiting_aws, "ecs"), waiting_aws.now
    ecs.get_waiter("tasks_running").wait(tasks=arns)
    assert 60 == (waiting_aws.now - began).total_seconds()
    ecs.get_waiter("tasks_stopped").wait(tasks=arns)
    assert 420 == (waiting_aws.now - began).total_seconds()


def test_a_waiter_fails_for_a_missing_task(waiting_aws: LocalAWS) -> None:
    """TasksRunning fails for a task that is MISSING."""
    with pytest.raises(WaiterError, match="MISSING"):
        boto3_client(waiting_aws, "ecs").get_waiter("tasks_running").wait(tasks=["abc"])


def test_exceptions_of_each_service(aws: LocalAWS) -> None:
    """boto3 raises the exception class that its model has for the code."""
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
    """Tasks are found by id and by ARN in the given order; missing ones are failures."""
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


def test_tags_are_returned_on_request(aws: LocalAWS) -> None:
    """DescribeTasks returns tags if ``include`` has TAGS."""
    arn = aws.ecs.add_task(tags=[Tag(key="a", value="b")])
    ecs = boto3_client(aws, "ecs")
    (task,) = ecs.describe_tasks(tasks=[arn])["tasks"]
    assert "tags" not in task
    (task,) = ecs.describe_tasks(tasks=[arn], include=["TAGS"])["tasks"]
    assert [{"key": "a", "value": "b"}] == task["tags"]


@pytest.mark.parametrize("tasks", [[], ["a"] * 101, None])
def test_limits_of_describe_tasks(aws: LocalAWS, tasks: list[str] | None) -> None:
    """Describing no tasks, or more than 100, is an error."""
    ecs = boto3_client(aws, "ecs")
    members = {} if tasks is None else {"tasks": tasks}
    assert ("InvalidParameterException", 400) == error_of(lambda: ecs.describe_tasks(**members))


def test_printed_variables_configure_boto3(aws: LocalAWS, monkeypatch: pytest.MonkeyPatch) -> None:
    """A boto3 client with the printed variables uses the stand-in, despite host prefixes."""
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
