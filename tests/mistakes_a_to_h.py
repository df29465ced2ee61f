"""Mistakes in tables that no cell or text can show, from ``table.ambiguous-reference`` to ``hidden.sheet``."""

from __future__ import annotations

import csv
import json
import zipfile
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from openpyxl import Workbook

_AIMS = "id,undertaking,name_de,name_en,source\n"
_AIM = "less-waste,lightweight,Weniger Abfall,Less waste,alliance-page\n"
_TOPICS = """id,name_de,name_en,broader,field,source
composites,Verbundwerkstoffe,Composites,,materials-and-manufacturing,alliance-page
recycling,Rückgewinnung,Recycling,composites,materials-and-manufacturing,alliance-page
"""
_MANY = 100  # rows with one fault, of which the last are counted
_BLANK_ROWS = (1 << 20) + 2
_EMPTY_CELLS = 1_100_000
_COLUMNS = 10_000


def _write(name: str, content: str, folder: Path, encoding: str = "utf-8") -> None:
    (folder / name).write_text(content, encoding=encoding)


def _own_tables(described: Mapping[str, Any], rows: Mapping[str, str], folder: Path) -> None:
    """Tables of one's own, with the description of them in the workspace."""
    ontology = folder.parents[1] / "ontology"
    ontology.mkdir()
    (ontology / "tables.json").write_text(json.dumps(described), encoding="utf-8")
    for name, content in rows.items():
        _write(name, content, folder)


def _description(*tables: Mapping[str, Any], **others: Any) -> Mapping[str, Any]:
    return {"@context": "http://www.w3.org/ns/csvw", "tables": list(tables), **others}


def _table(name: str, *columns: Mapping[str, Any], **others: Any) -> Mapping[str, Any]:
    key = {"name": "id", "suppressOutput": True}
    return {"url": name, "tableSchema": {"aboutUrl": "#{_row}", "columns": [key, *columns], **others}}


_ROOM = {"name": "room", "propertyUrl": "https://example.org/room"}
_TO_ROOMS = {"columnReference": "room", "reference": {"resource": "rooms.csv", "columnReference": "id"}}
_VISITS = _description(_table("visits.csv", _ROOM, foreignKeys=[_TO_ROOMS]), _table("rooms.csv"))


def _visits(count: int, keys: tuple[str, str], folder: Path) -> None:
    """Visits, all of the room with the first of the two keys of rooms."""
    visits = "".join(f"visit-{number},{keys[0]}\n" for number in range(count))
    rows = {"visits.csv": f"id,room\n{visits}", "rooms.csv": f"id\n{keys[0]}\n{keys[1]}\n"}
    _own_tables(_VISITS, rows, folder)


_ALIKE, _APART = ("hall", "hall"), ("small-hall", "large-hall")


def _rooms(folder: Path, **others: Any) -> None:
    _own_tables(_description(_table("rooms.csv"), **others), {"rooms.csv": "id\nhall\n"}, folder)


def _commented(folder: Path) -> None:
    _rooms(folder, **{"rdfs:comment": "Rooms of the agency"})


def _description_of_the_project(text: str, folder: Path) -> None:
    with (folder / "projects.csv").open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    rows[0][header.index("description_en")] = text
    with (folder / "projects.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *rows])


def _sheet(table: str, folder: Path, change: Callable[[Any], object]) -> Path:
    """A workbook in place of the file of a table, with a change of its sheet."""
    file = folder / f"{table}.csv"
    workbook = Workbook()
    sheet: Any = workbook.worksheets[0]
    sheet.title = table
    with file.open(encoding="utf-8", newline="") as rows:
        for row in csv.reader(rows):
            sheet.append(row)
    file.unlink()
    change(sheet)
    workbook.save(folder / "tables.xlsx")
    return folder / "tables.xlsx"


def _workbook(table: str, change: Callable[[Any], object] = lambda sheet: None) -> Callable[[Path], object]:
    return partial(_sheet, table, change=change)


def _enter(row: int, column: str, value: Any, code: str = "General") -> Callable[[Any], object]:
    """Enter the value in a cell of a sheet, with the number format."""

    def change(sheet: Any) -> None:
        names = [cell.value for cell in sheet[1]]
        cell = sheet.cell(row, names.index(column) + 1)
        cell.value, cell.number_format = value, code

    return change


def _hide_column(sheet: Any) -> None:
    [letter] = [cell.column_letter for cell in sheet[1] if cell.value == "website"]
    sheet.column_dimensions[letter].hidden = True


def _hide_row(sheet: Any) -> None:
    [row] = [cells[0].row for cells in sheet.iter_rows() if cells[0].value == "spindle"]
    sheet.row_dimensions[row].hidden = True


def _hide(sheet: Any) -> None:
    sheet.parent.create_sheet("aims").append(_AIMS.strip().split(","))  # one sheet has to be shown
    sheet.sheet_state = "hidden"


def _hidden_sheet(folder: Path) -> None:
    (folder / "aims.csv").unlink()
    _sheet("topics", folder, _hide)


def _add_empty_sheet(sheet: Any) -> None:
    sheet.parent.create_sheet("Sheet1")


def _many_empty_cells(folder: Path) -> None:
    """A sheet that stores many empty cells below its rows."""
    file = _sheet("topics", folder, lambda sheet: None)
    with zipfile.ZipFile(file) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    [part] = [name for name in parts if name.endswith("sheet1.xml")]
    row = b"<row>" + b"<c/>" * _COLUMNS + b"</row>"
    rows = row * (_EMPTY_CELLS // _COLUMNS)
    parts[part] = parts[part].replace(b"</sheetData>", rows + b"</sheetData>")
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


def _old_folder(folder: Path) -> None:
    (folder / "old").mkdir()
    _write("topics.csv", _TOPICS, folder / "old")


def _nothing(folder: Path) -> None:
    """What is right is the example workspace as it is."""


_topics = partial(_write, "topics.csv", _TOPICS)

DONE: Mapping[str, tuple[Callable[[Path], object], Callable[[Path], object]]] = {
    "table.ambiguous-reference": (partial(_visits, 1, _ALIKE), partial(_visits, 1, _APART)),
    "table.ambiguous-reference.more": (partial(_visits, _MANY, _ALIKE), partial(_visits, _MANY, _APART)),
    "table.blank-rows": (
        partial(_write, "aims.csv", _AIMS + "\n" * _BLANK_ROWS),
        partial(_write, "aims.csv", _AIMS + _AIM),
    ),
    "table.cell-too-long": (
        partial(_description_of_the_project, "It recovers fibres from old components. " * 300),
        partial(_description_of_the_project, "It recovers fibres from old components."),
    ),
    "table.description-ignored": (_commented, _rooms),
    "table.duplicate-key.more": (
        partial(_write, "aims.csv", _AIMS + _AIM * _MANY),
        partial(_write, "aims.csv", _AIMS + _AIM),
    ),
    "table.empty": (partial(_write, "topics.csv", ""), _topics),
    "table.empty-cells": (_many_empty_cells, _workbook("topics")),
    "table.empty.sheet": (_workbook("topics", _add_empty_sheet), _workbook("topics")),
    "table.encoding": (partial(_topics, encoding="cp1252"), _topics),
    "table.encoding.utf-16": (partial(_topics, encoding="utf-16"), _topics),
    "table.folder": (_old_folder, _nothing),
    "table.formula-without-value": (
        _workbook("fundings", _enter(2, "amount", "=1500000+1500000")),
        _workbook("fundings", _enter(2, "amount", 3000000)),
    ),
    "table.hidden-digits": (
        _workbook("fundings", _enter(2, "amount", 2999999.5, "0")),
        _workbook("fundings", _enter(2, "amount", 3000000, "0")),
    ),
    "table.hidden.columns": (_workbook("organisations", _hide_column), _workbook("organisations")),
    "table.hidden.rows": (_workbook("organisations", _hide_row), _workbook("organisations")),
    "table.hidden.sheet": (_hidden_sheet, _workbook("topics")),
}
"""By code, the mistake that ``done`` tells of, and what is right instead."""
