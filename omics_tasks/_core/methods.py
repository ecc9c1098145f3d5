"""The methods of a client, as data: ``client.py`` of each service is generated from them.

An ``Operation`` is a method by itself. The classes here are for methods that take several requests.
Their arguments are an input model too, whose docstring is the method's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from ..errors import OmicsTasksError
from .lifecycle import Lifecycle
from .model import ListInput, Page
from .operation import In, Operation, Service
from .paging import Cursor
from .retries import RetryPolicy
from .watching import Watch
from .workflow import Workflow

T = TypeVar("T")
L = TypeVar("L", bound=Lifecycle)
ListIn = TypeVar("ListIn", bound=ListInput)


@dataclass(frozen=True, slots=True)
class Context:
    """The parts of a client that workflows and watches depend on."""

    policy: RetryPolicy
    now: Callable[[], datetime]
    """Return the service's time, as its latest answer gave it."""


@dataclass(frozen=True, slots=True)
class WorkflowMethod(Generic[In, T]):
    """A method that runs a workflow and returns its result."""

    operation: Operation[Any, Any]
    """The operation that errors name."""
    input: type[In]
    run: Callable[[In, Context], Workflow[T]]
    errors: tuple[type[OmicsTasksError], ...] = ()
    """Errors beside those of the operation."""


@dataclass(frozen=True, slots=True)
class WatchMethod(Generic[In, L]):
    """A method that iterates over changes."""

    operation: Operation[Any, Any]
    """The operation that errors name."""
    input: type[In]
    start: Callable[[In, Context], Watch[L]]
    errors: tuple[type[OmicsTasksError], ...] = ()
    """Errors beside those of the operation."""


@dataclass(frozen=True, slots=True)
class ListingMethod(Generic[ListIn, T]):
    """A listing each of whose pages takes several requests."""

    operation: Operation[ListIn, Page[T]]
    """The listing as its user sees it: errors name it, and resume tokens are its own."""
    page: Callable[[ListIn], Workflow[Page[T]]]
    cursor: type[Cursor[T]] = Cursor

    @property
    def input(self) -> type[ListIn]:
        """The arguments."""
        return self.operation.input

    @property
    def errors(self) -> tuple[type[OmicsTasksError], ...]:
        """The errors of the operation."""
        return self.operation.errors


Method = (
    Operation[Any, Any] | WorkflowMethod[Any, Any] | WatchMethod[Any, Any] | ListingMethod[Any, Any]
)


@dataclass(frozen=True, slots=True)
class ClientDefinition:
    """The sync and the async client of a service."""

    service: Service
    name: str
    """Name of the classes, without ``Client``."""
    doc: str
    """Docstring of the sync class."""
    methods: Mapping[str, Method]
    """The methods by their names, in their order."""
