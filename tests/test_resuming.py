"""Listings that change before they are resumed: items may be repeated, never lost."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection
from fractions import Fraction
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from omics_tasks import Page

from .asking import Ask, ask_async, ask_sync, json_answer, pages, take

BOTH = pytest.mark.parametrize("ask", [ask_sync, ask_async], ids=["sync", "async"])
STEP = ("farm-" + "0" * 32, "queue-" + "0" * 32, "job-" + "0" * 32, "step-" + "0" * 32)
TASK = {"createdAt": "2026-01-01T00:00:00Z", "createdBy": "a"}


class OnePage:
    """A listing with one page, whose items have one-letter names and a status."""

    def __init__(self, names: str) -> None:
        self.names = names
        self.status = "RUNNING"
        self.transport = httpx.MockTransport(self._answer)

    def _answer(self, request: httpx.Request) -> httpx.Response:
        named = list(self.names)
        if request.headers.get("x-amz-target", "").endswith("DescribeTasks"):
            named = json.loads(request.content)["tasks"]
            return json_answer(tasks=[{"taskArn": n, "lastStatus": self.status} for n in named])
        if "x-amz-target" in request.headers:
            return json_answer(taskArns=named)
        if request.url.path == "/run":
            return json_answer(items=[{"id": n, "status": self.status} for n in named])
        if request.url.path.startswith("/run/"):
            return json_answer(items=[{"taskId": n, "status": self.status} for n in named])
        tasks = [{"taskId": n, "runStatus": self.status, **TASK} for n in named]
        return json_answer(tasks=tasks, totalResults=len(tasks))


Listing = tuple[str, Callable[..., Any]]
LISTINGS: dict[str, Listing] = {
    "list_runs": ("HealthOmics", lambda c, **paging: c.list_runs(**paging)),
    "list_run_tasks": ("HealthOmics", lambda c, **paging: c.list_run_tasks("1", **paging)),
    "ecs.list_tasks": ("ECS", lambda c, **paging: c.list_tasks(**paging)),
    "iter_tasks": ("ECS", lambda c, **paging: c.iter_tasks(desired_status="RUNNING", **paging)),
    "deadline.list_tasks": ("Deadline", lambda c, **paging: c.list_tasks(*STEP, **paging)),
    "search_tasks": ("Deadline", lambda c, **paging: c.search_tasks(STEP[0], [STEP[1]], **paging)),
}
NAMES = ("task_arn", "task_id", "id")


def names(items: list[Any]) -> str:
    return "".join(
        item if isinstance(item, str) else next(getattr(item, n) for n in NAMES if hasattr(item, n))
        for item in items
    )


def items_of(got: list[Page[Any]]) -> list[Any]:
    return [item for page in got for item in page.items]


@pytest.mark.parametrize("listing", LISTINGS.values(), ids=LISTINGS)
@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ("abcde", "de"),
        ("cde", "de"),  # removed before the last that was yielded
        ("abde", "de"),  # that one removed
        ("de", "de"),  # all of them removed
        ("abce", "e"),  # removed after them
        ("xabcde", "xde"),  # inserted before
        ("abcxde", "xde"),  # inserted after
        ("edcba", "ed"),  # reordered
        ("adx", "dx"),  # all at once
        ("abc", ""),
        ("", ""),
    ],
)
def test_a_page_that_has_changed(ask: Ask, listing: Listing, changed: str, expected: str) -> None:
    """Exactly the items that were not yielded are returned, after a break and ``max_items``."""
    service, begin = listing
    source = OnePage("abcde")
    kept: list[Any] = []

    def read(read: Any, *args: Any, **paging: Any) -> Any:
        def question(client: Any) -> Any:
            kept.append(begin(client, **paging))
            return read(kept[-1], *args)

        return ask(question, service, transport=source.transport)

    assert "abc" == names(read(take, 3))
    (cut,) = read(pages, max_items=3)
    assert "abc" == names(cut.items)
    assert kept[0].resume_token == kept[1].resume_token == cut.next_token
    source.names, source.status = changed, "STOPPING"
    for prefetch in (False, True):
        paging = {"starting_token": cut.next_token, "prefetch": prefetch}
        assert expected == names(read(take, **paging))
        assert expected == names(items_of(read(pages, **paging)))


def test_an_id_that_is_used_again(ask: Ask) -> None:
    """A new run with the id of a yielded and deleted one is another run."""
    times = ["2026-01-01T00:00:00Z", "2026-01-01T00:00:01Z"]

    def answer(_: httpx.Request) -> httpx.Response:
        return json_answer(items=[{"id": "1", "creationTime": times[0]}, {"id": "2"}])

    transport = httpx.MockTransport(answer)
    (page,) = ask(lambda c: pages(c.list_runs(max_items=1)), transport=transport)
    del times[0]
    got = ask(lambda c: take(c.list_runs(starting_token=page.next_token)), transport=transport)
    assert ["1", "2"] == [run.id for run in got]


def test_an_item_that_is_listed_twice(ask: Ask) -> None:
    """An item that the service lists twice is yielded twice, resumed or not."""
    source = OnePage("abab")
    (page,) = ask(lambda c: pages(c.list_tasks(max_items=2)), "ECS", transport=source.transport)
    rest = ask(
        lambda c: take(c.list_tasks(starting_token=page.next_token)),
        "ECS",
        transport=source.transport,
    )
    assert "ab" == names(rest)


@pytest.mark.parametrize("token", ["~2~", "~2~x"])
def test_a_token_of_an_earlier_version(ask: Ask, token: str) -> None:
    """A token with a number skips so many items, and new tokens have marks."""
    source = OnePage("abcde")
    kept: list[Any] = []

    def begin(client: Any) -> Any:
        kept.append(client.list_run_tasks("1", starting_token=token))
        assert token == kept[0].resume_token
        return take(kept[0], 1)

    assert "c" == names(ask(begin, transport=source.transport))
    source.names = "cde"
    later = kept[0].resume_token
    rest = ask(
        lambda c: take(c.list_run_tasks("1", starting_token=later)), transport=source.transport
    )
    assert "de" == names(rest)


def test_tokens_do_not_grow_with_the_listing(ask: Ask) -> None:
    """Tokens stay short, however often a listing is resumed.

    A token inside a page has marks of that page's items only.
    """
    service = Service(30)
    token, lengths, seen = None, set[int](), list[str]()
    while True:
        kept: list[Any] = []

        def read(client: Any, token: str | None = token, kept: list[Any] = kept) -> Any:
            kept.append(client.list_run_tasks("1", page_size=4, starting_token=token))
            return take(kept[0], 1)

        (task,) = ask(read, transport=service.transport)
        seen.append(task.task_id)
        del service.places[task.task_id]
        token = kept[0].resume_token
        if token is None:
            break
        lengths.add(len(token))
    assert [str(n) for n in range(30)] == seen
    assert max(lengths) <= len("~seen:") + 4 * 12 + len("~28")


class Service:
    """ListRunTasks with tasks in a given order. A token is the position where a page begins.

    Tasks may be added, and are no longer listed when they have ended.
    """

    def __init__(self, count: int) -> None:
        self.places: dict[str, Fraction] = {str(n): Fraction(n) for n in range(count)}
        self.transport = httpx.MockTransport(self._answer)
        self._revision = 0

    def _answer(self, request: httpx.Request) -> httpx.Response:
        query = parse_qs(request.url.query.decode())
        size = int(query["maxResults"][0])
        start = Fraction(query.get("startingToken", ["-1"])[0])
        rest = sorted((place, name) for name, place in self.places.items() if place >= start)
        items = [{"taskId": name, "status": f"S{self._revision}"} for _, name in rest[:size]]
        more = {"nextToken": str(rest[size][0])} if len(rest) > size else {}
        return json_answer(items=items, **more)

    def change(self, ended: Collection[int], added: Collection[Fraction]) -> None:
        self._revision += 1
        names = sorted(self.places, key=self.places.__getitem__)
        for index in ended:
            self.places.pop(names[index % len(names)] if names else "", None)
        for place in set(added) - set(self.places.values()):
            self.places[f"{self._revision}{len(self.places)}{place.numerator}"] = place


CHANGES = st.tuples(
    st.sets(st.integers(0, 11), max_size=4),
    st.lists(st.fractions(0, 12, max_denominator=50), max_size=3, unique=True),
)
STEPS = st.lists(
    st.tuples(st.integers(0, 6), st.integers(1, 5), st.booleans(), st.booleans(), CHANGES),
    min_size=1,
    max_size=5,
)


@BOTH
@given(steps=STEPS)
def test_nothing_is_lost_however_a_listing_changes(ask: Ask, steps: list[Any]) -> None:
    """A listing that is resumed repeatedly with other page sizes misses no item.

    A page's own token is the service's and resumes after the page.
    """
    service = Service(12)
    at_first = set(service.places)
    seen: set[str] = set()
    token: str | None = None
    for count, size, by_pages, prefetch, change in [*steps, (99, 3, False, False, (set(), []))]:
        kept: list[Any] = []
        paging = {"page_size": size, "prefetch": prefetch, "starting_token": token}

        def read(
            client: Any, paging: Any = paging, count: int = count, by_pages: bool = by_pages,
            kept: list[Any] = kept,
        ) -> Any:  # fmt: skip
            limit = {"max_items": count} if by_pages else {}
            kept.append(client.list_run_tasks("1", **paging, **limit))
            return pages(kept[0]) if by_pages else take(kept[0], count)

        got = ask(read, transport=service.transport)
        seen |= {task.task_id for task in (items_of(got) if by_pages else got)}
        token = kept[0].resume_token
        if token is None:
            break
        service.change(*change)
    assert set() == (at_first & set(service.places)) - seen


@BOTH
@given(data=st.data(), count=st.integers(0, 9), prefetch=st.booleans())
def test_a_page_in_another_order(ask: Ask, data: st.DataObject, count: int, prefetch: bool) -> None:
    """Items of a reordered page that were not yielded are returned once each."""
    source = OnePage("abcdefgh")
    kept: list[Any] = []

    def begin(client: Any) -> Any:
        kept.append(client.list_run_tasks("1", prefetch=prefetch))
        return take(kept[0], count)

    seen = names(ask(begin, transport=source.transport))
    token = kept[0].resume_token
    if token is None:
        return
    source.names = "".join(data.draw(st.lists(st.sampled_from("abcdefghxyz"), unique=True)))
    rest = ask(
        lambda c: take(c.list_run_tasks("1", starting_token=token, prefetch=prefetch)),
        transport=source.transport,
    )
    assert [name for name in source.names if name not in seen] == list(names(rest))
