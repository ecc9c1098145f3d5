"""aiohttp, through httpx-aiohttp: faster than httpx's own transport, the more so the more requests
run side by side. Both come with the extra ``async``.
"""

from __future__ import annotations

from typing import Any, cast

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

_ADDED_BY_ITSELF = ("Accept", "Accept-Encoding", "Content-Type", "User-Agent")


class _ExactSession:
    """Sends URLs as they are; aiohttp would decode some of what the signature has encoded."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        self._session = session

    def request(self, method: str, url: str, **options: Any) -> Any:
        return self._session.request(method, URL(url, encoded=True), **options)


class AiohttpTransport(httpx_aiohttp.AiohttpTransport):
    """httpx-aiohttp's transport, which sends what it is given as it is, once, and no more."""

    _session: aiohttp.ClientSession | None = None

    def get_client(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(
                    limit=self.limits.max_connections or 0, ssl=self.ssl_context
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


def meaning_of(error: BaseException) -> type[TransportError] | None:
    """What a failure of aiohttp's, or one that httpx-aiohttp made of it, is; None for any other.

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
