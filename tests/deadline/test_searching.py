"""Searching tasks: filters and sort expressions on the wire, and offsets as tokens."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from omics_tasks import PaginationError, ParamValidationError, ValidationException
from omics_tasks.deadline import (
    DateTimeFilterExpression,
    FieldSortExpression,
    ParameterFilterExpression,
    ParameterSortExpression,
    SearchGroupedFilterExpressions,
    SearchTermFilterExpression,
    StringFilterExpression,
    StringListFilterExpression,
    UserJobsFirst,
)
from omics_tasks.testing import deadline_search

from ..asking import Ask, Script, json_answer, pages, take
from .farm import IDS, Farm, numbers

QUEUE: tuple[Any, Any] = IDS.farm_id, [IDS.queue_id]
ALL = SearchGroupedFilterExpressions
FAILED = StringFilterExpression(name="RUN_STATUS", operator="EQUAL", value="FAILED")


def sent(ask: Ask, **arguments: Any) -> Any:
    """Return the members of the request of a search."""
    script = Script(json_answer(tasks=[], totalResults=0))
    question = lambda client: take(client.search_tasks(*QUEUE, **arguments))  # noqa: E731 - one line
    ask(question, "Deadline", transport=script.transport)
    return json.loads(script.requests[0].content)


def test_filters_on_the_wire(ask: Ask) -> None:
    """Each filter has its kind as the key, as in the API; groups can be nested."""
    filters = ALL(
        filters=[
            FAILED,
            ALL(
                [
                    StringListFilterExpression("RUN_STATUS", "ANY_EQUALS", ["READY"]),
                    SearchTermFilterExpression("lamp", "CONTAINS"),
                    SearchTermFilterExpression("lamp"),
                ],
                "OR",
            ),
            ALL((ParameterFilterExpression("frame", "LESS_THAN", "7"),), "OR"),
        ],
        operator="AND",
    )
    status = {"name": "RUN_STATUS"}
    assert {
        "operator": "AND",
        "filters": [
            {"stringFilter": {**status, "operator": "EQUAL", "value": "FAILED"}},
            {
                "groupFilter": {
                    "operator": "OR",
                    "filters": [
                        {
                            "stringListFilter": {
                                **status,
                                "operator": "ANY_EQUALS",
                                "values": ["READY"],
                            }
                        },
                        {"searchTermFilter": {"searchTerm": "lamp", "matchType": "CONTAINS"}},
                        {"searchTermFilter": {"searchTerm": "lamp"}},
                    ],
                }
            },
            {
                "groupFilter": {
                    "operator": "OR",
                    "filters": [
                        {
                            "parameterFilter": {
                                "name": "frame",
                                "operator": "LESS_THAN",
                                "value": "7",
                            }
                        }
                    ],
                }
            },
        ],
    } == sent(ask, filter_expressions=filters)["filterExpressions"]


def test_orders_on_the_wire(ask: Ask) -> None:
    """Each sort expression has its kind as the key, as in the API."""
    sorts = [
        UserJobsFirst("ann"),
        FieldSortExpression("RUN_STATUS", "ASCENDING"),
        ParameterSortExpression("frame", "DESCENDING"),
    ]
    assert [
        {"userJobsFirst": {"userIdentityId": "ann"}},
        {"fieldSort": {"name": "RUN_STATUS", "sortOrder": "ASCENDING"}},
        {"parameterSort": {"name": "frame", "sortOrder": "DESCENDING"}},
    ] == sent(ask, sort_expressions=sorts)["sortExpressions"]


def test_a_time_goes_out_in_utc(ask: Ask) -> None:
    """A time in any zone is sent in UTC."""
    time = datetime(2026, 1, 1, 12, tzinfo=timezone(timedelta(hours=2)))
    after = DateTimeFilterExpression("STARTED_AT", "GREATER_THAN", time)
    (filtered,) = sent(ask, filter_expressions=ALL([after], "AND"))["filterExpressions"]["filters"]
    assert "2026-01-01T10:00:00Z" == filtered["dateTimeFilter"]["dateTime"]


NAIVE: Any = datetime(2026, 1, 1)  # noqa: DTZ001 - it is to be refused
BEFORE_TIME = datetime.min.replace(tzinfo=timezone(timedelta(hours=1)))
UNTYPED: Any = None


def test_all_errors_at_once(ask: Ask) -> None:
    """One error names all invalid arguments by path, with their rules."""
    script = Script(json_answer(tasks=[], totalResults=0))
    wrong: Any = ALL(
        [
            StringFilterExpression(UNTYPED, UNTYPED, ""),
            DateTimeFilterExpression("STARTED_AT", "EQUAL", NAIVE),
            ALL([DateTimeFilterExpression("STARTED_AT", "EQUAL", BEFORE_TIME), UNTYPED], UNTYPED),
        ],
        "AND",
    )
    sort: Any = FAILED
    with pytest.raises(ParamValidationError) as caught:
        ask(
            lambda client: client.search_tasks(
                "farm",
                [],
                filter_expressions=wrong,
                sort_expressions=[sort],
                page_size=0,
                starting_token="10001",
            ),
            "Deadline",
            transport=script.transport,
        )
    assert {
        "page_size",
        "starting_token",
        "farm_id",
        "queue_ids",
        "filter_expressions.filters[0].name",
        "filter_expressions.filters[0].operator",
        "filter_expressions.filters[0].value",
        "filter_expressions.filters[1].date_time",
        "filter_expressions.filters[2].filters[0].date_time",
        "filter_expressions.filters[2].filters[1]",
        "filter_expressions.filters[2].operator",
        "sort_expressions[0]",
    } == {problem.argument for problem in caught.value.problems}
    assert 12 == len(caught.value.problems)
    rules = dict(caught.value.problems)
    assert "must be 10000 at most" == rules["starting_token"]
    assert "timezone" in rules["filter_expressions.filters[1].date_time"]
    assert "SearchTermFilterExpression" in rules["filter_expressions.filters[2].filters[1]"]
    assert "FieldSortExpression" in rules["sort_expressions[0]"]
    assert [] == script.requests


@pytest.mark.parametrize("count", [0, 4])
def test_a_group_has_one_to_three_filters(ask: Ask, count: int) -> None:
    """A group with no filters or more than three is an error."""
    with pytest.raises(ParamValidationError, match=r"filter_expressions\.filters"):
        sent(ask, filter_expressions=ALL([FAILED] * count, "AND"))


@pytest.mark.parametrize("token", ["", "x", "-1", "01", "1.0", 7, "10001", "~3~10001", "²"])
def test_tokens_that_are_no_offsets(ask: Ask, token: Any) -> None:
    """A token that isn't a number is an error when the search is made."""
    with pytest.raises(ParamValidationError, match="starting_token"):
        sent(ask, starting_token=token)


def test_offsets_are_tokens(farm: Farm) -> None:
    """A search starts at offset 0 and follows the pages to the end."""
    farm.add(5)
    got = farm.ask(lambda client: pages(client.search_tasks(*QUEUE, page_size=2)))
    assert [[0, 1], [2, 3], [4]] == [numbers(page.items) for page in got]
    assert ["2", "4", None] == [page.next_token for page in got]
    assert [5, 5, 5] == [page.total_results for page in got]
    assert [0, 2, 4] == farm.sent("itemOffset")
    assert [2, 2, 2] == farm.sent("pageSize")


@pytest.mark.parametrize("prefetch", [False, True])
@pytest.mark.parametrize("first", range(6))
def test_resuming(farm: Farm, first: int, prefetch: bool) -> None:
    """A search resumes inside a page, also with prefetching."""
    farm.add(5)
    kept: list[Any] = []

    def begin(client: Any) -> Any:
        kept.append(client.search_tasks(*QUEUE, page_size=2, prefetch=prefetch))
        return take(kept[0], first)

    got = numbers(farm.ask(begin))
    token = kept[0].resume_token
    if token is not None:
        rest = farm.ask(lambda client: take(client.search_tasks(*QUEUE, starting_token=token)))
        got += numbers(rest)
    assert [0, 1, 2, 3, 4] == got


def test_max_items(farm: Farm) -> None:
    """A search with ``max_items`` ends early, with a token for the rest of the page."""
    farm.add(5)
    got = farm.ask(lambda client: pages(client.search_tasks(*QUEUE, page_size=2, max_items=3)))
    assert [[0, 1], [2]] == [numbers(page.items) for page in got]
    token = got[-1].next_token
    rest = farm.ask(lambda client: take(client.search_tasks(*QUEUE, starting_token=token)))
    assert [3, 4] == numbers(rest)


def test_a_repeated_offset(ask: Ask) -> None:
    """A repeated offset, even the first, ends a search with an error."""
    script = Script(json_answer(tasks=[], totalResults=9, nextItemOffset=0))
    with pytest.raises(PaginationError):
        ask(lambda c: take(c.search_tasks(*QUEUE)), "Deadline", transport=script.transport)


def test_the_limit_of_results(farm: Farm, monkeypatch: pytest.MonkeyPatch) -> None:
    """After the last result that the service returns, its error is raised."""
    monkeypatch.setattr(deadline_search, "_MAX_RESULTS", 3)
    farm.add(5)
    seen: list[Any] = []

    def read(client: Any) -> Any:
        return _collect_into(seen, client.search_tasks(*QUEUE, page_size=2))

    with pytest.raises(ValidationException, match="itemOffset"):
        farm.ask(read)
    assert [0, 1, 2] == numbers(seen)


def _collect_into(seen: list[Any], tasks: Any) -> Any:
    if hasattr(tasks, "__iter__"):
        seen.extend(tasks)
        return None

    async def reading() -> None:
        async for task in tasks:
            seen.append(task)  # noqa: PERF401 - what came before the error counts

    return reading()


def test_the_last_offset(ask: Ask) -> None:
    """10,000 is a valid offset."""
    assert 10_000 == sent(ask, starting_token="10000")["itemOffset"]


def test_what_a_search_finds(farm: Farm) -> None:
    """A filter written in Python finds the matching tasks with their ids."""
    began = datetime(2026, 1, 1, tzinfo=UTC)
    farm.add(3, run_status="FAILED", started_at=began)
    farm.aws.deadline.add_task(**IDS._asdict(), run_status="READY")
    late = DateTimeFilterExpression("STARTED_AT", "GREATER_THAN_EQUAL_TO", began)
    tasks = farm.ask(
        lambda client: take(
            client.search_tasks(
                *QUEUE,
                job_id=IDS.job_id,
                filter_expressions=ALL([FAILED, late], "AND"),
                sort_expressions=[FieldSortExpression("TASK_ID", "DESCENDING")],
            )
        )
    )
    assert [2, 1] == numbers(tasks)
    assert [IDS[1:4]] * 2 == [(task.queue_id, task.job_id, task.step_id) for task in tasks]


def test_groups_that_are_nested_too_deeply(ask: Ask) -> None:
    """A filter that can't be written as JSON is named, and nothing is sent."""
    group = ALL([FAILED], "AND")
    for _ in range(100):
        group = ALL([group], "AND")
    with pytest.raises(ParamValidationError, match="nested too deeply") as caught:
        sent(ask, filter_expressions=group)
    assert ["filter_expressions"] == [problem.argument for problem in caught.value.problems]
