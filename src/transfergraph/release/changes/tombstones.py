"""The entities that any earlier release had and the current one has not: a list that grows.

It lies in ``changes/gone.json``: for each entity its IRI, its name in each language, its class, the last
release that had it, and what has replaced it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import groupby
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import msgspec

from transfergraph.common.json_text import json_text
from transfergraph.common.text import Languages, Text
from transfergraph.errors import ReleaseError
from transfergraph.messages import explained
from transfergraph.release.changes.change_summary import class_of, names_of
from transfergraph.release.changes.difference import SubjectChange
from transfergraph.release.changes.patch import ADDED, REMOVED
from transfergraph.release.manifest import read_manifest
from transfergraph.release.sorted_ntriples import opened, subject_of

TOMBSTONES = "changes/gone.json"


class Tombstone(msgspec.Struct, frozen=True):
    """An entity that has gone.

    ``label`` is the last part of the IRI where it had no name; ``entity_class`` is the IRI of its class.
    ``last_release`` is None for what no release had, but of which a source says what replaced it.
    """

    iri: str
    label: Text
    entity_class: str | None = msgspec.field(name="class")
    last_release: str | None
    successor: str | None = None


class TombstoneList:
    """The list of a new release: that of the release before, and what the differences say."""

    def __init__(self, previous: Path | None) -> None:
        self._known = {} if previous is None else dict(read_tombstones(previous))
        self._release = None if previous is None else read_manifest(previous).id

    def add(self, change: SubjectChange) -> None:
        """Note an entity that went or came back."""
        before, after = class_of(change.before), class_of(change.after)
        if after is not None:
            self._known.pop(change.iri, None)
        elif before is not None:
            self._known[change.iri] = _tombstone(change.iri, change.before, self._release)

    def write(self, folder: Path, successors: Mapping[str, str], languages: Languages, base: str) -> None:
        """Write the list into the folder of the release.

        ``successors`` are what the new graph says has replaced what; names are written in the ``languages``.
        What never was in a release stands in the list where it has an address below the ``base``, as entities
        do and terms of the vocabulary do not.
        """
        found = {
            iri: msgspec.structs.replace(one, successor=successors.get(iri))
            for iri, one in self._known.items()
        }
        for iri, successor in successors.items():
            if iri not in found and iri.startswith(base):
                found[iri] = msgspec.structs.replace(_tombstone(iri, (), None), successor=successor)
        gone = [one for _, one in sorted(found.items())]
        entries = [msgspec.to_builtins(one, enc_hook=_named(languages)) for one in gone]
        (folder / TOMBSTONES).write_text(json_text(entries), encoding="utf-8")


def read_tombstones(release: Path) -> Mapping[str, Tombstone]:
    """What has gone, by its IRI.

    A release that was made before there was such a list tells it by its differences, and those of the
    releases before it as far as they are kept beside it. Raises :class:`ReleaseError` for a damaged list.
    """
    file = release / TOMBSTONES
    if not file.is_file():
        return _from_differences(release)
    try:
        entries = msgspec.json.decode(file.read_bytes(), type=list[dict[str, Any]])
        values = [
            {**entry, "label": Text(msgspec.convert(entry["label"], dict[str, str]))} for entry in entries
        ]
        return {one.iri: one for one in msgspec.convert(values, list[Tombstone])}
    except (OSError, ValueError, TypeError, KeyError, RecursionError) as error:
        raise ReleaseError(explained("error.release.damaged", file=file, error=error)) from error


def _named(languages: Languages) -> Callable[[Any], Any]:
    return lambda label: label.by_language(languages)


def _tombstone(iri: str, lines: Iterable[bytes], release: str | None) -> Tombstone:
    lines = list(lines)
    names = names_of(lines)
    part = unquote(iri.rsplit("/", 1)[-1])
    return Tombstone(iri, Text(names) if names else Text.same(part), class_of(lines), release)


def _from_differences(release: Path) -> dict[str, Tombstone]:
    """Backwards from a release: what is met first, that it came or that it went, is how things are now."""
    found: dict[str, Tombstone] = {}
    present: set[str] = set()
    folder: Path | None = release
    while folder is not None:
        previous = read_manifest(folder).previous
        if previous is None:
            break
        try:
            new = _subjects(folder / "changes" / ADDED)
            added = {iri for iri, lines in new if class_of(lines) is not None}
            lost = _subjects(folder / "changes" / REMOVED)
            removed = {iri: _tombstone(iri, lines, previous) for iri, lines in lost}
        except ReleaseError:  # damaged, so not kept
            break
        present |= added - found.keys()
        for iri, tombstone in removed.items():
            if tombstone.entity_class is not None and iri not in present:
                found.setdefault(iri, tombstone)
        folder = _kept_release(release, previous)
    return found


def _subjects(patch: Path) -> Iterator[tuple[str, list[bytes]]]:
    if not patch.is_file():
        return
    with opened(patch) as stream:
        for subject, lines in groupby(stream, subject_of):
            yield subject[1:-1].decode("utf-8"), list(lines)


def _kept_release(release: Path, identifier: str) -> Path | None:
    folder = release.parent / identifier
    try:
        return folder if read_manifest(folder).id == identifier else None
    except ReleaseError:
        return None
