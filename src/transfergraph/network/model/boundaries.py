"""Outlines of districts and countries, and rivers, from the TopoJSON files in ``boundaries/`` (their README
says where they are from).

Shared borders are stored once there (arcs), so that what is drawn meets without gaps, and the borders of
states are the arcs that districts of two states share.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import accumulate
from typing import Any

from transfergraph.common.packaged import packaged

LonLat = tuple[float, float]
"""Degrees east and north (WGS 84)."""

Ring = tuple[LonLat, ...]

COUNTRY, STATE = 2, 3
"""Letters of the NUTS codes of a country and of a state (NUTS 1); those of its districts begin with them."""

CreditPart = tuple[str, str]
"""Whose an outline is, in the words that its licence asks for, and to which address they lead, or empty."""

CREDIT_PARTS: tuple[CreditPart, ...] = (
    ("© GeoBasis-DE / BKG 2021 (Daten verändert)", "https://www.bkg.bund.de"),
    ("dl-de/by-2-0", "https://www.govdata.de/dl-de/by-2-0"),
    ("Natural Earth", "https://www.naturalearthdata.com"),
)
"""What the licence of the outlines asks to be shown with them, as the federal agency words it, each with the
address that it leads to on a page."""


@dataclass(frozen=True, slots=True)
class Outline:
    """An area: ``code`` is the NUTS 3 code of a district, and of a country its two letters (ISO 3166-1).

    ``lines`` tells of each ring the positions of its lines in :attr:`Boundaries.lines`, ``~position`` where a
    line runs backwards.
    """

    code: str
    name: str
    rings: tuple[Ring, ...]
    lines: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class Boundaries:
    """Districts, the countries around them, and rivers.

    ``seams`` are lines along which the outline of another source is drawn: that of Germany, as a rule.
    ``state_names`` has those of states (NUTS 1) by their codes, as far as the source of their outlines has
    them; ``credit`` is shown with every picture.
    """

    lines: tuple[Ring, ...]
    districts: tuple[Outline, ...]
    countries: tuple[Outline, ...]
    rivers: tuple[Outline, ...]
    credit: tuple[CreditPart, ...] = CREDIT_PARTS
    seams: frozenset[int] = frozenset()
    state_names: Mapping[str, str] = field(default_factory=dict)


@cache
def read_boundaries() -> Boundaries:
    """The outlines of the districts of Germany and of the countries around it."""
    lines: list[Ring] = []
    german = _Topology(_content("germany.topojson"), lines)
    around = _Topology(_content("neighbours.topojson"), lines)
    rivers = _Topology(_content("rivers.topojson"), lines)
    return Boundaries(
        districts=tuple(german.outlines("districts")),
        countries=tuple(around.outlines("countries")),
        rivers=tuple(rivers.outlines("rivers")),
        lines=tuple(lines),
    )


def _content(name: str) -> Mapping[str, Any]:
    text = packaged("network", "boundaries", name).read_text("utf-8")
    content: Mapping[str, Any] = json.loads(text)
    return content


def lines_between(districts: Iterable[Outline], area: Callable[[str], str]) -> tuple[int, ...]:
    """The lines with districts of different areas on both sides, or with nothing on one; ``area`` tells that
    of a code."""
    sides: defaultdict[int, list[str]] = defaultdict(list)
    for district in districts:
        for ring in district.lines:
            for line in ring:
                sides[max(line, ~line)].append(area(district.code))
    return tuple(line for line, areas in sorted(sides.items()) if len(areas) != 2 or len({*areas}) == 2)


class _Topology:
    """A TopoJSON topology, section 2.1: arcs as differences of whole numbers, and a transform to degrees.

    Its arcs are added to ``lines``.
    """

    def __init__(self, content: Mapping[str, Any], lines: list[Ring]) -> None:
        self._objects = content["objects"]
        self._lines, self._first = lines, len(lines)
        scale, move = content["transform"]["scale"], content["transform"]["translate"]
        for arc in content["arcs"]:
            spots = zip(*(accumulate(steps) for steps in zip(*arc, strict=True)), strict=True)
            lines.append(tuple((x * scale[0] + move[0], y * scale[1] + move[1]) for x, y in spots))

    def outlines(self, name: str) -> Iterator[Outline]:
        """What is in an object of the topology; a line of a river is a ring that is not closed."""
        for geometry in self._objects[name]["geometries"]:
            lines = tuple(
                tuple(arc + self._first if arc >= 0 else arc - self._first for arc in ring)
                for ring in _rings(geometry)
            )
            rings = tuple(joined(self._lines, ring) for ring in lines)
            own = geometry["properties"]
            yield Outline(own.get("id", ""), own["name"], rings, lines)


def joined(lines: Sequence[Sequence[tuple[float, float]]], ring: Iterable[int]) -> Ring:
    """The points of the lines at these positions, one after another."""
    points: list[LonLat] = []
    for number in ring:
        line = lines[number] if number >= 0 else lines[~number][::-1]
        points += line[1:] if points else line
    return tuple(points)


def _rings(geometry: Mapping[str, Any]) -> Iterator[Sequence[int]]:
    arcs = geometry["arcs"]
    match geometry["type"]:
        case "MultiPolygon":
            return (ring for polygon in arcs for ring in polygon)
        case "LineString":
            return iter([arcs])
    return iter(arcs)
