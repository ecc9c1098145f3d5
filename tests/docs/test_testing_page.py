"""docs/guide/testing.md: its tables match the code."""

from __future__ import annotations

import inspect
import re
from typing import Any, get_args

import pytest

from omics_tasks.testing import FaultName, LocalAWS, ecs_lifecycle
from omics_tasks.testing import deadline as deadline_lifecycle
from omics_tasks.testing import healthomics as healthomics_lifecycle

from .pages import DOCS, blocks, codes, table

PAGE = DOCS / "guide" / "testing.md"


def test_the_three_examples_have_five_lines() -> None:
    """A failing run, a throttled listing and a late task take five lines each."""
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
    """The table of faults has all faults."""
    documented = [name for row in table(PAGE, "| fault | over") for name in codes(row[0])]
    assert list(get_args(FaultName)) == documented


def test_every_argument_is_explained() -> None:
    """The table of arguments has all arguments of LocalAWS."""
    documented = [name for row in table(PAGE, "| argument | default") for name in codes(row[0])]
    assert list(inspect.signature(LocalAWS).parameters) == documented


def test_client_options_are_listed() -> None:
    """The page names all keys of ``client_options``."""
    (held,) = re.findall(r"^`client_options` holds ([^.]+)\.", PAGE.read_text(), re.MULTILINE)
    assert list(LocalAWS().client_options) == [name.partition("=")[0] for name in codes(held)]


@pytest.mark.parametrize(
    ("row", "stages"),
    [
        ("run, task of a run", healthomics_lifecycle.STAGES),
        ("ECS task", ecs_lifecycle.STAGES),
        ("Deadline Cloud task", deadline_lifecycle.STAGES),
    ],
)
def test_the_table_of_lifecycles(row: str, stages: Any) -> None:
    """The table of lifecycles has the statuses and seconds of the code."""
    documented = dict(table(PAGE, "| | statuses"))[row]
    lasts = [f"{name} {seconds}" for name, seconds in stages.lasts.items() if seconds]
    assert [*lasts, stages.end] == documented.split(", ")
