"""The pytest plugin, as a project that installs the package sees it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

TESTS = """
import pytest
from omics_tasks import HealthOmicsClient, ResourceNotFoundException

seen = set()


@pytest.mark.parametrize("_", range(3))
def test_mine_alone(local_aws, _):
    with HealthOmicsClient(**local_aws.client_options) as omics:
        with pytest.raises(ResourceNotFoundException):
            omics.get_run("7")
        local_aws.healthomics.add_run(id="7")
        assert omics.get_run("7").id == "7"
    assert len(local_aws.requests) == 2
    assert local_aws not in seen
    seen.add(local_aws)
"""


def test_each_test_has_its_own(tmp_path: Path) -> None:
    """The fixture needs no import, is new for each test and leaves nothing open."""
    (tmp_path / "test_mine.py").write_text(TESTS)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-W", "error", "-p", "no:cacheprovider", tmp_path],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
    )
    assert "3 passed" in done.stdout, done.stdout


def test_the_plugin_loads_no_libraries() -> None:
    """Loading the plugin imports none of the libraries that the stand-in needs."""
    code = (
        "import sys, omics_tasks.testing.pytest_plugin;"
        "print({'httpx', 'pydantic', 'botocore', 'http.server'} & set(sys.modules))"
    )
    printed = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert "set()" == printed.stdout.strip()
