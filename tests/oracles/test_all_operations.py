"""Every operation that AWS has in four services: what we send and read, against boto3 itself."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from math import isfinite
from typing import Any
from urllib.parse import urlsplit

import pytest
from botocore import xform_name
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.compat import HTTPHeaders
from botocore.config import Config
from botocore.model import ListShape, MapShape, OperationModel, Shape, StructureShape

from omics_tasks._core.protocols import Request, Response, check, decode, encode
from omics_tasks.testing.gateway import match
from omics_tasks.testing.request_parsing import members_of, validate

from ..asking import CREDENTIALS
from .aws import REGION, boto3
from .from_botocore import SERVICES, is_streamed, name_of, operation_of, service_model
from .random_values import NAMES, Chance, Values

STREAMED = {
    "omics.CreateWorkflow", "omics.CreateWorkflowVersion", "omics.GetReadSet",
    "omics.GetReference", "omics.UploadReadSetPart", "logs.GetLogObject", "logs.StartLiveTail",
}  # fmt: skip
"""Operations that are excepted: those with bytes or events."""

ALL = {
    f"{service}.{name}": service_model(service).operation_model(name)
    for service in SERVICES
    for name in service_model(service).operation_names
}
OPERATIONS = [name for name, model in ALL.items() if not is_streamed(model)]
CHANCES: list[Chance] = [0.0, 1.0, 0.6, 0.3]
"""An example each: what is required, everything, and two in between."""
OF_BOTO3 = {"host", "x-amz-date", "x-amz-security-token", "amz-sdk-invocation-id",
            "amz-sdk-request"}  # fmt: skip
"""Signed headers that a sender adds to any request."""


@dataclass
class Wire:
    """In the network's place: records what boto3 sends, and answers it."""

    status: int = 200
    answer: bytes = b"{}"
    sent: list[AWSPreparedRequest] = field(default_factory=list[AWSPreparedRequest])

    def stream(self, **_: Any) -> Iterator[bytes]:
        yield self.answer

    def __call__(self, request: AWSPreparedRequest, **_: Any) -> AWSResponse:
        self.sent.append(request)
        raw: Any = self
        return AWSResponse(request.url, self.status, HTTPHeaders(), raw)


WIRE = Wire()


@cache
def client(service: str) -> Any:
    """boto3's client, whose requests end before they are sent."""
    session = boto3.session.Session(
        aws_access_key_id=CREDENTIALS.access_key,
        aws_secret_access_key=CREDENTIALS.secret_key,
        aws_session_token=CREDENTIALS.token,
        region_name=REGION,
    )
    config = Config(retries={"total_max_attempts": 1})
    made = session.client(service, endpoint_url="https://aws.test", config=config)
    made.meta.events.register("before-send", WIRE)
    return made


def ask(name: str, arguments: Mapping[str, Any], status: int = 200, answer: bytes = b"{}") -> Any:
    """Return what boto3 parses from the response; its request is recorded."""
    service, _, operation = name.partition(".")
    WIRE.status, WIRE.answer = status, answer
    WIRE.sent.clear()
    return getattr(client(service), xform_name(operation))(**arguments)


def in_python(shape: Shape, value: Any) -> Any:
    """Arguments that boto3 takes, as our methods take them."""
    match shape:
        case StructureShape(is_document_type=True):
            return value
        case StructureShape():
            members = shape.members
            return {name_of(name): in_python(members[name], each) for name, each in value.items()}
        case ListShape():
            return [in_python(shape.member, each) for each in value]
        case MapShape():
            return {key: in_python(shape.value, each) for key, each in value.items()}
        case _:
            return value


def examples(name: str) -> Iterator[tuple[Values, Mapping[str, Any]]]:
    """A few valid calls: what their answers are made of, and their arguments."""
    shape = ALL[name].input_shape
    for chance in CHANCES:
        values = Values(f"{name} {chance}", chance)
        arguments = values.argument(shape) if shape else {}
        for token in ALL[name].idempotent_members:
            arguments.setdefault(token, "0123456789abcdef0123456789abcdef0123")  # or it is random
        yield values, in_order(shape, arguments)


def in_order(shape: Any, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    """boto3 keeps the caller's order in query and body, and we that of the model."""
    return {name: arguments[name] for name in (shape.members if shape else ()) if name in arguments}


def ours(name: str, arguments: Mapping[str, Any]) -> Request:
    service, _, operation = name.partition(".")
    shape = ALL[name].input_shape
    made = operation_of(service, operation)
    return encode(made, check(made, in_python(shape, arguments) if shape else {}))


def test_only_what_is_streamed_is_left_out() -> None:
    """All operations can be done but those with bytes or events, and these are as many as ever."""
    assert STREAMED & ALL.keys() == ALL.keys() - set(OPERATIONS)
    assert len(OPERATIONS) > 400


@pytest.mark.parametrize("name", OPERATIONS)
def test_request_is_boto3s(name: str) -> None:
    """Method, host, target, body and every signed header are those that boto3 sends."""
    for _, arguments in examples(name):
        ask(name, arguments, *empty(ALL[name]))
        request = ours(name, arguments)
        (theirs,) = WIRE.sent
        url = urlsplit(theirs.url)
        assert theirs.method == request.method
        assert url.netloc == f"{request.host_prefix or ''}aws.test"
        assert f"{url.path}{'?' * bool(url.query)}{url.query}" == request.target
        assert (theirs.body or b"") == request.body
        headers = {n.lower(): v for n, v in request.headers.items()}
        assert signed_headers(theirs) == headers


def signed_headers(request: AWSPreparedRequest) -> dict[str, str]:
    headers = {name.lower(): _text(value) for name, value in request.headers.items()}
    names = headers["authorization"].partition("SignedHeaders=")[2].partition(",")[0].split(";")
    return {name: headers[name] for name in set(names) - OF_BOTO3}


def _text(value: str | bytes) -> str:
    return value.decode() if isinstance(value, bytes) else value


def status_of(model: OperationModel) -> int:
    return int(model.http.get("responseCode", 200))


def empty(model: OperationModel) -> tuple[int, bytes]:
    return status_of(model), b"" if model.output_shape is None else b"{}"


def known(shape: Shape, value: Any, of: str) -> Any:
    """Return the parts of a value that the model has, without empty ones."""
    match shape:
        case _ if value is None or getattr(shape, "is_document_type", False):
            return value
        case StructureShape():
            members = {n: known(m, _member(value, n, of), of) for n, m in shape.members.items()}
            return {n: m for n, m in members.items() if m not in (None, [], {})}
        case ListShape():
            return [known(shape.member, each, of) for each in value if each is not None]
        case MapShape():
            return {key: known(shape.value, each, of) for key, each in value.items()}
        case Shape(type_name="float" | "double") if isinstance(value, float) and not isfinite(
            value
        ):
            return NAMES[
                repr(value)
            ]  # boto3 leaves the word as it is in awsJson; NaN equals nothing
        case _:
            return value


def _member(structure: Any, name: str, of: str) -> Any:
    return getattr(structure, name_of(name)) if of == "ours" else structure.get(name)


@pytest.mark.parametrize("name", OPERATIONS)
def test_answer_is_boto3s(name: str) -> None:
    """An answer is read as boto3 reads it, member by member, and one without a body too."""
    service, _, operation = name.partition(".")
    made, model = operation_of(service, operation), ALL[name]
    shape = model.output_shape
    for values, arguments in examples(name):
        if shape is None:
            status, body = empty(model)
            ask(name, arguments, status, body)
            assert decode(made, Response(status, {}, body)) is None
            continue
        members = values.answer(shape)
        status, body = status_of(model), json.dumps(members).encode()
        theirs = known(shape, ask(name, arguments, status, body), "theirs")
        found = decode(made, Response(status, {}, body))
        assert theirs == known(shape, found, "ours")
        assert {n: each for n, each in members.items() if n == "brandNew"} == found.model_extra


@pytest.mark.parametrize("name", OPERATIONS)
def test_stand_in_reads_what_was_sent(name: str) -> None:
    """The stand-in finds each argument in the request, wherever it is, and reads it the same."""
    service, _, operation = name.partition(".")
    made = operation_of(service, operation)
    for _, arguments in examples(name):
        if [] in arguments.values():
            continue  # in a query, it is no argument
        sent = ours(name, arguments)
        arrived = replace(sent, headers={n.lower(): v for n, v in sent.headers.items()})
        labels = match(made, arrived)
        assert labels is not None
        assert sent == encode(made, validate(made.input, members_of(made, labels, arrived)))


@pytest.mark.parametrize("name", OPERATIONS)
def test_nothing_is_an_answer_where_nothing_is_required(name: str) -> None:
    """An output of which no member is required may be an empty object; without members, no body."""
    service, _, operation = name.partition(".")
    made, model = operation_of(service, operation), ALL[name]
    shape: Any = model.output_shape
    if shape is None or not shape.required_members:
        assert decode(made, Response(200, {}, b"{}")) == (None if shape is None else made.output())
    if shape is None or not shape.members:
        assert decode(made, Response(204, {}, b"")) == (None if shape is None else made.output())
