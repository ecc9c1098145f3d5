"""httpx: all of it that the library uses. Requests go straight to a transport, without a client:
no redirects, no cookies, no headers that nobody asked for, and half the time.
"""

from __future__ import annotations

import math
import ssl
import time
from collections.abc import Callable, Generator, Iterable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, cast

import httpx

from .._core.protocols import Request, Response
from ..errors import (
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
from .clock import utc_now
from .closing import AsyncClosing, Closing
from .credentials import Credentials, CredentialsLike, CredentialSource, credential_source
from .forking import tell_after_fork
from .limits import Answer, Stale, TimeOuts
from .network import proxy_for, tls_context
from .profiles import SessionLike
from .signing import sign

if TYPE_CHECKING:
    import asyncio

SyncTransport = httpx.BaseTransport
AsyncTransport = httpx.AsyncBaseTransport


class Signer:
    """What signs requests to one service in one region."""

    def __init__(
        self, service: str, region: str, source: CredentialSource, clock: Callable[[], datetime]
    ) -> None:
        self.source = source
        self._service = service
        self._region = region
        self._clock = clock

    def sign(
        self,
        method: str,
        url: str,
        headers: Iterable[tuple[str, str]],
        body: bytes,
        credentials: Credentials,
    ) -> dict[str, str]:
        """The headers to add to such a request."""
        return sign(
            method,
            url,
            headers,
            body,
            service=self._service,
            region=self._region,
            credentials=credentials,
            at=self._clock(),
        )

    def sign_as_it_is(self, request: httpx.Request, credentials: Credentials) -> None:
        """Signs a request, whose body must have been read, in place of an earlier signature."""
        request.headers.pop("x-amz-security-token", None)
        headers = _decoded(request.headers)
        request.headers.update(
            self.sign(request.method, str(request.url), headers, request.content, credentials)
        )


def _decoded(headers: httpx.Headers) -> list[tuple[str, str]]:
    """All headers in lower case; httpx's own way to them guesses at their encoding each time."""
    return [(n.decode("latin-1").lower(), v.decode("latin-1")) for n, v in headers.raw]


class SigV4Transport(httpx.BaseTransport):
    """An httpx transport that signs what passes through, for any AWS service.

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
        credentials: CredentialsLike | None = None,
        session: SessionLike | None = None,
        profile: str | None = None,
        transport: httpx.BaseTransport | None = None,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        """``service`` is the signing name, such as ``omics``; ``transport`` sends what is signed.

        ``clock`` gives the time to sign with, with a zone.
        """
        source = credential_source(credentials, session, profile, region)
        self._signer = Signer(service, region, source, clock)
        self._transport = transport or httpx.HTTPTransport()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.read()
        self._signer.sign_as_it_is(request, self._signer.source.get())
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
        credentials: CredentialsLike | None = None,
        session: SessionLike | None = None,
        profile: str | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
        clock: Callable[[], datetime] = utc_now,
    ) -> None:
        """As ``SigV4Transport``; ``transport`` is an async one."""
        source = credential_source(credentials, session, profile, region)
        self._signer = Signer(service, region, source, clock)
        self._transport = transport or httpx.AsyncHTTPTransport()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await request.aread()
        self._signer.sign_as_it_is(request, await self._signer.source.aget())
        return await self._transport.handle_async_request(request)

    async def aclose(self) -> None:
        await self._transport.aclose()


# A program that polls asks for the same few URLs, and httpx takes its time to read one.
@lru_cache(maxsize=256)
def _read(url: str) -> tuple[httpx.URL, str, str]:
    """A URL as httpx sends it, the same as a string, and its host."""
    read = httpx.URL(url)
    return read, str(read), read.netloc.decode("ascii")


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where requests go, who signs them, and how long each phase of one may take."""

    url: str
    signer: Signer
    connect_timeout: float
    read_timeout: float
    attempt_timeout: float | None

    def bounded(self, time_left: Callable[[], float]) -> Callable[[], float]:
        """What is left of the call's time and of one attempt's, which begins now."""
        if self.attempt_timeout is None:
            return time_left
        end = time.monotonic() + self.attempt_timeout
        return lambda: min(time_left(), end - time.monotonic())

    def signed(
        self,
        request: Request,
        headers: Mapping[str, str],
        credentials: Credentials,
        time_left: Callable[[], float],
    ) -> httpx.Request:
        """The request to this endpoint. httpx gets its headers in one piece, which is quickest."""
        url, signed_url, host = _read(self.url + request.target)
        headers = {"Host": host, **request.headers, **headers}
        if request.method != "GET":
            headers["Content-Length"] = str(len(request.body))
        signature = self.signer.sign(
            request.method, signed_url, headers.items(), request.body, credentials
        )
        connect, read = self.connect_timeout, self.read_timeout
        limits = {"connect": connect, "pool": connect, "read": read, "write": read}
        signed = httpx.Request(
            request.method,
            url,
            headers={**headers, **signature},
            stream=httpx.ByteStream(request.body),
            extensions={
                "timeout": limits if time_left() == math.inf else TimeOuts(limits, time_left)
            },
        )
        signed.read()  # a transport may look at the content
        return signed


class Sender:
    """Signs and sends a request and reads the answer to its end.

    Raise TransportError if none comes, ConfigurationError if there are no credentials, and
    ClosedClientError once the client is closed, which ends what is under way.
    """

    def __init__(
        self, make: Callable[[], httpx.BaseTransport], endpoint: Endpoint, closing: Closing
    ) -> None:
        self._make = make
        self._transport: httpx.BaseTransport | None = make()
        self._lock = Lock()
        self._endpoint = endpoint
        self._closing = closing
        tell_after_fork(self)

    def send(
        self, request: Request, headers: Mapping[str, str], time_left: Callable[[], float]
    ) -> Response:
        time_left = self._endpoint.bounded(time_left)
        credentials = self._credentials(time_left)
        answer = Answer(time_left)
        with _translated(self._endpoint.url, answer, _meaning_of, self._closing):
            response = self._exchange(request, headers, credentials, time_left)
            answer.begin(response.status_code, dict(_decoded(response.headers)))
            if response.is_stream_consumed:
                return answer.of(response.content)
            # The response itself would count and wrap what passes, for a good part of the time.
            stream = cast(httpx.SyncByteStream, response.stream)
            try:
                for chunk in stream:
                    answer.take(chunk)
            finally:
                stream.close()
        return answer.whole()

    def _credentials(self, time_left: Callable[[], float]) -> Credentials:
        fetched = self._endpoint.signer.source.fetch()
        if isinstance(fetched, Credentials):
            return fetched
        try:
            return self._closing.result(fetched, time_left())
        except TimeoutError as error:
            raise ReadTimeoutError(_NO_CREDENTIALS) from error

    def _exchange(
        self,
        request: Request,
        headers: Mapping[str, str],
        credentials: Credentials,
        time_left: Callable[[], float],
    ) -> httpx.Response:
        """Send the request and return the head of the answer.

        It is sent again for each kept connection that the server had closed meanwhile: to read
        twice does no harm, and every connection fails in this way once at most.
        """
        while True:
            sent = self._endpoint.signed(request, headers, credentials, time_left)
            try:
                return self._open().handle_request(sent)
            except httpx.TransportError as error:
                if not isinstance(error.__cause__, Stale):
                    raise

    def _open(self) -> httpx.BaseTransport:
        with self._lock:
            self._closing.check()
            if self._transport is None:
                self._transport = self._make()
            return self._transport

    def after_fork(self) -> None:
        """Leave the connections to the parent; others are made when they are needed."""
        self._left_to_parent, self._transport, self._lock = self._transport, None, Lock()

    def close(self) -> None:
        self._closing.close()
        with self._lock:
            transport, self._transport = self._transport, None
        if transport is not None:
            transport.close()


class AsyncSender:
    """``Sender``, awaited. Its connections belong to one event loop: another one gets new ones."""

    def __init__(
        self,
        make: Callable[[], httpx.AsyncBaseTransport],
        endpoint: Endpoint,
        closing: AsyncClosing,
    ) -> None:
        self._make = make
        self._transport: httpx.AsyncBaseTransport | None = make()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._endpoint = endpoint
        self._closing = closing
        self._meaning_of = _async_meaning_of()
        tell_after_fork(self)

    async def send(
        self, request: Request, headers: Mapping[str, str], time_left: Callable[[], float]
    ) -> Response:
        import asyncio  # noqa: PLC0415 - sync programs never need it

        time_left = self._endpoint.bounded(time_left)
        self._claim(asyncio.get_running_loop())
        credentials = await self._credentials(time_left)
        answer = Answer(time_left)
        with _translated(self._endpoint.url, answer, self._meaning_of, self._closing):
            async with self._closing.limit(time_left()):
                response = await self._exchange(request, headers, credentials, time_left)
                answer.begin(response.status_code, dict(_decoded(response.headers)))
                if response.is_stream_consumed:
                    return answer.of(response.content)
                stream = cast(httpx.AsyncByteStream, response.stream)
                try:
                    async for chunk in stream:
                        answer.take(chunk)
                finally:
                    await stream.aclose()
        return answer.whole()

    async def _credentials(self, time_left: Callable[[], float]) -> Credentials:
        fetched = self._endpoint.signer.source.fetch()
        if isinstance(fetched, Credentials):
            return fetched
        try:
            return await self._closing.result(fetched, time_left())
        except TimeoutError as error:
            raise ReadTimeoutError(_NO_CREDENTIALS) from error

    async def _exchange(
        self,
        request: Request,
        headers: Mapping[str, str],
        credentials: Credentials,
        time_left: Callable[[], float],
    ) -> httpx.Response:
        while True:
            sent = self._endpoint.signed(request, headers, credentials, time_left)
            try:
                return await self._open().handle_async_request(sent)
            except httpx.TransportError as error:
                if not isinstance(error.__cause__, Stale):
                    raise

    def _claim(self, loop: asyncio.AbstractEventLoop) -> None:
        """Make the loop the client's. Raise ConfigurationError if another one that runs is."""
        if self._loop is None or self._loop is loop:
            self._loop = loop
            return
        if self._loop.is_running():
            raise ConfigurationError(
                "the client is in use on another event loop, which is still running; "
                "make a client for each event loop"
            )
        self._transport, self._loop = None, loop

    def _open(self) -> httpx.AsyncBaseTransport:
        self._closing.check()
        if self._transport is None:
            self._transport = self._make()
        return self._transport

    def after_fork(self) -> None:
        """Leave the connections to the parent; others are made when they are needed."""
        self._left_to_parent, self._transport, self._loop = self._transport, None, None

    def abandon(self) -> None:
        """Close the connections on their event loop, from anywhere, without waiting for it."""
        import asyncio  # noqa: PLC0415 - as above

        loop = self._loop
        if loop is not None and loop.is_running():
            asyncio.run_coroutine_threadsafe(self.aclose(), loop)

    async def aclose(self) -> None:
        self._closing.close()
        transport, self._transport = self._transport, None
        if transport is not None:
            await transport.aclose()


_NO_CREDENTIALS = "no credentials in time from their provider"

_WORDS: Mapping[type[TransportError], str] = {
    ConnectTimeoutError: "no connection in time to",
    ReadTimeoutError: "no answer in time from",
    ProxyConnectionError: "the proxy failed, on the way to",
    SSLError: "TLS failed with",
    EndpointConnectionError: "no connection to",
    ConnectionClosedError: "no whole answer from",
}

Meaning = Callable[[BaseException], type[TransportError] | None]


@contextmanager
def _translated(
    url: str, answer: Answer, meaning_of: Meaning, closing: Closing | AsyncClosing
) -> Generator[None]:
    try:
        yield
    except OmicsTasksError:
        raise
    except Exception as error:
        cls = meaning_of(error)
        if cls is None:
            raise
        closing.check()
        failure = cls(f"{_WORDS[cls]} {url}: {error or type(error).__name__}")
        raise answer.described(failure) from error


def _meaning_of(error: BaseException) -> type[TransportError] | None:
    """What a failure of httpx's is, or of ``asyncio.timeout``; None for any other."""
    match error:
        case httpx.ConnectTimeout() | httpx.PoolTimeout():
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
def _async_meaning_of() -> Meaning:
    try:
        from . import aiohttp  # noqa: PLC0415 - an extra, and of no use to sync programs
    except ImportError:
        return _meaning_of
    return lambda error: aiohttp.meaning_of(error) or _meaning_of(error)


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

    transport = httpx.AsyncHTTPTransport(
        verify=tls_context(url, verify), proxy=proxy_for(url), limits=_LIMITS
    )
    vars(vars(transport)["_pool"])["_network_backend"] = AsyncConnections()  # as above
    return transport
