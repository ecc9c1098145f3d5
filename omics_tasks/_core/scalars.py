"""Numbers, booleans and times in responses, parsed from every form that has one meaning.

``7``, ``7.0`` and ``"7"`` are the same number. A form that may mean something else is refused, such
as a time without a zone, and so is a number in place of a string, as it has lost any leading zeros.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import (
    AwareDatetime,
    Field,
    GetCoreSchemaHandler,
    PlainSerializer,
    SerializationInfo,
    SerializerFunctionWrapHandler,
    TypeAdapter,
    WrapSerializer,
)
from pydantic_core import CoreSchema, core_schema

_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")
_BOOLEANS = {"true": True, "false": False}
_NO_NUMBERS = {"NaN": math.nan, "Infinity": math.inf, "-Infinity": -math.inf}
_LARGEST_EXACT = 2.0**53
"""A larger float may stand for several whole numbers."""
_FIRST_EPOCH_IN_TEXT = 1e8
"""A time in 1973. A year or a date written in digits is a smaller number."""


@dataclass(frozen=True, slots=True)
class Lenient:
    """Parses the usual form with the type, and other forms with a function."""

    read: Callable[[Any], object]
    """Return the value; raise ValueError for a form without a single meaning."""
    rule: str
    """Rule for the error message."""

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Return a schema that tries the type first, which is much faster than a function."""
        return core_schema.union_schema(
            [handler(source), core_schema.no_info_plain_validator_function(self.read)],
            mode="left_to_right",
            custom_error_type="form",
            custom_error_message=self.rule,
        )


def _integer(value: object) -> int:
    number = _number(value) if isinstance(value, str) else value
    if isinstance(number, float) and number.is_integer() and abs(number) <= _LARGEST_EXACT:
        return int(number)
    if isinstance(number, int) and not isinstance(number, bool):
        return number
    raise ValueError


def float_on_wire(number: float) -> float | str:
    """Return a number as JSON can have it: NaN and the infinities are strings."""
    if math.isfinite(number):
        return number
    return next(name for name, each in _NO_NUMBERS.items() if str(each) == str(number))


def _boolean(value: object) -> bool:
    if isinstance(value, str) and value in _BOOLEANS:
        return _BOOLEANS[value]
    raise ValueError


def _float(value: object) -> float:
    if isinstance(value, str):
        return _NO_NUMBERS[value] if value in _NO_NUMBERS else float(_number(value))
    raise ValueError


def _time(value: object) -> datetime:
    match value:
        case bool():
            raise ValueError
        case int() | float():
            return _from_epoch(value)
        case str() if ":" not in value:
            seconds = _number(value)
            if seconds < _FIRST_EPOCH_IN_TEXT:
                raise ValueError
            return _from_epoch(seconds)
        case _:
            return _ANY_YEAR.validate_python(value)


def _from_epoch(seconds: float) -> datetime:
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, OSError) as error:
        raise ValueError from error


def _number(text: str) -> int | float:
    number = _NUMBER.fullmatch(text)
    if number is None:
        raise ValueError
    return int(text) if number.lastindex is None else float(text)


Integer = Annotated[int, Lenient(_integer, "Input should be a whole number")]
Float = Annotated[
    float,
    Lenient(_float, "Input should be a number"),
    PlainSerializer(float_on_wire, when_used="json"),
]
Boolean = Annotated[bool, Lenient(_boolean, "Input should be true or false")]

_ANY_YEAR = TypeAdapter[datetime](AwareDatetime)
# By itself pydantic reads "2026" as seconds; Model's val_temporal_unit keeps it from milliseconds.
_SINCE_1973 = Field(ge=datetime.fromtimestamp(_FIRST_EPOCH_IN_TEXT, UTC))
Timestamp = Annotated[
    AwareDatetime,
    _SINCE_1973,
    Lenient(_time, "Input should be a time with a zone, or seconds since 1970"),
]


def _to_epoch(
    time: datetime, iso: SerializerFunctionWrapHandler, info: SerializationInfo
) -> float | str:
    return time.timestamp() if info.by_alias else str(iso(time))


EpochTimestamp = Annotated[Timestamp, WrapSerializer(_to_epoch, when_used="json")]
"""On awsJson's wire a number of seconds since 1970. In JSON by field names it is an ISO string."""
