"""docs/guide/testing.md: its tables, held against the code."""

from __future__ import annotations

import inspect
import re
from typing import Any, get_args

import pytest

from omics_tasks.testing import FaultName, LocalAWS, ecs_lifecycle
from omics_tasks.testing import deadline as deadline_life
from omics_tasks.testing import healthomics as healthomics_life

from .pages import DOCS, blocks, codes, table

PAGE = DOCS / "guide" / "testing.md"


def test_the_three_are_there_in_five_lines_each() -> None:
    """A run that fails half-way, a throttled listing and a late task take no more than that."""
    lengths = {
        name: len(body.strip().splitlines())
        for block in blocks(PAGE)
        for name, body in re.findall(r"def test_(a_\w+)\(local_aws\):\n(.*)", block.code, re.DOTALL)
    }
    assert {"a_run_that_fails_half_way", "a_throttled_listing", "a_task_that_appears_late"} == set(
        lengths
    )
    assert 5 >= max(lengths.values())


def test_every_fault_is_explained() -> None:
    """The table of faults has those that there are."""
    told = [name for row in table(PAGE, "| fault | over") for name in codes(row[0])]
    assert list(get_args(FaultName)) == told


def test_every_argument_is_explained() -> None:
    """The table of arguments has those of LocalAWS."""
    told = [name for row in table(PAGE, "| argument | default") for name in codes(row[0])]
    assert list(inspect.signature(LocalAWS).parameters) == told


def test_the_clients_options_are_told() -> None:
    """The page names what ``client_options`` holds, which can't be given beside it."""
    (held,) = re.findall(r"^`client_options` holds ([^.]+)\.", PAGE.read_text(), re.MULTILINE)
    assert list(LocalAWS().client_options) == [name.partition("=")[0] for name in codes(held)]


@pytest.mark.parametrize(
    ("row", "stages"),
    [
        ("run, task of a run", healthomics_life.STAGES),
        ("ECS task", ecs_lifecycle.STAGES),
        ("Deadline Cloud task", deadline_life.STAGES),
    ],
)
def test_lives_are_told_as_they_are(row: str, stages: Any) -> None:
    """The table of lives has the statuses and seconds of the code."""
    told = dict(table(PAGE, "| | statuses"))[row]
    lasts = [f"{name} {seconds}" for name, seconds in stages.lasts.items() if seconds]
    assert [*lasts, stages.end] == told.split(", ")
