"""Listings that are iterated: items, pages, or all at once."""

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
    """What both paginators have."""

    def __init__(self, start: Callable[[], Cursor[T]], *, prefetch: bool) -> None:
        self._start = start
        self._prefetch = prefetch
        self._cursor = start()

    def _restart(self) -> Cursor[T]:
        self._cursor = self._start()
        return self._cursor

    @property
    def resume_token(self) -> str | None:
        """A ``starting_token`` for the first item that the latest iteration did not yield.

        It is good inside a page too, and loses nothing where the page changes. None means that all
        was yielded.
        """
        return self._cursor.resume_token


class Paginator(_Listing[T]):
    """A listing: iterate it for its items. Nothing is sent before that.

    Each iteration starts anew, and asks for a page when the one before is used up; with
    ``prefetch=True`` a thread asks for it while that one is worked on: a thread that neither the
    end of the iteration nor that of the program waits for. Iterating raises what the operation
    raises, and ``PaginationError`` where the service sends a page token that it had sent before.
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
        """Iterates page by page; with ``max_items``, the last page ends where the items do."""
        cursor = self._restart()
        with closing(self._pages(cursor)) as pages:
            for page in pages:
                cursor.taken += len(page.items)
                yield page

    def collect(self) -> list[T]:
        """Return all items, in the service's order.

        An error on the way has those that came before it as ``.partial``.
        """
        items: list[T] = []
        try:
            for item in self:
                items.append(item)  # noqa: PERF402 - what came before an error counts
        except OmicsTasksError as error:
            _put_before(items, error)
            raise
        return items

    def _pages(self, cursor: Cursor[T]) -> Generator[Page[T]]:
        if not self._prefetch:
            while (request := cursor.next_input()) is not None:
                yield cursor.accept(self._fetch(request))
            return
        ahead = _PageAhead(cursor, self._fetch)
        while (page := ahead.result()) is not None:
            accepted = cursor.accept(page)
            ahead = _PageAhead(cursor, self._fetch)
            yield accepted


class _PageAhead(Generic[T]):
    """The next page, which a thread asks for; a forked child has no such thread, and asks again."""

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
        self._page = start(self._ask)

    def _ask(self) -> Page[T] | None:
        if not self._requests:
            self._requests.append(self._cursor.next_input())
        (request,) = self._requests
        return None if request is None else self._fetch(request)


def _put_before(items: list[T], error: OmicsTasksError) -> None:
    """Put what came before a page that failed in front of what was read of that page."""
    error.partial = [*items, *cast("list[T]", error.partial or [])]


class AsyncPaginator(_Listing[T]):
    """A listing: iterate it with ``async for``. Else as ``Paginator``; a task does the prefetch."""

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
        """Iterates page by page; with ``max_items``, the last page ends where the items do."""
        cursor = self._restart()
        async with aclosing(self._pages(cursor)) as pages:
            async for page in pages:
                cursor.taken += len(page.items)
                yield page

    async def collect(self) -> list[T]:
        """Return all items, in the service's order.

        An error on the way has those that came before it as ``.partial``.
        """
        items: list[T] = []
        try:
            async for item in self:
                items.append(item)  # noqa: PERF401 - what came before an error counts
        except OmicsTasksError as error:
            _put_before(items, error)
            raise
        return items

    async def _pages(self, cursor: Cursor[T]) -> AsyncGenerator[Page[T]]:
        async def ask() -> Page[T] | None:
            request = cursor.next_input()
            return None if request is None else await self._fetch(request)

        if not self._prefetch:
            while (page := await ask()) is not None:
                yield cursor.accept(page)
            return
        import asyncio  # noqa: PLC0415 - sync programs never need it

        ahead = asyncio.create_task(ask())
        try:
            while (page := await ahead) is not None:
                accepted = cursor.accept(page)
                ahead = asyncio.create_task(ask())
                yield accepted
        finally:
            ahead.cancel()
            # What the page ahead came to is nobody's concern any more, be it an error.
            await asyncio.gather(ahead, return_exceptions=True)
