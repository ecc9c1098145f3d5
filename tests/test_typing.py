"""Type checkers on users' code and on the package."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

import omics_tasks
from omics_tasks import deadline, ecs, healthomics

HERE = Path(__file__).parent
PACKAGE = Path(omics_tasks.__file__).parent
ACCEPTED, REFUSED = "typing_sample.py", "typing_refused.py"

Refused = Mapping[str, set[int]]
"""The lines that a checker rejects, by file."""


def mypy(folder: Path) -> Refused:
    """Return the lines that mypy --strict rejects."""
    refused = defaultdict[str, set[int]](set)
    for line in run("mypy", "--strict", "--output=json", ".", cwd=folder).splitlines():
        if line.startswith("{"):
            error = json.loads(line)
            refused[Path(error["file"]).name].add(error["line"])
    return refused


def pyright(folder: Path) -> Refused:
    """Return the lines that pyright in strict mode rejects."""
    (folder / "pyrightconfig.json").write_text('{"typeCheckingMode": "strict"}')
    found = json.loads(run("pyright", "--outputjson", "--pythonpath", sys.executable, cwd=folder))
    refused = defaultdict[str, set[int]](set)
    for diagnostic in found["generalDiagnostics"]:
        if diagnostic["severity"] == "error":
            refused[Path(diagnostic["file"]).name].add(diagnostic["range"]["start"]["line"] + 1)
    return refused


def verified_types() -> dict[str, Any]:
    """Return pyright's report on the types of the public API."""
    # Here, the Python to look into is not --pythonpath but the first of PATH.
    environment = {
        **os.environ,
        "PATH": os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"])),
        "PYTHONPATH": str(PACKAGE.parent),
    }
    arguments = ("--verifytypes", "omics_tasks", "--ignoreexternal", "--outputjson")
    found = json.loads(run("pyright", *arguments, cwd=HERE, env=environment))
    report: dict[str, Any] = found["typeCompleteness"]
    return report


def run(checker: str, *args: str, cwd: Path, env: Mapping[str, str] | None = None) -> str:
    """Return a checker's output, run in a user's project."""
    command = [sys.executable, "-m", checker, *args]
    return subprocess.run(
        command, capture_output=True, text=True, check=False, cwd=cwd, env=env
    ).stdout


@pytest.mark.parametrize("checker", [mypy, pyright])
def test_right_and_wrong_code(checker: Callable[[Path], Refused], tmp_path: Path) -> None:
    """A script with every public name has no error, and each line of the other file has one."""
    for name in (ACCEPTED, REFUSED):
        shutil.copy(HERE / name, tmp_path)
    lines = (HERE / REFUSED).read_text().splitlines()
    marked = {number for number, line in enumerate(lines, 1) if "  # " in line}
    assert {REFUSED: marked} == checker(tmp_path)


def test_public_types_are_known() -> None:
    """Every public name has an unambiguous type and a docstring."""
    report = verified_types()
    assert str(PACKAGE) == report["moduleRootDirectory"]
    assert [] == [
        (symbol["name"], [each["message"] for each in symbol["diagnostics"]])
        for symbol in report["symbols"]
        if symbol["diagnostics"]
    ]
    assert 1 == report["completenessScore"]


def test_the_sample_uses_every_public_name() -> None:
    """The sample uses all public names."""
    text = (HERE / ACCEPTED).read_text()
    assert [] == [name for name in omics_tasks.__all__ if name not in text]
    for service in (healthomics, ecs, deadline):
        assert [name for name in service.__all__ if name.endswith("Client")]
