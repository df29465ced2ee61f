"""Tables of the explorer's data: nodes, concepts, participations, ties, facets and ties between groups.

Tables are kept by column and refer to nodes and concepts by position.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import networkx as nx

from transfergraph.common.displayed_values import web_address
from transfergraph.common.text import Languages, column_name
from transfergraph.network.model.concepts import with_wholes
from transfergraph.network.model.data_sources import DataSources
from transfergraph.network.model.projection import alliances_of
from transfergraph.network.model.sentences import amounts_of, words_of
from transfergraph.network.output.analysis import Analysis
from transfergraph.network.output.picture import kind_symbols, undertaking_symbols

Columns = dict[str, Any]
Pair = tuple[str, str]


class ConceptNumbers:
    """The positions of kinds, roles, topics, regions, programmes, places and sources, each table by label."""

    def __init__(self, network: nx.Graph, base: str, data_sources: DataSources | None = None) -> None:
        self._network = network
        self._base = base
        self._data_sources = data_sources
        self._languages: Languages = network.graph["languages"]
        nodes = [data for _, data in network.nodes(data=True)]
        links = [d for _, _, d in network.edges(data=True) if d["relation"] == "participation"]
        above = network.graph["wholes"]
        regions = with_wholes({one for data in nodes for one in data["regions"]}, above)
        programmes = with_wholes({one for data in nodes for one in data["programmes"]}, above)
        self._tables = {
            "kinds": self._by_label({data["kind"] for data in nodes} - {""}),
            "roles": self._by_label({role for data in links for role in data["roles"]}),
            "topics": self._by_label({topic for data in nodes for topic in data["topics"]}),
            "regions": self._by_label(regions),
            "programmes": self._by_label(programmes),
            "places": self._by_label({data["place"] for data in nodes} - {""}),
            "sources": [*sorted(network.graph["sources"]), *(data_sources.titles if data_sources else ())],
        }
        self._positions = {
            name: {iri: position for position, iri in enumerate(iris)} for name, iris in self._tables.items()
        }
        self._coordinates = {d["place"]: (d["latitude"], d["longitude"]) for d in nodes}

    def _by_label(self, iris: Iterable[str]) -> list[str]:
        names = self._network.graph["names"]
        return sorted(iris, key=lambda iri: (names[iri][0].casefold(), iri))

    def one(self, table: str, iri: str) -> int | None:
        """The position of a concept, None for an empty IRI."""
        return self._positions[table][iri] if iri else None

    def several(self, table: str, iris: Iterable[str]) -> list[int]:
        """The positions of concepts, ascending."""
        return sorted(self._positions[table][iri] for iri in iris)

    def iris(self, table: str) -> list[str]:
        """The IRIs of a table in order."""
        return self._tables[table]

    def json(self) -> dict[str, Columns]:
        """The tables: ``key`` (IRI without the base), ``de`` and a column for each other language (null where
        it is the same as the first), and more."""
        names, others = self._network.graph["names"], self._network.graph["other_names"]
        tables = {
            name: _labelled(iris, [names[iri] for iri in iris], self._base, self._languages)
            for name, iris in self._tables.items()
            if name != "sources"
        }
        for name in ("topics", "programmes"):
            tables[name]["alt"] = [others.get(iri) for iri in self._tables[name]]
        for name in ("regions", "programmes"):
            wholes = self._network.graph["wholes"]
            tables[name]["within"] = [self.several(name, wholes.get(i, ())) for i in self._tables[name]]
        nuts = self._network.graph["nuts"]
        tables["regions"]["nuts"] = [nuts.get(iri) for iri in self._tables["regions"]]
        places = [self._coordinates[iri] for iri in self._tables["places"]]
        tables["places"] |= {"latitude": [at[0] for at in places], "longitude": [at[1] for at in places]}
        tables["sources"] = self._sources()
        return tables

    def _sources(self) -> Columns:
        """The cited sources, and behind them the data sources where there are several."""
        cited, iris = self._network.graph["sources"], self._tables["sources"]
        whole = self._data_sources.titles if self._data_sources else {}
        labels = [
            _columns(cited[one], self._languages)
            if one in cited
            else tuple(whole[one].by_language(self._languages).values())
            for one in iris
        ]
        table = _labelled(iris, labels, self._base, self._languages)
        table["url"] = [web_address(cited[one]["url"]) or None if one in cited else None for one in iris]
        return table

    def stating(self, things: Iterable[Iterable[str]]) -> Columns:
        """A column with the data sources that state any of these things; none where there is one source."""
        if self._data_sources is None:
            return {}
        stated = self._data_sources.stated_in
        graphs = ({graph for one in several for graph in stated.get(one, ())} for several in things)
        return {"stated": [self.several("sources", one) for one in graphs]}


def _columns(data: Mapping[str, Any], languages: Languages) -> tuple[str, ...]:
    return tuple(data[column_name("label", one)] for one in languages)


def _labelled(
    iris: Iterable[str], labels: Sequence[Sequence[str]], base: str, languages: Languages
) -> Columns:
    first, *others = languages
    return {
        "key": [iri.removeprefix(base) for iri in iris],
        first: [label[0] for label in labels],
        **{
            language: [None if label[number] == label[0] else label[number] for label in labels]
            for number, language in enumerate(others, 1)
        },
    }


class ExplorerTables:
    """The tables of one network.

    ``order`` has the organisations by IRI, then the undertakings by IRI. ``number`` is the position of a node
    in it, ``community`` the position of its community; isolated nodes have none.
    """

    def __init__(self, analysis: Analysis) -> None:
        sides = analysis.network.nodes(data="bipartite")
        self._analysis = analysis
        self._alliances = alliances_of(analysis.network)
        self._class = {name: number for number, name in enumerate(analysis.network.graph["classes"])}
        self.concepts = ConceptNumbers(analysis.network, analysis.about.base, analysis.sources)
        self.order = sorted(analysis.network, key=lambda node: (sides[node], node))
        self.number = {node: position for position, node in enumerate(self.order)}
        self.community = {
            node: position for position, one in enumerate(analysis.communities) for node in one.members
        }

    def nodes(self, nodes: Sequence[str]) -> Columns:
        """The columns of these nodes; ``index`` is left out where they are all nodes in order."""
        concepts, number = self.concepts, self.number
        partners, network = self._analysis.partners, self._analysis.network
        data = [partners.nodes[node] if node in partners else network.nodes[node] for node in nodes]
        columns = self._names(nodes)
        if nodes == self.order:
            del columns["index"]
        return {
            **columns,
            "alt": _sparse(one["alternative_labels"] for one in data),
            "class": [self._class[one["class"]] for one in data],
            "kind": [concepts.one("kinds", one["kind"]) for one in data],
            "place": [concepts.one("places", one["place"]) for one in data],
            **{
                name: [concepts.several(name, one[name]) for one in data]
                for name in ("regions", "topics", "programmes")
            },
            "alliances": [self._alliances_of(node) for node in nodes],
            "start": _sparse(one["start"] for one in data),
            "end": _sparse(one["end"] for one in data),
            "amounts": _sparse(list(amounts_of(one)) for one in data),
            "amount_basis": _sparse(one["amount_basis"] for one in data),
            "url": _sparse(web_address(one["url"]) for one in data),
            "unit_of": _sparse([number[one] for one in d["unit_of"] if one in number] for d in data),
            "sources": [concepts.several("sources", one["sources"]) for one in data],
            **concepts.stating([node] for node in nodes),
            **self._places(nodes),
            **self._measures([node for node in nodes if node in partners]),
        }

    def references(self, nodes: Sequence[str]) -> Columns:
        """Names and positions of these nodes, which are described elsewhere."""
        classes = (self._analysis.network.nodes[node]["class"] for node in nodes)
        columns = {"class": [self._class[name] for name in classes]}
        return {**self._names(nodes), **columns, **self._places(nodes)}

    def _names(self, nodes: Sequence[str]) -> Columns:
        data = (self._analysis.network.nodes[node] for node in nodes)
        languages = self._analysis.network.graph["languages"]
        labels = [_columns(one, languages) for one in data]
        numbers = [self.number[node] for node in nodes]
        return {"index": numbers, **_labelled(nodes, labels, self._analysis.about.base, languages)}

    def _places(self, nodes: Sequence[str]) -> Columns:
        positions = [self._analysis.layout.positions[node] for node in nodes]
        communities = [self.community.get(node) for node in nodes]
        return {"community": communities, "x": [x for x, _ in positions], "y": [y for _, y in positions]}

    def _measures(self, organisations: Sequence[str]) -> Columns:
        """The measures of the organisations among the nodes, which come first."""
        found = [self._analysis.measures.of[node] for node in organisations]
        data = [self._analysis.partners.nodes[node] for node in organisations]
        return {
            "ties": [one.ties for one in found],
            "reach": [one.reach for one in found],
            "broker": [_rounded(one.broker) for one in found],
            "constraint": [_rounded(one.constraint) for one in found],
            "funding": [one["funding"] for one in data],
            "undertakings": [one["undertakings"] for one in data],
        }

    def _alliances_of(self, node: str) -> list[int]:
        """The alliances that an organisation takes part in, or that an undertaking is or is part of."""
        if node in self._analysis.partners:
            return sorted(self.number[one] for one in self._analysis.partners.nodes[node]["alliances"])
        return [self.number[self._alliances[node]]] if node in self._alliances else []

    def links(self, pairs: Iterable[Pair], files: dict[tuple[str, str], int]) -> Columns:
        """The participations of these organisations in these undertakings.

        ``cells`` are pairs of a position in ``files``, which is filled here, and a row.
        """
        links = sorted((self.number[o], self.number[u], (o, u)) for o, u in pairs)
        data = [self._analysis.network.edges[link[2]] for link in links]
        return {
            "o": [link[0] for link in links],
            "u": [link[1] for link in links],
            "roles": [self.concepts.several("roles", one["roles"]) for one in data],
            "start": _sparse(one["start"] for one in data),
            "end": _sparse(one["end"] for one in data),
            "first": [one["first_year"] for one in data],
            "last": [one["last_year"] for one in data],
            "amounts": _sparse(list(amounts_of(one)) for one in data),
            "sources": [self.concepts.several("sources", one["sources"]) for one in data],
            **self.concepts.stating(one["participations"] for one in data),
            "cells": [
                [[files.setdefault(cell[:2], len(files)), cell.row] for cell in one.get("cells", ())]
                for one in data
            ],
        }

    def ties(self, ties: Iterable[Pair]) -> Columns:
        """These ties, each with the smaller IRI first, by the positions of their ends."""
        found = sorted((self.number[a], self.number[b], (a, b)) for a, b in ties)
        data = [self._analysis.partners.edges[tie[2]] for tie in found]
        return {
            "a": [tie[0] for tie in found],
            "b": [tie[1] for tie in found],
            "shared": [one["shared"] for one in data],
            "newman": [_rounded(one["newman"]) for one in data],
            "funding": [one["funding"] for one in data],
            "significance": [_rounded(self._analysis.significance[tie[2]]) for tie in found],
            "first": [one["first_year"] for one in data],
            "last": [one["last_year"] for one in data],
            "large": [one["large"] for one in data],
            "undertakings": [[self.number[one] for one in tie["undertakings"]] for tie in data],
        }

    def classes(self) -> list[dict[str, object]]:
        """The labels of each class of nodes, in the order of their numbers, and how its nodes are drawn: of a
        class of organisations those without a kind."""
        network = self._analysis.network
        symbols = kind_symbols(network) | undertaking_symbols(network)
        found: list[dict[str, object]] = []
        for name, one in network.graph["classes"].items():
            shape, colour = symbols.get(name, (None, None))
            found.append(
                {
                    **words_of(network, one).by_language(network.graph["languages"]),
                    "organisation": one["bipartite"] == 0,
                    "gathers": bool(one["gathers"]),
                    "shape": shape,
                    "colour": colour,
                }
            )
        return found

    def kind_symbols(self) -> list[tuple[str, str] | None]:
        """Shape and colour of each kind in the table of kinds; None where it has none of its own."""
        own = kind_symbols(self._analysis.network)
        return [own.get(kind) for kind in self.concepts.iris("kinds")]

    def kinds_of(self, group: Mapping[str, int]) -> dict[int, list[list[int]]]:
        """For each group the kinds of its organisations with the number of each, by kind."""
        found: defaultdict[int, Counter[int]] = defaultdict(Counter)
        for node, data in self._analysis.partners.nodes(data=True):
            kind = self.concepts.one("kinds", data["kind"])
            if node in group and kind is not None:
                found[group[node]][kind] += 1
        return {one: [list(item) for item in sorted(kinds.items())] for one, kinds in found.items()}

    def facets(self) -> dict[str, list[list[int]]]:
        """For each facet its values with the number of organisations that have them, the most frequent first.

        A value is a position in the table of that name, for ``alliances`` that of a node. A region or
        programme also counts those of everything within it. Of sources there are the data sources, where
        there are several.
        """
        network, partners = self._analysis.network, self._analysis.partners
        found: dict[str, Counter[int]] = {
            name: Counter() for name in ("kinds", "programmes", "alliances", "regions", "topics", "roles")
        }
        wholes = partners.graph["wholes"]
        for node, data in partners.nodes(data=True):
            values = {
                "kinds": [data["kind"]] if data["kind"] else [],
                "programmes": with_wholes(data["programmes"], wholes),
                "regions": with_wholes(data["regions"], wholes),
                "topics": data["topics"],
                "roles": {role for edge in network[node].values() for role in edge.get("roles", ())},
            }
            for name, iris in values.items():
                found[name].update(self.concepts.several(name, iris))
            found["alliances"].update(self.number[one] for one in data["alliances"])
        if self._analysis.sources is not None:
            stated = self._analysis.sources.stated_in
            found["sources"] = Counter()
            for node in partners:
                told = [node, *(one for e in network[node].values() for one in e.get("participations", ()))]
                graphs = {graph for one in told for graph in stated.get(one, ())}
                found["sources"].update(self.concepts.several("sources", graphs))
        return {
            name: [
                [value, count]
                for value, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
            ]
            for name, counts in found.items()
        }

    def regions(self) -> dict[str, Any]:
        """The regions in which partners sit, each partner in the first of its own, and the ties between them.

        ``organisations`` pairs a region with the number of its partners; ``latitude`` and ``longitude`` are
        the mean of their seats, or null; ``unplaced`` is the number of partners without a region.
        """
        partners = self._analysis.partners
        region_of = {
            node: self.concepts.several("regions", data["regions"])[0]
            for node, data in partners.nodes(data=True)
            if data["regions"]
        }
        seats: defaultdict[int, list[tuple[float, float]]] = defaultdict(list)
        for node, region in region_of.items():
            data = partners.nodes[node]
            if data["latitude"] is not None:
                seats[region].append((data["latitude"], data["longitude"]))
        size = Counter(region_of.values())
        order = sorted(size)
        return {
            "region": order,
            "organisations": [size[region] for region in order],
            "latitude": [_mean(at[0] for at in seats[region]) for region in order],
            "longitude": [_mean(at[1] for at in seats[region]) for region in order],
            "bundles": group_ties(partners, region_of),
            "unplaced": len(partners) - len(region_of),
        }


def _sparse(values: Iterable[object]) -> dict[str, object]:
    """The values that are not empty, by position."""
    return {str(position): value for position, value in enumerate(values) if value or value == 0}


def _rounded(value: float | None) -> float | int | None:
    """Four decimals, and no decimals for whole numbers."""
    if value is None:
        return None
    rounded = round(value, 4)
    return int(rounded) if rounded == int(rounded) else rounded


GroupTie = list[float]


def group_ties(partners: nx.Graph, group: Mapping[str, int]) -> list[GroupTie]:
    """The ties between and within groups: [group, group, ties, sum of Newman's weight], ascending."""
    count: Counter[tuple[int, int]] = Counter()
    weight: defaultdict[tuple[int, int], list[float]] = defaultdict(list)
    for a, b, data in partners.edges(data=True):
        if a in group and b in group:
            ends = min(group[a], group[b]), max(group[a], group[b])
            count[ends] += 1
            weight[ends].append(data["newman"])
    return [[*ends, count[ends], round(math.fsum(weight[ends]), 3)] for ends in sorted(count)]


def _mean(values: Iterable[float]) -> float | None:
    numbers = list(values)
    return round(math.fsum(numbers) / len(numbers), 4) if numbers else None
