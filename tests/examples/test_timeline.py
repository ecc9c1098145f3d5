"""The timeline of a run, with complete and incomplete data."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from omics_tasks.healthomics import Run, RunStatus, RunTaskStatus, RunTaskSummary

from .programs import module, run

START = datetime(2026, 1, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
RUN = Run(id="1", name="run", status=RunStatus.RUNNING)


def task(number: int, *times: float | None, **fields: Any) -> RunTaskSummary:
    """Return a task that was created, started and stopped at these minutes."""
    names = ("creation_time", "start_time", "stop_time")
    given: dict[str, Any] = {
        name: START + time * MINUTE
        for name, time in zip(names, times, strict=True)
        if time is not None
    }
    return RunTaskSummary(task_id=str(number), name=f"task {number}", **given, **fields)


def bars(*tasks: RunTaskSummary) -> list[tuple[float, float, float]]:
    """Return row, start and length in minutes of each bar, ten minutes after the start."""
    figure = module("run_timeline").draw(RUN, tasks, START + 10 * MINUTE)
    drawn = figure.axes[0].patches
    return [(round(b.get_y() + 0.35), round(b.get_x(), 6), round(b.get_width(), 6)) for b in drawn]


def test_queued_and_running() -> None:
    """A task has one bar for its time in the queue and one for its run."""
    assert [(0, 0, 2), (0, 2, 5)] == bars(task(1, 0, 2, 7))


def test_unfinished_tasks() -> None:
    """The bar of an unfinished task ends at the current time."""
    assert [(0, 0, 10), (1, 1, 2), (1, 3, 7)] == bars(task(1, 0, None, None), task(2, 1, 3, None))


def test_missing_times() -> None:
    """A task without a creation time is drawn from its start, and one without times is omitted."""
    assert [(0, 0, 4)] == bars(task(1, None, 1, 5), task(2, None, None, None))
    figure = module("run_timeline").draw(RUN, [task(2, None, None, None)], START)
    assert "1 tasks without a time are left out" in figure.axes[0].get_title("left")


def test_cancelled_in_the_queue() -> None:
    """A task that ended without a start was queued until its end."""
    assert [(0, 0, 3)] == bars(task(1, 0, None, 3, status=RunTaskStatus.CANCELLED))


def test_any_background(tmp_path: Path) -> None:
    """The picture has no white background and no black text, also in the documentation."""
    drawn = tmp_path / "timeline.svg"
    run("run_timeline", "--output", str(drawn))
    for picture in (drawn, Path(__file__).parents[2] / "docs" / "assets" / "timeline.svg"):
        svg = picture.read_text()
        assert "#ffffff" not in svg
        assert '<g transform="translate(' not in svg, "a text without a colour is black"


def test_no_tasks() -> None:
    """A run without tasks is an empty picture."""
    assert [] == bars()


def test_many_tasks() -> None:
    """1,000 tasks are drawn without names in a picture of limited height."""
    tasks = [task(number, number / 100, number / 50, 9.5) for number in range(1000)]
    figure = module("run_timeline").draw(RUN, tasks, START + 10 * MINUTE)
    assert "1,000 tasks" == figure.axes[0].get_ylabel()
    assert 80 > figure.get_size_inches()[1]
