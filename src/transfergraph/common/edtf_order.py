"""The order of dates in EDTF that are known as a year, season, month or day."""

from __future__ import annotations

_FIRST_MONTHS = {21: 3, 22: 6, 23: 9, 24: 12}


def chronological(edtf: str) -> tuple[int, int, int]:
    """Year, month and day, 0 for each that is not known; a season counts as its first month.

    Of a year, and of a month in it, the year comes first. What is no date has three zeros.
    """
    parts = edtf.removesuffix("~").split("-")
    if len(parts) > 3 or not all(part.isascii() and part.isdecimal() for part in parts):
        return (0, 0, 0)
    year, month, day = (int(part) for part in [*parts, "0", "0"][:3])
    return year, _FIRST_MONTHS.get(month, month), day
