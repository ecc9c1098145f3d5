"""Operations that take a hundred names at once, and must say something of each."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from http import HTTPStatus
from typing import Any, TypeVar

from ..errors import ResponseError
from .operation import Operation

T = TypeVar("T")

_MOST_IN_A_REQUEST = 100


def parts(names: Sequence[T]) -> Iterator[Sequence[T]]:
    """Cut the names into as many as one request takes."""
    for start in range(0, len(names), _MOST_IN_A_REQUEST):
        yield names[start : start + _MOST_IN_A_REQUEST]


def check_complete(operation: Operation[Any, Any], asked: Sequence[T], told: Container[T]) -> None:
    """Raise a ResponseError where an answer says nothing of a name that was asked for."""
    omitted = [name for name in asked if name not in told]
    if omitted:
        raise ResponseError(
            f"the answer says nothing of {len(omitted)} of the {len(asked)} tasks asked for, "
            f"such as {omitted[0]}",
            service=operation.service.id,
            operation=operation.name,
            status=HTTPStatus.OK,
        )
