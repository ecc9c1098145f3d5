"""Runner of several calls, written once: it yields what is to be done, and is sent what came of it.

Drivers, one that waits and one that awaits, do the steps. Where a call fails they throw its error
into the work.
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
    """Call an operation; its output is sent back."""

    operation: Operation[Any, Any]
    arguments: Input
    time_limit: float = math.inf
    """Most seconds that the call may take, if the client's policy gives it more."""


@dataclass(frozen=True, slots=True)
class SleepStep:
    """Wait."""

    seconds: float


Workflow: TypeAlias = Generator[CallStep | SleepStep, Any, T]
"""Runner that comes to a T."""


class Runner(Generic[T]):
    """Steps under way, from the side that does them."""

    result: T
    """What it has come to, once there is no next step."""

    def __init__(self, steps: Workflow[T]) -> None:
        self._steps = steps
        self.output: object = None
        """What the step came to."""
        self.error: OmicsTasksError | None = None
        """What it failed with."""

    def next(self) -> CallStep | SleepStep | None:
        """The next step to do; None at the end. Raises what the work itself raises."""
        error, output = self.error, self.output
        self.error = self.output = None
        try:
            return self._steps.throw(error) if error else self._steps.send(output)
        except StopIteration as end:
            self.result = end.value
            return None


def call(operation: Operation[In, Out], arguments: In) -> Workflow[Out]:
    """One call, as a step."""
    output: Out = yield CallStep(operation, arguments)
    return output


def with_time_limit(steps: Workflow[T], time_left: Callable[[], float]) -> Workflow[T]:
    """Return the same work, with calls that take no longer than the time left when they begin."""
    work = Runner(steps)
    while (step := work.next()) is not None:
        if isinstance(step, CallStep):
            step = replace(step, time_limit=min(step.time_limit, time_left()))
        try:
            work.output = yield step
        except OmicsTasksError as error:
            work.error = error
    return work.result


def list_all(operation: Operation[ListInput, Page[T]], first: ListInput) -> Workflow[list[T]]:
    """A listing, page by page, to its end."""
    cursor = Cursor[T](operation, first)
    items: list[T] = []
    while (asked := cursor.next_input()) is not None:
        items += cursor.accept((yield from call(operation, asked))).items
    return items
