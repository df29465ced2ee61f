"""Dumps of the graph: sorted, each statement once, the same bytes for the same graph.

They are made from the quads before any store has seen them: stores rewrite literals (``1.50`` becomes
``1.5``).
"""

from __future__ import annotations

import gzip
import io
import shutil
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import Any, BinaryIO, TypeVar, TypeVarTuple

import pyoxigraph as ox

from transfergraph.common.formats import GRAPH_FORMATS, graph_format
from transfergraph.common.namespaces import GRAPH_PREFIXES
from transfergraph.common.nquads import merge_sorted
from transfergraph.common.processes import ProcessCall
from transfergraph.errors import ReleaseError
from transfergraph.store.embedded import write_store

T = TypeVar("T")
Arguments = TypeVarTuple("Arguments")

_QUADS = "n-quads"
_LEVEL = 3  # half the time of level 6, for files that are a fifth larger: 4 % instead of 3.5 % of the text
_CHUNK = 1 << 20
_SMALL = 20_000_000


@contextmanager
def gzip_writer(path: Path) -> Iterator[BinaryIO]:
    """Write gzip (RFC 1952) without name and time, so that the bytes depend on the content alone."""
    with (
        path.open("wb") as raw,
        gzip.GzipFile(filename="", mode="wb", compresslevel=_LEVEL, fileobj=raw, mtime=0) as packed,
        io.BufferedWriter(packed, _CHUNK) as stream,
    ):
        yield stream


def write_quads_dump(files: Sequence[Path], target: Path, triples: Path) -> int:
    """Unite the sorted N-Quads files of a graph into its dump; return the number of statements.

    ``triples`` becomes the same without named graphs, as sorted N-Triples that are not compressed.
    """
    with gzip_writer(target) as out:
        return merge_sorted(files, out, triples)


def write_dump(name: str, triples: Path, target: Path) -> None:
    """Write the dump in a format without named graphs, from sorted N-Triples."""
    chosen = graph_format(name)
    with gzip_writer(target) as out:
        if chosen.name == "n-triples":
            with triples.open("rb") as stream:
                shutil.copyfileobj(stream, out, _CHUNK)
        else:
            parsed = ox.parse(path=str(triples), format=ox.RdfFormat.N_TRIPLES, lenient=True)
            ox.serialize(parsed, out, chosen.oxigraph, prefixes=GRAPH_PREFIXES)


class DumpWriting:
    """The writing of the embedded store and of all dumps, beside other work.

    Give it the files of the graph as they become final: :meth:`begin`, :meth:`go_on`. A large graph is
    written by processes of their own, one after the other until :meth:`finish` gives them a second core; a
    small one when it is waited for. Leaving the context before that ends everything.

    ``triples`` is, after :meth:`united`, the whole graph as sorted N-Triples.
    """

    def __init__(self, scratch: Path, data: Path, store: Path) -> None:
        self.triples, self._data, self._store = scratch / "graph.nt", data, store
        self._scratch = scratch
        self._files: list[Path] = []
        self._pool = ThreadPoolExecutor(max_workers=2)
        self._running: set[ProcessCall[Any]] = set()
        self._stopped = False
        self._complete, self._merging_ended = Event(), Event()
        self._waiting = deque(reversed(self._jobs()))
        self._begun: Future[None] | None = None
        self._count: int | None = None

    def __enter__(self) -> DumpWriting:
        return self

    def __exit__(self, *exception: object) -> None:
        self._stopped = True
        self._complete.set()
        for call in list(self._running):
            call.kill()
        self._pool.shutdown(cancel_futures=True)

    def begin(self, *files: Path) -> None:
        """Begin with the sorted N-Quads files that are final first."""
        self._files += files
        if sum(file.stat().st_size for file in files) > _SMALL:
            self._begun = self._pool.submit(self._work, files)

    def go_on(self, file: Path) -> None:
        """Go on with the last file of the graph."""
        self._files.append(file)
        self._complete.set()

    def united(self) -> int:
        """Wait until the graph is one file; return the number of statements.

        Raises :class:`ReleaseError` with what a failing process said.
        """
        if self._begun is None:
            return write_quads_dump(self._files, self._target(_QUADS), self.triples)
        self._merging_ended.wait()
        if self._count is None:
            self._begun.result()
        return self._count or 0

    @contextmanager
    def beside(
        self, function: Callable[[*Arguments], T], *arguments: *Arguments
    ) -> Iterator[Callable[[], T]]:
        """Call a function, for a large graph in a process of its own; what it gives waits for the result."""
        if self._begun is None:
            result = function(*arguments)
            yield lambda: result
        else:
            with ProcessCall(self._scratch, function, *arguments) as call:
                yield call.result

    def finish(self) -> None:
        """Wait until everything is written; raises what :meth:`united` raises."""
        if self._begun is None:
            for job in self._jobs():
                write_dump(*job)
            write_store(self._store, self._files)
            return
        helper = self._pool.submit(self._drain)
        self._begun.result()
        helper.result()

    def _target(self, name: str) -> Path:
        return self._data / f"graph.{graph_format(name).ending}.gz"

    def _jobs(self) -> list[tuple[str, Path, Path]]:
        names = [known.name for known in GRAPH_FORMATS if known.name != _QUADS]
        return [(name, self.triples, self._target(name)) for name in names]

    def _work(self, first: Sequence[Path]) -> None:
        """Everything, in this order: the store can begin before the graph is complete."""
        try:
            self._call(write_store, self._store, first, False)
            self._complete.wait()
            self._count = self._call(write_quads_dump, self._files, self._target(_QUADS), self.triples)
        finally:
            self._merging_ended.set()
        self._call(write_store, self._store, self._files[-1:], True)
        self._drain()

    def _drain(self) -> None:
        while self._waiting:
            try:
                job = self._waiting.popleft()
            except IndexError:
                return
            self._call(write_dump, *job)

    def _call(self, function: Callable[[*Arguments], T], *arguments: *Arguments) -> T:
        """Call a function in a process of its own; the first that fails ends the others' turns."""
        if self._stopped:
            raise ReleaseError("The writing of the release was ended.")
        with ProcessCall(self._scratch, function, *arguments) as call:
            self._running.add(call)
            try:
                return call.result()
            except ReleaseError:
                self._waiting.clear()
                raise
            finally:
                self._running.discard(call)
