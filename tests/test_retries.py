"""Retries: conditions, delays, number and quota."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest

from omics_tasks import (
    ConfigurationError,
    ConnectionClosedError,
    OmicsTasksError,
    RetryPolicy,
    ServiceError,
    ThrottlingException,
    TransportError,
)
from omics_tasks._core.retries import RetryQuota

from .asking import Ask, Script, ask_async, ask_sync, json_answer

OK = json_answer(id="1")


def answer(status: int, code: str = "", **headers: str) -> httpx.Response:
    return httpx.Response(
        status, headers={"x-amzn-errortype": code, **{k.replace("_", "-"): v
                         for k, v in headers.items()}}, json={},
    )  # fmt: skip


class Clock:
    """A clock that only ``sleep`` moves."""

    def __init__(self) -> None:
        self.now = 0.0
        self.delays: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.delays.append(seconds)
        self.now += seconds

    def policy(self, jitter: float = 1.0, **options: Any) -> RetryPolicy:
        return RetryPolicy(
            sleep=self.sleep, random=lambda: jitter, clock=lambda: self.now, **options
        )


def get_run(ask: Ask, script: Script, policy: RetryPolicy) -> Any:
    return ask(lambda c: c.get_run("1"), transport=script.transport, retries=policy)


@pytest.mark.parametrize(
    "failure",
    [
        *(answer(status) for status in (500, 502, 503, 504, 429)),
        answer(400, "RequestTimeout"),
        answer(408, "RequestTimeoutException"),
        answer(400, "PriorRequestNotComplete"),
        answer(400, "ThrottlingException"),
        answer(400, "SlowDown"),
        httpx.ConnectError("refused"),
        httpx.ConnectTimeout("slow"),
        httpx.ReadTimeout("slow"),
        httpx.ReadError("reset"),
        httpx.RemoteProtocolError("closed"),
        httpx.ProxyError("no"),
        httpx.Response(200, content=b'{"id": "1'),
    ],
    ids=lambda f: f"{getattr(f, 'status_code', '')}{type(f).__name__}",
)
def test_transient_failures_are_retried(ask: Ask, failure: Any) -> None:
    """A transient failure is retried until the call succeeds."""
    script, clock = Script(failure, failure, OK), Clock()
    assert "1" == get_run(ask, script, clock.policy()).id
    assert (3, 2) == (len(script.requests), len(clock.delays))


@pytest.mark.parametrize(
    "failure",
    [
        *(answer(status) for status in (400, 401, 402, 403, 404, 409, 413, 501)),
        answer(403, "InvalidSignatureException"),
        answer(400, "ValidationException"),
        httpx.Response(200, content=b"<html>"),
        httpx.Response(200, json={}),
        httpx.Response(302),
    ],
    ids=lambda f: f"{getattr(f, 'status_code', '')}{type(f).__name__}",
)
def test_permanent_failures_are_not_retried(ask: Ask, failure: Any) -> None:
    """Other errors and invalid answers are raised after one attempt."""
    script, clock = Script(failure), Clock()
    with pytest.raises(OmicsTasksError) as caught:
        get_run(ask, script, clock.policy())
    assert (1, 1, []) == (len(script.requests), caught.value.attempts, clock.delays)


@pytest.mark.parametrize(
    ("failure", "delays"),
    [
        (answer(500), [0.05, 0.1, 0.2, 0.4]),
        (answer(400, "ThrottlingException"), [1.0, 2.0, 4.0, 8.0]),
        (httpx.ReadError("reset"), [0.05, 0.1, 0.2, 0.4]),
        (answer(503, x_amz_retry_after="3000"), [3.0, 3.0, 3.0, 3.0]),
        (answer(503, x_amz_retry_after="60000"), [5.05, 5.1, 5.2, 5.4]),
        (answer(503, x_amz_retry_after="0"), [0.05, 0.1, 0.2, 0.4]),
        (answer(429, retry_after="3"), [3.0, 3.0, 4.0, 8.0]),
        (answer(429, retry_after="3600"), [20.0, 20.0, 20.0, 20.0]),
    ],
)
def test_the_delay_is_exact(ask: Ask, failure: Any, delays: list[float]) -> None:
    """Delays double from the failure's scale, and respect Retry-After within limits."""
    clock = Clock()
    with pytest.raises(OmicsTasksError):
        get_run(ask, Script(failure), clock.policy(max_attempts=5))
    assert pytest.approx(delays) == clock.delays


def test_the_delay_is_jittered_and_bounded(ask: Ask) -> None:
    """``random`` scales the delay after ``max_delay`` has limited it."""
    clock = Clock()
    with pytest.raises(ThrottlingException):
        get_run(ask, Script(answer(429)), clock.policy(0.5, max_attempts=5, max_delay=3.0))
    assert [0.5, 1.0, 1.5, 1.5] == clock.delays


def test_the_attempts_are_counted_and_numbered(ask: Ask) -> None:
    """The error has the number of attempts; requests have their number and one call id."""
    script = Script(answer(500))
    with pytest.raises(ServiceError, match="attempts: 3") as caught:
        get_run(ask, script, Clock().policy())
    assert 3 == caught.value.attempts
    assert [f"attempt={n}; max=3" for n in (1, 2, 3)] == [
        request.headers["amz-sdk-request"] for request in script.requests
    ]
    assert 1 == len({request.headers["amz-sdk-invocation-id"] for request in script.requests})


def test_a_transport_error_names_the_call(ask: Ask) -> None:
    """A network error has the operation, the endpoint and the number of attempts."""
    with pytest.raises(ConnectionClosedError) as caught:
        get_run(ask, Script(httpx.ReadError("reset")), Clock().policy())
    assert ("omics", "GetRun", 3) == (
        caught.value.service,
        caught.value.operation,
        caught.value.attempts,
    )
    assert re.fullmatch(
        r"omics GetRun: no complete response from "
        r"https://workflows-omics\.us-east-1\.amazonaws\.com: reset \(attempts: 3\)",
        str(caught.value),
    )
    assert isinstance(caught.value.__cause__, httpx.ReadError)


def test_total_timeout_ends_retrying(ask: Ask) -> None:
    """No delay is started that would exceed the call's total timeout."""
    script, clock = Script(answer(429)), Clock()
    with pytest.raises(ThrottlingException) as caught:
        get_run(ask, script, clock.policy(max_attempts=9, total_timeout=7.5))
    assert ([1.0, 2.0, 4.0], 4) == (clock.delays, caught.value.attempts)


def test_total_timeout_bounds_each_attempt(ask: Ask) -> None:
    """An attempt's timeouts are limited to the remaining time of the call."""
    answers, seen = iter((answer(429), answer(429), OK)), list[Any]()

    def service(request: httpx.Request) -> httpx.Response:
        seen.append(dict(request.extensions["timeout"]))
        return next(answers)

    policy = Clock().policy(total_timeout=10.0)
    ask(lambda c: c.get_run("1"), transport=httpx.MockTransport(service), retries=policy)
    phases = ("connect", "pool", "read", "write")
    assert [dict.fromkeys(phases, left) for left in (10, 9, 7)] == seen


def test_each_attempt_is_signed_again(ask: Ask) -> None:
    """Each attempt has its own signature."""
    times = iter(range(1, 9))

    class Changing:
        secret_key, token = "s", None

        @property
        def access_key(self) -> str:
            return f"AKID{next(times)}"

    script = Script(answer(500), answer(500), OK)
    ask(
        lambda c: c.get_run("1"),
        transport=script.transport, retries=Clock().policy(), credentials=Changing(),
    )  # fmt: skip
    assert ["AKID1", "AKID2", "AKID3"] == [
        re.search(r"Credential=(\w+)/", request.headers["authorization"])[1]  # type: ignore[index]  # pyright: ignore[reportOptionalSubscript]  # no match is a red test
        for request in script.requests
    ]


def test_the_quota_ends_retrying(ask: Ask) -> None:
    """A retry costs 14 of 500 tokens, 5 if throttled; without tokens there is no retry."""
    script, clock = Script(answer(500)), Clock()
    with pytest.raises(ServiceError) as caught:
        get_run(ask, script, clock.policy(max_attempts=99))
    assert 1 + 500 // 14 == caught.value.attempts
    script, clock = Script(answer(429)), Clock()
    with pytest.raises(ServiceError) as caught:
        get_run(ask, script, clock.policy(max_attempts=199))
    assert 1 + 500 // 5 == caught.value.attempts


def test_the_quota_is_shared_and_refilled(ask: Ask) -> None:
    """Calls share the client's quota; a success returns its last retry's cost, or 1."""
    script = Script(answer(500), answer(500), OK, OK, OK)
    left: list[int] = []

    def calls(client: Any) -> Any:
        return _in_turn(client, left)

    ask(calls, transport=script.transport, retries=Clock().policy())
    assert [500 - 14, 500 - 13, 500 - 12] == left


def _in_turn(client: Any, left: list[int]) -> Any:
    answers = (client.get_run("1") for _ in range(3))
    if "Async" not in type(client).__name__:
        for _ in answers:
            left.append(client._retrier.quota.left)  # noqa: SLF001, PERF401 - no other view on it
        return None

    async def turns() -> None:
        for answer in answers:
            await answer
            left.append(client._retrier.quota.left)  # noqa: SLF001 - as above

    return turns()


def test_the_quota_never_grows_past_its_size() -> None:
    """Successes don't raise the quota above its size."""
    quota = RetryQuota()
    quota.give_back(1)
    assert 500 == quota.left


def test_an_awaitable_sleep_is_awaited() -> None:
    """Async clients accept a plain function or a coroutine function as ``sleep``."""
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    policy = RetryPolicy(sleep=sleep, random=lambda: 1.0)
    get_run(ask_async, Script(answer(500), OK), policy)
    assert [0.05] == slept


@pytest.mark.parametrize(
    "options",
    [
        {"max_attempts": 0},
        {"max_attempts": "3"},
        {"max_attempts": 2.5},
        {"max_attempts": True},
        {"max_delay": -1.0},
        {"max_delay": float("nan")},
        {"max_delay": "1"},
        {"total_timeout": 0.0},
        {"total_timeout": True},
    ],
)
def test_invalid_policies(options: dict[str, Any]) -> None:
    """Numbers out of range are a ConfigurationError with the argument's name."""
    with pytest.raises(ConfigurationError, match=next(iter(options))):
        RetryPolicy(**options)


def test_a_programming_error_is_not_swallowed() -> None:
    """Other exceptions propagate and aren't retried."""

    def broken(request: httpx.Request) -> httpx.Response:
        raise ZeroDivisionError(request.method)

    with pytest.raises(ZeroDivisionError):
        ask_sync(lambda c: c.get_run("1"), transport=httpx.MockTransport(broken))


def test_transport_errors_are_ours() -> None:
    """No httpx exception leaves the library."""
    for error in (httpx.ReadError("x"), httpx.DecodingError("x"), httpx.TooManyRedirects("x")):
        policy = RetryPolicy(max_attempts=1)
        with pytest.raises(TransportError):
            get_run(ask_sync, Script(error), policy)
