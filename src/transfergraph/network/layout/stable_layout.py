"""The layout of a network that has been drawn before: who stays does not jump.

Communities begin as they were. One that keeps at least half of its members keeps its circle and their spots
in it; newcomers take free spots near those they are tied to, and the circle grows where it must. Circles
move only as far as they would overlap, and the tray of the unconnected only down, as a whole. When less than
half of the nodes stay, all is laid out anew.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec
import networkx as nx

from transfergraph.network.layout.circle_packing import PACKED, Circle, pack, place, rows_below
from transfergraph.network.layout.communities import find_communities, members_of, whole_of
from transfergraph.network.layout.community_layout import SPACING, arrange
from transfergraph.network.layout.network_layout import (
    GAP,
    TRAY_COLUMN,
    TRAY_ROW,
    Layout,
    Position,
    centred,
    lay_out,
    length,
    ties_between,
)

_APART = (9 * SPACING // 10) ** 2
_ROUNDS = 100


class _StoredLayout(msgspec.Struct, frozen=True):
    positions: dict[str, Position]
    community: dict[str, str]
    circles: list[tuple[str, int, int, int]]
    tray: tuple[int, int, int, int] | None


def lay_out_stably(network: nx.Graph, before: Layout | None) -> Layout:
    """The layout of a network, as near to an earlier one as it can be; without one as :func:`lay_out`."""
    stay = before is not None and 2 * sum(node in before.positions for node in network) >= len(network)
    if before is None or not stay:
        return lay_out(network)
    found = find_communities(network, before.community)
    community = {node: name for node, name in found.items() if network.degree(node)}
    members = members_of(community)
    kept = _heirs(members, before)
    wholes = whole_of(network)
    spots: dict[str, dict[str, Position]] = {}
    radii: dict[str, int] = {}
    for name, nodes in members.items():
        old = kept.get(name)
        if old is None:
            spots[name] = centred(arrange(network, nodes, name, wholes))
        else:
            spots[name] = _filled(network, nodes, old, before)
        radii[name] = _radius(spots[name], nodes, old, before)
    circles = _circles(radii, kept, ties_between(network, community))
    centre = {circle.name: (circle.x, circle.y) for circle in circles}
    positions = {
        node: (centre[name][0] + x, centre[name][1] + y)
        for name, inside in spots.items()
        for node, (x, y) in inside.items()
    }
    lonely = sorted(node for node in network if network.degree(node) == 0)
    tray_spots, unconnected = _tray(lonely, circles, before)
    by_name = tuple(sorted(circles, key=lambda circle: circle.name))
    return Layout(dict(sorted({**positions, **tray_spots}.items())), by_name, community, unconnected)


def _heirs(members: Mapping[str, list[str]], before: Layout) -> dict[str, Circle]:
    """For each community that keeps at least half of its members, the circle that most of them stood in."""
    circles = {circle.name: circle for circle in before.communities}
    claims: list[tuple[int, str, str]] = []
    for name, nodes in members.items():
        old = Counter(before.community[node] for node in nodes if node in before.community)
        if old:
            best = min(old, key=lambda one: (-old[one], one))
            if 2 * old[best] >= len(nodes):
                claims.append((-old[best], name, best))
    heirs: dict[str, Circle] = {}
    for _, name, best in sorted(claims):
        if best in circles:
            heirs[name] = circles.pop(best)
    return heirs


def _filled(network: nx.Graph, nodes: list[str], old: Circle, before: Layout) -> dict[str, Position]:
    """The spots of those who stay, from the middle of the old circle, and free ones for the others."""
    spots = {
        node: (before.positions[node][0] - old.x, before.positions[node][1] - old.y)
        for node in nodes
        if before.community.get(node) == old.name
    }
    newcomers = sorted(set(nodes) - spots.keys(), key=lambda node: (-network.degree(node), node))
    if newcomers:
        free = _Free(spots.values(), max(old.radius, SPACING), len(newcomers))
        for node in newcomers:
            spots[node] = free.take([spots[other] for other in network[node] if other in spots])
    return spots


def _radius(spots: Mapping[str, Position], nodes: Iterable[str], old: Circle | None, before: Layout) -> int:
    """Room for all, with half a spacing to spare for those who have come."""
    if old is None:
        return max(length(spot) for spot in spots.values()) + SPACING // 2
    come = [length(spots[node]) + SPACING // 2 for node in nodes if before.community.get(node) != old.name]
    return max([old.radius, *come])


class _Free:
    """The free spots of a circle, on a lattice one spacing wide that is as large as the newcomers need."""

    def __init__(self, taken: Iterable[Position], radius: int, wanted: int) -> None:
        fields: defaultdict[Position, list[Position]] = defaultdict(list)
        for x, y in taken:
            fields[x // SPACING, y // SPACING].append((x, y))
        self._spots: list[Position] = []
        while len(self._spots) < wanted:
            self._spots = [spot for spot in _lattice(radius) if _is_free(spot, fields)]
            radius += SPACING

    def take(self, near: list[Position]) -> Position:
        """The free spot nearest to the middle of these positions, which is then taken."""
        xs, ys = zip(*near, strict=True) if near else ((0,), (0,))
        middle = sum(xs) // len(xs), sum(ys) // len(ys)
        best = min(self._spots, key=lambda spot: (_square(spot, middle), spot))
        self._spots.remove(best)
        return best


def _is_free(spot: Position, fields: Mapping[Position, list[Position]]) -> bool:
    column, row = spot[0] // SPACING, spot[1] // SPACING
    around = ((column + dx, row + dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1))
    return all(_square(spot, one) >= _APART for field in around for one in fields.get(field, ()))


def _lattice(radius: int) -> list[Position]:
    inside = radius - SPACING // 2
    step = 7 * SPACING // 8
    rows = range(-(inside // step), inside // step + 1)
    columns = range(-(inside // SPACING) - 1, inside // SPACING + 1)
    spots = [(column * SPACING + (row % 2) * SPACING // 2, row * step) for row in rows for column in columns]
    return [spot for spot in spots if _square(spot, (0, 0)) <= inside * inside]


def _square(a: Position, b: Position) -> int:
    return (a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2


def _circles(
    radii: Mapping[str, int], kept: Mapping[str, Circle], ties: Mapping[tuple[str, str], int]
) -> list[Circle]:
    """Kept circles where they were, pushed apart where they have grown; new ones near those tied to them."""
    strength: dict[str, dict[str, int]] = {name: {} for name in radii}
    for (a, b), weight in ties.items():
        strength[a][b] = strength[b][a] = weight
    old = [Circle(name, circle.x, circle.y, radii[name]) for name, circle in sorted(kept.items())]
    placed = _pushed_apart(old, {name for name, circle in kept.items() if radii[name] > circle.radius})
    if placed is None:
        return pack(radii, ties, GAP)
    new = sorted(radii.keys() - kept.keys(), key=lambda one: (-radii[one], one))
    among = max(0, PACKED - len(placed))
    for name in new[:among]:
        placed.append(place(name, radii[name], placed, strength[name], GAP))
    return placed + rows_below(new[among:], radii, placed, GAP)


def _pushed_apart(circles: list[Circle], grown: set[str]) -> list[Circle] | None:
    """The circles without overlap, the smaller of two giving way; None when that does not come to rest."""
    found = {circle.name: circle for circle in circles}
    restless = sorted(grown)
    for _ in range(_ROUNDS):
        if not restless:
            return [found[circle.name] for circle in circles]
        moved: set[str] = set()
        for name in restless:
            for other in circles:
                a, b = found[name], found[other.name]
                if a != b and _overlap(a, b):
                    smaller, larger = sorted((a, b), key=lambda one: (one.radius, one.name))
                    found[smaller.name] = _away(smaller, larger)
                    moved.add(smaller.name)
        restless = sorted(moved)
    return None


def _overlap(a: Circle, b: Circle) -> bool:
    return _square((a.x, a.y), (b.x, b.y)) < (a.radius + b.radius) ** 2


def _away(circle: Circle, other: Circle) -> Circle:
    """The circle moved straight away from the other until they are a spacing apart."""
    dx, dy = circle.x - other.x, circle.y - other.y
    distance = length((dx, dy)) or 1
    dx = dx or int(dy == 0)
    reach = circle.radius + other.radius + SPACING
    return Circle(
        circle.name, other.x + dx * reach // distance, other.y + dy * reach // distance, circle.radius
    )


def _tray(
    lonely: list[str], circles: list[Circle], before: Layout
) -> tuple[dict[str, Position], tuple[int, int, int, int] | None]:
    """The unconnected nodes in rows, each in its old slot, newcomers in free ones, below all circles."""
    if not lonely:
        return {}, None
    bottom = max((circle.y + circle.radius for circle in circles), default=0)
    left = min((circle.x - circle.radius for circle in circles), default=0)
    right = max((circle.x + circle.radius for circle in circles), default=0)
    if before.unconnected is None:
        origin = left + SPACING // 2, bottom + GAP
        columns = max(2, (right - left) // TRAY_COLUMN)
    else:
        origin = before.unconnected[0] + SPACING // 2, before.unconnected[1] + SPACING // 2
        columns = max(2, (before.unconnected[2] - before.unconnected[0]) // TRAY_COLUMN)
    old = {
        node: (
            (before.positions[node][0] - origin[0]) // TRAY_COLUMN,
            (before.positions[node][1] - origin[1]) // TRAY_ROW,
        )
        for node in lonely
        if before.unconnected is not None and node in before.positions and node not in before.community
    }
    slots = ((column, row) for row in range(len(lonely) + len(old)) for column in range(columns))
    free = (slot for slot in slots if slot not in set(old.values()))
    slot = {node: old[node] if node in old else next(free) for node in lonely}
    top = max(origin[1], bottom + SPACING // 2)
    spots = {
        node: (origin[0] + column * TRAY_COLUMN, top + row * TRAY_ROW) for node, (column, row) in slot.items()
    }
    last_column = max(column for column, _ in slot.values())
    last_row = max(row for _, row in slot.values())
    box = (
        origin[0] - SPACING // 2,
        top - SPACING // 2,
        origin[0] - SPACING // 2 + (last_column + 1) * TRAY_COLUMN,
        top + last_row * TRAY_ROW + SPACING // 2,
    )
    return spots, box


def layout_json(layout: Layout) -> str:
    """The layout as a release keeps it for the next one."""
    circles = [(one.name, one.x, one.y, one.radius) for one in layout.communities]
    community = dict(sorted(layout.community.items()))
    stored = _StoredLayout(dict(layout.positions), community, circles, layout.unconnected)
    return msgspec.json.encode(stored).decode() + "\n"


def read_layout(file: Path) -> Layout | None:
    """The layout that a release keeps; None when it keeps none that can be read."""
    try:
        kept = msgspec.json.decode(file.read_bytes(), type=_StoredLayout)
    except (OSError, ValueError, RecursionError):
        return None
    return Layout(kept.positions, tuple(Circle(*one) for one in kept.circles), kept.community, kept.tray)
