"""The local ECS: clusters and their tasks."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Annotated, Unpack

from pydantic import Field

from .._core.model import GivenAs
from ..ecs import DescribedTasks, Failure, Task, TaskArn, TaskArnPage
from ..ecs.operations import DESCRIBE_TASKS, LIST_TASKS, DescribeTasksInput, ListTasksInput
from ..errors import Problem
from .builder_fields import ECSTaskFields
from .ecs_lifecycle import (
    FAILED_TO_START,
    STAGES,
    ECSTaskStatusName,
    lasts_of,
    stop_code_of,
    transitions,
)
from .fake_values import FakeValues
from .lifecycle import Plan
from .paging import Pager
from .service import LocalService, Route, route
from .service_errors import ErrorResponse, InvalidInput
from .state import State, Table

_STOPPED_SHOW_FOR = timedelta(hours=1)
_MOST_DESCRIBED = 100
_DEFINITION_ARN = re.compile(r"arn:.*:task-definition/(?P<family>[^/:]+):[0-9]+")


class ECSTask(Task):
    """A task with the members that ListTasks filters by and DescribeTasks doesn't return."""

    last_status: Annotated[str | None, GivenAs(ECSTaskStatusName)] = None
    family: str = Field(exclude=True)
    service_name: str | None = Field(default=None, exclude=True)
    daemon_name: str | None = Field(default=None, exclude=True)


class LocalECS(LocalService):
    """Holds clusters and their tasks, in the order in which they were added."""

    def __init__(self, state: State, fake_values: FakeValues, pager: Pager) -> None:
        self._state = state
        self._fake_values = fake_values
        self._pager = pager
        self._clusters: dict[str, Table[str, ECSTask]] = {}
        self.add_cluster("default")

    def add_cluster(self, name: str) -> str:
        """Add a cluster, unless it exists, and return its ARN."""
        with self._state.lock:
            if name not in self._clusters:
                self._clusters[name] = self._state.table(ECSTask, STAGES)
            return self._arn_of(name)

    def add_task(
        self,
        *,
        cluster: str = "default",
        task_id: str | None = None,
        container_instance: str | None = None,
        ends: ECSTaskFields | None = None,
        lasts: Mapping[ECSTaskStatusName, float] | None = None,
        appears_after: int = 0,
        **fields: Unpack[ECSTaskFields],
    ) -> TaskArn:
        """Add a task and return its ARN. A task with the same id in the cluster is replaced.

        ``cluster`` is the name of a cluster that was added. ``container_instance`` is an id or an
        ARN. The fields are those of ``Task``, and ``family``, ``service_name`` and
        ``daemon_name``, which ListTasks filters by. Missing fields get a realistic value, or None.
        The task is RUNNING by default, or STOPPED if it has a ``stop_code`` or a
        ``desired_status`` of STOPPED. The exit code of its container depends on the stop code: 0
        for EssentialContainerExited, None for TaskFailedToStart.

        As ``LocalAWS.advance`` moves the time, the task goes through PROVISIONING, PENDING,
        ACTIVATING, RUNNING, DEACTIVATING, STOPPING and DEPROVISIONING to STOPPED. ``ends`` has the
        fields to set at the end. A task that ends with TaskFailedToStart is PENDING by default and
        never runs. ``lasts`` has the seconds in a status. One hour after ``stopped_at``, the task
        is no longer returned. The first ``appears_after`` calls for the task don't find it.

        Raises ``KeyError`` for an unknown cluster, ``TypeError`` for ``task_arn`` and
        ``cluster_arn``, which follow from the cluster and the id, and ``ValueError`` for an id that
        no ARN can have or for fields that contradict each other.
        """
        _check_names(task_id, fields)
        with self._state.lock:
            tasks = self._clusters[cluster]
            if fields.get("desired_status") == "RUNNING":
                del fields["desired_status"]  # the default, which must change when the task stops
            task_id = task_id or self._fake_values.hexadecimal("ecs task")
            arn = TaskArn(self._fake_values.arn("ecs", f"task/{cluster}/{task_id}"))
            family = fields.get("family") or _family_in(fields) or "local"
            service = fields.get("service_name")
            stop_code = stop_code_of(fields, ends)
            defaults: dict[str, object] = {
                "task_arn": arn,
                "cluster_arn": self._arn_of(cluster),
                "last_status": _status_of(fields, stop_code),
                "desired_status": "RUNNING",
                "launch_type": "FARGATE",
                "family": family,
                "group": f"service:{service}" if service else f"family:{family}",
                "task_definition_arn": self._fake_values.arn("ecs", f"task-definition/{family}:1"),
                "container_instance_arn": container_instance
                and self._instance_arn(cluster, container_instance),
                "availability_zone": self._fake_values.zone(),
                "cpu": "1024",
                "memory": "2048",
                "connectivity": "CONNECTED",
                "overrides": {},
                "attachments": [],
                "version": 1,
            }
            seconds = lasts_of(stop_code, fields.get("last_status"), lasts)
            plan = Plan(ends, seconds, transitions(arn, family, stop_code))
            tasks.put(task_id, fields, defaults, plan, appears_after)
            return arn

    @property
    def routes(self) -> Sequence[Route]:
        """ListTasks and DescribeTasks."""
        return (route(LIST_TASKS, self._list_tasks), route(DESCRIBE_TASKS, self._describe_tasks))

    def validation_error(self, problems: Sequence[Problem]) -> ErrorResponse:
        """Return an InvalidParameterException with all problems in its message."""
        message = "; ".join(f"{name}: {rule}" for name, rule in problems)
        return ErrorResponse("InvalidParameterException", message)

    def throttling_error(self) -> ErrorResponse:
        """Return a ThrottlingException, which is not in ECS's model."""
        return ErrorResponse("ThrottlingException", "Rate exceeded")

    def internal_error(self) -> ErrorResponse:
        """Return a ServerException."""
        return ErrorResponse("ServerException", "Something failed inside the service.", 500)

    def _list_tasks(self, params: ListTasksInput) -> TaskArnPage:
        tasks = self._tasks_of(params.cluster).all()
        services = [task.service_name for _, task in tasks]
        if params.service_name and not any(
            _refers_to(params.service_name, each) for each in services
        ):
            raise ErrorResponse("ServiceNotFoundException", "Service not found.")
        page, next_token = self._pager.page(
            LIST_TASKS,
            params,
            tasks,
            lambda task: self._is_visible(task) and _matches(task, params),
        )
        return TaskArnPage(taskArns=[task.task_arn for task in page], next_token=next_token)

    def _describe_tasks(self, params: DescribeTasksInput) -> DescribedTasks:
        if not 1 <= len(params.tasks) <= _MOST_DESCRIBED:
            raise InvalidInput([Problem("tasks", f"Member must have 1 to {_MOST_DESCRIBED}")])
        table = self._tasks_of(params.cluster)
        tasks = list[Task]()
        failures = list[Failure]()
        for name in params.tasks:
            task = table.get(name.rpartition("/")[2])
            if task and self._is_visible(task) and name in (task.task_arn, task.task_arn.task_id):
                tasks.append(task if "TAGS" in (params.include or ()) else _without_tags(task))
            else:
                arn = self._fake_values.arn("ecs", f"task/{_name_of(params.cluster)}/{name}")
                failures.append(
                    Failure(arn=name if name.startswith("arn:") else arn, reason="MISSING")
                )
        return DescribedTasks(tasks=tasks, failures=failures)

    def _is_visible(self, task: ECSTask) -> bool:
        stopped = task.stopped_at
        return stopped is None or self._state.now - stopped < _STOPPED_SHOW_FOR

    def _tasks_of(self, cluster: str | None) -> Table[str, ECSTask]:
        name = _name_of(cluster)
        if name not in self._clusters or cluster not in (None, "", name, self._arn_of(name)):
            raise ErrorResponse("ClusterNotFoundException", "Cluster not found.")
        return self._clusters[name]

    def _arn_of(self, cluster: str) -> str:
        return self._fake_values.arn("ecs", f"cluster/{cluster}")

    def _instance_arn(self, cluster: str, instance: str) -> str:
        if instance.startswith("arn:"):
            return instance
        return self._fake_values.arn("ecs", f"container-instance/{cluster}/{instance}")


def _check_names(task_id: str | None, fields: ECSTaskFields) -> None:
    """Raise TypeError or ValueError for names that are invalid or contradict each other."""
    if derived := STAGES.names.intersection(fields):
        raise TypeError(
            f"{', '.join(sorted(derived))} follows from cluster= and task_id=: pass those"
        )
    if task_id is not None and not re.fullmatch(r"[\w-]+", task_id):
        raise ValueError(f"task_id must have only letters, digits, _ and -, not {task_id!r}")
    family = _family_in(fields)
    given = fields.get("family", family)
    if family and family != given:
        raise ValueError(f"task_definition_arn is of family {family!r}, not {given!r}")


def _family_in(fields: ECSTaskFields) -> str | None:
    """Return the family from the task definition's ARN, or None if it has no valid ARN."""
    found = _DEFINITION_ARN.fullmatch(fields.get("task_definition_arn") or "")
    return found["family"] if found else None


def _status_of(fields: ECSTaskFields, stop_code: str) -> str:
    """Return the default status of a task."""
    if fields.get("desired_status") == "STOPPED" or "stop_code" in fields:
        return "STOPPED"
    return "PENDING" if stop_code == FAILED_TO_START else "RUNNING"


def _name_of(cluster: str | None) -> str:
    return (cluster or "default").rpartition("/")[2]


def _without_tags(task: ECSTask) -> ECSTask:
    return ECSTask.model_construct(task.model_fields_set - {"tags"}, **dict(task))


def _matches(task: ECSTask, params: ListTasksInput) -> bool:
    """Return whether a listing includes the task. Its desired status is never PENDING."""
    return (
        task.desired_status == (params.desired_status or "RUNNING")
        and params.launch_type in (None, task.launch_type)
        and params.family in (None, task.family)
        and _refers_to(params.container_instance, task.container_instance_arn)
        and _refers_to(params.service_name, task.service_name)
        and _refers_to(params.daemon_name, task.daemon_name)
        and params.started_by in (None, task.started_by)
    )


def _refers_to(wanted: str | None, name: str | None) -> bool:
    """Return whether a filter matches a name or ARN. A name matches the ARN that ends in it."""
    return wanted is None or (name is not None and (wanted == name or name.endswith(f"/{wanted}")))
