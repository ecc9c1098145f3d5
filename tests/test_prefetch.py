"""Prefetching: the next page is requested while one is processed, and no further page."""

from __future__ import annotations

import asyncio
import threading
from typing import Any

import httpx
import pytest

from omics_tasks import (
    AsyncHealthOmicsClient,
    HealthOmicsClient,
    PaginationError,
    ParamValidationError,
    ResourceNotFoundException,
)

from .asking import (
    OPTIONS,
    Ask,
    Script,
    asettled,
    ask_async,
    json_answer,
    pages,
    settled,
    take,
)


def page(number: int, last: bool = False) -> httpx.Response:
    more = {} if last else {"nextToken": f"t{number}"}
    return json_answer(items=[{"taskId": str(number)}], **more)


def prefetching() -> list[threading.Thread]:
    return [t for t in threading.enumerate() if t.name == "omics-tasks"]


def prefetching_tasks() -> int:
    return len(asyncio.all_tasks()) - 1


def test_the_next_page_is_requested_early() -> None:
    """At the first item, the second page has been requested and the third hasn't."""
    script = Script(page(0), page(1), page(2), page(3, last=True))
    with HealthOmicsClient(**OPTIONS, transport=script.transport) as client:
        tasks = iter(client.list_run_tasks("1", prefetch=True))
        next(tasks)
        assert settled(lambda: len(script.requests) > 1 and not prefetching())
        assert 2 == len(script.requests)
        assert ["1", "2", "3"] == [task.task_id for task in tasks]


def test_the_async_client_overlaps_too() -> None:
    """The async client prefetches in a task on the event loop."""
    script = Script(page(0), page(1), page(2, last=True))

    async def main() -> None:
        async with AsyncHealthOmicsClient(**OPTIONS, transport=script.transport) as client:
            tasks = aiter(client.list_run_tasks("1", prefetch=True))
            await anext(tasks)
            assert await asettled(lambda: len(script.requests) > 1 and not prefetching_tasks())
            assert 2 == len(script.requests)
            assert ["1", "2"] == [task.task_id async for task in tasks]

    asyncio.run(main())


def test_no_prefetching_by_default(ask: Ask) -> None:
    """By default a page is requested after all items of the previous one."""
    script = Script(page(0), page(1))
    ask(lambda c: take(c.list_run_tasks("1"), 1), transport=script.transport)
    assert 1 == len(script.requests)


@pytest.mark.parametrize("read", [take, pages])
def test_an_error_comes_where_its_page_would(ask: Ask, read: Any) -> None:
    """An error of the prefetched page is raised after all earlier items."""
    gone = httpx.Response(404, headers={"x-amzn-errortype": "ResourceNotFoundException"})
    script = Script(page(0), page(1), gone)
    listing: list[Any] = []

    def question(client: Any) -> Any:
        listing.append(client.list_run_tasks("1", prefetch=True))
        return read(listing[0])

    with pytest.raises(ResourceNotFoundException):
        ask(question, transport=script.transport)
    assert "t1" == listing[0].resume_token
    got = ask(lambda c: take(c.list_run_tasks("1", prefetch=True), 2),
              transport=Script(page(0), page(1), gone).transport)  # fmt: skip
    assert ["0", "1"] == [task.task_id for task in got]


def test_a_cycle_is_found_ahead_and_raised_in_its_place(ask: Ask) -> None:
    """A repeated token is an error after the last new page."""
    script = Script(page(0), page(0))
    with pytest.raises(PaginationError):
        ask(lambda c: c.list_run_tasks("1", prefetch=True).collect(), transport=script.transport)
    assert 2 == len(script.requests)


def test_max_items_asks_for_no_page_too_many(ask: Ask) -> None:
    """Pages beyond ``max_items`` aren't requested."""
    script = Script(page(0), page(1), page(2))
    ask(
        lambda c: c.list_run_tasks("1", prefetch=True, max_items=2).collect(),
        transport=script.transport,
    )
    assert 2 == len(script.requests)


def test_an_abandoned_listing_stops() -> None:
    """After a break no thread is left and nothing more is sent."""
    script = Script(page(0), page(1), page(2), page(3))
    with HealthOmicsClient(**OPTIONS, transport=script.transport) as client:
        for _ in client.list_run_tasks("1", prefetch=True):
            break
        assert settled(lambda: len(script.requests) > 1 and not prefetching())
        assert 2 == len(script.requests)


def test_an_abandoned_async_listing_cancels_its_request() -> None:
    """The pending request is cancelled with its iteration."""
    requested, cancelled = list[bool](), list[bool]()

    async def answer(request: httpx.Request) -> httpx.Response:
        if b"startingToken" in request.url.query:
            requested.append(True)
            try:
                await asyncio.sleep(60)
            except asyncio.CancelledError:
                cancelled.append(True)
                raise
        return page(0)

    async def question(client: Any) -> None:
        tasks = aiter(client.list_run_tasks("1", prefetch=True))
        await anext(tasks)
        assert await asettled(lambda: bool(requested))
        await tasks.aclose()
        assert [True] == cancelled
        assert 1 == len(asyncio.all_tasks())

    ask_async(question, transport=httpx.MockTransport(answer))


def test_an_error_that_nobody_waits_for_is_silent(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """An error of an abandoned prefetched page causes no asyncio warning."""
    gone = httpx.Response(404, headers={"x-amzn-errortype": "ResourceNotFoundException"})
    script = Script(page(0), gone)

    async def question(client: Any) -> None:
        tasks = aiter(client.list_run_tasks("1", prefetch=True))
        await anext(tasks)
        assert await asettled(lambda: len(script.requests) > 1 and not prefetching_tasks())
        await tasks.aclose()

    ask_async(question, transport=script.transport)
    assert [] == [record for record in caplog.records if record.levelname == "ERROR"]


def test_prefetch_must_be_a_bool(ask: Ask) -> None:
    """Another value of ``prefetch`` is a ParamValidationError."""
    with pytest.raises(ParamValidationError, match="prefetch"):
        ask(lambda c: c.list_run_tasks("1", prefetch="yes"))
