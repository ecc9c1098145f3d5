"""Sending a client's requests: signing, the exchange itself, and reading the response.

Requests go out as they are: no redirects, no cookies, and no headers but those that are here.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock
from typing import TYPE_CHECKING

from .._core.endpoints import as_sent, with_host_prefix
from .._core.protocols import Request, Response
from ..errors import ConfigurationError, CredentialRetrievalError
from .closing import AsyncClosing, Closing
from .credentials import Credentials
from .exchange import (
    AsyncChannel,
    AsyncReply,
    Channel,
    ErrorClassifier,
    Reply,
    SignedRequest,
    translate_errors,
)
from .fork_safety import reset_after_fork
from .limits import ResponseReader, Stale, TimeOuts, is_connecting
from .signing import Signer

if TYPE_CHECKING:
    import asyncio


# A program that polls asks for the same few URLs.
_read = lru_cache(maxsize=256)(as_sent)


@dataclass(frozen=True, slots=True)
class Endpoint:
    """The service's URL, the signer of the requests to it, and their timeouts."""

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
        """Bound the remaining time by that of one attempt, which begins now."""
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
    ) -> SignedRequest:
        """Return the request to this endpoint."""
        url, host = _read(self.url_for(request) + request.target)
        headers = {"Host": host, **request.headers, **headers}
        if request.method != "GET":
            headers["Content-Length"] = str(len(request.body))
        signature = self.signer.sign(
            request.method, url, headers.items(), request.body, credentials
        )
        connect, read = self.connect_timeout, self.read_timeout
        limits = {"connect": connect, "pool": connect, "read": read, "write": read}
        return SignedRequest(
            request.method,
            url,
            {**headers, **signature},
            request.body,
            limits if time_left() == math.inf else TimeOuts(limits, time_left),
        )


class Sender:
    """Signs and sends requests, and reads the responses to their end.

    Raise TransportError if none comes, ConfigurationError if there are no credentials, and
    ClosedClientError once the client is closed, which ends what is under way.
    """

    def __init__(
        self,
        make: Callable[[], Channel],
        classify_error: ErrorClassifier,
        endpoint: Endpoint,
        closing: Closing,
    ) -> None:
        self._make = make
        self._classify_error = classify_error
        self._channel: Channel | None = make()
        self._lock = Lock()
        self._endpoint = endpoint
        self._closing = closing
        reset_after_fork(self)

    def send(
        self, request: Request, headers: Mapping[str, str], time_left: Callable[[], float]
    ) -> Response:
        time_left = self._endpoint.bounded(time_left)
        credentials = self._credentials(time_left)
        reader = ResponseReader(time_left)
        url = self._endpoint.url_for(request)
        with translate_errors(url, reader, self._classify_error, self._closing):
            reply = self._exchange(request, headers, credentials, time_left)
            reader.begin(reply.status, reply.headers)
            if reply.body is not None:
                return reader.of(reply.body)
            try:
                for chunk in reply.chunks:
                    reader.take(chunk)
            finally:
                reply.close()
        return reader.whole()

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
    ) -> Reply:
        """Send the request and return the head of the response.

        It is sent again for each kept connection that the server had closed meanwhile, if a second
        request does no harm: every connection fails in this way once at most.
        """
        while True:
            sent = self._endpoint.signed(request, headers, credentials, time_left)
            try:
                return self._open().handle(sent)
            except Exception as error:
                if not _may_send_again(request, error):
                    raise

    def _open(self) -> Channel:
        with self._lock:
            self._closing.check()
            if self._channel is None:
                self._channel = self._make()
            return self._channel

    def after_fork(self) -> None:
        """Leave the connections to the parent process; new ones are made when needed."""
        self._left_to_parent, self._channel, self._lock = self._channel, None, Lock()

    def close(self) -> None:
        self._closing.close()
        with self._lock:
            channel, self._channel = self._channel, None
        if channel is not None:
            channel.close()


class AsyncSender:
    """``Sender``, awaited. Connections belong to one event loop; another loop gets new ones."""

    def __init__(
        self,
        make: Callable[[], AsyncChannel],
        classify_error: ErrorClassifier,
        endpoint: Endpoint,
        closing: AsyncClosing,
    ) -> None:
        self._make = make
        self._classify_error = classify_error
        self._channel: AsyncChannel | None = make()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._endpoint = endpoint
        self._closing = closing
        reset_after_fork(self)

    async def send(
        self, request: Request, headers: Mapping[str, str], time_left: Callable[[], float]
    ) -> Response:
        time_left = self._endpoint.bounded(time_left)
        credentials = await self._credentials(time_left)
        is_connecting.set(False)  # a transport that doesn't tell may have sent what fails
        reader = ResponseReader(time_left)
        url = self._endpoint.url_for(request)
        with translate_errors(url, reader, self._classify_error, self._closing):
            async with self._closing.limit(time_left()):
                reply = await self._exchange(request, headers, credentials, time_left)
                reader.begin(reply.status, reply.headers)
                if reply.body is not None:
                    return reader.of(reply.body)
                try:
                    async for chunk in reply.chunks:
                        reader.take(chunk)
                finally:
                    await reply.close()
        return reader.whole()

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
    ) -> AsyncReply:
        while True:
            sent = self._endpoint.signed(request, headers, credentials, time_left)
            try:
                return await self._open().handle(sent)
            except Exception as error:
                if not _may_send_again(request, error):
                    raise

    def claim(self, loop: asyncio.AbstractEventLoop) -> bool:
        """Take the loop for the client's. Return whether the client had another one before.

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
        self._channel, self._loop = None, loop
        self._closing.forget()
        return True

    def _open(self) -> AsyncChannel:
        self._closing.check()
        if self._channel is None:
            self._channel = self._make()
        return self._channel

    def after_fork(self) -> None:
        """Leave the connections to the parent process; new ones are made when needed."""
        self._left_to_parent, self._channel, self._loop = self._channel, None, None

    def abandon(self) -> None:
        """Close the connections on their event loop, from anywhere, without waiting for it."""
        import asyncio  # noqa: PLC0415 - sync programs load this module too

        loop = self._loop
        if loop is not None and loop.is_running():
            asyncio.run_coroutine_threadsafe(self.aclose(), loop)

    async def aclose(self) -> None:
        self._closing.close()
        channel, self._channel = self._channel, None
        if channel is not None:
            await channel.aclose()


def _may_send_again(request: Request, error: Exception) -> bool:
    """Return whether the error is that of a kept connection, and a second request does no harm."""
    broken = error if isinstance(error, Stale) else error.__cause__  # httpx wraps it
    return isinstance(broken, Stale) and (request.may_repeat or broken.is_unsent)


_NO_CREDENTIALS = "no credentials in time from their provider"
