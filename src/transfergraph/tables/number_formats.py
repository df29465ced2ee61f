"""What the number formats of a spreadsheet show of a value (ECMA-376 part 1, 18.8.31)."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import cache

_NOT_SHOWN = re.compile(r'"[^"]*"?|\\.|_.|\*.|\[(?!(?:h+|m+|s+)\])[^\]]*\]?', re.IGNORECASE)
_SECTION = re.compile(r'(?:"[^"]*"?|\\.|\[[^\]]*\]?|[^;"\\\[])+|(?<=;)(?=;|$)|^(?=;)')
_DATE_PARTS = re.compile(r"y+|b+|g+e*|e+|m+|d+|\[?h+\]?|\[?s+\]?|am/pm|a/p")
_DIGITS = re.compile(r"[,.]*[0#?][0#?,.]*")
_GENERAL_DIGITS = 11
_SCALE = re.compile(
    r'"[^"]*?\b(tsd\b\.?|tausend|mio\b\.?|mrd\b\.?|millionen|milliarden|thousand|million|billion|bn\b|t€|k€|teur|keur)',
    re.IGNORECASE,
)


@cache
def date_parts(code: str) -> frozenset[str]:
    """Which of ``year``, ``month``, ``day`` and ``time`` a format shows; that of a number shows none."""
    plain = _NOT_SHOWN.sub("", _section(code, Decimal(1))).lower()
    if "general" in plain or re.search(r"e[+-]", plain):
        return frozenset()
    found = _DATE_PARTS.findall(plain)
    shown: set[str] = set()
    for before, part, after in zip(["", *found], found, [*found[1:], ""], strict=False):
        if part[0] in "ybeg":
            shown.add("year")
        elif part[0] == "m" and "h" not in before and "s" not in after:
            shown.add("month")
        elif part[0] == "d":
            shown |= {"day"} if len(part) < 3 else set()
        else:
            shown.add("time")
    return frozenset(shown)


def shown_as_text(value: Decimal, code: str) -> str | None:
    """What a cell with a number shows where that is the same in every program and language, else None."""
    if value != value.to_integral_value():
        return None
    digits = f"{value:f}".partition(".")[0]
    if code == "@" or _NOT_SHOWN.sub("", code).lower() == "general":
        return digits if len(digits) <= _GENERAL_DIGITS and '"' not in code else None
    return digits.zfill(len(code)) if value >= 0 and re.fullmatch("0+", code) else None


def hidden_digits(value: Decimal, code: str) -> str | None:
    """What a cell shows of a number where that is another number than the stored one, else None.

    That is also one beside a word for thousands or more, which the format adds.
    """
    plain = _NOT_SHOWN.sub("", _section(code, value)).lower()
    if "general" in plain or "@" in plain:
        return None
    if "/" in plain:  # a fraction
        return plain
    found = _DIGITS.search(plain)
    if found is None:
        return plain if value else None
    whole, _, fraction = found[0].partition(".")
    decimals = len(fraction.rstrip(","))
    thousands = sum(len(part) - len(part.rstrip(",")) for part in (whole, fraction))
    percent = plain.count("%")
    scaled = value.scaleb(2 * percent - 3 * thousands)
    if re.search(r"e[+-]", plain):
        shown = Context(prec=decimals + 1, rounding=ROUND_HALF_UP).plus(scaled)
    else:
        shown = scaled.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP, Context(prec=400))
    word = _SCALE.search(code)
    if shown == value and word is None:
        return None
    return f"{shown:f}{'%' * percent}{f' {word[1]}' if word else ''}"


def _section(code: str, value: Decimal) -> str:
    """The part of a format that holds for the value: that of positive numbers, negative ones or zero."""
    sections: list[str] = _SECTION.findall(code) or [""]
    if value < 0 and len(sections) > 1:
        return sections[1]
    return sections[2] if value == 0 and len(sections) > 2 else sections[0]
