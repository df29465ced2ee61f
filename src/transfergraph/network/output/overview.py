"""A network from afar: communities and regions with the ties between them, and what there is to choose."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

import networkx as nx

from transfergraph.network.model.concepts import with_wholes
from transfergraph.network.output.column_tables import ConceptNumbers, Numbering

Bundle = list[float]


def bundles(partners: nx.Graph, group: Mapping[str, int]) -> list[Bundle]:
    """The ties between and within groups: [group, group, ties, sum of Newman's weight], ascending."""
    count: Counter[tuple[int, int]] = Counter()
    weight: defaultdict[tuple[int, int], list[float]] = defaultdict(list)
    for a, b, data in partners.edges(data=True):
        if a in group and b in group:
            ends = min(group[a], group[b]), max(group[a], group[b])
            count[ends] += 1
            weight[ends].append(data["newman"])
    return [[*ends, count[ends], round(math.fsum(weight[ends]), 3)] for ends in sorted(count)]


def region_circles(partners: nx.Graph, concepts: ConceptNumbers) -> dict[str, Any]:
    """The regions in which partners sit, each partner in the first of its own, and the ties between them.

    ``organisations`` pairs a region with the number of its partners; ``latitude`` and ``longitude`` are the
    middle of their seats, or null; ``unplaced`` is the number of partners without a region.
    """
    home = {
        node: concepts.several("regions", data["regions"])[0]
        for node, data in partners.nodes(data=True)
        if data["regions"]
    }
    seats: defaultdict[int, list[tuple[float, float]]] = defaultdict(list)
    for node, region in home.items():
        data = partners.nodes[node]
        if data["latitude"] is not None:
            seats[region].append((data["latitude"], data["longitude"]))
    size = Counter(home.values())
    order = sorted(size)
    return {
        "region": order,
        "organisations": [size[region] for region in order],
        "latitude": [_mean(at[0] for at in seats[region]) for region in order],
        "longitude": [_mean(at[1] for at in seats[region]) for region in order],
        "bundles": bundles(partners, home),
        "unplaced": len(partners) - len(home),
    }


def _mean(values: Iterable[float]) -> float | None:
    known = list(values)
    return round(math.fsum(known) / len(known), 4) if known else None


def facets(
    network: nx.Graph, partners: nx.Graph, concepts: ConceptNumbers, numbers: Numbering
) -> dict[str, list[list[int]]]:
    """For each facet its values with the number of organisations that have them, the most frequent first.

    A value is a position in the table of that name, for ``alliances`` that of a node. A region or programme
    also counts those of everything within it.
    """
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
            found[name].update(concepts.several(name, iris))
        found["alliances"].update(numbers.of[one] for one in data["alliances"])
    return {
        name: [
            [value, count] for value, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
        ]
        for name, counts in found.items()
    }
