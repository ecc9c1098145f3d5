"""Answers match the shapes of botocore's models."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from omics_tasks._core.model import Model
from omics_tasks.deadline import Task
from omics_tasks.healthomics import Run, RunTask
from omics_tasks.testing import LocalAWS
from omics_tasks.testing.ecs import ECSTask

from ..oracles.known import known_service
from .by_boto3 import CALLS, IDS, answers_of, boto3_client, error_of, step_of, wire
from .shapes import example, mismatches


def answer_of(service: str, operation: str) -> Any:
    """Return the shape of an operation's output."""
    return known_service(service).operation_model(operation).output_shape


SHAPES = [
    ("omics", "GetRun"),
    ("omics", "GetRunTask"),
    ("omics", "ListRunTasks"),
    ("deadline", "GetTask"),
]


@pytest.mark.parametrize(("service", "operation"), SHAPES)
def test_answers_have_botocores_shape(aws: LocalAWS, service: str, operation: str) -> None:
    """A resource with all members is returned as botocore's model defines it."""
    client = boto3_client(aws, service)
    shapes = {name: answer_of(of, name) for of, name in SHAPES if of == service}
    full = {name: example(shape, "") for name, shape in shapes.items()}
    if service == "omics":
        run = aws.healthomics.add_run(**fields_of(Run, full["GetRun"]))
        aws.healthomics.add_task(run.id, **fields_of(RunTask, full["GetRunTask"]))
        full["ListRunTasks"].pop("nextToken")
    else:
        full["GetTask"]["taskId"] = IDS.task_id
        aws.deadline.add_task(**{**IDS._asdict(), **fields_of(Task, full["GetTask"])})
    sent = body_of(client, operation)
    assert full[operation] == sent
    assert [] == list(mismatches(shapes[operation], sent, operation))


MANY: dict[str, Callable[[Any], Any]] = {
    "ListTasks": lambda client: client.list_tasks(**step_of(IDS)),
    "SearchTasks": lambda client: client.search_tasks(
        farmId=IDS.farm_id, queueIds=[IDS.queue_id], itemOffset=0
    ),
    "BatchGetTask": lambda client: client.batch_get_task(
        identifiers=[wire(IDS), wire(IDS._replace(step_id=IDS.step_id.replace("4", "5")))]
    ),
}


@pytest.mark.parametrize("operation", MANY)
def test_listed_tasks_have_botocores_shape(aws: LocalAWS, operation: str) -> None:
    """A Deadline Cloud task has all its members in listings, searches and batches."""
    client = boto3_client(aws, "deadline")
    shape = answer_of("deadline", operation)
    full = {**example(answer_of("deadline", "GetTask"), ""), "taskId": IDS.task_id}
    aws.deadline.add_task(**{**IDS._asdict(), **fields_of(Task, full)})
    bodies = answers_of(client)
    MANY[operation](client)
    known = {**full, **wire(IDS)}
    members = shape.members["tasks"].member.members
    assert [{name: known[name] for name in members}] == bodies[0]["tasks"]
    assert [] == list(mismatches(shape, bodies[0], operation))


def test_ecs_answers_have_botocores_shape(aws: LocalAWS) -> None:
    """Every page of task ARNs has exactly the members of botocore's model."""
    for _ in range(2):
        aws.ecs.add_task()
    client = boto3_client(aws, "ecs")
    bodies = answers_of(client)
    token = client.list_tasks(maxResults=1)["nextToken"]
    client.list_tasks(maxResults=1, nextToken=token)
    shape = answer_of("ecs", "ListTasks")
    assert [{"taskArns", "nextToken"}, {"taskArns"}] == [set(body) for body in bodies]
    assert [[], []] == [list(mismatches(shape, body, "ListTasks")) for body in bodies]


def test_described_tasks_have_botocores_shape(aws: LocalAWS) -> None:
    """An ECS task with all members is returned as botocore's model defines it."""
    ecs = boto3_client(aws, "ecs")
    shape = answer_of("ecs", "DescribeTasks")
    (task,) = example(shape, "", "json")["tasks"]
    fields = fields_of(ECSTask, {**task, "family": "local"})
    del fields["task_arn"], fields["cluster_arn"]  # its id and cluster make them
    arns: dict[str, str] = {"taskArn": aws.ecs.add_task(task_id="7", **fields)}
    arns["clusterArn"] = aws.ecs.add_cluster("default")
    bodies = answers_of(ecs)
    ecs.describe_tasks(tasks=["7", "8"], include=["TAGS"])
    assert [{**task, **arns}] == bodies[0]["tasks"]
    assert [] == list(mismatches(shape, bodies[0], "DescribeTasks", "json"))


@pytest.mark.parametrize("status", ["PROVISIONING", "RUNNING", "STOPPED"])
def test_default_tasks_have_botocores_shape(aws: LocalAWS, status: Any) -> None:
    """Tasks with default values match the shape too."""
    ecs = boto3_client(aws, "ecs")
    shape = answer_of("ecs", "DescribeTasks")
    bodies = answers_of(ecs)
    ecs.describe_tasks(tasks=[aws.ecs.add_task(last_status=status)])
    assert [] == list(mismatches(shape, bodies[0], "DescribeTasks", "json"))


BAD = {**wire(IDS), "farmId": "farm-1"}


@pytest.mark.parametrize(
    ("service", "fault", "call"),
    [
        ("omics", "throttling", CALLS["omics"]),
        ("omics", "internal", CALLS["omics"]),
        ("omics", None, lambda omics: omics.get_run(id="7")),
        ("omics", None, lambda omics: omics.get_run(id="x")),
        ("ecs", "internal", CALLS["ecs"]),
        ("ecs", None, lambda ecs: ecs.list_tasks(cluster="x")),
        ("ecs", None, lambda ecs: ecs.list_tasks(serviceName="x")),
        ("ecs", None, lambda ecs: ecs.list_tasks(maxResults=0)),
        ("deadline", "throttling", CALLS["deadline"]),
        ("deadline", "internal", CALLS["deadline"]),
        ("deadline", None, CALLS["deadline"]),
        ("deadline", None, lambda deadline: deadline.get_task(**BAD)),
    ],
)
def test_errors_have_botocores_shape(
    aws: LocalAWS, service: str, fault: Any, call: Callable[[Any], Any]
) -> None:
    """An error has its status and members of its shape, with all required ones."""
    client = boto3_client(aws, service)
    bodies = answers_of(client)
    if fault:
        aws.fail_next(fault)
    code, status = error_of(lambda: call(client))
    shape = known_service(service).shape_for(code)
    protocol = {"__type"} if service == "ecs" else set[str]()
    assert protocol == {name.partition(".")[2] for name in mismatches(shape, bodies[0], "")}
    assert status == shape.metadata.get("error", {"httpStatusCode": status})["httpStatusCode"]


def fields_of(model: type[Model], answer: Any) -> Any:
    read = model.model_validate_json(json.dumps(answer))
    return {name: getattr(read, name) for name in model.model_fields}


def body_of(client: Any, operation: str) -> Any:
    bodies = answers_of(client)
    {
        "GetRun": lambda: client.get_run(id="7", export=["DEFINITION"]),
        "GetRunTask": lambda: client.get_run_task(id="7", taskId="7"),
        "ListRunTasks": lambda: client.list_run_tasks(id="7"),
        "GetTask": lambda: client.get_task(**wire(IDS)),
    }[operation]()
    return bodies[-1]
