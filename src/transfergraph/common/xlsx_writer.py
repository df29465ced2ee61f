"""XLSX workbooks that hold data from elsewhere: nothing in them is active or too long.

Every text is stored as text: Excel neither computes it nor asks to update a link. Limits are those of
"Excel specifications and limits" (Microsoft). Equal contents are equal bytes: there is no time in them.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from copy import copy
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import Cell, MergedCell, WriteOnlyCell
from openpyxl.drawing.spreadsheet_drawing import SpreadsheetDrawing
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.utils.escape import unescape
from openpyxl.worksheet._writer import WorksheetWriter
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import ExcelWriter
from openpyxl.xml.constants import ARC_CORE

MOST_ROWS = 1_048_576
MOST_COLUMNS = 16_384
MOST_UNITS = 32_767
"""UTF-16 code units in one cell."""

_NAME_LENGTH = 31
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\\x00-\x1f\ud800-\udfff\ufffe\uffff]")
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LIKE_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_EXACT = 10**15  # from which on spreadsheet programs keep the first 15 digits only
_LIKE_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_TIMES = re.compile(rb"<dcterms:(created|modified)[^>]*>[^<]*</dcterms:\1>")
_EARLIEST = (1980, 1, 1, 0, 0, 0)  # that ZIP knows
_WIDEST = 60
_MEASURED_ROWS = 200

CutMark = Callable[[int], str]
"""The words that end a text which was cut, made from its whole length in characters."""


def clean(text: str, instead: str = "") -> str:
    """The text without the characters that XML 1.0 (section 2.2) has no way to write."""
    return _NOT_IN_XML.sub(instead, text)


def escaped(text: str) -> str:
    """The text as it is stored, where ``_x0042_`` would stand for B (ECMA-376 part 1, 22.9.2.19)."""
    return _LIKE_ESCAPE.sub("_x005F_", text)


def shorten_to_cell(text: str, mark: CutMark) -> str:
    """The text, or as much of it as a cell may hold, the mark included."""
    if len(text) <= MOST_UNITS // 2 or len(text.encode("utf-16-le")) // 2 <= MOST_UNITS:
        return text
    end = mark(len(text))
    return text.encode("utf-16-le")[: 2 * (MOST_UNITS - len(end))].decode("utf-16-le", "ignore") + end


def put(cell: Cell, text: str, mark: CutMark) -> None:
    """Store a text as text: whatever it begins with, it is no formula and stays none when edited.

    An empty text leaves the cell blank.
    """
    text = escaped(shorten_to_cell(clean(text), mark))
    cell.number_format = "@"
    if text:
        cell.value = text
        cell.data_type = "s"
        cell.quotePrefix = text.startswith(_LIKE_FORMULA)


def sheet_name(wanted: str, taken: Collection[str]) -> str:
    """A name that Excel accepts, as near to the wanted one as it goes, and different from those taken."""
    name = _NOT_IN_NAMES.sub("_", wanted)[:_NAME_LENGTH].strip("' ") or "_"
    if name.casefold() == "history":
        name += "_"
    used = {other.casefold() for other in taken}
    number, unique = 1, name
    while unique.casefold() in used:
        number += 1
        ending = f" ({number})"
        unique = name[: _NAME_LENGTH - len(ending)] + ending
    return unique


def write_rows(sheet: Worksheet, rows: Sequence[Sequence[str]], mark: CutMark) -> None:
    """Fill an empty sheet with rows of texts, the header first."""
    widths: dict[int, int] = {}
    for number, row in enumerate(rows[:MOST_ROWS], start=1):
        for column, value in enumerate(row[:MOST_COLUMNS], start=1):
            cell = anchor(sheet, number, column)
            put(cell, value, mark)
            if number == 1:
                cell.font = Font(bold=True)
            if number <= _MEASURED_ROWS:
                widths[column] = max(widths.get(column, 8), min(len(value) + 2, _WIDEST))
    for column, width in widths.items():
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.freeze_panes = "A2"


def copy_sheet(source: Worksheet, target: Worksheet, mark: CutMark) -> None:
    """Copy values, notes and formatting, and nothing active: no formula, link, validation or macro."""
    for row in source.iter_rows():
        for cell in row:
            if isinstance(cell, Cell) and (cell.value is not None or cell.has_style or cell.comment):
                _copy_cell(cell, anchor(target, cell.row, cell.column), mark)
    for letter, column in source.column_dimensions.items():
        copied = target.column_dimensions[letter]
        for name in ("width", "hidden", "min", "max"):
            setattr(copied, name, getattr(column, name))
    for number, dimension in source.row_dimensions.items():
        target.row_dimensions[number].height = dimension.height
        target.row_dimensions[number].hidden = dimension.hidden
    for merged in source.merged_cells.ranges:
        target.merge_cells(str(merged))
    target.freeze_panes = source.freeze_panes
    target.auto_filter.ref = source.auto_filter.ref


def anchor(sheet: Worksheet, row: int, column: int) -> Cell:
    """The cell, or the first of the merged cells that it is part of."""
    cell = sheet.cell(row, column)
    if isinstance(cell, MergedCell):
        for merged in sheet.merged_cells.ranges:
            if cell.coordinate in merged:
                cell = sheet.cell(merged.min_row, merged.min_col)
                break
    assert isinstance(cell, Cell)
    return cell


def write_tables(tables: Mapping[str, Iterable[Sequence[Any]]], frozen: str) -> bytes:
    """The bytes of a workbook with a sheet of rows for each name; the first row of ``frozen`` stays in sight.

    Rows are written as they come, none is kept. Numbers of up to 15 digits and truth values are such, all
    else is text; characters that XML cannot write become U+FFFD, and texts that are too long for a cell end
    there.
    """
    workbook = Workbook(write_only=True)
    for name, rows in tables.items():
        sheet = workbook.create_sheet(name)
        sheet._writer = _SheetInMemory(sheet)
        sheet.freeze_panes = "A2" if name == frozen else None
        sheet._writer.write_top()
        for row in rows:
            sheet.append([_plain_value(sheet, value) for value in row])
    return workbook_bytes(workbook)


def _plain_value(sheet: Any, value: Any) -> Any:
    if value is None or isinstance(value, bool | float) or (isinstance(value, int) and abs(value) < _EXACT):
        return value
    text = escaped(shorten_to_cell(clean(str(value), "\ufffd"), lambda length: ""))
    if not text.startswith(("=", "#")):
        return text
    cell = WriteOnlyCell(sheet, text)
    cell.data_type = "s"  # and neither a formula nor an error such as #N/A
    return cell


def workbook_bytes(workbook: Workbook) -> bytes:
    """The workbook as a file; it cannot be written a second time."""
    out = io.BytesIO()
    _InMemory(workbook, _Archive(out, "w", zipfile.ZIP_DEFLATED)).save()
    return out.getvalue()


class _SheetInMemory(WorksheetWriter):
    """The XML of a sheet in memory. openpyxl has it in a temporary file, which a process that may open no
    files cannot make and one that is killed does not remove."""

    _rels: Any

    def __init__(self, sheet: Any) -> None:
        super().__init__(sheet, io.BytesIO())

    def cleanup(self) -> None:
        """There is no file to remove."""


class _InMemory(ExcelWriter):
    """Writes every sheet in memory, as the folder of temporary files may be full."""

    _archive: Any

    def write_worksheet(self, ws: Any) -> None:
        """See openpyxl."""
        if self.workbook.write_only:
            super().write_worksheet(ws)
            return
        ws._drawing = SpreadsheetDrawing()
        ws._drawing.charts, ws._drawing.images = ws._charts, ws._images
        writer = _SheetInMemory(ws)
        writer.write()
        ws._rels = writer._rels
        self._archive.write(writer.out, ws.path[1:])
        self.manifest.append(ws)


class _Archive(zipfile.ZipFile):
    """An archive that does not say when and on what machine it was made."""

    def writestr(self, name: Any, data: Any, *_: Any) -> None:
        """Add a file, the properties of the document without their times."""
        if name == ARC_CORE:
            data = _TIMES.sub(b"", data)
        entry = zipfile.ZipInfo(name, _EARLIEST)
        entry.compress_type = zipfile.ZIP_DEFLATED
        entry.create_system = 3
        entry.external_attr = 0o644 << 16
        super().writestr(entry, data)

    def write(self, file: Any, name: Any = None, *_: Any) -> None:
        """Add a file from its path, or one in memory."""
        self.writestr(name, file.getvalue() if isinstance(file, io.BytesIO) else Path(file).read_bytes())


def _copy_cell(source: Cell, target: Cell, mark: CutMark) -> None:
    if source.has_style:
        for style in ("font", "fill", "border", "alignment"):
            setattr(target, style, copy(getattr(source, style)))
    if isinstance(source.value, str):
        put(target, unescape(source.value), mark)  # openpyxl leaves the escapes of the file
    else:
        target.value = source.value
    target.number_format = source.number_format
    if source.comment:
        target.comment = copy(source.comment)
