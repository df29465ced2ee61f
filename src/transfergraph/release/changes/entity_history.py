"""What happened to each entity from release to release, as a file that grows: ``changes/history.tsv``.

A line is an IRI, a tab and JSON: the events of the entity, the earliest first. Lines are in the order of the
bytes of the IRIs; the first one has no IRI and says from which release on there is a record. An entity
without a line has not changed since. Participations, grants and the like are told with what they connect.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec

from transfergraph.release.changes.change_summary import ChangedValue, changed_values, class_of
from transfergraph.release.changes.difference import SubjectChange
from transfergraph.web import document_terms as terms
from transfergraph.web.entity_events import (
    HISTORY,
    ChangedProperty,
    ConnectedRecord,
    EntityEvent,
    EventValue,
)
from transfergraph.web.phrases import cut_words

CONNECTING = (terms.PARTICIPATES_IN, terms.PARTICIPANT, terms.FUNDS, terms.ABOUT)
"""By these a record belongs to the things that it connects."""

_CHANGES, _RECORDS = 40, 40  # that are told of one entity in one release
_VALUES = 12  # of a property, before and after
_LENGTH = 300  # characters of a value


@dataclass(slots=True)
class _Collected:
    kind: str = ""
    changes: tuple[ChangedProperty, ...] = ()
    records: list[ConnectedRecord] | None = None


class HistoryRecorder:
    """Takes the differences of two graphs, and writes them behind those of the releases before."""

    def __init__(self, previous: Path | None, before: str | None, release: str) -> None:
        self._previous = None if previous is None else previous / HISTORY
        self._before, self._release = before, release
        self._found: defaultdict[str, _Collected] = defaultdict(_Collected)

    def add(self, change: SubjectChange) -> None:
        """Note what happened to one subject, and to what it connects."""
        old, new = class_of(change.before), class_of(change.after)
        if old is None and new is None:
            return
        kind = "changed" if old and new else "new" if new else "gone"
        own = self._found[change.iri]
        own.kind = kind
        if kind == "changed":
            own.changes = tuple(_changes(change))
        known = changed_values(change.after or change.before)
        ends = tuple(value.text for name in CONNECTING for value in known.get(name, ()))
        record = ConnectedRecord(kind, change.iri, ends)
        for end in ends:
            other = self._found[end]
            other.records = [*(other.records or ()), record]

    def write(self, folder: Path) -> None:
        """Write the file into the folder of the new release."""
        since = self._release if self._previous is None else self._before
        known = self._previous is not None and self._previous.is_file()
        with (folder / HISTORY).open("wb") as stream:
            earlier = _lines(self._previous) if known and self._previous else iter(())
            first = next(earlier, None)
            head = first[1] if first else json.dumps({"since": since}).encode()
            stream.write(b"\t%b\n" % head)
            stream.writelines(self._merged(earlier))

    def _merged(self, earlier: Iterator[tuple[bytes, bytes]]) -> Iterator[bytes]:
        """The lines of before, each with what is new, and new ones between."""
        events = {iri.encode(): self._event(found) for iri, found in self._found.items()}
        waiting = iter(sorted(events))
        following = next(waiting, None)
        for iri, told in earlier:
            while following is not None and following < iri:
                yield _line(following, (), events[following])
                following = next(waiting, None)
            if following == iri:
                yield _line(iri, _decoded(told), events[iri])
                following = next(waiting, None)
            else:
                yield b"%b\t%b\n" % (iri, told)
        while following is not None:
            yield _line(following, (), events[following])
            following = next(waiting, None)

    def _event(self, found: _Collected) -> EntityEvent:
        records = found.records or []
        more = max(0, len(records) - _RECORDS) + max(0, len(found.changes) - _CHANGES)
        kind = found.kind or "changed"
        return EntityEvent(self._release, kind, found.changes[:_CHANGES], tuple(records[:_RECORDS]), more)


def _changes(change: SubjectChange) -> Iterator[ChangedProperty]:
    added, removed = changed_values(change.added), changed_values(change.removed)
    for name in sorted(added.keys() | removed.keys()):
        yield ChangedProperty(name, _cut(removed.get(name, ())), _cut(added.get(name, ())))


def _cut(values: Iterable[ChangedValue]) -> tuple[EventValue, ...]:
    return tuple(EventValue(_shown(one.text), one.language) for one in list(values)[:_VALUES])


def _shown(text: str) -> str:
    """A text that is too long, cut between words; an IRI stays whole."""
    return text if "://" in text else cut_words(text, _LENGTH)


def _line(iri: bytes, before: Iterable[EntityEvent], event: EntityEvent) -> bytes:
    return b"%b\t%b\n" % (iri, msgspec.json.encode([*before, event]))


def _decoded(told: bytes) -> list[EntityEvent]:
    return msgspec.json.decode(told, type=list[EntityEvent])


def _lines(file: Path) -> Iterator[tuple[bytes, bytes]]:
    with file.open("rb") as stream:
        for line in stream:
            iri, _, told = line.rstrip(b"\n").partition(b"\t")
            yield iri, told
