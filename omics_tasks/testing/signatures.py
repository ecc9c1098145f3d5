"""Verification of Signature Version 4, written from AWS's description alone.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import reduce
from hashlib import sha256
from urllib.parse import parse_qsl, quote

from .._core.protocols import Request
from .service_errors import ErrorResponse
from .state import State

_ALGORITHM = "AWS4-HMAC-SHA256"
_TIME_FORMAT = "%Y%m%dT%H%M%SZ"
_PARTS = ("Credential", "SignedHeaders", "Signature")
_SCOPE = ("date", "region", "service", "terminator")
_TOLERANCE = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class _Authorization:
    """A parsed ``Authorization`` header."""

    access_key: str
    scope: tuple[str, ...]
    """Parts as in ``_SCOPE``; the last is always ``aws4_request``."""
    signed_headers: tuple[str, ...]
    signature: str

    @property
    def service(self) -> str:
        return self.scope[_SCOPE.index("service")]


class SignatureCheck:
    """Rejects requests that the access key did not sign for the region within the last minutes."""

    def __init__(
        self,
        access_key: str,
        secret_key: str,
        session_token: str | None,
        region: str,
        clock: Callable[[], datetime],
        state: State,
        keys_last: float | None,
    ) -> None:
        self._access_key = access_key
        self._secret_key = secret_key
        self._session_token = session_token
        self._region = region
        self._clock = clock
        self._state = state
        self._keys_last = keys_last

    def verify(self, request: Request, service: str | None) -> str:
        """Return the service that a request is signed for. None accepts any service.

        Raises the ErrorResponse that AWS returns for an invalid signature.
        """
        authorization = _parse_authorization(request.headers)
        stamp, signed_at = _signed_at(request.headers)
        token = request.headers.get("x-amz-security-token")
        if (authorization.access_key, token) != (self._access_key, self._session_token):
            raise _forbidden("UnrecognizedClientException", "The security token is not valid.")
        if self._keys_last is not None and self._state.age.total_seconds() >= self._keys_last:
            raise _forbidden("ExpiredTokenException", "The security token is expired.")
        service = service or authorization.service
        self._check_scope(authorization.scope, (stamp[:8], self._region, service, "aws4_request"))
        self._check_time(signed_at)
        required = {"host", *(n for n in request.headers if n.startswith("x-amz-"))}
        unsigned = sorted(required.difference(authorization.signed_headers))
        if unsigned:
            raise _invalid(f"Headers must be signed: {', '.join(unsigned)}.")
        digest = sha256(_canonical(request, authorization.signed_headers).encode()).hexdigest()
        to_sign = "\n".join((_ALGORITHM, stamp, "/".join(authorization.scope), digest))
        signature = _hmac(self._key(authorization.scope), to_sign).hex()
        if not hmac.compare_digest(signature.encode(), authorization.signature.encode()):
            raise _invalid("The signature calculated for the request is not the one provided.")
        return service

    def _check_scope(self, scope: tuple[str, ...], expected: tuple[str, ...]) -> None:
        for part, want, name in zip(scope, expected, _SCOPE, strict=True):
            if part != want:
                raise _invalid(f"Credential should be scoped to the {name} {want!r}, not {part!r}.")

    def _check_time(self, signed_at: datetime) -> None:
        # Clients that correct their clocks by the Date header sign with the stand-in's time, or
        # with an earlier one if it has moved since.
        if -_TOLERANCE <= signed_at - self._state.start <= self._state.age + _TOLERANCE:
            return
        now = self._clock().astimezone(UTC)
        if now - signed_at > _TOLERANCE:
            raise _invalid(f"Signature expired: {signed_at} is over 15 minutes before {now}.")
        if signed_at - now > _TOLERANCE:
            raise _invalid(
                f"Signature not yet current: {signed_at} is over 15 minutes after {now}."
            )

    def _key(self, scope: tuple[str, ...]) -> bytes:
        return reduce(_hmac, scope, f"AWS4{self._secret_key}".encode())


def _parse_authorization(headers: Mapping[str, str]) -> _Authorization:
    header = headers.get("authorization")
    if not header:
        raise _forbidden("MissingAuthenticationTokenException", "Missing authentication token")
    algorithm, _, rest = header.partition(" ")
    pairs = [part.strip().partition("=") for part in rest.split(",")]
    parts = {name: value for name, _, value in pairs}
    # The count matters: two headers arrive as one list, and a second one must not be ignored.
    is_whole = len(pairs) == len(_PARTS) and all(parts.get(name) for name in _PARTS)
    if algorithm != _ALGORITHM or not is_whole:
        raise _incomplete(
            f"Authorization header needs {_ALGORITHM} and one each of {', '.join(_PARTS)}."
        )
    access_key, *scope = parts["Credential"].split("/")
    if len(scope) != len(_SCOPE):
        raise _incomplete(f"Credential must be a key and a scope of {', '.join(_SCOPE)}.")
    signed_headers = tuple(parts["SignedHeaders"].split(";"))
    return _Authorization(access_key, tuple(scope), signed_headers, parts["Signature"])


def _signed_at(headers: Mapping[str, str]) -> tuple[str, datetime]:
    """Return the time of the signature, as text and parsed, from ``X-Amz-Date`` or ``Date``."""
    stamp = headers.get("x-amz-date")
    try:
        if stamp is not None:
            return stamp, datetime.strptime(stamp, _TIME_FORMAT).replace(tzinfo=UTC)
        signed_at = parsedate_to_datetime(headers.get("date", "")).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise _incomplete(
            "X-Amz-Date must be a time in ISO 8601's basic form, or Date one in HTTP's."
        ) from error
    return signed_at.strftime(_TIME_FORMAT), signed_at


def _canonical(request: Request, signed_headers: tuple[str, ...]) -> str:
    path, _, query = request.target.partition("?")
    pairs = sorted(
        (_encoded(name), _encoded(value))
        for name, value in parse_qsl(query, keep_blank_values=True)
    )
    headers = [
        f"{name}:{re.sub(' +', ' ', request.headers.get(name, '').strip())}\n"
        for name in signed_headers
    ]
    return "\n".join(
        (
            request.method,
            _canonical_path(path),
            "&".join(f"{name}={value}" for name, value in pairs),
            "".join(headers),
            ";".join(signed_headers),
            sha256(request.body).hexdigest(),
        )
    )


def _canonical_path(path: str) -> str:
    """Return the path without dot segments, URL-encoded again. It has no slash at the end."""
    kept: list[str] = []
    for segment in path.split("/"):
        if segment == "..":
            del kept[-1:]
        elif segment not in ("", "."):
            kept.append(segment)
    return "/" + "/".join(map(_encoded, kept))


def _encoded(text: str) -> str:
    return quote(text, safe="-._~")


def _hmac(key: bytes, text: str) -> bytes:
    return hmac.digest(key, text.encode(), "sha256")


def _forbidden(code: str, message: str) -> ErrorResponse:
    return ErrorResponse(code, message, 403)


def _invalid(message: str) -> ErrorResponse:
    return _forbidden("InvalidSignatureException", message)


def _incomplete(message: str) -> ErrorResponse:
    return _forbidden("IncompleteSignature", message)
