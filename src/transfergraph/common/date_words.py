"""Dates of EDTF level 0, and seasons and approximate ones of level 1, in words."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

from transfergraph.messages import text

EDTF = re.compile(r"([0-9]{4})(?:-(?:(2[1-4])|(0[1-9]|1[0-2])(?:-(0[1-9]|[12][0-9]|3[01]))?))?(~?)")
"""Year, season, month, day and the mark of approximation of a date that has words."""


def date_words(edtf: str, language: str) -> str:
    """2019, autumn 2019, March 2019, 12 March 2019, about them; all else as it stands."""
    found = EDTF.fullmatch(edtf)
    if found is None:
        return edtf
    year, season, month, day, approximate = found.groups()
    try:
        words = _words(year, season, month, day, language)
    except ValueError:  # 30 February
        return edtf
    return text("page.date.about", language, date=words) if approximate else words


@lru_cache(4096)
def _words(year: str, season: str | None, month: str | None, day: str | None, language: str) -> str:
    """Day and month are those of a leap year: the calendar of ICU is Julian before 1582, EDTF never is."""
    if season is not None:
        return text("page.date.season", language, season=season, year=year)
    if month is None:
        return year
    key = "page.date.month" if day is None else "page.date.day"
    return text(key, language, day=date(2000, int(month), int(day or 1)), year=year)
