"""Numbers and dates that a person typed with words: ``ok. 40``, ``1 500 000 zł``, ``Oktober 2019``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from functools import cache

from transfergraph.messages import filled, interface_languages
from transfergraph.tables.notations import numbers_meant

_CURRENCIES = frozenset(["eur", "euro", "€", "usd", "$", "chf", "pln", "zł", "zl", "czk", "kč"])
_EXACTNESS = frozenset(
    [
        "ca",
        "circa",
        "etwa",
        "rund",
        "ungefähr",
        "mindestens",
        "höchstens",
        "über",
        "mehr",
        "als",
        "fast",
        "about",
        "approx",
        "approximately",
        "around",
        "over",
        "more",
        "than",
        "at",
        "least",
        "most",
        "ok",
        "około",
        "ponad",
        "prawie",
        "co",
        "najmniej",
        "najwyżej",
    ]
)
"""What a number counts in, and how exact it is: none of these multiplies it, as millions do."""

_WORD = re.compile(r"[^\W\d_]+|[€$%]")
_DAY_FIRST = re.compile(r"(?:(\d{1,2})\.?\s+)?([^\W\d_]{3,})\.?,?\s+(\d{4})(?:\s*r\.)?")
_MONTH_FIRST = re.compile(r"([^\W\d_]{3,})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})")


def number_among_words(value: str, is_count: bool) -> str | None:
    """The one number of a text whose words do not change it; None where it has others, or two readings.

    How exact a number is may stand only beside a count, whose remedy says where that belongs.
    """
    words = [word.casefold() for word in _WORD.findall(value)]
    if not words or not (_EXACTNESS if is_count else _CURRENCIES).issuperset(words):
        return None
    numbers = numbers_meant(_WORD.sub(" ", value).strip(" ."))
    return numbers[0] if len(numbers) == 1 else None


def date_in_words(value: str) -> str | None:
    """The month or day of a text with a month in words, in a language of the interface, in ISO 8601."""
    if found := _DAY_FIRST.fullmatch(value):
        day, name, year = found.groups()
    elif found := _MONTH_FIRST.fullmatch(value):
        name, day, year = found.groups()
    else:
        return None
    month = _months().get(name.casefold())
    if month is None:
        return None
    if day is None:
        return f"{year}-{month:02}"
    try:
        return date(int(year), month, int(day)).isoformat()
    except ValueError:
        return None


@cache
def _months() -> Mapping[str, int]:
    """The months by their names and abbreviations, alone and after a day."""
    return {
        word.casefold(): month
        for language in interface_languages()
        for month in range(1, 13)
        for form in ("LLLL", "dMMMM", "MMM")
        for word in _WORD.findall(filled(f"{{d, date, ::{form}}}", language, d=date(2000, month, 15)))
    }
