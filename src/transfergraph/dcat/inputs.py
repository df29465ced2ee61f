"""The values from which a release is described. Nothing here is looked up: the build passes it in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from transfergraph.common.text import Text
from transfergraph.config.settings import Settings
from transfergraph.config.workspace import Source
from transfergraph.dcat.modified_dates import History
from transfergraph.dcat.statistics import Statistics
from transfergraph.findings import Report


class PublishedFile(Protocol):
    """A finished file: its path from the folder of the release, its bytes and its SHA-256."""

    @property
    def path(self) -> str:
        """With forward slashes."""
        ...

    @property
    def size(self) -> int:
        """In bytes."""
        ...

    @property
    def sha256(self) -> str:
        """In hexadecimal digits."""
        ...


@dataclass(frozen=True, slots=True)
class TableFile:
    """A published CSV file: the name and title of its table, and its rows without header.

    ``source`` is empty for a table that was computed.
    """

    file: PublishedFile
    source: str
    table: str
    title: Text
    rows: int


@dataclass(frozen=True, slots=True)
class DescribedRelease:
    """A release about to be published, with all its files but the catalogue.

    ``identifier`` is the id of the release, ``issued`` the date that the workspace states, ``software`` the
    version of the program. ``dumps`` are the files of the graph, ``ontology`` those of the ontology;
    ``expected`` maps each class to the properties (with the language of a text, else empty) that its
    table has columns for.
    """

    settings: Settings
    sources: tuple[Source, ...]
    identifier: str
    issued: date
    software: str
    dumps: tuple[PublishedFile, ...]
    tables: tuple[TableFile, ...]
    table_descriptions: tuple[PublishedFile, ...]
    ontology: tuple[PublishedFile, ...]
    statistics: Statistics
    expected: Mapping[str, tuple[tuple[str, str], ...]]
    findings: Report
    history: History
    notes: Text | None = field(default=None)

    @property
    def url(self) -> str:
        """Where the files of the current release are found: the public URL, or else the base IRI."""
        return self.settings.catalogue.public_url or self.settings.base

    def iri(self, path: str) -> str:
        """An IRI of the catalogue under the base IRI."""
        return self.settings.base + path
