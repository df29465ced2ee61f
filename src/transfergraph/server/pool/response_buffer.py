"""Holds an answer between a worker, which is quick, and a client, which may be slow."""

from __future__ import annotations

import io
import os
import shutil
import tempfile
from collections import Counter
from pathlib import Path

from transfergraph.server.problems import Problem, retry_after

IN_MEMORY = 1 << 20
"""Bytes of one answer that are held in memory; what exceeds them goes to a temporary file."""

_BATCH = 1 << 16  # bytes that are worth adding to a file
_SPARED = 1 << 28  # bytes of the disk that are left to others, or a sixteenth of a small disk


class NoRoom(Exception):
    """A large answer cannot be held; ``reason`` is ``client``, ``server`` or ``disk``."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason

    @property
    def problem(self) -> Problem:
        """What the client is told."""
        sentence = {
            "client": "Your large answers take all the room that one client has: read them first.",
            "server": "Large answers to others take all the room there is: ask for less, or later.",
            "disk": "There is no room on the server's disk for a large answer: ask for less, or later.",
        }[self.reason]
        return Problem(503, "room", sentence, headers=(retry_after(30),))


class Budget:
    """The bytes that may lie in temporary files, in all and of one client.

    ``used`` are those that do; ``refused`` counts the answers that found no room, by reason.
    """

    def __init__(self, greatest: int, of_one: int) -> None:
        self._greatest = greatest
        self._of_one = of_one
        self._by_client: Counter[str] = Counter()
        self.used = 0
        self.refused: Counter[str] = Counter()

    def lack(self, client: str, size: int) -> str:
        """Whose room is used up, as :class:`NoRoom` names it; empty when there is room for so many bytes."""
        if self._by_client[client] + size > self._of_one:
            return "client"
        if self.used + size > self._greatest:
            return "server"
        return "disk" if size > _room_on_disk() else ""

    def take(self, client: str, size: int) -> None:
        """Take room for so many bytes; raises :class:`NoRoom`."""
        if reason := self.lack(client, size):
            raise NoRoom(reason)
        self.used += size
        self._by_client[client] += size

    def give_back(self, client: str, size: int) -> None:
        """Give back what was taken."""
        self.used -= size
        self._by_client[client] -= size
        if not self._by_client[client]:
            del self._by_client[client]


class ResponseBuffer:
    """Bytes that are appended at one end and read at the other.

    A small answer stays whole when it is read; of a large one that is forgotten which was read.
    """

    def __init__(self, budget: Budget, client: str) -> None:
        self._budget = budget
        self._client = client
        self._memory = bytearray()  # the youngest bytes; those before them are in the file
        self._file: io.FileIO | None = None
        self._filed = 0
        self._base = self._read = 0  # offsets of the first byte that is held, and of the next to be read
        self.size = 0

    @property
    def is_small(self) -> bool:
        """True as long as everything is in memory."""
        return self.size <= IN_MEMORY

    @property
    def in_memory(self) -> int:
        """Bytes that are held in memory."""
        return len(self._memory)

    @property
    def whole(self) -> bytes:
        """Everything that came; only of an answer that is small."""
        return bytes(self._memory)

    def append(self, data: bytes) -> None:
        """Add bytes at the end; raises :class:`NoRoom` when they stay in memory and should not."""
        self._memory += data
        self.size += len(data)
        self._forget()
        if len(self._memory) > (IN_MEMORY if self._file is None else _BATCH):
            self._write()

    def read(self, length: int) -> bytes:
        """At most that many of the next bytes; none when no more have come."""
        at = self._read - self._base
        if self._file is not None and at < self._filed:
            part = os.pread(self._file.fileno(), min(length, self._filed - at), at)
        else:
            part = bytes(self._memory[at - self._filed : at - self._filed + length])
        self._read += len(part)
        self._forget()
        return part

    def close(self) -> None:
        """Forget everything."""
        self._memory = bytearray()
        self._unfile()

    def _forget(self) -> None:
        """Let go of what was read; of a file when it was read as a whole."""
        if self.is_small or self._read - self._base < self._filed:
            return
        self._unfile()
        del self._memory[: self._read - self._base]
        self._base = self._read

    def _write(self) -> None:
        """Move what is in memory to the file."""
        size = len(self._memory)
        self._budget.take(self._client, size)
        try:
            self._file = self._file or _nameless_file()
            rest = bytes(self._memory)
            while rest:
                rest = rest[os.pwrite(self._file.fileno(), rest, self._filed + size - len(rest)) :]
        except OSError as error:
            self._budget.give_back(self._client, size)
            raise NoRoom("disk") from error
        self._filed += size
        self._memory = bytearray()

    def _unfile(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None
            if self._filed:
                self._budget.give_back(self._client, self._filed)
            self._base += self._filed
            self._filed = 0


def _room_on_disk() -> int:
    usage = shutil.disk_usage(tempfile.gettempdir())
    return usage.free - min(_SPARED, usage.total // 16)


def _nameless_file() -> io.FileIO:
    """A file that is gone when it is closed."""
    descriptor, name = tempfile.mkstemp(prefix="transfergraph-")
    Path(name).unlink()
    return io.FileIO(descriptor, "r+b")
