"""Outlines of districts and countries, from the TopoJSON files in ``boundaries/`` (their README says where
they are from).

Shared borders are stored once there (arcs), so that what is drawn meets without gaps, and the borders of
states are the arcs that districts of two states share.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import accumulate
from typing import Any

LonLat = tuple[float, float]
"""Degrees east and north (WGS 84)."""

Ring = tuple[LonLat, ...]

STATE = 3
"""Letters of the NUTS code of a German state (NUTS 1), with which the codes of its districts begin."""


@dataclass(frozen=True, slots=True)
class Outline:
    """An area: ``code`` is the NUTS 3 code of a district, empty for a country."""

    code: str
    name: str
    rings: tuple[Ring, ...]


@dataclass(frozen=True, slots=True)
class Boundaries:
    """Districts, the countries around them, and the lines along which states meet or end."""

    districts: tuple[Outline, ...]
    countries: tuple[Outline, ...]
    state_borders: tuple[Ring, ...]


@cache
def read_boundaries() -> Boundaries:
    """The outlines of the districts of Germany and of the countries around it."""
    german = _Topology(_content("germany.topojson"))
    around = _Topology(_content("neighbours.topojson"))
    districts = tuple(german.outlines("districts"))
    return Boundaries(districts, tuple(around.outlines("countries")), tuple(german.borders("districts")))


def _content(name: str) -> Mapping[str, Any]:
    text = resources.files("transfergraph.network").joinpath("boundaries", name).read_text("utf-8")
    content: Mapping[str, Any] = json.loads(text)
    return content


class _Topology:
    """A TopoJSON topology, section 2.1: arcs as differences of whole numbers, and a transform to degrees."""

    def __init__(self, content: Mapping[str, Any]) -> None:
        self._objects = content["objects"]
        scale, move = content["transform"]["scale"], content["transform"]["translate"]
        self._arcs: list[Ring] = []
        for arc in content["arcs"]:
            spots = zip(*(accumulate(steps) for steps in zip(*arc, strict=True)), strict=True)
            self._arcs.append(tuple((x * scale[0] + move[0], y * scale[1] + move[1]) for x, y in spots))

    def outlines(self, name: str) -> Iterator[Outline]:
        for geometry in self._objects[name]["geometries"]:
            rings = tuple(self._ring(ring) for ring in _rings(geometry))
            own = geometry["properties"]
            yield Outline(own.get("id", ""), own["name"], rings)

    def borders(self, name: str) -> Iterator[Ring]:
        """The arcs with districts of different states on both sides, or with nothing on one."""
        sides: defaultdict[int, list[str]] = defaultdict(list)
        for geometry in self._objects[name]["geometries"]:
            for ring in _rings(geometry):
                for arc in ring:
                    sides[max(arc, ~arc)].append(geometry["properties"]["id"][:STATE])
        return (
            self._arcs[arc]
            for arc, states in sorted(sides.items())
            if len(states) != 2 or len({*states}) == 2
        )

    def _ring(self, arcs: Sequence[int]) -> Ring:
        points: list[LonLat] = []
        for arc in arcs:
            line = self._arcs[arc] if arc >= 0 else self._arcs[~arc][::-1]
            points += line[1:] if points else line
        return tuple(points)


def _rings(geometry: Mapping[str, Any]) -> Iterator[Sequence[int]]:
    polygons = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
    return (ring for polygon in polygons for ring in polygon)
