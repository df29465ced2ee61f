"""What a document needs from a store, in few queries: a handful for an entity, however much it is linked.

The default graph is the union of the named graphs and may hold a triple once for each of them, so every
answer is made a set.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from pyoxigraph import NamedNode

from transfergraph.store import Store, Term
from transfergraph.web import document_terms as terms

Statements = Mapping[str, frozenset[Term]]
"""The values of each property of one subject."""

SORTED = 500
"""Up to so many subjects of one property are sorted to be paged."""

_KEYS_PER_QUERY = 500
_PLAIN = f"FILTER(?property != <{terms.COOPERATES}>)"


def own_statements(store: Store, node: NamedNode) -> tuple[Statements, frozenset[str]]:
    """What is stated of the node, except with whom it cooperates, and the named graphs concerned."""
    found: defaultdict[str, set[Term]] = defaultdict(set)
    graphs = set()
    query = (
        f"SELECT ?graph ?property ?value {{ {{ GRAPH ?graph {{ {node} ?property ?value {_PLAIN} }} }} UNION "
        f"{{ SELECT ?graph WHERE {{ GRAPH ?graph {{ {node} <{terms.COOPERATES}> ?any }} }} LIMIT 1 }} }}"
    )
    for graph, property_, value in store.select(query).rows:
        if isinstance(graph, NamedNode):
            graphs.add(graph.value)
        if isinstance(property_, NamedNode) and value is not None:
            found[property_.value].add(value)
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
    for number, subject in _numbered(store, f"SELECT * WHERE {{ {' UNION '.join(parts)} }}"):
        if isinstance(subject, NamedNode):
            found[shown[number]].add(subject.value)
    return {
        name: tuple(sorted(some) if counted[name] > SORTED else sorted(some)[offset : offset + size])
        for name, some in found.items()
    }


def statements_of(store: Store, subjects: Iterable[str]) -> dict[str, Statements]:
    """What is stated of many subjects, except with whom they cooperate."""
    found: defaultdict[str, defaultdict[str, set[Term]]] = defaultdict(lambda: defaultdict(set))
    for some, values in _batches([(subject,) for subject in sorted(set(subjects))], "?subject"):
        query = f"SELECT ?number ?property ?value WHERE {{ {values} ?subject ?property ?value {_PLAIN} }}"
        for number, property_, value in store.select(query).rows:
            if number is not None and property_ is not None and value is not None:
                found[some[int(number.value)][0]][property_.value].add(value)
    return {subject: _frozen(properties) for subject, properties in found.items()}


def values_of(store: Store, wanted: Iterable[tuple[str, str]]) -> dict[str, Statements]:
    """The values of pairs of a subject and a property."""
    found: defaultdict[str, defaultdict[str, set[Term]]] = defaultdict(lambda: defaultdict(set))
    for pairs, values in _batches(sorted(set(wanted)), "?subject ?property"):
        query = f"SELECT ?number ?value WHERE {{ {values} ?subject ?property ?value }}"
        for number, value in _numbered(store, query):
            subject, property_ = pairs[number]
            found[subject][property_].add(value)
    return {subject: _frozen(of_subject) for subject, of_subject in found.items()}


def participations(store: Store, undertakings: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    """Who takes part in these undertakings: participation, undertaking, organisation."""
    for some, values in _batches([(one,) for one in sorted(set(undertakings))], "?undertaking"):
        query = (
            f"SELECT ?number ?participation ?partner WHERE {{ {values} ?participation "
            f"<{terms.PARTICIPATES_IN}> ?undertaking ; <{terms.PARTICIPANT}> ?partner }}"
        )
        for number, participation, partner in store.select(query).rows:
            if number is not None and participation is not None and partner is not None:
                yield str(participation.value), some[int(number.value)][0], str(partner.value)


def _numbered(store: Store, query: str) -> Iterator[tuple[int, Term]]:
    """The solutions of a query for a number and a term."""
    for row in store.select(query).rows:
        number, term = row
        if number is not None and term is not None:
            yield int(number.value), term


def _batches(
    keys: Sequence[tuple[str, ...]], variables: str
) -> Iterator[tuple[Sequence[tuple[str, ...]], str]]:
    """``VALUES (?number ...) { ... }`` for some hundred keys at a time; IRIs are serialised as terms.

    Answers name a key by its number: an IRI would have to be looked up once for each row.
    """
    for begin in range(0, len(keys), _KEYS_PER_QUERY):
        some = keys[begin : begin + _KEYS_PER_QUERY]
        listed = (f"({n} {' '.join(str(NamedNode(iri)) for iri in key)})" for n, key in enumerate(some))
        yield some, f"VALUES (?number {variables}) {{ {' '.join(listed)} }}"


def _frozen(found: Mapping[str, set[Term]]) -> Statements:
    return {property_: frozenset(values) for property_, values in found.items()}
