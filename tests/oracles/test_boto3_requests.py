"""What boto3 sends and how botocore signs, against what we do."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote

import httpx
import pytest
from botocore.auth import S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import ReadOnlyCredentials
from hypothesis import example, given, settings
from hypothesis import strategies as st

from omics_tasks import Credentials
from omics_tasks._io.signing import sign

from ..asking import Ask, ask_async, ask_sync
from .aws import OPERATIONS, ask_boto3, ask_ours, model_of
from .server import Recorded, RecordingServer
from .strategies import arguments

ANSWER = {
    "id": "1",
    "taskId": "1",
    "createdAt": "2024-01-01T00:00:00Z",
    "createdBy": "someone",
    "runStatus": "READY",
}
"""Has what every operation needs in an answer."""


def signed_headers(request: Recorded) -> dict[str, str]:
    """The headers that the request's signature covers; that of the time says no time."""
    (names,) = re.findall("SignedHeaders=([^,]+)", request.headers["authorization"])
    signed = {name: request.headers[name] for name in names.split(";")}
    return {**signed, "x-amz-date": "…"}


@pytest.mark.parametrize("ask", [ask_sync, ask_async], ids=["sync", "async"])
@pytest.mark.parametrize("name", OPERATIONS)
@given(data=st.data())
@settings(max_examples=50, deadline=None)
def test_request_is_boto3s(
    server: RecordingServer, ask: Ask, name: str, data: st.DataObject
) -> None:
    """The same arguments make the request that boto3 makes: all that is signed, byte for byte."""
    operation = OPERATIONS[name]
    members = data.draw(arguments(model_of(operation)))
    # boto3 keeps the caller's order in query and body, and we that of the model.
    order = [field.alias for field in operation.input.model_fields.values()]
    members = {member: members[member] for member in order if member in members}
    server.start(json.dumps(ANSWER).encode())
    ask_boto3(operation, members, server.url)
    ask_ours(ask, operation, members, server.url)
    theirs, ours = server.requests
    assert theirs.method == ours.method
    assert theirs.target == ours.target
    assert theirs.body == ours.body
    assert signed_headers(theirs) == signed_headers(ours)


# Signatures

AT = datetime(2026, 11, 30, 23, 59, 59, tzinfo=UTC)
ENCODED = st.text(st.sampled_from("/%+ ~é") | st.characters(codec="utf-8")).map(
    lambda text: quote(text, safe="-._~")
)
HEADER_NAMES = st.sampled_from(["Content-Type", "X-Amz-Target", "x-amz-meta-a", "X-AMZ-META-B"])
HEADER_VALUES = st.text(st.characters(min_codepoint=32, max_codepoint=126))

SIGNERS: dict[str, type[SigV4Auth]] = {
    "omics": SigV4Auth,
    "ecs": SigV4Auth,
    "execute-api": SigV4Auth,
    "s3": S3SigV4Auth,
    "s3tables": SigV4Auth,
}
"""What botocore signs a service's requests with."""


@dataclass(frozen=True)
class ToSign:
    """A request, and the session token to sign it with."""

    method: str
    origin: str
    path: list[str]
    query: list[tuple[str, str]]
    headers: dict[str, str]
    body: bytes
    token: str | None

    @property
    def url(self) -> str:
        query = "&".join(f"{name}={value}" for name, value in self.query)
        return f"{self.origin}/{'/'.join(self.path)}" + (f"?{query}" if query else "")


REQUESTS = st.builds(
    ToSign,
    method=st.sampled_from(["GET", "POST", "PUT", "DELETE"]),
    origin=st.sampled_from(["https://a-b.example.com", "http://127.0.0.1:5000", "https://a.b:443"]),
    path=st.lists(ENCODED, max_size=4),
    query=st.lists(st.tuples(ENCODED, ENCODED), max_size=4),
    headers=st.dictionaries(HEADER_NAMES, HEADER_VALUES),
    body=st.binary(),
    token=st.none() | st.just("a-session-token"),
)
ENCODED_SLASH = ToSign("GET", "https://a.b", ["a%2Fb", "%20"], [("c", "%2F")], {}, b"", None)


def signed_by_botocore(service: str, request: ToSign) -> dict[str, str]:
    """The headers that botocore's signer adds."""
    signed = AWSRequest(request.method, request.url, request.headers, request.body)
    credentials = ReadOnlyCredentials("AKID", "secret", request.token)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("botocore.auth.get_current_datetime", lambda: AT.replace(tzinfo=None))
        SIGNERS[service](credentials, service, "eu-west-1").add_auth(signed)
    headers: dict[str, str] = dict(signed.headers.items())
    return {name.lower(): value for name, value in headers.items() if name not in request.headers}


@pytest.mark.parametrize("service", SIGNERS)
@given(to_sign=REQUESTS)
@example(to_sign=ENCODED_SLASH)
@settings(max_examples=50, deadline=None)
def test_signature_is_botocores(service: str, to_sign: ToSign) -> None:
    """Signing adds the headers that botocore's own signer adds to the request at the same time."""
    host = str(httpx.Request("GET", to_sign.url).headers["host"])
    ours = sign(
        to_sign.method,
        to_sign.url,
        # What a client adds by itself is not signed, and an earlier signature is replaced.
        [*to_sign.headers.items(), ("Host", host), ("Accept", "*/*"), ("Authorization", "old")],
        to_sign.body,
        service=service,
        region="eu-west-1",
        credentials=Credentials("AKID", "secret", to_sign.token),
        at=AT,
    )
    assert signed_by_botocore(service, to_sign) == ours
