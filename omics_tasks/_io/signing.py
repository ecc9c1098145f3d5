"""botocore's Signature Version 4, over any request, at a time that the caller says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, cast
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from botocore.auth import SIGV4_TIMESTAMP, S3SigV4Auth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.compat import HTTPHeaders

from .credentials import Credentials

if TYPE_CHECKING:
    from botocore.credentials import ReadOnlyCredentials

_SET_HERE = ("Authorization", "X-Amz-Date", "X-Amz-Security-Token", "X-Amz-Content-SHA256")
_ALSO_SIGNED = ("host", "content-type")


@dataclass(slots=True)
class _Signable:
    """What botocore reads of an AWSRequest, without the URL that it would prepare each time."""

    method: str
    url: str
    params: list[tuple[str, str]]
    body: bytes
    headers: HTTPHeaders = field(default_factory=HTTPHeaders)
    context: dict[str, str] = field(default_factory=dict[str, str])


def sign(
    method: str,
    url: str,
    headers: Mapping[str, str],
    body: bytes,
    *,
    service: str,
    region: str,
    credentials: Credentials,
    at: datetime,
) -> dict[str, str]:
    """The headers that sign a request: ``Authorization``, ``X-Amz-Date`` and what goes with them.

    Signed are the method, path, query, body, and of ``headers`` the host, the content type and all
    whose names begin with ``x-amz-``. Headers of an earlier signature are to be replaced.
    """
    is_s3 = service.startswith("s3")
    parts = urlsplit(url)
    # S3 compares with the path encoded once, strictly; the others with the path as sent, encoded
    # again (botocore does that).
    path = quote(unquote(parts.path), safe="/-._~") if is_s3 else parts.path
    request = _Signable(
        method,
        f"{parts.scheme}://{parts.netloc}{path or '/'}",
        parse_qsl(parts.query, keep_blank_values=True),
        body,
    )
    request.context["timestamp"] = at.strftime(SIGV4_TIMESTAMP)
    for name, value in headers.items():
        if name.lower() in _ALSO_SIGNED or name.lower().startswith("x-amz-"):
            request.headers[name] = value
    for name in _SET_HERE:
        del request.headers[name]
    # Of credentials, botocore reads but these attributes; its own tuple would show them in a repr.
    auth = (_S3Auth if is_s3 else _Auth)(cast("ReadOnlyCredentials", credentials), service, region)
    auth.add_auth(cast(AWSRequest, request))
    return {name: request.headers[name] for name in _SET_HERE if name in request.headers}


class _Auth(SigV4Auth):
    # botocore's stubs leave out the methods that it means for subclasses such as this one.
    if TYPE_CHECKING:

        def _modify_request_before_signing(self, request: AWSRequest) -> None: ...
        def _inject_signature_to_request(self, request: AWSRequest, signature: str) -> None: ...

    def add_auth(self, request: AWSRequest) -> None:
        """As botocore's, without its clock and its debug records, which hold the signature."""
        self._modify_request_before_signing(request)
        to_sign = self.string_to_sign(request, self.canonical_request(request))
        self._inject_signature_to_request(request, self.signature(to_sign, request))


class _S3Auth(_Auth, S3SigV4Auth):
    pass
