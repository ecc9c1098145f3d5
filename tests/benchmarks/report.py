"""The table, 80 columns wide, and the raw figures."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Iterable, Iterator, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from statistics import median
from typing import NamedTuple

from .comparison import Comparison, Row, Samples, Unit
from .environment import AIOBOTOCORE, PLAIN

_LINE = "{:<37}{:>11}{:>11}{:>10}  {:<9}"
_PACKAGES = (
    "omics-tasks", "boto3", "botocore", "httpx", "httpcore", "h11", "pydantic", "tenacity",
    "httpx-aiohttp", "aiohttp",
)  # fmt: skip


class Outcome(NamedTuple):
    """A comparison and its results."""

    comparison: Comparison
    samples: Samples

    def ratio(self, row: Row) -> float:
        """Return the ratio of the medians."""
        return row.kind.compare(median(self.samples[row.ours]), median(self.samples[row.other]))


def heading() -> str:
    """Return the column headings of the table."""
    return _LINE.format("", "this one", "other", "ratio", "goal") + "\n" + "─" * 80


def table(outcome: Outcome) -> Iterator[str]:
    """Return the lines of one comparison."""
    comparison, samples = outcome
    yield comparison.title
    for row in comparison.rows:
        ours, other = (
            _written(median(samples[name]), comparison.unit) for name in (row.ours, row.other)
        )
        ratio = outcome.ratio(row)
        compared = row.kind.text.format(ratio)
        yield _LINE.format(f"  {row.label}", ours, other, compared, _goal(row, ratio)).rstrip()


def _written(figure: float, unit: Unit) -> str:
    number = figure * unit.of_it_in_one
    return f"{number:,.{2 if number < 10 else 1 if number < 100 else 0}f} {unit.name}"


def _goal(row: Row, ratio: float) -> str:
    if row.goal is None:
        return ""
    return f"{row.kind.sign} {row.goal:g} {'✓' if row.kind.is_met(ratio, row.goal) else '✗'}"


def surroundings(*, here: bool) -> dict[str, str]:
    """Return the machine and all versions."""
    found = {
        "machine": f"{os.cpu_count()} cores, {platform.machine()}, {platform.system()}",
        "load": " ".join(f"{load:.1f}" for load in os.getloadavg()),
        "python": platform.python_version(),
        "packages": ", ".join(f"{name} {_version(name)}" for name in _PACKAGES),
    }
    if here:
        return found
    return found | {
        "aiobotocore's": AIOBOTOCORE.versions(),
        "started up": PLAIN.versions(),
    }


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "(none)"


def write_figures(path: Path, outcomes: Sequence[Outcome], around: dict[str, str]) -> None:
    """Write all figures as JSON, in seconds and bytes, with the table's ratios."""
    figures = {
        "surroundings": around,
        "comparisons": [
            {
                "name": outcome.comparison.name,
                "title": outcome.comparison.title,
                "samples": outcome.samples,
                "ratios": list(_ratios(outcome)),
            }
            for outcome in outcomes
        ],
    }
    path.write_text(json.dumps(figures, indent=1, ensure_ascii=False) + "\n")


def _ratios(outcome: Outcome) -> Iterable[dict[str, object]]:
    for row in outcome.comparison.rows:
        sign = f"{row.kind.sign} {row.goal:g}" if row.goal is not None else None
        yield {"beside": row.label, "ratio": outcome.ratio(row), "goal": sign}
