"""The server's side of a nursery and its workers."""

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
    BORN,
    DATA,
    DEATH,
    DIED,
    END,
    FAIL,
    HEAD,
    JOB,
    KILL,
    NUMBER,
    READY,
    SORRY,
    SPAWN,
    TASK,
    BrokenFrame,
    FrameReader,
    pack,
    read_end,
    read_head,
)
from transfergraph.server.pool.response_buffer import NoRoom
from transfergraph.server.pool.worker_config import WorkerConfig
from transfergraph.server.pool.worker_response import WorkerResponse
from transfergraph.server.problems import Problem, ended

_PATIENCE = 2.0  # seconds until the nursery must have told how a worker died


class WorkerHandle(asyncio.Protocol):
    """One worker process, seen from the server; ``number`` is that of its process, 0 before it is known.

    ``memory`` is what it held after its last job, in bytes; ``first_memory`` after its first.
    """

    def __init__(self, pool: WorkerPool) -> None:
        self._pool = pool
        self._reader = FrameReader()
        self._transport: asyncio.Transport | None = None
        self._reply: WorkerResponse | None = None
        self.number = 0
        self.memory = self.first_memory = 0
        self.verdict: Problem | None = None
        self.was_ready = False
        self._is_dead = False

    @property
    def is_alive(self) -> bool:
        """False from the moment on at which it was killed or hung up."""
        return self._transport is not None and self.verdict is None

    def give(self, request: bytes, reply: WorkerResponse) -> None:
        """Let it answer a job that was packed; one at a time."""
        if self._transport is None:
            reply.fail(ended(Ending.FAILURE if self._pool.is_open else Ending.STOPPING))
            return
        self._reply = reply
        reply.source = self._transport
        self._transport.write(pack(JOB, request))

    def kill(self, verdict: Problem) -> None:
        """End it at once; what it was answering ends with this problem."""
        if self.verdict is None:
            self.verdict = verdict
            self._pool.kill(self)
            if self._transport is not None:
                self._transport.resume_reading()  # so that its end is seen
            if self._reply is not None:
                self._reply.fail(verdict)

    def reap(self) -> None:
        """Its process has ended: when it is not read for want of room, nobody would see that it hung up."""
        self._is_dead = True
        if self._transport is not None and self._reply is not None and self._reply.is_paused:
            self._transport.abort()

    def forget(self) -> None:
        """Whatever it still says of its job is not wanted."""
        self._reply = None

    def let_go(self) -> None:
        """Hang up, so that it ends when it has nothing to do."""
        if self._transport is not None:
            self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Called by the event loop."""
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        """Called by the event loop."""
        try:
            for kind, content in self._reader.feed(data):
                self._take(kind, content)
        except NoRoom as full:
            self.kill(full.problem)
        except BrokenFrame as error:
            self.kill(Problem(500, "failure", f"A worker's answer could not be taken: {error}."))
        if self._is_dead:
            self.reap()

    def connection_lost(self, exc: Exception | None) -> None:
        """Called by the event loop."""
        self._transport = None
        self._pool.lost(self, self._reply)
        self._reply = None

    def _take(self, kind: bytes, content: bytes) -> None:
        reply = self._reply
        if kind == READY:
            self.was_ready = True
            self._pool.idle(self)
        elif reply is None:
            if kind == FAIL:
                self._pool.complaint = content.decode("utf-8", "replace")
        elif kind == DATA:
            reply.add(content)
        elif kind == HEAD:
            reply.start(read_head(content))
        else:
            self._reply = None
            if kind == END:
                end = read_end(content)
                self.memory = end.memory
                self.first_memory = self.first_memory or end.memory
                reply.finish(end)
            elif kind == FAIL:
                reply.fail(Problem(500, "failure", content.decode("utf-8", "replace")))
            self._pool.idle(self)


class WorkerPool(asyncio.Protocol):
    """A nursery and its workers.

    ``on_idle`` is called with a worker that is ready for a job, ``on_lost`` with one that has ended, and
    ``on_ended`` with the ending of a query whose worker died by itself, and the words of the engine.
    ``complaint`` is why a worker could not begin.
    """

    def __init__(
        self,
        on_idle: Callable[[WorkerHandle], None],
        on_lost: Callable[[WorkerHandle], None],
        on_ended: Callable[[Ending, str], None],
    ) -> None:
        self.idle = on_idle
        self._on_ended = on_ended
        self._on_lost = on_lost
        self._reader = FrameReader()
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._started: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._unnamed: deque[WorkerHandle] = deque()
        self._causes: dict[int, asyncio.Future[tuple[Ending, str]]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self.workers: set[WorkerHandle] = set()
        self.is_open = False
        self.complaint = ""

    async def start(self, task: WorkerConfig) -> None:
        """Start the nursery; raises :class:`StoreError` when it cannot do its work."""
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
        self._listen(ours)
        await asyncio.get_running_loop().sock_sendall(ours, pack(TASK, pickle.dumps(task)))
        await self._started
        self.is_open = True

    async def spawn(self) -> WorkerHandle:
        """A new worker, which comes to ``on_idle`` when it is ready; raises :class:`OSError`."""
        assert self._control is not None
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        worker = WorkerHandle(self)
        try:
            with theirs:
                socket.send_fds(self._control, [pack(SPAWN, b"")], [theirs.fileno()])
            self._unnamed.append(worker)
            self.workers.add(worker)
            await asyncio.get_running_loop().create_unix_connection(lambda: worker, sock=ours)
        except OSError:
            self.workers.discard(worker)
            ours.close()
            raise
        return worker

    def kill(self, worker: WorkerHandle) -> None:
        """Have a worker killed."""
        if worker.number:
            self._tell(pack(KILL, NUMBER.pack(worker.number)))

    def lost(self, worker: WorkerHandle, reply: WorkerResponse | None) -> None:
        """A worker has hung up: its answer, if any, ends with the reason for it."""
        self.workers.discard(worker)
        cause = self._causes.get(worker.number)
        if cause is not None and cause.done():
            del self._causes[worker.number]
        if reply is not None and not reply.is_over and worker.verdict is None:
            task = asyncio.get_running_loop().create_task(self._explain(cause, reply))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        self._on_lost(worker)

    async def close(self) -> None:
        """End nursery and workers; returns when the nursery is gone."""
        self.is_open = False
        for worker in list(self.workers):
            worker.let_go()
        if self._control is not None:
            asyncio.get_running_loop().remove_reader(self._control)
            self._control.close()
            self._control = None
        if self._process is not None:
            await asyncio.to_thread(_wait, self._process)

    def _listen(self, control: socket.socket) -> None:
        asyncio.get_running_loop().add_reader(control, self._heard, control)

    def _heard(self, control: socket.socket) -> None:
        try:
            data = control.recv(1 << 16)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        try:
            for kind, content in self._reader.feed(data):
                self._take(kind, content)
        except (BrokenFrame, struct.error):  # it is not to be understood any more
            data = b""
        if not data:
            self._gone(control)

    def _take(self, kind: bytes, content: bytes) -> None:
        if kind == BORN:
            (number,) = NUMBER.unpack(content)
            worker = self._unnamed.popleft()
            worker.number = number
            if number:
                self._causes[number] = asyncio.get_running_loop().create_future()
            if worker.verdict is not None:
                self.kill(worker)
        elif kind == DIED:
            number, status = DEATH.unpack_from(content)
            words = content[DEATH.size :]
            for worker in [one for one in self.workers if one.number == number]:
                worker.reap()
            cause = self._causes.get(number)
            if cause is not None and not cause.done():
                cause.set_result((ending(status, words), first_words(words)))
            # The word of a worker's death comes before or after it hangs up; the later one tidies up.
            if all(worker.number != number for worker in self.workers):
                self._causes.pop(number, None)
        elif kind == READY and not self._started.done():
            self._started.set_result(None)
        elif kind == SORRY and not self._started.done():
            self._started.set_exception(StoreError(content.decode("utf-8", "replace")))

    def _gone(self, control: socket.socket) -> None:
        """The nursery has ended without being asked to; its workers have ended with it."""
        asyncio.get_running_loop().remove_reader(control)
        if self._process is not None:
            self._process.kill()
        self.is_open = False
        for cause in self._causes.values():
            if not cause.done():
                cause.set_result((Ending.STOPPING, ""))
        if not self._started.done():
            self._started.set_exception(StoreError("The nursery of the workers ended before it was ready."))

    async def _explain(self, cause: asyncio.Future[tuple[Ending, str]] | None, reply: WorkerResponse) -> None:
        """End the answer of a worker that died, with a sentence that fits how it died."""
        end, words = (Ending.FAILURE, "") if self.is_open else (Ending.STOPPING, "")
        if cause is not None and self.is_open:
            with suppress(TimeoutError):
                end, words = await asyncio.wait_for(asyncio.shield(cause), _PATIENCE)
        self._on_ended(end, words)
        reply.fail(ended(end))

    def _tell(self, frame: bytes) -> None:
        if self._control is not None:
            with suppress(ConnectionError, BlockingIOError):
                self._control.sendall(frame)


def _wait(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
