"""The difference of two graphs, found by one pass over their sorted dumps, in bounded memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from transfergraph.release.sorted_ntriples import Block, subject_of

_LONGEST, _SHORTEST = 4096, 8  # lines that are compared at once


@dataclass(frozen=True, slots=True)
class SubjectChange:
    """A subject about which the graphs differ: all its lines before and after, sorted; none when it is
    not there."""

    subject: bytes
    before: Sequence[bytes]
    after: Sequence[bytes]

    @property
    def iri(self) -> str:
        """The IRI of the subject."""
        return self.subject[1:-1].decode("utf-8")

    @property
    def added(self) -> list[bytes]:
        """The lines that only the new graph has, sorted."""
        known = set(self.before)
        return [line for line in self.after if line not in known]

    @property
    def removed(self) -> list[bytes]:
        """The lines that only the old graph has, sorted."""
        known = set(self.after)
        return [line for line in self.before if line not in known]


def subject_changes(old: Iterable[Block], new: Iterable[Block]) -> Iterator[SubjectChange]:
    """What differs between two graphs, subject by subject, in order."""
    before, after = _Cursor(old), _Cursor(new)
    length = _LONGEST
    while True:
        one, other = before.line(), after.line()
        if one is not None and other is not None:
            if length >= _SHORTEST:
                length = _skip(before, after, length)
                continue
            length = _SHORTEST * 2
        elif one is None and other is None:
            return
        change = _step(before, after, one, other)
        if change is not None:
            yield change


def all_subjects(triples: Path) -> Iterator[SubjectChange]:
    """Every subject of a graph in sorted N-Triples, as what differs from an empty one."""
    with triples.open("rb") as lines:
        for subject, described in groupby(lines, subject_of):
            yield SubjectChange(subject, (), list(described))


def _skip(before: _Cursor, after: _Cursor, length: int) -> int:
    """Go past lines that are the same on both sides; return how many to compare next."""
    count = min(length, before.left, after.left)
    if count < _SHORTEST or before.peek(count) != after.peek(count):
        return count // 2
    whole = count
    while whole and not (before.is_end(whole) and after.is_end(whole)):
        whole -= 1
    before.at += whole
    after.at += whole
    return min(length * 2, _LONGEST) if whole else 0


def _step(before: _Cursor, after: _Cursor, one: bytes | None, other: bytes | None) -> SubjectChange | None:
    """Go past the first subject of the two sides."""
    subjects = [subject_of(line) for line in (one, other) if line is not None]
    if len(subjects) == 2 and subjects[0] == subjects[1]:
        old, new = before.take(subjects[0]), after.take(subjects[0])
        return None if old == new else SubjectChange(subjects[0], old, new)
    if other is None or (one is not None and one < other):
        return SubjectChange(subjects[0], before.take(subjects[0]), ())
    return SubjectChange(subjects[-1], (), after.take(subjects[-1]))


class _Cursor:
    """A place in the blocks of one side."""

    def __init__(self, blocks: Iterable[Block]) -> None:
        self._blocks = iter(blocks)
        self.lines: Block = []
        self.at = 0

    @property
    def left(self) -> int:
        """Lines that are left of the block."""
        return len(self.lines) - self.at

    def line(self) -> bytes | None:
        """The line here; None at the end of the graph."""
        while self.at >= len(self.lines):
            block = next(self._blocks, None)
            if block is None:
                return None
            self.lines, self.at = block, 0
        return self.lines[self.at]

    def peek(self, count: int) -> Block:
        """The next lines of the block."""
        return self.lines[self.at : self.at + count]

    def is_end(self, count: int) -> bool:
        """True when a subject ends with the line ``count`` lines further on."""
        at = self.at + count
        return at == len(self.lines) or not self.lines[at].startswith(subject_of(self.lines[at - 1]) + b" ")

    def take(self, subject: bytes) -> Block:
        """The lines of the subject that is here; the place is behind them afterwards."""
        start, end, beginning = self.at, self.at + 1, subject + b" "
        while end < len(self.lines) and self.lines[end].startswith(beginning):
            end += 1
        self.at = end
        return self.lines[start:end]
