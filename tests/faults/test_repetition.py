"""A request that may have reached the service is sent again only if that does no harm."""

from __future__ import annotations

import json
import socket
import struct
import threading
from collections.abc import Generator
from contextlib import ExitStack, contextmanager, suppress
from typing import Any

import pytest

from omics_tasks import (
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    InternalServerException,
    OmicsTasksError,
    ReadTimeoutError,
    RequestTimeoutException,
    ResponseError,
    ServiceError,
    ThrottlingException,
    ValidationException,
)
from omics_tasks._core.operation import Repeatability

from ..asking import Ask
from .server import CLOSE, RESET, Plan, RawServer, http
from .test_deadlines import NAME, SILENT, resolve_to, silent
from .things import make_thing

__all__ = ["silent"]  # a fixture

OK = http(200, {"id": "1"})
KINDS = list(Repeatability)
each_kind = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)


def refusal(status: int, code: str) -> list[bytes]:
    return [http(status, {"message": "no"}, x_amzn_errortype=code)]


SILENCE: list[Any] = [30.0]
UNCLEAR: dict[str, tuple[list[Any], type[OmicsTasksError]]] = {
    "reset": ([RESET], ConnectionClosedError),
    "closed": ([CLOSE], ConnectionClosedError),
    "silent": (SILENCE, ReadTimeoutError),
    "half an answer": ([OK[:-3], CLOSE], ConnectionClosedError),
    "half a document": ([http(200, b'{"id": "1')], ResponseError),
    "not HTTP": ([b"\0garbage\r\n\r\n", CLOSE], ConnectionClosedError),
    "500": (refusal(500, "InternalServerException"), InternalServerException),
    "503": ([http(503, b"<html>busy</html>")], InternalServerException),
    "408": (refusal(408, "RequestTimeoutException"), RequestTimeoutException),
}
UNCLEAR_AND_FINAL: dict[str, tuple[list[Any], type[OmicsTasksError]]] = {
    "HTML": ([http(200, b"<html>hello</html>")], ResponseError),
    "redirect": ([http(302, b"")], ResponseError),
    "501": (refusal(501, "NotImplemented"), ServiceError),
}
NOT_BEGUN: dict[str, tuple[list[Any], type[OmicsTasksError], int]] = {
    "throttled": (refusal(429, "ThrottlingException"), ThrottlingException, 3),
    "throttled with 503": (refusal(503, "SlowDown"), ThrottlingException, 3),
    "refused": (refusal(400, "ValidationException"), ValidationException, 1),
}


def failure(ask: Ask, kind: Repeatability, plan: list[Any]) -> tuple[OmicsTasksError, int]:
    """Return what a call fails with, and how many requests the server got."""
    with RawServer(lambda *_: plan) as server:
        with pytest.raises(OmicsTasksError) as caught:
            make_thing(ask, kind, endpoint_url=server.url, timeout=0.3 if plan == SILENCE else 30.0)
        return caught.value, len(server.requests)


@each_kind
@pytest.mark.parametrize("fault", UNCLEAR)
def test_what_may_have_happened_is_repeated_if_it_may_be(
    ask: Ask, kind: Repeatability, fault: str
) -> None:
    """If the effect of a request is unknown, only a repeatable operation is retried."""
    plan, expected = UNCLEAR[fault]
    error, requests = failure(ask, kind, plan)
    assert expected is type(error)
    assert (1 if kind is Repeatability.NONE else 3) == requests == error.attempts
    assert (kind is not Repeatability.SAFE) is error.may_have_happened
    assert (kind is not Repeatability.NONE) is error.retryable


@each_kind
@pytest.mark.parametrize("fault", UNCLEAR_AND_FINAL)
def test_an_answer_that_makes_no_sense_is_final(ask: Ask, kind: Repeatability, fault: str) -> None:
    """It is not retried for any operation, and one that writes may have happened."""
    plan, expected = UNCLEAR_AND_FINAL[fault]
    error, requests = failure(ask, kind, plan)
    assert (expected, 1) == (type(error), requests)
    assert (kind is not Repeatability.SAFE) is error.may_have_happened


@each_kind
@pytest.mark.parametrize("fault", NOT_BEGUN)
def test_a_refusal_has_not_happened(ask: Ask, kind: Repeatability, fault: str) -> None:
    """Throttling is retried for every operation, and no refusal may have happened."""
    plan, expected, count = NOT_BEGUN[fault]
    error, requests = failure(ask, kind, plan)
    assert (expected, count) == (type(error), requests)
    assert error.may_have_happened is False


@each_kind
def test_a_refused_connection_is_retried(ask: Ask, kind: Repeatability) -> None:
    """Nothing was sent: every operation is retried, and none may have happened."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
        with pytest.raises(EndpointConnectionError) as caught:
            make_thing(ask, kind, endpoint_url=url)
    assert (3, False) == (caught.value.attempts, caught.value.may_have_happened)


@each_kind
def test_a_connection_that_comes_too_late_is_retried(
    ask: Ask, kind: Repeatability, monkeypatch: pytest.MonkeyPatch, silent: int
) -> None:
    """An attempt whose time is over before it has a connection has sent nothing."""
    resolve_to(monkeypatch, *SILENT)
    with pytest.raises(ConnectTimeoutError) as caught:
        make_thing(ask, kind, endpoint_url=f"http://{NAME}:{silent}", timeout=0.2)
    assert (3, False) == (caught.value.attempts, caught.value.may_have_happened)


@pytest.mark.parametrize(
    "end", [CLOSE, RESET, 30.0, b"no TLS\r\n\r\n"], ids=["close", "reset", "stall", "no TLS"]
)
def test_a_handshake_that_fails_has_sent_nothing(ask: Ask, end: Any) -> None:
    """However TLS fails or stalls, the service has seen nothing of the request."""
    with (
        handshake_that_ends(end) as url,
        pytest.raises((EndpointConnectionError, ConnectTimeoutError)) as caught,
    ):
        make_thing(ask, Repeatability.NONE, endpoint_url=url, timeout=0.3)
    assert caught.value.may_have_happened is False


@contextmanager
def handshake_that_ends(end: Any) -> Generator[str]:
    """Serve connections that end, stall or answer without TLS once a client has said hello."""
    with socket.create_server(("127.0.0.1", 0)) as listener, ExitStack() as stack:

        def serve() -> None:
            with suppress(OSError):
                while True:
                    connection = stack.enter_context(listener.accept()[0])
                    connection.recv(65536)
                    if end is RESET:
                        linger = struct.pack("ii", 1, 0)
                        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
                    if isinstance(end, bytes):
                        connection.sendall(end)
                    if not isinstance(end, float):
                        connection.close()

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield f"https://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join(5)


@each_kind
def test_an_earlier_attempt_may_have_happened(ask: Ask, kind: Repeatability) -> None:
    """A refusal of the last attempt says nothing of those before it."""
    answers: list[Plan] = [[RESET], refusal(409, "ConflictException")]
    with RawServer(lambda number, _: answers[min(number, 1)]) as server:
        with pytest.raises(OmicsTasksError) as caught:
            make_thing(ask, kind, endpoint_url=server.url)
        assert (1 if kind is Repeatability.NONE else 2) == len(server.requests)
    assert (kind is not Repeatability.SAFE) is caught.value.may_have_happened


def test_all_attempts_have_one_token(ask: Ask) -> None:
    """The token is made once a call: the service recognises the second request by it."""
    answers: list[Plan] = [[RESET], [http(500, b"{}")], [OK], [OK]]
    with RawServer(lambda number, _: answers[number]) as server:
        for _ in range(2):
            make_thing(ask, Repeatability.BY_TOKEN, endpoint_url=server.url)
        bodies = [json.loads(each.partition(b"\r\n\r\n")[2]) for each in server.requests]
    first, second, third, other_call = [body["clientToken"] for body in bodies]
    assert first == second == third != other_call
