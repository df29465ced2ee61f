"""A text in several languages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple, Self

LANGUAGES = ("de", "en")
"""The languages of the content (BCP 47), first the one that stands first where several are shown."""


class Text(NamedTuple):
    """One text in each language of the content."""

    de: str
    en: str

    @classmethod
    def made(cls, function: Callable[[str], str]) -> Self:
        """What the function says for each language."""
        return cls(*map(function, LANGUAGES))

    @classmethod
    def same(cls, text: str) -> Self:
        """The same text in each language."""
        return cls.made(lambda _: text)

    @classmethod
    def of(cls, texts: Mapping[str, str], other: str | None = None) -> Self:
        """The texts by language; ``other``, or else the first of them, where a language has none."""
        missing = next(iter(texts.values()), "") if other is None else other
        return cls.made(lambda language: texts.get(language, missing))

    @classmethod
    def from_columns(cls, row: Mapping[str, str], name: str) -> Self:
        """The values of ``<name>_de`` and its like."""
        return cls.made(lambda language: row[f"{name}_{language}"])

    def in_language(self, language: str) -> str:
        """The text in that language, or in English where it has none."""
        return self[LANGUAGES.index(language if language in LANGUAGES else "en")]

    @property
    def first(self) -> str:
        """The text in the first language: shown before a reader chooses, and what names are sorted by."""
        return self[0]

    @property
    def is_same(self) -> bool:
        """Whether each language says the same."""
        return len(set(self)) == 1

    @property
    def english(self) -> str:
        """The text in English, in which what machines read is told."""
        return self.in_language("en")

    def each(self, function: Callable[..., str], *others: Text) -> Text:
        """What the function makes, in each language, of this text and the others in that language."""
        return Text(*map(function, self, *others))

    def by_language(self) -> dict[str, str]:
        """The texts by language."""
        return self._asdict()

    def to_columns(self, name: str) -> dict[str, str]:
        """The texts as values of ``<name>_de`` and its like."""
        return {f"{name}_{language}": text for language, text in self.by_language().items()}
