"""tests/constraints.txt pins everything that the suite installs."""

from __future__ import annotations

import re
from importlib.metadata import PackageNotFoundError, requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
LINES = [
    line
    for line in (ROOT / "tests" / "constraints.txt").read_text().splitlines()
    if not line.startswith("#")
]
PINNED = {canonicalize_name(line.partition("==")[0]) for line in LINES}
SUITE = 'pip install -q --no-compile -e ".[dev]" -c tests/constraints.txt && '


def needed(name: str, extras: frozenset[str], seen: set[tuple[str, frozenset[str]]]) -> set[str]:
    """Return a package's dependencies with its extras on this Python and system."""
    if (name, extras) in seen:
        return set()
    seen.add((name, extras))
    found = set[str]()
    for line in requires(name) or ():
        requirement = Requirement(line)
        applies = [
            requirement.marker is None or requirement.marker.evaluate({"extra": extra})
            for extra in ("", *extras)
        ]
        if any(applies):
            inner = canonicalize_name(requirement.name)
            found |= {inner, *needed(inner, frozenset(requirement.extras), seen)}
    return found


def test_every_dependency_is_pinned() -> None:
    """All direct and indirect dependencies of the ``dev`` extra are pinned."""
    try:
        names = needed("omics-tasks", frozenset({"dev"}), set()) - {"omics-tasks"}
    except PackageNotFoundError as error:
        pytest.skip(f"the dev extra is not installed: {error}")
    assert set() == names - PINNED


def test_pins_are_versions_alone() -> None:
    """Each line has a name and an exact version, and no name is repeated."""
    assert [] == [line for line in LINES if not re.fullmatch(r"[\w.-]+==[\w.+!]+", line)]
    assert len(LINES) == len(PINNED)


@pytest.mark.parametrize("page", ["README.md", "docs/contributing.md"])
def test_the_suite_is_installed_with_the_pins(page: str) -> None:
    """The page's command to install the test suite is one line with the pins."""
    assert SUITE in (ROOT / page).read_text()
