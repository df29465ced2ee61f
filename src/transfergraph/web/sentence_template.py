"""Templates of sentences that leave out what is not known.

Text in the format of :mod:`transfergraph.messages`; ``[a|b]`` is the first of its parts of which all is
known, or nothing; ``<a|b>`` all of its parts that are known, joined with "and", and unknown when none is.
Parts may have parts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from transfergraph.messages import arguments, explained, filled_pieces
from transfergraph.web import phrases
from transfergraph.web.phrases import Phrase

Fill = Callable[[str], Phrase]
"""What stands in the place of this name; empty where it is not known."""

Count = Callable[[str], int]
"""The number of this name; 0 where there is nothing, or it is not known."""

_TOKEN = re.compile(r"[\[\]<>|{}]")
_CLOSING = {"[": "]", "<": ">"}


@dataclass(frozen=True, slots=True)
class _Text:
    pattern: str
    names: tuple[tuple[str, bool], ...]

    def said(self, language: str, fill: Fill, count: Count) -> Phrase | None:
        fills = {name: fill(name) for name, typed in self.names if not typed}
        counts = {name: count(name) for name, typed in self.names if typed}
        if not (all(fills.values()) and all(counts.values())):
            return None
        made: list[phrases.Piece] = []
        for before, name in filled_pieces(self.pattern, language, counts):
            made.extend((before, *fills.get(name, ())) if before else fills.get(name, ()))
        return tuple(made)


@dataclass(frozen=True, slots=True)
class _Group:
    parts: tuple[SentenceTemplate, ...]
    joined: bool

    def said(self, language: str, fill: Fill, count: Count) -> Phrase | None:
        found = (part.said(language, fill, count) for part in self.parts)
        if not self.joined:
            return next((one for one in found if one is not None), ())
        known = [one for one in found if one]
        return phrases.joined(known, language) if known else None


@dataclass(frozen=True, slots=True)
class SentenceTemplate:
    """A template that was read; ``parts`` are its texts and groups in order."""

    parts: tuple[_Text | _Group, ...]

    def said(self, language: str, fill: Fill, count: Count) -> Phrase | None:
        """The sentence without its full stop; None where something outside of all groups is not known."""
        made: list[phrases.Piece] = []
        for part in self.parts:
            said = part.said(language, fill, count)
            if said is None:
                return None
            made.extend(said)
        return tuple(made)

    def names(self) -> Iterator[tuple[str, bool]]:
        """All names in it, each true where it is counted."""
        for part in self.parts:
            if isinstance(part, _Text):
                yield from part.names
            else:
                for one in part.parts:
                    yield from one.names()


@lru_cache(500)
def read_template(pattern: str) -> SentenceTemplate:
    """Read a template; raises :class:`ValueError` for brackets that do not fit together."""
    template, end = _read(pattern, 0, "")
    if end != len(pattern):
        raise ValueError(explained("error.sentence.closes", pattern=pattern[end:]))
    return template


def _read(pattern: str, start: int, until: str) -> tuple[SentenceTemplate, int]:
    """The template from there to a character of ``until``, or the end; and where it ends."""
    parts: list[_Text | _Group] = []
    text, at, depth = start, start, 0
    while token := _TOKEN.search(pattern, at):
        character, at = token[0], token.end()
        depth += (character == "{") - (character == "}")
        if depth or character in "{}":
            continue
        parts.extend(_text(pattern[text : token.start()]))
        if character not in _CLOSING:
            if character in until:
                return SentenceTemplate(tuple(parts)), token.start()
            raise ValueError(explained("error.sentence.closes", pattern=pattern[token.start() :]))
        options = []
        while True:
            option, end = _read(pattern, at, _CLOSING[character] + "|")
            if end == len(pattern):
                raise ValueError(explained("error.sentence.open", pattern=pattern[token.start() :]))
            options.append(option)
            at = end + 1
            if pattern[end] != "|":
                break
        parts.append(_Group(tuple(options), character == "<"))
        text = at
    parts.extend(_text(pattern[text:]))
    return SentenceTemplate(tuple(parts)), len(pattern)


def _text(pattern: str) -> Iterator[_Text]:
    if pattern:
        yield _Text(pattern, tuple(arguments(pattern).items()))
