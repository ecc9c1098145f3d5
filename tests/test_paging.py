"""Listings: laziness, items and pages, limits, resuming, ends and cycles."""

from __future__ import annotations

import json
import pickle
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from omics_tasks import (
    AccessDeniedException,
    PaginationError,
    ParamValidationError,
    ServiceError,
)
from omics_tasks._core.resuming import ItemsToSkip, from_resume_token, to_resume_token

from .asking import Ask, Script, ask_async, ask_sync, json_answer, pages, partial_of, take

PAGES = st.lists(st.lists(st.integers(0, 10**6), max_size=4), min_size=1, max_size=6)
BOTH = pytest.mark.parametrize("ask", [ask_sync, ask_async], ids=["sync", "async"])


class Listing:
    """ListRunTasks with the given pages; a token is ``p`` and the number of earlier items."""

    def __init__(self, split: list[list[int]]) -> None:
        self.ids = [str(task_id) for page in split for task_id in page]
        self._sizes = [len(page) for page in split]
        self.tokens: list[str | None] = []
        self.transport = httpx.MockTransport(self._answer)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        query = parse_qs(request.url.query.decode())
        token = query.get("startingToken", ["p0.0"])[0]
        self.tokens.append(token)
        index, start = (int(part) for part in token[1:].split("."))
        end = start + self._sizes[index]
        rest = {"nextToken": f"p{index + 1}.{end}"} if index + 1 < len(self._sizes) else {}
        items = [{"taskId": task_id} for task_id in self.ids[start:end]]
        return httpx.Response(200, json={"items": items, **rest})

    def ask(self, ask: Ask, read: Any, **arguments: Any) -> Any:
        return ask(
            lambda client: read(client.list_run_tasks("1", **arguments)), transport=self.transport
        )


def ids(tasks: list[Any]) -> list[str]:
    return [task.task_id for task in tasks]


def test_nothing_is_sent_before_iteration(ask: Ask) -> None:
    """Making a listing sends nothing."""
    listing = Listing([[1]])
    listing.ask(ask, lambda _: None)
    assert [] == listing.tokens


@BOTH
@given(split=PAGES, prefetch=st.booleans())
def test_every_item_comes_once_and_in_order(
    ask: Ask, split: list[list[int]], prefetch: bool
) -> None:
    """Every item is yielded once and in order, however items are split into pages."""
    listing = Listing(split)
    assert listing.ids == ids(listing.ask(ask, take, prefetch=prefetch))
    assert len(split) == len(listing.tokens)


@BOTH
@given(split=PAGES, prefetch=st.booleans())
def test_pages_come_as_the_service_sends_them(
    ask: Ask, split: list[list[int]], prefetch: bool
) -> None:
    """``pages()`` yields the service's pages with their tokens."""
    listing = Listing(split)
    got = listing.ask(ask, pages, prefetch=prefetch)
    assert [[str(i) for i in page] for page in split] == [ids(page.items) for page in got]
    assert [*listing.tokens[1:], None] == [page.next_token for page in got]


@BOTH
@given(split=PAGES, count=st.integers(0, 30), prefetch=st.booleans())
def test_max_items_ends_the_listing(
    ask: Ask, split: list[list[int]], count: int, prefetch: bool
) -> None:
    """``max_items`` limits items, pages and ``collect``."""
    arguments = {"max_items": count, "prefetch": prefetch}
    for read in (take, lambda listing: listing.collect()):
        listing = Listing(split)
        assert listing.ids[:count] == ids(listing.ask(ask, read, **arguments))
    listing = Listing(split)
    got = listing.ask(ask, pages, **arguments)
    assert listing.ids[:count] == [task_id for page in got for task_id in ids(page.items)]


@BOTH
@given(split=PAGES, first=st.integers(0, 30), by_pages=st.booleans(), prefetch=st.booleans())
def test_resuming_is_exact(
    ask: Ask, split: list[list[int]], first: int, by_pages: bool, prefetch: bool
) -> None:
    """A listing resumes exactly at ``resume_token`` or at the token of a cut page."""
    listing = Listing(split)
    kept: list[Any] = []

    def begin(tasks: Any) -> Any:
        kept.append(tasks)
        return pages(tasks) if by_pages else take(tasks, first)

    arguments = {"prefetch": prefetch, **({"max_items": first} if by_pages else {})}
    got = listing.ask(ask, begin, **arguments)
    token = kept[0].resume_token
    if by_pages and got:
        assert token == got[-1].next_token
        got = [task for page in got for task in page.items]
    if token is None:
        assert listing.ids == ids(got)
    else:
        rest = listing.ask(ask, take, starting_token=token)
        assert listing.ids == ids(got) + ids(rest)


def test_resuming_is_exact_whatever_the_page_size(ask: Ask) -> None:
    """A token inside a page can skip several shorter pages."""
    whole = Listing([[1, 2, 3, 4, 5], [6]])
    kept: list[Any] = []

    def begin(tasks: Any) -> Any:
        kept.append(tasks)
        return take(tasks, 4)

    whole.ask(ask, begin)
    shorter = Listing([[1, 2], [3], [4, 5], [6]])
    rest = shorter.ask(ask, take, starting_token=kept[0].resume_token)
    assert ["5", "6"] == ids(rest)


LIKE_OURS = ["~3~x", "~0~", "~~", "~seen:0123456789ab~x", "~seen:~0~x"]
SKIPPED = st.lists(st.text()).map(ItemsToSkip.of) | st.integers(0, 10**9 - 1).map(ItemsToSkip)


@given(token=st.none() | st.text(min_size=1) | st.sampled_from(LIKE_OURS), skip=SKIPPED)
def test_resume_tokens_can_be_read_back(token: str | None, skip: ItemsToSkip) -> None:
    """A resume token is one string and can be decoded into its parts."""
    assert (token, skip) == from_resume_token(to_resume_token(token, skip))


def test_iterating_again_starts_again(ask: Ask) -> None:
    """A second iteration starts from the beginning."""
    listing = Listing([[1, 2], [3]])
    kept: list[Any] = []

    def again(tasks: Any) -> Any:
        kept.append(tasks)
        return take(kept[0])

    assert ["1", "2", "3"] == ids(listing.ask(ask, again))
    fresh = ask(lambda client: _twice(client.list_run_tasks("1")), transport=listing.transport)
    assert [["1", "2", "3"], ["1", "2", "3"]] == [ids(tasks) for tasks in fresh]


def _twice(listing: Any) -> Any:
    first = take(listing)
    if isinstance(first, list):
        return [first, take(listing)]

    async def both() -> list[Any]:
        return [await first, await take(listing)]

    return both()


@pytest.mark.parametrize("length", [1, 2, 3])
def test_a_cycle_of_tokens_is_an_error(ask: Ask, length: int) -> None:
    """A repeated token ends the listing with PaginationError after all new items."""
    script = Script(
        *(json_answer(items=[{"taskId": str(n)}], nextToken=f"t{n % length}") for n in range(9))
    )
    got: list[str] = []

    def read(client: Any) -> Any:
        return _collect_into(got, client.list_run_tasks("1"))

    with pytest.raises(PaginationError) as caught:
        ask(read, transport=script.transport)
    assert ("omics", "ListRunTasks", "t0") == (
        caught.value.service,
        caught.value.operation,
        caught.value.token,
    )
    assert [str(n) for n in range(length + 1)] == got
    assert length + 1 == len(script.requests)


def _collect_into(got: list[str], listing: Any) -> Any:
    if hasattr(listing, "__iter__"):
        got.extend(task.task_id for task in listing)
        return None

    async def reading() -> None:
        async for task in listing:
            got.append(task.task_id)  # noqa: PERF401 - what came before the error counts

    return reading()


@pytest.mark.parametrize("prefetch", [False, True])
def test_an_error_has_the_collected_items(ask: Ask, prefetch: bool) -> None:
    """An error of ``collect`` holds all earlier items, also after pickling."""
    script = Script(
        json_answer(items=[{"taskId": "1"}, {"taskId": "2"}], nextToken="a"),
        json_answer(items=[{"taskId": "3"}], nextToken="b"),
        json_answer(403, code="AccessDeniedException", message="no"),
    )
    with pytest.raises(AccessDeniedException) as caught:
        ask(
            lambda c: c.list_run_tasks("1", prefetch=prefetch).collect(),
            transport=script.transport,
        )
    assert ["1", "2", "3"] == ids(partial_of(caught.value))
    assert ["1", "2", "3"] == ids(partial_of(pickle.loads(pickle.dumps(caught.value))))
    assert str(caught.value).endswith("AccessDeniedException: no (HTTP 403)")


def test_an_error_has_the_items_of_its_page(ask: Ask) -> None:
    """Tasks that were described before their page failed are in the error too."""
    script = Script(
        json_answer(taskArns=["a", "b"], nextToken="t"),
        json_answer(tasks=[{"taskArn": "a"}, {"taskArn": "b"}]),
        json_answer(taskArns=["c", "d"]),
        json_answer(tasks=[{"taskArn": "c"}], failures=[{"arn": "d", "reason": "ACCESS_DENIED"}]),
    )
    with pytest.raises(AccessDeniedException) as caught:
        ask(lambda c: c.iter_tasks().collect(), "ECS", transport=script.transport)
    assert ["a", "b", "c"] == [task.task_arn for task in partial_of(caught.value)]


def test_a_first_request_that_fails(ask: Ask) -> None:
    """An error of the first page has no items, and one of a single request has None."""
    options: dict[str, Any] = {"transport": Script(json_answer(403)).transport}
    for question, partial in (
        (lambda c: c.list_run_tasks("1").collect(), []),
        (lambda c: c.get_run("1"), None),
        (lambda c: take(c.list_run_tasks("1")), None),
    ):
        with pytest.raises(ServiceError) as caught:
            ask(question, **options)
        assert partial == partial_of(caught.value)


@pytest.mark.parametrize("end", [{}, {"nextToken": None}, {"nextToken": ""}])
def test_a_missing_null_or_empty_token_ends_a_listing(ask: Ask, end: dict[str, Any]) -> None:
    """A page without a token is the last one."""
    script = Script(json_answer(items=[], nextToken="x"), json_answer(items=[], **end))
    assert [] == ask(lambda c: c.list_run_tasks("1").collect(), transport=script.transport)
    assert 2 == len(script.requests)


def test_the_arguments_reach_every_page(ask: Ask) -> None:
    """Filters and page size are sent in each request, and tokens are sent unchanged."""
    script = Script(json_answer(taskArns=[], nextToken="a b/c"), json_answer(taskArns=[]))
    ask(
        lambda c: c.list_tasks(cluster="render", page_size=7).collect(),
        "ECS",
        transport=script.transport,
    )
    expected = {"maxResults": 7, "cluster": "render"}
    assert [expected, {**expected, "nextToken": "a b/c"}] == [
        json.loads(request.content) for request in script.requests
    ]


@pytest.mark.parametrize(
    ("arguments", "wrong"),
    [
        ({"page_size": 0}, ["page_size"]),
        ({"page_size": 101}, ["page_size"]),
        ({"page_size": True}, ["page_size"]),
        ({"max_items": -1}, ["max_items"]),
        ({"starting_token": ""}, ["starting_token"]),
        ({"starting_token": "~3~" + "x" * 129}, ["starting_token"]),
        ({"max_items": 1.5, "page_size": "7"}, ["page_size", "max_items"]),
    ],
)
def test_paging_arguments_are_checked_when_the_listing_is_made(
    ask: Ask, arguments: dict[str, Any], wrong: list[str]
) -> None:
    """An invalid page size, limit or token is an error before iteration."""
    with pytest.raises(ParamValidationError) as caught:
        ask(lambda client: client.list_run_tasks("1", **arguments))
    assert wrong == [problem.argument for problem in caught.value.problems]
