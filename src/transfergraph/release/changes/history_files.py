"""What a new release says of its past: patch, note, entities that it has no more, and the feeds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from transfergraph.common.files import link_or_copy
from transfergraph.common.text import Text
from transfergraph.errors import ReleaseError
from transfergraph.messages import both, explained, text
from transfergraph.release.changes.atom import AtomEntry, FeedMetadata, last_published, write_atom
from transfergraph.release.changes.difference import SubjectChange, all_subjects
from transfergraph.release.changes.entity_history import HistoryRecorder
from transfergraph.release.changes.ldes import (
    EventWriter,
    LdesPage,
    LdesStream,
    catalogue_changes,
    read_pages,
    write_root,
)
from transfergraph.release.changes.patch import CHANGES, find_changes, findings_of
from transfergraph.release.changes.reader_note import note_lines
from transfergraph.release.changes.tombstones import TombstoneList
from transfergraph.release.manifest import Manifest, read_manifest
from transfergraph.release.publication_time import midnight, publication_time
from transfergraph.vocabulary.presentation_reader import released_presentation

FEED, CATALOGUE_FEED = "feed", "catalog-feed"


@dataclass(frozen=True, slots=True)
class ReleaseHistory:
    """A release whose past is written down: its folder and id, the day that the workspace states, the
    folder of the release before, what its feeds say of themselves, and the rows of each source."""

    folder: Path
    release: str
    issued: date
    previous: Path | None
    about: FeedMetadata
    rows: Mapping[str, int]

    @property
    def published(self) -> str:
        """When it counts as published in the feeds."""
        before = self.previous
        last = None if before is None else last_published(before) or midnight(read_manifest(before).created)
        return publication_time(self.issued, last)

    def stream(self, name: str) -> LdesStream:
        """The stream of the graph (``feed``) or of the catalogue (``catalog-feed``)."""
        title = self.about.title
        kind = both(f"changes.stream.{name}")
        titled = title.each("{}: {}".format, kind).tagged(self.about.languages)
        return LdesStream(f"{self.about.base}{name}", name, titled)


def record_changes(
    record: ReleaseHistory, graph: Path, findings: Mapping[str, int], successors: Mapping[str, str]
) -> Text:
    """Write ``changes/``, ``feed.atom`` and ``feed.ttl`` with its pages; return the note.

    ``graph`` holds the new graph as sorted N-Triples; the folder has its ontology. ``findings`` counts the
    findings by severity, ``successors`` maps IRIs to what has replaced them in the new graph.
    """
    folder, previous, published = record.folder, record.previous, record.published
    changes = folder / "changes"
    changes.mkdir()
    stream = record.stream(FEED)
    known = copy_pages(record, stream)
    events = EventWriter(folder, stream, record.release, published)
    tombstones = TombstoneList(previous)
    before = None if previous is None else read_manifest(previous)
    history = HistoryRecorder(previous, None if before is None else before.id, record.release)
    if previous is not None and before is not None:
        consumers = (tombstones, history, events) if known else (tombstones, history)
        found = find_changes(
            previous,
            graph,
            changes,
            findings_of(before, findings),
            released_presentation(folder),
            consumers,
        )
        found = replace(found, sources=_of_sources(before, record.rows))
        (changes / CHANGES).write_text(found.to_json(before.id, record.release), encoding="utf-8")
        lines = {language: note_lines(found, language) for language in record.about.languages}
        titles: Text | None = both("changes.title", previous=before.id)
    else:
        lines = {language: [text("changes.first", language)] for language in record.about.languages}
        titles = None
    if not known:
        _add_all(all_subjects(graph), events)
    pages = events.finish()
    write_root(folder, stream, (*known, *pages))
    history.write(folder)
    tombstones.write(folder, successors, record.about.languages, record.about.base)
    entry = AtomEntry(record.release, published, lines, [page.path for page in pages])
    write_atom(folder, record.about, entry, previous)
    return _write_notes(changes, titles, lines)


def _of_sources(before: Manifest, after: Mapping[str, int]) -> dict[str, tuple[int, int]]:
    """The rows of each source before and after, where there are several sources."""
    rows = {source: sum(counts.values()) for source, counts in before.rows.items()}
    names = sorted(rows.keys() | after.keys())
    return {one: (rows.get(one, 0), after.get(one, 0)) for one in names} if len(names) > 1 else {}


def record_catalogue(record: ReleaseHistory) -> list[Path]:
    """Write ``catalog-feed.ttl`` with its pages, once the catalogue is there; return all files of it."""
    stream = record.stream(CATALOGUE_FEED)
    known = copy_pages(record, stream)
    events = EventWriter(record.folder, stream, record.release, record.published)
    _add_all(catalogue_changes(record.previous if known else None, record.folder), events)
    pages = (*known, *events.finish())
    write_root(record.folder, stream, pages)
    return [record.folder / stream.root, *(record.folder / page.path for page in pages)]


def copy_pages(record: ReleaseHistory, stream: LdesStream) -> tuple[LdesPage, ...]:
    """Take over the pages of a stream, and what lies beside them, from the release before; return the pages.

    The files are the same ones on disk where the file system can do that. Raises :class:`ReleaseError`
    when one is missing or has another size than the manifest says.
    """
    if record.previous is None:
        return ()
    for entry in read_manifest(record.previous).files:
        if entry.path.startswith(f"{stream.name}/"):
            source, target = record.previous / entry.path, record.folder / entry.path
            if not source.is_file() or source.stat().st_size != entry.size:
                raise ReleaseError(explained("error.release.lost-file", source=source))
            link_or_copy(source, target)
    return read_pages(record.previous, stream)


def _add_all(changes: Iterable[SubjectChange], events: EventWriter) -> None:
    for change in changes:
        events.add(change)


def _write_notes(changes: Path, titles: Text | None, lines: Mapping[str, list[str]]) -> Text:
    notes = {}
    for language, (sentence, *items) in lines.items():
        head = [] if titles is None else [f"# {titles.in_language(language)}", ""]
        note = [*head, sentence, "", *(f"- {item}" for item in items)]
        notes[language] = "\n".join(note).rstrip() + "\n"
        (changes / f"note.{language}.md").write_text(notes[language], encoding="utf-8")
    return Text(notes)
