"""The model as a drawing: what there is, how much of it, and which properties lead from one to the other.

It is made of the tables and the ontology of the release, and of what is in it: a table without rows, and a
property that no record has, are left out. Tables whose rows have IRIs of one beginning are one box. A place
that a property leads to from nearly everywhere, such as the sources, is told below the drawing.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from transfergraph.common.namespaces import local_name
from transfergraph.vocabulary.presentation import ListedTable, Presentation

_WIDTH, _HEIGHT = 1100, 700
_BOX_WIDTH, _LINE = 190, 26  # of a box, and of a line in it
_LETTER, _NAME = 7, 17  # the width of a letter of a name, and the height of a line of names
_EVERYWHERE = 0.7  # of all boxes, from which on a property that leads to one is not drawn


Point = tuple[int, int]
Area = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class ModelBox:
    """Tables of one kind of IRI at a place of the drawing, the middle of the box; ``lines`` say how many."""

    x: int
    y: int
    height: int
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ModelArrow:
    """What leads from a box to another, or to itself; ``path`` is that of SVG, ``x`` and ``y`` its middle."""

    path: str
    x: int
    y: int
    names: tuple[str, ...]
    start: str
    end: str


@dataclass(frozen=True, slots=True)
class ModelDrawing:
    """Boxes and arrows in a picture of this size; ``everywhere`` are names with what they lead to."""

    width: int
    height: int
    boxes: tuple[ModelBox, ...]
    arrows: tuple[ModelArrow, ...]
    everywhere: tuple[tuple[str, str], ...]


def draw_model(
    shown: Presentation, counts: Mapping[str, int], used: set[tuple[str, str]], language: str
) -> ModelDrawing | None:
    """The drawing; ``counts`` are the rows by table, ``used`` the properties that some record of a class has.

    None where there is nothing to draw.
    """
    folders: dict[str, list[ListedTable]] = {}
    for table in shown.tables.values():
        if table.kind and "://" not in table.folder and counts.get(table.key):
            folders.setdefault(table.folder, []).append(table)
    leading = _leading(shown, folders, used)
    if not leading:
        return None
    common = _everywhere(leading, len(folders))
    drawn = {key: names for key, names in leading.items() if not (common.get(key[1], set()) & set(names))}
    order, places = _places([one for one in folders if any(one in key for key in drawn)], list(drawn))

    def called(iri: str, folder: str) -> str:
        found = shown.property(iri, [one.kind for one in folders[folder]])
        return found.label.in_language(language) if found else local_name(iri)

    def title(folder: str) -> str:
        return ", ".join(one.title.in_language(language) for one in folders[folder])

    def box(folder: str) -> ModelBox:
        tables = folders[folder]
        lines = tuple(shown.counted(one.key, counts[one.key], language) for one in tables)
        return ModelBox(*places[folder], _LINE * len(tables) + 14, lines)

    taken = [_around(*places[one], _BOX_WIDTH, _LINE * len(folders[one]) + 14) for one in order]

    def arrow(start: str, end: str, properties: Sequence[str]) -> ModelArrow:
        names = tuple(dict.fromkeys(called(one, start) for one in properties))
        top = places[start][1] - _LINE * len(folders[start]) // 2 - 7
        path, points = _path(places[start], places[end], places[order[0]], top)
        size = (max(map(len, names)) * _LETTER, len(names) * _NAME)
        free = [one for one in points if not any(_meet(_around(*one, *size), other) for other in taken)]
        middle = (*free, points[0])[0]
        taken.append(_around(*middle, *size))
        return ModelArrow(path, middle[0], middle[1] - size[1] // 2 + 12, names, title(start), title(end))

    return ModelDrawing(
        _WIDTH,
        _HEIGHT,
        tuple(map(box, order)),
        tuple(arrow(*ends, properties) for ends, properties in drawn.items()),
        tuple(
            (called(one, next(start for start, end in leading if end == folder)), title(folder))
            for folder, properties in common.items()
            for one in sorted(properties)
        ),
    )


def _leading(
    shown: Presentation, folders: Mapping[str, Sequence[ListedTable]], used: set[tuple[str, str]]
) -> dict[tuple[str, str], list[str]]:
    """The properties from folder to folder that some record has, in the order of the tables."""
    found: dict[tuple[str, str], list[str]] = {}
    for folder, tables in folders.items():
        for table in tables:
            for target, property_ in shown.leading.get(table.key, ()):
                if target in folders and (table.kind, property_) in used:
                    properties = found.setdefault((folder, target), [])
                    if property_ not in properties:
                        properties.append(property_)
    return found


def _everywhere(leading: Mapping[tuple[str, str], Sequence[str]], boxes: int) -> dict[str, set[str]]:
    """The folders to which a property leads from nearly all others, with these properties."""
    found: dict[str, set[str]] = {}
    for target in dict.fromkeys(end for _, end in leading):
        origins = [properties for (_, end), properties in leading.items() if end == target]
        for property_ in {one for properties in origins for one in properties}:
            if sum(property_ in properties for properties in origins) >= max(3, _EVERYWHERE * (boxes - 1)):
                found.setdefault(target, set()).add(property_)
    return found


def _places(folders: Sequence[str], edges: Sequence[tuple[str, str]]) -> tuple[list[str], dict[str, Point]]:
    """The order, and the places: the one with the most edges in the middle, the others on an ellipse around
    it so that edges are short."""
    degree = {one: sum(one in edge for edge in edges) for one in folders}
    middle, *ring = sorted(folders, key=lambda one: -degree[one])
    outer = [edge for edge in edges if middle not in edge]

    def length(order: Sequence[str]) -> int:
        at = {one: number for number, one in enumerate(order)}
        steps = [abs(at[a] - at[b]) for a, b in outer]
        return sum(min(one, len(order) - one) for one in steps)

    better = True
    while better:
        better = False
        for one, other in combinations(range(len(ring)), 2):
            swapped = list(ring)
            swapped[one], swapped[other] = swapped[other], swapped[one]
            if length(swapped) < length(ring):
                ring, better = swapped, True
    places = {middle: (_WIDTH // 2, _HEIGHT // 2)}
    for number, name in enumerate(ring):
        angle = math.tau * (number / len(ring) - 0.25)
        x = _WIDTH / 2 + (_WIDTH - _BOX_WIDTH) / 2 * math.cos(angle)
        y = _HEIGHT / 2 + (_HEIGHT - 80) / 2 * math.sin(angle)
        places[name] = (round(x), round(y))
    return [middle, *ring], places


def _path(start: Point, end: Point, centre: Point, top: int) -> tuple[str, list[Point]]:
    """The path of a line, as SVG has it, and where its names may stand, the best place first.

    What leads to itself begins and ends at the ``top`` of the box.
    """
    if start == end:
        return f"M{start[0] - 40} {top}c-20 -48 100 -48 80 0", [(start[0], top - 44)]
    bend = ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)
    if centre not in (start, end):  # around the middle, and not through the box there
        away = math.dist(bend, centre) or 1.0
        push = 0.35 * math.dist(start, end) * max(0.0, 1 - away / 400) / away
        bend = (bend[0] + (bend[0] - centre[0]) * push, bend[1] + (bend[1] - centre[1]) * push)

    def at(t: float) -> Point:
        x, y = (
            (1 - t) ** 2 * a + 2 * t * (1 - t) * m + t * t * b
            for a, m, b in zip(start, bend, end, strict=True)
        )
        return round(x), round(y)

    places = [at(0.5 + step) for step in (0, 0.06, -0.06, 0.12, -0.12, 0.18, -0.18, 0.24, -0.24, 0.3, -0.3)]
    return f"M{start[0]} {start[1]}Q{round(bend[0])} {round(bend[1])} {end[0]} {end[1]}", places


def _around(x: int, y: int, width: int, height: int) -> Area:
    return x - width / 2, y - height / 2, x + width / 2, y + height / 2


def _meet(one: Area, other: Area) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
