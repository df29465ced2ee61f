"""A small map of the places of an entity: its own, and those of what it works with.

Below lie the outlines of the release's maps with the names of districts; where it has none, all other places.
Of these the largest have names. The projection is that of the outlines (Lambert's azimuthal equal-area).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from pyoxigraph import NamedNode

from transfergraph.common.displayed_values import shorten, visible
from transfergraph.common.text import Text
from transfergraph.network.model.map_projection import EqualArea, Spot, middle
from transfergraph.network.output.shapes import OccupiedArea
from transfergraph.store import Store
from transfergraph.store.bulk_properties import values_of
from transfergraph.vocabulary.presentation import Role
from transfergraph.web import document_terms as terms
from transfergraph.web.entity_record import record_of
from transfergraph.web.localised_view import LocalisedView
from transfergraph.web.map_outlines import HECTOMETRES, Box, MapOutlines, NamedArea
from transfergraph.web.phrases import Ref
from transfergraph.web.surroundings import Room, has_room, rooms_beside

WIDTH = 340
"""Of the map, in units that are pixels on a wide screen."""

_HEIGHTS = (200, 340)  # of a map, the least and the greatest

_SMALLEST = 122.0  # kilometres that are shown at least
_DEGREE = 111.2  # kilometres of latitude
_MARGIN = 0.16  # of the map, around the places
_DOTS = 22  # places of the ground in a row at most
_FIELDS = 8  # of a degree, each with one place of the ground at most
_MARKED = 40  # places that a map marks
_NAMED = 60  # places that may lend their names to the ground
_ON_GROUND = 7  # names on a map
_LETTER, _SMALL_LETTER = 6.9, 6.0
_LONGEST = 22  # characters of a name


@dataclass(frozen=True, slots=True)
class PlaceAtlas:
    """All places of a release by latitude and longitude, sorted; ``named`` are those where most sits.

    ``outlines`` are those around them, and ``regions`` the names of regions by their NUTS codes.
    """

    places: tuple[tuple[float, float], ...] = ()
    named: tuple[tuple[float, float, Text], ...] = ()
    outlines: MapOutlines | None = None
    regions: Mapping[str, Text] = field(default_factory=dict)


NO_PLACES = PlaceAtlas()
"""Where nothing is known beside the entity."""


@dataclass(frozen=True, slots=True)
class MarkedPlace:
    """A place on the map with its link; ``own`` where it is the entity's. The label is as in a picture."""

    ref: Ref
    x: float
    y: float
    own: bool
    count: int
    label: str = ""
    label_x: float = 0
    label_y: float = 0
    anchor: str = "start"


@dataclass(frozen=True, slots=True)
class DrawnOutlines:
    """Outlines as the data of SVG paths, with the transformation onto the map.

    ``own`` are the districts of the entity's places, ``names`` those of districts, as far as there is room.
    """

    transform: str
    own: str
    districts: str
    states: str
    rivers: str
    names: tuple[tuple[float, float, str], ...]
    credit: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class PlaceMap:
    """The map: what lies below with names on it, and the places that are meant.

    Below lie ``outlines``, and other places as the data of an SVG path, ``ground``: those with a name, or all
    where there are no outlines.
    ``unplaced`` counts what has a place without coordinates.
    """

    height: int
    outlines: DrawnOutlines | None
    ground: str
    names: tuple[tuple[float, float, str, str], ...]
    places: tuple[MarkedPlace, ...]
    unplaced: int


def read_atlas(store: Store, ground: Mapping[str, Any] | None = None) -> PlaceAtlas:
    """The places of a store that have coordinates, and the outlines of a ground."""
    query = f"SELECT DISTINCT ?place ?lat ?long WHERE {{ ?place <{terms.LAT}> ?lat ; <{terms.LONG}> ?long }}"
    at: dict[str, tuple[float, float]] = {}
    for place, latitude, longitude in store.select(query).rows:
        found = _position(str(getattr(latitude, "value", "")), str(getattr(longitude, "value", "")))
        if isinstance(place, NamedNode) and found is not None:
            at[place.value] = min(found, at.get(place.value, found))
    counts: dict[str, int] = defaultdict(int)
    seats = f"SELECT ?place (COUNT(?thing) AS ?n) WHERE {{ ?thing <{terms.SEAT}> ?place }} GROUP BY ?place"
    for place, count in store.select(seats).rows:
        if isinstance(place, NamedNode) and count is not None and place.value in at:
            counts[place.value] = int(str(count.value))
    largest = sorted(counts, key=lambda one: (-counts[one], one))[:_NAMED]
    names = values_of(store, ((one, terms.PREF_LABEL) for one in largest))
    named = tuple((*at[one], record_of(one, names[one]).label) for one in largest if one in names)
    outlines = None if ground is None else MapOutlines(ground)
    regions = {} if outlines is None else _regions(store)
    return PlaceAtlas(tuple(_thinned(sorted(set(at.values())))), named, outlines, regions)


def _regions(store: Store) -> dict[str, Text]:
    """The names of regions by their NUTS codes."""
    query = f"SELECT DISTINCT ?region ?code WHERE {{ ?region <{terms.NUTS}> ?code }}"
    codes = {
        region.value: str(getattr(code, "value", ""))
        for region, code in store.select(query).rows
        if isinstance(region, NamedNode)
    }
    names = values_of(store, ((one, terms.PREF_LABEL) for one in codes))
    return {codes[one]: record_of(one, names[one]).label for one in sorted(codes) if one in names}


def _thinned(places: Sequence[tuple[float, float]]) -> Iterator[tuple[float, float]]:
    """One place of each field of a grid, so that a country has some thousand at most."""
    fields: set[tuple[float, float]] = set()
    for latitude, longitude in places:
        field = round(latitude * _FIELDS), round(longitude * _FIELDS)
        if field not in fields:
            fields.add(field)
            yield latitude, longitude


def place_map(view: LocalisedView, atlas: PlaceAtlas) -> PlaceMap | None:
    """The map of the places that the page tells of; None where none has coordinates."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for thing in _members(view):
        for place in _places_of(view, thing):
            found[place].add(thing)
    at: dict[str, tuple[float, float]] = {}
    for place in found:
        record = view.document.record(place)
        position = _position(record.first(terms.LAT), record.first(terms.LONG))
        if position is not None:
            at[place] = position
    if not at:
        return None
    own = set(_places_of(view, view.document.iri))
    frame = _Frame(tuple(at.values()), atlas.outlines)
    ordered = sorted(at, key=lambda one: (one not in own, -len(found[one]), one))
    occupied = OccupiedArea()
    drawn = {one: frame.at(*at[one]) for one in ordered[:_MARKED]}
    marked = tuple(_marked(view, drawn, own, found, frame, occupied))
    others = tuple(_names(view, atlas, frame, set(at.values()), occupied))
    outlines = _outlines(view, atlas, frame, [at[one] for one in own if one in at], occupied)
    ground = "".join(dot for dot, _ in others) if outlines else _ground(atlas, frame)
    names = tuple(name for _, name in others)
    return PlaceMap(frame.height, outlines, ground, names, marked, len(found) - len(at))


def _outlines(
    view: LocalisedView,
    atlas: PlaceAtlas,
    frame: _Frame,
    own: Sequence[tuple[float, float]],
    occupied: OccupiedArea,
) -> DrawnOutlines | None:
    """The outlines within the map, with the names of districts where these cover nothing."""
    outlines = atlas.outlines
    if outlines is None:
        return None
    inner, states, rivers = outlines.lines(frame.box)
    seats = {
        one.code: one.path
        for latitude, longitude in own
        if (one := outlines.district(longitude, latitude)) is not None
    }
    names = tuple(_district_names(view, atlas, outlines.districts(frame.box), frame, occupied))
    shown = "".join(seats[code] for code in sorted(seats))
    return DrawnOutlines(frame.transform, shown, inner, states, rivers, names, outlines.credit)


def _district_names(
    view: LocalisedView,
    atlas: PlaceAtlas,
    districts: Iterable[NamedArea],
    frame: _Frame,
    occupied: OccupiedArea,
) -> Iterator[tuple[float, float, str]]:
    """The names of districts at their middles, without what kind of district it is (behind a comma)."""
    size = (float(WIDTH), float(frame.height))
    for one in districts:
        known = atlas.regions.get(one.code)
        name = one.name if known is None else known.in_language(view.language)
        shown = shorten(visible(re.split(r", | \(", name)[0]), _LONGEST)
        x, y = frame.of_outline(*one.at)
        if has_room((x, y, "middle"), len(shown) * _SMALL_LETTER, size, occupied):
            yield x, y, shown


def _members(view: LocalisedView) -> Iterator[str]:
    """The entity, and the organisations, undertakings and places that the page tells of."""
    yield view.document.iri
    for iri in view.document.others:
        if view.role(iri) in (Role.ORGANISATION, Role.UNDERTAKING):
            yield iri
    pointing = view.document.subjects(terms.IN_REGION)
    yield from (str(one.value) for one in pointing.values if view.role(str(one.value)) is Role.PLACE)


def _places_of(view: LocalisedView, iri: str) -> tuple[str, ...]:
    record = view.document.record(iri)
    if view.role(iri) is Role.PLACE:
        return (iri,)
    return tuple(dict.fromkeys((*record.iris(terms.SEAT), *record.iris(terms.LOCATION))))


def _position(latitude: str, longitude: str) -> tuple[float, float] | None:
    """Latitude and longitude in degrees; None for what is none on a map (of the poles there is no map)."""
    try:
        found = float(latitude), float(longitude)
    except ValueError:
        return None
    return found if abs(found[0]) <= 85 and abs(found[1]) <= 180 else None


class _Frame:
    """The part of the world that is shown: all places with a margin, and no less than a country's corner."""

    def __init__(self, places: Sequence[tuple[float, float]], outlines: MapOutlines | None) -> None:
        self.outlines = outlines
        self._project = outlines.project if outlines else EqualArea(middle([(b, a) for a, b in places]))
        spots = [self._project((longitude, latitude)) for latitude, longitude in places]
        xs, ys = [x for x, _ in spots], [y for _, y in spots]
        high, wide = max(max(ys) - min(ys), _SMALLEST), max(max(xs) - min(xs), _SMALLEST)
        least, most = _HEIGHTS
        self._scale = min(WIDTH / wide, most / high) / (1 + 2 * _MARGIN)
        self.height = max(least, min(most, round(high * self._scale * (1 + 2 * _MARGIN))))
        self._left = (min(xs) + max(xs)) / 2 - WIDTH / 2 / self._scale
        self._top = (min(ys) + max(ys)) / 2 - self.height / 2 / self._scale
        middles = [latitude for latitude, _ in places]
        half = self.height / 2 / self._scale / _DEGREE
        self.latitudes = (min(middles) + max(middles)) / 2 - half, (min(middles) + max(middles)) / 2 + half

    def at(self, latitude: float, longitude: float) -> tuple[float, float]:
        """Where a place lies on the map, in its units."""
        return self._place(self._project((longitude, latitude)))

    def of_outline(self, x: float, y: float) -> tuple[float, float]:
        """Where a point of an outline lies on the map."""
        return self._place((x / HECTOMETRES, y / HECTOMETRES))

    @property
    def box(self) -> Box:
        """What is shown, on the plane of the outlines."""
        right, bottom = self._left + WIDTH / self._scale, self._top + self.height / self._scale
        return (
            self._left * HECTOMETRES,
            self._top * HECTOMETRES,
            right * HECTOMETRES,
            bottom * HECTOMETRES,
        )

    @property
    def transform(self) -> str:
        """How outlines are moved and scaled onto the map (SVG)."""
        scale = self._scale / HECTOMETRES
        across, down = -self._left * self._scale, -self._top * self._scale
        return f"matrix({scale:.5g} 0 0 {scale:.5g} {across:.1f} {down:.1f})"

    def _place(self, spot: Spot) -> tuple[float, float]:
        return round((spot[0] - self._left) * self._scale, 1), round((spot[1] - self._top) * self._scale, 1)


def _is_inside(at: tuple[float, float], frame: _Frame) -> bool:
    return 0 <= at[0] <= WIDTH and 0 <= at[1] <= frame.height


def _ground(atlas: PlaceAtlas, frame: _Frame) -> str:
    """The other places as dots, one at most in each field of a grid."""
    fields: dict[tuple[int, int], tuple[float, float]] = {}
    south, north = frame.latitudes
    first = bisect_left(atlas.places, (south, -360.0))
    for place in atlas.places[first : bisect_left(atlas.places, (north, 360.0))]:
        x, y = frame.at(*place)
        if _is_inside((x, y), frame):
            fields.setdefault((int(x * _DOTS / WIDTH), int(y * _DOTS / WIDTH)), (x, y))
    return "".join([f"M{x:g} {y:g}h0" for x, y in sorted(fields.values())])


def _names(
    view: LocalisedView,
    atlas: PlaceAtlas,
    frame: _Frame,
    taken: set[tuple[float, float]],
    occupied: OccupiedArea,
) -> Iterator[tuple[str, tuple[float, float, str, str]]]:
    """The names of other places, as many as have room, each with its dot."""
    count = 0
    for latitude, longitude, name in atlas.named:
        x, y = frame.at(latitude, longitude)
        if (latitude, longitude) in taken or not _is_inside((x, y), frame) or count == _ON_GROUND:
            continue
        shown = shorten(visible(name.in_language(view.language)), _LONGEST)
        if (room := _room(x, y, 3, shown, frame, occupied)) is not None:
            count += 1
            yield f"M{x:g} {y:g}h0", (*room, shown)


def _room(x: float, y: float, radius: float, name: str, frame: _Frame, occupied: OccupiedArea) -> Room | None:
    """Where a name has room beside a place."""
    size = (float(WIDTH), float(frame.height))
    rooms = rooms_beside(x, y, radius)
    return next((one for one in rooms if has_room(one, len(name) * _LETTER, size, occupied)), None)


def _marked(
    view: LocalisedView,
    at: Mapping[str, tuple[float, float]],
    own: set[str],
    found: Mapping[str, set[str]],
    frame: _Frame,
    occupied: OccupiedArea,
) -> Iterator[MarkedPlace]:
    """The places with their links, labels where there is room."""
    for one, (x, y) in at.items():
        radius = 7 if one in own else 4
        occupied.add((x - radius, y - radius, x + radius, y + radius))
    for one, (x, y) in at.items():
        name = shorten(visible(view.name(one).text), _LONGEST)
        room = _room(x, y, 7 if one in own else 4, name, frame, occupied)
        count = len(found[one] - {view.document.iri})
        place = MarkedPlace(view.ref(one), x, y, one in own, count)
        if room is not None:
            place = replace(place, label=name, label_x=room[0], label_y=room[1], anchor=room[2])
        yield place
