"""A client's way to its endpoint: requests are signed, sent over httpx and answered.

Requests go straight to a transport, without an httpx client: no redirects, no cookies, no headers
that nobody asked for, and half the time.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock
from typing import TYPE_CHECKING, cast

import httpx

from .._core.endpoints import with_host_prefix
from .._core.protocols import Request, Response
from ..errors import ConfigurationError, CredentialRetrievalError
from .closing import AsyncClosing, Closing
from .credentials import Credentials
from .fork_safety import reset_after_fork
from .limits import Answer, Stale, TimeOuts, is_connecting
from .sigv4 import Signer, decoded
from .transport import async_error_classifier, classify_error, translate_errors

if TYPE_CHECKING:
    import asyncio


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
    host_prefix: str | None
    """The service's prefix in the URL of AWS's own endpoint; None for a custom endpoint."""
    signer: Signer
    connect_timeout: float
    read_timeout: float
    attempt_timeout: float | None

    def url_for(self, request: Request) -> str:
        """Return the URL without the target. At AWS, an operation may have a host of its own."""
        if request.host_prefix is None or self.host_prefix is None:
            return self.url
        return with_host_prefix(self.url, self.host_prefix, request.host_prefix)

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
        url, signed_url, host = _read(self.url_for(request) + request.target)
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
        reset_after_fork(self)

    def send(
        self, request: Request, headers: Mapping[str, str], time_left: Callable[[], float]
    ) -> Response:
        time_left = self._endpoint.bounded(time_left)
        credentials = self._credentials(time_left)
        answer = Answer(time_left)
        url = self._endpoint.url_for(request)
        with translate_errors(url, answer, classify_error, self._closing):
            response = self._exchange(request, headers, credentials, time_left)
            answer.begin(response.status_code, dict(decoded(response.headers)))
            if response.is_stream_consumed:
                return answer.of(response.content)
            # httpx.Response would count and wrap each chunk, which takes a good part of the time.
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
            raise CredentialRetrievalError(_NO_CREDENTIALS) from error

    def _exchange(
        self,
        request: Request,
        headers: Mapping[str, str],
        credentials: Credentials,
        time_left: Callable[[], float],
    ) -> httpx.Response:
        """Send the request and return the head of the answer.

        It is sent again for each kept connection that the server had closed meanwhile, if a second
        request does no harm: every connection fails in this way once at most.
        """
        while True:
            sent = self._endpoint.signed(request, headers, credentials, time_left)
            try:
                return self._open().handle_request(sent)
            except httpx.TransportError as error:
                if not _may_send_again(request, error):
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
        self._meaning_of = async_error_classifier()
        reset_after_fork(self)

    async def send(
        self, request: Request, headers: Mapping[str, str], time_left: Callable[[], float]
    ) -> Response:
        time_left = self._endpoint.bounded(time_left)
        credentials = await self._credentials(time_left)
        is_connecting.set(False)  # a transport that doesn't tell may have sent what fails
        answer = Answer(time_left)
        url = self._endpoint.url_for(request)
        with translate_errors(url, answer, self._meaning_of, self._closing):
            async with self._closing.limit(time_left()):
                response = await self._exchange(request, headers, credentials, time_left)
                answer.begin(response.status_code, dict(decoded(response.headers)))
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
            raise CredentialRetrievalError(_NO_CREDENTIALS) from error

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
                if not _may_send_again(request, error):
                    raise

    def claim(self, loop: asyncio.AbstractEventLoop) -> bool:
        """Make the loop the client's. Return whether another one was before.

        Raise ConfigurationError if that one is still running.
        """
        if self._loop is None or self._loop is loop:
            self._loop = loop
            return False
        if self._loop.is_running():
            raise ConfigurationError(
                "the client is in use on another event loop, which is still running; "
                "make a client for each event loop"
            )
        self._transport, self._loop = None, loop
        self._closing.forget()
        return True

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


def _may_send_again(request: Request, error: httpx.TransportError) -> bool:
    """Return whether the error is that of a kept connection, and a second request does no harm."""
    broken = error.__cause__
    return isinstance(broken, Stale) and (request.may_repeat or broken.is_unsent)


_NO_CREDENTIALS = "no credentials in time from their provider"
