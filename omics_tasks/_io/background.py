"""Daemon threads, which block neither an event loop nor the exit of the interpreter."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from contextvars import copy_context
from threading import Thread
from typing import TypeVar

T = TypeVar("T")


def start(work: Callable[[], T]) -> Future[T]:
    """Run ``work`` in a daemon thread, and return a future for its result.

    The work sees the caller's context variables. It can't be cancelled, so that one caller that
    stops waiting doesn't affect the others. If no thread can be started, such as while the
    interpreter exits, the work runs before this returns.
    """
    future: Future[T] = Future()
    future.set_running_or_notify_cancel()
    run = copy_context().run
    try:
        Thread(target=run, args=(_finish, future, work), name="omics-tasks", daemon=True).start()
    except RuntimeError:
        run(_finish, future, work)
    return future


def _finish(future: Future[T], work: Callable[[], T]) -> None:
    try:
        result = work()
    except StopIteration as error:  # asyncio rejects it, and the awaiting task would hang
        future.set_exception(RuntimeError(f"the work raised {error!r}"))
    except BaseException as error:
        future.set_exception(error)
    else:
        future.set_result(result)
    finally:
        # The exception refers to this frame. Breaking the cycle frees both at once.
        del future
