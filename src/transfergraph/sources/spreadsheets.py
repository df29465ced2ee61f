"""The rows of a sheet of a workbook, XLS or XLSX or ODS, as texts.

The number of a row is that of the spreadsheet. A number is written without an exponent and without zeros
behind its decimals, a day as ``2016-06-30``, whatever format the cell shows it in.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from fnmatch import fnmatchcase
from importlib import import_module
from importlib.util import find_spec
from io import BytesIO
from typing import Any

from transfergraph.config.raw_files import RawTable
from transfergraph.errors import MissingExtra
from transfergraph.findings import Finding, Place
from transfergraph.messages import explained
from transfergraph.sources.archive_members import Member
from transfergraph.tables.csv_reader import fault


def sheet_rows(
    member: Member, table: RawTable, place: Place
) -> Iterator[tuple[int, Sequence[str]] | Finding]:
    """The rows of the sheet whose name is of the pattern, or of the first one.

    Raises :class:`MissingExtra`.
    """
    if find_spec("python_calamine") is None:
        raise MissingExtra(explained("error.extra.sources", what="python-calamine"))
    calamine = import_module("python_calamine")
    try:
        with calamine.CalamineWorkbook.from_object(BytesIO(member.content)) as workbook:
            names = [one for one in workbook.sheet_names if fnmatchcase(one, table.sheet or "*")]
            if not names:
                yield fault("source.no-sheet", place, sheet=table.sheet or "*", there=workbook.sheet_names)
                return
            sheet = workbook.get_sheet_by_name(names[0])
            rows = sheet.to_python(skip_empty_area=False)
    except (calamine.CalamineError, OSError, ValueError) as error:
        yield fault("source.unreadable-member", place, error=str(error))
        return
    for number, cells in enumerate(rows, 1):
        yield number, [_cell(cell) for cell in cells]


def _cell(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return (
            format(value, ".15g") if abs(value) < 1e15 and "e" not in format(value, ".15g") else f"{value:f}"
        )
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ")
    return value.isoformat() if isinstance(value, date | time) else _other(value)


def _other(value: Any) -> str:
    return str(value.total_seconds()) if isinstance(value, timedelta) else str(value)
