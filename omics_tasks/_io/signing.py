"""botocore's Signature Version 4, over any request, at a time that the caller says."""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import sha256
from http.client import HTTPMessage
from typing import TYPE_CHECKING, cast
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from botocore.auth import SIGV4_TIMESTAMP, S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest

from .credentials import Credentials

if TYPE_CHECKING:
    from botocore.credentials import ReadOnlyCredentials

# These compare with the path encoded once, strictly, and want the body's hash in a header.
_S3_SERVICES = frozenset({"s3", "s3-object-lambda", "s3-outposts", "s3express"})
_ALSO_SIGNED = frozenset({"host", "content-type"})
_SET_HERE = frozenset({"x-amz-date", "x-amz-security-token", "x-amz-content-sha256"})


class _Headers(dict[str, str]):
    """The headers to sign, as botocore asks for them."""

    def get_all(self, name: str) -> list[str]:
        return [self[name]]


@dataclass(slots=True)
class _Signable:
    """What botocore reads of an AWSRequest, without all that making one prepares."""

    method: str
    url: str
    params: list[tuple[str, str]]
    headers: _Headers
    body: bytes
    context: dict[str, str]


class _Auth(SigV4Auth):
    def headers_to_sign(self, request: AWSRequest) -> HTTPMessage:
        return cast(HTTPMessage, request.headers)

    def signature(self, string_to_sign: str, request: AWSRequest) -> str:
        date, region, service = self.credential_scope(request).split("/")[:3]
        key = _key_of_the_day(self.credentials.secret_key, date, region, service)
        return hmac.digest(key, string_to_sign.encode(), "sha256").hex()


# It holds for a day, and takes longer to derive than to use.
@lru_cache(maxsize=16)
def _key_of_the_day(secret_key: str, *scope: str) -> bytes:
    key = f"AWS4{secret_key}".encode()
    for part in (*scope, "aws4_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    return key


class _S3Auth(_Auth, S3SigV4Auth):
    pass


def sign(
    method: str,
    url: str,
    headers: Iterable[tuple[str, str]],
    body: bytes,
    *,
    service: str,
    region: str,
    credentials: Credentials,
    at: datetime,
) -> dict[str, str]:
    """The headers that sign a request: ``authorization``, ``x-amz-date`` and what goes with them.

    Signed are the method, path, query, body, and of ``headers`` the host, the content type and all
    whose names begin with ``x-amz-``. Headers of an earlier signature are to be replaced.
    """
    is_s3 = service in _S3_SERVICES
    signature = {"x-amz-date": at.astimezone(UTC).strftime(SIGV4_TIMESTAMP)}
    if credentials.token:
        signature["x-amz-security-token"] = credentials.token
    if is_s3:
        signature["x-amz-content-sha256"] = sha256(body).hexdigest()
    given: dict[str, str] = {}
    for name, value in ((name.lower(), value) for name, value in headers):
        if _is_signed(name):
            given[name] = f"{given[name]},{value}" if name in given else value
    # Of credentials, botocore reads but their attributes; its own class would show them in a repr.
    auth = (_S3Auth if is_s3 else _Auth)(cast("ReadOnlyCredentials", credentials), service, region)
    parts = urlsplit(url)
    path = _strictly_encoded(parts.path) if is_s3 else parts.path
    signable = _Signable(
        method,
        f"{parts.scheme}://{parts.netloc}{path or '/'}",
        parse_qsl(parts.query, keep_blank_values=True),
        _Headers(given | signature),
        body,
        {"timestamp": signature["x-amz-date"]},
    )
    # The one method that does all this, add_auth, has a clock of its own, and writes the token and
    # the signature into the log.
    request = cast(AWSRequest, signable)
    to_sign = auth.string_to_sign(request, auth.canonical_request(request))
    signature["authorization"] = (
        f"AWS4-HMAC-SHA256 Credential={auth.scope(request)}, "
        f"SignedHeaders={auth.signed_headers(signable.headers)}, "
        f"Signature={auth.signature(to_sign, request)}"
    )
    return signature


def _is_signed(name: str) -> bool:
    return name in _ALSO_SIGNED or (name.startswith("x-amz-") and name not in _SET_HERE)


def _strictly_encoded(path: str) -> str:
    return "/".join(quote(unquote(segment), safe="-._~") for segment in path.split("/"))
