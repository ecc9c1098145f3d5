"""Compressed answers: what comes is unpacked as it comes, within the call's time and size."""

from __future__ import annotations

import gzip
import json
import zlib

import pytest

from omics_tasks import ConnectionClosedError, ReadTimeoutError, ResponseError, TransportError
from omics_tasks._io.limits import Answer

from ..asking import Ask
from .server import http
from .test_bytes import RUN, ask_raw

BODY = json.dumps(RUN).encode()


def raw_deflate(body: bytes) -> bytes:
    packing = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packing.compress(body) + packing.flush()


def encoded(body: bytes, encoding: str, status: int = 200) -> bytes:
    return http(status, body, content_encoding=encoding)


@pytest.mark.parametrize(
    ("encoding", "packed"),
    [
        ("gzip", gzip.compress(BODY)),
        ("GZIP", gzip.compress(BODY)),
        ("gzip", gzip.compress(BODY[:9]) + gzip.compress(b"") + gzip.compress(BODY[9:])),
        ("deflate", zlib.compress(BODY)),
        ("deflate", raw_deflate(BODY)),
        ("deflate", gzip.compress(BODY)),
        ("gzip", zlib.compress(BODY)),
        ("identity", BODY),
    ],
)
def test_compressions(ask: Ask, encoding: str, packed: bytes) -> None:
    """gzip of one or several parts, and deflate with and without zlib's frame, are unpacked."""
    assert "7" == ask_raw(ask, "GetRun", encoded(packed, encoding)).id


@pytest.mark.parametrize(
    ("encoding", "packed"),
    [
        ("gzip", gzip.compress(BODY)[:-1]),
        ("gzip", gzip.compress(BODY) + b"more"),
        ("gzip", gzip.compress(BODY) + gzip.compress(BODY)[:5]),
        ("gzip", raw_deflate(BODY)),
        ("gzip", BODY),
        ("deflate", raw_deflate(BODY)[:-1]),
        ("deflate", BODY),
    ],
)
def test_what_cannot_be_unpacked(ask: Ask, encoding: str, packed: bytes) -> None:
    """What breaks off, or has something else behind it, is a broken connection."""
    with pytest.raises(
        ConnectionClosedError, match=r"is incomplete|can't be decompressed"
    ) as caught:
        ask_raw(ask, "GetRun", encoded(packed, encoding))
    assert (200, True) == (caught.value.status, caught.value.retryable)


def test_nothing_is_packed_as_nothing(ask: Ask) -> None:
    """An empty body is empty, whatever its headers say: what counts is its status."""
    with pytest.raises(ResponseError, match="not JSON"):
        ask_raw(ask, "GetRun", encoded(b"", "gzip"))


class Clock:
    """The time that a call has left, one second less at each look."""

    def __init__(self, seconds: float) -> None:
        self.looks = 0
        self._seconds = seconds

    def __call__(self) -> float:
        self.looks += 1
        return self._seconds - self.looks


def answer(clock: Clock) -> Answer:
    begun = Answer(clock)
    begun.begin(200, {"content-encoding": "gzip"})
    return begun


def test_unpacking_ends_with_the_time_of_the_call() -> None:
    """A part that unpacks to much is unpacked piece by piece, with a look at the time each."""
    clock = Clock(5)
    with pytest.raises(ReadTimeoutError, match="took too long"):
        answer(clock).take(gzip.compress(bytes(2**23)))
    assert 5 == clock.looks


def test_what_came_too_late_is_not_parsed() -> None:
    """An answer that is whole when the time is over is late."""
    begun = answer(Clock(2))
    begun.take(gzip.compress(BODY))
    with pytest.raises(ReadTimeoutError):
        begun.whole()


def test_a_body_that_unpacks_to_nothing_has_a_size(monkeypatch: pytest.MonkeyPatch) -> None:
    """Packed bytes count too: empty parts of gzip may come for ever."""
    monkeypatch.setattr("omics_tasks._io.limits.MAX_BODY", 10_000)

    begun = answer(Clock(10**6))
    some = gzip.compress(b"") * 400
    begun.take(some)
    with pytest.raises(TransportError, match="longer than"):
        begun.take(some)
