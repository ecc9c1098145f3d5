"""Waiting for tasks and watching those of a step, as steps.

A look at one task is one GetTask, and at a step's a ListTasks for each hundred of them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime

from .._core.polling import Snapshot, WaitInput, WatchInput, wait_for_one
from .._core.protocols import check, check_as
from .._core.retries import RetryPolicy
from .._core.watching import Watch
from .._core.workflow import Workflow, list_all
from .models import Task, TaskId, TaskSummary
from .operations import GET_TASK, LIST_TASKS

__all__: list[str] = []


def wait_for_task(policy: RetryPolicy, ids: TaskId, **options: object) -> Workflow[Task]:
    """Runner that comes to the task when it is there; the options are those of WaitInput."""
    asked = check(GET_TASK, ids._asdict())
    given = check_as(WaitInput, GET_TASK, options)
    return wait_for_one(GET_TASK, asked, f"task {ids.task_id}", given, policy)


def watch_tasks(
    policy: RetryPolicy, now: Callable[[], datetime], timeout: float | None, **ids: str
) -> Watch[TaskSummary]:
    """A watch over all tasks of the step with these ids."""
    asked = check(LIST_TASKS, {**ids, "page_size": 100})
    given = check_as(WatchInput, LIST_TASKS, {"timeout": timeout})

    def poll(_: Collection[str]) -> Workflow[Snapshot[TaskSummary]]:
        tasks = yield from list_all(LIST_TASKS, asked)
        return Snapshot({f"task {task.task_id}": task for task in tasks})

    return Watch(LIST_TASKS, poll, policy=policy, now=now, timeout=given.timeout)
