"""The local HealthOmics: runs and their tasks."""

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
        """Add a run, RUNNING by default, and return it. A run with the same id is replaced.

        The fields are those of ``Run``. Missing fields get a realistic value, or None. As
        ``LocalAWS.advance`` moves the time, the run goes through PENDING, STARTING, RUNNING and
        STOPPING to COMPLETED. ``ends`` has the fields to set at the end, such as another final
        status. ``lasts`` has the seconds in a status, by default 300 for RUNNING and 60 for the
        others. The first ``appears_after`` calls for the run don't find it.

        Raises ``ParamValidationError`` for an id that the API doesn't allow, and ``ValueError`` if
        ``id`` and ``arn`` name different runs.
        """
        with self._state.lock:
            run_id = _run_id_in(fields) or self._fake_values.digits("run")
            check(GET_RUN, {"run_id": run_id})
            arn = self._fake_values.arn("omics", f"run/{run_id}")
            defaults: dict[str, object] = {
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
            return self._runs.put(run_id, fields, defaults, Plan(ends, lasts), appears_after)

    def add_task(
        self,
        run_id: str,
        *,
        ends: RunTaskFields | None = None,
        lasts: Mapping[RunTaskStatusName | RunTaskStatus, float] | None = None,
        appears_after: int = 0,
        **fields: Unpack[RunTaskFields],
    ) -> RunTask:
        """Add a task to a run, RUNNING by default, and return it.

        A task of the run with the same id is replaced. The fields are those of ``RunTask``, and
        the other arguments are as in ``add_run``. The status of a task doesn't depend on the status
        of its run. Raises ``KeyError`` for an unknown run, and ``ParamValidationError`` for an id
        that the API doesn't allow.
        """
        with self._state.lock:
            tasks = self._tasks[run_id]
            task_id = fields.get("task_id", self._fake_values.digits("run task"))
            check(GET_RUN_TASK, {"run_id": run_id, "task_id": task_id})
            log = f"log-group:/aws/omics/WorkflowLog:log-stream:run/{run_id}/task/{task_id}"
            defaults: dict[str, object] = {
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
            return tasks.put(task_id, fields, defaults, Plan(ends, lasts), appears_after)

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
        """Return a ValidationException with all problems in its message."""
        messages = (
            f"Value at '{name}' failed to satisfy constraint: {rule}" for name, rule in problems
        )
        return ErrorResponse("ValidationException", f"Validation failed: {'; '.join(messages)}")

    def throttling_error(self) -> ErrorResponse:
        """Return a ThrottlingException."""
        return ErrorResponse("ThrottlingException", "Too many requests.", 429)

    def internal_error(self) -> ErrorResponse:
        """Return an InternalServerException."""
        return ErrorResponse("InternalServerException", "Something failed inside the service.", 500)

    def _get_run(self, params: GetRunInput) -> Run:
        run = self._run(params.run_id)
        return run if "DEFINITION" in params.export else run.model_copy(update={"definition": None})

    def _list_runs(self, params: ListRunsInput) -> Page[RunSummary]:
        runs, next_token = self._pager.page(
            LIST_RUNS,
            params,
            self._runs.all(),
            lambda run: (
                params.name in (None, run.name)
                and params.run_group_id in (None, run.run_group_id)
                and params.batch_id in (None, run.batch_id)
                and params.status in (None, run.status)
            ),
        )
        return Page[RunSummary](
            items=[_summary(RunSummary, run) for run in runs], next_token=next_token
        )

    def _list_run_tasks(self, params: ListRunTasksInput) -> Page[RunTaskSummary]:
        self._run(params.run_id)
        tasks, next_token = self._pager.page(
            LIST_RUN_TASKS,
            params,
            self._tasks[params.run_id].all(),
            lambda task: params.status in (None, task.status),
        )
        return Page[RunTaskSummary](
            items=[_summary(RunTaskSummary, task) for task in tasks], next_token=next_token
        )

    def _get_run_task(self, params: GetRunTaskInput) -> RunTask:
        self._run(params.run_id)
        task = self._tasks[params.run_id].get(params.task_id)
        if task is None:
            raise _not_found(f"task {params.task_id} in run {params.run_id}")
        return task

    def _run(self, run_id: str) -> Run:
        run = self._runs.get(run_id)
        if run is None:
            raise _not_found(f"run {run_id}")
        return run


def _run_id_in(fields: RunFields) -> str | None:
    """Return the id from ``id`` or ``arn``, or None. Raises ``ValueError`` if they differ."""
    found = _RUN_ARN.fullmatch(fields.get("arn") or "")
    given = fields.get("id", found and found["id"])
    if found and found["id"] != given:
        raise ValueError(f"arn is of run {found['id']}, not {given}")
    return given


def _summary(model: type[M], whole: Model) -> M:
    """Return the summary of a resource, as listings return it."""
    return model.model_validate(whole.model_dump(include=set(model.model_fields)))


def _not_found(what: str) -> ErrorResponse:
    return ErrorResponse("ResourceNotFoundException", f"There is no {what}.", 404)
