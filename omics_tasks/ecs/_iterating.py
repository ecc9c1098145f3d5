"""Tasks listed, status after status, and described: one listing, whose pages are steps.

The token of such a page is a status and the service's own token: ``STOPPED:…``, or ``STOPPED:``
where that status begins. Where no status was asked for, nothing is before the colon.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .._core.methods import ListingMethod
from .._core.model import Page
from .._core.operation import Operation
from .._core.paging import Cursor
from .._core.protocols import check
from .._core.resuming import ItemsToSkip
from .._core.workflow import Workflow, call
from ..errors import OmicsTasksError, ParamValidationError, Problem
from ._describing import describe
from .models import DescribedTasks, Task
from .operations import ECS, LIST_TASKS, DescribeTasksInput, IterTasksInput

__all__ = ["TaskCursor"]


class TaskCursor(Cursor[Task]):
    """One iteration: a task that stops between the listings of two statuses is met in both."""

    def __init__(
        self, operation: Operation[Any, Any], first: IterTasksInput, passed: ItemsToSkip
    ) -> None:
        statuses = _statuses(first)
        start = first.starting_token
        if start is None:
            start = f"{statuses[0]}:"
        elif start.partition(":")[0] not in statuses or ":" not in start:
            rule = "is the token of another listing, or of a status that isn't asked for"
            raise ParamValidationError(
                operation.service.id, operation.name, (Problem("starting_token", rule),)
            )
        super().__init__(operation, first.model_copy(update={"starting_token": start}), passed)
        self._remembers = len(statuses) > 1
        self._met: set[str] = set()

    def _new(self, items: Sequence[Task]) -> Sequence[int]:
        if not self._remembers:
            return super()._new(items)
        places = [place for place, task in enumerate(items) if task.task_arn not in self._met]
        self._met.update(task.task_arn for task in items)
        return places


def _page_of_tasks(asked: IterTasksInput) -> Workflow[Page[Task]]:
    """Return a page of the listing, without the tasks that are gone before they are described.

    Raises a ServiceError for a task that can't be described for another reason.
    """
    status, _, token = (asked.starting_token or "").partition(":")
    filters = asked.model_dump(exclude={"include"})
    filters |= {"desired_status": status or None, "starting_token": token or None}
    listed = yield from call(LIST_TASKS, check(LIST_TASKS, filters))
    try:
        described = yield from describe(
            DescribeTasksInput(
                cluster=asked.cluster, tasks=tuple(listed.items), include=asked.include
            )
        )
        described.raise_failures()
    except OmicsTasksError as error:
        if isinstance(error.partial, DescribedTasks):
            error.partial = error.partial.tasks
        raise
    next_token = _after(status, listed.next_token, _statuses(asked))
    return Page[Task](items=described.so_far().tasks, next_token=next_token)


def _after(status: str, token: str | None, statuses: Sequence[str]) -> str | None:
    if token:
        return f"{status}:{token}"
    rest = statuses[statuses.index(status) + 1 :]
    return f"{rest[0]}:" if rest else None


def _statuses(asked: IterTasksInput) -> Sequence[str]:
    return asked.desired_status or ("",)


ITER_TASKS = ListingMethod(
    Operation(ECS, LIST_TASKS.name, IterTasksInput, Page[Task], LIST_TASKS.errors),
    _page_of_tasks,
    TaskCursor,
)
