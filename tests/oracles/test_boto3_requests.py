"""boto3's requests and botocore's signatures compared with ours."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, cast
from urllib.parse import quote

import httpx
import pytest
from botocore.auth import S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import ReadOnlyCredentials
from hypothesis import example, given
from hypothesis import strategies as st

from omics_tasks import Credentials
from omics_tasks._io.signing import sign

from ..asking import ask_async, ask_sync
from .aws import OPERATIONS, ask_boto3, ask_ours, read
from .known import known_model
from .server import Recorded, RecordingServer
from .strategies import arguments

ANSWER = {
    "id": "1",
    "taskId": "1",
    "createdAt": "2024-01-01T00:00:00Z",
    "createdBy": "someone",
    "runStatus": "READY",
    "items": [],
    "taskArns": [],
    "tasks": [],
    "errors": [],
    "totalResults": 0,
}
"""An answer with the members that any operation requires."""


def signed_headers(request: Recorded) -> dict[str, str]:
    """Return the headers that the signature covers, without the value of the date."""
    (names,) = re.findall("SignedHeaders=([^,]+)", request.headers["authorization"])
    signed = {name: request.headers[name] for name in names.split(";")}
    return {**signed, "x-amz-date": "…"}


def in_the_order_of(other: Any, members: Any) -> Any:
    """Return the members in the other's order, at all levels."""
    if isinstance(members, dict):
        order = list(other)
        return {
            name: in_the_order_of(other[name], members[name])
            for name in sorted(cast("dict[str, Any]", members), key=order.index)
        }
    if isinstance(members, list):
        return [in_the_order_of(*each) for each in zip(other, members, strict=True)]
    return members


@pytest.mark.parametrize("name", OPERATIONS)
@given(data=st.data())
def test_request_is_boto3s(server: RecordingServer, name: str, data: st.DataObject) -> None:
    """Both clients send boto3's request: all signed parts are equal byte for byte."""
    operation = OPERATIONS[name]
    members = data.draw(arguments(known_model(operation)))
    # boto3 keeps the caller's order in query and body, and we that of the model.
    ordered = read(operation, members).model_dump(mode="json", by_alias=True, exclude_none=True)
    members = in_the_order_of(ordered, members)
    server.start(json.dumps(ANSWER).encode())
    ask_boto3(operation, members, server.url)
    for ask in (ask_sync, ask_async):
        ask_ours(ask, operation, members, server.url)
    theirs, *both = server.requests
    assert 2 == len(both)
    for ours in both:
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
"""botocore's signing names of the services."""


@dataclass(frozen=True)
class ToSign:
    """A request and the session token to sign it with."""

    method: str
    origin: str
    path: list[str]
    query: list[tuple[str, str]]
    headers: list[tuple[str, str]]
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
    headers=st.lists(st.tuples(HEADER_NAMES, HEADER_VALUES), max_size=5),
    body=st.binary(),
    token=st.none() | st.just("a-session-token"),
)
ENCODED_SLASH = ToSign("GET", "https://a.b", ["a%2Fb", "%20"], [("c", "%2F")], [], b"", None)


def signed_by_botocore(service: str, request: ToSign) -> dict[str, str]:
    """Return the headers that botocore's signer adds."""
    signed = AWSRequest(request.method, request.url, data=request.body)
    for name, value in request.headers:
        signed.headers[name] = value  # beside those of the same name
    credentials = ReadOnlyCredentials("AKID", "secret", request.token)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("botocore.auth.get_current_datetime", lambda: AT.replace(tzinfo=None))
        SIGNERS[service](credentials, service, "eu-west-1").add_auth(signed)
    given = {name for name, _ in request.headers}
    return {name.lower(): value for name, value in signed.headers.items() if name not in given}


def signed_by_us(service: str, request: ToSign) -> dict[str, str]:
    """Return the headers that our signer adds."""
    host = str(httpx.URL(request.origin).netloc, "ascii")
    return sign(
        request.method,
        request.url,
        # What a client adds by itself is not signed, and an earlier signature is replaced.
        [
            *request.headers,
            *{"Host": host, "Accept": "*/*", "Authorization": "old", "X-Amz-Date": "old"}.items(),
        ],
        request.body,
        service=service,
        region="eu-west-1",
        credentials=Credentials("AKID", "secret", request.token),
        at=AT,
    )


@pytest.mark.parametrize("service", SIGNERS)
@given(to_sign=REQUESTS)
@example(to_sign=ENCODED_SLASH)
def test_signature_is_botocores(service: str, to_sign: ToSign) -> None:
    """Our signer adds the same headers as botocore's at the same time."""
    assert signed_by_botocore(service, to_sign) == signed_by_us(service, to_sign)


def test_signature_is_botocores_with_the_bodys_hash_in_a_header() -> None:
    """A given x-amz-content-sha256 header is signed for any service."""
    headers = [("X-Amz-Content-SHA256", sha256(b"body").hexdigest())]
    to_sign = replace(ENCODED_SLASH, headers=headers, body=b"body")
    assert signed_by_botocore("omics", to_sign) == signed_by_us("omics", to_sign)


@dataclass(frozen=True)
class EncodedBytes:
    """Bytes and one of their URL encodings."""

    value: bytes
    spelling: str

    @property
    def encoded(self) -> str:
        return quote(self.value, safe="-._~")


def encodings(themselves: dict[str, str]) -> st.SearchStrategy[EncodedBytes]:
    """Draw an encoding of any bytes; ``themselves`` are the characters that need no ``%``."""
    character = st.builds(
        lambda byte, form: EncodedBytes(
            bytes([byte]), form.format(byte) if form else themselves.get(chr(byte), f"%{byte:02X}")
        ),
        st.sampled_from(b"a/.%+ ~=&\xc3\xa9\xff") | st.integers(0, 255),
        st.sampled_from(["", "%{:02X}", "%{:02x}"]),
    )
    return st.lists(character, max_size=6).map(
        lambda them: EncodedBytes(
            b"".join(each.value for each in them), "".join(each.spelling for each in them)
        )
    )


THEMSELVES = {chr(code): chr(code) for code in range(0x21, 0x7F) if chr(code) not in "%?#/"}
IN_QUERIES = {c: c for c in THEMSELVES if c not in "&=+"} | {" ": "+", "/": "/", "?": "?"}
UNICODE = st.text(
    st.characters(codec="utf-8", exclude_categories=["C", "Z"], exclude_characters="%?#/")
)
SEGMENTS = (
    encodings(THEMSELVES)
    | UNICODE.map(lambda text: EncodedBytes(text.encode(), text))
    | st.sampled_from(["", ".", "..", "a"]).map(lambda text: EncodedBytes(text.encode(), text))
)
PAIRS = st.tuples(encodings(IN_QUERIES), encodings(IN_QUERIES))
SPACES = st.text(st.sampled_from(" \ta,é\xa0"), max_size=8)


@pytest.mark.parametrize("service", SIGNERS)
@given(
    like=REQUESTS,
    method=st.sampled_from(["GET", "get", "Patch"]),
    path=st.lists(SEGMENTS, max_size=6),
    query=st.lists(PAIRS, max_size=4),
    headers=st.lists(st.tuples(HEADER_NAMES, SPACES), max_size=5),
)
def test_signature_is_botocores_for_any_encoding(
    service: str,
    like: ToSign,
    method: str,
    path: list[EncodedBytes],
    query: list[tuple[EncodedBytes, EncodedBytes]],
    headers: list[tuple[str, str]],
) -> None:
    """An untidy URL gets the signature that botocore makes for the equivalent tidy one."""
    is_s3 = SIGNERS[service] is S3SigV4Auth
    sent = replace(
        like,
        method=method,
        path=[segment.spelling for segment in path],
        query=[(name.spelling, value.spelling) for name, value in query],
        headers=headers,
    )
    tidy = replace(
        sent,
        # Only S3 reads a path before it compares; botocore itself tidies up those of all others.
        path=[segment.encoded if is_s3 else segment.spelling for segment in path],
        query=[(name.encoded, value.encoded) for name, value in query],
    )
    assert signed_by_botocore(service, tidy) == signed_by_us(service, sent)
