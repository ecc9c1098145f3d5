"""Where each member of an operation's input goes in its request, as data.

Members that the path names are labels. The rest goes into the query of a GET, and into the body of
any other method. What differs from that is marked on the member:

    client_token: Annotated[str, Header("X-Amz-Client-Token")]
    force: Annotated[bool, Query()] | None = None

A member of the query has its alias for a name there. In awsJson all members go into the body.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin
from urllib.parse import quote

from pydantic.fields import FieldInfo

from .operation import Operation, Protocol, Repeatability

_LABEL = re.compile(r"\{(\w+)\}")
_UNRESERVED = "-._~"


@dataclass(frozen=True, slots=True)
class Header:
    """Marks a member that goes into a header of rest-json."""

    name: str
    """Name of the header."""


@dataclass(frozen=True, slots=True)
class Query:
    """Marks a member that goes into the query of rest-json, beside a body or without one."""


@dataclass(frozen=True, slots=True)
class Binding:
    """Places of the members, by their names on the wire, and what is the same in every request."""

    path: tuple[str, ...]
    """Fixed parts of the path, encoded: one more than there are labels."""
    labels: tuple[str, ...]
    """Members that go between them."""
    constant_query: str
    """Query that the path ends with, encoded; empty for none."""
    query: Mapping[str, str]
    """Members that go into the query, and their names there, encoded."""
    in_headers: Mapping[str, str]
    """Members that go into headers, and the names of these."""
    body: frozenset[str]
    """Members that go into the body."""
    headers: Mapping[str, str]
    """Headers that every request has."""
    has_body: bool
    """False where no request has a body."""
    may_repeat: bool
    """False where a second request may act a second time."""


@cache
def bind(operation: Operation[Any, Any]) -> Binding:
    """Return where the members of the operation's input go."""
    template, _, constant_query = operation.path.partition("?")
    parts = _LABEL.split(template)
    marks = _marks(operation)
    labels = tuple(parts[1::2])
    is_json = operation.service.protocol is Protocol.AWS_JSON
    rest = [name for name in marks if name not in labels]
    default = Query() if operation.method == "GET" else None
    places = dict.fromkeys(rest) if is_json else {n: marks[n] or default for n in rest}
    body = frozenset(name for name, mark in places.items() if mark is None)
    return Binding(
        path=tuple(parts[::2]),
        labels=labels,
        constant_query=constant_query,
        query={n: encoded(n) for n, mark in places.items() if isinstance(mark, Query)},
        in_headers={n: mark.name for n, mark in places.items() if isinstance(mark, Header)},
        body=body,
        headers=_headers(operation, has_body=bool(body)),
        has_body=is_json or bool(body),
        may_repeat=operation.repeatability is not Repeatability.NONE,
    )


def text_of(value: object) -> str:
    """Return a scalar, as JSON has it, as the text that stands for it in a URL or a header."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def encoded(value: object) -> str:
    """Return a scalar, as JSON has it, as it stands in a URL."""
    return quote(value if isinstance(value, str) else text_of(value), safe=_UNRESERVED)


def _headers(operation: Operation[Any, Any], *, has_body: bool) -> dict[str, str]:
    service = operation.service
    if service.protocol is Protocol.AWS_JSON:
        return {
            "Content-Type": "application/x-amz-json-1.1",
            "X-Amz-Target": f"{service.target_prefix}.{operation.name}",
        }
    return {"Content-Type": "application/json"} if has_body else {}


def _marks(operation: Operation[Any, Any]) -> dict[str, Header | Query | None]:
    """Return the members that are sent, by their names on the wire, and the mark of each."""
    return {
        field.alias or name: next(_marks_of(field), None)
        for name, field in operation.input.model_fields.items()
        if not field.exclude
    }


def _marks_of(field: FieldInfo) -> Iterator[Header | Query]:
    yield from (mark for mark in field.metadata if isinstance(mark, Header | Query))
    yield from _marks_inside(field.annotation)


def _marks_inside(annotation: Any) -> Iterator[Header | Query]:
    """Yield the marks of a type with None beside it, as in ``Annotated[str, Query()] | None``."""
    if get_origin(annotation) is Annotated:
        yield from (mark for mark in get_args(annotation) if isinstance(mark, Header | Query))
    elif get_origin(annotation) in (Union, UnionType):
        for each in get_args(annotation):
            yield from _marks_inside(each)
