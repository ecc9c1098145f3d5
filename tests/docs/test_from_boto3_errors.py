"""docs/from-boto3.md: the errors of both sides in the same scenario."""

from __future__ import annotations

import importlib
import io
import json
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from botocore.config import Config
from urllib3 import HTTPResponse

import omics_tasks
from omics_tasks import RetryPolicy, ServiceError
from omics_tasks.testing import LocalAWS

from .boto3_page import CLIENTS, NAMES, Row, boto3, rows
from .conftest import Account

OF_SERVICES = rows("### Raised by the services")
OTHERS = rows("### Raised by botocore")
ONCE = RetryPolicy(max_attempts=1)
AT_ONCE = Config(connect_timeout=0.3, read_timeout=0.3, retries={"total_max_attempts": 1})

Call = Callable[[Any], object]


def get_run(run_id: str) -> tuple[Call, Call]:
    """Call GetRun on either side."""
    return lambda omics: omics.get_run(id=run_id), lambda omics: omics.get_run(run_id)


LISTING: tuple[Call, Call] = (
    lambda ecs: list(ecs.get_paginator("list_tasks").paginate()),
    lambda ecs: ecs.list_tasks().collect(),
)
GONE = {
    "farmId": "farm-" + "0" * 32,
    "queueId": "queue-" + "0" * 32,
    "jobId": "job-" + "0" * 32,
    "stepId": "step-" + "0" * 32,
    "taskId": "task-" + "0" * 32 + "-0",
}
CALLS: dict[str, tuple[Call, Call]] = {
    "omics": get_run("404"),
    "ecs": LISTING,
    "deadline": (
        lambda deadline: deadline.get_task(**GONE),
        lambda deadline: deadline.get_task(*GONE.values()),
    ),
}


def answer_boto3(client: Any, status: int, members: object) -> None:
    """Make a boto3 client use this answer for every request."""

    def answer(request: Any, **_: object) -> AWSResponse:
        raw = HTTPResponse(io.BytesIO(json.dumps(members).encode()), preload_content=False)
        return AWSResponse(request.url, status, HTTPHeaders(), raw)

    client.meta.events.register("before-send", answer)


def answered(status: int, members: object) -> httpx.MockTransport:
    """Return a transport with the same answer for our clients."""
    return httpx.MockTransport(lambda _: httpx.Response(status, content=json.dumps(members)))


@pytest.mark.parametrize("row", OF_SERVICES, ids=lambda row: row.theirs)
@pytest.mark.usefixtures("account")
def test_both_sides_raise_the_services_error(row: Row) -> None:
    """An answer with the code on the left raises the error on either side."""
    service, _, code = row.theirs.split(".")
    raised = eval(row.ours, NAMES)
    assert issubclass(raised, NAMES["ResourceNotFoundException"]) is ("NotFound" in code)
    answer = (raised.status, {"__type": code, "message": "no"})
    theirs, ours = CALLS[service]
    with closing(boto3.client(service, config=AT_ONCE)) as client:
        answer_boto3(client, *answer)
        with pytest.raises(eval(row.theirs, {service: client})):
            theirs(client)
    make = getattr(omics_tasks, f"{CLIENTS[service]}Client")
    with make(retries=ONCE, transport=answered(*answer)) as client, pytest.raises(raised):
        ours(client)


@pytest.mark.parametrize(
    ("service", "room"), [("omics", "healthomics"), ("ecs", "ecs"), ("deadline", "deadline")]
)
@pytest.mark.usefixtures("account")
def test_every_error_of_a_service_has_a_row(service: str, room: str) -> None:
    """The table has all errors that both a service's package and boto3 have."""
    module = importlib.import_module(f"omics_tasks.{room}.errors")
    with closing(boto3.client(service)) as client:
        both = {
            f"{service}.exceptions.{name}"
            for name in module.__all__
            if issubclass(getattr(module, name), ServiceError) and hasattr(client.exceptions, name)
        }
    assert both == {row.theirs for row in OF_SERVICES if row.theirs.startswith(f"{service}.")}


class Scenario(NamedTuple):
    """A way to cause an error: a preparation, and a call of either side."""

    happens: Callable[[LocalAWS, pytest.MonkeyPatch], object] = lambda _aws, _patch: None
    calls: tuple[Call, Call] = get_run("1234567")
    service: str = "omics"
    answer: object = None
    """Response in place of the service's, if any."""


def without(*variables: str) -> Scenario:
    def remove(_: LocalAWS, patch: pytest.MonkeyPatch) -> None:
        for variable in variables:
            patch.delenv(variable, raising=False)

    return Scenario(remove)


def with_(**variables: str) -> Scenario:
    def add(_: LocalAWS, patch: pytest.MonkeyPatch) -> None:
        for variable, value in variables.items():
            patch.setenv(variable, value)

    return Scenario(add)


def through(proxy: str, patch: pytest.MonkeyPatch) -> None:
    for variable in ("NO_PROXY", "no_proxy"):
        patch.delenv(variable, raising=False)
    patch.setenv("https_proxy", proxy)
    patch.setenv("AWS_ENDPOINT_URL", "https://aws.invalid")


def with_a_process_that_fails(_: LocalAWS, patch: pytest.MonkeyPatch) -> None:
    for variable in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        patch.delenv(variable, raising=False)
    Path("config").write_text("[default]\ncredential_process = false\n")
    patch.setenv("AWS_CONFIG_FILE", "config")


SCENARIOS = {
    "ClientError": Scenario(calls=get_run("404")),
    "ParamValidationError": Scenario(
        calls=(lambda omics: omics.get_run(id=1), lambda omics: omics.get_run(1))
    ),
    "NoRegionError": without("AWS_REGION", "AWS_DEFAULT_REGION"),
    "InvalidRegionError": with_(AWS_REGION="no region", AWS_DEFAULT_REGION="no region"),
    "NoCredentialsError": without("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"),
    "PartialCredentialsError": without("AWS_SECRET_ACCESS_KEY"),
    "CredentialRetrievalError": Scenario(with_a_process_that_fails),
    "ProfileNotFound": with_(AWS_PROFILE="gone"),
    "EndpointConnectionError": with_(AWS_ENDPOINT_URL="http://127.0.0.1:1"),
    "ProxyConnectionError": Scenario(lambda aws, patch: through(aws.endpoint_url, patch)),
    "SSLError": Scenario(
        lambda aws, patch: patch.setenv(
            "AWS_ENDPOINT_URL", aws.endpoint_url.replace("http:", "https:")
        )
    ),
    "ReadTimeoutError": Scenario(lambda aws, _: aws.fail_next("timeout")),
    "ConnectionClosedError": Scenario(lambda aws, _: aws.fail_next("reset")),
    "PaginationError": Scenario(
        calls=LISTING, service="ecs", answer={"taskArns": [], "nextToken": "again"}
    ),
    "WaiterError": Scenario(
        calls=(
            lambda omics: omics.get_waiter("run_completed").wait(id="1234567"),
            lambda omics: omics.wait_for_run("1234567"),
        )
    ),
}


@pytest.fixture
def full() -> Iterator[str]:
    """Return a port that neither accepts nor refuses connections."""
    with ExitStack() as sockets:
        listener = sockets.enter_context(socket.create_server(("127.0.0.1", 0), backlog=0))
        for _ in range(4):
            waiting = sockets.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(listener.getsockname())
        yield "http://127.0.0.1:{1}".format(*listener.getsockname())


def meet_with_boto3(service: str, call: Call, answer: object) -> None:
    with closing(boto3.Session().client(service, config=AT_ONCE)) as client:
        if answer:
            answer_boto3(client, 200, answer)
        call(client)


@pytest.mark.parametrize("row", OTHERS, ids=lambda row: row.theirs)
@pytest.mark.usefixtures("folder")
def test_both_sides_raise(
    row: Row, account: Account, full: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The scenario for boto3's error on the left raises our error on the right."""
    scenarios = SCENARIOS | {"ConnectTimeoutError": with_(AWS_ENDPOINT_URL=full)}
    happens, (theirs, ours), service, answer = scenarios[row.theirs.rpartition(".")[2]]
    happens(account.aws, monkeypatch)
    with pytest.raises(eval(row.theirs, NAMES)):
        meet_with_boto3(service, theirs, answer)
    happens(account.aws, monkeypatch)
    transport = answered(200, answer) if answer else None
    make = getattr(omics_tasks, f"{CLIENTS[service]}Client")
    with (
        pytest.raises(eval(row.ours, NAMES)),
        make(timeout=(0.3, 0.3), retries=ONCE, transport=transport) as client,
    ):
        ours(client)


@pytest.mark.usefixtures("account")
def test_a_proxy_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """An unreachable proxy is an EndpointConnectionError with the other error as its cause."""
    through("http://127.0.0.1:1", monkeypatch)
    with (
        pytest.raises(omics_tasks.EndpointConnectionError) as caught,
        omics_tasks.HealthOmicsClient(retries=ONCE) as client,
    ):
        client.get_run("1234567")
    assert omics_tasks.EndpointConnectionError is type(caught.value)
    assert issubclass(omics_tasks.ProxyConnectionError, omics_tasks.EndpointConnectionError)
