"""httpx: a given ``transport=``, and the default transports of the async clients."""

from __future__ import annotations

from functools import cache, lru_cache
from pathlib import Path
from typing import cast

import httpx

from ..errors import (
    ConfigurationError,
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    ProxyConnectionError,
    ReadTimeoutError,
    SSLError,
    TransportError,
)
from .exchange import (
    KEEP_ALIVE,
    MAX_CONNECTIONS,
    MAX_KEPT_CONNECTIONS,
    AsyncReply,
    ErrorClassifier,
    Reply,
    SignedRequest,
    is_tls_error,
    lower_case,
)
from .limits import is_connecting
from .network import proxy_for, tls_context

SyncTransport = httpx.BaseTransport
AsyncTransport = httpx.AsyncBaseTransport


def check_transport(transport: object, needed: type[SyncTransport | AsyncTransport]) -> None:
    """Raise ConfigurationError for an object that is no transport of the needed kind."""
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


class TransportChannel:
    """A channel over a given httpx transport."""

    def __init__(self, transport: httpx.BaseTransport) -> None:
        self._transport = transport

    def handle(self, request: SignedRequest) -> Reply:
        """Send the request, and wait for the head of its response."""
        response = self._transport.handle_request(_request(request))
        # httpx.Response would count and wrap each chunk, which takes a good part of the time.
        stream = cast(httpx.SyncByteStream, response.stream)
        headers = lower_case(response.headers.raw)
        return Reply(response.status_code, headers, stream, stream.close, _body(response))

    def close(self) -> None:
        """Close the transport."""
        self._transport.close()


class AsyncTransportChannel:
    """``TransportChannel``, awaited."""

    def __init__(self, transport: httpx.AsyncBaseTransport) -> None:
        self._transport = transport

    async def handle(self, request: SignedRequest) -> AsyncReply:
        """Send the request, and wait for the head of its response."""
        response = await self._transport.handle_async_request(_request(request))
        stream = cast(httpx.AsyncByteStream, response.stream)
        headers = lower_case(response.headers.raw)
        return AsyncReply(response.status_code, headers, stream, stream.aclose, _body(response))

    async def aclose(self) -> None:
        """Close the transport."""
        await self._transport.aclose()


# A program that polls asks for the same few URLs, and httpx takes its time to read one.
_read = lru_cache(maxsize=256)(httpx.URL)


def _request(request: SignedRequest) -> httpx.Request:
    signed = httpx.Request(
        request.method,
        _read(request.url),
        headers=request.headers,
        stream=httpx.ByteStream(request.body),
        extensions={"timeout": request.time_outs},
    )
    signed.read()  # a transport may look at the content
    return signed


def _body(response: httpx.Response) -> bytes | None:
    return response.content if response.is_stream_consumed else None


def classify_error(error: BaseException) -> type[TransportError] | None:
    """Return the class of error that a failure of httpx becomes; None for any other.

    A TimeoutError is one of ``asyncio.timeout``.
    """
    match error:
        case httpx.ConnectTimeout() | httpx.PoolTimeout():
            return ConnectTimeoutError
        case TimeoutError() if is_connecting.get():
            return ConnectTimeoutError
        case httpx.TimeoutException() | TimeoutError():
            return ReadTimeoutError
        case httpx.ProxyError():
            return ProxyConnectionError
        case httpx.ConnectError() if is_tls_error(error):
            return SSLError
        case httpx.ConnectError():
            return EndpointConnectionError
        case httpx.RequestError():
            return ConnectionClosedError
        case _:
            return None


@cache
def async_error_classifier() -> ErrorClassifier:
    """Return the classifier for the async clients, whatever they send with."""
    try:
        from . import aiohttp  # noqa: PLC0415 - an extra
    except ImportError:
        return classify_error
    return lambda error: aiohttp.classify_error(error) or classify_error(error)


class _AsyncHTTPTransport(httpx.AsyncHTTPTransport):
    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        is_connecting.set(True)
        return await super().handle_async_request(request)


_LIMITS = httpx.Limits(
    max_connections=MAX_CONNECTIONS,
    max_keepalive_connections=MAX_KEPT_CONNECTIONS,
    keepalive_expiry=KEEP_ALIVE,
)


def default_async_transport(url: str, verify: bool | Path) -> httpx.AsyncBaseTransport:
    """Return the default transport of an async client: aiohttp's if the extra is installed."""
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
    """Return the transport of an async client without the extra."""
    from .connections import AsyncConnections  # noqa: PLC0415 - httpx too loads httpcore this late

    transport = _AsyncHTTPTransport(
        verify=tls_context(url, verify), proxy=proxy_for(url), limits=_LIMITS
    )
    # httpx has no public way to say how its pool connects.
    vars(vars(transport)["_pool"])["_network_backend"] = AsyncConnections()
    return transport
