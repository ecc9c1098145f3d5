"""Describing any number of tasks, as steps: the service takes a hundred a request."""

from __future__ import annotations

from .._core.steps import Steps, ask
from .models import DescribedTasks, Failure, Task
from .operations import DESCRIBE_TASKS, DescribeTasksInput

__all__: list[str] = []

MOST_IN_A_REQUEST = 100


def describe_tasks(asked: DescribeTasksInput) -> Steps[DescribedTasks]:
    """Each task that was asked for, once and in that order, in as few requests as can be."""
    names = tuple(dict.fromkeys(asked.tasks))
    tasks: list[Task] = []
    failures: list[Failure] = []
    for start in range(0, len(names), MOST_IN_A_REQUEST):
        part = {"tasks": names[start : start + MOST_IN_A_REQUEST]}
        answer = yield from ask(DESCRIBE_TASKS, asked.model_copy(update=part))
        tasks += answer.tasks
        failures += answer.failures
    # A task may be asked for by its id or by its ARN, which ends with the id.
    places = {id_in(name): place for place, name in reversed(list(enumerate(names)))}
    tasks.sort(key=lambda task: places.get(id_in(task.task_arn), len(names)))
    return DescribedTasks(tasks=tasks, failures=failures)


def id_in(name: str) -> str:
    """The id of the task that has this id or ARN."""
    return name.rpartition("/")[2]
