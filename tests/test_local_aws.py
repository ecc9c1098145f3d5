"""The local stand-in, as boto3 and as this library's own clients use it."""

from __future__ import annotations

import importlib
import json
import socket
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import partial
from http.client import HTTPConnection
from typing import Any, cast, get_type_hints

import pytest
from botocore import UNSIGNED
from botocore.awsrequest import AWSPreparedRequest
from botocore.config import Config
from botocore.exceptions import ClientError
from botocore.model import ListShape, MapShape, Shape, StructureShape

from omics_tasks import (
    AuthenticationException,
    DeadlineClient,
    ECSClient,
    HealthOmicsClient,
    InvalidRegionError,
    ParamValidationError,
    ResourceNotFoundException,
)
from omics_tasks.deadline import Task, TaskParameterValue
from omics_tasks.ecs import ClusterNotFoundException, ServiceNotFoundException
from omics_tasks.healthomics import Run, RunTask
from omics_tasks.testing import DeadlineTaskIds, LocalAWS, RecordedRequest
from omics_tasks.testing.fields import RunFields, RunTaskFields, TaskFields

NOON = datetime(2026, 1, 2, 12, 0, 0, tzinfo=UTC)
STATUS = {"omics": 403, "deadline": 403, "ecs": 400}
"""What a bad signature is answered with: awsJson knows 400 alone."""

# boto3 makes its clients' methods as it goes: there are no types to check against.
SESSION: Any = importlib.import_module("boto3").Session()


@pytest.fixture
def aws() -> Iterator[LocalAWS]:
    with LocalAWS() as running:
        yield running


def boto3_client(aws: LocalAWS, service: str, *, token: str | None = None, **options: Any) -> Any:
    chosen: dict[str, Any] = {
        "region_name": aws.region,
        "aws_access_key_id": aws.access_key,
        "aws_secret_access_key": aws.secret_key,
        "aws_session_token": token,
        "config": {},
        **options,
    }
    chosen["config"] = Config(
        inject_host_prefix=False,
        parameter_validation=False,
        retries={"total_max_attempts": 1},
        **chosen["config"],
    )
    return SESSION.client(service, endpoint_url=aws.endpoint_url, **chosen)


IDS = DeadlineTaskIds(
    "farm-" + "1" * 32, "queue-" + "2" * 32, "job-" + "3" * 32, "step-" + "4" * 32,
    "task-" + "5" * 32 + "-0",
)  # fmt: skip
CALLS: dict[str, Callable[[Any], Any]] = {
    "omics": lambda client: client.list_run_tasks(id="1234567", maxResults=50),
    "ecs": lambda client: client.list_tasks(cluster="default"),
    "deadline": lambda client: client.get_task(**wire(IDS)),
}
"""A good call of each service, once ``fill`` was called."""


def wire(ids: DeadlineTaskIds) -> dict[str, str]:
    return dict(zip(("farmId", "queueId", "jobId", "stepId", "taskId"), ids, strict=True))


def fill(aws: LocalAWS) -> None:
    aws.healthomics.add_run(id="1234567")
    aws.ecs.add_task()
    aws.deadline.add_task(**IDS._asdict())


def refusal(call: Callable[[], Any]) -> tuple[str, int]:
    """Code and status of the error that boto3 raises."""
    with pytest.raises(ClientError) as caught:
        call()
    response: Any = caught.value.response
    return response["Error"]["Code"], response["ResponseMetadata"]["HTTPStatusCode"]


def alter(client: Any, change: Callable[[AWSPreparedRequest], None]) -> Any:
    """The client, with a change to its requests after they were signed."""

    def apply(request: AWSPreparedRequest, **_: Any) -> None:
        change(request)

    client.meta.events.register("before-send", apply)
    return client


# ── answers ──────────────────────────────────────────────────────────────────────────────────────


def test_get_run_answers_both_clients(aws: LocalAWS) -> None:
    """A run that was added is what both clients get, the definition if it is asked for."""
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
    """A run's tasks come in the order in which they were added, all or those in one status."""
    run = aws.healthomics.add_run()
    first, failed = (
        aws.healthomics.add_task(run.id),
        aws.healthomics.add_task(run.id, status="FAILED"),
    )
    with HealthOmicsClient(**aws.client_options) as omics:
        assert [first.task_id, failed.task_id] == [t.task_id for t in omics.list_run_tasks(run.id)]
    answer = boto3_client(aws, "omics").list_run_tasks(id=run.id, status="FAILED")
    assert [failed.task_id] == [item["taskId"] for item in answer["items"]]


def test_a_listing_lacks_what_only_the_task_has(aws: LocalAWS) -> None:
    """Listings leave out reasons, log and image, as the service does."""
    run = aws.healthomics.add_run()
    aws.healthomics.add_task(run.id, status="FAILED", failure_reason="OUT_OF_MEMORY")
    (item,) = boto3_client(aws, "omics").list_run_tasks(id=run.id)["items"]
    assert set() == {"failureReason", "statusMessage", "logStream", "imageDetails"} & set(item)


def test_get_run_task_answers_both_clients(aws: LocalAWS) -> None:
    """A task that was added is what both clients get, whole."""
    run = aws.healthomics.add_run()
    task = aws.healthomics.add_task(run.id, status="FAILED", failure_reason="OUT_OF_MEMORY")
    with HealthOmicsClient(**aws.client_options) as omics:
        assert task == omics.get_run_task(run.id, task.task_id)
    answer = boto3_client(aws, "omics").get_run_task(id=run.id, taskId=task.task_id)
    assert ("OUT_OF_MEMORY", task.stop_time) == (answer["failureReason"], answer["stopTime"])


def test_ecs_list_tasks_answers_both_clients(aws: LocalAWS) -> None:
    """The tasks of a cluster are listed under its name and under its ARN, and of no other."""
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
    """A task that was added is what both clients get."""
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
    """Every filter narrows the listing; without one it has what is meant to run."""
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


SHAPES = [
    ("omics", "GetRun"),
    ("omics", "GetRunTask"),
    ("omics", "ListRunTasks"),
    ("deadline", "GetTask"),
]


@pytest.mark.parametrize(("service", "operation"), SHAPES)
def test_answers_have_botocores_shape(aws: LocalAWS, service: str, operation: str) -> None:
    """What was put in with every member there is comes out as botocore's model has it."""
    client = boto3_client(aws, service)
    shapes = {
        name: client.meta.service_model.operation_model(name).output_shape
        for of, name in SHAPES
        if of == service
    }
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
    assert [] == list(strangers(shapes[operation], sent, operation))


def test_ecs_answers_have_botocores_shape(aws: LocalAWS) -> None:
    """A page of task ARNs has the members of botocore's model and no other, on every page."""
    for _ in range(2):
        aws.ecs.add_task()
    client = boto3_client(aws, "ecs")
    bodies = answers_of(client)
    token = client.list_tasks(maxResults=1)["nextToken"]
    client.list_tasks(maxResults=1, nextToken=token)
    shape = client.meta.service_model.operation_model("ListTasks").output_shape
    assert [{"taskArns", "nextToken"}, {"taskArns"}] == [set(body) for body in bodies]
    assert [[], []] == [list(strangers(shape, body, "ListTasks")) for body in bodies]


def fields_of(model: type[Run | RunTask | Task], answer: Any) -> Any:
    read = model.model_validate_json(json.dumps(answer))
    return {name: getattr(read, name) for name in model.model_fields}


def answers_of(client: Any) -> list[Any]:
    """The bodies of the client's answers, as they come in."""
    bodies = list[Any]()

    def keep(response_dict: Any, **_: Any) -> None:
        bodies.append(json.loads(response_dict["body"]))

    client.meta.events.register("before-parse", keep)
    return bodies


def body_of(client: Any, operation: str) -> Any:
    bodies = answers_of(client)
    {
        "GetRun": lambda: client.get_run(id="7", export=["DEFINITION"]),
        "GetRunTask": lambda: client.get_run_task(id="7", taskId="7"),
        "ListRunTasks": lambda: client.list_run_tasks(id="7"),
        "GetTask": lambda: client.get_task(**wire(IDS)),
    }[operation]()
    return bodies[-1]


def example(shape: Shape, name: str) -> Any:
    """A value of the shape, on the wire, with all of its members."""
    if isinstance(shape, StructureShape):
        is_union = bool(getattr(shape, "is_tagged_union", False))
        members = list(shape.members.items())[: 1 if is_union else None]
        if getattr(shape, "is_document_type", False):
            return {"free": [1, None]}
        return {member: example(inner, member) for member, inner in members}
    if isinstance(shape, ListShape):
        return [example(shape.member, name)]
    if isinstance(shape, MapShape):
        return {"key": example(shape.value, name)}
    values = {"timestamp": "2026-01-02T03:04:05Z", "integer": 7, "boolean": True}
    enum = shape.metadata.get("enum")
    text = enum[0] if enum else "7" if name in ("id", "taskId") else f"some {name}"
    return values.get(shape.type_name, text)


def strangers(shape: Shape, value: Any, at: str) -> Iterator[str]:
    """Where a value on the wire is not what the shape has."""
    if isinstance(shape, StructureShape) and not getattr(shape, "is_document_type", False):
        for name, inner in value.items():
            if name in shape.members:
                yield from strangers(shape.members[name], inner, f"{at}.{name}")
            else:
                yield f"{at}.{name}"
    elif isinstance(shape, ListShape):
        for inner in value:
            yield from strangers(shape.member, inner, f"{at}[]")
    elif isinstance(shape, MapShape):
        for inner in value.values():
            yield from strangers(shape.value, inner, f"{at}{{}}")
    else:
        types = {"integer": int, "boolean": bool, "string": str, "timestamp": str}
        if not isinstance(value, types.get(shape.type_name, object)):
            yield f"{at}: {value!r}"


# ── what is not there ────────────────────────────────────────────────────────────────────────────


def test_unknown_run_and_task(aws: LocalAWS) -> None:
    """A run or task that isn't there is a ResourceNotFoundException, 404."""
    aws.healthomics.add_run(id="7")
    omics = boto3_client(aws, "omics")
    not_found = ("ResourceNotFoundException", 404)
    assert not_found == refusal(lambda: omics.get_run(id="8"))
    assert not_found == refusal(lambda: omics.list_run_tasks(id="8"))
    assert not_found == refusal(lambda: omics.get_run_task(id="7", taskId="8"))
    with (
        HealthOmicsClient(**aws.client_options) as ours,
        pytest.raises(ResourceNotFoundException),
    ):
        ours.get_run("8")


@pytest.mark.parametrize("member", range(5))
def test_unknown_deadline_task(aws: LocalAWS, member: int) -> None:
    """The error names the outermost of farm, queue, job, step and task that isn't there."""
    aws.deadline.add_task(**IDS._asdict())
    name = IDS._fields[member]
    other = IDS._replace(**{name: IDS[member].replace(str(member + 1), "9")})
    client = boto3_client(aws, "deadline")
    with pytest.raises(client.exceptions.ResourceNotFoundException) as caught:
        client.get_task(**wire(other))
    response: Any = caught.value.response
    assert (404, other[member], name.removesuffix("_id"), {}) == (
        response["ResponseMetadata"]["HTTPStatusCode"],
        response["resourceId"],
        response["resourceType"],
        response["context"],
    )


def test_unknown_cluster_and_service(aws: LocalAWS) -> None:
    """A cluster or service that isn't there has ECS's own errors, 400 as all of them."""
    ecs = boto3_client(aws, "ecs")
    assert ("ClusterNotFoundException", 400) == refusal(lambda: ecs.list_tasks(cluster="x"))
    assert ("ServiceNotFoundException", 400) == refusal(lambda: ecs.list_tasks(serviceName="x"))
    elsewhere = aws.ecs.add_cluster("render").replace(aws.region, "eu-west-1")
    assert ("ClusterNotFoundException", 400) == refusal(lambda: ecs.list_tasks(cluster=elsewhere))
    with ECSClient(**aws.client_options) as ours:
        with pytest.raises(ClusterNotFoundException):
            ours.list_tasks(cluster="x").collect()
        with pytest.raises(ServiceNotFoundException):
            ours.list_tasks(service_name="x").collect()


def test_empty_listings(aws: LocalAWS) -> None:
    """Where nothing is there, a listing is an empty list without a token."""
    run = aws.healthomics.add_run()
    omics, ecs = boto3_client(aws, "omics"), boto3_client(aws, "ecs")
    bodies = answers_of(omics)
    omics.list_run_tasks(id=run.id)
    assert [{"items": []}] == bodies
    bodies = answers_of(ecs)
    ecs.list_tasks()
    assert [{"taskArns": []}] == bodies


def test_unknown_operations(aws: LocalAWS) -> None:
    """An operation that the stand-in does not have is refused as one that AWS does not have."""
    assert ("UnknownOperationException", 404) == refusal(boto3_client(aws, "omics").list_runs)
    assert ("UnknownOperationException", 400) == refusal(boto3_client(aws, "ecs").list_clusters)


# ── pages ────────────────────────────────────────────────────────────────────────────────────────


def test_pages_have_100_items_unless_asked(aws: LocalAWS) -> None:
    """Without a size a page has 100 items, with one that many, and the last what is left."""
    run = aws.healthomics.add_run()
    ids = [aws.healthomics.add_task(run.id).task_id for _ in range(205)]
    arns = [aws.ecs.add_task() for _ in range(101)]
    with HealthOmicsClient(**aws.client_options) as omics, ECSClient(**aws.client_options) as ecs:
        pages = [page.items for page in omics.list_run_tasks(run.id).pages()]
        assert [100, 100, 5] == [len(page) for page in pages]
        assert ids == [task.task_id for page in pages for task in page]
        sizes = [len(page.items) for page in ecs.list_tasks(page_size=40).pages()]
        assert [40, 40, 21] == sizes
    paginator = boto3_client(aws, "ecs").get_paginator("list_tasks")
    assert arns == list(paginator.paginate().search("taskArns"))


def test_a_last_page_that_is_full_has_no_token(aws: LocalAWS) -> None:
    """A listing that ends with a full page ends there, not with an empty one."""
    for _ in range(4):
        aws.ecs.add_task()
    with ECSClient(**aws.client_options) as ecs:
        assert [2, 2] == [len(page.items) for page in ecs.list_tasks(page_size=2).pages()]


def test_what_changes_between_pages_shifts_nothing(aws: LocalAWS) -> None:
    """A task that the filter drops between two pages makes the next one skip nothing."""
    for each in "abc":
        aws.ecs.add_task(task_id=each)
    with ECSClient(**aws.client_options) as ecs:
        pages = ecs.list_tasks(page_size=1).pages()
        seen = [arn.task_id for arn in next(pages).items]
        aws.ecs.add_task(task_id="a", desired_status="STOPPED")
        seen += [arn.task_id for page in pages for arn in page.items]
    assert ["a", "b", "c"] == seen


def omics_tokens(aws: LocalAWS) -> tuple[Any, str]:
    omics = boto3_client(aws, "omics")
    for run in ("7", "8"):
        aws.healthomics.add_run(id=run)
        for _ in range(3):
            aws.healthomics.add_task(run, status="FAILED")
    return omics, omics.list_run_tasks(id="7", status="FAILED", maxResults=1)["nextToken"]


def test_a_token_holds_for_its_listing_alone(aws: LocalAWS) -> None:
    """A token is refused with another run or status; another page size is no other listing."""
    omics, token = omics_tokens(aws)
    listing: dict[str, Any] = {"id": "7", "status": "FAILED", "startingToken": token}
    assert 2 == len(omics.list_run_tasks(**listing, maxResults=2)["items"])
    for change in ({"id": "8"}, {"status": "RUNNING"}):
        assert ("ValidationException", 400) == refusal(
            partial(omics.list_run_tasks, **{**listing, **change})
        )


def test_an_altered_token_is_refused(aws: LocalAWS) -> None:
    """Whatever character of a token is changed, added or left out, it is refused."""
    omics, token = omics_tokens(aws)
    assert len(token) <= 128
    altered = [token[:i] + ("B" if c != "B" else "C") + token[i + 1 :] for i, c in enumerate(token)]
    for bad in [*altered, token[:-1], token + "A", token + "=", "?" + token, "é", "a b+c/%20~"]:
        assert ("ValidationException", 400) == refusal(
            partial(omics.list_run_tasks, id="7", status="FAILED", startingToken=bad)
        )


def test_ecs_refuses_tokens_in_its_own_words(aws: LocalAWS) -> None:
    """ECS calls a bad token, and a token with other filters, an InvalidParameterException."""
    for _ in range(2):
        aws.ecs.add_task(family="a")
    ecs = boto3_client(aws, "ecs")
    token = ecs.list_tasks(family="a", maxResults=1)["nextToken"]
    for bad in ({"nextToken": token}, {"family": "a", "nextToken": token[::-1]}):
        assert ("InvalidParameterException", 400) == refusal(partial(ecs.list_tasks, **bad))


# ── arguments ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("size", [0, 101, -1])
def test_page_sizes_out_of_range(aws: LocalAWS, size: int) -> None:
    """A page size below 1 or above 100 is refused."""
    aws.healthomics.add_run(id="7")
    omics, ecs = boto3_client(aws, "omics"), boto3_client(aws, "ecs")
    assert ("ValidationException", 400) == refusal(
        lambda: omics.list_run_tasks(id="7", maxResults=size)
    )
    assert ("InvalidParameterException", 400) == refusal(lambda: ecs.list_tasks(maxResults=size))


@pytest.mark.parametrize(
    ("service", "operation", "arguments", "expected"),
    [
        ("omics", "get_run", {"id": "x"}, "ValidationException"),
        ("omics", "get_run", {"id": "1" * 19}, "ValidationException"),
        ("omics", "get_run", {"id": "7", "export": ["ALL"]}, "ValidationException"),
        ("omics", "get_run", {"id": "7", "export": ["DEFINITION"] * 33}, "ValidationException"),
        ("omics", "list_run_tasks", {"id": "7", "status": "DONE"}, "ValidationException"),
        ("omics", "list_run_tasks", {"id": "7", "startingToken": ""}, "ValidationException"),
        ("omics", "list_run_tasks", {"id": "7", "maxResults": "x"}, "SerializationException"),
        (
            "omics",
            "list_run_tasks",
            {"id": "7", "maxResults": "9" * 5000},
            "SerializationException",
        ),
        ("ecs", "list_tasks", {"desiredStatus": "DONE"}, "InvalidParameterException"),
        ("ecs", "list_tasks", {"launchType": "MOON"}, "InvalidParameterException"),
        ("ecs", "list_tasks", {"startedBy": "me", "family": "a"}, "InvalidParameterException"),
        ("ecs", "list_tasks", {"family": 7}, "SerializationException"),
    ],
)
def test_bad_arguments(
    aws: LocalAWS, service: str, operation: str, arguments: dict[str, Any], expected: str
) -> None:
    """Arguments that break the API's rules are refused under the service's own code."""
    call = getattr(boto3_client(aws, service), operation)
    assert (expected, 400) == refusal(partial(call, **arguments))


def test_deadline_lists_the_bad_fields(aws: LocalAWS) -> None:
    """Deadline Cloud says which member is bad, and why, in the members of its exception."""
    client = boto3_client(aws, "deadline")
    with pytest.raises(ClientError) as caught:
        client.get_task(**{**wire(IDS), "farmId": "farm-1"})
    response: Any = caught.value.response
    assert ("FIELD_VALIDATION_FAILED", ["farmId"]) == (
        response["reason"],
        [field["name"] for field in response["fieldList"]],
    )


def with_body(client: Any, body: bytes) -> Any:
    """The client, with this body in all its requests, whatever it is called with."""

    def replace(params: Any, **_: Any) -> None:
        params["body"] = body

    client.meta.events.register("before-call", replace)
    return client


@pytest.mark.parametrize("body", [b"[]", b"{", b"\xff", b""])
def test_a_body_that_is_no_json_object(aws: LocalAWS, body: bytes) -> None:
    """ECS refuses a body that it can't read."""
    ecs = with_body(boto3_client(aws, "ecs"), body)
    assert ("SerializationException", 400) == refusal(ecs.list_tasks)


def test_unknown_members_are_ignored(aws: LocalAWS) -> None:
    """A member that the API has not is as good as none, and null is no value."""
    ecs = with_body(
        boto3_client(aws, "ecs"), b'{"maxItems": 1, "sort": "up", "pageSize": 0, "family": null}'
    )
    assert [] == ecs.list_tasks()["taskArns"]
    assert [RecordedRequest("ecs", "ListTasks", {"family": None})] == aws.requests


def test_paths_are_read_as_they_were_meant(aws: LocalAWS) -> None:
    """What is encoded in a path is decoded, once."""
    omics = boto3_client(aws, "omics")
    assert ("ValidationException", 400) == refusal(partial(omics.get_run, id="a b%2F~é+"))
    assert [RecordedRequest("omics", "GetRun", {"id": "a b%2F~é+"})] == aws.requests


# ── signatures ───────────────────────────────────────────────────────────────────────────────────


def test_what_canonical_requests_level(aws: LocalAWS) -> None:
    """Spaces in headers, the order of the query and dots in paths are signed in one form."""
    aws.healthomics.add_run(id="7")
    omics = boto3_client(aws, "omics")

    def add_header(request: Any, **_: Any) -> None:
        request.headers["X-Amz-Note"] = "  far   apart "

    omics.meta.events.register("before-sign", add_header)
    listing = {"id": "7", "status": "FAILED", "maxResults": 5, "startingToken": "~ +/%20=é"}
    for call in (
        partial(omics.list_run_tasks, **listing),
        partial(omics.list_run_tasks, id=".."),
        partial(omics.list_run_tasks, id="."),
    ):
        assert ("ValidationException", 400) == refusal(call)


SERVICES = pytest.mark.parametrize("service", list(CALLS))


@SERVICES
def test_a_good_signature_passes(aws: LocalAWS, service: str) -> None:
    """What boto3 signs with the right keys is answered."""
    fill(aws)
    answer = CALLS[service](boto3_client(aws, service))
    assert 200 == answer["ResponseMetadata"]["HTTPStatusCode"]


@SERVICES
@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"aws_secret_access_key": "another"}, "InvalidSignatureException"),
        ({"aws_access_key_id": "AKIDANOTHER"}, "UnrecognizedClientException"),
        ({"token": "uncalled for"}, "UnrecognizedClientException"),
        ({"region_name": "eu-west-1"}, "InvalidSignatureException"),
        ({"config": {"signature_version": UNSIGNED}}, "MissingAuthenticationTokenException"),
    ],
)
def test_foreign_signatures(
    aws: LocalAWS, service: str, options: dict[str, Any], expected: str
) -> None:
    """A wrong secret, key, token or region, or no signature at all, is refused."""
    fill(aws)
    client = boto3_client(aws, service, **options)
    assert (expected, STATUS[service]) == refusal(lambda: CALLS[service](client))


@SERVICES
def test_a_signature_for_another_service(aws: LocalAWS, service: str) -> None:
    """A signature for one service is none for another."""
    fill(aws)
    client = boto3_client(aws, service)

    def sign_for_another(request: Any, **_: Any) -> None:
        request.context["signing"] = {"signing_name": "s3control"}

    client.meta.events.register("before-sign", sign_for_another)
    assert ("InvalidSignatureException", STATUS[service]) == refusal(lambda: CALLS[service](client))


def one_more_page(request: AWSPreparedRequest) -> None:
    request.url = request.url.replace("maxResults=50", "maxResults=51")


def another_run(request: AWSPreparedRequest) -> None:
    request.url = request.url.replace("/run/1234567", "/run/1234568")


def another_cluster(request: AWSPreparedRequest) -> None:
    request.body = cast(bytes, request.body).replace(b"default", b"Default")


def last_character(request: AWSPreparedRequest) -> None:
    text = authorization(request)
    request.headers["Authorization"] = text[:-1] + ("0" if text[-1] != "0" else "1")


def unsigned_header(request: AWSPreparedRequest) -> None:
    request.headers["x-amz-extra"] = "not in SignedHeaders"


def another_date(request: AWSPreparedRequest) -> None:
    text = authorization(request)
    day = text.split("/")[1]
    request.headers["Authorization"] = text.replace(f"/{day}/", "/20200101/")


def no_signature(request: AWSPreparedRequest) -> None:
    request.headers["Authorization"] = authorization(request).partition(", Signature=")[0]


def no_scope(request: AWSPreparedRequest) -> None:
    request.headers["Authorization"] = authorization(request).replace("/aws4_request", "")


def no_date(request: AWSPreparedRequest) -> None:
    del request.headers["X-Amz-Date"]


def another_algorithm(request: AWSPreparedRequest) -> None:
    request.headers["Authorization"] = authorization(request).replace("AWS4", "AWS5")


def authorization(request: AWSPreparedRequest) -> str:
    value: str | bytes = request.headers["Authorization"]
    return value.decode() if isinstance(value, bytes) else value


@pytest.mark.parametrize(
    ("service", "change", "expected"),
    [
        ("omics", one_more_page, "InvalidSignatureException"),
        ("omics", another_run, "InvalidSignatureException"),
        ("ecs", another_cluster, "InvalidSignatureException"),
        ("omics", last_character, "InvalidSignatureException"),
        ("ecs", last_character, "InvalidSignatureException"),
        ("omics", unsigned_header, "InvalidSignatureException"),
        ("omics", another_date, "InvalidSignatureException"),
        ("omics", no_signature, "IncompleteSignature"),
        ("ecs", no_scope, "IncompleteSignature"),
        ("deadline", no_date, "IncompleteSignature"),
        ("deadline", another_algorithm, "IncompleteSignature"),
    ],
)
def test_requests_altered_after_signing(
    aws: LocalAWS, service: str, change: Callable[[AWSPreparedRequest], None], expected: str
) -> None:
    """A query, path, body or header other than was signed, or half a signature, is refused."""
    fill(aws)
    aws.healthomics.add_run(id="1234568")
    aws.ecs.add_cluster("Default")
    client = alter(boto3_client(aws, service), change)
    assert (expected, STATUS[service]) == refusal(lambda: CALLS[service](client))


@pytest.mark.parametrize("minutes", [-16, 16])
def test_signatures_of_another_time(minutes: int) -> None:
    """A signature over 15 minutes from the stand-in's clock is refused, early or late."""
    with LocalAWS(clock=lambda: datetime.now(UTC) + timedelta(minutes=minutes)) as aws:
        client = boto3_client(aws, "omics")
        assert ("InvalidSignatureException", 403) == refusal(lambda: client.get_run(id="7"))


def test_the_date_of_the_key_is_the_date_of_the_signature(
    aws: LocalAWS, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A key of another day signs nothing today, though it is the right one for its day."""

    class OfTwoDays(str):
        __slots__ = ()

        def __getitem__(self, index: Any) -> str:
            return "20200101" if index == slice(0, 8) else super().__getitem__(index)

    class Clock(datetime):
        def strftime(self, format: str) -> str:  # noqa: A002 - as inherited
            return OfTwoDays(super().strftime(format))

    monkeypatch.setattr("botocore.auth.get_current_datetime", lambda **_: Clock.now(UTC))
    ecs = boto3_client(aws, "ecs")
    with pytest.raises(ClientError, match="20200101"):
        ecs.list_tasks()


@pytest.mark.parametrize("minutes", [-14, 14])
def test_clocks_need_not_agree_to_the_minute(minutes: int) -> None:
    """A signature 14 minutes from the stand-in's clock passes."""
    with LocalAWS(clock=lambda: datetime.now(UTC) + timedelta(minutes=minutes)) as aws:
        assert [] == boto3_client(aws, "ecs").list_tasks()["taskArns"]


def test_a_session_token_is_needed_where_there_is_one() -> None:
    """With a session token, both clients pass with it, and neither without or with another."""
    with LocalAWS(session_token="temporary") as aws:
        with ECSClient(**aws.client_options) as ecs:
            assert [] == ecs.list_tasks().collect()
        assert [] == boto3_client(aws, "ecs", token="temporary").list_tasks()["taskArns"]
        for token in (None, "another"):
            client = boto3_client(aws, "ecs", token=token)
            assert ("UnrecognizedClientException", 400) == refusal(client.list_tasks)


def test_our_clients_call_it_an_authentication_failure(aws: LocalAWS) -> None:
    """A wrong signature reaches this library's callers as an AuthenticationException."""
    with LocalAWS(secret_key="another") as other:
        options = aws.client_options
        options["endpoint_url"] = other.endpoint_url
        with ECSClient(**options) as ecs, pytest.raises(AuthenticationException) as caught:
            ecs.list_tasks().collect()
    assert ("InvalidSignatureException", 1) == (caught.value.code, caught.value.attempts)


# ── builders ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("fields", "model"), [(RunFields, Run), (RunTaskFields, RunTask), (TaskFields, Task)]
)
def test_builders_take_every_field(fields: type, model: type[Run | RunTask | Task]) -> None:
    """What a builder takes are the model's fields, all of them."""
    assert set(model.model_fields) == set(get_type_hints(fields))


def test_builders_fill_in_the_same_values_every_time() -> None:
    """Two stand-ins that were told the same hold the same."""
    first, second = LocalAWS(), LocalAWS()
    run, same = first.healthomics.add_run(), second.healthomics.add_run()
    assert run == same
    assert first.healthomics.add_task(run.id) == second.healthomics.add_task(run.id)
    assert first.ecs.add_task() == second.ecs.add_task()
    assert first.deadline.add_task() == second.deadline.add_task()


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("PENDING", (False, False)),
        ("RUNNING", (True, False)),
        ("COMPLETED", (True, True)),
    ],
)
def test_times_follow_the_status(aws: LocalAWS, status: Any, expected: tuple[bool, bool]) -> None:
    """What has not started or stopped has no time for it, and the times are in order."""
    run = aws.healthomics.add_run(status=status, creation_time=NOON)
    assert expected == (run.start_time is not None, run.stop_time is not None)
    times = [t for t in (run.creation_time, run.start_time, run.stop_time) if t is not None]
    assert [NOON, *times[1:]] == sorted(times)


def test_adding_again_replaces(aws: LocalAWS) -> None:
    """A run that is added under the same id takes the other's place, and keeps its tasks."""
    run = aws.healthomics.add_run()
    aws.healthomics.add_task(run.id)
    aws.healthomics.add_run(id=run.id, status="COMPLETED")
    with HealthOmicsClient(**aws.client_options) as omics:
        assert "COMPLETED" == omics.get_run(run.id).status
        assert 1 == len(omics.list_run_tasks(run.id).collect())


def test_a_cluster_is_added_once(aws: LocalAWS) -> None:
    """Adding a cluster that is there leaves it as it is."""
    cluster = aws.ecs.add_cluster("render")
    arn = aws.ecs.add_task(cluster="render")
    assert cluster == aws.ecs.add_cluster("render")
    with ECSClient(**aws.client_options) as ecs:
        assert [arn] == ecs.list_tasks(cluster="render").collect()


def test_deadline_tasks_share_a_step(aws: LocalAWS) -> None:
    """Ids that are given are kept, and the rest is made."""
    first = aws.deadline.add_task()
    second = aws.deadline.add_task(
        farm_id=first.farm_id,
        queue_id=first.queue_id,
        job_id=first.job_id,
        step_id=first.step_id,
    )
    assert first[:4] == second[:4]
    assert first.task_id != second.task_id


def test_ids_that_nobody_could_ask_for(aws: LocalAWS) -> None:
    """A builder refuses an id that the API would refuse."""
    with pytest.raises(ParamValidationError):
        aws.healthomics.add_run(id="seven")
    with pytest.raises(ParamValidationError):
        aws.healthomics.add_task(aws.healthomics.add_run().id, task_id="seven")
    with pytest.raises(ParamValidationError):
        aws.deadline.add_task(farm_id="farm-1")


def test_misspelt_fields(aws: LocalAWS) -> None:
    """A builder refuses a field that the model has not, rather than send it."""
    misspelt: Any = {"stauts": "FAILED"}
    with pytest.raises(TypeError, match="Run has no field stauts"):
        aws.healthomics.add_run(**misspelt)


def test_tasks_need_their_parent(aws: LocalAWS) -> None:
    """A task can't be added to a run or cluster that isn't there."""
    with pytest.raises(KeyError):
        aws.healthomics.add_task("7")
    with pytest.raises(KeyError):
        aws.ecs.add_task(cluster="render")


def test_arns_are_of_the_region() -> None:
    """ARNs have the region's partition, and the region itself."""
    arn = LocalAWS(region="cn-north-1").ecs.add_task(task_id="7")
    assert "arn:aws-cn:ecs:cn-north-1:111122223333:task/default/7" == arn


# ── the front ────────────────────────────────────────────────────────────────────────────────────


def test_requests_are_recorded(aws: LocalAWS) -> None:
    """What was called is there under the API's names, refused or not, and unsigned it is not."""
    run = aws.healthomics.add_run()
    with HealthOmicsClient(**aws.client_options) as omics, ECSClient(**aws.client_options) as ecs:
        omics.get_run(run.id, export=["DEFINITION"])
        omics.list_run_tasks(run.id, status="FAILED", page_size=5).collect()
        with pytest.raises(ClusterNotFoundException):
            ecs.list_tasks(cluster="x").collect()
    refusal(boto3_client(aws, "ecs", config={"signature_version": UNSIGNED}).list_tasks)
    assert [
        RecordedRequest("omics", "GetRun", {"id": run.id, "export": ["DEFINITION"]}),
        RecordedRequest(
            "omics", "ListRunTasks", {"id": run.id, "status": "FAILED", "maxResults": 5}
        ),
        RecordedRequest("ecs", "ListTasks", {"cluster": "x"}),
    ] == aws.requests


def test_every_answer_has_an_id_and_a_date() -> None:
    """Good or bad, an answer has a request id of its own and the clock's date."""
    clock = [NOON]
    with LocalAWS(clock=lambda: clock[0]) as aws:
        connection = HTTPConnection(aws.endpoint_url.removeprefix("http://"))
        ids = set[str | None]()
        for _ in range(2):
            connection.request("GET", "/run/7")
            response = connection.getresponse()
            response.read()
            ids.add(response.headers["x-amzn-RequestId"])
            assert NOON == parsedate_to_datetime(response.headers["Date"])
        connection.close()
    assert 2 == len(ids - {None})


def test_connections_are_kept(aws: LocalAWS) -> None:
    """One connection takes one request after the other, those with a body too."""
    connection = HTTPConnection(aws.endpoint_url.removeprefix("http://"))
    connection.connect()
    used = connection.sock
    for method, body in (("POST", b"{}"), ("GET", None), ("DELETE", b"x"), ("GET", None)):
        connection.request(method, "/run/7", body)
        assert connection.getresponse().read()
    assert used is connection.sock
    connection.close()


def test_an_answer_goes_out_in_one_piece(aws: LocalAWS) -> None:
    """Head and body come together: apart, the second would wait for the first's receipt."""
    host, port = aws.endpoint_url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as connection:
        connection.sendall(b"GET /run/7 HTTP/1.1\r\nHost: here\r\n\r\n")
        head, _, body = connection.recv(65536).partition(b"\r\n\r\n")
    assert f"Content-Length: {len(body)}".encode() in head.split(b"\r\n")
    assert body


def test_it_answers_many_at_once(aws: LocalAWS) -> None:
    """Threads that share a client are answered side by side."""
    run = aws.healthomics.add_run()
    found = list[str]()
    with HealthOmicsClient(**aws.client_options) as omics:
        threads = [
            threading.Thread(target=lambda: found.append(omics.get_run(run.id).id))
            for _ in range(20)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert [run.id] * 20 == found


def test_it_ends_with_its_block() -> None:
    """At the end the port is free, kept connections are over, and no thread is left."""
    before = threading.active_count()
    with LocalAWS() as aws:
        host, port = aws.endpoint_url.removeprefix("http://").split(":")
        kept = HTTPConnection(host, int(port))
        kept.request("GET", "/run/7")
        kept.getresponse().read()
    assert before == threading.active_count()
    assert b"" == kept.sock.recv(1)
    kept.close()
    with socket.socket() as probe:
        assert 0 != probe.connect_ex((host, int(port)))


def test_it_has_no_address_outside_its_block() -> None:
    """Asking for the address too early or too late says what to do."""
    aws = LocalAWS()
    for _ in range(2):
        with pytest.raises(RuntimeError, match="with block"):
            _ = aws.client_options
        with aws:
            assert aws.endpoint_url == aws.client_options.get("endpoint_url")


def test_regions_must_be_names_of_regions() -> None:
    """A region that no client could have is refused."""
    with pytest.raises(InvalidRegionError):
        LocalAWS(region="us east")


def test_state_outlives_the_block() -> None:
    """The same stand-in can be used again, at another port, with what it knew."""
    aws = LocalAWS()
    with aws:
        run = aws.healthomics.add_run()
    with aws, HealthOmicsClient(**aws.client_options) as omics:
        assert run.id == omics.get_run(run.id).id


def test_the_machines_settings_have_no_say(aws: LocalAWS, monkeypatch: pytest.MonkeyPatch) -> None:
    """A client made with ``client_options`` asks the stand-in, whatever is set around it."""
    for name, value in {
        "AWS_CA_BUNDLE": "/nowhere",
        "AWS_USE_FIPS_ENDPOINT": "true",
        "AWS_USE_DUALSTACK_ENDPOINT": "true",
        "AWS_ENDPOINT_URL": "http://127.0.0.1:1",
        "AWS_REGION": "eu-west-1",
        "AWS_ACCESS_KEY_ID": "AKIDANOTHER",
        "AWS_SECRET_ACCESS_KEY": "another",
        "AWS_SESSION_TOKEN": "another",
    }.items():
        monkeypatch.setenv(name, value)
    with ECSClient(**aws.client_options) as ecs:
        assert [] == ecs.list_tasks().collect()
