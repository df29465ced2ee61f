"""The note about the difference between two releases, for readers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from urllib.parse import unquote

from transfergraph.common.displayed_values import visible
from transfergraph.messages import in_full
from transfergraph.release.changes.change_summary import (
    DATES,
    Change,
    ChangedValue,
    ChangeKind,
    Changes,
    Participation,
    is_moved_date,
)
from transfergraph.vocabulary.presentation import Role
from transfergraph.web.phrases import cut_words, joined, period, plain

_SHOWN = 20  # changes of a sort that are listed one by one
_NAMED = 5  # names in the sentence at the top
_LISTED = 30  # names of what is new or has gone
_LONGEST = 200  # characters of a value before and after; names stand in full


def reader_note(changes: Changes, language: str) -> str:
    """The note in a language: one sentence, then a list; Markdown."""
    lines = note_lines(changes, language)
    return "\n".join([lines[0], "", *(f"- {line}" for line in lines[1:])]).rstrip() + "\n"


def note_lines(changes: Changes, language: str) -> list[str]:
    """The sentence that sums up, and the items of the list below it."""
    teller = _Teller(changes, language)
    return [teller.sentence(), *teller.items()]


class _Teller:
    """Tells the changes in one language."""

    def __init__(self, changes: Changes, language: str) -> None:
        self._changes = changes
        self._language = language

    def sentence(self) -> str:
        parts = [*self._entities(), *self._rekeyed(), *self._renamed(), *self._moved()]
        parts += self._others("changes.lead.others" if parts else "changes.lead.changed")
        parts = parts or [self._text("changes.none").rstrip(".")]
        return "; ".join([*parts, *self._findings()]) + "."

    def items(self) -> Iterator[str]:
        changes = self._changes
        for kind in (ChangeKind.NEW, ChangeKind.GONE, ChangeKind.REKEYED):
            for (counted, entity_class), count in changes.counts.items():
                if counted is not kind or not self._is_told(entity_class):
                    continue
                if self._is_participation(entity_class):
                    yield from self._participations(kind, entity_class, count)
                else:
                    yield self._listed(kind, entity_class, count)
        for kind in (ChangeKind.RENAMED, ChangeKind.CHANGED):
            listed = [change for change in changes.changes if change.kind is kind]
            yield from (self._told(change) for change in listed[:_SHOWN])
            rest = self._count(kind) - min(len(listed), _SHOWN)
            if rest:
                yield self._text("changes.more", count=rest)
        for severity, (before, after) in changes.findings.items():
            if before != after:
                yield self._text(f"changes.{severity}", before=before, after=after)
        for source, (before, after) in changes.sources.items():
            if before != after:
                yield self._text("changes.source", source=source, before=before, after=after)
        if changes.added or changes.removed:
            yield self._text("changes.triples", added=changes.added, removed=changes.removed)

    def _entities(self) -> Iterator[str]:
        for kind in (ChangeKind.NEW, ChangeKind.GONE):
            for (counted, entity_class), count in self._changes.counts.items():
                if counted is kind and self._is_told(entity_class):
                    yield self._text(f"changes.lead.{kind.value}", what=self._counted(entity_class, count))
        gone = (change for change in self._changes.changes if change.kind is ChangeKind.GONE)
        merged = [change for change in gone if change.successor is not None]
        for change in merged[:_NAMED]:
            successor = self._name(change.successor or "")
            yield self._text("changes.lead.replaced", name=self._name(change.iri), successor=successor)

    def _rekeyed(self) -> Iterator[str]:
        found = [
            change
            for change in self._changes.changes
            if change.kind is ChangeKind.REKEYED and not self._is_participation(change.entity_class)
        ]
        if len(found) > _NAMED:
            yield self._text("changes.lead.rekeyed-many", count=len(found))
            return
        for change in found:
            yield self._text("changes.lead.rekeyed", **self._keys(change))

    def _keys(self, change: Change) -> dict[str, str]:
        successor = change.successor or ""
        return {"name": self._name(successor), "old": _key(change.iri), "new": _key(successor)}

    def _renamed(self) -> Iterator[str]:
        count = self._count(ChangeKind.RENAMED)
        if count > _NAMED:
            yield self._text("changes.lead.renamed-many", count=count)
        elif count:
            names = [
                next(iter(self._in_language(change.old)), self._name(change.iri))
                for change in self._changes.changes
                if change.kind is ChangeKind.RENAMED
            ]
            yield self._text("changes.lead.renamed", names=", ".join(names))

    def _moved(self) -> Iterator[str]:
        if self._changes.moved > _NAMED:
            yield self._text("changes.lead.moved-many", count=self._changes.moved)
            return
        for change in self._changes.changes:
            if is_moved_date(change):
                which = "changes.lead.start" if change.property == DATES[0] else "changes.lead.end"
                old, new = change.old[0].text, change.new[0].text
                yield self._text(which, name=self._name(change.iri), old=old, new=new)

    def _others(self, key: str) -> Iterator[str]:
        if self._changes.others:
            yield self._text(key, count=self._changes.others)

    def _findings(self) -> Iterator[str]:
        more = sum(after - before for before, after in self._changes.findings.values())
        if more:
            yield self._text("changes.lead.more" if more > 0 else "changes.lead.fewer", count=abs(more))

    def _counted(self, entity_class: str | None, count: int) -> str:
        shown = self._changes.presentation
        table = shown.table_of([entity_class or ""])
        if table is not None:
            return shown.counted(table.key, count, self._language)
        return self._text("changes.lead.counted", label=self._class(entity_class), count=count)

    def _is_told(self, entity_class: str | None) -> bool:
        """False for what a rule makes of the rows of a table, such as the geometry of a place."""
        shown = self._changes.presentation
        if entity_class is None or shown.table_of([entity_class]) is not None:
            return True
        there = (one.iri for one in self._changes.changes if one.entity_class == entity_class)
        first = next(there, "")
        return not any(f"/{table.folder}" in first for table in shown.tables.values() if table.folder)

    def _class(self, entity_class: str | None) -> str:
        known = self._changes.presentation.classes.get(entity_class or "")
        return known.label.in_language(self._language) if known else self._name(entity_class or "")

    def _listed(self, kind: ChangeKind, entity_class: str | None, count: int) -> str:
        names = []
        for change in self._changes.changes:
            if change.kind is kind and change.entity_class == entity_class:
                name = self._name(change.iri)
                if kind is ChangeKind.REKEYED:
                    name = self._text("changes.rekeyed-one", **self._keys(change))
                elif change.successor is not None:
                    successor = self._name(change.successor)
                    name = self._text("changes.replaced", name=name, successor=successor)
                names.append(name)
        label, first = self._class(entity_class), names[:_LISTED]
        listed = self._text(f"changes.{kind.value}", label=label, count=count, names=", ".join(first))
        rest = count - len(first)
        return listed + (self._text("changes.rest", count=rest) if rest else "")

    def _is_participation(self, entity_class: str | None) -> bool:
        return self._changes.presentation.role((entity_class or "",)) is Role.PARTICIPATION

    def _participations(self, kind: ChangeKind, entity_class: str | None, count: int) -> Iterator[str]:
        """A sentence for each of the first participations that came or went, and how many more did."""
        told = [
            change.participation
            for change in self._changes.changes
            if change.kind is kind and change.entity_class == entity_class and change.participation
        ]
        first = told[:_SHOWN]
        yield from (self._takes_part(kind, one) for one in first)
        if rest := count - len(first):
            what = self._counted(entity_class, rest)
            yield self._text(f"changes.participations.{kind.value}", what=what)

    def _takes_part(self, kind: ChangeKind, one: Participation) -> str:
        """That an organisation joined an undertaking, or is no longer in it, with role and period."""
        names = {"organisation": self._name(one.participant), "undertaking": self._name(one.undertaking)}
        words = plain(period(one.start, one.end, self._language))
        when = f" ({words})" if words else ""
        if one.roles:
            roles = plain(joined([(self._name(role),) for role in one.roles], self._language))
            return self._text(f"changes.joined.{kind.value}", **names, role=roles) + when
        return self._text(f"changes.joined-plain.{kind.value}", **names) + when

    def _told(self, change: Change) -> str:
        old, new = self._in_language(change.old), self._in_language(change.new)
        if change.kind is ChangeKind.RENAMED and old and new and old != new:
            return self._text("changes.renamed-one", old=", ".join(old), new=", ".join(new))
        return self._text(
            "changes.changed-one",
            name=self._name(change.iri),
            property=self._name(change.property or ""),
            old=", ".join(cut_words(one, _LONGEST) for one in old) or "–",
            new=", ".join(cut_words(one, _LONGEST) for one in new) or "–",
        )

    def _in_language(self, values: Sequence[ChangedValue]) -> list[str]:
        """The values that are in this language or in none; of a text in others alone, all."""
        fitting = [value for value in values if value.language in ("", self._language)]
        return [self._name(value.text) for value in fitting or values]

    def _count(self, kind: ChangeKind) -> int:
        return sum(count for (counted, _), count in self._changes.counts.items() if counted is kind)

    def _name(self, iri: str) -> str:
        label = self._changes.labels.get(iri)
        if label is not None:
            return label.in_language(self._language)
        return unquote(iri.rsplit("/", 1)[-1].rsplit("#", 1)[-1]) if iri.startswith("http") else iri

    def _text(self, key: str, **values: str | int) -> str:
        """A text with names in full, made visible."""
        told = {name: visible(value) if isinstance(value, str) else value for name, value in values.items()}
        return in_full(key, self._language, **told)


def _key(iri: str) -> str:
    return unquote(iri.rsplit("/", 1)[-1])
