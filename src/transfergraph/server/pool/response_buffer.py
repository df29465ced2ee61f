"""The answer of a worker on its way to the client: workers write quickly, clients may read slowly."""

from __future__ import annotations

import asyncio
import io
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Callable

from transfergraph.messages import explained
from transfergraph.server.pool.ipc import ResponseEnd, ResponseHead
from transfergraph.server.problems import Problem, retry_after

IN_MEMORY = 1 << 20
"""Bytes of one answer that are kept in memory; larger answers go to a temporary file."""

_BATCH = 1 << 16  # bytes that are appended to a file at once
_RESERVED_DISK = 1 << 28  # bytes of the disk that are left free, or a sixteenth of a small disk


class BufferFull(Exception):
    """There is no space for a large answer; ``reason`` is ``client``, ``server`` or ``disk``."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason

    @property
    def problem(self) -> Problem:
        """The problem details for the client."""
        sentence = {
            "client": "problem.room-client",
            "server": "problem.room-server",
            "disk": "problem.room-disk",
        }[self.reason]
        return Problem(503, "room", explained(sentence), headers=(retry_after(30),))


class Budget:
    """The bytes that temporary files may have, in all and for one client.

    ``used`` are those that they have; ``refused`` counts the answers without space, by reason.
    """

    def __init__(self, limit: int, per_client: int) -> None:
        self._limit = limit
        self._per_client = per_client
        self._by_client: Counter[str] = Counter()
        self.used = 0
        self.refused: Counter[str] = Counter()

    def exceeded(self, client: str, size: int) -> str:
        """Which limit so many bytes would exceed, a reason of :class:`BufferFull`; empty for none."""
        if self._by_client[client] + size > self._per_client:
            return "client"
        if self.used + size > self._limit:
            return "server"
        return "disk" if size > _free_bytes() else ""

    def reserve(self, client: str, size: int) -> None:
        """Reserve so many bytes; raises :class:`BufferFull`."""
        if reason := self.exceeded(client, size):
            raise BufferFull(reason)
        self.used += size
        self._by_client[client] += size

    def free(self, client: str, size: int) -> None:
        """Free bytes that were reserved."""
        self.used -= size
        self._by_client[client] -= size
        if not self._by_client[client]:
            del self._by_client[client]


class ResponseBuffer:
    """A queue of bytes, in memory and from there in a temporary file.

    A small answer is kept when it is read; of a large one the bytes that were read are dropped.
    """

    def __init__(self, budget: Budget, client: str) -> None:
        self._budget = budget
        self._client = client
        self._memory = bytearray()  # the newest bytes; those before them are in the file
        self._file: io.FileIO | None = None
        self._file_size = 0
        self._base = self._read = 0  # offsets of the first byte that is kept, and of the next to be read
        self.size = 0

    @property
    def is_small(self) -> bool:
        """True as long as everything is in memory."""
        return self.size <= IN_MEMORY

    @property
    def has_file(self) -> bool:
        """True while some of it is in a temporary file."""
        return self._file is not None

    @property
    def in_memory(self) -> int:
        """Bytes that are in memory."""
        return len(self._memory)

    @property
    def content(self) -> bytes:
        """All bytes; only of a small answer."""
        return bytes(self._memory)

    def append(self, data: bytes) -> None:
        """Add bytes at the end; raises :class:`BufferFull` without space: then they stay in memory."""
        self._memory += data
        self.size += len(data)
        self._discard_read()
        if len(self._memory) > (IN_MEMORY if self._file is None else _BATCH):
            self._write()

    def read(self, length: int) -> bytes:
        """At most so many of the next bytes; none when all were read."""
        at = self._read - self._base
        if self._file is not None and at < self._file_size:
            part = os.pread(self._file.fileno(), min(length, self._file_size - at), at)
        else:
            part = bytes(self._memory[at - self._file_size : at - self._file_size + length])
        self._read += len(part)
        self._discard_read()
        return part

    def close(self) -> None:
        """Drop all bytes."""
        self._memory = bytearray()
        self._close_file()

    def _discard_read(self) -> None:
        """Drop what was read; a file when all of it was read."""
        if self.is_small or self._read - self._base < self._file_size:
            return
        self._close_file()
        del self._memory[: self._read - self._base]
        self._base = self._read

    def _write(self) -> None:
        """Move what is in memory to the file."""
        size = len(self._memory)
        self._budget.reserve(self._client, size)
        try:
            self._file = self._file or _temporary_file()
            rest = bytes(self._memory)
            while rest:
                rest = rest[os.pwrite(self._file.fileno(), rest, self._file_size + size - len(rest)) :]
        except OSError as error:
            self._budget.free(self._client, size)
            raise BufferFull("disk") from error
        self._file_size += size
        self._memory = bytearray()

    def _close_file(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None
            if self._file_size:
                self._budget.free(self._client, self._file_size)
            self._base += self._file_size
            self._file_size = 0


def _temporary_file() -> io.FileIO:
    """A file without a buffer: a spooled one loses what a full disk takes in part."""
    return tempfile.TemporaryFile(buffering=0)


def _free_bytes() -> int:
    usage = shutil.disk_usage(tempfile.gettempdir())
    return usage.free - min(_RESERVED_DISK, usage.total // 16)


_CHUNK = 1 << 16


class BrokenResponse(Exception):
    """An answer broke off after its head was sent."""


class WorkerResponse:
    """The answer of a worker: written as it comes, read at the pace of the client.

    ``problem`` is set when there is no answer; ``abandoned`` when nobody waits for it any more; ``stop``
    kills the worker. Nothing more is taken from it while there is no space for a large answer whose client
    has begun to read it.
    """

    def __init__(self, budget: Budget, client: str) -> None:
        self.head: ResponseHead | None = None
        self.end: ResponseEnd | None = None
        self.problem: Problem | None = None
        self.abandoned = False
        self.stop: Callable[[], None] | None = None
        self._budget = budget
        self._client = client
        self._buffer = ResponseBuffer(budget, client)
        self._is_read = False
        self._changed = asyncio.Event()
        self._room = asyncio.Event()
        self._over: asyncio.Future[bool] | None = None
        self._callbacks: list[Callable[[], object]] = []

    @property
    def is_finished(self) -> bool:
        """True when nothing more will come."""
        return self.end is not None or self.problem is not None

    @property
    def is_small(self) -> bool:
        """True when the complete body is in memory."""
        return self._buffer.is_small

    @property
    def size(self) -> int:
        """Bytes of the body that came so far."""
        return self._buffer.size

    @property
    def body(self) -> bytes:
        """The complete body, when it is small."""
        return self._buffer.content

    def start(self, head: ResponseHead) -> None:
        """Take the head."""
        self.head = head
        self._changed.set()

    async def add(self, data: bytes, may_wait: bool = True) -> None:
        """Take a part of the body; raises :class:`BufferFull` where there is no space for it to begin.

        One that has begun, by being read or by having a temporary file, waits for its reader instead.
        """
        if self.abandoned or self.is_finished:
            return
        try:
            self._buffer.append(data)
        except BufferFull as error:
            if not (may_wait and (self._is_read or self._buffer.has_file)):
                self._budget.refused[error.reason] += 1
                raise
            self._room.clear()
            self._changed.set()
            await self._room.wait()
        self._changed.set()

    def go_on(self) -> None:
        """Wait for no room any more."""
        self._room.set()

    def finish(self, end: ResponseEnd) -> None:
        """Take the end of a complete answer, unless it has failed before."""
        if not self.is_finished:
            self.end = end
            self._finish()

    def fail(self, problem: Problem) -> None:
        """Take the reason why there is no complete answer; the first one counts, and the body is dropped."""
        if not self.is_finished:
            self.problem = problem
            self._buffer.close()
            self._finish()

    def on_finish(self, action: Callable[[], object]) -> None:
        """Call a function when nothing more will come."""
        self._callbacks.append(action)

    def reset(self) -> None:
        """Drop what has come: the request starts again."""
        self.head = None
        self._buffer.close()
        self._buffer = ResponseBuffer(self._budget, self._client)

    def close(self) -> None:
        """Drop the body; kill a worker that still computes it."""
        self.abandoned = True
        self._room.set()
        if not self.is_finished and self.stop is not None:
            self.stop()
        self._buffer.close()

    async def finished_within(self, seconds: float) -> bool:
        """Wait for the end at most so many seconds; True when it came."""
        if self.is_finished:
            return True
        loop = asyncio.get_running_loop()
        self._over = loop.create_future()
        timer = loop.call_later(seconds, self._resolve, False)
        try:
            return await self._over
        finally:
            timer.cancel()
            self._over = None

    async def wait_until_begun(self) -> None:
        """Wait until a part of the body, the end or a problem is there.

        While there is no space for a large answer, only a complete one counts as begun.
        """
        while not (self.is_finished or (self.head is not None and self.size and self._has_space())):
            await self._changed.wait()
            self._changed.clear()

    async def chunks(self) -> AsyncIterator[bytes]:
        """The body as it comes. Raises :class:`BrokenResponse` when it breaks off."""
        self._is_read = True
        while True:
            if chunk := self._buffer.read(_CHUNK):
                if self._buffer.in_memory < IN_MEMORY // 2:
                    self._room.set()
                yield chunk
            elif self.end is not None:
                return
            elif self.problem is not None:
                raise BrokenResponse(self.problem.detail.english)
            else:
                self._changed.clear()
                await self._changed.wait()

    def _has_space(self) -> bool:
        return self._buffer.has_file or not self._budget.exceeded(self._client, IN_MEMORY)

    def _finish(self) -> None:
        self._changed.set()
        self._room.set()
        self._resolve(True)
        for action in self._callbacks:
            action()

    def _resolve(self, value: bool) -> None:
        if self._over is not None and not self._over.done():
            self._over.set_result(value)
