"""Collecting the triples of a description and writing them, always in the same bytes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

import pyoxigraph as ox

from transfergraph.common.formats import graph_format
from transfergraph.common.namespaces import CATALOGUE_PREFIXES, TYPE, XSD
from transfergraph.common.text import Text

Value = ox.NamedNode | ox.Literal | Text | date | None


def iri(value: str) -> ox.NamedNode:
    """An IRI as a term."""
    return ox.NamedNode(value)


def typed(value: str | int, datatype: str) -> ox.Literal:
    """A literal of an XSD datatype, given by its local name."""
    return ox.Literal(str(value), datatype=ox.NamedNode(XSD + datatype))


class TripleWriter:
    """A set of triples that grows. There are no blank nodes in it: subjects are IRIs."""

    def __init__(self) -> None:
        self._triples: set[ox.Triple] = set()

    def add(self, subject: str, predicate: str, *values: Value) -> None:
        """State ``subject predicate value`` for each value.

        A Text is a literal in German and one in English, a date an ``xsd:date``; None states nothing.
        """
        for value in values:
            for term in _terms(value):
                self._triples.add(ox.Triple(ox.NamedNode(subject), ox.NamedNode(predicate), term))

    def type(self, subject: str, *classes: str) -> None:
        """State that the subject is an instance of each class."""
        self.add(subject, TYPE, *(iri(name) for name in classes))

    def update(self, triples: Iterable[ox.Triple]) -> None:
        """Add finished triples."""
        self._triples.update(triples)

    def objects(self) -> list[str]:
        """The IRIs that are objects, sorted."""
        return sorted({t.object.value for t in self._triples if isinstance(t.object, ox.NamedNode)})

    def sorted(self, first: Sequence[str] = ()) -> tuple[ox.Triple, ...]:
        """All triples, ordered by subject, with the type first and then by predicate and object.

        Instances of the classes in ``first`` come before all others, in that order.
        """
        ranks: dict[str, int] = {}
        for triple in self._triples:
            if triple.predicate.value == TYPE and isinstance(triple.object, ox.NamedNode):
                rank = first.index(triple.object.value) if triple.object.value in first else len(first)
                ranks[str(triple.subject)] = min(rank, ranks.get(str(triple.subject), rank))
        return tuple(sorted(self._triples, key=lambda t: (ranks.get(str(t.subject), len(first)), *_order(t))))


def _terms(value: Value) -> list[ox.NamedNode | ox.Literal]:
    match value:
        case None:
            return []
        case Text():
            return [ox.Literal(text, language=language) for language, text in value.by_language().items()]
        case date():
            return [typed(value.isoformat(), "date")]
        case _:
            return [value]


def _order(triple: ox.Triple) -> tuple[str, bool, str, str]:
    predicate = triple.predicate.value
    return str(triple.subject), predicate != TYPE, predicate, str(triple.object)


def write_triples(triples: Iterable[ox.Triple], file: Path) -> None:
    """Write sorted triples as Turtle, RDF/XML or JSON-LD, as the ending of the file says."""
    name = {".ttl": "turtle", ".rdf": "rdf-xml", ".jsonld": "json-ld"}[file.suffix]
    used: set[str] = set()
    kept = tuple(triples)
    for triple in kept:
        text = f"{triple.subject} {triple.predicate} {triple.object}"
        used.update(prefix for prefix, namespace in CATALOGUE_PREFIXES.items() if f"<{namespace}" in text)
    prefixes = {prefix: namespace for prefix, namespace in CATALOGUE_PREFIXES.items() if prefix in used}
    data = ox.serialize(kept, format=graph_format(name).oxigraph, prefixes=prefixes) or b""
    if file.suffix == ".ttl":
        data = data.replace(b" .\n<", b" .\n\n<")
    file.write_bytes(data)
