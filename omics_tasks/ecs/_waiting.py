"""Waiting for tasks and watching them: a poll takes a request per hundred tasks."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Annotated

from pydantic import Field

from .._core.methods import Context, WatchMethod, WorkflowMethod
from .._core.polling import GraceInput, Poll, Snapshot, WaitInput, WatchInput, wait
from .._core.protocols import check
from .._core.watching import Watch
from .._core.workflow import Workflow
from ..errors import WaitFailedError, WaitTimeoutError
from ._describing import describe
from .models import Task
from .operations import DESCRIBE_TASKS, NamedTasksInput


class WatchTasksInput(NamedTasksInput, WatchInput, GraceInput):
    """Iterate over the changes in tasks until all of them have ended.

    Each is reported once as it is at first. They are polled every 2 seconds while something
    changes, and up to every 30 while nothing does; a poll is a request per hundred tasks that have
    not ended. Tasks that are missing when all others have ended, and ``missing_grace`` seconds have
    passed, raise a ``WaitFailedError``.
    """

    essential: Annotated[tuple[str, ...], Field(min_length=1, strict=False)] | None = None
    """Names of the containers that decide the ``state`` of a task, 1 or more; all if left out."""


class WaitForTasksInput(WatchTasksInput, WaitInput):
    """Wait until all tasks have reached a state, and return one for each name.

    The errors have the task that failed or is late as ``.snapshot``, its ``.reason``, and all tasks
    as ``.snapshots``. A task that was just started may be missing at first; it is a failure once
    ``missing_grace`` seconds have passed. The tasks are polled every 2 seconds at first and every
    30 later on, with jitter; a poll is a request per hundred tasks that have not ended. A few polls
    in a row may fail with a transient error.
    """


def _wait_for_tasks(given: WaitForTasksInput, context: Context) -> Workflow[list[Task]]:
    if not given.tasks:
        return []
    found = yield from wait(
        DESCRIBE_TASKS,
        _poll(given),
        given.tasks,
        given.until,
        policy=context.policy,
        timeout=given.timeout,
        grace=given.missing_grace,
    )
    return [found[name] for name in given.tasks]


def _watch_tasks(given: WatchTasksInput, context: Context) -> Watch[Task]:
    return Watch(
        DESCRIBE_TASKS,
        _poll(given),
        policy=context.policy,
        now=context.now,
        timeout=given.timeout,
        grace=given.missing_grace,
    )


def _poll(given: WatchTasksInput) -> Poll[Task]:
    names = tuple(dict.fromkeys(given.tasks))
    arguments = check(DESCRIBE_TASKS, {"cluster": given.cluster, "tasks": names})

    def poll(ended: Collection[str]) -> Workflow[Snapshot[Task]]:
        left = tuple(name for name in names if name not in ended)
        found = yield from describe(arguments.model_copy(update={"tasks": left}))
        found.raise_failures()
        items = {name: _judged(task, given.essential) for name, task in found.tasks.items()}
        return Snapshot(items, found.missing)

    return poll


def _judged(task: Task, essential: Sequence[str] | None) -> Task:
    return task if essential is None else task.with_essential(*essential)


WAIT_FOR_TASKS = WorkflowMethod(
    DESCRIBE_TASKS, WaitForTasksInput, _wait_for_tasks, (WaitFailedError, WaitTimeoutError)
)
WATCH_TASKS = WatchMethod(
    DESCRIBE_TASKS, WatchTasksInput, _watch_tasks, (WaitFailedError, WaitTimeoutError)
)
