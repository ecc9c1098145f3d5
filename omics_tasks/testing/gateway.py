"""Request to reply: finds the operation, checks the signature, reads the input, answers."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from itertools import count
from threading import Lock
from urllib.parse import unquote
from uuid import UUID

from .._core.model import Input, Model
from .._core.operation import Operation, Protocol
from .._core.protocols import Request, Response
from .faults import PAGE, Faults, Reply
from .inputs import from_body, from_url
from .refusals import InvalidInput, Refusal
from .service import LocalService, Route
from .signatures import SignatureCheck

_CONTENT_TYPES = {
    Protocol.REST_JSON: "application/json",
    Protocol.AWS_JSON: "application/x-amz-json-1.1",
}


@dataclass(frozen=True, slots=True)
class RecordedRequest:
    """One call that came in with a good signature, whether it was then answered or refused."""

    service: str
    """Id of the service: ``omics``, ``ecs`` or ``deadline``."""
    operation: str
    """Name of the API operation, such as ``ListRunTasks``."""
    parameters: Mapping[str, object]
    """What it was called with, under the API's own names, such as ``maxResults``."""


class Gateway:
    """All services behind one address: the operation alone says which one is meant."""

    def __init__(
        self,
        services: Sequence[LocalService],
        signatures: SignatureCheck,
        clock: Callable[[], datetime],
    ) -> None:
        self._services = services
        self._signatures = signatures
        self._clock = clock
        self._ids = count(1)
        self._lock = Lock()
        self.requests: list[RecordedRequest] = []
        self.faults = Faults({r.operation.name for each in services for r in each.routes})

    def answer(self, request: Request) -> Reply:
        """The reply to a request whose header names are in lower case; one at a time."""
        protocol = Protocol.AWS_JSON if "x-amz-target" in request.headers else Protocol.REST_JSON
        with self._lock:
            try:
                service, route, labels = self._find(request)
                members = self._read(request, route.operation, labels)
                return self._reply(service, route, members)
            except Refusal as refusal:
                return Reply(self._refused(protocol, refusal))

    def _read(
        self, request: Request, operation: Operation[Input, Model], labels: Mapping[str, str]
    ) -> dict[str, object]:
        self._signatures.verify(request, operation.service.id)
        if operation.method == "GET":
            members = from_url(operation.input, labels, request.target.partition("?")[2])
        else:
            members = from_body(operation.input, request.body, labels)
        self.requests.append(RecordedRequest(operation.service.id, operation.name, members))
        return members

    def _reply(self, service: LocalService, route: Route, members: Mapping[str, object]) -> Reply:
        match self.faults.take(route.operation.name):
            case "throttling":
                raise service.throttle()
            case "internal":
                raise service.fail()
            case "html":
                return Reply(PAGE)
            case breakage:
                protocol = route.operation.service.protocol
                body = _body(protocol, _output(service, route, members))
                return Reply(Response(200, self._headers(protocol), body), breakage)

    def _find(self, request: Request) -> tuple[LocalService, Route, dict[str, str]]:
        for service in self._services:
            for route in service.routes:
                labels = _match(route.operation, request)
                if labels is not None:
                    return service, route, labels
        raise Refusal("UnknownOperationException", "There is no such operation here.", 404)

    def _refused(self, protocol: Protocol, refusal: Refusal) -> Response:
        members = {"message": refusal.message, **refusal.members}
        headers = self._headers(protocol)
        if protocol is Protocol.AWS_JSON:
            # All that is the caller's fault is a 400 there; the code is in the body.
            body = json.dumps({"__type": refusal.code, **members}).encode()
            return Response(refusal.status // 100 * 100, headers, body)
        headers["x-amzn-ErrorType"] = refusal.code
        if refusal.retry_after is not None:
            headers["Retry-After"] = str(refusal.retry_after)
        return Response(refusal.status, headers, json.dumps(members).encode())

    def _headers(self, protocol: Protocol) -> dict[str, str]:
        return {
            "Content-Type": _CONTENT_TYPES[protocol],
            "Date": format_datetime(self._clock().astimezone(UTC), usegmt=True),
            "x-amzn-RequestId": str(UUID(int=next(self._ids), version=4)),
        }


def _output(service: LocalService, route: Route, members: Mapping[str, object]) -> Model:
    try:
        return route.answer(members)
    except InvalidInput as invalid:
        raise service.refuse(invalid.problems) from invalid


def _body(protocol: Protocol, output: Model) -> bytes:
    # ECS says nothing of what it has not got to say, not even that a list is empty.
    is_terse = protocol is Protocol.AWS_JSON
    said = output.model_dump_json(by_alias=True, exclude_none=True, exclude_unset=is_terse)
    return said.encode()


def _match(operation: Operation[Input, Model], request: Request) -> dict[str, str] | None:
    """The members of the input that are in the path, if the request is for ``operation``."""
    path = request.target.partition("?")[0]
    if operation.service.protocol is Protocol.AWS_JSON:
        target = f"{operation.service.target_prefix}.{operation.name}"
        is_meant = request.headers.get("x-amz-target") == target
        return {} if is_meant and (request.method, path) == ("POST", "/") else None
    pattern = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", operation.path)
    found = re.fullmatch(pattern, path) if request.method == operation.method else None
    return found and {name: unquote(text) for name, text in found.groupdict().items()}
