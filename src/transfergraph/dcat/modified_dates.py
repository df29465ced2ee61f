"""The dates of the release before, so that ``dct:modified`` changes with the content, and only with it.

Where the content changes and the date of the release does not, it moves by a second, as a time of day.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import NamedTuple

import pyoxigraph as ox

from transfergraph.common.namespaces import DCAT, DCT, SPDX
from transfergraph.dcat.catalogue_index import CatalogueIndex
from transfergraph.errors import ReleaseError
from transfergraph.messages import explained


class Dates(NamedTuple):
    """When something was first published and when its content last changed.

    ``modified`` is a time (in UTC) where a release that changed it has the date of the one before.
    """

    issued: date
    modified: date | datetime


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
        return Dates(known.issued, known.modified if same else _after(known.modified, today))


def _after(before: date | datetime, today: date) -> date | datetime:
    """The date of a change that comes after another."""
    last = _moment(before)
    return today if _moment(today) > last else last + timedelta(seconds=1)


def _moment(value: date | datetime) -> datetime:
    return value if isinstance(value, datetime) else datetime.combine(value, time(), UTC)


def _stated(value: str) -> date | datetime:
    """A date, or a time of day after midnight."""
    if "T" not in value:
        return date.fromisoformat(value[:10])
    found = datetime.fromisoformat(value).replace(tzinfo=UTC)
    return found if found.time() > time() else found.date()


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
        raise ReleaseError(explained("error.catalogue.damaged", catalogue=catalogue, error=error)) from error


def _history(triples: frozenset[ox.Triple], version: str | None) -> History:
    index = CatalogueIndex(triples)
    dates: dict[str, Dates] = {}
    checksums: dict[str, str] = {}
    for node in index.subjects():
        issued, modified = index.first(node, DCT + "issued"), index.first(node, DCT + "modified")
        if issued is not None and modified is not None:
            day = date.fromisoformat(issued.value[:10])
            dates[node.value] = Dates(day, _stated(modified.value))
        for checksum in index.nodes(node, SPDX + "checksum"):
            for value in index.values(checksum, SPDX + "checksumValue"):
                checksums[node.value] = value.value.lower()
    distributions = {
        node.value: frozenset(value.value for value in index.values(node, DCAT + "distribution"))
        for node in index.datasets()
    }
    return History(version, dates, checksums, distributions, triples)
