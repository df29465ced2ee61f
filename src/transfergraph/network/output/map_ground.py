"""The ground of the map in the page of a network: the outlines around its places, and where these lie.

Areas come in three levels: the districts of the states in which much of the network sits, which a measure
can shade; the other states of the countries in which it sits; and the countries around. Lines that areas
share are there once and are simplified as one, so that what is drawn meets. All numbers are whole hectometres
on the plane of the map, east and south of its centre.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise, product
from typing import Any

import networkx as nx

from transfergraph.network.model.boundaries import (
    COUNTRY,
    STATE,
    Boundaries,
    LonLat,
    Outline,
    lines_between,
    read_boundaries,
)
from transfergraph.network.model.map_projection import EqualArea, Spot, middle
from transfergraph.network.model.nuts_outlines import country_of
from transfergraph.network.model.simplify_line import simplified

_SHARE = 20  # a state has its districts drawn when it holds one of so many organisations
_AROUND = 120.0  # kilometres of ground around the places at least
_MARGIN = 0.35  # of the extent of the places
_FINE, _COARSE, _FAR = 0.25, 1.0, 25.0  # kilometres that a line may be moved by
_MANY = 4  # states whose districts are drawn finely
_HECTOMETRES = 10  # in a kilometre

Json = dict[str, Any]
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Seat:
    """Where an organisation sits: the position of its town, or else the NUTS code of its region."""

    at: LonLat | None
    code: str


def ground_of(network: nx.Graph, boundaries: Boundaries | None = None) -> Json | None:
    """The ground of the maps of a network: see :func:`make_ground`."""
    codes = network.graph["nuts"]
    nodes = [data for _, data in network.nodes(data=True)]
    places = sorted({at for one in nodes if (at := _position(one)) is not None})
    seats = (_seat(one, codes) for one in nodes if one["bipartite"] == 0)
    return make_ground(places, seats, boundaries or read_boundaries())


def _seat(data: Mapping[str, Any], codes: Mapping[str, str]) -> Seat:
    at = _position(data)
    return Seat(at, "" if at else max((codes.get(one, "") for one in data["regions"]), key=len, default=""))


def _position(data: Mapping[str, Any]) -> LonLat | None:
    if data["longitude"] is None or data["latitude"] is None:
        return None
    return float(data["longitude"]), float(data["latitude"])


def map_ground(
    places: Sequence[LonLat | None], seats: Iterable[Seat], boundaries: Boundaries | None = None
) -> Json | None:
    """The ground for these places as a page has it; None where nothing can be drawn."""
    known = sorted({at for at in places if at is not None})
    ground = make_ground(known, seats, boundaries or read_boundaries())
    return None if ground is None else with_places(ground, places)


def with_places(ground: Mapping[str, Any], places: Sequence[LonLat | None]) -> Json:
    """The ground as a page has it: where each of its places lies, and the position of its district.

    The district of a place that was none when the ground was made is None.
    """
    project = EqualArea((ground["centre"][0], ground["centre"][1]))
    districts = {(east, north): district for east, north, district in ground["towns"]}
    shown = {name: value for name, value in ground.items() if name not in ("centre", "towns")}
    return {
        "places": [None if at is None else _rounded(project(at)) for at in places],
        "district": [None if at is None else districts.get(at) for at in places],
        **shown,
    }


def make_ground(places: Sequence[LonLat], seats: Iterable[Seat], boundaries: Boundaries) -> Json | None:
    """The ground around these places, from which all maps of a release are drawn; None without any.

    By the ``seats`` of all organisations the states are chosen whose districts are drawn; a country in which
    none sits is drawn whole. ``towns`` are the places, each with the position of its district in ``areas``.
    """
    finder = _DistrictFinder(boundaries.districts)
    own, countries = _own_states(finder, seats)
    inside = [one for one in boundaries.districts if one.code[:STATE] in own]
    corners = [point for one in inside for ring in one.rings for point in ring]
    spots = [*corners, *places]
    if not spots:
        return None
    centre = middle(corners or spots)
    project = EqualArea(centre)
    fine = {max(line, ~line) for one in inside for ring in one.lines for line in ring}
    lines = _Lines(boundaries, project, _around([project(at) for at in spots]))
    lines.tolerance = {line: _FINE if len(own) <= _MANY else _COARSE for line in fine}
    lines.tolerance |= {line: _FINE for one in boundaries.rivers for ring in one.lines for line in ring}
    areas = [
        *_areas(boundaries.countries, "country", lines),
        *_areas(_countries(boundaries, countries), "country", lines),
        *_areas(_states(boundaries, own, countries), "state", lines),
        *_areas(inside, "district", lines),
    ]
    number = {one["code"]: at for at, one in enumerate(areas) if one["level"] == "district"}
    districts = [finder.district(at) for at in places]
    borders = lines_between(
        boundaries.districts, lambda code: code[:STATE] if code[:COUNTRY] in countries else code[:COUNTRY]
    )
    return {
        "centre": list(centre),
        "towns": [
            [*at, None if one is None else number.get(one.code)]
            for at, one in zip(places, districts, strict=True)
        ],
        "areas": areas,
        "borders": [
            lines.reference(line)
            for line in borders
            if line not in boundaries.seams and lines.is_near([line])
        ],
        "seams": [lines.reference(line) for line in sorted(boundaries.seams) if lines.is_near([line])],
        "rivers": _areas(boundaries.rivers, "river", lines),
        "lines": lines.steps,
        "credit": [list(part) for part in boundaries.credit],
    }


def _own_states(finder: _DistrictFinder, seats: Iterable[Seat]) -> tuple[frozenset[str], frozenset[str]]:
    """The codes of the states whose districts are drawn, and of the countries in which anybody sits."""
    weights: Counter[str] = Counter()
    for one in seats:
        code = one.code
        if one.at is not None:
            district = finder.district(one.at)
            code = "" if district is None else district.code
        if code[:STATE] in finder.states:
            weights[code[:STATE]] += 1
    total = sum(weights.values())
    own = frozenset(state for state, weight in weights.items() if weight * _SHARE >= total)
    return own, frozenset(state[:COUNTRY] for state in weights)


class _DistrictFinder:
    """Finds the district around a point, by the degrees of longitude and latitude that districts touch."""

    def __init__(self, districts: Sequence[Outline]) -> None:
        self._near: defaultdict[tuple[int, int], list[Outline]] = defaultdict(list)
        self._found: dict[LonLat, Outline | None] = {}
        self.states = frozenset(one.code[:STATE] for one in districts)
        for one in districts:
            west, south, east, north = map(math.floor, _box([point for ring in one.rings for point in ring]))
            for field in product(range(west, east + 1), range(south, north + 1)):
                self._near[field].append(one)

    def district(self, at: LonLat) -> Outline | None:
        if at not in self._found:
            near = self._near.get((math.floor(at[0]), math.floor(at[1])), ())
            self._found[at] = next((one for one in near if _is_inside(one, at)), None)
        return self._found[at]


def _is_inside(outline: Outline, at: LonLat) -> bool:
    """Whether a ray from the point crosses the outline an odd number of times."""
    x, y = at
    inside = False
    for ring in outline.rings:
        for (ax, ay), (bx, by) in pairwise(ring):
            if (ay > y) != (by > y) and x < ax + (y - ay) / (by - ay) * (bx - ax):
                inside = not inside
    return inside


def _states(boundaries: Boundaries, own: frozenset[str], countries: frozenset[str]) -> Iterator[Outline]:
    """The states without districts of their own, in the countries in which anybody sits."""
    inner = [
        one for one in boundaries.districts if one.code[:STATE] not in own and one.code[:COUNTRY] in countries
    ]
    for code, rings in _dissolved(boundaries, inner, STATE):
        yield Outline(code, boundaries.state_names.get(code, ""), (), rings)


def _countries(boundaries: Boundaries, inhabited: frozenset[str]) -> Iterator[Outline]:
    """The countries in which nobody sits, of those of which districts are known."""
    outer = [one for one in boundaries.districts if one.code[:COUNTRY] not in inhabited]
    for code, rings in _dissolved(boundaries, outer, COUNTRY):
        yield Outline(country_of(code), country_of(code), (), rings)


def _dissolved(
    boundaries: Boundaries, districts: Iterable[Outline], letters: int
) -> Iterator[tuple[str, tuple[tuple[int, ...], ...]]]:
    """The areas with the first letters of the codes, from the lines that only one of their districts has."""
    members: defaultdict[str, list[int]] = defaultdict(list)
    for one in districts:
        members[one.code[:letters]] += [line for ring in one.lines for line in ring]
    for code, lines in sorted(members.items()):
        count = Counter(max(line, ~line) for line in lines)
        outer = [line for line in lines if count[max(line, ~line)] == 1]
        yield code, tuple(_chained(boundaries, outer))


def _chained(boundaries: Boundaries, lines: Iterable[int]) -> Iterator[tuple[int, ...]]:
    """Rings of lines, each of which begins where the one before it ends."""

    def ends(line: int) -> tuple[LonLat, LonLat]:
        points = boundaries.lines[max(line, ~line)]
        return (points[0], points[-1]) if line >= 0 else (points[-1], points[0])

    waiting: defaultdict[LonLat, list[int]] = defaultdict(list)
    for line in lines:
        waiting[ends(line)[0]].append(line)
    for start in list(waiting):
        while waiting[start]:
            ring = [waiting[start].pop()]
            while following := waiting.get(ends(ring[-1])[1]):
                ring.append(following.pop())
            yield tuple(ring)


class _Lines:
    """The lines that are drawn, each once, projected and simplified when it is first asked for."""

    def __init__(self, boundaries: Boundaries, project: EqualArea, box: Box) -> None:
        self._lines, self._project, self._box = boundaries.lines, project, box
        self._spots: dict[int, list[Spot]] = {}
        self._number: dict[int, int] = {}
        self.tolerance: dict[int, float] = {}
        self.steps: list[list[int]] = []

    def is_near(self, ring: Iterable[int]) -> bool:
        """Whether the box around these lines meets what is shown."""
        return _meet(_box([spot for line in ring for spot in self._at(line)]), self._box)

    def reference(self, line: int) -> int:
        """The number of a line among those that are drawn, ``~number`` where it runs backwards."""
        base = max(line, ~line)
        if base not in self._number:
            self._number[base] = len(self.steps)
            spots = self._at(base)
            near = _meet(_box(spots), self._box)
            self.steps.append(_steps(simplified(spots, self.tolerance.get(base, _COARSE) if near else _FAR)))
        return self._number[base] if line >= 0 else ~self._number[base]

    def _at(self, line: int) -> list[Spot]:
        base = max(line, ~line)
        if base not in self._spots:
            self._spots[base] = [self._project(at) for at in self._lines[base]]
        return self._spots[base]


def _areas(outlines: Iterable[Outline], level: str, lines: _Lines) -> list[Json]:
    """The outlines that meet what is shown, without the rings that do not."""
    found = []
    for one in outlines:
        rings = [[lines.reference(line) for line in ring] for ring in one.lines if lines.is_near(ring)]
        if rings:
            found.append({"code": one.code, "name": one.name, "level": level, "rings": rings})
    return found


def _steps(spots: Sequence[Spot]) -> list[int]:
    """The first point, then the step to each other one."""
    steps: list[int] = []
    before = [0, 0]
    for spot in spots:
        here = _rounded(spot)
        if not steps or here != before or spot is spots[-1]:
            steps += [here[0] - before[0], here[1] - before[1]]
            before = here
    return steps


def _rounded(spot: Spot) -> list[int]:
    return [round(spot[0] * _HECTOMETRES), round(spot[1] * _HECTOMETRES)]


def _box(spots: Sequence[Spot]) -> Box:
    xs, ys = [x for x, _ in spots], [y for _, y in spots]
    return min(xs), min(ys), max(xs), max(ys)


def _around(spots: Sequence[Spot]) -> Box:
    """What may be seen: the box around these with a margin."""
    left, top, right, bottom = _box(spots)
    room = max(_AROUND, _MARGIN * max(right - left, bottom - top))
    return left - room, top - room, right + room, bottom + room


def _holds(box: Box, at: LonLat) -> bool:
    return box[0] <= at[0] <= box[2] and box[1] <= at[1] <= box[3]


def _meet(one: Box, other: Box) -> bool:
    return one[0] <= other[2] and other[0] <= one[2] and one[1] <= other[3] and other[1] <= one[3]
