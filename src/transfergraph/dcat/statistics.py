"""Counts over a graph, taken in one pass over its sorted N-Triples lines.

The lines are those of the published dump: what is counted is what is published, and nothing is asked of a
store, because stores rewrite literals.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from transfergraph.common.namespaces import SKOS, TYPE

_TYPE = f"<{TYPE}>".encode()
_IN_SCHEME = f"<{SKOS}inScheme>".encode()
_QUOTE = ord('"')
_AT = b"@"
_OWN = b"."
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

    ``entities`` counts subjects, ``own`` those whose IRI begins with the base IRI, ``classes`` the entities
    of each class, ``properties`` the triples of each property; ``within`` has for each class the triples of
    each property of its entities. ``records`` counts, by class, own entities alone, ``schemes`` the entities
    in each SKOS scheme. ``filled`` has, for a class or scheme, a property and a language of two letters (else
    empty), how many of its entities have at least one such value. ``examples`` has one entity for each class,
    the first in the order of the dump.
    """

    triples: int
    entities: int
    own: int
    classes: Mapping[str, int]
    properties: Mapping[str, int]
    within: Mapping[str, Mapping[str, int]]
    records: Mapping[str, int]
    schemes: Mapping[str, int]
    filled: Mapping[tuple[str, str, str], int]
    links: tuple[LinkSet, ...]
    examples: Mapping[str, str]


def graph_statistics(triples: Path, base: str) -> Statistics:
    """The counts over a file of sorted N-Triples; ``base`` as in :func:`measure_graph`."""
    with triples.open("rb") as lines:
        return measure_graph(lines, base)


def measure_graph(lines: Iterable[bytes], base: str) -> Statistics:
    """Count over N-Triples lines that are grouped by subject, as in a sorted dump.

    ``base`` is the IRI under which the records have theirs; what else there is belongs to vocabularies.
    """
    own = b"<" + base.encode()
    triples = 0
    properties: Counter[bytes] = Counter()
    links: Counter[tuple[str, bytes]] = Counter()
    patterns: Counter[tuple[bytes, ...]] = Counter()
    repeated: Counter[tuple[tuple[bytes, ...], bytes]] = Counter()
    again: list[bytes] = []
    examples: dict[bytes, bytes] = {}
    prefixes = {name: b"<" + prefix.encode() for name, prefix in _LINKED.items()}
    linked = tuple(prefixes.values())
    subject, keys = b"", [b""]
    for line in lines:
        about, predicate, rest = line.split(b" ", 2)
        if about != subject:
            pattern = tuple(keys)
            patterns[pattern] += 1
            if again:
                repeated.update((pattern, one) for one in again)
                again.clear()
            subject = about
            keys = [_OWN] if subject.startswith(own) else []
        properties[predicate] += 1
        key = predicate
        if predicate == _TYPE:
            key = b" " + rest[:-3]
            examples.setdefault(key, subject)
        elif predicate == _IN_SCHEME:
            key = predicate + b" " + rest[:-3]
        elif rest[0] == _QUOTE:
            if rest[-6:-5] == _AT:
                key = predicate + rest[-6:-3]
        elif rest.startswith(linked):
            for name, prefix in prefixes.items():
                if rest.startswith(prefix):
                    links[name, predicate] += 1
        if not keys or key != keys[-1]:
            keys.append(key)
        else:
            again.append(predicate)
        triples += 1
    patterns[tuple(keys)] += 1
    repeated.update((tuple(keys), one) for one in again)
    del patterns[(b"",)]
    return _summed(triples, patterns, repeated, properties, links, examples)


def _summed(
    triples: int,
    patterns: Mapping[tuple[bytes, ...], int],
    repeated: Mapping[tuple[tuple[bytes, ...], bytes], int],
    properties: Mapping[bytes, int],
    links: Mapping[tuple[str, bytes], int],
    examples: Mapping[bytes, bytes],
) -> Statistics:
    """Add up the patterns: what one subject has, and how many subjects are like it.

    A pattern holds, in the order of the dump, the class of each type (with a blank before it) and each
    property, with ``@`` and the language behind it where its value has one, and a scheme behind the one that
    leads to it; a dot comes first where the subject is a record. ``repeated`` counts the triples that add
    nothing to the pattern of their subject.
    """
    entities: Counter[str] = Counter()
    records: Counter[str] = Counter()
    schemes: Counter[str] = Counter()
    filled: Counter[tuple[str, str, str]] = Counter()
    for pattern, count in patterns.items():
        classes = {_iri(key) for key in pattern if key.startswith(b" ")}
        used = {_property(key) for key in pattern if key.startswith(b"<")}
        for entity_class in classes:
            entities[entity_class] += count
            if pattern[0] == _OWN:
                records[entity_class] += count
        within = {_iri(key.partition(b" ")[2]) for key in pattern if key.startswith(_IN_SCHEME)}
        schemes.update(dict.fromkeys(within, count))
        for kind in classes | within:
            for name, language in used:
                filled[kind, name, language] += count
    return Statistics(
        triples=triples,
        entities=sum(patterns.values()),
        own=sum(count for pattern, count in patterns.items() if pattern[0] == _OWN),
        classes=dict(sorted(entities.items())),
        properties=dict(sorted((_iri(name), count) for name, count in properties.items())),
        within=_within(patterns, repeated),
        records=dict(sorted(records.items())),
        schemes=dict(sorted(schemes.items())),
        filled=dict(sorted(filled.items())),
        links=tuple(
            LinkSet(name, _LINKED[name], _iri(predicate), count)
            for (name, predicate), count in sorted(links.items())
        ),
        examples={_iri(name): _iri(subject) for name, subject in sorted(examples.items())},
    )


def _within(
    patterns: Mapping[tuple[bytes, ...], int], repeated: Mapping[tuple[tuple[bytes, ...], bytes], int]
) -> dict[str, dict[str, int]]:
    """For each class the triples of each property of its entities."""
    found: dict[bytes, Counter[bytes]] = {}
    for pattern, count in patterns.items():
        used = Counter(_predicate(key) for key in pattern if key != _OWN)
        for key in {key for key in pattern if key.startswith(b" ")}:
            sums = found.setdefault(key, Counter())
            for predicate, times in used.items():
                sums[predicate] += times * count
    for (pattern, predicate), count in repeated.items():
        for key in {key for key in pattern if key.startswith(b" ")}:
            found[key][predicate] += count
    return {
        _iri(key): dict(sorted((_iri(one), count) for one, count in sums.items()))
        for key, sums in sorted(found.items())
    }


def _predicate(key: bytes) -> bytes:
    """The predicate of a triple by what a pattern says of it."""
    return _TYPE if key.startswith(b" ") else key[: key.index(b">") + 1]


def _property(key: bytes) -> tuple[str, str]:
    return _iri(key), key.rpartition(b">")[2].decode()[1:]


def _iri(term: bytes) -> str:
    return term.strip(b" ").partition(b">")[0][1:].decode("utf-8")
