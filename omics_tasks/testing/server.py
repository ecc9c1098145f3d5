"""The HTTP front: a loopback port, HTTP/1.1 with keep-alive, a thread a connection."""

from __future__ import annotations

import socket
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler
from socketserver import ThreadingTCPServer
from threading import Thread
from typing import Any

from .._core.protocols import Request, Response

_POLL_SECONDS = 0.01  # how long closing may have to wait


class Server:
    """Serves from the moment it is made until it is closed."""

    def __init__(self, answer: Callable[[Request], Response]) -> None:
        """``answer`` is called from many threads; it gets header names in lower case."""
        self._listener = _Listener(("127.0.0.1", 0), _handler(answer))
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


def _handler(answer: Callable[[Request], Response]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # buffered: an answer goes out in one piece, which no algorithm holds back

        def _reply(self) -> None:
            size = int(self.headers.get("Content-Length") or 0)
            headers = {
                name.lower(): ",".join(self.headers.get_all(name, ())) for name in self.headers
            }
            request = Request(self.command, self.path, headers, self.rfile.read(size))
            response = answer(request)
            self.send_response_only(response.status)
            for name, value in response.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(response.body)))
            self.end_headers()
            self.wfile.write(response.body)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _reply  # noqa: N815 - looked up by name

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - as inherited
            """Says nothing: ``LocalAWS.requests`` has what was called."""

    return Handler
