"""Structures, lists, maps, unions and documents as arguments, and numbers and times in them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta, timezone
from math import inf, nan
from types import MappingProxyType
from typing import Annotated, Any

import httpx
import pytest
from pydantic import Field, ValidationError

from omics_tasks import ParamValidationError
from omics_tasks._core.arguments import (
    Document,
    EpochTimestampArgument,
    FloatArgument,
    TimestampArgument,
)
from omics_tasks._core.model import Input, Model, Structure, TaggedUnion
from omics_tasks._core.protocols import Response, decode
from omics_tasks._core.scalars import Float

from .asking import Ask, Script
from .synthetic import JSON, call, operation, sent


class ContainerOverride(Structure):
    """A structure in a list."""

    name: str | None = None
    cpu: int | None = None
    environment: Mapping[str, Annotated[str, Field(max_length=3)]] | None = None
    size_in_gib: int | None = Field(default=None, alias="sizeInGiB")


class Overrides(Structure):
    """A structure with structures inside."""

    container_overrides: Sequence[ContainerOverride] | None = None


class Storage(TaggedUnion):
    """A union of two members of the same type."""

    file_path: str | None = None
    other_path: str | None = None


class Nested(Structure):
    """A structure that may have itself inside."""

    inner: Sequence[Nested] | None = None


def deep(levels: int) -> dict[str, Any]:
    """Return structures inside each other."""
    return {"inner": [deep(levels - 1)]} if levels else {}


class Start(Input):
    """Has one of each."""

    nested: Nested | None = None

    overrides: Overrides | None = None
    storage: Storage | None = None
    tags: Mapping[Annotated[str, Field(pattern="^[a-z]+$")], str] | None = None
    parameters: Document | None = None
    ratio: FloatArgument | None = None
    since: TimestampArgument | None = None
    until: EpochTimestampArgument | None = None


START = operation(Start)
CONTAINER = {"name": "main", "cpu": 1, "environment": {"someName": "x"}, "size_in_gib": 5}
ON_WIRE = {"name": "main", "cpu": 1, "environment": {"someName": "x"}, "sizeInGiB": 5}


def body(ask: Ask, **arguments: Any) -> Any:
    """The JSON that a call sends; that it is as boto3 spells it, tests/oracles prove."""
    return json.loads(sent(ask, START, **arguments).content)


@pytest.mark.parametrize(
    "overrides",
    [
        {"container_overrides": [CONTAINER]},
        {"container_overrides": (ContainerOverride(**CONTAINER),)},  # type: ignore[arg-type]
        Overrides(container_overrides=[ContainerOverride(**CONTAINER)]),  # type: ignore[arg-type]
        MappingProxyType({"container_overrides": [MappingProxyType(CONTAINER)]}),
        {"container_overrides": [{**CONTAINER}]},
    ],
)
def test_structures_and_mappings_are_the_same(ask: Ask, overrides: Any) -> None:
    """A structure is given as itself or as a mapping in snake case, at any depth."""
    expected = {"overrides": {"containerOverrides": [ON_WIRE]}}
    assert expected == body(ask, overrides=overrides)


def test_none_is_left_out_of_structures(ask: Ask) -> None:
    """A member that is None is not sent, and an empty list, map or structure is."""
    overrides: dict[str, Any] = {"container_overrides": [{"cpu": None}, {"environment": {}}]}
    overridden: list[Any] = [{}, {"environment": {}}]
    expected = {"overrides": {"containerOverrides": overridden}, "tags": {}}
    assert expected == body(ask, overrides=overrides, tags={}, ratio=None)


WRONG: list[tuple[dict[str, Any], str, str]] = [
    ({"overrides": {"container_overrides": [{"cpu": "1"}]}},
     "overrides.container_overrides[0].cpu", "integer"),
    ({"overrides": {"container_overrides": [{}, {"containerName": "x"}]}},
     "overrides.container_overrides[1].containerName", "Extra"),
    ({"overrides": {"containerOverrides": []}}, "overrides.containerOverrides", "Extra"),
    ({"overrides": {"container_overrides": {}}}, "overrides.container_overrides", "a list"),
    ({"overrides": {"container_overrides": "ab"}}, "overrides.container_overrides", "a list"),
    ({"overrides": {"container_overrides": [5]}}, "overrides.container_overrides[0]", "dictionary"),
    ({"overrides": {"container_overrides": [{"environment": {"A": "long"}}]}},
     "overrides.container_overrides[0].environment.A", "at most 3"),
    ({"overrides": 5}, "overrides", "dictionary"),
    ({"tags": {"X": "y"}}, "tags.X", "its key: .*pattern"),
    ({"tags": {"x": 5}}, "tags.x", "string"),
    ({"storage": {}}, "storage", "exactly one of file_path, other_path"),
    ({"storage": {"file_path": "a", "other_path": "b"}}, "storage", "exactly one of"),
    ({"storage": {"filePath": "a"}}, "storage.filePath", "Extra"),
    ({"parameters": {"a": [1, nan]}}, "parameters.a[1]", "must be a finite number"),
    ({"parameters": inf}, "parameters", "must be a finite number"),
    ({"parameters": [{"a": {1}}]}, "parameters[0].a", "must be JSON"),
    ({"parameters": {"a": {1: 2}}}, "parameters.a", "strings of valid Unicode as keys"),
    ({"parameters": datetime.now(UTC)}, "parameters", "must be JSON"),
    ({"parameters": {"a": "\ud800"}}, "parameters.a", "valid Unicode"),
    ({"parameters": {"\ud800": 1}}, "parameters", "valid Unicode as keys"),
    ({"parameters": [10**5000]}, "parameters[0]", "fewer digits"),
    ({"tags": {"x": "\ud800"}}, "tags.x", "unicode"),
    ({"overrides": {"container_overrides": [{"cpu": 10**5000}]}}, "overrides", "too large"),
    ({"nested": deep(150)}, "nested", "nested too deeply"),
    ({"ratio": "0.5"}, "ratio", "number"),
    ({"ratio": True}, "ratio", "number"),
    ({"since": "2026-01-02T03:04:05Z"}, "since", "datetime"),
    ({"since": datetime(2026, 1, 2)}, "since", "timezone"),  # noqa: DTZ001 - it is refused
    ({"until": 1767323045}, "until", "datetime"),
    ({"until": datetime.max.replace(tzinfo=timezone(-timedelta(hours=1)))}, "until", "in UTC"),
]  # fmt: skip


@pytest.mark.parametrize(("arguments", "place", "rule"), WRONG)
def test_errors_name_the_place(ask: Ask, arguments: dict[str, Any], place: str, rule: str) -> None:
    """An error names the place in snake case, and nothing is sent."""
    script = Script(httpx.Response(200))
    with pytest.raises(ParamValidationError, match=rule) as caught:
        ask(call(START, **arguments), transport=script.transport)
    assert [place] == [problem.argument for problem in caught.value.problems]
    assert [] == script.requests


def test_all_faults_are_named(ask: Ask) -> None:
    """One error names all that is wrong, inside a document too."""
    arguments: dict[str, Any] = {"parameters": {"a": nan, "b": [set[int]()]}, "ratio": "x"}
    with pytest.raises(ParamValidationError) as caught:
        ask(call(START, **arguments))
    places = ["parameters.a", "parameters.b[0]", "ratio"]
    assert places == [problem.argument for problem in caught.value.problems]


def test_structures_are_frozen_and_checked() -> None:
    """A structure is checked as it is made, and can't be changed."""
    with pytest.raises(ValidationError, match="cpu"):
        ContainerOverride(cpu="1")  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  # it is refused
    with pytest.raises(ValidationError, match="frozen"):
        ContainerOverride(cpu=1).cpu = 2  # pyright: ignore[reportAttributeAccessIssue]  # it is refused


@pytest.mark.parametrize("storage", [{"file_path": "a"}, Storage(file_path="a")])
def test_unions(ask: Ask, storage: Any) -> None:
    """A union is the one member that it has."""
    assert {"storage": {"filePath": "a"}} == body(ask, storage=storage)


@pytest.mark.parametrize(
    "document",
    [
        {"a": None, "b": [None, {}, [], {"c": None}], "snake_case": {"camelCase": ""}},
        [None],
        {},
        [],
        "",
        0,
        False,
        1e-7,
        "NaN",
        2**70,
    ],
)
def test_documents_are_sent_as_they_are(ask: Ask, document: Any) -> None:
    """Null, empty and nested values of a JSON document survive."""
    expected = json.dumps({"parameters": document}).encode()
    assert expected == sent(ask, START, parameters=document).content


def test_documents_take_any_sequence_and_mapping(ask: Ask) -> None:
    """A tuple is a list, and any mapping is an object."""
    document: Any = MappingProxyType({"a": (1, MappingProxyType({}))})
    assert {"parameters": {"a": [1, {}]}} == body(ask, parameters=document)


def test_documents_have_a_greatest_depth(ask: Ask) -> None:
    """A document of 200 levels is sent; a deeper one, or one inside itself, is refused."""
    document: Any = 1
    for _ in range(200):
        document = [document]
    assert {"parameters": document} == body(ask, parameters=document)
    endless: list[Any] = []
    endless.append(endless)
    for deep in ([document], endless):
        with pytest.raises(ParamValidationError, match="deeper than 200"):
            ask(call(START, parameters=deep))


@pytest.mark.parametrize(
    ("number", "on_wire"),
    [(0.5, b"0.5"), (2, b"2.0"), (nan, b'"NaN"'), (inf, b'"Infinity"'), (-inf, b'"-Infinity"')],
)
def test_numbers(ask: Ask, number: float, on_wire: bytes) -> None:
    """A number that JSON lacks is a string, as boto3 sends it."""
    assert b'{"ratio": ' + on_wire + b"}" == sent(ask, START, ratio=number).content


TIMES = [
    (datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC), "2026-01-02T03:04:05Z", "1767323045"),
    (datetime(2026, 1, 2, 5, 4, 5, 250000, timezone(timedelta(hours=2))),
     "2026-01-02T03:04:05.250000Z", "1767323045.25"),
]  # fmt: skip


@pytest.mark.parametrize(("time", "text", "epoch"), TIMES)
@pytest.mark.parametrize("service", [START.service, JSON])
def test_times(ask: Ask, service: Any, time: datetime, text: str, epoch: str) -> None:
    """A time is text in UTC or a number of seconds, as its own format says, in both protocols."""
    made = operation(Start, path="/", service=service)
    expected = f'{{"since": "{text}", "until": {epoch}}}'
    assert expected.encode() == sent(ask, made, since=time, until=time).content


class Answer(Model):
    """Has a number."""

    ratio: Float


@pytest.mark.parametrize(
    ("form", "expected"),
    [("0.5", 0.5), ("5", 5.0), ('"0.5"', 0.5), ('"1E-3"', 0.001), ('"NaN"', nan),
     ('"Infinity"', inf), ('"-Infinity"', -inf)],
)  # fmt: skip
def test_numbers_in_answers(form: str, expected: float) -> None:
    """A number is read from each of its forms, and dumped as the service writes it."""
    made = operation(output=Answer)
    answer: Answer = decode(made, Response(200, {}, f'{{"ratio": {form}}}'.encode()))
    assert (repr(expected), float) == (repr(answer.ratio), type(answer.ratio))
    dumped = answer.model_dump_json(by_alias=True).encode()
    assert repr(expected) == repr(decode(made, Response(200, {}, dumped)).ratio)


@pytest.mark.parametrize("form", ["true", '"true"', '"nan"', '"inf"', '""', "[1]", '" 1"', '"1_0"'])
def test_what_is_no_number(form: str) -> None:
    """A form with no meaning is refused by the member's name."""
    made = operation(output=Answer)
    with pytest.raises(Exception, match="ratio: Input should be a number"):
        decode(made, Response(200, {}, f'{{"ratio": {form}}}'.encode()))
