"""The signs of the picture: one shape and one colour for each kind, told apart without colour as well."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

import networkx as nx

from transfergraph.common.text import Text
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

_PARTNERS = (
    ("circle", "0"),
    ("triangle", "1"),
    ("diamond", "2"),
    ("wedge", "3"),
    ("star", "4"),
    ("plus", "5"),
    ("bar", "6"),
)
_OTHERS = ("circle", "other")
_UNDERTAKINGS = {
    "Alliance": ("hexagon", "alliance"),
    "Project": ("square", "project"),
    "Lab": ("pentagon", "lab"),
}


@dataclass(frozen=True, slots=True)
class Symbol:
    """A sign with its meaning; ``colour`` stands for the style sheet's property ``--mark-<colour>``."""

    shape: str
    colour: str
    label: Text
    count: int


def symbols_of(network: nx.Graph) -> tuple[tuple[Symbol, ...], dict[str, int]]:
    """The marks of a network in the order of its legend, and for each node the position of its mark.

    Undertakings come first, then the kinds of organisation, the most frequent first. Each of the first
    seven kinds has a shape and a colour of its own; when there are more, the others share one sign.
    """
    nodes = dict(network.nodes(data=True))
    undertakings = Counter(data["class"] for data in nodes.values() if data["bipartite"] == 1)
    kinds = Counter(data["kind"] for data in nodes.values() if data["bipartite"] == 0)
    marks = [
        Symbol(shape, colour, both(f"network.class.{name.lower()}"), undertakings[name])
        for name, (shape, colour) in _UNDERTAKINGS.items()
        if undertakings[name]
    ]
    position = {name: number for number, name in enumerate(one for one in _UNDERTAKINGS if undertakings[one])}
    labels = {data["kind"]: kind_of(data) for data in nodes.values() if data["bipartite"] == 0}
    ranked = sorted(kinds, key=lambda kind: (-kinds[kind], kind))
    own = ranked if len(ranked) <= len(_PARTNERS) else ranked[: len(_PARTNERS)]
    for kind, (shape, colour) in zip(own, _PARTNERS, strict=False):
        position[kind] = len(marks)
        marks.append(Symbol(shape, colour, labels[kind], kinds[kind]))
    rest = ranked[len(own) :]
    if rest:
        position.update(dict.fromkeys(rest, len(marks)))
        marks.append(Symbol(*_OTHERS, both("network.other-kinds"), sum(kinds[kind] for kind in rest)))
    of_node = {
        node: position[data["class"] if data["bipartite"] == 1 else data["kind"]]
        for node, data in nodes.items()
    }
    return tuple(marks), of_node


def kind_of(data: Mapping[str, str]) -> Text:
    """What a node is, in words: its kind, or else its class."""
    if data["kind"]:
        return Text.from_columns(data, "kind")
    return both(f"network.class.{data['class'].lower()}")
