"""The network as a still picture: shapes, lines and labels with their coordinates, for SVG, PNG and PDF.

Each kind of node has a shape and a colour, so that kinds can be told apart without colour.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import networkx as nx

from transfergraph.common.displayed_values import shorten, visible
from transfergraph.common.text import Text
from transfergraph.messages import both
from transfergraph.network.layout.circle_packing import Circle
from transfergraph.network.layout.community_layout import Position
from transfergraph.network.layout.network_layout import Layout
from transfergraph.network.model.network_graph import kinds_by_frequency
from transfergraph.network.model.node_classes import gathers
from transfergraph.network.model.sentences import kind_of, words_of
from transfergraph.network.output.picture_labels import LABELS, LabelStyle, Named, place_labels
from transfergraph.network.output.shapes import (
    CIRCLE,
    INK,
    LINE,
    OTHERS,
    PALETTE,
    SHAPES,
    symbols_in_turn,
    symbols_of_kinds,
)


@dataclass(frozen=True, slots=True)
class Symbol:
    """A shape and colour with their meaning; ``colour`` is that of the CSS property ``--mark-<colour>``."""

    shape: str
    colour: str
    label: Text
    count: int


def undertaking_symbols(network: nx.Graph) -> dict[str, tuple[str, str]]:
    """Shape and colour of each class of undertakings, in order; of the first 20 no two have the same."""
    return symbols_in_turn(name for name, one in network.graph["classes"].items() if one["bipartite"] == 1)


def kind_symbols(network: nx.Graph) -> dict[str, tuple[str, str]]:
    """Shape and colour of the seven most frequent kinds of organisation of the whole network (or classes,
    where there is no kind), so that a kind has the same in every part of it."""
    kinds = network.graph.get("kinds") or kinds_by_frequency(network)
    return symbols_of_kinds(kinds)


def symbols_of(network: nx.Graph) -> tuple[tuple[Symbol, ...], dict[str, int]]:
    """The symbols of a network in the order of its legend, and for each node the position of its symbol.

    Undertakings come first, then the kinds of organisation (or their classes, where they have no kind), the
    most frequent first. Those without a shape and a colour of their own share one symbol.
    """
    nodes = dict(network.nodes(data=True))
    undertakings = Counter(data["class"] for data in nodes.values() if data["bipartite"] == 1)
    partners = [data for data in nodes.values() if data["bipartite"] == 0]
    kinds = Counter(data["kind"] or data["class"] for data in partners)
    own_symbols = {name: one for name, one in undertaking_symbols(network).items() if undertakings[name]}
    symbols = [
        Symbol(*own_symbols[name], words_of(network, network.graph["classes"][name]), undertakings[name])
        for name in own_symbols
    ]
    position = {name: number for number, name in enumerate(own_symbols)}
    labels = {data["kind"] or data["class"]: kind_of(network, data) for data in partners}
    styles = kind_symbols(network)
    ranked = sorted(kinds, key=lambda kind: (-kinds[kind], kind))
    for kind in ranked:
        if kind in styles:
            position[kind] = len(symbols)
            symbols.append(Symbol(*styles[kind], labels[kind], kinds[kind]))
    rest = [kind for kind in ranked if kind not in styles]
    if rest:
        position.update(dict.fromkeys(rest, len(symbols)))
        symbols.append(Symbol(*OTHERS, both("network.other-kinds"), sum(kinds[kind] for kind in rest)))
    of_node = {
        node: position[data["class"] if data["bipartite"] == 1 else data["kind"] or data["class"]]
        for node, data in nodes.items()
    }
    return tuple(symbols), of_node


LABEL_LENGTH = 46  # characters
_MARGIN = 40
_LARGEST = 12  # units of a symbol's radius


@dataclass(frozen=True, slots=True)
class PictureLine:
    """A line with its width and colour."""

    begin: Position
    end: Position
    width: float
    colour: str


@dataclass(frozen=True, slots=True)
class PictureShape:
    """A polygon, or with a radius a circle around the one point."""

    points: tuple[tuple[float, float], ...]
    radius: float
    fill: str
    outline: str


@dataclass(frozen=True, slots=True)
class PictureLabel:
    """A text on one line from its left end; y is that of the base line."""

    x: float
    y: float
    text: str
    size: float
    colour: str


@dataclass(frozen=True, slots=True)
class Picture:
    """Everything drawn, in its order, within ``width`` and ``height``; y grows downwards."""

    width: int
    height: int
    circles: tuple[PictureShape, ...]
    lines: tuple[PictureLine, ...]
    symbols: tuple[PictureShape, ...]
    labels: tuple[PictureLabel, ...]
    legend: tuple[Symbol, ...]


def draw(network: nx.Graph, layout: Layout, language: str, labels: LabelStyle = LABELS) -> Picture:
    """The picture of a network, with partners tied directly or with undertakings between them.

    Names of centres and of the nodes with most neighbours come first; a node without room for its name has
    none.
    """
    nodes = [node for node in network if node in layout.positions]
    legend, symbol_of = symbols_of(network)
    circles = _circles(nodes, layout)
    left, top, right, bottom = _bounding_box([layout.positions[node] for node in nodes], circles)
    beside = _MARGIN + labels.beside
    origin = left - beside, top - _MARGIN
    at = {node: _moved(layout.positions[node], origin) for node in nodes}
    size = {node: _radius(network, node) for node in nodes}
    background = tuple(
        PictureShape((_moved((circle.x, circle.y), origin),), circle.radius, CIRCLE, CIRCLE)
        for circle in circles
    )
    lines = tuple(_line(network, a, b, at) for a, b in network.edges() if a in at and b in at)
    shapes = tuple(_shape(at[node], size[node], legend[symbol_of[node]]) for node in nodes)
    width, height = right - left + 2 * beside, bottom - top + 2 * _MARGIN
    around = {one.name: (_moved((one.x, one.y), origin), one.radius) for one in circles}
    ranked = sorted(nodes, key=lambda node: (not gathers(network, node), -network.degree(node), node))
    named = [
        Named(
            at[node],
            size[node],
            label_of(network, node, language),
            gathers(network, node),
            around.get(layout.community.get(node, "")),
        )
        for node in ranked
    ]
    crossing = [(one.begin, one.end) for one in lines] if labels.clear_of_lines else []
    placed = tuple(
        PictureLabel(one.x, one.y, one.text, labels.size, INK)
        for one in place_labels(named, crossing, (width, height), labels)
    )
    return Picture(width, height, background, lines, shapes, placed, legend)


def _circles(nodes: Iterable[str], layout: Layout) -> list[Circle]:
    """The circles of which a quarter of the members or more are drawn."""
    members = Counter(layout.community.values())
    drawn = Counter(layout.community[node] for node in nodes if node in layout.community)
    return [circle for circle in layout.communities if 4 * drawn[circle.name] >= members[circle.name]]


def _bounding_box(positions: Iterable[Position], circles: Iterable[Circle]) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of all positions and circles, at least 400 wide and 200 high."""
    every = list(positions)
    for circle in circles:
        every.append((circle.x - circle.radius, circle.y - circle.radius))
        every.append((circle.x + circle.radius, circle.y + circle.radius))
    xs, ys = [x for x, _ in every] or [0], [y for _, y in every] or [0]
    return min(xs), min(ys), max(*xs, min(xs) + 400), max(*ys, min(ys) + 200)


def _moved(at: Position, origin: Position) -> Position:
    return at[0] - origin[0], at[1] - origin[1]


def _radius(network: nx.Graph, node: str) -> float:
    data = network.nodes[node]
    if gathers(network, node):
        return _LARGEST
    return 7 if data["bipartite"] == 1 else min(_LARGEST, 6 + network.degree(node) ** 0.5)


def _line(network: nx.Graph, a: str, b: str, at: Mapping[str, Position]) -> PictureLine:
    data = network.edges[a, b]
    weight = min(4.0, 0.8 + 1.2 * data["newman"]) if "newman" in data else 1.0
    return PictureLine(at[a], at[b], round(weight, 2), LINE)


def _shape(at: Position, radius: float, symbol: Symbol) -> PictureShape:
    fill, outline = PALETTE[symbol.colour]
    corners = SHAPES[symbol.shape]
    if not corners:
        return PictureShape((at,), round(radius, 1), fill, outline)
    points = tuple((round(at[0] + x * radius, 1), round(at[1] + y * radius, 1)) for x, y in corners)
    return PictureShape(points, 0, fill, outline)


def label_of(network: nx.Graph, node: str, language: str, length: int = LABEL_LENGTH) -> str:
    """The name of a node without invisible characters, in at most ``length`` characters."""
    data = network.nodes[node]
    return shorten(visible(words_of(network, data).in_language(language)), length)
