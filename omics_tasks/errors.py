"""Everything that this library raises, in one tree.

    OmicsTasksError
    ├── ConfigurationError                the settings can't be used; nothing was sent
    │   ├── NoRegionError
    │   ├── InvalidRegionError
    │   ├── InvalidEndpointError
    │   ├── ProfileNotFoundError
    │   ├── NoCredentialsError
    │   └── CredentialRetrievalError
    ├── ParamValidationError              the arguments break the API's rules; nothing was sent
    ├── TransportError                    no answer came
    │   ├── EndpointConnectionError
    │   │   ├── ProxyConnectionError
    │   │   └── SSLError
    │   ├── ConnectTimeoutError
    │   ├── ReadTimeoutError
    │   └── ConnectionClosedError
    ├── ClosedClientError                 the client was closed before the call
    ├── ResponseError                     an answer came, but not one that the protocol promises
    ├── PaginationError                   a page token came that had come before
    ├── WaitError                         a wait ended before its goal
    │   ├── WaitFailedError               the goal can't be reached any more
    │   └── WaitTimeoutError
    └── ServiceError                      the service refused
        ├── AccessDeniedException
        ├── AuthenticationException
        ├── ConflictException
        ├── InternalServerException
        ├── RequestTimeoutException
        ├── ResourceNotFoundException
        ├── ServiceQuotaExceededException
        ├── ThrottlingException
        └── ValidationException

The leaves under ``ServiceError`` are categories: the same for every service. What only one service
raises is in that service's package, as a subclass of its category.
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


def _came(status: int | None, request_id: str | None, body: str) -> list[str]:
    """What is known of an answer, for messages."""
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
    """Base of all: ``except OmicsTasksError`` catches whatever this library raises."""

    service: str | None = None
    """Id of the service that was called: ``omics``, ``ecs`` or ``deadline``."""
    operation: str | None = None
    """Name of the API operation, such as ``GetRun``; None where none was under way."""
    attempts: int = 0
    """How many requests the call had made when it gave up."""
    retryable: bool = False
    """True where the same call may well succeed a little later."""
    throttling: bool = False
    """True where the service asked for fewer requests."""
    retry_after: float | None = None
    """Seconds to wait that the service asked for, if it did."""
    partial: object = None
    """What was done when work of several requests failed; None for a single request.

    A ``DescribedTasks`` of ``describe_tasks``, a ``TaskBatch`` of ``batch_get_tasks``, a list of
    items of ``collect()`` and of a page of ``iter_tasks``.
    """

    def __init__(self, message: str = "") -> None:
        super().__init__(message)
        self.message: str | None = message
        """What went wrong; of a service's error, the service's own words, if it has any."""

    def _facts(self) -> list[str]:
        return [f"attempts: {self.attempts}"] if self.attempts > 1 else []

    def __str__(self) -> str:
        where = f"{self.service} {self.operation}: " if self.operation else ""
        facts = self._facts()
        return f"{where}{self.message}" + (f" ({', '.join(facts)})" if facts else "")

    def __reduce__(self) -> tuple[Any, ...]:
        return _restore, (type(self), self.args, self.__dict__)


class ConfigurationError(OmicsTasksError):
    """A setting is missing or can't be used; the message names every place that was looked at."""


class NoRegionError(ConfigurationError):
    """No region was given and none is configured."""


class InvalidRegionError(ConfigurationError):
    """The region can't be part of a host name."""


class InvalidEndpointError(ConfigurationError):
    """The endpoint is not a plain http or https URL, or contradicts another setting."""


class ProfileNotFoundError(ConfigurationError):
    """The profile that was asked for is in none of the configuration files."""


class NoCredentialsError(ConfigurationError):
    """No provider of the credential chain has credentials."""


class CredentialRetrievalError(ConfigurationError):
    """A credential provider was found, and failed."""


class Problem(NamedTuple):
    """One argument and the rule that it breaks."""

    argument: str
    """Name of the argument, as the method has it; with an index where it is inside a list."""
    rule: str
    """What the API asks of it."""


class ParamValidationError(OmicsTasksError):
    """One or more arguments break the API's rules; nothing was sent."""

    def __init__(self, service: str, operation: str, problems: tuple[Problem, ...]) -> None:
        lines = "".join(f"\n  {argument}: {rule}" for argument, rule in problems)
        super().__init__(f"invalid arguments{lines}")
        self.service: str | None = service
        self.operation: str | None = operation
        self.problems = problems
        """Every bad argument with its rule."""


class TransportError(OmicsTasksError):
    """The request could not be sent, or no whole answer came back."""

    retryable = True
    status: int | None = None
    """HTTP status of the answer that broke off; None where not even its head came."""
    request_id: str | None = None
    """AWS's id of the request, None where none came."""
    body: str = ""
    """How the body that broke off begins, up to 200 characters; empty where it may be sensitive."""

    def _facts(self) -> list[str]:
        return _came(self.status, self.request_id, self.body) + super()._facts()


class EndpointConnectionError(TransportError):
    """No connection to the endpoint could be made."""


class ProxyConnectionError(EndpointConnectionError):
    """The proxy between could not be used."""


class SSLError(EndpointConnectionError):
    """The endpoint's TLS certificate was not accepted, or the TLS handshake failed."""

    retryable = False


class ConnectTimeoutError(TransportError):
    """Connecting, or waiting for a free connection, took longer than the time-out."""


class ReadTimeoutError(TransportError):
    """Sending the request or waiting for its answer took longer than the time-out."""


class ConnectionClosedError(TransportError):
    """The connection ended before the answer was whole, or what came was not HTTP."""


class ResponseError(OmicsTasksError):
    """An answer came that is not what the protocol promises: HTML, cut short, of wrong types …"""

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
        """HTTP status of the answer."""
        self.request_id = request_id
        """AWS's id of the request, None where the answer has none."""
        self.body = body
        """How the body begins, up to 200 characters; empty where it may hold sensitive members."""
        self.retryable = retryable

    def _facts(self) -> list[str]:
        return _came(self.status, self.request_id, self.body) + super()._facts()


class ClosedClientError(OmicsTasksError):
    """The client had been closed, and sends nothing any more."""


class PaginationError(OmicsTasksError):
    """A page token came that had come before in the same iteration: going on would never end."""

    def __init__(self, service: str, operation: str, token: str) -> None:
        super().__init__(f"the page token {token[:80]!r} came twice; going on would never end")
        self.service: str | None = service
        self.operation: str | None = operation
        self.token = token
        """The token that came twice."""


class WaitError(OmicsTasksError):
    """A wait ended before what was waited for had come to the state that it was to reach."""

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
        """All that was waited for, as it was last seen; without what never was."""
        self.snapshot = snapshot
        """The one that it failed for, or is late, as it was last seen; None if it never was."""
        self.reason = reason
        """Why that one is in its state, or missing; None where the service doesn't say."""


class WaitFailedError(WaitError):
    """What was waited for ended in another state, or is an ECS task that isn't there (any more)."""


class WaitTimeoutError(WaitError):
    """The time that a wait was given is over; what was waited for may still come."""


class ServiceError(OmicsTasksError):
    """The service answered with an error. A code that no class is named after is this one."""

    status: int = 400
    """HTTP status; on a class, the one that the API gives this error."""

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
        """All arguments may be left out: code and status are then those of the class."""
        super().__init__(message or "")
        self.service: str | None = service
        self.operation: str | None = operation
        self.code: str = code or type(self).__name__
        """The service's name for the error, such as ``ThrottlingException``."""
        self.message = message
        """The service's words; None where it sent none."""
        self.status = type(self).status if status is None else status
        self.request_id = request_id
        """AWS's id of the request, None where the answer has none."""
        self.headers: dict[str, str] = dict(headers or {})
        """The answer's headers, names in lower case."""
        self.body = body
        """How the answer's body begins, at most 200 characters."""

    def __str__(self) -> str:
        where = f"{self.service} {self.operation}: " if self.operation else ""
        said = f"{self.code}: {self.message}" if self.message else self.code
        body = "" if self.message else self.body
        facts = _came(self.status, self.request_id, body) + self._facts()
        return f"{where}{said} ({', '.join(facts)})"


class AccessDeniedException(ServiceError):
    """The caller may not do this."""

    status = 403


class AuthenticationException(ServiceError):
    """The service doesn't know the caller: bad, expired or missing credentials or signature."""

    status = 403


class ConflictException(ServiceError):
    """What was asked doesn't fit the state that the resource is in."""

    status = 409


class InternalServerException(ServiceError):
    """Something failed inside the service."""

    status = 500
    retryable = True


class RequestTimeoutException(ServiceError):
    """The service did not finish in its own time."""

    status = 408
    retryable = True


class ResourceNotFoundException(ServiceError):
    """There is no such resource in this account and region."""

    status = 404


class ServiceQuotaExceededException(ServiceError):
    """A quota of the account is used up."""

    status = 402


class ThrottlingException(ServiceError):
    """Too many requests: the service asks to slow down."""

    status = 429
    retryable = True
    throttling = True


class ValidationException(ServiceError):
    """The service refuses the arguments."""

    status = 400
