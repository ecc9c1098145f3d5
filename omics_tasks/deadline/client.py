"""The Deadline clients.

Generated from the definitions in ``_methods.py`` by ``python -m tests.generator``.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Generator, Iterable

from .._async_client import AsyncClient
from .._sync_client import SyncClient
from ..pagination import AsyncPaginator, Paginator
from ..states import Change, TaskState, TaskStateName
from ._batching import BATCH_GET_ANY_TASKS
from ._waiting import WAIT_FOR_TASK, WATCH_TASKS
from .models import Task, TaskBatch, TaskSearchSummary, TaskSummary
from .operations import DEADLINE, GET_TASK, LIST_TASKS, SEARCH_TASKS
from .searching import SearchGroupedFilterExpressions, SearchSortExpression

__all__ = ["AsyncDeadlineClient", "DeadlineClient"]


class DeadlineClient(SyncClient):
    """Read, search, follow and wait for the tasks of AWS Deadline Cloud.

    AWS publishes no request rate for the service.

    Every method raises a ``ServiceError`` where the service refuses, a ``TransportError`` where no
    response comes, and a ``ResponseError`` for a response that can't be read.
    """

    _service = DEADLINE

    def get_task(
        self, farm_id: str, queue_id: str, job_id: str, step_id: str, task_id: str
    ) -> Task:
        """Return a task of a step of a job.

        https://docs.aws.amazon.com/deadline-cloud/latest/APIReference/API_GetTask.html

        Args:
            farm_id: Id of the farm: ``farm-``, 32 hexadecimal digits.
            queue_id: Id of the queue: ``queue-``, 32 hexadecimal digits.
            job_id: Id of the job: ``job-``, 32 hexadecimal digits.
            step_id: Id of the step: ``step-``, 32 hexadecimal digits.
            task_id: Id of the task: ``task-``, 32 hexadecimal digits, ``-`` and a number of up to
                10 digits.

        Returns:
            A task of a step of a job.

        Raises:
            ParamValidationError: One or more arguments violate the API's rules; nothing was sent.
            AccessDeniedException: The caller lacks the permission for the operation.
            InternalServerErrorException: Deadline Cloud failed internally; ``retry_after`` has the
                seconds to wait, if known.
            ThrottlingException: The service throttled the request; ``retry_after`` has the seconds
                to wait, if known.
            ValidationException: The service rejected the arguments.
            ResourceNotFoundException: The resource does not exist in this account and region.
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
        """List the tasks of a step of a job, with all that ``get_task`` returns.

        https://docs.aws.amazon.com/deadline-cloud/latest/APIReference/API_ListTasks.html

        Args:
            farm_id: Id of the farm: ``farm-``, 32 hexadecimal digits.
            queue_id: Id of the queue: ``queue-``, 32 hexadecimal digits.
            job_id: Id of the job: ``job-``, 32 hexadecimal digits.
            step_id: Id of the step: ``step-``, 32 hexadecimal digits.
            page_size: Maximum number of items per page, 1 to 100; the service's own maximum by
                default.
            max_items: Maximum number of items in all, 0 or more; without limit by default.
            starting_token: A ``resume_token`` or a page's ``next_token``: the listing goes on from
                there. A page's token has up to 4,096 characters and is valid for 24 hours.
            prefetch: True to request the next page while one is being worked on.

        Returns:
            A lazy listing of ``TaskSummary``: nothing is sent before it is iterated.

        Raises:
            ParamValidationError: One or more arguments violate the API's rules; nothing was sent.
            AccessDeniedException: The caller lacks the permission for the operation.
            InternalServerErrorException: Deadline Cloud failed internally; ``retry_after`` has the
                seconds to wait, if known.
            ThrottlingException: The service throttled the request; ``retry_after`` has the seconds
                to wait, if known.
            ValidationException: The service rejected the arguments.
            ResourceNotFoundException: The resource does not exist in this account and region.
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
        queue_ids: Iterable[str],
        *,
        job_id: str | None = None,
        filter_expressions: SearchGroupedFilterExpressions | None = None,
        sort_expressions: Iterable[SearchSortExpression] | None = None,
        page_size: int | None = None,
        max_items: int | None = None,
        starting_token: str | None = None,
        prefetch: bool = False,
    ) -> Paginator[TaskSearchSummary]:
        """Search the tasks of some queues, or of one job in them.

            failed = StringFilterExpression("RUN_STATUS", "EQUAL", "FAILED")
            late = DateTimeFilterExpression("ENDED_AT", "GREATER_THAN", yesterday)
            deadline.search_tasks(
                farm_id,
                [queue_id],
                filter_expressions=SearchGroupedFilterExpressions([failed, late], "AND"),
                sort_expressions=[FieldSortExpression("ENDED_AT", "DESCENDING")],
            )

        A page's ``next_token`` is the number of results before it: what is added or changed between
        two pages may shift the second one. AWS returns the first 10,000 results of a search; a
        request for a later one is an error of the service.

        https://docs.aws.amazon.com/deadline-cloud/latest/APIReference/API_SearchTasks.html

        Args:
            farm_id: Id of the farm: ``farm-``, 32 hexadecimal digits.
            queue_ids: Ids of the queues to search, 1 to 10: ``queue-``, 32 hexadecimal digits.
            job_id: Id of the job to search: ``job-``, 32 hexadecimal digits; all jobs if left out.
            filter_expressions: Filters that the tasks must match.
            sort_expressions: Sort orders, 1 to 5, the most important first.
            page_size: Maximum number of items per page, 1 to 100; the service's own maximum by
                default.
            max_items: Maximum number of items in all, 0 or more; without limit by default.
            starting_token: A ``resume_token`` or a page's ``next_token``: the listing goes on from
                there. A page's token is "0" to "10000".
            prefetch: True to request the next page while one is being worked on.

        Returns:
            A lazy listing of ``TaskSearchSummary``: nothing is sent before it is iterated.

        Raises:
            ParamValidationError: One or more arguments violate the API's rules; nothing was sent.
            AccessDeniedException: The caller lacks the permission for the operation.
            InternalServerErrorException: Deadline Cloud failed internally; ``retry_after`` has the
                seconds to wait, if known.
            ThrottlingException: The service throttled the request; ``retry_after`` has the seconds
                to wait, if known.
            ValidationException: The service rejected the arguments.
            ResourceNotFoundException: The resource does not exist in this account and region.
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
        """Return tasks by their ids, in the order in which they are given.

        They are sent a hundred per request, each once. Tasks that the service throttles, or that
        meet an error of the server, are requested again, and they alone, after the retry policy's
        delays and as often as it allows. Those that can't be returned are among the ``errors``.
        Where the service refuses a whole request, its error has the tasks that were returned before
        as ``.partial``.

        https://docs.aws.amazon.com/deadline-cloud/latest/APIReference/API_BatchGetTask.html

        Args:
            ids: ``TaskId``s, or plain tuples of the five arguments of ``get_task``; any number.

        Returns:
            Requested tasks, and errors for those that could not be fetched.

        Raises:
            ParamValidationError: One or more arguments violate the API's rules; nothing was sent.
            AccessDeniedException: The caller lacks the permission for the operation.
            InternalServerErrorException: Deadline Cloud failed internally; ``retry_after`` has the
                seconds to wait, if known.
            ThrottlingException: The service throttled the request; ``retry_after`` has the seconds
                to wait, if known.
            ValidationException: The service rejected the arguments.
        """
        return self._perform(BATCH_GET_ANY_TASKS, ids=ids)

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
        """Wait until a task reaches a state, and return it.

        The errors have the task as ``.snapshot`` and its ``.reason``. The task is polled every 2
        seconds at first and every 30 later on, with jitter. A few polls in a row may fail with a
        transient error.

        Args:
            farm_id: Id of the farm: ``farm-``, 32 hexadecimal digits.
            queue_id: Id of the queue: ``queue-``, 32 hexadecimal digits.
            job_id: Id of the job: ``job-``, 32 hexadecimal digits.
            step_id: Id of the step: ``step-``, 32 hexadecimal digits.
            task_id: Id of the task: ``task-``, 32 hexadecimal digits, ``-`` and a number of up to
                10 digits.
            until: State to wait for. ``RUNNING`` is reached by what runs, and by what has run and
                not failed. None waits for any terminal state.
            timeout: Seconds after which a ``WaitTimeoutError`` is raised, 0 or more; without limit
                by default.

        Returns:
            A task of a step of a job.

        Raises:
            ParamValidationError: One or more arguments violate the API's rules; nothing was sent.
            AccessDeniedException: The caller lacks the permission for the operation.
            InternalServerErrorException: Deadline Cloud failed internally; ``retry_after`` has the
                seconds to wait, if known.
            ThrottlingException: The service throttled the request; ``retry_after`` has the seconds
                to wait, if known.
            ValidationException: The service rejected the arguments.
            ResourceNotFoundException: The resource does not exist in this account and region.
            WaitFailedError: A task or run ended in another state, or an ECS task does not exist
                (any more).
            WaitTimeoutError: The timeout of a wait is over; the awaited state may still be reached.
        """
        return self._perform(
            WAIT_FOR_TASK,
            farm_id=farm_id,
            queue_id=queue_id,
            job_id=job_id,
            step_id=step_id,
            task_id=task_id,
            until=until,
            timeout=timeout,
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
        """Iterate over the changes in the tasks of a step until all of them have ended.

        Each is reported once as it is at first. They are polled every 2 seconds while something
        changes, and up to every 30 while nothing does; a poll is a request per hundred tasks of the
        step. A task that is suspended, or that no worker can run, may never end: give a
        ``timeout``.

        Args:
            farm_id: Id of the farm: ``farm-``, 32 hexadecimal digits.
            queue_id: Id of the queue: ``queue-``, 32 hexadecimal digits.
            job_id: Id of the job: ``job-``, 32 hexadecimal digits.
            step_id: Id of the step: ``step-``, 32 hexadecimal digits.
            timeout: Seconds after which a ``WaitTimeoutError`` is raised, 0 or more; without limit
                by default.

        Yields:
            Each change, as it is seen.

        Raises:
            ParamValidationError: One or more arguments violate the API's rules; nothing was sent.
            AccessDeniedException: The caller lacks the permission for the operation.
            InternalServerErrorException: Deadline Cloud failed internally; ``retry_after`` has the
                seconds to wait, if known.
            ThrottlingException: The service throttled the request; ``retry_after`` has the seconds
                to wait, if known.
            ValidationException: The service rejected the arguments.
            ResourceNotFoundException: The resource does not exist in this account and region.
            WaitTimeoutError: The timeout of a wait is over; the awaited state may still be reached.
        """
        return self._watch(
            WATCH_TASKS,
            farm_id=farm_id,
            queue_id=queue_id,
            job_id=job_id,
            step_id=step_id,
            timeout=timeout,
        )


class AsyncDeadlineClient(AsyncClient):
    """``DeadlineClient``, awaited: the same methods, arguments and errors."""

    _service = DEADLINE

    async def get_task(
        self, farm_id: str, queue_id: str, job_id: str, step_id: str, task_id: str
    ) -> Task:
        """Return a task of a step of a job.

        https://docs.aws.amazon.com/deadline-cloud/latest/APIReference/API_GetTask.html

        Args:
            farm_id: Id of the farm: ``farm-``, 32 hexadecimal digits.
            queue_id: Id of the queue: ``queue-``, 32 hexadecimal digits.
            job_id: Id of the job: ``job-``, 32 hexadecimal digits.
            step_id: Id of the step: ``step-``, 32 hexadecimal digits.
            task_id: Id of the task: ``task-``, 32 hexadecimal digits, ``-`` and a number of up to
                10 digits.

        Returns:
            A task of a step of a job.

        Raises:
            ParamValidationError: One or more arguments violate the API's rules; nothing was sent.
            AccessDeniedException: The caller lacks the permission for the operation.
            InternalServerErrorException: Deadline Cloud failed internally; ``retry_after`` has the
                seconds to wait, if known.
            ThrottlingException: The service throttled the request; ``retry_after`` has the seconds
                to wait, if known.
            ValidationException: The service rejected the arguments.
            ResourceNotFoundException: The resource does not exist in this account and region.
        """
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
        """List the tasks of a step of a job, with all that ``get_task`` returns.

        https://docs.aws.amazon.com/deadline-cloud/latest/APIReference/API_ListTasks.html

        Args:
            farm_id: Id of the farm: ``farm-``, 32 hexadecimal digits.
            queue_id: Id of the queue: ``queue-``, 32 hexadecimal digits.
            job_id: Id of the job: ``job-``, 32 hexadecimal digits.
            step_id: Id of the step: ``step-``, 32 hexadecimal digits.
            page_size: Maximum number of items per page, 1 to 100; the service's own maximum by
                default.
            max_items: Maximum number of items in all, 0 or more; without limit by default.
            starting_token: A ``resume_token`` or a page's ``next_token``: the listing goes on from
                there. A page's token has up to 4,096 characters and is valid for 24 hours.
            prefetch: True to request the next page while one is being worked on.

        Returns:
            A lazy listing of ``TaskSummary``: nothing is sent before it is iterated.

        Raises:
            ParamValidationError: One or more arguments violate the API's rules; nothing was sent.
            AccessDeniedException: The caller lacks the permission for the operation.
            InternalServerErrorException: Deadline Cloud failed internally; ``retry_after`` has the
                seconds to wait, if known.
            ThrottlingException: The service throttled the request; ``retry_after`` has the seconds
                to wait, if known.
            ValidationException: The service rejected the arguments.
            ResourceNotFoundException: The resource does not exist in this account and region.
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
        queue_ids: Iterable[str],
        *,
        job_id: str | None = None,
        filter_expressions: SearchGroupedFilterExpressions | None = None,
        sort_expressions: Iterable[SearchSortExpression] | None = None,
        page_size: int | None = None,
        max_items: int | None = None,
        starting_token: str | None = None,
        prefetch: bool = False,
    ) -> AsyncPaginator[TaskSearchSummary]:
        """Search the tasks of some queues, or of one job in them.

            failed = StringFilterExpression("RUN_STATUS", "EQUAL", "FAILED")
            late = DateTimeFilterExpression("ENDED_AT", "GREATER_THAN", yesterday)
            deadline.search_tasks(
                farm_id,
                [queue_id],
                filter_expressions=SearchGroupedFilterExpressions([failed, late], "AND"),
                sort_expressions=[FieldSortExpression("ENDED_AT", "DESCENDING")],
            )

        A page's ``next_token`` is the number of results before it: what is added or changed between
        two pages may shift the second one. AWS returns the first 10,000 results of a search; a
        request for a later one is an error of the service.

        https://docs.aws.amazon.com/deadline-cloud/latest/APIReference/API_SearchTasks.html

        Args:
            farm_id: Id of the farm: ``farm-``, 32 hexadecimal digits.
            queue_ids: Ids of the queues to search, 1 to 10: ``queue-``, 32 hexadecimal digits.
            job_id: Id of the job to search: ``job-``, 32 hexadecimal digits; all jobs if left out.
            filter_expressions: Filters that the tasks must match.
            sort_expressions: Sort orders, 1 to 5, the most important first.
            page_size: Maximum number of items per page, 1 to 100; the service's own maximum by
                default.
            max_items: Maximum number of items in all, 0 or more; without limit by default.
            starting_token: A ``resume_token`` or a page's ``next_token``: the listing goes on from
                there. A page's token is "0" to "10000".
            prefetch: True to request the next page while one is being worked on.

        Returns:
            A lazy listing of ``TaskSearchSummary``: nothing is sent before it is iterated.

        Raises:
            ParamValidationError: One or more arguments violate the API's rules; nothing was sent.
            AccessDeniedException: The caller lacks the permission for the operation.
            InternalServerErrorException: Deadline Cloud failed internally; ``retry_after`` has the
                seconds to wait, if known.
            ThrottlingException: The service throttled the request; ``retry_after`` has the seconds
                to wait, if known.
            ValidationException: The service rejected the arguments.
            ResourceNotFoundException: The resource does not exist in this account and region.
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

    async def batch_get_tasks(self, ids: Iterable[tuple[str, str, str, str, str]]) -> TaskBatch:
        """Return tasks by their ids, in the order in which they are given.

        They are sent a hundred per request, each once. Tasks that the service throttles, or that
        meet an error of the server, are requested again, and they alone, after the retry policy's
        delays and as often as it allows. Those that can't be returned are among the ``errors``.
        Where the service refuses a whole request, its error has the tasks that were returned before
        as ``.partial``.

        https://docs.aws.amazon.com/deadline-cloud/latest/APIReference/API_BatchGetTask.html

        Args:
            ids: ``TaskId``s, or plain tuples of the five arguments of ``get_task``; any number.

        Returns:
            Requested tasks, and errors for those that could not be fetched.

        Raises:
            ParamValidationError: One or more arguments violate the API's rules; nothing was sent.
            AccessDeniedException: The caller lacks the permission for the operation.
            InternalServerErrorException: Deadline Cloud failed internally; ``retry_after`` has the
                seconds to wait, if known.
            ThrottlingException: The service throttled the request; ``retry_after`` has the seconds
                to wait, if known.
            ValidationException: The service rejected the arguments.
        """
        return await self._perform(BATCH_GET_ANY_TASKS, ids=ids)

    async def wait_for_task(
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
        """Wait until a task reaches a state, and return it.

        The errors have the task as ``.snapshot`` and its ``.reason``. The task is polled every 2
        seconds at first and every 30 later on, with jitter. A few polls in a row may fail with a
        transient error.

        Args:
            farm_id: Id of the farm: ``farm-``, 32 hexadecimal digits.
            queue_id: Id of the queue: ``queue-``, 32 hexadecimal digits.
            job_id: Id of the job: ``job-``, 32 hexadecimal digits.
            step_id: Id of the step: ``step-``, 32 hexadecimal digits.
            task_id: Id of the task: ``task-``, 32 hexadecimal digits, ``-`` and a number of up to
                10 digits.
            until: State to wait for. ``RUNNING`` is reached by what runs, and by what has run and
                not failed. None waits for any terminal state.
            timeout: Seconds after which a ``WaitTimeoutError`` is raised, 0 or more; without limit
                by default.

        Returns:
            A task of a step of a job.

        Raises:
            ParamValidationError: One or more arguments violate the API's rules; nothing was sent.
            AccessDeniedException: The caller lacks the permission for the operation.
            InternalServerErrorException: Deadline Cloud failed internally; ``retry_after`` has the
                seconds to wait, if known.
            ThrottlingException: The service throttled the request; ``retry_after`` has the seconds
                to wait, if known.
            ValidationException: The service rejected the arguments.
            ResourceNotFoundException: The resource does not exist in this account and region.
            WaitFailedError: A task or run ended in another state, or an ECS task does not exist
                (any more).
            WaitTimeoutError: The timeout of a wait is over; the awaited state may still be reached.
        """
        return await self._perform(
            WAIT_FOR_TASK,
            farm_id=farm_id,
            queue_id=queue_id,
            job_id=job_id,
            step_id=step_id,
            task_id=task_id,
            until=until,
            timeout=timeout,
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
        """Iterate over the changes in the tasks of a step until all of them have ended.

        Each is reported once as it is at first. They are polled every 2 seconds while something
        changes, and up to every 30 while nothing does; a poll is a request per hundred tasks of the
        step. A task that is suspended, or that no worker can run, may never end: give a
        ``timeout``.

        Args:
            farm_id: Id of the farm: ``farm-``, 32 hexadecimal digits.
            queue_id: Id of the queue: ``queue-``, 32 hexadecimal digits.
            job_id: Id of the job: ``job-``, 32 hexadecimal digits.
            step_id: Id of the step: ``step-``, 32 hexadecimal digits.
            timeout: Seconds after which a ``WaitTimeoutError`` is raised, 0 or more; without limit
                by default.

        Yields:
            Each change, as it is seen.

        Raises:
            ParamValidationError: One or more arguments violate the API's rules; nothing was sent.
            AccessDeniedException: The caller lacks the permission for the operation.
            InternalServerErrorException: Deadline Cloud failed internally; ``retry_after`` has the
                seconds to wait, if known.
            ThrottlingException: The service throttled the request; ``retry_after`` has the seconds
                to wait, if known.
            ValidationException: The service rejected the arguments.
            ResourceNotFoundException: The resource does not exist in this account and region.
            WaitTimeoutError: The timeout of a wait is over; the awaited state may still be reached.
        """
        return self._watch(
            WATCH_TASKS,
            farm_id=farm_id,
            queue_id=queue_id,
            job_id=job_id,
            step_id=step_id,
            timeout=timeout,
        )
