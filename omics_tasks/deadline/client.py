"""The Deadline Cloud clients."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Generator, Iterable, Sequence

from .._async_client import AsyncClient
from .._sync_client import SyncClient
from ..pagination import AsyncPaginator, Paginator
from ..states import Change, TaskState, TaskStateName
from . import _waiting
from ._batching import batch_get_tasks
from .models import Task, TaskBatch, TaskId, TaskSearchSummary, TaskSummary
from .operations import DEADLINE, GET_TASK, LIST_TASKS, SEARCH_TASKS
from .searching import SearchGroupedFilterExpressions, SearchSortExpression

__all__ = ["AsyncDeadlineClient", "DeadlineClient"]


class DeadlineClient(SyncClient):
    """Reads the tasks of AWS Deadline Cloud.

    Every method raises ``ParamValidationError`` for bad arguments, before anything is sent; a
    ``ServiceError`` where the service refuses (``omics_tasks.deadline`` has those that it
    documents); ``TransportError`` where no answer comes; ``ResponseError`` for one that can't be
    read. AWS publishes no request rate for the service.
    """

    _service = DEADLINE

    def get_task(
        self, farm_id: str, queue_id: str, job_id: str, step_id: str, task_id: str
    ) -> Task:
        """One task of a step of a job.

        The ids are ``farm-``, ``queue-``, ``job-`` and ``step-`` with 32 hexadecimal digits, and
        ``task-`` with 32 and a number, such as ``-0``. A task that isn't there raises
        ``ResourceNotFoundException``.
        https://docs.aws.amazon.com/deadline-cloud/latest/APIReference/API_GetTask.html
        """
        return self._call(
            GET_TASK,
            farm_id=farm_id,
            queue_id=queue_id,
            job_id=job_id,
            step_id=step_id,
            task_id=task_id,
        )

    def list_tasks(
        self,
        farm_id: str,
        queue_id: str,
        job_id: str,
        step_id: str,
        *,
        page_size: int | None = None,
        max_items: int | None = None,
        starting_token: str | None = None,
        prefetch: bool = False,
    ) -> Paginator[TaskSummary]:
        """The tasks of a step of a job, whole: nothing is left to ask ``get_task`` for.

        ``page_size`` is 1 to 100 tasks a request; ``max_items`` ends the listing early;
        ``starting_token`` is a ``resume_token`` or a page's ``next_token``, and is good for 24
        hours; ``prefetch`` asks for the next page while one is worked on.
        https://docs.aws.amazon.com/deadline-cloud/latest/APIReference/API_ListTasks.html
        """
        return self._list(
            LIST_TASKS,
            farm_id=farm_id,
            queue_id=queue_id,
            job_id=job_id,
            step_id=step_id,
            page_size=page_size,
            max_items=max_items,
            starting_token=starting_token,
            prefetch=prefetch,
        )

    def search_tasks(
        self,
        farm_id: str,
        queue_ids: Sequence[str],
        *,
        job_id: str | None = None,
        filter_expressions: SearchGroupedFilterExpressions | None = None,
        sort_expressions: Sequence[SearchSortExpression] | None = None,
        page_size: int | None = None,
        max_items: int | None = None,
        starting_token: str | None = None,
        prefetch: bool = False,
    ) -> Paginator[TaskSearchSummary]:
        """The tasks of 1 to 10 queues, or of one job in them, that pass a filter.

            failed = StringFilterExpression("RUN_STATUS", "EQUAL", "FAILED")
            late = DateTimeFilterExpression("ENDED_AT", "GREATER_THAN", yesterday)
            deadline.search_tasks(
                farm_id,
                [queue_id],
                filter_expressions=SearchGroupedFilterExpressions([failed, late], "AND"),
                sort_expressions=[FieldSortExpression("ENDED_AT", "DESCENDING")],
            )

        Up to 5 ``sort_expressions``, the most important first. The rest is as in ``list_tasks``,
        but that a page's ``next_token`` is the number of results before it: what is added or
        changed between two pages may shift the second. AWS gives out the first 10,000 results
        of a search and no more; asked for what comes after, it raises an error of its own.
        https://docs.aws.amazon.com/deadline-cloud/latest/APIReference/API_SearchTasks.html
        """
        return self._list(
            SEARCH_TASKS,
            farm_id=farm_id,
            queue_ids=queue_ids,
            job_id=job_id,
            filter_expressions=filter_expressions,
            sort_expressions=sort_expressions,
            page_size=page_size,
            max_items=max_items,
            starting_token=starting_token,
            prefetch=prefetch,
        )

    def batch_get_tasks(self, ids: Iterable[tuple[str, str, str, str, str]]) -> TaskBatch:
        """Any number of tasks by their ids, in the order asked, and errors for those it can't get.

        ``ids`` are ``TaskId``s, or plain tuples of the five arguments of ``get_task``; each is
        asked for once, a hundred in one request. Tasks that the service throttles, or that meet an
        error of the server, are asked for again, and they alone, after the retry policy's delays
        and as often as it allows; those that fail to the last are among the errors. Where the
        service refuses a whole request, its error is raised, with what came before as ``.partial``.
        https://docs.aws.amazon.com/deadline-cloud/latest/APIReference/API_BatchGetTask.html
        """
        return self._run(batch_get_tasks(self._config.retries, ids))

    def wait_for_task(
        self,
        farm_id: str,
        queue_id: str,
        job_id: str,
        step_id: str,
        task_id: str,
        *,
        until: TaskState | TaskStateName | None = TaskState.SUCCEEDED,
        timeout: float | None = None,
    ) -> Task:
        """Waits until a task has come to a state, and returns it.

        By default that is its success; ``until=TaskState.RUNNING`` waits until it runs, or has run
        and not failed; ``until=None`` for any end. Raises ``WaitFailedError`` as soon as it has
        ended otherwise, and ``WaitTimeoutError`` after ``timeout`` seconds, if there are any: both
        have the task as ``.snapshot`` and its ``.reason``. It looks every 2 seconds at first, and
        every 30 later on, with jitter; a few looks in a row may fail in a way that may pass.
        """
        ids = TaskId(farm_id, queue_id, job_id, step_id, task_id)
        return self._run(
            _waiting.wait_for_task(self._config.retries, ids, until=until, timeout=timeout)
        )

    def watch_tasks(
        self,
        farm_id: str,
        queue_id: str,
        job_id: str,
        step_id: str,
        *,
        timeout: float | None = None,
    ) -> Generator[Change[TaskSummary]]:
        """Iterates over what changes in the tasks of a step, until all of them have ended.

        At first each is told of as it is. It looks every 2 seconds while things change, and up to
        every 30 while nothing does; a look is one request for each hundred tasks of the step.
        Raises ``WaitTimeoutError`` after ``timeout`` seconds, if there are any: a task that is
        suspended, or that no worker can run, may never end.
        """
        return self._watch(
            _waiting.watch_tasks(
                self._config.retries,
                self._clock.answered_at,
                timeout,
                farm_id=farm_id,
                queue_id=queue_id,
                job_id=job_id,
                step_id=step_id,
            )
        )


class AsyncDeadlineClient(AsyncClient):
    """``DeadlineClient``, awaited: the same methods, arguments and errors."""

    _service = DEADLINE

    async def get_task(
        self, farm_id: str, queue_id: str, job_id: str, step_id: str, task_id: str
    ) -> Task:
        """See ``DeadlineClient.get_task``."""
        return await self._call(
            GET_TASK,
            farm_id=farm_id,
            queue_id=queue_id,
            job_id=job_id,
            step_id=step_id,
            task_id=task_id,
        )

    def list_tasks(
        self,
        farm_id: str,
        queue_id: str,
        job_id: str,
        step_id: str,
        *,
        page_size: int | None = None,
        max_items: int | None = None,
        starting_token: str | None = None,
        prefetch: bool = False,
    ) -> AsyncPaginator[TaskSummary]:
        """See ``DeadlineClient.list_tasks``; iterated with ``async for``, not awaited."""
        return self._list(
            LIST_TASKS,
            farm_id=farm_id,
            queue_id=queue_id,
            job_id=job_id,
            step_id=step_id,
            page_size=page_size,
            max_items=max_items,
            starting_token=starting_token,
            prefetch=prefetch,
        )

    def search_tasks(
        self,
        farm_id: str,
        queue_ids: Sequence[str],
        *,
        job_id: str | None = None,
        filter_expressions: SearchGroupedFilterExpressions | None = None,
        sort_expressions: Sequence[SearchSortExpression] | None = None,
        page_size: int | None = None,
        max_items: int | None = None,
        starting_token: str | None = None,
        prefetch: bool = False,
    ) -> AsyncPaginator[TaskSearchSummary]:
        """See ``DeadlineClient.search_tasks``; iterated with ``async for``, not awaited."""
        return self._list(
            SEARCH_TASKS,
            farm_id=farm_id,
            queue_ids=queue_ids,
            job_id=job_id,
            filter_expressions=filter_expressions,
            sort_expressions=sort_expressions,
            page_size=page_size,
            max_items=max_items,
            starting_token=starting_token,
            prefetch=prefetch,
        )

    async def batch_get_tasks(self, ids: Iterable[tuple[str, str, str, str, str]]) -> TaskBatch:
        """See ``DeadlineClient.batch_get_tasks``."""
        return await self._run(batch_get_tasks(self._config.retries, ids))

    async def wait_for_task(
        self,
        farm_id: str,
        queue_id: str,
        job_id: str,
        step_id: str,
        task_id: str,
        *,
        until: TaskState | TaskStateName | None = TaskState.SUCCEEDED,
        timeout: float | None = None,  # noqa: ASYNC109 - as its twin has it
    ) -> Task:
        """See ``DeadlineClient.wait_for_task``."""
        ids = TaskId(farm_id, queue_id, job_id, step_id, task_id)
        return await self._run(
            _waiting.wait_for_task(self._config.retries, ids, until=until, timeout=timeout)
        )

    def watch_tasks(
        self,
        farm_id: str,
        queue_id: str,
        job_id: str,
        step_id: str,
        *,
        timeout: float | None = None,
    ) -> AsyncGenerator[Change[TaskSummary]]:
        """See ``DeadlineClient.watch_tasks``; iterated with ``async for``, not awaited."""
        return self._watch(
            _waiting.watch_tasks(
                self._config.retries,
                self._clock.answered_at,
                timeout,
                farm_id=farm_id,
                queue_id=queue_id,
                job_id=job_id,
                step_id=step_id,
            )
        )
