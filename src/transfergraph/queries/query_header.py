"""The header of a query file: ``#+ key: value`` lines at the top (the convention of CLARIAH/grlc)."""

from __future__ import annotations

import re
from pathlib import Path

from transfergraph.common.text import Text
from transfergraph.errors import WorkspaceError

_ENTRY = re.compile(r"#\+ ([a-z][a-z_]*):\s+(\S.*)")
_MORE = re.compile(r"#\+ {2,}(\S.*)")


class Header:
    """Gives out the values of the header one by one and complains about what is left."""

    def __init__(self, file: Path, text: str) -> None:
        self._file = file
        self._entries: dict[str, list[tuple[str, int]]] = {}
        self._read(text)

    def _read(self, text: str) -> None:
        at_top, key = True, ""
        for number, line in enumerate(text.splitlines(), 1):
            if not line.startswith("#+"):
                at_top = False
            elif not at_top:
                raise self.error(number, "header lines (#+) stand together at the top of the file")
            elif entry := _ENTRY.fullmatch(line.rstrip()):
                key = entry[1]
                self._entries.setdefault(key, []).append((entry[2], number))
            elif key and (more := _MORE.fullmatch(line.rstrip())):
                value, first = self._entries[key][-1]
                self._entries[key][-1] = (f"{value} {more[1]}", first)
            else:
                raise self.error(number, "a header line looks like this: #+ summary_en: Who works with whom?")

    def error(self, line: int, reason: str) -> WorkspaceError:
        """The error for this line of the file."""
        return WorkspaceError(f"{self._file}, line {line}: {reason}.")

    def has(self, key: str) -> bool:
        """True while the key has not been taken."""
        return key in self._entries

    def take(self, key: str) -> str:
        """The value of a key that must stand once."""
        values = self.take_all(key)
        if not values:
            raise self.error(1, f"the header needs the key {key}: #+ {key}: ...")
        if len(values) > 1:
            raise self.error(values[1][1], f"the key {key} stands twice")
        return values[0][0]

    def take_all(self, key: str) -> list[tuple[str, int]]:
        """All values of a key, each with its line."""
        return self._entries.pop(key, [])

    def text(self, key: str) -> Text:
        """The two keys ``<key>_de`` and ``<key>_en``."""
        return Text.made(lambda language: self.take(f"{key}_{language}"))

    def finish(self) -> None:
        """Raise :class:`WorkspaceError` for the first key that nobody took."""
        for key, values in self._entries.items():
            raise self.error(values[0][1], f"unknown key {key}: remove it or correct its spelling")
