"""The data of the network for a page that explores it: compact JSON, the same for the same network.

Its structure is described in ``docs/network.md``. Whole networks come as one object. Of a large one
:meth:`Explorer.overview` tells the communities and regions with the ties between them,
:meth:`Explorer.part` the inside of one community, and :meth:`Explorer.around` what lies around one node.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from transfergraph.messages import both
from transfergraph.network.addresses import web_address
from transfergraph.network.backbone import LEVEL
from transfergraph.network.bubbles import bundles, facets, region_bubbles
from transfergraph.network.columns import (
    CLASS_NAMES,
    Columns,
    Concepts,
    Numbering,
    link_columns,
    node_columns,
    stub_columns,
    tie_columns,
)
from transfergraph.network.coverage import Coverage
from transfergraph.network.introductions import Introduction
from transfergraph.network.measures import MEASURES
from transfergraph.network.projection import LARGE, WEIGHTS
from transfergraph.network.reasons import reason
from transfergraph.network.scene import Scene
from transfergraph.network.views import ego

FORMAT = "transfergraph-explorer/1"

READABLE = 1_500
"""Nodes that a person can read at once; of a larger network a page starts with its overview."""

BUBBLES = 300
"""Communities that an overview draws; the smaller ones come together."""

Json = dict[str, Any]


class Explorer:
    """The data of one network, whole or in parts; positions of nodes and concepts are the same in all."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._concepts = Concepts(scene.network, scene.about.base)
        self._numbers = Numbering(scene)

    def whole(self) -> Json:
        """The whole network in one object."""
        nodes = self._numbers.nodes
        ties = list(self._scene.partners.edges())
        return {
            **self._head("whole"),
            "nodes": node_columns(self._scene, self._concepts, self._numbers, nodes),
            **self._between(set(nodes), ties),
            "introductions": self._introductions(set(nodes)),
        }

    def overview(self) -> Json:
        """Communities and regions as bubbles with the ties between them.

        Of more than :data:`BUBBLES` communities the largest are told; ``small`` counts the others, which
        :meth:`small` holds.
        """
        drawn = {node: number for node, number in self._numbers.community.items() if number < BUBBLES}
        head = self._head("overview")
        return {
            **head,
            "communities": head["communities"][:BUBBLES],
            "small": [
                {"organisations": sum(one in self._scene.partners for one in nodes), "nodes": len(nodes)}
                for nodes in self._small()
            ],
            "lonely": len(self._scene.network) - len(self._numbers.community),
            "bundles": bundles(self._scene.partners, drawn),
            "regions": region_bubbles(self._scene.partners, self._concepts),
        }

    def names(self) -> Json:
        """The name and the place of every node, to search in what is not loaded."""
        return {"format": FORMAT, "form": "names", "nodes": self._stubs(self._numbers.nodes)}

    def part(self, community: int) -> Json:
        """The members of a community with all of their participations and ties, also those that leave it."""
        inside = set(self._scene.communities[community].members)
        ties = self._ties_of(inside)
        return {"format": FORMAT, "form": "part", "community": community, **self._some(inside, ties)}

    def small(self, number: int) -> Json:
        """Some of the communities that the overview does not draw, together."""
        nodes = self._small()[number]
        ties = self._ties_of(nodes)
        return {"format": FORMAT, "form": "part", "community": None, **self._some(nodes, ties)}

    @property
    def groups(self) -> int:
        """How many there are of :meth:`small`."""
        return len(self._small())

    def _small(self) -> list[set[str]]:
        """The nodes of the communities beyond the bubbles, in groups that a person can read."""
        groups: list[set[str]] = []
        for one in self._scene.communities[BUBBLES:]:
            if not groups or len(groups[-1]) + len(one.members) > READABLE:
                groups.append(set())
            groups[-1].update(one.members)
        return groups

    def lonely(self) -> Json:
        """The nodes without any neighbour, which belong to no community."""
        alone = set(self._scene.network) - self._numbers.community.keys()
        return {"format": FORMAT, "form": "part", "community": None, **self._some(alone, [])}

    def pieces(self) -> Iterator[tuple[str, Json]]:
        """What a large network has beside its overview, by name: all that :func:`explorer_files` tells of."""
        yield "names", self.names()
        for number in range(min(BUBBLES, len(self._scene.communities))):
            yield f"part-{number}", self.part(number)
        for number in range(self.groups):
            yield f"small-{number}", self.small(number)
        yield "lonely", self.lonely()

    def around(self, node: str, depth: int, view: str = "undertakings", at_most: int = READABLE) -> Json:
        """What lies within ``depth`` steps of a node (IRI), and all ties and participations among it.

        In the view ``partners`` a step is a tie; the node must then be an organisation. At most ``at_most``
        nodes are kept, the nearest and best connected; ``cut`` is the number of those left out.
        """
        graph = self._scene.network if view == "undertakings" else self._scene.partners
        found = set(ego(graph, node, depth))
        kept = set(ego(graph, node, depth, at_most))
        ties = [(a, b) for a, b in self._ties_of(kept) if a in kept and b in kept]
        head = {"format": FORMAT, "form": "ego", "view": view, "node": self._numbers.of[node], "depth": depth}
        return {**head, "cut": len(found) - len(kept), **self._some(kept, ties)}

    def _ties_of(self, nodes: set[str]) -> list[tuple[str, str]]:
        """The ties with an end among these nodes, each with the smaller IRI first."""
        partners = self._scene.partners
        return [(min(ends), max(ends)) for ends in partners.edges(nodes.intersection(partners))]

    def _head(self, form: str) -> Json:
        scene = self._scene
        sizes = ("organisations", "undertakings", "participations")
        return {
            "format": FORMAT,
            "form": form,
            "base": scene.about.base,
            "title": scene.about.title._asdict(),
            "licence": web_address(scene.about.licence),
            "credits": [credit._asdict() for credit in scene.about.credits],
            "classes": list(CLASS_NAMES),
            "organisations": self._numbers.organisations,
            "total": {size: scene.network.graph[size] for size in sizes},
            "measures": _described("measure", (*MEASURES, "community")),
            "pivots": scene.measures.pivots,
            "weights": _described("weight", WEIGHTS),
            "backbone": {"level": LEVEL, **both("network.backbone.definition")._asdict()},
            "large": {"limit": LARGE, **both("network.large", limit=LARGE)._asdict()},
            "limit": scene.partners.graph["limit"],
            "untied": [[self._numbers.of[u], n] for u, n in scene.partners.graph["untied"].items()],
            "concepts": self._concepts.json(),
            "facets": facets(scene.network, scene.partners, self._concepts, self._numbers),
            "communities": self._communities(),
            "tray": scene.layout.tray,
            "coverage": [self._coverage(one) for one in scene.coverage],
        }

    def _some(self, kept: set[str], ties: list[tuple[str, str]]) -> Json:
        """These nodes with these ties; nodes at the other ends come as stubs in ``outside``."""
        nodes = [node for node in self._numbers.nodes if node in kept]
        between = self._between(kept, ties)
        named = {*between["links"]["o"], *between["links"]["u"], *between["ties"]["a"], *between["ties"]["b"]}
        outside = sorted(named - {self._numbers.of[node] for node in kept})
        return {
            "nodes": node_columns(self._scene, self._concepts, self._numbers, nodes),
            "outside": self._stubs([self._numbers.nodes[number] for number in outside]),
            **between,
            "introductions": self._introductions(kept),
        }

    def _between(self, kept: set[str], ties: list[tuple[str, str]]) -> Json:
        """Participations of these nodes and those that explain the ties, parts and wholes, and the ties."""
        files: dict[tuple[str, str], int] = {}
        network, edges = self._scene.network, self._scene.partners.edges
        links = {(end, u) for a, b in ties for end in (a, b) for u in edges[a, b]["undertakings"]}
        wholes = []
        for a, b, data in network.edges(kept, data=True):
            if data["relation"] == "participation":
                links.add((a, b) if network.nodes[a]["bipartite"] == 0 else (b, a))
            else:
                wholes.append([self._numbers.of[data["part"]], self._numbers.of[data["whole"]]])
        columns = link_columns(network, self._concepts, self._numbers, files, links)
        return {
            "links": columns,
            "parts": sorted(wholes),
            "ties": tie_columns(self._scene, self._numbers, ties),
            "files": [list(file) for file in files],
        }

    def _stubs(self, nodes: list[str]) -> Columns:
        return stub_columns(self._scene, self._numbers, nodes)

    def _communities(self) -> list[Json]:
        circles = {circle.name: circle for circle in self._scene.layout.communities}
        network = self._scene.network
        return [
            {
                "heart": self._numbers.of[one.heart],
                **one.name._asdict(),
                "x": circles[one.heart].x,
                "y": circles[one.heart].y,
                "radius": circles[one.heart].radius,
                "organisations": sum(network.nodes[node]["bipartite"] == 0 for node in one.members),
                "undertakings": sum(network.nodes[node]["bipartite"] == 1 for node in one.members),
                "topics": [self._concepts.one("topics", topic) for topic in one.topics],
                "place": self._concepts.one("places", one.place),
            }
            for one in self._scene.communities
        ]

    def _coverage(self, one: Coverage) -> Json:
        return {
            "undertaking": self._numbers.of.get(one.undertaking),
            "label": one.label._asdict(),
            "named": one.named,
            "sizes": [
                {
                    "qualifier": size.qualifier._asdict(),
                    "value": size.value,
                    "as_of": size.as_of,
                    "source": size.source._asdict(),
                    "url": web_address(size.url) or None,
                }
                for size in one.sizes
            ],
        }

    def _introductions(self, kept: set[str]) -> Json:
        """The suggestions in which one of these nodes is named."""
        found = self._scene.introductions
        return {
            "pairs": [self._introduction(one) for one in found.pairs if one.a in kept or one.b in kept],
            "isolates": [
                {
                    "node": self._numbers.of[one.node],
                    "bridges": [self._introduction(bridge) for bridge in one.bridges],
                }
                for one in found.isolates
                if one.node in kept
            ],
        }

    def _introduction(self, one: Introduction) -> Json:
        return {
            "a": self._numbers.of[one.a],
            "b": self._numbers.of[one.b],
            "score": one.score,
            "neighbours": [self._numbers.of[node] for node in one.neighbours],
            "reason": reason(self._scene.partners, one)._asdict(),
        }


def explorer_files(scene: Scene) -> Iterator[tuple[str, str]]:
    """The files of a network, each with its content.

    ``explorer.json`` is the whole of a network of at most :data:`READABLE` nodes. Otherwise it is the
    overview, beside ``names.json``, ``part-<community>.json`` for each of its bubbles, ``small-<n>.json`` and
    ``lonely.json``.
    """
    explorer = Explorer(scene)
    if len(scene.network) <= READABLE:
        yield "explorer.json", to_text(explorer.whole())
        return
    yield "explorer.json", to_text(explorer.overview())
    for name, piece in explorer.pieces():
        yield f"{name}.json", to_text(piece)


def _described(group: str, names: Iterable[str]) -> dict[str, Json]:
    """The label and the definition of each measure or weight in both languages."""
    return {
        name: {
            "label": both(f"network.{group}.{name}")._asdict(),
            "definition": both(f"network.{group}.{name}.definition")._asdict(),
        }
        for name in names
    }


def to_text(data: Json) -> str:
    """Compact JSON; no character in it can end a script or begin markup."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text + "\n"
