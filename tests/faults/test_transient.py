"""Transient faults cost time only, and within the timeouts."""

from __future__ import annotations

import random
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from omics_tasks import (
    ConnectTimeoutError,
    OmicsTasksError,
    ReadTimeoutError,
    RetryPolicy,
    ThrottlingException,
)

from ..asking import Ask, Script, ask_async, json_answer
from ..test_retries import Clock
from .server import CLOSE, RESET, Plan, RawServer, http

PAGE = 100


class Faulty:
    """Lists ``count`` tasks in pages of 100, and makes 30 % of the responses fail."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._random = random.Random(7)
        self.spoilt = 0

    def plan(self, number: int, request: bytes) -> Plan:
        del number
        target = request.split(b" ", 2)[1].decode()
        start = int(parse_qs(urlsplit(target).query).get("startingToken", ["0"])[0])
        items = [{"taskId": str(n)} for n in range(start, min(start + PAGE, self._count))]
        more = {"nextToken": str(start + PAGE)} if start + PAGE < self._count else {}
        whole = http(200, {"items": items, **more})
        if self._random.random() >= 0.3:
            return [whole]
        self.spoilt += 1
        half = whole[: len(whole) // 2]
        return self._random.choice(
            [
                [RESET],
                [half, CLOSE],
                [half, RESET],
                [b"HTTP/1.1 200 OK\r\n\r\n" + half.split(b"\r\n\r\n")[1], CLOSE],
                [http(429, {}, x_amzn_errortype="ThrottlingException")],
                [http(503, b"<html>busy</html>")],
                [http(500, {"message": "x"}, x_amzn_errortype="InternalServerException")],
            ]
        )


def test_a_listing_over_faults_is_whole(ask: Ask) -> None:
    """With 30 % failing requests, 5,000 tasks are listed exactly once each, in order."""
    faulty = Faulty(5000)
    policy = RetryPolicy(max_attempts=12, sleep=lambda _: None)
    with RawServer(faulty.plan) as server:
        tasks = ask(
            lambda c: c.list_run_tasks("1").collect(), endpoint_url=server.url, retries=policy
        )
    assert [str(n) for n in range(5000)] == [task.task_id for task in tasks]
    assert faulty.spoilt == len(server.requests) - 50
    assert faulty.spoilt > 10


def test_retry_after_may_be_a_date(ask: Ask) -> None:
    """A Retry-After date is compared with the response's own Date."""
    now = datetime(2026, 1, 2, 12, tzinfo=UTC)
    busy = httpx.Response(
        429,
        headers={
            "date": format_datetime(now, usegmt=True),
            "retry-after": format_datetime(now + timedelta(seconds=9), usegmt=True),
        },
    )
    clock = Clock()
    script = Script(busy, json_answer(id="1"))
    ask(lambda c: c.get_run("1"), transport=script.transport, retries=clock.policy())
    assert [9.0] == clock.delays


GZIP = b"\x1f\x8b\x08\0\0\0\0\0\0\xff"


def timed(
    ask: Ask, plan: Any, policy: RetryPolicy, **options: Any
) -> tuple[OmicsTasksError, float]:
    with RawServer(plan) as server:
        began = time.monotonic()
        with pytest.raises(OmicsTasksError) as caught:
            ask(lambda c: c.get_run("1"), endpoint_url=server.url, retries=policy, **options)
        return caught.value, time.monotonic() - began


@pytest.mark.parametrize(
    "steps",
    [
        [30.0],
        [b"HTTP/1.1 200 OK\r\n", 30.0],
        [b"HTTP/1.1 200 OK\r\ncontent-length: 999\r\n\r\n", *[b"x", 0.05] * 600],
        [
            b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\n\r\n",
            GZIP,
            *[b"\0\0\0\xff\xff", 0.05] * 600,
        ],
    ],
    ids=["silent", "half a head", "slow bytes", "gzip without a byte in it"],
)
def test_total_timeout_bounds_the_call(ask: Ask, steps: list[Any]) -> None:
    """A call ends at its timeout if the server is silent or slow."""
    policy = RetryPolicy(max_attempts=1, total_timeout=0.5)
    error, seconds = timed(ask, lambda *_: steps, policy)
    assert ReadTimeoutError is type(error)
    assert 0.4 < seconds < 2.0


def test_slow_headers_end_an_async_call_exactly() -> None:
    """Headers that arrive byte by byte don't extend an async call beyond its timeout."""
    steps = [b"HTTP/1.1 200 OK\r\nx: ", *[b"y", 0.05] * 60]
    policy = RetryPolicy(max_attempts=1, total_timeout=0.5)
    error, seconds = timed(ask_async, lambda *_: steps, policy)
    assert ReadTimeoutError is type(error)
    assert 0.4 < seconds < 2.0


def test_a_timeout_in_seconds_bounds_an_attempt(ask: Ask) -> None:
    """``timeout=0.5`` ends an attempt with slow bytes; a pair of timeouts doesn't."""
    drip = [b"HTTP/1.1 200 OK\r\ncontent-length: 20\r\n\r\n", *[b" ", 0.05] * 20, CLOSE]
    error, seconds = timed(ask, lambda *_: drip, RetryPolicy(max_attempts=1), timeout=0.5)
    assert ReadTimeoutError is type(error)
    assert 0.4 < seconds < 0.95
    error, seconds = timed(ask, lambda *_: drip, RetryPolicy(max_attempts=1), timeout=(0.5, 0.5))
    assert ReadTimeoutError is not type(error)
    assert seconds > 0.95


def test_a_read_timeout_is_per_attempt(ask: Ask) -> None:
    """An attempt that exceeds ``timeout`` ends and is retried."""
    policy = RetryPolicy(sleep=lambda _: None)
    error, seconds = timed(ask, lambda *_: [30.0], policy, timeout=0.2)
    assert (ReadTimeoutError, 3) == (type(error), error.attempts)
    assert 0.5 < seconds < 3.0


def test_waiting_for_a_connection_is_bounded_too(ask: Ask) -> None:
    """A call doesn't wait for a free connection beyond its timeout."""

    def full(request: httpx.Request) -> httpx.Response:
        raise httpx.PoolTimeout("full", request=request)

    policy = Clock().policy(max_attempts=2, total_timeout=9.0)
    with pytest.raises(ConnectTimeoutError, match="no connection in time to"):
        ask(lambda c: c.get_run("1"), transport=httpx.MockTransport(full), retries=policy)


def test_a_delay_beyond_the_timeout_is_not_started(ask: Ask) -> None:
    """A call whose next delay exceeds its timeout raises the service's error at once."""
    clock = Clock()
    with pytest.raises(ThrottlingException):
        ask(
            lambda c: c.get_run("1"),
            transport=Script(json_answer(429)).transport,
            retries=clock.policy(total_timeout=0.5),
        )
    assert [] == clock.delays
