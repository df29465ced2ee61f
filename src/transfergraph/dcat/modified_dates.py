"""The dates of the release before, so that ``dct:modified`` moves only when the content does."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import NamedTuple

import pyoxigraph as ox

from transfergraph.common.namespaces import DCAT, DCT, SPDX
from transfergraph.errors import ReleaseError


class Dates(NamedTuple):
    """When something was first published and when its content last changed."""

    issued: date
    modified: date


@dataclass(frozen=True, slots=True)
class History:
    """What the catalogue before says: dates by IRI, and the checksums of distributions by IRI.

    ``distributions`` maps each dataset to its distributions; ``triples`` is the whole catalogue.
    """

    version: str | None = None
    dates: Mapping[str, Dates] = field(default_factory=dict)
    checksums: Mapping[str, str] = field(default_factory=dict)
    distributions: Mapping[str, frozenset[str]] = field(default_factory=dict)
    triples: frozenset[ox.Triple] = frozenset()

    def of_file(self, distribution: str, checksum: str, today: date) -> Dates:
        """The dates of a distribution with this SHA-256; ``today`` is the date of the new release."""
        return self._dates(distribution, self.checksums.get(distribution) == checksum.lower(), today)

    def of_dataset(self, dataset: str, checksums: Mapping[str, str], today: date) -> Dates:
        """The dates of a dataset with these distributions, whose checksums are given."""
        same = self.distributions.get(dataset) == frozenset(checksums) and all(
            self.checksums.get(name) == checksum.lower() for name, checksum in checksums.items()
        )
        return self._dates(dataset, same, today)

    def of_catalogue(self, catalogue: str, triples: Iterable[ox.Triple], today: date) -> Dates:
        """The dates of a catalogue, given all its triples but those with its own dates."""
        dates = (ox.NamedNode(DCT + "issued"), ox.NamedNode(DCT + "modified"))
        node = ox.NamedNode(catalogue)
        before = {t for t in self.triples if not (t.subject == node and t.predicate in dates)}
        return self._dates(catalogue, before == set(triples), today)

    def _dates(self, iri: str, same: bool, today: date) -> Dates:
        known = self.dates.get(iri)
        if known is None:
            return Dates(today, today)
        return Dates(known.issued, known.modified if same else max(known.modified, today))


def read_history(catalogue: Path | None, version: str | None) -> History:
    """The history in the ``catalog.ttl`` of the release before, whose id is ``version``.

    Empty when there is none; raises :class:`ReleaseError` when it cannot be read.
    """
    if catalogue is None or not catalogue.is_file():
        return History(version=version)
    try:
        quads = ox.parse(path=str(catalogue), format=ox.RdfFormat.TURTLE)
        return _history(frozenset(quad.triple for quad in quads), version)
    except (OSError, SyntaxError, ValueError) as error:
        raise ReleaseError(f"{catalogue} is damaged: {error}. Rebuild that release or remove it.") from error


def _history(triples: frozenset[ox.Triple], version: str | None) -> History:
    issued: dict[str, date] = {}
    modified: dict[str, date] = {}
    values: dict[str, str] = {}
    nodes: dict[str, str] = {}
    distributions: dict[str, set[str]] = defaultdict(set)
    for triple in triples:
        if isinstance(triple.subject, ox.Triple) or isinstance(triple.object, ox.Triple):
            continue
        subject, value = triple.subject.value, triple.object.value
        match triple.predicate.value:
            case name if name == DCT + "issued":
                issued[subject] = date.fromisoformat(value[:10])
            case name if name == DCT + "modified":
                modified[subject] = date.fromisoformat(value[:10])
            case name if name == SPDX + "checksumValue":
                values[subject] = value.lower()
            case name if name == SPDX + "checksum":
                nodes[subject] = value
            case name if name == DCAT + "distribution":
                distributions[subject].add(value)
    return History(
        version=version,
        dates={iri: Dates(issued[iri], modified[iri]) for iri in issued.keys() & modified.keys()},
        checksums={iri: values[node] for iri, node in nodes.items() if node in values},
        distributions={iri: frozenset(names) for iri, names in distributions.items()},
        triples=triples,
    )
