"""What a document needs from a store, in few queries: a handful for an entity, however much it is linked.

The default graph is the union of the named graphs and may hold a triple once for each of them, so every
answer is made a set.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from pyoxigraph import NamedNode

from transfergraph.store import Store, Term
from transfergraph.store.bulk_properties import Statements, numbered_batches, numbered_terms
from transfergraph.web import document_terms as terms

SORTED = 500
"""Up to so many subjects of one property are sorted to be paged."""

PLAIN = f"FILTER(?property != <{terms.COOPERATES}>)"
"""Leaves out with whom an organisation cooperates: that may be thousands, and follows from the rest."""


def own_statements(store: Store, node: NamedNode) -> tuple[Statements, frozenset[str]]:
    """What is stated of the node, except with whom it cooperates, and the named graphs concerned."""
    found: defaultdict[str, set[Term]] = defaultdict(set)
    graphs = set()
    query = (
        f"SELECT ?graph ?property ?value {{ {{ GRAPH ?graph {{ {node} ?property ?value {PLAIN} }} }} UNION "
        f"{{ SELECT ?graph WHERE {{ GRAPH ?graph {{ {node} <{terms.COOPERATES}> ?any }} }} LIMIT 1 }} }}"
    )
    for graph, property_, value in store.select(query).rows:
        if isinstance(graph, NamedNode):
            graphs.add(graph.value)
        if isinstance(property_, NamedNode) and value is not None:
            found[property_.value].add(value)
    return {name: frozenset(values) for name, values in found.items()}, frozenset(graphs)


def counts(store: Store, node: NamedNode) -> dict[str, int]:
    """How many subjects point at the node, by property."""
    query = (
        "SELECT ?property (COUNT(DISTINCT ?subject) AS ?n) "
        f"WHERE {{ ?subject ?property {node} }} GROUP BY ?property"
    )
    return {p.value: int(n.value) for p, n in store.select(query).rows if p is not None and n is not None}


def subjects(
    store: Store, node: NamedNode, counted: Mapping[str, int], page: int, size: int
) -> dict[str, tuple[str, ...]]:
    """By property, the subjects that point at the node and stand on the page, at most ``size`` of each.

    They are in the order of their IRIs; where there are more than :data:`SORTED`, which would take seconds
    to sort, in that of the store.
    """
    offset = (page - 1) * size
    shown = [name for name, count in sorted(counted.items()) if offset < count]
    parts = []
    for number, name in enumerate(shown):
        limit = f"LIMIT {size} OFFSET {offset}" if counted[name] > SORTED else ""
        parts.append(
            f"{{ SELECT DISTINCT ?number ?subject WHERE {{ ?subject {NamedNode(name)} {node} "
            f"BIND({number} AS ?number) }} {limit} }}"
        )
    if not parts:
        return {}
    found: defaultdict[str, set[str]] = defaultdict(set)
    for number, subject in numbered_terms(store, f"SELECT * WHERE {{ {' UNION '.join(parts)} }}"):
        if isinstance(subject, NamedNode):
            found[shown[number]].add(subject.value)
    return {
        name: tuple(sorted(some) if counted[name] > SORTED else sorted(some)[offset : offset + size])
        for name, some in found.items()
    }


def participations(store: Store, undertakings: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    """Who takes part in these undertakings: participation, undertaking, organisation."""
    for some, values in numbered_batches(undertakings, "undertaking"):
        query = (
            f"SELECT ?number ?participation ?partner WHERE {{ {values} ?participation "
            f"<{terms.PARTICIPATES_IN}> ?undertaking ; <{terms.PARTICIPANT}> ?partner }}"
        )
        for number, participation, partner in store.select(query).rows:
            if number is not None and participation is not None and partner is not None:
                yield participation.value, some[int(number.value)], partner.value
