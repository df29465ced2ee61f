"""XLSX workbooks as sheets of text cells, equal to what the same tables give as CSV.

In text and key columns what the cell shows is what is read, in number columns the stored number, in columns
of dates the date as exactly as it is shown. What cannot be read so is a finding at its cell.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import datetime, time
from decimal import Context, Decimal
from pathlib import Path

from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH, from_excel

from transfergraph.findings import Finding, Place, Severity
from transfergraph.messages import Value
from transfergraph.tables.cell_formats import ColumnKind
from transfergraph.tables.csv_reader import (
    MEBIBYTE,
    SEARCHED_ROWS,
    Sheet,
    column_letter,
    fault,
    header_index,
    header_of,
    is_comment,
    too_many_marks,
)
from transfergraph.tables.csvw import Column, TableGroup
from transfergraph.tables.notations import is_accepted
from transfergraph.tables.number_formats import date_parts, hidden_digits, shown_as_text
from transfergraph.tables.workbook_parts import DAMAGE, Overfilled, StoredCell, StoredSheet, StoredWorkbook

_NUMBERS = (ColumnKind.INTEGER, ColumnKind.DECIMAL)
_DATES = (ColumnKind.DATE, ColumnKind.EDTF)
_THOUSANDS = 3  # digits after a point that may have been meant to part thousands
_MOST_DIGITS = 310
_SOUND_DAYS = 61  # before it Excel has a 29 February 1900: such a day is a number with a wrong format
_KEPT_DIGITS = 15  # of a number, by Excel: it stores zeros for the others
_EXACT_DIGITS = (
    12  # a number that has no more when rounded to 15 digits was computed, and is meant as rounded
)


def read_workbook(
    path: Path, file: str, source: str, megabytes: int, group: TableGroup
) -> list[Sheet | Finding]:
    """The sheets of a workbook, one for each table; ``megabytes`` limits the unpacked size in MiB.

    The sizes are taken from the archive's directory before anything is unpacked, so a zip bomb costs nothing.
    """
    place = Place(source, file)
    columns = {
        table.name: {name: c for c in table.file_columns for name in (c.name, *c.titles)}
        for table in group.tables
    }
    found: list[Sheet | Finding] = []
    with _damage_named(place, found):
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
        if unpacked > megabytes * MEBIBYTE:
            return [fault("table.zip-bomb", place, limit=megabytes)]
        with closing(StoredWorkbook(path)) as workbook:
            for stored in workbook.sheets:
                with _damage_named(replace(place, sheet=stored.title), found):
                    found.append(
                        _SheetReader(workbook, stored, replace(place, sheet=stored.title), columns).read()
                    )
    return found or [fault("table.unreadable-workbook", place)]


@contextmanager
def _damage_named(place: Place, found: list[Sheet | Finding]) -> Iterator[None]:
    """Turn whatever the reading of a damaged file raises into a finding."""
    try:
        yield
    except Overfilled as error:
        found.append(fault("table.empty-cells", place, count=error.count))
    except DAMAGE:
        found.append(fault("table.unreadable-workbook", place))


class _SheetReader:
    """Turns the cells of one sheet into texts, and keeps what was found on the way."""

    def __init__(
        self,
        workbook: StoredWorkbook,
        stored: StoredSheet,
        place: Place,
        columns: Mapping[str, Mapping[str, Column]],
    ) -> None:
        self._workbook = workbook
        self._stored = stored
        self._place = place
        title = stored.title.strip()
        named = title.removeprefix(f"{place.source} ")
        self._table = named if named in columns else title
        self._is_known = self._table in columns
        self._columns = columns.get(self._table, {})
        self._header: Mapping[int, str] = {}
        self._findings: list[Finding] = []

    def read(self) -> Sheet | Finding:
        """The sheet; a finding where it has no cells."""
        stored = list(self._workbook.rows(self._stored))
        if not stored:
            code = "table.empty" if self._is_known else "table.empty.sheet"
            severity = Severity.VIOLATION if self._is_known else Severity.INFO
            return fault(code, self._place, None, severity, sheet=self._stored.title)
        begin = [[cell.text for cell in cells] for _, cells in stored[:SEARCHED_ROWS]]
        first = header_index(begin, self._columns)
        top, names = stored[first]
        self._header = {cell.column: cell.text.strip() for cell in names}
        header = header_of(_spread({cell.column: self._plain(cell) for cell in names}))
        rows = []
        for number, cells in stored[first + 1 :]:
            texts = {cell.column: self._text(number, cell) for cell in cells}
            self._note_surplus(number, texts, len(header))
            within = [texts.get(column, "") for column in range(1, len(header) + 1)]
            if any(within):
                rows.append((number, tuple(within)))
        if self._is_known:
            self._note_hidden()
            self._note_merged(top, dict(rows))
            if first:
                self._findings.append(fault("table.title-row", replace(self._place, row=1), None, row=top))
        return Sheet(
            self._table,
            self._place.file or "",
            self._stored.title,
            header,
            lambda: iter(rows),
            header_row=top,
            findings=tuple(self._findings),
        )

    def _report(
        self, code: str, row: int, column: int, shown: str | None, severity: Severity, /, **values: Value
    ) -> None:
        name = self._header.get(column)
        place = replace(self._place, row=row, column=name, letter=column_letter(column))
        self._findings.append(fault(code, place, shown, severity, **values))

    def _text(self, row: int, cell: StoredCell) -> str:
        """What is read of a cell below the header."""
        if too_many_marks(cell.text) is not None:
            self._report("table.too-many-marks.cell", row, cell.column, cell.text[:10], Severity.VIOLATION)
            return ""
        column = self._columns.get(self._header.get(cell.column, ""))
        if column is None:
            return self._plain(cell)
        if cell.has_formula and not cell.text:
            self._report("table.formula-without-value", row, cell.column, None, Severity.VIOLATION)
            return ""
        number = _number(cell)
        if cell.type == "b":
            text = self._plain(cell)
            self._report("table.typed-cell.truth", row, cell.column, text, Severity.VIOLATION, value=text)
            return text
        if cell.type == "d" or (number is not None and date_parts(cell.format)):
            moment = self._moment(cell)
            return cell.text if moment is None else self._date(row, cell, column.kind, moment)
        return cell.text if number is None else self._shown_number(row, cell, column, number)

    def _shown_number(self, row: int, cell: StoredCell, column: Column, number: Decimal) -> str:
        stored = f"{number:f}"
        if column.kind in _NUMBERS:
            shown = hidden_digits(number, cell.format)
            if shown is not None:
                values = {"value": stored, "shown": shown}
                severity = Severity.WARNING if is_accepted(column, stored) else Severity.VIOLATION
                self._report("table.hidden-digits", row, cell.column, stored, severity, **values)
            elif _has_more_digits(number) and is_accepted(column, stored):
                self._note_lost_digits(row, cell, stored)
            return f"{stored}0" if len(stored.partition(".")[2]) == _THOUSANDS else stored
        text = stored if column.kind in _DATES else shown_as_text(number, cell.format)
        if text is None:
            self._report(
                "table.typed-cell.number", row, cell.column, stored, Severity.VIOLATION, value=stored
            )
        elif number == number.to_integral_value() and _has_more_digits(number):
            self._note_lost_digits(row, cell, text)
        return text or stored

    def _note_lost_digits(self, row: int, cell: StoredCell, value: str) -> None:
        self._report("table.lost-digits", row, cell.column, value, Severity.WARNING, value=value)

    def _date(self, row: int, cell: StoredCell, kind: ColumnKind, moment: datetime) -> str:
        """A date as exactly as it is shown."""
        shown = date_parts(cell.format) or {"year", "month", "day"}
        day = f"{moment:%Y-%m-%d}"
        if kind in _NUMBERS or (kind not in _DATES and cell.format.lower().replace("\\", "") != "yyyy-mm-dd"):
            code = "table.typed-cell.date-for-number" if kind in _NUMBERS else "table.typed-cell.date"
            self._report(code, row, cell.column, day, Severity.VIOLATION, value=day)
        elif "year" not in shown or ("day" in shown and "month" not in shown):
            self._report("table.incomplete-date", row, cell.column, day, Severity.VIOLATION, value=day)
        elif "time" in shown and moment.time() != time():
            value = f"{moment:%Y-%m-%d %H:%M}"
            self._report("table.time-of-day", row, cell.column, value, Severity.WARNING, value=value, day=day)
        if "day" in shown or "year" not in shown:
            return day
        return day[:7] if "month" in shown else day[:4]

    def _moment(self, cell: StoredCell) -> datetime | None:
        try:
            if cell.type == "d":
                return datetime.fromisoformat(cell.text)
            epoch = MAC_EPOCH if self._workbook.begins_1904 else WINDOWS_EPOCH
            serial = float(cell.text)
            if serial < 0 or (epoch == WINDOWS_EPOCH and 1 <= serial < _SOUND_DAYS):
                return None
            moment = from_excel(serial, epoch)
        except (ValueError, ArithmeticError):
            return None
        return datetime.combine(epoch, moment) if isinstance(moment, time) else moment

    def _plain(self, cell: StoredCell) -> str:
        """A cell outside of the known columns."""
        if cell.type == "b":
            return "TRUE" if cell.text in ("1", "true") else "FALSE"
        number = _number(cell)
        return cell.text if number is None else f"{number:f}"

    def _note_surplus(self, row: int, texts: Mapping[int, str], width: int) -> None:
        last = max((column for column, text in texts.items() if text), default=0)
        if self._is_known and last > width and not is_comment(list(texts.values())):
            place = replace(self._place, row=row)
            self._findings.append(fault("table.ragged-row", place, cells=last, columns=width))

    def _note_hidden(self) -> None:
        if self._stored.is_hidden:
            self._findings.append(fault("table.hidden.sheet", self._place, severity=Severity.WARNING))
        rows = [str(row) for row in self._stored.hidden_rows]
        columns = [
            self._header[column] for column in sorted(self._stored.hidden_columns & self._header.keys())
        ]
        if rows:
            place = replace(self._place, row=int(rows[0]))
            self._findings.append(fault("table.hidden.rows", place, None, Severity.WARNING, rows=rows))
        if columns:
            self._findings.append(
                fault("table.hidden.columns", self._place, None, Severity.WARNING, columns=columns)
            )

    def _note_merged(self, top: int, rows: Mapping[int, Sequence[str]]) -> None:
        for left, first, right, last in self._stored.merged:
            texts = rows.get(first, ())
            value = texts[left - 1] if left <= len(texts) else ""
            if first > top and value:
                row, column = (first, left + 1) if right > left else (first + 1, left)
                cells = f"{column_letter(left)}{first}:{column_letter(right)}{last}"
                values = {"cells": cells, "first": cells.partition(":")[0]}
                self._report("table.merged-cells", row, column, value, Severity.VIOLATION, **values)


def _spread(texts: Mapping[int, str]) -> list[str]:
    """Texts by the number of their column as a row."""
    return [texts.get(column, "") for column in range(1, max(texts, default=0) + 1)]


def _number(cell: StoredCell) -> Decimal | None:
    """The number that a cell stores, None where it stores none.

    A program stores 0.1 + 0.2 as 0.30000000000000004, and shows and means 0.3.
    """
    if cell.type != "n":
        return None
    try:
        stored = Decimal(cell.text.strip())
        exact = stored if stored == stored.to_integral_value() else Decimal(repr(float(stored)))
    except (ArithmeticError, ValueError):
        return None
    if not exact.is_finite() or abs(exact.adjusted()) > _MOST_DIGITS:
        return None
    rounded = Context(prec=_KEPT_DIGITS).plus(exact).normalize()
    return rounded if len(rounded.as_tuple().digits) <= _EXACT_DIGITS else exact.normalize()


def _has_more_digits(number: Decimal) -> bool:
    """Whether a number has more digits than Excel keeps, counting zeros at the end of a whole one."""
    return len(number.normalize().as_tuple().digits) > _KEPT_DIGITS or number.adjusted() >= _KEPT_DIGITS
