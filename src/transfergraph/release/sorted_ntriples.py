"""Sorted graphs read block by block: releases and dumps, never held as a whole.

A block is a list of canonical N-Triples lines in order; no subject is cut in two. Reading checks on the
way that the lines are sorted, and counts and hashes them.
"""

from __future__ import annotations

import gzip
import hashlib
import operator
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import BinaryIO, cast

from transfergraph.errors import ReleaseError, UsageError
from transfergraph.messages import explained

DUMPS = ("data/graph.nt.gz", "data/graph.nq.gz")
_CHUNK = 1 << 20

Block = list[bytes]


@dataclass(frozen=True, slots=True)
class GraphDigest:
    """A graph by the number of its triples and the SHA-256 of its sorted N-Triples, not compressed."""

    triples: int
    sha256: str


class SortedGraph:
    """A release folder, or a dump that transfergraph wrote: ``.nt`` or ``.nq``, plain or gzip.

    Raises :class:`UsageError` for anything else. Iterating raises it when the lines are not sorted, and
    :class:`ReleaseError` when the file is damaged.
    """

    def __init__(self, graph: Path) -> None:
        self.file = next((graph / dump for dump in DUMPS if (graph / dump).is_file()), graph)
        self._quads = ".nq" in self.file.suffixes
        if not self.file.is_file() or not {".nt", ".nq"} & set(self.file.suffixes):
            raise UsageError(explained("error.diff.graph", graph=graph))
        self._hash = hashlib.sha256()
        self._count = 0

    @property
    def digest(self) -> GraphDigest:
        """The digest of what has been read: of the whole graph once the blocks are used up."""
        return GraphDigest(self._count, self._hash.hexdigest())

    def __iter__(self) -> Iterator[Block]:
        """The blocks in order."""
        self._hash, self._count = hashlib.sha256(), 0
        with opened(self.file) as stream:
            lines = _lines(stream)
            yield from _whole_subjects(self._checked(_without_graphs(lines) if self._quads else lines))

    def _checked(self, blocks: Iterator[Block]) -> Iterator[Block]:
        previous = b""
        for block in blocks:
            if not (previous < block[0] and all(map(operator.lt, block, islice(block, 1, None)))):
                raise UsageError(explained("error.diff.order", file=self.file))
            if not (block[0].startswith(b"<") and block[-1].startswith(b"<")):
                raise UsageError(explained("error.diff.blank", file=self.file))
            previous = block[-1]
            self._count += len(block)
            self._hash.update(b"".join(block))
            yield block


@contextmanager
def opened(file: Path) -> Iterator[BinaryIO]:
    """A file to read, unpacked when its name ends with ``.gz``.

    Raises :class:`ReleaseError` when it is damaged, also while it is being read.
    """
    try:
        with gzip.open(file, "rb") if file.suffix == ".gz" else file.open("rb") as stream:
            yield cast(BinaryIO, stream)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise ReleaseError(explained("error.diff.damaged", file=file, error=error)) from error
    except OSError as error:
        raise ReleaseError(explained("error.unreadable", file=file, error=error.strerror or error)) from error


def subject_of(line: bytes) -> bytes:
    """The subject of a line, in angle brackets."""
    return line[: line.find(b" ")]


def _lines(stream: BinaryIO) -> Iterator[Block]:
    rest = b""
    while chunk := stream.read(_CHUNK):
        chunk = rest + chunk
        end = chunk.rfind(b"\n") + 1
        rest = chunk[end:]
        if end:
            yield chunk[:end].splitlines(keepends=True)
    if rest:
        yield [rest + b"\n"]


def _without_graphs(blocks: Iterator[Block]) -> Iterator[Block]:
    """The triples of sorted quads, each once."""
    previous = b""
    for block in blocks:
        triples = dict.fromkeys(line[: line.rfind(b" <")] + b" .\n" for line in block)
        triples.pop(previous, None)
        if triples:
            previous = next(reversed(triples))
            yield list(triples)


def _whole_subjects(blocks: Iterator[Block]) -> Iterator[Block]:
    """The same lines in blocks that end where a subject does."""
    lines: Block = []
    for block in blocks:
        lines += block
        subject = subject_of(lines[-1]) + b" "
        end = len(lines) - 1
        while end and lines[end - 1].startswith(subject):
            end -= 1
        if end:
            yield lines[:end]
            lines = lines[end:]
    if lines:
        yield lines
