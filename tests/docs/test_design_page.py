"""docs/design.md: its worked example adds an operation, and its tree is the package's."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from .pages import DOCS, ROOT, blocks

PAGE = DOCS / "design.md"
EXAMPLE = [block.code for block in blocks(PAGE) if block.language == "python"]

SCRIPT = """
import importlib, inspect, json, sys
import httpx
from omics_tasks import AsyncHealthOmicsClient, HealthOmicsClient
from omics_tasks.healthomics.operations import GET_RUN_GROUP
from tests.asking import OPTIONS, Script, json_answer
from tests.oracles import comparison
from tests.oracles.aws import model_of

def failures():
    found = comparison.differences(GET_RUN_GROUP, model_of(GET_RUN_GROUP))
    return [str(each) for each in found if each.breaks]

script = Script(json_answer(id="12", maxCpus=8))
with HealthOmicsClient(**OPTIONS, transport=script.transport) as omics:
    group = omics.get_run_group("12")
before = failures()
path, name = json.loads(sys.argv[1])
comparison.DECIDED[path] = {"name": name}
print(json.dumps({
    "url": str(script.requests[0].url),
    "group": [group.id, group.max_cpus],
    "documented": [
        "run_group_id: Id of the group, 1 to 18 digits." in inspect.getdoc(cls.get_run_group)
        for cls in (HealthOmicsClient, AsyncHealthOmicsClient)
    ],
    "failures": before,
    "failures with the decision": failures(),
}))
"""


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project with the page's steps applied."""
    copy = tmp_path_factory.mktemp("copy")
    for folder in ("omics_tasks", "tests"):
        shutil.copytree(ROOT / folder, copy / folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", copy)
    for code in EXAMPLE:
        head, body = code.split("\n", maxsplit=1)
        path = copy / head.removeprefix("# ")
        text = path.read_text()
        if path.name == "_methods.py":
            text = text.replace("    },\n)", f"{body}    }},\n)")
        elif path.name == "models.py":
            text = text.replace('    "RunLogLocation",', '    "RunGroup",\n    "RunLogLocation",')
            text += f"\n\n{body}"
        else:
            text = text.replace("import Run,", "import Run, RunGroup,") + f"\n\n{body}"
        path.write_text(text)
    run(copy, "-m", "tests.generator")
    return copy


def run(folder: Path, *arguments: str) -> str:
    environment = {**os.environ, "PYTHONPATH": str(folder)}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    ).stdout


def test_the_steps_of_the_page_add_an_operation(copy: Path) -> None:
    """Both clients get the documented method, which matches AWS except for the page's decision."""
    operations = (ROOT / "omics_tasks/healthomics/operations.py").read_text()
    assert "GET_RUN_GROUP" not in operations, "the example is in the package: choose another one"
    ((path, name),) = re.findall(r'`"(GetRunGroup\S+)": {"name": "(\w+)"}`', PAGE.read_text())
    assert {
        "url": "https://workflows-omics.us-east-1.amazonaws.com/runGroup/12",
        "group": ["12", 8],
        "documented": [True, True],
        "failures": ["GetRunGroup.input.id: name is 'run_id' at AWS and 'run_group_id' here"],
        "failures with the decision": [],
    } == json.loads(run(copy, "-c", SCRIPT, json.dumps([path, name])))


def test_an_operation_takes_twelve_lines_beside_its_fields() -> None:
    """Without fields, their docstrings and blank lines, the example has at most 12 lines."""
    code = "\n".join(code.partition("\n")[2] for code in EXAMPLE)
    beside = re.sub(r'^    \w+: .*\n    """.*"""$', "", code, flags=re.MULTILINE)
    assert 12 >= len([line for line in beside.splitlines() if line.strip()])


def test_the_tree_is_the_packages() -> None:
    """The tree has exactly the package's modules, except the services' own helpers."""
    tree = next(block.code for block in blocks(PAGE) if block.code.startswith("omics_tasks/"))
    named = set(re.findall(r"\w+\.py", tree))
    package = ROOT / "omics_tasks"
    there = {path.name for path in package.rglob("*.py")}
    assert set() == named - there
    shown = [*package.glob("*.py"), *package.glob("_*/*.py")]
    assert {"_version.py"} == {path.name for path in shown} - named
