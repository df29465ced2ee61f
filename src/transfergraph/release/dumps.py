"""Dumps of the graph: sorted, each statement once, the same bytes for the same graph.

They are made from the quads before any store has seen them: stores rewrite literals (``1.50`` becomes
``1.5``).
"""

from __future__ import annotations

import gzip
import io
import shutil
import zlib
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from threading import Event
from typing import IO, Any, BinaryIO, TypeVar, TypeVarTuple, cast

import pyoxigraph as ox

from transfergraph.common.formats import GRAPH_FORMATS, graph_format
from transfergraph.common.namespaces import GRAPH_PREFIXES
from transfergraph.common.nquads import merge_sorted, write_sorted
from transfergraph.common.processes import ProcessCall
from transfergraph.errors import ReleaseError
from transfergraph.messages import explained
from transfergraph.release.manifest import STORE
from transfergraph.release.verify import seal_store
from transfergraph.store.embedded import DESCRIPTION, add_graph, write_store

T = TypeVar("T")
Arguments = TypeVarTuple("Arguments")

_QUADS = "n-quads"
_LEVEL = 3  # half the time of level 6, for files that are a fifth larger: 4 % instead of 3.5 % of the text
_CHUNK = 1 << 20
_SMALL = 20_000_000


@contextmanager
def gzip_stream(raw: BinaryIO) -> Iterator[BinaryIO]:
    """Write gzip (RFC 1952) without name and time, so that the bytes depend on the content alone."""
    with (
        gzip.GzipFile(filename="", mode="wb", compresslevel=_LEVEL, fileobj=raw, mtime=0) as packed,
        io.BufferedWriter(packed, _CHUNK) as stream,
    ):
        yield stream


@contextmanager
def gzip_writer(path: Path) -> Iterator[BinaryIO]:
    """The same into a file."""
    with path.open("wb") as raw, gzip_stream(raw) as stream:
        yield stream


def write_quads_dump(files: Sequence[Path], target: Path, triples: Path) -> tuple[int, int]:
    """Unite the sorted N-Quads files of a graph into its dump; return the numbers of quads and of triples.

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


def read_dump(name: str, dump: Path, statements: int) -> None:
    """Read a dump back and count its statements.

    N-Quads are read as strictly as by any reader. The other dumps are made from the same lines, so that their
    syntax is checked, but not once more each of their terms.

    Raises :class:`ReleaseError` that names the statement when there is one that cannot be read, and when
    they are not as many as they should be.
    """
    try:
        with gzip.open(dump) as stream:
            form, lenient = graph_format(name).oxigraph, name != _QUADS
            found = sum(1 for _ in ox.parse(cast(IO[bytes], stream), format=form, lenient=lenient))
    except SyntaxError as error:
        line = _statement(dump, error)
        told = explained("error.dump.syntax", dump=dump.name, error=error.msg)
        if line:
            told = explained("error.dump.statement", dump=dump.name, error=error.msg, statement=line)
        raise ReleaseError(told) from error
    except (OSError, EOFError, zlib.error) as error:
        raise ReleaseError(explained("error.dump.disk", dump=dump.name, error=error)) from error
    if found != statements:
        raise ReleaseError(explained("error.dump.count", dump=dump.name, found=found, statements=statements))


def _statement(dump: Path, error: SyntaxError) -> str:
    """The line at which a dump breaks off, where each line is a statement."""
    if error.lineno is None or not dump.name.endswith((".nq.gz", ".nt.gz")):
        return ""
    with gzip.open(dump, "rt", encoding="utf-8", errors="replace") as lines:
        line = next(islice(lines, error.lineno - 1, None), "").strip()
    return line[:500]


def _write_and_read(name: str, triples: Path, dump: Path, statements: int) -> None:
    """Write a dump and read it back. N-Triples must be the very lines that they were made from, whose terms
    are those of the N-Quads, which are read as strictly as can be."""
    write_dump(name, triples, dump)
    if name != "n-triples":
        read_dump(name, dump, statements)
        return
    with triples.open("rb") as lines, gzip.open(dump) as packed:
        while chunk := lines.read(_CHUNK):
            if packed.read(len(chunk)) != chunk:
                raise ReleaseError(explained("error.dump.changed", dump=dump.name))


@dataclass(frozen=True, slots=True)
class _Description:
    """The file of the graph that describes the release, its IRI, and how many statements it has."""

    quads: Path
    graph: str
    count: int


def _complete_store(
    store: Path, counts: tuple[int, int], is_merged: bool, description: _Description | None
) -> None:
    """Add the graph that describes the release, where there is one, to a store of so many quads and triples,
    which are there once more in a store that is merged; and read the store back."""
    quads, triples = counts
    if description is not None:
        is_merged = add_graph(store, description.quads, description.graph)
        quads, triples = quads + description.count, triples + description.count
    seal_store(store, quads + triples if is_merged else quads)


class DumpWriter:
    """Writes the embedded store and all dumps, during other work.

    Give it the files of the graph as they become final: :meth:`begin`, :meth:`add_last`. A large graph is
    written by processes of their own, one after the other until :meth:`finish` gives them a second core; a
    small one when it is waited for. Leaving the context before that ends everything. ``folder`` is that of
    the release.

    ``triples`` is, after :meth:`merge`, the whole graph as sorted N-Triples.
    """

    def __init__(self, scratch: Path, folder: Path) -> None:
        self.triples, self._data, self._store = scratch / "graph.nt", folder / "data", folder / STORE
        self._data.mkdir(parents=True)
        self._scratch = scratch
        self._files: list[Path] = []
        self._pool = ThreadPoolExecutor(max_workers=2)
        self._running: set[ProcessCall[Any]] = set()
        self._stopped = False
        self._merged = False
        self._complete, self._merging_ended = Event(), Event()
        self._waiting: deque[Callable[[], None]] = deque()
        self._further: list[Callable[[], None]] = []
        self._begun: Future[None] | None = None
        self._counts: tuple[int, int] | None = None
        self._description: _Description | None = None

    def __enter__(self) -> DumpWriter:
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

    def add_last(self, file: Path, merged: bool = False) -> None:
        """Go on with the last file of the graph; the store is to be ``merged`` where it says so."""
        self._files.append(file)
        self._merged = merged
        self._complete.set()

    def merge(self) -> int:
        """Wait until the graph is one file; return the number of triples, each counted once.

        Raises :class:`ReleaseError` with what a failing process said.
        """
        if self._begun is None:
            self._counts = write_quads_dump(self._files, self._target(_QUADS), self.triples)
        else:
            self._merging_ended.wait()
        if self._counts is None and self._begun is not None:
            self._begun.result()
        return self._counts[1] if self._counts else 0

    @contextmanager
    def start(self, function: Callable[[*Arguments], T], *arguments: *Arguments) -> Iterator[Callable[[], T]]:
        """Call a function, for a large graph in a process of its own; what it gives waits for the result."""
        if self._begun is None:
            result = function(*arguments)
            yield lambda: result
        else:
            with ProcessCall(self._scratch, function, *arguments) as call:
                yield call.result

    def run(self, function: Callable[[*Arguments], T], *arguments: *Arguments) -> T:
        """The same, and wait for the result."""
        with self.start(function, *arguments) as result:
            return result()

    def also(self, write: Callable[[], None]) -> None:
        """Write this, too, before :meth:`finish` ends; give it after :meth:`merge`."""
        (self._further if self._begun is None else self._waiting).append(write)

    def describe(self, triples: bytes, graph: str) -> int:
        """Give the graph that describes the release, before :meth:`finish`: some N-Triples, which become a
        graph of the store and a file beside the dumps. Return how many they are."""
        quads = self._scratch / DESCRIPTION.removesuffix(".gz")
        self._description = _Description(quads, graph, write_sorted([triples], graph, quads))
        with gzip_writer(self._data / DESCRIPTION) as out:
            out.write(quads.read_bytes())
        return self._description.count

    def finish(self) -> None:
        """Wait until everything is written and was read back; raises what :meth:`merge` raises."""
        if self._begun is None:
            quads = self._counts[0] if self._counts else 0
            read_dump(_QUADS, self._target(_QUADS), quads)
            for job in (*self._jobs(), *self._further):
                job()
            write_store(self._store, self._files, triples=self._kept())
            _complete_store(self._store, *self._expected())
            return
        helper = self._pool.submit(self._run_waiting)
        self._begun.result()
        helper.result()
        self._call(_complete_store, self._store, *self._expected())

    def _target(self, name: str) -> Path:
        return self._data / f"graph.{graph_format(name).ending}.gz"

    def _kept(self) -> Path | None:
        """The triples that the store keeps beside its graphs, if any."""
        return self.triples if self._merged else None

    def _expected(self) -> tuple[tuple[int, int], bool, _Description | None]:
        """What the store is to hold."""
        return self._counts or (0, 0), self._merged, self._description

    def _jobs(self) -> list[Callable[[], None]]:
        """What can be done in any order when the graph is one file; the longest first."""
        _, triples = self._counts or (0, 0)
        names = [known.name for known in reversed(GRAPH_FORMATS) if known.name != _QUADS]
        return [partial(_write_and_read, name, self.triples, self._target(name), triples) for name in names]

    def _work(self, first: Sequence[Path]) -> None:
        """Everything, in this order: the store can begin before the graph is complete."""
        try:
            self._call(write_store, self._store, first, False)
            self._complete.wait()
            self._counts = self._call(write_quads_dump, self._files, self._target(_QUADS), self.triples)
            self._waiting.extend(self._jobs())
        finally:
            self._merging_ended.set()
        self._call(write_store, self._store, self._files[-1:], True, self._kept())
        self._call(read_dump, _QUADS, self._target(_QUADS), self._counts[0])  # its error names the statement
        self._run_waiting()

    def _run_waiting(self) -> None:
        while self._waiting:
            try:
                job = self._waiting.popleft()
            except IndexError:
                return
            self._call(job)

    def _call(self, function: Callable[[*Arguments], T], *arguments: *Arguments) -> T:
        """Call a function in a process of its own; the first that fails ends the others' turns."""
        if self._stopped:
            raise ReleaseError(explained("error.dump.ended"))
        with ProcessCall(self._scratch, function, *arguments) as call:
            self._running.add(call)
            try:
                return call.result()
            except ReleaseError:
                self._waiting.clear()
                raise
            finally:
                self._running.discard(call)
