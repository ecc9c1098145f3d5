"""Access without a socket: an httpx transport for sync and async clients."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator

import httpx

from .._core.protocols import Request
from .faults import Reply


class LocalTransport(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Answers every request, whatever its host. Closing the transport has no effect."""

    def __init__(self, answer: Callable[[Request], Reply]) -> None:
        """Create a transport. ``answer`` receives header names in lower case."""
        self._answer = answer

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Return the response that a client would receive over the network."""
        request.read()
        reply, wait = self._ask(request)
        time.sleep(wait)
        return _deliver(reply, request)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Return the response that a client would receive over the network."""
        await request.aread()
        reply, wait = self._ask(request)
        await asyncio.sleep(wait)
        return _deliver(reply, request)

    def _ask(self, request: httpx.Request) -> tuple[Reply, float]:
        """Return the reply and the seconds until the client receives it, or times out."""
        target = request.url.raw_path.decode("ascii")
        reply = self._answer(
            Request(request.method, target, dict(request.headers), request.content)
        )
        read_timeout: float | None = request.extensions.get("timeout", {}).get("read")
        if read_timeout is not None and reply.latency > read_timeout:
            return Reply(reply.response, "timeout"), read_timeout
        return reply, reply.latency


def _deliver(reply: Reply, request: httpx.Request) -> httpx.Response:
    response = reply.response
    if reply.breakage == "timeout":
        raise httpx.ReadTimeout("timed out", request=request)
    if reply.breakage == "reset":
        raise httpx.ReadError("Connection reset by peer", request=request)
    if reply.breakage == "truncate":
        headers = {**response.headers, "Content-Length": str(len(response.body))}
        return httpx.Response(
            response.status, headers=headers, stream=_TruncatedBody(response.body)
        )
    return httpx.Response(response.status, headers=response.headers, content=response.body)


class _TruncatedBody(httpx.SyncByteStream, httpx.AsyncByteStream):
    """A response body that ends in the middle."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    def __iter__(self) -> Iterator[bytes]:
        half = self._body[: len(self._body) // 2]
        yield half
        raise httpx.RemoteProtocolError(
            "peer closed connection without sending complete message body "
            f"(received {len(half)} bytes, expected {len(self._body)})"
        )

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for part in self:
            yield part
