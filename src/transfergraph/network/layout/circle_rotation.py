"""Turning the inside of a circle so that the lines that leave it are short and cross no marks."""

from __future__ import annotations

import math
from collections.abc import Mapping

import networkx as nx

from transfergraph.network.layout.community_layout import SPACING

Position = tuple[int, int]

_STEPS = 24
_CLOSE = SPACING * SPACING // 9
_MOST_COMPARISONS = 4_000


def best_rotation(
    network: nx.Graph, inside: Mapping[str, Position], outside: Mapping[str, Position]
) -> dict[str, Position]:
    """The spots inside a circle, turned about its middle (0, 0) by whichever step of 15 degrees suits best.

    ``outside`` holds nodes that stay where they are, in the same coordinates. In circles with very many
    lines only their length counts.
    """
    lines = [(node, other) for node in inside for other in sorted(network[node]) if other in outside]
    if not lines:
        return dict(inside)
    looks_at_marks = len(lines) * len(inside) <= _MOST_COMPARISONS

    def cost(spots: Mapping[str, Position]) -> int:
        total = 0
        for node, other in lines:
            begin, end = spots[node], outside[other]
            total += math.isqrt((end[0] - begin[0]) ** 2 + (end[1] - begin[1]) ** 2)
            if looks_at_marks:
                total += 3 * SPACING * sum(_is_close(spots[one], begin, end) for one in spots if one != node)
        return total

    turns = [_turned(inside, step) for step in range(_STEPS)]
    return min(turns, key=cost)


def _turned(spots: Mapping[str, Position], step: int) -> dict[str, Position]:
    cosine, sine = round(math.cos(math.tau * step / _STEPS), 9), round(math.sin(math.tau * step / _STEPS), 9)
    return {
        node: (round(x * cosine - y * sine), round(x * sine + y * cosine)) for node, (x, y) in spots.items()
    }


def _is_close(spot: Position, begin: Position, end: Position) -> bool:
    """Whether a spot lies within a third of a spacing of the line, in whole numbers."""
    dx, dy = end[0] - begin[0], end[1] - begin[1]
    px, py = spot[0] - begin[0], spot[1] - begin[1]
    length = dx * dx + dy * dy
    along = px * dx + py * dy
    if not 0 < along < length:
        return False
    across = px * dy - py * dx
    return across * across < _CLOSE * length
