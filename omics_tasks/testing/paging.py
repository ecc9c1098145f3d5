"""Pages of a listing, and the tokens between them."""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterable
from typing import TypeVar

from .._core.model import Input, ListInput, Model
from .._core.operation import Operation
from ..errors import Problem
from .service_errors import InvalidInput

T = TypeVar("T")

_LARGEST_PAGE = 100
_OF_A_PAGE = {"page_size", "starting_token"}


class Pager:
    """Cuts listings into pages. A token holds for one listing with the same filters, no other."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def page(
        self,
        operation: Operation[Input, Model],
        asked: ListInput,
        items: Iterable[tuple[int, T]],
        keep: Callable[[T], bool],
    ) -> tuple[list[T], str | None]:
        """The page that ``asked`` asks for of the items to keep, and the token of the next one.

        Items come with their places, which they keep, and a token is a place: where something is
        added, or is not there any more, the pages after it neither skip an item nor repeat one.
        """
        listing = f"{operation.name} {asked.model_dump_json(exclude=_OF_A_PAGE)}"
        size = asked.page_size or _LARGEST_PAGE
        start = self._place(listing, operation, asked.starting_token)
        kept = [(at, item) for at, item in items if at >= start and keep(item)]
        token = self._token(listing, kept[size][0]) if len(kept) > size else None
        return [item for _, item in kept[:size]], token

    def _place(self, listing: str, operation: Operation[Input, Model], token: str | None) -> int:
        if token is None:
            return 0
        try:
            place = int.from_bytes(urlsafe_b64decode(token)[:8], "big")
        except ValueError:
            place = 0
        # Made anew and compared: so that no other spelling of the same bytes passes either.
        if not hmac.compare_digest(token.encode(), self._token(listing, place).encode()):
            name = operation.input.model_fields["starting_token"].alias
            raise InvalidInput([Problem(str(name), "The token is invalid for this listing")])
        return place

    def _token(self, listing: str, place: int) -> str:
        at = place.to_bytes(8, "big")
        proof = hmac.digest(self._key, at + listing.encode(), "sha256")
        return urlsafe_b64encode(at + proof[:16]).decode()
