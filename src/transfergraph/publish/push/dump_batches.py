"""The dump of named graphs that is sent: cut into batches, counted, and compared with another dump."""

from __future__ import annotations

import gzip
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from transfergraph.store.embedded import DESCRIPTION

QUADS = "data/graph.nq.gz"
_TOGETHER = 8  # batches' worth of lines that are held at most, however many graphs there are
_SAMPLE = 50  # statements of a graph that are compared one by one, at least where it has so many


@dataclass(frozen=True, slots=True)
class Batch:
    """Some statements of one graph as N-Triples, in the order of the dump; ``count`` is their number."""

    graph: str
    triples: bytes
    count: int


@dataclass(frozen=True, slots=True)
class GraphCounts:
    """How many statements each graph of a dump has, and some of them as N-Triples lines."""

    counts: Mapping[str, int]
    samples: Mapping[str, tuple[bytes, ...]]

    @property
    def total(self) -> int:
        """The number of all statements."""
        return sum(self.counts.values())


def quad_lines(release: Path) -> Iterator[bytes]:
    """The sorted N-Quads lines of a release, with those of the graph that describes it."""
    waiting: deque[bytes] = deque()
    if (described := (release / QUADS).with_name(DESCRIPTION)).exists():
        with gzip.open(described, "rb") as stream:
            waiting.extend(stream)
    with gzip.open(release / QUADS, "rb") as stream:
        for line in stream:
            while waiting and waiting[0] < line:
                yield waiting.popleft()
            yield line
    yield from waiting


def split(line: bytes) -> tuple[bytes, bytes]:
    """The graph of an N-Quads line, without angle brackets, and its triple as an N-Triples line."""
    at = line.rindex(b" <")
    return line[at + 2 : -4], line[:at] + b" .\n"


def contents(lines: Iterable[bytes]) -> GraphCounts:
    """Count the statements by graph, and take a sample that is spread evenly over each."""
    counts: Counter[bytes] = Counter()
    samples: dict[bytes, _Sample] = {}
    for line in lines:
        graph, triple = split(line)
        counts[graph] += 1
        sample = samples.get(graph)
        if sample is None:
            sample = samples[graph] = _Sample()
        sample.take(triple)
    return GraphCounts(
        {graph.decode(): counts[graph] for graph in sorted(counts)},
        {graph.decode(): tuple(samples[graph].kept) for graph in sorted(samples)},
    )


class _Sample:
    """Every n-th line, where n doubles whenever there are twice as many as wanted."""

    def __init__(self) -> None:
        self.kept: list[bytes] = []
        self._step, self._seen = 1, 0

    def take(self, line: bytes) -> None:
        if self._seen % self._step == 0:
            self.kept.append(line)
            if len(self.kept) == 2 * _SAMPLE:
                self.kept = self.kept[::2]
                self._step *= 2
        self._seen += 1


def batches(lines: Iterable[bytes], size: int) -> Iterator[Batch]:
    """Batches of about ``size`` bytes, each graph in the order of its lines; the same for the same lines."""
    waiting: dict[bytes, list[bytes]] = {}
    sizes: dict[bytes, int] = {}
    held = 0
    for line in lines:
        graph, triple = split(line)
        waiting.setdefault(graph, []).append(triple)
        sizes[graph] = sizes.get(graph, 0) + len(triple)
        held += len(triple)
        if sizes[graph] < size and held < _TOGETHER * size:
            continue
        if sizes[graph] < size:
            graph = max(sizes, key=lambda one: (sizes[one], one))
        held -= sizes.pop(graph)
        yield _batch(graph, waiting.pop(graph))
    for graph in sorted(waiting):
        yield _batch(graph, waiting[graph])


def _batch(graph: bytes, lines: list[bytes]) -> Batch:
    return Batch(graph.decode(), b"".join(lines), len(lines))


@dataclass(frozen=True, slots=True)
class QuadDifference:
    """The N-Quads lines that only one of two dumps has, and how many statements each graph had before."""

    removed: tuple[bytes, ...]
    added: tuple[bytes, ...]
    before: Mapping[str, int]


def difference(old: Iterator[bytes], new: Iterator[bytes], limit: int) -> QuadDifference | None:
    """The difference, read in one pass; None as soon as its lines are longer than ``limit`` bytes."""
    removed: list[bytes] = []
    added: list[bytes] = []
    counts: Counter[bytes] = Counter()
    size = 0
    before, after = next(old, None), next(new, None)
    while before is not None or after is not None:
        is_removed = before is not None and (after is None or before < after)
        is_added = after is not None and (before is None or after < before)
        if is_removed and before is not None:
            removed.append(before)
            size += len(before)
        if is_added and after is not None:
            added.append(after)
            size += len(after)
        if size > limit:
            return None
        if before is not None and not is_added:
            counts[split(before)[0]] += 1
            before = next(old, None)
        if after is not None and not is_removed:
            after = next(new, None)
    graphs = {graph.decode(): counts[graph] for graph in sorted(counts)}
    return QuadDifference(tuple(removed), tuple(added), graphs)
