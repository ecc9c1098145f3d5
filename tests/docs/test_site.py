"""The site builds in strict mode, is complete, and loads nothing from other hosts."""

from __future__ import annotations

import importlib
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import griffe
import pytest
from pydantic import BaseModel

from omics_tasks._core.model import Model

from .pages import DOCS, ROOT
from .site import PUBLIC, build, external_files, ids, missing_files, undocumented


def test_it_builds(site: Path) -> None:
    """All pages build without a warning, and no loaded or linked file is missing."""
    assert [] == list(missing_files(site))


@pytest.mark.parametrize(
    "planted",
    [
        "[x](gone.md)",
        "[x](index.md#gone)",
        "[x](#gone)",
        "[x][omics_tasks.Gone]",
        "::: omics_tasks.errors.Gone",
        "::: omics_tasks.gone",
    ],
)
def test_a_fault_fails_the_build(planted: str, tmp_path: Path) -> None:
    """A link to a missing page, heading or name fails the build."""
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "index.md").write_text(f"# A page\n\n{planted}\n")
    assert 0 != build(tmp_path).returncode


def test_a_missing_picture_is_named(tmp_path: Path) -> None:
    """A missing picture, which the generator accepts, is found in the built site."""
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "index.md").write_text("# A page\n\n![A picture](gone.svg)\n")
    assert 0 == build(tmp_path).returncode
    assert "index.html: gone.svg" in list(missing_files(tmp_path / "site"))


def test_the_menu_has_every_page() -> None:
    """Each page is in the menu once, and each entry of the menu is a page."""
    menu = tomllib.loads((ROOT / "zensical.toml").read_text())["project"]["nav"]
    there = sorted(page.relative_to(DOCS).as_posix() for page in DOCS.rglob("*.md"))
    assert there == sorted(leaves(menu))


def leaves(menu: Any) -> Iterator[str]:
    if isinstance(menu, str):
        yield menu
    else:
        for entry in menu.values() if isinstance(menu, dict) else menu:
            yield from leaves(entry)


def test_it_needs_no_internet(site: Path) -> None:
    """No page loads a font, script or style from another host."""
    assert [] == list(external_files(site))


def absent(names: set[str]) -> list[str]:
    """Return the public names without an entry; top-level names may be in any module's."""
    return [
        f"{module}.{name}"
        for module in PUBLIC
        for name in importlib.import_module(module).__all__
        if not {f"{home}.{name}" for home in homes(module)} & names
    ]


def homes(module: str) -> tuple[str, ...]:
    return PUBLIC if module == "omics_tasks" else (module, f"{module}.errors")


def absent_of_models(names: set[str]) -> list[str]:
    """Return the fields and properties of models, inherited ones included, without an entry."""
    return [
        f"{module}.{model.__name__}.{name}"
        for module in ("omics_tasks.healthomics", "omics_tasks.ecs", "omics_tasks.deadline")
        for model in vars(importlib.import_module(module)).values()
        if isinstance(model, type) and issubclass(model, Model)
        for name in dir(model) + list(model.model_fields)
        if name in model.model_fields or is_property_of_ours(model, name)
        if f"{module}.{model.__name__}.{name}" not in names
    ]


def is_property_of_ours(model: type[Model], name: str) -> bool:
    found = getattr(model, name, None)
    ours = isinstance(found, property) and not hasattr(BaseModel, name)
    return ours and not name.startswith("_")


def test_the_reference_has_what_models_inherit(site: Path) -> None:
    """The reference shows all fields and properties of a model, inherited ones included."""
    assert [] == absent_of_models(ids(site))


def test_an_inherited_name_that_is_left_out_is_named(site: Path) -> None:
    """The check for models names a missing field and a missing property."""
    left_out = {"omics_tasks.deadline.BatchTask.task_id", "omics_tasks.healthomics.RunTask.state"}
    assert left_out == set(absent_of_models(ids(site) - left_out))


def test_the_reference_has_every_public_name(site: Path) -> None:
    """Each name in ``__all__`` of each public module is in the reference."""
    assert [] == absent(ids(site))


def test_a_public_name_that_is_left_out_is_named(site: Path) -> None:
    """The check for names names the missing one."""
    assert ["omics_tasks.ecs.TaskArn"] == absent(ids(site) - {"omics_tasks.ecs.TaskArn"})


@pytest.mark.parametrize("module", PUBLIC)
def test_public_names_have_docstrings(module: str) -> None:
    """Every public name and every member of a class has a docstring."""
    package = griffe.load(module, search_paths=[ROOT], resolve_aliases=True)
    assert isinstance(package, griffe.Module)
    assert [] == list(undocumented(package))


def test_missing_docstrings_are_named() -> None:
    """The check for docstrings names everything without one, inherited members included."""
    source = (
        "class _Base:\n  @property\n  def x(self): pass\n  v = 1\n  'Text.'\n"
        "class A(_Base):\n  'Text.'\n  v = 2\n  w = 3\n  def y(self): pass\n  def _z(self): pass\n"
        "  def __init__(self):\n    self.u = 4\n"
        "class B: pass\nC = 1\n"
    )
    with griffe.temporary_visited_module(source, module_name="m") as module:
        assert ["m.A.u", "m.A.w", "m.A.x", "m.A.y", "m.B", "m.C"] == sorted(undocumented(module))


@pytest.mark.parametrize("service", ["healthomics", "ecs", "deadline"])
def test_the_reference_describes_every_argument(site: Path, service: str) -> None:
    """Each method of both clients has a table with the types and sentences of its arguments."""
    page = (site / "reference" / f"{service}.html").read_text()
    definition = importlib.import_module(f"omics_tasks.{service}._methods").CLIENT
    package = griffe.load(f"omics_tasks.{service}", search_paths=[ROOT], resolve_aliases=True)
    for kind in ("", "Async"):
        for name in definition.methods:
            path = f"{kind}{definition.name}Client.{name}"
            method = package[path]
            assert isinstance(method, griffe.Alias)
            shown = page.partition(f'id="omics_tasks.{service}.{path}"')[2].partition("<h3")[0]
            arguments = shown.partition("Parameters:")[2].partition("</table>")[0]
            described = re.findall(r"<tr[^>]*>\s*<td>\s*<code>(\w+)</code>", arguments)
            assert [parameter.name for parameter in method.parameters][1:] == described, path
