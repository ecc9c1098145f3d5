"""Random answers in two forms, drawn from AWS's model: the usual one and an alternative."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from typing import Any

from botocore.model import ListShape, MapShape, OperationModel, Shape, StructureShape
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from .layout_of_aws import format_of_time

Forms = tuple[Any, Any]
"""A value in the usual form of AWS's model, and in an alternative form."""


@cache
def answers_in_two_forms(model: OperationModel) -> SearchStrategy[Forms]:
    """Draw answers with all members, so that each number, boolean and time is covered."""
    assert model.output_shape is not None
    return _forms(model.output_shape)


def _forms(shape: Shape) -> SearchStrategy[Forms]:
    match shape:
        case StructureShape(is_document_type=True):
            return st.just(({"a": ["1", 1.0]}, {"a": ["1", 1.0]}))
        case StructureShape():
            return _joined({name: _forms(member) for name, member in shape.members.items()})
        case ListShape():
            return _joined({"0": _forms(shape.member)}).map(_values)
        case MapShape():
            return _joined({"key": _forms(shape.value)})
        case Shape(type_name="integer" | "long"):
            return st.integers(-(2**31), 2**31 - 1).flatmap(_integer)
        case Shape(type_name="float" | "double"):
            return st.sampled_from([(0.5, "0.5"), (-3.0, "-3"), (1e21, "1e21")])
        case Shape(type_name="boolean"):
            return st.sampled_from([(True, "true"), (False, "false")])
        case Shape(type_name="timestamp"):
            return st.integers(10**8, 10**10).flatmap(
                lambda seconds: _time(seconds, format_of_time(shape))
            )
        case _:
            return st.just(("x", "x"))


def _joined(members: dict[str, SearchStrategy[Forms]]) -> SearchStrategy[Forms]:
    return st.fixed_dictionaries(members).map(_apart)


def _apart(members: dict[str, Forms]) -> Forms:
    pairs = members.items()
    return {name: usual for name, (usual, _) in pairs}, {name: other for name, (_, other) in pairs}


def _values(forms: Forms) -> Forms:
    usual, other = forms
    return list(usual.values()), list(other.values())


def _integer(value: int) -> SearchStrategy[Forms]:
    return st.sampled_from([(value, float(value)), (value, str(value)), (value, f"{value}.0")])


def _time(seconds: int, format_of_it: str) -> SearchStrategy[Forms]:
    iso = datetime.fromtimestamp(seconds, UTC).isoformat()
    usual = seconds if format_of_it == "unixTimestamp" else iso
    return st.sampled_from([(usual, o) for o in (iso, seconds, float(seconds), str(seconds))])
