"""The place of each member of an operation's input in its request, as data.

Members that are named in the path are labels. All others go into the query of a GET and into the
body of any other method, unless the member is marked:

    client_token: Annotated[str, Header("X-Amz-Client-Token")]
    force: Annotated[bool, Query()] | None = None

The name in the query is the alias of the member. In awsJson all members go into the body.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin
from urllib.parse import quote

from pydantic import GetCoreSchemaHandler
from pydantic.fields import FieldInfo
from pydantic_core import CoreSchema, core_schema

from .operation import Operation, Protocol, Repeatability

_LABEL = re.compile(r"\{(\w+)\}")
_UNRESERVED = "-._~"
_HEADER_VALUE = re.compile(r"[!-~]+(?: +[!-~]+)*")


@dataclass(frozen=True, slots=True)
class Header:
    """Marks a member that goes into a header (rest-json)."""

    name: str
    """Name of the header."""

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Return a schema that refuses what no header can hold, such as a line break."""
        return core_schema.no_info_after_validator_function(_header_value, handler(source))


def _header_value(value: object) -> object:
    if isinstance(value, str) and not _HEADER_VALUE.fullmatch(value):
        raise ValueError(
            "must have printable ASCII characters only, with no space at its ends, as it is sent "
            "in a header"
        )
    return value


@dataclass(frozen=True, slots=True)
class Query:
    """Marks a member that goes into the query (rest-json), with or without a body beside it."""


@dataclass(frozen=True, slots=True)
class Binding:
    """The places of the members, by their wire names, and the constant parts of every request."""

    path: tuple[str, ...]
    """Constant parts of the path, encoded: one more than there are labels."""
    labels: tuple[str, ...]
    """Members between those parts."""
    constant_query: str
    """Constant query at the end of the path, encoded; empty if there is none."""
    query: Mapping[str, str]
    """Names in the query, encoded, of the members that go there."""
    in_headers: Mapping[str, str]
    """Names of the headers of the members that go there."""
    body: frozenset[str]
    """Members that go into the body."""
    headers: Mapping[str, str]
    """Constant headers."""
    has_body: bool
    """False if no request has a body."""
    may_repeat: bool
    """False if a second request may act a second time."""


@cache
def bind(operation: Operation[Any, Any]) -> Binding:
    """Return the binding of an operation."""
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
    """Return a JSON scalar as text for a URL or a header."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def encoded(value: object) -> str:
    """Return a JSON scalar, encoded for a URL."""
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
    """Return the mark of each member that is sent, by its wire name."""
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
