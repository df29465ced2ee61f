"""The network for other programs: GraphML, GEXF, CSV, the JSON of VOSviewer and of networkx.

Attributes are flat: a list is its labels joined by semicolons, what is unknown is left out, and no name has
a meaning of its own in the format (``begins`` and ``ends`` for start and end). Every node has

``label``, ``class``, ``kind``, ``place``, ``regions``, ``topics``, ``programmes``, ``begins``, ``ends``,
``sources``, ``url``, ``latitude``, ``longitude``, ``amounts``, ``x``, ``y``, ``community``, and what the
view adds (``alliances``, ``undertakings``, ``funding``, ``funding_qualifiers``, ``ties``, ``reach``,
``broker``, ``constraint``). Amounts are words, each with its qualifier, of an undertaking what it gets as a
whole; ``funding`` is the sum of stated shares, to compare.

``sources`` are the names of those on which the record rests.

Every edge has ``weight`` (Newman's in the view of partners, the number of roles otherwise); a tie has
``shared``, ``funding``, ``funding_qualifiers``, ``undertakings``, ``first_year``, ``last_year``,
``smallest``, ``large``; a participation has ``relation``, ``roles``, ``begins``, ``ends``, ``amounts``,
``sources``.

What the file says of itself (:class:`transfergraph.network.output.file_notes.FileNotes`) stands where the
format has a place for it: as attributes of the graph in GraphML, in ``meta`` in GEXF, in ``info`` for
VOSviewer. What each format cannot carry is listed in :mod:`transfergraph.common.format_losses`.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

import networkx as nx

from transfergraph.common.displayed_values import web_address
from transfergraph.common.json_text import json_text
from transfergraph.common.text import xml_escaped
from transfergraph.network.layout.network_layout import Layout
from transfergraph.network.model.sentences import (
    amount_words,
    amounts_of,
    name_of,
    say,
    whole_words,
    words_of,
)
from transfergraph.network.output.file_notes import FileNotes

Flat = dict[str, str | int | float]
_NODE = (
    ("class", "class"), ("place", "place"), ("start", "begins"), ("end", "ends"), ("url", "url"),
    ("latitude", "latitude"), ("longitude", "longitude"),
    ("undertakings", "undertakings"), ("funding", "funding"), ("ties", "ties"), ("reach", "reach"),
    ("broker", "broker"), ("constraint", "constraint"),
)  # fmt: skip
_EDGE = (
    ("relation", "relation"), ("shared", "shared"), ("funding", "funding"), ("first_year", "first_year"),
    ("last_year", "last_year"), ("smallest", "smallest"), ("large", "large"), ("start", "begins"),
    ("end", "ends"),
)  # fmt: skip


def flat(network: nx.Graph, layout: Layout, language: str) -> nx.Graph:
    """The network with flat attributes, in its order; coordinates where the layout holds the node."""
    made = nx.Graph()
    for node in network:
        made.add_node(node, **flat_node(network, node, layout, language))
    for a, b, data in network.edges(data=True):
        made.add_edge(a, b, **_edge(network, data, language))
    return made


def flat_node(network: nx.Graph, node: str, layout: Layout, language: str) -> Flat:
    """The flat attributes of a node."""
    data = network.nodes[node]
    found: Flat = {"label": words_of(network, data).in_language(language)}
    found |= _renamed(data, _NODE)
    found |= {name: words_of(network, data, name).in_language(language) for name in ("kind", "place")}
    for name in ("regions", "topics", "programmes", "alliances"):
        if name in data:
            found[name] = _names(network, data[name], language)
    found |= _money(data, language)
    found["sources"] = _sources(network, data, language)
    if data["amounts"]:
        found["amounts"] = whole_words(amounts_of(data), data["amount_basis"], language)
    if node in layout.positions:
        found |= dict(zip("xy", layout.positions[node], strict=True))
    centre = layout.community.get(node)
    if centre is not None:
        found["community"] = name_of(network, centre, language)
    return {name: value for name, value in found.items() if value != ""}


def _edge(network: nx.Graph, data: Mapping[str, Any], language: str) -> Flat:
    found = _renamed(data, _EDGE)
    found |= _money(data, language)
    found["weight"] = _weight(data)
    found["sources"] = _sources(network, data, language)
    for name in ("undertakings", "roles"):
        if name in data:
            found[name] = _names(network, data[name], language)
    return {name: value for name, value in found.items() if value != ""}


def _weight(data: Mapping[str, Any]) -> float:
    weight: float = data["newman"] if "newman" in data else max(1, len(data.get("roles", ())))
    return weight


def _sources(network: nx.Graph, data: Mapping[str, Any], language: str) -> str:
    known = network.graph["sources"]
    cited = (known[one] for one in data.get("sources", ()) if one in known)
    return "; ".join(words_of(network, one).in_language(language) for one in cited)


def _money(data: Mapping[str, Any], language: str) -> Flat:
    """Stated amounts in words, and the qualifiers of what the funding of a partner or tie was added from."""
    stated = amounts_of(data) if "amounts" in data else ()
    qualifiers = data.get("funding_qualifiers", ())
    return {"amounts": amount_words(stated, language), "funding_qualifiers": "; ".join(qualifiers)}


def _renamed(data: Mapping[str, Any], names: Iterable[tuple[str, str]]) -> Flat:
    return {new: data[old] for old, new in names if data.get(old) is not None}


def _names(network: nx.Graph, iris: Iterable[str], language: str) -> str:
    return "; ".join(name_of(network, iri, language) for iri in iris)


_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_META = re.compile(r"<meta\b.*?</meta>", re.DOTALL)
_NOTHING = FileNotes()


def _for_xml(network: nx.Graph, layout: Layout, language: str) -> nx.Graph:
    """The flat network without the characters that XML 1.0 cannot write."""
    made = flat(network, layout, language)
    for *_, data in (*made.nodes(data=True), *made.edges(data=True)):
        data.update((k, _allowed(v)) for k, v in data.items() if isinstance(v, str))
    return made


def _allowed(text: str) -> str:
    return _FORBIDDEN.sub("\ufffd", text)


def graphml(network: nx.Graph, layout: Layout, language: str, notes: FileNotes = _NOTHING) -> str:
    """GraphML, as networkx writes it; the notes are attributes of the graph."""
    made = _for_xml(network, layout, language)
    made.graph.update((name, _allowed(value)) for name, value in notes.values().items())
    return "\n".join(nx.generate_graphml(made)) + "\n"


def gexf(network: nx.Graph, layout: Layout, language: str, notes: FileNotes = _NOTHING) -> str:
    """GEXF 1.2 with positions (y upwards), as networkx writes it, without the day on which it was written.

    The notes are ``description`` and ``keywords`` of ``meta``, the only places that the format has for such.
    """
    made = _for_xml(network, layout, language)
    for _, data in made.nodes(data=True):
        if "x" in data:
            data["viz"] = {"position": {"x": data.pop("x"), "y": -data.pop("y"), "z": 0}}
    meta = _gexf_meta(notes, language)
    return _META.sub(lambda _: meta, "\n".join(nx.generate_gexf(made)), count=1) + "\n"


def _gexf_meta(notes: FileNotes, language: str) -> str:
    description = "\n".join(one for one in (notes.title, *notes.lines(language)) if one)
    keywords = "; ".join(f"{name}: {value}" for name, value in notes.values().items())
    parts = {"creator": "transfergraph", "description": description, "keywords": keywords}
    written = (f"<{name}>{xml_escaped(_allowed(value))}</{name}>" for name, value in parts.items() if value)
    return f"<meta>{''.join(written)}</meta>"


def ties_csv(network: nx.Graph, language: str) -> str:
    """The edges as CSV (RFC 4180), one row each: both ends with IRI and name, then the attributes."""
    ends = ("a", "a_label", "b", "b_label")
    rows = []
    for a, b, data in network.edges(data=True):
        named = (a, name_of(network, a, language), b, name_of(network, b, language))
        rows.append({**dict(zip(ends, named, strict=True)), **_edge(network, data, language)})
    return _csv(rows, ends)


def nodes_csv(network: nx.Graph, layout: Layout, language: str) -> str:
    """The nodes as CSV (RFC 4180), one row each."""
    return _csv(
        [{"id": node, **data} for node, data in flat(network, layout, language).nodes(data=True)], ("id",)
    )


def _csv(rows: list[dict[str, Any]], first: Iterable[str]) -> str:
    names = list(dict.fromkeys([*first, *sorted({name for row in rows for name in row})]))
    stream = io.StringIO()
    writer = csv.DictWriter(stream, names, restval="", lineterminator="\r\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({name: _without_formula(value) for name, value in row.items()})
    return stream.getvalue()


def _without_formula(value: object) -> object:
    """A text that a spreadsheet would take for a formula, with an apostrophe before it (as OWASP advises)."""
    return (
        f"'{value}"
        if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r"))
        else value
    )


def vosviewer_json(network: nx.Graph, layout: Layout, language: str, notes: FileNotes = _NOTHING) -> str:
    """The network as VOSviewer opens it: items with coordinates (y upwards), named clusters, and links.

    Coordinates are divided by the greatest of them. Clusters are the communities, the largest first. What an
    item is described by is HTML, as VOSviewer shows it; the notes are ``info``.
    """
    nodes = list(network)
    number = {node: index for index, node in enumerate(nodes, 1)}
    members = Counter(layout.community[node] for node in nodes if node in layout.community)
    ranked = sorted(members, key=lambda name: (-members[name], name))
    cluster = {name: index for index, name in enumerate(ranked, 1)}
    scale = max((abs(c) for node in nodes for c in layout.positions.get(node, (0, 0))), default=1) or 1
    items = []
    for node in nodes:
        data = flat_node(network, node, layout, language)
        x, y = layout.positions.get(node, (0, 0))
        item = {
            "id": number[node],
            "label": str(data.get("label", "")),
            "weights": {"Links": network.degree(node)},
        }
        item |= {
            "x": round(x / scale, 4),
            "y": round(-y / scale, 4),
            "description": _described(data, language),
        }
        if node in layout.community:
            item["cluster"] = cluster[layout.community[node]]
        if address := web_address(str(data.get("url", ""))) or web_address(node):
            item["url"] = address
        items.append(item)
    links = [
        {"source_id": number[a], "target_id": number[b], "strength": _weight(data)}
        for a, b, data in network.edges(data=True)
    ]
    clusters = [
        {"cluster": index, "label": name_of(network, name, language)} for name, index in cluster.items()
    ]
    content: dict[str, Any] = {"network": {"items": items, "links": links, "clusters": clusters}}
    if notes.title:
        told = "".join(f"<p>{escape(line)}</p>" for line in notes.lines(language))
        content = {"info": {"title": notes.title, "description": told}, **content}
    return json_text(content)


_DESCRIBING = ("kind", "place", "regions", "topics", "programmes", "sources")


def _described(data: Flat, language: str) -> str:
    """What is known of a node, line by line, as HTML in which no name is markup."""
    told = ((name, str(data.get(name, ""))) for name in _DESCRIBING)
    return "<br>".join(
        escape(say(f"network.file.{name}", language, names=value)) for name, value in told if value
    )


def network_json(network: nx.Graph, layout: Layout) -> str:
    """The network in networkx's node-link form, with its layout, the same text for the same network.

    Each node has its attributes, the coordinates ``x`` and ``y`` and its ``community`` (the IRI of the node
    that the community is named after; empty for a node without neighbours). ``graph`` also has
    ``communities``, the circles in which they are drawn.
    """
    content = nx.node_link_data(network, edges="edges")
    for node in content["nodes"]:
        node["x"], node["y"] = layout.positions[node["id"]]
        node["community"] = layout.community.get(node["id"], "")
    described = {name: value for name, value in content["graph"].items() if name != "languages"}
    content["graph"] = {
        **described,
        "communities": [
            {"name": circle.name, "x": circle.x, "y": circle.y, "radius": circle.radius}
            for circle in layout.communities
        ],
    }
    return json_text(content)
