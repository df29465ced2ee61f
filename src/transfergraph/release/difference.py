"""The difference of two graphs, found by one pass over their sorted dumps.

A patch is two sorted N-Triples files, ``added.nt.gz`` and ``removed.nt.gz``: the old graph without the
removed lines and with the added ones is the new graph. Memory does not grow with the graphs.
"""

from __future__ import annotations

import gzip
import heapq
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from transfergraph.errors import UsageError
from transfergraph.nquads import triple_lines
from transfergraph.release.dumps import gzip_writer

ADDED = "added.nt.gz"
REMOVED = "removed.nt.gz"
_DUMP = "data/graph.nt.gz"


@dataclass(frozen=True, slots=True)
class Patch:
    """Where the two files of a patch lie, and how many triples each holds."""

    folder: Path
    added: int
    removed: int

    @property
    def added_file(self) -> Path:
        """The triples that only the new graph has."""
        return self.folder / ADDED

    @property
    def removed_file(self) -> Path:
        """The triples that only the old graph has."""
        return self.folder / REMOVED


@dataclass(frozen=True, slots=True)
class SubjectChange:
    """What was added to and removed from one subject, as N-Triples lines."""

    subject: str
    added: tuple[str, ...]
    removed: tuple[str, ...]


def graph_lines(graph: Path) -> Iterator[bytes]:
    """The sorted N-Triples lines of a release folder or of a dump that transfergraph wrote.

    Dumps are ``.nt`` or ``.nq``, plain or gzip. Raises :class:`UsageError` for anything else, and in
    the middle when the lines are not sorted.
    """
    if (graph / _DUMP).is_file():
        graph = graph / _DUMP
    names = graph.suffixes
    if not graph.is_file() or not ({".nt", ".nq"} & set(names)):
        raise UsageError(f"{graph} is neither a release nor a dump in N-Triples or N-Quads (.nt, .nq, .gz).")
    return _sorted(graph, _lines(graph, ".nq" in names))


def _lines(graph: Path, quads: bool) -> Iterator[bytes]:
    opener = gzip.open if graph.suffix == ".gz" else open
    with opener(graph, "rb") as stream:
        if quads:
            yield from triple_lines(stream)
        else:
            yield from stream


def _sorted(graph: Path, lines: Iterator[bytes]) -> Iterator[bytes]:
    previous = b""
    for line in lines:
        if line <= previous:
            raise UsageError(f"{graph} is not sorted; sort it with LC_ALL=C sort -u first.")
        yield line
        previous = line


def write_patch(old: Iterator[bytes], new: Iterator[bytes], folder: Path) -> Patch:
    """Compare sorted lines and write the patch into the folder."""
    added = removed = 0
    folder.mkdir(parents=True, exist_ok=True)
    with gzip_writer(folder / ADDED) as plus, gzip_writer(folder / REMOVED) as minus:
        before, after = next(old, None), next(new, None)
        while before is not None or after is not None:
            if after is None or (before is not None and before < after):
                assert before is not None
                minus.write(before)
                removed += 1
                before = next(old, None)
            elif before is None or after < before:
                plus.write(after)
                added += 1
                after = next(new, None)
            else:
                before, after = next(old, None), next(new, None)
    return Patch(folder, added, removed)


def apply_patch(patch: Patch, old: Iterator[bytes]) -> Iterator[bytes]:
    """The lines of the new graph; raises :class:`UsageError` when the patch does not fit the old one."""
    with gzip.open(patch.removed_file, "rb") as removed, gzip.open(patch.added_file, "rb") as added:
        yield from heapq.merge(_without(old, iter(removed)), added)


def _without(lines: Iterator[bytes], removed: Iterator[bytes]) -> Iterator[bytes]:
    gone = next(removed, None)
    for line in lines:
        if line == gone:
            gone = next(removed, None)
        else:
            yield line
    if gone is not None:
        raise UsageError("The patch does not fit: the graph lacks a triple that is to be removed.")


def subject_changes(patch: Patch) -> Iterator[SubjectChange]:
    """The patch subject by subject, in order."""
    with gzip.open(patch.removed_file, "rb") as removed, gzip.open(patch.added_file, "rb") as added:
        marked = heapq.merge(
            ((_subject(line), 0, line) for line in removed), ((_subject(line), 1, line) for line in added)
        )
        for subject, lines in itertools.groupby(marked, key=lambda item: item[0]):
            sides: tuple[list[str], list[str]] = ([], [])
            for _, side, line in lines:
                sides[side].append(line.decode("utf-8"))
            yield SubjectChange(subject.decode("utf-8"), tuple(sides[1]), tuple(sides[0]))


def _subject(line: bytes) -> bytes:
    return line[: line.index(b" ")]
