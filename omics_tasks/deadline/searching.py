"""Filter and sort expressions of task searches: plain dataclasses.

Creating one does not validate it. The search that it is passed to does: it raises
``ParamValidationError`` with all problems of its arguments, and sends nothing.

The names of task fields are in capitals, such as ``RUN_STATUS``.
https://docs.aws.amazon.com/deadline-cloud/latest/APIReference/API_SearchTasks.html
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal, TypeAlias

from pydantic import ConfigDict, Field
from pydantic.alias_generators import to_camel

from .._core.arguments import TimestampArgument
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


class _Expression:
    """Common base of all expressions."""

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
    """Filter by a time of the tasks."""

    name: str
    """Name of the task field, such as ``STARTED_AT``."""
    operator: Literal[
        "EQUAL", "GREATER_THAN_EQUAL_TO", "GREATER_THAN", "LESS_THAN_EQUAL_TO", "LESS_THAN"
    ]
    """Comparison of the field with the time."""
    date_time: TimestampArgument
    """Time to compare with; it must have a time zone."""


@dataclass(frozen=True)
class ParameterFilterExpression(_Expression):
    """Filter by a parameter of the tasks."""

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
    """Comparison of the parameter with the value."""
    value: _SearchedText
    """Value to compare with, 1 to 256 characters."""


@dataclass(frozen=True)
class SearchTermFilterExpression(_Expression):
    """Filter by a search term anywhere in the tasks."""

    search_term: _SearchedText
    """Search term, 1 to 256 characters."""
    match_type: Literal["FUZZY_MATCH", "CONTAINS"] | None = None
    """CONTAINS matches the whole term, FUZZY_MATCH (the default of the service) a part of it."""


@dataclass(frozen=True)
class StringFilterExpression(_Expression):
    """Filter by a field of the tasks."""

    name: str
    """Name of the task field, such as ``RUN_STATUS``."""
    operator: Literal["EQUAL", "NOT_EQUAL"]
    """Comparison of the field with the value."""
    value: _SearchedText
    """Value to compare with, 1 to 256 characters."""


@dataclass(frozen=True)
class StringListFilterExpression(_Expression):
    """Filter by a field of the tasks that must equal any, or none, of several values."""

    name: str
    """Name of the task field, such as ``RUN_STATUS``."""
    operator: Literal["ANY_EQUALS", "ALL_NOT_EQUALS"]
    """ANY_EQUALS: the field equals one of the values; ALL_NOT_EQUALS: it equals none of them."""
    values: Annotated[Sequence[_SearchedText], Field(min_length=1, max_length=16)]
    """Values to compare with, 1 to 16, each of 1 to 256 characters."""


@dataclass(frozen=True)
class SearchGroupedFilterExpressions(_Expression):
    """Combination of filters with AND or OR; groups can be nested."""

    filters: Annotated[Sequence[SearchFilterExpression], Field(min_length=1, max_length=3)]
    """Filters of the group, 1 to 3."""
    operator: Literal["AND", "OR"]
    """AND: all filters must match; OR: any must match."""


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
"""A filter expression of any kind."""


@dataclass(frozen=True)
class FieldSortExpression(_Expression):
    """Sort order by a field of the tasks."""

    name: str
    """Name of the task field, such as ``STARTED_AT``."""
    sort_order: Literal["ASCENDING", "DESCENDING"]
    """Direction of the sort order."""


@dataclass(frozen=True)
class ParameterSortExpression(_Expression):
    """Sort order by a parameter of the tasks."""

    name: str
    """Name of the parameter."""
    sort_order: Literal["ASCENDING", "DESCENDING"]
    """Direction of the sort order."""


@dataclass(frozen=True)
class UserJobsFirst(_Expression):
    """Sort order with the tasks of one user's jobs before all others."""

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
"""A sort expression of any kind."""
