"""Two pictures of the figures without a background, for light and dark pages."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from statistics import median
from typing import Any

from .comparison import MICROSECONDS, TIMES_AS_FAST
from .report import Outcome

_INK = "#7d7d7d"  # as far from white as from GitHub's black
_OURS = "#2f81d6"
_STYLE = {
    "font.size": 11.0,
    "svg.hashsalt": "omics-tasks",
    "axes.spines.top": False,
    "axes.spines.right": False,
    **dict.fromkeys(
        ("text.color", "axes.edgecolor", "axes.labelcolor", "xtick.color", "ytick.color"), _INK
    ),
}


def draw(folder: Path, outcomes: Sequence[Outcome]) -> None:
    """Write the pictures of the results. Needs matplotlib."""
    pyplot: Any = import_module("matplotlib.pyplot")  # in the "bench" extra, not always installed
    with pyplot.rc_context(_STYLE):
        speeds = [pair for outcome in outcomes for pair in _speeds(outcome)]
        if speeds:
            _save(_bars(pyplot, speeds), folder / "speed.svg")
        for outcome in outcomes:
            if outcome.comparison.name == "growth":
                _save(_line(pyplot, outcome), folder / "growth.svg")
        pyplot.close("all")


def _save(figure: Any, path: Path) -> None:
    figure.savefig(path, transparent=True, bbox_inches="tight", metadata={"Date": None})


def _speeds(outcome: Outcome) -> list[tuple[str, float]]:
    """Return our speed relative to each other library in the comparison."""
    return [
        (f"{outcome.comparison.title}\nbeside {row.label}", _times(outcome, row.ours, row.other))
        for row in outcome.comparison.rows
        if row.other in ("boto3", "aiobotocore")
    ]


def _times(outcome: Outcome, ours: str, other: str) -> float:
    return TIMES_AS_FAST.compare(median(outcome.samples[ours]), median(outcome.samples[other]))


def _bars(pyplot: Any, speeds: Sequence[tuple[str, float]]) -> Any:
    figure, axes = pyplot.subplots(figsize=(8, 0.7 * len(speeds) + 0.8))
    bars = axes.barh([label for label, _ in speeds], [times for _, times in speeds], color=_OURS)
    axes.bar_label(bars, fmt="%.1f x", padding=4)
    axes.axvline(1, color=_INK, linestyle="--")
    axes.set_title("times as fast; the dashed line is the other library", fontsize=11, loc="left")
    axes.invert_yaxis()
    axes.xaxis.set_visible(False)
    axes.spines["bottom"].set_visible(False)
    axes.tick_params(axis="y", length=0)
    return figure


def _line(pyplot: Any, outcome: Outcome) -> Any:
    tasks = [int(name) for name in outcome.samples]
    times = [median(figures) * MICROSECONDS.of_it_in_one for figures in outcome.samples.values()]
    figure, axes = pyplot.subplots(figsize=(8, 3))
    axes.plot(tasks, times, marker="o", color=_OURS)
    axes.set_xscale("log")
    axes.set_xticks(tasks, [f"{count:,}" for count in tasks])
    axes.set_ylim(0, 1.5 * max(times))
    axes.set_xlabel("tasks in the listing")
    axes.set_ylabel("µs per task")
    return figure
