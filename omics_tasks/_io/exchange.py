"""The interface to HTTP libraries: one request and its response.

Each library has an adapter: ``pool.py`` for httpcore, ``transport.py`` for httpx.
"""

from __future__ import annotations

import ssl
from collections.abc import (
    AsyncIterable,
    Awaitable,
    Callable,
    Generator,
    Iterable,
    Mapping,
)
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Protocol

from ..errors import (
    ClosedClientError,
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    OmicsTasksError,
    ProxyConnectionError,
    ReadTimeoutError,
    SSLError,
    TransportError,
)
from .closing import AsyncClosing, Closing
from .limits import ResponseReader

MAX_CONNECTIONS = 100
MAX_KEPT_CONNECTIONS = 20
KEEP_ALIVE = 60.0
"""Seconds that a connection is kept idle: longer than the longest pause between two polls."""


@dataclass(frozen=True, slots=True)
class SignedRequest:
    """An HTTP request, ready to be sent."""

    method: str
    url: str
    """URL, encoded as it was signed."""
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    time_outs: Mapping[str, float]
    """Seconds for the phases that httpx and httpcore call connect, pool, read and write."""


@dataclass(frozen=True, slots=True)
class Reply:
    """The head of an HTTP response, and the way to its body."""

    status: int
    headers: Mapping[str, str]
    """Names in lower case."""
    chunks: Iterable[bytes] = field(repr=False)
    """The body, as it comes."""
    close: Callable[[], None] = field(repr=False)
    """Release the connection; to be called in any case."""
    body: bytes | None = field(default=None, repr=False)
    """The whole body, where a mock transport read and unpacked it."""


@dataclass(frozen=True, slots=True)
class AsyncReply:
    """``Reply``, awaited."""

    status: int
    headers: Mapping[str, str]
    chunks: AsyncIterable[bytes] = field(repr=False)
    close: Callable[[], Awaitable[None]] = field(repr=False)
    body: bytes | None = field(default=None, repr=False)


class Channel(Protocol):
    """Sends the requests of one sync client."""

    def handle(self, request: SignedRequest) -> Reply:
        """Send the request, and wait for the head of its response."""
        ...

    def close(self) -> None:
        """Close all connections."""
        ...


class AsyncChannel(Protocol):
    """``Channel``, awaited."""

    async def handle(self, request: SignedRequest) -> AsyncReply:
        """Send the request, and wait for the head of its response."""
        ...

    async def aclose(self) -> None:
        """Close all connections."""
        ...


def lower_case(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """Return headers as they came, by their names in lower case; the last of a name counts."""
    return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in headers}


ErrorClassifier = Callable[[BaseException], type[TransportError] | None]
"""Return the class of error that a library's failure becomes; None if it is not the library's."""

_MESSAGES: Mapping[type[TransportError], str] = {
    ConnectTimeoutError: "no connection in time to",
    ReadTimeoutError: "no response in time from",
    ProxyConnectionError: "the proxy failed, on the way to",
    SSLError: "TLS failed with",
    EndpointConnectionError: "no connection to",
    ConnectionClosedError: "no complete response from",
}


@contextmanager
def translate_errors(
    url: str,
    reader: ResponseReader,
    classify_error: ErrorClassifier,
    closing: Closing | AsyncClosing,
) -> Generator[None]:
    """Raise a TransportError for what fails inside.

    It is the cause of the ClosedClientError where the client's end interrupted the request.
    """

    def failure(error: BaseException) -> TransportError | None:
        cls = classify_error(error)
        if cls is None:
            return None
        return reader.described(cls(f"{_MESSAGES[cls]} {url}: {error or type(error).__name__}"))

    try:
        yield
    except ClosedClientError as closed:
        interrupted = closed.__context__
        if isinstance(interrupted, TimeoutError):  # an async client's end comes as a time-out
            raise closed from failure(interrupted)
        raise
    except OmicsTasksError:
        raise
    except Exception as error:
        failed = failure(error)
        if failed is None:
            raise
        try:
            closing.check()
        except ClosedClientError as closed:
            raise closed from failed
        raise failed from error


def is_tls_error(error: BaseException | None) -> bool:
    """Return whether an error of the ``ssl`` module is among its causes."""
    while error is not None:
        if isinstance(error, ssl.SSLError):
            return True
        error = error.__cause__ or error.__context__
    return False
