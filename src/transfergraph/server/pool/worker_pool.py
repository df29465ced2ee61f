"""The server's side of a fork server and its workers."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import socket
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Coroutine
from contextlib import suppress
from multiprocessing.connection import Connection
from typing import Any

from transfergraph.common.process_endings import Ending, ending, first_words
from transfergraph.common.text import Text
from transfergraph.errors import StoreError
from transfergraph.messages import explained
from transfergraph.server.pool.ipc import (
    LONGEST,
    BrokenFrame,
    Exited,
    Failure,
    Kill,
    Message,
    Part,
    Ready,
    Spawn,
    Spawned,
    Started,
    decode,
    frame,
    send_descriptor,
)
from transfergraph.server.pool.requests import WorkerConfig
from transfergraph.server.pool.response_buffer import BufferFull, WorkerResponse
from transfergraph.server.problems import Problem, ended

_CHUNK = 1 << 16  # bytes of a worker that are read ahead
_EXIT_TIMEOUT = 2.0  # seconds until the exit status of a worker must be known


class WorkerHandle:
    """One worker process, seen from the server; ``pid`` is 0 before it is known.

    ``memory`` is its size after its last request, in bytes; ``first_memory`` after its first. ``exit`` is how
    its process has ended, and what the engine wrote to standard error.
    """

    def __init__(self, pool: WorkerPool) -> None:
        self._pool = pool
        self._writer: asyncio.StreamWriter | None = None
        self._response: WorkerResponse | None = None
        self.pid = 0
        self.memory = self.first_memory = 0
        self.kill_reason: Problem | None = None
        self.was_ready = False
        self.exit: asyncio.Future[tuple[Ending, str]] = asyncio.get_running_loop().create_future()

    @property
    def is_alive(self) -> bool:
        """False once it was killed or has closed its connection."""
        return self._writer is not None and self.kill_reason is None

    def assign(self, request: bytes, response: WorkerResponse) -> None:
        """Let it answer a packed request; one at a time."""
        if self._writer is None:
            response.fail(ended(Ending.FAILURE if self._pool.is_open else Ending.STOPPING))
            return
        self._response = response
        self._writer.write(frame(request))

    def kill(self, kill_reason: Problem) -> None:
        """Kill it; the answer that it was computing ends with this problem."""
        if self.kill_reason is None:
            self.kill_reason = kill_reason
            self._pool.kill(self)
            if self._response is not None:
                self._response.fail(kill_reason)

    def reap(self, end: Ending, stderr: str) -> None:
        """Its process has exited: no room is awaited any more for the rest of its answer."""
        self.exit.set_result((end, stderr))
        if self._response is not None:
            self._response.go_on()

    def detach(self) -> None:
        """Ignore the rest of its answer."""
        if self._response is not None:
            self._response.go_on()
        self._response = None

    def hang_up(self) -> None:
        """Close the connection; the worker exits when it has nothing to do."""
        if self._writer is not None:
            self._writer.close()

    async def connect(self, connection: socket.socket) -> Coroutine[Any, Any, None]:
        """Open its connection; what is returned takes all that it says."""
        reader, self._writer = await asyncio.open_unix_connection(sock=connection, limit=_CHUNK)
        return self._listen(reader, self._writer)

    async def _listen(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                await self._take(decode(await read_frame(reader)))
        except BufferFull as full:
            if not self.exit.done():
                self.kill(full.problem)
        except BrokenFrame as error:
            self.kill(Problem(500, "failure", explained("problem.frame", error=error)))
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            self._writer = None
            writer.close()
            self._pool.on_hang_up(self, self._response)
            self._response = None

    async def _take(self, message: Message) -> None:
        response = self._response
        match message:
            case Ready():
                self.was_ready = True
                self._pool.on_idle(self)
            case Failure(reason):
                if response is None:
                    self._pool.start_error = reason
                    return
                self._response = None
                response.fail(Problem(500, "failure", Text(en=reason)))
                self._pool.on_idle(self)
            case Part(body, head, end) if response is not None:
                if head is not None:
                    response.start(head)
                if body:
                    await response.add(body, may_wait=not self.exit.done())
                    if response is not self._response:  # it was detached while it waited
                        return
                if end is not None:
                    self._response = None
                    self.memory = end.memory
                    self.first_memory = self.first_memory or end.memory
                    response.finish(end)
                    self._pool.on_idle(self)


async def read_frame(reader: asyncio.StreamReader) -> bytes:
    """The next message; raises :class:`BrokenFrame`, and :class:`asyncio.IncompleteReadError` at the end."""
    size = int.from_bytes(await reader.readexactly(4))
    if size > LONGEST:
        raise BrokenFrame("a frame is too long")
    return await reader.readexactly(size)


class WorkerPool:
    """A fork server and its workers.

    ``on_idle`` is called with a worker that is ready for a request, ``on_lost`` with one that has exited, and
    ``on_ended`` with the ending of a query whose worker exited by itself, and what the engine wrote to
    standard error. ``start_error`` is why a worker could not start.
    """

    def __init__(
        self,
        on_idle: Callable[[WorkerHandle], None],
        on_lost: Callable[[WorkerHandle], None],
        on_ended: Callable[[Ending, str], None],
    ) -> None:
        self.on_idle = on_idle
        self._on_ended = on_ended
        self._on_lost = on_lost
        self._process: subprocess.Popen[bytes] | None = None
        self._control: Connection | None = None
        self._started: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._without_pid: deque[WorkerHandle] = deque()
        self._by_pid: dict[int, WorkerHandle] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self.workers: set[WorkerHandle] = set()
        self.is_open = False
        self.start_error = ""

    async def start(self, config: WorkerConfig) -> None:
        """Start the fork server; raises :class:`StoreError` when it cannot read the release."""
        self._control, theirs = multiprocessing.Pipe()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "transfergraph.server.pool.fork_server", str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                start_new_session=True,
            )
        asyncio.get_running_loop().add_reader(self._control.fileno(), self._on_control, self._control)
        os.set_blocking(self._control.fileno(), True)  # libuv has changed that; a report is read to its end
        self._send(config)
        await self._started
        self.is_open = True

    async def spawn(self) -> WorkerHandle:
        """A new worker, which is passed to ``on_idle`` when it is ready; raises :class:`OSError`."""
        assert self._control is not None
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        worker = WorkerHandle(self)
        try:
            with theirs:
                self._control.send(Spawn())
                send_descriptor(self._control, theirs.fileno())
            self._without_pid.append(worker)
            self.workers.add(worker)
            self._start_task(await worker.connect(ours))
        except OSError:
            self.workers.discard(worker)
            ours.close()
            raise
        return worker

    def kill(self, worker: WorkerHandle) -> None:
        """Kill a worker by the fork server, which knows whether the process id is still its own."""
        if worker.pid:
            self._send(Kill(worker.pid))

    def on_hang_up(self, worker: WorkerHandle, response: WorkerResponse | None) -> None:
        """A worker has closed its connection: its answer, if any, ends with the reason."""
        self.workers.discard(worker)
        if response is not None and not response.is_finished and worker.kill_reason is None:
            self._start_task(self._fail(worker, response))
        self._on_lost(worker)

    async def close(self) -> None:
        """End fork server and workers; returns when the fork server has exited."""
        self.is_open = False
        for worker in list(self.workers):
            worker.hang_up()
        if self._control is not None:
            asyncio.get_running_loop().remove_reader(self._control.fileno())
            self._control.close()
            self._control = None
        if self._process is not None:
            await asyncio.to_thread(_wait, self._process)

    def _on_control(self, control: Connection) -> None:
        try:
            if control.poll():  # the loop may call again for what has been read already
                self._take(control.recv())
        except (EOFError, OSError):
            self._on_fork_server_exit(control)

    def _take(self, report: Started | Spawned | Exited) -> None:
        match report:
            case Spawned(pid):
                worker = self._without_pid.popleft()
                worker.pid = pid
                if pid:
                    self._by_pid[pid] = worker
                if worker.kill_reason is not None:
                    self.kill(worker)
            case Exited(pid, status, stderr):
                self._by_pid.pop(pid).reap(ending(status, stderr), first_words(stderr))
            case Started(error) if not self._started.done():
                if error:
                    self._started.set_exception(StoreError(error))
                else:
                    self._started.set_result(None)

    def _on_fork_server_exit(self, control: Connection) -> None:
        """The fork server has exited unasked, and its workers with it."""
        asyncio.get_running_loop().remove_reader(control.fileno())
        if self._process is not None:
            self._process.kill()
        self.is_open = False
        for worker in self._by_pid.values():
            worker.reap(Ending.STOPPING, "")
        self._by_pid.clear()
        if not self._started.done():
            self._started.set_exception(StoreError(explained("error.workers.fork-server")))

    async def _fail(self, worker: WorkerHandle, response: WorkerResponse) -> None:
        """End the answer of a worker that exited with the problem for its exit status."""
        end, stderr = (Ending.FAILURE, "") if self.is_open else (Ending.STOPPING, "")
        if worker.pid and self.is_open:
            with suppress(TimeoutError):
                end, stderr = await asyncio.wait_for(asyncio.shield(worker.exit), _EXIT_TIMEOUT)
        self._on_ended(end, stderr)
        response.fail(ended(end))

    def _send(self, command: WorkerConfig | Kill) -> None:
        if self._control is not None:
            with suppress(ConnectionError):
                self._control.send(command)

    def _start_task(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _wait(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
