"""Counts over a graph, taken in one pass over its sorted N-Triples lines.

The lines are those of the published dump: what is counted is what is published, and nothing is asked of a
store, because stores rewrite literals.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

from transfergraph.catalogue.names import TYPE

_TYPE = f"<{TYPE}>".encode()
_LINKED = {
    "ROR": "https://ror.org/",
    "NUTS": "http://data.europa.eu/nuts/code/",
}


@dataclass(frozen=True, slots=True)
class LinkSet:
    """Links to another data set: the name and IRI prefix of the target, predicate and number."""

    target: str
    prefix: str
    predicate: str
    triples: int


@dataclass(frozen=True, slots=True)
class Statistics:
    """What a graph holds.

    ``entities`` counts subjects, ``classes`` the entities of each class, ``properties`` the triples of each
    property. ``filled`` counts, for a class, a property and a language (empty where a value has none), the
    entities of the class with at least one such value. ``examples`` has one entity for each class, the
    first in the order of the dump.
    """

    triples: int
    entities: int
    classes: Mapping[str, int]
    properties: Mapping[str, int]
    filled: Mapping[tuple[str, str, str], int]
    links: tuple[LinkSet, ...]
    examples: Mapping[str, str]


def measure(lines: Iterable[bytes]) -> Statistics:
    """Count over N-Triples lines that are grouped by subject, as in a sorted dump."""
    triples = 0
    patterns: Counter[tuple[frozenset[bytes], frozenset[tuple[bytes, bytes]]]] = Counter()
    properties: Counter[bytes] = Counter()
    links: Counter[tuple[str, bytes]] = Counter()
    examples: dict[bytes, bytes] = {}
    prefixes = [(name, b"<" + prefix.encode()) for name, prefix in _LINKED.items()]
    for subject, group in groupby(_split(lines), key=_subject):
        classes: set[bytes] = set()
        used: set[tuple[bytes, bytes]] = set()
        for _, predicate, value in group:
            triples += 1
            properties[predicate] += 1
            if predicate == _TYPE:
                classes.add(value)
                examples.setdefault(value, subject)
            used.add((predicate, _language(value)))
            if value.startswith(b"<http"):
                for name, prefix in prefixes:
                    if value.startswith(prefix):
                        links[name, predicate] += 1
        patterns[frozenset(classes), frozenset(used)] += 1
    return _summed(triples, patterns, properties, links, examples)


def _summed(
    triples: int,
    patterns: Counter[tuple[frozenset[bytes], frozenset[tuple[bytes, bytes]]]],
    properties: Counter[bytes],
    links: Counter[tuple[str, bytes]],
    examples: Mapping[bytes, bytes],
) -> Statistics:
    entities: Counter[str] = Counter()
    filled: Counter[tuple[str, str, str]] = Counter()
    for (classes, used), count in patterns.items():
        for entity_class in classes:
            entities[_iri(entity_class)] += count
            for predicate, language in used:
                filled[_iri(entity_class), _iri(predicate), language.decode()] += count
    return Statistics(
        triples=triples,
        entities=sum(patterns.values()),
        classes=dict(sorted(entities.items())),
        properties=dict(sorted((_iri(name), count) for name, count in properties.items())),
        filled=dict(sorted(filled.items())),
        links=tuple(
            LinkSet(name, _LINKED[name], _iri(predicate), count)
            for (name, predicate), count in sorted(links.items())
        ),
        examples={_iri(name): _iri(subject) for name, subject in sorted(examples.items())},
    )


def _split(lines: Iterable[bytes]) -> Iterator[list[bytes]]:
    for line in lines:
        yield line.split(b" ", 2)


def _subject(parts: list[bytes]) -> bytes:
    return parts[0]


def _language(value: bytes) -> bytes:
    """The language tag of a literal at the end of a line, empty where there is none."""
    if value[:1] != b'"':
        return b""
    tag = value[-16:].rstrip(b" .\n").rpartition(b'"')[2]
    return tag[1:] if tag.startswith(b"@") else b""


def _iri(term: bytes) -> str:
    return term.partition(b">")[0][1:].decode("utf-8")
