"""The Deadline Cloud clients."""

from __future__ import annotations

from .._client import AsyncClient, SyncClient
from .models import Task
from .operations import DEADLINE, GET_TASK

__all__ = ["AsyncDeadlineClient", "DeadlineClient"]


class DeadlineClient(SyncClient):
    """Reads the tasks of AWS Deadline Cloud.

    Every method raises ``ParamValidationError`` for bad arguments, before anything is sent; a
    ``ServiceError`` where the service refuses (``omics_tasks.deadline.errors`` has those that it
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
