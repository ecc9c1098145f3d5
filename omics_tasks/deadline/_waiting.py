"""Waiting for tasks and watching those of a step.

A poll of one task is one GetTask, and of a step a ListTasks per hundred tasks.
"""

from __future__ import annotations

from collections.abc import Collection

from .._core.methods import Context, WatchMethod, WorkflowMethod
from .._core.polling import Snapshot, WaitInput, WatchInput, wait_for_one
from .._core.protocols import check
from .._core.watching import Watch
from .._core.workflow import Workflow, list_all
from ..errors import WaitFailedError, WaitTimeoutError
from .models import Task, TaskSummary
from .operations import GET_TASK, LIST_TASKS, StepInput, TaskInput


class WaitForTaskInput(TaskInput, WaitInput):
    """Wait until a task reaches a state, and return it.

    The errors have the task as ``.snapshot`` and its ``.reason``. The task is polled every 2
    seconds at first and every 30 later on, with jitter. A few polls in a row may fail with a
    transient error.
    """


def _wait_for_task(given: WaitForTaskInput, context: Context) -> Workflow[Task]:
    ids = given.model_dump(include=set(TaskInput.model_fields))
    return wait_for_one(
        GET_TASK, check(GET_TASK, ids), f"task {given.task_id}", given, context.policy
    )


WAIT_FOR_TASK = WorkflowMethod(
    GET_TASK, WaitForTaskInput, _wait_for_task, (WaitFailedError, WaitTimeoutError)
)


class WatchTasksInput(StepInput, WatchInput):
    """Iterate over the changes in the tasks of a step until all of them have ended.

    Each is reported once as it is at first. They are polled every 2 seconds while something
    changes, and up to every 30 while nothing does; a poll is a request per hundred tasks of the
    step. A task that is suspended, or that no worker can run, may never end: give a ``timeout``.
    """


def _watch_tasks(given: WatchTasksInput, context: Context) -> Watch[TaskSummary]:
    ids = given.model_dump(include=set(StepInput.model_fields))
    all_tasks = check(LIST_TASKS, {**ids, "page_size": 100})

    def poll(_: Collection[str]) -> Workflow[Snapshot[TaskSummary]]:
        tasks = yield from list_all(LIST_TASKS, all_tasks)
        return Snapshot({f"task {task.task_id}": task for task in tasks})

    return Watch(LIST_TASKS, poll, policy=context.policy, now=context.now, timeout=given.timeout)


WATCH_TASKS = WatchMethod(LIST_TASKS, WatchTasksInput, _watch_tasks, (WaitTimeoutError,))
