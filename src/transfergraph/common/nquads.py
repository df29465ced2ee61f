"""Sorted lines of canonical N-Quads: the form in which a graph is made, joined, compared and dumped.

"Canonical" is that of RDF 1.2 N-Quads, section 3; the order is that of the bytes in UTF-8, as
``LC_ALL=C sort`` has it. No line has a blank node.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO

_BLOCK = 8_000_000


def merge_sorted(files: Iterable[Path], quads: BinaryIO, triples: Path) -> tuple[int, int]:
    """Unite sorted files of quads into one, each once; return how many quads and triples they are.

    ``triples`` becomes the same without the graphs: N-Triples, sorted, each once.
    """
    count = without_graphs = 0
    previous = b""
    with ExitStack() as stack:
        streams = [stack.enter_context(file.open("rb")) for file in files]
        without = stack.enter_context(triples.open("wb"))
        for lines in _merged(streams):
            quads.writelines(lines)
            bare = dict.fromkeys([line[: line.rindex(b" <")] + b" .\n" for line in lines])
            bare.pop(previous, None)
            without.writelines(bare)
            previous = next(reversed(bare), previous)
            count += len(lines)
            without_graphs += len(bare)
    return count, without_graphs


def _merged(streams: Iterable[BinaryIO]) -> Iterator[list[bytes]]:
    """The lines of sorted streams in order, each once, in blocks that fit into memory.

    A block is what all streams have up to the line that is the first of their last ones: sorting it costs
    little, because it consists of runs that are sorted already.
    """
    waiting: dict[BinaryIO, list[bytes]] = {stream: [] for stream in streams}
    while True:
        refilled = {stream: lines or stream.readlines(_BLOCK) for stream, lines in waiting.items()}
        waiting = {stream: lines for stream, lines in refilled.items() if lines}
        if not waiting:
            return
        end = min(lines[-1] for lines in waiting.values())
        block: list[bytes] = []
        for stream, lines in waiting.items():
            cut = bisect_right(lines, end)
            block += lines[:cut]
            waiting[stream] = lines[cut:]
        yield list(dict.fromkeys(sorted(block)))


def write_sorted(triples: Iterable[bytes], graph: str, target: Path) -> int:
    """Write pieces of canonical N-Triples as quads of one named graph, sorted, each once; return how many."""
    end = f" <{graph}> .\n".encode()
    lines: set[bytes] = set()
    for piece in triples:
        lines.update(piece.replace(b" .\n", end).splitlines(keepends=True))
    with target.open("wb") as stream:
        stream.writelines(sorted(lines))
    return len(lines)


def triple_lines(quads: Iterable[bytes]) -> Iterator[bytes]:
    """The triples of sorted N-Quads lines as N-Triples lines, sorted, each once."""
    previous = b""
    for line in quads:
        triple = line[: line.rindex(b" <")] + b" .\n"
        if triple != previous:
            yield triple
            previous = triple
