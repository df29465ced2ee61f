"""The network as one self-contained page: pyvis fills a template of ours, with the layout as it is stored.

The page makes no request. Its policy (Content Security Policy Level 3, in a meta element) allows exactly the
scripts and the style sheet that are in it, by their hashes. All texts are in the HTML, escaped; the
scripts get numbers and names as JSON in which no ``<``, ``>`` or ``&`` is left, and write them as text only.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module, resources
from typing import Any

import networkx as nx
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from transfergraph.findings import Text
from transfergraph.messages import both, text
from transfergraph.network.addresses import web_address
from transfergraph.network.coverage import Coverage, Size
from transfergraph.network.layout import Layout
from transfergraph.network.listing import (
    Reference,
    anchor,
    organisation_rows,
    undertaking_rows,
)
from transfergraph.network.marks import SHAPES, Mark, kind_of, marks_of

_ROLE = "https://w3id.org/transfergraph/scheme/role/"
_LEADING = frozenset({_ROLE + "coordinator", _ROLE + "lead", _ROLE + "manager"})
_LIBRARY = "lib/vis-9.1.2/vis-network.min.js"

_OPTIONS: dict[str, Any] = {
    "autoResize": True,
    "physics": {"enabled": False},
    "layout": {"improvedLayout": False, "randomSeed": 1},
    "interaction": {
        "dragNodes": False,
        "hover": True,
        "hoverConnectedEdges": False,
        "selectable": False,
        "multiselect": False,
        "zoomSpeed": 0.6,
    },
    "nodes": {"shape": "custom", "chosen": False, "fixed": True},
    "edges": {"smooth": False, "chosen": False, "hoverWidth": 0, "selectionWidth": 0},
}


@dataclass(frozen=True, slots=True)
class About:
    """What the page says of itself: the workspace's title, base IRI and licence, and one line per source."""

    title: Text
    base: str
    licence: str
    credits: tuple[Text, ...]


def network_page(network: nx.Graph, layout: Layout, coverage: Sequence[Coverage], about: About) -> str:
    """The HTML of the page, the same for the same arguments. ``layout`` must hold every node."""
    marks, mark_of_node = marks_of(network)
    picture = _Picture(network, layout, about.base, mark_of_node)
    library = _library()
    style = _file("network.css")
    scripts = [library, _file("labels.js"), _file("search.js"), _file("network.js")]
    context: dict[str, Any] = {
        "about": about,
        "licence": web_address(about.licence),
        "both": both,
        "style": Markup(style),
        "scripts": [Markup(script) for script in scripts],
        "policy": _policy(scripts, style),
        "counts": _counts(network),
        "excerpt": _excerpt(network),
        "marks": marks,
        "outlines": {name: _outline(name) for name in SHAPES},
        "has_leads": any(edge["kind"] == "lead" for edge in picture.edges),
        "has_parts": any(edge["kind"] == "part-of" for edge in picture.edges),
        "coverage": [_known(one, about.base) for one in coverage],
        "undertakings": undertaking_rows(network, about.base),
        "organisations": organisation_rows(network, about.base),
        "scene": _scene(layout, marks, picture),
        "library_version": _version(library),
    }
    return _written_by_pyvis(picture, context)


class _Picture:
    """Nodes and edges as vis-network takes them."""

    def __init__(self, network: nx.Graph, layout: Layout, base: str, mark_of_node: Mapping[str, int]) -> None:
        self.index = {node: number for number, node in enumerate(network)}
        place = {circle.name: number for number, circle in enumerate(layout.communities)}
        kinds: dict[Text, int] = {}
        self.nodes: list[dict[str, Any]] = []
        for node, data in network.nodes(data=True):
            x, y = layout.positions[node]
            names = {"de": data["label_de"]}
            if data["label_en"] != data["label_de"]:
                names["en"] = data["label_en"]
            self.nodes.append(
                names
                | ({"alt": data["alternative_labels"]} if data["alternative_labels"] else {})
                | {
                    "id": self.index[node],
                    "key": anchor(node, base),
                    "x": x,
                    "y": y,
                    "size": _size(data["class"], network.degree(node)),
                    "mark": mark_of_node[node],
                    "kind": kinds.setdefault(kind_of(data), len(kinds)),
                    "rank": ("Alliance", "Project", "Lab", "Organisation").index(data["class"]),
                    "circle": place.get(layout.community.get(node, ""), -1),
                }
            )
        self.kinds = list(kinds)
        self.edges: list[dict[str, Any]] = []
        for a, b, data in network.edges(data=True):
            self.edges.append({"from": self.index[a], "to": self.index[b], "kind": _edge_kind(data)})


_LINES: Mapping[str, dict[str, Any]] = {
    "participation": {"width": 1.2, "color": "#7f8b9a"},
    "lead": {"width": 3, "color": "#7f8b9a"},
    "part-of": {"width": 2, "color": "#5b7fae", "dashes": [6, 5]},
}


def _edge_kind(data: Mapping[str, Any]) -> str:
    if data["relation"] == "part-of":
        return "part-of"
    return "lead" if _LEADING.intersection(data["roles"]) else "participation"


def _size(name: str, degree: int) -> int:
    """The radius of a mark in the units of the layout."""
    if name == "Alliance":
        return 24
    return 13 if name != "Organisation" else 12 + min(8, 2 * max(0, degree - 1))


def _scene(layout: Layout, marks: Sequence[Mark], picture: _Picture) -> dict[str, Any]:
    """What the script draws beside nodes and edges."""
    return {
        "shapes": SHAPES,
        "lines": _LINES,
        "marks": [{"shape": one.shape, "colour": one.colour} for one in marks],
        "kinds": [kind._asdict() for kind in picture.kinds],
        "circles": [[one.x, one.y, one.radius, picture.index[one.name]] for one in layout.communities],
        "tray": {"box": layout.tray, **both("network.tray")._asdict()} if layout.tray else None,
    }


@dataclass(frozen=True, slots=True)
class _Known:
    """What the legend says of one undertaking; ``share`` of ``largest`` is drawn as a bar."""

    undertaking: Reference
    named: Text
    largest: int
    share: int
    sizes: tuple[Reference, ...]


def _known(coverage: Coverage, base: str) -> _Known:
    largest = max((size.value for size in coverage.sizes), default=0)
    return _Known(
        Reference(coverage.label, "#" + anchor(coverage.undertaking, base)),
        both("network.coverage.named", count=coverage.named),
        largest,
        min(coverage.named, largest),
        tuple(Reference(_sentence(size), web_address(size.url)) for size in coverage.sizes),
    )


def _sentence(size: Size) -> Text:
    def in_language(language: str) -> str:
        qualifier = size.qualifier.in_language(language)
        stated = text("network.coverage.size", language, qualifier=qualifier, value=size.value)
        as_of = text("network.coverage.as-of", language, date=size.as_of) if size.as_of else ""
        return f"{stated}, {as_of}" if as_of else stated

    return Text(in_language("de"), in_language("en"))


def _counts(network: nx.Graph) -> list[Text]:
    return [
        both(f"network.{name}", count=network.graph[name])
        for name in ("organisations", "undertakings", "participations")
    ]


def _excerpt(network: nx.Graph) -> Text | None:
    organisations = sum(1 for _, kind in network.nodes(data="bipartite") if kind == 0)
    undertakings = len(network) - organisations
    if organisations + undertakings == network.graph["organisations"] + network.graph["undertakings"]:
        return None
    return both("network.excerpt", organisations=organisations, undertakings=undertakings)


def _outline(shape: str) -> str:
    """The ``points`` of an SVG polygon of radius 6; empty for the circle."""
    return " ".join(f"{round(6 * x, 2)},{round(6 * y, 2)}" for x, y in SHAPES[shape])


def _file(name: str) -> str:
    return resources.files("transfergraph.network").joinpath("templates", name).read_text("utf-8")


def _library() -> str:
    """vis-network as pyvis carries it; it needs no other file."""
    return resources.files("pyvis").joinpath(_LIBRARY).read_text("utf-8")


def _version(library: str) -> str:
    found = re.search(r"@version\s+(\S+)", library)
    return found.group(1) if found else ""


def _policy(scripts: Sequence[str], style: str) -> str:
    allowed = " ".join(_hash(script) for script in scripts)
    return (
        f"default-src 'none'; script-src {allowed}; style-src {_hash(style)}; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode('ascii')}'"


def _written_by_pyvis(picture: _Picture, context: Mapping[str, Any]) -> str:
    """Have pyvis render our template.

    pyvis is imported only now because it brings IPython with it. Nodes and edges go into its lists directly:
    its ``add_edge`` drops parallel edges and looks through all edges each time.
    """
    page = import_module("pyvis.network").Network(cdn_resources="in_line")
    page.nodes, page.edges, page.options = picture.nodes, picture.edges, _OPTIONS
    environment = Environment(
        loader=PackageLoader("transfergraph.network"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(context)
    page.templateEnv, page.path = environment, "network.html"
    return str(page.generate_html())
