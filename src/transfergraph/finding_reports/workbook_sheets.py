"""Sheets of an XLSX workbook that hold data from elsewhere: nothing in them is active or too long.

Every text is stored as text: Excel neither computes it nor asks to update a link. Limits are those of
"Excel specifications and limits" (Microsoft).
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Collection, Sequence
from copy import copy

from openpyxl.cell.cell import Cell, MergedCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

MOST_ROWS = 1_048_576
MOST_COLUMNS = 16_384
MOST_UNITS = 32_767
"""UTF-16 code units in one cell."""

_NAME_LENGTH = 31
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\\x00-\x1f\ud800-\udfff\ufffe\uffff]")
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LIKE_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_TIMES = re.compile(rb"<dcterms:(created|modified)[^>]*>[^<]*</dcterms:\1>")
_WIDEST = 60
_MEASURED_ROWS = 200

CutMark = Callable[[int], str]
"""The words that end a text which was cut, made from its whole length in characters."""


def clean(text: str) -> str:
    """The text without the characters that XML 1.0 (section 2.2) has no way to write."""
    return _NOT_IN_XML.sub("", text)


def put(cell: Cell, text: str, mark: CutMark) -> None:
    """Store a text as text: whatever it begins with, it is no formula and stays none when edited.

    An empty text leaves the cell blank.
    """
    text = clean(text)
    if len(text.encode("utf-16-le")) // 2 > MOST_UNITS:
        end = mark(len(text))
        room = MOST_UNITS - len(end)
        text = text.encode("utf-16-le")[: 2 * room].decode("utf-16-le", "ignore") + end
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


def steady(content: bytes) -> bytes:
    """The same XLSX file without times, so that equal contents are equal bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(out, "w") as target:
        for info in source.infolist():
            data = source.read(info)
            if info.filename == "docProps/core.xml":
                data = _TIMES.sub(b"", data)
            entry = zipfile.ZipInfo(info.filename, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            target.writestr(entry, data)
    return out.getvalue()


def _copy_cell(source: Cell, target: Cell, mark: CutMark) -> None:
    if source.has_style:
        for style in ("font", "fill", "border", "alignment"):
            setattr(target, style, copy(getattr(source, style)))
    if isinstance(source.value, str):
        put(target, source.value, mark)
    else:
        target.value = source.value
    target.number_format = source.number_format
    if source.comment:
        target.comment = copy(source.comment)
