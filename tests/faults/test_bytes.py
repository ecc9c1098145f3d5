"""Arbitrary bytes from the server lead to the right output or to one of the library's errors."""

from __future__ import annotations

import gzip
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from omics_tasks import (
    ConnectionClosedError,
    OmicsTasksError,
    PaginationError,
    ResponseError,
    RetryPolicy,
    ServiceError,
    TransportError,
)

from ..asking import Ask, ask_async, ask_sync
from ..test_arguments import DEADLINE_IDS
from .server import CLOSE, RESET, Plan, RawServer, http

ONCE = RetryPolicy(max_attempts=1)
# A page whose token was altered is answered with itself for ever.
OURS = (ServiceError, ResponseError, TransportError, PaginationError)
BOTH = pytest.mark.parametrize("ask", [ask_sync, ask_async], ids=["sync", "async"])

RUN = {"id": "7", "status": "RUNNING", "startTime": "2026-01-02T03:04:05Z", "tags": {"a": "b"},
       "parameters": {"x": [1, 2.5, None]}}  # fmt: skip
TASKS = {"items": [{"taskId": "1"}, {"taskId": "2"}], "nextToken": None}
ARNS = {"taskArns": ["arn:aws:ecs:us-east-1:111122223333:task/a/b"]}
TASK = {"taskId": DEADLINE_IDS["task_id"], "createdAt": "2026-01-02T03:04:05Z", "createdBy": "me",
        "runStatus": "READY"}  # fmt: skip

OPERATIONS: dict[str, tuple[str, Any, dict[str, Any]]] = {
    "GetRun": ("HealthOmics", lambda c: c.get_run("7"), RUN),
    "ListRunTasks": ("HealthOmics", lambda c: c.list_run_tasks("7").collect(), TASKS),
    "GetRunTask": ("HealthOmics", lambda c: c.get_run_task("7", "1"), {"taskId": "1"}),
    "ListTasks": ("ECS", lambda c: c.list_tasks().collect(), ARNS),
    "GetTask": ("Deadline", lambda c: c.get_task(**DEADLINE_IDS), TASK),
}


def identities(answer: Any) -> list[str]:
    """Return the ids in the output of a call."""
    items = answer if isinstance(answer, list) else [answer]
    return [item if isinstance(item, str) else identity(item) for item in items]


def identity(item: Any) -> str:
    return str(item.id if hasattr(item, "id") else item.task_id)


def identities_on_the_wire(body: bytes) -> list[str]:
    members = json.loads(body)
    if "items" in members or "taskArns" in members:
        items = members.get("items") or members.get("taskArns") or []
        return [i["taskId"] if isinstance(i, dict) else i for i in items if i is not None]
    return [members[name] for name in ("id", "taskId") if name in members]


@st.composite
def mutated(draw: st.DrawFn, body: bytes) -> bytes:
    """Return a body with some bytes changed, lost or added, or with members swapped."""
    kind = draw(st.sampled_from(["bytes", "cut", "value", "any", "insert"]))
    if kind == "any":
        return draw(st.binary(max_size=200))
    if kind == "cut":
        return body[: draw(st.integers(0, len(body)))]
    if kind == "value":
        members = json.loads(body)
        name = draw(st.sampled_from(sorted(members)))
        members[name] = draw(JSON)
        return json.dumps(members).encode()
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(body) - 1))
        new = draw(st.binary(max_size=3))
        body = body[:at] + new + body[at + (kind == "bytes") :]
    return body


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)
STATUSES = st.sampled_from([200] * 6 + [100, 101, 103, 199, 201, 204, 206, 226, 299, 300, 301, 302,
                           304, 399, 400, 403, 404, 429, 500, 503, 599, 600, 999])  # fmt: skip
HEADERS = st.sampled_from(
    [
        "content-type: text/html", "content-encoding: gzip", "content-encoding: deflate",
        "content-encoding: br", "content-encoding: zstd", "content-encoding: gzip, gzip",
        "transfer-encoding: chunked", "content-length: 3", "content-length: 9999",
        "content-length: x", "content-length: -1", "x-amzn-errortype: \u00e9\u00ff",
        "x-amzn-errortype: ThrottlingException", "date: yesterday", "age: 5", "retry-after: 1e9",
        "x-amz-retry-after: 99999999999999999999999", "location: http://169.254.169.254/",
        "set-cookie: a=b", "x: " + "y" * 3000, "no colon", ": empty", "x\x00: y",
        "date: Mon, 01 Jan 2024 00:00:00 +9999999999999999", "x: \xff\xfe",
        "date: Mon, 01 Jan 99999999999 00:00:00 GMT", "retry-after: Mon, 01 Jan 99999999999 0:0:0",
        "content-encoding: identity", "date: Thu, 31 Dec 9999 23:59:59 GMT",
        "date: Mon, 01 Jan 0001 00:00:00 -2359",
    ]
)  # fmt: skip


@st.composite
def raw_answers(draw: st.DrawFn, good: dict[str, Any]) -> tuple[bytes, bytes | None]:
    """Draw the bytes of a response, and its body if the framing leaves it unchanged."""
    body = draw(mutated(json.dumps(good).encode()))
    status = draw(STATUSES)
    extra = draw(st.lists(HEADERS, max_size=2))
    if draw(st.booleans()):
        extra = [*extra, "content-encoding: gzip"]
        sent = gzip.compress(body)
        sent = sent[: draw(st.integers(0, len(sent)))] if draw(st.booleans()) else sent
    else:
        sent = body
    lines = [f"HTTP/1.1 {status} x", f"content-length: {len(sent)}", *extra, "", ""]
    head = "\r\n".join(lines).encode("latin-1")
    if draw(st.integers(0, 19)) == 0:
        head = draw(st.binary(max_size=60))
    return head + sent, body if status // 100 == 2 else None


class Scripted:
    """The response that the server of all examples sends next."""

    answer = b""

    def plan(self, number: int, request: bytes) -> Plan:
        del number, request
        return [self.answer, CLOSE]


@BOTH
@pytest.mark.parametrize("name", OPERATIONS)
def test_mutated_answers(ask: Ask, name: str) -> None:
    """A call returns what was sent or raises one of our errors, never an empty success."""
    service, question, good = OPERATIONS[name]
    telling = Scripted()

    with RawServer(telling.plan) as server:

        @settings(max_examples=250)
        @given(answer=raw_answers(good))
        def try_one(answer: tuple[bytes, bytes | None]) -> None:
            telling.answer, body = answer
            try:
                got = ask(question, service, endpoint_url=server.url, retries=ONCE, timeout=5.0)
            except OURS as error:
                str(error)
            else:
                assert body is not None
                assert identities_on_the_wire(body) == identities(got)

        try_one()


def ask_raw(ask: Ask, name: str, *steps: Any, **options: Any) -> Any:
    service, question, _ = OPERATIONS[name]
    with RawServer(lambda _number, _request: steps) as server:
        settings_ = {"endpoint_url": server.url, "retries": ONCE, "timeout": 5.0, **options}
        return ask(question, service, **settings_)


CUT = b'HTTP/1.1 200 OK\r\nx-amzn-requestid: r-1\r\ncontent-length: 99\r\n\r\n{"id": "7", "na'
CUT_CHUNK = (
    b"HTTP/1.1 200 OK\r\nx-amzn-requestid: r-1\r\ntransfer-encoding: chunked\r\n\r\n"
    b'40\r\n{"id": "7", "na'
)


@pytest.mark.parametrize("cut", [CUT, CUT_CHUNK], ids=["length", "chunk"])
@pytest.mark.parametrize("end", [CLOSE, RESET], ids=["close", "reset"])
def test_a_truncated_body(ask: Ask, cut: bytes, end: object) -> None:
    """A truncated body is a connection error that holds the part that arrived."""
    with pytest.raises(ConnectionClosedError) as caught:
        ask_raw(ask, "GetRun", cut, 0.05, end)
    error = caught.value
    assert (200, "r-1", True) == (error.status, error.request_id, error.retryable)
    assert '{"id": "7", "na'.startswith(error.body)
    assert "HTTP 200, request id: r-1" in str(error)


def test_a_truncated_sensitive_body_is_not_shown(ask: Ask) -> None:
    """The error for a truncated body omits the body if it has sensitive members."""
    with pytest.raises(ConnectionClosedError) as caught:
        ask_raw(ask, "GetTask", CUT, CLOSE)
    assert (200, "") == (caught.value.status, caught.value.body)


@pytest.mark.parametrize(
    "html", [b"<html>login</html>", b"<!DOCTYPE html>", b"<HTML><BODY>", b"  <p>", b"OK", b""]
)
@pytest.mark.parametrize("name", OPERATIONS)
def test_html_is_never_a_success(ask: Ask, name: str, html: bytes) -> None:
    """A login page with status 200 is an error that shows the start of the page."""
    with pytest.raises(ResponseError) as caught:
        ask_raw(ask, name, http(200, html, content_type="text/html", x_amzn_requestid="r-1"))
    shown = "" if name == "GetTask" else html.decode()
    assert (200, "r-1", shown) == (
        caught.value.status,
        caught.value.request_id,
        caught.value.body,
    )


@pytest.mark.parametrize(
    "body",
    [
        b"null", b"[]", b'"x"', b"1", b"true", b"NaN", b"\xff\xfe", b"[" * 10**6, b'{"a":' * 10**5,
        b'{"id": 7}', b'{"id": null}', b'{"id": ["7"]}', b'{"id": NaN}', b'{"id": "7"}{}',
        b'{"id": "7", "priority": 1e999}', b'{"id": "7", "status": {}}',
        b'{"id": "7", "startTime": "0000-99-99"}', b'{"id": "\\ud800"}',
    ],
    ids=lambda body: body[:20],
)  # fmt: skip
def test_json_of_another_shape(ask: Ask, body: bytes) -> None:
    """JSON of another shape than the operation's output is a ResponseError."""
    with pytest.raises(ResponseError, match="omics GetRun: "):
        ask_raw(ask, "GetRun", http(200, body))


@pytest.mark.parametrize("body", [b"null", b"[]", b'"x"', b"<html>", b"", b"\xff", b"[" * 10**6])
@pytest.mark.parametrize("status", [400, 403, 404, 429, 500, 503])
def test_error_statuses_with_any_body(ask: Ask, status: int, body: bytes) -> None:
    """An error status is a ServiceError with that status, whatever the body."""
    with pytest.raises(ServiceError) as caught:
        ask_raw(ask, "ListTasks", http(status, body))
    assert (status, str(status)) == (caught.value.status, caught.value.code)


def test_invalid_gzip(ask: Ask) -> None:
    """Invalid gzip is a connection error and not an empty output."""
    with pytest.raises(ConnectionClosedError):
        ask_raw(ask, "GetRun", http(200, b'{"id": "7"}', content_encoding="gzip"))


def test_valid_gzip(ask: Ask) -> None:
    """A compressed response is decompressed and parsed."""
    answer = http(200, gzip.compress(json.dumps(RUN).encode()), content_encoding="gzip")
    assert "7" == ask_raw(ask, "GetRun", answer).id


@pytest.mark.parametrize(
    "garbage", [b"\x16\x03\x01\x02", b"SSH-2.0-x\r\n", b"HTTP/1.1 two\r\n\r\n", b"", b"\r\n" * 99]
)
def test_invalid_http(ask: Ask, garbage: bytes) -> None:
    """Invalid HTTP is a connection error with a clear message."""
    with pytest.raises(ConnectionClosedError, match="no complete response from http://127"):
        ask_raw(ask, "GetRun", garbage, CLOSE)


def test_huge_answers_are_not_read(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading stops at the size limit, which counts decompressed bytes."""
    monkeypatch.setattr("omics_tasks._io.limits.MAX_BODY", 2**20)
    bomb = gzip.compress(b" " * 2**24)
    with pytest.raises(TransportError, match="longer than 1 MiB") as caught:
        ask_raw(ask, "GetRun", http(200, bomb, content_encoding="gzip"))
    assert caught.value.retryable is False


def test_nested_gzip_is_not_decompressed(ask: Ask) -> None:
    """gzip inside gzip is an error, since the services never send it."""
    packed = gzip.compress(gzip.compress(b'{"id": "7"}'))
    with pytest.raises(ResponseError):
        ask_raw(ask, "GetRun", http(200, packed, content_encoding="gzip, gzip"))


def test_a_message_can_always_be_printed(ask: Ask) -> None:
    """An error message with half a surrogate pair can be printed."""
    with pytest.raises(OmicsTasksError) as caught:
        ask_raw(ask, "GetRun", http(400, b'{"message": "\\ud800"}'))
    assert b"omics GetRun: 400: ?" in str(caught.value).encode()
