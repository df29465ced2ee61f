"""What differs between two sorted dumps of named graphs, as far as it is little."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from transfergraph.publish.push.batching import split


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
        gone = before is not None and (after is None or before < after)
        come = after is not None and (before is None or after < before)
        if gone and before is not None:
            removed.append(before)
            size += len(before)
        if come and after is not None:
            added.append(after)
            size += len(after)
        if size > limit:
            return None
        if before is not None and not come:
            counts[split(before)[0]] += 1
            before = next(old, None)
        if after is not None and not gone:
            after = next(new, None)
    graphs = {graph.decode(): counts[graph] for graph in sorted(counts)}
    return QuadDifference(tuple(removed), tuple(added), graphs)
