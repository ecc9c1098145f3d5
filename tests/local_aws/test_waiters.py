"""This library's waits compared with boto3's waiters."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from botocore.exceptions import WaiterError

from omics_tasks import HealthOmicsClient, RetryPolicy, TaskState, WaitFailedError
from omics_tasks.testing import LocalAWS

from .by_boto3 import boto3_client

NEVER = "gives up after ten minutes"


@pytest.fixture
def waiting_aws(aws: LocalAWS, monkeypatch: pytest.MonkeyPatch) -> LocalAWS:
    """A stand-in whose time advances while a client waits."""
    monkeypatch.setattr("botocore.waiter.time", SimpleNamespace(sleep=aws.advance))
    return aws


def of_boto3(aws: LocalAWS, waiter: str, **ids: str) -> bool | str:
    """Return whether boto3's waiter succeeded, or NEVER if it reached its limit."""
    try:
        boto3_client(aws, "omics").get_waiter(waiter).wait(**ids)
    except WaiterError as error:
        return NEVER if "Max attempts exceeded" in str(error) else False
    return True


def of_ours(aws: LocalAWS, method: str, *ids: str, until: TaskState) -> bool:
    policy = RetryPolicy(sleep=aws.advance, clock=aws.seconds)
    with HealthOmicsClient(**aws.client_options, retries=policy) as omics:
        try:
            getattr(omics, method)(*ids, until=until)
        except WaitFailedError:
            return False
        return True


CASES = [
    ("running", "PENDING", "COMPLETED", True),
    ("running", "FAILED", "FAILED", False),
    ("running", "CANCELLED", "CANCELLED", False),
    ("running", "COMPLETED", "COMPLETED", NEVER),
    ("completed", "PENDING", "COMPLETED", True),
    ("completed", "PENDING", "FAILED", False),
    ("completed", "PENDING", "CANCELLED", NEVER),
]


@pytest.mark.parametrize(("goal", "status", "end", "verdict"), CASES)
@pytest.mark.parametrize("kind", ["run", "task"])
def test_the_verdicts(
    waiting_aws: LocalAWS, kind: str, goal: str, status: str, end: str, verdict: bool | str
) -> None:
    """Our wait ends like boto3's waiter, and also where boto3's never ends."""

    def fresh() -> tuple[str, ...]:
        fate: dict[str, Any] = {"status": status, "ends": {"status": end}}
        if kind == "run":
            return (waiting_aws.healthomics.add_run(**fate).id,)
        run = waiting_aws.healthomics.add_run(status="COMPLETED")
        return run.id, waiting_aws.healthomics.add_task(run.id, **fate).task_id

    until = TaskState.RUNNING if goal == "running" else TaskState.SUCCEEDED
    theirs = of_boto3(
        waiting_aws, f"{kind}_{goal}", **dict(zip(("id", "taskId"), fresh(), strict=False))
    )
    ours = of_ours(
        waiting_aws, "wait_for_run" if kind == "run" else "wait_for_run_task", *fresh(), until=until
    )
    assert verdict == theirs
    assert (verdict if verdict is not NEVER else end == "COMPLETED") == ours
