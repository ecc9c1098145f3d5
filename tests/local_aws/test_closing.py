"""Closing the stand-in with open connections, threads and child processes."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable
from contextlib import ExitStack, suppress
from pathlib import Path
from time import monotonic

import pytest
from botocore.awsrequest import AWSRequest

from omics_tasks import HealthOmicsClient
from omics_tasks.testing import LocalAWS

from .test_http import GET, connect, get, post, signed


def reads_nothing(connection: socket.socket) -> None:
    """Send requests without reading, until all buffers are full."""
    connection.setblocking(False)
    try:
        while True:
            connection.send(GET * 500)
    except BlockingIOError:
        connection.setblocking(True)


def sends_half(connection: socket.socket) -> None:
    connection.sendall(post(b"Content-Length: 100", body=b"{"))


def sends_nothing(connection: socket.socket) -> None:
    """Connect without sending a request."""


def keeps_it_open(connection: socket.socket) -> None:
    connection.sendall(GET)
    assert connection.recv(1)


def does_not_hang_up(connection: socket.socket) -> None:
    connection.sendall(b"garbage\r\n\r\n")
    assert connection.recv(1)


NEEDS_PROC = pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="needs Linux's /proc")


def open_sockets() -> set[str]:
    """Return the open sockets of this process."""
    names = set[str]()
    for descriptor in Path("/proc/self/fd").iterdir():
        with suppress(FileNotFoundError):  # the one that lists them is gone by now
            names.add(str(descriptor.readlink()))
    return {name for name in names if name.startswith("socket:")}


@NEEDS_PROC
@pytest.mark.parametrize(
    ("client", "latency"),
    [
        (reads_nothing, 0.0),
        (reads_nothing, 60.0),
        (sends_half, 0.0),
        (sends_nothing, 0.0),
        (keeps_it_open, 0.0),
        (does_not_hang_up, 0.0),
    ],
)
def test_closing_does_not_wait_for_clients(
    client: Callable[[socket.socket], None], latency: float
) -> None:
    """The block ends at once with many open connections and leaks no thread or socket."""
    threads, sockets = set(threading.enumerate()), open_sockets()
    with ExitStack() as connections:
        with LocalAWS() as aws:
            aws.latency = latency
            for _ in range(50):
                connection = connections.enter_context(connect(aws))
                sockets.add(f"socket:[{os.fstat(connection.fileno()).st_ino}]")
                client(connection)
            began = monotonic()
        took = monotonic() - began
        left = set(threading.enumerate()) - threads, open_sockets() - sockets
    assert (set(), set()) == left
    assert took < 5  # a second, where the machine has nothing else to do


def test_closing_aborts_unread_answers() -> None:
    """The block ends at once while large answers are unread."""
    with LocalAWS() as aws, ExitStack() as connections:
        aws.healthomics.add_run(id="7", definition="x" * 2**24)
        url = "http://localhost/run/7?export=DEFINITION"
        headers = signed(aws, "omics", AWSRequest("GET", url))
        for _ in range(5):
            connection = connections.enter_context(connect(aws))
            connection.sendall(get(b"GET /run/7?export=DEFINITION HTTP/1.1", *headers))
            assert b"HTTP/1.1 200 OK" == connection.recv(15)
        began = monotonic()
        aws.__exit__(None, None, None)
        assert monotonic() - began < 5


@NEEDS_PROC
def test_a_disconnected_client_frees_its_socket(aws: LocalAWS) -> None:
    """The socket of a client that disconnects is closed before its delayed answer is due."""
    aws.latency = 60.0
    before = len(open_sockets())
    for _ in range(50):
        with connect(aws) as connection:
            connection.sendall(GET)
    deadline = monotonic() + 20
    while len(open_sockets()) > before:
        assert monotonic() < deadline


def test_nested_blocks_are_an_error(aws: LocalAWS) -> None:
    """Entering a second ``with`` block inside the first is a RuntimeError."""
    with pytest.raises(RuntimeError, match="already"), aws:
        pass
    assert aws.endpoint_url


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_forked_child_does_not_keep_the_port() -> None:
    """A forked child can use the stand-in, and keeps neither its port nor connections open."""
    aws = LocalAWS()
    run = aws.healthomics.add_run()
    is_done, report_done = os.pipe()
    may_exit, allow_exit = os.pipe()
    with aws:
        port = int(aws.endpoint_url.rpartition(":")[2])
        kept = connect(aws)
        keeps_it_open(kept)
        is_over = threading.Event()

        def add_runs() -> None:
            while not is_over.is_set():
                aws.healthomics.add_run()

        # So that the lock is held while the process is forked.
        busy = threading.Thread(target=add_runs)
        busy.start()
        child = os.fork()
        if not child:
            status = 1
            os.close(allow_exit)  # so that it ends with its parent
            try:
                aws.healthomics.add_run()
                for transport in (None, aws.transport):
                    with HealthOmicsClient(**aws.client_options, transport=transport) as omics:
                        omics.get_run(run.id)
                aws.__exit__(None, None, None)
                status = 0
            finally:
                os.write(report_done, b"x")
                os.read(may_exit, 1)
                os._exit(status)
        is_over.set()
        busy.join()
        os.read(is_done, 1)
        with HealthOmicsClient(**aws.client_options) as omics:
            assert run.id == omics.get_run(run.id).id
    while kept.recv(65536):
        pass
    kept.close()
    with socket.socket() as probe:
        assert 0 != probe.connect_ex(("127.0.0.1", port))
    os.write(allow_exit, b"x")
    assert (child, 0) == os.waitpid(child, 0)
    for descriptor in (is_done, report_done, may_exit, allow_exit):
        os.close(descriptor)
