"""Any number of tasks by their ids, as steps: a hundred a request, throttled ones once more."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from http import HTTPStatus
from itertools import count
from typing import Annotated

from pydantic import Field

from .._core.model import Input
from .._core.protocols import check, check_as
from .._core.retries import RetryPolicy
from .._core.steps import Pause, Steps, ask
from ..errors import OmicsTasksError, ResponseError
from .models import BatchTask, BatchTaskError, BatchTaskErrorCode, TaskBatch, TaskId
from .operations import BATCH_GET_TASKS, BatchItem

__all__: list[str] = []

_MOST = 100


class _Asked(Input):
    """The ids of a whole batch, however many."""

    ids: Annotated[tuple[BatchItem, ...], Field(strict=False)]


class _Throttled(OmicsTasksError):
    """Stands for the items of a request that were throttled, as the request itself was not."""

    throttling = True


def batch_get_tasks(policy: RetryPolicy, ids: Iterable[tuple[str, ...]]) -> Steps[TaskBatch]:
    """Work that comes to the tasks."""
    given = check_as(_Asked, BATCH_GET_TASKS, {"ids": ids}).ids
    return _batch(policy, {TaskId(**item.model_dump()): item for item in given})


def _batch(policy: RetryPolicy, asked: dict[TaskId, BatchItem]) -> Steps[TaskBatch]:
    tasks: dict[TaskId, BatchTask] = {}
    errors: dict[TaskId, BatchTaskError] = {}
    wanted = list(asked)
    for attempt in count(1):
        throttled: dict[TaskId, BatchTaskError] = {}
        for some in _parts(wanted):
            request = check(BATCH_GET_TASKS, {"ids": [asked[each] for each in some]})
            batch = yield from ask(BATCH_GET_TASKS, request)
            _check_whole(some, batch)
            tasks |= {task.ids: task for task in batch.tasks}
            for error in batch.errors:
                is_throttled = error.code is BatchTaskErrorCode.THROTTLING
                (throttled if is_throttled else errors)[error.ids] = error
        wanted = [each for each in wanted if each in throttled]
        if not wanted or attempt == policy.max_attempts:
            errors |= throttled
            break
        yield Pause(policy.delay(_Throttled(), attempt))
    return TaskBatch(
        tasks=[tasks[each] for each in asked if each in tasks],
        errors=[errors[each] for each in asked if each in errors],
    )


def _check_whole(asked: list[TaskId], batch: TaskBatch) -> None:
    """Raises a ResponseError where an answer says nothing of what it was asked for."""
    told = {*(task.ids for task in batch.tasks), *(error.ids for error in batch.errors)}
    left_out = sum(each not in told for each in asked)
    if left_out:
        raise ResponseError(
            f"the answer says nothing of {left_out} of the {len(asked)} tasks asked for",
            service=BATCH_GET_TASKS.service.id,
            operation=BATCH_GET_TASKS.name,
            status=HTTPStatus.OK,
            request_id=None,
            body="",
        )


def _parts(ids: list[TaskId]) -> Iterator[list[TaskId]]:
    return (ids[start : start + _MOST] for start in range(0, len(ids), _MOST))
