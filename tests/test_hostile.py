"""No answer takes much more time or memory than a normal one of its size."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from functools import cache
from typing import Any

import httpx
import pytest
from pydantic import ValidationError

from omics_tasks import ResponseError, ServiceError
from omics_tasks._core.protocols import Response, decode
from omics_tasks.ecs import DescribedTasks, Task, TaskArn
from omics_tasks.ecs.operations import DESCRIBE_TASKS
from omics_tasks.healthomics.operations import GET_RUN, LIST_RUNS

from .asking import Ask, Script
from .hostile import HOSTILE, SIZE, hostile, sane


@cache
def costs() -> dict[str, Any]:
    """Return the cost of parsing all answers in another process."""
    done = subprocess.run(
        [sys.executable, "-m", f"{__package__}.hostile"], capture_output=True, check=True
    )
    costs: dict[str, Any] = json.loads(done.stdout)
    return costs


def test_memory_follows_the_size() -> None:
    """No answer takes more than about 20 times its size while it is parsed."""
    assert costs()["bytes"] < 25 * SIZE


@pytest.mark.parametrize("name", HOSTILE)
def test_time_follows_the_size(name: str) -> None:
    """An invalid answer of 1 MB takes about as long as a valid one, some 10 ms."""
    assert costs()["slowness"][name] < 6


@pytest.mark.parametrize("name", ["wrong items", "wrong map", "wrong containers"])
def test_reading_ends_at_the_first_bad_element(name: str) -> None:
    """Parsing of a list or map stops at the first invalid element."""
    with pytest.raises(ResponseError) as caught:
        decode(*hostile(name, 2**15))
    assert isinstance(caught.value.__cause__, ValidationError)
    assert 1 == caught.value.__cause__.error_count()


def test_a_small_answer_that_unpacks_to_much(ask: Ask) -> None:
    """2 kB of gzip with a million invalid items are one short error without a retry."""
    packed = gzip.compress(b'{"items":[' + b"1," * 10**6 + b"1]}")
    answer = httpx.Response(
        200, stream=httpx.ByteStream(packed), headers={"content-encoding": "gzip"}
    )
    transport = httpx.MockTransport(lambda _: answer)
    with pytest.raises(ResponseError, match="too many values for its size") as caught:
        ask(lambda c: c.list_runs().collect(), transport=transport)
    assert (True, 1, False) == (
        len(packed) < 3000,
        caught.value.attempts,
        caught.value.retryable,
    )


@pytest.mark.parametrize("status", [400, 500])
def test_an_error_is_one_whatever_its_body(ask: Ask, status: int) -> None:
    """An error with too large a body is raised by its status and header."""
    body = b'{"message": "x", "more": [' + b"{}," * 100_000 + b"{}]}"
    script = Script(httpx.Response(status, content=body, headers={"x-amzn-errortype": "Own"}))
    with pytest.raises(ServiceError, match="Own") as caught:
        ask(lambda c: c.get_run("1"), transport=script.transport, retries=None)
    assert (status, "Own", None) == (caught.value.status, caught.value.code, caught.value.message)


def read(operation: Any, body: str) -> Any:
    return decode(operation, Response(200, {}, body.encode()))


def test_a_thousand_items_are_a_page() -> None:
    """A page with ten times AWS's number of items is parsed."""
    operation, response = sane(400_000)
    assert 1000 < len(decode(operation, response).items)


def test_the_fullest_tasks_are_read() -> None:
    """100 tasks with ten containers and ECS's maximum of 8 kB of overrides are parsed."""
    variables = [{"name": f"VARIABLE_{at}", "value": "a value"} for at in range(160)]
    ports = [{"bindIP": "0.0.0.0", "containerPort": at, "hostPort": at} for at in range(3)]
    arn = "arn:aws:ecs:us-east-1:111122223333:container/render/0cc43cdb3bee4407/0cc43cdb-3bee"
    container = {
        "containerArn": arn, "taskArn": arn, "name": "main", "runtimeId": arn[-30:], "exitCode": 0,
        "image": "111122223333.dkr.ecr.us-east-1.amazonaws.com/render:latest",
        "imageDigest": "sha256:" + "0" * 64, "lastStatus": "STOPPED", "healthStatus": "UNKNOWN",
        "cpu": "256", "memory": "512", "memoryReservation": "256", "networkBindings": ports,
        "networkInterfaces": [{"attachmentId": arn[-30:], "privateIpv4Address": "10.0.0.12"}],
        "managedAgents": [], "gpuIds": [],
    }  # fmt: skip
    overrides = {"containerOverrides": [{"name": "main", "environment": variables}]}
    task = {"taskArn": "arn", "containers": [container] * 10, "overrides": overrides}
    described = read(DESCRIBE_TASKS, json.dumps({"tasks": [task] * 100, "failures": []}))
    assert 100 == len(described.tasks)


@pytest.mark.parametrize(
    "parameters", [[[1, 2]] * 8000, [0] * 25_000, {str(at): {} for at in range(5000)}]
)
def test_documents_are_read(parameters: Any) -> None:
    """The parameters of a run may be any JSON of 50 kB."""
    run = read(GET_RUN, json.dumps({"id": "1", "parameters": parameters}))
    assert parameters == run.parameters


def test_text_may_look_like_json() -> None:
    """Brackets, commas and escaped quotes inside strings don't count."""
    name = '[1, 2], {"a": "\\"}' * 50_000
    assert name == read(LIST_RUNS, json.dumps({"items": [{"id": "1", "name": name}]})).items[0].name


def test_models_by_hand_have_no_such_bounds() -> None:
    """Models with any number of items can be made in Python."""
    described = DescribedTasks(tasks=[Task(task_arn=TaskArn("a"))] * 5000)
    assert 5000 == len(described.tasks)
