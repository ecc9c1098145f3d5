"""What ``LocalAWS.requests`` tells of calls that were not answered."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any

import pytest
from botocore import UNSIGNED
from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError

from omics_tasks.testing import FaultName, LocalAWS, RecordedRequest

from .by_boto3 import IDS, boto3_client, fill, refusal, wire, with_body

DEFINITION = "render:3"
UNKNOWN = "UnknownOperationException"


def told(aws: LocalAWS) -> list[tuple[str, str, Any, str | None]]:
    return [(each.service, each.operation, each.parameters, each.error) for each in aws.requests]


CALLS: dict[str, tuple[Callable[[Any], Any], str, Any]] = {
    "ecs": (
        lambda ecs: ecs.run_task(cluster="render", taskDefinition=DEFINITION, count=2),
        "RunTask",
        {"cluster": "render", "taskDefinition": DEFINITION, "count": 2},
    ),
    "logs": (
        lambda logs: logs.get_log_events(logGroupName="a", logStreamName="b"),
        "GetLogEvents",
        {"logGroupName": "a", "logStreamName": "b"},
    ),
    "omics": (
        lambda omics: omics.cancel_run(id="7"),
        "POST /run/7/cancel",
        {},
    ),
    "deadline": (
        lambda deadline: deadline.list_farms(maxResults=5, principalId="a b"),
        "GET /2023-10-12/farms",
        {"maxResults": "5", "principalId": "a b"},
    ),
    "s3": (lambda s3: s3.get_object(Bucket="a", Key="b"), "GET /a/b", {}),
    "sts": (lambda sts: sts.get_caller_identity(), "POST /", {}),
}


@pytest.mark.parametrize("service", CALLS)
def test_what_the_stand_in_does_not_have(aws: LocalAWS, service: str) -> None:
    """A call of an operation or a service that isn't here is recorded as far as it can be told."""
    call, operation, parameters = CALLS[service]
    client = boto3_client(aws, service)
    with pytest.raises((ClientError, ResponseParserError)):  # the latter for protocols in XML
        call(client)
    recorded = [(service, operation, UNKNOWN)]
    assert recorded == [(each.service, each.operation, each.error) for each in aws.requests]
    assert parameters.items() <= aws.requests[0].parameters.items()


def test_the_error_names_the_operation(aws: LocalAWS) -> None:
    """An operation that isn't here is refused in AWS's code, by its name."""
    with pytest.raises(ClientError, match="no operation RunTask here") as caught:
        boto3_client(aws, "ecs").run_task(taskDefinition=DEFINITION)
    response: Any = caught.value.response
    assert (UNKNOWN, 400) == (
        response["Error"]["Code"],
        response["ResponseMetadata"]["HTTPStatusCode"],
    )


def test_what_was_refused(aws: LocalAWS) -> None:
    """A call that the service refused has the code; one that was answered has none."""
    fill(aws)
    omics, ecs = boto3_client(aws, "omics"), boto3_client(aws, "ecs")
    omics.get_run(id="1234567")
    refusal(partial(omics.get_run, id="7"))
    refusal(partial(ecs.list_tasks, maxResults=0))
    refusal(with_body(ecs, b"{").list_tasks)
    assert [
        ("omics", "GetRun", {"id": "1234567"}, None),
        ("omics", "GetRun", {"id": "7"}, "ResourceNotFoundException"),
        ("ecs", "ListTasks", {"maxResults": 0}, "InvalidParameterException"),
        ("ecs", "ListTasks", {}, "SerializationException"),
    ] == told(aws)


FAULTS: dict[FaultName, str] = {
    "throttling": "ThrottlingException",
    "internal": "InternalServerErrorException",
    "reset": "reset",
    "truncate": "truncate",
    "timeout": "timeout",
    "html": "html",
}


@pytest.mark.parametrize(("fault", "error"), FAULTS.items())
def test_what_met_a_fault(aws: LocalAWS, fault: FaultName, error: str) -> None:
    """A call that failed because the test asked for it was a call, and tells how it failed."""
    fill(aws)
    aws.fail_next(fault)
    client = boto3_client(aws, "deadline", config={"read_timeout": 0.2})
    with suppress(BotoCoreError, ClientError):  # boto3 takes a page, and half an answer, for one
        client.get_task(**wire(IDS))
    client.get_task(**wire(IDS))
    assert [("deadline", "GetTask", wire(IDS), each) for each in (error, None)] == told(aws)


@pytest.mark.parametrize(
    "options", [{"config": {"signature_version": UNSIGNED}}, {"aws_secret_access_key": "another"}]
)
def test_who_is_not_known_is_not_recorded(aws: LocalAWS, options: Any) -> None:
    """Without a good signature nothing is, whether the operation is here or not."""
    ecs = boto3_client(aws, "ecs", **options)
    refusal(ecs.list_tasks)
    assert UNKNOWN == refusal(partial(ecs.run_task, taskDefinition=DEFINITION))[0]
    assert [] == aws.requests


def test_requests_are_compared_by_what_was_asked() -> None:
    """A test that compares with what it expects need not say what came of it."""
    asked = RecordedRequest("ecs", "ListTasks", {})
    assert asked == RecordedRequest("ecs", "ListTasks", {}, "ThrottlingException")
    assert asked != RecordedRequest("ecs", "DescribeTasks", {})
