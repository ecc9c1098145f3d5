"""httpcore: what the sync clients send with by default."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import cast
from urllib.parse import urlsplit

import httpcore

from ..errors import (
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    ProxyConnectionError,
    ReadTimeoutError,
    SSLError,
    TransportError,
)
from .closing import Closing
from .connections import Connections
from .exchange import (
    KEEP_ALIVE,
    MAX_CONNECTIONS,
    MAX_KEPT_CONNECTIONS,
    Reply,
    SignedRequest,
    is_tls_error,
    lower_case,
)
from .network import proxy_for, split_proxy, tls_context


class Pool:
    """The connections of one sync client, which end with it."""

    def __init__(self, url: str, verify: bool | Path, closing: Closing) -> None:
        proxy = proxy_for(url)
        self._connections = Connections(closing)
        self._pool = httpcore.ConnectionPool(
            ssl_context=tls_context(url, verify),
            proxy=_proxy(proxy, verify) if proxy else None,
            max_connections=MAX_CONNECTIONS,
            max_keepalive_connections=MAX_KEPT_CONNECTIONS,
            keepalive_expiry=KEEP_ALIVE,
            network_backend=self._connections,
        )

    def handle(self, request: SignedRequest) -> Reply:
        """Send the request, and wait for the head of its response."""
        response = self._pool.handle_request(
            httpcore.Request(
                request.method,
                _read(request.url),
                headers=list(request.headers.items()),
                content=request.body,
                # It is read like a dictionary, and never changed.
                extensions={"timeout": request.time_outs},
            )
        )
        # Of a sync pool it is never the other kind.
        chunks = cast(Iterable[bytes], response.stream)
        return Reply(response.status, lower_case(response.headers), chunks, response.close)

    def close(self) -> None:
        """End all connections, also those that other threads are waiting for."""
        self._connections.end()
        self._pool.close()


# A program that polls asks for the same few URLs.
@lru_cache(maxsize=256)
def _read(url: str) -> httpcore.URL:
    parts = urlsplit(url)
    return httpcore.URL(
        scheme=parts.scheme,
        host=parts.hostname or "",
        port=parts.port,
        # httpcore's own reading would drop what follows a semicolon.
        target=f"{parts.path}?{parts.query}" if parts.query else parts.path,
    )


def _proxy(url: str, verify: bool | Path) -> httpcore.Proxy:
    scheme, user_and_password, host_and_port = split_proxy(url)
    auth = tuple(part.encode() for part in user_and_password)
    return httpcore.Proxy(
        f"{scheme}://{host_and_port}",
        auth=(auth[0], auth[1]) if any(auth) else None,
        ssl_context=tls_context(url, verify) if scheme == "https" else None,
    )


def classify_error(error: BaseException) -> type[TransportError] | None:
    """Return the class of error that a failure of httpcore becomes; None for any other."""
    match error:
        case httpcore.ConnectTimeout() | httpcore.PoolTimeout():
            return ConnectTimeoutError
        case httpcore.TimeoutException():
            return ReadTimeoutError
        case httpcore.ProxyError():
            return ProxyConnectionError
        case httpcore.ConnectError() if is_tls_error(error):
            return SSLError
        case httpcore.ConnectError():
            return EndpointConnectionError
        case httpcore.NetworkError() | httpcore.ProtocolError() | httpcore.UnsupportedProtocol():
            return ConnectionClosedError
        case _ if type(error).__module__.partition(".")[0] == "httpx":
            # A mock of httpcore, such as respx, raises httpx's errors.
            from . import transport  # noqa: PLC0415 - it loads httpx, which such a program has

            return transport.classify_error(error)
        case _:
            return None
