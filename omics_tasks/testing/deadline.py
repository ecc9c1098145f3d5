"""Deadline Cloud, locally: tasks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple, Unpack

from .._core.protocols import check
from ..deadline import Task
from ..deadline.operations import GET_TASK, GetTaskInput
from ..errors import Problem
from .fields import TaskFields, TaskRunStatusName
from .life import END, Plan, Stages
from .plausible import Plausible
from .refusals import Refusal
from .service import LocalService, Route, route
from .world import Shelf, World

STAGES = Stages(
    status="run_status",
    lasts={
        "PENDING": 0,
        "READY": 60,
        "ASSIGNED": 30,
        "SCHEDULED": 30,
        "STARTING": 30,
        "RUNNING": 300,
        "INTERRUPTING": 0,
    },
    end="SUCCEEDED",
    ends=frozenset({"SUCCEEDED", "FAILED", "CANCELED"}),
    created="created_at",
    stamps={"started_at": "RUNNING", "ended_at": END},
)
_RETRY_SECONDS = 1


class DeadlineTaskIds(NamedTuple):
    """Where a task is, in the order of the arguments of ``DeadlineClient.get_task``."""

    farm_id: str
    queue_id: str
    job_id: str
    step_id: str
    task_id: str


class LocalDeadline(LocalService):
    """Holds tasks; farms, queues, jobs and steps are there as soon as a task is in them."""

    def __init__(self, world: World, plausible: Plausible) -> None:
        self._plausible = plausible
        self._tasks: Shelf[DeadlineTaskIds, Task] = world.shelf(Task, STAGES)

    def add_task(
        self,
        *,
        farm_id: str | None = None,
        queue_id: str | None = None,
        job_id: str | None = None,
        step_id: str | None = None,
        ends: TaskFields | None = None,
        lasts: Mapping[TaskRunStatusName, float] | None = None,
        appears_after: int = 0,
        **fields: Unpack[TaskFields],
    ) -> DeadlineTaskIds:
        """Adds a task, RUNNING unless said otherwise; one with the same ids is replaced.

        Ids that are left out are made. The fields are those of ``Task``; what is left out gets a
        plausible value, or none. Returns all ids: ``client.get_task(*ids)``.

        As ``LocalAWS.advance`` moves the time on, the task goes from READY by ASSIGNED, SCHEDULED,
        STARTING and RUNNING to SUCCEEDED, or to what ``ends`` says: fields that it has at its
        end. ``lasts`` has the seconds that a status lasts: PENDING, before the others, and
        INTERRUPTING, after RUNNING, only if it has them. In any other status the task stays. The
        first ``appears_after`` calls that look for the task don't find it.

        Raises ``ParamValidationError`` for an id that nobody could ask for.
        """
        ids = DeadlineTaskIds(
            farm_id or self._new("farm"),
            queue_id or self._new("queue"),
            job_id or self._new("job"),
            step_id or self._new("step"),
            fields.get("task_id", self._new("task") + "-0"),
        )
        check(GET_TASK, ids._asdict())
        rest: dict[str, object] = {
            "task_id": ids.task_id,
            "created_by": self._plausible.arn("iam", "user/local"),
            "run_status": "RUNNING",
            "failure_retry_count": 0,
        }
        self._tasks.put(ids, fields, rest, Plan(ends, lasts), appears_after)
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

    def throttle(self) -> Refusal:
        """A ThrottlingException that says when to try again."""
        return Refusal(
            "ThrottlingException",
            "Too many requests.",
            429,
            retry_after=_RETRY_SECONDS,
            serviceCode="deadline",
            quotaCode="L-00000000",
            context={},
        )

    def fail(self) -> Refusal:
        """An InternalServerErrorException that says when to try again."""
        return Refusal(
            "InternalServerErrorException",
            "Something failed inside the service.",
            500,
            retry_after=_RETRY_SECONDS,
        )

    def _get_task(self, asked: GetTaskInput) -> Task:
        ids = DeadlineTaskIds(
            asked.farm_id, asked.queue_id, asked.job_id, asked.step_id, asked.task_id
        )
        known = self._tasks.keys()
        for depth, kind in enumerate(("farm", "queue", "job", "step")):
            if not any(ids[: depth + 1] == each[: depth + 1] for each in known):
                raise _not_found(kind, ids[depth])
        task = self._tasks.get(ids)
        if task is None:
            raise _not_found("task", ids.task_id)
        return task


def _not_found(kind: str, resource_id: str) -> Refusal:
    return Refusal(
        "ResourceNotFoundException",
        f"There is no {kind} {resource_id}.",
        404,
        resourceId=resource_id,
        resourceType=kind,
        context={},
    )
