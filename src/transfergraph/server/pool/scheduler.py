"""The order in which queries get a worker: light ones at once, heavy ones by turns, fair to all clients.

Every query starts as a light one. One that is not answered within a moment is heavy: it goes on with a lower
CPU priority if fewer heavy queries run than the capacity allows; otherwise it is stopped, waits, and starts
again when its turn comes. So a light query never waits for a heavy one, and only briefly for those that turn
out to be heavy. With a capacity of more than one, no client runs all heavy queries; and a client with heavy
queries may not take the last idle worker for its light ones.
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
from transfergraph.messages import explained
from transfergraph.server.log import LogEvent
from transfergraph.server.pool.fair_queue import FairQueue, QueueIsFull
from transfergraph.server.pool.requests import WorkerConfig
from transfergraph.server.pool.response_buffer import Budget, WorkerResponse
from transfergraph.server.pool.worker_pool import WorkerHandle, WorkerPool
from transfergraph.server.problems import Problem, ended, retry_after

Disconnected = Callable[[], Awaitable[None]]
"""Returns when the client has disconnected."""

_NICENESS = 10
_FIRST_WAIT = 0.1  # seconds of waiting from which on a disconnect of the client is noticed
_GRACE = 1.0  # seconds beyond the limit in which a worker may still close a cut answer
_GROWTH = 128 << 20  # bytes by which a worker may grow before it is replaced
_EXPLANATION = 5.0  # seconds until the exit status of a worker must be known
MAX_FAILED_STARTS = 3  # workers in a row that may fail to start

CLIENT_LEFT = Problem(499, "left", explained("problem.left"))
"""Why an answer was not finished: the client disconnected (nginx's status 499)."""

_STARTING = ended(Ending.STOPPING)


@dataclass(frozen=True, slots=True)
class Capacity:
    """How many heavy queries run, and how many light ones; how many wait, and for how many seconds."""

    workers: int
    queue: int
    queue_seconds: float
    time_seconds: float


Waiter = asyncio.Future[WorkerHandle | Problem]


class Scheduler:
    """The workers of one release and the queries that wait for them; made within a running event loop."""

    def __init__(self, capacity: Capacity, budget: Budget, log_event: LogEvent) -> None:
        self._capacity = capacity
        self._budget = budget
        self._heavy_per_client = max(1, capacity.workers - 1)
        self._light_target = max(2, capacity.workers)
        self._log_event = log_event
        self._pool = WorkerPool(self._on_idle_worker, self._on_lost_worker, self._on_ended_query)
        self._light_workers: set[WorkerHandle] = set()
        self._idle: list[WorkerHandle] = []
        self._heavy_workers: dict[WorkerHandle, str] = {}
        self._reserved: dict[WorkerHandle, Waiter] = {}
        self._heavy_count: Counter[str] = Counter()
        self._light_queue: FairQueue[Waiter] = FairQueue(capacity.queue)
        self._heavy_queue: FairQueue[Waiter] = FairQueue(capacity.queue)
        self._starting = 0
        self._failed_starts = 0
        self._ready = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        self.ended: Counter[str] = Counter()

    async def start(self, config: WorkerConfig) -> None:
        """Start the workers; raises :class:`StoreError` when they cannot start."""
        try:
            await self._pool.start(config)
            self._refill()
            await self._ready.wait()
            if self._failed_starts:
                raise StoreError(self._pool.start_error or explained("error.workers.end"))
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
        """True while the fork server runs and its workers start."""
        return self._pool.is_open and self._failed_starts <= MAX_FAILED_STARTS

    @property
    def counts(self) -> dict[str, int]:
        """The number of workers, of idle ones, of running heavy queries, and of waiting queries."""
        return {
            "all": len(self._pool.workers),
            "idle": len(self._idle),
            "heavy": self._heavy_count.total(),
            "waiting": len(self._light_queue) + len(self._heavy_queue),
        }

    async def ask(
        self, request: bytes, light_seconds: float, client: str, disconnected: Disconnected
    ) -> WorkerResponse:
        """The answer to a packed request: complete for a light one, else as soon as it has a worker.

        ``light_seconds`` is how long a light one may take.
        """
        response = WorkerResponse(self._budget, client)
        worker = await self._light_worker(client, disconnected)
        if isinstance(worker, Problem):
            response.fail(worker)
            return response
        loop = asyncio.get_running_loop()
        started = loop.time()
        worker.assign(request, response)
        if await response.finished_within(light_seconds) or response.is_finished:
            return response
        if not worker.is_alive:
            await response.finished_within(_EXPLANATION)
            return response
        if self._has_heavy_slot(client):
            self._promote(worker, client)
        else:
            self._stop(worker, "waits")
            response.reset()
            heavy = await self._wait(self._heavy_queue, client, disconnected)
            if isinstance(heavy, Problem):
                response.fail(heavy)
                return response
            worker, started = heavy, loop.time()
            worker.assign(request, response)
        self._limit(worker, response, started, disconnected)
        return response

    async def _light_worker(self, client: str, disconnected: Disconnected) -> WorkerHandle | Problem:
        if not self._pool.is_open:
            return _STARTING
        if self._may_start(client):
            return self._idle.pop()
        return await self._wait(self._light_queue, client, disconnected)

    def _may_start(self, client: str) -> bool:
        """Whether a light query of this client may take one of the idle workers."""
        is_heavy = bool(self._heavy_count[client]) or client in self._heavy_queue
        return len(self._idle) > (1 if is_heavy else 0)

    def _assign(self) -> None:
        """Give idle workers to waiting light queries."""
        while next_waiter := self._light_queue.take(self._may_start):
            _, waiter = next_waiter
            if not waiter.done():
                waiter.set_result(self._idle.pop())

    async def _wait(
        self, queue: FairQueue[Waiter], client: str, disconnected: Disconnected
    ) -> WorkerHandle | Problem:
        """Wait in a queue for a worker."""
        waiter: Waiter = asyncio.get_running_loop().create_future()
        try:
            queue.put(client, waiter)
        except QueueIsFull as full:
            return _refusal(full.own)
        if queue is self._heavy_queue:
            self._start_waiting_heavy()
        client_left: asyncio.Future[None] | None = None
        try:
            await asyncio.wait((waiter,), timeout=_FIRST_WAIT)
            if not waiter.done():
                client_left = asyncio.ensure_future(disconnected())
                either: set[asyncio.Future[Any]] = {waiter, client_left}
                timeout = self._capacity.queue_seconds
                await asyncio.wait(either, timeout=timeout, return_when=asyncio.FIRST_COMPLETED)
            if waiter.done():
                return waiter.result()
            has_left = client_left is not None and client_left.done()
            return CLIENT_LEFT if has_left else _refusal(of_client=False)
        except asyncio.CancelledError:
            assigned = waiter.result() if waiter.done() else None
            if isinstance(assigned, WorkerHandle):
                assigned.hang_up()
            raise
        finally:
            if client_left is not None:
                client_left.cancel()
            if not waiter.done():
                queue.remove(client, waiter)
                waiter.cancel()

    def _limit(
        self, worker: WorkerHandle, response: WorkerResponse, started: float, disconnected: Disconnected
    ) -> None:
        """Kill the worker of a heavy query when its time is over or its client disconnects."""
        if response.is_finished:
            return
        loop = asyncio.get_running_loop()
        seconds = self._capacity.time_seconds
        timer = loop.call_at(started + seconds + _GRACE, self._end, worker, _too_long(seconds))
        client_left = asyncio.ensure_future(disconnected())
        client_left.add_done_callback(
            lambda done: None if done.cancelled() else self._end(worker, CLIENT_LEFT)
        )
        response.stop = lambda: self._end(worker, CLIENT_LEFT)
        response.on_finish(timer.cancel)
        response.on_finish(client_left.cancel)

    def _end(self, worker: WorkerHandle, problem: Problem) -> None:
        if worker.is_alive:
            self.ended[problem.kind] += 1
            worker.kill(problem)

    def _on_ended_query(self, end: Ending, stderr: str) -> None:
        """A query has ended because its worker exited without being killed by the scheduler."""
        self.ended[end] += 1
        self._log_event({"event": "worker-ended", "reason": end, "words": stderr})

    def _stop(self, worker: WorkerHandle, reason: str) -> None:
        """Kill a light worker whose query will start again as a heavy one."""
        worker.detach()
        self.ended[reason] += 1
        worker.kill(Problem(503, "busy", explained("problem.turn")))

    def _has_heavy_slot(self, client: str) -> bool:
        free = self._heavy_count.total() < self._capacity.workers
        return free and self._heavy_count[client] < self._heavy_per_client

    def _promote(self, worker: WorkerHandle, client: str) -> None:
        """Let a query go on as a heavy one, and start another light worker."""
        self._heavy_count[client] += 1
        self._heavy_workers[worker] = client
        self._light_workers.discard(worker)
        _lower_priority(worker)
        self._refill()

    def _start_waiting_heavy(self) -> None:
        """Start waiting heavy queries, each with a worker of its own, up to the capacity."""
        while self._heavy_count.total() < self._capacity.workers:
            next_waiter = self._heavy_queue.take(
                lambda client: self._heavy_count[client] < self._heavy_per_client
            )
            if next_waiter is None:
                return
            client, waiter = next_waiter
            self._heavy_count[client] += 1
            self._start_task(self._start_heavy(client, waiter))

    async def _start_heavy(self, client: str, waiter: Waiter) -> None:
        try:
            worker = await self._pool.spawn()
        except BaseException as error:
            self._heavy_count[client] -= 1
            _cancel(waiter)
            if isinstance(error, OSError):
                return
            raise
        self._heavy_workers[worker] = client
        self._reserved[worker] = waiter

    async def _start_light(self, delay: float) -> None:
        spawned = False
        try:
            await asyncio.sleep(delay)
            with suppress(OSError):
                self._light_workers.add(await self._pool.spawn())
                spawned = True
        finally:
            self._starting -= 1
        if not spawned and self._pool.is_open:
            self._start_failed()
            self._refill()

    def _refill(self) -> None:
        """Start light workers up to their target number."""
        while self._starting + len(self._light_workers) < self._light_target:
            self._starting += 1
            self._start_task(self._start_light(0.2 * self._failed_starts))

    def _on_idle_worker(self, worker: WorkerHandle) -> None:
        """A worker is ready for its first request, or has answered one."""
        self._failed_starts = 0
        self._ready.set()
        reserved = self._reserved.pop(worker, None)
        if reserved is not None:
            if reserved.done():
                worker.hang_up()
            else:
                _lower_priority(worker)
                reserved.set_result(worker)
        elif worker in self._heavy_workers or worker.memory > worker.first_memory + _GROWTH:
            worker.hang_up()
        elif worker.is_alive:
            self._idle.append(worker)
            self._assign()

    def _start_failed(self) -> None:
        self._failed_starts += 1
        if self._failed_starts > MAX_FAILED_STARTS:
            self._ready.set()

    def _on_lost_worker(self, worker: WorkerHandle) -> None:
        """A worker has exited, for whatever reason."""
        if not worker.was_ready and self._pool.is_open:
            self._start_failed()
        if worker in self._idle:
            self._idle.remove(worker)
        self._light_workers.discard(worker)
        reserved = self._reserved.pop(worker, None)
        if reserved is not None:
            _cancel(reserved)
        client = self._heavy_workers.pop(worker, None)
        if client is not None:
            self._heavy_count[client] -= 1
            self._heavy_count += Counter()
        if self._pool.is_open:
            self._refill()
            self._start_waiting_heavy()
            self._assign()
        else:
            for queue in (self._light_queue, self._heavy_queue):
                while next_waiter := queue.take():
                    _cancel(next_waiter[1])

    def _start_task(self, work: Coroutine[None, None, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _cancel(waiter: Waiter) -> None:
    """End the waiting of a query: there will be no worker."""
    if not waiter.done():
        waiter.set_result(_STARTING)


def _lower_priority(worker: WorkerHandle) -> None:
    with suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, worker.pid, _NICENESS)


def _refusal(of_client: bool) -> Problem:
    if of_client:
        sentence = explained("problem.your-queries")
        return Problem(429, "share", sentence, headers=(retry_after(5),))
    sentence = explained("problem.busy")
    return Problem(503, "busy", sentence, headers=(retry_after(10),))


def _too_long(seconds: float) -> Problem:
    return dataclasses.replace(ended(Ending.TIME, seconds=round(seconds)), more={"limit": seconds})
