"""Listings that are iterated: items, pages, or all at once."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Generic, TypeVar

from ._core.model import ListInput, Page
from ._core.paging import Cursor

__all__ = ["AsyncPaginator", "Page", "Paginator"]

T = TypeVar("T")


class _Listing(Generic[T]):
    def __init__(self, start: Callable[[], Cursor[T]]) -> None:
        self._start = start
        self._cursor = start()

    def _restart(self) -> Cursor[T]:
        self._cursor = self._start()
        return self._cursor

    @property
    def resume_token(self) -> str | None:
        """A ``starting_token`` for the first item that the latest iteration did not yield.

        It is exact inside a page too. None once all was yielded, and before the first iteration
        of a listing that starts at its beginning.
        """
        return self._cursor.resume_token


class Paginator(_Listing[T]):
    """A listing: iterate it for its items. Nothing is sent before that.

    Each iteration starts anew, and asks for a page when the one before is used up. Iterating
    raises what the operation raises, and ``PaginationError`` where the service sends a page token
    that it had sent before.
    """

    def __init__(
        self, start: Callable[[], Cursor[T]], fetch: Callable[[ListInput], Page[T]]
    ) -> None:
        super().__init__(start)
        self._fetch = fetch

    def __iter__(self) -> Iterator[T]:
        cursor = self._restart()
        while (request := cursor.next_input()) is not None:
            for item in cursor.accept(self._fetch(request)).items:
                cursor.taken += 1
                yield item

    def pages(self) -> Iterator[Page[T]]:
        """Iterates page by page; with ``max_items``, the last page ends where the items do."""
        cursor = self._restart()
        while (request := cursor.next_input()) is not None:
            page = cursor.accept(self._fetch(request))
            cursor.taken += len(page.items)
            yield page

    def collect(self) -> list[T]:
        """All items, in the service's order."""
        return list(self)


class AsyncPaginator(_Listing[T]):
    """A listing: iterate it with ``async for``. Else as ``Paginator``."""

    def __init__(
        self, start: Callable[[], Cursor[T]], fetch: Callable[[ListInput], Awaitable[Page[T]]]
    ) -> None:
        super().__init__(start)
        self._fetch = fetch

    async def __aiter__(self) -> AsyncIterator[T]:
        cursor = self._restart()
        while (request := cursor.next_input()) is not None:
            for item in cursor.accept(await self._fetch(request)).items:
                cursor.taken += 1
                yield item

    async def pages(self) -> AsyncIterator[Page[T]]:
        """Iterates page by page; with ``max_items``, the last page ends where the items do."""
        cursor = self._restart()
        while (request := cursor.next_input()) is not None:
            page = cursor.accept(await self._fetch(request))
            cursor.taken += len(page.items)
            yield page

    async def collect(self) -> list[T]:
        """All items, in the service's order."""
        return [item async for item in self]
