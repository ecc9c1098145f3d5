"""Random arguments and answers of any operation, by AWS's model and a seed: quick, for many."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta, timezone
from math import inf, nan
from random import Random
from typing import Any

from botocore.model import ListShape, MapShape, Shape, StructureShape

from .layout_of_aws import format_of_time

TEXTS = ["", "a", "two words", "é/ü", "%20+&=?#~", '"\\\n\t', "☃ 𝄞", "null"]
DOCUMENTS: list[Any] = [
    {}, [], "x", 0, False, 1.5,
    {"a": None, "b": [None, {}, [], {"c": None}], "": {"d": 1.0e-7}, "e": "é"},
    [None, True, {"a": {"a": {"a": None}}}],
]  # fmt: skip
FLOATS = [0.0, -0.5, 3.0, 1e21, -1.25e-7, nan, inf, -inf]
NAMES = {repr(nan): "NaN", repr(inf): "Infinity", repr(-inf): "-Infinity"}
"""Numbers that JSON lacks, as AWS writes them."""

Chance = float
"""Of a member that may be left out to be there."""


class Values:
    """Values of shapes; each seed has its own."""

    def __init__(self, seed: str, chance: Chance) -> None:
        self._random = Random(seed)
        self._chance = chance

    def argument(self, shape: Shape) -> Any:
        """Values that boto3 accepts."""
        return self._value(shape, self._scalar_argument, (), nulls=False)

    def answer(self, shape: Shape) -> Any:
        """Values that a service sends: nulls and unknown members included."""
        return self._value(shape, self._scalar_answer, (), nulls=True)

    def _value(
        self,
        shape: Shape,
        scalar: Callable[[Shape], Any],
        around: tuple[str, ...],
        *,
        nulls: bool,
    ) -> Any:
        def inside(shape: Shape) -> Any:
            return self._value(shape, scalar, within, nulls=nulls)

        within = (*around, shape.name)
        least: int = shape.metadata.get("min", 0)
        match shape:
            case StructureShape(is_document_type=True):
                return self._random.choice(DOCUMENTS)
            case StructureShape():
                members = self._chosen(shape, around)
                given = {_wire(n, m, nulls): inside(m) for n, m in members.items()}
                return self._with_nulls(shape, given) if nulls else given
            case ListShape():
                elements = [inside(shape.member) for _ in range(max(least, self._count()))]
                return [*elements, None] if nulls and self._random.random() < 0.3 else elements
            case MapShape():
                count = max(least, self._count())
                keys = shape.key.metadata.get("enum") or ["k", "aws:x y", "é", "camelCase"]
                return {key: inside(shape.value) for key in keys[:count]}
            case _:
                return scalar(shape)

    def _count(self) -> int:
        return self._random.choice([0, 1, 1, 2]) if self._chance < 1 else 2

    def _chosen(self, shape: StructureShape, around: tuple[str, ...]) -> Mapping[str, Shape]:
        members = {n: m for n, m in shape.members.items() if not _leads_back(m, around)}
        if shape.is_tagged_union:
            name = self._random.choice(list(members))
            return {name: members[name]}
        return {
            name: member
            for name, member in members.items()
            if name in shape.required_members or self._random.random() < self._chance
        }

    def _with_nulls(self, shape: StructureShape, given: dict[str, Any]) -> dict[str, Any]:
        absent = {_wire(n, m, True) for n, m in shape.members.items()} - given.keys()
        nulls = {name: None for name in sorted(absent) if self._random.random() < 0.2}
        unknown = {"brandNew": {"x": [None]}} if given and not shape.is_tagged_union else {}
        return {**given, **nulls, **unknown}

    def _scalar_argument(self, shape: Shape) -> Any:
        match shape.type_name:
            case "string":
                return self._text(shape)
            case "float" | "double":
                return self._float(shape)
            case "timestamp":
                return self._time()
            case _:
                return self._plain(shape)

    def _scalar_answer(self, shape: Shape) -> Any:
        match shape.type_name:
            case "string":
                return self._random.choice(shape.metadata.get("enum") or TEXTS)
            case "float" | "double":
                number = self._float(shape)
                return NAMES.get(repr(number), number)
            case "timestamp":
                time = self._time()
                is_number = format_of_time(shape) == "unixTimestamp"
                return time.timestamp() if is_number else time.isoformat()
            case _:
                return self._plain(shape)

    def _plain(self, shape: Shape) -> Any:
        if shape.type_name == "boolean":
            return self._random.random() < 0.5
        least: int = shape.metadata.get("min", -(2**31))
        return self._random.randint(least, max(least, shape.metadata.get("max", 2**31 - 1)))

    def _text(self, shape: Shape) -> str:
        if "enum" in shape.metadata:
            return str(self._random.choice(shape.metadata["enum"]))
        least: int = shape.metadata.get("min", 0)
        match shape.serialization.get("location"):
            case "header":
                return "a token".ljust(least, "-")
            case "uri":
                return self._random.choice(TEXTS[1:]).ljust(least, "é")
            case _:
                return self._random.choice(TEXTS).ljust(least, "é")

    def _float(self, shape: Shape) -> float:
        least: float = shape.metadata.get("min", -inf)
        fitting = [each for each in FLOATS if not each < least] or [least]
        return self._random.choice(fitting)

    def _time(self) -> datetime:
        zone = timezone(timedelta(hours=self._random.randint(-12, 12)))
        seconds = self._random.randint(10**8, 4 * 10**9)
        time = datetime.fromtimestamp(seconds, UTC).astimezone(zone)
        return time.replace(microsecond=self._random.choice([0, 250000, 123000]))


def _wire(name: str, member: Shape, is_answer: bool) -> str:
    """boto3 takes members by their own names, and services send them by those on the wire."""
    return str(member.serialization.get("name", name)) if is_answer else name


def _leads_back(shape: Shape, around: tuple[str, ...]) -> bool:
    """Return whether a member is a structure that contains itself, or a list of them."""
    inside = shape.member if isinstance(shape, ListShape) else shape
    return around.count(inside.name) > 1
