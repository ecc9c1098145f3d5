"""httpx: all of it that the library uses. Requests go straight to a transport, without a client:
no redirects, no cookies, no headers that nobody asked for, and half the time.
"""

from __future__ import annotations

import math
import ssl
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import httpx

from .._core.protocols import Request, Response
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
from .credentials import Credentials, CredentialsLike, CredentialSource, credential_source
from .profiles import SessionLike
from .signing import sign

SyncTransport = httpx.BaseTransport
AsyncTransport = httpx.AsyncBaseTransport


def _now() -> datetime:
    return datetime.now(UTC)


class _Signer:
    """What signs httpx requests for one service in one region."""

    def __init__(
        self,
        service: str,
        region: str,
        source: CredentialSource,
        clock: Callable[[], datetime],
    ) -> None:
        self.service = service
        self.region = region
        self.source = source
        self._clock = clock

    def sign(self, request: httpx.Request, credentials: Credentials) -> None:
        """Signs the request as it is now; its body must have been read."""
        signature = sign(
            request.method,
            str(request.url),
            request.headers,
            request.content,
            service=self.service,
            region=self.region,
            credentials=credentials,
            at=self._clock(),
        )
        request.headers.pop("X-Amz-Security-Token", None)
        request.headers.update(signature)


def _source(
    credentials: CredentialsLike | CredentialSource | None,
    session: SessionLike | None,
    profile: str | None,
    region: str,
) -> CredentialSource:
    if isinstance(credentials, CredentialSource):
        return credentials
    return credential_source(credentials, session, profile, region)


class SigV4Transport(httpx.BaseTransport):
    """An httpx transport that signs what passes through, for any AWS service.

    ::

        httpx.Client(transport=SigV4Transport("execute-api", "eu-west-1"))

    Signs with Signature Version 4: the method, path, query, host, content type, every ``x-amz-``
    header and the body, which is read whole for that. Credentials are asked for again at every
    request; without any given they are those of botocore's default chain. Raises a
    ``ConfigurationError`` where there are none. An earlier signature on the request is replaced.
    """

    def __init__(
        self,
        service: str,
        region: str,
        *,
        credentials: CredentialsLike | CredentialSource | None = None,
        session: SessionLike | None = None,
        profile: str | None = None,
        transport: httpx.BaseTransport | None = None,
        clock: Callable[[], datetime] = _now,
    ) -> None:
        """``service`` is the signing name, such as ``omics``; ``transport`` sends what is signed.

        ``clock`` gives the time to sign with, with a zone.
        """
        self._signer = _Signer(
            service, region, _source(credentials, session, profile, region), clock
        )
        self._transport = transport or httpx.HTTPTransport()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.read()
        self._signer.sign(request, self._signer.source.get())
        return self._transport.handle_request(request)

    def close(self) -> None:
        self._transport.close()


class AsyncSigV4Transport(httpx.AsyncBaseTransport):
    """``SigV4Transport`` for ``httpx.AsyncClient``; credentials never hold up the event loop."""

    def __init__(
        self,
        service: str,
        region: str,
        *,
        credentials: CredentialsLike | CredentialSource | None = None,
        session: SessionLike | None = None,
        profile: str | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
        clock: Callable[[], datetime] = _now,
    ) -> None:
        """As ``SigV4Transport``; ``transport`` is an async one."""
        self._signer = _Signer(
            service, region, _source(credentials, session, profile, region), clock
        )
        self._transport = transport or httpx.AsyncHTTPTransport()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await request.aread()
        self._signer.sign(request, await self._signer.source.aget())
        return await self._transport.handle_async_request(request)

    async def aclose(self) -> None:
        await self._transport.aclose()


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where requests go, and how long they may take."""

    url: str
    connect_timeout: float
    read_timeout: float

    def request(
        self, request: Request, headers: Mapping[str, str], time_left: float | None
    ) -> httpx.Request:
        """The request to this endpoint, with time-outs that end before ``time_left`` is up."""
        left = math.inf if time_left is None else time_left
        connect, read = min(self.connect_timeout, left), min(self.read_timeout, left)
        return httpx.Request(
            request.method,
            self.url + request.target,
            headers={**request.headers, **headers},
            content=request.body or None,
            extensions={
                "timeout": {"connect": connect, "pool": connect, "read": read, "write": read}
            },
        )


class Sender:
    """Sends a request and reads the answer to its end; raises TransportError where none comes."""

    def __init__(self, transport: httpx.BaseTransport, endpoint: Endpoint) -> None:
        self._transport = transport
        self._endpoint = endpoint

    def send(
        self, request: Request, headers: Mapping[str, str], time_left: float | None
    ) -> Response:
        with _translated(self._endpoint.url):
            sent = self._endpoint.request(request, headers, time_left)
            response = self._transport.handle_request(sent)
            try:
                response.read()
            finally:
                response.close()
        return _plain(response)

    def close(self) -> None:
        self._transport.close()


class AsyncSender:
    """``Sender``, awaited."""

    def __init__(self, transport: httpx.AsyncBaseTransport, endpoint: Endpoint) -> None:
        self._transport = transport
        self._endpoint = endpoint

    async def send(
        self, request: Request, headers: Mapping[str, str], time_left: float | None
    ) -> Response:
        with _translated(self._endpoint.url):
            sent = self._endpoint.request(request, headers, time_left)
            response = await self._transport.handle_async_request(sent)
            try:
                await response.aread()
            finally:
                await response.aclose()
        return _plain(response)

    async def aclose(self) -> None:
        await self._transport.aclose()


def _plain(response: httpx.Response) -> Response:
    # A header that came twice is joined with commas; names are in lower case already.
    return Response(response.status_code, dict(response.headers), response.content)


@contextmanager
def _translated(url: str) -> Generator[None]:
    try:
        yield
    except httpx.RequestError as error:
        cls, what = _meaning(error)
        raise cls(f"{what} {url}: {error or type(error).__name__}") from error


def _meaning(error: httpx.RequestError) -> tuple[type[TransportError], str]:
    match error:
        case httpx.ConnectTimeout():
            return ConnectTimeoutError, "connecting took too long:"
        case httpx.PoolTimeout():
            return ConnectTimeoutError, "no connection became free in time:"
        case httpx.TimeoutException():
            return ReadTimeoutError, "no answer in time from"
        case httpx.ProxyError():
            return ProxyConnectionError, "the proxy failed, on the way to"
        case httpx.ConnectError() if _is_tls(error):
            return SSLError, "TLS failed with"
        case httpx.ConnectError():
            return EndpointConnectionError, "no connection to"
        case _:
            return ConnectionClosedError, "no whole answer from"


def _is_tls(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, ssl.SSLError):
            return True
        error = error.__cause__ or error.__context__
    return False


def default_transport(url: str, verify: bool | Path) -> httpx.HTTPTransport:
    """The transport that a client has when it is given none."""
    return httpx.HTTPTransport(verify=_tls(verify), proxy=_proxy(url))


def default_async_transport(url: str, verify: bool | Path) -> httpx.AsyncHTTPTransport:
    """The same for the async clients."""
    return httpx.AsyncHTTPTransport(verify=_tls(verify), proxy=_proxy(url))


def _tls(verify: bool | Path) -> ssl.SSLContext | bool:
    if isinstance(verify, bool):
        return verify
    try:
        if verify.is_dir():
            return ssl.create_default_context(capath=str(verify))
        return ssl.create_default_context(cafile=str(verify))
    except (ssl.SSLError, OSError) as error:
        raise ConfigurationError(f"verify: {verify} can't be used: {error}") from error


def _proxy(url: str) -> httpx.Proxy | None:
    """The environment's proxy for the endpoint: HTTP(S)_PROXY or ALL_PROXY, less NO_PROXY."""
    parts = urlsplit(url)
    proxies = getproxies()
    proxy = proxies.get(parts.scheme) or proxies.get("all")
    if not proxy or proxy_bypass(parts.netloc):
        return None
    return httpx.Proxy(proxy if "://" in proxy else f"http://{proxy}")
