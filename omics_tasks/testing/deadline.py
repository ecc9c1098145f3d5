"""The local Deadline Cloud: tasks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Unpack

from .._core.protocols import check
from ..deadline import (
    BatchTask,
    BatchTaskError,
    BatchTaskErrorCode,
    Task,
    TaskBatch,
    TaskId,
    TaskPage,
    TaskSearchPage,
    TaskSummary,
)
from ..deadline.operations import (
    BATCH_GET_TASKS,
    GET_TASK,
    LIST_TASKS,
    SEARCH_TASKS,
    BatchGetTasksInput,
    GetTaskInput,
    ListTasksInput,
    SearchTasksInput,
    TaskRunStatusName,
)
from ..errors import Problem
from .builder_fields import TaskFields
from .deadline_search import search
from .fake_values import FakeValues
from .lifecycle import END, Plan, Stages
from .paging import Pager
from .service import LocalService, Route, route
from .service_errors import ErrorResponse
from .state import State, Table

STAGES = Stages(
    names=frozenset({"task_id"}),
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
    stamps={"started_at": ("RUNNING",), "ended_at": (END,)},
)
_KINDS = ("farm", "queue", "job", "step")
_RETRY_SECONDS = 1


class LocalDeadline(LocalService):
    """Holds tasks. A farm, queue, job or step exists if a task is in it."""

    def __init__(self, state: State, fake_values: FakeValues, pager: Pager) -> None:
        self._state = state
        self._fake_values = fake_values
        self._pager = pager
        self._steps: dict[tuple[str, ...], Table[str, Task]] = {}
        self._throttled = 0

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
    ) -> TaskId:
        """Add a task, RUNNING by default, and return its ids for ``client.get_task(*ids)``.

        Missing ids are generated. A task with the same ids is replaced. The fields are those of
        ``Task``. Missing fields get a realistic value, or None.

        As ``LocalAWS.advance`` moves the time, the task goes through READY, ASSIGNED, SCHEDULED,
        STARTING and RUNNING to SUCCEEDED. ``ends`` has the fields to set at the end, such as
        another final status. ``lasts`` has the seconds in a status. PENDING, before the others, and
        INTERRUPTING, after RUNNING, are skipped unless they have seconds there. A task in any other
        status stays in it. The first ``appears_after`` calls for the task don't find it.

        Raises ``ParamValidationError`` for an id that the API doesn't allow.
        """
        with self._state.lock:
            ids = TaskId(
                farm_id or self._new("farm"),
                queue_id or self._new("queue"),
                job_id or self._new("job"),
                step_id or self._new("step"),
                fields.get("task_id", self._new("task") + "-0"),
            )
            check(GET_TASK, ids._asdict())
            defaults: dict[str, object] = {
                "task_id": ids.task_id,
                "created_by": self._fake_values.arn("iam", "user/local"),
                "run_status": "RUNNING",
                "failure_retry_count": 0,
            }
            step = ids[:-1]
            if step not in self._steps:
                self._steps[step] = self._state.table(Task, STAGES)
            self._steps[step].put(ids.task_id, fields, defaults, Plan(ends, lasts), appears_after)
            return ids

    def throttle_items(self, times: int = 1) -> None:
        """Throttle the next ``times`` items of BatchGetTask, in batches that succeed."""
        with self._state.lock:
            self._throttled += times

    def _new(self, kind: str) -> str:
        return f"{kind}-{self._fake_values.hexadecimal(kind)}"

    @property
    def routes(self) -> Sequence[Route]:
        """GetTask, ListTasks, SearchTasks and BatchGetTask."""
        return (
            route(GET_TASK, self._get_task),
            route(LIST_TASKS, self._list_tasks),
            route(SEARCH_TASKS, self._search_tasks),
            route(BATCH_GET_TASKS, self._batch_get_tasks),
        )

    def validation_error(self, problems: Sequence[Problem]) -> ErrorResponse:
        """Return a ValidationException that lists the problems by member."""
        return ErrorResponse(
            "ValidationException",
            f"Validation failed: {', '.join(name for name, _ in problems)}",
            reason="FIELD_VALIDATION_FAILED",
            fieldList=[{"name": name, "message": rule} for name, rule in problems],
            context={},
        )

    def throttling_error(self) -> ErrorResponse:
        """Return a ThrottlingException with a Retry-After header."""
        return ErrorResponse(
            "ThrottlingException",
            "Too many requests.",
            429,
            retry_after=_RETRY_SECONDS,
            serviceCode="deadline",
            quotaCode="L-00000000",
            context={},
        )

    def internal_error(self) -> ErrorResponse:
        """Return an InternalServerErrorException with a Retry-After header."""
        return ErrorResponse(
            "InternalServerErrorException",
            "Something failed inside the service.",
            500,
            retry_after=_RETRY_SECONDS,
        )

    def _get_task(self, params: GetTaskInput) -> Task:
        ids = TaskId(**params.model_dump(include=set(TaskId._fields)))
        self._check(*ids[:-1])
        task = self._steps[ids[:-1]].get(ids.task_id)
        if task is None:
            raise _not_found("task", ids.task_id)
        return task

    def _list_tasks(self, params: ListTasksInput) -> TaskPage:
        step = (params.farm_id, params.queue_id, params.job_id, params.step_id)
        self._check(*step)
        tasks, token = self._pager.page(LIST_TASKS, params, self._steps[step].all(), lambda _: True)
        summaries = [TaskSummary.model_validate(dict(task)) for task in tasks]
        return TaskPage.model_validate({"items": summaries, "next_token": token})

    def _search_tasks(self, params: SearchTasksInput) -> TaskSearchPage:
        jobs = [] if params.job_id is None else [params.job_id]
        for queue_id in params.queue_ids:
            self._check(params.farm_id, queue_id, *jobs)
        prefixes = [(params.farm_id, queue_id, *jobs) for queue_id in params.queue_ids]
        return search(
            params,
            [
                (step, task)
                for step, tasks in self._steps.items()
                if any(step[: len(prefix)] == prefix for prefix in prefixes)
                for _, task in tasks.all()
            ],
        )

    def _batch_get_tasks(self, params: BatchGetTasksInput) -> TaskBatch:
        tasks: list[BatchTask] = []
        errors: list[BatchTaskError] = []
        for item in params.ids:
            ids = item.model_dump()
            try:
                self._take_throttling()
                tasks.append(BatchTask.model_validate({**dict(self._get_task(item)), **ids}))
            except ErrorResponse as error_response:
                code = BatchTaskErrorCode(error_response.code)
                errors.append(BatchTaskError(**ids, code=code, message=error_response.message))
        return TaskBatch(tasks=tasks, errors=errors)

    def _take_throttling(self) -> None:
        if self._throttled:
            self._throttled -= 1
            raise self.throttling_error()

    def _check(self, *ids: str) -> None:
        """Raise ErrorResponse for the first of farm, queue, job and step that doesn't exist."""
        for depth, (kind, each) in enumerate(zip(_KINDS, ids, strict=False), start=1):
            if not any(step[:depth] == ids[:depth] for step in self._steps):
                raise _not_found(kind, each)


def _not_found(kind: str, resource_id: str) -> ErrorResponse:
    return ErrorResponse(
        "ResourceNotFoundException",
        f"There is no {kind} {resource_id}.",
        404,
        resourceId=resource_id,
        resourceType=kind,
        context={},
    )
