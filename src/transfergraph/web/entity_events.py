"""What happened to entities from release to release, as the file of a release tells it.

A line of the file is an IRI, a tab and JSON: the events of the entity, the earliest first. Lines are in the
order of the bytes of the IRIs; the first one has no IRI and says from which release on there is a record.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import msgspec

from transfergraph.errors import ReleaseError
from transfergraph.messages import explained

HISTORY = "changes/history.tsv"

_CHUNK = 1 << 16


class EventValue(msgspec.Struct, frozen=True, omit_defaults=True):
    """A value as plain text: that of a literal, or an IRI; ``language`` where it has one."""

    text: str
    language: str = ""


class ChangedProperty(msgspec.Struct, frozen=True):
    """A property with the values that went and those that came, as plain texts or IRIs."""

    property: str
    old: tuple[EventValue, ...] = ()
    new: tuple[EventValue, ...] = ()


class ConnectedRecord(msgspec.Struct, frozen=True):
    """A participation, grant or the like that is ``new``, ``gone`` or ``changed``, and what it connects."""

    kind: str
    iri: str
    ends: tuple[str, ...] = ()


class EntityEvent(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a release changed of an entity.

    ``kind`` is ``new`` or ``gone``, or ``changed`` where it was there before and after; ``more`` counts what
    is not told.
    """

    release: str
    kind: str
    changes: tuple[ChangedProperty, ...] = ()
    records: tuple[ConnectedRecord, ...] = ()
    more: int = 0


class EntityHistory:
    """Reads the file of a release line by line where it is asked; there may be none."""

    def __init__(self, file: Path) -> None:
        self._file = file

    @cached_property
    def _open(self) -> tuple[int, int]:
        """The open file and its size; no file where there is none."""
        try:
            number = os.open(self._file, os.O_RDONLY)
        except OSError:
            return -1, 0
        return number, os.fstat(number).st_size

    def open(self) -> None:
        """Open the file now, so that whoever is closed off later can still read it."""
        _ = self._open

    @cached_property
    def since(self) -> str:
        """The release from which on there is a record; empty where there is none."""
        if self._open[0] < 0:
            return ""
        head: Mapping[str, Any] = self._decode(self._line_at(0)[0].partition(b"\t")[2], dict[str, Any])
        return str(head.get("since") or "")

    def of(self, iri: str) -> tuple[EntityEvent, ...]:
        """What happened to an entity, the earliest first."""
        low, high, wanted = 0, self._open[1], iri.encode()
        while low < high:
            middle = (low + high) // 2
            line, start, end = self._line_at(middle)
            key = line.partition(b"\t")[0]
            if key == wanted and key:
                return tuple(self._decode(line.partition(b"\t")[2], list[EntityEvent]))
            if key < wanted:
                low = end
            else:
                high = start
        return ()

    def _line_at(self, offset: int) -> tuple[bytes, int, int]:
        """The line that this byte belongs to, without its end; where it begins, and where the next one."""
        number, size = self._open
        start = offset
        while start > 0:
            first = max(0, start - _CHUNK)
            found = os.pread(number, start - first, first).rfind(b"\n")
            if found >= 0:
                start = first + found + 1
                break
            start = first
        parts, at = [], start
        while at < size:
            part = os.pread(number, _CHUNK, at)
            end = part.find(b"\n")
            if end >= 0:
                parts.append(part[:end])
                at += end + 1
                break
            parts.append(part)
            at += len(part)
        return b"".join(parts), start, at

    def _decode(self, told: bytes, type_: Any) -> Any:
        try:
            return msgspec.json.decode(told, type=type_)
        except msgspec.MsgspecError as error:
            raise ReleaseError(explained("error.release.damaged", file=self._file, error=error)) from error
