"""Pages and page tokens."""

from __future__ import annotations

from functools import partial
from typing import Any

from omics_tasks import ECSClient, HealthOmicsClient
from omics_tasks.testing import LocalAWS

from .by_boto3 import boto3_client, error_of


def test_page_sizes(aws: LocalAWS) -> None:
    """A page has 100 items by default or the given number, and the last page has the rest."""
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
    """A listing that ends with a full page has no empty page after it."""
    for _ in range(4):
        aws.ecs.add_task()
    with ECSClient(**aws.client_options) as ecs:
        assert [2, 2] == [len(page.items) for page in ecs.list_tasks(page_size=2).pages()]


def test_changes_between_pages_skip_nothing(aws: LocalAWS) -> None:
    """An item that stops matching between two pages doesn't make the next page skip another."""
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


def test_a_token_is_valid_for_one_listing(aws: LocalAWS) -> None:
    """A token is an error with another run or filter, and valid with another page size."""
    omics, token = omics_tokens(aws)
    listing: dict[str, Any] = {"id": "7", "status": "FAILED", "startingToken": token}
    assert 2 == len(omics.list_run_tasks(**listing, maxResults=2)["items"])
    for change in ({"id": "8"}, {"status": "RUNNING"}):
        assert ("ValidationException", 400) == error_of(
            partial(omics.list_run_tasks, **{**listing, **change})
        )


def test_a_changed_token_is_an_error(aws: LocalAWS) -> None:
    """A token with any changed, added or missing character is an error."""
    omics, token = omics_tokens(aws)
    assert len(token) <= 128
    altered = [token[:i] + ("B" if c != "B" else "C") + token[i + 1 :] for i, c in enumerate(token)]
    for bad in [*altered, token[:-1], token + "A", token + "=", "?" + token, "é", "a b+c/%20~"]:
        assert ("ValidationException", 400) == error_of(
            partial(omics.list_run_tasks, id="7", status="FAILED", startingToken=bad)
        )


def test_invalid_tokens_of_ecs(aws: LocalAWS) -> None:
    """ECS returns InvalidParameterException for an invalid token and for other filters."""
    for _ in range(2):
        aws.ecs.add_task(family="a")
    ecs = boto3_client(aws, "ecs")
    token = ecs.list_tasks(family="a", maxResults=1)["nextToken"]
    for bad in ({"nextToken": token}, {"family": "a", "nextToken": token[::-1]}):
        assert ("InvalidParameterException", 400) == error_of(partial(ecs.list_tasks, **bad))
