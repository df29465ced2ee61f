"""The signs of the picture: one shape and one colour for each kind, told apart without colour as well."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import networkx as nx

from transfergraph.findings import Text
from transfergraph.messages import both

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
}
"""Each shape as a polygon of radius 1, y downwards; the circle has no corners."""

_PARTNER_SHAPES = ("circle", "triangle", "diamond", "wedge", "plus", "star", "bar")
PARTNER_COLOURS = 7
"""How many colours for partners the style sheet defines: the custom properties ``--mark-0`` to ``--mark-6``."""

_UNDERTAKINGS = {"Alliance": ("hexagon", "alliance"), "Project": ("square", "project"), "Lab": ("pentagon", "lab")}


@dataclass(frozen=True, slots=True)
class Mark:
    """A sign with its meaning. ``colour`` names the custom property ``--mark-<colour>`` of the style sheet."""

    shape: str
    colour: str
    label: Text
    count: int


def marks_of(network: nx.Graph) -> tuple[tuple[Mark, ...], dict[str, int]]:
    """The marks of a network in the order of its legend, and for each node the position of its mark.

    Undertakings come first. Kinds of organisations follow by their IRI, so that a kind keeps its sign as
    long as the set of kinds stays the same.
    """
    keys = {node: _key(data) for node, data in network.nodes(data=True)}
    counts = Counter(keys.values())
    labels = {
        keys[node]: Text(data["kind_de"], data["kind_en"]) if data["kind"] else both("network.class.organisation")
        for node, data in network.nodes(data=True)
        if data["class"] == "Organisation"
    }
    marks: list[Mark] = []
    position: dict[tuple[str, str], int] = {}
    for name, (shape, colour) in _UNDERTAKINGS.items():
        if counts[name, ""]:
            position[name, ""] = len(marks)
            marks.append(Mark(shape, colour, both(f"network.class.{name.lower()}"), counts[name, ""]))
    for number, key in enumerate(sorted(labels)):
        lap, step = divmod(number, len(_PARTNER_SHAPES))
        position[key] = len(marks)
        marks.append(
            Mark(_PARTNER_SHAPES[step], str((step + lap) % PARTNER_COLOURS), labels[key], counts[key])
        )
    return tuple(marks), {node: position[key] for node, key in keys.items()}


def _key(data: Mapping[str, str]) -> tuple[str, str]:
    return data["class"], data["kind"] if data["class"] == "Organisation" else ""
