"""An answer as a workbook: a sheet with the rows, and one that says what they are."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

_LONGEST = 32_767  # characters of a cell, by the specification of Excel
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def write_workbook(told: Mapping[str, Any], query: str, issued: date) -> bytes:
    """The bytes of an XLSX file (ECMA-376) with the answer that :func:`json_answer` made, and its query.

    Texts stay texts, also those that a spreadsheet would take for a formula.
    """
    book = Workbook(write_only=True)
    moment = datetime(issued.year, issued.month, issued.day)
    book.properties.created = book.properties.modified = moment
    book.properties.creator = "transfergraph"
    book.properties.title = str(told["summary"]["en"])
    rows = book.create_sheet("Answer")
    columns: Sequence[str] = told.get("columns", ["answer"])
    _add(rows, columns, bold=True)
    for row in told.get("rows", [{"answer": told.get("answer")}]):
        _add(rows, [row[name] for name in columns])
    about = book.create_sheet("About")
    for key in ("question", "release", "issued", "citation", "licence", "cut"):
        if key in told:
            _add(about, [key, told[key]])
    for name, values in told["parameters"].items():
        _add(about, [f"parameter {name}", ", ".join(values)])
    _add(about, ["query", query])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _add(sheet: WriteOnlyWorksheet, values: Sequence[Any], bold: bool = False) -> None:
    cells = []
    for value in values:
        if not isinstance(value, str):
            cells.append(value)
            continue
        cell = WriteOnlyCell(sheet, _FORBIDDEN.sub("\ufffd", value)[:_LONGEST])
        cell.data_type = "s"
        if bold:
            cell.font = Font(bold=True)
        cells.append(cell)
    sheet.append(cells)
