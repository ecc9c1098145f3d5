"""Pagination state: the next request, the items to yield and the resume token."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from typing import Any, Generic, TypeVar

from ..errors import PaginationError, ResponseError
from .model import ListInput, Page
from .operation import Operation
from .protocols import LONGEST_TARGET, encode
from .resuming import ItemsToSkip, to_resume_token

T = TypeVar("T")


class Cursor(Generic[T]):
    """One iteration over a listing: builds each request and counts the yielded items."""

    def __init__(
        self,
        operation: Operation[Any, Any],
        first: ListInput,
        skip: ItemsToSkip = ItemsToSkip(),  # noqa: B008 - it is immutable
    ) -> None:
        self._operation = operation
        self._input: ListInput | None = first
        self._skip = skip
        self._left = first.max_items
        self._seen: set[bytes] = set()
        # The current page: its token, its items, and the indexes of those that are not skipped.
        self._token = first.starting_token
        self._items: Sequence[T] = ()
        self._places: Sequence[int] = ()
        self.taken: int = 0
        """Number of items of the current page that were yielded; the iteration increments it."""

    @property
    def resume_token(self) -> str | None:
        """Token to resume at the first item that was not yielded; None at the end."""
        return self._token_after(self.taken)

    def _token_after(self, taken: int) -> str | None:
        if taken < len(self._places):
            ahead = set(self._places[taken:])
            behind = [item for place, item in enumerate(self._items) if place not in ahead]
            return to_resume_token(self._token, ItemsToSkip.of(behind))
        if self._input is None:
            return None
        return to_resume_token(self._input.starting_token, self._skip)

    def next_input(self) -> ListInput | None:
        """Return the input of the request for the next page; None at the end.

        Raise PaginationError for a repeated token, and ResponseError for one that is too long for
        a request.
        """
        if self._input is None or self._left == 0:
            return None
        self._check_new(self._input.starting_token)
        self._check_length(self._input)
        return self._input

    def _check_new(self, token: str | None) -> None:
        # Tokens can be long, and a listing can have many: only their digests are kept.
        seen = blake2b((token or "").encode("utf-8", "replace"), digest_size=16).digest()
        if seen in self._seen:
            raise PaginationError(self._operation.service.id, self._operation.name, str(token))
        self._seen.add(seen)

    def _check_length(self, request: ListInput) -> None:
        # Arguments are limited by their rules: only a token from a response can be too long.
        operation, token = self._operation, request.starting_token
        if not token or operation.method != "GET":
            return
        length = len(encode(operation, request).target)
        if length > LONGEST_TARGET:
            raise ResponseError(
                f"the next page can't be requested: with its token of {len(token)} characters, "
                f"the path and query of the URL have {length}, and at most {LONGEST_TARGET} "
                "can be sent",
                service=operation.service.id,
                operation=operation.name,
            )

    def accept(self, page: Page[T]) -> Page[T]:
        """Return the part of the page for ``next_input`` that belongs to this iteration."""
        assert self._input is not None  # noqa: S101 - a driver asks before it accepts
        self._token, self._items = self._input.starting_token, page.items
        rest = self._input.model_copy(update={"starting_token": page.next_token})
        self._input = rest if page.next_token else None
        remaining, self._skip = self._skip.split(page.items)
        self._places = [place for place in self._new(page.items) if place in remaining]
        self.taken = 0
        kept = self._places[: self._left]
        if self._left is not None:
            self._left -= len(kept)
        token = self._token_after(len(kept))
        if len(kept) == len(page.items) and token == (page.next_token or None):
            return page
        items = [page.items[place] for place in kept]
        return page.model_copy(update={"items": items, "next_token": token})

    def _new(self, items: Sequence[T]) -> Sequence[int]:
        """Return the indexes of items to yield: all, unless a subclass removes duplicates."""
        return range(len(items))
