"""Which data sources state the nodes and participations of a network, and what the own tables state."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import networkx as nx

from transfergraph.common.text import Text
from transfergraph.store import Store
from transfergraph.store.bulk_properties import plain, values_clause


@dataclass(frozen=True, slots=True)
class DataSources:
    """The data sources of a network by their named graphs, in the order of these.

    ``stated_in`` has the graphs that state each node and participation; ``own`` are the nodes that tables
    kept by hand state, where there are other sources.
    """

    titles: Mapping[str, Text]
    stated_in: Mapping[str, Collection[str]]
    own: frozenset[str]


def read_data_sources(
    network: nx.Graph, store: Store, titles: Mapping[str, Text], own: Collection[str]
) -> DataSources:
    """Read which source states what; ``own`` are the named graphs of tables kept by hand, beside others."""
    records = {one for _, _, data in network.edges(data=True) for one in data.get("participations", ())}
    stated = _stated_in(store, records.union(network), titles)
    nodes = frozenset(node for node in network if not set(own).isdisjoint(stated.get(node, ())))
    return DataSources(dict(sorted(titles.items())), stated, nodes)


def _stated_in(store: Store, things: Collection[str], graphs: Collection[str]) -> dict[str, set[str]]:
    """The graphs among these that state the class of each thing.

    All that the graphs state is read: that takes seconds, where asking for many things by name takes minutes.
    """
    wanted = set(things)
    found: defaultdict[str, set[str]] = defaultdict(set)
    stated = f"{values_clause('graph', graphs)} GRAPH ?graph {{ ?thing a ?class }}"
    for thing, graph in store.select(f"SELECT ?thing ?graph WHERE {{ {stated} }}").rows:
        if (iri := plain(thing)) in wanted:
            found[iri].add(plain(graph))
    return {one: found[one] for one in sorted(found)}
