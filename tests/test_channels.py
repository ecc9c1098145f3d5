"""httpcore, which the sync clients send over, does what httpx's transport does."""

from __future__ import annotations

import re
from typing import Any

import httpcore
import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from omics_tasks import InvalidEndpointError
from omics_tasks._core.endpoints import as_sent, check_endpoint
from omics_tasks._io import pool, transport

from .asking import ask_sync
from .faults.server import Plan, RawServer, http
from .test_arguments import DEADLINE_IDS

ERRORS = [
    "ConnectTimeout", "PoolTimeout", "ReadTimeout", "WriteTimeout", "TimeoutException",
    "ProxyError", "ConnectError", "ReadError", "WriteError", "NetworkError", "LocalProtocolError",
    "RemoteProtocolError", "ProtocolError", "UnsupportedProtocol",
]  # fmt: skip


@pytest.mark.parametrize("name", ERRORS)
def test_errors_of_both_libraries_become_the_same(name: str) -> None:
    """An error of httpcore and the one of httpx with its name become the same TransportError."""
    by_httpx = transport.classify_error(getattr(httpx, name)("broken"))
    assert by_httpx is not None
    assert by_httpx is pool.classify_error(getattr(httpcore, name)("broken"))


def test_other_errors_are_left_alone() -> None:
    """An error that httpcore did not raise is no network error."""
    assert pool.classify_error(ValueError("broken")) is None


HOSTS = st.sampled_from(
    ["Omics.Example.COM", "127.0.0.1", "[2001:db8::1]", "[::ffff:1.2.3.4]", "a.b.", "X"]
)
PORTS = st.sampled_from(["", ":", ":80", ":443", ":0080", ":8443"])
PATHS = st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=12)
TARGETS = st.sampled_from(
    ["/", "/run/7", "/run/7/task?maxResults=100&startingToken=a%2Fb%3D%25", "/tags/arn%3Aaws%3Aa"]
)


@given(st.sampled_from(["http", "https"]), HOSTS, PORTS, PATHS, TARGETS)
def test_urls_are_sent_as_httpx_reads_them(
    scheme: str, host: str, port: str, path: str, target: str
) -> None:
    """Any endpoint that a client takes is sent, signed and connected to as by httpx."""
    try:
        endpoint = check_endpoint(f"{scheme}://{host}{port}/{path}", "a test")
    except InvalidEndpointError:
        return
    expected = httpx.URL(endpoint + target)
    url, name = as_sent(endpoint + target)
    assert (str(expected), expected.netloc.decode()) == (url, name)
    read = pool._read(url)  # noqa: SLF001 - what is connected to shows on no wire
    assert (expected.raw_scheme, expected.raw_host) == (read.scheme, read.host)
    assert (expected.port, expected.raw_path) == (read.port, read.target)


CALLS: dict[str, tuple[str, Any]] = {
    "GET": ("HealthOmics", lambda c: c.list_run_tasks("7", page_size=5).collect()),
    "POST": ("ECS", lambda c: c.list_tasks(cluster="a").collect()),
    "a path": ("Deadline", lambda c: c.get_task(**DEADLINE_IDS)),
}


ANSWER = {
    "items": [],
    "taskArns": [],
    "taskId": DEADLINE_IDS["task_id"],
    "createdAt": "2026-01-02T03:04:05Z",
    "createdBy": "me",
    "runStatus": "READY",
}


@pytest.mark.parametrize("call", CALLS)
def test_requests_are_the_same_bytes(call: str) -> None:
    """Requests have the same lines in the same order, but for what differs from call to call."""
    service, question = CALLS[call]

    def plan(number: int, request: bytes) -> Plan:
        del number, request
        return [http(200, ANSWER)]

    with RawServer(plan) as server:
        url = f"{server.url}/a%2fb|c"
        ask_sync(question, service, endpoint_url=url)
        ask_sync(question, service, endpoint_url=url, transport=httpx.HTTPTransport())
        ours, by_httpx = (
            re.sub(rb"(?im)(-date|-id|Signature)([:=] ?)\S+", rb"\1\2", request)
            for request in server.requests
        )
    assert by_httpx == ours
