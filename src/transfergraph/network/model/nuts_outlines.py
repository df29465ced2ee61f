"""Outlines of districts from a file of the workspace: GeoJSON (RFC 7946) of areas with NUTS codes, such as
those of Eurostat's GISCO, whose licence does not let this software bring them.

Such files repeat the border of two areas in both. Here it becomes one line, so that what is simplified still
meets.
"""

from __future__ import annotations

import gzip
import json
import re
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

from transfergraph.common.text import Text
from transfergraph.errors import WorkspaceError
from transfergraph.messages import Value, explained
from transfergraph.network.model.boundaries import (
    Boundaries,
    CreditPart,
    LonLat,
    Outline,
    Ring,
    joined,
)

_DISTRICT = re.compile(r"[A-Z]{2}[A-Z0-9]{3}")  # NUTS 3
_STATE = re.compile(r"[A-Z]{2}[A-Z0-9]")  # NUTS 1
_CODES = ("NUTS_ID", "id")
_NAMES = ("NAME_LATN", "name_latn", "NUTS_NAME", "name")
_LEAST = 4  # positions of a ring, RFC 7946, section 3.1.6
_MEBIBYTE = 1 << 20
_ISO = {"EL": "GR", "UK": "GB"}
"""The codes of ISO 3166-1 of the countries that have others in NUTS."""


def country_of(code: str) -> str:
    """The ISO 3166-1 code of the country of a NUTS code."""
    return _ISO.get(code[:2], code[:2])


def with_districts(known: Boundaries, file: Path, megabytes: int, credit: CreditPart) -> Boundaries:
    """The outlines that are known and those of the file, which are ``credit``'s.

    Areas of a country of which districts are known already are left out; a country of the file takes the
    place of its known outline. Raises :class:`WorkspaceError` for a file that has no such outlines, or more
    than ``megabytes`` MiB.
    """
    taken = {country_of(one.code) for one in known.districts}
    features = _features(_content(file, megabytes), file)
    named = {code: (name, feature) for code, name, feature in _coded(features, file)}
    if not any(map(_DISTRICT.fullmatch, named)):
        raise _fault("error.outlines.no-codes", file)
    codes = sorted(filter(_DISTRICT.fullmatch, named))
    shared = _SharedLines(known.lines)
    polygons = {code: list(_rings(named[code][1], code, file)) for code in codes}
    shared.begin(ring for rings in polygons.values() for ring in rings)
    found, drawn_already = [], set()
    for code in codes:
        lines = tuple(map(shared.lines_of, polygons[code]))
        if country_of(code) in taken:
            drawn_already |= {max(line, ~line) for ring in lines for line in ring}
        else:
            rings = tuple(joined(shared.lines, ring) for ring in lines)
            found.append(Outline(code, named[code][0], rings, lines))
    sides = {max(line, ~line) for one in found for ring in one.lines for line in ring}
    new = {country_of(one.code) for one in found}
    return replace(
        known,
        lines=tuple(shared.lines),
        districts=(*found, *known.districts),
        countries=tuple(one for one in known.countries if one.code not in new),
        seams=frozenset(sides & drawn_already),
        credit=(*known.credit, credit),
        state_names={code: name for code, (name, _) in named.items() if _STATE.fullmatch(code)},
    )


def _fault(key: str, file: Path, **values: Value) -> WorkspaceError:
    return WorkspaceError(explained(key, file=file, **values))


def _content(file: Path, megabytes: int) -> Any:
    """What is in the file, plain or gzip."""
    most = megabytes * _MEBIBYTE
    try:
        with file.open("rb") as stream:
            is_packed = stream.read(2) == b"\x1f\x8b"
        with gzip.open(file) if is_packed else file.open("rb") as stream:
            content = stream.read(most + 1)
        if len(content) > most:
            raise _fault("error.outlines.large", file, megabytes=megabytes)
        return json.loads(content)
    except (OSError, EOFError, zlib.error, ValueError, RecursionError) as error:
        raise _fault("error.outlines.unreadable", file, error=Text.same(str(error))) from error


def _features(content: Any, file: Path) -> Sequence[Any]:
    kind = content.get("type") if isinstance(content, dict) else type(content).__name__
    features = content.get("features") if kind == "FeatureCollection" else None
    if not isinstance(features, list):
        raise _fault("error.outlines.kind", file, kind=str(kind)[:40])
    return features


def _coded(features: Iterable[Any], file: Path) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """The features that have a code, each with its code and name."""
    seen: set[str] = set()
    for one in features:
        own = one.get("properties") if isinstance(one, dict) else None
        own = own if isinstance(own, dict) else {}
        code = next((str(own[key]) for key in _CODES if own.get(key)), "")
        if code in seen:
            raise _fault("error.outlines.twice", file, code=code)
        if code:
            seen.add(code)
            yield code, next((str(own[key]) for key in _NAMES if own.get(key)), code), one


def _rings(feature: Mapping[str, Any], code: str, file: Path) -> Iterator[Ring]:
    """The rings of an area, closed and without a point twice in succession."""
    geometry = feature.get("geometry")
    geometry = geometry if isinstance(geometry, dict) else {}
    polygons: Any = geometry.get("coordinates")
    if geometry.get("type") == "Polygon":
        polygons = [polygons]
    elif geometry.get("type") != "MultiPolygon":
        raise _fault("error.outlines.shape", file, code=code, kind=str(geometry.get("type"))[:40])
    try:
        rings = [[(float(at[0]), float(at[1])) for at in ring] for polygon in polygons for ring in polygon]
    except (TypeError, ValueError, IndexError, KeyError, OverflowError) as error:
        raise _fault("error.outlines.positions", file, code=code) from error
    for ring in rings:
        for east, north in ring:
            if not (-180 <= east <= 180 and -90 <= north <= 90):  # true of NaN
                raise _fault("error.outlines.degrees", file, code=code, east=f"{east:g}", north=f"{north:g}")
        points = [*ring[:1], *(at for before, at in pairwise(ring) if at != before)]
        if len(points) < _LEAST or points[0] != points[-1]:
            raise _fault("error.outlines.positions", file, code=code)
        yield tuple(points)


class _SharedLines:
    """The lines of rings, each once: a ring is cut where its neighbours change."""

    def __init__(self, known: Sequence[Ring]) -> None:
        self.lines: list[Ring] = list(known)
        self._number: dict[Ring, int] = {}
        self._ends: frozenset[LonLat] = frozenset()

    def begin(self, rings: Iterable[Ring]) -> None:
        """Find where lines end: at the points that have more than two others beside them."""
        beside: defaultdict[LonLat, set[LonLat]] = defaultdict(set)
        for ring in rings:
            for one, other in pairwise(ring):
                beside[one].add(other)
                beside[other].add(one)
        self._ends = frozenset(at for at, near in beside.items() if len(near) > 2)

    def lines_of(self, ring: Ring) -> tuple[int, ...]:
        """The numbers of the lines of a ring, ``~number`` where one runs backwards."""
        points = ring[:-1]
        cuts = [at for at, point in enumerate(points) if point in self._ends]
        if not cuts:  # an island, or an enclave, which is found again in what is around it
            cuts = [min(range(len(points)), key=points.__getitem__)]
        around = (*points[cuts[0] :], *points[: cuts[0]], points[cuts[0]])
        places = [*(cut - cuts[0] for cut in cuts), len(points)]
        return tuple(self._reference(around[one : other + 1]) for one, other in pairwise(places))

    def _reference(self, line: Ring) -> int:
        backwards = line[::-1]
        base = min(line, backwards)
        if base not in self._number:
            self._number[base] = len(self.lines)
            self.lines.append(base)
        number = self._number[base]
        return number if line == base else ~number
