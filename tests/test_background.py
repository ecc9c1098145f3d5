"""Functions in background threads."""

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
    """The function runs in another thread, and its future can be waited for or awaited."""
    assert threading.current_thread() is not outcome(start(threading.current_thread))


@pytest.mark.parametrize("error", [ValueError("v"), KeyboardInterrupt("k"), SystemExit(3)])
def test_exceptions_are_raised(outcome: Callable[[Future[Any]], Any], error: BaseException) -> None:
    """Exceptions of every kind reach the waiter unchanged."""
    with pytest.raises(type(error)) as caught:
        outcome(start(failing(error)))
    assert error is caught.value


def test_stop_iteration(outcome: Callable[[Future[Any]], Any]) -> None:
    """StopIteration, which asyncio's futures can't hold, becomes a RuntimeError."""
    with pytest.raises(RuntimeError, match="StopIteration"):
        outcome(start(failing(StopIteration("s"))))


def test_cancelling_one_waiter() -> None:
    """Cancelling one waiter doesn't cancel the work, and an unread result is no error."""
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
    """The thread has the caller's context variables, as traces need."""
    variable = contextvars.ContextVar("variable", default="")
    variable.set("mine")
    assert "mine" == wait(start(variable.get))


def test_a_failure_is_freed_with_its_future() -> None:
    """No reference cycle keeps a failed function's objects alive."""

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
    """If no thread can be started, as at exit, the function runs in the caller."""

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
def test_blocked_work_does_not_delay_the_exit(more: str) -> None:
    """The interpreter and ``asyncio.run`` end while the function blocks."""
    subprocess.run([sys.executable, "-c", HANGS + more], check=True, timeout=AT_MOST)
