"""Numbers and dates in the notations that people and spreadsheet programs use, and what they may mean."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from transfergraph.tables.cell_bounds import Bound
from transfergraph.tables.cell_formats import ColumnKind
from transfergraph.tables.csvw import Column

NUMBER = r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)"
"""A decimal number of XSD."""

WHOLE_NUMBER = "[+-]?[0-9]+"
DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
TWO_READINGS = r"[+-]?[1-9][0-9]{0,2}\.[0-9]{3}"
"""A number whose point may part the thousands or the decimals."""

WHOLE_DIGITS = 18
"""Every whole number of so many digits is kept by the engines (64 bits)."""

DECIMAL_DIGITS = (20, 18)
"""Digits before and after the point that the engines keep (128 bits, 18 digits after the point)."""

EARLIEST_YEAR = 1500
"""An earlier year in these tables is a slip, and no date in it is proposed."""

_POINT = re.compile(r"[+-]?(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d+)?")
_COMMA = re.compile(r"[+-]?(?:\d+|\d{1,3}(?:\.\d{3})+)(?:,\d+)?")
_GAPS = re.compile(r"(?<=\d)[ \u00a0\u2009\u202f'’](?=\d{3})")
_DAY_FIRST = re.compile(r"(\d{1,2})([./-])\s?(\d{1,2})\2\s?(\d{4}|\d{2})")
_YEAR_FIRST = re.compile(r"(\d{4})([./-])(\d{1,2})\2(\d{1,2})")
_MONTH = re.compile(r"(\d{1,2})[./-](\d{4})|(\d{4})[./-](\d{1,2})")
_SERIAL = re.compile(r"(2[1-9]\d{3}|[34]\d{4}|5[0-4]\d{3})(\.\d+)?")  # from 1957 to 2050; 20199 is a slip
_COMPARED: Mapping[str, Callable[[Any, Any], bool]] = {
    **{">=": operator.ge, "<=": operator.le, ">": operator.gt, "<": operator.lt, "=": operator.eq}
}
_CENTURY = 50  # two digits from here on are a year of the last century


def numbers_meant(value: str) -> tuple[str, ...]:
    """The numbers that a text may be read as: with a decimal point, and with a decimal comma."""
    plain = _GAPS.sub("", value)
    found = []
    if _POINT.fullmatch(plain):
        found.append(_tidy(plain.replace(",", "")))
    if _COMMA.fullmatch(plain):
        found.append(_tidy(plain.replace(".", "").replace(",", ".")))
    return tuple(dict.fromkeys(found))


def dates_meant(value: str) -> tuple[str, ...]:
    """The days or months that a text may be read as, in ISO 8601, none before :data:`EARLIEST_YEAR`."""
    return tuple(one for one in _dates_written(value) if int(one[:4]) >= EARLIEST_YEAR)


def _dates_written(value: str) -> tuple[str, ...]:
    if found := _DAY_FIRST.fullmatch(value):
        one, other = int(found[1]), int(found[3])
        year = int(found[4]) if len(found[4]) == len("2019") else _full_year(int(found[4]))
        pairs = [(one, other)] if found[2] == "." else [(one, other), (other, one)]
        return tuple(dict.fromkeys(day for d, m in pairs if (day := _day(year, m, d))))
    if found := _YEAR_FIRST.fullmatch(value):
        day = _day(int(found[1]), int(found[3]), int(found[4]))
        return (day,) if day else ()
    if found := _MONTH.fullmatch(value):
        year, month = int(found[2] or found[3]), int(found[1] or found[4])
        return (f"{year:04}-{month:02}",) if 1 <= month <= 12 else ()
    return ()


def is_day_notation(value: str) -> bool:
    """Whether a text is written as a day, be there such a day or not."""
    return any(form.fullmatch(value) for form in (_DAY_FIRST, _YEAR_FIRST))


def day_of_serial(value: str) -> str | None:
    """The day for which spreadsheet programs have a serial number, from 1957 to 2050."""
    if not _SERIAL.fullmatch(value):
        return None
    return (date(1899, 12, 30) + timedelta(days=int(float(value)))).isoformat()


def is_accepted(column: Column, value: str) -> bool:
    """Whether the check of cells takes this number, date or text."""
    return _has_form(column, value) and all(_keeps(bound, value) for bound in column.bounds)


def _keeps(bound: Bound, value: str) -> bool:
    one, limit = (len(value), int(bound.limit)) if bound.is_length else (_order(value), _order(bound.limit))
    return _COMPARED[bound.sign](one, limit)


def _order(value: str) -> tuple[Decimal, str]:
    try:
        return Decimal(value), ""
    except InvalidOperation:
        return Decimal(0), value


def _has_form(column: Column, value: str) -> bool:
    match column.kind:
        case ColumnKind.DATE:
            return re.fullmatch(DAY, value) is not None and _is_day(value)
        case ColumnKind.EDTF:
            return _fits(column.pattern, value) and _is_day(value)
        case ColumnKind.PATTERN | ColumnKind.TEXT | ColumnKind.MOMENT | ColumnKind.URL:
            return _fits(column.pattern, value)
        case ColumnKind.INTEGER:
            return _fits(column.pattern or WHOLE_NUMBER, value) and len(value.lstrip("+-0")) <= WHOLE_DIGITS
        case _:
            return (
                _fits(column.pattern or NUMBER, plain_number(value))
                and is_kept(value)
                and not has_two_readings(column, value)
            )


def has_two_readings(column: Column, value: str) -> bool:
    """Whether a number that the column takes may stand for another one that it takes as well."""
    if not re.fullmatch(TWO_READINGS, value):
        return False
    pattern = column.pattern or (WHOLE_NUMBER if column.kind is ColumnKind.INTEGER else NUMBER)
    readings = (value.replace(".", ""), plain_number(value))
    return all(_fits(pattern, one) and all(_keeps(b, one) for b in column.bounds) for one in readings)


def is_kept(number: str) -> bool:
    """Whether the engines hold this number with all its digits."""
    whole, _, decimals = number.partition(".")
    return len(whole.lstrip("+-0")) <= DECIMAL_DIGITS[0] and len(decimals.rstrip("0")) <= DECIMAL_DIGITS[1]


def plain_number(value: str) -> str:
    """A decimal number without zeros at its end, as it is published."""
    return value.rstrip("0").removesuffix(".") if value.count(".") == 1 else value


def _tidy(number: str) -> str:
    """The number, with a zero more where its point could be taken for one that parts thousands."""
    plain = plain_number(number.removeprefix("+"))
    return f"{plain}0" if re.fullmatch(TWO_READINGS, plain) else plain


def _full_year(year: int) -> int:
    return year + (1900 if year >= _CENTURY else 2000)


def _day(year: int, month: int, day: int) -> str | None:
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None


def _is_day(value: str) -> bool:
    day = value.removesuffix("~")
    return not re.fullmatch(DAY, day) or _day(*map(int, day.split("-"))) is not None


def _fits(pattern: str | None, value: str) -> bool:
    try:
        return pattern is None or re.fullmatch(pattern, value) is not None
    except re.error:  # what DuckDB knows and Python does not
        return True
