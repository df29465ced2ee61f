"""Where the names in a still picture stand: beside their symbols, never one over another or over a symbol."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from PIL import ImageFont

from transfergraph.network.output.shapes import OccupiedArea
from transfergraph.network.output.svg_font import font_file

Point = tuple[float, float]
Box = tuple[float, float, float, float]
"""Left, top, right and bottom."""

_GAP = 3  # between a symbol and its name
_BELOW_BASE = 0.25  # of the size, for what hangs below the base line
_LINE = 1.15  # from one base line to the next, of the size
_WRAPPED = 0.62  # of the width of one line, for each of two
_FROM_CENTRE = (1, 3, 5, 8, 12)  # gaps at which the name of a centre is tried all around it
_DIRECTIONS = 24
_CLEAR = 2.0  # between a name and a line
_UNIT = 1_000  # the size at which letters are measured


@dataclass(frozen=True, slots=True)
class LabelStyle:
    """The size of labels in units of the picture, whether they keep clear of all lines too, and how much room
    there is for them to the left and the right of what is drawn."""

    size: int = 13
    clear_of_lines: bool = False
    beside: int = 0


LABELS = LabelStyle()


@dataclass(frozen=True, slots=True)
class Named:
    """A symbol with its name. Around a centre names are tried farther away too, and at last above and below
    its community (``around``: centre and radius of the circle)."""

    at: Point
    radius: float
    text: str
    is_centre: bool = False
    around: tuple[Point, float] | None = None


@dataclass(frozen=True, slots=True)
class PlacedLine:
    """A line of a name, from its left end; y is that of the base line."""

    x: float
    y: float
    text: str


def width_of(text: str, size: float) -> float:
    """How wide a text is in the font of pictures."""
    return _width_of(text) * size


@lru_cache(maxsize=20_000)
def _width_of(text: str) -> float:
    font = ImageFont.truetype(font_file(), _UNIT, layout_engine=ImageFont.Layout.BASIC)
    return round(font.getlength(text) / _UNIT, 3)


def place_labels(
    symbols: Sequence[Named],
    crossing: Iterable[tuple[Point, Point]],
    sheet: tuple[float, float],
    style: LabelStyle,
) -> Iterator[PlacedLine]:
    """The names that have room, the first of the symbols first; none touches one of the lines."""
    occupied, lines = OccupiedArea(), _Lines(crossing)
    for one in symbols:
        (x, y), radius = one.at, one.radius
        occupied.add((x - radius, y - radius, x + radius, y + radius))
    for one in symbols:
        for label, (left, top, right, bottom), align in _candidates(one, style.size):
            box = (left, top, right, bottom)
            is_inside = left >= 0 and top >= 0 and right <= sheet[0] and bottom <= sheet[1]
            if is_inside and not lines.touch(box) and occupied.add(box):
                yield from _set(label, box, align, style.size)
                break


def _set(label: Sequence[str], box: Box, align: float, size: int) -> Iterator[PlacedLine]:
    for number, line in enumerate(label):
        left = box[0] + align * (box[2] - box[0] - width_of(line, size))
        yield PlacedLine(round(left, 1), round(box[1] + size * (1 + _LINE * number), 1), line)


def _candidates(one: Named, size: int) -> Iterator[tuple[Sequence[str], Box, float]]:
    """The lines of a name, the box that it would take, and how it is aligned there: from 0, left, to 1."""
    for label in _wrappings(one.text):
        wide = max(width_of(line, size) for line in label)
        high = size * (1 + _BELOW_BASE + _LINE * (len(label) - 1))
        for (left, top), align in _spots(one, wide, high):
            yield label, (left, top, left + wide, top + high), align


def _wrappings(text: str) -> list[Sequence[str]]:
    """The name in one line, and in two of much the same width where it has words for them."""
    words = text.split()
    cuts = [(" ".join(words[:at]), " ".join(words[at:])) for at in range(1, len(words))]
    best = min(cuts, key=lambda pair: max(map(_width_of, pair)), default=None)
    if best is None or max(map(_width_of, best)) > _WRAPPED * _width_of(text):
        return [(text,)]
    return [(text,), best]


def _spots(one: Named, wide: float, high: float) -> Iterator[tuple[Point, float]]:
    """The left upper corner of each box to try, and how its lines are aligned."""
    (x, y), beside, corner = one.at, one.radius + _GAP, 0.7 * one.radius + _GAP
    yield (x + beside, y - high / 2), 0
    yield (x - beside - wide, y - high / 2), 1
    yield (x - wide / 2, y - beside - high), 0.5
    yield (x - wide / 2, y + beside), 0.5
    for left, align in ((x + corner, 0.0), (x - corner - wide, 1.0)):
        yield (left, y - corner - high), align
        yield (left, y + corner), align
    if one.is_centre:
        yield from _spots_around(one, wide, high)


def _spots_around(one: Named, wide: float, high: float) -> Iterator[tuple[Point, float]]:
    (x, y) = one.at
    for gaps in _FROM_CENTRE:
        for step in range(_DIRECTIONS):
            cos, sin = math.cos(step * math.tau / _DIRECTIONS), math.sin(step * math.tau / _DIRECTIONS)
            reach = one.radius + gaps * _GAP
            yield (x + reach * cos + wide / 2 * (cos - 1), y + reach * sin + high / 2 * (sin - 1)), 0.5
    if one.around is not None:
        (x, y), radius = one.around
        yield (x - wide / 2, y - radius - _GAP - high), 0.5
        yield (x - wide / 2, y + radius + _GAP), 0.5


class _Lines:
    """The lines of a picture in a grid of cells, so that a box is compared with those nearby alone."""

    _CELL = 48  # units

    def __init__(self, lines: Iterable[tuple[Point, Point]]) -> None:
        self._cells: defaultdict[tuple[int, int], list[tuple[Point, Point]]] = defaultdict(list)
        for begin, end in lines:
            for cell in self._passed(begin, end):
                self._cells[cell].append((begin, end))

    def _passed(self, begin: Point, end: Point) -> Iterator[tuple[int, int]]:
        for column in self._span(begin[0], end[0]):
            inside = _within(begin, end, column * self._CELL, (column + 1) * self._CELL)
            for row in self._span(*inside):
                yield column, row

    def _span(self, one: float, other: float) -> range:
        return range(int(min(one, other) // self._CELL), int(max(one, other) // self._CELL) + 1)

    def touch(self, box: Box) -> bool:
        """Whether a line passes through the box, or closely beside it."""
        left, top, right, bottom = box[0] - _CLEAR, box[1] - _CLEAR, box[2] + _CLEAR, box[3] + _CLEAR
        return any(
            crosses(begin, end, (left, top, right, bottom))
            for column in self._span(left, right)
            for row in self._span(top, bottom)
            for begin, end in self._cells.get((column, row), ())
        )


def _within(begin: Point, end: Point, left: float, right: float) -> tuple[float, float]:
    """The heights at which a line enters and leaves an upright strip that it meets."""
    (ax, ay), (bx, by) = sorted((begin, end))
    if ax == bx:
        return ay, by
    slope = (by - ay) / (bx - ax)
    return ay + slope * (max(ax, left) - ax), ay + slope * (min(bx, right) - ax)


def crosses(begin: Point, end: Point, box: Box) -> bool:
    """Whether the line meets the box."""
    first, last = 0.0, 1.0
    for axis in (0, 1):
        step, low, high = end[axis] - begin[axis], box[axis] - begin[axis], box[axis + 2] - begin[axis]
        if step == 0:
            if low > 0 or high < 0:
                return False
            continue
        enters, leaves = sorted((low / step, high / step))
        first, last = max(first, enters), min(last, leaves)
    return first <= last
