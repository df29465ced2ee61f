"""Mistakes in tables that no cell or text can show, from ``table.incomplete-date`` to ``row-count-unexpected``."""

from __future__ import annotations

import csv
import datetime
import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from openpyxl import Workbook

WORDS = "https://w3id.org/transfergraph/"
AIMS = "id,undertaking,name_de,name_en,source"
AIM = "less-waste,lightweight,Weniger Abfall,Less waste,alliance-page"


def nothing(_: Path) -> None:
    """The tables as they are."""


def _all(*changes: Callable[[Path], object]) -> Callable[[Path], None]:
    """One change after the other."""

    def change(folder: Path) -> None:
        for one in changes:
            one(folder)

    return change


def _sheet(table: str, edit: Callable[[Any], object] = lambda _: None) -> Callable[[Path], None]:
    """Keep a table as a sheet of a workbook, its cells as texts, and edit the sheet."""

    def change(folder: Path) -> None:
        file = folder / f"{table}.csv"
        workbook = Workbook()
        workbook.remove(workbook.worksheets[0])
        sheet = workbook.create_sheet(table)
        with file.open(encoding="utf-8", newline="") as stream:
            for row in csv.reader(stream):
                sheet.append([cell or None for cell in row])
        edit(sheet)
        workbook.save(folder / "tables.xlsx")
        file.unlink()

    return change


def _cell(column: str, value: object, number_format: str = "General") -> Callable[[Any], None]:
    """Enter a value into the second row of a sheet; the column is added where it is missing."""

    def edit(sheet: Any) -> None:
        header = [cell.value for cell in sheet[1]]
        number = header.index(column) + 1 if column in header else len(header) + 1
        sheet.cell(1, number, column)
        sheet.cell(2, number, value).number_format = number_format

    return edit


def _merge(sheet: Any) -> None:
    sheet.merge_cells("C3:C4")


def _replaced(table: str, old: str, new: str) -> Callable[[Path], None]:
    """Put a text in place of another one that stands in the file of a table."""

    def change(folder: Path) -> None:
        file = folder / f"{table}.csv"
        content = file.read_text(encoding="utf-8")
        assert old in content
        file.write_text(content.replace(old, new), encoding="utf-8")

    return change


def _written(table: str, *lines: str) -> Callable[[Path], object]:
    """Write the file of a table."""

    def change(folder: Path) -> None:
        (folder / f"{table}.csv").write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")

    return change


def _events(organiser: str) -> Callable[[Path], object]:
    rows = (
        f"event-{n},workshop,Treffen {n},Meeting {n},lightweight,{organiser},alliance-page"
        for n in range(1, 26)
    )
    return _written("events", "id,kind,name_de,name_en,undertaking,organiser,source", *rows)


def _pipe(folder: Path) -> None:
    (folder / "events.csv").unlink()
    os.mkfifo(folder / "events.csv")


def _other_workbook(folder: Path) -> None:
    (folder / "aims.csv").unlink()
    (folder / "aims.ods").write_bytes(b"PK\x03\x04")


def _expect_rows(folder: Path) -> None:
    with (folder / "source.toml").open("a", encoding="utf-8") as stream:
        stream.write("\nparticipations = [5, 50]\n")


def _keep_two_rows(folder: Path) -> None:
    file = folder / "participations.csv"
    lines = file.read_text(encoding="utf-8").splitlines(keepends=True)
    file.write_text("".join(lines[:3]), encoding="utf-8")


def _retire_head(folder: Path) -> None:
    """Say in the vocabulary of the workspace that the role ``head`` is no more."""
    file = folder.parent.parent / "ontology" / "schemes" / "own.ttl"
    file.parent.mkdir(parents=True)
    role = f"{WORDS}scheme/role/"
    file.write_text(
        f"<{role}head> <http://purl.org/dc/terms/isReplacedBy> <{role}coordinator> .\n", encoding="utf-8"
    )


def _describe_visits(folder: Path) -> None:
    """Describe a table of the workspace's own, with days in the form ``dd.MM.yyyy``."""
    key = {"name": "id", "titles": "id", "required": True, "datatype": "string"}
    day = {
        "name": "day",
        "titles": "day",
        "datatype": {"base": "date", "format": "dd.MM.yyyy"},
        "propertyUrl": "http://purl.org/dc/terms/date",
    }
    schema = {"aboutUrl": "visit/{id}", "primaryKey": "id", "columns": [key, day]}
    tables = [{"url": "visits.csv", "tableSchema": schema}]
    file = folder.parent.parent / "ontology" / "tables.json"
    file.parent.mkdir(parents=True)
    file.write_text(json.dumps({"@context": "http://www.w3.org/ns/csvw", "tables": tables}), encoding="utf-8")


_ANSWERS = [f"answer {n}" for n in range(1, 26)]
_DAY = datetime.date(2024, 4, 1)

DONE: Mapping[str, tuple[Callable[[Path], object], Callable[[Path], object]]] = {
    "table.incomplete-date": (
        _sheet("projects", _cell("start", _DAY, "d. mmm")),
        _sheet("projects", _cell("start", _DAY, "yyyy-mm-dd")),
    ),
    "table.lost-digits": (
        _sheet("fundings", _cell("grant_number", 1234567890123450, "0")),
        _sheet("fundings", _cell("grant_number", "1234567890123456", "@")),
    ),
    "table.merged-cells": (_sheet("participations", _merge), _sheet("participations")),
    "table.missing-reference.more": (_events("hilltown-agenci"), _events("hilltown-agency")),
    "table.missing-table": (lambda folder: (folder / "programmes.csv").unlink(), nothing),
    "table.more-unknown-columns": (
        _written("aims", ",".join([AIMS, *_ANSWERS]), ",".join([AIM, *_ANSWERS])),
        _written("aims", AIMS, AIM),
    ),
    "table.not-a-file": (_pipe, nothing),
    "table.other-notation": (
        _all(_describe_visits, _written("visits", "id,day", "first-visit,2024-02-01")),
        _all(_describe_visits, _written("visits", "id,day", "first-visit,01.02.2024")),
    ),
    "table.other-workbook": (_other_workbook, _sheet("aims")),
    "table.place-outside.country": (
        _all(
            _written(
                "regions",
                "id,kind,name_de,name_en,nuts,part_of,source",
                "uplands,historical-region,Bergland,Uplands,DED4,,alliance-page",
            ),
            _replaced("places", "50.5", "5.5"),
        ),
        _written(
            "regions",
            "id,kind,name_de,name_en,nuts,part_of,source",
            "uplands,historical-region,Bergland,Uplands,DED4,,alliance-page",
        ),
    ),
    "table.retired-concept": (
        _all(_retire_head, _replaced("participations", ",coordinator,", ",head,")),
        _retire_head,
    ),
    "table.row-count-unexpected": (_all(_expect_rows, _keep_two_rows), _expect_rows),
}
"""By code, the mistake that ``done`` tells of, and what is right instead."""
