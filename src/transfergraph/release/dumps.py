"""Dumps of the graph: sorted, each statement once, the same bytes for the same graph.

They are made from the quads before any store has seen them: stores rewrite literals (``1.50`` becomes
``1.5``). Run as a module, it writes one dump: ``python -m transfergraph.release.dumps FORMAT IN OUT``,
so that several can be written at once by processes of their own.
"""

from __future__ import annotations

import gzip
import heapq
import io
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import BinaryIO

import pyoxigraph as ox

from transfergraph.errors import ReleaseError
from transfergraph.formats import GRAPH_FORMATS, GraphFormat, graph_format

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


def merge_sorted(files: Iterable[Path], target: Path) -> int:
    """Unite sorted files of lines into one, each line once; return the number of lines."""
    count = 0
    with ExitStack() as stack:
        streams = [stack.enter_context(file.open("rb")) for file in files]
        out = stack.enter_context(target.open("wb"))
        previous = b""
        for line in heapq.merge(*streams):
            if line != previous:
                out.write(line)
                count += 1
                previous = line
    return count


def sorted_lines(quads: Iterable[ox.Quad], target: Path) -> int:
    """Write quads as canonical N-Quads in the order of their bytes; return how many."""
    lines = sorted({ox.serialize([quad], format=ox.RdfFormat.N_QUADS) or b"" for quad in quads})
    target.write_bytes(b"".join(lines))
    return len(lines)


def triple_lines(quads: Iterable[bytes]) -> Iterator[bytes]:
    """The triples of sorted N-Quads lines as N-Triples lines, sorted, each once."""
    previous = b""
    for line in quads:
        triple = line[: line.rindex(b" <")] + b" .\n"
        if triple != previous:
            yield triple
            previous = triple


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


def write_dumps(quads: Path, folder: Path) -> list[Path]:
    """Write ``graph.<ending>.gz`` in every RDF format; large graphs by several processes at once."""
    jobs = [(known.name, folder / f"graph.{known.ending}.gz") for known in GRAPH_FORMATS]
    if quads.stat().st_size < _SMALL:
        for name, target in jobs:
            write_dump(name, quads, target)
    else:
        run_modules([[__name__, name, str(quads), str(target)] for name, target in jobs], at_once=2)
    return [target for _, target in jobs]


def run_modules(commands: Sequence[Sequence[str]], at_once: int) -> None:
    """Run ``python -m`` commands as processes of their own, a few at a time; wait for all of them.

    Raises :class:`ReleaseError` with what the first failing one said.
    """
    waiting = list(commands)
    running: list[subprocess.Popen[bytes]] = []
    try:
        while waiting or running:
            while waiting and len(running) < at_once:
                command = [sys.executable, "-m", *waiting.pop(0)]
                running.append(subprocess.Popen(command, stderr=subprocess.PIPE))
            process = running.pop(0)
            _, said = process.communicate()
            if process.returncode != 0:
                last = said.decode("utf-8", "replace").strip().rsplit("\n", 1)[-1]
                raise ReleaseError(f"Writing the release failed: {last or f'exit {process.returncode}'}")
    finally:
        for process in running:
            process.kill()
            process.wait()


if __name__ == "__main__":
    write_dump(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
