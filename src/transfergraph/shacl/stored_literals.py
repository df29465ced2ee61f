"""``sh:datatype`` on the quads from which a store was made, for the datatypes that the store forgets."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from pyoxigraph import Literal, NamedNode, Quad

from transfergraph.shacl.compile import Query
from transfergraph.shacl.property_paths import Predicate
from transfergraph.shacl.shape_model import Datatype
from transfergraph.shacl.xsd_datatypes import REWRITTEN, SPACES
from transfergraph.store import Store, Term

_AT_ONCE = 1000
"""Nodes per question to the store whether they are focus nodes."""


def mistyped(
    store: Store, queries: Iterable[Query], quads: Iterable[Quad]
) -> Iterator[tuple[Query, Term, Literal]]:
    """The queries with focus nodes and values that the store alone would have let through.

    Blank nodes are left out: a store cannot be asked about one.
    """
    watched: dict[NamedNode, list[tuple[Query, NamedNode]]] = defaultdict(list)
    for query in queries:
        constraint, path = query.constraint, query.shape.path
        if isinstance(constraint, Datatype) and isinstance(path, Predicate) and _is_ambiguous(constraint.iri):
            watched[path.iri].append((query, constraint.iri))
    suspects: dict[Query, list[tuple[NamedNode, Literal]]] = defaultdict(list)
    for quad in quads if watched else ():
        for query, datatype in watched.get(quad.predicate, ()):
            subject, value = quad.subject, quad.object
            if isinstance(subject, NamedNode) and isinstance(value, Literal) and _passes_for(value, datatype):
                suspects[query].append((subject, value))
    for query, pairs in suspects.items():
        focus_nodes = _focus_nodes(store, query, {subject for subject, _ in pairs})
        yield from ((query, subject, value) for subject, value in pairs if subject in focus_nodes)


def _is_ambiguous(datatype: NamedNode) -> bool:
    return datatype.value in REWRITTEN or datatype.value in REWRITTEN.values()


def _passes_for(value: Literal, datatype: NamedNode) -> bool:
    """Whether a literal of another datatype looks, once the store has rewritten it, like one of this."""
    own, wanted = value.datatype.value, datatype.value
    if own == wanted or REWRITTEN.get(own, own) != REWRITTEN.get(wanted, wanted):
        return False
    space = SPACES[wanted]
    if not re.fullmatch(space.regex, value.value):
        return False
    at_least = space.minimum is None or int(value.value) >= space.minimum
    return at_least and (space.maximum is None or int(value.value) <= space.maximum)


def _focus_nodes(store: Store, query: Query, subjects: set[NamedNode]) -> set[Term]:
    """Those of the subjects that are focus nodes."""
    named = sorted(str(subject) for subject in subjects)
    found: set[Term] = set()
    for start in range(0, len(named), _AT_ONCE):
        values = " ".join(named[start : start + _AT_ONCE])
        variable = query.nodes.variable
        text = f"SELECT {variable} WHERE {{ VALUES {variable} {{ {values} }} {query.nodes.pattern} }}"
        found.update(row[0] for row in store.select(text).rows if row[0] is not None)
    return found
