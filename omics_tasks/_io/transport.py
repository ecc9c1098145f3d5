"""What a client sends with: httpx's transports, which of them, and what their errors are here."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import httpx

from ..errors import (
    ClosedClientError,
    ConfigurationError,
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
from .limits import Answer, is_connecting
from .network import proxy_for, tls_context

SyncTransport = httpx.BaseTransport
AsyncTransport = httpx.AsyncBaseTransport


def check_transport(transport: object, needed: type[SyncTransport | AsyncTransport]) -> None:
    """Raise ConfigurationError for what can't send the requests of such a client; None can."""
    if transport is None or isinstance(transport, needed):
        return
    is_class = isinstance(transport, type)
    cls = transport if isinstance(transport, type) else type(transport)
    given = f"{'the class ' * is_class}{cls.__module__}.{cls.__qualname__}"
    kind, other = ("a sync", "an async") if needed is SyncTransport else ("an async", "a sync")
    if is_class:
        advice = "make an object of it"
    elif isinstance(transport, SyncTransport | AsyncTransport):
        advice = f"that is {other} one"
    elif isinstance(transport, httpx.Client | httpx.AsyncClient):
        advice = "that is a client, which has a transport of its own; give such a transport"
    else:
        advice = "that is none"
    raise ConfigurationError(
        f"transport= must be {kind} httpx transport, an object of a subclass of "
        f"httpx.{needed.__name__}, not {given}: {advice}"
    )


_MESSAGES: Mapping[type[TransportError], str] = {
    ConnectTimeoutError: "no connection in time to",
    ReadTimeoutError: "no answer in time from",
    ProxyConnectionError: "the proxy failed, on the way to",
    SSLError: "TLS failed with",
    EndpointConnectionError: "no connection to",
    ConnectionClosedError: "no whole answer from",
}

ErrorClassifier = Callable[[BaseException], type[TransportError] | None]


@contextmanager
def translate_errors(
    url: str, answer: Answer, classify_error: ErrorClassifier, closing: Closing | AsyncClosing
) -> Generator[None]:
    """Raise a TransportError for what fails inside.

    It is the cause of the ClosedClientError where the client's end interrupted the request.
    """

    def failure(error: BaseException) -> TransportError | None:
        cls = classify_error(error)
        if cls is None:
            return None
        return answer.described(cls(f"{_MESSAGES[cls]} {url}: {error or type(error).__name__}"))

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


def classify_error(error: BaseException) -> type[TransportError] | None:
    """What a failure of httpx's is, or of ``asyncio.timeout``; None for any other."""
    match error:
        case httpx.ConnectTimeout() | httpx.PoolTimeout():
            return ConnectTimeoutError
        case TimeoutError() if is_connecting.get():
            return ConnectTimeoutError
        case httpx.TimeoutException() | TimeoutError():
            return ReadTimeoutError
        case httpx.ProxyError():
            return ProxyConnectionError
        case httpx.ConnectError() if _is_tls(error):
            return SSLError
        case httpx.ConnectError():
            return EndpointConnectionError
        case httpx.RequestError():
            return ConnectionClosedError
        case _:
            return None


@cache
def async_error_classifier() -> ErrorClassifier:
    try:
        from . import aiohttp  # noqa: PLC0415 - an extra, and of no use to sync programs
    except ImportError:
        return classify_error
    return lambda error: aiohttp.classify_error(error) or classify_error(error)


def _is_tls(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, ssl.SSLError):
            return True
        error = error.__cause__ or error.__context__
    return False


# Connections live longer than the longest pause between two polls of a wait.
_LIMITS = httpx.Limits(max_connections=100, max_keepalive_connections=20, keepalive_expiry=60.0)


class _HTTPTransport(httpx.HTTPTransport):
    """httpx's transport, over connections that end with their client."""

    def __init__(self, url: str, verify: bool | Path, closing: Closing) -> None:
        from .connections import Connections  # noqa: PLC0415 - httpx too loads httpcore this late

        super().__init__(verify=tls_context(url, verify), proxy=proxy_for(url), limits=_LIMITS)
        self._connections = Connections(closing)
        # httpx has no public way to say how its pool connects.
        vars(self._pool)["_network_backend"] = self._connections

    def close(self) -> None:
        self._connections.end()
        super().close()


class _AsyncHTTPTransport(httpx.AsyncHTTPTransport):
    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        is_connecting.set(True)
        return await super().handle_async_request(request)


def default_transport(url: str, verify: bool | Path, closing: Closing) -> httpx.HTTPTransport:
    """The transport that a client has when it is given none."""
    return _HTTPTransport(url, verify, closing)


def default_async_transport(url: str, verify: bool | Path) -> httpx.AsyncBaseTransport:
    """The same for the async clients: aiohttp's where the ``async`` extra is installed."""
    try:
        from .aiohttp import AiohttpTransport  # noqa: PLC0415 - as above
    except ImportError:
        return httpx_async_transport(url, verify)
    proxy = proxy_for(url)
    return AiohttpTransport(
        verify=tls_context(url, verify),
        proxy=httpx.Proxy(proxy) if proxy else None,
        limits=_LIMITS,
    )


def httpx_async_transport(url: str, verify: bool | Path) -> httpx.AsyncHTTPTransport:
    """The same without the extra."""
    from .connections import AsyncConnections  # noqa: PLC0415 - as above

    transport = _AsyncHTTPTransport(
        verify=tls_context(url, verify), proxy=proxy_for(url), limits=_LIMITS
    )
    vars(vars(transport)["_pool"])["_network_backend"] = AsyncConnections()  # as above
    return transport
