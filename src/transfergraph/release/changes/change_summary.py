"""What changed between two releases, summed up from the differences one by one, in bounded memory."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from enum import Enum
from typing import NamedTuple

import pyoxigraph as ox

from transfergraph.common.json_text import json_text
from transfergraph.common.namespaces import DCT, RDFS, SKOS, TG, TYPE
from transfergraph.common.text import ENGLISH, Languages, Text
from transfergraph.release.changes.difference import SubjectChange
from transfergraph.release.sorted_ntriples import Block, GraphDigest
from transfergraph.vocabulary.presentation import Presentation, Role
from transfergraph.web import document_terms as terms

LABEL = SKOS + "prefLabel"
IS_REPLACED_BY = DCT + "isReplacedBy"
DATES = (f"{TG}start", f"{TG}end")
_TERM_LABEL = RDFS + "label"
_TYPE_MARK = f" <{TYPE}> ".encode()
_LABEL_MARKS = (f" <{LABEL}> ".encode(), f" <{_TERM_LABEL}> ".encode())
_LISTED = 200  # changes of a sort: what happened to things of one class
_COMPARED = 20_000  # things that came or went, among which the same thing with another key is looked for


class ChangeKind(Enum):
    """What happened to an entity."""

    NEW = "new"
    GONE = "gone"
    REKEYED = "rekeyed"
    RENAMED = "renamed"
    CHANGED = "changed"


class ChangedValue(NamedTuple):
    """A value as plain text: that of a literal, or an IRI; ``language`` where it has one."""

    text: str
    language: str = ""


class Participation(NamedTuple):
    """Who takes part in what, in which roles, from when to when: IRIs, and dates or empty texts."""

    participant: str
    undertaking: str
    roles: tuple[str, ...] = ()
    start: str = ""
    end: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that happened to one entity.

    ``entity_class`` is the IRI of its class, None unless the entity is new, gone or has another key; of a
    changed property ``old`` and ``new`` are the values in order; ``successor`` is the IRI of what replaces an
    entity that has gone, or that it has since its key was changed. Of a participation that is new or gone
    ``participation`` says whose it is.
    """

    kind: ChangeKind
    iri: str
    entity_class: str | None = None
    property: str | None = None
    old: tuple[ChangedValue, ...] = ()
    new: tuple[ChangedValue, ...] = ()
    successor: str | None = None
    participation: Participation | None = None


@dataclass(frozen=True, slots=True)
class Changes:
    """The difference between two graphs, summed up.

    ``changes`` lists the first 200 of each sort; ``counts`` counts all, by kind and class, ``moved`` the
    dates that moved and ``others`` the entities of which nothing but other properties changed. ``labels``
    has names of the entities, classes and properties that are mentioned. ``added`` and ``removed`` count
    triples; ``before`` and ``after`` are the graphs. ``findings`` has the numbers of findings before and
    after by severity (``violation``, ``warning``, ``info``), empty when they are not known; ``sources`` the
    numbers of rows before and after by source, empty where there is one source. ``presentation``
    says how the classes of the new graph are called, as far as that is known.
    """

    added: int
    removed: int
    changes: tuple[Change, ...]
    counts: Mapping[tuple[ChangeKind, str | None], int]
    moved: int
    others: int
    before: GraphDigest
    after: GraphDigest
    labels: Mapping[str, Text] = field(default_factory=dict)
    findings: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    presentation: Presentation = field(default_factory=Presentation, repr=False)
    sources: Mapping[str, tuple[int, int]] = field(default_factory=dict)

    def to_json(self, previous: str | None, identifier: str | None) -> str:
        """JSON text: ids of both releases, None where a side is none; graphs, counts, changes, labels."""
        languages = sorted({one for label in self.labels.values() for one in label.languages}) or (ENGLISH,)
        values = {
            "release": identifier,
            "previous": previous,
            "graph": {"before": asdict(self.before), "after": asdict(self.after)},
            "triples": {"added": self.added, "removed": self.removed},
            "findings": {
                severity: {"before": before, "after": after}
                for severity, (before, after) in self.findings.items()
            },
            **self._sources(),
            "entities": [
                {"kind": kind.value, "class": entity_class, "count": count}
                for (kind, entity_class), count in self.counts.items()
            ],
            "listed": len(self.changes),
            "changes": [self._entry(change, languages) for change in self.changes],
        }
        return json_text(values)

    def _sources(self) -> dict[str, object]:
        told = {name: {"before": before, "after": after} for name, (before, after) in self.sources.items()}
        return {"rows": told} if told else {}

    def _entry(self, change: Change, languages: Languages) -> dict[str, object]:
        entry: dict[str, object] = {"kind": change.kind.value, "iri": change.iri}
        label = self.labels.get(change.iri)
        if label is not None:
            entry["label"] = label.by_language(languages)
        if change.entity_class is not None:
            entry["class"] = change.entity_class
        if change.successor is not None:
            entry["successor"] = change.successor
        if change.participation is not None:
            entry["participant"] = change.participation.participant
            entry["undertaking"] = change.participation.undertaking
            entry["roles"] = [*change.participation.roles]
        if change.property is not None:
            entry["property"] = change.property
            entry["old"] = [value.text for value in change.old]
            entry["new"] = [value.text for value in change.new]
        return entry


class _Keys:
    """What came and went, to find what is the same under another key.

    That is a thing which its successor, new itself, shares a name with, and a participation of the same
    organisation in the same undertaking in the same roles, of which one has another key.
    """

    def __init__(self) -> None:
        self._came: dict[str, tuple[Change, frozenset[str]]] = {}
        self._went: dict[str, tuple[Change, frozenset[str]]] = {}

    @property
    def is_full(self) -> bool:
        """Whether so much came or went that nothing more is noted."""
        return max(len(self._came), len(self._went)) >= _COMPARED

    def add(self, change: Change, lines: Iterable[bytes]) -> None:
        """Note what is new or has gone."""
        if not self.is_full:
            known = self._came if change.kind is ChangeKind.NEW else self._went
            known[change.iri] = change, frozenset(names_of(lines).values())

    def rekeyed(self) -> list[Change]:
        """What has another key, in the order of its old IRIs."""
        found = dict(self._named())
        now = {iri: new.iri for iri, new in found.items()}
        waiting = {one.participation: one for one, _ in self._came.values() if one.participation}
        for iri, (gone, _) in self._went.items():
            if (told := gone.participation) is None:
                continue
            moved = told._replace(
                participant=now.get(told.participant, told.participant),
                undertaking=now.get(told.undertaking, told.undertaking),
            )
            if moved != told and moved in waiting:
                found[iri] = waiting[moved]
        return [
            Change(ChangeKind.REKEYED, iri, new.entity_class, successor=new.iri)
            for iri, new in sorted(found.items())
        ]

    def _named(self) -> Iterator[tuple[str, Change]]:
        for iri, (gone, names) in self._went.items():
            new, new_names = self._came.get(gone.successor or "", (None, frozenset[str]()))
            if new is not None and new.entity_class == gone.entity_class and names & new_names:
                yield iri, new


def is_moved_date(change: Change) -> bool:
    """True when a beginning or an end was one date and is another."""
    return change.property in DATES and len(change.old) == len(change.new) == 1


class ChangeSummary:
    """Sums up the differences of two graphs, added one by one."""

    def __init__(self, presentation: Presentation) -> None:
        self._presentation = presentation
        self._listed: list[Change] = []
        self._sorts: Counter[Hashable] = Counter()
        self._counts: Counter[tuple[ChangeKind, str | None]] = Counter()
        self._moved = self._others = 0
        self._labels: dict[str, dict[str, str]] = {}
        self._keys = _Keys()

    def add(self, change: SubjectChange) -> None:
        """Note what happened to one subject."""
        old_class, new_class = self._class_of(change.before), self._class_of(change.after)
        if old_class is None and new_class is not None:
            takes_part = self._participation(new_class, change.after)
            found = [Change(ChangeKind.NEW, change.iri, new_class, participation=takes_part)]
            self._keys.add(found[0], change.after)
        elif old_class is not None and new_class is None:
            successor = successor_of(change.after)
            takes_part = self._participation(old_class, change.before)
            gone = Change(ChangeKind.GONE, change.iri, old_class, successor=successor)
            found = [replace(gone, participation=takes_part)]
            self._keys.add(found[0], change.before)
        else:
            found = list(_property_changes(change))
            self._moved += sum(map(is_moved_date, found))
            self._others += not any(one.kind is ChangeKind.RENAMED or is_moved_date(one) for one in found)
        for one in found:
            self._counts[one.kind, one.entity_class] += 1
            sort = (one.kind, one.entity_class, one.successor is None, is_moved_date(one))
            self._sorts[sort] += 1
            if self._sorts[sort] <= _LISTED:
                self._listed.append(one)
                self._labels[change.iri] = {**names_of(change.before), **names_of(change.after)}

    def finish(
        self,
        graph: Iterable[Block],
        patch: tuple[int, int],
        digests: tuple[GraphDigest, GraphDigest],
        findings: Mapping[str, tuple[int, int]],
    ) -> Changes:
        """The sum. ``graph`` is the new graph, asked for names; ``patch`` counts what it adds and removes;
        ``digests`` are of the graphs before and after."""
        rekeyed = self._keys.rekeyed()
        self._tell(rekeyed)
        wanted = {iri for change in self._listed for iri in _mentioned(change)}
        wanted |= {entity_class for _, entity_class in self._counts if entity_class}
        named = {iri: names for iri, names in self._labels.items() if names and iri in wanted}
        named |= _look_up(sorted(wanted - named.keys()), graph)
        counts = dict(sorted(self._counts.items(), key=lambda item: (item[0][0].value, item[0][1] or "")))
        labels = {iri: Text(names) for iri, names in named.items()}
        return Changes(
            *patch,
            tuple(self._listed),
            counts,
            self._moved,
            self._others,
            *digests,
            labels,
            findings,
            self._presentation,
        )

    def _tell(self, rekeyed: Sequence[Change]) -> None:
        """Tell of what has another key as of one thing, and no more that it has gone and come."""
        again = {iri for one in rekeyed for iri in (one.iri, one.successor)}
        self._listed = [one for one in self._listed if one.iri not in again]
        for one in rekeyed:
            self._counts[ChangeKind.REKEYED, one.entity_class] += 1
            for kind in (ChangeKind.NEW, ChangeKind.GONE):
                self._counts[kind, one.entity_class] -= 1
        self._counts = +self._counts
        self._listed += rekeyed[:_LISTED]

    def _participation(self, entity_class: str, lines: Iterable[bytes]) -> Participation | None:
        """Whose participation an entity of that class is; None for all others, for one without ends, and for
        those that are too many to be told or compared."""
        is_one = self._presentation.role((entity_class,)) is Role.PARTICIPATION
        if not is_one or self._keys.is_full:
            return None
        values = changed_values(lines)

        def several(name: str) -> tuple[str, ...]:
            return tuple(sorted(value.text for value in values.get(name, ())))

        ends = (several(terms.PARTICIPANT), several(terms.PARTICIPATES_IN))
        if not all(ends):
            return None
        dates = ("".join(several(name)[:1]) for name in DATES)
        return Participation(ends[0][0], ends[1][0], several(terms.ROLE), *dates)

    def _class_of(self, lines: Iterable[bytes]) -> str | None:
        """The class that a table states of an entity, which may have others by rules; else the first."""
        classes = list(classes_of(lines))
        table = self._presentation.table_of(classes)
        return table.kind if table and table.kind in classes else next(iter(classes), None)


def classes_of(lines: Iterable[bytes]) -> Iterator[str]:
    """The classes of an entity that has these lines, in order."""
    for line in lines:
        end = line.find(b" ")
        if line.startswith(_TYPE_MARK, end):
            yield line[end + len(_TYPE_MARK) + 1 : -4].decode("utf-8")


def class_of(lines: Iterable[bytes]) -> str | None:
    """The first of the classes; None when there is none."""
    return next(classes_of(lines), None)


def successor_of(lines: Iterable[bytes]) -> str | None:
    """What these lines say has replaced their subject."""
    return next((value.text for value in changed_values(lines).get(IS_REPLACED_BY, ())), None)


def names_of(lines: Iterable[bytes]) -> dict[str, str]:
    """The names in these lines by language, empty for a name without one."""
    values = changed_values(line for line in lines if line.startswith(_LABEL_MARKS, line.find(b" ")))
    return {value.language: value.text for name in (_TERM_LABEL, LABEL) for value in values.get(name, ())}


def _property_changes(change: SubjectChange) -> Iterator[Change]:
    added, removed = changed_values(change.added), changed_values(change.removed)
    for predicate in sorted(added.keys() | removed.keys()):
        kind = ChangeKind.RENAMED if predicate == LABEL else ChangeKind.CHANGED
        old, new = tuple(removed.get(predicate, ())), tuple(added.get(predicate, ()))
        yield Change(kind, change.iri, None, predicate, old, new)


def changed_values(lines: Iterable[bytes]) -> dict[str, list[ChangedValue]]:
    """The values of each property in these lines."""
    values: dict[str, list[ChangedValue]] = defaultdict(list)
    for quad in ox.parse(b"".join(lines), format=ox.RdfFormat.N_TRIPLES, lenient=True):
        match quad.object:
            case ox.Literal() as literal:
                values[quad.predicate.value].append(ChangedValue(literal.value, literal.language or ""))
            case ox.NamedNode() as node:
                values[quad.predicate.value].append(ChangedValue(node.value))
    return values


def _mentioned(change: Change) -> Iterator[str]:
    yield change.iri
    if change.property:
        yield change.property
    if change.successor:
        yield change.successor
    if change.participation is not None:
        yield change.participation.participant
        yield change.participation.undertaking
        yield from change.participation.roles
    yield from (value.text for value in (*change.old, *change.new) if value.text.startswith("http"))


def _look_up(wanted: Sequence[str], graph: Iterable[Block]) -> dict[str, dict[str, str]]:
    """The names of these IRIs in the graph, read only as far as it must be."""
    found: dict[str, dict[str, str]] = {}
    beginnings = sorted((f"<{iri}> ".encode(), iri) for iri in wanted)
    at = 0
    for block in graph if beginnings else ():
        while at < len(beginnings) and beginnings[at][0] <= block[-1]:
            beginning, iri = beginnings[at]
            start = end = bisect_left(block, beginning)
            while end < len(block) and block[end].startswith(beginning):
                end += 1
            names = names_of(block[start:end])
            if names:
                found[iri] = names
            at += 1
        if at == len(beginnings):
            break
    return found
