"""The network as a small still drawing for the start page: points and lines where the explorer has them.

The same bytes for the same release: the coordinates are those that the release keeps. The drawing is made of
few paths, of which each draws all points of a kind, so that it takes some kilobytes at most.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from transfergraph.common.text import Text

DRAWN = 400
"""So many of the nodes are drawn at most, those with the most lines."""

NETWORK_DATA = "network.json"
_NAMED = 12  # communities with their names, the largest
_MARGIN, _LABEL = 90, 46  # around the points, and the height of a name, in the units of the coordinates

Point = tuple[int, int]


@dataclass(frozen=True, slots=True)
class DrawnCommunity:
    """A community around its centre: the circle, and the name of what gathers the others."""

    x: int
    y: int
    radius: int
    name: Text


@dataclass(frozen=True, slots=True)
class NetworkDrawing:
    """Paths of SVG, all in ``box`` (x, y, width, height): lines, partners, undertakings, and centres."""

    box: tuple[int, int, int, int]
    communities: tuple[DrawnCommunity, ...]
    lines: str
    partners: str
    undertakings: str
    centres: str


def read_drawing(folder: Path) -> NetworkDrawing | None:
    """The drawing of a release; None where its network has no lines, no coordinates, or, as the
    first version wrote it, no classes."""
    file = folder / NETWORK_DATA
    if not file.is_file():
        return None
    network = json.loads(file.read_text("utf-8"))
    edges = [(one["source"], one["target"]) for one in network["edges"]]
    degrees = Counter(end for edge in edges for end in edge)
    known = {one["id"]: one for one in network["nodes"] if "x" in one and degrees[one["id"]]}
    kept = sorted(known, key=lambda one: (-degrees[one], one))[:DRAWN]
    nodes = {one: known[one] for one in sorted(kept)}
    classes: Mapping[str, Any] = network["graph"].get("classes", {})
    if not nodes or not classes:
        return None
    places = {one: (round(found["x"]), round(found["y"])) for one, found in nodes.items()}

    def of(kind: str) -> list[Point]:
        return [places[one] for one, found in nodes.items() if _kind(found, classes) == kind]

    lines = sorted((places[a], places[b]) for a, b in edges if a in places and b in places)
    communities = _communities(nodes, places, classes)
    return NetworkDrawing(
        _box([*places.values(), *_corners(communities)]),
        communities,
        "".join(f"M{a[0]} {a[1]}L{b[0]} {b[1]}" for a, b in lines),
        *(_points(of(kind)) for kind in ("partner", "undertaking", "centre")),
    )


def read_kinds(folder: Path) -> tuple[str, ...]:
    """The kinds of organisation in the network of a release, the most frequent first, which is the order of
    their symbols."""
    file = folder / NETWORK_DATA
    return tuple(json.loads(file.read_text("utf-8"))["graph"].get("kinds", ())) if file.is_file() else ()


def _kind(node: Mapping[str, Any], classes: Mapping[str, Any]) -> str:
    if node["bipartite"] == 0:
        return "partner"
    return "centre" if classes[node["class"]]["gathers"] else "undertaking"


def _points(places: Iterable[Point]) -> str:
    """Lines without length: their caps are what is seen."""
    return "".join(f"M{x} {y}h0" for x, y in places)


def _communities(
    nodes: Mapping[str, Any], places: Mapping[str, Point], classes: Mapping[str, Any]
) -> tuple[DrawnCommunity, ...]:
    members: dict[str, list[Point]] = {}
    for one, found in nodes.items():
        members.setdefault(found.get("community") or "", []).append(places[one])
    centres = [one for one in members if one in nodes and _kind(nodes[one], classes) == "centre"]
    largest = sorted(centres, key=lambda one: (-len(members[one]), one))[:_NAMED]
    return tuple(_community(nodes[one], members[one]) for one in sorted(largest))


def _community(centre: Mapping[str, Any], places: Sequence[Point]) -> DrawnCommunity:
    x, y = (round((min(side) + max(side)) / 2) for side in zip(*places, strict=True))
    radius = max(math.dist((x, y), one) for one in places)
    names = {
        key.removeprefix("label_").replace("_", "-"): value
        for key, value in centre.items()
        if key.startswith("label_") and value
    }
    return DrawnCommunity(x, y, round(radius) + _MARGIN // 2, Text(names or {"": centre["id"]}))


def _corners(communities: Iterable[DrawnCommunity]) -> list[Point]:
    """The corners of the circles with their names, which stand above them."""
    return [
        corner
        for one in communities
        for corner in (
            (one.x - one.radius, one.y - one.radius - _LABEL),
            (one.x + one.radius, one.y + one.radius),
        )
    ]


def _box(places: Sequence[Point]) -> tuple[int, int, int, int]:
    xs, ys = zip(*places, strict=True)
    left, top = min(xs) - _MARGIN // 2, min(ys) - _MARGIN // 2
    return left, top, max(xs) - left + _MARGIN // 2, max(ys) - top + _MARGIN // 2
