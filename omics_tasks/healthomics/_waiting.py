"""Waiting for runs and their tasks, and watching them, as steps.

A look at a run with its tasks is one GetRun and as many ListRunTasks as there are pages. The run
comes first: when it has ended, the tasks that are then listed are all that there will be.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime

from .._core.polling import Snapshot, WaitInput, WatchInput, wait_for_one
from .._core.protocols import check, check_as
from .._core.retries import RetryPolicy
from .._core.watching import Watch
from .._core.workflow import Workflow, call, list_all
from ..states import TaskState
from .models import Run, RunTask, RunTaskSummary
from .operations import GET_RUN, GET_RUN_TASK, LIST_RUN_TASKS

__all__: list[str] = []


def wait_for_run(policy: RetryPolicy, run_id: str, **options: object) -> Workflow[Run]:
    """Runner that comes to the run when it is there; the options are those of WaitInput."""
    asked = check(GET_RUN, {"run_id": run_id})
    given = check_as(WaitInput, GET_RUN, options)
    return wait_for_one(GET_RUN, asked, f"run {run_id}", given, policy)


def wait_for_run_task(
    policy: RetryPolicy, run_id: str, task_id: str, **options: object
) -> Workflow[RunTask]:
    """Runner that comes to the task when it is there; the options are those of WaitInput."""
    asked = check(GET_RUN_TASK, {"run_id": run_id, "task_id": task_id})
    given = check_as(WaitInput, GET_RUN_TASK, options)
    return wait_for_one(GET_RUN_TASK, asked, f"task {task_id} of run {run_id}", given, policy)


def watch_run(
    policy: RetryPolicy, now: Callable[[], datetime], run_id: str, timeout: float | None
) -> Watch[Run | RunTaskSummary]:
    """A watch over a run and all its tasks."""
    given = check_as(WatchInput, GET_RUN, {"timeout": timeout})
    run_asked = check(GET_RUN, {"run_id": run_id})
    tasks_asked = check(LIST_RUN_TASKS, {"run_id": run_id, "page_size": 100})
    name = f"run {run_id}"

    def poll(ended: Collection[str]) -> Workflow[Snapshot[Run | RunTaskSummary]]:
        items: dict[str, Run | RunTaskSummary] = {}
        if name not in ended:
            run = items[name] = yield from call(GET_RUN, run_asked)
            if run.state is TaskState.PENDING:
                return Snapshot(items)  # it has no tasks yet
        tasks = yield from list_all(LIST_RUN_TASKS, tasks_asked)
        items |= {f"task {task.task_id} of {name}": task for task in tasks}
        return Snapshot(items)

    return Watch(GET_RUN, poll, policy=policy, now=now, timeout=given.timeout, leader=name)
