"""The server's side of a fork server and its workers."""

from __future__ import annotations

import asyncio
import pickle
import socket
import struct
import subprocess
import sys
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import cast

from transfergraph.common.process_endings import Ending, ending, first_words
from transfergraph.errors import StoreError
from transfergraph.server.pool.ipc import (
    CONFIG,
    DATA,
    END,
    EXIT_STATUS,
    EXITED,
    FAIL,
    FAILED,
    HEAD,
    KILL,
    PID,
    READY,
    REQUEST,
    SPAWN,
    SPAWNED,
    BrokenFrame,
    FrameReader,
    pack,
    read_end,
    read_head,
)
from transfergraph.server.pool.requests import WorkerConfig
from transfergraph.server.pool.response_buffer import BufferFull, WorkerResponse
from transfergraph.server.problems import Problem, ended

_EXIT_TIMEOUT = 2.0  # seconds until the exit status of a worker must be known


class WorkerHandle(asyncio.Protocol):
    """One worker process, seen from the server; ``pid`` is 0 before it is known.

    ``memory`` is its size after its last request, in bytes; ``first_memory`` after its first.
    """

    def __init__(self, pool: WorkerPool) -> None:
        self._pool = pool
        self._reader = FrameReader()
        self._transport: asyncio.Transport | None = None
        self._response: WorkerResponse | None = None
        self.pid = 0
        self.memory = self.first_memory = 0
        self.kill_reason: Problem | None = None
        self.was_ready = False
        self._is_dead = False

    @property
    def is_alive(self) -> bool:
        """False once it was killed or has closed its connection."""
        return self._transport is not None and self.kill_reason is None

    def assign(self, request: bytes, response: WorkerResponse) -> None:
        """Let it answer a packed request; one at a time."""
        if self._transport is None:
            response.fail(ended(Ending.FAILURE if self._pool.is_open else Ending.STOPPING))
            return
        self._response = response
        response.source = self._transport
        self._transport.write(pack(REQUEST, request))

    def kill(self, kill_reason: Problem) -> None:
        """Kill it; the answer that it was computing ends with this problem."""
        if self.kill_reason is None:
            self.kill_reason = kill_reason
            self._pool.kill(self)
            if self._transport is not None:
                self._transport.resume_reading()  # else its end of file is not seen
            if self._response is not None:
                self._response.fail(kill_reason)

    def reap(self) -> None:
        """Its process has exited: while reading is paused, its end of file would not be seen."""
        self._is_dead = True
        if self._transport is not None and self._response is not None and self._response.is_paused:
            self._transport.abort()

    def detach(self) -> None:
        """Ignore the rest of its answer."""
        self._response = None

    def hang_up(self) -> None:
        """Close the connection; the worker exits when it has nothing to do."""
        if self._transport is not None:
            self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """See :class:`asyncio.Protocol`."""
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        """See :class:`asyncio.Protocol`."""
        try:
            for kind, content in self._reader.feed(data):
                self._take(kind, content)
        except BufferFull as full:
            self.kill(full.problem)
        except BrokenFrame as error:
            self.kill(Problem(500, "failure", f"A worker's answer could not be taken: {error}."))
        if self._is_dead:
            self.reap()

    def connection_lost(self, exc: Exception | None) -> None:
        """See :class:`asyncio.Protocol`."""
        self._transport = None
        self._pool.on_hang_up(self, self._response)
        self._response = None

    def _take(self, kind: bytes, content: bytes) -> None:
        response = self._response
        if kind == READY:
            self.was_ready = True
            self._pool.on_idle(self)
        elif response is None:
            if kind == FAIL:
                self._pool.start_error = content.decode("utf-8", "replace")
        elif kind == DATA:
            response.add(content)
        elif kind == HEAD:
            response.start(read_head(content))
        else:
            self._response = None
            if kind == END:
                end = read_end(content)
                self.memory = end.memory
                self.first_memory = self.first_memory or end.memory
                response.finish(end)
            elif kind == FAIL:
                response.fail(Problem(500, "failure", content.decode("utf-8", "replace")))
            self._pool.on_idle(self)


class WorkerPool(asyncio.Protocol):
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
        self._reader = FrameReader()
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._started: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._without_pid: deque[WorkerHandle] = deque()
        self._exits: dict[int, asyncio.Future[tuple[Ending, str]]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self.workers: set[WorkerHandle] = set()
        self.is_open = False
        self.start_error = ""

    async def start(self, config: WorkerConfig) -> None:
        """Start the fork server; raises :class:`StoreError` when it cannot read the release."""
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "transfergraph.server.pool.fork_server", str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                start_new_session=True,
            )
        ours.setblocking(False)
        self._control = ours
        self._watch_control(ours)
        await asyncio.get_running_loop().sock_sendall(ours, pack(CONFIG, pickle.dumps(config)))
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
                socket.send_fds(self._control, [pack(SPAWN, b"")], [theirs.fileno()])
            self._without_pid.append(worker)
            self.workers.add(worker)
            await asyncio.get_running_loop().create_unix_connection(lambda: worker, sock=ours)
        except OSError:
            self.workers.discard(worker)
            ours.close()
            raise
        return worker

    def kill(self, worker: WorkerHandle) -> None:
        """Kill a worker by the fork server, which knows whether the process id is still its own."""
        if worker.pid:
            self._send(pack(KILL, PID.pack(worker.pid)))

    def on_hang_up(self, worker: WorkerHandle, response: WorkerResponse | None) -> None:
        """A worker has closed its connection: its answer, if any, ends with the reason."""
        self.workers.discard(worker)
        exited = self._exits.get(worker.pid)
        if exited is not None and exited.done():
            del self._exits[worker.pid]
        if response is not None and not response.is_finished and worker.kill_reason is None:
            task = asyncio.get_running_loop().create_task(self._fail(exited, response))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        self._on_lost(worker)

    async def close(self) -> None:
        """End fork server and workers; returns when the fork server has exited."""
        self.is_open = False
        for worker in list(self.workers):
            worker.hang_up()
        if self._control is not None:
            asyncio.get_running_loop().remove_reader(self._control)
            self._control.close()
            self._control = None
        if self._process is not None:
            await asyncio.to_thread(_wait, self._process)

    def _watch_control(self, control: socket.socket) -> None:
        asyncio.get_running_loop().add_reader(control, self._on_control, control)

    def _on_control(self, control: socket.socket) -> None:
        try:
            data = control.recv(1 << 16)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        try:
            for kind, content in self._reader.feed(data):
                self._take(kind, content)
        except (BrokenFrame, struct.error):  # the stream is out of step
            data = b""
        if not data:
            self._on_fork_server_exit(control)

    def _take(self, kind: bytes, content: bytes) -> None:
        if kind == SPAWNED:
            (pid,) = PID.unpack(content)
            worker = self._without_pid.popleft()
            worker.pid = pid
            if pid:
                self._exits[pid] = asyncio.get_running_loop().create_future()
            if worker.kill_reason is not None:
                self.kill(worker)
        elif kind == EXITED:
            pid, status = EXIT_STATUS.unpack_from(content)
            stderr = content[EXIT_STATUS.size :]
            for worker in [one for one in self.workers if one.pid == pid]:
                worker.reap()
            exited = self._exits.get(pid)
            if exited is not None and not exited.done():
                exited.set_result((ending(status, stderr), first_words(stderr)))
            # The exit status comes before or after the end of the connection: the later removes the entry.
            if all(worker.pid != pid for worker in self.workers):
                self._exits.pop(pid, None)
        elif kind == READY and not self._started.done():
            self._started.set_result(None)
        elif kind == FAILED and not self._started.done():
            self._started.set_exception(StoreError(content.decode("utf-8", "replace")))

    def _on_fork_server_exit(self, control: socket.socket) -> None:
        """The fork server has exited unasked, and its workers with it."""
        asyncio.get_running_loop().remove_reader(control)
        if self._process is not None:
            self._process.kill()
        self.is_open = False
        for exited in self._exits.values():
            if not exited.done():
                exited.set_result((Ending.STOPPING, ""))
        if not self._started.done():
            self._started.set_exception(
                StoreError("The fork server of the workers ended before it was ready.")
            )

    async def _fail(
        self, exited: asyncio.Future[tuple[Ending, str]] | None, response: WorkerResponse
    ) -> None:
        """End the answer of a worker that exited with the problem for its exit status."""
        end, stderr = (Ending.FAILURE, "") if self.is_open else (Ending.STOPPING, "")
        if exited is not None and self.is_open:
            with suppress(TimeoutError):
                end, stderr = await asyncio.wait_for(asyncio.shield(exited), _EXIT_TIMEOUT)
        self._on_ended(end, stderr)
        response.fail(ended(end))

    def _send(self, frame: bytes) -> None:
        if self._control is not None:
            with suppress(ConnectionError, BlockingIOError):
                self._control.sendall(frame)


def _wait(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
