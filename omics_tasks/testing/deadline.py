"""Deadline Cloud, locally: tasks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Unpack

from .._core.protocols import check
from ..deadline import Task
from ..deadline.operations import GET_TASK, GetTaskInput
from ..errors import Problem
from .fields import TaskFields
from .plausible import Plausible, fill
from .refusals import Refusal
from .service import LocalService, Route, route

_ENDED = frozenset({"SUCCEEDED", "FAILED", "CANCELED"})
_STARTED = _ENDED | {"RUNNING", "INTERRUPTING"}


class DeadlineTaskIds(NamedTuple):
    """Where a task is, in the order of the arguments of ``DeadlineClient.get_task``."""

    farm_id: str
    queue_id: str
    job_id: str
    step_id: str
    task_id: str


class LocalDeadline(LocalService):
    """Holds tasks; farms, queues, jobs and steps are there as soon as a task is in them."""

    def __init__(self, plausible: Plausible) -> None:
        self._plausible = plausible
        self._tasks: dict[DeadlineTaskIds, Task] = {}

    def add_task(
        self,
        *,
        farm_id: str | None = None,
        queue_id: str | None = None,
        job_id: str | None = None,
        step_id: str | None = None,
        **fields: Unpack[TaskFields],
    ) -> DeadlineTaskIds:
        """Adds a task, RUNNING unless said otherwise; one with the same ids is replaced.

        Ids that are left out are made. The fields are those of ``Task``; what is left out gets a
        plausible value, or none. Returns all ids: ``client.get_task(*ids)``. Raises
        ``ParamValidationError`` for an id that nobody could ask for.
        """
        ids = DeadlineTaskIds(
            farm_id or self._new("farm"),
            queue_id or self._new("queue"),
            job_id or self._new("job"),
            step_id or self._new("step"),
            fields.get("task_id", self._new("task") + "-0"),
        )
        check(GET_TASK, ids._asdict())
        status = fields.get("run_status", "RUNNING")
        created, start, end = self._plausible.lifetime(
            fields.get("created_at"), started=status in _STARTED, ended=status in _ENDED
        )
        rest = {
            "task_id": ids.task_id,
            "created_at": created,
            "created_by": self._plausible.arn("iam", "user/local"),
            "run_status": status,
            "failure_retry_count": 0,
            "started_at": start,
            "ended_at": end,
        }
        self._tasks[ids] = fill(Task, fields, rest)
        return ids

    def _new(self, kind: str) -> str:
        return f"{kind}-{self._plausible.hexadecimal(kind)}"

    @property
    def routes(self) -> Sequence[Route]:
        """GetTask."""
        return (route(GET_TASK, self._get_task),)

    def refuse(self, problems: Sequence[Problem]) -> Refusal:
        """A ValidationException that lists the problems member by member."""
        return Refusal(
            "ValidationException",
            f"Validation failed: {', '.join(name for name, _ in problems)}",
            reason="FIELD_VALIDATION_FAILED",
            fieldList=[{"name": name, "message": rule} for name, rule in problems],
            context={},
        )

    def _get_task(self, asked: GetTaskInput) -> Task:
        ids = DeadlineTaskIds(
            asked.farm_id, asked.queue_id, asked.job_id, asked.step_id, asked.task_id
        )
        known = tuple(self._tasks)
        for depth, kind in enumerate(("farm", "queue", "job", "step", "task")):
            if not any(ids[: depth + 1] == each[: depth + 1] for each in known):
                raise Refusal(
                    "ResourceNotFoundException",
                    f"There is no {kind} {ids[depth]}.",
                    404,
                    resourceId=ids[depth],
                    resourceType=kind,
                    context={},
                )
        return self._tasks[ids]
