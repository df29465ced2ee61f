"""Parts of the network: of some alliances, of some years, around somebody."""

from __future__ import annotations

from collections.abc import Collection

import networkx as nx

from transfergraph.network.model.network_graph import year
from transfergraph.network.model.projection import alliances_of

Years = tuple[int, int]


def of_alliances(network: nx.Graph, alliances: Collection[str]) -> nx.Graph:
    """These alliances (IRIs) with all that is part of them and everybody who takes part."""
    inside = alliances_of(network)
    undertakings = {one for one, alliance in inside.items() if alliance in alliances}
    around = {
        other
        for one in undertakings
        for other in network[one]
        if network.nodes[other]["bipartite"] == 0 or other in undertakings
    }
    return restricted(network, undertakings | around)


def of_years(network: nx.Graph, years: Years) -> nx.Graph:
    """What is known to run, or may have run, in these years, with those who take part in it then.

    A participation whose years are unknown stays: what is not known is not denied. An undertaking goes when
    its own period lies outside; an organisation goes when all of its participations have gone and stays
    when it never had one.
    """
    before = {node for node, kind in network.nodes(data="bipartite") if kind == 0 and network.degree(node)}
    gone = {
        node
        for node, data in network.nodes(data=True)
        if data["bipartite"] == 1 and not meets(year(data["start"]), year(data["end"]), years)
    }
    kept = restricted(network, set(network) - gone)
    kept.remove_edges_from(
        [
            (a, b)
            for a, b, data in kept.edges(data=True)
            if data["relation"] == "participation" and not meets(data["first_year"], data["last_year"], years)
        ]
    )
    kept.remove_nodes_from([node for node in before if node in kept and not kept.degree(node)])
    return kept


def meets(first: int | None, last: int | None, years: Years) -> bool:
    """Whether a period overlaps these years; an unknown end is open."""
    return (first is None or first <= years[1]) and (last is None or last >= years[0])


def ego(network: nx.Graph, node: str, depth: int, at_most: int | None = None) -> nx.Graph:
    """What lies within ``depth`` steps of a node, the nearest first, and among the equally near the best
    connected, no more than ``at_most`` nodes."""
    found, ring = [node], [node]
    seen = {node}
    for _ in range(depth):
        further = sorted(
            {other for one in ring for other in network[one]} - seen,
            key=lambda one: (-network.degree(one), one),
        )
        found += further
        seen.update(further)
        ring = further
    return restricted(network, set(found[:at_most]))


def restricted(network: nx.Graph, nodes: Collection[str]) -> nx.Graph:
    """The network among these nodes, in its own order; a view of networkx would have none."""
    kept = set(nodes)
    part = nx.Graph(**network.graph)
    part.add_nodes_from((node, data) for node, data in network.nodes(data=True) if node in kept)
    part.add_edges_from((a, b, d) for a, b, d in network.edges(data=True) if a in kept and b in kept)
    return part
