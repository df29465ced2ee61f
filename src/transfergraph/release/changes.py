"""What changed between two releases, as data and as a note for readers in German and English."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path

import pyoxigraph as ox

from transfergraph.findings import Text
from transfergraph.messages import text
from transfergraph.release.difference import Patch, SubjectChange, graph_lines, subject_changes

_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_LABEL = "http://www.w3.org/2004/02/skos/core#prefLabel"
_TERM_LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
_LABEL_MARKS = (f"<{_LABEL}>".encode(), f"<{_TERM_LABEL}>".encode())
_LISTED = 1000
_SHOWN = 20


class Kind(Enum):
    """What happened to an entity."""

    NEW = "new"
    GONE = "gone"
    RENAMED = "renamed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that happened to one entity.

    ``entity_class`` is the IRI of its class, None when the patch does not tell; of a changed property
    ``old`` and ``new`` are the values in order, as plain text.
    """

    kind: Kind
    iri: str
    entity_class: str | None = None
    property: str | None = None
    old: tuple[str, ...] = ()
    new: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Changes:
    """The difference between two graphs, summed up.

    ``changes`` lists the first 1,000; ``counts`` counts all, by kind and class. ``labels`` has names of
    the entities, classes and properties that are mentioned. ``added`` and ``removed`` count triples.
    """

    added: int
    removed: int
    changes: tuple[Change, ...]
    counts: Mapping[tuple[Kind, str | None], int]
    labels: Mapping[str, Text] = field(default_factory=dict)

    def to_json(self, previous: str | None, identifier: str) -> str:
        """JSON text: ids of both releases, counts, and the list of changes with their labels."""
        values = {
            "release": identifier,
            "previous": previous,
            "triples": {"added": self.added, "removed": self.removed},
            "entities": [
                {"kind": kind.value, "class": entity_class, "count": count}
                for (kind, entity_class), count in self.counts.items()
            ],
            "listed": len(self.changes),
            "changes": [self._entry(change) for change in self.changes],
        }
        return json.dumps(values, ensure_ascii=False, indent=1) + "\n"

    def _entry(self, change: Change) -> dict[str, object]:
        entry: dict[str, object] = {"kind": change.kind.value, "iri": change.iri}
        label = self.labels.get(change.iri)
        if label is not None:
            entry["label"] = {"de": label.de, "en": label.en}
        if change.entity_class is not None:
            entry["class"] = change.entity_class
        if change.property is not None:
            entry |= {"property": change.property, "old": change.old, "new": change.new}
        return entry

    def note(self, language: str) -> str:
        """A note for readers: one line for each sort of change, the first twenty of each by name."""
        if not self.added and not self.removed:
            return text("changes.none", language) + "\n"
        lines = []
        for kind in (Kind.NEW, Kind.GONE):
            for (counted, entity_class), count in self.counts.items():
                if counted is kind:
                    names = [
                        self._name(change.iri, language)
                        for change in self.changes
                        if change.kind is kind and change.entity_class == entity_class
                    ]
                    label = self._name(entity_class or "", language)
                    key = f"changes.{kind.value}"
                    lines.append(text(key, language, label=label, count=count, names=names))
        for kind in (Kind.RENAMED, Kind.CHANGED):
            listed = [change for change in self.changes if change.kind is kind]
            lines += [self._sentence(change, language) for change in listed[:_SHOWN]]
            total = sum(count for (counted, _), count in self.counts.items() if counted is kind)
            if total > min(len(listed), _SHOWN):
                rest = total - min(len(listed), _SHOWN)
                lines.append(text("changes.more", language, count=rest))
        lines.append(text("changes.triples", language, added=self.added, removed=self.removed))
        return "\n".join(f"- {line}" for line in lines) + "\n"

    def _sentence(self, change: Change, language: str) -> str:
        return text(
            f"changes.{change.kind.value}-one",
            language,
            name=self._name(change.iri, language),
            property=self._name(change.property or "", language),
            old=[self._name(value, language) for value in change.old] or "–",
            new=[self._name(value, language) for value in change.new] or "–",
        )

    def _name(self, iri: str, language: str) -> str:
        label = self.labels.get(iri)
        if label is not None:
            return label.in_language(language)
        return iri.rsplit("/", 1)[-1].rsplit("#", 1)[-1] if iri.startswith("http") else iri


def summarise(patch: Patch, old: Path | None, new: Path) -> Changes:
    """Read a patch entity by entity; ``old`` and ``new`` are the two graphs, asked for labels only."""
    listed: list[Change] = []
    counts: Counter[tuple[Kind, str | None]] = Counter()
    for subject in subject_changes(patch):
        for change in _changes_of(subject):
            counts[change.kind, change.entity_class] += 1
            if len(listed) < _LISTED:
                listed.append(change)
    wanted = {iri for change in listed for iri in _mentioned(change)}
    wanted |= {entity_class for _, entity_class in counts if entity_class}
    labels = _labels(wanted, [graph for graph in (old, new) if graph is not None])
    ordered = dict(sorted(counts.items(), key=lambda item: (item[0][0].value, item[0][1] or "")))
    return Changes(patch.added, patch.removed, tuple(listed), ordered, labels)


def _changes_of(change: SubjectChange) -> Iterator[Change]:
    added, removed = _values(change.added), _values(change.removed)
    iri = change.subject.strip("<>")
    new_class, old_class = next(iter(added.get(_TYPE, ())), None), next(iter(removed.get(_TYPE, ())), None)
    if new_class is not None and old_class is None:
        yield Change(Kind.NEW, iri, new_class)
        return
    if old_class is not None and new_class is None:
        yield Change(Kind.GONE, iri, old_class)
        return
    for predicate in sorted(added.keys() | removed.keys()):
        kind = Kind.RENAMED if predicate == _LABEL else Kind.CHANGED
        old, new = tuple(removed.get(predicate, ())), tuple(added.get(predicate, ()))
        yield Change(kind, iri, None, predicate, old, new)


def _values(lines: Iterable[str]) -> dict[str, list[str]]:
    values: dict[str, list[str]] = defaultdict(list)
    for quad in ox.parse("".join(lines), format=ox.RdfFormat.N_TRIPLES):
        value = quad.object
        values[quad.predicate.value].append("" if isinstance(value, ox.Triple) else value.value)
    return values


def _mentioned(change: Change) -> Iterator[str]:
    yield change.iri
    if change.property:
        yield change.property
    yield from (value for value in (*change.old, *change.new) if value.startswith("http"))


def _labels(wanted: set[str], graphs: Iterable[Path]) -> dict[str, Text]:
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for graph in graphs:
        lines = (line for line in graph_lines(graph) if any(mark in line for mark in _LABEL_MARKS))
        for line in lines:
            if line[1 : line.index(b"> ")].decode("utf-8") not in wanted:
                continue
            for quad in ox.parse(line, format=ox.RdfFormat.N_TRIPLES):
                if isinstance(quad.object, ox.Literal):
                    found[str(quad.subject.value)][quad.object.language or ""] = quad.object.value
    return {iri: _text(names) for iri, names in found.items()}


def _text(names: Mapping[str, str]) -> Text:
    other = next(iter(names.values()))
    return Text(names.get("de", other), names.get("en", other))
