"""The data of the network for a page that explores it: compact JSON, the same for the same network.

Its structure is described in ``docs/network.md``. Whole networks come as one object. Of a large one
:meth:`Explorer.overview` tells the communities and regions with the ties between them,
:meth:`Explorer.part` the inside of one community, and :meth:`Explorer.around` what lies around one node.
"""

from __future__ import annotations

import heapq
import json
from collections.abc import Iterable, Iterator
from typing import Any

from transfergraph.common.date_words import date_words
from transfergraph.common.displayed_values import web_address
from transfergraph.common.text import Languages, Text
from transfergraph.messages import both
from transfergraph.network.layout.communities import name_together
from transfergraph.network.layout.community_groups import CommunityGroup, group_communities
from transfergraph.network.layout.network_layout import lay_out
from transfergraph.network.model.introductions import Introduction, introduction_reason
from transfergraph.network.model.measures import LEVEL, MEASURES
from transfergraph.network.model.partner_completeness import Coverage
from transfergraph.network.model.projection import FUNDING, LARGE
from transfergraph.network.model.subnetworks import ego
from transfergraph.network.output.analysis import Analysis
from transfergraph.network.output.explorer_tables import Columns, ExplorerTables, group_ties

FORMAT = "transfergraph-explorer/1"

WHOLE = 5_000
"""Nodes of the largest network that is drawn whole; the page of a larger one starts with its overview."""

READABLE = 1_500
"""Nodes that surroundings have at most."""

BEGINNING = 400
"""Nodes that the workspace's own tables may state for a large network to begin with them."""

OVERVIEW_COMMUNITIES = 300
"""The largest communities, which an overview draws; smaller ones come in groups."""

_BEST = 3  # organisations named in a circle

Json = dict[str, Any]


class Explorer:
    """The data of one network, whole or in parts; positions of nodes and concepts are the same in all."""

    def __init__(self, analysis: Analysis) -> None:
        self._analysis = analysis
        self._tables = ExplorerTables(analysis)
        self._languages: Languages = analysis.network.graph["languages"]

    def whole(self) -> Json:
        """The whole network in one object."""
        nodes = self._tables.order
        ties = list(self._analysis.partners.edges())
        return {
            **self._head("whole"),
            "nodes": self._tables.nodes(nodes),
            **self._between(set(nodes), ties),
            "introductions": self._introductions(set(nodes)),
        }

    def overview(self) -> Json:
        """Groups of communities and regions as circles with the ties between them.

        Of more than :data:`OVERVIEW_COMMUNITIES` communities the largest are listed; ``small`` counts the
        others, which :meth:`small` has.
        """
        drawn = {
            node: number for node, number in self._tables.community.items() if number < OVERVIEW_COMMUNITIES
        }
        head = self._head("overview")
        communities = head["communities"][:OVERVIEW_COMMUNITIES]
        bundles = group_ties(self._analysis.partners, drawn)
        groups = group_communities(
            [one["organisations"] for one in communities],
            {(int(a), int(b)): int(n) for a, b, n, _ in bundles},
        )
        inside = {
            number: place for one in groups for number, place in zip(one.communities, one.inside, strict=True)
        }
        kinds = self._tables.kinds_of(drawn)
        return {
            **head,
            "communities": [
                {**one, "within": inside.get(number), "kinds": kinds.get(number, [])}
                for number, one in enumerate(communities)
            ],
            "groups": [self._group(one) for one in groups],
            "small": [
                {"organisations": sum(one in self._analysis.partners for one in nodes), "nodes": len(nodes)}
                for nodes in self._small()
            ],
            "lonely": len(self._analysis.network) - len(self._tables.community),
            "bundles": bundles,
            "regions": self._tables.regions(),
            **self._beginning(),
        }

    def _beginning(self) -> Json:
        """What the workspace's own tables state, laid out by itself, where that is little of the whole."""
        sources = self._analysis.sources
        own = self._analysis.network.subgraph(sources.own if sources else ())
        connected = own.subgraph([node for node in own if own.degree(node)])
        if not 0 < len(connected) <= BEGINNING:
            return {}
        kept = set(connected)
        places = lay_out(connected).positions
        ties = [(a, b) for a, b in self._ties_of(kept) if a in kept and b in kept]
        number = self._tables.number
        laid_out = [[number[node], *places[node]] for node in self._tables.order if node in kept]
        return {"beginning": {"places": laid_out, **self._some(kept, ties)}}

    def _group(self, group: CommunityGroup) -> Json:
        """A group by the numbers of its communities, its circle and its best connected organisations."""
        own = [self._analysis.communities[number] for number in group.communities]
        of = self._analysis.measures.of
        members = (node for one in own for node in one.members if node in of)
        best = heapq.nsmallest(_BEST, members, key=lambda node: (-of[node].ties, node))
        return {
            **name_together(self._analysis.network, own).by_language(self._languages),
            "communities": group.communities,
            "x": group.x,
            "y": group.y,
            "radius": group.radius,
            "best": [self._tables.number[node] for node in best],
        }

    def names(self) -> Json:
        """The name and the place of every node, to search in what is not loaded."""
        return {"format": FORMAT, "form": "names", "nodes": self.references(range(len(self._tables.order)))}

    def references(self, positions: Iterable[int]) -> Columns:
        """Names and places of the nodes at these positions."""
        return self._tables.references([self._tables.order[position] for position in positions])

    def part(self, community: int) -> Json:
        """The members of a community with all of their participations and ties, also those that leave it."""
        inside = set(self._analysis.communities[community].members)
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
        """The nodes of communities that the overview leaves out, in groups of at most :data:`READABLE`."""
        groups: list[set[str]] = []
        for one in self._analysis.communities[OVERVIEW_COMMUNITIES:]:
            if not groups or len(groups[-1]) + len(one.members) > READABLE:
                groups.append(set())
            groups[-1].update(one.members)
        return groups

    def isolated(self) -> Json:
        """The nodes without any neighbour, which belong to no community."""
        isolated = set(self._analysis.network) - self._tables.community.keys()
        return {"format": FORMAT, "form": "part", "community": None, **self._some(isolated, [])}

    def files(self) -> Iterator[tuple[str, Json]]:
        """The files of a large network beside its overview, by name without ``.json``."""
        yield "names", self.names()
        for number in range(min(OVERVIEW_COMMUNITIES, len(self._analysis.communities))):
            yield f"part-{number}", self.part(number)
        for number in range(self.groups):
            yield f"small-{number}", self.small(number)
        yield "lonely", self.isolated()

    def around(self, node: str, depth: int, view: str = "undertakings", at_most: int = READABLE) -> Json:
        """What lies within ``depth`` steps of a node (IRI), and all ties and participations among it.

        In the view ``partners`` a step is a tie; the node must then be an organisation. At most ``at_most``
        nodes are kept, the nearest and best connected; ``cut`` is the number of those left out.
        """
        graph = self._analysis.network if view == "undertakings" else self._analysis.partners
        found = set(ego(graph, node, depth))
        kept = set(ego(graph, node, depth, at_most))
        ties = [(a, b) for a, b in self._ties_of(kept) if a in kept and b in kept]
        head = {
            "format": FORMAT,
            "form": "ego",
            "view": view,
            "node": self._tables.number[node],
            "depth": depth,
        }
        return {**head, "cut": len(found) - len(kept), **self._some(kept, ties)}

    def _ties_of(self, nodes: set[str]) -> list[tuple[str, str]]:
        """The ties with an end among these nodes, each with the smaller IRI first."""
        partners = self._analysis.partners
        return [(min(ends), max(ends)) for ends in partners.edges(nodes.intersection(partners))]

    def _head(self, form: str) -> Json:
        analysis = self._analysis
        sizes = ("organisations", "undertakings", "participations")
        weights = analysis.partners.graph["weights"]
        measures = [one for one in MEASURES if one != FUNDING or FUNDING in weights]
        return {
            "format": FORMAT,
            "form": form,
            "base": analysis.about.base,
            "title": analysis.about.title.by_language(self._languages),
            "licence": web_address(analysis.about.licence),
            "issued": analysis.about.issued,
            "citation": analysis.about.citation,
            "credits": [credit.by_language(self._languages) for credit in analysis.about.credits],
            "classes": list(analysis.network.graph["classes"]),
            "class_details": self._tables.classes(),
            "kind_symbols": self._tables.kind_symbols(),
            "organisations": len(analysis.partners),
            "total": {size: analysis.network.graph[size] for size in sizes},
            "measures": _described("measure", (*measures, "community"), self._languages),
            "pivots": analysis.measures.pivots,
            "weights": _described("weight", weights, self._languages),
            "backbone": {"level": LEVEL, **both("network.backbone.definition").by_language(self._languages)},
            "large": {"limit": LARGE, **both("network.large", limit=LARGE).by_language(self._languages)},
            "limit": analysis.partners.graph["limit"],
            "untied": [[self._tables.number[u], n] for u, n in analysis.partners.graph["untied"].items()],
            "concepts": self._tables.concepts.json(),
            "facets": self._tables.facets(),
            "communities": self._communities(),
            "tray": analysis.layout.unconnected,
            "coverage": [self._coverage(one) for one in analysis.coverage],
        }

    def _some(self, kept: set[str], ties: list[tuple[str, str]]) -> Json:
        """These nodes with these ties; ``outside`` names the nodes at the other ends."""
        nodes = [node for node in self._tables.order if node in kept]
        between = self._between(kept, ties)
        named = {*between["links"]["o"], *between["links"]["u"], *between["ties"]["a"], *between["ties"]["b"]}
        outside = sorted(named - {self._tables.number[node] for node in kept})
        return {
            "nodes": self._tables.nodes(nodes),
            "outside": self.references(outside),
            **between,
            "introductions": self._introductions(kept),
        }

    def _between(self, kept: set[str], ties: list[tuple[str, str]]) -> Json:
        """Participations of these nodes and those that explain the ties, parts and wholes, and the ties."""
        files: dict[tuple[str, str], int] = {}
        network, edges = self._analysis.network, self._analysis.partners.edges
        links = {(end, u) for a, b in ties for end in (a, b) for u in edges[a, b]["undertakings"]}
        wholes = []
        for a, b, data in network.edges(kept, data=True):
            if data["relation"] == "participation":
                links.add((a, b) if network.nodes[a]["bipartite"] == 0 else (b, a))
            else:
                wholes.append([self._tables.number[data["part"]], self._tables.number[data["whole"]]])
        columns = self._tables.links(links, files)
        return {
            "links": columns,
            "parts": sorted(wholes),
            "ties": self._tables.ties(ties),
            "files": [list(file) for file in files],
        }

    def _communities(self) -> list[Json]:
        circles = {circle.name: circle for circle in self._analysis.layout.communities}
        network = self._analysis.network
        return [
            {
                "heart": self._tables.number[one.centre],
                **one.name.by_language(self._languages),
                "x": circles[one.centre].x,
                "y": circles[one.centre].y,
                "radius": circles[one.centre].radius,
                "organisations": sum(network.nodes[node]["bipartite"] == 0 for node in one.members),
                "undertakings": sum(network.nodes[node]["bipartite"] == 1 for node in one.members),
                "topics": [self._tables.concepts.one("topics", topic) for topic in one.topics],
                "place": self._tables.concepts.one("places", one.place),
            }
            for one in self._analysis.communities
        ]

    def _coverage(self, one: Coverage) -> Json:
        return {
            "undertaking": self._tables.number.get(one.undertaking),
            "label": one.label.by_language(self._languages),
            "direct": len(one.named.direct),
            "named": len(one.named.with_parts),
            "sizes": [
                {
                    "qualifier": size.qualifier.by_language(self._languages),
                    "value": size.value,
                    "as_of": self._date(size.as_of),
                    "source": size.source.by_language(self._languages),
                    "url": web_address(size.url) or None,
                }
                for size in one.sizes
            ],
        }

    def _date(self, edtf: str) -> Json | None:
        """A date in words; None for none."""
        words = Text.made(lambda language: date_words(edtf, language), self._languages)
        return words.by_language(self._languages) if edtf else None

    def _introductions(self, kept: set[str]) -> Json:
        """The suggestions in which one of these nodes is named."""
        found = self._analysis.introductions
        return {
            "pairs": [self._introduction(one) for one in found.pairs if one.a in kept or one.b in kept],
            "isolates": [
                {
                    "node": self._tables.number[one.node],
                    "bridges": [self._introduction(bridge) for bridge in one.bridges],
                }
                for one in found.isolates
                if one.node in kept
            ],
        }

    def _introduction(self, one: Introduction) -> Json:
        return {
            "a": self._tables.number[one.a],
            "b": self._tables.number[one.b],
            "score": one.score,
            "neighbours": [self._tables.number[node] for node in one.neighbours],
            "reason": introduction_reason(self._analysis.partners, one).by_language(self._languages),
        }


def explorer_files(analysis: Analysis, whole: int = WHOLE) -> Iterator[tuple[str, str]]:
    """The files of a network, each with its content.

    ``explorer.json`` is the whole of a network of at most so many nodes. Otherwise it is the
    overview, beside ``names.json``, ``part-<community>.json`` for each community in it, ``small-<n>.json``
    and ``lonely.json``.
    """
    explorer = Explorer(analysis)
    if len(analysis.network) <= whole:
        yield "explorer.json", to_text(explorer.whole())
        return
    yield "explorer.json", to_text(explorer.overview())
    for name, content in explorer.files():
        yield f"{name}.json", to_text(content)


def _described(group: str, names: Iterable[str], languages: Languages) -> dict[str, Json]:
    """The label and the definition of each measure or weight."""
    return {
        name: {
            "label": both(f"network.{group}.{name}").by_language(languages),
            "definition": both(f"network.{group}.{name}.definition").by_language(languages),
        }
        for name in names
    }


def to_text(data: Json) -> str:
    """Compact JSON; no character in it can end a script or begin markup."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text + "\n"
