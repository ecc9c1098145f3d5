"""The HealthOmics clients."""

from __future__ import annotations

from collections.abc import Sequence

from .._client import AsyncClient, SyncClient
from ..pagination import AsyncPaginator, Paginator
from .models import Run, RunTask, RunTaskStatus, RunTaskSummary
from .operations import (
    GET_RUN,
    GET_RUN_TASK,
    HEALTHOMICS,
    LIST_RUN_TASKS,
    RunExportName,
    RunTaskStatusName,
)

__all__ = ["AsyncHealthOmicsClient", "HealthOmicsClient"]


class HealthOmicsClient(SyncClient):
    """Reads the runs of AWS HealthOmics and their tasks.

    Every method raises ``ParamValidationError`` for bad arguments, before anything is sent; a
    ``ServiceError`` where the service refuses (``omics_tasks.healthomics.errors`` has those that
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


class AsyncHealthOmicsClient(AsyncClient):
    """``HealthOmicsClient``, awaited: the same methods, arguments and errors."""

    _service = HEALTHOMICS

    async def get_run(self, run_id: str, *, export: Sequence[RunExportName] | None = None) -> Run:
        """See ``HealthOmicsClient.get_run``."""
        return await self._call(GET_RUN, run_id=run_id, export=export)

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
