"""Invalid ``transport`` and ``sleep`` arguments are errors when they are given."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Any
from unittest.mock import AsyncMock, Mock

import httpx
import httpx_aiohttp
import pytest

from omics_tasks import (
    AsyncDeadlineClient,
    AsyncECSClient,
    AsyncHealthOmicsClient,
    AsyncSigV4Transport,
    ConfigurationError,
    DeadlineClient,
    ECSClient,
    HealthOmicsClient,
    RetryPolicy,
    SigV4Transport,
)
from omics_tasks.testing import LocalAWS

from .asking import CREDENTIALS, Ask, Script, ask_async, ask_sync, json_answer
from .client_factory import configuration_error


def answer(request: httpx.Request) -> httpx.Response:
    return httpx.Response(200, request=request)


def application(*_: object) -> list[bytes]:
    return []


async def async_application(*_: object) -> None:
    pass


class Duck:
    """Has the methods of a transport, and isn't one."""

    handle_request = staticmethod(answer)
    handle_async_request = staticmethod(answer)


def client(cls: Any) -> Any:
    return partial(cls, region="us-east-1", credentials=CREDENTIALS)


def signer(cls: Any) -> Any:
    return partial(cls, "omics", "us-east-1", credentials=CREDENTIALS)


SYNC = [
    client(HealthOmicsClient),
    client(ECSClient),
    client(DeadlineClient),
    signer(SigV4Transport),
]
ASYNC = [
    client(AsyncHealthOmicsClient), client(AsyncECSClient), client(AsyncDeadlineClient),
    signer(AsyncSigV4Transport),
]  # fmt: skip


def name_of(given: Any) -> str:
    return str(getattr(given, "func", given).__name__)


HTTPX2 = type("HTTPTransport", (), {"__module__": "httpx2"})
NEITHER: list[tuple[Callable[[], object], str]] = [
    (Duck, "not tests.test_transports.Duck: that is none"),
    (HTTPX2, "not httpx2.HTTPTransport: that is none"),
    (Mock, "not unittest.mock.Mock: that is none"),
    (lambda: "http://proxy:1", "not builtins.str: that is none"),
    (lambda: False, "not builtins.bool: that is none"),
    (lambda: httpx.MockTransport, "not the class httpx.MockTransport: make an object of it"),
    (httpx.Client, "not httpx.Client: that is a client, which has a transport of its own"),
    (httpx.AsyncClient, "not httpx.AsyncClient: that is a client, which has a transport"),
]


@pytest.mark.parametrize("make", SYNC, ids=name_of)
@pytest.mark.parametrize(
    ("given", "expected"),
    [
        *NEITHER,
        (httpx.AsyncHTTPTransport, "not httpx.AsyncHTTPTransport: that is an async one"),
        (httpx_aiohttp.AiohttpTransport, "AiohttpTransport: that is an async one"),
        (ASYNC[-1], "AsyncSigV4Transport: that is an async one"),
    ],
)
def test_invalid_transports_of_a_sync_client(
    make: Any, given: Callable[[], object], expected: str
) -> None:
    """Anything but a sync httpx transport is an error that names both types."""
    message = configuration_error(make, transport=given())
    assert "transport= must be a sync httpx transport" in message
    assert "httpx.BaseTransport" in message
    assert expected in message


@pytest.mark.parametrize("make", ASYNC, ids=name_of)
@pytest.mark.parametrize(
    ("given", "expected"),
    [
        *NEITHER,
        (httpx.HTTPTransport, "not httpx.HTTPTransport: that is a sync one"),
        (SYNC[-1], "SigV4Transport: that is a sync one"),
    ],
)
def test_invalid_transports_of_an_async_client(
    make: Any, given: Callable[[], object], expected: str
) -> None:
    """Anything but an async httpx transport is an error that names both types."""
    message = configuration_error(make, transport=given())
    assert "transport= must be an async httpx transport" in message
    assert "httpx.AsyncBaseTransport" in message
    assert expected in message


def test_valid_transports() -> None:
    """httpx's and other transports of the right kind, or of both, are accepted."""
    with LocalAWS() as aws:
        both = [httpx.MockTransport(answer), aws.transport]
        for make in SYNC:
            for transport in (
                *both, httpx.HTTPTransport(), httpx.WSGITransport(application), SYNC[-1](),
            ):  # fmt: skip
                make(transport=transport)
        for make in ASYNC:
            for async_transport in (
                *both, httpx.AsyncHTTPTransport(), httpx.ASGITransport(async_application),
                httpx_aiohttp.AiohttpTransport(), ASYNC[-1](),
            ):  # fmt: skip
                make(transport=async_transport)


class Sleeper:
    """An object whose call is a coroutine."""

    async def __call__(self, seconds: float) -> None:
        await asyncio.sleep(seconds)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


COROUTINES = [
    asyncio.sleep,
    partial(asyncio.sleep, result=None),
    partial(partial(asyncio.sleep), result=None),
    Sleeper(),
    partial(Sleeper()),
    Sleeper().sleep,
    AsyncMock(),
]


@pytest.mark.parametrize("sleep", COROUTINES, ids=lambda sleep: type(sleep).__name__)
def test_a_sync_client_cannot_await_its_sleep(sleep: Any) -> None:
    """A coroutine function as ``sleep`` is an error for sync clients and valid for async ones."""
    policy = RetryPolicy(sleep=sleep, random=lambda: 0.0)
    assert "time.sleep" in configuration_error(client(ECSClient), retries=policy)
    script = Script(httpx.Response(500), json_answer(id="1"))
    assert "1" == ask_async(lambda c: c.get_run("1"), transport=script.transport, retries=policy).id


QUESTIONS: dict[str, Callable[[Any], Any]] = {
    "a call": lambda c: c.get_run("1"),
    "a wait": lambda c: c.wait_for_run("1"),
}


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_sleep_that_returns_an_awaitable(question: str) -> None:
    """A function that returns an awaitable is an error at its first use in a sync client."""
    answers = {"a call": httpx.Response(500), "a wait": json_answer(id="1", status="RUNNING")}
    script = Script(answers[question])
    with pytest.raises(ConfigurationError, match=r"time\.sleep"):
        ask_sync(
            QUESTIONS[question],
            transport=script.transport,
            retries=RetryPolicy(sleep=lambda seconds: asyncio.sleep(seconds / 1000)),
        )
    assert 1 == len(script.requests)


def test_the_result_of_sleep_is_ignored(ask: Ask) -> None:
    """The return value of a plain ``sleep`` function is ignored."""
    script = Script(httpx.Response(500), json_answer(id="1"))
    policy = RetryPolicy(sleep=lambda _: False)  # type: ignore[arg-type,return-value] # as Event.wait
    assert "1" == ask(lambda c: c.get_run("1"), transport=script.transport, retries=policy).id
