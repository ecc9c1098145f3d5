"""HealthOmics, locally: runs and their tasks."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TypeVar, Unpack

from .._core.model import Model, Page
from .._core.protocols import check
from ..errors import Problem
from ..healthomics import (
    Run,
    RunStatus,
    RunStatusName,
    RunSummary,
    RunTask,
    RunTaskStatus,
    RunTaskStatusName,
    RunTaskSummary,
)
from ..healthomics.operations import (
    GET_RUN,
    GET_RUN_TASK,
    LIST_RUN_TASKS,
    LIST_RUNS,
    GetRunInput,
    GetRunTaskInput,
    ListRunsInput,
    ListRunTasksInput,
)
from .builder_fields import RunFields, RunTaskFields
from .fake_values import FakeValues
from .lifecycle import END, Plan, Stages
from .paging import Pager
from .service import LocalService, Route, route
from .service_errors import ErrorResponse
from .state import State, Table

M = TypeVar("M", bound=Model)

STAGES = Stages(
    names=frozenset({"arn", "id", "run_id", "task_id", "uuid"}),
    status="status",
    lasts={"PENDING": 60, "STARTING": 60, "RUNNING": 300, "STOPPING": 60},
    end="COMPLETED",
    ends=frozenset({"COMPLETED", "DELETED", "CANCELLED", "FAILED"}),
    created="creation_time",
    stamps={"start_time": ("RUNNING",), "stop_time": (END,)},
)
_RUN_ARN = re.compile(r"arn:.*:run/(?P<id>[0-9]+)")


class LocalHealthOmics(LocalService):
    """Holds runs and their tasks, in the order in which they were added."""

    def __init__(self, state: State, fake_values: FakeValues, pager: Pager) -> None:
        self._state = state
        self._fake_values = fake_values
        self._pager = pager
        self._runs: Table[str, Run] = state.table(Run, STAGES)
        self._tasks: dict[str, Table[str, RunTask]] = {}

    def add_run(
        self,
        *,
        ends: RunFields | None = None,
        lasts: Mapping[RunStatusName | RunStatus, float] | None = None,
        appears_after: int = 0,
        **fields: Unpack[RunFields],
    ) -> Run:
        """Adds a run, RUNNING unless said otherwise; one with the same id is replaced.

        The fields are those of ``Run``; what is left out gets a plausible value, or none. As
        ``LocalAWS.advance`` moves the time on, the run goes from PENDING by STARTING, RUNNING and
        STOPPING to COMPLETED, or to what ``ends`` says: fields that it has at its end. ``lasts``
        has the seconds that a status lasts: 300 for RUNNING, and 60 for the others, unless said
        otherwise. The first ``appears_after`` calls that look for the run don't find it.

        Raises ``ParamValidationError`` for an id that nobody could ask for, and ``ValueError``
        where ``id`` and ``arn`` name different runs.
        """
        with self._state.lock:
            run_id = _run_id_in(fields) or self._fake_values.digits("run")
            check(GET_RUN, {"run_id": run_id})
            arn = self._fake_values.arn("omics", f"run/{run_id}")
            rest: dict[str, object] = {
                "id": run_id,
                "arn": arn,
                "uuid": self._fake_values.uuid(arn),
                "name": f"run {run_id}",
                "status": "RUNNING",
                "started_by": self._fake_values.arn("iam", "user/local"),
                "workflow_id": "1000001",
                "workflow_type": "PRIVATE",
                "definition": "version 1.0\nworkflow local {}",
                "parameters": {},
                "role_arn": self._fake_values.arn("iam", "role/local"),
                "storage_type": "DYNAMIC",
                "output_uri": "s3://local-outputs",
                "run_output_uri": f"s3://local-outputs/{run_id}",
                "log_level": "ALL",
                "retention_mode": "RETAIN",
            }
            if run_id not in self._tasks:
                self._tasks[run_id] = self._state.table(RunTask, STAGES)
            return self._runs.put(run_id, fields, rest, Plan(ends, lasts), appears_after)

    def add_task(
        self,
        run_id: str,
        *,
        ends: RunTaskFields | None = None,
        lasts: Mapping[RunTaskStatusName | RunTaskStatus, float] | None = None,
        appears_after: int = 0,
        **fields: Unpack[RunTaskFields],
    ) -> RunTask:
        """Adds a task to a run, RUNNING unless said otherwise; one with the same id is replaced.

        The fields are those of ``RunTask``; the rest is as in ``add_run``. A task lives its own
        life: what becomes of its run does nothing to it. Raises ``KeyError`` where there is no
        such run, and ``ParamValidationError`` for an id that nobody could ask for.
        """
        with self._state.lock:
            tasks = self._tasks[run_id]
            task_id = fields.get("task_id", self._fake_values.digits("run task"))
            check(GET_RUN_TASK, {"run_id": run_id, "task_id": task_id})
            log = f"log-group:/aws/omics/WorkflowLog:log-stream:run/{run_id}/task/{task_id}"
            rest: dict[str, object] = {
                "task_id": task_id,
                "uuid": self._fake_values.uuid(self._fake_values.arn("omics", f"task/{task_id}")),
                "name": f"task {task_id}",
                "status": "RUNNING",
                "cpus": 2,
                "memory": 4,
                "gpus": 0,
                "instance_type": "omics.c.large",
                "cache_hit": False,
                "log_stream": self._fake_values.arn("logs", log),
            }
            return tasks.put(task_id, fields, rest, Plan(ends, lasts), appears_after)

    @property
    def routes(self) -> Sequence[Route]:
        """GetRun, ListRuns, ListRunTasks and GetRunTask."""
        return (
            route(GET_RUN, self._get_run),
            route(LIST_RUNS, self._list_runs),
            route(LIST_RUN_TASKS, self._list_run_tasks),
            route(GET_RUN_TASK, self._get_run_task),
        )

    def validation_error(self, problems: Sequence[Problem]) -> ErrorResponse:
        """A ValidationException that tells all problems in its message."""
        told = (
            f"Value at '{name}' failed to satisfy constraint: {rule}" for name, rule in problems
        )
        return ErrorResponse("ValidationException", f"Validation failed: {'; '.join(told)}")

    def throttling_error(self) -> ErrorResponse:
        """A ThrottlingException."""
        return ErrorResponse("ThrottlingException", "Too many requests.", 429)

    def internal_error(self) -> ErrorResponse:
        """An InternalServerException."""
        return ErrorResponse("InternalServerException", "Something failed inside the service.", 500)

    def _get_run(self, asked: GetRunInput) -> Run:
        run = self._run(asked.run_id)
        return run if "DEFINITION" in asked.export else run.model_copy(update={"definition": None})

    def _list_runs(self, asked: ListRunsInput) -> Page[RunSummary]:
        runs, next_token = self._pager.page(
            LIST_RUNS,
            asked,
            self._runs.all(),
            lambda run: (
                asked.name in (None, run.name)
                and asked.run_group_id in (None, run.run_group_id)
                and asked.batch_id in (None, run.batch_id)
                and asked.status in (None, run.status)
            ),
        )
        return Page[RunSummary](
            items=[_summary(RunSummary, run) for run in runs], next_token=next_token
        )

    def _list_run_tasks(self, asked: ListRunTasksInput) -> Page[RunTaskSummary]:
        self._run(asked.run_id)
        tasks, next_token = self._pager.page(
            LIST_RUN_TASKS,
            asked,
            self._tasks[asked.run_id].all(),
            lambda task: asked.status in (None, task.status),
        )
        return Page[RunTaskSummary](
            items=[_summary(RunTaskSummary, task) for task in tasks], next_token=next_token
        )

    def _get_run_task(self, asked: GetRunTaskInput) -> RunTask:
        self._run(asked.run_id)
        task = self._tasks[asked.run_id].get(asked.task_id)
        if task is None:
            raise _not_found(f"task {asked.task_id} in run {asked.run_id}")
        return task

    def _run(self, run_id: str) -> Run:
        run = self._runs.get(run_id)
        if run is None:
            raise _not_found(f"run {run_id}")
        return run


def _run_id_in(fields: RunFields) -> str | None:
    """The id that is given with a run, itself or in its ARN."""
    found = _RUN_ARN.fullmatch(fields.get("arn") or "")
    given = fields.get("id", found and found["id"])
    if found and found["id"] != given:
        raise ValueError(f"arn is of run {found['id']}, not {given}")
    return given


def _summary(model: type[M], whole: Model) -> M:
    """What a listing says of a thing."""
    return model.model_validate(whole.model_dump(include=set(model.model_fields)))


def _not_found(what: str) -> ErrorResponse:
    return ErrorResponse("ResourceNotFoundException", f"There is no {what}.", 404)
