"""The hierarchy of all exceptions that this library raises.

    OmicsTasksError
    ├── ConfigurationError                a setting is missing or invalid; nothing was sent
    │   ├── NoRegionError
    │   ├── InvalidRegionError
    │   ├── InvalidEndpointError
    │   ├── ProfileNotFoundError
    │   ├── NoCredentialsError
    │   └── CredentialRetrievalError
    ├── ParamValidationError              the arguments break the API's rules; nothing was sent
    ├── TransportError                    no complete response was received
    │   ├── EndpointConnectionError
    │   │   ├── ProxyConnectionError
    │   │   └── SSLError
    │   ├── ConnectTimeoutError
    │   ├── ReadTimeoutError
    │   └── ConnectionClosedError
    ├── ClosedClientError                 the client was closed before the call
    ├── ResponseError                     the response violates the protocol
    ├── PaginationError                   the service repeated a page token
    ├── WaitError                         a wait ended before its goal
    │   ├── WaitFailedError               the goal can't be reached any more
    │   └── WaitTimeoutError              the timeout of the wait is over
    └── ServiceError                      the service returned an error
        ├── AccessDeniedException
        ├── AuthenticationException
        ├── ConflictException
        ├── InternalServerException
        ├── RequestTimeoutException
        ├── ResourceNotFoundException
        ├── ServiceQuotaExceededException
        ├── ThrottlingException
        └── ValidationException

The leaves under ``ServiceError`` are categories that all services share. An error of one service
is in that service's package, as a subclass of its category.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from .states import TaskLike

__all__ = [
    "AccessDeniedException",
    "AuthenticationException",
    "ClosedClientError",
    "ConfigurationError",
    "ConflictException",
    "ConnectTimeoutError",
    "ConnectionClosedError",
    "CredentialRetrievalError",
    "EndpointConnectionError",
    "InternalServerException",
    "InvalidEndpointError",
    "InvalidRegionError",
    "NoCredentialsError",
    "NoRegionError",
    "OmicsTasksError",
    "PaginationError",
    "ParamValidationError",
    "Problem",
    "ProfileNotFoundError",
    "ProxyConnectionError",
    "ReadTimeoutError",
    "RequestTimeoutException",
    "ResourceNotFoundException",
    "ResponseError",
    "SSLError",
    "ServiceError",
    "ServiceQuotaExceededException",
    "ThrottlingException",
    "TransportError",
    "ValidationException",
    "WaitError",
    "WaitFailedError",
    "WaitTimeoutError",
]


def _response_facts(status: int | None, request_id: str | None, body: str) -> list[str]:
    """Return the known facts of a response, for messages."""
    facts = [] if status is None else [f"HTTP {status}"]
    if request_id:
        facts.append(f"request id: {request_id}")
    if body:
        facts.append(f"body: {body!r}")
    return facts


def _restore(
    cls: type[OmicsTasksError], args: tuple[object, ...], state: dict[str, Any]
) -> OmicsTasksError:
    error = cls.__new__(cls, *args)
    error.__dict__.update(state)
    return error


class OmicsTasksError(Exception):
    """Base class of all exceptions that this library raises."""

    service: str | None = None
    """Id of the service: ``omics``, ``ecs`` or ``deadline``; None if none was called."""
    operation: str | None = None
    """Name of the API operation, such as ``GetRun``; None if no operation was called."""
    attempts: int = 0
    """Number of requests that the call made."""
    retryable: bool = False
    """True if the same call may succeed a little later, and repeating it does no harm."""
    throttling: bool = False
    """True if the service throttled the call."""
    may_have_happened: bool = False
    """True if the operation may have been carried out in spite of the error.

    One of the call's requests may have reached the service, which did not refuse it. Always False
    for operations that only read.
    """
    retry_after: float | None = None
    """Seconds that the service asks to wait before a retry; None if it gives none."""
    partial: object = None
    """Results fetched before work of several requests failed; None for a single request.

    It is a ``DescribedTasks`` from ``describe_tasks``, a ``TaskBatch`` from ``batch_get_tasks``,
    and a list of items from ``collect()`` and from a page of ``iter_tasks``.
    """

    def __init__(self, message: str = "") -> None:
        super().__init__(message)
        self.message: str | None = message
        """The error message; for a ``ServiceError``, the service's own message, or None."""

    def _facts(self) -> list[str]:
        return [f"attempts: {self.attempts}"] if self.attempts > 1 else []

    def __str__(self) -> str:
        where = f"{self.service} {self.operation}: " if self.operation else ""
        facts = self._facts()
        return f"{where}{self.message}" + (f" ({', '.join(facts)})" if facts else "")

    def __reduce__(self) -> tuple[Any, ...]:
        return _restore, (type(self), self.args, self.__dict__)


class ConfigurationError(OmicsTasksError):
    """A setting is missing or invalid; the message names all places that were looked up."""


class NoRegionError(ConfigurationError):
    """No region was passed and none is configured."""


class InvalidRegionError(ConfigurationError):
    """The region can't be part of a host name."""


class InvalidEndpointError(ConfigurationError):
    """The endpoint is not a plain http or https URL, or contradicts another setting."""


class ProfileNotFoundError(ConfigurationError):
    """The profile is in none of the configuration files."""


class NoCredentialsError(ConfigurationError):
    """No provider of the credential chain has credentials."""


class CredentialRetrievalError(ConfigurationError):
    """A credential provider failed."""


class Problem(NamedTuple):
    """An invalid argument and the rule that it violates."""

    argument: str
    """Name of the method's argument, with an index for an element of a list."""
    rule: str
    """The API's rule for the argument."""


class ParamValidationError(OmicsTasksError):
    """One or more arguments violate the API's rules; nothing was sent."""

    def __init__(self, service: str, operation: str, problems: tuple[Problem, ...]) -> None:
        lines = "".join(f"\n  {argument}: {rule}" for argument, rule in problems)
        super().__init__(f"invalid arguments{lines}")
        self.service: str | None = service
        self.operation: str | None = operation
        self.problems = problems
        """All invalid arguments with their rules."""


class TransportError(OmicsTasksError):
    """The request could not be sent, or no complete response was received."""

    retryable = True
    status: int | None = None
    """HTTP status of an incomplete response; None if no status was received."""
    request_id: str | None = None
    """AWS's request id; None if none was received."""
    body: str = ""
    """Start of an incomplete body, up to 200 characters; empty if it may be sensitive."""

    def _facts(self) -> list[str]:
        return _response_facts(self.status, self.request_id, self.body) + super()._facts()


class EndpointConnectionError(TransportError):
    """The connection to the endpoint failed."""


class ProxyConnectionError(EndpointConnectionError):
    """The connection to the proxy failed, or the proxy refused to connect."""


class SSLError(EndpointConnectionError):
    """The endpoint's TLS certificate was not accepted, or the TLS handshake failed."""

    retryable = False


class ConnectTimeoutError(TransportError):
    """Connecting, or waiting for a connection from the pool, exceeded the timeout."""


class ReadTimeoutError(TransportError):
    """Sending the request or receiving the response exceeded the timeout."""


class ConnectionClosedError(TransportError):
    """The connection closed before the response was complete, or the response was not HTTP."""


class ResponseError(OmicsTasksError):
    """The response violates the protocol: it is HTML, truncated, has values of wrong types …"""

    def __init__(
        self,
        message: str = "",
        *,
        service: str | None = None,
        operation: str | None = None,
        status: int = 200,
        request_id: str | None = None,
        body: str = "",
        retryable: bool = False,
    ) -> None:
        super().__init__(message)
        self.service: str | None = service
        self.operation: str | None = operation
        self.status = status
        """HTTP status of the response."""
        self.request_id = request_id
        """AWS's request id; None if the response has none."""
        self.body = body
        """Start of the body, up to 200 characters; empty if it may have sensitive members."""
        self.retryable = retryable

    def _facts(self) -> list[str]:
        return _response_facts(self.status, self.request_id, self.body) + super()._facts()


class ClosedClientError(OmicsTasksError):
    """The client is closed, and sends no more requests."""


class PaginationError(OmicsTasksError):
    """The service repeated a page token, so that the iteration would never end."""

    def __init__(self, service: str, operation: str, token: str) -> None:
        message = f"the service repeated the page token {token[:80]!r}: the listing would never end"
        super().__init__(message)
        self.service: str | None = service
        self.operation: str | None = operation
        self.token = token
        """The repeated token."""


class WaitError(OmicsTasksError):
    """A wait ended before its task or run reached the awaited state."""

    def __init__(
        self,
        message: str = "",
        *,
        service: str | None = None,
        operation: str | None = None,
        snapshots: tuple[TaskLike, ...] = (),
        snapshot: TaskLike | None = None,
        reason: str | None = None,
    ) -> None:
        super().__init__(message)
        self.service: str | None = service
        self.operation: str | None = operation
        self.snapshots = snapshots
        """Latest snapshots of all tasks or runs of the wait, without those never seen."""
        self.snapshot = snapshot
        """Latest snapshot of the task or run that failed or is late; None if it was never seen."""
        self.reason = reason
        """Reason for its state, or for its being missing; None if the service gives none."""


class WaitFailedError(WaitError):
    """A task or run ended in another state, or an ECS task does not exist (any more)."""


class WaitTimeoutError(WaitError):
    """The timeout of a wait is over; the awaited state may still be reached."""


class ServiceError(OmicsTasksError):
    """The service returned an error. Codes without a class of their own raise this class."""

    status: int = 400
    """HTTP status; on a class, the status that the API documents for the error."""

    def __init__(
        self,
        message: str | None = None,
        *,
        service: str | None = None,
        operation: str | None = None,
        code: str | None = None,
        status: int | None = None,
        request_id: str | None = None,
        headers: Mapping[str, str] | None = None,
        body: str = "",
    ) -> None:
        """Create an error. All arguments are optional; code and status default to the class's."""
        super().__init__(message or "")
        self.service: str | None = service
        self.operation: str | None = operation
        self.code: str = code or type(self).__name__
        """Error code of the service, such as ``ThrottlingException``."""
        self.message = message
        """Error message of the service; None if it sent none."""
        self.status = type(self).status if status is None else status
        self.request_id = request_id
        """AWS's request id; None if the response has none."""
        self.headers: dict[str, str] = dict(headers or {})
        """Headers of the response, names in lower case."""
        self.body = body
        """Start of the response body, up to 200 characters."""

    def __str__(self) -> str:
        where = f"{self.service} {self.operation}: " if self.operation else ""
        error = f"{self.code}: {self.message}" if self.message else self.code
        body = "" if self.message else self.body
        facts = _response_facts(self.status, self.request_id, body) + self._facts()
        return f"{where}{error} ({', '.join(facts)})"


class AccessDeniedException(ServiceError):
    """The caller lacks the permission for the operation."""

    status = 403


class AuthenticationException(ServiceError):
    """Authentication failed: the credentials or the signature are invalid, expired or missing."""

    status = 403


class ConflictException(ServiceError):
    """The request conflicts with the current state of the resource."""

    status = 409


class InternalServerException(ServiceError):
    """The service failed internally."""

    status = 500
    retryable = True


class RequestTimeoutException(ServiceError):
    """The service did not complete the request within its own time limit."""

    status = 408
    retryable = True


class ResourceNotFoundException(ServiceError):
    """The resource does not exist in this account and region."""

    status = 404


class ServiceQuotaExceededException(ServiceError):
    """A quota of the account is exceeded."""

    status = 402


class ThrottlingException(ServiceError):
    """The service throttled the request: there were too many requests."""

    status = 429
    retryable = True
    throttling = True


class ValidationException(ServiceError):
    """The service rejected the arguments."""

    status = 400
