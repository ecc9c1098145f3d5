"""Describe any number of tasks: a hundred per request, and each in its own cluster."""

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

T = TypeVar("T")

_DEFAULT_CLUSTER = "default"
_MISSING = "MISSING"


class Description:
    """The responses of ECS about the tasks with these names."""

    def __init__(self, names: Sequence[str]) -> None:
        self._names = names
        self._unrequested: list[Task] = []
        self.tasks: dict[str, Task] = {}
        """Tasks by the names that were requested."""
        self.failures: dict[str, Failure] = {}
        """Failures by the names that were requested, or by their ARNs."""

    def add(self, requested: Sequence[str], response: DescribedTasks) -> None:
        """Add a response. Raise ResponseError if it leaves out one of the names."""
        tasks = _by_id((task.task_arn, task) for task in response.tasks)
        failures = _by_id((failure.arn or "", failure) for failure in response.failures)
        found: dict[str, Task] = {}
        failed: dict[str, Failure] = {}
        for name in requested:
            if (task := _named(name, tasks)) is not None:
                found[name] = task
            elif (failure := _named(name, failures)) is not None:
                failed[name] = failure
        left = [name for name in requested if name not in found and name not in failed]
        nameless = [failure for failure in response.failures if not failure.arn]
        if len(left) == len(nameless):
            failed |= zip(left, nameless, strict=True)
        known = {task.task_arn for task in found.values()}
        self._unrequested += [task for task in response.tasks if task.task_arn not in known]
        matched = {id(failure) for failure in failed.values()}
        others = {f.arn: f for f in response.failures if f.arn and id(f) not in matched}
        self.tasks |= found
        self.failures |= failed | others
        check_complete(DESCRIBE_TASKS, requested, found.keys() | failed.keys())

    def so_far(self) -> DescribedTasks:
        """Return what was found, each task once, in the order in which the names were given."""
        tasks = [self.tasks[name] for name in self._names if name in self.tasks]
        failures = [
            *(self.failures[name] for name in self._names if name in self.failures),
            *self.failures.values(),
        ]
        return DescribedTasks(
            tasks=list({task.task_arn: task for task in [*tasks, *self._unrequested]}.values()),
            failures=list({id(failure): failure for failure in failures}.values()),
        )

    @property
    def missing(self) -> dict[str, str | None]:
        """Names of the missing tasks, with the reason and detail of each failure."""
        return {
            name: joined(failure.reason, failure.detail)
            for name in self._names
            if (failure := self.failures.get(name)) and failure.reason == _MISSING
        }

    def raise_failures(self) -> None:
        """Raise a ServiceError if there is a failure other than MISSING."""
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


def describe(arguments: DescribeTasksInput) -> Workflow[Description]:
    """Request each task once, up to 100 of one cluster per request."""
    names = tuple(dict.fromkeys(arguments.tasks))
    description = Description(names)
    for cluster, some in _requests(arguments.cluster, names):
        request = arguments.model_copy(update={"cluster": cluster, "tasks": tuple(some)})
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
    """Group the names by cluster: the one that is given, or the one in their ARN."""
    clusters: dict[str | None, list[str]] = {}
    for name in names:
        clusters.setdefault(_own_cluster(name) if cluster is None else cluster, []).append(name)
    for each, of_cluster in clusters.items():
        for some in parts(of_cluster):
            yield each, some


def _own_cluster(name: str) -> str | None:
    cluster = TaskArn(name).cluster
    return None if cluster == _DEFAULT_CLUSTER else cluster


def _by_id(results: Iterable[tuple[str, T]]) -> dict[str, list[tuple[str, T]]]:
    by_id: dict[str, list[tuple[str, T]]] = {}
    for arn, result in results:
        by_id.setdefault(_id_in(arn), []).append((arn, result))
    return by_id


def _named(name: str, results: dict[str, list[tuple[str, T]]]) -> T | None:
    """Return the result for a name: an id, or an ARN in its long or short form."""
    same_id = results.get(_id_in(name), ())
    return next((result for arn, result in same_id if _match(name, arn)), None)


def _id_in(name: str) -> str:
    return name.rpartition("/")[2]


def _match(name: str, arn: str) -> bool:
    """Return True if no part that both have differs: an id has no other, a short ARN no cluster."""
    ours, theirs = TaskArn(name), TaskArn(arn)
    return all(
        None in pair or pair[0] == pair[1]
        for pair in (
            (ours.cluster, theirs.cluster),
            (ours.region, theirs.region),
            (ours.account_id, theirs.account_id),
        )
    )
