"""Failed calls in ``LocalAWS.requests``."""

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

from .by_boto3 import IDS, boto3_client, error_of, fill, wire, with_body

DEFINITION = "render:3"
UNKNOWN = "UnknownOperationException"


def recorded(aws: LocalAWS) -> list[tuple[str, str, Any, str | None]]:
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
def test_unknown_operations_and_services(aws: LocalAWS, service: str) -> None:
    """A call of an unknown operation or service is recorded with all that can be read from it."""
    call, operation, parameters = CALLS[service]
    client = boto3_client(aws, service)
    with pytest.raises((ClientError, ResponseParserError)):  # the latter for protocols in XML
        call(client)
    expected = [(service, operation, UNKNOWN)]
    assert expected == [(each.service, each.operation, each.error) for each in aws.requests]
    assert parameters.items() <= aws.requests[0].parameters.items()


def test_the_error_names_the_operation(aws: LocalAWS) -> None:
    """An unknown operation is UnknownOperationException with the operation's name."""
    with pytest.raises(ClientError, match="no operation RunTask here") as caught:
        boto3_client(aws, "ecs").run_task(taskDefinition=DEFINITION)
    response: Any = caught.value.response
    assert (UNKNOWN, 400) == (
        response["Error"]["Code"],
        response["ResponseMetadata"]["HTTPStatusCode"],
    )


def test_errors_are_recorded(aws: LocalAWS) -> None:
    """A call that failed is recorded with its error code, a successful one without."""
    fill(aws)
    omics, ecs = boto3_client(aws, "omics"), boto3_client(aws, "ecs")
    omics.get_run(id="1234567")
    error_of(partial(omics.get_run, id="7"))
    error_of(partial(ecs.list_tasks, maxResults=0))
    error_of(with_body(ecs, b"{").list_tasks)
    assert [
        ("omics", "GetRun", {"id": "1234567"}, None),
        ("omics", "GetRun", {"id": "7"}, "ResourceNotFoundException"),
        ("ecs", "ListTasks", {"maxResults": 0}, "InvalidParameterException"),
        ("ecs", "ListTasks", {}, "SerializationException"),
    ] == recorded(aws)


FAULTS: dict[FaultName, str] = {
    "throttling": "ThrottlingException",
    "internal": "InternalServerErrorException",
    "reset": "reset",
    "truncate": "truncate",
    "timeout": "timeout",
    "html": "html",
}


@pytest.mark.parametrize(("fault", "error"), FAULTS.items())
def test_faults_are_recorded(aws: LocalAWS, fault: FaultName, error: str) -> None:
    """A call with an injected fault is recorded with the fault or its error code."""
    fill(aws)
    aws.fail_next(fault)
    client = boto3_client(aws, "deadline", config={"read_timeout": 0.2})
    with suppress(BotoCoreError, ClientError):  # boto3 takes a page, and half an answer, for one
        client.get_task(**wire(IDS))
    client.get_task(**wire(IDS))
    assert [("deadline", "GetTask", wire(IDS), each) for each in (error, None)] == recorded(aws)


@pytest.mark.parametrize(
    "options", [{"config": {"signature_version": UNSIGNED}}, {"aws_secret_access_key": "another"}]
)
def test_invalid_signatures_are_not_recorded(aws: LocalAWS, options: Any) -> None:
    """A request with an invalid signature is never recorded."""
    ecs = boto3_client(aws, "ecs", **options)
    error_of(ecs.list_tasks)
    assert UNKNOWN == error_of(partial(ecs.run_task, taskDefinition=DEFINITION))[0]
    assert [] == aws.requests


def test_errors_are_ignored_in_comparisons() -> None:
    """Recorded requests are equal whatever their ``error``."""
    request = RecordedRequest("ecs", "ListTasks", {})
    assert request == RecordedRequest("ecs", "ListTasks", {}, "ThrottlingException")
    assert request != RecordedRequest("ecs", "DescribeTasks", {})
