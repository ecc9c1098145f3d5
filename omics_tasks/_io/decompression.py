"""Streaming decompression of response bodies."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

_GZIP_OR_ZLIB = zlib.MAX_WBITS | 32
_RAW = -zlib.MAX_WBITS
_GZIP, _ZLIB = 0x1F, 8  # first byte of gzip data, and lower half of the first byte of zlib data

_MAX_INPUT = 2**14
_MAX_OUTPUT = 2**20


class Decompressor:
    """Decompressor for the content encodings ``gzip`` and ``deflate``.

    Many servers send ``deflate`` without the zlib header; that is accepted too.
    """

    def __init__(self, encoding: str) -> None:
        self._may_be_raw = encoding == "deflate"
        # typeshed has no public name for it.
        self._stream: zlib._Decompress | None = None  # pyright: ignore[reportPrivateUsage]

    @property
    def is_whole(self) -> bool:
        """True if the stream is complete or empty."""
        return self._stream is None or self._stream.eof

    def feed(self, compressed: bytes) -> Iterator[bytes]:
        """Yield the decompressed data in chunks of limited size, each at a limited cost.

        Raise ``zlib.error`` for invalid data.
        """
        # zlib copies the input that it does not consume at once, so its input is kept small.
        for start in range(0, len(compressed), _MAX_INPUT):
            rest = compressed[start : start + _MAX_INPUT]
            while rest:
                if self._stream is None or self._stream.eof:  # gzip may have several members
                    self._stream = zlib.decompressobj(self._format_of(rest[0]))
                yield self._stream.decompress(rest, _MAX_OUTPUT)
                rest = self._stream.unconsumed_tail or self._stream.unused_data

    def _format_of(self, first: int) -> int:
        is_raw = self._may_be_raw and first != _GZIP and first & 0x0F != _ZLIB
        return _RAW if is_raw else _GZIP_OR_ZLIB
