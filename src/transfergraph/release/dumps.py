"""Dumps of the graph: sorted, each statement once, the same bytes for the same graph.

They are made from the quads before any store has seen them: stores rewrite literals (``1.50`` becomes
``1.5``).
"""

from __future__ import annotations

import gzip
import io
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import pyoxigraph as ox

from transfergraph.errors import ReleaseError
from transfergraph.formats import GRAPH_FORMATS, GraphFormat, graph_format
from transfergraph.nquads import triple_lines
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
    for quad in ox.parse(path=str(quads), format=ox.RdfFormat.N_QUADS):
        triple = quad.triple
        if triple != previous:
            yield triple
            previous = triple


def write_dumps(quads: Path, folder: Path, store: Path) -> None:
    """Write ``graph.<ending>.gz`` in every RDF format, and the embedded store.

    A large graph is written by two processes at once, the longest work first.
    """
    jobs = [(known.name, folder / f"graph.{known.ending}.gz") for known in GRAPH_FORMATS]
    if quads.stat().st_size < _SMALL:
        for name, target in jobs:
            write_dump(name, quads, target)
        write_store(quads, store)
        return
    commands = [["store", str(quads), str(store)]]
    commands += [[name, str(quads), str(target)] for name, target in reversed(jobs)]
    _run_workers(commands, at_once=2)


def _run_workers(commands: Sequence[Sequence[str]], at_once: int) -> None:
    """Run :mod:`transfergraph.release.worker` with each of these arguments, a few at a time.

    Raises :class:`ReleaseError` with what the first failing one said.
    """
    with ThreadPoolExecutor(max_workers=at_once) as pool:
        for said in pool.map(_run_worker, commands):
            if said is not None:
                pool.shutdown(cancel_futures=True)
                raise ReleaseError(f"Writing the release failed: {said}")


def _run_worker(command: Sequence[str]) -> str | None:
    """Run one command; None when it went well, else the last line that it said."""
    done = subprocess.run(
        [sys.executable, "-m", "transfergraph.release.worker", *command], stderr=subprocess.PIPE, check=False
    )
    if done.returncode == 0:
        return None
    lines = done.stderr.decode("utf-8", "replace").strip().splitlines()
    return lines[-1] if lines else f"exit code {done.returncode}"
