"""Describing any number of tasks, as steps: a hundred a request, and each in its own cluster."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from http import HTTPStatus
from typing import TypeVar

from .._core.batches import check_complete, parts
from .._core.lifecycle import joined
from .._core.methods import Context, WorkflowMethod
from .._core.workflow import Workflow, call
from ..errors import AccessDeniedException, OmicsTasksError, ServiceError
from .arns import TaskArn
from .models import DescribedTasks, Failure, Task
from .operations import DESCRIBE_TASKS, DescribeTasksInput

__all__ = ["Description"]

T = TypeVar("T")

_DEFAULT_CLUSTER = "default"
_MISSING = "MISSING"


class Description:
    """What ECS has said so far of the tasks with these names."""

    def __init__(self, names: Sequence[str]) -> None:
        self._names = names
        self._unasked: list[Task] = []
        self.tasks: dict[str, Task] = {}
        """Tasks by the names that they were asked for by."""
        self.failures: dict[str, Failure] = {}
        """Failures likewise."""

    def add(self, asked: Sequence[str], answer: DescribedTasks) -> None:
        """Take in an answer; raises a ResponseError if it says nothing of one of the names."""
        tasks = _by_id((task.task_arn, task) for task in answer.tasks)
        failures = _by_id((failure.arn or "", failure) for failure in answer.failures)
        found: dict[str, Task] = {}
        failed: dict[str, Failure] = {}
        for name in asked:
            if (task := _named(name, tasks)) is not None:
                found[name] = task
            elif (failure := _named(name, failures)) is not None:
                failed[name] = failure
        left = [name for name in asked if name not in found and name not in failed]
        nameless = [failure for failure in answer.failures if not failure.arn]
        if len(left) == len(nameless):
            failed |= zip(left, nameless, strict=True)
        known = {task.task_arn for task in found.values()}
        self._unasked += [task for task in answer.tasks if task.task_arn not in known]
        told = {id(failure) for failure in failed.values()}
        unasked = {f.arn: f for f in answer.failures if f.arn and id(f) not in told}
        self.tasks |= found
        self.failures |= failed | unasked
        check_complete(DESCRIBE_TASKS, asked, found.keys() | failed.keys())

    def so_far(self) -> DescribedTasks:
        """Return what was found, each task once, in the order in which the names were given."""
        tasks = [self.tasks[name] for name in self._names if name in self.tasks]
        failures = [
            *(self.failures[name] for name in self._names if name in self.failures),
            *self.failures.values(),
        ]
        return DescribedTasks(
            tasks=list({task.task_arn: task for task in [*tasks, *self._unasked]}.values()),
            failures=list({id(failure): failure for failure in failures}.values()),
        )

    @property
    def missing(self) -> dict[str, str | None]:
        """Names of the tasks that aren't there, and what ECS says of that."""
        return {
            name: joined(failure.reason, failure.detail)
            for name in self._names
            if (failure := self.failures.get(name)) and failure.reason == _MISSING
        }

    def raise_failures(self) -> None:
        """Raise a ServiceError if there is a failure other than a task that isn't there."""
        refused = {n: each for n, each in self.failures.items() if each.reason != _MISSING}
        if not refused:
            return
        name, first = next(iter(refused.items()))
        others = len(refused) - 1
        is_denied = first.reason == "ACCESS_DENIED"
        error = (AccessDeniedException if is_denied else ServiceError)(
            f"{first.arn or name} can't be described"
            + (f", and {others} more" if others else "")
            + (f": {first.detail}" if first.detail else ""),
            service=DESCRIBE_TASKS.service.id,
            operation=DESCRIBE_TASKS.name,
            code=first.reason,
            status=HTTPStatus.OK,
        )
        error.partial = self.so_far()
        raise error


def describe(asked: DescribeTasksInput) -> Workflow[Description]:
    """CallStep for each task once, up to 100 of one cluster in a request."""
    names = tuple(dict.fromkeys(asked.tasks))
    description = Description(names)
    for cluster, some in _requests(asked.cluster, names):
        request = asked.model_copy(update={"cluster": cluster, "tasks": tuple(some)})
        try:
            description.add(some, (yield from call(DESCRIBE_TASKS, request)))
        except OmicsTasksError as error:
            error.partial = description.so_far()
            raise
    return description


def _describe_tasks(given: DescribeTasksInput, _: Context) -> Workflow[DescribedTasks]:
    return (yield from describe(given)).so_far()


DESCRIBE_ANY_TASKS = WorkflowMethod(DESCRIBE_TASKS, DescribeTasksInput, _describe_tasks)


def _requests(
    cluster: str | None, names: Sequence[str]
) -> Iterator[tuple[str | None, Sequence[str]]]:
    """Sort the names by cluster: the one that is given, else the one that an ARN names."""
    clusters: dict[str | None, list[str]] = {}
    for name in names:
        clusters.setdefault(_own_cluster(name) if cluster is None else cluster, []).append(name)
    for each, of_cluster in clusters.items():
        for some in parts(of_cluster):
            yield each, some


def _own_cluster(name: str) -> str | None:
    cluster = TaskArn(name).cluster
    return None if cluster == _DEFAULT_CLUSTER else cluster


def _by_id(things: Iterable[tuple[str, T]]) -> dict[str, list[tuple[str, T]]]:
    found: dict[str, list[tuple[str, T]]] = {}
    for arn, thing in things:
        found.setdefault(_id_in(arn), []).append((arn, thing))
    return found


def _named(name: str, things: dict[str, list[tuple[str, T]]]) -> T | None:
    """Find what a name means: an id, or an ARN in its long or short form."""
    same_id = things.get(_id_in(name), ())
    return next((thing for arn, thing in same_id if _may_be_one(name, arn)), None)


def _id_in(name: str) -> str:
    return name.rpartition("/")[2]


def _may_be_one(name: str, arn: str) -> bool:
    """Whether nothing that both say differs: an id says no more, and a short ARN no cluster."""
    ours, theirs = TaskArn(name), TaskArn(arn)
    return all(
        None in pair or pair[0] == pair[1]
        for pair in (
            (ours.cluster, theirs.cluster),
            (ours.region, theirs.region),
            (ours.account_id, theirs.account_id),
        )
    )
