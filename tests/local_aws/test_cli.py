"""The AWS CLI works with the stand-in."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest

from omics_tasks.testing import LocalAWS

AWS = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def run(aws: LocalAWS) -> AWS:
    """Run the AWS CLI with the settings of the stand-in and no others."""
    settings = {
        **{f"AWS_ENDPOINT_URL_{name}": aws.endpoint_url for name in ("OMICS", "ECS", "DEADLINE")},
        "AWS_DISABLE_HOST_PREFIX_INJECTION": "true",
        "AWS_DEFAULT_REGION": aws.region,
        "AWS_ACCESS_KEY_ID": aws.access_key,
        "AWS_SECRET_ACCESS_KEY": aws.secret_key,
        "AWS_MAX_ATTEMPTS": "1",
    }

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "awscli", *arguments, "--output", "json"],
            env={**os.environ, **settings},
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def output(run: AWS, *arguments: str) -> Any:
    done = run(*arguments)
    assert (0, "") == (done.returncode, done.stderr)
    return json.loads(done.stdout)


def test_omics(aws: LocalAWS, run: AWS) -> None:
    """The CLI shows runs, pages through tasks, and waits for a completed run."""
    one = aws.healthomics.add_run(status="COMPLETED", name="joint genotyping")
    tasks = [aws.healthomics.add_task(one.id) for _ in range(3)]
    assert "joint genotyping" == output(run, "omics", "get-run", "--id", one.id)["name"]
    listed = output(run, "omics", "list-run-tasks", "--id", one.id, "--page-size", "1")
    assert [task.task_id for task in tasks] == [item["taskId"] for item in listed["items"]]
    ids = ("--id", one.id, "--task-id", tasks[0].task_id)
    assert tasks[0].name == output(run, "omics", "get-run-task", *ids)["name"]
    assert 0 == run("omics", "wait", "run-completed", "--id", one.id).returncode


def test_ecs(aws: LocalAWS, run: AWS) -> None:
    """The CLI lists and describes tasks."""
    arns = [aws.ecs.add_task() for _ in range(2)]
    assert arns == output(run, "ecs", "list-tasks", "--page-size", "1")["taskArns"]
    described = output(run, "ecs", "describe-tasks", "--tasks", *arns)
    assert ["RUNNING", "RUNNING"] == [task["lastStatus"] for task in described["tasks"]]


def test_deadline(aws: LocalAWS, run: AWS) -> None:
    """The CLI shows a task."""
    ids = aws.deadline.add_task()
    options = [f"--{name.replace('_', '-')}={value}" for name, value in ids._asdict().items()]
    assert ids.task_id == output(run, "deadline", "get-task", *options)["taskId"]


def test_errors(aws: LocalAWS, run: AWS) -> None:
    """The CLI prints the service's error code."""
    done = run("omics", "get-run", "--id", "7")
    assert 0 != done.returncode
    assert "(ResourceNotFoundException) when calling the GetRun operation" in done.stderr
    aws.fail_next("throttling")
    assert "(ThrottlingException)" in run("ecs", "list-tasks").stderr
