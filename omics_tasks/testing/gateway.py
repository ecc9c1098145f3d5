"""From request to reply: find the operation, check the signature, read the input, answer."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from itertools import count
from urllib.parse import parse_qsl, unquote
from uuid import UUID

from .._core.model import Input, Model
from .._core.operation import Operation, Protocol
from .._core.protocols import Request, Response
from .faults import PAGE, FaultName, Faults, Reply
from .recording import RecordedRequest, parameters_of, requested_operation
from .request_parsing import members_of
from .service import LocalService, Route
from .service_errors import ErrorResponse, InvalidInput
from .signatures import SignatureCheck
from .state import State

_CONTENT_TYPES = {
    Protocol.REST_JSON: "application/json",
    Protocol.AWS_JSON: "application/x-amz-json-1.1",
}


@dataclass(frozen=True, slots=True)
class _Call:
    """A request for a known operation."""

    service: LocalService
    route: Route
    labels: Mapping[str, str]
    """Members of the input that are in the path."""

    @property
    def operation(self) -> Operation[Input, Model | None]:
        return self.route.operation

    def members(self, request: Request) -> dict[str, object]:
        """Return the members of the input. Raise ErrorResponse if they can't be parsed."""
        return members_of(self.operation, self.labels, request)

    def output(self, members: Mapping[str, object]) -> Model | None:
        """Return the output of the service. Raises ErrorResponse for an error."""
        try:
            return self.route.answer(members)
        except InvalidInput as invalid:
            raise self.service.validation_error(invalid.problems) from invalid


class Gateway:
    """All services at one URL. The operation determines the service."""

    def __init__(
        self,
        services: Sequence[LocalService],
        signatures: SignatureCheck,
        state: State,
        clock: Callable[[], datetime],
    ) -> None:
        """Create a gateway. ``clock`` is the clock that signatures are checked against."""
        self._services = services
        self._signatures = signatures
        self._state = state
        self._clock = clock
        self._ids = count(1)
        self.requests: list[RecordedRequest] = []
        self.faults: Faults = Faults({r.operation.name for each in services for r in each.routes})

    def answer(self, request: Request) -> Reply:
        """Return the reply to a request with lower-case header names. Handles one at a time."""
        with self._state.lock:
            call = self._find(request)
            try:
                service = self._signatures.verify(
                    request, call.operation.service.id if call else None
                )
            except ErrorResponse as error_response:
                told = error_response if call else _unknown(request)
                # A client corrects its clock by the Date of this answer.
                return Reply(self._refused(_protocol(request), told, self._clock()))
            if call is None:
                return self._reject(request, service)
            return self._reply(call, request)

    def refuse(self, error_response: ErrorResponse) -> Response:
        """Return the response to invalid HTTP, which belongs to neither protocol."""
        response = self._refused(Protocol.REST_JSON, error_response, self._state.now)
        body = {"__type": error_response.code, **json.loads(response.body)}
        return Response(response.status, response.headers, json.dumps(body).encode())

    def _find(self, request: Request) -> _Call | None:
        for service in self._services:
            for route in service.routes:
                labels = match(route.operation, request)
                if labels is not None:
                    return _Call(service, route, labels)
        return None

    def _reject(self, request: Request, service: str) -> Reply:
        """Record a request for an unknown operation and return an error."""
        unknown = _unknown(request)
        self.requests.append(
            RecordedRequest(
                service, requested_operation(request), parameters_of(request), unknown.code
            )
        )
        return Reply(self._refused(_protocol(request), unknown, self._state.now))

    def _reply(self, call: _Call, request: Request) -> Reply:
        """Record a request and return the reply to it."""
        members: dict[str, object] = {}
        error: str | None = None
        try:
            members = call.members(request)
            error = fault = self.faults.take(call.operation.name)
            reply = self._fulfil(call, members, fault)
        except ErrorResponse as error_response:
            error = error_response.code
            reply = Reply(self._refused(_protocol(request), error_response, self._state.now))
        self.requests.append(
            RecordedRequest(call.operation.service.id, call.operation.name, members, error)
        )
        return reply

    def _fulfil(self, call: _Call, members: Mapping[str, object], fault: FaultName | None) -> Reply:
        match fault:
            case "throttling":
                raise call.service.throttling_error()
            case "internal":
                raise call.service.internal_error()
            case "html":
                return Reply(PAGE)
            case breakage:
                protocol = call.operation.service.protocol
                body = _body(protocol, call.output(members))
                return Reply(
                    Response(200, self._headers(protocol, self._state.now), body), breakage
                )

    def _refused(self, protocol: Protocol, error_response: ErrorResponse, at: datetime) -> Response:
        members = {"message": error_response.message, **error_response.members}
        headers = self._headers(protocol, at)
        if protocol is Protocol.AWS_JSON:
            # All client errors have status 400 in this protocol. The code is in the body.
            body = json.dumps({"__type": error_response.code, **members}).encode()
            return Response(error_response.status // 100 * 100, headers, body)
        headers["x-amzn-ErrorType"] = error_response.code
        if error_response.retry_after is not None:
            headers["Retry-After"] = str(error_response.retry_after)
        return Response(error_response.status, headers, json.dumps(members).encode())

    def _headers(self, protocol: Protocol, at: datetime) -> dict[str, str]:
        return {
            "Content-Type": _CONTENT_TYPES[protocol],
            "Date": format_datetime(at.astimezone(UTC), usegmt=True),
            "x-amzn-RequestId": str(UUID(int=next(self._ids), version=4)),
        }


def _protocol(request: Request) -> Protocol:
    return Protocol.AWS_JSON if "x-amz-target" in request.headers else Protocol.REST_JSON


def _unknown(request: Request) -> ErrorResponse:
    name = requested_operation(request)
    return ErrorResponse("UnknownOperationException", f"There is no operation {name} here.", 404)


def _body(protocol: Protocol, output: Model | None) -> bytes:
    if output is None:
        return b""
    # ECS leaves out members without a value, even empty lists.
    is_terse = protocol is Protocol.AWS_JSON
    said = output.model_dump_json(by_alias=True, exclude_none=True, exclude_unset=is_terse)
    return said.encode()


def match(operation: Operation[Input, Model | None], request: Request) -> dict[str, str] | None:
    """Return the members in the path if the request is for ``operation``, or else None."""
    path, _, request_query = request.target.partition("?")
    if operation.service.protocol is Protocol.AWS_JSON:
        target = f"{operation.service.target_prefix}.{operation.name}"
        is_meant = request.headers.get("x-amz-target") == target
        return {} if is_meant and (request.method, path) == ("POST", "/") else None
    template, _, query = operation.path.partition("?")
    pattern = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", template)
    found = re.fullmatch(pattern, path) if request.method == operation.method else None
    if found is None or not set(parse_qsl(query)) <= set(parse_qsl(request_query)):
        return None
    return {name: unquote(text) for name, text in found.groupdict().items()}
