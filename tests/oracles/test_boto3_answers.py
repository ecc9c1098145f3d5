"""boto3's output of an answer compared with ours."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from types import NoneType
from typing import Any, cast

import pytest
from botocore.utils import parse_timestamp
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from omics_tasks._core.model import Model
from omics_tasks._core.protocols import Response, decode
from omics_tasks._core.scalars import Timestamp

from ..asking import ask_async, ask_sync
from .aws import OPERATIONS, ask_boto3, ask_ours
from .forms import answers_in_two_forms
from .known import known_model
from .server import RecordingServer
from .strategies import answers, arguments, timestamps


def as_boto3_has_it(value: Any) -> Any:
    """Return a model as a dict with the names and members of AWS's model."""
    if not isinstance(value, Model):
        return _inside(value, as_boto3_has_it)
    fields = type(value).model_fields.items()
    members = {field.alias: as_boto3_has_it(getattr(value, name)) for name, field in fields}
    if (offset := members.get("nextItemOffset")) is not None:
        members["nextItemOffset"] = int(offset)  # a token here, and a number there
    return members


def without_empty(value: Any) -> Any:
    """Remove empty members: boto3 omits nulls, and we have empty collections."""
    rest = _inside(value, without_empty)
    if not isinstance(rest, dict):
        return rest
    members = cast("dict[str, Any]", rest).items()
    return {name: member for name, member in members if member not in (None, [], {})}


def _inside(value: Any, convert: Callable[[Any], Any]) -> Any:
    if isinstance(value, dict):
        members = cast("dict[str, Any]", value).items()
        return {name: convert(member) for name, member in members}
    if isinstance(value, list):
        return [convert(element) for element in cast("Sequence[Any]", value)]
    return value


@pytest.mark.parametrize("name", OPERATIONS)
@given(data=st.data())
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_answer_is_boto3s(server: RecordingServer, name: str, data: st.DataObject) -> None:
    """Both clients parse a valid answer like boto3, member by member."""
    operation = OPERATIONS[name]
    server.start(data.draw(answers(known_model(operation))))
    members = data.draw(arguments(known_model(operation)))
    theirs = without_empty(ask_boto3(operation, members, server.url))
    for ask in (ask_sync, ask_async):
        ours = ask_ours(ask, operation, members, server.url)
        assert theirs == without_empty(as_boto3_has_it(ours) or {})


@pytest.mark.parametrize("name", [n for n, o in OPERATIONS.items() if o.output is not NoneType])
@given(data=st.data())
@settings(max_examples=50, deadline=None)
def test_other_forms_are_read_the_same(name: str, data: st.DataObject) -> None:
    """Each number, boolean and time of AWS's model is parsed from its alternative forms."""
    operation = OPERATIONS[name]
    usual, other = data.draw(answers_in_two_forms(known_model(operation)))
    expected, found = (
        as_boto3_has_it(decode(operation, Response(200, {}, json.dumps(members).encode())))
        for members in (usual, other)
    )
    assert expected == found


@given(text=timestamps())
def test_time_is_botocores(text: str) -> None:
    """A parsed time equals botocore's to the microsecond and has a time zone."""
    ours = TypeAdapter(Timestamp).validate_json(f'"{text}"', strict=True)
    assert parse_timestamp(text) == ours
    assert ours.utcoffset() is not None
