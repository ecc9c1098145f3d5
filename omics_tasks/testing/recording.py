"""The requests that ``LocalAWS.requests`` records."""

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
    """A request with a valid signature. ``error`` is ignored in comparisons."""

    service: str
    """Name of the service in the signature: ``omics``, ``ecs``, ``deadline`` or another."""
    operation: str
    """Name of the API operation, such as ``ListRunTasks``. For operations that the stand-in doesn't
    have, the name in the request, or the method and path, such as ``POST /run``."""
    parameters: Mapping[str, object]
    """Arguments of the call under the API's names, such as ``maxResults``."""
    error: str | None = field(default=None, compare=False)
    """Code of the error that was returned, or name of the injected fault. None if the call
    succeeded."""


def requested_operation(request: Request) -> str:
    """Return the operation in the ``X-Amz-Target`` header, or else the method and path."""
    target = request.headers.get("x-amz-target", "").rpartition(".")[2]
    return target or f"{request.method} {request.target.partition('?')[0]}"


def parameters_of(request: Request) -> dict[str, object]:
    """Return the parameters in the query and the body of a request for an unknown operation."""
    query = parse_qs(request.target.partition("?")[2], keep_blank_values=True)
    parameters: dict[str, object] = {
        name: values[0] if len(values) == 1 else values for name, values in query.items()
    }
    with suppress(ErrorResponse):  # no body, or not JSON
        parameters |= document(request.body)
    return parameters
