"""Listing the tasks of a step."""

from __future__ import annotations

import pytest

from omics_tasks import ParamValidationError, ResourceNotFoundException

from ..asking import take
from .farm import IDS, Farm, numbers

STEP = IDS[:-1]


def test_every_task_of_the_step(farm: Farm) -> None:
    """All tasks of the step are listed in pages of the given size, and no others."""
    farm.add(5)
    farm.aws.deadline.add_task()
    tasks = farm.ask(lambda client: client.list_tasks(*STEP, page_size=2).collect())
    assert [0, 1, 2, 3, 4] == numbers(tasks)
    assert [2, 2, 2] == farm.sent("maxResults")


def test_listed_tasks_equal_those_of_get_task(farm: Farm) -> None:
    """A listed task has the same values as the task of ``get_task``."""
    (ids,) = farm.add(1, run_status="FAILED", failure_retry_count=2)
    (task,) = farm.ask(lambda client: take(client.list_tasks(*STEP)))
    assert dict(farm.ask(lambda client: client.get_task(*ids))) == dict(task)


def test_resuming_inside_a_page(farm: Farm) -> None:
    """A listing resumes inside a page."""
    farm.add(5)
    listings = []

    def begin(client: object) -> object:
        listings.append(client.list_tasks(*STEP, page_size=3))  # type: ignore[attr-defined] # both kinds have it
        return take(listings[0], 2)

    assert [0, 1] == numbers(farm.ask(begin))
    token = listings[0].resume_token
    rest = farm.ask(lambda client: take(client.list_tasks(*STEP, starting_token=token)))
    assert [2, 3, 4] == numbers(rest)


def test_an_unknown_step(farm: Farm) -> None:
    """An unknown step raises ResourceNotFoundException."""
    farm.add(1)
    other = (*STEP[:-1], "step-" + "9" * 32)
    with pytest.raises(ResourceNotFoundException, match="step-9999"):
        farm.ask(lambda client: take(client.list_tasks(*other)))


def test_bad_arguments(farm: Farm) -> None:
    """One error names all invalid arguments, and nothing is sent."""
    with pytest.raises(ParamValidationError) as caught:
        farm.ask(lambda c: c.list_tasks("f", "q", "j", "s", page_size=0, starting_token="x" * 4097))
    names = ["page_size", "starting_token", "farm_id", "queue_id", "job_id", "step_id"]
    assert sorted(names) == sorted(problem.argument for problem in caught.value.problems)
    assert [] == farm.aws.requests
