"""Mistakes in tables that no cell or text can show, from ``table.row-counted`` to ``zip-bomb``."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook

_BLANKS = 2 << 20  # bytes, of more than the megabyte that the setting allows
_TEXT = "@"  # the format of cells whose values no program changes
_MARKS = "\u0301" * 40
_VISITS = {
    "@context": "http://www.w3.org/ns/csvw",
    "tables": [
        {
            "url": "visits.csv",
            "tableSchema": {
                "aboutUrl": "visit/{_row}",
                "columns": [
                    {"name": "place", "propertyUrl": "https://example.org/visited"},
                    {"name": "note", "propertyUrl": "https://example.org/note"},
                ],
            },
        }
    ],
}
_EVENT = "id,kind,name_de,name_en,source\n{},kick-off,Auftakt,Kick-off,alliance-page\n"


def _visits(folder: Path, rows: str) -> None:
    """A table of one's own whose addresses are made from the numbers of its rows."""
    described = folder.parent.parent / "ontology" / "tables.json"
    described.parent.mkdir(exist_ok=True)
    described.write_text(json.dumps(_VISITS), encoding="utf-8")
    (folder / "visits.csv").write_text(f"place,note\n{rows}", encoding="utf-8")


def _in_workbook(folder: Path, table: str, title: str = "", keep: bool = False) -> Path:
    """Put a table into a workbook, its cells as texts; the file that it was read from stays if told to."""
    file = folder / f"{table}.csv"
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    sheet.title = title or table
    for row in csv.reader(io.StringIO(file.read_text(encoding="utf-8"))):
        sheet.append([cell or None for cell in row])
    path = folder / "tables.xlsx"
    workbook.save(path)
    if not keep:
        file.unlink()
    return path


def _enter(folder: Path, place: str, value: Any, code: str) -> None:
    """Put a table into a workbook and enter a value with its format; the place is table, row and column."""
    table, row, name = place.split()
    path = _in_workbook(folder, table)
    workbook = load_workbook(path)
    sheet = workbook[table]
    column = next(cell.column for cell in sheet[1] if cell.value == name)
    cell = sheet.cell(int(row), column, value)
    cell.number_format = code
    workbook.save(path)


def _cut_workbook(folder: Path) -> None:
    path = _in_workbook(folder, "events")
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])


def _compressed(folder: Path, is_whole: bool) -> None:
    file = folder / "events.csv"
    content = gzip.compress(file.read_bytes())
    (folder / "events.csv.gz").write_bytes(content if is_whole else content[: len(content) // 2])
    file.unlink()


def _limited(folder: Path) -> None:
    """One megabyte for each file."""
    settings = folder.parent.parent / "transfergraph.toml"
    text = settings.read_text(encoding="utf-8")
    assert "file_megabytes = 512" in text
    settings.write_text(text.replace("file_megabytes = 512", "file_megabytes = 1"), encoding="utf-8")


def _too_large(folder: Path, pasted: str) -> None:
    _limited(folder)
    (folder / "events.csv").write_text(_EVENT.format(f"kick-off{pasted}"), encoding="utf-8")


def _bomb(folder: Path, blanks: int) -> None:
    _limited(folder)
    content = _EVENT.format("kick-off").encode() + b" " * blanks
    (folder / "events.csv.gz").write_bytes(gzip.compress(content))
    (folder / "events.csv").unlink()


def _parts(folder: Path, is_series: bool) -> None:
    """Parts of a project, each of which names the one before it, or the project, as its whole."""
    header = "id,kind,name_de,name_en,part_of,source"
    row = "{},research-and-development,Faserkreislauf,Fibre Loop,{},alliance-page"
    rows = [row.format("fibre-loop", "lightweight")]
    for number in range(1, 103):
        before = f"part-{number - 1}" if is_series and number > 1 else "fibre-loop"
        rows.append(row.format(f"part-{number}", before))
    (folder / "projects.csv").write_text("\n".join((header, *rows, "")), encoding="utf-8")


def _turned(folder: Path) -> None:
    """A header of many events, one in each column."""
    header = ",".join(("id", *(f"kick-off-{number}" for number in range(20_000))))
    (folder / "events.csv").write_text(f"{header}\nkind{',kick-off' * 20_000}\n", encoding="utf-8")


def _aim(folder: Path, name: str) -> None:
    (folder / "aims.csv").write_text(
        f"id,undertaking,name_de,name_en,source\nless-waste,lightweight,{name},Less waste,alliance-page\n",
        encoding="utf-8",
    )


def _nothing(folder: Path) -> None:
    """The folder as it is."""


def _cell(
    place: str, wrong: tuple[Any, str], right: tuple[Any, str]
) -> tuple[Callable[[Path], object], Callable[[Path], object]]:
    """A cell of a workbook as it was changed, and as it should be, each with its format."""
    return (
        lambda folder: _enter(folder, place, *wrong),
        lambda folder: _enter(folder, place, *right),
    )


DONE: Mapping[str, tuple[Callable[[Path], object], Callable[[Path], object]]] = {
    "table.row-counted": (
        partial(_visits, rows="hilltown,One\n\nhilltown,Two\n"),
        partial(_visits, rows="hilltown,One\nhilltown,Two\n"),
    ),
    "table.system-file": (lambda folder: (folder / "Thumbs.db").write_bytes(b"\xd0\xcf\x11\xe0"), _nothing),
    "table.table-twice": (
        partial(_in_workbook, table="events", keep=True),
        partial(_in_workbook, table="events"),
    ),
    "table.time-of-day": _cell(
        "events 2 start", (datetime(2024, 2, 1, 14, 30), "yyyy-mm-dd h:mm"), (date(2024, 2, 1), "yyyy-mm-dd")
    ),
    "table.too-deep": (partial(_parts, is_series=True), partial(_parts, is_series=False)),
    "table.too-large": (partial(_too_large, pasted="x" * _BLANKS), partial(_too_large, pasted="")),
    "table.too-many-columns": (_turned, _nothing),
    "table.too-many-marks": (
        partial(_aim, name=f"Weniger{_MARKS} Abfall"),
        partial(_aim, name="Weniger Abfall"),
    ),
    "table.too-many-marks.cell": _cell(
        "aims 2 name_de", (f"Weniger{_MARKS} Abfall", _TEXT), ("Weniger Abfall", _TEXT)
    ),
    "table.typed-cell.date": _cell(
        "organisations 4 alternative_names", (date(2026, 5, 1), "mmm yy"), ("MAY1", _TEXT)
    ),
    "table.typed-cell.date-for-number": _cell(
        "places 2 long", (date(2026, 5, 12), "d. mmm"), (12.5, "General")
    ),
    "table.typed-cell.number": _cell(
        "fundings 2 grant_number", (1234567890123, "General"), ("1234567890123", _TEXT)
    ),
    "table.typed-cell.truth": _cell("organisations 4 alternative_names", (True, "General"), ("TRUE", _TEXT)),
    "table.unknown-sheet": (
        partial(_in_workbook, table="events", title="events 2024"),
        partial(_in_workbook, table="events"),
    ),
    "table.unreadable-gzip": (partial(_compressed, is_whole=False), partial(_compressed, is_whole=True)),
    "table.unreadable-workbook": (_cut_workbook, partial(_in_workbook, table="events")),
    "table.zip-bomb": (partial(_bomb, blanks=_BLANKS), partial(_bomb, blanks=0)),
}
"""By code, the mistake that ``done`` tells of, and what is right instead."""
