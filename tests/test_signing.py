"""The signing transports in httpx clients."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime, timedelta, timezone
from hashlib import sha256
from typing import Any

import botocore.credentials
import httpx
import pytest
from botocore.auth import S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config

from omics_tasks import AsyncSigV4Transport, Credentials, NoCredentialsError, SigV4Transport

from .asking import CREDENTIALS, Script

NOON = datetime(2026, 1, 2, 12, 0, 0, tzinfo=UTC)
Send = Callable[..., httpx.Request]


def send_sync(script: Script, *args: Any, service: str = "omics", **options: Any) -> httpx.Request:
    signing: dict[str, Any] = {
        "credentials": CREDENTIALS, "clock": lambda: NOON, **options.pop("signing", {})
    }  # fmt: skip
    transport = SigV4Transport(service, "us-east-1", transport=script.transport, **signing)
    with httpx.Client(transport=transport) as client:
        client.request(*args, **options)
    return script.requests[-1]


def send_async(script: Script, *args: Any, service: str = "omics", **options: Any) -> httpx.Request:
    signing: dict[str, Any] = {
        "credentials": CREDENTIALS, "clock": lambda: NOON, **options.pop("signing", {})
    }  # fmt: skip
    transport = AsyncSigV4Transport(service, "us-east-1", transport=script.transport, **signing)

    async def sending() -> None:
        async with httpx.AsyncClient(transport=transport) as client:
            await client.request(*args, **options)

    asyncio.run(sending())
    return script.requests[-1]


@pytest.fixture(params=[send_sync, send_async], ids=["sync", "async"])
def send(request: pytest.FixtureRequest) -> Send:
    chosen: Send = request.param
    return chosen


@pytest.fixture
def script() -> Script:
    return Script(httpx.Response(200))


def signed_headers(request: httpx.Request) -> str:
    return request.headers["authorization"].split("SignedHeaders=")[1].split(",")[0]


def test_signed_headers(send: Send, script: Script) -> None:
    """Host, content type and all x-amz headers are signed, and no others."""
    request = send(
        script, "POST", "https://example.com/a", json={"x": 1},
        headers={"X-Amz-Target": "T", "User-Agent": "me", "X-Other": "y"},
    )  # fmt: skip
    assert "content-type;host;x-amz-date;x-amz-security-token;x-amz-target" == signed_headers(
        request
    )
    assert ("20260102T120000Z", "a-session-token") == (
        request.headers["x-amz-date"],
        request.headers["x-amz-security-token"],
    )
    credential = "AKIDEXAMPLE/20260102/us-east-1/omics/aws4_request"
    assert f"AWS4-HMAC-SHA256 Credential={credential}" in request.headers["authorization"]


@pytest.mark.parametrize(
    "change",
    [
        {"args": ("GET", "https://example.com/a?b=c")},
        {"args": ("POST", "https://example.org/a?b=c")},
        {"args": ("POST", "https://example.com/A?b=c")},
        {"args": ("POST", "https://example.com/a?b=d")},
        {"content": b"other"},
        {"headers": {"x-amz-meta": "other"}},
        {"service": "ecs"},
        {"signing": {"credentials": Credentials("AKIDEXAMPLE", "other", "a-session-token")}},
    ],
    ids=lambda change: next(iter(change)),
)
def test_every_part_changes_the_signature(
    send: Send, script: Script, change: dict[str, Any]
) -> None:
    """Method, host, path, query, body, headers, service and secret change the signature."""

    def signature(
        args: tuple[str, ...] = ("POST", "https://example.com/a?b=c"), **options: Any
    ) -> str:
        options = {"content": b"body", "headers": {"x-amz-meta": "x"}, **options}
        return str(send(script, *args, **options).headers["authorization"].rpartition("=")[2])

    assert 2 == len({signature(), signature(**change)})


def test_the_time_is_signed_in_utc(send: Send, script: Script) -> None:
    """A clock with another time zone gives the same signature."""
    there = NOON.astimezone(timezone(timedelta(hours=2)))
    dates = {
        send(script, "GET", "https://x/", signing={"clock": clock}).headers["x-amz-date"]
        for clock in (lambda: NOON, lambda: there)
    }
    assert {"20260102T120000Z"} == dates


def test_headers_of_one_name_are_signed_together(send: Send, script: Script) -> None:
    """Two headers of one name are signed as one with a comma, as by AWS."""
    several = [("x-amz-meta", "a"), ("x-amz-meta", "b")]
    signatures = {
        send(script, "GET", "https://x/", headers=headers).headers["authorization"]
        for headers in (several, {"x-amz-meta": "a,b"})
    }
    assert 1 == len(signatures)


def test_an_earlier_signature_is_replaced(send: Send, script: Script) -> None:
    """A request that is sent again is signed again, without parts of the old signature."""
    old = {"Authorization": "old", "X-Amz-Date": "old", "X-Amz-Security-Token": "old"}
    fresh = Credentials("AKID", "s")
    request = send(script, "GET", "https://x/", headers=old, signing={"credentials": fresh})
    assert "old" not in str(dict(request.headers))
    assert "host;x-amz-date" == signed_headers(request)


def test_the_query_is_signed_as_the_service_reads_it(send: Send, script: Script) -> None:
    """The signature covers the decoded query, whatever its encoding."""
    urls = [
        "https://x/?b=2&a=x%20y", "https://x/?a=x+y&b=2", "https://x/?a=%78 y&b=2",
    ]  # fmt: skip
    signatures = {send(script, "GET", url).headers["authorization"] for url in urls}
    assert 1 == len(signatures)


@pytest.mark.parametrize("service", ["omics", "s3"])
def test_no_path_is_signed_as_the_root(send: Send, script: Script, service: str) -> None:
    """A URL without a path is sent and signed as ``/``."""
    urls = "https://x", "https://x/", "https://x?"
    signatures = {
        send(script, "GET", url, service=service).headers["authorization"] for url in urls
    }
    assert 1 == len(signatures)


def test_s3_has_its_own_rules(send: Send, script: Script) -> None:
    """For S3 the body's hash is a header, and the path is encoded once."""
    request = send(script, "PUT", "https://b.s3.amazonaws.com/a b", content=b"x", service="s3")
    assert "host;x-amz-content-sha256;x-amz-date;x-amz-security-token" == signed_headers(request)
    assert (
        "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"
        == request.headers["x-amz-content-sha256"]
    )


class GeneralAuth(SigV4Auth):
    """botocore's signer with the body's hash in a header and a path that is encoded once."""

    def _normalize_url_path(self, path: str) -> str:
        return path


def signed_by_botocore(auth: Any, service: str, request: AWSRequest) -> tuple[str, datetime]:
    """Return botocore's signature of the request and its time."""
    auth(botocore.credentials.Credentials("AKID", "secret"), service, "us-east-1").add_auth(request)
    at = datetime.strptime(request.headers["X-Amz-Date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    return request.headers["Authorization"], at


@pytest.mark.parametrize("service", ["omics", "vpc-lattice-svcs", "execute-api", "s3"])
@pytest.mark.parametrize(
    "given", ["UNSIGNED-PAYLOAD", "STREAMING-UNSIGNED-PAYLOAD-TRAILER", "ab" * 32, "spaced out"]
)
def test_the_callers_hash_of_the_body_is_signed(
    send: Send, script: Script, service: str, given: str
) -> None:
    """A given x-amz-content-sha256 header is kept and signed, as by botocore."""
    url, headers = "https://example.com/a?b=c", {"X-Amz-Content-SHA256": given}
    theirs, at = signed_by_botocore(GeneralAuth, service, AWSRequest("POST", url, headers, b"x"))
    signing = {"credentials": Credentials("AKID", "secret"), "clock": lambda: at}
    request = send(
        script, "POST", url, headers=headers, content=b"x", service=service, signing=signing
    )
    assert (theirs, [given]) == (
        request.headers["authorization"],
        request.headers.get_list("x-amz-content-sha256"),
    )


def test_s3_may_leave_the_body_unsigned(send: Send, script: Script) -> None:
    """UNSIGNED-PAYLOAD is signed as by botocore for S3."""
    url = "https://b.s3.amazonaws.com/a%20b"
    unsigned = AWSRequest("PUT", url, {}, b"x")
    unsigned.context["client_config"] = Config(s3={"payload_signing_enabled": False})
    theirs, at = signed_by_botocore(S3SigV4Auth, "s3", unsigned)
    request = send(
        script, "PUT", url, headers={"x-amz-content-sha256": "UNSIGNED-PAYLOAD"}, content=b"x",
        service="s3", signing={"credentials": Credentials("AKID", "secret"), "clock": lambda: at},
    )  # fmt: skip
    assert theirs == request.headers["authorization"]


def test_a_redirected_request_is_signed_for_its_own_body(send: Send) -> None:
    """A redirected request is signed with the hash of its own body."""
    script = Script(httpx.Response(303, headers={"Location": "/other"}), httpx.Response(200))
    request = send(
        script, "PUT", "https://b.s3.amazonaws.com/a", content=b"x", service="s3",
        follow_redirects=True,
    )  # fmt: skip
    assert ("GET", sha256(b"").hexdigest()) == (
        request.method,
        request.headers["x-amz-content-sha256"],
    )


def test_the_callers_request_is_not_changed(script: Script) -> None:
    """A copy is signed, so the caller's request stays unchanged."""
    request = httpx.Request("PUT", "https://b.s3.amazonaws.com/a", content=b"x")
    before = dict(request.headers)
    transport = SigV4Transport(
        "s3", "us-east-1", credentials=CREDENTIALS, transport=script.transport
    )
    for _ in range(2):
        transport.handle_request(request)
    assert before == dict(request.headers)
    assert 1 == len({sent.headers["x-amz-content-sha256"] for sent in script.requests})


def test_streamed_bodies_are_read_and_sent(script: Script) -> None:
    """A streamed body is signed and sent as a whole."""

    def parts() -> Iterator[bytes]:
        yield b"one"
        yield b"two"

    async def async_parts() -> AsyncIterator[bytes]:
        yield b"one"
        yield b"two"

    requests = [
        send_sync(script, "POST", "https://x/", content=parts()),
        send_async(script, "POST", "https://x/", content=async_parts()),
        send_sync(script, "POST", "https://x/", content=b"onetwo"),
    ]
    assert 1 == len({request.headers["authorization"] for request in requests})
    assert {b"onetwo"} == {request.content for request in requests}


def test_without_credentials_nothing_is_sent(send: Send, script: Script) -> None:
    """Without credentials the library's error is raised."""
    with pytest.raises(NoCredentialsError):
        send(script, "GET", "https://x/", signing={"credentials": None})
    assert [] == script.requests


def test_signing_logs_nothing_secret(
    send: Send, script: Script, caplog: pytest.LogCaptureFixture
) -> None:
    """Logs contain neither the signed text nor the signature."""
    with caplog.at_level(logging.DEBUG):
        signature = send(script, "GET", "https://x/").headers["authorization"].rpartition("=")[2]
    assert "a-session-token" not in caplog.text
    assert signature not in caplog.text


def test_closing_closes_the_wrapped_transport() -> None:
    """Closing the signing transport closes the wrapped one."""
    closed: list[str] = []

    class Wrapped(httpx.MockTransport):
        def close(self) -> None:
            closed.append("sync")

        async def aclose(self) -> None:
            closed.append("async")

    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, request=request)

    SigV4Transport("x", "y", credentials=CREDENTIALS, transport=Wrapped(answer)).close()
    asyncio.run(
        AsyncSigV4Transport("x", "y", credentials=CREDENTIALS, transport=Wrapped(answer)).aclose()
    )
    assert ["sync", "async"] == closed
