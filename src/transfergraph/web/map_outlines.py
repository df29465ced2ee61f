"""The outlines of the maps of a release as parts of SVG paths, for the small maps of pages.

They are made once; a page takes those that lie in its frame and moves and scales them as they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from transfergraph.network.model.boundaries import joined
from transfergraph.network.model.map_projection import EqualArea, Spot

Box = tuple[float, float, float, float]
"""Left, top, right, bottom, in hectometres on the plane of the ground."""

HECTOMETRES = 10  # in a kilometre


@dataclass(frozen=True, slots=True)
class _Part:
    box: Box
    path: str


@dataclass(frozen=True, slots=True)
class NamedArea:
    """A district with its name in the source of its outline, a point within, its extent and its path."""

    code: str
    name: str
    at: Spot
    box: Box
    path: str


class MapOutlines:
    """The outlines of a ground; ``project`` leads to its plane, in kilometres."""

    def __init__(self, ground: Mapping[str, Any]) -> None:
        self.project = EqualArea((ground["centre"][0], ground["centre"][1]))
        self.credit = tuple((words, address) for words, address in ground["credit"])
        self._district_of = {(east, north): district for east, north, district in ground["towns"]}
        points = [_points(steps) for steps in ground["lines"]]
        parts = [_Part(_box(one), _path(one)) for one in points]
        areas = list(ground["areas"])
        self._areas = {at: _named(one, points) for at, one in enumerate(areas) if one["level"] == "district"}
        bordering = set(ground["borders"])
        drawn = {max(line, ~line) for one in areas for ring in one["rings"] for line in ring}
        self._borders = [parts[line] for line in sorted(bordering)]
        self._inner = [parts[line] for line in sorted(drawn - bordering)]
        self._rivers = [
            parts[max(line, ~line)] for one in ground["rivers"] for ring in one["rings"] for line in ring
        ]

    def lines(self, box: Box) -> tuple[str, str, str]:
        """The paths of the borders of districts and countries, of states, and of rivers within the box."""
        return _within(self._inner, box), _within(self._borders, box), _within(self._rivers, box)

    def districts(self, box: Box) -> Iterator[NamedArea]:
        """The districts that reach into the box."""
        return (one for one in self._areas.values() if _meet(one.box, box))

    def district(self, east: float, north: float) -> NamedArea | None:
        """The district in which a place of the network lies; None for what is no such place."""
        found = self._district_of.get((east, north))
        return None if found is None else self._areas[found]


def _within(parts: Iterable[_Part], box: Box) -> str:
    return "".join(one.path for one in parts if _meet(one.box, box))


def _meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _points(steps: Sequence[int]) -> tuple[Spot, ...]:
    found, x, y = [], 0, 0
    for across, down in zip(steps[::2], steps[1::2], strict=True):
        x, y = x + across, y + down
        found.append((x, y))
    return tuple(found)


def _box(points: Sequence[Spot]) -> Box:
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return min(xs), min(ys), max(xs), max(ys)


def _path(points: Sequence[Spot]) -> str:
    """A path from its first point by steps, whose numbers part themselves where they are negative."""
    (x, y), steps = points[0], pairwise(points)
    moves = " ".join(f"{b[0] - a[0]:g} {b[1] - a[1]:g}" for a, b in steps)
    return f"M{x:g} {y:g}l{moves}".replace(" -", "-")


def _named(area: Mapping[str, Any], points: Sequence[Sequence[Spot]]) -> NamedArea:
    rings = [joined(points, ring) for ring in area["rings"]]
    widest = max(rings, key=lambda ring: abs(_double_area(ring)))
    path = "".join(f"{_path(ring)}z" for ring in rings)
    return NamedArea(area["code"], area["name"], _centre(widest), _box(widest), path)


def _double_area(ring: Sequence[Spot]) -> float:
    return sum(ax * by - bx * ay for (ax, ay), (bx, by) in pairwise(ring))


def _centre(ring: Sequence[Spot]) -> Spot:
    """The centre of gravity of a ring, or the middle of its box where it has no area."""
    whole = _double_area(ring) * 3
    if not whole:
        left, top, right, bottom = _box(ring)
        return (left + right) / 2, (top + bottom) / 2
    weighed = [(a, b, a[0] * b[1] - b[0] * a[1]) for a, b in pairwise(ring)]
    across, down = (sum((a[axis] + b[axis]) * weight for a, b, weight in weighed) for axis in (0, 1))
    return across / whole, down / whole
