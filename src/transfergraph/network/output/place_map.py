"""A map of the places of organisations as SVG: districts and states, a circle for each place with a count."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from transfergraph.network.model.boundaries import LonLat
from transfergraph.network.model.map_projection import EqualArea, Spot
from transfergraph.network.output.release_ground import GroundShapes
from transfergraph.network.output.shapes import INK, QUIET

_LEAST = (
    60.0  # kilometres from the first to the last place, so that one town is not drawn as a wall of nothing
)
_WIDTH = 720
_ASPECT = 0.45, 0.8  # height to width
_MARGIN, _MARGIN_OF_AREAS = 0.14, 0.03  # around places, whose names need room, and around what is emphasised
_LAND, _COUNTRY, _OWN = "#f4f1ea", "#e6e3dc", "#dbe7f3"
_BORDER, _STATE = "#cfc9bd", "#8d8778"
_CIRCLE = "#0072b2"
_LETTER = 0.56
_OUTSIDE = 40  # pixels
_BELOW = 3  # parts of the document before the areas
_FILLER = 7.0  # kilometres: the outlines of two sources do not meet, and the lower ones reach below the upper


@dataclass(frozen=True, slots=True)
class PlaceCount:
    """A place with its name, where it lies, and how many there are in it."""

    name: str
    at: LonLat
    count: int


def draw_map(
    places: Sequence[PlaceCount], own: Collection[str], label: str, ground: Mapping[str, Any]
) -> str:
    """The map of places, at least one, as an SVG document on the ground of a release; ``own`` are beginnings
    of the NUTS codes of the areas to emphasise."""
    shapes = GroundShapes(ground)

    def is_own(one: Mapping[str, Any]) -> bool:
        return one["level"] != "country" and any(one["code"].startswith(code) for code in own)

    emphasised = [
        spot
        for level in ("state", "district")
        for one, rings in shapes.areas(level)
        if is_own(one)
        for ring in rings
        for spot in ring
    ]
    frame = _Frame([shapes.project(one.at) for one in places], emphasised)

    def path(rings: Iterable[Sequence[Spot]]) -> str:
        return "".join(map(frame.line, rings))

    def areas(level: str) -> Iterator[str]:
        for one, rings in shapes.areas(level):
            fill = _OWN if is_own(one) else _COUNTRY if level == "country" else _LAND
            if shape := path(rings):
                yield f'<path d="{shape}" fill="{fill}" stroke="{_BORDER}" stroke-width="0.8"/>'

    states = path(shapes.borders)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{frame.height}" '
        f'viewBox="0 0 {_WIDTH} {frame.height}" role="img">',
        f"<title>{escape(label)}</title>",
        f'<rect width="{_WIDTH}" height="{frame.height}" fill="#fbfaf7"/>',
        *areas("country"),
        *areas("state"),
        *areas("district"),
    ]
    if countries := path(ring for _, rings in shapes.areas("country") for ring in rings):
        width = f"{_FILLER * frame.scale:.1f}"
        fill = f'fill="none" stroke="{_COUNTRY}" stroke-width="{width}" stroke-linejoin="round"'
        parts.insert(_BELOW, f'<path d="{countries}" {fill}/>')
    if states:
        parts.append(f'<path d="{states}" fill="none" stroke="{_STATE}" stroke-width="1.4"/>')
    return "\n".join([*parts, *_towns(places, shapes.project, frame), "</svg>"]) + "\n"


class _Frame:
    """The part of the plane that is shown, with all places and areas.

    ``height`` is in pixels, ``scale`` are those of a kilometre.
    """

    def __init__(self, places: Sequence[Spot], areas: Sequence[Spot]) -> None:
        boxes = [_widened(places, _MARGIN)]
        if areas:
            boxes.append(_widened(areas, _MARGIN_OF_AREAS))
        left, top = min(one[0] for one in boxes), min(one[1] for one in boxes)
        right, bottom = max(one[2] for one in boxes), max(one[3] for one in boxes)
        self.height = round(_WIDTH * min(max((bottom - top) / (right - left), _ASPECT[0]), _ASPECT[1]))
        self.scale = min(_WIDTH / (right - left), self.height / (bottom - top))
        self._left = (left + right) / 2 - _WIDTH / self.scale / 2
        self._top = (top + bottom) / 2 - self.height / self.scale / 2

    def place(self, spot: Spot) -> Spot:
        return (spot[0] - self._left) * self.scale, (spot[1] - self._top) * self.scale

    def line(self, spots: Sequence[Spot]) -> str:
        """The line or ring on half pixels, without what lies far outside; empty where all of it does."""
        points = [self.place(one) for one in spots]
        reach = _OUTSIDE
        xs, ys = [x for x, _ in points], [y for _, y in points]
        if max(xs) < 0 or min(xs) > _WIDTH or max(ys) < 0 or min(ys) > self.height:
            return ""
        kept: list[Spot] = []
        for x, y in points:
            near = (min(max(x, -reach), _WIDTH + reach), min(max(y, -reach), self.height + reach))
            rounded = (round(near[0] * 2) / 2, round(near[1] * 2) / 2)
            if not kept or kept[-1] != rounded:
                kept.append(rounded)
        if len(kept) < 2:
            return ""
        (x, y), *rest = kept
        return f"M{x:g} {y:g}" + "".join(f"L{x:g} {y:g}" for x, y in rest)


def _widened(spots: Sequence[Spot], margin: float) -> tuple[float, float, float, float]:
    """The box around these (left, top, right, bottom) of which the margin is a share on each side."""
    xs, ys = [x for x, _ in spots], [y for _, y in spots]
    across, down = max(max(xs) - min(xs), _LEAST), max(max(ys) - min(ys), _LEAST / 2)
    middle = (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2
    half = across / (1 - 2 * margin) / 2, down / (1 - 2 * margin) / 2
    return middle[0] - half[0], middle[1] - half[1], middle[0] + half[0], middle[1] + half[1]


def _towns(places: Sequence[PlaceCount], project: EqualArea, frame: _Frame) -> Iterator[str]:
    """Circles, the largest first, and names where they cover no circle and no other name."""
    ranked = sorted(places, key=lambda one: (-one.count, one.name))
    spots = [frame.place(project(one.at)) for one in ranked]
    radii = [5 + 4 * math.sqrt(one.count) for one in ranked]
    boxes = [(x - r, y - r, x + r, y + r) for (x, y), r in zip(spots, radii, strict=True)]
    for (x, y), radius in zip(spots, radii, strict=True):
        yield (
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:.1f}" fill="{_CIRCLE}" fill-opacity="0.85" '
            'stroke="#ffffff" stroke-width="1.5"/>'
        )
    for one, (x, y), radius in zip(ranked, spots, radii, strict=True):
        if one.count > 1:
            yield _text(
                x - 0.28 * 12 * len(str(one.count)), y + 4.2, str(one.count), 12, "#ffffff", halo=False
            )
        size = 14 if one.count > 1 else 12
        long = len(one.name) * size * _LETTER
        beside = (
            (x + radius + 4, y + size * 0.35),
            (x - radius - 4 - long, y + size * 0.35),
            (x - long / 2, y - radius - 5),
            (x - long / 2, y + radius + size),
        )
        for left, base in beside:
            box = (left, base - size, left + long, base + 3)
            within = left >= 2 and left + long <= _WIDTH - 2 and base - size >= 2 and base <= frame.height - 4
            if within and not any(_overlap(box, other) for other in boxes):
                boxes.append(box)
                yield _text(left, base, one.name, size, INK if one.count > 1 else QUIET, halo=True)
                break


def _overlap(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _text(x: float, y: float, words: str, size: int, colour: str, *, halo: bool) -> str:
    around = 'paint-order="stroke" stroke="#ffffff" stroke-width="3" stroke-linejoin="round" ' if halo else ""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" fill="{colour}" {around}'
        f'font-family="DejaVu Sans Condensed, DejaVu Sans, Arial, sans-serif">{escape(words)}</text>'
    )
