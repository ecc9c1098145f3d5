"""Numbers, times and JSON documents as arguments.

Python's values are checked strictly, and sent as boto3 sends them. JSON is read as leniently as in
responses.
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

from .model import GivenAs
from .scalars import EpochTimestamp, Float, Timestamp

if TYPE_CHECKING:
    Json: TypeAlias = bool | int | float | str | Sequence["Json"] | Mapping[str, "Json"] | None
else:
    # Pydantic can't resolve a recursive alias, and has no need to: _Document checks the value.
    Json = object

_MAX_DEPTH = 200
"""Maximum depth of a document; pydantic can serialize 254."""
_MOST_BITS = 14_000
"""Maximum size of an integer: Python writes up to 4,300 digits."""


@dataclass(frozen=True, slots=True)
class _ResponseForm:
    """Reads JSON as the type of a response does, and writes it so unless told otherwise."""

    response_type: Any
    """Type of the same member in a response."""

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Return a schema that is strict for Python's values and lenient for JSON."""
        in_json: Any = handler.generate_schema(self.response_type)
        in_python: Any = handler(source)
        written = in_python.get("serialization", in_json.get("serialization"))
        return core_schema.json_or_python_schema(in_json, in_python, serialization=written)


def _in_utc(time: datetime) -> datetime:
    """Return the time in UTC, its form on the wire."""
    try:
        return time.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("must be a time that exists in UTC") from error


def _to_epoch(time: datetime) -> int | float:
    return time.timestamp() if time.microsecond else int(time.timestamp())


FloatArgument = Annotated[float, _ResponseForm(Float)]
TimestampArgument = Annotated[AwareDatetime, AfterValidator(_in_utc), _ResponseForm(Timestamp)]
"""Time with a zone, sent as text."""
EpochTimestampArgument = Annotated[
    AwareDatetime,
    AfterValidator(_in_utc),
    PlainSerializer(_to_epoch, when_used="json"),
    _ResponseForm(EpochTimestamp),
]
"""Time with a zone, sent as a number of seconds since 1970."""


@dataclass(frozen=True, slots=True)
class _Document:
    """Copies a JSON value exactly, and names the place of anything that JSON can't hold."""

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Return a schema of one function: pydantic would drop the nulls inside."""
        return core_schema.no_info_plain_validator_function(_copied)


Document = Annotated[Json, _Document(), GivenAs("Json")]
"""JSON document, sent exactly as given, with null, empty and nested values."""


def _copied(document: object) -> object:
    faults: list[InitErrorDetails] = []
    copy = _copy(document, (), faults)
    if faults:
        raise ValidationError.from_exception_data("document", faults)
    return copy


def _copy(value: object, place: tuple[str | int, ...], faults: list[InitErrorDetails]) -> object:
    if len(place) > _MAX_DEPTH:
        faults.append(_fault(place[:1], f"must not be nested deeper than {_MAX_DEPTH} levels"))
        return None
    match value:
        case int() if value.bit_length() > _MOST_BITS:
            faults.append(_fault(place, "must be a number of fewer digits"))
        case str() if not _is_unicode(value):
            faults.append(_fault(place, "must be valid Unicode"))
        case None | bool() | int() | str():
            return value
        case float() if math.isfinite(value):
            return value
        case float():
            faults.append(_fault(place, "must be a finite number"))
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
        if isinstance(name, str) and _is_unicode(name):
            yield name, _copy(value, (*place, name), faults)
        else:
            faults.append(_fault(place, "must have strings of valid Unicode as keys"))


def _is_unicode(text: str) -> bool:
    """Return False for a text with half a surrogate pair."""
    return text.isascii() or text == text.encode("utf-8", "ignore").decode()


def _fault(place: tuple[str | int, ...], rule: str) -> InitErrorDetails:
    error = PydanticCustomError("document", "{rule}", {"rule": rule})
    return InitErrorDetails(type=error, loc=place, input=None)
