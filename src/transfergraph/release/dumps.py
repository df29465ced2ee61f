"""Dumps of the graph: sorted, each statement once, the same bytes for the same graph.

They are made from the quads before any store has seen them: stores rewrite literals (``1.50`` becomes
``1.5``).
"""

from __future__ import annotations

import gzip
import io
import subprocess
import sys
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import BinaryIO

import pyoxigraph as ox

from transfergraph.errors import ReleaseError
from transfergraph.formats import GRAPH_FORMATS, GraphFormat, graph_format
from transfergraph.nquads import merge_sorted, triple_lines
from transfergraph.store.embedded import write_store

PREFIXES = {
    "dct": "http://purl.org/dc/terms/",
    "edtf": "http://id.loc.gov/datatypes/edtf/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "geo": "http://www.opengis.net/ont/geosparql#",
    "org": "http://www.w3.org/ns/org#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "tg": "https://w3id.org/transfergraph/ontology#",
    "wgs": "http://www.w3.org/2003/01/geo/wgs84_pos#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_LEVEL = 6
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


def write_dump(name: str, quads: Path, target: Path) -> None:
    """Write one dump of a sorted N-Quads file; only N-Quads keeps the named graphs."""
    chosen = graph_format(name)
    with gzip_writer(target) as out:
        if chosen.name == "n-quads":
            with quads.open("rb") as stream:
                while chunk := stream.read(_CHUNK):
                    out.write(chunk)
        elif chosen.name == "n-triples":
            with quads.open("rb") as stream:
                out.writelines(triple_lines(stream))
        else:
            _serialise(quads, out, chosen)


def _serialise(quads: Path, out: BinaryIO, chosen: GraphFormat) -> None:
    ox.serialize(_triples(quads), out, chosen.oxigraph, prefixes=PREFIXES)


def _triples(quads: Path) -> Iterator[ox.Triple]:
    previous: ox.Triple | None = None
    for quad in ox.parse(path=str(quads), format=ox.RdfFormat.N_QUADS, lenient=True):
        triple = quad.triple
        if triple != previous:
            yield triple
            previous = triple


class DumpWriting:
    """The writing of all dumps and of the embedded store, beside other work.

    A large graph is written by processes of their own, one after the other until :meth:`finish` gives them
    a second core; a small one in :meth:`finish` itself. Leaving the context before that ends everything.
    """

    def __init__(self, files: Sequence[Path], scratch: Path, data: Path, store: Path) -> None:
        self._files, self._merged, self._data, self._store = files, scratch / "graph.nq", data, store
        self._pool = ThreadPoolExecutor(max_workers=2)
        self._running: set[subprocess.Popen[bytes]] = set()
        self._stopped = False
        self._merging_ended = Event()
        self._waiting: deque[list[str]] = deque()
        self._large = sum(file.stat().st_size for file in files) > _SMALL
        self._begun = self._pool.submit(self._work) if self._large else None
        self.triples = 0

    def __enter__(self) -> DumpWriting:
        return self

    def __exit__(self, *exception: object) -> None:
        self._stopped = True
        for process in list(self._running):
            process.kill()
        self._pool.shutdown(cancel_futures=True)

    def finish(self) -> int:
        """Wait until everything is written; return the number of statements.

        Raises :class:`ReleaseError` with what the first failing process said.
        """
        if self._begun is None:
            self.triples = merge_sorted(self._files, self._merged)
            for name, target in self._jobs():
                write_dump(name, self._merged, target)
            write_store(self._merged, self._store)
            return self.triples
        helper = self._pool.submit(self._help)
        self._begun.result()
        helper.result()
        return self.triples

    def _jobs(self) -> list[tuple[str, Path]]:
        return [(known.name, self._data / f"graph.{known.ending}.gz") for known in GRAPH_FORMATS]

    def _work(self) -> None:
        try:
            self.triples = merge_sorted(self._files, self._merged)
            self._enqueue()
        finally:
            self._merging_ended.set()
        self._drain()

    def _help(self) -> None:
        self._merging_ended.wait()
        self._drain()

    def _enqueue(self) -> None:
        self._waiting.append(["store", str(self._merged), str(self._store)])
        self._waiting.extend(
            [name, str(self._merged), str(target)] for name, target in reversed(self._jobs())
        )

    def _drain(self) -> None:
        while self._waiting and not self._stopped:
            try:
                command = self._waiting.popleft()
            except IndexError:
                return
            self._run(command)

    def _run(self, command: Sequence[str]) -> None:
        process = subprocess.Popen(
            [sys.executable, "-m", "transfergraph.release.worker", *command], stderr=subprocess.PIPE
        )
        self._running.add(process)
        _, said = process.communicate()
        self._running.discard(process)
        if process.returncode != 0 and not self._stopped:
            self._waiting.clear()
            lines = said.decode("utf-8", "replace").strip().splitlines()
            reason = lines[-1] if lines else f"exit code {process.returncode}"
            raise ReleaseError(f"Writing the release failed: {reason}")
