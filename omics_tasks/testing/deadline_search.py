"""Searching Deadline Cloud's tasks, locally: filters, order and offsets.

What AWS doesn't say of a search is decided here, as simply as can be: fields are named as the API
has them, in capitals; the parts of a fuzzy term are its words; case makes no difference to terms;
parameters compare as numbers where they are, else as text; what lacks a field is sorted last.
What AWS has, and this has not, is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from operator import eq, ge, gt, le, lt, ne
from typing import Any, TypeAlias

from ..deadline import (
    DateTimeFilterExpression,
    FieldSortExpression,
    ParameterFilterExpression,
    ParameterSortExpression,
    SearchFilterExpression,
    SearchGroupedFilterExpressions,
    SearchSortExpression,
    SearchTermFilterExpression,
    StringFilterExpression,
    StringListFilterExpression,
    Task,
    TaskParameterValue,
    TaskSearchPage,
    TaskSearchSummary,
    UserJobsFirst,
)
from ..deadline.operations import SearchTasksInput
from ..errors import Problem
from .service_errors import InvalidInput

Row: TypeAlias = Mapping[str, Any]
"""The fields of a task and the ids of where it is."""
Fits: TypeAlias = Callable[[Row], bool]

_MOST = 10_000
_LARGEST_PAGE = 100

_TEXTS = frozenset(
    {"TASK_ID", "STEP_ID", "JOB_ID", "QUEUE_ID", "RUN_STATUS", "TARGET_RUN_STATUS", "CREATED_BY",
     "UPDATED_BY", "LATEST_SESSION_ACTION_ID"}
)  # fmt: skip
_TIMES = frozenset({"CREATED_AT", "STARTED_AT", "ENDED_AT", "UPDATED_AT"})
_NUMBERS = frozenset({"FAILURE_RETRY_COUNT"})
_COMPARISONS: Mapping[str, Callable[[Any, Any], bool]] = {
    "EQUAL": eq,
    "NOT_EQUAL": ne,
    "GREATER_THAN_EQUAL_TO": ge,
    "GREATER_THAN": gt,
    "LESS_THAN_EQUAL_TO": le,
    "LESS_THAN": lt,
}


def search(asked: SearchTasksInput, tasks: Sequence[tuple[Sequence[str], Task]]) -> TaskSearchPage:
    """The page that is asked for, of tasks that come with the ids of farm, queue, job and step."""
    rows: list[Row] = [
        {**dict(task), "queue_id": queue_id, "job_id": job_id, "step_id": step_id}
        for (_, queue_id, job_id, step_id), task in tasks
    ]
    if asked.filter_expressions:
        rows = list(filter(_fits(asked.filter_expressions), rows))
    for sort in reversed(asked.sort_expressions or ()):
        rows = _sorted(sort, rows)
    start = _start(asked)
    if start == _MOST < len(rows):
        raise _refused("itemOffset", f"Only the first {_MOST} results are given out")
    end = min(start + (asked.page_size or _LARGEST_PAGE), _MOST)
    return TaskSearchPage.model_validate(
        {
            "items": [_summary(row) for row in rows[start:end]],
            "next_token": str(end) if end < len(rows) else None,
            "total_results": min(len(rows), _MOST),
        }
    )


def _start(asked: SearchTasksInput) -> int:
    """The offset, which the API, unlike this library, requires."""
    if asked.starting_token is None or "starting_token" not in asked.model_fields_set:
        raise _refused("itemOffset", "Member must not be null")
    return int(asked.starting_token)


def _summary(row: Row) -> TaskSearchSummary:
    return TaskSearchSummary.model_validate(
        {name: row[name] for name in TaskSearchSummary.model_fields}
    )


def _fits(asked: SearchFilterExpression) -> Fits:
    """Whether a task passes the filter."""
    match asked:
        case SearchGroupedFilterExpressions(filters, operator):
            inside = [_fits(each) for each in filters]
            combine = all if operator == "AND" else any
            return lambda row: combine(fits(row) for fits in inside)
        case StringFilterExpression(name, operator, value):
            field, compare = _field(name, _TEXTS), _COMPARISONS[operator]
            return lambda row: compare(row[field], value)
        case StringListFilterExpression(name, operator, values):
            field, is_wanted = _field(name, _TEXTS), operator == "ANY_EQUALS"
            return lambda row: (row[field] in values) is is_wanted
        case DateTimeFilterExpression(name, operator, time):
            field, compare = _field(name, _TIMES), _COMPARISONS[operator]
            return lambda row: row[field] is not None and compare(row[field], time)
        case ParameterFilterExpression():
            return _parameter_fits(asked)
        case SearchTermFilterExpression(term, match_type):
            parts = [term] if match_type == "CONTAINS" else term.split()
            folded = [part.casefold() for part in parts]
            return lambda row: any(part in text for text in _texts(row) for part in folded)


def _parameter_fits(asked: ParameterFilterExpression) -> Fits:
    if asked.operator not in _COMPARISONS:
        raise _refused("filterExpressions", f"No {asked.operator} of parameters here")
    compare, as_text, as_number = _COMPARISONS[asked.operator], asked.value, _number(asked.value)

    def fits(row: Row) -> bool:
        parameter = row["parameters"].get(asked.name)
        if parameter is None:
            return asked.operator == "NOT_EQUAL"
        text = _text(parameter)
        number = _number(text)
        if number is None or as_number is None:
            return compare(text, as_text)
        return compare(number, as_number)

    return fits


def _sorted(by: SearchSortExpression, rows: list[Row]) -> list[Row]:
    if isinstance(by, UserJobsFirst):
        raise _refused("sortExpressions", "Jobs have no users here")
    key = _key(by)
    known = [row for row in rows if key(row) is not None]
    missing = [row for row in rows if key(row) is None]
    return sorted(known, key=key, reverse=by.sort_order == "DESCENDING") + missing


def _key(by: FieldSortExpression | ParameterSortExpression) -> Callable[[Row], Any]:
    """What a task has in the order; None where it lacks that."""
    if isinstance(by, ParameterSortExpression):
        return lambda row: _rank(row["parameters"].get(by.name))
    field = _field(by.name, _TEXTS | _TIMES | _NUMBERS, "sortExpressions")
    return lambda row: row[field]


def _field(name: str, known: frozenset[str], member: str = "filterExpressions") -> str:
    if name not in known:
        raise _refused(member, f"No field {name} here, but {', '.join(sorted(known))}")
    return name.lower()


def _texts(row: Row) -> list[str]:
    fields = [row[name.lower()] for name in _TEXTS]
    found = [*fields, *map(_text, row["parameters"].values())]
    return [text.casefold() for text in found if text is not None]


def _text(parameter: TaskParameterValue) -> str:
    return next((text for _, text in parameter if text is not None), "")


def _rank(parameter: TaskParameterValue | None) -> tuple[bool, float, str] | None:
    """Numbers come before texts."""
    if parameter is None:
        return None
    text = _text(parameter)
    number = _number(text)
    return number is None, number or 0.0, text


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _refused(member: str, rule: str) -> InvalidInput:
    return InvalidInput([Problem(member, rule)])
