"""Injected faults, over the network and over the httpx transport."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import Any

import pytest
from botocore.exceptions import BotoCoreError, ClientError

from omics_tasks import (
    ConnectionClosedError,
    DeadlineClient,
    HealthOmicsClient,
    InternalServerException,
    OmicsTasksError,
    ReadTimeoutError,
    ResponseError,
    RetryPolicy,
    ThrottlingException,
)
from omics_tasks.testing import FaultName, LocalAWS

from ..asking import Ask
from .by_boto3 import CALLS, IDS, SERVICE_NAMES, boto3_client, error_of, fill, wire

ONCE = RetryPolicy(max_attempts=1)
FAULTS: dict[FaultName, type[OmicsTasksError]] = {
    "throttling": ThrottlingException,
    "internal": InternalServerException,
    "reset": ConnectionClosedError,
    "truncate": ConnectionClosedError,
    "timeout": ReadTimeoutError,
    "html": ResponseError,
}
QUESTIONS: dict[str, Callable[[Any], Any]] = {
    "omics": lambda client: client.get_run("1234567"),
    "deadline": lambda client: client.get_task(*IDS),
}

Front = Callable[[LocalAWS], dict[str, Any]]


@pytest.fixture(params=["server", "transport"])
def front(request: pytest.FixtureRequest) -> Front:
    """Return the client options for the network or for the transport."""
    if request.param == "server":
        return lambda aws: {**aws.client_options, "timeout": (5, 1.0)}
    return lambda aws: {**aws.client_options, "transport": aws.transport, "timeout": (5, 1.0)}


@pytest.mark.parametrize("service", QUESTIONS)
@pytest.mark.parametrize(("fault", "expected"), FAULTS.items())
def test_a_fault_happens_once(
    aws: LocalAWS,
    ask: Ask,
    front: Front,
    service: str,
    fault: FaultName,
    expected: type[OmicsTasksError],
) -> None:
    """The next call fails and the one after it succeeds."""
    fill(aws)
    aws.fail_next(fault)

    def call() -> Any:
        return ask(QUESTIONS[service], SERVICE_NAMES[service], retries=ONCE, **front(aws))

    with pytest.raises(expected):
        call()
    assert call()
    assert 2 == len(aws.requests)


def test_faults_happen_in_order(aws: LocalAWS) -> None:
    """Faults happen in the order in which they were added, each the given number of times."""
    run = aws.healthomics.add_run()
    aws.fail_next("internal", 2)
    aws.fail_next("throttling")
    omics = boto3_client(aws, "omics")
    codes = [error_of(lambda: omics.get_run(id=run.id))[0] for _ in range(3)]
    assert ["InternalServerException"] * 2 + ["ThrottlingException"] == codes
    assert run.id == omics.get_run(id=run.id)["id"]


def test_faults_of_one_operation(aws: LocalAWS) -> None:
    """A fault of one operation doesn't affect other operations."""
    run = aws.healthomics.add_run()
    aws.fail_next("throttling", operation="ListRunTasks")
    omics = boto3_client(aws, "omics")
    assert run.id == omics.get_run(id=run.id)["id"]
    assert "ThrottlingException" == error_of(lambda: omics.list_run_tasks(id=run.id))[0]


def test_bad_signatures_use_up_no_fault(aws: LocalAWS) -> None:
    """A request with an invalid signature doesn't consume a fault."""
    run = aws.healthomics.add_run()
    aws.fail_next("throttling")
    stranger = boto3_client(aws, "omics", aws_secret_access_key="another")
    assert "InvalidSignatureException" == error_of(lambda: stranger.get_run(id=run.id))[0]
    omics = boto3_client(aws, "omics")
    assert "ThrottlingException" == error_of(lambda: omics.get_run(id=run.id))[0]


def test_invalid_faults(aws: LocalAWS) -> None:
    """An unknown fault or operation is a ValueError."""
    unknown: Any = "throtling"
    with pytest.raises(ValueError, match="no fault 'throtling'; there are throttling, internal"):
        aws.fail_next(unknown)
    with pytest.raises(ValueError, match="no operation 'ListRunTask' here; there are BatchGetT"):
        aws.fail_next("reset", operation="ListRunTask")
    with pytest.raises(ValueError, match="at least 1"):
        aws.fail_next("reset", 0)


@pytest.mark.parametrize(
    ("service", "throttled", "failed"),
    [
        ("omics", ("ThrottlingException", 429, None), ("InternalServerException", 500, None)),
        ("ecs", ("ThrottlingException", 400, None), ("ServerException", 500, None)),
        ("deadline", ("ThrottlingException", 429, 1), ("InternalServerErrorException", 500, 1)),
    ],
)
def test_each_service_has_its_own_errors(
    aws: LocalAWS, service: str, throttled: tuple[object, ...], failed: tuple[object, ...]
) -> None:
    """Code, status and Retry-After are the service's own, and boto3 raises its exceptions."""
    fill(aws)
    client = boto3_client(aws, service)
    faults: dict[FaultName, Any] = {"throttling": throttled, "internal": failed}
    for fault, expected in faults.items():
        aws.fail_next(fault)
        with pytest.raises(ClientError) as caught:
            CALLS[service](client)
        response: Any = caught.value.response
        assert expected == (
            response["Error"]["Code"],
            response["ResponseMetadata"]["HTTPStatusCode"],
            response.get("retryAfterSeconds"),
        )
        if service != "ecs" or fault != "throttling":  # that one is in no model
            assert caught.type is getattr(client.exceptions, expected[0])


def test_deadline_sends_retry_after(aws: LocalAWS) -> None:
    """This library's clients wait for Deadline Cloud's Retry-After in the stand-in's time."""
    fill(aws)
    aws.fail_next("throttling", 2)
    began = aws.now
    retries = RetryPolicy(sleep=aws.advance, random=lambda: 0.0)
    with DeadlineClient(**aws.client_options, retries=retries) as deadline:
        assert IDS.task_id == deadline.get_task(*IDS).task_id
    assert 2 == (aws.now - began).total_seconds()


def test_retries_see_each_failure(aws: LocalAWS, ask: Ask, front: Front) -> None:
    """Two faults are two failed attempts, and the third attempt succeeds."""
    run = aws.healthomics.add_run()
    aws.fail_next("reset")
    aws.fail_next("truncate")
    retries = RetryPolicy(sleep=aws.advance)
    found = ask(lambda client: client.get_run(run.id), retries=retries, **front(aws))
    assert (run.id, ["GetRun"] * 3) == (found.id, [each.operation for each in aws.requests])


def test_latency(aws: LocalAWS, ask: Ask, front: Front) -> None:
    """Every answer is delayed by ``latency``."""
    run = aws.healthomics.add_run()
    aws.latency = 0.05
    began = monotonic()
    assert run.id == ask(lambda client: client.get_run(run.id), **front(aws)).id
    assert monotonic() - began >= 0.05
    aws.latency = 0.0
    assert run.id == ask(lambda client: client.get_run(run.id), **front(aws)).id


def test_latency_beyond_the_time_out(aws: LocalAWS, ask: Ask, front: Front) -> None:
    """A client with a shorter timeout raises its error when the timeout is over."""
    aws.healthomics.add_run(id="1234567")
    aws.latency = 60.0
    began = monotonic()
    with pytest.raises(ReadTimeoutError):
        ask(QUESTIONS["omics"], retries=ONCE, **front(aws))
    assert 0.2 <= monotonic() - began < 30


def test_faults_do_not_delay_closing() -> None:
    """The block ends at once while clients wait for late or missing answers."""
    began = monotonic()
    with LocalAWS() as aws:
        run = aws.healthomics.add_run()
        for fault, latency in (("timeout", 0.0), (None, 60.0)):
            aws.latency = latency
            if fault:
                aws.fail_next("timeout")
            with (
                HealthOmicsClient(**aws.client_options, timeout=(5, 0.1), retries=ONCE) as omics,
                pytest.raises(ReadTimeoutError),
            ):
                omics.get_run(run.id)
    assert monotonic() - began < 30


@pytest.mark.parametrize("fault", ["html", "truncate"])
def test_faults_that_boto3_does_not_detect(aws: LocalAWS, fault: FaultName) -> None:
    """boto3 accepts a web page and a truncated answer, since their status is 200."""
    run = aws.healthomics.add_run()
    aws.fail_next(fault)
    answer = boto3_client(aws, "omics").get_run(id=run.id)
    assert (200, None) == (answer["ResponseMetadata"]["HTTPStatusCode"], answer.get("id"))


@pytest.mark.parametrize(
    ("fault", "expected"),
    [("reset", "Connection was closed|Connection reset"), ("timeout", "Read timeout")],
)
def test_faults_that_boto3_detects(aws: LocalAWS, fault: FaultName, expected: str) -> None:
    """boto3 raises an error for a reset connection and for a missing answer."""
    run = aws.healthomics.add_run()
    aws.fail_next(fault)
    omics = boto3_client(aws, "omics", config={"read_timeout": 0.2})
    with pytest.raises(BotoCoreError, match=expected):
        omics.get_run(id=run.id)
    assert run.id == omics.get_run(id=run.id)["id"]


def test_failed_requests_are_recorded(aws: LocalAWS) -> None:
    """A call with an injected fault is recorded."""
    fill(aws)
    aws.fail_next("throttling")
    client = boto3_client(aws, "deadline")
    error_of(lambda: client.get_task(**wire(IDS)))
    assert [("deadline", "GetTask", wire(IDS))] == [
        (each.service, each.operation, each.parameters) for each in aws.requests
    ]
