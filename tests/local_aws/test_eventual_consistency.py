"""Eventual consistency: resources that appear some calls after they were added."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from omics_tasks import ECSClient, HealthOmicsClient, ResourceNotFoundException
from omics_tasks.testing import LocalAWS

from ..asking import Ask
from .by_boto3 import boto3_client, error_of, wire


def test_a_run_task_that_appears_late(aws: LocalAWS, ask: Ask) -> None:
    """The first calls neither find nor list the task, and later ones do."""
    run = aws.healthomics.add_run()
    aws.healthomics.add_task(run.id, task_id="7")
    aws.healthomics.add_task(run.id, task_id="8", appears_after=3)

    def call(question: Callable[[Any], Any]) -> Any:
        return ask(question, **aws.client_options)

    with HealthOmicsClient(**aws.client_options) as omics:
        assert ["7"] == [task.task_id for task in omics.list_run_tasks(run.id)]
        for _ in range(2):
            with pytest.raises(ResourceNotFoundException):
                call(lambda client: client.get_run_task(run.id, "8"))
        assert "8" == call(lambda client: client.get_run_task(run.id, "8")).task_id
        assert ["7", "8"] == [task.task_id for task in omics.list_run_tasks(run.id)]


def test_runs_and_deadline_tasks_that_appear_late(aws: LocalAWS) -> None:
    """The first calls don't find a run or a Deadline Cloud task, and later ones do."""
    run = aws.healthomics.add_run(appears_after=1)
    ids = aws.deadline.add_task(appears_after=1)
    omics, deadline = boto3_client(aws, "omics"), boto3_client(aws, "deadline")
    not_found = ("ResourceNotFoundException", 404)
    assert not_found == error_of(lambda: omics.get_run(id=run.id))
    assert run.id == omics.get_run(id=run.id)["id"]
    assert not_found == error_of(lambda: deadline.get_task(**wire(ids)))
    assert ids.task_id == deadline.get_task(**wire(ids))["taskId"]


def test_an_ecs_task_that_appears_late(aws: LocalAWS) -> None:
    """The task is MISSING in the first calls."""
    arn = aws.ecs.add_task(appears_after=2)
    ecs = boto3_client(aws, "ecs")
    assert ["MISSING"] == [f["reason"] for f in ecs.describe_tasks(tasks=[arn])["failures"]]
    assert [] == ecs.list_tasks()["taskArns"]
    assert [arn] == [task["taskArn"] for task in ecs.describe_tasks(tasks=[arn])["tasks"]]


def test_tasks_that_appear_repeat_no_items(aws: LocalAWS) -> None:
    """A task that appears before a page's position doesn't make the next page repeat an item."""
    aws.ecs.add_task(task_id="a", appears_after=1)
    for each in "bcd":
        aws.ecs.add_task(task_id=each)
    with ECSClient(**aws.client_options) as ecs:
        assert ["b", "c", "d"] == [arn.task_id for arn in ecs.list_tasks(page_size=1)]
        assert ["a", "b", "c", "d"] == [arn.task_id for arn in ecs.list_tasks(page_size=1)]
