"""Reading properties of many subjects from a store, in few queries.

The default graph is the union of the named graphs and may hold a triple once for each of them, so every
answer is made a set.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product

from pyoxigraph import BlankNode, NamedNode

from transfergraph.common.namespaces import SKOS, local_name
from transfergraph.common.text import Text
from transfergraph.store import Store, Term

Statements = Mapping[str, frozenset[Term]]
"""The values of each property of one subject."""

_KEYS_PER_QUERY = 1000
_Found = defaultdict[str, defaultdict[str, set[Term]]]


def values_of(store: Store, wanted: Iterable[tuple[str, str]]) -> dict[str, Statements]:
    """The values of pairs of a subject and a property; a subject without any is left out."""
    subjects: defaultdict[str, set[str]] = defaultdict(set)
    for subject, property_ in wanted:
        subjects[property_].add(subject)
    found = _found()
    for keys, pattern in _pair_patterns(subjects):
        for number, value in numbered_terms(store, f"SELECT ?number ?value WHERE {{ {pattern} }}"):
            subject, property_ = keys[number]
            found[subject][property_].add(value)
    return _frozen(found)


def _pair_patterns(wanted: Mapping[str, Iterable[str]]) -> Iterator[tuple[Sequence[tuple[str, str]], str]]:
    """Patterns of ``?number ?value`` for some hundred pairs at a time, property by property."""
    keys: list[tuple[str, str]] = []
    parts: list[str] = []
    for property_, subjects in sorted(wanted.items()):
        for some in _batches(subjects):
            if len(keys) + len(some) > _KEYS_PER_QUERY:
                yield keys, " UNION ".join(parts)
                keys, parts = [], []
            values = _numbered("subject", some, len(keys))
            parts.append(f"{{ {values} ?subject {NamedNode(property_)} ?value }}")
            keys += [(subject, property_) for subject in some]
    if keys:
        yield keys, " UNION ".join(parts)


def statements_of(store: Store, subjects: Iterable[str], condition: str = "") -> dict[str, Statements]:
    """All that is stated of many subjects; the condition is a FILTER on ``?property`` or ``?value``."""
    found = _found()
    for some, values in numbered_batches(subjects, "subject"):
        query = f"SELECT ?number ?property ?value WHERE {{ {values} ?subject ?property ?value {condition} }}"
        for number, property_, value in store.select(query).rows:
            if number is not None and property_ is not None and value is not None:
                found[some[int(number.value)]][property_.value].add(value)
    return _frozen(found)


def numbered_batches(iris: Iterable[str], variable: str) -> Iterator[tuple[Sequence[str], str]]:
    """``VALUES (?number ?variable) { ... }`` for some hundred IRIs at a time, each serialised as a term.

    Answers name an IRI by its number: the IRI itself would have to be looked up once for each row.
    """
    for some in _batches(set(iris)):
        yield some, _numbered(variable, some)


def _batches(iris: Iterable[str]) -> Iterator[list[str]]:
    wanted = sorted(iris)
    return (wanted[begin : begin + _KEYS_PER_QUERY] for begin in range(0, len(wanted), _KEYS_PER_QUERY))


def _numbered(variable: str, iris: Iterable[str], first: int = 0) -> str:
    listed = " ".join(f"({number} {NamedNode(iri)})" for number, iri in enumerate(iris, first))
    return f"VALUES (?number ?{variable}) {{ {listed} }}"


def numbered_terms(store: Store, query: str) -> Iterator[tuple[int, Term]]:
    """The solutions of a query for a number and a term."""
    for number, term in store.select(query).rows:
        if number is not None and term is not None:
            yield int(number.value), term


def _found() -> _Found:
    return defaultdict(lambda: defaultdict(set))


def _frozen(found: _Found) -> dict[str, Statements]:
    return {
        subject: {property_: frozenset(values) for property_, values in stated.items()}
        for subject, stated in found.items()
    }


class Properties:
    """The values of some properties of some subjects as texts, without blank nodes, in their order."""

    def __init__(self, found: Mapping[str, Statements]) -> None:
        self._found = dict(found)

    def update(self, other: Properties) -> None:
        """Take over all values of another."""
        for subject, stated in other._found.items():
            known = dict(self._found.get(subject, {}))
            self._found[subject] = known | {
                name: values | known.get(name, frozenset()) for name, values in stated.items()
            }

    def all(self, subject: str, predicate: str) -> list[str]:
        """Every value, whatever its language."""
        values = self._found.get(subject, {}).get(predicate, ())
        return sorted({value.value for value in values if not isinstance(value, BlankNode)})

    def first(self, subject: str, *predicates: str) -> str:
        """The smallest value of the first of these properties that has one; else an empty string."""
        return next((found[0] for one in predicates if (found := self.all(subject, one))), "")

    def text(self, subject: str, predicate: str) -> Text:
        """The value in each language, the smallest where it has several."""
        found = self._found.get(subject, {}).get(predicate, ())
        terms = [value for value in found if not isinstance(value, BlankNode)]
        values = sorted(((getattr(one, "language", None) or "", one.value) for one in terms), reverse=True)
        return Text(dict(sorted(dict(values).items())))

    def label(self, subject: str) -> Text:
        """The preferred label in each language, or the last part of the IRI."""
        label = self.text(subject, SKOS + "prefLabel")
        return label or Text.same(local_name(subject))


def read_properties(store: Store, subjects: Iterable[str], predicates: Sequence[str]) -> Properties:
    """The values of these properties of these subjects, over the union of all named graphs."""
    return Properties(values_of(store, product(set(subjects), predicates)))


def plain(term: Term | None) -> str:
    """The IRI, the text of the literal, or an empty string."""
    return "" if term is None else term.value


def values_clause(variable: str, iris: Iterable[str]) -> str:
    """``VALUES ?variable { <...> ... }``; every IRI is serialised as a term, never pasted."""
    return f"VALUES ?{variable} {{ {' '.join(str(NamedNode(iri)) for iri in iris)} }}"
