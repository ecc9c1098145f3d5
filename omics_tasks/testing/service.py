"""The base of all local services: routes, and the errors that every operation can return."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from .._core.model import Input, Model
from .._core.operation import In, Operation, Out
from ..errors import Problem
from .request_parsing import validate
from .service_errors import ErrorResponse


@dataclass(frozen=True, slots=True)
class Route:
    """An operation and the function that implements it."""

    operation: Operation[Input, Model | None]
    answer: Callable[[Mapping[str, object]], Model | None]
    """Returns the output for the input's members as received.

    Raises ErrorResponse or InvalidInput.
    """


def route(operation: Operation[In, Out], answer: Callable[[In], Out]) -> Route:
    """Return a route that validates the input and passes it to ``answer``."""
    return Route(operation, lambda members: answer(validate(operation.input, members)))


class LocalService(ABC):
    """A service with its state and its routes."""

    @property
    @abstractmethod
    def routes(self) -> Sequence[Route]:
        """Operations of the service."""

    @abstractmethod
    def validation_error(self, problems: Sequence[Problem]) -> ErrorResponse:
        """Return the service's error for invalid arguments."""

    @abstractmethod
    def throttling_error(self) -> ErrorResponse:
        """Return the service's error for too many calls."""

    @abstractmethod
    def internal_error(self) -> ErrorResponse:
        """Return the service's error for an internal failure."""
