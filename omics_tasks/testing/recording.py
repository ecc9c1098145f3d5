"""What ``LocalAWS.requests`` is made of."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import parse_qs

from .._core.protocols import Request
from .request_parsing import document
from .service_errors import ErrorResponse


@dataclass(frozen=True, slots=True)
class RecordedRequest:
    """A request that came in with a good signature. Two are equal whatever came of them."""

    service: str
    """Name of the service that it was signed for: ``omics``, ``ecs``, ``deadline`` or another."""
    operation: str
    """Name of the API operation, such as ``ListRunTasks``. One that the stand-in doesn't have is
    called what the request calls it, or by method and path, such as ``POST /run``."""
    parameters: Mapping[str, object]
    """What it was called with, under the API's own names, such as ``maxResults``."""
    error: str | None = field(default=None, compare=False)
    """Code of the error that it was refused with, or name of the fault that it met; None where it
    was answered."""


def operation_asked_for(request: Request) -> str:
    """What a request calls its operation, or else its method and path."""
    target = request.headers.get("x-amz-target", "").rpartition(".")[2]
    return target or f"{request.method} {request.target.partition('?')[0]}"


def parameters_of(request: Request) -> dict[str, object]:
    """The parameters in the query and the body of a request for an operation that is unknown."""
    query = parse_qs(request.target.partition("?")[2], keep_blank_values=True)
    parameters: dict[str, object] = {
        name: values[0] if len(values) == 1 else values for name, values in query.items()
    }
    with suppress(ErrorResponse):  # it has no body, or one that is no JSON
        parameters |= document(request.body)
    return parameters
