"""The HTTP server: one port of 127.0.0.1, where one thread's event loop serves all connections."""

from __future__ import annotations

import asyncio
import re
import socket
import struct
from collections.abc import Callable
from contextlib import suppress
from http import HTTPStatus
from threading import Thread

import h11

from .._core.protocols import Request, Response
from .faults import Breakage, Reply
from .service_errors import ErrorResponse

_BACKLOG = 1024
_CHUNK = 65_536
_LONGEST_HEAD = 131_072
_LARGEST_BODY = 10 * 2**20
_FLUSH_SECONDS = 0.5  # for clients that are slow to read the rest of an answer when it ends
_LINGER_SECONDS = 5.0


class Server:
    """HTTP server that runs from its creation until ``close``."""

    def __init__(
        self,
        answer: Callable[[Request], Reply],
        refuse: Callable[[ErrorResponse], Response],
        port: int,
    ) -> None:
        """Start to listen. Port 0 stands for a free one.

        ``answer`` receives requests with lower-case header names, ``refuse`` the errors of invalid
        HTTP. Both are called in another thread. Raises ``OSError`` if the port isn't available.
        """
        self._answer = answer
        self._refuse = refuse
        self._listener = socket.create_server(("127.0.0.1", port), backlog=_BACKLOG)
        self.url: str = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._loop = asyncio.SelectorEventLoop()
        self._is_closing = asyncio.Event()
        self._connections = dict[asyncio.Task[None], asyncio.StreamWriter]()
        self._thread = Thread(target=self._run, name=f"LocalAWS at {self.url}", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Close all connections, without waiting for their clients, and free the port."""
        self._loop.call_soon_threadsafe(self._is_closing.set)
        self._thread.join()

    def _run(self) -> None:
        try:
            self._loop.run_until_complete(self._serve())
        finally:
            self._loop.close()

    async def _serve(self) -> None:
        server = await asyncio.start_server(self._connect, sock=self._listener, backlog=_BACKLOG)
        await self._is_closing.wait()
        self._loop.remove_reader(self._listener)
        with suppress(OSError):  # some systems can't shut a listener down
            # A forked child may have the socket open, and must not keep the port.
            self._listener.shutdown(socket.SHUT_RDWR)
        # A connection that is cancelled once still sends its data. Cancelled again, it aborts.
        # The other tasks are asyncio's own, which accept new connections.
        while tasks := asyncio.all_tasks() - {asyncio.current_task()}:
            for connection in self._connections:
                connection.cancel()
            await asyncio.wait(tasks, timeout=_FLUSH_SECONDS)
        server.close()

    def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection = self._loop.create_task(self._serve_connection(reader, writer))
        self._connections[connection] = writer
        connection.add_done_callback(self._disconnect)

    async def _serve_connection(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        with suppress(OSError):  # the client has disconnected
            try:
                await _Connection(reader, writer).serve(self._answer, self._refuse)
            finally:
                with suppress(OSError):
                    writer.write_eof()  # ends it though a forked child may have the socket open
                writer.close()
                await writer.wait_closed()

    def _disconnect(self, connection: asyncio.Task[None]) -> None:
        self._connections.pop(connection).transport.abort()


class _Connection:
    """One client's connection, which carries one request after the other."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._http = h11.Connection(h11.SERVER, max_incomplete_event_size=_LONGEST_HEAD)
        self._method = b""

    async def serve(
        self, answer: Callable[[Request], Reply], refuse: Callable[[ErrorResponse], Response]
    ) -> None:
        """Answer requests until the client or the server closes the connection."""
        try:
            while (request := await self._receive()) is not None:
                reply = answer(request)
                await self._delay(reply.latency)
                if reply.breakage is not None:
                    await self._break(reply.response, reply.breakage)
                    return
                await self._send(reply.response)
                if self._http.our_state is not h11.DONE:
                    break
                self._http.start_next_cycle()
        except ErrorResponse as error_response:
            await self._send(refuse(error_response))
        await self._hang_up()

    async def _receive(self) -> Request | None:
        """Return the next request, or None if the client has disconnected.

        Raises ErrorResponse for invalid HTTP or a body that is too large.
        """
        self._method = b""
        head = await self._event()
        if not isinstance(head, h11.Request):
            return None
        self._method = head.method
        headers = dict[str, str]()
        for raw_name, raw_value in head.headers:
            name, value = raw_name.decode("ascii"), raw_value.decode("latin-1")
            headers[name] = f"{headers[name]},{value}" if name in headers else value
        if {"content-length", "transfer-encoding"} <= headers.keys():
            raise _malformed("Content-Length and Transfer-Encoding exclude each other")
        if int(headers.get("content-length", 0)) > _LARGEST_BODY:
            raise _too_large()
        body = bytearray()
        while isinstance(part := await self._event(), h11.Data):
            body += part.data
            if len(body) > _LARGEST_BODY:
                raise _too_large()
        # Clients of a proxy send a full URL as the target.
        target = re.sub(r"^https?://[^/?]*", "", head.target.decode("ascii"))
        return Request(head.method.decode("ascii"), target, headers, bytes(body))

    async def _event(self) -> object:
        """Return the next event from the client. Raises ErrorResponse for invalid HTTP."""
        try:
            while (event := self._http.next_event()) is h11.NEED_DATA:
                await self._feed()
        except h11.RemoteProtocolError as error:
            raise _malformed(str(error)) from error
        return event

    async def _feed(self) -> None:
        if self._http.they_are_waiting_for_100_continue:
            phrase = HTTPStatus.CONTINUE.phrase
            go_ahead = h11.InformationalResponse(status_code=100, headers=[], reason=phrase)
            self._writer.write(self._http.send(go_ahead) or b"")
        self._http.receive_data(await self._reader.read(_CHUNK))

    async def _delay(self, seconds: float) -> None:
        """Wait, unless the client disconnects. Always let other connections run."""
        await asyncio.sleep(0)
        if not seconds:
            return
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                if data := await self._reader.read(_CHUNK):  # its next request
                    self._http.receive_data(data)
                    await asyncio.sleep(seconds)

    async def _send(self, response: Response) -> None:
        body = b"" if self._method == b"HEAD" else response.body
        # In one write, so that the client never receives a part.
        self._writer.write(
            self._head(response)
            + (self._http.send(h11.Data(data=body)) or b"")
            + (self._http.send(h11.EndOfMessage()) or b"")
        )
        await self._writer.drain()

    def _head(self, response: Response) -> bytes:
        headers = {**response.headers, "Content-Length": str(len(response.body))}
        if self._http.their_state is h11.SEND_BODY:
            headers["Connection"] = "close"  # the rest of the request is not read
        head = h11.Response(
            status_code=response.status,
            headers=list(headers.items()),
            reason=HTTPStatus(response.status).phrase,
        )
        return self._http.send(head) or b""

    async def _break(self, response: Response, breakage: Breakage) -> None:
        match breakage:
            case "timeout":
                await self._discard()
            case "reset":
                # A linger time of 0 makes close send RST at once, without the pending data.
                connection = self._writer.get_extra_info("socket")
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                self._writer.transport.abort()
            case "truncate":
                half = response.body[: len(response.body) // 2]
                self._writer.write(self._head(response) + half)
                await self._hang_up()

    async def _hang_up(self) -> None:
        """Close the connection once the client has received the answer.

        A socket that is closed with unread data resets the connection, and the client loses the
        answer.
        """
        self._writer.write_eof()
        with suppress(TimeoutError):
            async with asyncio.timeout(_LINGER_SECONDS):
                await self._discard()

    async def _discard(self) -> None:
        """Read until the client disconnects."""
        while await self._reader.read(_CHUNK):
            pass


def _malformed(what: str) -> ErrorResponse:
    return ErrorResponse("SerializationException", f"This is no valid HTTP request: {what:.200}.")


def _too_large() -> ErrorResponse:
    return ErrorResponse(
        "RequestEntityTooLargeException", f"A body may have {_LARGEST_BODY} bytes at most.", 413
    )
