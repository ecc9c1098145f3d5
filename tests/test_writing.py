"""Requests that write: where each argument goes, bodies, tokens and answers without an output."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone
from typing import Annotated, Any
from uuid import UUID

import httpx
import pytest
from pydantic import Field

from omics_tasks import ParamValidationError, ResponseError, RetryPolicy
from omics_tasks._core.arguments import FloatArgument, TimestampArgument
from omics_tasks._core.binding import Header, Query
from omics_tasks._core.model import DenseList, Input, Model, new_token
from omics_tasks._core.operation import Operation, Repeatability
from omics_tasks._core.protocols import check, encode

from .asking import Ask, Script, json_answer
from .synthetic import JSON, call, operation, sent


class Update(Input):
    """Has a member in every place."""

    thing_id: str = Field(alias="id")
    token: Annotated[str | None, Header("X-Amz-Client-Token")] = None
    force: Annotated[bool, Query()] | None = None
    since: Annotated[TimestampArgument | None, Query()] = None
    tag_keys: Annotated[Sequence[str], Query()] | None = None
    ratio: Annotated[FloatArgument | None, Query()] = None
    name: str | None = None
    local: int | None = Field(default=None, exclude=True)


ZONE = timezone(timedelta(hours=2))
QUERIES: list[tuple[dict[str, Any], str]] = [
    ({"force": True}, "force=true"),
    ({"force": False}, "force=false"),
    ({"since": datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)}, "since=2026-01-02T03%3A04%3A05Z"),
    ({"since": datetime(2026, 1, 2, 3, 4, 5, 250000, ZONE)},
     "since=2026-01-02T01%3A04%3A05.250000Z"),
    ({"tag_keys": ["a b", "é"]}, "tagKeys=a%20b&tagKeys=%C3%A9"),
    ({"tag_keys": []}, ""),
    ({"ratio": 0.5}, "ratio=0.5"),
    ({"ratio": float("inf")}, "ratio=Infinity"),
    ({"local": 5}, ""),
]  # fmt: skip


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize(("arguments", "query"), QUERIES)
def test_query_beside_a_body(ask: Ask, method: str, arguments: dict[str, Any], query: str) -> None:
    """A marked member goes into the query of any method, and the rest into the body."""
    made = operation(Update, method, "/things/{id}")
    request = sent(ask, made, thing_id="a/b", name="x", **arguments)
    assert (method, f"/things/a%2Fb{'?' * bool(query)}{query}") == (
        request.method,
        request.url.raw_path.decode(),
    )
    assert b'{"name": "x"}' == request.content
    assert "application/json" == request.headers["content-type"]


@pytest.mark.parametrize(
    ("arguments", "wrong"),
    [({"thing_id": ""}, "thing_id"), ({"thing_id": "."}, "thing_id"),
     ({"thing_id": ".."}, "thing_id"), ({"thing_id": "1", "token": "a\r\nHost: evil"}, "token"),
     ({"thing_id": "1", "token": "é"}, "token"),
     ({"thing_id": "1", "token": " a"}, "token"), ({"thing_id": "1", "token": ""}, "token")],
)  # fmt: skip
def test_invalid_path_segments_and_header_values(
    ask: Ask, arguments: dict[str, Any], wrong: str
) -> None:
    """An empty or dotted segment, a line break in a header: named before anything is sent."""
    script = Script(httpx.Response(202))
    made = operation(Update, "POST", "/things/{id}/cancel")
    with pytest.raises(ParamValidationError) as caught:
        ask(call(made, **arguments), transport=script.transport)
    assert [wrong] == [problem.argument for problem in caught.value.problems]
    assert [] == script.requests


@pytest.mark.parametrize(
    ("arguments", "target"),
    [({}, "/things?type=X"), ({"thing_id": "1"}, "/things?type=X&id=1")],
)
def test_constant_query_and_own_one(ask: Ask, arguments: dict[str, Any], target: str) -> None:
    """A constant query stays in front of the members."""

    class Get(Input):
        thing_id: str | None = Field(default=None, alias="id")

    made = operation(Get, "GET", "/things?type=X")
    assert target == sent(ask, made, **arguments).url.raw_path.decode()


def test_header_member(ask: Ask) -> None:
    """A member that is marked so goes into its header, and nowhere else."""
    made = operation(Update, "PATCH", "/things/{id}")
    request = sent(ask, made, thing_id="1", token="t", name="x")
    assert ("t", b'{"name": "x"}') == (request.headers["x-amz-client-token"], request.content)
    assert "x-amz-client-token" in request.headers["authorization"]
    assert "x-amz-client-token" not in sent(ask, made, thing_id="1").headers


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_no_body_without_members_of_it(ask: Ask, method: str) -> None:
    """An operation whose input has no member in the body sends none, and no content type."""

    class Names(Input):
        thing_id: str = Field(alias="id")
        force: Annotated[bool, Query()] = False

    request = sent(ask, operation(Names, method, "/things/{id}"), thing_id="1")
    assert (b"", False) == (request.content, "content-type" in request.headers)


@pytest.mark.parametrize("method", ["POST", "PATCH", "DELETE"])
def test_empty_body(ask: Ask, method: str) -> None:
    """A body of which no member is given is an empty object."""
    request = sent(ask, operation(Update, method, "/things/{id}"), thing_id="1")
    assert (b"{}", "application/json") == (request.content, request.headers["content-type"])


def test_aws_json_has_all_in_its_body(ask: Ask) -> None:
    """awsJson has no other place than the body, which is always there."""
    assert b"{}" == sent(ask, operation(Input, path="/", service=JSON)).content
    request = sent(ask, operation(Update, path="/", service=JSON), thing_id="1", force=True)
    assert b'{"id": "1", "force": true}' == request.content
    assert "Target.DoThing" == request.headers["x-amz-target"]


class InBody(Input):
    """Has a token in the body."""

    client_token: Annotated[str, Field(min_length=1)] = Field(default_factory=new_token)


class InHeader(Input):
    """Has a token in a header."""

    client_token: Annotated[str, Field(min_length=1), Header("X-Amz-Client-Token")] = Field(
        default_factory=new_token
    )


def token_of(request: httpx.Request) -> str:
    in_header = request.headers.get("x-amz-client-token")
    return str(in_header or request.read().decode()[len('{"clientToken": "') : -len('"}')])


@pytest.mark.parametrize("input_", [InBody, InHeader])
@pytest.mark.parametrize("arguments", [{}, {"client_token": None}])
def test_tokens_fill_themselves_in(
    ask: Ask, input_: type[Input], arguments: dict[str, Any]
) -> None:
    """A token that is not given is a new UUID for each call, and the same in its attempts."""
    script = Script(*[httpx.Response(503), httpx.Response(503), httpx.Response(202)] * 2)
    made, retries = operation(input_), RetryPolicy(max_delay=0)
    for _ in range(2):
        ask(call(made, **arguments), transport=script.transport, retries=retries)
    tokens = [token_of(request) for request in script.requests]
    assert [1, 1] == [len(set(tokens[:3])), len(set(tokens[3:]))]
    assert 2 == len({UUID(token) for token in tokens})


@pytest.mark.parametrize("input_", [InBody, InHeader])
def test_given_token_is_sent(ask: Ask, input_: type[Input]) -> None:
    """A token that is given goes out as it is."""
    assert "mine" == token_of(sent(ask, operation(input_), client_token="mine"))


@pytest.mark.parametrize(
    ("made", "prefix", "may_repeat"),
    [
        (operation(), None, False),
        (operation(InBody), None, True),
        (operation(method="PUT", host_prefix="storage-"), "storage-", True),
        (operation(declared_repeatability=Repeatability.SAFE), None, True),
        (operation(method="PUT", declared_repeatability=Repeatability.NONE), None, False),
    ],
)
def test_request_says_its_host_and_whether_it_may_be_repeated(
    made: Operation[Any, Any], prefix: str | None, may_repeat: bool
) -> None:
    """Both are the operation's."""
    request = encode(made, check(made, {}))
    assert (prefix, may_repeat) == (request.host_prefix, request.may_repeat)


class Empty(Model):
    """An output without members."""


class Loose(Model):
    """An output of which nothing is required."""

    name: str | None = None
    items: DenseList[str] = Field(default_factory=list[str])


class Firm(Model):
    """An output with an identity."""

    id: str


def answered(ask: Ask, output: Any, answer: httpx.Response) -> tuple[Any, int]:
    """Return the result of a call and the number of its requests."""
    script = Script(answer)
    result = ask(call(operation(output=output)), transport=script.transport)
    return result, len(script.requests)


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
@pytest.mark.parametrize("body", [b"", b"{}", b'{"new": 1}'])
def test_no_output(ask: Ask, status: int, body: bytes) -> None:
    """Each success without a body, or with any object, is None for an operation without output."""
    assert (None, 1) == answered(ask, type(None), httpx.Response(status, content=body))


@pytest.mark.parametrize("output", [type(None), Empty, Loose, Firm])
@pytest.mark.parametrize("body", [b"<html>", b"null", b"[]", b'"x"', b"5", b" ", b'{"a": '])
def test_other_bodies_are_no_success(ask: Ask, output: Any, body: bytes) -> None:
    """A body that is no JSON object is an error for every output."""
    with pytest.raises(ResponseError):
        answered(ask, output, httpx.Response(200, content=body))


def test_output_without_members(ask: Ask) -> None:
    """It needs no body, and what comes in one stays readable."""
    assert Empty() == answered(ask, Empty, httpx.Response(204))[0]
    assert Empty() == answered(ask, Empty, json_answer())[0]
    assert {"new": 1} == answered(ask, Empty, json_answer(new=1))[0].model_extra


def test_output_of_which_nothing_is_required(ask: Ask) -> None:
    """An empty object is a success, and after a write an empty body; unknown members are not."""
    read = operation(output=Loose, declared_repeatability=Repeatability.SAFE)
    write = operation(output=Loose)
    for made in (read, write):
        transport = Script(json_answer(), json_answer(message="Forbidden")).transport
        assert Loose() == ask(call(made), transport=transport)
        with pytest.raises(ResponseError):
            ask(call(made), transport=transport)
    assert Loose() == ask(call(write), transport=Script(httpx.Response(200)).transport)
    with pytest.raises(ResponseError):
        ask(call(read), transport=Script(httpx.Response(200)).transport)


@pytest.mark.parametrize("answer", [httpx.Response(200), json_answer(), json_answer(name="x")])
def test_output_with_a_required_member(ask: Ask, answer: httpx.Response) -> None:
    """An answer without it is never a success."""
    with pytest.raises(ResponseError):
        answered(ask, Firm, answer)
