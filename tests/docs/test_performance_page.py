"""README.md and docs/guide/performance.md have the figures of the same run."""

from __future__ import annotations

import re

import pytest

from .pages import DOCS, ROOT, blocks, table

PAGE = DOCS / "guide" / "performance.md"
ROWS = {
    "listing 100 tasks a page, per task": "listing, per task (pages of 100)",
    "one call, sync": "one GetTask, sync",
    "one call, async, one at a time": "one GetTask, async, 1 at once",
    "the same, 10 at once": "one GetTask, async, 10 at once",
    "the same, 100 at once": "one GetTask, async, 100 at once",
    "a fresh process to its first page": "a fresh process to its first typed page",
}
"""The names of a comparison in the README and on the page."""
(FIGURES,) = [block.code for block in blocks(PAGE) if block.code.startswith("machine:")]


@pytest.mark.parametrize("row", table(ROOT / "README.md", "| | this library | peer"))
def test_the_readme_has_the_pages_figures(row: list[str]) -> None:
    """Each row of the README is the first line of a comparison on the page."""
    name, ours, peer, ratio = row
    first = FIGURES.partition(f"\n{ROWS[name]}\n")[2].splitlines()[0]
    figures = re.match(r" +(\w+) +(\S+ \S+) +(\S+ \S+) +([\d.]+) x", first)
    assert figures
    library, of_ours, of_theirs, times = figures.groups()
    assert (of_ours, f"{of_theirs} ({library})") == (ours, peer)
    number, digits = re.findall(r"[\d.]+", ratio)[0], 1 if "fast" in ratio else 2
    assert f"{float(times):.{digits}f}" == number


def test_the_readme_names_the_pages_versions() -> None:
    """Both name the same versions."""
    documented = (ROOT / "README.md").read_text().partition("Medians of one run")[2]
    for name in ("httpx", "pydantic", "aiohttp", "aiobotocore"):
        (version,) = re.findall(rf"{name} ([\d.]*\d)", documented)
        assert f"{name} {version}" in FIGURES
