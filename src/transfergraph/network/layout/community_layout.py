"""The layout of one community: a radial tree around its centre, rotated so that outgoing lines are short."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import networkx as nx

Position = tuple[int, int]

SPACING = 64
"""The distance between neighbours on a ring, in the units of the coordinates."""

_FIRST_RING = 2.2
_NEXT_RING = 1.35
_ROW = 0.8
_CROWD = 30


def point(radius: float, angle: float) -> Position:
    """A point on a ring in whole numbers. Sine and cosine are rounded: libraries differ in the last digit."""
    return round(radius * round(math.cos(angle), 9)), round(radius * round(math.sin(angle), 9))


def length(at: Position) -> int:
    """The distance of a position from (0, 0), rounded up."""
    return math.ceil(math.sqrt(at[0] * at[0] + at[1] * at[1]))


def arrange(
    network: nx.Graph, members: Iterable[str], centre: str, wholes: Mapping[str, str]
) -> dict[str, Position]:
    """Coordinates of the members around their centre, which is at (0, 0)."""
    tree = _Tree(network, set(members), centre, wholes)
    few, many = 0, 1
    rings = tree.rings(many)
    while rings.weight[centre] > _CROWD * many:
        if many > len(tree):
            break
        few, many = many, 2 * many
        rings = tree.rings(many)
    while many - few > 1:
        middle = (few + many) // 2
        tried = tree.rings(middle)
        if tried.weight[centre] > _CROWD * middle:
            few = middle
        else:
            many, rings = middle, tried
    return tree.coordinates(rings)


@dataclass(frozen=True, slots=True)
class _Rings:
    """``radii`` by depth in spacings, the ``weight`` of each node, and the ``rows`` in which leaves stand."""

    radii: tuple[float, ...]
    weight: Mapping[str, float]
    rows: int


def _radii(first: float, deepest: int) -> tuple[float, ...]:
    return 0.0, *(first + _NEXT_RING * step for step in range(deepest))


class _Tree:
    """A spanning tree of the community: parts below wholes, organisations below undertakings."""

    def __init__(self, network: nx.Graph, members: set[str], centre: str, wholes: Mapping[str, str]) -> None:
        self._network = network
        self._centre = centre
        self._depth = {centre: 0}
        self._parent: dict[str, str] = {}
        self._children: defaultdict[str, list[str]] = defaultdict(list)
        self._parts: defaultdict[str, list[str]] = defaultdict(list)
        for node in sorted(members):
            if wholes.get(node) in members:
                self._parts[wholes[node]].append(node)
        self._attach_parts(centre)
        self._attach_members(members)
        self._order()

    def __len__(self) -> int:
        return len(self._depth)

    def _attach(self, node: str, parent: str) -> None:
        self._parent[node] = parent
        self._children[parent].append(node)
        self._depth[node] = self._depth[parent] + 1

    def _attach_parts(self, whole: str) -> None:
        waiting = [whole]
        while waiting:
            one = waiting.pop()
            for part in self._parts[one]:
                if part not in self._depth:
                    self._attach(part, one)
                    waiting.append(part)

    def _attach_members(self, members: set[str]) -> None:
        left = sorted(members - self._depth.keys())
        while left:
            reached = dict(self._depth)
            for node in left:
                near = [other for other in sorted(self._network[node]) if other in reached]
                if near and node not in self._depth:
                    self._attach(node, self._best_parent(near))
                    self._attach_parts(node)
            still = [node for node in left if node not in self._depth]
            if len(still) == len(left):
                self._attach(left[0], self._centre)
                self._attach_parts(left[0])
                still = [node for node in left if node not in self._depth]
            left = still

    def _best_parent(self, near: list[str]) -> str:
        """The innermost neighbour; for siblings their parent; else the neighbour nearest the centre."""
        above = {self._parent.get(one) for one in near}
        inner = [one for one in near if one not in above]
        parents = {self._parent.get(one) for one in inner}
        common = parents.pop() if len(parents) == 1 else None
        if len(inner) > 1 and common is not None:
            return common
        return min(inner, key=lambda one: (self._depth[one], one))

    def _order(self) -> None:
        """Order children: branches that share partners side by side with these between, then leaves."""
        for parent, children in self._children.items():
            branches = self._chain(parent, [one for one in children if self._is_branch(one)])
            index = {one: position for position, one in enumerate(branches)}
            placed: list[tuple[float, int, str]] = [(float(i), 0, one) for one, i in index.items()]
            for leaf in children:
                if leaf not in index:
                    beside = [index[one] for one in self._network[leaf] if one in index]
                    mean = sum(beside) / len(beside) if beside else float(len(index))
                    placed.append((mean, 1, leaf))
            self._children[parent] = [one for _, _, one in sorted(placed)]

    def _is_branch(self, node: str) -> bool:
        return bool(self._children.get(node)) or self._network.nodes[node]["bipartite"] == 1

    def _chain(self, parent: str, branches: list[str]) -> list[str]:
        """Largest first, then always the branch that shares most partners with the last, else the largest."""
        left = dict.fromkeys(sorted(branches, key=lambda one: (-self._size(one), one)))
        rank = {one: number for number, one in enumerate(left)}
        chain: list[str] = []
        while left:
            around = set(self._network[chain[-1]]) - {parent} if chain else set()
            shared = Counter(other for one in around for other in self._network[one] if other in left)
            best = min(shared, key=lambda one: (-shared[one], rank[one])) if shared else next(iter(left))
            del left[best]
            chain.append(best)
        return chain

    def _size(self, node: str) -> int:
        return len(self._children.get(node, ()))

    def rings(self, rows: int) -> _Rings:
        """The rings that hold everybody when the leaves of a ring stand in so many rows."""
        deepest = max(1, *self._depth.values())
        first = _FIRST_RING
        for _ in range(4):
            weight = self._weights(_radii(first, deepest), rows)
            first = max(_FIRST_RING, weight[self._centre] / math.tau)
        return _Rings(_radii(first, deepest), weight, rows)

    def _weights(self, radii: tuple[float, ...], rows: int) -> dict[str, float]:
        """The share of the circle of each node, counted in spacings on the first ring."""
        weight: dict[str, float] = {}
        for node in sorted(self._depth, key=lambda one: (-self._depth[one], one)):
            own = radii[1] / radii[max(1, self._depth[node])]
            if not self._is_branch(node):
                own /= rows
            weight[node] = max(own, math.fsum(weight[child] for child in self._children.get(node, ())))
        return weight

    def coordinates(self, rings: _Rings) -> dict[str, Position]:
        """Coordinates of every node, each branch in its own sector of the circle."""
        angles = {self._centre: 0.0}
        found = {self._centre: (0, 0)}
        waiting = [(self._centre, -math.pi / 2, math.tau)]
        while waiting:
            node, angle, width = waiting.pop()
            children = self._children.get(node, ())
            total = math.fsum(rings.weight[child] for child in children)
            share = width / max(total, rings.weight[node])
            angle += (width - total * share) / 2
            for number, child in enumerate(children):
                sector = rings.weight[child] * share
                middle = angle + sector / 2
                if node != self._centre and abs(middle - angles[node]) < sector / 5:
                    middle = angles[node] + sector / 3
                outwards = 0.0 if self._is_branch(child) else _ROW * (number % rings.rows)
                angles[child] = middle
                found[child] = point(SPACING * (rings.radii[self._depth[child]] + outwards), middle)
                waiting.append((child, angle, sector))
                angle += sector
        return found


_STEPS = 24
_CLOSE = SPACING * SPACING // 9
_MOST_COMPARISONS = 4_000


def best_rotation(
    network: nx.Graph, inside: Mapping[str, Position], outside: Mapping[str, Position]
) -> dict[str, Position]:
    """The positions inside a circle, rotated about its centre (0, 0) by the best multiple of 15 degrees.

    The cost is the length of the lines to nodes outside and 3 spacings for each node that a line crosses.

    ``outside`` holds fixed nodes in the same coordinates. In circles with very many lines only their length
    counts.
    """
    lines = [(node, other) for node in inside for other in sorted(network[node]) if other in outside]
    if not lines:
        return dict(inside)
    counts_crossings = len(lines) * len(inside) <= _MOST_COMPARISONS

    def cost(positions: Mapping[str, Position]) -> int:
        total = 0
        for node, other in lines:
            begin, end = positions[node], outside[other]
            total += math.isqrt((end[0] - begin[0]) ** 2 + (end[1] - begin[1]) ** 2)
            if counts_crossings:
                total += (
                    3
                    * SPACING
                    * sum(_is_close(positions[one], begin, end) for one in positions if one != node)
                )
        return total

    rotations = [_rotated(inside, step) for step in range(_STEPS)]
    return min(rotations, key=cost)


def _rotated(positions: Mapping[str, Position], step: int) -> dict[str, Position]:
    cosine, sine = round(math.cos(math.tau * step / _STEPS), 9), round(math.sin(math.tau * step / _STEPS), 9)
    return {
        node: (round(x * cosine - y * sine), round(x * sine + y * cosine))
        for node, (x, y) in positions.items()
    }


def _is_close(at: Position, begin: Position, end: Position) -> bool:
    """Whether a position lies within a third of a spacing of the line, in whole numbers."""
    dx, dy = end[0] - begin[0], end[1] - begin[1]
    px, py = at[0] - begin[0], at[1] - begin[1]
    length = dx * dx + dy * dy
    along = px * dx + py * dy
    if not 0 < along < length:
        return False
    across = px * dy - py * dx
    return across * across < _CLOSE * length
