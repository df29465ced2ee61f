"""Who is answered when: light queries at once, heavy ones in turn, nobody at the cost of the others.

Every query begins in the light lane. One that is not done within a moment is heavy: it goes on if fewer
heavy ones run than there may, with a lower priority on the processor; otherwise it is stopped, waits, and
begins again in its turn. So a light query never waits for a heavy one, and not for long for those that
turn out to be heavy. Where there is more than one place, no client takes all heavy ones; and whoever has
heavy queries comes last in the light lane and leaves a worker idle for the others.
"""

from __future__ import annotations

import asyncio
import dataclasses
import os
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from transfergraph.common.process_endings import Ending
from transfergraph.errors import StoreError
from transfergraph.server.log import Tell
from transfergraph.server.pool.fair_queue import FairQueue, QueueIsFull
from transfergraph.server.pool.response_buffer import Budget
from transfergraph.server.pool.worker_config import WorkerConfig
from transfergraph.server.pool.worker_pool import WorkerHandle, WorkerPool
from transfergraph.server.pool.worker_response import WorkerResponse
from transfergraph.server.problems import Problem, ended, retry_after

Departure = Callable[[], Awaitable[None]]
"""Returns when the client has left."""

_NICENESS = 10
_SOON = 0.1  # seconds of waiting after which it is watched whether the client leaves
_GRACE = 1.0  # seconds beyond the limit in which a worker may still close a cut answer
_GROWTH = 128 << 20  # bytes by which a worker may grow before it is replaced
_EXPLANATION = 5.0  # seconds in which it is known why a worker died
_STILLBORN = 3  # workers in a row that may fail to begin

LEFT = Problem(499, "left", "The client has left.")
"""Why an answer was not finished that nobody waits for any more."""

_STARTING = ended(Ending.STOPPING)


@dataclass(frozen=True, slots=True)
class Capacity:
    """How many heavy queries run, and how many light ones; how many wait, and for how many seconds."""

    workers: int
    queue: int
    queue_seconds: float
    time_seconds: float


Turn = asyncio.Future[WorkerHandle | Problem]


class Scheduler:
    """The workers of one release and the queries that wait for them. Make one within a running event loop."""

    def __init__(self, capacity: Capacity, budget: Budget, tell: Tell) -> None:
        self._capacity = capacity
        self._budget = budget
        self._most_of_one = max(1, capacity.workers - 1)
        self._light_places = max(2, capacity.workers)
        self._tell = tell
        self._pool = WorkerPool(self._is_idle, self._is_lost, self._has_ended)
        self._light_workers: set[WorkerHandle] = set()
        self._idle: list[WorkerHandle] = []
        self._heavy_workers: dict[WorkerHandle, str] = {}
        self._promised: dict[WorkerHandle, Turn] = {}
        self._places: Counter[str] = Counter()
        self._light: FairQueue[Turn] = FairQueue(capacity.queue)
        self._heavy: FairQueue[Turn] = FairQueue(capacity.queue)
        self._bringing = 0
        self._failed_starts = 0
        self._ready = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        self.ended: Counter[str] = Counter()

    async def start(self, task: WorkerConfig) -> None:
        """Start the workers; raises :class:`StoreError` when they cannot do their work."""
        try:
            await self._pool.start(task)
            self._restock()
            await self._ready.wait()
            if self._failed_starts:
                raise StoreError(self._pool.complaint or "The workers end before they begin.")
        except BaseException:
            await self.close()
            raise

    async def close(self) -> None:
        """End all workers."""
        for task in list(self._tasks):
            task.cancel()
        await self._pool.close()

    @property
    def is_open(self) -> bool:
        """True while there is somebody who forks workers, and they do begin."""
        return self._pool.is_open and self._failed_starts <= _STILLBORN

    @property
    def counts(self) -> dict[str, int]:
        """How many workers there are, how many of them idle, how many heavy queries run, how many wait."""
        return {
            "all": len(self._pool.workers),
            "idle": len(self._idle),
            "heavy": self._places.total(),
            "waiting": len(self._light) + len(self._heavy),
        }

    async def ask(
        self, request: bytes, light_seconds: float, client: str, departure: Departure
    ) -> WorkerResponse:
        """The answer to a job that was packed: whole when it was light, else as soon as it has a worker.

        ``light_seconds`` is how long it may take and still be light.
        """
        reply = WorkerResponse(self._budget, client)
        worker = await self._light_worker(client, departure)
        if isinstance(worker, Problem):
            reply.fail(worker)
            return reply
        loop = asyncio.get_running_loop()
        begun = loop.time()
        worker.give(request, reply)
        if await reply.is_over_within(light_seconds) or reply.is_over:
            return reply
        if not worker.is_alive:
            await reply.is_over_within(_EXPLANATION)
            return reply
        if self._has_place(client):
            self._promote(worker, client)
        else:
            self._stop(worker, "waits")
            reply.reset()
            heavy = await self._turn(self._heavy, client, departure)
            if isinstance(heavy, Problem):
                reply.fail(heavy)
                return reply
            worker, begun = heavy, loop.time()
            worker.give(request, reply)
        self._watch(worker, reply, begun, departure)
        return reply

    async def _light_worker(self, client: str, departure: Departure) -> WorkerHandle | Problem:
        if not self._pool.is_open:
            return _STARTING
        if self._may_begin(client):
            return self._idle.pop()
        return await self._turn(self._light, client, departure)

    def _may_begin(self, client: str) -> bool:
        """Whether a light query of this client may take one of the idle workers."""
        is_heavy = bool(self._places[client]) or client in self._heavy
        return len(self._idle) > (1 if is_heavy else 0)

    def _serve(self) -> None:
        """Give idle workers to those who wait for one."""
        while waiting := self._light.take(self._may_begin):
            _, turn = waiting
            if not turn.done():
                turn.set_result(self._idle.pop())

    async def _turn(self, line: FairQueue[Turn], client: str, departure: Departure) -> WorkerHandle | Problem:
        """Wait in a line for a worker."""
        turn: Turn = asyncio.get_running_loop().create_future()
        try:
            line.put(client, turn)
        except QueueIsFull as full:
            return _refusal(full.own)
        if line is self._heavy:
            self._call_heavy()
        leaving: asyncio.Future[None] | None = None
        try:
            await asyncio.wait((turn,), timeout=_SOON)
            if not turn.done():
                leaving = asyncio.ensure_future(departure())
                either: set[asyncio.Future[Any]] = {turn, leaving}
                patience = self._capacity.queue_seconds
                await asyncio.wait(either, timeout=patience, return_when=asyncio.FIRST_COMPLETED)
            if turn.done():
                return turn.result()
            return LEFT if leaving is not None and leaving.done() else _refusal(own=False)
        except asyncio.CancelledError:
            given = turn.result() if turn.done() else None
            if isinstance(given, WorkerHandle):
                given.let_go()
            raise
        finally:
            if leaving is not None:
                leaving.cancel()
            if not turn.done():
                line.remove(client, turn)
                turn.cancel()

    def _watch(self, worker: WorkerHandle, reply: WorkerResponse, begun: float, departure: Departure) -> None:
        """End a heavy query when its time is over and when its client leaves."""
        if reply.is_over:
            return
        loop = asyncio.get_running_loop()
        seconds = self._capacity.time_seconds
        timer = loop.call_at(begun + seconds + _GRACE, self._end, worker, _too_long(seconds))
        leaving = asyncio.ensure_future(departure())
        leaving.add_done_callback(lambda done: None if done.cancelled() else self._end(worker, LEFT))
        reply.stop = lambda: self._end(worker, LEFT)
        reply.when_over(timer.cancel)
        reply.when_over(leaving.cancel)

    def _end(self, worker: WorkerHandle, verdict: Problem) -> None:
        if worker.is_alive:
            self.ended[verdict.kind] += 1
            worker.kill(verdict)

    def _has_ended(self, end: Ending, words: str) -> None:
        """A query has ended with its worker, which nobody killed."""
        self.ended[end] += 1
        self._tell({"event": "worker-ended", "reason": end, "words": words})

    def _stop(self, worker: WorkerHandle, reason: str) -> None:
        """End a light worker whose query will begin again in the heavy lane."""
        worker.forget()
        self.ended[reason] += 1
        worker.kill(Problem(503, "busy", "The query waits for its turn."))

    def _has_place(self, client: str) -> bool:
        free = self._places.total() < self._capacity.workers
        return free and self._places[client] < self._most_of_one

    def _promote(self, worker: WorkerHandle, client: str) -> None:
        """Let a query go on in the heavy lane, and another worker take the place in the light one."""
        self._places[client] += 1
        self._heavy_workers[worker] = client
        self._light_workers.discard(worker)
        _lower_priority(worker)
        self._restock()

    def _call_heavy(self) -> None:
        """Give free places to those who wait for one, each with a worker of its own."""
        while self._places.total() < self._capacity.workers:
            waiting = self._heavy.take(lambda client: self._places[client] < self._most_of_one)
            if waiting is None:
                return
            client, turn = waiting
            self._places[client] += 1
            self._start_task(self._bring_heavy(client, turn))

    async def _bring_heavy(self, client: str, turn: Turn) -> None:
        try:
            worker = await self._pool.spawn()
        except BaseException as error:
            self._places[client] -= 1
            _dismiss(turn)
            if isinstance(error, OSError):
                return
            raise
        self._heavy_workers[worker] = client
        self._promised[worker] = turn

    async def _bring_light(self, delay: float) -> None:
        spawned = False
        try:
            await asyncio.sleep(delay)
            with suppress(OSError):
                self._light_workers.add(await self._pool.spawn())
                spawned = True
        finally:
            self._bringing -= 1
        if not spawned and self._pool.is_open:
            self._is_stillborn()
            self._restock()

    def _restock(self) -> None:
        """Have as many workers in the light lane as there should be."""
        while self._bringing + len(self._light_workers) < self._light_places:
            self._bringing += 1
            self._start_task(self._bring_light(0.2 * self._failed_starts))

    def _is_idle(self, worker: WorkerHandle) -> None:
        """A worker is ready for its first job, or has done one."""
        self._failed_starts = 0
        self._ready.set()
        promised = self._promised.pop(worker, None)
        if promised is not None:
            if promised.done():
                worker.let_go()
            else:
                _lower_priority(worker)
                promised.set_result(worker)
        elif worker in self._heavy_workers or worker.memory > worker.first_memory + _GROWTH:
            worker.let_go()
        elif worker.is_alive:
            self._idle.append(worker)
            self._serve()

    def _is_stillborn(self) -> None:
        self._failed_starts += 1
        if self._failed_starts > _STILLBORN:
            self._ready.set()

    def _is_lost(self, worker: WorkerHandle) -> None:
        """A worker has ended, in whatever way."""
        if not worker.was_ready and self._pool.is_open:
            self._is_stillborn()
        if worker in self._idle:
            self._idle.remove(worker)
        self._light_workers.discard(worker)
        promised = self._promised.pop(worker, None)
        if promised is not None:
            _dismiss(promised)
        client = self._heavy_workers.pop(worker, None)
        if client is not None:
            self._places[client] -= 1
            self._places += Counter()
        if self._pool.is_open:
            self._restock()
            self._call_heavy()
            self._serve()
        else:
            for line in (self._light, self._heavy):
                while waiting := line.take():
                    _dismiss(waiting[1])

    def _start_task(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _dismiss(turn: Turn) -> None:
    """Tell somebody who waits that there will be no worker."""
    if not turn.done():
        turn.set_result(_STARTING)


def _lower_priority(worker: WorkerHandle) -> None:
    with suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, worker.number, _NICENESS)


def _refusal(own: bool) -> Problem:
    if own:
        sentence = "Too many of your queries are waiting: send the next when one has been answered."
        return Problem(429, "share", sentence, headers=(retry_after(5),))
    sentence = "All workers are busy and too many queries wait: ask again later."
    return Problem(503, "busy", sentence, headers=(retry_after(10),))


def _too_long(seconds: float) -> Problem:
    return dataclasses.replace(ended(Ending.TIME, seconds=round(seconds)), more={"limit": seconds})
