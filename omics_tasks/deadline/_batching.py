"""Get any number of tasks by their ids: a hundred per request.

Tasks that are throttled, or that meet an error of the server, are requested again.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count
from typing import Annotated

from pydantic import Field

from .._core.batches import check_complete, parts
from .._core.methods import Context, WorkflowMethod
from .._core.model import GivenAs, Input
from .._core.protocols import check
from .._core.retries import RetryPolicy
from .._core.workflow import SleepStep, Workflow, call
from ..errors import OmicsTasksError
from .models import BatchTask, BatchTaskError, BatchTaskErrorCode, TaskBatch, TaskId
from .operations import BATCH_GET_TASKS, BatchItem

_TRANSIENT = frozenset({BatchTaskErrorCode.THROTTLING, BatchTaskErrorCode.INTERNAL_SERVER_ERROR})


class GetAnyTasksInput(Input):
    """Return tasks by their ids, in the order in which they are given.

    They are sent a hundred per request, each once. Tasks that the service throttles, or that meet
    an error of the server, are requested again, and they alone, after the retry policy's delays and
    as often as it allows. Those that can't be returned are among the ``errors``. Where the service
    refuses a whole request, its error has the tasks that were returned before as ``.partial``.

    https://docs.aws.amazon.com/deadline-cloud/latest/APIReference/API_BatchGetTask.html
    """

    ids: Annotated[
        tuple[BatchItem, ...],
        Field(strict=False),
        GivenAs(Iterable[tuple[str, str, str, str, str]]),
    ]
    """``TaskId``s, or plain tuples of the five arguments of ``get_task``; any number."""


def _batch_get_tasks(given: GetAnyTasksInput, context: Context) -> Workflow[TaskBatch]:
    return _batch(context.policy, {TaskId(**item.model_dump()): item for item in given.ids})


BATCH_GET_ANY_TASKS = WorkflowMethod(BATCH_GET_TASKS, GetAnyTasksInput, _batch_get_tasks)


def _batch(policy: RetryPolicy, items: dict[TaskId, BatchItem]) -> Workflow[TaskBatch]:
    results: dict[TaskId, BatchTask | BatchTaskError] = {}
    left = list(items)
    for attempt in count(1):
        for some in parts(left):
            request = check(BATCH_GET_TASKS, {"ids": [items[each] for each in some]})
            try:
                batch = yield from call(BATCH_GET_TASKS, request)
                results |= {error.ids: error for error in batch.errors}
                results |= {task.ids: task for task in batch.tasks}
                check_complete(BATCH_GET_TASKS, some, _ids_in(batch))
            except OmicsTasksError as error:
                error.partial = _so_far(items, results)
                raise
        left = [each for each in left if _code_of(results[each]) in _TRANSIENT]
        if not left or attempt == policy.max_attempts:
            break
        failure = OmicsTasksError()
        failure.throttling = any(
            _code_of(results[each]) is BatchTaskErrorCode.THROTTLING for each in left
        )
        yield SleepStep(policy.delay(failure, attempt))
    return _so_far(items, results)


def _ids_in(batch: TaskBatch) -> set[TaskId]:
    return {*(task.ids for task in batch.tasks), *(error.ids for error in batch.errors)}


def _code_of(result: BatchTask | BatchTaskError) -> BatchTaskErrorCode | None:
    return result.code if isinstance(result, BatchTaskError) else None


def _so_far(ids: Iterable[TaskId], results: dict[TaskId, BatchTask | BatchTaskError]) -> TaskBatch:
    ordered = [results[each] for each in ids if each in results]
    return TaskBatch(
        tasks=[each for each in ordered if isinstance(each, BatchTask)],
        errors=[each for each in ordered if isinstance(each, BatchTaskError)],
    )
