"""aiohttp, through httpx-aiohttp: faster than httpx's own transport, the more so the more requests
run side by side. Both come with the ``async`` extra.
"""

from __future__ import annotations

import asyncio
from contextlib import AbstractAsyncContextManager
from contextvars import ContextVar
from functools import cached_property
from typing import Any, cast
from weakref import WeakSet

import aiohttp
import httpx_aiohttp
from yarl import URL

from ..errors import (
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    ProxyConnectionError,
    ReadTimeoutError,
    SSLError,
    TransportError,
)
from .limits import Stale, is_connecting

_ADDED_BY_ITSELF = ("Accept", "Accept-Encoding", "Content-Type", "User-Agent")

_is_kept: ContextVar[bool] = ContextVar("is_kept", default=False)
"""True if the connection of the current task's request was kept alive."""


class _Connector(aiohttp.TCPConnector):
    """Records which connections were kept alive. aiohttp's tracing can do it too, but is slower."""

    @cached_property
    def _known(self) -> WeakSet[asyncio.Protocol]:
        return WeakSet()

    async def connect(self, *request: Any, **options: Any) -> aiohttp.connector.Connection:
        is_connecting.set(True)
        connection = await super().connect(*request, **options)
        is_connecting.set(False)
        # Not the transport: uvloop's can't be weakly referenced.
        protocol = connection.protocol
        _is_kept.set(protocol in self._known)
        if protocol is not None:
            self._known.add(protocol)
        return connection


class _StaleConnectionError(Stale, aiohttp.ServerDisconnectedError):
    pass


class _Exchange:
    """A request that recognises a kept connection which broke before the response."""

    def __init__(self, request: AbstractAsyncContextManager[aiohttp.ClientResponse]) -> None:
        self._request = request

    async def __aenter__(self) -> aiohttp.ClientResponse:
        _is_kept.set(False)
        try:
            return await self._request.__aenter__()
        except aiohttp.ClientConnectionError as error:
            if _is_kept.get() and _is_without_answer(error):
                raise _StaleConnectionError(str(error)) from error
            raise


class _ExactSession:
    """Sends URLs as they are; aiohttp would decode some of what the signature has encoded.

    A proxy's user name and password go out in UTF-8, as httpx sends them.
    """

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session

    def request(
        self, method: str, url: str, *, proxy_auth: aiohttp.BasicAuth | None, **options: Any
    ) -> _Exchange:
        options["proxy_auth"] = proxy_auth and proxy_auth._replace(encoding="utf-8")
        return _Exchange(self._session.request(method, URL(url, encoded=True), **options))


class AiohttpTransport(httpx_aiohttp.AiohttpTransport):
    """httpx-aiohttp's transport, which sends what it is given as it is, once, and no more."""

    _session: aiohttp.ClientSession | None = None

    def get_client(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=_Connector(
                    limit=self.limits.max_connections or 0,
                    keepalive_timeout=self.limits.keepalive_expiry,
                    ssl=self.ssl_context,
                ),
                cookie_jar=aiohttp.DummyCookieJar(),
                skip_auto_headers=_ADDED_BY_ITSELF,
            )
            # A lost connection is for the caller's policy to retry, with a signature of its own;
            # aiohttp has no public way to say so.
            vars(self._session)["_retry_connection"] = False
        return cast(aiohttp.ClientSession, _ExactSession(self._session))

    async def aclose(self) -> None:
        if self._session is not None:
            await self._session.close()


def _is_without_answer(error: aiohttp.ClientConnectionError) -> bool:
    if isinstance(error, aiohttp.ServerDisconnectedError):
        return isinstance(error.message, str)  # else it is the part of an answer's head that came
    return isinstance(error, aiohttp.ClientOSError)


def classify_error(error: BaseException) -> type[TransportError] | None:
    """Return the class of error for a failure of aiohttp or httpx-aiohttp; None for any other.

    httpx-aiohttp takes a lost connection for a time-out, and lets what it doesn't know through.
    """
    is_own = isinstance(error, aiohttp.ClientError | UnicodeError)
    match error if is_own else error.__cause__:
        case aiohttp.ConnectionTimeoutError():
            return ConnectTimeoutError
        case aiohttp.ServerTimeoutError():
            return ReadTimeoutError
        case aiohttp.ClientProxyConnectionError() | aiohttp.ClientHttpProxyError():
            return ProxyConnectionError
        case aiohttp.ClientSSLError():
            return SSLError
        case aiohttp.ClientConnectorError():
            return EndpointConnectionError
        case aiohttp.ClientError():
            return ConnectionClosedError
        case UnicodeError():  # a head that httpx-aiohttp can't decode
            return ConnectionClosedError
        case _:
            return None
