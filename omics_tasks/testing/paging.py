"""Pages of a listing and the page tokens."""

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

_DEFAULT_PAGE_SIZE = 100
_PAGE_FIELDS = {"page_size", "starting_token"}


class Pager:
    """Cuts listings into pages. A token is valid for one operation with the same filters."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def page(
        self,
        operation: Operation[Input, Model],
        params: ListInput,
        items: Iterable[tuple[int, T]],
        keep: Callable[[T], bool],
    ) -> tuple[list[T], str | None]:
        """Return one page of the items for which ``keep`` is true, and the token of the next page.

        Each item has a permanent position, and a token holds a position. Later pages therefore
        neither skip nor repeat an item when others are added or disappear.
        """
        listing = f"{operation.name} {params.model_dump_json(exclude=_PAGE_FIELDS)}"
        size = params.page_size or _DEFAULT_PAGE_SIZE
        start = self._position(listing, operation, params.starting_token)
        kept = [(at, item) for at, item in items if at >= start and keep(item)]
        token = self._token(listing, kept[size][0]) if len(kept) > size else None
        return [item for _, item in kept[:size]], token

    def _position(self, listing: str, operation: Operation[Input, Model], token: str | None) -> int:
        if token is None:
            return 0
        try:
            position = int.from_bytes(urlsafe_b64decode(token)[:8], "big")
        except ValueError:
            position = 0
        # Compared as text, so that another base64 spelling of the same bytes is invalid too.
        if not hmac.compare_digest(token.encode(), self._token(listing, position).encode()):
            name = operation.input.model_fields["starting_token"].alias
            raise InvalidInput([Problem(str(name), "The token is invalid for this listing")])
        return position

    def _token(self, listing: str, position: int) -> str:
        at = position.to_bytes(8, "big")
        signature = hmac.digest(self._key, at + listing.encode(), "sha256")
        return urlsafe_b64encode(at + signature[:16]).decode()
