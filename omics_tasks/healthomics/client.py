"""The HealthOmics clients.

Generated from the definitions in ``_methods.py`` by ``python -m tests.generator``.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Generator, Iterable

from .._async_client import AsyncClient
from .._sync_client import SyncClient
from ..pagination import AsyncPaginator, Paginator
from ..states import Change, TaskState, TaskStateName
from ._waiting import WAIT_FOR_RUN, WAIT_FOR_RUN_TASK, WATCH_RUN
from .enums import RunStatus, RunTaskStatus
from .models import Run, RunSummary, RunTask, RunTaskSummary
from .operations import (
    GET_RUN,
    GET_RUN_TASK,
    HEALTHOMICS,
    LIST_RUN_TASKS,
    LIST_RUNS,
    RunExportName,
    RunStatusName,
    RunTaskStatusName,
)

__all__ = ["AsyncHealthOmicsClient", "HealthOmicsClient"]


class HealthOmicsClient(SyncClient):
    """Read, follow and wait for the runs of AWS HealthOmics and their tasks.

    AWS allows 10 requests per second and operation in an account and Region, unless raised.

    Every method raises a ``ServiceError`` where the service refuses, a ``TransportError`` where no
    response comes, and a ``ResponseError`` for a response that can't be read.
    """

    _service = HEALTHOMICS

    def get_run(self, run_id: str, *, export: Iterable[RunExportName] | None = None) -> Run:
        """Return a run.

        https://docs.aws.amazon.com/omics/latest/api/API_GetRun.html

        Args:
            run_id: Id of the run, 1 to 18 digits.
            export: Parts to return too, up to 32: ``DEFINITION`` is the definition of its workflow.

        Returns:
            A workflow run.

        Raises:
            ParamValidationError: One or more arguments violate the API's rules; nothing was sent.
            AccessDeniedException: The caller lacks the permission for the operation.
            ConflictException: The request conflicts with the current state of the resource.
            InternalServerException: The service failed internally.
            RequestTimeoutException: The service did not complete the request within its own time
                limit.
            ResourceNotFoundException: The resource does not exist in this account and region.
            ServiceQuotaExceededException: A quota of the account is exceeded.
            ThrottlingException: The service throttled the request: there were too many requests.
            ValidationException: The service rejected the arguments.
        """
        return self._call(GET_RUN, run_id=run_id, export=export)

    def list_runs(
        self,
        *,
        name: str | None = None,
        run_group_id: str | None = None,
        batch_id: str | None = None,
        status: RunStatus | RunStatusName | None = None,
        page_size: int | None = None,
        max_items: int | None = None,
        starting_token: str | None = None,
        prefetch: bool = False,
    ) -> Paginator[RunSummary]:
        """List the account's runs, all or those that match every filter.

        https://docs.aws.amazon.com/omics/latest/api/API_ListRuns.html

        Args:
            name: Name of the runs, 1 to 128 printable characters.
            run_group_id: Id of the group that they belong to, 1 to 18 digits.
            batch_id: Id of the batch that they were started in, 1 to 18 digits.
            status: Status of the runs.
            page_size: Maximum number of items per page, 1 to 100; the service's own maximum by
                default.
            max_items: Maximum number of items in all, 0 or more; without limit by default.
            starting_token: A ``resume_token`` or a page's ``next_token``: the listing goes on from
                there. A page's token has 1 to 128 printable characters.
            prefetch: True to request the next page while one is being worked on.

        Returns:
            A lazy listing of ``RunSummary``: nothing is sent before it is iterated.

        Raises:
            ParamValidationError: One or more arguments violate the API's rules; nothing was sent.
            AccessDeniedException: The caller lacks the permission for the operation.
            ConflictException: The request conflicts with the current state of the resource.
            InternalServerException: The service failed internally.
            RequestTimeoutException: The service did not complete the request within its own time
                limit.
            ResourceNotFoundException: The resource does not exist in this account and region.
            ServiceQuotaExceededException: A quota of the account is exceeded.
            ThrottlingException: The service throttled the request: there were too many requests.
            ValidationException: The service rejected the arguments.
        """
        return self._list(
            LIST_RUNS,
            name=name,
            run_group_id=run_group_id,
            batch_id=batch_id,
            status=status,
            page_size=page_size,
            max_items=max_items,
            starting_token=starting_token,
            prefetch=prefetch,
        )

    def list_run_tasks(
        self,
        run_id: str,
        *,
        status: RunTaskStatus | RunTaskStatusName | None = None,
        page_size: int | None = None,
        max_items: int | None = None,
        starting_token: str | None = None,
        prefetch: bool = False,
    ) -> Paginator[RunTaskSummary]:
        """List the tasks of a run, all or those with one status.

        https://docs.aws.amazon.com/omics/latest/api/API_ListRunTasks.html

        Args:
            run_id: Id of the run, 1 to 18 digits.
            status: Status of the tasks.
            page_size: Maximum number of items per page, 1 to 100; the service's own maximum by
                default.
            max_items: Maximum number of items in all, 0 or more; without limit by default.
            starting_token: A ``resume_token`` or a page's ``next_token``: the listing goes on from
                there. A page's token has 1 to 128 printable characters.
            prefetch: True to request the next page while one is being worked on.

        Returns:
            A lazy listing of ``RunTaskSummary``: nothing is sent before it is iterated.

        Raises:
            ParamValidationError: One or more arguments violate the API's rules; nothing was sent.
            AccessDeniedException: The caller lacks the permission for the operation.
            ConflictException: The request conflicts with the current state of the resource.
            InternalServerException: The service failed internally.
            RequestTimeoutException: The service did not complete the request within its own time
                limit.
            ResourceNotFoundException: The resource does not exist in this account and region.
            ServiceQuotaExceededException: A quota of the account is exceeded.
            ThrottlingException: The service throttled the request: there were too many requests.
            ValidationException: The service rejected the arguments.
        """
        return self._list(
            LIST_RUN_TASKS,
            run_id=run_id,
            status=status,
            page_size=page_size,
            max_items=max_items,
            starting_token=starting_token,
            prefetch=prefetch,
        )

    def get_run_task(self, run_id: str, task_id: str) -> RunTask:
        """Return a task of a run, with its reasons and its log stream.

        https://docs.aws.amazon.com/omics/latest/api/API_GetRunTask.html

        Args:
            run_id: Id of the run, 1 to 18 digits.
            task_id: Id of the task, 1 to 18 digits.

        Returns:
            A task of a run.

        Raises:
            ParamValidationError: One or more arguments violate the API's rules; nothing was sent.
            AccessDeniedException: The caller lacks the permission for the operation.
            ConflictException: The request conflicts with the current state of the resource.
            InternalServerException: The service failed internally.
            RequestTimeoutException: The service did not complete the request within its own time
                limit.
            ResourceNotFoundException: The resource does not exist in this account and region.
            ServiceQuotaExceededException: A quota of the account is exceeded.
            ThrottlingException: The service throttled the request: there were too many requests.
            ValidationException: The service rejected the arguments.
        """
        return self._call(GET_RUN_TASK, run_id=run_id, task_id=task_id)

    def wait_for_run(
        self,
        run_id: str,
        *,
        until: TaskState | TaskStateName | None = TaskState.SUCCEEDED,
        timeout: float | None = None,
    ) -> Run:
        """Wait until a run reaches a state, and return it.

        The errors have the run as ``.snapshot`` and its ``.reason``. The run is polled every 2
        seconds at first and every 30 later on, with jitter. A few polls in a row may fail with a
        transient error.

        Args:
            run_id: Id of the run, 1 to 18 digits.
            until: State to wait for. ``RUNNING`` is reached by what runs, and by what has run and
                not failed. None waits for any terminal state.
            timeout: Seconds after which a ``WaitTimeoutError`` is raised, 0 or more; without limit
                by default.

        Returns:
            A workflow run.

        Raises:
            ParamValidationError: One or more arguments violate the API's rules; nothing was sent.
            AccessDeniedException: The caller lacks the permission for the operation.
            ConflictException: The request conflicts with the current state of the resource.
            InternalServerException: The service failed internally.
            RequestTimeoutException: The service did not complete the request within its own time
                limit.
            ResourceNotFoundException: The resource does not exist in this account and region.
            ServiceQuotaExceededException: A quota of the account is exceeded.
            ThrottlingException: The service throttled the request: there were too many requests.
            ValidationException: The service rejected the arguments.
            WaitFailedError: A task or run ended in another state, or an ECS task does not exist
                (any more).
            WaitTimeoutError: The timeout of a wait is over; the awaited state may still be reached.
        """
        return self._perform(WAIT_FOR_RUN, run_id=run_id, until=until, timeout=timeout)

    def wait_for_run_task(
        self,
        run_id: str,
        task_id: str,
        *,
        until: TaskState | TaskStateName | None = TaskState.SUCCEEDED,
        timeout: float | None = None,
    ) -> RunTask:
        """Wait until a task of a run reaches a state, and return it.

        The errors have the task as ``.snapshot`` and its ``.reason``. It is polled as by
        ``wait_for_run``.

        Args:
            run_id: Id of the run, 1 to 18 digits.
            task_id: Id of the task, 1 to 18 digits.
            until: State to wait for. ``RUNNING`` is reached by what runs, and by what has run and
                not failed. None waits for any terminal state.
            timeout: Seconds after which a ``WaitTimeoutError`` is raised, 0 or more; without limit
                by default.

        Returns:
            A task of a run.

        Raises:
            ParamValidationError: One or more arguments violate the API's rules; nothing was sent.
            AccessDeniedException: The caller lacks the permission for the operation.
            ConflictException: The request conflicts with the current state of the resource.
            InternalServerException: The service failed internally.
            RequestTimeoutException: The service did not complete the request within its own time
                limit.
            ResourceNotFoundException: The resource does not exist in this account and region.
            ServiceQuotaExceededException: A quota of the account is exceeded.
            ThrottlingException: The service throttled the request: there were too many requests.
            ValidationException: The service rejected the arguments.
            WaitFailedError: A task or run ended in another state, or an ECS task does not exist
                (any more).
            WaitTimeoutError: The timeout of a wait is over; the awaited state may still be reached.
        """
        return self._perform(
            WAIT_FOR_RUN_TASK, run_id=run_id, task_id=task_id, until=until, timeout=timeout
        )

    def watch_run(
        self, run_id: str, *, timeout: float | None = None
    ) -> Generator[Change[Run | RunTaskSummary]]:
        """Iterate over the changes in a run and its tasks until all of them have ended.

        Each is reported once as it is at first. They are polled every 2 seconds while something
        changes, and up to every 30 while nothing does; a poll is a request for the run, and one for
        each hundred of its tasks. Tasks that are still running when their run has ended are polled
        a few times more.

        Args:
            run_id: Id of the run, 1 to 18 digits.
            timeout: Seconds after which a ``WaitTimeoutError`` is raised, 0 or more; without limit
                by default.

        Yields:
            Each change, as it is seen.

        Raises:
            ParamValidationError: One or more arguments violate the API's rules; nothing was sent.
            AccessDeniedException: The caller lacks the permission for the operation.
            ConflictException: The request conflicts with the current state of the resource.
            InternalServerException: The service failed internally.
            RequestTimeoutException: The service did not complete the request within its own time
                limit.
            ResourceNotFoundException: The resource does not exist in this account and region.
            ServiceQuotaExceededException: A quota of the account is exceeded.
            ThrottlingException: The service throttled the request: there were too many requests.
            ValidationException: The service rejected the arguments.
            WaitTimeoutError: The timeout of a wait is over; the awaited state may still be reached.
        """
        return self._watch(WATCH_RUN, run_id=run_id, timeout=timeout)


class AsyncHealthOmicsClient(AsyncClient):
    """``HealthOmicsClient``, awaited: the same methods, arguments and errors."""

    _service = HEALTHOMICS

    async def get_run(self, run_id: str, *, export: Iterable[RunExportName] | None = None) -> Run:
        """Return a run.

        https://docs.aws.amazon.com/omics/latest/api/API_GetRun.html

        Args:
            run_id: Id of the run, 1 to 18 digits.
            export: Parts to return too, up to 32: ``DEFINITION`` is the definition of its workflow.

        Returns:
            A workflow run.

        Raises:
            ParamValidationError: One or more arguments violate the API's rules; nothing was sent.
            AccessDeniedException: The caller lacks the permission for the operation.
            ConflictException: The request conflicts with the current state of the resource.
            InternalServerException: The service failed internally.
            RequestTimeoutException: The service did not complete the request within its own time
                limit.
            ResourceNotFoundException: The resource does not exist in this account and region.
            ServiceQuotaExceededException: A quota of the account is exceeded.
            ThrottlingException: The service throttled the request: there were too many requests.
            ValidationException: The service rejected the arguments.
        """
        return await self._call(GET_RUN, run_id=run_id, export=export)

    def list_runs(
        self,
        *,
        name: str | None = None,
        run_group_id: str | None = None,
        batch_id: str | None = None,
        status: RunStatus | RunStatusName | None = None,
        page_size: int | None = None,
        max_items: int | None = None,
        starting_token: str | None = None,
        prefetch: bool = False,
    ) -> AsyncPaginator[RunSummary]:
        """List the account's runs, all or those that match every filter.

        https://docs.aws.amazon.com/omics/latest/api/API_ListRuns.html

        Args:
            name: Name of the runs, 1 to 128 printable characters.
            run_group_id: Id of the group that they belong to, 1 to 18 digits.
            batch_id: Id of the batch that they were started in, 1 to 18 digits.
            status: Status of the runs.
            page_size: Maximum number of items per page, 1 to 100; the service's own maximum by
                default.
            max_items: Maximum number of items in all, 0 or more; without limit by default.
            starting_token: A ``resume_token`` or a page's ``next_token``: the listing goes on from
                there. A page's token has 1 to 128 printable characters.
            prefetch: True to request the next page while one is being worked on.

        Returns:
            A lazy listing of ``RunSummary``: nothing is sent before it is iterated.

        Raises:
            ParamValidationError: One or more arguments violate the API's rules; nothing was sent.
            AccessDeniedException: The caller lacks the permission for the operation.
            ConflictException: The request conflicts with the current state of the resource.
            InternalServerException: The service failed internally.
            RequestTimeoutException: The service did not complete the request within its own time
                limit.
            ResourceNotFoundException: The resource does not exist in this account and region.
            ServiceQuotaExceededException: A quota of the account is exceeded.
            ThrottlingException: The service throttled the request: there were too many requests.
            ValidationException: The service rejected the arguments.
        """
        return self._list(
            LIST_RUNS,
            name=name,
            run_group_id=run_group_id,
            batch_id=batch_id,
            status=status,
            page_size=page_size,
            max_items=max_items,
            starting_token=starting_token,
            prefetch=prefetch,
        )

    def list_run_tasks(
        self,
        run_id: str,
        *,
        status: RunTaskStatus | RunTaskStatusName | None = None,
        page_size: int | None = None,
        max_items: int | None = None,
        starting_token: str | None = None,
        prefetch: bool = False,
    ) -> AsyncPaginator[RunTaskSummary]:
        """List the tasks of a run, all or those with one status.

        https://docs.aws.amazon.com/omics/latest/api/API_ListRunTasks.html

        Args:
            run_id: Id of the run, 1 to 18 digits.
            status: Status of the tasks.
            page_size: Maximum number of items per page, 1 to 100; the service's own maximum by
                default.
            max_items: Maximum number of items in all, 0 or more; without limit by default.
            starting_token: A ``resume_token`` or a page's ``next_token``: the listing goes on from
                there. A page's token has 1 to 128 printable characters.
            prefetch: True to request the next page while one is being worked on.

        Returns:
            A lazy listing of ``RunTaskSummary``: nothing is sent before it is iterated.

        Raises:
            ParamValidationError: One or more arguments violate the API's rules; nothing was sent.
            AccessDeniedException: The caller lacks the permission for the operation.
            ConflictException: The request conflicts with the current state of the resource.
            InternalServerException: The service failed internally.
            RequestTimeoutException: The service did not complete the request within its own time
                limit.
            ResourceNotFoundException: The resource does not exist in this account and region.
            ServiceQuotaExceededException: A quota of the account is exceeded.
            ThrottlingException: The service throttled the request: there were too many requests.
            ValidationException: The service rejected the arguments.
        """
        return self._list(
            LIST_RUN_TASKS,
            run_id=run_id,
            status=status,
            page_size=page_size,
            max_items=max_items,
            starting_token=starting_token,
            prefetch=prefetch,
        )

    async def get_run_task(self, run_id: str, task_id: str) -> RunTask:
        """Return a task of a run, with its reasons and its log stream.

        https://docs.aws.amazon.com/omics/latest/api/API_GetRunTask.html

        Args:
            run_id: Id of the run, 1 to 18 digits.
            task_id: Id of the task, 1 to 18 digits.

        Returns:
            A task of a run.

        Raises:
            ParamValidationError: One or more arguments violate the API's rules; nothing was sent.
            AccessDeniedException: The caller lacks the permission for the operation.
            ConflictException: The request conflicts with the current state of the resource.
            InternalServerException: The service failed internally.
            RequestTimeoutException: The service did not complete the request within its own time
                limit.
            ResourceNotFoundException: The resource does not exist in this account and region.
            ServiceQuotaExceededException: A quota of the account is exceeded.
            ThrottlingException: The service throttled the request: there were too many requests.
            ValidationException: The service rejected the arguments.
        """
        return await self._call(GET_RUN_TASK, run_id=run_id, task_id=task_id)

    async def wait_for_run(
        self,
        run_id: str,
        *,
        until: TaskState | TaskStateName | None = TaskState.SUCCEEDED,
        timeout: float | None = None,
    ) -> Run:
        """Wait until a run reaches a state, and return it.

        The errors have the run as ``.snapshot`` and its ``.reason``. The run is polled every 2
        seconds at first and every 30 later on, with jitter. A few polls in a row may fail with a
        transient error.

        Args:
            run_id: Id of the run, 1 to 18 digits.
            until: State to wait for. ``RUNNING`` is reached by what runs, and by what has run and
                not failed. None waits for any terminal state.
            timeout: Seconds after which a ``WaitTimeoutError`` is raised, 0 or more; without limit
                by default.

        Returns:
            A workflow run.

        Raises:
            ParamValidationError: One or more arguments violate the API's rules; nothing was sent.
            AccessDeniedException: The caller lacks the permission for the operation.
            ConflictException: The request conflicts with the current state of the resource.
            InternalServerException: The service failed internally.
            RequestTimeoutException: The service did not complete the request within its own time
                limit.
            ResourceNotFoundException: The resource does not exist in this account and region.
            ServiceQuotaExceededException: A quota of the account is exceeded.
            ThrottlingException: The service throttled the request: there were too many requests.
            ValidationException: The service rejected the arguments.
            WaitFailedError: A task or run ended in another state, or an ECS task does not exist
                (any more).
            WaitTimeoutError: The timeout of a wait is over; the awaited state may still be reached.
        """
        return await self._perform(WAIT_FOR_RUN, run_id=run_id, until=until, timeout=timeout)

    async def wait_for_run_task(
        self,
        run_id: str,
        task_id: str,
        *,
        until: TaskState | TaskStateName | None = TaskState.SUCCEEDED,
        timeout: float | None = None,
    ) -> RunTask:
        """Wait until a task of a run reaches a state, and return it.

        The errors have the task as ``.snapshot`` and its ``.reason``. It is polled as by
        ``wait_for_run``.

        Args:
            run_id: Id of the run, 1 to 18 digits.
            task_id: Id of the task, 1 to 18 digits.
            until: State to wait for. ``RUNNING`` is reached by what runs, and by what has run and
                not failed. None waits for any terminal state.
            timeout: Seconds after which a ``WaitTimeoutError`` is raised, 0 or more; without limit
                by default.

        Returns:
            A task of a run.

        Raises:
            ParamValidationError: One or more arguments violate the API's rules; nothing was sent.
            AccessDeniedException: The caller lacks the permission for the operation.
            ConflictException: The request conflicts with the current state of the resource.
            InternalServerException: The service failed internally.
            RequestTimeoutException: The service did not complete the request within its own time
                limit.
            ResourceNotFoundException: The resource does not exist in this account and region.
            ServiceQuotaExceededException: A quota of the account is exceeded.
            ThrottlingException: The service throttled the request: there were too many requests.
            ValidationException: The service rejected the arguments.
            WaitFailedError: A task or run ended in another state, or an ECS task does not exist
                (any more).
            WaitTimeoutError: The timeout of a wait is over; the awaited state may still be reached.
        """
        return await self._perform(
            WAIT_FOR_RUN_TASK, run_id=run_id, task_id=task_id, until=until, timeout=timeout
        )

    def watch_run(
        self, run_id: str, *, timeout: float | None = None
    ) -> AsyncGenerator[Change[Run | RunTaskSummary]]:
        """Iterate over the changes in a run and its tasks until all of them have ended.

        Each is reported once as it is at first. They are polled every 2 seconds while something
        changes, and up to every 30 while nothing does; a poll is a request for the run, and one for
        each hundred of its tasks. Tasks that are still running when their run has ended are polled
        a few times more.

        Args:
            run_id: Id of the run, 1 to 18 digits.
            timeout: Seconds after which a ``WaitTimeoutError`` is raised, 0 or more; without limit
                by default.

        Yields:
            Each change, as it is seen.

        Raises:
            ParamValidationError: One or more arguments violate the API's rules; nothing was sent.
            AccessDeniedException: The caller lacks the permission for the operation.
            ConflictException: The request conflicts with the current state of the resource.
            InternalServerException: The service failed internally.
            RequestTimeoutException: The service did not complete the request within its own time
                limit.
            ResourceNotFoundException: The resource does not exist in this account and region.
            ServiceQuotaExceededException: A quota of the account is exceeded.
            ThrottlingException: The service throttled the request: there were too many requests.
            ValidationException: The service rejected the arguments.
            WaitTimeoutError: The timeout of a wait is over; the awaited state may still be reached.
        """
        return self._watch(WATCH_RUN, run_id=run_id, timeout=timeout)
