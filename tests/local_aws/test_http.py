"""Unusual and invalid HTTP, which no AWS client sends."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable
from email import message_from_bytes
from typing import Any

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from omics_tasks.testing import LocalAWS

from .by_boto3 import boto3_client, with_body

HOST = b"Host: localhost\r\n"
GET = b"GET /run/7 HTTP/1.1\r\n" + HOST + b"\r\n"
UNSIGNED = (403, "MissingAuthenticationTokenException")
UNKNOWN = (404, "UnknownOperationException")
UNREADABLE = (400, "SerializationException")
TOO_LARGE = (413, "RequestEntityTooLargeException")


def post(*lines: bytes, body: bytes = b"") -> bytes:
    head = (b"POST / HTTP/1.1", HOST.strip(), *lines)
    return b"\r\n".join(head) + b"\r\n\r\n" + body


def get(line: bytes, *lines: bytes) -> bytes:
    return b"\r\n".join((line, HOST.strip(), *lines)) + b"\r\n\r\n"


def connect(aws: LocalAWS) -> socket.socket:
    host, _, port = aws.endpoint_url.removeprefix("http://").partition(":")
    connection = socket.create_connection((host, int(port)))
    connection.settimeout(20)
    return connection


def answers_of(data: bytes, *, without_body: bool = False) -> list[tuple[int, str | None]]:
    """Return the status and code of each answer in these bytes, except interim ones."""
    answers = list[tuple[int, str | None]]()
    while data:
        head, _, data = data.partition(b"\r\n\r\n")
        line, _, lines = head.partition(b"\r\n")
        if (status := int(line.split()[1])) == 100:
            continue
        headers = message_from_bytes(lines)
        size = 0 if without_body else int(headers["Content-Length"])
        body: dict[str, Any] = json.loads(data[:size] or b"{}")
        data = data[size:]
        answers.append((status, headers["x-amzn-ErrorType"] or body.get("__type")))
    return answers


def exchange(aws: LocalAWS, sent: bytes) -> bytes:
    """Return all bytes that are received for ``sent`` until the connection closes."""
    with connect(aws) as connection:
        connection.sendall(sent)
        connection.shutdown(socket.SHUT_WR)
        received = b""
        while part := connection.recv(65536):
            received += part
    return received


WHAT_IS_NO_REQUEST = {
    "a length below 0": post(b"Content-Length: -1", body=b"{}"),
    "a length that is no number": post(b"Content-Length: abc", body=b"{}"),
    "a length with a sign": post(b"Content-Length: +2", body=b"{}"),
    "a length of 5,000 digits": post(b"Content-Length: " + b"9" * 5000, body=b"{}"),
    "two lengths": post(b"Content-Length: 2", b"Content-Length: 3", body=b"{} "),
    "a length and chunks": post(
        b"Content-Length: 2", b"Transfer-Encoding: chunked", body=b"2\r\n{}\r\n0\r\n\r\n"
    ),
    "less than its length": post(b"Content-Length: 2000", body=b"{}"),
    "chunks that are none": post(b"Transfer-Encoding: chunked", body=b"zz\r\n{}\r\n0\r\n\r\n"),
    "chunks without an end": post(b"Transfer-Encoding: chunked", body=b"2\r\n{}\r\n"),
    "another encoding": post(b"Transfer-Encoding: gzip", body=b"{}"),
    "a header without a colon": post(b"garbage", b"Content-Length: 2", body=b"{}"),
    "a space in a header's name": post(b"Content-Length : 2", body=b"{}"),
    "a NUL in a header": get(b"GET /run/7 HTTP/1.1", b"X-Note: a\0b"),
    "a NUL in the target": get(b"GET /run/\0 HTTP/1.1"),
    "a target that is not ASCII": get(b"GET /run/\xff HTTP/1.1"),
    "a target without an end": b"GET /run/" + b"7" * 200_000,
    "a header without an end": b"GET /run/7 HTTP/1.1\r\nX-Note: " + b"a" * 200_000,
    "no host": b"GET /run/7 HTTP/1.1\r\n\r\n",
    "two hosts": get(b"GET /run/7 HTTP/1.1", HOST.strip()),
    "HTTP/0.9": b"GET /run/7\r\n\r\n",
    "TLS": bytes.fromhex("16030100c8010000c40303") + bytes(100),
    "garbage": b"\r\n\r\nfoo\r\n\r\n",
}


@pytest.mark.parametrize("what", WHAT_IS_NO_REQUEST)
def test_invalid_http(aws: LocalAWS, capfd: pytest.CaptureFixture[str], what: str) -> None:
    """Invalid HTTP gets one JSON error, and the connection closes."""
    received = exchange(aws, WHAT_IS_NO_REQUEST[what] + GET)
    assert [UNREADABLE] == answers_of(received)
    assert ("", "") == capfd.readouterr()


@pytest.mark.parametrize("length", [10 * 2**20 + 1, 2**36, 10**19])
def test_too_large_a_content_length(aws: LocalAWS, length: int) -> None:
    """A Content-Length above the limit is an error before the body arrives."""
    for expectation in ((), (b"Expect: 100-continue",)):
        with connect(aws) as connection:
            connection.sendall(post(b"Content-Length: %d" % length, *expectation))
            received = b""
            while part := connection.recv(65536):
                received += part
        assert [TOO_LARGE] == answers_of(received)


def test_chunks_that_are_too_large(aws: LocalAWS) -> None:
    """A chunked body above the limit is an error, and the client may still send all of it."""
    with connect(aws) as connection:
        connection.sendall(post(b"Transfer-Encoding: chunked"))
        for _ in range(40):
            connection.sendall(b"100000\r\n" + bytes(2**20) + b"\r\n")
        received = b""
        while part := connection.recv(65536):
            received += part
    assert [TOO_LARGE] == answers_of(received)


WHAT_IS_UNUSUAL = {
    "HTTP/1.0": (b"GET /run/7 HTTP/1.0\r\n\r\n", [UNSIGNED]),
    "a method in lower case": (get(b"get /run/7 HTTP/1.1"), [UNKNOWN]),
    "OPTIONS": (get(b"OPTIONS * HTTP/1.1"), [UNKNOWN]),
    "CONNECT": (get(b"CONNECT localhost:1 HTTP/1.1"), [UNKNOWN]),
    "another protocol is offered": (
        get(b"GET /run/7 HTTP/1.1", b"Connection: Upgrade", b"Upgrade: h2c"),
        [UNSIGNED],
    ),
    "a target with a host": (get(b"GET http://elsewhere:1/run/7?a=b HTTP/1.1"), [UNSIGNED]),
    "a target that is a host": (get(b"GET http://elsewhere HTTP/1.1"), [UNKNOWN]),
    "broken percent-encoding": (get(b"GET /run/%zz%f HTTP/1.1"), [UNSIGNED]),
    "a long target": (get(b"GET /run/" + b"7" * 70_000 + b" HTTP/1.1"), [UNSIGNED]),
    "many headers": (get(b"GET /run/7 HTTP/1.1", *[b"X: 1"] * 500), [UNSIGNED]),
    "three at once": (GET * 3, [UNSIGNED] * 3),
    "a body where none belongs": (
        get(b"DELETE /run/7 HTTP/1.1", b"Content-Length: %d" % len(GET)) + GET + GET,
        [UNKNOWN, UNSIGNED],
    ),
    "chunks": (
        post(b"Transfer-Encoding: chunked", body=b"2;a=b\r\n{}\r\n0\r\nX-End: 1\r\n\r\n") + GET,
        [UNKNOWN, UNSIGNED],
    ),
    "a date that is too late": (
        get(
            b"GET /run/7 HTTP/1.1",
            b"Date: Fri, 31 Dec 9999 23:59:59 -2359",
            b"Authorization: AWS4-HMAC-SHA256 Credential=a/b/c/d/e, SignedHeaders=a, Signature=a",
        ),
        [(403, "IncompleteSignature")],
    ),
}


@pytest.mark.parametrize("what", WHAT_IS_UNUSUAL)
def test_unusual_but_valid_http(
    aws: LocalAWS, capfd: pytest.CaptureFixture[str], what: str
) -> None:
    """Valid but unusual HTTP gets a normal answer, and so does the next request."""
    sent, expected = WHAT_IS_UNUSUAL[what]
    assert expected == answers_of(exchange(aws, sent))
    assert ("", "") == capfd.readouterr()


def test_an_answer_to_head_has_no_body(aws: LocalAWS) -> None:
    """The answer to HEAD has a Content-Length and no body; the next request works."""
    for after, expected in ((GET, UNSIGNED), (b"garbage\r\n\r\n", UNREADABLE)):
        received = exchange(aws, get(b"HEAD /run/7 HTTP/1.1") + after)
        head, _, rest = received.partition(b"\r\n\r\n")
        assert [UNKNOWN] == answers_of(head + b"\r\n\r\n", without_body=True)
        assert [expected] == answers_of(rest)


def test_expect_100_continue(aws: LocalAWS) -> None:
    """``Expect: 100-continue`` gets an interim answer, and the body is read after it."""
    with connect(aws) as connection:
        connection.sendall(post(b"Expect: 100-continue", b"Content-Length: 2"))
        assert b"HTTP/1.1 100 Continue\r\n\r\n" == connection.recv(65536)
        connection.sendall(b"{}")
        assert [UNKNOWN] == answers_of(connection.recv(65536))


def signed(aws: LocalAWS, service: str, request: AWSRequest) -> list[bytes]:
    """Return the header lines of a request with a valid signature."""
    keys = Credentials(aws.access_key, aws.secret_key)
    SigV4Auth(keys, service, aws.region).add_auth(request)
    return [f"{name}: {value}".encode() for name, value in request.headers.items()]


def list_tasks(aws: LocalAWS, body: bytes, frame: Callable[[bytes], bytes]) -> bytes:
    """Return a valid ListTasks call of ECS, framed after it was signed."""
    headers = {"X-Amz-Target": "AmazonEC2ContainerServiceV20141113.ListTasks"}
    request = AWSRequest("POST", "http://localhost/", headers, body)
    head, _, _ = post(*signed(aws, "ecs", request)).rpartition(b"\r\n")
    return head + frame(body)


def in_chunks(body: bytes) -> bytes:
    chunks = b"".join(b"1\r\n%c\r\n" % byte for byte in body)
    return b"Transfer-Encoding: chunked\r\n\r\n" + chunks + b"0\r\n\r\n"


def with_length(body: bytes) -> bytes:
    return b"Content-Length: %d\r\n\r\n" % len(body) + body


@pytest.mark.parametrize("frame", [in_chunks, with_length])
def test_signatures_cover_chunked_bodies(aws: LocalAWS, frame: Callable[[bytes], bytes]) -> None:
    """The signature of a chunked body covers its joined chunks."""
    assert [(200, None)] == answers_of(exchange(aws, list_tasks(aws, b'{"maxResults": 5}', frame)))
    assert [{"maxResults": 5}] == [request.parameters for request in aws.requests]


@pytest.mark.parametrize("more", [None, b"Authorization: AWS4-HMAC-SHA256 Credential=a"])
def test_two_signatures(aws: LocalAWS, more: bytes | None) -> None:
    """Two Authorization headers are an error, even if one or both are valid."""
    request = list_tasks(aws, b"{}", with_length)
    (line,) = (each for each in request.split(b"\r\n") if each.startswith(b"Authorization"))
    both = request.replace(line, line + b"\r\n" + (more or line))
    assert [(400, "IncompleteSignature")] == answers_of(exchange(aws, both))
    assert [(200, None)] == answers_of(exchange(aws, request))


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
@pytest.mark.parametrize("service", ["ecs", "deadline"])
def test_bodies_are_utf_8(aws: LocalAWS, service: str, encoding: str) -> None:
    """JSON in another encoding than UTF-8 is an error."""
    client = boto3_client(aws, service)
    client = with_body(client, '{"family": "é"}'.encode(encoding))
    call = client.list_tasks if service == "ecs" else client.batch_get_task
    with pytest.raises(client.exceptions.ClientError) as caught:
        call()
    assert "SerializationException" == caught.value.response["Error"]["Code"]
