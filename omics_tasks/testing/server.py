"""The HTTP front: a loopback port, HTTP/1.1 with keep-alive, a thread a connection."""

from __future__ import annotations

import os
import select
import socket
import struct
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler
from socketserver import ThreadingTCPServer
from threading import Thread
from typing import Any

from .._core.protocols import Request
from .faults import Reply

_POLL_SECONDS = 0.01  # how long closing may have to wait


class Server:
    """Serves from the moment it is made until it is closed."""

    def __init__(self, answer: Callable[[Request], Reply], port: int) -> None:
        """``answer`` is called from many threads; it gets header names in lower case.

        Port 0 stands for a free one. Raises ``OSError`` for one that can't be had.
        """
        self._listener = _Listener(("127.0.0.1", port), _handler(answer))
        self.url = f"http://127.0.0.1:{self._listener.server_address[1]}"
        self._thread = Thread(
            target=self._listener.serve_forever, args=(_POLL_SECONDS,), daemon=True
        )
        self._thread.start()

    def close(self) -> None:
        """Ends every connection, waits for what is being answered, and frees the port."""
        self._listener.shutdown()
        self._thread.join()
        self._listener.end_connections()
        self._listener.server_close()


# Not an HTTPServer: that one asks the DNS for the name of its address before it starts.
class _Listener(ThreadingTCPServer):
    request_queue_size = 128
    allow_reuse_address = os.name == "posix"  # elsewhere, it would share a port that is in use

    def __init__(
        self, address: tuple[str, int], handler: Callable[..., BaseHTTPRequestHandler]
    ) -> None:
        super().__init__(address, handler)
        self._connections: list[tuple[Thread, socket.socket]] = []

    def process_request(self, request: Any, client_address: Any) -> None:
        """As inherited, with the connection remembered: a client may keep it open for ever."""
        thread = Thread(
            target=self.process_request_thread, args=(request, client_address), daemon=True
        )
        self._connections = [each for each in self._connections if each[0].is_alive()]
        self._connections.append((thread, request))
        thread.start()

    def end_connections(self) -> None:
        """Lets each connection finish the answer it is at, as if its client had hung up."""
        for thread, connection in self._connections:
            with suppress(OSError):  # it has ended by itself
                connection.shutdown(socket.SHUT_RD)
            thread.join()


def _handler(answer: Callable[[Request], Reply]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # buffered: a short answer goes out in one piece
        disable_nagle_algorithm = True  # and the rest of a long one doesn't wait for a receipt

        def _reply(self) -> None:
            size = int(self.headers.get("Content-Length") or 0)
            headers = {
                name.lower(): ",".join(self.headers.get_all(name, ())) for name in self.headers
            }
            reply = answer(Request(self.command, self.path, headers, self.rfile.read(size)))
            if reply.latency:
                # Not slept: a client that hangs up, or the end of the server, ends the wait.
                select.select([self.connection], [], [], reply.latency)
            self.close_connection |= reply.breakage is not None
            if reply.breakage == "timeout":
                self.rfile.read(1)  # until the client hangs up
            elif reply.breakage == "reset":
                _reset(self.connection)
            else:
                self._send(reply)

        def _send(self, reply: Reply) -> None:
            status, body = reply.response.status, reply.response.body
            self.send_response_only(status)
            for name, value in reply.response.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body[: len(body) // 2] if reply.breakage == "truncate" else body)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _reply  # noqa: N815 - looked up by name

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - as inherited
            """Says nothing: ``LocalAWS.requests`` has what was called."""

    return Handler


def _reset(connection: socket.socket) -> None:
    """Closes it as a machine does that is cut off: at once, with nothing sent."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    socket.close(connection.detach())
