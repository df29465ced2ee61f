"""Reading a TOML table key by key, and complaining about what is left."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar

from transfergraph.common.iris import iri_fault
from transfergraph.common.text import Text
from transfergraph.errors import WorkspaceError

T = TypeVar("T")

_NO_TEXT = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, section 2.2


class Keys:
    """Takes the values of a TOML table out one by one; every error names file, key and an example."""

    def __init__(self, file: Path, values: Mapping[str, object], prefix: str = "") -> None:
        self._file = file
        self._left = dict(values)
        self._prefix = prefix

    @classmethod
    def load(cls, file: Path) -> Keys:
        """The keys of a TOML file; raises :class:`WorkspaceError` when it is not TOML in UTF-8."""
        try:
            return cls(file, tomllib.loads(file.read_text(encoding="utf-8")))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise WorkspaceError(f"{file} is not valid TOML: {error}") from error

    def __contains__(self, key: str) -> bool:
        return key in self._left

    def take(self, key: str, kind: type[T], example: str) -> T:
        """The value of a mandatory key, of exactly this type and not empty."""
        name = f"{self._prefix}{key}"
        if key not in self._left:
            raise WorkspaceError(f"{self._file}: the key {name} is missing; for example: {key} = {example}")
        value = self._left.pop(key)
        blank = not value.strip() if isinstance(value, str) else value == []
        if isinstance(value, str) and _NO_TEXT.search(value):
            raise self.wrong(key, "has a character that no text may have", example)
        if type(value) is not kind or blank:
            raise WorkspaceError(f"{self._file}: the key {name} needs another value; for example: {example}")
        return value

    def text(self, key: str, example: str) -> Text:
        """Two keys, ``<key>_de`` and ``<key>_en``."""
        return Text.made(lambda language: self.take(f"{key}_{language}", str, example))

    def texts(self, key: str, example: str) -> tuple[str, ...]:
        """A list of texts, none of them blank, at least one, without repetition."""
        values = [
            value for value in self.take(key, list, example) if isinstance(value, str) and value.strip()
        ]
        if len(values) != len(set(values)) or not values:
            raise self.wrong(key, "must be a list of different texts", example)
        return tuple(values)

    def iri(self, key: str, example: str) -> str:
        """A whole web address."""
        value = self.take(key, str, example)
        fault = iri_fault(value)
        if not value.startswith(("https://", "http://")) or fault is not None:
            raise self.wrong(key, "must be a whole web address" + (f" ({fault})" if fault else ""), example)
        return value

    def positive(self, key: str, example: str) -> int:
        """A whole number that is at least 1."""
        value = self.take(key, int, example)
        if value < 1:
            raise self.wrong(key, "must be at least 1", example)
        return value

    def table(self, key: str) -> Keys:
        """A table within this one."""
        value = self.take(key, dict, "(a table)")
        return Keys(self._file, value, f"{self._prefix}{key}.")

    def rest(self) -> dict[str, object]:
        """Everything that was not taken yet."""
        left, self._left = self._left, {}
        return left

    def finish(self) -> None:
        """Complain about what was not taken."""
        if self._left:
            names = ", ".join(f"{self._prefix}{key}" for key in sorted(self._left))
            raise WorkspaceError(f"{self._file}: unknown key: {names}. Remove it or correct its spelling.")

    def wrong(self, key: str, demand: str, example: str) -> WorkspaceError:
        """The error for a value that does not meet a demand: ``must be at least 1``."""
        return WorkspaceError(f"{self._file}: {self._prefix}{key} {demand}; for example: {example}")
