"""The layout of a network: communities as circles, their members inside, isolated nodes in rows below.

All coordinates are whole numbers, made without chance and without libraries whose results vary, so that the
same network has the same picture everywhere.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec
import networkx as nx

from transfergraph.network.layout.circle_packing import Circle, pack
from transfergraph.network.layout.communities import find_communities, members_of, whole_of
from transfergraph.network.layout.community_layout import (
    SPACING,
    Position,
    arrange,
    best_rotation,
    length,
    point,
)

GAP = round(1.3 * SPACING)
_TO_RING = round(1.4 * SPACING)
ISOLATED_COLUMN = 5 * SPACING
ISOLATED_ROW = round(0.6 * SPACING)


@dataclass(frozen=True, slots=True)
class Layout:
    """``positions`` of all nodes (x to the right, y downwards), the ``communities`` as circles, named after
    their most prominent node, and ``community``, the name of each node's circle.

    Nodes without any neighbour are in no community; they stand in ``unconnected``, a box (left, top,
    right, bottom) below the circles, which is None when it would be empty.
    """

    positions: Mapping[str, Position]
    communities: tuple[Circle, ...]
    community: Mapping[str, str]
    unconnected: tuple[int, int, int, int] | None


def lay_out(network: nx.Graph) -> Layout:
    """Lay out a network of :func:`transfergraph.network.model.network_graph.build_network`."""
    isolated = sorted(node for node in network if network.degree(node) == 0)
    community = {node: name for node, name in find_communities(network).items() if network.degree(node)}
    members = members_of(community)
    rings = _outer_rings(network, community)
    wholes = whole_of(network)
    inside = {
        name: centred(arrange(network, set(nodes).difference(rings.get(name, ())), name, wholes))
        for name, nodes in members.items()
    }
    inner = {name: max(length(at) for at in positions.values()) for name, positions in inside.items()}
    ring_radius = {name: max(inner[name] + _TO_RING, _ring_radius(rings.get(name, []))) for name in members}
    radii = {name: ring_radius[name] if name in rings else inner[name] + SPACING // 2 for name in members}
    circles = pack(radii, ties_between(network, community), GAP)
    centre = {circle.name: (circle.x, circle.y) for circle in circles}
    positions: dict[str, Position] = {}
    for name, ring in rings.items():
        x, y = centre[name]
        for node, angle in _ring_angles(network, ring, name, community, centre, ring_radius[name]).items():
            dx, dy = point(ring_radius[name], angle)
            positions[node] = (x + dx, y + dy)
    on_rings = dict(positions)
    for name, relative in inside.items():
        x, y = centre[name]
        outside = {node: (at[0] - x, at[1] - y) for node, at in on_rings.items()}
        rotated = best_rotation(network, relative, outside)
        positions.update({node: (x + dx, y + dy) for node, (dx, dy) in rotated.items()})
    below, unconnected = place_isolated(isolated, circles)
    positions.update(below)
    by_name = sorted(circles, key=lambda circle: circle.name)
    return Layout(dict(sorted(positions.items())), tuple(by_name), community, unconnected)


def centred(positions: Mapping[str, Position]) -> dict[str, Position]:
    """The same positions with the centre of their bounding box at (0, 0)."""
    xs, ys = zip(*positions.values(), strict=True)
    x, y = (min(xs) + max(xs)) // 2, (min(ys) + max(ys)) // 2
    return {node: (at[0] - x, at[1] - y) for node, at in positions.items()}


def _outer_rings(network: nx.Graph, community: Mapping[str, str]) -> dict[str, list[str]]:
    """The organisations with a quarter or more of their ties outside their community, by community."""
    rings: defaultdict[str, list[str]] = defaultdict(list)
    for node, name in community.items():
        if network.nodes[node]["bipartite"] == 0 and node != name:
            outside = sum(community[other] != name for other in network[node])
            if outside * 4 >= network.degree(node):
                rings[name].append(node)
    return {name: sorted(nodes) for name, nodes in rings.items()}


def _ring_radius(nodes: list[str]) -> int:
    """The radius of a ring on which these nodes stand one spacing apart."""
    return math.ceil(len(nodes) * SPACING / math.tau)


def ties_between(network: nx.Graph, community: Mapping[str, str]) -> dict[tuple[str, str], int]:
    """The number of edges between each two communities that have any, smaller name first."""
    ties: Counter[tuple[str, str]] = Counter()
    for a, b in network.edges():
        first, second = sorted((community[a], community[b]))
        if first != second:
            ties[first, second] += 1
    return dict(sorted(ties.items()))


def _ring_angles(
    network: nx.Graph,
    ring: list[str],
    name: str,
    community: Mapping[str, str],
    centre: Mapping[str, Position],
    radius: int,
) -> dict[str, float]:
    """For each node on the ring the direction of the communities it leads to, kept one spacing apart."""
    x, y = centre[name]
    wanted: dict[str, float] = {}
    for node in ring:
        others = [centre[community[other]] for other in network[node] if community[other] != name]
        dx, dy = sum(other[0] - x for other in others), sum(other[1] - y for other in others)
        wanted[node] = round(math.atan2(dy, dx), 9)
    order = sorted(ring, key=lambda node: (wanted[node], node))
    slots = max(len(ring), int(math.tau * radius / SPACING))
    step = math.tau / slots
    free = set(range(slots))
    angles: dict[str, float] = {}
    for node in order:
        best = min(free, key=lambda slot: (round(_angle_between(slot * step, wanted[node]), 6), slot))
        free.remove(best)
        angles[node] = best * step
    return angles


def _angle_between(a: float, b: float) -> float:
    """The angle between two directions."""
    difference = abs(a - b) % math.tau
    return min(difference, math.tau - difference)


def place_isolated(
    isolated: list[str], circles: list[Circle], before: Layout | None = None
) -> tuple[dict[str, Position], tuple[int, int, int, int] | None]:
    """Rows of isolated nodes below all circles, with room for a label beside each, and the box of the rows.

    A node that was in the box of the layout ``before`` keeps its place in it.
    """
    if not isolated:
        return {}, None
    bottom = max((circle.y + circle.radius for circle in circles), default=0)
    left = min((circle.x - circle.radius for circle in circles), default=0)
    right = max((circle.x + circle.radius for circle in circles), default=0)
    box = None if before is None else before.unconnected
    if box is None:
        origin = left + SPACING // 2, bottom + GAP
        columns = max(2, (right - left) // ISOLATED_COLUMN)
    else:
        origin = box[0] + SPACING // 2, box[1] + SPACING // 2
        columns = max(2, (box[2] - box[0]) // ISOLATED_COLUMN)
    old = {
        node: (
            (before.positions[node][0] - origin[0]) // ISOLATED_COLUMN,
            (before.positions[node][1] - origin[1]) // ISOLATED_ROW,
        )
        for node in isolated
        if before and box and node in before.positions and node not in before.community
    }
    slots = ((column, row) for row in range(len(isolated) + len(old)) for column in range(columns))
    taken = set(old.values())
    free = (slot for slot in slots if slot not in taken)
    slot = {node: old[node] if node in old else next(free) for node in isolated}
    top = max(origin[1], bottom + SPACING // 2)
    positions = {
        node: (origin[0] + column * ISOLATED_COLUMN, top + row * ISOLATED_ROW)
        for node, (column, row) in slot.items()
    }
    left, top = origin[0] - SPACING // 2, top - SPACING // 2
    width = (max(column for column, _ in slot.values()) + 1) * ISOLATED_COLUMN
    height = max(row for _, row in slot.values()) * ISOLATED_ROW + SPACING
    return positions, (left, top, left + width, top + height)


class _StoredLayout(msgspec.Struct, frozen=True):
    positions: dict[str, Position]
    community: dict[str, str]
    circles: list[tuple[str, int, int, int]]
    tray: tuple[int, int, int, int] | None


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


def part_of_layout(network: nx.Graph, layout: Layout) -> Layout:
    """The stored layout of these nodes; one made for them where some have no place in it."""
    if any(node not in layout.positions for node in network):
        return lay_out(network)
    community = {node: name for node, name in layout.community.items() if node in network}
    drawn = set(community.values()).intersection(network)
    circles = tuple(circle for circle in layout.communities if circle.name in drawn)
    kept = {node: name for node, name in community.items() if name in drawn}
    positions = {node: layout.positions[node] for node in network}
    unconnected = layout.unconnected if any(node not in kept for node in network) else None
    return Layout(positions, circles, kept, unconnected)
