"""docs/design.md: its worked example is a right operation, and its tree is the package's."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest

from omics_tasks._core.operation import Operation

from ..asking import OPTIONS, Script, json_answer
from ..oracles import comparison
from ..oracles.aws import model_of
from .pages import DOCS, ROOT, blocks

PAGE = DOCS / "design.md"
(EXAMPLE,) = [block for block in blocks(PAGE) if block.language == "python"]


@pytest.fixture(scope="module")
def example() -> dict[str, Any]:
    names: dict[str, Any] = {"__name__": "example"}
    exec(compile(EXAMPLE.code, str(PAGE), "exec", dont_inherit=True), names)
    return names


def test_the_new_operation_is_as_aws_has_it(
    example: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the decision that the page names, the example's operation is what AWS's model says."""
    assert ["GetRunGroup.input.id: name is 'run_id' at AWS and 'run_group_id' here"] == (
        failures(example["GET_RUN_GROUP"])
    )
    ((path, name),) = re.findall(r'`"(GetRunGroup\S+)": {"name": "(\w+)"}`', PAGE.read_text())
    monkeypatch.setattr(comparison, "DECIDED", {**comparison.DECIDED, path: {"name": name}})
    assert [] == failures(example["GET_RUN_GROUP"])


def failures(operation: Operation[Any, Any]) -> list[str]:
    found = comparison.differences(operation, model_of(operation))
    return [str(each) for each in found if each.breaks]


def test_the_new_method_works(example: dict[str, Any]) -> None:
    """The example's method sends the request and gives the model."""
    script = Script(json_answer(id="12", maxCpus=8))
    with example["Client"](**OPTIONS, transport=script.transport) as omics:
        assert example["RunGroup"](id="12", max_cpus=8) == omics.get_run_group("12")
    (request,) = script.requests
    assert httpx.URL("https://workflows-omics.us-east-1.amazonaws.com/runGroup/12") == request.url


def test_the_tree_is_the_packages() -> None:
    """Every module that the tree names is there, and it names all but the services' own helpers."""
    tree = next(block.code for block in blocks(PAGE) if block.code.startswith("omics_tasks/"))
    named = set(re.findall(r"\w+\.py", tree))
    package = ROOT / "omics_tasks"
    there = {path.name for path in package.rglob("*.py")}
    assert set() == named - there
    shown = [*package.glob("*.py"), *package.glob("_*/*.py")]
    assert {"_version.py"} == {path.name for path in shown} - named
