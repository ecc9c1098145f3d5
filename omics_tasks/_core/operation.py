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
    """How a service puts operations on the wire."""

    REST_JSON = "rest-json"
    """Method and path say what is meant; the rest goes into the query or a JSON body."""
    AWS_JSON = "json"
    """awsJson 1.1: always ``POST /``, a header names the operation, all goes into a JSON body."""


class Repeatability(Enum):
    """Whether a second request does harm, where the first may have reached the service."""

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


# Every request asks for it.
@cache
def _repeatability_of(arguments: type[Input], method: str) -> Repeatability:
    if any(f.default_factory is new_token for f in arguments.model_fields.values()):
        return Repeatability.BY_TOKEN
    return _OF_METHODS.get(method, Repeatability.NONE)


@dataclass(frozen=True, slots=True)
class Service:
    """A service: where it is and how it is spoken to."""

    id: str
    """AWS's id of it: the signing name, the name in its host, and the end of its variables."""
    host_prefix: str
    """What its host begins with, before the id, as it stands: with or without a dot."""
    protocol: Protocol
    target_prefix: str = ""
    """awsJson: what ``X-Amz-Target`` has before the operation's name."""
    rate_limit: RateLimit | None = None
    """What AWS allows an account in a Region; None where it publishes nothing."""
    shares_rate: bool = False
    """True where that is for all operations together, False where for each."""


@dataclass(frozen=True, slots=True, eq=False)  # what is computed of one is cached by identity
class Operation(Generic[In_co, Out_co]):
    """One API operation: everything that the rest of the library has to know of it."""

    service: Service
    name: str
    input: type[In_co]
    output: type[Out_co]
    """``NoneType`` where the operation gives nothing back."""
    errors: tuple[type[ServiceError], ...]
    """What the service's model says that it raises, one class per error code."""
    method: str = "POST"
    path: str = "/"
    """``{memberName}`` stands for a member of the input, under its name on the wire."""
    sensitive: bool = False
    """True where the output has members that must not be shown anywhere."""

    host_prefix: str | None = None
    """Prefix of the host, where it differs from the service's."""
    declared_repeatability: Repeatability | None = None
    """None: that of its HTTP method, or of a token among its members."""

    @property
    def repeatability(self) -> Repeatability:
        """Whether a second request does harm."""
        if self.declared_repeatability is not None:
            return self.declared_repeatability
        return _repeatability_of(self.input, self.method)

    @property
    def counted_as(self) -> str:
        """What the service counts its requests under."""
        return self.service.id if self.service.shares_rate else self.name
