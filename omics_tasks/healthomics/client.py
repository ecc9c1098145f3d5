"""The HealthOmics clients."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Generator, Sequence

from .._async_client import AsyncClient
from .._sync_client import SyncClient
from ..pagination import AsyncPaginator, Paginator
from ..states import Change, TaskState, TaskStateName
from . import _waiting
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
    """Reads the runs of AWS HealthOmics and their tasks.

    Every method raises ``ParamValidationError`` for bad arguments, before anything is sent; a
    ``ServiceError`` where the service refuses (``omics_tasks.healthomics`` has those that
    it documents); ``TransportError`` where no answer comes; ``ResponseError`` for one that can't
    be read. AWS allows 10 requests a second for each operation in a Region, unless raised.
    """

    _service = HEALTHOMICS

    def get_run(self, run_id: str, *, export: Sequence[RunExportName] | None = None) -> Run:
        """One run, by its id of up to 18 digits.

        ``export=["DEFINITION"]`` asks for the workflow's definition too. A run that isn't there
        raises ``ResourceNotFoundException``.
        https://docs.aws.amazon.com/omics/latest/api/API_GetRun.html
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
        """The account's runs, all or those of one name, group, batch or status.

        ``name`` is 1 to 128 characters, the ids up to 18 digits. ``page_size`` is 1 to 100 runs a
        request; ``max_items`` ends the listing early; ``starting_token`` is a ``resume_token`` or
        a page's ``next_token``; ``prefetch`` asks for the next page while one is worked on.
        https://docs.aws.amazon.com/omics/latest/api/API_ListRuns.html
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
        """The tasks of a run, all or those in one status.

        ``page_size`` is 1 to 100 tasks a request; ``max_items`` ends the listing early;
        ``starting_token`` is a ``resume_token`` or a page's ``next_token``; ``prefetch`` asks for
        the next page while one is worked on.
        https://docs.aws.amazon.com/omics/latest/api/API_ListRunTasks.html
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
        """One task of a run, with its reasons and its log stream; ids have up to 18 digits.

        https://docs.aws.amazon.com/omics/latest/api/API_GetRunTask.html
        """
        return self._call(GET_RUN_TASK, run_id=run_id, task_id=task_id)

    def wait_for_run(
        self,
        run_id: str,
        *,
        until: TaskState | TaskStateName | None = TaskState.SUCCEEDED,
        timeout: float | None = None,
    ) -> Run:
        """Waits until a run has come to a state, and returns it.

        By default that is its success; ``until=TaskState.RUNNING`` waits until it runs, or has run
        and not failed; ``until=None`` for any end. Raises ``WaitFailedError`` as soon as it has
        ended otherwise, and ``WaitTimeoutError`` after ``timeout`` seconds, if there are any: both
        have the run as ``.snapshot`` and its ``.reason``. It looks every 2 seconds at first, and
        every 30 later on, with jitter; a few looks in a row may fail in a way that may pass.
        """
        return self._run(
            _waiting.wait_for_run(self._config.retries, run_id, until=until, timeout=timeout)
        )

    def wait_for_run_task(
        self,
        run_id: str,
        task_id: str,
        *,
        until: TaskState | TaskStateName | None = TaskState.SUCCEEDED,
        timeout: float | None = None,
    ) -> RunTask:
        """Waits until a task of a run has come to a state, and returns it: as ``wait_for_run``."""
        return self._run(
            _waiting.wait_for_run_task(
                self._config.retries, run_id, task_id, until=until, timeout=timeout
            )
        )

    def watch_run(
        self, run_id: str, *, timeout: float | None = None
    ) -> Generator[Change[Run | RunTaskSummary]]:
        """Iterates over what changes in a run and its tasks, until all of them have ended.

        At first each is told of as it is. It looks every 2 seconds while things change, and up to
        every 30 while nothing does; a look is one request for the run, and one for each hundred
        of its tasks. Tasks that say that they go on when their run has ended hold it for a few
        looks more. Raises ``WaitTimeoutError`` after ``timeout`` seconds, if there are any.
        """
        return self._watch(
            _waiting.watch_run(self._config.retries, self._clock.answered_at, run_id, timeout)
        )


class AsyncHealthOmicsClient(AsyncClient):
    """``HealthOmicsClient``, awaited: the same methods, arguments and errors."""

    _service = HEALTHOMICS

    async def get_run(self, run_id: str, *, export: Sequence[RunExportName] | None = None) -> Run:
        """See ``HealthOmicsClient.get_run``."""
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
        """See ``HealthOmicsClient.list_runs``; iterated with ``async for``, not awaited."""
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
        """See ``HealthOmicsClient.list_run_tasks``; iterated with ``async for``, not awaited."""
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
        """See ``HealthOmicsClient.get_run_task``."""
        return await self._call(GET_RUN_TASK, run_id=run_id, task_id=task_id)

    async def wait_for_run(
        self,
        run_id: str,
        *,
        until: TaskState | TaskStateName | None = TaskState.SUCCEEDED,
        timeout: float | None = None,  # noqa: ASYNC109 - as its twin has it
    ) -> Run:
        """See ``HealthOmicsClient.wait_for_run``."""
        return await self._run(
            _waiting.wait_for_run(self._config.retries, run_id, until=until, timeout=timeout)
        )

    async def wait_for_run_task(
        self,
        run_id: str,
        task_id: str,
        *,
        until: TaskState | TaskStateName | None = TaskState.SUCCEEDED,
        timeout: float | None = None,  # noqa: ASYNC109 - as its twin has it
    ) -> RunTask:
        """See ``HealthOmicsClient.wait_for_run_task``."""
        return await self._run(
            _waiting.wait_for_run_task(
                self._config.retries, run_id, task_id, until=until, timeout=timeout
            )
        )

    def watch_run(
        self, run_id: str, *, timeout: float | None = None
    ) -> AsyncGenerator[Change[Run | RunTaskSummary]]:
        """See ``HealthOmicsClient.watch_run``; iterated with ``async for``, not awaited."""
        return self._watch(
            _waiting.watch_run(self._config.retries, self._clock.answered_at, run_id, timeout)
        )
