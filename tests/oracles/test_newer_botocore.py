"""The tests with a newer botocore: they pass and report the additions."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections import Counter
from copy import deepcopy
from pathlib import Path

from botocore.loaders import Loader

from .aws import CLIENTS, OPERATIONS, api
from .planting import adding_everywhere

ROOT = Path(__file__).parents[2]
COMPARED = (
    *("tests/oracles/test_boto3_answers.py", "tests/oracles/test_boto3_requests.py"),
    *("tests/oracles/test_limits.py", "tests/oracles/test_model.py"),
    *("tests/oracles/test_states.py", "tests/local_aws/test_shapes.py"),
    "tests/docs/test_design_page.py",
)


def run_with_additions(home: Path) -> subprocess.CompletedProcess[str]:
    """Run the comparisons with changed models in botocore's folder of the home directory."""
    for service in CLIENTS:
        described = deepcopy(dict(api(service)))
        adding_everywhere(described)
        version = Loader().determine_latest_version(service, "service-2")
        folder = home / ".aws" / "models" / service / version
        folder.mkdir(parents=True)
        (folder / "service-2.json").write_text(json.dumps(described))
    return subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-q", "-n", "2", "-p", "no:cacheprovider"),
            *("--hypothesis-profile", "few", *COMPARED),
        ],
        cwd=ROOT,
        env={**os.environ, "HOME": str(home)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_additions_fail_nothing(tmp_path: Path) -> None:
    """The comparisons pass whatever AWS adds, and report each addition once, also with xdist."""
    done = run_with_additions(tmp_path)
    assert 0 == done.returncode, done.stdout[-5000:]
    reported = Counter(re.findall(r"AWSChanged: (.*)", done.stdout))
    assert {1} == set(reported.values())
    for operation in OPERATIONS.values():
        for part in ("input.addition", "output.addition", "errors.NewException"):
            assert f"AWS has added {operation.name}.{part}" in reported
    assert "AWS has added GetRun.output.status=ADDED" in reported
    assert "AWS has added GetRun.output.vpcConfig.addition" in reported
    assert "AWS changed GetRun.input.id: max is 36 at AWS and 18 here" in reported
