"""The shapes and colours in which undertakings and partners are drawn, and the room that labels take."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from itertools import cycle

Polygon = tuple[tuple[float, float], ...]


def _regular(corners: int, turn: float, radius: float) -> Polygon:
    angles = [math.tau * (step / corners + turn) for step in range(corners)]
    return tuple((round(radius * math.cos(a), 3), round(radius * math.sin(a), 3)) for a in angles)


def _star() -> Polygon:
    outer, inner = _regular(5, -0.25, 1.25), _regular(5, -0.15, 0.55)
    return tuple(corner for pair in zip(outer, inner, strict=True) for corner in pair)


def _plus() -> Polygon:
    a, b = 0.38, 1.08
    return (
        (-a, -b), (a, -b), (a, -a), (b, -a), (b, a), (a, a),
        (a, b), (-a, b), (-a, a), (-b, a), (-b, -a), (-a, -a),
    )  # fmt: skip


SHAPES: Mapping[str, Polygon] = {
    "circle": (),
    "triangle": _regular(3, -0.25, 1.25),
    "diamond": _regular(4, 0, 1.2),
    "wedge": _regular(3, 0.25, 1.25),
    "plus": _plus(),
    "star": _star(),
    "bar": ((-1.15, -0.62), (1.15, -0.62), (1.15, 0.62), (-1.15, 0.62)),
    "hexagon": _regular(6, 0, 1.05),
    "square": ((-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)),
    "pentagon": _regular(5, -0.25, 1.1),
    "octagon": _regular(8, 0.0625, 1.05),
    "hourglass": ((-0.9, -1.0), (0.9, -1.0), (0.5, 0), (0.9, 1.0), (-0.9, 1.0), (-0.5, 0)),
}
"""Each shape as a polygon of radius 1, y downwards; the circle has no corners."""

_SHAPES_OF_UNDERTAKINGS = ("hexagon", "square", "pentagon", "octagon", "hourglass")
_COLOURS_OF_UNDERTAKINGS = ("u0", "u1", "u2", "u3")
_OF_KINDS = (
    ("circle", "0"),
    ("triangle", "1"),
    ("diamond", "2"),
    ("wedge", "3"),
    ("star", "4"),
    ("plus", "5"),
    ("bar", "6"),
)
OTHERS = ("circle", "other")
"""Shape and colour of what has none of its own."""


def symbols_in_turn(names: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Shape and colour of each of these classes of undertakings; of the first 20 no two have the same."""
    pairs = zip(cycle(_SHAPES_OF_UNDERTAKINGS), cycle(_COLOURS_OF_UNDERTAKINGS), strict=False)
    return dict(zip(names, pairs, strict=False))


def symbols_of_kinds(kinds: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Shape and colour of the first seven of these kinds of organisation."""
    return dict(zip(kinds, _OF_KINDS, strict=False))


PALETTE: Mapping[str, tuple[str, str]] = {
    "u0": ("#16324f", "#16324f"),
    "u1": ("#ffffff", "#16324f"),
    "u2": ("#bcd0e6", "#16324f"),
    "u3": ("#6f93b8", "#16324f"),
    "0": ("#0072b2", "#ffffff"),
    "1": ("#d55e00", "#ffffff"),
    "2": ("#00875f", "#ffffff"),
    "3": ("#b2558a", "#ffffff"),
    "4": ("#a96f00", "#ffffff"),
    "5": ("#2b8cc4", "#ffffff"),
    "6": ("#7d7400", "#ffffff"),
    "other": ("#6b7688", "#ffffff"),
}
"""Fill and outline of each symbol, with a contrast of at least 3:1 on white (WCAG 2.2, 1.4.11)."""

INK, QUIET, LINE, CIRCLE = "#1b2733", "#4d5b6a", "#9aa6b2", "#f1f4f8"


class OccupiedArea:
    """The boxes drawn so far in a grid of cells, so that a new one is compared with those nearby alone."""

    _CELL = 64  # units

    def __init__(self) -> None:
        self._boxes: dict[tuple[int, int], list[tuple[float, float, float, float]]] = {}

    def add(self, box: tuple[float, float, float, float]) -> bool:
        """Add a box (left, top, right, bottom) unless it overlaps another; whether it was added."""
        cells = [
            (column, row)
            for column in range(int(box[0] // self._CELL), int(box[2] // self._CELL) + 1)
            for row in range(int(box[1] // self._CELL), int(box[3] // self._CELL) + 1)
        ]
        for cell in cells:
            for other in self._boxes.get(cell, ()):
                if box[0] < other[2] and other[0] < box[2] and box[1] < other[3] and other[1] < box[3]:
                    return False
        for cell in cells:
            self._boxes.setdefault(cell, []).append(box)
        return True

    def remove(self, box: tuple[float, float, float, float]) -> None:
        """Take away a box that was added."""
        for boxes in self._boxes.values():
            if box in boxes:
                boxes.remove(box)
