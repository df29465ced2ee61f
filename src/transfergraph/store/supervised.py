"""A store in memory in a process of its own, which alone ends with a query that takes too much time or
memory, or breaks the engine.

``python -m transfergraph.store.supervised FD FD MEGABYTES [STORED]`` answers at these sockets, each in a
thread. Question and answer are frames of :mod:`multiprocessing.connection`; solutions travel as SPARQL
results in JSON and triples as N-Triples, which the engine writes and reads in a third of the time that
pickles take.
"""

from __future__ import annotations

import pickle
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from multiprocessing.connection import Connection, Pipe
from pathlib import Path
from queue import Queue
from tempfile import TemporaryFile
from typing import IO, Any, NoReturn

import pyoxigraph as ox

from transfergraph.common.process_endings import WORDS, Ending, ending
from transfergraph.common.processes import QueryLimits
from transfergraph.common.sandbox import die_with_parent, limit_files, limit_memory
from transfergraph.errors import QueryError, QueryStopped, StoreError, TransfergraphError
from transfergraph.messages import both, explained
from transfergraph.store import Row, Solutions
from transfergraph.store.embedded import EmbeddedStore, load_dump

_AT_ONCE = 2  # questions
_STACK = 4 << 20  # bytes of the threads that answer: what is nested too deeply for others ends here
_PART = 8  # of its memory that the answer to a query may have
_JSON = ox.QueryResultsFormat.JSON


class SupervisedStore:
    """A store whose process starts with the first question.

    A query past its limits raises :class:`QueryStopped`; the next one starts a new process, which loads the
    same files. Only the thread that made the store starts processes; others get an error meanwhile.
    ``stored`` is the folder of a store, or a dump, in place of an empty store.
    """

    def __init__(self, limits: QueryLimits, stored: Path | None = None) -> None:
        self._limits = limits
        self._stored = stored
        self._loaded: list[tuple[str, tuple[object, ...]]] = []
        self._process: _Process | None = None
        self._owner = threading.get_ident()

    def load(self, path: Path) -> None:
        """Add the quads of an N-Quads file, as :meth:`EmbeddedStore.load` does."""
        self._change(_LOAD, str(path))

    def merge_graphs(self, added: Sequence[str] | None = None) -> bool:
        """See :meth:`EmbeddedStore.merge_graphs`."""
        return bool(self._change(_MERGE, added))

    def select(self, query: str) -> Solutions:
        """The solutions of a SELECT query."""
        found = ox.parse_query_results(self._ask("select", query), format=_JSON)
        assert isinstance(found, ox.QuerySolutions)
        return Solutions(tuple(variable.value for variable in found.variables), _rows(found))

    def ask(self, query: str) -> bool:
        """The answer to an ASK query."""
        return bool(self._ask("ask", query))

    def construct(self, query: str) -> Iterator[ox.Triple]:
        """The triples of a CONSTRUCT or DESCRIBE query; the same triple may come more than once."""
        lines = self._ask("construct", query)
        return (quad.triple for quad in ox.parse(lines, format=ox.RdfFormat.N_TRIPLES, lenient=True))

    def write_triples(self, query: str, file: Path) -> None:
        """See :meth:`EmbeddedStore.write_triples`; the file may have as many bytes as a query memory."""
        self._ask("write", query, str(file))

    def empty(self) -> None:
        """End the process; the store is empty then."""
        self._loaded.clear()
        self._end()

    def _change(self, operation: str, *arguments: object) -> Any:
        answer = self._ask(operation, *arguments)
        self._loaded.append((operation, arguments))
        return answer

    def _ask(self, operation: str, *arguments: object) -> Any:
        process = self._process
        if process is None or process.has_ended:
            if threading.get_ident() != self._owner:
                raise _stopped(Ending.KILLED)
            process = self._begin()
        return process.ask(operation, *arguments)

    def _begin(self) -> _Process:
        self._end()
        self._process = _Process(self._limits, self._stored)
        self._process.ask(_START)
        for operation, arguments in self._loaded:
            self._process.ask(operation, *arguments)
        return self._process

    def _end(self) -> None:
        if self._process is not None:
            self._process.end()
            self._process = None


class _Process:
    """One process, until it ends."""

    def __init__(self, limits: QueryLimits, stored: Path | None) -> None:
        self._limits = limits
        self._free: Queue[Connection] = Queue()
        with ExitStack() as closing:
            self._words = closing.enter_context(_nameless_file())
            pairs = [Pipe() for _ in range(_AT_ONCE)]
            for mine, _ in pairs:
                self._free.put(closing.enter_context(mine))
            theirs = [their.fileno() for _, their in pairs]
            command = [sys.executable, "-m", __name__, *map(str, [*theirs, limits.megabytes])]
            command += [str(stored)] if stored else []
            try:
                self._process = subprocess.Popen(
                    command, stdin=subprocess.DEVNULL, stderr=self._words, pass_fds=theirs
                )
            except OSError as error:
                raise StoreError(explained("error.store.process", error=error)) from error
            finally:
                for _, their in pairs:
                    their.close()
            self._closing = closing.pop_all()
        self.has_ended = False

    def ask(self, operation: str, *arguments: object) -> Any:
        """What the operation gives; raises what it raises, and :class:`QueryStopped`."""
        connection = self._free.get()
        try:
            connection.send_bytes(pickle.dumps((operation, arguments)))
            if not connection.poll(self._limits.seconds if operation in _QUERIES else None):
                self._kill()
                raise _stopped(Ending.TIME, seconds=self._limits.seconds)
            answer = pickle.loads(connection.recv_bytes())
        except (EOFError, OSError):
            self._tell_ending()
        finally:
            self._free.put(connection)
        if isinstance(answer, TransfergraphError):
            raise answer
        return answer

    def end(self) -> None:
        """End it, if it has not ended, and close what belongs to it."""
        self._kill()
        self._process.wait()
        self._closing.close()

    def _kill(self) -> None:
        self.has_ended = True
        self._process.kill()

    def _tell_ending(self) -> NoReturn:
        self.has_ended = True
        status = self._process.wait()
        self._words.seek(0)
        raise _stopped(ending(status, self._words.read(WORDS)))


@contextmanager
def _nameless_file() -> Iterator[IO[bytes]]:
    with TemporaryFile() as file:
        yield file


def _rows(solutions: ox.QuerySolutions) -> Iterator[Row]:
    """The solutions; an IRI that the store has and no parser reads is an error of the store."""
    try:
        yield from map(tuple, solutions)
    except SyntaxError as error:
        raise StoreError(explained("error.store.answering", error=error)) from error


def _stopped(end: Ending, **limits: int) -> QueryStopped:
    return QueryStopped(both(f"ended.{end}", **limits), end, **limits)


def _select(store: EmbeddedStore, query: str) -> bytes:
    found = store.evaluate(query)
    if not isinstance(found, ox.QuerySolutions):
        raise QueryError(explained("error.query.select"))
    try:
        return found.serialize(format=_JSON) or b""
    except (OSError, RuntimeError) as error:
        raise QueryError(explained("error.query.not-answered", error=error)) from error


def _construct(store: EmbeddedStore, query: str) -> bytes:
    return ox.serialize(store.construct(query), format=ox.RdfFormat.N_TRIPLES) or b""


def _write(store: EmbeddedStore, query: str, file: str) -> None:
    store.write_triples(query, Path(file))


def _load(store: EmbeddedStore, file: str) -> None:
    store.load(Path(file))


_START, _LOAD, _MERGE = "start", "load", "merge"
_CHANGES = (_LOAD, _MERGE)
_QUERIES: dict[str, Callable[..., object]] = {
    "select": _select,
    "ask": EmbeddedStore.ask,
    "construct": _construct,
    "write": _write,
}
_OPERATIONS = _QUERIES | {
    _START: lambda store: None,
    _LOAD: _load,
    _MERGE: EmbeddedStore.merge_graphs,
}


def _answer(store: EmbeddedStore, connection: Connection, megabytes: int) -> None:
    """Answer until the other side is closed."""
    with suppress(EOFError, OSError):
        while True:
            operation, arguments = pickle.loads(connection.recv_bytes())
            if operation in _CHANGES:
                limit_memory(None)
            try:
                answer = pickle.dumps(_OPERATIONS[operation](store, *arguments))
                if len(answer) > (megabytes << 20) // _PART:
                    raise MemoryError
            except TransfergraphError as error:
                answer = pickle.dumps(error)
            except MemoryError:
                answer = pickle.dumps(_stopped(Ending.MEMORY))
            if operation in _CHANGES:
                limit_memory(megabytes, for_good=False)
            connection.send_bytes(answer)


def _opened(stored: Path | None) -> EmbeddedStore:
    if stored is None:
        return EmbeddedStore.in_memory()
    return EmbeddedStore.read_only(stored) if stored.is_dir() else load_dump(stored)


def main(descriptors: list[int], megabytes: int, stored: Path | None) -> None:
    """Answer at the sockets with these numbers."""
    die_with_parent()
    store = _opened(stored)
    threading.stack_size(_STACK)
    threads = [
        threading.Thread(target=_answer, args=(store, Connection(descriptor), megabytes))
        for descriptor in descriptors
    ]
    limit_memory(megabytes, for_good=False)
    limit_files(megabytes)
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    _first, _second, _megabytes, *_stored = sys.argv[1:]
    main([int(_first), int(_second)], int(_megabytes), Path(*_stored) if _stored else None)
