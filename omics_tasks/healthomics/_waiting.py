"""Waiting for runs and their tasks, and watching them.

A poll of a run with its tasks is one GetRun and a ListRunTasks per page. The run comes first: once
it has ended, the tasks that are listed after it are complete.
"""

from __future__ import annotations

from collections.abc import Collection

from .._core.methods import Context, WatchMethod, WorkflowMethod
from .._core.polling import Snapshot, WaitInput, WatchInput, wait_for_one
from .._core.protocols import check
from .._core.watching import Watch
from .._core.workflow import Workflow, call, list_all
from ..errors import WaitFailedError, WaitTimeoutError
from ..states import TaskState
from .models import Run, RunTask, RunTaskSummary
from .operations import GET_RUN, GET_RUN_TASK, LIST_RUN_TASKS, RunInput, TaskInput


class WaitForRunInput(RunInput, WaitInput):
    """Wait until a run reaches a state, and return it.

    The errors have the run as ``.snapshot`` and its ``.reason``. The run is polled every 2 seconds
    at first and every 30 later on, with jitter. A few polls in a row may fail with a transient
    error.
    """


def _wait_for_run(given: WaitForRunInput, context: Context) -> Workflow[Run]:
    run = check(GET_RUN, {"run_id": given.run_id})
    return wait_for_one(GET_RUN, run, f"run {given.run_id}", given, context.policy)


WAIT_FOR_RUN = WorkflowMethod(
    GET_RUN, WaitForRunInput, _wait_for_run, (WaitFailedError, WaitTimeoutError)
)


class WaitForRunTaskInput(TaskInput, WaitInput):
    """Wait until a task of a run reaches a state, and return it.

    The errors have the task as ``.snapshot`` and its ``.reason``. It is polled as by
    ``wait_for_run``.
    """


def _wait_for_run_task(given: WaitForRunTaskInput, context: Context) -> Workflow[RunTask]:
    task = check(GET_RUN_TASK, {"run_id": given.run_id, "task_id": given.task_id})
    name = f"task {given.task_id} of run {given.run_id}"
    return wait_for_one(GET_RUN_TASK, task, name, given, context.policy)


WAIT_FOR_RUN_TASK = WorkflowMethod(
    GET_RUN_TASK, WaitForRunTaskInput, _wait_for_run_task, (WaitFailedError, WaitTimeoutError)
)


class WatchRunInput(RunInput, WatchInput):
    """Iterate over the changes in a run and its tasks until all of them have ended.

    Each is reported once as it is at first. They are polled every 2 seconds while something
    changes, and up to every 30 while nothing does; a poll is a request for the run, and one for
    each hundred of its tasks. Tasks that are still running when their run has ended are polled a
    few times more.
    """


def _watch_run(given: WatchRunInput, context: Context) -> Watch[Run | RunTaskSummary]:
    the_run = check(GET_RUN, {"run_id": given.run_id})
    its_tasks = check(LIST_RUN_TASKS, {"run_id": given.run_id, "page_size": 100})
    name = f"run {given.run_id}"

    def poll(ended: Collection[str]) -> Workflow[Snapshot[Run | RunTaskSummary]]:
        items: dict[str, Run | RunTaskSummary] = {}
        if name not in ended:
            run = items[name] = yield from call(GET_RUN, the_run)
            if run.state is TaskState.PENDING:
                return Snapshot(items)  # it has no tasks yet
        tasks = yield from list_all(LIST_RUN_TASKS, its_tasks)
        items |= {f"task {task.task_id} of {name}": task for task in tasks}
        return Snapshot(items)

    return Watch(
        GET_RUN,
        poll,
        policy=context.policy,
        now=context.now,
        timeout=given.timeout,
        leader=name,
    )


WATCH_RUN = WatchMethod(GET_RUN, WatchRunInput, _watch_run, (WaitTimeoutError,))
