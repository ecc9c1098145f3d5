"""Run the same function with a sync or an async client of a scripted service."""

from __future__ import annotations

import asyncio
import inspect
import time
from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any, Protocol

import httpx

import omics_tasks
from omics_tasks import AsyncPaginator, Credentials, OmicsTasksError, Paginator

CREDENTIALS = Credentials("AKIDEXAMPLE", "wJalrXUtnFEMI", "a-session-token")
OPTIONS: dict[str, Any] = {"region": "us-east-1", "credentials": CREDENTIALS, "rate_limit": None}


class Ask(Protocol):
    """Calls ``question`` with a client of the service. Returns its result, awaited if async."""

    def __call__(
        self, question: Callable[[Any], Any], service: str = "HealthOmics", **options: Any
    ) -> Any: ...


def ask_sync(question: Callable[[Any], Any], service: str = "HealthOmics", **options: Any) -> Any:
    with getattr(omics_tasks, f"{service}Client")(**{**OPTIONS, **options}) as client:
        return question(client)


def ask_async(question: Callable[[Any], Any], service: str = "HealthOmics", **options: Any) -> Any:
    async def asking() -> Any:
        client = getattr(omics_tasks, f"Async{service}Client")(**{**OPTIONS, **options})
        async with client:
            answer = question(client)
            return await answer if inspect.isawaitable(answer) else answer

    return asyncio.run(asking())


def take(listing: Any, count: int | None = None) -> Any:
    """Return the first items of a listing or watch, by default all; awaitable for an async one."""
    if hasattr(listing, "__iter__"):
        return list(islice(listing, count))
    return _take_async(listing.__aiter__(), count)


def pages(listing: Paginator[Any] | AsyncPaginator[Any], count: int | None = None) -> Any:
    """Return the first pages of a listing; awaitable for an async one."""
    if isinstance(listing, Paginator):
        return list(islice(listing.pages(), count))
    return _take_async(listing.pages(), count)


async def _take_async(source: Any, count: int | None) -> list[Any]:
    taken: list[Any] = []
    while count is None or len(taken) < count:
        try:
            taken.append(await anext(source))
        except StopAsyncIteration:
            break
    await source.aclose()
    return taken


class Script:
    """A service with scripted answers, the last one repeated, which records the requests."""

    def __init__(self, *answers: httpx.Response | Exception) -> None:
        self._answers: Iterator[httpx.Response | Exception] = iter(answers)
        self._last: httpx.Response | Exception = answers[-1]
        self.requests: list[httpx.Request] = []
        self.transport = httpx.MockTransport(self._answer)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        answer = next(self._answers, self._last)
        if isinstance(answer, Exception):
            raise answer
        return httpx.Response(answer.status_code, headers=answer.headers, content=answer.content)


def json_answer(status: int = 200, /, **members: Any) -> httpx.Response:
    """Return a response with a JSON object."""
    return httpx.Response(status, json=members)


def settled(condition: Callable[[], bool]) -> bool:
    """Wait until the condition is true, and return whether it became true in time."""
    deadline = time.monotonic() + 20
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.005)
    return condition()


async def asettled(condition: Callable[[], bool]) -> bool:
    """Do the same on an event loop."""
    deadline = time.monotonic() + 20
    while not condition() and time.monotonic() < deadline:  # noqa: ASYNC110 - of other threads
        await asyncio.sleep(0.005)
    return condition()


def partial_of(error: OmicsTasksError) -> Any:
    """Return the partial results of an error of any type."""
    return error.partial
