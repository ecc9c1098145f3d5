"""Services and operations, as frozen data."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from functools import cache
from typing import Generic, TypeVar

from ..errors import ServiceError
from .model import Input, Model, new_token
from .rate_limiter import RateLimit

In = TypeVar("In", bound=Input)
Out = TypeVar("Out", bound=Model | None)
In_co = TypeVar("In_co", bound=Input, covariant=True)
Out_co = TypeVar("Out_co", bound=Model | None, covariant=True)


class Protocol(Enum):
    """The wire protocol of a service."""

    REST_JSON = "rest-json"
    """Method and path name the operation; members go into path, query, headers or a JSON body."""
    AWS_JSON = "json"
    """awsJson 1.1: always ``POST /``; a header names the operation, all members are in the body."""


class Repeatability(Enum):
    """The effect of a second request, if the first may have reached the service."""

    SAFE = "safe"
    """The operation changes nothing."""
    IDEMPOTENT = "idempotent"
    """A second request changes nothing more."""
    BY_TOKEN = "by token"  # noqa: S105 - no secret
    """The service recognises the second request by its idempotency token."""
    NONE = "none"
    """A second request may act a second time."""


_OF_METHODS = {
    "GET": Repeatability.SAFE,
    "PUT": Repeatability.IDEMPOTENT,
    "DELETE": Repeatability.IDEMPOTENT,
}


# Looked up for every request.
@cache
def _repeatability_of(arguments: type[Input], method: str) -> Repeatability:
    if any(f.default_factory is new_token for f in arguments.model_fields.values()):
        return Repeatability.BY_TOKEN
    return _OF_METHODS.get(method, Repeatability.NONE)


@dataclass(frozen=True, slots=True)
class Service:
    """A service: its endpoint, protocol and rate limit."""

    id: str
    """Id of the service: its signing name, its name in the host and in environment variables."""
    host_prefix: str
    """Prefix of the host before the id, with its dot or hyphen."""
    protocol: Protocol
    target_prefix: str = ""
    """Prefix of ``X-Amz-Target`` before the operation's name (awsJson)."""
    rate_limit: RateLimit | None = None
    """Published request rate per account and Region; None if there is none."""
    shares_rate: bool = False
    """True if the rate is for all operations together, False if it is for each."""


@dataclass(frozen=True, slots=True, eq=False)  # what is computed of one is cached by identity
class Operation(Generic[In_co, Out_co]):
    """An API operation, with everything that the rest of the library needs to know."""

    service: Service
    name: str
    input: type[In_co]
    output: type[Out_co]
    """``NoneType`` if the operation has no output."""
    errors: tuple[type[ServiceError], ...]
    """Errors in the service's model, one class per error code."""
    method: str = "POST"
    path: str = "/"
    """Path with ``{memberName}`` for a member of the input, by its wire name."""
    sensitive: bool = False
    """True if the output has sensitive members, which must not be shown anywhere."""
    host_prefix: str | None = None
    """Prefix of the host, if it is not the service's."""
    declared_repeatability: Repeatability | None = None
    """None if it follows from the HTTP method, or from an idempotency token among the members."""

    @property
    def repeatability(self) -> Repeatability:
        """Effect of a second request, declared or derived."""
        if self.declared_repeatability is not None:
            return self.declared_repeatability
        return _repeatability_of(self.input, self.method)

    @property
    def counted_as(self) -> str:
        """Name that the service counts the requests under."""
        return self.service.id if self.service.shares_rate else self.name
