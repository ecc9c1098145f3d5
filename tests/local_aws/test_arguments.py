"""Arguments are checked against the API's rules."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
from botocore.exceptions import ClientError

from omics_tasks.testing import LocalAWS, RecordedRequest

from .by_boto3 import IDS, boto3_client, error_of, wire, with_body


@pytest.mark.parametrize("size", [0, 101, -1])
def test_page_sizes_out_of_range(aws: LocalAWS, size: int) -> None:
    """A page size below 1 or above 100 is an error."""
    aws.healthomics.add_run(id="7")
    omics, ecs = boto3_client(aws, "omics"), boto3_client(aws, "ecs")
    assert ("ValidationException", 400) == error_of(
        lambda: omics.list_run_tasks(id="7", maxResults=size)
    )
    assert ("InvalidParameterException", 400) == error_of(lambda: ecs.list_tasks(maxResults=size))


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
    """Invalid arguments raise the service's own validation error."""
    call = getattr(boto3_client(aws, service), operation)
    assert (expected, 400) == error_of(partial(call, **arguments))


def test_deadline_lists_the_bad_fields(aws: LocalAWS) -> None:
    """Deadline Cloud's error has each invalid member with its reason."""
    client = boto3_client(aws, "deadline")
    with pytest.raises(ClientError) as caught:
        client.get_task(**{**wire(IDS), "farmId": "farm-1"})
    response: Any = caught.value.response
    assert ("FIELD_VALIDATION_FAILED", ["farmId"]) == (
        response["reason"],
        [field["name"] for field in response["fieldList"]],
    )


@pytest.mark.parametrize("body", [b"[]", b"{", b"\xff", b""])
def test_a_body_that_is_no_json_object(aws: LocalAWS, body: bytes) -> None:
    """ECS returns an error for a body that isn't a JSON object."""
    ecs = with_body(boto3_client(aws, "ecs"), body)
    assert ("SerializationException", 400) == error_of(ecs.list_tasks)


def test_unknown_members_are_ignored(aws: LocalAWS) -> None:
    """An unknown member is ignored, and null counts as missing."""
    ecs = with_body(
        boto3_client(aws, "ecs"), b'{"maxItems": 1, "sort": "up", "pageSize": 0, "family": null}'
    )
    assert [] == ecs.list_tasks()["taskArns"]
    assert [RecordedRequest("ecs", "ListTasks", {"family": None})] == aws.requests


def test_paths_are_decoded_once(aws: LocalAWS) -> None:
    """Percent-encoded characters in a path are decoded once."""
    omics = boto3_client(aws, "omics")
    assert ("ValidationException", 400) == error_of(partial(omics.get_run, id="a b%2F~é+"))
    assert [RecordedRequest("omics", "GetRun", {"id": "a b%2F~é+"})] == aws.requests
