"""The httpx transport of the stand-in."""

from __future__ import annotations

import asyncio
import socket
from typing import Any

import httpx
import pytest

from omics_tasks import (
    AsyncHealthOmicsClient,
    HealthOmicsClient,
    NoCredentialsError,
    ResourceNotFoundException,
    SigV4Transport,
)
from omics_tasks.testing import LocalAWS

from ..asking import Ask, take
from .by_boto3 import IDS, fill


def test_it_needs_no_block_and_no_socket(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sync and async clients of each service work without a ``with`` block or a socket."""
    aws = LocalAWS()
    fill(aws)
    monkeypatch.setattr(socket.socket, "connect", None)
    monkeypatch.setattr(socket, "create_connection", None)
    options: dict[str, Any] = {**aws.client_options, "transport": aws.transport}
    assert "1234567" == ask(lambda client: client.get_run("1234567"), **options).id
    assert 1 == len(ask(lambda client: take(client.list_tasks()), "ECS", **options))
    assert IDS.task_id == ask(lambda client: client.get_task(*IDS), "Deadline", **options).task_id


def test_network_and_transport_share_the_state() -> None:
    """The network and the transport share resources and recorded requests."""
    with LocalAWS() as aws:
        run = aws.healthomics.add_run()
        with HealthOmicsClient(**aws.client_options) as near:
            over_network = near.get_run(run.id, export=["DEFINITION"])
        with HealthOmicsClient(**aws.client_options, transport=aws.transport) as nearer:
            assert run == over_network == nearer.get_run(run.id, export=["DEFINITION"])
        assert 2 == len(aws.requests)


def test_the_transport_checks_signatures() -> None:
    """A signature by another key is an error over the transport too."""
    aws = LocalAWS()
    options: Any = {**aws.client_options, "credentials": None, "transport": aws.transport}
    with HealthOmicsClient(**options) as nobody, pytest.raises(NoCredentialsError):
        nobody.get_run("7")
    with httpx.Client(transport=aws.transport) as http:
        answer = http.get("http://anywhere/run/7")
    assert (403, "MissingAuthenticationTokenException") == (
        answer.status_code,
        answer.headers["x-amzn-errortype"],
    )


def test_closing_a_client_leaves_it_open() -> None:
    """Several clients can use one transport in turn."""
    aws = LocalAWS()
    transport = aws.transport
    for _ in range(2):
        with (
            HealthOmicsClient(**aws.client_options, transport=transport) as omics,
            pytest.raises(ResourceNotFoundException),
        ):
            omics.get_run("7")


def test_any_host_is_answered() -> None:
    """The transport answers requests for AWS's own hosts."""
    aws = LocalAWS()
    run = aws.healthomics.add_run()
    credentials = aws.client_options["credentials"]
    with HealthOmicsClient(
        region="us-east-1", credentials=credentials, transport=aws.transport
    ) as omics:
        assert "https://workflows-omics.us-east-1.amazonaws.com" == omics.config.endpoint_url
        assert run.id == omics.get_run(run.id).id


def test_any_httpx_client_can_use_it() -> None:
    """An httpx client with a signing transport can use it."""
    aws = LocalAWS()
    run = aws.healthomics.add_run()
    signed = SigV4Transport(
        "omics",
        aws.region,
        credentials=aws.client_options["credentials"],
        transport=aws.transport,
    )
    with httpx.Client(transport=signed) as http:
        assert run.id == http.get(f"http://anywhere/run/{run.id}").json()["id"]


def test_latency_does_not_block_the_event_loop() -> None:
    """Ten delayed answers that are awaited together take the time of one."""
    aws = LocalAWS()
    run = aws.healthomics.add_run()
    aws.latency = 0.2

    async def ten() -> float:
        began = asyncio.get_running_loop().time()
        async with AsyncHealthOmicsClient(**aws.client_options, transport=aws.transport) as omics:
            await asyncio.gather(*(omics.get_run(run.id) for _ in range(10)))
        return asyncio.get_running_loop().time() - began

    assert 0.2 <= asyncio.run(ten()) < 2.0
