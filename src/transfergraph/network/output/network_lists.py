"""What the network page says as text: organisations, undertakings and how many partners of each are known."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import networkx as nx

from transfergraph.common.date_words import date_words
from transfergraph.common.displayed_values import sort_key, web_address
from transfergraph.common.text import Languages, Text, column_name
from transfergraph.messages import text
from transfergraph.network.layout.communities import whole_of
from transfergraph.network.model.node_classes import gathers
from transfergraph.network.model.partner_completeness import Coverage, Size
from transfergraph.network.model.sentences import concept_label, kind_of, named_words, period, words_of


@dataclass(frozen=True, slots=True)
class ListReference:
    """A name with the target of its link: ``#`` and an anchor of the page, a web address, or empty."""

    label: Text
    target: str


@dataclass(frozen=True, slots=True)
class ListedParticipation:
    """One participation seen from one of its ends."""

    other: ListReference
    roles: Text
    period: Text | None


@dataclass(frozen=True, slots=True)
class ListRow:
    """An organisation or an undertaking with its attributes and neighbours.

    ``anchor`` is the IRI, without the base where it begins with it. ``depth`` is 0 for what is not part of
    another undertaking. ``kind`` and ``place`` may be empty. ``gathers`` tells what stands before all others.
    """

    anchor: str
    label: Text
    kind: Text
    place: Text
    website: str
    period: Text | None
    depth: int
    belongs_to: tuple[ListReference, ...]
    parts: tuple[ListReference, ...]
    connections: tuple[ListedParticipation, ...]
    sources: tuple[ListReference, ...]
    gathers: bool


def organisation_rows(network: nx.Graph, base: str) -> tuple[ListRow, ...]:
    """The organisations by name."""
    rows = _Rows(network, base)
    nodes = [node for node, data in network.nodes(data=True) if data["bipartite"] == 0]
    return tuple(rows.row(node, 0) for node in rows.by_name(nodes))


def undertaking_rows(network: nx.Graph, base: str) -> tuple[ListRow, ...]:
    """The undertakings by name, those that gather others first, each followed by its parts."""
    rows = _Rows(network, base)
    wholes = whole_of(network)
    children: dict[str, list[str]] = {}
    for part, whole in wholes.items():
        children.setdefault(whole, []).append(part)
    tops = [node for node, data in network.nodes(data=True) if data["bipartite"] == 1 and node not in wholes]
    ordered: list[ListRow] = []
    waiting = [(node, 0) for node in reversed(rows.by_name(tops))]
    while waiting:
        node, depth = waiting.pop()
        ordered.append(rows.row(node, depth))
        waiting.extend((part, depth + 1) for part in reversed(rows.by_name(children.get(node, ()))))
    return tuple(ordered)


class _Rows:
    def __init__(self, network: nx.Graph, base: str) -> None:
        self._network = network
        self._base = base

    def by_name(self, nodes: Iterable[str]) -> list[str]:
        return sorted(
            nodes,
            key=lambda node: (
                not gathers(self._network, node),
                sort_key(self._label(node).in_language(self._network.graph["languages"][0])),
                node,
            ),
        )

    def row(self, node: str, depth: int) -> ListRow:
        data = self._network.nodes[node]
        belongs_to = data["unit_of"] if data["bipartite"] == 0 else self._wholes(node)
        edges = [(other, self._network.edges[node, other]) for other in self.by_name(self._network[node])]
        return ListRow(
            node.removeprefix(self._base),
            self._label(node),
            kind_of(self._network, data),
            words_of(self._network, data, "place"),
            web_address(data["url"]),
            period(data["start"], data["end"]),
            depth,
            tuple(self._reference(one) for one in belongs_to),
            tuple(self._reference(other) for other, edge in edges if edge.get("whole") == node),
            tuple(self._connection(other, edge) for other, edge in edges if "roles" in edge),
            tuple(self._source(one) for one in data["sources"]),
            gathers(self._network, node),
        )

    def _label(self, node: str) -> Text:
        data = self._network.nodes[node]
        return words_of(self._network, data)

    def _wholes(self, node: str) -> list[str]:
        return [other for other, edge in self._network[node].items() if edge.get("part") == node]

    def _reference(self, node: str) -> ListReference:
        if node in self._network:
            return ListReference(self._label(node), "#" + node.removeprefix(self._base))
        return ListReference(concept_label(self._network, node), "")

    def _connection(self, other: str, edge: Mapping[str, object]) -> ListedParticipation:
        return ListedParticipation(
            self._reference(other),
            Text.made(lambda one: _joined(edge[column_name("roles", one)]), self._network.graph["languages"]),
            period(str(edge["start"]), str(edge["end"])),
        )

    def _source(self, source: str) -> ListReference:
        found = self._network.graph["sources"][source]
        return ListReference(words_of(self._network, found), web_address(found["url"]))


def _joined(names: object) -> str:
    return ", ".join(names) if isinstance(names, list) else ""


@dataclass(frozen=True, slots=True)
class PartnerCount:
    """Stated and named partners of one undertaking in the legend; a bar shows ``share`` of ``largest``."""

    undertaking: ListReference
    named: Text
    largest: int
    share: int
    sizes: tuple[ListReference, ...]


def partner_count(coverage: Coverage, base: str, network: nx.Graph) -> PartnerCount:
    """The coverage of one undertaking, with a link to its row where the network has it."""
    largest = max((size.value for size in coverage.sizes), default=0)
    target = "#" + coverage.undertaking.removeprefix(base) if coverage.undertaking in network else ""
    return PartnerCount(
        ListReference(coverage.label, target),
        Text.made(lambda one: named_words(coverage.named, one), network.graph["languages"]),
        largest,
        min(len(coverage.named.with_parts), largest),
        tuple(
            ListReference(_sentence(size, network.graph["languages"]), web_address(size.url))
            for size in coverage.sizes
        ),
    )


def _sentence(size: Size, languages: Languages) -> Text:
    def in_language(language: str) -> str:
        qualifier = size.qualifier.in_language(language)
        stated = text("network.coverage.size", language, qualifier=qualifier, value=size.value)
        as_of = (
            text("network.coverage.as-of", language, date=date_words(size.as_of, language))
            if size.as_of
            else ""
        )
        return f"{stated}, {as_of}" if as_of else stated

    return Text.made(in_language, languages)
