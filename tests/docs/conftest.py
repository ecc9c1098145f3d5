"""The account that the documentation's examples use: a LocalAWS with sample data."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from omics_tasks.deadline import SearchGroupedFilterExpressions, StringFilterExpression
from omics_tasks.healthomics import RunStatus, RunTaskStatus
from omics_tasks.testing import LocalAWS

from .pages import DOCS
from .site import build


class Account(NamedTuple):
    """A stand-in with sample data."""

    aws: LocalAWS
    names: dict[str, Any]
    """Names that examples may use without defining them, such as ids."""


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built site."""
    folder = tmp_path_factory.mktemp("project")
    shutil.copytree(DOCS, folder / "docs")
    built = build(folder)
    assert built.returncode == 0, built.stdout + built.stderr
    return folder / "site"


@pytest.fixture
def aws() -> Iterator[LocalAWS]:
    with LocalAWS() as running:
        yield running


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch) -> Iterator[Account]:
    """An account in us-west-2, with its region, keys and endpoint in the environment."""
    with LocalAWS(region="us-west-2") as aws:
        for variable, value in {
            "AWS_REGION": aws.region,
            "AWS_DEFAULT_REGION": aws.region,
            "AWS_ACCESS_KEY_ID": aws.access_key,
            "AWS_SECRET_ACCESS_KEY": aws.secret_key,
            "AWS_ENDPOINT_URL": aws.endpoint_url,
            "AWS_DISABLE_HOST_PREFIX_INJECTION": "true",  # boto3's clients need it
        }.items():
            monkeypatch.setenv(variable, value)
        yield Account(aws, _fill(aws))


def _fill(aws: LocalAWS) -> dict[str, Any]:
    run = aws.healthomics.add_run(id="1234567", name="joint genotyping", status="FAILED")
    for number, name in enumerate(("align", "sort")):
        aws.healthomics.add_task(
            run.id, task_id=str(7654321 + number), name=name, status="COMPLETED"
        )
    for number, name in enumerate(("merge", "call")):
        aws.healthomics.add_task(
            run.id,
            task_id=str(7654323 + number),
            name=name,
            status="FAILED",
            status_message="exit code 137: out of memory",
        )
    for run_id, task_id, name in (
        ("7654321", "1111111", "COMPLETED"),
        ("2345678", "2222222", "RUNNING"),
    ):
        aws.healthomics.add_run(id=run_id, status=RunStatus(name))
        aws.healthomics.add_task(run_id, task_id=task_id, status=RunTaskStatus(name))
    aws.ecs.add_cluster("render")
    arns = [aws.ecs.add_task(cluster="render") for _ in range(2)]
    stopped = aws.ecs.add_task(cluster="render", desired_status="STOPPED")
    ids = aws.deadline.add_task(run_status="SUCCEEDED")
    failed = SearchGroupedFilterExpressions(
        [StringFilterExpression("RUN_STATUS", "EQUAL", "FAILED")], "AND"
    )
    names = {"failed": failed, "arns": arns, "running": arns[0], "stopped": stopped}
    return {**ids._asdict(), **names, "work_on": lambda _: None}


@pytest.fixture(autouse=True)
def _no_session(monkeypatch: pytest.MonkeyPatch) -> None:
    # boto3.client() keeps a session, and with it the settings of the test that came first.
    monkeypatch.setattr(import_module("boto3"), "DEFAULT_SESSION", None)


@pytest.fixture(autouse=True)
def _logging() -> Iterator[None]:
    loggers = {
        logging.getLogger(name): logging.getLogger(name).level for name in ("", "omics_tasks")
    }
    handlers = logging.getLogger().handlers[:]
    yield
    logging.getLogger().handlers[:] = handlers
    for logger, level in loggers.items():
        logger.setLevel(level)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory."""
    monkeypatch.chdir(tmp_path)
    return tmp_path
