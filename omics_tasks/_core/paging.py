"""Where a listing stands: which request comes next, what to yield, where to resume."""

from __future__ import annotations

import re
from collections.abc import Sequence
from hashlib import blake2b
from typing import Any, Generic, TypeVar

from ..errors import PaginationError
from .model import ListInput, Page
from .operation import Operation

T = TypeVar("T")

_INSIDE_A_PAGE = re.compile(r"~([0-9]{1,9})~(.*)", re.DOTALL)


def to_resume_token(token: str | None, skip: int) -> str:
    """One string for "``skip`` items after ``token``"; a service's own token stays as it is."""
    if token and not skip and not _INSIDE_A_PAGE.fullmatch(token):
        return token
    return f"~{skip}~{token or ''}"


def from_resume_token(resume_token: str | None) -> tuple[str | None, int]:
    """The service's token and how many items to skip from there."""
    inside = _INSIDE_A_PAGE.fullmatch(resume_token or "")
    return (inside[2] or None, int(inside[1])) if inside else (resume_token, 0)


class Cursor(Generic[T]):
    """One iteration over a listing: says what to ask next and counts what was yielded."""

    def __init__(self, operation: Operation[Any, Any], first: ListInput, skip: int) -> None:
        self._operation = operation
        self._input: ListInput | None = first
        self._skip = skip
        self._left = first.max_items
        self._seen: set[bytes] = set()
        self._token = first.starting_token
        self._size: int | None = None
        # Where in the page under way its items stand, those that are behind us left out; its end.
        self._places: Sequence[int] = (skip,)
        self.taken: int = 0
        """How many of these items were yielded; the iteration counts it up."""

    @property
    def resume_token(self) -> str | None:
        """Starts another iteration at the first item not yet taken; None where nothing is left."""
        if (place := self._places[self.taken]) != self._size:
            return to_resume_token(self._token, place)
        if self._input is None:
            return None
        return to_resume_token(self._input.starting_token, self._skip)

    def next_input(self) -> ListInput | None:
        """What to ask for, once a page; None at the end. A token that came before is an error."""
        if self._input is None or self._left == 0:
            return None
        self._check_new(self._input.starting_token)
        return self._input

    def _check_new(self, token: str | None) -> None:
        # Tokens can be long, and listings longer: what was seen is kept as a digest.
        seen = blake2b((token or "").encode("utf-8", "replace"), digest_size=16).digest()
        if seen in self._seen:
            raise PaginationError(self._operation.service.id, self._operation.name, str(token))
        self._seen.add(seen)

    def accept(self, page: Page[T]) -> Page[T]:
        """The part of the answer to ``next_input`` that belongs to this iteration."""
        assert self._input is not None  # noqa: S101 - a driver asks before it accepts
        self._token, self._size = self._input.starting_token, len(page.items)
        rest = self._input.model_copy(update={"starting_token": page.next_token})
        self._input = rest if page.next_token else None
        skipped = min(self._skip, self._size)
        self._skip -= skipped
        places = [place for place in self._new(page.items) if place >= skipped]
        self._places, self.taken = (*places, self._size), 0
        kept = places[: self._left]
        if self._left is not None:
            self._left -= len(kept)
        if len(kept) == self._size:
            return page
        items = [page.items[place] for place in kept]
        end = self._places[len(items)]
        token = page.next_token if end == self._size else to_resume_token(self._token, end)
        return page.model_copy(update={"items": items, "next_token": token})

    def _new(self, items: Sequence[T]) -> Sequence[int]:
        """The places of what this iteration has not met: of all, but where a listing doubles."""
        return range(len(items))
