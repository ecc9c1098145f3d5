"""Compressed responses are decompressed in parts, within the call's time and size limits."""

from __future__ import annotations

import gzip
import json
import zlib

import pytest

from omics_tasks import ConnectionClosedError, ReadTimeoutError, ResponseError, TransportError
from omics_tasks._io.limits import ResponseReader

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
    """gzip with one or more members, and deflate with and without a zlib header, are supported."""
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
def test_invalid_compression(ask: Ask, encoding: str, packed: bytes) -> None:
    """Truncated compressed data, or data after its end, is a connection error."""
    with pytest.raises(
        ConnectionClosedError, match=r"is incomplete|can't be decompressed"
    ) as caught:
        ask_raw(ask, "GetRun", encoded(packed, encoding))
    assert (200, True) == (caught.value.status, caught.value.retryable)


def test_empty_bodies(ask: Ask) -> None:
    """An empty body is valid whatever its Content-Encoding."""
    with pytest.raises(ResponseError, match="not JSON"):
        ask_raw(ask, "GetRun", encoded(b"", "gzip"))


class Clock:
    """The remaining time of a call, one second less at each reading."""

    def __init__(self, seconds: float) -> None:
        self.readings = 0
        self._seconds = seconds

    def __call__(self) -> float:
        self.readings += 1
        return self._seconds - self.readings


def answer(clock: Clock) -> ResponseReader:
    begun = ResponseReader(clock)
    begun.begin(200, {"content-encoding": "gzip"})
    return begun


def test_decompression_stops_at_the_timeout() -> None:
    """Decompression checks the time between its parts."""
    clock = Clock(5)
    with pytest.raises(ReadTimeoutError, match="took too long"):
        answer(clock).take(gzip.compress(bytes(2**23)))
    assert 5 == clock.readings


def test_late_answers_are_not_parsed() -> None:
    """A response that is complete after the timeout is a timeout."""
    begun = answer(Clock(2))
    begun.take(gzip.compress(BODY))
    with pytest.raises(ReadTimeoutError):
        begun.whole()


def test_compressed_bytes_count(monkeypatch: pytest.MonkeyPatch) -> None:
    """Compressed bytes count for the size limit, since empty gzip members may be endless."""
    monkeypatch.setattr("omics_tasks._io.limits.MAX_BODY", 10_000)

    begun = answer(Clock(10**6))
    some = gzip.compress(b"") * 400
    begun.take(some)
    with pytest.raises(TransportError, match="longer than"):
        begun.take(some)
