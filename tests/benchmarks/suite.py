"""All comparisons, in one size or another, with their goals."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from . import programs
from .comparison import (
    MEBIBYTES,
    MEBIBYTES_MORE,
    MICROSECONDS,
    MILLISECONDS,
    TIMES_ITS_COST,
    Comparison,
    Row,
)
from .environment import AIOBOTOCORE, PLAIN
from .processes import PYTHON, Contender, peak_memory, start_up, worker


@dataclass(frozen=True, slots=True)
class Size:
    """The amount of work."""

    heats: int
    rounds: int
    """Rounds of each heat."""
    long_rounds: int
    """Rounds of what takes long, and differs little from one to the next."""
    tasks: int
    calls: int
    listings: tuple[int, ...]
    """Lengths of the listings whose time per task, and whose memory, must not differ."""
    at_once: tuple[int, ...]
    """Async calls under way at any time."""
    pages: int
    """Pages to work on, with and without prefetching."""


FULL = Size(5, 6, 4, 5_000, 500, (100, 1_000, 10_000, 100_000, 1_000_000), (1, 10, 100), 100)
QUICK = Size(1, 1, 1, 1_000, 100, (100, 10_000), (1,), 5)

DELAY = 0.02
"""Seconds of the slow server per answer, and of a caller's work per page."""


def suite(size: Size, url: str, slow_url: str, *, here: bool) -> Iterator[Comparison]:
    """Return every comparison in the order of the table."""
    yield _listing(size, url)
    yield _call(size, url)
    for at_once in size.at_once:
        yield _async_call(size, at_once, url, here=here)
    python = PYTHON if here else PLAIN.python
    yield _start(size, url, python)
    yield _import(size, python)
    yield _prefetch(size, slow_url)
    yield _memory(size, url)
    yield _growth(size, url)


def _listing(size: Size, url: str) -> Comparison:
    return Comparison(
        "listing",
        "listing, per task (pages of 100)",
        MICROSECONDS,
        {
            name: worker(name, "list_tasks", {"url": url, "tasks": size.tasks}, units=size.tasks)
            for name in ("ours", "boto3", "bare")
        },
        [
            Row("boto3", "ours", "boto3", goal=15),
            Row("bare httpx and pydantic", "ours", "bare", TIMES_ITS_COST, 1.25),
        ],
        size.rounds,
        size.heats,
    )


def _call(size: Size, url: str) -> Comparison:
    return Comparison(
        "call",
        "one GetTask, sync",
        MICROSECONDS,
        {
            name: worker(name, "get_task", {"url": url, "calls": size.calls}, units=size.calls)
            for name in ("ours", "boto3", "bare")
        },
        [
            Row("boto3", "ours", "boto3", goal=2.5),
            Row("bare httpx and pydantic", "ours", "bare", TIMES_ITS_COST),
        ],
        size.rounds,
        size.heats,
    )


def _async_call(size: Size, at_once: int, url: str, *, here: bool) -> Comparison:
    job = {"url": url, "calls": size.calls, "at_once": at_once}
    contenders = {
        name: worker("ours_async", "get_task", job | {"transport": name}, units=size.calls)
        for name in ("default", "httpx")
    }
    rows = [Row("httpx's own transport", "default", "httpx")]
    if not here:
        contenders["aiobotocore"] = worker(
            "aiobotocore", "get_task", job, units=size.calls, python=AIOBOTOCORE.python
        )
        goal = 1.9 if at_once == 1 else 2
        rows.insert(0, Row("aiobotocore", "default", "aiobotocore", goal=goal))
    title = f"one GetTask, async, {at_once} at once"
    return Comparison(
        f"async-{at_once}", title, MICROSECONDS, contenders, rows, size.rounds, size.heats
    )


def _start(size: Size, url: str, python: Path) -> Comparison:
    return Comparison(
        "start",
        "a fresh process to its first typed page",
        MILLISECONDS,
        {
            "ours": start_up(programs.FIRST_PAGE_OURS, python, AWS_ENDPOINT_URL=url),
            "boto3": start_up(programs.FIRST_PAGE_BOTO3, python, AWS_ENDPOINT_URL=url),
        },
        [Row("boto3", "ours", "boto3", TIMES_ITS_COST, 0.6)],
        size.rounds,
        size.heats,
    )


def _import(size: Size, python: Path) -> Comparison:
    return Comparison(
        "import",
        "import omics_tasks",
        MILLISECONDS,
        {
            "ours": start_up(programs.IMPORT_OURS, python),
            "python": start_up(programs.BARE_PYTHON, python),
        },
        [Row("Python alone", "ours", "python", TIMES_ITS_COST, 9)],
        size.rounds,
        size.heats,
    )


def _prefetch(size: Size, url: str) -> Comparison:
    title = f"{size.pages} pages, 20 ms of work on each and 20 ms for the answer, prefetch"
    job = {"url": url, "pages": size.pages, "work": DELAY}
    contenders = {
        f"{name} {how}": worker(name, "work_on_pages", job | {"prefetch": prefetch}, units=1)
        for name in ("ours", "ours_async")
        for how, prefetch in (("ahead", True), ("in turn", False))
    }
    rows = [
        Row(f"without, {kind}", f"{name} ahead", f"{name} in turn", TIMES_ITS_COST, 0.6)
        for name, kind in (("ours", "sync"), ("ours_async", "async"))
    ]
    return Comparison("prefetch", title, MILLISECONDS, contenders, rows, size.long_rounds)


def _memory(size: Size, url: str) -> Comparison:
    few, many = size.listings[-1] // 100, size.listings[-1]
    return Comparison(
        "memory",
        f"peak memory of streaming {many:,} tasks",
        MEBIBYTES,
        {
            str(tasks): peak_memory(programs.STREAM_OURS.format(tasks=tasks), AWS_ENDPOINT_URL=url)
            for tasks in (few, many)
        },
        [Row(f"{few:,} tasks", str(many), str(few), MEBIBYTES_MORE, 5)],
        size.long_rounds,
    )


def _growth(size: Size, url: str) -> Comparison:
    few, *more = (str(tasks) for tasks in size.listings)
    contenders: dict[str, Contender] = {}
    for tasks in size.listings:
        times = max(1, size.tasks // tasks)  # a short listing alone is over too soon to be timed
        job = {"url": url, "tasks": tasks, "times": times}
        contenders[str(tasks)] = worker("ours", "list_tasks", job, units=tasks * times)
    rows = [Row(f"{int(many):,} tasks", many, few, TIMES_ITS_COST) for many in more]
    title = f"listing, per task: of so many, beside {few}"
    return Comparison("growth", title, MICROSECONDS, contenders, rows, 2, size.heats)
