"""Batches for operations that take up to 100 names per request, and must report on each."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from http import HTTPStatus
from typing import Any, TypeVar

from ..errors import ResponseError
from .operation import Operation

T = TypeVar("T")

_MOST_IN_A_REQUEST = 100


def parts(names: Sequence[T]) -> Iterator[Sequence[T]]:
    """Yield the names in batches of at most 100, the limit of one request."""
    for start in range(0, len(names), _MOST_IN_A_REQUEST):
        yield names[start : start + _MOST_IN_A_REQUEST]


def check_complete(
    operation: Operation[Any, Any], requested: Sequence[T], returned: Container[T]
) -> None:
    """Raise ResponseError if a response leaves out a name that was requested."""
    omitted = [name for name in requested if name not in returned]
    if omitted:
        raise ResponseError(
            f"the response leaves out {len(omitted)} of the {len(requested)} requested tasks, "
            f"such as {omitted[0]}",
            service=operation.service.id,
            operation=operation.name,
            status=HTTPStatus.OK,
        )
