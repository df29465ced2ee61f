"""Content codings (RFC 9110, section 8.4.1): gzip and Brotli, at once or as a stream."""

from __future__ import annotations

import zlib
from typing import Protocol

import brotli

_GZIP_LEVEL, _BROTLI_QUALITY = 5, 4


class Coder(Protocol):
    """Encodes a body in parts."""

    def compress(self, data: bytes) -> bytes:
        """Encoded bytes that are ready, maybe none."""
        ...

    def flush(self) -> bytes:
        """The encoded rest of the body so far."""
        ...

    def finish(self) -> bytes:
        """The end of the encoded body."""
        ...


def coder(coding: str) -> Coder:
    """A coder for ``gzip`` or ``br``."""
    return _Gzip() if coding == "gzip" else _Brotli()


def compressed(data: bytes, coding: str) -> bytes:
    """A complete body in ``gzip`` or ``br``."""
    one = coder(coding)
    return one.compress(data) + one.finish()


class _Gzip:
    """RFC 1952, without a time stamp."""

    def __init__(self) -> None:
        self._compressor = zlib.compressobj(_GZIP_LEVEL, wbits=31)

    def compress(self, data: bytes) -> bytes:
        return self._compressor.compress(data)

    def flush(self) -> bytes:
        return self._compressor.flush(zlib.Z_SYNC_FLUSH)

    def finish(self) -> bytes:
        return self._compressor.flush()


class _Brotli:
    """RFC 7932."""

    def __init__(self) -> None:
        self._compressor = brotli.Compressor(quality=_BROTLI_QUALITY)

    def compress(self, data: bytes) -> bytes:
        return bytes(self._compressor.process(data))

    def flush(self) -> bytes:
        return bytes(self._compressor.flush())

    def finish(self) -> bytes:
        return bytes(self._compressor.finish())
