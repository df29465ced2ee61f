"""Finding entities in the index of a release: ranked, explained, forgiving.

``script/search.js`` finds by the same steps in the list that a page has. An entity is found by the first step
that fits, and those of a step come in the order of the list, the most important first:

1. a name, then another name, is the text;
2. a name, then another name, begins with its words;
3. a name, then another name, begins with it, its last word unfinished;
4. each word begins a word of the names, then of names and other names;
5. each word is part of the names (words of three letters and more);
6. each word begins a word of the names or texts (shorter ones are words of them);
7. only when nothing was found: each word that no name has is replaced by those with the fewest errors; what
   is called so and no more, then as in step 4.
"""

from __future__ import annotations

import json
import sqlite3
import weakref
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from transfergraph.common.text import Text
from transfergraph.errors import ReleaseError, UsageError
from transfergraph.messages import explained
from transfergraph.search import MOST
from transfergraph.search.folding import LONGEST, as_typed, errors_in, fold, forgiven, forms, words_of
from transfergraph.search.index_file import FORMAT, text_columns
from transfergraph.search.name_list import EntityKind, EntityName, SearchField, shown_name
from transfergraph.vocabulary.presentation import SearchLevel

SHORTEST_PART = 3
"""Letters of what is found within words, and as the beginning of words of texts."""

MOST_ALIKE = 50
"""Words that may stand in for a mistyped one."""

_LAST = "\U0010ffff"
_CANDIDATES = 200  # words that share most letters with a mistyped one
_COMMON_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"


@dataclass(frozen=True, slots=True)
class SearchHit:
    """Something found: its IRI, kind, and name in the language asked for.

    ``found`` are the fields by which it was found where its shown name is not the whole reason, and
    ``as_name`` the name in that field, empty where it is a text. ``language`` is that of the shown name,
    empty for any.
    """

    iri: str
    kind: EntityKind
    name: str
    language: str
    found: tuple[SearchField, ...] = ()
    as_name: str = ""


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The best hits for a text.

    ``similar`` says that nothing has these words, and what is spelled alike was found instead; ``more`` that
    there are more hits. ``missing`` are those of several words that nothing has, as they were typed, where
    nothing has all words.
    """

    text: str
    hits: tuple[SearchHit, ...] = ()
    similar: bool = False
    more: bool = False
    missing: tuple[str, ...] = ()


class SearchIndex:
    """The index of a release, opened to be read until it is closed or nobody has it any more.

    It can be used by one thread at a time.
    """

    def __init__(self, file: Path) -> None:
        """Raises :class:`ReleaseError` when there is none that can be read."""
        try:
            if not file.is_file():
                raise ReleaseError(explained("error.search.none", file=file))
            self._asked = sqlite3.connect(
                f"{file.absolute().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False
            )
            self._closed = weakref.finalize(self, self._asked.close)
            if self._asked.execute("PRAGMA user_version").fetchone() != (FORMAT,):
                raise ReleaseError(explained("error.search.none", file=file))
            about = dict(self._asked.execute("SELECT key, value FROM about").fetchall())
        except sqlite3.Error as error:
            raise ReleaseError(explained("error.unreadable", file=file, error=error)) from error
        self.fields = tuple(
            SearchField(iri, Text(label), SearchLevel(level))
            for iri, level, label in json.loads(about["fields"])
        )
        self.kinds = tuple(EntityKind(key, Text(label)) for key, label in json.loads(about["kinds"]))
        self._columns = text_columns(one.level for one in self.fields)
        self._letters = (
            about["letters"] if len(about["letters"]) < 2 * len(_COMMON_LETTERS) else _COMMON_LETTERS
        )

    def close(self) -> None:
        """Close the file."""
        self._closed()

    def search(self, text: str, limit: int = 10, language: str = "") -> SearchResult:
        """The best ``limit`` hits (1 to :data:`MOST`), named in the language.

        Raises :class:`UsageError` for a text longer than :data:`~transfergraph.search.folding.LONGEST`.
        """
        if len(text) > LONGEST:
            raise UsageError(explained("error.search.long", most=LONGEST))
        folded = fold(text)
        words = words_of(folded)
        if not words:
            return SearchResult(text)
        limit = max(1, min(limit, MOST))
        ranked = self._ranked(folded, words, limit + 1)
        similar = False
        missing = () if ranked else self._missing(text, words)
        if not ranked and (alike := self._alike(words)):
            ranked = self._by_words(alike, limit + 1)
            similar = bool(ranked)
            words = tuple(one for several in alike for one in several)
        hits = tuple(self._hits(ranked[:limit], folded, words, language, similar))
        return SearchResult(text, hits, similar, len(ranked) > limit, missing)

    # The steps

    def _ranked(self, folded: str, words: Sequence[str], most: int) -> list[int]:
        """The numbers of the best entities."""
        found: dict[int, None] = {}
        # each step finds anew what those before it have found, which is fewer than asked for
        for step in self._steps(folded, words, 2 * most):
            for one in step:
                found[one] = None
                if len(found) == most:
                    return list(found)
        return list(found)

    def _steps(self, folded: str, words: Sequence[str], most: int) -> Iterator[Iterator[int]]:
        whole = "SELECT DISTINCT id FROM name WHERE own = ? AND folded = ? ORDER BY id LIMIT ?"
        begun = "SELECT DISTINCT id FROM name WHERE own = ? AND folded > ? AND folded < ? ORDER BY id LIMIT ?"
        yield from (self._numbers(whole, own, folded, most) for own in (1, 0))
        yield from (self._numbers(begun, own, f"{folded} ", f"{folded} {_LAST}", most) for own in (1, 0))
        yield from (self._numbers(begun, own, folded, folded + _LAST, most) for own in (1, 0))
        begins = [f'"{word}"*' for word in words]
        yield from self._word_steps(begins, most)
        yield self._parts(words, most)
        yield self._matching(" AND ".join(_in_texts(one) for one in words), most, "texts")

    def _word_steps(self, asked: Sequence[str], most: int) -> Iterator[Iterator[int]]:
        joined = " AND ".join(asked)
        yield self._matching(f"own : ({joined})", most)
        yield self._matching(joined, most)

    def _by_words(self, alike: Sequence[Sequence[str]], most: int) -> list[int]:
        """What has for each word any of these in its names, first what is called so and no more."""
        query = "SELECT DISTINCT id FROM name WHERE own = ? AND folded IN ({}) ORDER BY id LIMIT ?"
        only = alike[0] if len(alike) == 1 else ()
        whole = query.format(", ".join("?" * len(only)))
        steps = [self._numbers(whole, own, *only, most) for own in (1, 0)]
        steps += self._word_steps([_any(one) for one in alike], 3 * most)
        return list(dict.fromkeys(one for step in steps for one in step))[:most]

    def _numbers(self, query: str, *values: object) -> Iterator[int]:
        return (number for (number,) in self._asked.execute(query, values))

    def _matching(self, expression: str, most: int, table: str = "words") -> Iterator[int]:
        query = f"SELECT rowid FROM {table} WHERE {table} MATCH ? ORDER BY rowid LIMIT ?"
        return self._numbers(query, expression, most)

    def _parts(self, words: Sequence[str], most: int) -> Iterator[int]:
        """What has each word in its names, the short ones at the beginning of a word."""
        threes = [three for word in words for three in _threes(word)]
        if not threes:
            return
        expression = " AND ".join(f'"{one}"' for one in dict.fromkeys(threes))
        query = "SELECT rowid, names FROM parts WHERE parts MATCH ? ORDER BY rowid"
        for number, names in self._asked.execute(query, (expression,)):
            if all(word in names if len(word) >= SHORTEST_PART else _begins(word, names) for word in words):
                yield number
                most -= 1
                if not most:
                    return

    def _missing(self, text: str, words: Sequence[str]) -> tuple[str, ...]:
        if len(words) < 2:
            return ()
        typed = as_typed(text)
        return tuple(
            typed.get(word, word) for word in words if not (self._is_known(word) or self._is_in_texts(word))
        )

    def _is_in_texts(self, word: str) -> bool:
        return next(self._matching(_in_texts(word), 1, "texts"), None) is not None

    # Errors of typing

    def _alike(self, words: Sequence[str]) -> list[tuple[str, ...]] | None:
        """For each word itself, or what may have been meant; None where nothing was mistyped, or too much."""
        found: list[tuple[str, ...]] = []
        changed = False
        for word in words:
            if self._is_known(word):
                found.append((f"{word}*",))
            elif meant := self._meant(word):
                found.append(meant)
                changed = True
            else:
                return None
        return found if changed else None

    def _is_known(self, word: str) -> bool:
        """Whether a word of a name begins with it, or has it within."""
        if self._beginning(word, 1):
            return True
        return any(word in other for _, other in self._sharing(_threes(word), every=True))

    def _meant(self, typed: str) -> tuple[str, ...]:
        most = forgiven(typed)
        if not most:
            return ()
        variants = sorted(_variants(typed, self._letters))
        known = (
            one
            for one in variants
            if self._asked.execute("SELECT 1 FROM word WHERE word = ?", (one,)).fetchone()
        )
        if whole := tuple(known)[:MOST_ALIKE]:
            return whole
        begun = sorted({other for one in variants for other in self._beginning(one, MOST_ALIKE)})
        if begun:
            return tuple(begun[:MOST_ALIKE])
        if most < 2:
            return ()
        counts = Counter(other for _, other in self._sharing(_threes(typed), every=False))
        likely = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:_CANDIDATES]
        words = {other: errors_in(typed, other, most) for other, _ in likely}
        for kind in (0, 1):  # whole words, then beginnings
            fitting = sorted(other for other, errors in words.items() if errors[kind] <= most)
            if fitting:
                return tuple(fitting[:MOST_ALIKE])
        return ()

    def _beginning(self, start: str, most: int) -> list[str]:
        query = "SELECT word FROM word WHERE word >= ? AND word < ? ORDER BY word LIMIT ?"
        return [word for (word,) in self._asked.execute(query, (start, start + _LAST, most))]

    def _sharing(self, threes: Sequence[str], every: bool) -> Iterator[tuple[int, str]]:
        """The words that share every, or any, three letters: then once for each that they share."""
        query = (
            "SELECT id, word.word FROM word_parts JOIN word ON id = word_parts.rowid "
            "WHERE word_parts MATCH ? ORDER BY word_parts.rowid"
        )
        quoted = [f'"{one}"' for one in dict.fromkeys(threes)]
        for expression in [" AND ".join(quoted)] if every and quoted else quoted:
            yield from self._asked.execute(query, (expression,))

    # What is told of a hit

    def _hits(
        self, ranked: Sequence[int], folded: str, words: Sequence[str], language: str, similar: bool
    ) -> Iterator[SearchHit]:
        plain = [word.removesuffix("*") for word in words]
        for number in ranked:
            (iri, kind, stated) = self._asked.execute(
                "SELECT iri, kind, names FROM entity WHERE id = ?", (number,)
            ).fetchone()
            names = [EntityName(*one) for one in json.loads(stated)]
            shown = shown_name(names, language)
            reason = reason_of(names, shown, folded, plain)
            found: tuple[SearchField, ...] = ()
            as_name = reason.text if reason is not None and reason.text != shown.text else ""
            if as_name and reason is not None:
                found = (self.fields[reason.field],)
            elif not similar and (others := _in_no_name(plain, names)):
                found = tuple(self._fields_with(number, others))
            yield SearchHit(iri, self.kinds[kind], shown.text, shown.language, found, as_name)

    def _fields_with(self, number: int, words: Sequence[str]) -> Iterator[SearchField]:
        """The texts of an entity that have any of the words."""
        listed = ", ".join(self._columns.values())
        row = self._asked.execute(f"SELECT {listed} FROM texts WHERE rowid = ?", (number,)).fetchone()
        for field, text in zip(self._columns, row, strict=True):
            if any(_begins(one, text) if len(one) >= SHORTEST_PART else one in text.split() for one in words):
                yield self.fields[field]


def _begins(word: str, text: str) -> bool:
    """Whether a word of a folded text begins so."""
    return text.startswith(word) or f" {word}" in text or f"\n{word}" in text


def reason_of(
    names: Sequence[EntityName], shown: EntityName, folded: str, words: Sequence[str]
) -> EntityName | None:
    """The name by which an entity was found, the shown one where that is as good; None where it is none."""

    def score(name: EntityName) -> int:
        best = 0
        for form in forms(name.text):
            begins = sum(f" {word}" in f" {form}" for word in words)
            within = sum(word in form for word in words)
            exact = 2 if form == folded else 1 if form.startswith(folded) else 0
            best = max(best, (exact * 100 + begins) * 100 + within)
        return best

    scores = [score(name) for name in names]
    best = max(scores)
    if not best:
        return None
    return shown if score(shown) == best else names[scores.index(best)]


def _in_no_name(words: Sequence[str], names: Sequence[EntityName]) -> list[str]:
    known = [form for name in names for form in forms(name.text)]
    return [word for word in words if not any(word in form for form in known)]


def _any(words: Sequence[str]) -> str:
    """An expression for any of these words; those that end with a star may go on."""
    quoted = (f'"{one[:-1]}"*' if one.endswith("*") else f'"{one}"' for one in words)
    return f"({' OR '.join(quoted)})"


def _in_texts(word: str) -> str:
    """An expression for a word of texts, or the beginning of one."""
    return f'"{word}"*' if len(word) >= SHORTEST_PART else f'"{word}"'


def _threes(word: str) -> list[str]:
    return [word[start : start + 3] for start in range(len(word) - 2)]


def _variants(typed: str, letters: str) -> set[str]:
    """All that has one error less or more."""
    found: set[str] = set()
    for place in range(len(typed) + 1):
        before, after = typed[:place], typed[place:]
        found.update(before + letter + after for letter in letters)
        if after:
            found.add(before + after[1:])
            found.update(before + letter + after[1:] for letter in letters)
        if len(after) > 1:
            found.add(before + after[1] + after[0] + after[2:])
    return found
