"""A text in several languages.

Languages are BCP 47 tags in lower case. Which of them the content has is a setting of the workspace
(``languages``), kept in the manifest of a release; functions that write each language are given them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Self

ENGLISH = "en"
"""The language that stands in for one that a text lacks."""

_TAG = re.compile(
    "[a-z]{2,3}(-[a-z]{4})?(-([a-z]{2}|[0-9]{3}))?(-([a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*"
)  # RFC 5646, section 2.1: language, script, region, variants

Languages = Sequence[str]
"""Languages of the content, first the one that stands first where several are shown."""


class Text:
    """One text in the languages that it has, ``""`` for words that are of no language."""

    __slots__ = ("_texts",)

    def __init__(self, texts: Mapping[str, str] | None = None, /, **more: str) -> None:
        self._texts = {**(texts or {}), **more}

    @classmethod
    def made(cls, function: Callable[[str], str], languages: Languages) -> Self:
        """What the function says for each language."""
        return cls({language: function(language) for language in languages})

    @classmethod
    def same(cls, text: str) -> Self:
        """The same text in each language."""
        return cls({"": text})

    @classmethod
    def from_columns(cls, row: Mapping[str, str], name: str, languages: Languages) -> Self:
        """The values of ``<name>_de`` and its like."""
        return cls.made(lambda language: row[column_name(name, language)], languages)

    def in_language(self, language: str) -> str:
        """The text in that language, or else in English, in none, or in the first that it has."""
        known = self._texts
        for one in (language, ENGLISH, ""):
            if one in known:
                return known[one]
        return next(iter(known.values()), "")

    def has(self, language: str) -> bool:
        """Whether it is in that language, so that nothing has to stand in."""
        return language in self._texts or self._texts.keys() == {""}

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages that it has, in its order, without that of words that are of none."""
        return tuple(filter(None, self._texts))

    @property
    def english(self) -> str:
        """The text in English, in which what machines read is told."""
        return self.in_language(ENGLISH)

    def each(self, function: Callable[..., str], *others: Text) -> Text:
        """What the function makes, in any language, of this text and the others in that language."""
        parts = (self, *others)
        if any(type(part) is not Text for part in parts):
            return _Combined(function, parts)
        languages = tuple(dict.fromkeys(language for part in parts for language in part._texts))
        return Text.made(lambda language: function(*(one.in_language(language) for one in parts)), languages)

    def by_language(self, languages: Languages) -> dict[str, str]:
        """The text in each of the languages."""
        return {language: self.in_language(language) for language in languages}

    def tagged(self, languages: Languages) -> dict[str, str]:
        """The text in those of the languages that it has; if that is none, as it is in the first."""
        own = [language for language in languages if self.has(language)]
        return self.by_language(own or languages[:1])

    def to_columns(self, name: str, languages: Languages) -> dict[str, str]:
        """The texts as values of ``<name>_de`` and its like."""
        return {column_name(name, one): text for one, text in self.by_language(languages).items()}

    def __bool__(self) -> bool:
        return any(self._texts.values())

    def __eq__(self, other: object) -> bool:
        """Whether both say the same, in each language that either has and in English."""
        if not isinstance(other, Text):
            return NotImplemented
        languages = (*self.languages, *other.languages, ENGLISH)
        return all(self.in_language(one) == other.in_language(one) for one in languages)

    def __hash__(self) -> int:
        return hash(self.english)

    def __lt__(self, other: Text) -> bool:
        languages = (ENGLISH, *sorted({*self.languages, *other.languages}))
        return [*map(self.in_language, languages)] < [*map(other.in_language, languages)]

    def __str__(self) -> str:
        return self.english

    def __repr__(self) -> str:
        return f"Text({self.by_language(self.languages or (ENGLISH,))!r})"


class _Combined(Text):
    """Texts made one, in whatever language is asked for."""

    __slots__ = ("_function", "_parts")

    def __init__(self, function: Callable[..., str], parts: tuple[Text, ...]) -> None:
        self._function, self._parts = function, parts

    @property
    def languages(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(one for part in self._parts for one in part.languages))

    def in_language(self, language: str) -> str:
        return self._function(*(part.in_language(language) for part in self._parts))

    def has(self, language: str) -> bool:
        return all(part.has(language) for part in self._parts)

    def __bool__(self) -> bool:
        return any(self._parts)


def column_name(name: str, language: str) -> str:
    """The column, variable or key that has a text in that language: ``name_de``, ``name_pt_br``."""
    return f"{name}_{language.replace('-', '_')}"


def nearest(language: str, languages: Languages) -> str:
    """That language where it is one of these, or else English, or else the first."""
    return next((one for one in (language, ENGLISH) if one in languages), languages[0])


def is_language(tag: str) -> bool:
    """Whether that is a language tag (BCP 47) in lower case, without extensions and private parts."""
    return _TAG.fullmatch(tag) is not None


_XML = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


def xml_escaped(text: str) -> str:
    """The text between two tags of XML. (``xml.sax.saxutils`` takes 4 MiB of a process for these three.)"""
    return text.translate(_XML)
