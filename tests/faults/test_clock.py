"""Clock skew is corrected, and expired credentials are refreshed, at most once per call."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import count
from typing import Any

import httpx
import pytest

from omics_tasks import AuthenticationException, Credentials, RetryPolicy

from ..asking import Ask, Script, ask_async, json_answer
from ..test_credentials import Refreshing, signed_with

QUICK = RetryPolicy(sleep=lambda _: None)


class Service:
    """Rejects signatures more than 5 minutes from its time, which is ``ahead`` of ours."""

    def __init__(self, ahead: timedelta, code: str = "InvalidSignatureException",
                 message: str = "Signature expired: ...", **headers: str) -> None:  # fmt: skip
        self.ahead = ahead
        self._code = code
        self._message = message
        self._headers = headers
        self.off: list[int] = []
        self.transport = httpx.MockTransport(self._answer)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        now = datetime.now(UTC) + self.ahead
        stamp = datetime.strptime(request.headers["x-amz-date"], "%Y%m%dT%H%M%S%z")
        off = abs((stamp - now).total_seconds())
        self.off.append(round(off / 60))
        headers = {"date": format_datetime(now, usegmt=True), **self._headers}
        if off > 300:
            headers["x-amzn-errortype"] = self._code
            return httpx.Response(403, headers=headers, json={"message": self._message})
        return httpx.Response(200, headers=headers, json={"id": "1"})


def twice(client: Any) -> Any:
    first = client.get_run("1")
    if not asyncio.iscoroutine(first):
        return [first, client.get_run("1")]

    async def both() -> list[Any]:
        return [await first, await client.get_run("1")]

    return both()


@pytest.mark.parametrize("minutes", [-600, -20, 20, 600, 60 * 24 * 365 * 40])
@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("InvalidSignatureException", "Signature expired: 20260102T030405Z is now earlier than"),
        ("SignatureDoesNotMatch", "Signature not yet current"),
        ("RequestTimeTooSkewed", "x"),
        ("RequestExpired", "x"),
        ("AccessDeniedException", "User is not authorized"),
    ],
)
def test_clock_skew_is_corrected(ask: Ask, minutes: int, code: str, message: str) -> None:
    """The next attempt, and later calls of the client, are signed with the service's time."""
    service = Service(timedelta(minutes=minutes), code, message)
    ask(twice, transport=service.transport, retries=QUICK)
    assert [abs(minutes), 0, 0] == service.off


def test_a_success_corrects_the_clock(ask: Ask) -> None:
    """A Date that differs by 4 minutes or more is used even after a success."""
    for minutes, expected in [(3.6, [4, 4]), (4.4, [4, 0]), (-4.4, [4, 0])]:
        service = Service(timedelta(minutes=minutes))
        ask(twice, transport=service.transport, retries=QUICK)
        assert expected == service.off


def test_a_correction_is_removed(ask: Ask) -> None:
    """The correction follows the service's Date back to zero."""
    service = Service(timedelta(minutes=20))

    def calls(client: Any) -> Any:
        answers = twice(client)
        if isinstance(answers, list):
            service.ahead = timedelta()
            return [*answers, *twice(client)]

        async def all_() -> None:
            await answers
            service.ahead = timedelta()
            await twice(client)

        return all_()

    ask(calls, transport=service.transport, retries=QUICK)
    assert [20, 0, 0, 20, 0, 0] == service.off


@pytest.mark.parametrize("headers", [{"age": "7"}, {"date": "yesterday"}, {"date": ""}])
def test_dates_that_are_not_used(ask: Ask, headers: dict[str, str]) -> None:
    """A cached response, or one without a valid Date, leads to no second attempt."""
    service = Service(timedelta(minutes=20), **headers)
    with pytest.raises(AuthenticationException) as caught:
        ask(lambda c: c.get_run("1"), transport=service.transport, retries=QUICK)
    assert (1, [20]) == (caught.value.attempts, service.off)


def test_a_wrong_secret_is_not_clock_skew(ask: Ask) -> None:
    """An invalid signature with a right clock leads to one attempt only."""
    now = format_datetime(datetime.now(UTC), usegmt=True)
    refused = httpx.Response(
        403, headers={"date": now, "x-amzn-errortype": "InvalidSignatureException"}, json={}
    )
    script = Script(refused)
    with pytest.raises(AuthenticationException):
        ask(lambda c: c.get_run("1"), transport=script.transport, retries=QUICK)
    assert 1 == len(script.requests)


def test_the_clock_is_corrected_once_per_call(ask: Ask) -> None:
    """A service that rejects every time gets two attempts."""
    now = format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)
    refused = httpx.Response(
        403, headers={"date": now, "x-amzn-errortype": "RequestTimeTooSkewed"}, json={}
    )
    script = Script(refused)
    with pytest.raises(AuthenticationException) as caught:
        ask(lambda c: c.get_run("1"), transport=script.transport, retries=QUICK)
    assert (2, 2) == (len(script.requests), caught.value.attempts)


def expired(status: int = 403, code: str = "ExpiredTokenException") -> httpx.Response:
    return httpx.Response(status, headers={"x-amzn-errortype": code}, json={})


@pytest.mark.parametrize("code", ["ExpiredTokenException", "ExpiredToken"])
def test_expired_credentials_are_refreshed(ask: Ask, code: str) -> None:
    """One more attempt is made with credentials that were refreshed early."""
    source = Refreshing().credentials(timedelta(hours=5))
    script = Script(expired(400, code), json_answer(taskArns=[]))
    assert [("NR1", "t"), ("NR2", "t")] == signed_with(ask, script, credentials=source)


def test_the_chain_is_searched_again(ask: Ask, tmp_path: Any) -> None:
    """Expired credentials of the default chain are looked up again in all its sources."""
    file = tmp_path / "credentials"
    text = "[default]\naws_access_key_id = {}\naws_secret_access_key = s\n"
    file.write_text(text.format("OLD"))
    requests: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        requests.append(request)
        file.write_text(text.format("NEW"))
        return json_answer(taskArns=[]) if len(requests) > 1 else expired()

    ask(
        lambda c: c.list_tasks().collect(), "ECS",
        credentials=None, transport=httpx.MockTransport(answer), retries=QUICK,
    )  # fmt: skip
    assert [True, True] == [
        key in request.headers["authorization"]
        for key, request in zip(("OLD", "NEW"), requests, strict=True)
    ]


@pytest.mark.parametrize("source", [Credentials("A", "s"), None])
def test_expired_credentials_make_exactly_one_more_attempt(ask: Ask, source: Any) -> None:
    """If the new credentials are rejected too, the call raises that error."""
    source = source or Refreshing().credentials(timedelta(hours=5))
    script = Script(expired())
    with pytest.raises(AuthenticationException) as caught:
        signed_with(ask, script, credentials=source)
    assert (2, 2) == (len(script.requests), caught.value.attempts)


def test_one_refresh_for_all_calls() -> None:
    """Calls with the same expired credentials refresh them once."""
    refreshing = Refreshing(seconds=0.05)
    source = refreshing.credentials(timedelta(hours=5))

    waits = (0.01 * n for n in count())

    async def answer(request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(next(waits))
        is_old = "Credential=NR1/" in request.headers["authorization"]
        return expired() if is_old else json_answer(id="1")

    async def many(client: Any) -> None:
        await asyncio.gather(*(client.get_run("1") for _ in range(20)))

    transport = httpx.MockTransport(answer)
    ask_async(many, credentials=source, transport=transport, retries=QUICK)
    assert 2 == refreshing.fetched
