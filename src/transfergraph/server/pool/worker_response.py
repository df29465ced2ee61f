"""The answer to a job as it comes from a worker."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable

from transfergraph.server.pool.ipc import ResponseEnd, ResponseHead
from transfergraph.server.pool.response_buffer import IN_MEMORY, Budget, NoRoom, ResponseBuffer
from transfergraph.server.problems import Problem

_CHUNK = 1 << 16


class BrokenResponse(Exception):
    """An answer ended before it was whole, after its head had left."""


class WorkerResponse:
    """Filled by the worker's side, read by the client's, at any pace.

    ``problem`` is set when there is no answer; ``abandoned`` when nobody waits for it any more; ``stop``
    ends the one who works on it. ``source`` is where it comes from: it is not read while a large answer
    finds no room and its client has begun to read it (``is_paused``).
    """

    def __init__(self, budget: Budget, client: str) -> None:
        self.head: ResponseHead | None = None
        self.end: ResponseEnd | None = None
        self.problem: Problem | None = None
        self.abandoned = False
        self.stop: Callable[[], None] | None = None
        self.source: asyncio.ReadTransport | None = None
        self._budget = budget
        self._client = client
        self._buffer = ResponseBuffer(budget, client)
        self.is_paused = False
        self._is_read = False
        self._news = asyncio.Event()
        self._over: asyncio.Future[bool] | None = None
        self._at_end: list[Callable[[], object]] = []

    @property
    def is_over(self) -> bool:
        """True when nothing more will come."""
        return self.end is not None or self.problem is not None

    @property
    def is_small(self) -> bool:
        """True when the whole body is in memory."""
        return self._buffer.is_small

    @property
    def size(self) -> int:
        """Bytes of the body that came so far."""
        return self._buffer.size

    @property
    def body(self) -> bytes:
        """The whole body, when it is small."""
        return self._buffer.whole

    def start(self, head: ResponseHead) -> None:
        """Take the head."""
        self.head = head
        self._news.set()

    def add(self, data: bytes) -> None:
        """Take a part of the body; raises :class:`NoRoom` when it is too much and nobody reads it yet."""
        if self.abandoned or self.is_over:
            return
        try:
            self._buffer.append(data)
        except NoRoom as full:
            if not self._is_read or self.source is None:
                self._budget.refused[full.reason] += 1
                raise
            self.is_paused = True
            self.source.pause_reading()
        self._news.set()

    def finish(self, end: ResponseEnd) -> None:
        """Take the end of a whole answer, unless it was given up before."""
        if not self.is_over:
            self.end = end
            self._ended()

    def fail(self, problem: Problem) -> None:
        """Take the reason why there will be no whole answer; the first one counts, and what came is void."""
        if not self.is_over:
            self.problem = problem
            self._buffer.close()
            self._ended()

    def when_over(self, action: Callable[[], object]) -> None:
        """Have something done when nothing more will come."""
        self._at_end.append(action)

    def reset(self) -> None:
        """Forget what came: the job will be done again from its beginning."""
        self.head = None
        self._buffer.close()
        self._buffer = ResponseBuffer(self._budget, self._client)

    def close(self) -> None:
        """Forget the body; stop who still works on it."""
        self.abandoned = True
        if not self.is_over and self.stop is not None:
            self.stop()
        self._buffer.close()

    async def is_over_within(self, seconds: float) -> bool:
        """Wait for the end, so long and no longer; tell whether it came."""
        if self.is_over:
            return True
        loop = asyncio.get_running_loop()
        self._over = loop.create_future()
        timer = loop.call_later(seconds, self._resolve, False)
        try:
            return await self._over
        finally:
            timer.cancel()
            self._over = None

    async def is_begun(self) -> None:
        """Wait until a part of the body, the end or a problem is there.

        While there is no room for a large answer, only the end tells that this one is small.
        """
        while not (self.is_over or (self.head is not None and self.size and self._has_room())):
            await self._news.wait()
            self._news.clear()

    async def chunks(self) -> AsyncIterator[bytes]:
        """The body as it comes. Raises :class:`BrokenResponse` when it does not come to its end."""
        self._is_read = True
        while True:
            if chunk := self._buffer.read(_CHUNK):
                if self.is_paused and self.source is not None and self._buffer.in_memory < IN_MEMORY // 2:
                    self.is_paused = False
                    self.source.resume_reading()
                yield chunk
            elif self.end is not None:
                return
            elif self.problem is not None:
                raise BrokenResponse(self.problem.detail)
            else:
                self._news.clear()
                await self._news.wait()

    def _has_room(self) -> bool:
        return not self._budget.lack(self._client, IN_MEMORY)

    def _ended(self) -> None:
        self._news.set()
        self._resolve(True)
        for action in self._at_end:
            action()

    def _resolve(self, value: bool) -> None:
        if self._over is not None and not self._over.done():
            self._over.set_result(value)
