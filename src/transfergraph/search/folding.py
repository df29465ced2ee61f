"""How names and what people type become comparable: the one rule, which ``script/search.js`` has as well.

``tests/search_rules.json`` has the cases that both must agree on.
"""

from __future__ import annotations

import re
import unicodedata

LONGEST = 500
"""Characters of a text to search for; names may have 300."""

MOST_WORDS = 32
"""Different words of a text that are searched for."""

_WORD = re.compile(r"[^\W_]+")
_ALIKE = {
    "ß": "ss",
    "æ": "ae",
    "œ": "oe",
    "ł": "l",
    "đ": "d",
    "ð": "d",
    "þ": "th",
    "ħ": "h",
    "ı": "i",
    "ς": "σ",
}
_SPELLED = {**_ALIKE, "ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"}
_BARE = {**_ALIKE, "ä": "a", "ö": "o", "ü": "u", "å": "a", "ø": "o"}
_LETTER = re.compile(f"[{''.join(_SPELLED)}]")


def fold(text: str) -> str:
    """The words in lower case, without accents, with one space between; ö is written as oe."""
    return forms(text)[0]


def forms(text: str) -> tuple[str, ...]:
    """The same, and if that is different the words with o for ö: names are found by both."""
    if text.isascii():
        return (" ".join(_WORD.findall(text.lower())),)
    lower = unicodedata.normalize("NFC", text).lower()
    spelled = _words(_LETTER.sub(lambda found: _SPELLED[found[0]], lower))
    bare = _words(_LETTER.sub(lambda found: _BARE[found[0]], lower))
    return (spelled,) if spelled == bare else (spelled, bare)


def words_of(folded: str) -> tuple[str, ...]:
    """The different words of a folded text, at most :data:`MOST_WORDS`."""
    return tuple(dict.fromkeys(folded.split()))[:MOST_WORDS]


def as_typed(text: str) -> dict[str, str]:
    """How the folded words of a text stand in it; those that do not stand there alone are left out."""
    found: dict[str, str] = {}
    for word in _WORD.findall(unicodedata.normalize("NFC", text)):
        found.setdefault(fold(word), word)
    return found


def _words(lower: str) -> str:
    if not lower.isascii():
        letters = unicodedata.normalize("NFKD", lower)
        lower = "".join(one for one in letters if unicodedata.category(one) != "Mn").lower()
    return " ".join(_WORD.findall(lower))


def errors_in(typed: str, word: str, most: int) -> tuple[int, int]:
    """How many errors lead from a typed word to this one, and to the nearest of its beginnings.

    An error is a letter too many, one too few, another one, or two in the wrong order (optimal string
    alignment). More than ``most`` are only said to be more.
    """
    if len(typed) - len(word) > most:
        return most + 1, most + 1
    word = word[: len(typed) + most + 1]
    before: list[int] = []
    row = list(range(len(word) + 1))
    for i, letter in enumerate(typed):
        above, row = row, [i + 1]
        for j, other in enumerate(word):
            least = min(above[j] + (letter != other), above[j + 1] + 1, row[j] + 1)
            if i and j and letter == word[j - 1] and other == typed[i - 1]:
                least = min(least, before[j - 1] + 1)
            row.append(least)
        if min(row) > most:
            return most + 1, most + 1
        before = above
    return row[-1], min(row)


def forgiven(typed: str) -> int:
    """How many errors a word of this length may have."""
    return 0 if not 4 <= len(typed) <= 40 else 1 if len(typed) < 8 else 2
