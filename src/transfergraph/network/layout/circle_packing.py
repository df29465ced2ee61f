"""Circle packing: circles without overlap, close together, those with ties between them side by side."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from transfergraph.network.layout.community_layout import length

_DIRECTIONS = tuple(
    (round(math.cos(math.tau * step / 48), 9), round(math.sin(math.tau * step / 48), 9)) for step in range(48)
)
_WIDER_THAN_HIGH = 1.25
_ROUNDS = 100

PACKED = 80
"""Circles beyond which the others stand in rows."""


@dataclass(frozen=True, slots=True)
class Circle:
    """The circle of the community ``name``; x grows to the right and y downwards."""

    name: str
    x: int
    y: int
    radius: int


def pack(radii: Mapping[str, int], ties: Mapping[tuple[str, str], int], gap: int) -> list[Circle]:
    """A place for each circle, at least ``gap`` apart, in an area somewhat wider than high.

    The largest is in the middle; each next one is that with most ties to those placed, as near to them and to
    the middle as there is room. Circles beyond the :data:`PACKED` largest stand in rows below the others.
    """
    by_size = sorted(radii, key=lambda name: (-radii[name], name))
    to_pack, in_rows = by_size[:PACKED], by_size[PACKED:]
    strength = weights_by_circle(radii, ties)
    placed: list[Circle] = []
    while to_pack:
        names = {circle.name for circle in placed}
        tied = {name: sum(w for other, w in strength[name].items() if other in names) for name in to_pack}
        name = max(to_pack, key=lambda one: (tied[one], radii[one]))
        to_pack.remove(name)
        placed.append(place(name, radii[name], placed, strength[name], gap))
    return placed + rows_below(in_rows, radii, placed, gap)


def weights_by_circle(names: Iterable[str], ties: Mapping[tuple[str, str], int]) -> dict[str, dict[str, int]]:
    """For each circle the weights of its ties, by the circle at the other end."""
    found: dict[str, dict[str, int]] = {name: {} for name in names}
    for (a, b), weight in ties.items():
        found[a][b] = found[b][a] = weight
    return found


def place(name: str, radius: int, placed: list[Circle], strength: Mapping[str, int], gap: int) -> Circle:
    """A place for one more circle, near the middle and near those that it is tied to."""
    if not placed:
        return Circle(name, 0, 0, radius)
    near = [(circle, strength[circle.name]) for circle in placed if strength.get(circle.name)]
    weight = sum(one for _, one in near)

    def cost(x: int, y: int) -> float:
        middle = math.sqrt((x / _WIDER_THAN_HIGH) * (x / _WIDER_THAN_HIGH) + y * y) + radius
        if not weight:
            return middle
        return middle + math.fsum(one * _distance(x, y, circle) for circle, one in near) / weight

    candidates = {
        (
            circle.x + round(dx * (circle.radius + radius + gap + 1)),
            circle.y + round(dy * (circle.radius + radius + gap + 1)),
        )
        for circle in placed
        for dx, dy in _DIRECTIONS
    }
    for x, y in sorted(candidates, key=lambda point: (round(cost(*point), 3), point)):
        if all(_distance(x, y, other) >= other.radius + radius + gap for other in placed):
            return Circle(name, x, y, radius)
    right = max(circle.x + circle.radius for circle in placed)
    return Circle(name, right + gap + radius, 0, radius)


def _distance(x: int, y: int, circle: Circle) -> float:
    dx, dy = x - circle.x, y - circle.y
    return math.sqrt(dx * dx + dy * dy)


def rows_below(
    names: Iterable[str], radii: Mapping[str, int], placed: list[Circle], gap: int
) -> list[Circle]:
    """The circles side by side in rows below those that are placed, as wide as these."""
    left = min((circle.x - circle.radius for circle in placed), default=0)
    right = max((circle.x + circle.radius for circle in placed), default=0)
    top = max((circle.y + circle.radius for circle in placed), default=0) + gap
    rows: list[Circle] = []
    x, height = left, 0
    for name in names:
        radius = radii[name]
        if x > left and x + 2 * radius > right:
            x, top, height = left, top + height + gap, 0
        height = max(height, 2 * radius)
        rows.append(Circle(name, x + radius, top + radius, radius))
        x += 2 * radius + gap
    return rows


def push_apart(circles: list[Circle], grown: set[str], gap: int) -> list[Circle] | None:
    """The circles without overlap: of two the smaller moves ``gap`` away. ``grown`` may overlap others.

    None when circles still overlap after a hundred rounds.
    """
    found = {circle.name: circle for circle in circles}
    overlapping = sorted(grown)
    for _ in range(_ROUNDS):
        if not overlapping:
            return [found[circle.name] for circle in circles]
        moved: set[str] = set()
        for name in overlapping:
            for other in circles:
                a, b = found[name], found[other.name]
                if a != b and _overlap(a, b):
                    smaller, larger = sorted((a, b), key=lambda one: (one.radius, one.name))
                    found[smaller.name] = _away(smaller, larger, gap)
                    moved.add(smaller.name)
        overlapping = sorted(moved)
    return None


def _overlap(a: Circle, b: Circle) -> bool:
    return (a.x - b.x) ** 2 + (a.y - b.y) ** 2 < (a.radius + b.radius) ** 2


def _away(circle: Circle, other: Circle, gap: int) -> Circle:
    """The circle moved straight away from the other until they are ``gap`` apart."""
    dx, dy = circle.x - other.x, circle.y - other.y
    distance = length((dx, dy)) or 1
    dx = dx or int(dy == 0)
    reach = circle.radius + other.radius + gap
    return Circle(
        circle.name, other.x + dx * reach // distance, other.y + dy * reach // distance, circle.radius
    )
