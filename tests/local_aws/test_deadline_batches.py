"""Listings and batches of the local Deadline Cloud, used with boto3."""

from __future__ import annotations

from typing import Any

import pytest

from omics_tasks.deadline import TaskId
from omics_tasks.testing import LocalAWS

from .by_boto3 import IDS, boto3_client, error_of, step_of, wire


def fill(aws: LocalAWS, count: int) -> list[TaskId]:
    ids = [IDS._replace(task_id=f"{IDS.task_id[:-1]}{number}") for number in range(count)]
    return [aws.deadline.add_task(**each._asdict()) for each in ids]


def test_a_listing_is_paged(aws: LocalAWS) -> None:
    """boto3's paginator returns all tasks of a step, by default 100 per page."""
    ids = fill(aws, 205)
    aws.deadline.add_task(**IDS._replace(step_id="step-" + "5" * 32)._asdict())
    paginator = boto3_client(aws, "deadline").get_paginator("list_tasks")
    pages = list(paginator.paginate(**step_of(IDS)))
    assert [100, 100, 5] == [len(page["tasks"]) for page in pages]
    assert [each.task_id for each in ids] == [t["taskId"] for page in pages for t in page["tasks"]]


def test_a_token_is_valid_for_one_step(aws: LocalAWS) -> None:
    """A token of one step is an error for another step."""
    fill(aws, 2)
    other = aws.deadline.add_task(**IDS._replace(step_id="step-" + "5" * 32)._asdict())
    client = boto3_client(aws, "deadline")
    token = client.list_tasks(**step_of(IDS), maxResults=1)["nextToken"]
    assert 1 == len(client.list_tasks(**step_of(IDS), nextToken=token)["tasks"])
    refused = error_of(lambda: client.list_tasks(**step_of(other), nextToken=token))
    assert ("ValidationException", 400) == refused


@pytest.mark.parametrize("member", range(4))
def test_unknown_steps(aws: LocalAWS, member: int) -> None:
    """The error names the first of farm, queue, job and step that doesn't exist."""
    fill(aws, 1)
    name = IDS._fields[member]
    other = IDS._replace(**{name: IDS[member].replace(str(member + 1), "9")})
    client = boto3_client(aws, "deadline")
    with pytest.raises(client.exceptions.ResourceNotFoundException) as caught:
        client.list_tasks(**step_of(other))
    response: Any = caught.value.response
    assert (other[member], name.removesuffix("_id")) == (
        response["resourceId"],
        response["resourceType"],
    )


def test_a_batch(aws: LocalAWS) -> None:
    """A batch returns the tasks, and errors for those that don't exist."""
    first, second = fill(aws, 2)
    missing = IDS._replace(job_id="job-" + "9" * 32)
    answer = boto3_client(aws, "deadline").batch_get_task(
        identifiers=[wire(second), wire(missing), wire(first)]
    )
    assert [wire(second), wire(first)] == [
        {name: task[name] for name in wire(IDS)} for task in answer["tasks"]
    ]
    (error,) = answer["errors"]
    assert ("ResourceNotFoundException", wire(missing)) == (
        error["code"],
        {name: error[name] for name in wire(IDS)},
    )


def test_throttled_items(aws: LocalAWS) -> None:
    """The given number of items is throttled, across several batches."""
    identifiers = [wire(each) for each in fill(aws, 3)]
    client = boto3_client(aws, "deadline")
    aws.deadline.throttle_items()
    aws.deadline.throttle_items(3)
    codes = [
        [error["code"] for error in client.batch_get_task(identifiers=identifiers)["errors"]]
        for _ in range(3)
    ]
    assert [["ThrottlingException"] * 3, ["ThrottlingException"], []] == codes


@pytest.mark.parametrize("count", [0, 101])
def test_the_size_of_a_batch(aws: LocalAWS, count: int) -> None:
    """A batch of no ids, or of more than 100, is an error."""
    client = boto3_client(aws, "deadline")
    refused = error_of(lambda: client.batch_get_task(identifiers=[wire(IDS)] * count))
    assert ("ValidationException", 400) == refused


def test_a_bad_id_in_a_batch(aws: LocalAWS) -> None:
    """An invalid id is a validation error of the whole request."""
    client = boto3_client(aws, "deadline")
    bad = {**wire(IDS), "farmId": "farm"}
    refused = error_of(lambda: client.batch_get_task(identifiers=[wire(IDS), bad]))
    assert ("ValidationException", 400) == refused
