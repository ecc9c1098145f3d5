"""Builds the site and finds faults that its generator accepts."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import griffe

from .pages import ROOT

PUBLIC = ("omics_tasks", *(f"omics_tasks.{name}" for name in (
    "healthomics", "ecs", "deadline", "errors", "testing",
)))  # fmt: skip


def build(folder: Path) -> subprocess.CompletedProcess[str]:
    """Build the contents of ``folder`` with the project's configuration in strict mode."""
    shutil.copy(ROOT / "zensical.toml", folder)
    if not (folder / "omics_tasks").exists():
        (folder / "omics_tasks").symlink_to(ROOT / "omics_tasks")
    command = [sys.executable, "-m", "zensical", "build", "--strict"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.loaded: list[str] = []
        self.linked: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value for name, value in attrs if value}
        if "id" in has:
            self.ids.add(has["id"])
        if "src" in has:
            self.loaded.append(has["src"])
        if "href" in has:
            (self.linked if tag == "a" else self.loaded).append(has["href"])


def _tags(page: Path) -> _Tags:
    tags = _Tags()
    tags.feed(page.read_text())
    return tags


def pages(site: Path) -> list[Path]:
    """Return the built pages without the 404 page."""
    return [page for page in sorted(site.rglob("*.html")) if page.name != "404.html"]


def missing_files(site: Path) -> Iterator[str]:
    """Return the files that pages load or link to and that don't exist."""
    for page in pages(site):
        tags = _tags(page)
        for url in [*tags.loaded, *tags.linked]:
            parts = urlsplit(url)
            if not parts.scheme and not (page.parent / unquote(parts.path)).exists():
                yield f"{page.relative_to(site)}: {url}"


def external_files(site: Path) -> Iterator[str]:
    """Return the files that pages and their styles load from other hosts."""
    for page in pages(site):
        yield from (url for url in _tags(page).loaded if urlsplit(url).netloc)
    for style in site.rglob("*.css"):
        yield from re.findall(r"(?:url\(|@import )[\"']?(?:https?:)?//[^)\"']+", style.read_text())


def ids(site: Path) -> set[str]:
    """Return all link targets of the reference."""
    return set().union(*(_tags(page).ids for page in (site / "reference").glob("*.html")))


def undocumented(package: griffe.Module) -> Iterator[str]:
    """Return public names of a module, and public members of its classes, without a docstring.

    Inherited members count too. The docstring of a base class is enough for an override.
    """
    for alias in package.members.values():
        if not alias.is_public or alias.is_module:
            continue
        found = alias.final_target if isinstance(alias, griffe.Alias) else alias
        if not found.has_docstring:
            yield found.path
        if isinstance(found, griffe.Class):
            yield from (
                member.path
                for name, member in found.all_members.items()
                if not name.startswith("_") and not _is_explained(found, name)
            )


def _is_explained(found: griffe.Class, name: str) -> bool:
    family = (found, *found.mro())
    return any(each.members[name].has_docstring for each in family if name in each.members)
