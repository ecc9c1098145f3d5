"""Where a listing stands: which request comes next, what to yield, where to resume."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from typing import Any, Generic, TypeVar

from ..errors import PaginationError, ResponseError
from .model import ListInput, Page
from .operation import Operation
from .protocols import LONGEST_TARGET, encode
from .resuming import Yielded, to_resume_token

T = TypeVar("T")


class Cursor(Generic[T]):
    """One iteration over a listing: says what to ask next and counts what was yielded."""

    def __init__(
        self,
        operation: Operation[Any, Any],
        first: ListInput,
        passed: Yielded = Yielded(),  # noqa: B008 - it is never changed
    ) -> None:
        self._operation = operation
        self._input: ListInput | None = first
        self._passed = passed
        self._left = first.max_items
        self._seen: set[bytes] = set()
        # The page under way: its token, its items, and the places of those not left out.
        self._token = first.starting_token
        self._items: Sequence[T] = ()
        self._places: Sequence[int] = ()
        self.taken: int = 0
        """How many of these items were yielded; the iteration counts it up."""

    @property
    def resume_token(self) -> str | None:
        """Starts another iteration at the first item not yet taken; None where nothing is left."""
        return self._token_after(self.taken)

    def _token_after(self, taken: int) -> str | None:
        if taken < len(self._places):
            ahead = set(self._places[taken:])
            behind = [item for place, item in enumerate(self._items) if place not in ahead]
            return to_resume_token(self._token, Yielded.of(behind))
        if self._input is None:
            return None
        return to_resume_token(self._input.starting_token, self._passed)

    def next_input(self) -> ListInput | None:
        """Return what to ask for, once a page; None at the end.

        Raise PaginationError for a token that came before, and ResponseError for one that no
        request can hold.
        """
        if self._input is None or self._left == 0:
            return None
        self._check_new(self._input.starting_token)
        self._check_length(self._input)
        return self._input

    def _check_new(self, token: str | None) -> None:
        # Tokens can be long, and listings longer: what was seen is kept as a digest.
        seen = blake2b((token or "").encode("utf-8", "replace"), digest_size=16).digest()
        if seen in self._seen:
            raise PaginationError(self._operation.service.id, self._operation.name, str(token))
        self._seen.add(seen)

    def _check_length(self, asked: ListInput) -> None:
        # Arguments have limits of their own: the token of an answer alone can be too long.
        operation, token = self._operation, asked.starting_token
        if not token or operation.method != "GET":
            return
        length = len(encode(operation, asked).target)
        if length > LONGEST_TARGET:
            raise ResponseError(
                f"the next page can't be asked for: with its token of {len(token)} characters, "
                f"the path and query of the URL have {length}, and at most {LONGEST_TARGET} "
                "can be sent",
                service=operation.service.id,
                operation=operation.name,
            )

    def accept(self, page: Page[T]) -> Page[T]:
        """Return the part of the answer to ``next_input`` that belongs to this iteration."""
        assert self._input is not None  # noqa: S101 - a driver asks before it accepts
        self._token, self._items = self._input.starting_token, page.items
        rest = self._input.model_copy(update={"starting_token": page.next_token})
        self._input = rest if page.next_token else None
        remaining, self._passed = self._passed.split(page.items)
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
        """The places of what this iteration has not met: of all, but where a listing doubles."""
        return range(len(items))
