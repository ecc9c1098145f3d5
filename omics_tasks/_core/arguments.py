"""Numbers, times and JSON documents as arguments: checked strictly, and sent as boto3 sends them.

JSON is read as leniently as answers are.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias, cast

from pydantic import AfterValidator, AwareDatetime, GetCoreSchemaHandler, PlainSerializer
from pydantic_core import (
    CoreSchema,
    InitErrorDetails,
    PydanticCustomError,
    ValidationError,
    core_schema,
)

from .scalars import EpochTimestamp, Float, Timestamp

if TYPE_CHECKING:
    Json: TypeAlias = bool | int | float | str | Sequence["Json"] | Mapping[str, "Json"] | None
else:
    # Pydantic leaves a document to this module, and can't resolve a type that has itself inside.
    Json = object

_DEEPEST = 200
"""Most lists and objects inside each other; pydantic writes 254."""


@dataclass(frozen=True, slots=True)
class _LikeAnswers:
    """Reads JSON as an answer is read, and is written as one unless the type says otherwise."""

    answer: Any
    """Type of the same member in an answer."""

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Return a schema that is strict with Python's values alone."""
        in_json: Any = handler.generate_schema(self.answer)
        in_python: Any = handler(source)
        written = in_python.get("serialization", in_json.get("serialization"))
        return core_schema.json_or_python_schema(in_json, in_python, serialization=written)


def _in_utc(time: datetime) -> datetime:
    """Return the time as it goes over the wire."""
    try:
        return time.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("must be a time that there is in UTC") from error


def _to_epoch(time: datetime) -> int | float:
    return time.timestamp() if time.microsecond else int(time.timestamp())


FloatArgument = Annotated[float, _LikeAnswers(Float)]
TimestampArgument = Annotated[AwareDatetime, AfterValidator(_in_utc), _LikeAnswers(Timestamp)]
"""A time with a zone. It is sent as text."""
EpochTimestampArgument = Annotated[
    AwareDatetime,
    AfterValidator(_in_utc),
    PlainSerializer(_to_epoch, when_used="json"),
    _LikeAnswers(EpochTimestamp),
]
"""A time with a zone. It is sent as a number of seconds since 1970."""


@dataclass(frozen=True, slots=True)
class _Document:
    """Copies what JSON can hold, as it is, and names the places of all else."""

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Return a schema that leaves all to a function: nulls inside are values like others."""
        return core_schema.no_info_plain_validator_function(_copied)


Document = Annotated[Json, _Document()]
"""A JSON document, which is sent as it is given: null, empty and nested values included."""


def _copied(document: object) -> object:
    faults: list[InitErrorDetails] = []
    copy = _copy(document, (), faults)
    if faults:
        raise ValidationError.from_exception_data("document", faults)
    return copy


def _copy(value: object, place: tuple[str | int, ...], faults: list[InitErrorDetails]) -> object:
    if len(place) > _DEEPEST:
        faults.append(_fault(place[:1], f"must not be nested deeper than {_DEEPEST} levels"))
        return None
    match value:
        case None | bool() | int() | str():
            return value
        case float() if math.isfinite(value):
            return value
        case float():
            faults.append(_fault(place, "must be a number that JSON has: neither NaN nor infinite"))
        case list() | tuple():
            elements = cast("Sequence[object]", value)
            return [_copy(each, (*place, at), faults) for at, each in enumerate(elements)]
        case Mapping():
            members = cast("Mapping[object, object]", value)
            return dict(_copies(members, place, faults))
        case _:
            faults.append(
                _fault(place, "must be JSON: an object, list, string, number, boolean or null")
            )
    return None


def _copies(
    members: Mapping[object, object], place: tuple[str | int, ...], faults: list[InitErrorDetails]
) -> Iterator[tuple[str, object]]:
    for name, value in members.items():
        if isinstance(name, str):
            yield name, _copy(value, (*place, name), faults)
        else:
            faults.append(_fault(place, "must have strings alone as names of members"))


def _fault(place: tuple[str | int, ...], rule: str) -> InitErrorDetails:
    error = PydanticCustomError("document", "{rule}", {"rule": rule})
    return InitErrorDetails(type=error, loc=place, input=None)
