"""XLSX workbooks as sheets of text cells, equal to what the same tables give as CSV."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from transfergraph.findings import Finding, Place
from transfergraph.tables.csv_reader import MEBIBYTE, Sheet, fault, header_of


def read_workbook(path: Path, file: str, source: str, megabytes: int) -> list[Sheet | Finding]:
    """The sheets of a workbook, one for each table; ``megabytes`` limits the unpacked size in MiB.

    The sizes are taken from the archive's directory before anything is unpacked, and openpyxl reads
    the sheets as streams, so a zip bomb costs nothing.
    """
    place = Place(source, file)
    try:
        with zipfile.ZipFile(path) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
            if unpacked > megabytes * MEBIBYTE:
                return [fault("table.zip-bomb", place, limit=megabytes)]
            if archive.testzip() is not None:
                return [fault("table.unreadable-workbook", place)]
        workbook = load_workbook(path, read_only=True, data_only=True)
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, ParseError, OSError, EOFError):
        return [fault("table.unreadable-workbook", place)]
    try:
        return [_sheet(sheet.title, list(_rows(sheet)), file, source) for sheet in workbook.worksheets]
    finally:
        workbook.close()


def _sheet(title: str, rows: list[tuple[int, Sequence[str]]], file: str, source: str) -> Sheet | Finding:
    if not rows:
        return fault("table.empty", Place(source, file, title))
    header = header_of(rows[0][1])
    width = len(header)
    body = [(number, (*cells, *[""] * (width - len(cells)))) for number, cells in rows[1:]]
    return Sheet(title.strip(), file, title, header, lambda: iter(body))


def _rows(sheet: Any) -> Iterator[tuple[int, Sequence[str]]]:
    for number, row in enumerate(sheet.iter_rows(), 1):
        cells = tuple(_text(cell) for cell in row)
        if any(cells):
            yield number, cells


def _text(cell: Any) -> str:
    match cell.value:
        case None:
            return ""
        case str() as text:
            return text
        case bool() as truth:
            return "true" if truth else "false"
        case datetime() | date() as day:
            return _date(day, cell.number_format)
        case int() as number:
            return str(number)
        case float() as number:
            return f"{Decimal(repr(number)).normalize():f}"
        case other:
            return str(other)


def _date(day: date, number_format: str) -> str:
    """A date cell in ISO 8601; one that shows no day ("Oct 2019") is a month."""
    shown = number_format.lower()
    if "d" in shown or shown == "general":
        return day.strftime("%Y-%m-%d")
    return day.strftime("%Y-%m") if "m" in shown else day.strftime("%Y")
