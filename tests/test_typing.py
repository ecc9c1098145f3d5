"""The type checkers, on what users write."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import omics_tasks
from omics_tasks import deadline, ecs, healthomics

HERE = Path(__file__).parent


def mypy(path: Path) -> set[int]:
    """The lines that mypy --strict refuses."""
    found = run("mypy", "--strict", "--output=json", path.name, cwd=path.parent).splitlines()
    return {json.loads(line)["line"] for line in found if line.startswith("{")}


def pyright(path: Path) -> set[int]:
    """The lines that pyright, strict, refuses."""
    (path.parent / "pyrightconfig.json").write_text('{"typeCheckingMode": "strict"}')
    python = ("--pythonpath", sys.executable)
    found = json.loads(run("pyright", "--outputjson", *python, path.name, cwd=path.parent))
    return {
        diagnostic["range"]["start"]["line"] + 1
        for diagnostic in found["generalDiagnostics"]
        if diagnostic["severity"] == "error"
    }


def run(checker: str, *args: str, cwd: Path) -> str:
    """What a checker prints, run where a user's project would be."""
    command = [sys.executable, "-m", checker, *args]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=cwd).stdout


Checker = Callable[[Path], set[int]]


@pytest.mark.parametrize("checker", [mypy, pyright])
def test_users_code_is_accepted(checker: Checker, tmp_path: Path) -> None:
    """A script that uses every public name has no error in it."""
    assert set() == checker(copy_of("typing_sample.py", tmp_path))


@pytest.mark.parametrize("checker", [mypy, pyright])
def test_wrong_code_is_refused(checker: Checker, tmp_path: Path) -> None:
    """Every line that passes a wrong status, an int for an id and the like is refused."""
    path = copy_of("typing_refused.py", tmp_path)
    lines = path.read_text().splitlines()
    marked = {number for number, line in enumerate(lines, 1) if "  # " in line}
    assert marked == checker(path)


def copy_of(name: str, folder: Path) -> Path:
    return Path(shutil.copy(HERE / name, folder))


def test_the_sample_uses_every_public_name() -> None:
    """A new public name has to be used in the sample."""
    text = (HERE / "typing_sample.py").read_text()
    assert [] == [name for name in omics_tasks.__all__ if name not in text]
    for service in (healthomics, ecs, deadline):
        assert [name for name in service.__all__ if name.endswith("Client")]
