"""What a document needs from a store, in few queries: a handful for an entity, however much it is linked.

The default graph is the union of the named graphs and may hold a triple once for each of them, so every
answer is made a set.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice

from pyoxigraph import Literal, NamedNode

from transfergraph.store import Store, Term
from transfergraph.store.bulk_properties import Statements, numbered_batches, numbered_terms
from transfergraph.web import document_terms as terms

SORTED = 500
"""Up to so many subjects of one property are sorted to be paged."""

PLAIN = f"FILTER(?property != <{terms.COOPERATES}>)"
"""Leaves out with whom an organisation cooperates: that may be thousands, and follows from the rest."""


StatedByGraph = dict[str, set[tuple[str, Term | None]]]
"""By named graph the properties and values that it states of a node; a value is None for several."""


def own_statements(store: Store, node: NamedNode) -> tuple[Statements, StatedByGraph]:
    """What is stated of the node, except with whom it cooperates; and by named graph what this one states,
    with None for all with whom it cooperates."""
    found: defaultdict[str, set[Term]] = defaultdict(set)
    graphs: StatedByGraph = {}
    query = (
        f"SELECT ?graph ?property ?value {{ {{ GRAPH ?graph {{ {node} ?property ?value {PLAIN} }} }} UNION "
        f"{{ SELECT ?graph WHERE {{ GRAPH ?graph {{ {node} <{terms.COOPERATES}> ?any }} }} LIMIT 1 }} }}"
    )
    for graph, property_, value in store.select(query).rows:
        is_plain = isinstance(property_, NamedNode) and value is not None
        name = property_.value if isinstance(property_, NamedNode) else terms.COOPERATES
        if isinstance(graph, NamedNode):
            graphs.setdefault(graph.value, set()).add((name, value if is_plain else None))
        if is_plain and value is not None:
            found[name].add(value)
    return {name: frozenset(values) for name, values in found.items()}, graphs


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


def participations(store: Store, undertakings: Iterable[str]) -> Iterator[tuple[str, str, str, str]]:
    """Who takes part in these undertakings: participation, undertaking, organisation, and since when if that
    is stated."""
    for some, values in numbered_batches(undertakings, "undertaking"):
        query = (
            f"SELECT ?number ?participation ?partner ?start WHERE {{ {values} ?participation "
            f"<{terms.PARTICIPATES_IN}> ?undertaking ; <{terms.PARTICIPANT}> ?partner "
            f"OPTIONAL {{ ?participation <{terms.START}> ?start }} }}"
        )
        for number, participation, partner, start in store.select(query).rows:
            if number is not None and participation is not None and partner is not None:
                since = "" if start is None else start.value
                yield participation.value, some[int(number.value)], partner.value, since


def undertakings_of(store: Store, organisations: Iterable[str], most: int) -> Iterator[tuple[str, str]]:
    """In what these organisations take part: organisation, undertaking; at most so many in a query."""
    for some, values in numbered_batches(organisations, "partner"):
        query = (
            f"SELECT DISTINCT ?number ?undertaking WHERE {{ {values} ?participation "
            f"<{terms.PARTICIPANT}> ?partner ; <{terms.PARTICIPATES_IN}> ?undertaking }} LIMIT {most}"
        )
        for number, undertaking in numbered_terms(store, query):
            if isinstance(undertaking, NamedNode):
                yield some[number], undertaking.value


def wholes_above(store: Store, node: NamedNode, undertakings: Iterable[str]) -> Iterator[tuple[str, str]]:
    """What these undertakings are part of, where the node takes no part itself: undertaking, whole."""
    for some, values in numbered_batches(undertakings, "part"):
        query = (
            f"SELECT DISTINCT ?number ?whole WHERE {{ {values} ?part <{terms.PART_OF}>+ ?whole "
            f"FILTER NOT EXISTS {{ ?direct <{terms.PARTICIPATES_IN}> ?whole ; "
            f"<{terms.PARTICIPANT}> {node} }} }}"
        )
        for number, whole in numbered_terms(store, query):
            if isinstance(whole, NamedNode):
                yield some[number], whole.value


def parts_of_partners(store: Store, node: NamedNode, partners: Iterable[str]) -> Iterator[tuple[str, str]]:
    """In which parts of an undertaking these partners take part: partner, part."""
    for some, values in numbered_batches(partners, "partner"):
        query = (
            f"SELECT DISTINCT ?number ?part WHERE {{ {values} ?participation "
            f"<{terms.PARTICIPANT}> ?partner ; <{terms.PARTICIPATES_IN}> ?part . "
            f"?part <{terms.PART_OF}>+ {node} }}"
        )
        for number, part in numbered_terms(store, query):
            if isinstance(part, NamedNode):
                yield some[number], part.value


def taking_part(
    store: Store, node: NamedNode, organisations: Iterable[str], most: int
) -> dict[str, set[str]]:
    """The undertakings in which these organisations take part, with those of them that do, apart from the
    node, its parts and what it is part of; nothing where there are more than ``most`` to go through."""
    pairs = list(islice(undertakings_of(store, organisations, most + 1), most + 1))
    if len(pairs) > most:
        return {}
    found: defaultdict[str, set[str]] = defaultdict(set)
    for organisation, undertaking in pairs:
        found[undertaking].add(organisation)
    part = f"<{terms.PART_OF}>+"
    related = f"SELECT DISTINCT ?one WHERE {{ {{ ?one {part} {node} }} UNION {{ {node} {part} ?one }} }}"
    own = {one.value for (one,) in store.select(related).rows if one is not None} | {node.value}
    return {one: partners for one, partners in found.items() if one not in own}


def sharing(store: Store, values: Iterable[tuple[str, str]], most: int) -> list[tuple[str, ...]]:
    """For each pair of a property and its value the subjects that have it, sorted; none where there are more
    than ``most``."""
    parts = [
        f"{{ SELECT DISTINCT ?number ?subject WHERE {{ ?subject {NamedNode(name)} {NamedNode(value)} "
        f"BIND({number} AS ?number) }} LIMIT {most + 1} }}"
        for number, (name, value) in enumerate(values)
    ]
    found: list[set[str]] = [set() for _ in parts]
    if parts:
        for number, subject in numbered_terms(store, f"SELECT * WHERE {{ {' UNION '.join(parts)} }}"):
            if isinstance(subject, NamedNode):
                found[number].add(subject.value)
    return [tuple(sorted(some)) if len(some) <= most else () for some in found]


def within(
    store: Store, node: NamedNode, property_: str, narrower: str, folders: Iterable[str], most: int
) -> Iterator[str]:
    """What has the node or anything within it as a value of the property, lies in a place that has it, or
    gets money that has it; of the IRIs that begin with one of these folders, and at most so many."""
    path = f"<{property_}>/<{narrower}>* {node}"
    begins = " || ".join(f"STRSTARTS(STR(?thing), {Literal(folder)})" for folder in sorted(folders))
    query = (
        f"SELECT DISTINCT ?thing WHERE {{ {{ ?thing {path} }} "
        f"UNION {{ ?place {path} . ?thing <{terms.LOCATION}>|<{terms.SEAT}> ?place }} "
        f"UNION {{ ?grant {path} ; <{terms.FUNDS}> ?thing }} FILTER({begins}) }} LIMIT {most}"
    )
    for (thing,) in store.select(query).rows:
        if isinstance(thing, NamedNode):
            yield thing.value


def is_known(store: Store, iri: str) -> bool:
    """True for what anything is stated of, or that anything points at, beside what has replaced it."""
    stated = f"?thing ?property ?value FILTER(?property != <{terms.REPLACED_BY}>)"
    return _asks(store, iri, f"{{ {stated} }} UNION {{ ?subject ?property ?thing }}")


def is_replaced(store: Store, iri: str) -> bool:
    """True where it is stated what has replaced a thing."""
    return _asks(store, iri, f"?thing <{terms.REPLACED_BY}> ?value")


def _asks(store: Store, iri: str, pattern: str) -> bool:
    try:
        return store.ask(f"ASK {{ {pattern.replace('?thing', str(NamedNode(iri)))} }}")
    except ValueError:  # no IRI
        return False
