"""Recovery from expired credentials or clock skew costs no attempt and no retry quota."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Lock
from typing import Any

import httpx
import pytest

from omics_tasks import AccessDeniedException, Credentials, RetryPolicy, ServiceError

from ..asking import Ask, Script, json_answer
from ..test_credentials import Refreshing
from .test_clock import Service, expired

ONCE = RetryPolicy(max_attempts=1, sleep=lambda _: None)
MANY = 100


class Expiring:
    """A service that rejects the first key for good once all calls were signed with it."""

    def __init__(self) -> None:
        self.refused = 0
        self._lock = Lock()
        self.transport = httpx.MockTransport(self._answer)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        with self._lock:
            is_old = "Credential=NR1/" in request.headers["authorization"]
            self.refused += is_old
        return expired() if is_old else json_answer(id="1")


def at_once(client: Any) -> Any:
    """Make concurrent calls. Return the number of successes and the remaining quota."""
    if hasattr(client, "aclose"):

        async def all_() -> tuple[int, int]:
            answers = await asyncio.gather(*(client.get_run("1") for _ in range(MANY)))
            return len(answers), quota(client)

        return all_()
    with ThreadPoolExecutor(MANY) as threads:
        answers = list(threads.map(lambda _: client.get_run("1"), range(MANY)))
    return len(answers), quota(client)


def quota(client: Any) -> int:
    left: int = client._retrier.quota.left  # noqa: SLF001 - there is no other view on it
    return left


def test_concurrent_calls_share_a_refresh(ask: Ask) -> None:
    """100 concurrent calls with expired credentials all succeed after one refresh."""
    service, refreshing = Expiring(), Refreshing(seconds=0.05)
    source = refreshing.credentials(timedelta(hours=5))
    got = ask(at_once, credentials=source, transport=service.transport, retries=ONCE)
    assert ((MANY, 500), 2) == (got, refreshing.fetched)
    assert 0 < service.refused <= MANY


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("RequestTimeTooSkewed", "x"),
        ("InvalidSignatureException", "does not match"),
        ("AccessDeniedException", "not authorized"),
    ],
)
def test_concurrent_calls_share_a_clock_correction(ask: Ask, code: str, message: str) -> None:
    """Calls that were signed before the correction by another one recover too."""
    service = Service(timedelta(minutes=-20), code, message)
    assert (MANY, 500) == ask(at_once, transport=service.transport, retries=ONCE)
    assert {0, 20} == set(service.off)


def test_a_single_attempt_recovers(ask: Ask) -> None:
    """``max_attempts=1`` turns retries off; expired credentials are refreshed nevertheless."""
    script = Script(expired(), json_answer(id="1"))
    source = Refreshing().credentials(timedelta(hours=5))
    run = ask(
        lambda c: c.get_run("1"), credentials=source, transport=script.transport, retries=ONCE
    )
    assert ("1", 2) == (run.id, len(script.requests))


def test_each_cause_is_recovered_from_once_a_call(ask: Ask) -> None:
    """Both credentials and clock may be wrong; a second rejection is an error."""
    late = Service(timedelta(minutes=20), "RequestTimeTooSkewed")
    answers: list[Callable[[httpx.Request], httpx.Response]] = [
        lambda _: expired(), late._answer, lambda _: expired()]  # noqa: SLF001 - a test's own  # fmt: skip
    requests: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        return answers[len(requests) - 1](request)

    with pytest.raises(ServiceError, match="ExpiredToken") as caught:
        ask(
            lambda c: c.get_run("1"),
            credentials=Refreshing().credentials(timedelta(hours=5)),
            transport=httpx.MockTransport(answer),
            retries=ONCE,
        )
    assert (3, 3) == (len(requests), caught.value.attempts)


def test_access_denied_with_a_right_clock(ask: Ask) -> None:
    """AccessDeniedException is final if the service's time equals this machine's."""
    denied = httpx.Response(403, headers={"x-amzn-errortype": "AccessDeniedException"}, json={})
    script = Script(denied)
    with pytest.raises(AccessDeniedException):
        ask(lambda c: c.get_run("1"), transport=script.transport, credentials=Credentials("A", "s"))
    assert 1 == len(script.requests)
