"""SearchTasks of the local Deadline Cloud: filters, order and offsets.

AWS doesn't document every detail of a search. These are decided here: field names are in capitals,
as in the API; a fuzzy term matches if one of its words does; terms ignore case; parameters compare
as numbers if both are numbers, else as text; tasks without a value for the sort field come last.
Features of AWS that are missing here raise InvalidInput.
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
"""The fields of a task, with the ids of its queue, job and step."""
Predicate: TypeAlias = Callable[[Row], bool]

_MAX_RESULTS = 10_000
_MAX_PAGE_SIZE = 100

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


def search(params: SearchTasksInput, tasks: Sequence[tuple[Sequence[str], Task]]) -> TaskSearchPage:
    """Return a page of the matching tasks, each given with its farm, queue, job and step id."""
    rows: list[Row] = [
        {**dict(task), "queue_id": queue_id, "job_id": job_id, "step_id": step_id}
        for (_, queue_id, job_id, step_id), task in tasks
    ]
    if params.filter_expressions:
        rows = list(filter(_predicate(params.filter_expressions), rows))
    for sort in reversed(params.sort_expressions or ()):
        rows = _sorted(sort, rows)
    start = _start(params)
    if start == _MAX_RESULTS < len(rows):
        raise _invalid("itemOffset", f"Only the first {_MAX_RESULTS} results are returned")
    end = min(start + (params.page_size or _MAX_PAGE_SIZE), _MAX_RESULTS)
    return TaskSearchPage.model_validate(
        {
            "items": [_summary(row) for row in rows[start:end]],
            "next_token": str(end) if end < len(rows) else None,
            "total_results": min(len(rows), _MAX_RESULTS),
        }
    )


def _start(params: SearchTasksInput) -> int:
    """Return the offset. The API requires it, unlike this library."""
    if params.starting_token is None or "starting_token" not in params.model_fields_set:
        raise _invalid("itemOffset", "Member must not be null")
    return int(params.starting_token)


def _summary(row: Row) -> TaskSearchSummary:
    return TaskSearchSummary.model_validate(
        {name: row[name] for name in TaskSearchSummary.model_fields}
    )


def _predicate(params: SearchFilterExpression) -> Predicate:
    """Return a function that tests whether a task matches the filter."""
    match params:
        case SearchGroupedFilterExpressions(filters, operator):
            predicates = [_predicate(each) for each in filters]
            combine = all if operator == "AND" else any
            return lambda row: combine(fits(row) for fits in predicates)
        case StringFilterExpression(name, operator, value):
            field, compare = _field(name, _TEXTS), _COMPARISONS[operator]
            return lambda row: compare(row[field], value)
        case StringListFilterExpression(name, operator, values):
            field, is_inclusive = _field(name, _TEXTS), operator == "ANY_EQUALS"
            return lambda row: (row[field] in values) is is_inclusive
        case DateTimeFilterExpression(name, operator, time):
            field, compare = _field(name, _TIMES), _COMPARISONS[operator]
            return lambda row: row[field] is not None and compare(row[field], time)
        case ParameterFilterExpression():
            return _parameter_predicate(params)
        case SearchTermFilterExpression(term, match_type):
            parts = [term] if match_type == "CONTAINS" else term.split()
            folded = [part.casefold() for part in parts]
            return lambda row: any(part in text for text in _texts(row) for part in folded)


def _parameter_predicate(params: ParameterFilterExpression) -> Predicate:
    if params.operator not in _COMPARISONS:
        raise _invalid("filterExpressions", f"No {params.operator} of parameters here")
    compare, as_text, as_number = _COMPARISONS[params.operator], params.value, _number(params.value)

    def fits(row: Row) -> bool:
        parameter = row["parameters"].get(params.name)
        if parameter is None:
            return params.operator == "NOT_EQUAL"
        text = _text(parameter)
        number = _number(text)
        if number is None or as_number is None:
            return compare(text, as_text)
        return compare(number, as_number)

    return fits


def _sorted(by: SearchSortExpression, rows: list[Row]) -> list[Row]:
    if isinstance(by, UserJobsFirst):
        raise _invalid("sortExpressions", "Jobs have no users here")
    key = _key(by)
    known = [row for row in rows if key(row) is not None]
    missing = [row for row in rows if key(row) is None]
    return sorted(known, key=key, reverse=by.sort_order == "DESCENDING") + missing


def _key(by: FieldSortExpression | ParameterSortExpression) -> Callable[[Row], Any]:
    """Return a function that returns the sort key of a task, or None if it has no value."""
    if isinstance(by, ParameterSortExpression):
        return lambda row: _rank(row["parameters"].get(by.name))
    field = _field(by.name, _TEXTS | _TIMES | _NUMBERS, "sortExpressions")
    return lambda row: row[field]


def _field(name: str, known: frozenset[str], member: str = "filterExpressions") -> str:
    if name not in known:
        raise _invalid(member, f"No field {name} here, but {', '.join(sorted(known))}")
    return name.lower()


def _texts(row: Row) -> list[str]:
    fields = [row[name.lower()] for name in _TEXTS]
    found = [*fields, *map(_text, row["parameters"].values())]
    return [text.casefold() for text in found if text is not None]


def _text(parameter: TaskParameterValue) -> str:
    return next((text for _, text in parameter if text is not None), "")


def _rank(parameter: TaskParameterValue | None) -> tuple[bool, float, str] | None:
    """Return a sort key that puts numbers before texts."""
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


def _invalid(member: str, rule: str) -> InvalidInput:
    return InvalidInput([Problem(member, rule)])
