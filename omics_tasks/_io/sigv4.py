"""httpx transports that sign the requests sent through them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from typing import Generic, TypeVar

import httpx

from .clock import utc_now
from .credentials import Credentials, CredentialsLike, credential_source
from .network import find_certificates, proxy_for, tls_context
from .profiles import SessionLike, load_profile
from .signing import Signer
from .transport import AsyncTransport, SyncTransport, check_transport


def _signed(request: httpx.Request, signer: Signer, credentials: Credentials) -> httpx.Request:
    """Return a signed copy of the request, whose body must have been read.

    The original stays unsigned, as the signature's headers must not look like the caller's own
    ones when the same request is sent again or redirected.
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
    # httpx's own decoding would detect the encoding of the headers first.
    headers = [(n.decode("latin-1"), v.decode("latin-1")) for n, v in copy.headers.raw]
    copy.headers.update(signer.sign(copy.method, str(copy.url), headers, copy.content, credentials))
    return copy


T = TypeVar("T", httpx.HTTPTransport, httpx.AsyncHTTPTransport)


class _TransportsByProxy(Generic[T]):
    """The transports by proxy, all with the same TLS certificates."""

    def __init__(
        self, make: Callable[..., T], session: SessionLike | None, profile: str | None
    ) -> None:
        verify = find_certificates(None, load_profile(profile, session))
        self._make: Callable[..., T] = partial(make, verify=tls_context("https://", verify))
        self._made: dict[str | None, T] = {}

    def __getitem__(self, request: httpx.Request) -> T:
        """Return the transport for the proxy of this request."""
        proxy = proxy_for(str(request.url))
        if proxy not in self._made:
            # If two threads create one at once, one is dropped, which has no connection yet.
            self._made.setdefault(proxy, self._make(proxy=proxy))
        return self._made[proxy]

    def __iter__(self) -> Iterator[T]:
        return iter(list(self._made.values()))


class _DefaultTransport(httpx.BaseTransport):
    """The default transport of ``SigV4Transport``."""

    def __init__(self, session: SessionLike | None, profile: str | None) -> None:
        self._transports = _TransportsByProxy(httpx.HTTPTransport, session, profile)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return self._transports[request].handle_request(request)

    def close(self) -> None:
        for transport in self._transports:
            transport.close()


class _DefaultAsyncTransport(httpx.AsyncBaseTransport):
    """The default transport of ``AsyncSigV4Transport``."""

    def __init__(self, session: SessionLike | None, profile: str | None) -> None:
        self._transports = _TransportsByProxy(httpx.AsyncHTTPTransport, session, profile)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        return await self._transports[request].handle_async_request(request)

    async def aclose(self) -> None:
        for transport in self._transports:
            await transport.aclose()


class SigV4Transport(httpx.BaseTransport):
    """An httpx transport that signs the requests sent through it, for any AWS service.

        httpx.Client(transport=SigV4Transport("execute-api", "eu-west-1"))

    The signature (AWS Signature Version 4) covers the method, path, query, host, content type,
    every ``x-amz-`` header and the body, which is read into memory for that. A request with an
    ``x-amz-content-sha256`` header, such as ``UNSIGNED-PAYLOAD``, is signed with its value in
    place of the body's hash. An earlier signature on the request is replaced.

    Credentials are looked up for every request; the default is botocore's default chain. Raise
    ``ConfigurationError`` if there are none.
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
        """Create a transport that signs for one service and region.

        ``service`` is the signing name, such as ``omics``. ``transport`` sends the signed
        requests; the default one uses the environment's proxy and verifies certificates as this
        library's clients do. ``clock`` returns the time for signatures, with a time zone.
        """
        check_transport(transport, SyncTransport)
        source = credential_source(credentials, session, profile, region)
        self._signer = Signer(service, region, source, clock)
        self._transport = _DefaultTransport(session, profile) if transport is None else transport

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Sign the request and send it."""
        request.read()
        signed = _signed(request, self._signer, self._signer.source.get())
        return self._transport.handle_request(signed)

    def close(self) -> None:
        """Close the underlying transport."""
        self._transport.close()


class AsyncSigV4Transport(httpx.AsyncBaseTransport):
    """``SigV4Transport`` for ``httpx.AsyncClient``; credentials never block the event loop."""

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
        """Create a transport with the arguments of ``SigV4Transport``, but an async one inside."""
        check_transport(transport, AsyncTransport)
        source = credential_source(credentials, session, profile, region)
        self._signer = Signer(service, region, source, clock)
        self._transport = (
            _DefaultAsyncTransport(session, profile) if transport is None else transport
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Sign the request and send it."""
        await request.aread()
        signed = _signed(request, self._signer, await self._signer.source.aget())
        return await self._transport.handle_async_request(signed)

    async def aclose(self) -> None:
        """Close the underlying transport."""
        await self._transport.aclose()
