"""Waiting for tasks and watching them, as steps: a look takes a request for each hundred."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime
from typing import Annotated

from pydantic import Field

from .._core.polling import GraceInput, Poll, Snapshot, WaitInput, WatchInput, wait
from .._core.protocols import check, check_as
from .._core.retries import RetryPolicy
from .._core.watching import Watch
from .._core.workflow import Workflow
from ._describing import describe
from .models import Task
from .operations import DESCRIBE_TASKS, DescribeTasksInput

__all__: list[str] = []


class _TasksInput(WatchInput, GraceInput):
    essential: Annotated[tuple[str, ...], Field(min_length=1, strict=False)] | None = None
    """Names of the containers that count; all do if left out."""


class _WaitInput(_TasksInput, WaitInput):
    pass


def wait_for_tasks(
    policy: RetryPolicy, tasks: Iterable[str], cluster: str | None, **options: object
) -> Workflow[list[Task]]:
    """Runner that comes to the tasks when all are there; the options are the inputs' of a wait."""
    asked = check(DESCRIBE_TASKS, {"tasks": tasks, "cluster": cluster})
    given = check_as(_WaitInput, DESCRIBE_TASKS, options)
    return _waited_for(policy, asked.tasks, _poll(asked, given), given)


def _waited_for(
    policy: RetryPolicy, names: Sequence[str], poll: Poll[Task], given: _WaitInput
) -> Workflow[list[Task]]:
    if not names:
        return []
    seen = yield from wait(
        DESCRIBE_TASKS,
        poll,
        names,
        given.until,
        policy=policy,
        timeout=given.timeout,
        grace=given.missing_grace,
    )
    return [seen[name] for name in names]


def watch_tasks(
    policy: RetryPolicy,
    now: Callable[[], datetime],
    tasks: Iterable[str],
    cluster: str | None,
    **options: object,
) -> Watch[Task]:
    """A watch over tasks; the options are those of _TasksInput."""
    asked = check(DESCRIBE_TASKS, {"tasks": tasks, "cluster": cluster})
    given = check_as(_TasksInput, DESCRIBE_TASKS, options)
    return Watch(
        DESCRIBE_TASKS,
        _poll(asked, given),
        policy=policy,
        now=now,
        timeout=given.timeout,
        grace=given.missing_grace,
    )


def _poll(asked: DescribeTasksInput, given: _TasksInput) -> Poll[Task]:
    names = tuple(dict.fromkeys(asked.tasks))

    def poll(ended: Collection[str]) -> Workflow[Snapshot[Task]]:
        left = tuple(name for name in names if name not in ended)
        found = yield from describe(asked.model_copy(update={"tasks": left}))
        found.raise_failures()
        items = {name: _judged(task, given.essential) for name, task in found.tasks.items()}
        return Snapshot(items, found.missing)

    return poll


def _judged(task: Task, essential: Sequence[str] | None) -> Task:
    return task if essential is None else task.with_essential(*essential)
