"""Operations that write, in a service of the test's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any

import httpx
import pytest
from pydantic import Field

from omics_tasks import Problem, ServiceError
from omics_tasks._core.arguments import Document, FloatArgument, TimestampArgument
from omics_tasks._core.binding import Header, Query
from omics_tasks._core.model import Input, Structure, new_token
from omics_tasks._core.operation import Operation
from omics_tasks.testing.gateway import Gateway
from omics_tasks.testing.service import LocalService, Route, route
from omics_tasks.testing.service_errors import ErrorResponse
from omics_tasks.testing.signatures import SignatureCheck
from omics_tasks.testing.state import State
from omics_tasks.testing.transport import LocalTransport

from ..asking import CREDENTIALS, OPTIONS, Ask
from ..synthetic import call, operation


class Part(Structure):
    """A structure in the body."""

    some_name: str


class Change(Input):
    """Has members in every place, of every kind."""

    thing_id: str = Field(alias="id")
    token: Annotated[str, Header("X-Amz-Client-Token")] = Field(default_factory=new_token)
    is_quiet: Annotated[bool, Header("X-Quiet")] | None = None
    force: Annotated[bool, Query()] | None = None
    count: Annotated[int, Query()] | None = None
    ratio: Annotated[FloatArgument | None, Query()] = None
    since: Annotated[TimestampArgument | None, Query()] = None
    tag_keys: Annotated[Sequence[str], Query()] | None = None
    numbers: Annotated[Sequence[int], Query()] | None = None
    parts: Sequence[Part] | None = None
    document: Document | None = None


class Service(LocalService):
    """Answers with nothing, and keeps what it was called with."""

    def __init__(self, *operations: Operation[Any, Any]) -> None:
        self.calls: list[tuple[Operation[Any, Any], Any]] = []
        self._operations = operations

    @property
    def routes(self) -> Sequence[Route]:
        return [self._route(each) for each in self._operations]

    def _route(self, made: Operation[Any, Any]) -> Route:
        return route(made, lambda given: self.calls.append((made, given)))

    def validation_error(self, problems: Sequence[Problem]) -> ErrorResponse:
        return ErrorResponse("ValidationException", str(problems))

    def throttling_error(self) -> ErrorResponse:
        return ErrorResponse("ThrottlingException", "", 429)

    def internal_error(self) -> ErrorResponse:
        return ErrorResponse("InternalServerException", "", 500)


def transport_to(service: Service) -> LocalTransport:
    state = State(datetime.now(UTC))
    keys = CREDENTIALS.access_key, CREDENTIALS.secret_key, CREDENTIALS.token
    signatures = SignatureCheck(*keys, OPTIONS["region"], lambda: datetime.now(UTC), state, None)
    return LocalTransport(Gateway([service], signatures, state, lambda: datetime.now(UTC)).answer)


ARGUMENTS: Mapping[str, Any] = {
    "thing_id": "a/b ü",
    "token": "t",
    "is_quiet": True,
    "force": False,
    "count": 7,
    "ratio": 0.5,
    "since": datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
    "tag_keys": ["a", "true", "7"],
    "numbers": [1, 2],
    "parts": [{"some_name": "x"}],
    "document": {"a": [None, {"b": {}}]},
}


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_members_are_read_wherever_they_are(ask: Ask, method: str) -> None:
    """Path, query, headers and body give back the arguments, and the answer is empty."""
    made = operation(Change, method, "/things/{id}")
    service = Service(made)
    assert ask(call(made, **ARGUMENTS), transport=transport_to(service)) is None
    assert [(made, Change.model_validate(ARGUMENTS))] == service.calls


def test_constant_query_finds_the_operation(ask: Ask) -> None:
    """Two operations that differ in their constant query alone are told apart by it."""
    one, two = (operation(Input, "POST", f"/things?type={name}") for name in ("one", "two"))
    service = Service(one, two)
    assert ask(call(two), transport=transport_to(service)) is None
    assert [two] == [made for made, _ in service.calls]


def test_no_output_is_an_empty_body(ask: Ask) -> None:
    """An operation without an output is answered with no body at all."""
    made = operation(Input)
    transport, seen = transport_to(Service(made)), list[httpx.Response]()

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(transport.handle_request(request))
        return seen[-1]

    assert ask(call(made), transport=httpx.MockTransport(answer)) is None
    assert [(200, b"")] == [(answer.status_code, answer.content) for answer in seen]


def test_unknown_members_are_ignored(ask: Ask) -> None:
    """A client that knows more than the stand-in is answered, as services do."""

    class Newer(Part):
        newer: int

    class NewerChange(Change):
        parts: Sequence[Newer] | None = None  # pyright: ignore[reportIncompatibleVariableOverride]  # as a newer API has it
        also_newer: str

    made, newer = (operation(each, "POST", "/things/{id}") for each in (Change, NewerChange))
    service = Service(made)
    new: Any = {"parts": [{"some_name": "x", "newer": 1}], "also_newer": "x"}
    ask(call(newer, **{**ARGUMENTS, **new}), transport=transport_to(service))
    assert [(made, Change.model_validate(ARGUMENTS))] == service.calls


def test_missing_member_is_a_validation_error(ask: Ask) -> None:
    """A member that breaks a rule is an error, also in a header."""

    class Strict(Input):
        token: Annotated[str, Header("X-Amz-Client-Token")]

    made = operation(Strict)
    with pytest.raises(ServiceError, match=r"token.*must not be null"):
        ask(call(operation(Input)), transport=transport_to(Service(made)))
