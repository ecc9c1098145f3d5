"""Error responses to exceptions."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from http import HTTPStatus
from typing import Any, cast, get_type_hints

from pydantic import TypeAdapter, ValidationError
from pydantic.alias_generators import to_camel

from ..errors import (
    AccessDeniedException,
    AuthenticationException,
    ConflictException,
    InternalServerException,
    RequestTimeoutException,
    ResourceNotFoundException,
    ServiceError,
    ServiceQuotaExceededException,
    ThrottlingException,
    ValidationException,
)
from .allowance import Allowance, TooMuchError
from .clock_skew import to_datetime
from .operation import Operation
from .retries import RetryHint

# https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html
THROTTLING_CODES = frozenset(
    {
        "BandwidthLimitExceeded",
        "EC2ThrottledException",
        "LimitExceededException",
        "PriorRequestNotComplete",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestThrottledException",
        "SlowDown",
        "ThrottledException",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
        "TransactionInProgressException",
    }
)
TRANSIENT_CODES = frozenset(
    {"RequestTimeout", "RequestTimeoutException", "InternalFailure", "ServiceUnavailable"}
)
TRANSIENT_STATUSES = frozenset({500, 502, 503, 504})

# Codes that any service may send and that no service model has, with those that several have.
# https://docs.aws.amazon.com/omics/latest/api/CommonErrors.html
COMMON_CODES: Mapping[str, type[ServiceError]] = {
    **dict.fromkeys(THROTTLING_CODES, ThrottlingException),
    **{
        category.__name__: category
        for category in (
            AccessDeniedException,
            ConflictException,
            InternalServerException,
            RequestTimeoutException,
            ResourceNotFoundException,
            ServiceQuotaExceededException,
            ValidationException,
        )
    },
    **dict.fromkeys(
        ("AccessDenied", "NotAuthorized", "OptInRequired", "UnauthorizedOperation"),
        AccessDeniedException,
    ),
    **dict.fromkeys(
        (
            "AuthFailure",
            "ExpiredToken",
            "ExpiredTokenException",
            "IncompleteSignature",
            "IncompleteSignatureException",
            "InvalidClientTokenId",
            "InvalidSignatureException",
            "MissingAuthenticationToken",
            "MissingAuthenticationTokenException",
            "RequestExpired",
            "RequestTimeTooSkewed",
            "SignatureDoesNotMatch",
            "UnrecognizedClientException",
        ),
        AuthenticationException,
    ),
    **dict.fromkeys(
        ("InternalFailure", "InternalServerError", "ServiceUnavailable"), InternalServerException
    ),
    # Responses without a code, such as a proxy's: the status stands for it.
    "429": ThrottlingException,
    **dict.fromkeys(map(str, sorted(TRANSIENT_STATUSES)), InternalServerException),
    "RequestTimeout": RequestTimeoutException,
    "ValidationError": ValidationException,
}


def request_id(headers: Mapping[str, str]) -> str | None:
    """Return AWS's id of the request from the headers of its response."""
    return headers.get("x-amzn-requestid") or headers.get("x-amz-request-id")


def start_of(body: bytes, limit: int = 200) -> str:
    """Return the start of a body as text, whatever its bytes are."""
    return body[: limit * 4].decode("utf-8", "replace")[:limit]


def parse_error(
    operation: Operation[Any, Any], status: int, headers: Mapping[str, str], body: bytes
) -> ServiceError:
    """Return the exception for a response with a status of 400 or more."""
    members = _members_of(body)
    modelled = {error.__name__: error for error in operation.errors}
    code = _code(headers, members) or str(status)
    cls = modelled.get(code) or COMMON_CODES.get(code, ServiceError)
    error = cls(
        _message(members),
        service=operation.service.id,
        operation=operation.name,
        code=code,
        status=status,
        request_id=request_id(headers),
        headers=headers,
        body="" if operation.sensitive else start_of(body),
    )
    is_modelled = code in modelled
    error.throttling = code in THROTTLING_CODES or (
        status == HTTPStatus.TOO_MANY_REQUESTS and not is_modelled
    )
    error.retryable = error.throttling or code in TRANSIENT_CODES or status in TRANSIENT_STATUSES
    error.retry_after = _retry_after(headers)
    for name, (key, adapter) in _details(cls).items():  # type: ignore[arg-type]  # mypy takes the class for its instance
        # Services begin the members of errors with either case, as in "message".
        value = members.get(key, members.get(key[0].upper() + key[1:]))
        error.__dict__[name] = _lenient(adapter, value)
    return error


def _members_of(body: bytes) -> Mapping[str, object]:
    try:
        Allowance(body)
        members = json.loads(body)
    except (ValueError, RecursionError, TooMuchError):
        return {}
    return cast("dict[str, object]", members) if isinstance(members, dict) else {}


def _code(headers: Mapping[str, str], members: Mapping[str, object]) -> str | None:
    # x-amzn-query-error comes first: services that once had the query protocol send in it the
    # code that old clients know.
    queried = headers.get("x-amzn-query-error", "").partition(";")[0]
    for source in (
        queried,
        headers.get("x-amzn-errortype"),
        *(members.get(name) for name in ("code", "Code", "__type")),
    ):
        if isinstance(source, str):
            code = source.partition(":")[0].rpartition("#")[2].strip()
            if code and code.isascii() and code.isprintable():
                return code
    return None


def _message(members: Mapping[str, object]) -> str | None:
    texts = (members.get(name) for name in ("message", "Message", "errorMessage"))
    text = next((text for text in texts if isinstance(text, str) and text), None)
    # Half a surrogate pair is valid JSON, and can't be printed.
    return text and text.encode("utf-8", "replace").decode()


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """Return the seconds to wait that the service requires."""
    milliseconds = _number(headers.get("x-amz-retry-after"))
    if milliseconds is not None:
        return RetryHint(milliseconds / 1000)
    value = headers.get("retry-after")
    until, date = to_datetime(value), to_datetime(headers.get("date"))
    if until and date:
        return max(0.0, (until - date).total_seconds())
    return _number(value)


def _number(text: str | None) -> float | None:
    return float(text) if text and text.isascii() and text.isdigit() else None


@cache
def _details(cls: type[ServiceError]) -> Mapping[str, tuple[str, TypeAdapter[object]]]:
    """Return the wire name and type of each member that only a service's own exception has."""
    hints = get_type_hints(cls, include_extras=True)
    own = hints.keys() - get_type_hints(ServiceError)
    return {name: (to_camel(name), TypeAdapter(hints[name])) for name in own}


def _lenient(adapter: TypeAdapter[object], value: object) -> object:
    try:
        return adapter.validate_python(value)
    except ValidationError:
        return adapter.validate_python(None)
