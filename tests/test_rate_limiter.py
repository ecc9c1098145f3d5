"""A client's rate limit, shared by all its calls."""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import Callable
from functools import partial
from typing import Any

import httpx
import pytest

from omics_tasks import (
    AsyncECSClient,
    AsyncHealthOmicsClient,
    ConfigurationError,
    DeadlineClient,
    ECSClient,
    HealthOmicsClient,
    InternalServerException,
    RateLimit,
    ReadTimeoutError,
    ResourceNotFoundException,
    RetryPolicy,
    ThrottlingException,
)
from omics_tasks._core.rate_limiter import RateLimiter

from .asking import OPTIONS, Ask, Script, json_answer, settled
from .test_retries import Clock

OK = json_answer(id="1")


def calls(count: int, call: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Return a function that makes sequential calls, awaited if async."""

    def question(client: Any) -> Any:
        first = call(client)
        if not asyncio.iscoroutine(first):
            return [first, *(call(client) for _ in range(count - 1))]

        async def going() -> list[Any]:
            return [await first, *[await call(client) for _ in range(count - 1)]]

        return going()

    return question


def delay(limiter: RateLimiter) -> float:
    """Reserve a slot for a new request and return its delay."""
    slot = limiter.reserve("x")
    return 0.0 if slot is None else slot.delay


def get_run(client: Any) -> Any:
    return client.get_run("1")


def get_task(client: Any) -> Any:
    return client.get_run_task("1", "2")


def test_the_burst_and_then_the_rate(ask: Ask) -> None:
    """A burst is sent at once, and later requests wait for their slots."""
    clock, script = Clock(), Script(OK)
    ask(
        calls(6, get_run),
        transport=script.transport,
        retries=clock.policy(),
        rate_limit=RateLimit(per_second=4, burst=3),
    )
    assert [0.25, 0.25, 0.25] == clock.delays
    assert 6 == len(script.requests)


def test_retries_count_too(ask: Ask) -> None:
    """Each attempt waits for its slot in addition to its own delay."""
    clock, script = Clock(), Script(json_answer(500), json_answer(500), OK)
    ask(
        get_run,
        transport=script.transport,
        retries=clock.policy(jitter=0.0),
        rate_limit=RateLimit(per_second=2, burst=1),
    )
    assert [0.0, 0.5, 0.0, 0.5] == clock.delays


def test_a_pause_earns_a_burst_and_no_more() -> None:
    """After a pause of any length, at most the burst is sent at once."""
    clock = Clock()
    limiter = RateLimiter(RateLimit(per_second=1, burst=2), lambda: clock.now)
    limiter.reserve("x")
    clock.now += 10**6
    assert [0.0, 0.0, 1.0, 2.0] == [delay(limiter) for _ in range(4)]


def test_throttling_ends_the_burst(ask: Ask) -> None:
    """After throttling, the rest of the burst is no longer sent at once."""
    clock = Clock()
    script = Script(json_answer(429, code="ThrottlingException"), OK)
    ask(
        calls(3, get_run),
        transport=script.transport,
        retries=clock.policy(jitter=0.0),
        rate_limit=RateLimit(per_second=2, burst=100),
    )
    assert [0.0, 0.5, 0.5, 0.5] == clock.delays


def test_no_limit(ask: Ask) -> None:
    """``rate_limit=None`` turns the limit off."""
    clock, script = Clock(), Script(OK)
    ask(calls(500, get_run), transport=script.transport, retries=clock.policy(), rate_limit=None)
    assert [] == clock.delays


def made(cls: type[Any]) -> Any:
    client = cls(**{name: value for name, value in OPTIONS.items() if name != "rate_limit"})
    client.close()
    return client


@pytest.mark.parametrize(
    ("cls", "limit"),
    [
        (HealthOmicsClient, RateLimit(per_second=10, burst=10)),
        (ECSClient, RateLimit(per_second=20, burst=100)),
        (DeadlineClient, None),
    ],
)
def test_the_default_is_the_published_rate(cls: type[Any], limit: RateLimit | None) -> None:
    """By default a client keeps to the documented rate of its service."""
    assert limit == made(cls).config.rate_limit


def test_operations_of_healthomics_are_counted_apart(ask: Ask) -> None:
    """HealthOmics has a separate rate for each operation."""
    clock, script = Clock(), Script(json_answer(id="1", taskId="2"))
    options: dict[str, Any] = {
        "transport": script.transport,
        "retries": clock.policy(),
        "rate_limit": RateLimit(per_second=1, burst=1),
    }

    def both(client: Any) -> Any:
        first, second = get_run(client), get_task(client)
        return asyncio.gather(first, second) if asyncio.iscoroutine(first) else (first, second)

    ask(both, **options)
    assert [] == clock.delays


def test_operations_of_ecs_are_counted_together() -> None:
    """ECS has one bucket for all operations that read tasks."""
    from omics_tasks.ecs.operations import DESCRIBE_TASKS, LIST_TASKS  # noqa: PLC0415 - as used

    assert LIST_TASKS.counted_as == DESCRIBE_TASKS.counted_as


def test_a_slot_after_the_total_timeout(ask: Ask) -> None:
    """A call whose slot is later than its timeout fails at once."""
    clock, script = Clock(), Script(OK)
    with pytest.raises(ReadTimeoutError, match=r"rate limit holds the request back for 100\.0 s"):
        ask(
            calls(3, get_run),
            transport=script.transport,
            retries=clock.policy(total_timeout=5),
            rate_limit=RateLimit(per_second=0.01, burst=1),
        )
    assert ([], 1) == (clock.delays, len(script.requests))


def test_threads_share_it() -> None:
    """20 threads of one client get as many slots as one."""
    clock = Clock()
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    limiter = RateLimiter(RateLimit(per_second=10, burst=5), lambda: clock.now)
    waits: list[float] = []
    threads = [
        threading.Thread(target=lambda: waits.extend(delay(limiter) for _ in range(50)))
        for _ in range(20)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sys.setswitchinterval(interval)
    assert [0.0] * 5 + [number / 10 for number in range(1, 996)] == pytest.approx(sorted(waits))


def test_tasks_of_a_loop_share_it() -> None:
    """Concurrent tasks wait for their slots without blocking each other."""

    async def asking() -> list[float]:
        script, pauses = Script(json_answer(taskArns=[])), list[float]()

        async def sleep(seconds: float) -> None:
            pauses.append(seconds)

        clock = Clock()
        options: dict[str, Any] = {**OPTIONS, "rate_limit": RateLimit(per_second=10, burst=2)}
        policy = clock.policy()
        object.__setattr__(policy, "sleep", sleep)
        async with AsyncECSClient(**options, transport=script.transport, retries=policy) as ecs:
            await asyncio.gather(*(ecs.list_tasks().collect() for _ in range(5)))
        return pauses

    assert [0.1, 0.2, 0.3] == pytest.approx(asyncio.run(asking()))


@pytest.mark.parametrize(
    "per_second", [0, -1, 1e-300, 10**400, float("nan"), float("inf"), True, "10", None, []]
)
def test_invalid_rates(per_second: Any) -> None:
    """A rate must be a positive number with a finite delay."""
    with pytest.raises(ConfigurationError, match="per_second"):
        RateLimit(per_second=per_second, burst=1)


@pytest.mark.parametrize("burst", [0, -1, 1.5, 10**400, True, "1", None])
def test_invalid_bursts(burst: Any) -> None:
    """A burst must be a whole number of at least 1."""
    with pytest.raises(ConfigurationError, match="burst"):
        RateLimit(per_second=1, burst=burst)


def test_an_option_of_another_type() -> None:
    """``rate_limit`` accepts only a RateLimit or None."""
    with pytest.raises(ConfigurationError, match="rate_limit must be a RateLimit"):
        HealthOmicsClient(region="us-east-1", rate_limit=10)  # type: ignore[arg-type] # on purpose


def test_failed_calls_reserve_no_slot(ask: Ask) -> None:
    """Calls that fail for lack of time don't affect the limit."""
    clock, script = Clock(), Script(OK)

    def failing(client: Any) -> Any:
        async def going() -> None:
            await client.get_run("1")
            for _ in range(100):
                with pytest.raises(ReadTimeoutError):
                    await client.get_run("1")
            clock.now += 10
            await client.get_run("1")

        if hasattr(client, "aclose"):
            return going()
        client.get_run("1")
        for _ in range(100):
            with pytest.raises(ReadTimeoutError):
                client.get_run("1")
        clock.now += 10
        return client.get_run("1")

    ask(
        failing,
        transport=script.transport,
        retries=clock.policy(total_timeout=5),
        rate_limit=RateLimit(per_second=0.1, burst=1),
    )
    assert ([], 2) == (clock.delays, len(script.requests))


def test_a_released_slot_is_reused() -> None:
    """Calls behind a cancelled one wait as if it had never been made."""
    limit = RateLimit(per_second=50, burst=1)

    async def asking() -> list[float]:
        clock, sent = Clock(), list[float]()

        def answer(_: httpx.Request) -> httpx.Response:
            sent.append(clock.now)
            return json_answer(id="1")

        async def sleep(seconds: float) -> None:
            await asyncio.sleep(0)
            clock.sleep(seconds)

        policy = RetryPolicy(sleep=sleep, clock=lambda: clock.now)
        options: dict[str, Any] = {**OPTIONS, "rate_limit": limit, "retries": policy}
        async with AsyncHealthOmicsClient(
            **options, transport=httpx.MockTransport(answer)
        ) as omics:
            waiting = [asyncio.create_task(omics.get_run("1")) for _ in range(151)]
            await waiting[0]
            for task in waiting[1:101]:
                task.cancel()
            await asyncio.gather(*waiting, return_exceptions=True)
        return sent

    assert pytest.approx([number / 50 for number in range(51)]) == asyncio.run(asking())


@pytest.mark.parametrize("leaving", [0, 1, 2])
def test_slots_are_in_the_order_of_the_calls(leaving: int) -> None:
    """Slots are given in the order of the calls, and a released slot is reused."""
    limiter = RateLimiter(RateLimit(per_second=1, burst=1), lambda: 0.0)
    assert limiter.reserve("x") is None
    slots = [slot for _ in range(3) if (slot := limiter.reserve("x"))]
    assert [True, False, False] == [slot.ready.done() for slot in slots]
    slots.pop(leaving).release()
    assert [True, False] == [slot.ready.done() for slot in slots]
    slots[0].release()
    assert slots[1].ready.done()


def test_threads_are_served_in_order_too() -> None:
    """Calls of several threads get their slots in order."""
    slept, go = list[str](), threading.Event()

    def sleep(seconds: float) -> None:
        del seconds
        slept.append(threading.current_thread().name)
        assert go.wait(60)

    options: dict[str, Any] = {
        **OPTIONS,
        "rate_limit": RateLimit(per_second=1, burst=1),
        "retries": RetryPolicy(sleep=sleep, clock=lambda: 0.0),
    }
    names = [str(number) for number in range(20)]
    with HealthOmicsClient(**options, transport=Script(OK).transport) as omics:
        omics.get_run("1")
        queue = omics._limiter._buckets["GetRun"]._queue  # noqa: SLF001 - there is no other view on it
        threads = [threading.Thread(target=get_run, args=(omics,), name=name) for name in names]
        for number, thread in enumerate(threads, start=1):
            thread.start()
            assert settled(partial(lambda number: len(queue) == number, number))
        go.set()
        for thread in threads:
            thread.join()
    assert names == slept


def test_a_retry_without_time_for_a_slot(ask: Ask) -> None:
    """A retry whose slot is too late raises the service's error."""
    clock, script = Clock(), Script(json_answer(500))
    with pytest.raises(InternalServerException) as caught:
        ask(
            get_run,
            transport=script.transport,
            retries=clock.policy(jitter=0.0, total_timeout=5),
            rate_limit=RateLimit(per_second=0.1, burst=1),
        )
    assert (1, 1) == (caught.value.attempts, len(script.requests))


def test_time_that_goes_back() -> None:
    """A clock that is set back delays no call."""
    clock = Clock()
    limiter = RateLimiter(RateLimit(per_second=1, burst=2), lambda: clock.now)
    assert 0.0 == delay(limiter)
    clock.now -= 1000
    assert [0.0, 1.0] == [delay(limiter) for _ in range(2)]


def test_draining_earns_nothing() -> None:
    """After throttling, a bucket keeps its debt of slots."""
    clock = Clock()
    limiter = RateLimiter(RateLimit(per_second=1, burst=1), lambda: clock.now)
    assert [0.0, 1.0, 2.0] == [delay(limiter) for _ in range(3)]
    limiter.drain("x")
    assert 3.0 == delay(limiter)


def test_other_errors_leave_the_burst(ask: Ask) -> None:
    """Errors other than throttling don't reduce the burst."""
    clock, script = Clock(), Script(json_answer(404, code="ResourceNotFoundException"), OK)

    def question(client: Any) -> Any:
        async def going() -> None:
            with pytest.raises(ResourceNotFoundException):
                await client.get_run("1")
            await client.get_run("1")

        if hasattr(client, "aclose"):
            return going()
        with pytest.raises(ResourceNotFoundException):
            client.get_run("1")
        return client.get_run("1")

    ask(
        question,
        transport=script.transport,
        retries=clock.policy(),
        rate_limit=RateLimit(per_second=1, burst=2),
    )
    assert [] == clock.delays


def test_a_throttled_call_raises_throttling_error(ask: Ask) -> None:
    """A rate limit doesn't change the error of a throttled call."""
    script = Script(json_answer(429, code="ThrottlingException"))
    with pytest.raises(ThrottlingException) as caught:
        ask(
            get_run,
            transport=script.transport,
            retries=Clock().policy(),
            rate_limit=RateLimit(per_second=10, burst=10),
        )
    assert 3 == caught.value.attempts
