"""Coordinates that are possible but improbable: swapped, or far from where the region of the place lies."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from math import asin, cos, radians, sin, sqrt
from statistics import median
from typing import NamedTuple

from transfergraph.common.namespaces import TG, WGS
from transfergraph.config.code_tables import read_codes
from transfergraph.findings import Finding, Severity
from transfergraph.messages import Value
from transfergraph.tables.csv_reader import fault
from transfergraph.tables.csvw import Column, Table
from transfergraph.tables.load import Tables
from transfergraph.tables.uri_template import sql_name

_LAT, _LONG, _NUTS = WGS + "lat", WGS + "long", TG + "nutsCode"
_EARTH = 6371  # km
_ENOUGH = 5  # places of a region that tell where it lies
_FEW = 3  # places of a source that tell when one has its coordinates swapped
_SPREAD = 4  # times the usual distance from the middle of a region
_NEAR = 50  # km that are never far


class _Point(NamedTuple):
    lat: float
    long: float

    @property
    def swapped(self) -> _Point:
        return _Point(self.long, self.lat)


class _Location(NamedTuple):
    """A place of the table, with its region and the NUTS code of that as far as they are known."""

    row: int
    point: _Point
    region: str | None
    nuts: str | None


class _Area(NamedTuple):
    """Where places lie: the middle of them, and how far from it they may be, in km."""

    middle: _Point
    reach: float

    @classmethod
    def of(cls, points: Sequence[_Point]) -> _Area:
        middle = _Point(median(point.lat for point in points), median(point.long for point in points))
        return cls(middle, _NEAR + _SPREAD * median(_distance(middle, point) for point in points))

    def holds(self, point: _Point) -> bool:
        return _distance(self.middle, point) <= self.reach


def check_places(tables: Tables, source: str) -> Iterator[Finding]:
    """Warnings about the coordinates of a source, each with its reason."""
    for table in tables.group.tables:
        lat, long = (table.stating(iri) for iri in (_LAT, _LONG))
        if lat is None or long is None or not tables.has_file(source, table.name):
            continue
        places = _locations(tables, source, table, lat, long)
        areas = _areas(places)
        for place in places:
            reason = _doubt(place, areas)
            if reason is not None:
                code, values = reason
                cell = tables.place(source, table.name, place.row, lat.name)
                value = f"{place.point.lat:g}"
                shown = {"lat": value, "long": f"{place.point.long:g}"}
                yield fault(code, cell, value, Severity.WARNING, **shown, **values)


def _locations(tables: Tables, source: str, table: Table, lat: Column, long: Column) -> list[_Location]:
    region, codes = "NULL", "SELECT NULL AS k, NULL AS code"
    for column in table.file_columns:
        for target in tables.group.targets(column):
            nuts = target.stating(_NUTS)
            if nuts is not None and column.separator is None:
                region, key = sql_name(column.name), target.key_sql
                code, view = f"any_value({sql_name(nuts.name)}) AS code", sql_name(target.name)
                codes = f"SELECT {key} AS k, {code} FROM {view} GROUP BY {key}"
    x, y = (f"try_cast({sql_name(column.name)} AS DOUBLE)" for column in (lat, long))
    found = tables.connection.execute(
        f"SELECT _row, {x}, {y}, {region}, code FROM {tables.name(source, table.name)} "
        f"LEFT JOIN ({codes}) ON k = {region} WHERE {x} IS NOT NULL AND {y} IS NOT NULL ORDER BY _row"
    ).fetchall()
    return [_Location(row, _Point(lat, long), place, code) for row, lat, long, place, code in found]


def _areas(places: Sequence[_Location]) -> dict[str | None, _Area]:
    """The area of each region that has enough places, and under None that of all places."""
    points: dict[str | None, list[_Point]] = defaultdict(list)
    for place in places:
        points[None].append(place.point)
        if place.region is not None:
            points[place.region].append(place.point)
    return {
        region: _Area.of(found)
        for region, found in points.items()
        if len(found) >= (_FEW if region is None else _ENOUGH)
    }


def _doubt(place: _Location, areas: dict[str | None, _Area]) -> tuple[str, dict[str, Value]] | None:
    """The key of a text and its values."""
    point, region = place.point, place.region or ""
    bounds = read_codes().bounds(place.nuts) if place.nuts else None
    if bounds is not None and not bounds.hold(*point):
        if bounds.hold(*point.swapped):
            return "table.swapped-coordinates", {"region": region}
        return "table.place-outside.country", {"region": region, "country": (place.nuts or "")[:2]}
    area, all_places = areas.get(region), areas.get(None)
    if area is not None and not area.holds(point):
        if area.holds(point.swapped):
            return "table.swapped-coordinates", {"region": region}
        return "table.place-outside.region", {"region": region, "km": round(_distance(point, area.middle))}
    if all_places is not None and not all_places.holds(point) and all_places.holds(point.swapped):
        return "table.swapped-coordinates.others", {}
    return None


def _distance(one: _Point, other: _Point) -> float:
    """Kilometres on the globe."""
    north, east = radians(other.lat - one.lat) / 2, radians(other.long - one.long) / 2
    part = sin(north) ** 2 + cos(radians(one.lat)) * cos(radians(other.lat)) * sin(east) ** 2
    return 2 * _EARTH * asin(sqrt(min(1, max(0, part))))
