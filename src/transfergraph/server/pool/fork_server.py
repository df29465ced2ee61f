"""The process from which workers are forked, for one release.

It has loaded what workers share, so that a new worker costs a few milliseconds and only the memory that it
does not share. When the server closes the connection, all workers are killed.

Run as ``python -m transfergraph.server.pool.fork_server DESCRIPTOR``; the first message is the
:class:`WorkerConfig`.
"""

from __future__ import annotations

import gc
import io
import os
import signal
import socket
import sys
import tempfile
from contextlib import suppress
from multiprocessing.connection import Connection, wait
from typing import NoReturn

from transfergraph.common.process_endings import WORDS
from transfergraph.common.sandbox import die_with_parent, offer_to_kill
from transfergraph.errors import TransfergraphError
from transfergraph.server.pool.ipc import Exited, Kill, Spawn, Spawned, Started, receive_descriptor
from transfergraph.server.pool.requests import WorkerConfig
from transfergraph.server.worker.worker_context import SharedContext, load_store, prepare, try_indexes
from transfergraph.server.worker.worker_process import work
from transfergraph.store.embedded import EmbeddedStore

_CHUNK = 1 << 16


class ForkServer:
    """Forks and kills workers, and reports their exit status."""

    def __init__(self, control: Connection) -> None:
        self._control = control
        self._workers: dict[int, int] = {}
        self._shared: SharedContext | None = None
        self._store: EmbeddedStore | None = None

    def run(self) -> None:
        """Serve the commands of the server until it closes the connection."""
        wakeup_receiver, wakeup_sender = socket.socketpair()
        wakeup_receiver.setblocking(False)
        wakeup_sender.setblocking(False)
        signal.set_wakeup_fd(wakeup_sender.fileno())
        signal.signal(signal.SIGCHLD, lambda *_: None)
        try:
            while True:
                ready = wait([self._control, wakeup_receiver])
                if wakeup_receiver in ready:
                    with suppress(BlockingIOError):
                        wakeup_receiver.recv(_CHUNK)
                    self._reap()
                if self._control in ready:
                    self._obey(self._control.recv())
        except (EOFError, ConnectionError):
            self._end()

    def _obey(self, command: WorkerConfig | Spawn | Kill) -> None:
        match command:
            case WorkerConfig():
                self._prepare(command)
            case Spawn():
                self._spawn(receive_descriptor(self._control))
            case Kill(worker) if worker in self._workers:
                os.kill(worker, signal.SIGKILL)

    def _prepare(self, config: WorkerConfig) -> None:
        try:
            self._shared = prepare(config)
            self._store = load_store(self._shared)
            try_indexes(self._shared)
        except Exception as error:  # the server reports whatever is wrong with the release
            kind = "" if isinstance(error, TransfergraphError) else f"{type(error).__name__}: "
            self._control.send(Started(f"{kind}{error}"))
        else:
            gc.collect()
            gc.freeze()  # else the collections of a worker write to the pages that it shares
            self._control.send(Started())

    def _spawn(self, descriptor: int) -> None:
        """Fork a worker; where the system refuses, only its connection is closed."""
        own_pid, worker = os.getpid(), 0
        try:
            stderr_file = _memory_file()
            try:
                worker = os.fork()
            except OSError:
                os.close(stderr_file)
                raise
            if worker == 0:
                self._become_worker(descriptor, own_pid, stderr_file)
            self._workers[worker] = stderr_file
        except OSError as error:
            _write_error(f"A worker cannot be forked: {error}.")
        os.close(descriptor)
        self._control.send(Spawned(worker))

    def _become_worker(self, descriptor: int, fork_server: int, stderr_file: int) -> NoReturn:
        status = 1
        try:
            die_with_parent()
            offer_to_kill()
            # The server reads what the engine writes when it aborts; Python keeps the old standard error.
            sys.stderr = io.TextIOWrapper(
                io.FileIO(os.dup(2), "w"), "utf-8", "backslashreplace", write_through=True
            )
            os.dup2(stderr_file, 2)
            signal.set_wakeup_fd(-1)
            self._control.close()
            with suppress(ConnectionError), Connection(descriptor) as connection:
                if self._shared is not None and os.getppid() == fork_server:
                    work(connection, self._shared, self._store)
            status = 0
        finally:
            os._exit(status)

    def _reap(self) -> None:
        """Report the workers that have exited."""
        while self._workers:
            worker, status = os.waitpid(-1, os.WNOHANG)
            if worker == 0:
                return
            stderr_file = self._workers.pop(worker)
            stderr_text = os.pread(stderr_file, WORDS, 0)
            os.close(stderr_file)
            self._control.send(Exited(worker, os.waitstatus_to_exitcode(status), stderr_text))

    def _end(self) -> None:
        for worker in self._workers:
            with suppress(ProcessLookupError):
                os.kill(worker, signal.SIGKILL)
        for worker in self._workers:
            with suppress(ChildProcessError):
                os.waitpid(worker, 0)


def _memory_file() -> int:
    """The descriptor of a file without a name."""
    if hasattr(os, "memfd_create"):
        return os.memfd_create("stderr")
    with tempfile.TemporaryFile() as file:
        return os.dup(file.fileno())


def _write_error(sentence: str) -> None:
    with suppress(OSError):
        sys.stderr.write(f"{sentence}\n")


def main(descriptor: int) -> None:
    """Serve the connection of this descriptor; signals to the process group are for the server."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    with Connection(descriptor) as control:
        ForkServer(control).run()


if __name__ == "__main__":
    main(int(sys.argv[1]))
