"""Random valid arguments and answers, drawn from AWS's model of an operation."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from functools import cache
from string import punctuation
from typing import Any

from botocore import xform_name
from botocore.model import ListShape, MapShape, OperationModel, Shape, StructureShape
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from .layout_of_aws import format_of_time

Members = dict[str, object]

IDENTITIES = {"id", "taskId", "taskArn"}
"""Members that answers here always have: AWS's model leaves them open, our models don't."""

TO_DESCRIBE = st.lists(
    st.builds("{} {}".format, st.text(), st.uuids()), min_size=1, max_size=3, unique=True
)
"""Names of tasks: at least one, all different, and none of a drawn answer, so that each is sent."""

OPERATORS = {
    "DateTimeFilterExpression": [
        "EQUAL", "GREATER_THAN_EQUAL_TO", "GREATER_THAN", "LESS_THAN_EQUAL_TO", "LESS_THAN",
    ],
    "StringFilterExpression": ["EQUAL", "NOT_EQUAL"],
    "StringListFilterExpression": ["ANY_EQUALS", "ALL_NOT_EQUALS"],
}  # fmt: skip
"""Operators that a filter supports, which its description has and its shape hasn't."""

ZONES = st.integers(-14, 14).map(lambda hours: timezone(timedelta(hours=hours)))

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text()
    | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@cache
def arguments(model: OperationModel) -> SearchStrategy[Members]:
    """Draw arguments that an operation accepts, named as in AWS's model."""
    shape = model.input_shape
    if not isinstance(shape, StructureShape):
        return st.just({})
    members = {
        name: _header(member)
        if member.serialization.get("location") == "header"
        else _argument(member)
        for name, member in shape.members.items()
    }
    tokens = set(model.idempotent_members)  # they are always given, or both sides make up their own
    if model.name == "DescribeTasks":
        members["tasks"] = TO_DESCRIBE
    required = {name: members.pop(name) for name in sorted({*shape.required_members} | tokens)}
    return st.fixed_dictionaries(required, optional=members).map(_alone)


def _header(shape: Shape) -> SearchStrategy[Any]:
    """Draw a text that a header can hold, whatever else the model of a service allows."""
    least, most = shape.metadata.get("min", 1), shape.metadata.get("max")
    visible = st.characters(min_codepoint=0x21, max_codepoint=0x7E)
    return st.text(visible, min_size=max(least, 1), max_size=most)


def _alone(members: Members) -> Members:
    """Make ``startedBy`` the only filter, as ECS requires."""
    beside = {"startedBy", "cluster", "maxResults", "nextToken"}
    return {n: m for n, m in members.items() if "startedBy" not in members or n in beside}


def _argument(shape: Shape) -> SearchStrategy[Any]:
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    match shape:
        case StructureShape(is_document_type=True):
            return JSON.filter(lambda document: document is not None)
        case StructureShape():
            return st.deferred(lambda: _argument_structure(shape))  # it may have itself inside
        case MapShape():
            keys = _argument(shape.key)
            return st.dictionaries(keys, _argument(shape.value), min_size=least or 0, max_size=3)
        case ListShape():
            return st.lists(_argument(shape.member), min_size=least or 0, max_size=3)
        case Shape(type_name="boolean"):
            return st.booleans()
        case Shape(type_name="float" | "double"):
            return st.floats(least, most, allow_nan=least is most is None)
        case Shape(type_name="integer" | "long"):
            # Where AWS's model has no range, the API's page has this one.
            return st.integers(1 if least is None else least, 100 if most is None else most)
        case Shape(type_name="timestamp"):
            return st.datetimes(datetime(1970, 1, 2), datetime(2199, 12, 31), timezones=ZONES)  # noqa: DTZ001 - ZONES has them
        case Shape(type_name="string"):
            return _string(shape, least or 0, most)
        case _:
            raise TypeError(f"no strategy for {shape}")


def _argument_structure(shape: StructureShape) -> SearchStrategy[Members]:
    members = {name: _argument(member) for name, member in shape.members.items()}
    if shape.is_tagged_union:
        return st.one_of(*(st.fixed_dictionaries({name: m}) for name, m in members.items()))
    if shape.name in OPERATORS:
        members["operator"] = st.sampled_from(OPERATORS[shape.name])
    required = {name: members.pop(name) for name in shape.required_members}
    return st.fixed_dictionaries(required, optional=members)


def _string(shape: Shape, least: int, most: int | None) -> SearchStrategy[str]:
    pattern: str | None = shape.metadata.get("pattern")
    if "enum" in shape.metadata:
        return st.sampled_from(shape.metadata["enum"])
    if pattern is None:
        return st.text(min_size=least, max_size=most)
    if "\\p{" in pattern:  # Python's patterns lack these; all of AWS's mean "printable"
        printable = st.characters(categories=["L", "M", "Z", "S", "N", "P"])
        # The other half is what one quoter encodes and another one doesn't.
        return st.text(printable, min_size=least, max_size=most) | st.just(punctuation[:most])
    fitting = st.from_regex(pattern, fullmatch=True)
    return fitting.filter(lambda text: least <= len(text) <= (most or len(text)))


@cache
def answers(model: OperationModel) -> SearchStrategy[bytes]:
    """Draw bodies that an operation may return, with nulls and unknown members."""
    shape = model.output_shape
    if not isinstance(shape, StructureShape):
        return st.just(b"")
    known = shape.members.keys()
    documents = _structure(shape).filter(
        # Without any of its members it is no answer to this operation.
        lambda members: bool(members.keys() & known) or not (members and known)
    )
    return st.builds(_dump, documents, ensure_ascii=st.booleans())


def _dump(value: object, *, ensure_ascii: bool) -> bytes:
    return json.dumps(value, ensure_ascii=ensure_ascii).encode()


def _answer(shape: Shape) -> SearchStrategy[Any]:
    match shape:
        case StructureShape(is_document_type=True):
            return JSON
        case StructureShape():
            return _structure(shape)
        case ListShape():
            return st.lists(_answer(shape.member), max_size=3)
        case MapShape():
            return st.dictionaries(st.text(), _answer(shape.value), max_size=3)
        case Shape(type_name="string"):
            return st.sampled_from(shape.metadata.get("enum") or [""]) | st.text()
        case Shape(type_name="integer"):
            return st.integers(-(2**31), 2**31 - 1)
        case Shape(type_name="long"):
            return st.integers(-(2**63), 2**63 - 1)
        case Shape(type_name="boolean"):
            return st.booleans()
        case Shape(type_name="float" | "double"):
            return st.floats(allow_nan=False, allow_infinity=False)
        case Shape(type_name="timestamp"):
            return epochs() if format_of_time(shape) == "unixTimestamp" else timestamps()
        case _:
            raise TypeError(f"no strategy for {shape}")


def _structure(shape: StructureShape) -> SearchStrategy[Members]:
    members = {name: _answer(member) for name, member in shape.members.items()}
    if shape.is_tagged_union:
        return st.one_of(*(st.fixed_dictionaries({name: m}) for name, m in members.items()))
    required = members.keys() & {*shape.required_members, *IDENTITIES}
    known = {*members, *map(xform_name, members)}
    own = st.fixed_dictionaries(
        {name: member for name, member in members.items() if name in required},
        optional={name: m | st.none() for name, m in members.items() if name not in required},
    )
    unknown = st.dictionaries(st.text().filter(lambda name: name not in known), JSON, max_size=1)
    return st.tuples(own, unknown).map(lambda parts: {**parts[0], **parts[1]})


def epochs() -> SearchStrategy[float]:
    """Draw a time in seconds since 1970, whole or with a fraction."""
    latest = datetime(9999, 12, 31, tzinfo=UTC).timestamp()
    return st.integers(0, int(latest)) | st.floats(0, latest)


@st.composite
def timestamps(draw: st.DrawFn) -> str:
    """Draw an ISO 8601 time with 0 to 9 digits of fraction, in UTC or with an offset."""
    whole = draw(st.datetimes(datetime(1970, 1, 2), datetime(2199, 12, 31)))  # noqa: DTZ001 - the zone comes below
    digits = draw(st.text("0123456789", max_size=9))
    minutes = draw(st.integers(-14 * 60, 14 * 60))
    sign, offset = "+-"[minutes < 0], f"{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"
    zone = draw(st.sampled_from(["Z", "+00:00", f"{sign}{offset}"]))
    return f"{whole:%Y-%m-%dT%H:%M:%S}{'.' * bool(digits)}{digits}{zone}"
