"""respx and httpx.MockTransport, with the sync and the async clients: see docs/guide/testing.md."""

from __future__ import annotations

import asyncio

import httpx
import pytest
import respx

from omics_tasks import (
    AsyncHealthOmicsClient,
    ConnectTimeoutError,
    Credentials,
    HealthOmicsClient,
    ReadTimeoutError,
    ResourceNotFoundException,
    RetryPolicy,
    ThrottlingException,
)
from omics_tasks.testing import LocalAWS

REGION = "us-east-1"
KEYS = Credentials("AKIDEXAMPLE", "secret")
RUN = "https://workflows-omics.us-east-1.amazonaws.com/run/7"
TASKS = f"{RUN}/task"


@respx.mock
def test_respx_with_a_sync_client() -> None:
    """A respx route answers a sync client with an httpx transport and sees its signature."""
    route = respx.get(RUN).respond(json={"id": "7", "status": "FAILED"})
    with HealthOmicsClient(
        region=REGION, credentials=KEYS, transport=httpx.HTTPTransport()
    ) as omics:
        assert "FAILED" == omics.get_run("7").status
    assert "AWS4-HMAC-SHA256" in route.calls.last.request.headers["Authorization"]


@respx.mock
def test_respx_with_a_default_sync_client() -> None:
    """respx mocks httpcore, so a sync client needs no transport, and its errors are translated."""
    respx.get(RUN).mock(
        side_effect=[httpx.ConnectTimeout("slow"), httpx.Response(200, json={"id": "7"})]
    )
    with HealthOmicsClient(
        region=REGION, credentials=KEYS, retries=RetryPolicy(max_attempts=1)
    ) as omics:
        with pytest.raises(ConnectTimeoutError, match="slow"):
            omics.get_run("7")
        assert "7" == omics.get_run("7").id


@respx.mock
def test_respx_with_an_async_client() -> None:
    """A respx route answers an async client with an httpx transport."""
    respx.get(RUN).respond(json={"id": "7", "status": "FAILED"})

    async def status() -> str | None:
        async with AsyncHealthOmicsClient(
            region=REGION, credentials=KEYS, transport=httpx.AsyncHTTPTransport()
        ) as omics:
            return (await omics.get_run("7")).status

    assert "FAILED" == asyncio.run(status())


@respx.mock
def test_respx_pages() -> None:
    """respx routes distinguish pages by their query."""
    respx.get(TASKS, params={"startingToken": "next"}).respond(json={"items": [{"taskId": "2"}]})
    respx.get(TASKS).respond(json={"items": [{"taskId": "1"}], "nextToken": "next"})
    with HealthOmicsClient(
        region=REGION, credentials=KEYS, transport=httpx.HTTPTransport()
    ) as omics:
        assert ["1", "2"] == [task.task_id for task in omics.list_run_tasks("7")]


@respx.mock
def test_respx_errors() -> None:
    """An error status and header raise the service's error, and httpx errors the library's own."""
    respx.get(RUN).respond(
        404, headers={"x-amzn-ErrorType": "ResourceNotFoundException"}, json={"message": "no"}
    )
    respx.get(TASKS).mock(side_effect=httpx.ReadTimeout)
    with HealthOmicsClient(
        region=REGION, credentials=KEYS, transport=httpx.HTTPTransport()
    ) as omics:
        with pytest.raises(ResourceNotFoundException):
            omics.get_run("7")
        with pytest.raises(ReadTimeoutError):
            omics.list_run_tasks("7").collect()


@respx.mock
def test_the_stand_in_behind_respx() -> None:
    """respx answers some routes, and the stand-in the others at AWS's own hosts."""
    aws = LocalAWS()
    aws.healthomics.add_run(id="7")
    respx.get(TASKS).respond(429, headers={"x-amzn-ErrorType": "ThrottlingException"})
    respx.route().mock(side_effect=aws.transport.handle_request)
    with HealthOmicsClient(
        region=aws.region,
        credentials=aws.client_options["credentials"],
        transport=httpx.HTTPTransport(),
    ) as omics:
        assert "7" == omics.get_run("7").id
        with pytest.raises(ThrottlingException):
            omics.list_run_tasks("7").collect()


def answer(request: httpx.Request) -> httpx.Response:
    return httpx.Response(200, json={"id": request.url.path.rpartition("/")[2]})


def test_mock_transport_with_a_sync_client() -> None:
    """A function answers a sync client without another library."""
    with HealthOmicsClient(
        region=REGION, credentials=KEYS, transport=httpx.MockTransport(answer)
    ) as omics:
        assert "7" == omics.get_run("7").id


def test_mock_transport_with_an_async_client() -> None:
    """The same MockTransport answers an async client."""

    async def run_id() -> str | None:
        async with AsyncHealthOmicsClient(
            region=REGION, credentials=KEYS, transport=httpx.MockTransport(answer)
        ) as omics:
            return (await omics.get_run("7")).id

    assert "7" == asyncio.run(run_id())
