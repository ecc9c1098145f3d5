"""boto3 as a client of the stand-in."""

from __future__ import annotations

import importlib
import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.awsrequest import AWSPreparedRequest
from botocore.config import Config
from botocore.exceptions import ClientError

from omics_tasks.deadline import TaskId
from omics_tasks.testing import LocalAWS

STATUS = {"omics": 403, "deadline": 403, "ecs": 400}
"""Status of a signature error; awsJson only has 400."""
SERVICE_NAMES = {"omics": "HealthOmics", "ecs": "ECS", "deadline": "Deadline"}
"""Prefixes of this library's client classes."""

# boto3 makes its clients' methods as it goes: there are no types to check against.
SESSION: Any = importlib.import_module("boto3").Session()


def boto3_client(aws: LocalAWS, service: str, *, token: str | None = None, **options: Any) -> Any:
    chosen: dict[str, Any] = {
        "region_name": aws.region,
        "aws_access_key_id": aws.access_key,
        "aws_secret_access_key": aws.secret_key,
        "aws_session_token": token,
        "config": {},
        **options,
    }
    chosen["config"] = Config(
        inject_host_prefix=False,
        parameter_validation=False,
        retries={"total_max_attempts": 1},
        **chosen["config"],
    )
    return SESSION.client(service, endpoint_url=aws.endpoint_url, **chosen)


IDS = TaskId(
    "farm-" + "1" * 32, "queue-" + "2" * 32, "job-" + "3" * 32, "step-" + "4" * 32,
    "task-" + "5" * 32 + "-0",
)  # fmt: skip
CALLS: dict[str, Callable[[Any], Any]] = {
    "omics": lambda client: client.list_run_tasks(id="1234567", maxResults=50),
    "ecs": lambda client: client.list_tasks(cluster="default"),
    "deadline": lambda client: client.get_task(**wire(IDS)),
}
"""A valid call of each service, once ``fill`` has run."""


def wire(ids: TaskId) -> dict[str, str]:
    return dict(zip(("farmId", "queueId", "jobId", "stepId", "taskId"), ids, strict=True))


def step_of(ids: TaskId) -> dict[str, str]:
    """Return the ids of a task's step."""
    return {name: each for name, each in wire(ids).items() if name != "taskId"}


def fill(aws: LocalAWS) -> None:
    aws.healthomics.add_run(id="1234567")
    aws.ecs.add_task()
    aws.deadline.add_task(**IDS._asdict())


def error_of(call: Callable[[], Any]) -> tuple[str, int]:
    """Return the code and status of the error that boto3 raises."""
    with pytest.raises(ClientError) as caught:
        call()
    response: Any = caught.value.response
    return response["Error"]["Code"], response["ResponseMetadata"]["HTTPStatusCode"]


def alter(client: Any, change: Callable[[AWSPreparedRequest], None]) -> Any:
    """Return the client, which changes its requests after it has signed them."""

    def apply(request: AWSPreparedRequest, **_: Any) -> None:
        change(request)

    client.meta.events.register("before-send", apply)
    return client


def answers_of(client: Any) -> list[Any]:
    """Return a list that collects the bodies of the client's answers."""
    bodies = list[Any]()

    def keep(response_dict: Any, **_: Any) -> None:
        bodies.append(json.loads(response_dict["body"]))

    client.meta.events.register("before-parse", keep)
    return bodies


def with_body(client: Any, body: bytes) -> Any:
    """Return the client, which sends this body in all its requests."""

    def replace(params: Any, **_: Any) -> None:
        params["body"] = body

    client.meta.events.register("before-call", replace)
    return client
