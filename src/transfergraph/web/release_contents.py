"""What a release says of its own content, for the pages about it: sources, counts, gaps, history."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from transfergraph.common.text import Text

SOURCE_COUNT, YEAR_COUNT = "source", "year"


@dataclass(frozen=True, slots=True)
class DataSource:
    """A source of data; ``retrieved`` is a day. What is not stated is empty."""

    iri: str
    title: Text
    publisher: str
    page: str
    licence: str
    retrieved: str


@dataclass(frozen=True, slots=True)
class MeasuredCount:
    """How many records are known, and how many there are by the sources.

    ``kind`` says what ``subject`` is: :data:`SOURCE_COUNT` the name of a source, :data:`YEAR_COUNT` a year,
    else an IRI below the base. ``noun`` is the key of what is counted, ``known`` None where nothing was
    collected. ``status`` is the last part of the IRI of what the count means, such as ``not-collected``.
    """

    kind: str
    subject: str
    noun: str
    label: Text
    known: int | None
    stated: int | None
    status: str


@dataclass(frozen=True, slots=True)
class OpenFinding:
    """Findings of one cause; ``severity`` is ``violation``, ``warning`` or ``info``."""

    severity: str
    count: int
    message: Text


@dataclass(frozen=True, slots=True)
class ListedRelease:
    """A release in the feed: its id, the day on which it was published, its note and files.

    ``notes`` has by language the sentence that sums up and the lines below it; ``pages`` are the files that
    tell each change, ``texts`` the notes as files by language, all as paths below the start page.
    """

    id: str
    day: str
    notes: Mapping[str, tuple[str, ...]]
    texts: Mapping[str, str]
    pages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ContentFile:
    """A file of the release with its bytes and SHA-256."""

    path: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class ReleaseContents:
    """The content of a release.

    ``shares`` are the filled ones of all records by class or scheme, property and, of a text, language;
    ``findings`` count those of each severity. ``period`` are the first and last day that were collected, None
    where nothing is said of it. ``releases`` begin with this one.
    """

    sources: tuple[DataSource, ...] = ()
    counts: tuple[MeasuredCount, ...] = ()
    shares: Mapping[tuple[str, str, str], Decimal] = field(default_factory=dict)
    entities: Mapping[str, int] = field(default_factory=dict)
    findings: Mapping[str, int] = field(default_factory=dict)
    open_findings: tuple[OpenFinding, ...] = ()
    period: tuple[str, str] | None = None
    releases: tuple[ListedRelease, ...] = ()
    files: tuple[ContentFile, ...] = ()
    attribution: Text | None = None
    contact: str = ""
