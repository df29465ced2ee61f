"""Sorted lines of canonical N-Quads: the form in which a graph is made, joined, compared and dumped.

"Canonical" is that of RDF 1.2 N-Quads, section 3; the order is that of the bytes in UTF-8, as
``LC_ALL=C sort`` has it. No line has a blank node.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pyoxigraph as ox


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


def write_sorted(triples: Iterable[ox.Triple], graph: str, target: Path) -> int:
    """Write triples as quads of one named graph, sorted, each once; return how many."""
    end = f" <{graph}> .\n"
    lines = sorted({f"{t.subject} {t.predicate} {t.object}{end}".encode() for t in triples})
    with target.open("wb") as stream:
        stream.writelines(lines)
    return len(lines)


def triple_lines(quads: Iterable[bytes]) -> Iterator[bytes]:
    """The triples of sorted N-Quads lines as N-Triples lines, sorted, each once."""
    previous = b""
    for line in quads:
        triple = line[: line.rindex(b" <")] + b" .\n"
        if triple != previous:
            yield triple
            previous = triple
