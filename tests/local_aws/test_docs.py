"""docs/testing.md: every example on it is run, and its tables are held against the code."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args

import pytest

from omics_tasks.testing import FaultName, LocalAWS, ecs_life
from omics_tasks.testing import deadline as deadline_life
from omics_tasks.testing import healthomics as healthomics_life

PAGE = (Path(__file__).parents[2] / "docs" / "testing.md").read_text()
EXAMPLES = re.findall(r"^```python\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)


def title(example: str) -> str:
    named = re.search(r"def test_(\w+)", example)
    return named[1] if named else example.strip().splitlines()[-1].strip()[:40]


@pytest.mark.parametrize("example", EXAMPLES, ids=title)
def test_examples_run(example: str, aws: LocalAWS) -> None:
    """An example runs as it stands, and so does each test in it, with its fixture."""
    names: dict[str, Any] = {}
    exec(compile(example, "docs/testing.md", "exec"), names)
    tests: list[Callable[..., None]] = [
        value for name, value in names.items() if name.startswith("test_")
    ]
    for test in tests:
        test(**({"local_aws": aws} if "local_aws" in inspect.signature(test).parameters else {}))


def test_the_three_are_there_in_five_lines_each() -> None:
    """A run that fails half-way, a throttled listing and a late task take no more than that."""
    lengths = {
        name: len(body.strip().splitlines())
        for example in EXAMPLES
        for name, body in re.findall(r"def test_(a_\w+)\(local_aws\):\n(.*)", example, re.DOTALL)
    }
    assert {"a_run_that_fails_half_way", "a_throttled_listing", "a_task_that_appears_late"} == set(
        lengths
    )
    assert 5 >= max(lengths.values())


def first_cells(heading: str) -> list[str]:
    table = PAGE[PAGE.index(heading) :].split("\n\n", 1)[0].splitlines()[2:]
    return [line.strip("|").split(" | ")[0].strip() for line in table]


def test_every_fault_is_explained() -> None:
    """The table of faults has those that there are."""
    assert [f"`{name}`" for name in get_args(FaultName)] == first_cells("| fault | over")


def test_every_argument_is_explained() -> None:
    """The table of arguments has those of LocalAWS."""
    cells = ", ".join(first_cells("| argument | default"))
    assert [f"`{name}`" for name in inspect.signature(LocalAWS).parameters] == cells.split(", ")


@pytest.mark.parametrize(
    ("row", "stages"),
    [
        ("run, task of a run", healthomics_life.STAGES),
        ("ECS task", ecs_life.STAGES),
        ("Deadline Cloud task", deadline_life.STAGES),
    ],
)
def test_lives_are_told_as_they_are(row: str, stages: Any) -> None:
    """The table of lives has the statuses and seconds of the code."""
    told = re.search(rf"^\| {row} \| (.*) \|$", PAGE, re.MULTILINE)
    lasts = [f"{name} {seconds}" for name, seconds in stages.lasts.items() if seconds]
    assert told is not None
    assert [*lasts, stages.end] == told[1].split(", ")
