"""The triples of a description: stated node by node, sorted, and written in the same bytes each time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import cache
from pathlib import Path

import pyoxigraph as ox

from transfergraph.common.formats import graph_format
from transfergraph.common.namespaces import CATALOGUE_PREFIXES, TYPE, XSD
from transfergraph.common.text import Languages, Text

Value = str | int | date | Text | ox.NamedNode | ox.Literal | None
"""A str is an IRI, an int an ``xsd:integer``, a date an ``xsd:date``, a datetime (in UTC) an
``xsd:dateTime``, a Text a literal in each language of the content that it has."""

Properties = Mapping[str, Value | Iterable[Value]]
"""The values of properties that are named like ``dct:title``; None states nothing."""


def typed(value: str | int, datatype: str) -> ox.Literal:
    """A literal of an XSD datatype, given by its local name."""
    return ox.Literal(str(value), datatype=ox.NamedNode(XSD + datatype))


class TripleWriter:
    """A set of triples that grows. There are no blank nodes in it: subjects are IRIs."""

    def __init__(self, languages: Languages) -> None:
        self._languages = languages
        self._triples: set[ox.Triple] = set()

    def add(self, subject: str, predicate: str, *values: Value | Iterable[Value]) -> None:
        """State ``subject predicate value`` for each value but None; all names are IRIs."""
        node, name = ox.NamedNode(subject), ox.NamedNode(predicate)
        self._triples.update(ox.Triple(node, name, term) for value in values for term in self._terms(value))

    def type(self, subject: str, *classes: str) -> None:
        """State that the subject is an instance of each class."""
        self.add(subject, TYPE, classes)

    def describe(self, subject: str, classes: str, properties: Properties) -> None:
        """State the classes of a subject and the values of its properties.

        Classes are named like ``dcat:Dataset``; several are separated by blanks, as in ``typeof`` of RDFa.
        """
        self.type(subject, *map(_expanded, classes.split()))
        for name, value in properties.items():
            self.add(subject, _expanded(name), value)

    def update(self, triples: Iterable[ox.Triple]) -> None:
        """Add finished triples."""
        self._triples.update(triples)

    def _terms(self, value: Value | Iterable[Value]) -> Iterator[ox.NamedNode | ox.Literal]:
        match value:
            case None:
                return
            case ox.NamedNode() | ox.Literal():
                yield value
            case str():
                yield ox.NamedNode(value)
            case int():
                yield typed(value, "integer")
            case datetime():
                yield typed(f"{value:%Y-%m-%dT%H:%M:%SZ}", "dateTime")
            case date():
                yield typed(value.isoformat(), "date")
            case Text():
                tagged = value.tagged(self._languages)
                yield from (ox.Literal(text, language=tag) for tag, text in tagged.items())
            case _:
                for one in value:
                    yield from self._terms(one)

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


@cache
def _expanded(name: str) -> str:
    prefix, _, local = name.partition(":")
    return CATALOGUE_PREFIXES[prefix] + local


def _order(triple: ox.Triple) -> tuple[str, bool, str, str]:
    predicate = triple.predicate.value
    return str(triple.subject), predicate != TYPE, predicate, str(triple.object)


def write_triples(triples: Iterable[ox.Triple], file: Path) -> None:
    """Write sorted triples as Turtle, RDF/XML or JSON-LD, as the ending of the file says."""
    name = {".ttl": "turtle", ".rdf": "rdf-xml", ".jsonld": "json-ld"}[file.suffix]
    kept = tuple(triples)
    text = "\n".join(map(str, kept))
    prefixes = {
        prefix: namespace for prefix, namespace in CATALOGUE_PREFIXES.items() if f"<{namespace}" in text
    }
    data = ox.serialize(kept, format=graph_format(name).oxigraph, prefixes=prefixes) or b""
    if file.suffix == ".ttl":
        data = data.replace(b" .\n<", b" .\n\n<")
    file.write_bytes(data)
