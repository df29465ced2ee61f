"""Where everything lies: communities first, each one's members inside its circle, the unconnected in a tray.

All coordinates are whole numbers, made without chance and without libraries whose results vary, so that the
same network has the same picture everywhere.
"""

from __future__ import annotations

import json
import math
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

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
_TO_RIM = round(1.4 * SPACING)
TRAY_COLUMN = 5 * SPACING
TRAY_ROW = round(0.6 * SPACING)


@dataclass(frozen=True, slots=True)
class Layout:
    """``positions`` of all nodes (x to the right, y downwards), the ``communities`` as circles, named after
    their most prominent node, and ``community``, the name of each node's circle.

    Nodes without any neighbour are in no community; they lie in the ``tray``, a box (left, top, right,
    bottom) below the circles, which is None when it would be empty.
    """

    positions: Mapping[str, Position]
    communities: tuple[Circle, ...]
    community: Mapping[str, str]
    unconnected: tuple[int, int, int, int] | None


def lay_out(network: nx.Graph) -> Layout:
    """The layout of a network as :func:`transfergraph.network.model.network_graph.build_network` makes it."""
    lonely = sorted(node for node in network if network.degree(node) == 0)
    community = {node: name for node, name in find_communities(network).items() if network.degree(node)}
    members = members_of(community)
    rims = _rims(network, community)
    wholes = whole_of(network)
    inside = {
        name: centred(arrange(network, set(nodes).difference(rims.get(name, ())), name, wholes))
        for name, nodes in members.items()
    }
    inner = {name: max(length(spot) for spot in spots.values()) for name, spots in inside.items()}
    rim_radius = {name: max(inner[name] + _TO_RIM, _ring_for(rims.get(name, []))) for name in members}
    radii = {name: rim_radius[name] if name in rims else inner[name] + SPACING // 2 for name in members}
    circles = pack(radii, ties_between(network, community), GAP)
    centre = {circle.name: (circle.x, circle.y) for circle in circles}
    positions: dict[str, Position] = {}
    for name, rim in rims.items():
        x, y = centre[name]
        for node, angle in _rim_angles(network, rim, name, community, centre, rim_radius[name]).items():
            dx, dy = point(rim_radius[name], angle)
            positions[node] = (x + dx, y + dy)
    on_rims = dict(positions)
    for name, spots in inside.items():
        x, y = centre[name]
        outside = {node: (at[0] - x, at[1] - y) for node, at in on_rims.items()}
        turned = best_rotation(network, spots, outside)
        positions.update({node: (x + dx, y + dy) for node, (dx, dy) in turned.items()})
    tray_spots, unconnected = _tray(lonely, circles)
    positions.update(tray_spots)
    by_name = sorted(circles, key=lambda circle: circle.name)
    return Layout(dict(sorted(positions.items())), tuple(by_name), community, unconnected)


def centred(spots: Mapping[str, Position]) -> dict[str, Position]:
    """The same picture with the middle of its bounding box at (0, 0)."""
    xs, ys = [x for x, _ in spots.values()], [y for _, y in spots.values()]
    x, y = (min(xs) + max(xs)) // 2, (min(ys) + max(ys)) // 2
    return {node: (spot[0] - x, spot[1] - y) for node, spot in spots.items()}


def _rims(network: nx.Graph, community: Mapping[str, str]) -> dict[str, list[str]]:
    """The organisations with a quarter or more of their ties outside their community, by community."""
    rims: defaultdict[str, list[str]] = defaultdict(list)
    for node, name in community.items():
        if network.nodes[node]["bipartite"] == 0 and node != name:
            outside = sum(community[other] != name for other in network[node])
            if outside * 4 >= network.degree(node):
                rims[name].append(node)
    return {name: sorted(nodes) for name, nodes in rims.items()}


def _ring_for(nodes: list[str]) -> int:
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


def _rim_angles(
    network: nx.Graph,
    rim: list[str],
    name: str,
    community: Mapping[str, str],
    centre: Mapping[str, Position],
    radius: int,
) -> dict[str, float]:
    """For each node on the rim the direction of the communities it leads to, kept one spacing apart."""
    if not rim:
        return {}
    x, y = centre[name]
    wanted: dict[str, float] = {}
    for node in rim:
        others = [centre[community[other]] for other in network[node] if community[other] != name]
        dx, dy = sum(other[0] - x for other in others), sum(other[1] - y for other in others)
        wanted[node] = round(math.atan2(dy, dx), 9)
    order = sorted(rim, key=lambda node: (wanted[node], node))
    slots = max(len(rim), int(math.tau * radius / SPACING))
    step = math.tau / slots
    free = set(range(slots))
    angles: dict[str, float] = {}
    for node in order:
        best = min(free, key=lambda slot: (round(_turn(slot * step, wanted[node]), 6), slot))
        free.remove(best)
        angles[node] = best * step
    return angles


def _turn(a: float, b: float) -> float:
    """The angle between two directions."""
    difference = abs(a - b) % math.tau
    return min(difference, math.tau - difference)


def _tray(
    lonely: list[str], circles: list[Circle]
) -> tuple[dict[str, Position], tuple[int, int, int, int] | None]:
    """Rows of unconnected nodes below the circles, with room for a name beside each."""
    if not lonely:
        return {}, None
    left = min((circle.x - circle.radius for circle in circles), default=0)
    right = max((circle.x + circle.radius for circle in circles), default=0)
    top = max((circle.y + circle.radius for circle in circles), default=0) + GAP
    columns = max(2, (right - left) // TRAY_COLUMN)
    spots = {
        node: (left + SPACING // 2 + (index % columns) * TRAY_COLUMN, top + (index // columns) * TRAY_ROW)
        for index, node in enumerate(lonely)
    }
    used = min(columns, len(lonely))
    bottom = top + ((len(lonely) - 1) // columns) * TRAY_ROW
    box = (left, top - SPACING // 2, left + used * TRAY_COLUMN, bottom + SPACING // 2)
    return spots, box


def layout_json(layout: Layout) -> str:
    """The layout as a release keeps it for the next one."""
    content = {
        "positions": layout.positions,
        "community": dict(sorted(layout.community.items())),
        "circles": [[one.name, one.x, one.y, one.radius] for one in layout.communities],
        "tray": layout.unconnected,
    }
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")) + "\n"


def read_layout(file: Path) -> Layout | None:
    """The layout that a release keeps; None when it keeps none that can be read."""
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
        unconnected = content["tray"]
        return Layout(
            {node: (int(at[0]), int(at[1])) for node, at in content["positions"].items()},
            tuple(Circle(name, int(x), int(y), int(radius)) for name, x, y, radius in content["circles"]),
            dict(content["community"]),
            None
            if unconnected is None
            else (int(unconnected[0]), int(unconnected[1]), int(unconnected[2]), int(unconnected[3])),
        )
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return None


def part_of_layout(network: nx.Graph, layout: Layout) -> Layout:
    """The stored layout of these nodes; one made for them where some have no place in it."""
    if any(node not in layout.positions for node in network):
        return lay_out(network)
    community = {node: name for node, name in layout.community.items() if node in network}
    drawn = set(community.values()).intersection(network)
    circles = tuple(circle for circle in layout.communities if circle.name in drawn)
    kept = {node: name for node, name in community.items() if name in drawn}
    positions = {node: layout.positions[node] for node in network}
    alone = [positions[node] for node in network if node not in kept]
    return Layout(positions, circles, kept, layout.unconnected if alone else None)
