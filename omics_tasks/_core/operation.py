"""Services and operations, as frozen data."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Generic, TypeVar

from ..errors import ServiceError
from .model import Input, Model
from .rate_limiter import RateLimit

In = TypeVar("In", bound=Input)
Out = TypeVar("Out", bound=Model)
In_co = TypeVar("In_co", bound=Input, covariant=True)
Out_co = TypeVar("Out_co", bound=Model, covariant=True)


class Protocol(Enum):
    """How a service puts operations on the wire."""

    REST_JSON = "rest-json"
    """Method and path say what is meant; the rest goes into the query or a JSON body."""
    AWS_JSON = "json"
    """awsJson 1.1: always ``POST /``, a header names the operation, all goes into a JSON body."""


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


@dataclass(frozen=True, slots=True)
class Operation(Generic[In_co, Out_co]):
    """One API operation: everything that the rest of the library has to know of it."""

    service: Service
    name: str
    input: type[In_co]
    output: type[Out_co]
    errors: tuple[type[ServiceError], ...]
    """What the service's model says that it raises, one class per error code."""
    method: str = "POST"
    path: str = "/"
    """``{memberName}`` stands for a member of the input, under its name on the wire."""
    sensitive: bool = False
    """True where the output has members that must not be shown anywhere."""

    @property
    def counted_as(self) -> str:
        """What the service counts its requests under."""
        return self.service.id if self.service.shares_rate else self.name
