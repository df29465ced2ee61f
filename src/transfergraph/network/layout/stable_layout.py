"""The layout of a network near to that of an earlier release, so that nodes which stay keep their positions.

A community that keeps at least half of its members keeps its circle and their positions in it; new members
take free positions near their neighbours, and the circle grows where it must. Circles
move only as far as they would overlap, and the rows of isolated nodes only down, as a whole. When less than
half of the nodes stay, all is laid out anew.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

import networkx as nx

from transfergraph.network.layout.circle_packing import (
    PACKED,
    Circle,
    pack,
    place,
    push_apart,
    rows_below,
    weights_by_circle,
)
from transfergraph.network.layout.communities import find_communities, members_of, whole_of
from transfergraph.network.layout.community_layout import SPACING, Position, arrange, length
from transfergraph.network.layout.network_layout import (
    GAP,
    Layout,
    centred,
    lay_out,
    place_isolated,
    ties_between,
)

_APART = (9 * SPACING // 10) ** 2


def lay_out_stably(network: nx.Graph, before: Layout | None) -> Layout:
    """The layout of a network, as near to an earlier one as it can be; without one as :func:`lay_out`."""
    stay = before is not None and 2 * sum(node in before.positions for node in network) >= len(network)
    if before is None or not stay:
        return lay_out(network)
    found = find_communities(network, before.community)
    community = {node: name for node, name in found.items() if network.degree(node)}
    members = members_of(community)
    kept = _continued(members, before)
    wholes = whole_of(network)
    inside: dict[str, dict[str, Position]] = {}
    radii: dict[str, int] = {}
    for name, nodes in members.items():
        old = kept.get(name)
        if old is None:
            inside[name] = centred(arrange(network, nodes, name, wholes))
        else:
            inside[name] = _with_new(network, nodes, old, before)
        radii[name] = _radius(inside[name], old, before)
    circles = _circles(radii, kept, ties_between(network, community))
    centre = {circle.name: (circle.x, circle.y) for circle in circles}
    positions = {
        node: (centre[name][0] + x, centre[name][1] + y)
        for name, positions_inside in inside.items()
        for node, (x, y) in positions_inside.items()
    }
    isolated = sorted(node for node in network if network.degree(node) == 0)
    below, unconnected = place_isolated(isolated, circles, before)
    by_name = tuple(sorted(circles, key=lambda circle: circle.name))
    return Layout(dict(sorted({**positions, **below}.items())), by_name, community, unconnected)


def _continued(members: Mapping[str, list[str]], before: Layout) -> dict[str, Circle]:
    """For each community that keeps at least half of its members, the circle that most of them stood in."""
    circles = {circle.name: circle for circle in before.communities}
    claims: list[tuple[int, str, str]] = []
    for name, nodes in members.items():
        old = Counter(before.community[node] for node in nodes if node in before.community)
        if old:
            best = min(old, key=lambda one: (-old[one], one))
            if 2 * old[best] >= len(nodes):
                claims.append((-old[best], name, best))
    continued: dict[str, Circle] = {}
    for _, name, best in sorted(claims):
        if best in circles:
            continued[name] = circles.pop(best)
    return continued


def _with_new(network: nx.Graph, nodes: list[str], old: Circle, before: Layout) -> dict[str, Position]:
    """The positions of those who stay, from the centre of the old circle, and free ones for the others."""
    positions = {
        node: (before.positions[node][0] - old.x, before.positions[node][1] - old.y)
        for node in nodes
        if before.community.get(node) == old.name
    }
    new = sorted(set(nodes) - positions.keys(), key=lambda node: (-network.degree(node), node))
    if new:
        free = _FreePositions(positions.values(), max(old.radius, SPACING), len(new))
        for node in new:
            positions[node] = free.take([positions[other] for other in network[node] if other in positions])
    return positions


def _radius(inside: Mapping[str, Position], old: Circle | None, before: Layout) -> int:
    """The old radius, or as much as new members need, with a margin of half a spacing."""
    if old is None:
        return max(length(at) for at in inside.values()) + SPACING // 2
    new = [length(at) + SPACING // 2 for node, at in inside.items() if before.community.get(node) != old.name]
    return max([old.radius, *new])


class _FreePositions:
    """The free positions of a circle, on a lattice one spacing wide and as large as the new members need."""

    def __init__(self, taken: Iterable[Position], radius: int, wanted: int) -> None:
        cells: defaultdict[Position, list[Position]] = defaultdict(list)
        for x, y in taken:
            cells[x // SPACING, y // SPACING].append((x, y))
        self._free: list[Position] = []
        while len(self._free) < wanted:
            self._free = [at for at in _lattice(radius) if _is_free(at, cells)]
            radius += SPACING

    def take(self, near: list[Position]) -> Position:
        """The free position nearest to the mean of these, which is then taken."""
        xs, ys = zip(*near, strict=True) if near else ((0,), (0,))
        middle = sum(xs) // len(xs), sum(ys) // len(ys)
        best = min(self._free, key=lambda at: (_square(at, middle), at))
        self._free.remove(best)
        return best


def _is_free(at: Position, cells: Mapping[Position, list[Position]]) -> bool:
    column, row = at[0] // SPACING, at[1] // SPACING
    around = ((column + dx, row + dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1))
    return all(_square(at, one) >= _APART for cell in around for one in cells.get(cell, ()))


def _lattice(radius: int) -> list[Position]:
    inside = radius - SPACING // 2
    step = 7 * SPACING // 8
    rows = range(-(inside // step), inside // step + 1)
    columns = range(-(inside // SPACING) - 1, inside // SPACING + 1)
    points = ((column * SPACING + (row % 2) * SPACING // 2, row * step) for row in rows for column in columns)
    return [at for at in points if _square(at, (0, 0)) <= inside * inside]


def _square(a: Position, b: Position) -> int:
    return (a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2


def _circles(
    radii: Mapping[str, int], kept: Mapping[str, Circle], ties: Mapping[tuple[str, str], int]
) -> list[Circle]:
    """Kept circles where they were, pushed apart where they have grown; new ones near those tied to them."""
    strength = weights_by_circle(radii, ties)
    old = [Circle(name, circle.x, circle.y, radii[name]) for name, circle in sorted(kept.items())]
    placed = push_apart(old, {name for name, circle in kept.items() if radii[name] > circle.radius}, SPACING)
    if placed is None:
        return pack(radii, ties, GAP)
    new = sorted(radii.keys() - kept.keys(), key=lambda one: (-radii[one], one))
    among = max(0, PACKED - len(placed))
    for name in new[:among]:
        placed.append(place(name, radii[name], placed, strength[name], GAP))
    return placed + rows_below(new[among:], radii, placed, GAP)
