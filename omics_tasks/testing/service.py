"""What a local service is made of, whichever it is: routes, and errors that any call can meet."""

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
    """An operation and what answers it."""

    operation: Operation[Input, Model | None]
    answer: Callable[[Mapping[str, object]], Model | None]
    """Return the output for the input's members as they came.

    Raise ErrorResponse or InvalidInput.
    """


def route(operation: Operation[In, Out], answer: Callable[[In], Out]) -> Route:
    """The route to ``answer``, which gets arguments that keep the API's rules."""
    return Route(operation, lambda members: answer(validate(operation.input, members)))


class LocalService(ABC):
    """One service, locally: its state, and the routes to it."""

    @property
    @abstractmethod
    def routes(self) -> Sequence[Route]:
        """Its operations."""

    @abstractmethod
    def validation_error(self, problems: Sequence[Problem]) -> ErrorResponse:
        """Its error for arguments that break the rules."""

    @abstractmethod
    def throttling_error(self) -> ErrorResponse:
        """Its error for too many calls."""

    @abstractmethod
    def internal_error(self) -> ErrorResponse:
        """Its error for a failure of its own."""
