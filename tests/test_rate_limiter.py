"""A client's own rate limit: kept by all its calls, before the service has to."""

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
    """A question that makes a call so many times, one after the other, awaited if need be."""

    def question(client: Any) -> Any:
        first = call(client)
        if not asyncio.iscoroutine(first):
            return [first, *(call(client) for _ in range(count - 1))]

        async def going() -> list[Any]:
            return [await first, *[await call(client) for _ in range(count - 1)]]

        return going()

    return question


def delay(limiter: RateLimiter) -> float:
    """How long a new request waits, which stays in the queue."""
    slot = limiter.reserve("x")
    return 0.0 if slot is None else slot.delay


def get_run(client: Any) -> Any:
    return client.get_run("1")


def get_task(client: Any) -> Any:
    return client.get_run_task("1", "2")


def test_the_burst_and_then_the_rate(ask: Ask) -> None:
    """A burst goes out at once, and what follows waits for its slot."""
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
    """Each attempt is a request; it waits for its slot beside its own delay."""
    clock, script = Clock(), Script(json_answer(500), json_answer(500), OK)
    ask(
        get_run,
        transport=script.transport,
        retries=clock.policy(jitter=0.0),
        rate_limit=RateLimit(per_second=2, burst=1),
    )
    assert [0.0, 0.5, 0.0, 0.5] == clock.delays


def test_a_pause_earns_a_burst_and_no_more() -> None:
    """However long nothing was sent, no more than the burst goes out at once."""
    clock = Clock()
    limiter = RateLimiter(RateLimit(per_second=1, burst=2), lambda: clock.now)
    limiter.reserve("x")
    clock.now += 10**6
    assert [0.0, 0.0, 1.0, 2.0] == [delay(limiter) for _ in range(4)]


def test_throttling_ends_the_burst(ask: Ask) -> None:
    """Where the service throttles, what is left of the burst is not sent at once any more."""
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
    """``rate_limit=None`` slots it off."""
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
def test_what_aws_publishes_is_the_default(cls: type[Any], limit: RateLimit | None) -> None:
    """Without the option, a client keeps to the rate that its service documents, if any."""
    assert limit == made(cls).config.rate_limit


def test_operations_of_healthomics_are_counted_apart(ask: Ask) -> None:
    """HealthOmics allows each operation its own rate."""
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
    """ECS counts all that reads tasks in one bucket."""
    from omics_tasks.ecs.operations import DESCRIBE_TASKS, LIST_TASKS  # noqa: PLC0415 - as used

    assert LIST_TASKS.counted_as == DESCRIBE_TASKS.counted_as


def test_a_total_timeout_ends_the_wait_for_a_turn(ask: Ask) -> None:
    """A call that would have to wait for its slot for longer than it may take fails at once."""
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
    """Twenty threads of one client get as many slots as one would."""
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
    """Calls side by side on an event loop wait for their slots, without holding up each other."""

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
def test_a_rate_that_cannot_be(per_second: Any) -> None:
    """A rate has to be a number above 0, and one that can be slept by."""
    with pytest.raises(ConfigurationError, match="per_second"):
        RateLimit(per_second=per_second, burst=1)


@pytest.mark.parametrize("burst", [0, -1, 1.5, 10**400, True, "1", None])
def test_a_burst_that_cannot_be(burst: Any) -> None:
    """A burst has to be a whole number of at least 1."""
    with pytest.raises(ConfigurationError, match="burst"):
        RateLimit(per_second=1, burst=burst)


def test_an_option_of_another_type() -> None:
    """The option takes a RateLimit and nothing else."""
    with pytest.raises(ConfigurationError, match="rate_limit must be a RateLimit"):
        HealthOmicsClient(region="us-east-1", rate_limit=10)  # type: ignore[arg-type] # on purpose


def test_what_is_not_sent_takes_no_place(ask: Ask) -> None:
    """Calls that fail for want of time leave the client as it was, however many they are."""
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


def test_a_place_that_is_given_up_moves_the_others_up() -> None:
    """Those behind a cancelled call wait for no longer than if it had never been made."""
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
def test_turns_come_in_the_order_of_the_calls(leaving: int) -> None:
    """The first in the queue has its slot, then the next; whoever leaves makes room for it."""
    limiter = RateLimiter(RateLimit(per_second=1, burst=1), lambda: 0.0)
    assert limiter.reserve("x") is None
    slots = [slot for _ in range(3) if (slot := limiter.reserve("x"))]
    assert [True, False, False] == [slot.ready.done() for slot in slots]
    slots.pop(leaving).release()
    assert [True, False] == [slot.ready.done() for slot in slots]
    slots[0].release()
    assert slots[1].ready.done()


def test_threads_are_served_in_order_too() -> None:
    """Calls of many threads have their slots one by one, in the order in which they were made."""
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


def test_no_time_for_a_turn_after_a_failure(ask: Ask) -> None:
    """Where a retry has no time to wait for its slot, the service's own error is raised."""
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
    """A clock that is set back makes no call wait for it."""
    clock = Clock()
    limiter = RateLimiter(RateLimit(per_second=1, burst=2), lambda: clock.now)
    assert 0.0 == delay(limiter)
    clock.now -= 1000
    assert [0.0, 1.0] == [delay(limiter) for _ in range(2)]


def test_draining_earns_nothing() -> None:
    """A bucket that owes slots still owes them when the service throttles."""
    clock = Clock()
    limiter = RateLimiter(RateLimit(per_second=1, burst=1), lambda: clock.now)
    assert [0.0, 1.0, 2.0] == [delay(limiter) for _ in range(3)]
    limiter.drain("x")
    assert 3.0 == delay(limiter)


def test_other_errors_leave_the_burst(ask: Ask) -> None:
    """A refusal that is none of throttling takes nothing from the burst."""
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


def test_a_throttled_call_still_says_so(ask: Ask) -> None:
    """A limit changes nothing in what a throttled call raises."""
    script = Script(json_answer(429, code="ThrottlingException"))
    with pytest.raises(ThrottlingException) as caught:
        ask(
            get_run,
            transport=script.transport,
            retries=Clock().policy(),
            rate_limit=RateLimit(per_second=10, burst=10),
        )
    assert 3 == caught.value.attempts
