"""Work in threads that nothing has to wait for."""

from __future__ import annotations

import asyncio
import contextvars
import gc
import subprocess
import sys
import threading
import weakref
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from typing import Any

import pytest

from omics_tasks._io.background import start

AT_MOST = 30


def wait(future: Future[Any]) -> Any:
    return future.result(AT_MOST)


def wait_async(future: Future[Any]) -> Any:
    async def waiting() -> Any:
        return await asyncio.wait_for(asyncio.wrap_future(future), AT_MOST)

    return asyncio.run(waiting())


@pytest.fixture(params=[wait, wait_async], ids=["sync", "async"])
def outcome(request: pytest.FixtureRequest) -> Callable[[Future[Any]], Any]:
    chosen: Callable[[Future[Any]], Any] = request.param
    return chosen


def failing(error: BaseException) -> Callable[[], Any]:
    def work() -> None:
        raise error

    return work


def test_the_outcome_is_a_future(outcome: Callable[[Future[Any]], Any]) -> None:
    """The work runs in another thread, and its result can be waited for and awaited."""
    assert threading.current_thread() is not outcome(start(threading.current_thread))


@pytest.mark.parametrize("error", [ValueError("v"), KeyboardInterrupt("k"), SystemExit(3)])
def test_what_the_work_raises_is_raised(
    outcome: Callable[[Future[Any]], Any], error: BaseException
) -> None:
    """Exceptions of every kind reach whoever waits, unchanged."""
    with pytest.raises(type(error)) as caught:
        outcome(start(failing(error)))
    assert error is caught.value


def test_stop_iteration_ends_no_wait(outcome: Callable[[Future[Any]], Any]) -> None:
    """A StopIteration, which no future of asyncio's can hold, is raised as a RuntimeError."""
    with pytest.raises(RuntimeError, match="StopIteration"):
        outcome(start(failing(StopIteration("s"))))


def test_one_waiter_that_stops_takes_nothing_from_the_others() -> None:
    """Cancelling one wait doesn't cancel the work, and a lost outcome is no error."""
    begin = threading.Event()
    future = start(lambda: begin.wait(AT_MOST))

    async def two() -> bool:
        first, second = (asyncio.ensure_future(asyncio.wrap_future(future)) for _ in "ab")
        first.cancel()
        await asyncio.wait([first])
        begin.set()
        return await second

    assert asyncio.run(two())
    assert not future.cancel()


def test_the_work_sees_the_callers_context() -> None:
    """Context variables are the caller's, so that a trace goes on in the thread."""
    variable = contextvars.ContextVar("variable", default="")
    variable.set("mine")
    assert "mine" == wait(start(variable.get))


def test_a_failure_is_freed_with_its_future() -> None:
    """No cycle of frames and exceptions keeps what the work held until the next collection."""

    class Held: ...

    held: list[weakref.ref[Held]] = []

    def work() -> None:
        kept = Held()
        held.append(weakref.ref(kept))
        raise ValueError

    gc.disable()
    try:
        future = start(work)
        assert isinstance(future.exception(AT_MOST), ValueError)
        for thread in others():
            thread.join(AT_MOST)
        del future
        assert held[0]() is None
    finally:
        gc.enable()


def others() -> Iterator[threading.Thread]:
    return (thread for thread in threading.enumerate() if thread.name == "omics-tasks")


def test_without_a_thread_the_work_is_done_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no thread can be started, as in an exit handler, the work is done all the same."""

    def refuse(_: threading.Thread) -> None:
        raise RuntimeError("can't create new thread at interpreter shutdown")

    monkeypatch.setattr(threading.Thread, "start", refuse)
    future = start(threading.current_thread)
    assert (True, threading.current_thread()) == (future.done(), future.result())


HANGS = """
import asyncio, threading
from omics_tasks._io.background import start
hanging = start(threading.Event().wait)
"""
IN_A_LOOP = """
async def main():
    asyncio.ensure_future(asyncio.wrap_future(hanging))
    await asyncio.sleep(0)
asyncio.run(main())
"""


@pytest.mark.parametrize("more", ["", IN_A_LOOP], ids=["interpreter", "event loop"])
def test_work_that_hangs_holds_up_no_end(more: str) -> None:
    """The interpreter ends, and ``asyncio.run`` does, while the work goes on."""
    subprocess.run([sys.executable, "-c", HANGS + more], check=True, timeout=AT_MOST)
