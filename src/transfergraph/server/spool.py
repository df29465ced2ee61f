"""Holds an answer between a worker, which is quick, and a client, which may be slow."""

from __future__ import annotations

import tempfile
from typing import BinaryIO

IN_MEMORY = 1 << 20
"""Bytes of one answer that are held in memory; what exceeds them goes to a temporary file."""


class Spool:
    """Bytes that are appended at one end and read anywhere."""

    def __init__(self) -> None:
        self._memory = bytearray()
        self._file: BinaryIO | None = None
        self.size = 0

    @property
    def is_small(self) -> bool:
        """True as long as everything is in memory."""
        return self._file is None

    def append(self, data: bytes) -> None:
        """Add bytes at the end; raises :class:`OSError` when the disk is full."""
        if self._file is None and self.size + len(data) > IN_MEMORY:
            self._file = tempfile.TemporaryFile(prefix="transfergraph-")  # noqa: SIM115
            self._file.write(self._memory)
            self._memory.clear()
        if self._file is None:
            self._memory += data
        else:
            self._file.seek(0, 2)
            self._file.write(data)
        self.size += len(data)

    def read(self, offset: int, length: int) -> bytes:
        """At most that many bytes from an offset; none at the end."""
        if self._file is None:
            return bytes(self._memory[offset : offset + length])
        self._file.seek(offset)
        return self._file.read(length)

    def close(self) -> None:
        """Forget everything."""
        self._memory = bytearray()
        if self._file is not None:
            self._file.close()
