"""httpx transports that sign what is sent through them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from functools import partial
from typing import Generic, TypeVar

import httpx

from .clock import utc_now
from .credentials import Credentials, CredentialsLike, CredentialSource, credential_source
from .network import find_certificates, proxy_for, tls_context
from .profiles import SessionLike, load_profile
from .signing import sign
from .transport import AsyncTransport, SyncTransport, check_transport


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

    def signed(self, request: httpx.Request, credentials: Credentials) -> httpx.Request:
        """Return the request, whose body must have been read, signed anew.

        It is a copy: what the signature adds must not look like the caller's own headers when the
        same request comes again, or is followed by a redirected one.
        """
        copy = httpx.Request(
            request.method,
            request.url,
            headers=request.headers,
            stream=request.stream,
            extensions=request.extensions,
        )
        copy.read()
        copy.headers.pop("x-amz-security-token", None)
        headers = decoded(copy.headers)
        copy.headers.update(
            self.sign(copy.method, str(copy.url), headers, copy.content, credentials)
        )
        return copy


def decoded(headers: httpx.Headers) -> list[tuple[str, str]]:
    """All headers in lower case; httpx's own way to them guesses at their encoding each time."""
    return [(n.decode("latin-1").lower(), v.decode("latin-1")) for n, v in headers.raw]


T = TypeVar("T", httpx.HTTPTransport, httpx.AsyncHTTPTransport)


class _ByProxy(Generic[T]):
    """A transport for each proxy that requests go through, with the certificates of a client."""

    def __init__(
        self, make: Callable[..., T], session: SessionLike | None, profile: str | None
    ) -> None:
        verify = find_certificates(None, load_profile(profile, session))
        self._make: Callable[..., T] = partial(make, verify=tls_context("https://", verify))
        self._made: dict[str | None, T] = {}

    def __getitem__(self, request: httpx.Request) -> T:
        """The transport that this request is to go through."""
        proxy = proxy_for(str(request.url))
        if proxy not in self._made:
            # Of two that threads make at once one is kept; the other has no connection to close.
            self._made.setdefault(proxy, self._make(proxy=proxy))
        return self._made[proxy]

    def __iter__(self) -> Iterator[T]:
        return iter(list(self._made.values()))


class _OwnTransport(httpx.BaseTransport):
    """What ``SigV4Transport`` sends with when it is given no transport."""

    def __init__(self, session: SessionLike | None, profile: str | None) -> None:
        self._transports = _ByProxy(httpx.HTTPTransport, session, profile)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return self._transports[request].handle_request(request)

    def close(self) -> None:
        for transport in self._transports:
            transport.close()


class _OwnAsyncTransport(httpx.AsyncBaseTransport):
    """``_OwnTransport``, awaited."""

    def __init__(self, session: SessionLike | None, profile: str | None) -> None:
        self._transports = _ByProxy(httpx.AsyncHTTPTransport, session, profile)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        return await self._transports[request].handle_async_request(request)

    async def aclose(self) -> None:
        for transport in self._transports:
            await transport.aclose()


class SigV4Transport(httpx.BaseTransport):
    """An httpx transport that signs the requests sent through it, for any AWS service.

        httpx.Client(transport=SigV4Transport("execute-api", "eu-west-1"))

    Signs with Signature Version 4: the method, path, query, host, content type, every ``x-amz-``
    header and the body, which is read whole for that. A request that has an
    ``x-amz-content-sha256``, such as ``UNSIGNED-PAYLOAD``, is signed with that in place of the
    body's hash. Credentials are asked for again at every request; without any given they are those
    of botocore's default chain. Raises a ``ConfigurationError`` where there are none. An earlier
    signature on the request is replaced.
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

        Without one, requests are sent through the environment's proxy, and certificates are
        checked, as by this library's clients. ``clock`` gives the time to sign with, with a zone.
        """
        check_transport(transport, SyncTransport)
        source = credential_source(credentials, session, profile, region)
        self._signer = Signer(service, region, source, clock)
        self._transport = _OwnTransport(session, profile) if transport is None else transport

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Sign the request and send it."""
        request.read()
        signed = self._signer.signed(request, self._signer.source.get())
        return self._transport.handle_request(signed)

    def close(self) -> None:
        """Close the transport that it sends with."""
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
        check_transport(transport, AsyncTransport)
        source = credential_source(credentials, session, profile, region)
        self._signer = Signer(service, region, source, clock)
        self._transport = _OwnAsyncTransport(session, profile) if transport is None else transport

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Sign the request and send it."""
        await request.aread()
        signed = self._signer.signed(request, await self._signer.source.aget())
        return await self._transport.handle_async_request(signed)

    async def aclose(self) -> None:
        """Close the transport that it sends with."""
        await self._transport.aclose()
