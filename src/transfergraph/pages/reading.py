"""What a document needs from a store, in few queries: a handful for an entity, however much it is linked.

The default graph is the union of the named graphs and may hold a triple once for each of them, so every
answer is made a set.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from pyoxigraph import NamedNode

from transfergraph.pages import terms
from transfergraph.store import Store, Term

Statements = Mapping[str, frozenset[Term]]
"""The values of each property of one subject."""

SORTED = 500
"""Up to so many subjects of one property are sorted to be paged."""

_SUBJECTS_PER_QUERY = 500
_PLAIN = f"FILTER(?property != <{terms.COOPERATES}>)"


def own_statements(store: Store, node: NamedNode) -> tuple[Statements, frozenset[str]]:
    """What is stated of the node, except with whom it cooperates, and the named graphs that state it."""
    found: defaultdict[str, set[Term]] = defaultdict(set)
    graphs = set()
    query = f"SELECT ?graph ?property ?value WHERE {{ GRAPH ?graph {{ {node} ?property ?value {_PLAIN} }} }}"
    for graph, property_, value in store.select(query).rows:
        if isinstance(graph, NamedNode) and isinstance(property_, NamedNode) and value is not None:
            found[property_.value].add(value)
            graphs.add(graph.value)
    return _frozen(found), frozenset(graphs)


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
    parts = []
    for name, count in sorted(counted.items()):
        if offset < count:
            limit = f"LIMIT {size} OFFSET {offset}" if count > SORTED else ""
            parts.append(
                f"{{ SELECT DISTINCT ?property ?subject WHERE {{ VALUES ?property {{ {NamedNode(name)} }} "
                f"?subject ?property {node} }} {limit} }}"
            )
    if not parts:
        return {}
    found: defaultdict[str, set[str]] = defaultdict(set)
    for property_, subject in store.select(f"SELECT * WHERE {{ {' UNION '.join(parts)} }}").rows:
        if isinstance(property_, NamedNode) and isinstance(subject, NamedNode):
            found[property_.value].add(subject.value)
    return {
        name: tuple(sorted(some) if counted[name] > SORTED else sorted(some)[offset : offset + size])
        for name, some in found.items()
    }


def statements_of(store: Store, subjects: Iterable[str]) -> dict[str, Statements]:
    """What is stated of many subjects, except with whom they cooperate."""
    found: defaultdict[str, defaultdict[str, set[Term]]] = defaultdict(lambda: defaultdict(set))
    for values in _batches(subjects):
        query = f"SELECT ?subject ?property ?value WHERE {{ {values} ?subject ?property ?value {_PLAIN} }}"
        for subject, property_, value in store.select(query).rows:
            if subject is not None and property_ is not None and value is not None:
                found[subject.value][property_.value].add(value)
    return {subject: _frozen(properties) for subject, properties in found.items()}


def values_of(store: Store, wanted: Iterable[tuple[str, str]]) -> dict[str, Statements]:
    """The values of pairs of a subject and a property."""
    found: defaultdict[str, defaultdict[str, set[Term]]] = defaultdict(lambda: defaultdict(set))
    pairs = sorted(set(wanted))
    for begin in range(0, len(pairs), _SUBJECTS_PER_QUERY):
        some = pairs[begin : begin + _SUBJECTS_PER_QUERY]
        listed = " ".join(f"({NamedNode(subject)} {NamedNode(property_)})" for subject, property_ in some)
        query = (
            f"SELECT ?subject ?property ?value WHERE {{ VALUES (?subject ?property) {{ {listed} }} "
            "?subject ?property ?value }"
        )
        for subject, property_, value in store.select(query).rows:
            if subject is not None and property_ is not None and value is not None:
                found[subject.value][property_.value].add(value)
    return {subject: _frozen(of_subject) for subject, of_subject in found.items()}


def evidence(store: Store, node: NamedNode) -> Iterator[tuple[str, str, str]]:
    """Who else takes part in what an organisation takes part in: participation, undertaking, organisation."""
    query = (
        f"SELECT ?other ?undertaking ?partner WHERE {{ ?own <{terms.PARTICIPANT}> {node} ; "
        f"<{terms.PARTICIPATES_IN}> ?undertaking . ?other <{terms.PARTICIPATES_IN}> ?undertaking ; "
        f"<{terms.PARTICIPANT}> ?partner FILTER(?partner != {node}) }}"
    )
    for other, undertaking, partner in store.select(query).rows:
        if other is not None and undertaking is not None and partner is not None:
            yield other.value, undertaking.value, partner.value


def _frozen(found: Mapping[str, set[Term]]) -> Statements:
    return {property_: frozenset(values) for property_, values in found.items()}


def _batches(subjects: Iterable[str]) -> Iterator[str]:
    """``VALUES ?subject { ... }`` for some hundred subjects at a time; IRIs are serialised as terms."""
    wanted = sorted(set(subjects))
    for begin in range(0, len(wanted), _SUBJECTS_PER_QUERY):
        nodes = " ".join(str(NamedNode(one)) for one in wanted[begin : begin + _SUBJECTS_PER_QUERY])
        yield f"VALUES ?subject {{ {nodes} }}"
