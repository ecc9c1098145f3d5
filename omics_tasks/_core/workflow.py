"""Workflows of several calls, written once for both drivers.

A workflow is a generator: it yields steps and is sent their results. The sync and the async driver
execute the steps, and throw the error of a failed call into the workflow.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Generator
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeAlias, TypeVar

from ..errors import OmicsTasksError
from .model import Input, ListInput, Page
from .operation import In, Operation, Out
from .paging import Cursor

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class CallStep:
    """A call of an operation; the driver sends its output back."""

    operation: Operation[Any, Any]
    arguments: Input
    time_limit: float = math.inf
    """Maximum seconds for the call, if the client's policy allows more."""


@dataclass(frozen=True, slots=True)
class SleepStep:
    """A pause of some seconds."""

    seconds: float


Workflow: TypeAlias = Generator[CallStep | SleepStep, Any, T]
"""Generator of steps that returns a T."""


class Runner(Generic[T]):
    """A running workflow, from the driver's side."""

    result: T
    """The return value, once ``next`` has returned None."""

    def __init__(self, steps: Workflow[T]) -> None:
        self._steps = steps
        self.output: object = None
        """The output of the latest step; the driver sets it."""
        self.error: OmicsTasksError | None = None
        """The error of the latest step; the driver sets it."""

    def next(self) -> CallStep | SleepStep | None:
        """Return the next step; None at the end. Raise the errors of the workflow itself."""
        error, output = self.error, self.output
        self.error = self.output = None
        try:
            return self._steps.throw(error) if error else self._steps.send(output)
        except StopIteration as end:
            self.result = end.value
            return None


def call(operation: Operation[In, Out], arguments: In) -> Workflow[Out]:
    """Call one operation, as a workflow of one step."""
    output: Out = yield CallStep(operation, arguments)
    return output


def with_time_limit(steps: Workflow[T], time_left: Callable[[], float]) -> Workflow[T]:
    """Run the workflow, each call limited to the time that is left when it begins."""
    runner = Runner(steps)
    while (step := runner.next()) is not None:
        if isinstance(step, CallStep):
            step = replace(step, time_limit=min(step.time_limit, time_left()))
        try:
            runner.output = yield step
        except OmicsTasksError as error:
            runner.error = error
    return runner.result


def list_all(operation: Operation[ListInput, Page[T]], first: ListInput) -> Workflow[list[T]]:
    """Fetch all pages of a listing, and return their items."""
    cursor = Cursor[T](operation, first)
    items: list[T] = []
    while (request := cursor.next_input()) is not None:
        items += cursor.accept((yield from call(operation, request))).items
    return items
