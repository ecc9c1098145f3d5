"""Threads that nothing has to wait for: neither an event loop nor the interpreter when it ends."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from contextvars import copy_context
from threading import Thread
from typing import TypeVar

T = TypeVar("T")


def start(work: Callable[[], T]) -> Future[T]:
    """Start ``work`` in a daemon thread, and return the future that will have its outcome.

    The work sees the caller's context variables. It can't be cancelled: one caller that stops
    waiting leaves the outcome to the others. Where no thread can be started, as while the
    interpreter ends, the work is done before this returns.
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
    except StopIteration as error:  # asyncio refuses it: whoever awaits it would wait for ever
        future.set_exception(RuntimeError(f"the work raised {error!r}"))
    except BaseException as error:
        future.set_exception(error)
    else:
        future.set_result(result)
    finally:
        # An exception refers to this frame: without the cycle both are freed at once.
        del future
