"""Paginators: iterate the items or pages of a listing, or collect all items."""

from __future__ import annotations

import os
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Generator, Iterator
from contextlib import aclosing, closing
from typing import Generic, TypeVar, cast

from ._core.model import ListInput, Page
from ._core.paging import Cursor
from ._io.background import start
from .errors import OmicsTasksError

__all__ = ["AsyncPaginator", "Page", "Paginator"]

T = TypeVar("T")


class _Listing(Generic[T]):
    """Common base of both paginators."""

    def __init__(self, start: Callable[[], Cursor[T]], *, prefetch: bool) -> None:
        self._start = start
        self._prefetch = prefetch
        self._cursor = start()

    def _restart(self) -> Cursor[T]:
        self._cursor = self._start()
        return self._cursor

    @property
    def resume_token(self) -> str | None:
        """A ``starting_token`` for the first item that the latest iteration has not yielded.

        It is valid inside a page too, and loses no item if the page changes. None means that all
        items were yielded.
        """
        return self._cursor.resume_token


class Paginator(_Listing[T]):
    """A listing: iterate over it for its items. No request is sent before that.

    Each iteration starts from the beginning, and requests a page when the previous one is
    exhausted. With ``prefetch=True``, a daemon thread requests the next page while the current one
    is processed; neither the end of the iteration nor the exit of the program waits for it.
    Iterating raises the errors of the operation, and ``PaginationError`` if the service repeats a
    page token.
    """

    def __init__(
        self,
        start: Callable[[], Cursor[T]],
        fetch: Callable[[ListInput], Page[T]],
        *,
        prefetch: bool,
    ) -> None:
        super().__init__(start, prefetch=prefetch)
        self._fetch = fetch

    def __iter__(self) -> Iterator[T]:
        cursor = self._restart()
        with closing(self._pages(cursor)) as pages:
            for page in pages:
                for cursor.taken, item in enumerate(page.items, start=1):
                    yield item

    def pages(self) -> Iterator[Page[T]]:
        """Iterate page by page; ``max_items`` truncates the last page."""
        cursor = self._restart()
        with closing(self._pages(cursor)) as pages:
            for page in pages:
                cursor.taken += len(page.items)
                yield page

    def collect(self) -> list[T]:
        """Return all items, in the service's order.

        An error has the items fetched before it as its ``partial``.
        """
        items: list[T] = []
        try:
            for item in self:
                items.append(item)  # noqa: PERF402 - an error keeps the items before it
        except OmicsTasksError as error:
            _prepend(items, error)
            raise
        return items

    def _pages(self, cursor: Cursor[T]) -> Generator[Page[T]]:
        if not self._prefetch:
            while (request := cursor.next_input()) is not None:
                yield cursor.accept(self._fetch(request))
            return
        ahead = _PrefetchedPage(cursor, self._fetch)
        while (page := ahead.result()) is not None:
            accepted = cursor.accept(page)
            ahead = _PrefetchedPage(cursor, self._fetch)
            yield accepted


class _PrefetchedPage(Generic[T]):
    """The next page, fetched in a thread. A forked child, without that thread, fetches it again."""

    def __init__(self, cursor: Cursor[T], fetch: Callable[[ListInput], Page[T]]) -> None:
        self._cursor = cursor
        self._fetch = fetch
        self._requests: list[ListInput | None] = []
        self._start()

    def result(self) -> Page[T] | None:
        if os.getpid() != self._process:
            self._start()
        return self._page.result()

    def _start(self) -> None:
        self._process = os.getpid()
        self._page = start(self._fetch_next)

    def _fetch_next(self) -> Page[T] | None:
        if not self._requests:
            self._requests.append(self._cursor.next_input())
        (request,) = self._requests
        return None if request is None else self._fetch(request)


def _prepend(items: list[T], error: OmicsTasksError) -> None:
    """Prepend the items of earlier pages to those that the failed page got."""
    error.partial = [*items, *cast("list[T]", error.partial or [])]


class AsyncPaginator(_Listing[T]):
    """A listing: iterate over it with ``async for``.

    It works like ``Paginator``, but an asyncio task prefetches.
    """

    def __init__(
        self,
        start: Callable[[], Cursor[T]],
        fetch: Callable[[ListInput], Awaitable[Page[T]]],
        *,
        prefetch: bool,
    ) -> None:
        super().__init__(start, prefetch=prefetch)
        self._fetch = fetch

    async def __aiter__(self) -> AsyncIterator[T]:
        cursor = self._restart()
        async with aclosing(self._pages(cursor)) as pages:
            async for page in pages:
                for cursor.taken, item in enumerate(page.items, start=1):
                    yield item

    async def pages(self) -> AsyncIterator[Page[T]]:
        """Iterate page by page; ``max_items`` truncates the last page."""
        cursor = self._restart()
        async with aclosing(self._pages(cursor)) as pages:
            async for page in pages:
                cursor.taken += len(page.items)
                yield page

    async def collect(self) -> list[T]:
        """Return all items, in the service's order.

        An error has the items fetched before it as its ``partial``.
        """
        items: list[T] = []
        try:
            async for item in self:
                items.append(item)  # noqa: PERF401 - an error keeps the items before it
        except OmicsTasksError as error:
            _prepend(items, error)
            raise
        return items

    async def _pages(self, cursor: Cursor[T]) -> AsyncGenerator[Page[T]]:
        async def fetch_next() -> Page[T] | None:
            request = cursor.next_input()
            return None if request is None else await self._fetch(request)

        if not self._prefetch:
            while (page := await fetch_next()) is not None:
                yield cursor.accept(page)
            return
        import asyncio  # noqa: PLC0415 - sync programs never need it

        ahead = asyncio.create_task(fetch_next())
        try:
            while (page := await ahead) is not None:
                accepted = cursor.accept(page)
                ahead = asyncio.create_task(fetch_next())
                yield accepted
        finally:
            ahead.cancel()
            # The result of the prefetch is no longer needed, even if it is an error.
            await asyncio.gather(ahead, return_exceptions=True)
