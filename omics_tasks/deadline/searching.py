"""What tasks are searched by and sorted by: plain dataclasses.

They hold whatever they are made with: the search that one is given to says what is wrong in it,
with all else that is wrong there, and sends nothing.

A field of a task is named in capitals, as in ``RUN_STATUS``.
https://docs.aws.amazon.com/deadline-cloud/latest/APIReference/API_SearchTasks.html
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, ClassVar, Literal, TypeAlias

from pydantic import AfterValidator, AwareDatetime, ConfigDict, Field
from pydantic.alias_generators import to_camel

from .._core.unions import OneOf

__all__ = [
    "DateTimeFilterExpression",
    "FieldSortExpression",
    "ParameterFilterExpression",
    "ParameterSortExpression",
    "SearchFilterExpression",
    "SearchGroupedFilterExpressions",
    "SearchSortExpression",
    "SearchTermFilterExpression",
    "StringFilterExpression",
    "StringListFilterExpression",
    "UserJobsFirst",
]

_SearchedText = Annotated[str, Field(min_length=1, max_length=256)]


def _in_utc(time: datetime) -> datetime:
    """The time as it goes over the wire."""
    try:
        return time.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("must be a time that there is in UTC") from error


class _Expression:
    """What all expressions have."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(
        strict=True,
        extra="forbid",
        alias_generator=to_camel,
        validate_by_alias=False,
        validate_by_name=True,
        revalidate_instances="always",
    )


@dataclass(frozen=True)
class DateTimeFilterExpression(_Expression):
    """Tasks by one of their times."""

    name: str
    """Field of the task, such as ``STARTED_AT``."""
    operator: Literal[
        "EQUAL", "GREATER_THAN_EQUAL_TO", "GREATER_THAN", "LESS_THAN_EQUAL_TO", "LESS_THAN"
    ]
    """How the field is to compare with the time."""
    date_time: Annotated[AwareDatetime, AfterValidator(_in_utc)]
    """The time, with a zone."""


@dataclass(frozen=True)
class ParameterFilterExpression(_Expression):
    """Tasks by one of their parameters."""

    name: str
    """Name of the parameter."""
    operator: Literal[
        "EQUAL",
        "NOT_EQUAL",
        "GREATER_THAN_EQUAL_TO",
        "GREATER_THAN",
        "LESS_THAN_EQUAL_TO",
        "LESS_THAN",
        "ANY_EQUALS",
        "ALL_NOT_EQUALS",
    ]
    """How the parameter is to compare with the value."""
    value: _SearchedText
    """The value, 1 to 256 characters."""


@dataclass(frozen=True)
class SearchTermFilterExpression(_Expression):
    """Tasks by a term that is somewhere in them."""

    search_term: _SearchedText
    """The term, 1 to 256 characters."""
    match_type: Literal["FUZZY_MATCH", "CONTAINS"] | None = None
    """Whether all of the term must be found, CONTAINS, or a part of it will do, as it does if this
    is left out."""


@dataclass(frozen=True)
class StringFilterExpression(_Expression):
    """Tasks by one of their fields."""

    name: str
    """Field of the task, such as ``RUN_STATUS``."""
    operator: Literal["EQUAL", "NOT_EQUAL"]
    """How the field is to compare with the value."""
    value: _SearchedText
    """The value, 1 to 256 characters."""


@dataclass(frozen=True)
class StringListFilterExpression(_Expression):
    """Tasks by one of their fields, which is to have any of several values, or none of them."""

    name: str
    """Field of the task, such as ``RUN_STATUS``."""
    operator: Literal["ANY_EQUALS", "ALL_NOT_EQUALS"]
    """Whether the field is to have any of the values, or none of them."""
    values: Annotated[Sequence[_SearchedText], Field(min_length=1, max_length=16)]
    """The values, 1 to 16, each of 1 to 256 characters."""


@dataclass(frozen=True)
class SearchGroupedFilterExpressions(_Expression):
    """Filters of which all must fit, or any; a group can be a filter of another one."""

    filters: Annotated[Sequence[SearchFilterExpression], Field(min_length=1, max_length=3)]
    """The filters, 1 to 3."""
    operator: Literal["AND", "OR"]
    """Whether all must fit or any."""


SearchFilterExpression: TypeAlias = Annotated[
    DateTimeFilterExpression
    | ParameterFilterExpression
    | SearchTermFilterExpression
    | StringFilterExpression
    | StringListFilterExpression
    | SearchGroupedFilterExpressions,
    OneOf(
        {
            "dateTimeFilter": DateTimeFilterExpression,
            "parameterFilter": ParameterFilterExpression,
            "searchTermFilter": SearchTermFilterExpression,
            "stringFilter": StringFilterExpression,
            "stringListFilter": StringListFilterExpression,
            "groupFilter": SearchGroupedFilterExpressions,
        }
    ),
]
"""One filter, of whichever kind."""


@dataclass(frozen=True)
class FieldSortExpression(_Expression):
    """Sorts tasks by one of their fields."""

    name: str
    """Field of the task, such as ``STARTED_AT``."""
    sort_order: Literal["ASCENDING", "DESCENDING"]
    """Which way."""


@dataclass(frozen=True)
class ParameterSortExpression(_Expression):
    """Sorts tasks by one of their parameters."""

    name: str
    """Name of the parameter."""
    sort_order: Literal["ASCENDING", "DESCENDING"]
    """Which way."""


@dataclass(frozen=True)
class UserJobsFirst(_Expression):
    """Puts the tasks of one user's jobs before all others."""

    user_identity_id: str
    """Id of the user."""


SearchSortExpression: TypeAlias = Annotated[
    UserJobsFirst | FieldSortExpression | ParameterSortExpression,
    OneOf(
        {
            "userJobsFirst": UserJobsFirst,
            "fieldSort": FieldSortExpression,
            "parameterSort": ParameterSortExpression,
        }
    ),
]
"""One way to sort, of whichever kind."""
