"""A farm of the stand-in, and helpers that call both kinds of client."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from omics_tasks.deadline import TaskId
from omics_tasks.testing import LocalAWS

from ..asking import Ask

IDS = TaskId(
    "farm-" + "1" * 32, "queue-" + "2" * 32, "job-" + "3" * 32, "step-" + "4" * 32,
    "task-" + "5" * 32 + "-0",
)  # fmt: skip


def numbered(number: int) -> TaskId:
    """Return the ids of a task of one step."""
    return IDS._replace(task_id=f"{IDS.task_id[:-1]}{number}")


class Farm:
    """A step with tasks, which tests refer to by the last number of their ids."""

    def __init__(self, ask: Ask) -> None:
        self.aws = LocalAWS()
        self._ask = ask

    def add(self, count: int, **fields: Any) -> list[TaskId]:
        """Add tasks with the numbers from 0 on."""
        ids = [numbered(number) for number in range(count)]
        for each in ids:
            given: dict[str, Any] = {**each._asdict(), **fields}
            self.aws.deadline.add_task(**given)
        return ids

    def ask(self, question: Callable[[Any], Any], **options: Any) -> Any:
        """Return the result of a call."""
        given = {**self.aws.client_options, "transport": self.aws.transport, **options}
        return self._ask(question, "Deadline", **given)

    def sent(self, name: str) -> list[Any]:
        """Return the values of one member of all requests."""
        return [request.parameters.get(name) for request in self.aws.requests]


def numbers(tasks: Any) -> list[int]:
    """Return the numbers of the tasks."""
    return [int(task.task_id.rpartition("-")[2]) for task in tasks]
