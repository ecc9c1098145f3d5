"""Resources that are added to the stand-in are returned to boto3 and to this library's clients."""

from __future__ import annotations

from typing import Any

import pytest

from omics_tasks import DeadlineClient, ECSClient, HealthOmicsClient
from omics_tasks.deadline import TaskParameterValue
from omics_tasks.testing import LocalAWS

from .by_boto3 import boto3_client, wire


def test_get_run_answers_both_clients(aws: LocalAWS) -> None:
    """Both clients get the run that was added, with the definition only on request."""
    run = aws.healthomics.add_run(status="FAILED", parameters={"reads": None})
    with HealthOmicsClient(**aws.client_options) as omics:
        assert run == omics.get_run(run.id, export=["DEFINITION"])
        assert run.model_copy(update={"definition": None}) == omics.get_run(run.id)
    answer = boto3_client(aws, "omics").get_run(id=run.id, export=["DEFINITION"])
    assert (run.name, run.definition, run.creation_time) == (
        answer["name"],
        answer["definition"],
        answer["creationTime"],
    )


def test_list_run_tasks_answers_both_clients(aws: LocalAWS) -> None:
    """Tasks are listed in the order of their addition, optionally filtered by status."""
    run = aws.healthomics.add_run()
    first, failed = (
        aws.healthomics.add_task(run.id),
        aws.healthomics.add_task(run.id, status="FAILED"),
    )
    with HealthOmicsClient(**aws.client_options) as omics:
        assert [first.task_id, failed.task_id] == [t.task_id for t in omics.list_run_tasks(run.id)]
    answer = boto3_client(aws, "omics").list_run_tasks(id=run.id, status="FAILED")
    assert [failed.task_id] == [item["taskId"] for item in answer["items"]]


def test_listings_return_summaries(aws: LocalAWS) -> None:
    """Listings omit reasons, log and image, as the service does."""
    run = aws.healthomics.add_run()
    aws.healthomics.add_task(run.id, status="FAILED", failure_reason="OUT_OF_MEMORY")
    (item,) = boto3_client(aws, "omics").list_run_tasks(id=run.id)["items"]
    assert set() == {"failureReason", "statusMessage", "logStream", "imageDetails"} & set(item)


def test_get_run_task_answers_both_clients(aws: LocalAWS) -> None:
    """Both clients get all members of the task that was added."""
    run = aws.healthomics.add_run()
    task = aws.healthomics.add_task(run.id, status="FAILED", failure_reason="OUT_OF_MEMORY")
    with HealthOmicsClient(**aws.client_options) as omics:
        assert task == omics.get_run_task(run.id, task.task_id)
    answer = boto3_client(aws, "omics").get_run_task(id=run.id, taskId=task.task_id)
    assert ("OUT_OF_MEMORY", task.stop_time) == (answer["failureReason"], answer["stopTime"])


def test_ecs_list_tasks_answers_both_clients(aws: LocalAWS) -> None:
    """Tasks are listed by their cluster's name or ARN, without those of other clusters."""
    cluster = aws.ecs.add_cluster("render")
    aws.ecs.add_task()
    arn = aws.ecs.add_task(cluster="render")
    with ECSClient(**aws.client_options) as ecs:
        assert [arn] == ecs.list_tasks(cluster="render").collect()
    assert {"taskArns": [arn]} == {
        name: value
        for name, value in boto3_client(aws, "ecs").list_tasks(cluster=cluster).items()
        if name != "ResponseMetadata"
    }


def test_deadline_get_task_answers_both_clients(aws: LocalAWS) -> None:
    """Both clients get the task that was added."""
    ids = aws.deadline.add_task(
        run_status="FAILED", parameters={"frame": TaskParameterValue(int="7")}
    )
    with DeadlineClient(**aws.client_options) as deadline:
        task = deadline.get_task(*ids)
    answer = boto3_client(aws, "deadline").get_task(**wire(ids))
    assert (ids.task_id, "FAILED") == (task.task_id, task.run_status)
    assert (task.ended_at, {"frame": {"int": "7"}}) == (answer["endedAt"], answer["parameters"])


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({}, ["plain", "labelled"]),
        ({"desired_status": "STOPPED"}, ["stopped"]),
        ({"desired_status": "PENDING"}, []),
        ({"launch_type": "EC2"}, ["labelled"]),
        ({"family": "blender"}, ["labelled"]),
        ({"container_instance": "abc"}, ["labelled"]),
        ({"container_instance": "arn:aws:ecs:x:y:container-instance/default/abc"}, ["labelled"]),
        ({"service_name": "farm"}, ["labelled"]),
        ({"daemon_name": "agent"}, ["labelled"]),
        ({"started_by": "me"}, ["labelled"]),
        ({"started_by": "me", "cluster": "default"}, ["labelled"]),
        ({"family": "blender", "launch_type": "FARGATE"}, []),
    ],
)
def test_ecs_filters(aws: LocalAWS, filters: dict[str, Any], expected: list[str]) -> None:
    """Every filter narrows the listing; by default it has tasks with desired status RUNNING."""
    aws.ecs.add_task(task_id="plain")
    aws.ecs.add_task(task_id="stopped", desired_status="STOPPED")
    aws.ecs.add_task(
        task_id="labelled",
        launch_type="EC2",
        family="blender",
        container_instance="arn:aws:ecs:x:y:container-instance/default/abc",
        service_name="farm",
        daemon_name="agent",
        started_by="me",
    )
    with ECSClient(**aws.client_options) as ecs:
        assert expected == [arn.task_id for arn in ecs.list_tasks(**filters)]
