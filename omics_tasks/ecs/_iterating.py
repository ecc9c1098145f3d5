"""List tasks, status after status, and describe them.

The token of a page is a status and the service's own token: ``STOPPED:…``, or ``STOPPED:`` for the
first page of a status. Without a desired status, nothing is before the colon.
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


class TaskCursor(Cursor[Task]):
    """The position in a listing. A task that stops meanwhile may be listed under two statuses."""

    def __init__(
        self, operation: Operation[Any, Any], first: IterTasksInput, skip: ItemsToSkip
    ) -> None:
        statuses = _statuses(first)
        start = first.starting_token
        if start is None:
            start = f"{statuses[0]}:"
        elif start.partition(":")[0] not in statuses or ":" not in start:
            rule = "is the token of another listing, or of another desired_status"
            raise ParamValidationError(
                operation.service.id, operation.name, (Problem("starting_token", rule),)
            )
        super().__init__(operation, first.model_copy(update={"starting_token": start}), skip)
        self._has_several = len(statuses) > 1
        self._seen_arns: set[str] = set()

    def _new(self, items: Sequence[Task]) -> Sequence[int]:
        if not self._has_several:
            return super()._new(items)
        places = [place for place, task in enumerate(items) if task.task_arn not in self._seen_arns]
        self._seen_arns.update(task.task_arn for task in items)
        return places


def _page_of_tasks(arguments: IterTasksInput) -> Workflow[Page[Task]]:
    """Return a page of the listing, without the tasks that are gone before they are described.

    Raise a ServiceError for a task that can't be described for another reason.
    """
    status, _, token = (arguments.starting_token or "").partition(":")
    filters = arguments.model_dump(exclude={"include"})
    filters |= {"desired_status": status or None, "starting_token": token or None}
    listed = yield from call(LIST_TASKS, check(LIST_TASKS, filters))
    try:
        described = yield from describe(
            DescribeTasksInput(
                cluster=arguments.cluster, tasks=tuple(listed.items), include=arguments.include
            )
        )
        described.raise_failures()
    except OmicsTasksError as error:
        if isinstance(error.partial, DescribedTasks):
            error.partial = error.partial.tasks
        raise
    next_token = _after(status, listed.next_token, _statuses(arguments))
    return Page[Task](items=described.so_far().tasks, next_token=next_token)


def _after(status: str, token: str | None, statuses: Sequence[str]) -> str | None:
    if token:
        return f"{status}:{token}"
    rest = statuses[statuses.index(status) + 1 :]
    return f"{rest[0]}:" if rest else None


def _statuses(arguments: IterTasksInput) -> Sequence[str]:
    return arguments.desired_status or ("",)


ITER_TASKS = ListingMethod(
    Operation(ECS, LIST_TASKS.name, IterTasksInput, Page[Task], LIST_TASKS.errors),
    _page_of_tasks,
    TaskCursor,
)
