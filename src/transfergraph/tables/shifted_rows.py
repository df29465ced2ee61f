"""Rows with a cell too many or too few: where the separator is that is surplus or missing.

A text with a separator that is in no quotes becomes two cells, and a cell that was left out moves those after
it. What follows stands under other columns than it fits then, as dates, numbers, addresses and keys tell.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from transfergraph.findings import Finding, Place
from transfergraph.tables.cell_formats import ColumnKind
from transfergraph.tables.csv_reader import fault
from transfergraph.tables.csvw import Column, Table
from transfergraph.tables.explain_cells import KEY_CHARACTERS, SHOWN, URL, is_key
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
    surplus = len(cells) - len(columns)
    if surplus == 1:
        places = [i for i, column in enumerate(columns) if _is_text(column)]
        rows = [[*cells[:i], f"{cells[i]},{cells[i + 1]}", *cells[i + 2 :]] for i in places]
    elif surplus == -1:
        places = list(range(len(columns)))
        rows = [[*cells[:i], "", *cells[i:]] for i in places]
    else:
        return None
    scores = [_score(row, columns) for row in rows]
    best = [place for place, score in zip(places, scores, strict=True) if score == max(scores)]
    column = columns[best[-1]] if best else None
    if column is None or max(scores) <= _score([*cells, ""][: len(columns)], columns):
        return None
    if surplus == 1:
        begun = [i for i in best if cells[i + 1][:1] == " "]
        best = begun if len(best) > 1 else best
        found = columns[best[0]] if len(best) == 1 else None
        return None if found is None else Shift(True, found.name, cells[best[0] + 1].strip())
    is_together = best == list(range(best[0], best[-1] + 1))
    return Shift(False, column.name) if is_together else None


def _score(row: Sequence[str], columns: Sequence[Column | None]) -> int:
    """How many cells fit their columns, less those that do not."""
    return sum(_fits(cell.strip(), column) for cell, column in zip(row, columns, strict=True) if column)


def _fits(cell: str, column: Column) -> int:
    if not cell:
        return -2 if column.required else 0
    if _is_text(column):
        return -1 if _NO_TEXT.fullmatch(cell) else 0
    items = cell.split(column.separator) if column.separator else [cell]
    if KEY_CHARACTERS in (column.pattern or ""):
        return 1 if all(map(_is_key, items)) else -2
    if column.kind is ColumnKind.URL:
        return 1 if all(re.fullmatch(URL, item.strip()) for item in items) else -2
    return 1 if all(is_accepted(column, item.strip()) for item in items) else -2


def _is_key(item: str) -> bool:
    key = item.strip()
    return is_key(key) and _NUMBER_OR_DATE.fullmatch(key) is None


def _is_text(column: Column | None) -> bool:
    return column is not None and column.kind is ColumnKind.TEXT
