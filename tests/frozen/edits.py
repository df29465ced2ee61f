"""What is changed in the workspace by script: for the working tree, for the second release, and to provoke findings."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

import openpyxl

Row = dict[str, str]
Edit = tuple[str, int, Mapping[str, str]]
"""A table, the number of a row, and the values of some of its columns; a column that is not there is added."""

_SETTINGS = (
    ('version = "2026.11"', 'version = "2026.12"'),
    ("issued = 2026-11-24", "issued = 2026-12-15"),
    ("result_rows = 100000", "result_rows = 3000"),
    ("[limits]", '[server]\nhosts = ["data.example"]\n\n[limits]'),
)
_NEWS: Sequence[Edit] = (
    ("events", -1, {"id": "another-event", "name_en": "Another event"}),
    ("aims", 3, {"id": "another-aim"}),
    ("alliances", 0, {"name_en": "recomine, renamed", "end": "2025-12"}),
    ("projects", -1, {"name_de": "Neuer Name", "start": "2021-03"}),
    ("statements", 0, {"value": "41"}),
    ("fundings", 0, {"amount": "15000001"}),
)
_UNREADABLE: Sequence[Edit] = (
    ("organisations", 0, {"name_de": "", "name_en": ""}),
    ("organisations", 1, {"kind": "no-such-kind"}),
    ("organisations", 2, {"id": "Has Blanks"}),
    ("organisations", 3, {"place": "nowhere"}),
    ("organisations", 4, {"website": "no address"}),
    ("organisations", 5, {"ror": "00000000"}),
    ("organisations", 6, {"source": ""}),
    ("organisations", 7, {"name_de": "x " * 6000}),
    ("organisations", 8, {"name_de": "<b>Ein Name</b>"}),
    ("projects", 0, {"id": "recomine"}),
    ("projects", 1, {"start": "2023-02-30"}),
    ("projects", 2, {"start": "last year"}),
    ("projects", 3, {"part_of": "no-such"}),
    ("projects", 4, {"topics": "a;;b"}),
    ("projects", 5, {"start": "2024", "end": "2020"}),
    ("projects", 6, {"part_of": "reminingplus"}),
    ("fundings", 0, {"amount": "much", "start": "2019-13-01"}),
    ("topics", 0, {"colour": "red"}),
    ("events", 1, {"id": "recomine-concept-phase"}),
)
_CONTRADICTORY: Sequence[Edit] = (
    ("fundings", 1, {"amount": "10", "start": "2001", "end": "2002"}),
    ("topics", 1, {"broader": "mining-waste"}),
    ("places", 0, {"lat": "49.9", "long": "10.1"}),
    ("statements", 0, {"value": "1", "qualifier": "exactly"}),
    ("participations", 0, {"amount": "99999999", "currency": "EUR", "qualifier": "exactly"}),
    ("participations", 1, {"start": "2001", "end": "2002"}),
    ("sources", 0, {"retrieved": "2055-01-01"}),
)

_OWN_TERMS: Sequence[Row] = (
    {
        "list": "measure",
        "key": "czech-partners",
        "name_de": "Tschechische Partner",
        "name_en": "Czech partners",
        "definition_de": "Zahl der beteiligten Einrichtungen aus Tschechien.",
        "definition_en": "Number of institutions from Czechia that take part.",
    },
)


def _read(file: Path) -> list[Row]:
    with file.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _write(file: Path, rows: Sequence[Row]) -> None:
    columns = dict.fromkeys(name for row in rows for name in row)
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(columns), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def _update(data: Path, edits: Sequence[Edit]) -> None:
    for table, number, values in edits:
        rows = _read(data / f"{table}.csv")
        rows[number].update(values)
        _write(data / f"{table}.csv", rows)


def second_release(workspace: Path) -> None:
    """Some things are new, renamed, moved, gone, and merged; it is of a later day; answers are cut early."""
    settings = workspace / "transfergraph.toml"
    text = settings.read_text(encoding="utf-8")
    for old, new in _SETTINGS:
        if old not in text:
            raise ValueError(f"{settings} has no {old}")
        text = text.replace(old, new)
    settings.write_text(text, encoding="utf-8")
    data = workspace / "data" / "saxony"
    _update(data, _NEWS)
    _merge(data, "organisations", "saxonia", "beak-consultants")


def _merge(data: Path, table: str, gone: str, stays: str) -> None:
    rows = [row for row in _read(data / f"{table}.csv") if row["id"] != gone]
    _write(data / f"{table}.csv", rows)
    for file in sorted(data.glob("*.csv")):
        _write(file, [_replaced(row, gone, stays) for row in _read(file)])
    (data / f"former_{table}.csv").write_text(f"id,replaced_by\n{gone},{stays}\n", encoding="utf-8")


def _replaced(row: Row, gone: str, stays: str) -> Row:
    keys = {column: value.split(";") for column, value in row.items()}
    return {
        column: ";".join(dict.fromkeys(stays if key == gone else key for key in known))
        if gone in known
        else row[column]
        for column, known in keys.items()
    }


def upgrade(workspace: Path) -> None:
    """What the working tree asks of a workspace of before (docs/upgrading.md): money stands as amount and currency,
    and the workspace has the term that only it uses. A file that has it so already keeps its bytes."""
    data = workspace / "data" / "saxony"
    statements = [_as_money(row) for row in _read(data / "statements.csv")]
    terms = _read(data / "terms.csv")
    used = {row["measure"] for row in statements} - {row["key"] for row in terms if row["list"] == "measure"}
    own = [term for term in _OWN_TERMS if term["key"] in used]
    for table, rows in (("statements", statements), ("terms", [*terms, *own])):
        if rows != _read(data / f"{table}.csv"):
            _write(data / f"{table}.csv", rows)


def _as_money(row: Row) -> Row:
    measure = row["measure"].removesuffix("-eur")
    if measure == row["measure"]:
        return row
    return {**row, "measure": measure, "value": "", "amount": row["value"], "currency": "EUR"}


def unreadable(workspace: Path) -> None:
    """Faults of the tables themselves: types, keys, references, columns, an unexpected file, another encoding."""
    data = workspace / "data" / "saxony"
    _update(data, _UNREADABLE)
    (data / "surplus.txt").write_text("Not a table.\n", encoding="utf-8")
    (data / "labs.csv").write_bytes((data / "labs.csv").read_bytes() + "saxony5-ä,".encode("latin-1"))


def contradictory(workspace: Path) -> None:
    """Faults of the graph: tables that can be read, and say what cannot be."""
    _update(workspace / "data" / "saxony", _CONTRADICTORY)


def as_workbook(workspace: Path) -> None:
    """The same tables as the sheets of one workbook."""
    data = workspace / "data" / "saxony"
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for file in sorted(data.glob("*.csv")):
        sheet = book.create_sheet(file.stem)
        with file.open(encoding="utf-8", newline="") as stream:
            for row in csv.reader(stream):
                sheet.append(row)
        file.unlink()
    book.save(data / "tables.xlsx")
