"""Eventual consistency: what was added, and doesn't show yet."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from omics_tasks import ECSClient, HealthOmicsClient, ResourceNotFoundException
from omics_tasks.testing import LocalAWS

from ..asking import Ask
from .by_boto3 import boto3_client, refusal, wire


def test_a_run_task_that_appears_late(aws: LocalAWS, ask: Ask) -> None:
    """It is neither found nor listed by the first calls that look for it, and then it is."""
    run = aws.healthomics.add_run()
    aws.healthomics.add_task(run.id, task_id="7")
    aws.healthomics.add_task(run.id, task_id="8", appears_after=3)

    def asked(question: Callable[[Any], Any]) -> Any:
        return ask(question, **aws.client_options)

    with HealthOmicsClient(**aws.client_options) as omics:
        assert ["7"] == [task.task_id for task in omics.list_run_tasks(run.id)]
        for _ in range(2):
            with pytest.raises(ResourceNotFoundException):
                asked(lambda client: client.get_run_task(run.id, "8"))
        assert "8" == asked(lambda client: client.get_run_task(run.id, "8")).task_id
        assert ["7", "8"] == [task.task_id for task in omics.list_run_tasks(run.id)]


def test_others_that_appear_late(aws: LocalAWS) -> None:
    """So with runs and Deadline Cloud's tasks."""
    run = aws.healthomics.add_run(appears_after=1)
    ids = aws.deadline.add_task(appears_after=1)
    omics, deadline = boto3_client(aws, "omics"), boto3_client(aws, "deadline")
    not_found = ("ResourceNotFoundException", 404)
    assert not_found == refusal(lambda: omics.get_run(id=run.id))
    assert run.id == omics.get_run(id=run.id)["id"]
    assert not_found == refusal(lambda: deadline.get_task(**wire(ids)))
    assert ids.task_id == deadline.get_task(**wire(ids))["taskId"]


def test_an_ecs_task_that_appears_late(aws: LocalAWS) -> None:
    """It is MISSING at first."""
    arn = aws.ecs.add_task(appears_after=2)
    ecs = boto3_client(aws, "ecs")
    assert ["MISSING"] == [f["reason"] for f in ecs.describe_tasks(tasks=[arn])["failures"]]
    assert [] == ecs.list_tasks()["taskArns"]
    assert [arn] == [task["taskArn"] for task in ecs.describe_tasks(tasks=[arn])["tasks"]]


def test_pages_keep_their_places_while_tasks_appear(aws: LocalAWS) -> None:
    """A task that appears before the place where a listing is makes the next page repeat none."""
    aws.ecs.add_task(task_id="a", appears_after=1)
    for each in "bcd":
        aws.ecs.add_task(task_id=each)
    with ECSClient(**aws.client_options) as ecs:
        assert ["b", "c", "d"] == [arn.task_id for arn in ecs.list_tasks(page_size=1)]
        assert ["a", "b", "c", "d"] == [arn.task_id for arn in ecs.list_tasks(page_size=1)]
