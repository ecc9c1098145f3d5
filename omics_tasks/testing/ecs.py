"""ECS, locally: clusters and the ARNs of their tasks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from ..ecs import LaunchType, LaunchTypeName, TaskArn, TaskArnPage
from ..ecs.operations import LIST_TASKS, ListTasksInput
from ..errors import Problem
from .paging import Pager
from .plausible import Plausible
from .refusals import Refusal
from .service import LocalService, Route, route

TaskDesiredStatusName = Literal["RUNNING", "STOPPED"]


@dataclass(frozen=True, slots=True)
class _Task:
    """What tasks are listed by."""

    arn: TaskArn
    desired_status: str
    launch_type: str
    family: str
    container_instance: str | None
    service_name: str | None
    daemon_name: str | None
    started_by: str | None

    def matches(self, asked: ListTasksInput) -> bool:
        """Whether a listing has it; its desired status is never PENDING."""
        return (
            self.desired_status == (asked.desired_status or "RUNNING")
            and asked.launch_type in (None, self.launch_type)
            and asked.family in (None, self.family)
            and _means(asked.container_instance, self.container_instance)
            and _means(asked.service_name, self.service_name)
            and _means(asked.daemon_name, self.daemon_name)
            and asked.started_by in (None, self.started_by)
        )


class LocalECS(LocalService):
    """Holds clusters and their tasks, in the order in which they were added."""

    def __init__(self, plausible: Plausible, pager: Pager) -> None:
        self._plausible = plausible
        self._pager = pager
        self._clusters: dict[str, dict[str, _Task]] = {}
        self.add_cluster("default")

    def add_cluster(self, name: str) -> str:
        """Adds a cluster, if it isn't there yet, and returns its ARN."""
        self._clusters.setdefault(name, {})
        return self._arn_of(name)

    def add_task(
        self,
        *,
        cluster: str = "default",
        task_id: str | None = None,
        desired_status: TaskDesiredStatusName = "RUNNING",
        launch_type: LaunchType | LaunchTypeName = "FARGATE",
        family: str = "local",
        container_instance: str | None = None,
        service_name: str | None = None,
        daemon_name: str | None = None,
        started_by: str | None = None,
    ) -> TaskArn:
        """Adds a task and returns its ARN; one with the same id in the cluster is replaced.

        ``cluster`` is the name of one that was added; else ``KeyError`` is raised. The rest is
        what the task can be listed by; an instance is its id or its ARN.
        """
        tasks = self._clusters[cluster]
        task_id = task_id or self._plausible.hexadecimal("ecs task")
        arn = TaskArn(self._plausible.arn("ecs", f"task/{cluster}/{task_id}"))
        tasks[task_id] = _Task(
            arn,
            desired_status,
            launch_type,
            family,
            container_instance,
            service_name,
            daemon_name,
            started_by,
        )
        return arn

    @property
    def routes(self) -> Sequence[Route]:
        """ListTasks."""
        return (route(LIST_TASKS, self._list_tasks),)

    def refuse(self, problems: Sequence[Problem]) -> Refusal:
        """An InvalidParameterException that tells all problems in its message."""
        told = "; ".join(f"{name}: {rule}" for name, rule in problems)
        return Refusal("InvalidParameterException", told)

    def _list_tasks(self, asked: ListTasksInput) -> TaskArnPage:
        tasks = self._tasks_of(asked.cluster or "default")
        services = [task.service_name for task in tasks]
        if asked.service_name and not any(_means(asked.service_name, each) for each in services):
            raise Refusal("ServiceNotFoundException", "Service not found.")
        page, next_token = self._pager.page(
            LIST_TASKS, asked, tasks, lambda task: task.matches(asked)
        )
        return TaskArnPage(taskArns=[task.arn for task in page], next_token=next_token)

    def _tasks_of(self, cluster: str) -> tuple[_Task, ...]:
        name = cluster.rpartition("/")[2]
        if name not in self._clusters or cluster not in (name, self._arn_of(name)):
            raise Refusal("ClusterNotFoundException", "Cluster not found.")
        return tuple(self._clusters[name].values())

    def _arn_of(self, cluster: str) -> str:
        return self._plausible.arn("ecs", f"cluster/{cluster}")


def _means(asked: str | None, name: str | None) -> bool:
    """Whether a filter, if there is one, means this: a name is as good as the ARN that it ends."""
    return asked is None or (name is not None and (asked == name or name.endswith(f"/{asked}")))
