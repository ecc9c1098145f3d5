"""The pages of the documentation and their machine-readable parts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", *sorted(DOCS.rglob("*.md"))]

_FENCE = re.compile(
    r"^(?P<indent> *)```(?P<language>[^\n]*)\n(?P<code>.*?)^ *```$", re.MULTILINE | re.DOTALL
)


class Block(NamedTuple):
    """A fenced block and its position."""

    page: Path
    line: int
    language: str
    code: str

    @property
    def id(self) -> str:
        """Page and line, as the id of a test."""
        return f"{name_of(self.page)}:{self.line}"


def name_of(page: Path) -> str:
    """Return the page's path below the project's folder."""
    return page.relative_to(ROOT).as_posix()


def blocks(page: Path) -> Iterator[Block]:
    """Return all fenced blocks of a page without indentation, also inside lists and tabs."""
    text = page.read_text()
    for found in _FENCE.finditer(text):
        code = re.sub(rf"^{found['indent']}", "", found["code"], flags=re.MULTILINE)
        yield Block(page, text.count("\n", 0, found.start("code")) + 1, found["language"], code)


def table(page: Path, head: str, *, after: str = "") -> list[list[str]]:
    """Return the cells of the first table ``after`` a text that begins with ``head``."""
    text = page.read_text()
    rows = text[text.index(head, text.index(after)) :].split("\n\n", maxsplit=1)[0].splitlines()[2:]
    return [[cell.strip() for cell in row.strip()[1:-1].split("|")] for row in rows]


def codes(cell: str) -> list[str]:
    """Return the texts in backticks in a cell."""
    return re.findall(r"`([^`]+)`", cell)
