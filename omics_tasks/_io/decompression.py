"""Compressed bodies, unpacked as they come."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

_GZIP_OR_ZLIB = zlib.MAX_WBITS | 32
_RAW = -zlib.MAX_WBITS
_GZIP, _ZLIB = 0x1F, 8  # the first byte of gzip, and the low half of zlib's

_MOST_IN = 2**14
_MOST_OUT = 2**20


class Unpacking:
    """Unpacks what HTTP calls ``gzip`` and ``deflate``; many servers send the latter bare."""

    def __init__(self, encoding: str) -> None:
        self._may_be_raw = encoding == "deflate"
        # typeshed has no public name for it.
        self._stream: zlib._Decompress | None = None  # pyright: ignore[reportPrivateUsage]

    @property
    def is_whole(self) -> bool:
        """Whether the end has come, or nothing at all."""
        return self._stream is None or self._stream.eof

    def feed(self, packed: bytes) -> Iterator[bytes]:
        """Iterate over what it unpacks to, in parts of a bounded size, each at a bounded cost.

        Raises ``zlib.error`` where it can't be unpacked.
        """
        # What zlib doesn't take at once it copies, so that it gets little at a time.
        for start in range(0, len(packed), _MOST_IN):
            rest = packed[start : start + _MOST_IN]
            while rest:
                if self._stream is None or self._stream.eof:  # gzip may be several, one by one
                    self._stream = zlib.decompressobj(self._format_of(rest[0]))
                yield self._stream.decompress(rest, _MOST_OUT)
                rest = self._stream.unconsumed_tail or self._stream.unused_data

    def _format_of(self, first: int) -> int:
        is_raw = self._may_be_raw and first != _GZIP and first & 0x0F != _ZLIB
        return _RAW if is_raw else _GZIP_OR_ZLIB
