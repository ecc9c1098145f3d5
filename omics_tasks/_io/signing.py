"""AWS Signature Version 4 for any request, at a given time.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import lru_cache, reduce
from hashlib import sha256
from urllib.parse import quote, unquote_to_bytes, urlsplit

from .credentials import Credentials, CredentialSource

# These services sign the path encoded once, and require the body's hash in a header.
_S3_SERVICES = frozenset({"s3", "s3-object-lambda", "s3-outposts", "s3express"})
_ALSO_SIGNED = frozenset({"host", "content-type"})
_ALGORITHM = "AWS4-HMAC-SHA256"


class Signer:
    """Signer for the requests to one service in one region."""

    def __init__(
        self, service: str, region: str, source: CredentialSource, clock: Callable[[], datetime]
    ) -> None:
        self.source = source
        self._service = service
        self._region = region
        self._clock = clock

    def sign(
        self,
        method: str,
        url: str,
        headers: Iterable[tuple[str, str]],
        body: bytes,
        credentials: Credentials,
    ) -> dict[str, str]:
        """Return the headers to add to the request."""
        return sign(
            method,
            url,
            headers,
            body,
            service=self._service,
            region=self._region,
            credentials=credentials,
            at=self._clock(),
        )


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
    """Return the headers that sign a request: ``authorization``, ``x-amz-date`` and others.

    The signature covers the method, path, query, body and, of ``headers``, the host, the content
    type and every ``x-amz-`` header. An ``x-amz-content-sha256`` among them replaces the body's
    hash. The caller must replace the headers of an earlier signature.
    """
    is_s3 = service in _S3_SERVICES
    to_be_signed = _joined(headers)
    hash_of_body = to_be_signed.get("x-amz-content-sha256") or sha256(body).hexdigest()
    time = at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    signature = {"x-amz-date": time}
    if credentials.token:
        signature["x-amz-security-token"] = credentials.token
    if is_s3:
        signature["x-amz-content-sha256"] = hash_of_body
    signed = sorted((to_be_signed | signature).items())
    names = ";".join(name for name, _ in signed)
    lines = "".join(f"{name}:{value}\n" for name, value in signed)
    request = f"{method.upper()}\n{_target(url, is_s3)}\n{lines}\n{names}\n{hash_of_body}"
    scope = f"{time[:8]}/{region}/{service}/aws4_request"
    to_sign = f"{_ALGORITHM}\n{time}\n{scope}\n{sha256(request.encode()).hexdigest()}"
    key = _signing_key(credentials.secret_key, scope)
    signature["authorization"] = (
        f"{_ALGORITHM} Credential={credentials.access_key}/{scope}, "
        f"SignedHeaders={names}, Signature={_mac(key, to_sign).hex()}"
    )
    return signature


def _joined(headers: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return the headers to sign, with spaces trimmed and values of the same name joined."""
    joined: dict[str, str] = {}
    for name, value in ((name.lower(), value) for name, value in headers):
        if name in _ALSO_SIGNED or name.startswith("x-amz-"):
            trimmed = " ".join(value.split())
            joined[name] = f"{joined[name]},{trimmed}" if name in joined else trimmed
    return joined


# A program that polls signs the same few URLs.
@lru_cache(maxsize=256)
def _target(url: str, is_s3: bool) -> str:
    """Return the canonical path and the canonical query, one per line."""
    parts = urlsplit(url)
    path = _encoded_once(parts.path) if is_s3 else _encoded_twice(parts.path)
    pairs = (pair.replace("+", " ").partition("=") for pair in parts.query.split("&") if pair)
    query = sorted((_strictly(name), _strictly(value)) for name, _, value in pairs)
    return f"{path or '/'}\n{'&'.join(f'{name}={value}' for name, value in query)}"


def _encoded_once(path: str) -> str:
    return "/".join(map(_strictly, path.split("/")))


def _encoded_twice(path: str) -> str:
    """Return the encoded path, without dot segments and empty segments, encoded once more."""
    kept: list[str] = []
    for segment in path.split("/"):
        if segment == "..":
            del kept[-1:]
        elif segment not in ("", "."):
            kept.append(segment)
    end = "/" if kept and path.endswith("/") else ""
    return quote(f"/{'/'.join(kept)}{end}")


def _strictly(text: str) -> str:
    """Return the text with all but unreserved characters percent-encoded, each exactly once."""
    return quote(unquote_to_bytes(text), safe="")


# A signing key is valid for a day, and takes longer to derive than to use.
@lru_cache(maxsize=16)
def _signing_key(secret_key: str, scope: str) -> bytes:
    return reduce(_mac, scope.split("/"), f"AWS4{secret_key}".encode())


def _mac(key: bytes, text: str) -> bytes:
    return hmac.digest(key, text.encode(), "sha256")
