"""Every example runs and prints its documented output."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from omics_tasks._core.status_map import DEADLINE_TASK, ECS_TASK, RUN
from omics_tasks.states import TaskState

from .programs import EXAMPLES, module, run

NAMES = sorted(path.stem for path in EXAMPLES.glob("*.py"))


def lines(text: str) -> list[str]:
    return [line.rstrip() for line in text.strip().splitlines()]


def test_the_quick_start() -> None:
    """The quick start reads all three services."""
    printed = run("quickstart")
    assert "page 3: merge FAILED" in printed
    assert "merge failed: exit code 137: out of memory" in printed
    assert 3 == len(re.findall(r"^  task \w+ in us-east-1$", printed, re.MULTILINE))
    assert "Deadline Cloud task" in printed


def test_the_failed_tasks_of_a_day() -> None:
    """The failed tasks of the last day's failed runs are listed with their reasons."""
    printed = run("failed_tasks")
    assert "'joint genotyping': RUN_TASK_FAILED" in printed
    assert "  merge: failed after 0:06:00: exit code 137: out of memory" in lines(printed)
    assert "1 failed since 2025-12-31 00:00 UTC" == lines(printed)[-1]
    assert [] == re.findall("long ago|all well|align", printed)


def test_stopped_tasks() -> None:
    """Each stopped task of the service is listed with its state and reason."""
    printed = lines(run("stopped_tasks"))
    assert [] == [line for line in printed if len(line) > 80]
    states = [line.split()[-1] for line in printed[:-1] if not line.startswith(" ")]
    assert ["FAILED", "CANCELLED", "SUCCEEDED"] == states
    output = " ".join(" ".join(printed).split())
    assert "main: exit code 137, OutOfMemoryError: killed" in output
    assert "Your Spot Task was interrupted." in output
    assert "1 failed, 1 cancelled, 1 succeeded" == printed[-1]


@pytest.mark.parametrize("count", [3, 5, 100])
def test_the_slowest_tasks(count: int) -> None:
    """The given number of slowest tasks is listed with bars, slowest first."""
    printed = [line.split() for line in lines(run("slowest_tasks", f"--count={count}"))]
    assert min(count, 10) == len(printed)
    took = [line[2] for line in printed]
    assert "0:12:07" == took[0]
    assert sorted(took, reverse=True) == took
    assert "█" * 30 == printed[0][-1]


@pytest.mark.parametrize(
    ("arguments", "exit_code", "expected"),
    [
        ((), 0, "succeeded in 0:06:00"),
        (("--timeout", "30"), 2, "is PENDING after 30 s, not SUCCEEDED"),
    ],
)
def test_exit_codes_of_ci_gate(arguments: tuple[str, ...], exit_code: int, expected: str) -> None:
    """The exit code reflects the final state of the run."""
    assert expected in run("ci_gate", *arguments, exit_code=exit_code)


def test_ci_gate_of_a_failed_run() -> None:
    """A failed run has its own exit code, and its reason is printed."""
    printed = run("ci_gate", "--fail", exit_code=1)
    assert "failed: RUN_TASK_FAILED" in printed


def test_the_table() -> None:
    """The table has one row per task and a summary by machine."""
    printed = lines(run("task_table"))
    assert ["name", "state", "cpus", "memory", "took"] == printed[0].split()
    assert 6 == sum("SUCCEEDED" in line for line in printed)
    assert ["omics.c.2xlarge", "3"] == printed[-2].split()[:2]


def test_the_live_view(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The live view ends with every task in its last state, the failed one first."""
    example = module("watch_run")
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setattr(example, "time", type("NoTime", (), {"sleep": lambda _: None}))
    assert TaskState.FAILED == example.watch_stand_in()
    printed = lines(capsys.readouterr().out)
    assert "6/6 tasks" in printed[0]
    assert ["merge", "FAILED", "omics.r.2xlarge", "0:04:20"] == printed[2].split()
    assert 5 == sum("SUCCEEDED" in line for line in printed)
    assert "RUN_TASK_FAILED" == printed[-1]


@pytest.mark.parametrize("kind", ["svg", "png"])
def test_the_timeline(kind: str, tmp_path: Path) -> None:
    """The timeline is written to a file in the format of its extension."""
    picture = tmp_path / f"timeline.{kind}"
    assert f"drawn to {picture}" in run("run_timeline", "--output", str(picture))
    start = {"svg": b"<?xml", "png": b"\x89PNG"}[kind]
    assert picture.read_bytes().startswith(start)


@pytest.mark.parametrize("name", NAMES)
def test_live_and_ids(name: str) -> None:
    """Ids without --live are an error, and --help fits into 80 columns."""
    help_text = run(name, "--help")
    assert [] == [line for line in lines(help_text) if len(line) > 80]
    assert "--live" in help_text
    if name not in ("quickstart", "failed_tasks", "stopped_tasks"):
        assert "belong together" in run(name, "1", exit_code=2)


@pytest.mark.parametrize("name", NAMES)
def test_no_status_strings(name: str) -> None:
    """No example contains a service's status string."""
    words = {*RUN.states, *ECS_TASK.states, *DEADLINE_TASK.states}
    tree = ast.parse((EXAMPLES / f"{name}.py").read_text())
    constants = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant))
    assert [] == [value for value in constants if value in words]


def test_every_example_is_documented() -> None:
    """The documentation's page of examples lists all of them."""
    page = (EXAMPLES.parent / "docs" / "guide" / "examples.md").read_text()
    assert NAMES == sorted(re.findall(r"^\| `(\w+)\.py` \|", page, re.MULTILINE))
