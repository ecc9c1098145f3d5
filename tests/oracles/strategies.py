"""Random valid arguments and answers, made from AWS's own model of an operation."""

from __future__ import annotations

import json
from datetime import datetime
from string import punctuation
from typing import Any

from botocore import xform_name
from botocore.model import ListShape, MapShape, OperationModel, Shape, StructureShape
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

Members = dict[str, object]

IDENTITIES = {"id", "taskId"}
"""Members that answers always have here: the model leaves them open, and our models do not."""

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text()
    | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


def arguments(model: OperationModel) -> SearchStrategy[Members]:
    """Arguments that an operation accepts, under AWS's names."""
    shape = model.input_shape
    assert isinstance(shape, StructureShape)
    members = {name: _argument(member) for name, member in shape.members.items()}
    required = {name: members.pop(name) for name in shape.required_members}
    return st.fixed_dictionaries(required, optional=members).map(_alone)


def _alone(members: Members) -> Members:
    """ECS takes ``startedBy`` as the only filter."""
    beside = {"startedBy", "cluster", "maxResults", "nextToken"}
    return {n: m for n, m in members.items() if "startedBy" not in members or n in beside}


def _argument(shape: Shape) -> SearchStrategy[Any]:
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    match shape:
        case ListShape():
            return st.lists(_argument(shape.member), min_size=least or 0, max_size=3)
        case Shape(type_name="integer"):
            # Where AWS's model has no range, the API's page has this one.
            return st.integers(1 if least is None else least, 100 if most is None else most)
        case Shape(type_name="string"):
            return _string(shape, least or 0, most)
        case _:
            raise TypeError(f"no strategy for {shape}")


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


def answers(model: OperationModel) -> SearchStrategy[bytes]:
    """Bodies that an operation may answer with: nulls and members that nobody knows included."""
    shape = model.output_shape
    assert isinstance(shape, StructureShape)
    return st.builds(_dump, _structure(shape), ensure_ascii=st.booleans())


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
        case Shape(type_name="boolean"):
            return st.booleans()
        case Shape(type_name="timestamp"):
            return timestamps()
        case _:
            raise TypeError(f"no strategy for {shape}")


def _structure(shape: StructureShape) -> SearchStrategy[Members]:
    members = {name: _answer(member) for name, member in shape.members.items()}
    if shape.is_tagged_union:
        return st.one_of(*(st.fixed_dictionaries({name: m}) for name, m in members.items()))
    required = members.keys() & {*shape.required_members, *IDENTITIES}
    known = {*members, *map(xform_name, members)}
    said = st.fixed_dictionaries(
        {name: member for name, member in members.items() if name in required},
        optional={name: m | st.none() for name, m in members.items() if name not in required},
    )
    unknown = st.dictionaries(st.text().filter(lambda name: name not in known), JSON, max_size=1)
    return st.tuples(said, unknown).map(lambda parts: {**parts[0], **parts[1]})


@st.composite
def timestamps(draw: st.DrawFn) -> str:
    """An ISO-8601 time with 0 to 9 digits of fraction, in UTC or with an offset."""
    whole = draw(st.datetimes(datetime(1970, 1, 2), datetime(2199, 12, 31)))  # noqa: DTZ001 - the zone comes below
    digits = draw(st.text("0123456789", max_size=9))
    minutes = draw(st.integers(-14 * 60, 14 * 60))
    sign, offset = "+-"[minutes < 0], f"{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"
    zone = draw(st.sampled_from(["Z", "+00:00", f"{sign}{offset}"]))
    return f"{whole:%Y-%m-%dT%H:%M:%S}{'.' * bool(digits)}{digits}{zone}"
