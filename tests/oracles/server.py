"""A local web server with a configured answer, which records its requests."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread


@dataclass(frozen=True)
class Recorded:
    """A request as it was received."""

    method: str
    target: str
    headers: dict[str, str]
    """Names in lower case."""
    body: bytes


@dataclass
class RecordingServer:
    """Answers every request with ``answer`` and records it."""

    url: str
    answer: bytes = b"{}"
    requests: list[Recorded] = field(default_factory=list[Recorded])

    def start(self, answer: bytes) -> None:
        """Set a new answer and clear the recorded requests."""
        self.answer = answer
        self.requests.clear()


@contextmanager
def recording_server() -> Generator[RecordingServer]:
    """Run a server on a free port within the ``with`` block."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # headers and body in one packet: apart, they'd wait for each other

        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            recorded.requests.append(Recorded(self.command, self.path, headers, body))
            self.send_response(200)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(recorded.answer)))
            self.end_headers()
            self.wfile.write(recorded.answer)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = answer  # noqa: N815 - http.server's names

        def log_request(self, code: object = "-", size: object = "-") -> None:
            """Log nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        recorded = RecordingServer(f"http://127.0.0.1:{server.server_port}")
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield recorded
        finally:
            server.shutdown()
            thread.join()
