"""The process from which workers are forked, for one release.

It has everything loaded that workers share, so that a new worker costs a few milliseconds and its memory
only what it does not share. When the server hangs up, all workers are killed.

Run as ``python -m transfergraph.server.pool.fork_server DESCRIPTOR``; the first frame is the pickled task.
"""

from __future__ import annotations

import io
import os
import pickle
import selectors
import signal
import socket
import sys
import tempfile
from contextlib import suppress
from typing import NoReturn

from transfergraph.common.process_endings import WORDS
from transfergraph.common.sandbox import die_with_parent, offer_to_kill
from transfergraph.errors import TransfergraphError
from transfergraph.server.pool.ipc import (
    BORN,
    DEATH,
    DIED,
    KILL,
    NUMBER,
    READY,
    SORRY,
    SPAWN,
    TASK,
    FrameReader,
    pack,
)
from transfergraph.server.pool.worker_config import WorkerConfig
from transfergraph.server.worker.worker_context import SharedContext, load_store, prepare
from transfergraph.server.worker.worker_process import work
from transfergraph.store.embedded import EmbeddedStore

_CHUNK = 1 << 16


class ForkServer:
    """Forks, kills and buries workers."""

    def __init__(self, control: socket.socket) -> None:
        self._control = control
        self._reader = FrameReader()
        self._workers: dict[int, int] = {}
        self._descriptors: list[int] = []
        self._common: SharedContext | None = None
        self._store: EmbeddedStore | None = None

    def run(self) -> None:
        """Do what the server says until it hangs up."""
        bell, ringer = socket.socketpair()
        bell.setblocking(False)
        ringer.setblocking(False)
        signal.set_wakeup_fd(ringer.fileno())
        signal.signal(signal.SIGCHLD, lambda *_: None)
        with selectors.DefaultSelector() as selector:
            selector.register(self._control, selectors.EVENT_READ)
            selector.register(bell, selectors.EVENT_READ)
            while True:
                for key, _ in selector.select():
                    if key.fileobj is bell:
                        with suppress(BlockingIOError):
                            bell.recv(_CHUNK)
                        self._reap()
                    elif not self._listen():
                        self._end()
                        return

    def _listen(self) -> bool:
        """Take what the server says; False when it has hung up."""
        try:
            data, descriptors, _, _ = socket.recv_fds(self._control, _CHUNK, 16)
        except ConnectionError:
            return False
        self._descriptors += descriptors
        if not data:
            return False
        for kind, content in self._reader.feed(data):
            if kind == TASK:
                self._prepare(content)
            elif kind == SPAWN:
                self._spawn(self._descriptors.pop(0))
            elif kind == KILL:
                (worker,) = NUMBER.unpack(content)
                if worker in self._workers:
                    os.kill(worker, signal.SIGKILL)
        return True

    def _prepare(self, content: bytes) -> None:
        try:
            task: WorkerConfig = pickle.loads(content)
            common, self._store = prepare(task), load_store(task)
        except Exception as error:  # whatever is wrong with the release, the server is to know it
            kind = "" if isinstance(error, TransfergraphError) else f"{type(error).__name__}: "
            self._tell(SORRY, f"{kind}{error}".encode())
        else:
            self._common = common
            self._tell(READY, b"")

    def _spawn(self, descriptor: int) -> None:
        """Fork a worker; where the system refuses, it hangs up at once, and nobody else is harmed."""
        here, worker = os.getpid(), 0
        try:
            words = _memory_file()
            try:
                worker = os.fork()
            except OSError:
                os.close(words)
                raise
            if worker == 0:
                self._become_worker(descriptor, here, words)
            self._workers[worker] = words
        except OSError as error:
            _complain(f"A worker cannot be forked: {error}.")
        os.close(descriptor)
        self._tell(BORN, NUMBER.pack(worker))

    def _become_worker(self, descriptor: int, fork_server: int, words: int) -> NoReturn:
        status = 1
        try:
            die_with_parent()
            offer_to_kill()
            # What the engine says when it aborts is for the server; what Python writes goes where it went.
            sys.stderr = io.TextIOWrapper(
                io.FileIO(os.dup(2), "w"), "utf-8", "backslashreplace", write_through=True
            )
            os.dup2(words, 2)
            signal.set_wakeup_fd(-1)
            self._control.close()
            with suppress(ConnectionError), socket.socket(fileno=descriptor) as connection:
                if self._common is not None and os.getppid() == fork_server:
                    work(connection, self._common, self._store)
            status = 0
        finally:
            os._exit(status)

    def _reap(self) -> None:
        """Take note of the workers that have ended."""
        while self._workers:
            worker, status = os.waitpid(-1, os.WNOHANG)
            if worker == 0:
                return
            words = self._workers.pop(worker)
            said = os.pread(words, WORDS, 0)
            os.close(words)
            self._tell(DIED, DEATH.pack(worker, os.waitstatus_to_exitcode(status)) + said)

    def _end(self) -> None:
        for worker in self._workers:
            with suppress(ProcessLookupError):
                os.kill(worker, signal.SIGKILL)
        for worker in self._workers:
            with suppress(ChildProcessError):
                os.waitpid(worker, 0)

    def _tell(self, kind: bytes, content: bytes) -> None:
        with suppress(ConnectionError):
            self._control.sendall(pack(kind, content))


def _memory_file() -> int:
    """The descriptor of a file without a name."""
    if hasattr(os, "memfd_create"):
        return os.memfd_create("words")
    with tempfile.TemporaryFile() as file:
        return os.dup(file.fileno())


def _complain(sentence: str) -> None:
    with suppress(OSError):
        sys.stderr.write(f"{sentence}\n")


def main(descriptor: int) -> None:
    """Run a nursery that talks over this descriptor; signals for the server are not for it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    with socket.socket(fileno=descriptor) as control:
        ForkServer(control).run()


if __name__ == "__main__":
    main(int(sys.argv[1]))
