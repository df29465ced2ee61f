"""Rows with a cell too many or too few: where the separator is that is surplus or missing.

A text with a separator that is in no quotes becomes two cells, and a cell that was left out moves those after
it. What follows stands under other columns than it fits then, as dates, numbers, addresses and keys tell.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple

from transfergraph.findings import Finding, Place
from transfergraph.tables.cell_formats import ColumnKind
from transfergraph.tables.csv_reader import fault
from transfergraph.tables.csvw import Column, Table
from transfergraph.tables.explain_cells import KEY_PATTERN, SHOWN, URL, is_key
from transfergraph.tables.notations import is_accepted

_NUMBER_OR_DATE = re.compile(r"[\d.:/~+-]+")
_NO_TEXT = re.compile(rf"{URL}|{_NUMBER_OR_DATE.pattern}|[a-z0-9]+(-[a-z0-9]+)*-\d+")
"""An address, a number, a date, or a key that ends with a number."""


class Shift(NamedTuple):
    """The column at which a cell is surplus or missing; ``second`` is what a separator has cut off."""

    is_surplus: bool
    column: str
    second: str = ""


def ragged_row(cells: Sequence[str], header: Sequence[str], table: Table, place: Place) -> Finding:
    """The finding for a row with another number of cells than the header; see :func:`find_shift`."""
    has, wants = len(cells), len(header)
    described = {column.name: column for column in table.file_columns}
    shift = find_shift(cells, [described.get(name) for name in header]) if abs(has - wants) == 1 else None
    if shift is None:
        return fault("table.ragged-row", place, cells=has, columns=wants)
    code = "table.ragged-row.surplus" if shift.is_surplus else "table.ragged-row.missing"
    second = shift.second[:SHOWN]
    return fault(code, place, cells=has, columns=wants, column=shift.column, second=second)


def find_shift(cells: Sequence[str], columns: Sequence[Column | None]) -> Shift | None:
    """Where a row has a cell too many or too few, if one place for it is better than all others.

    ``columns`` are those of the header, None for an unknown one. Of a missing cell the last place is told:
    all that follows is known to be moved.
    """
    surplus, end = len(cells) - len(columns), range(len(columns))
    if abs(surplus) != 1:
        return None
    is_surplus = surplus == 1
    before = [0, *accumulate(map(_fits, cells, columns))]
    moved = [_fits(cells[i + surplus], columns[i]) if i + surplus >= 0 else 0 for i in end]
    after = [*reversed([0, *accumulate(reversed(moved))])]
    scores = {
        i: before[i] + after[i + 1] + _fits(f"{cells[i]},{cells[i + 1]}" if is_surplus else "", columns[i])
        for i in end
        if _is_text(columns[i]) or not is_surplus
    }
    if not scores:  # no column holds texts
        return None
    greatest = max(scores.values())
    best = [i for i, score in scores.items() if score == greatest]
    as_read = before[-1] if is_surplus else before[-1] + _fits("", columns[-1])
    if greatest <= as_read or best != list(range(best[0], best[-1] + 1)):
        return None
    if is_surplus and len(best) > 1:  # a separator within a text is followed by a space
        best = [i for i in best if cells[i + 1][:1] == " "]
    column = columns[best[-1]] if len(best) == 1 or (best and not is_surplus) else None
    if column is None:
        return None
    return Shift(is_surplus, column.name, cells[best[0] + 1].strip() if is_surplus else "")


def _fits(typed: str, column: Column | None) -> int:
    """1 for a cell that fits its column, less than 0 for one that does not, 0 where nothing can be said."""
    cell = typed.strip()
    if column is None:
        return 0
    if not cell:
        return -2 if column.required else 0
    if _is_text(column):
        return -1 if _NO_TEXT.fullmatch(cell) else 0
    items = cell.split(column.separator) if column.separator else [cell]
    if column.pattern == KEY_PATTERN:
        if not all(map(_is_key, items)):
            return -2
        return 1 if cell == cell.lower() else 0  # a word of a text may be a key
    if column.kind is ColumnKind.URL:
        return 1 if all(re.fullmatch(URL, item.strip()) for item in items) else -2
    return 1 if all(is_accepted(column, item.strip()) for item in items) else -2


def _is_key(item: str) -> bool:
    key = item.strip()
    return is_key(key) and _NUMBER_OR_DATE.fullmatch(key) is None


def _is_text(column: Column | None) -> bool:
    return column is not None and column.kind is ColumnKind.TEXT
