"""Holds an answer between a worker, which is quick, and a client, which may be slow."""

from __future__ import annotations

import io
import os
import tempfile
from pathlib import Path

IN_MEMORY = 1 << 20
"""Bytes of one answer that are held in memory; what exceeds them goes to a temporary file."""


class ResponseBuffer:
    """Bytes that are appended at one end and read anywhere."""

    def __init__(self) -> None:
        self._memory = bytearray()
        self._file: io.FileIO | None = None
        self.size = 0

    @property
    def is_small(self) -> bool:
        """True as long as everything is in memory."""
        return self._file is None

    def append(self, data: bytes) -> None:
        """Add bytes at the end; raises :class:`OSError` when the disk is full."""
        if self._file is None and self.size + len(data) > IN_MEMORY:
            self._file = _nameless_file()
            _write(self._file, self._memory)
            self._memory = bytearray()
        if self._file is None:
            self._memory += data
        else:
            _write(self._file, data)
        self.size += len(data)

    def read(self, offset: int, length: int) -> bytes:
        """At most that many bytes from an offset; none at the end."""
        if self._file is None:
            return bytes(self._memory[offset : offset + length])
        return os.pread(self._file.fileno(), length, offset)

    def close(self) -> None:
        """Forget everything."""
        self._memory = bytearray()
        if self._file is not None:
            self._file.close()


def _nameless_file() -> io.FileIO:
    """A file that is gone when it is closed."""
    descriptor, name = tempfile.mkstemp(prefix="transfergraph-")
    Path(name).unlink()
    return io.FileIO(descriptor, "r+b")


def _write(file: io.FileIO, data: bytes | bytearray) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[file.write(rest) :]
