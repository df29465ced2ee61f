"""Reading the properties of many subjects from a store, in few queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from pyoxigraph import BlankNode, Literal, NamedNode

from transfergraph.common.text import Text
from transfergraph.store import Store, Term

TG = "https://w3id.org/transfergraph/ontology#"
DCT = "http://purl.org/dc/terms/"
FOAF = "http://xmlns.com/foaf/0.1/"
ORG = "http://www.w3.org/ns/org#"
SKOS = "http://www.w3.org/2004/02/skos/core#"

_SUBJECTS_PER_QUERY = 1000


class PropertyValue(NamedTuple):
    """An IRI or the text of a literal, with the literal's language or an empty string."""

    text: str
    language: str


class Properties:
    """The values of some properties of some subjects, each list without repetition and sorted."""

    def __init__(self) -> None:
        self._values: defaultdict[tuple[str, str], set[PropertyValue]] = defaultdict(set)

    def add(self, subject: str, predicate: str, value: PropertyValue) -> None:
        self._values[subject, predicate].add(value)

    def update(self, other: Properties) -> None:
        """Take over all values of another."""
        for (subject, predicate), values in other._values.items():
            self._values[subject, predicate] |= values

    def all(self, subject: str, predicate: str) -> list[str]:
        """Every value, whatever its language."""
        return sorted({value.text for value in self._values.get((subject, predicate), ())})

    def first(self, subject: str, *predicates: str) -> str:
        """The smallest value of the first of these properties that has one; else an empty string."""
        for predicate in predicates:
            values = self.all(subject, predicate)
            if values:
                return values[0]
        return ""

    def text(self, subject: str, predicate: str) -> Text:
        """The value in both languages; where one is missing the other stands for it."""
        values = sorted(self._values.get((subject, predicate), ()))
        by_language: dict[str, str] = {}
        for value in values:
            by_language.setdefault(value.language, value.text)
        any_value = values[0].text if values else ""
        english = by_language.get("en", by_language.get("de", any_value))
        return Text(by_language.get("de", english), english)

    def label(self, subject: str) -> Text:
        """The preferred label in both languages, or the last part of the IRI."""
        label = self.text(subject, SKOS + "prefLabel")
        if any(label):
            return label
        name = local_name(subject)
        return Text.same(name)


def local_name(iri: str) -> str:
    """What follows the last ``/`` or ``#``."""
    return iri.rstrip("/#").replace("#", "/").rpartition("/")[2]


def plain(term: Term | None) -> str:
    """The IRI, the text of the literal, or an empty string."""
    return "" if term is None else term.value


def _value(term: Term | None) -> PropertyValue:
    language = term.language if isinstance(term, Literal) else None
    return PropertyValue(plain(term), language or "")


def values_clause(variable: str, iris: Iterable[str]) -> str:
    """``VALUES ?variable { <...> ... }``; every IRI is serialised as a term, never pasted."""
    return f"VALUES ?{variable} {{ {' '.join(str(NamedNode(iri)) for iri in iris)} }}"


def read_properties(store: Store, subjects: Iterable[str], predicates: Sequence[str]) -> Properties:
    """The values of these properties of these subjects, over the union of all named graphs."""
    found = Properties()
    wanted = sorted(set(subjects))
    for begin in range(0, len(wanted), _SUBJECTS_PER_QUERY):
        batch = values_clause("subject", wanted[begin : begin + _SUBJECTS_PER_QUERY])
        for predicate in predicates:
            query = f"SELECT ?subject ?value WHERE {{ {batch} ?subject {NamedNode(predicate)} ?value }}"
            for subject, value in store.select(query).rows:
                if not isinstance(value, BlankNode):
                    found.add(plain(subject), predicate, _value(value))
    return found
