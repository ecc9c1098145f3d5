"""docs/guide/states.md: its tables of states match the code."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product

import pytest

from omics_tasks import TaskLike, TaskState
from omics_tasks._core.status_map import DEADLINE_TASK, ECS_STOP_CODES, ECS_TASK, RUN, RUN_TASK

from .pages import DOCS, codes, table

PAGE = DOCS / "guide" / "states.md"


STOPPED = {TaskState.SUCCEEDED, TaskState.FAILED, *ECS_STOP_CODES.values()}
"""Possible states of a stopped ECS task."""


def pairs(states: Mapping[str, TaskState]) -> set[tuple[str, TaskState]]:
    return set(states.items())


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        (1, pairs(RUN.states)),
        (2, pairs(ECS_TASK.states) | set(product(("STOPPED", "DELETED"), STOPPED))),
        (3, pairs(DEADLINE_TASK.states)),
    ],
    ids=["HealthOmics", "ECS", "Deadline Cloud"],
)
def test_the_table_of_statuses(column: int, expected: set[tuple[str, TaskState]]) -> None:
    """The page maps each service's statuses as the code does."""
    rows = table(PAGE, "| state | HealthOmics")
    documented = [(status, codes(row[0])[0]) for row in rows for status in codes(row[column])]
    assert sorted(expected) == sorted(documented)
    assert RUN_TASK.states.items() <= RUN.states.items()


def test_the_table_of_stop_codes() -> None:
    """The page has the state of each stop code."""
    *rows, (rest, state) = table(PAGE, "| stop code | state")
    assert dict(ECS_STOP_CODES) == {codes(code)[0]: codes(state)[0] for code, state in rows}
    assert ("any other, or none", [TaskState.FAILED]) == (rest, codes(state))


def test_the_table_of_attributes() -> None:
    """The page has all attributes of TaskLike."""
    rows = table(PAGE, "| | what it is")
    documented = {name.removeprefix(".") for row in rows for name in codes(row[0])}
    assert {name for name in vars(TaskLike) if not name.startswith("_")} == documented
