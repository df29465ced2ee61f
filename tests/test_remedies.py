"""Properties of the check: what a remedy proposes is accepted; CSV and XLSX of a table say the same, or are told."""

from __future__ import annotations

import csv
import datetime
import io
import tempfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import openpyxl
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from workspaces import REPOSITORY, TABLES, make_workspace, rows_of

from transfergraph import Finding
from transfergraph.config.workspace import open_workspace
from transfergraph.tables.check_keys import check_tables
from transfergraph.tables.csvw import TableGroup, read_table_group
from transfergraph.tables.load import connect, read_tables
from transfergraph.vocabulary import Vocabulary, read_vocabulary

COLUMNS = {
    ("participations", "amount"): "0123459.,' -+€\u00a0",
    ("statements", "value"): "0123459.,' ",
    ("projects", "start"): "0123456789./-~ ",
    ("sources", "retrieved"): "0123456789./-",
    ("organisations", "website"): "https:/www.a-b.de/?#[]ü |\u200b",
    ("participations", "role"): "partnerkodi-",
    ("projects", "regions"): "sachen,;|-\u200b dr",
    ("organisations", "name_de"): "Aä=+@#\u200b\u202eÃ¤Â€â„N?!V \u00ad",
}
NUMBERS = st.from_regex(r"[1-9][0-9]{0,3}([.,' ][0-9]{3}){0,2}([.,][0-9]{1,4})?", fullmatch=True)
DATES = st.from_regex(
    r"[0-3]?[0-9][./-][01]?[0-9][./-](19|20)?[0-9]{2}|(19|20)[0-9]{2}[./-][01]?[0-9]([./-][0-3]?[0-9])?",
    fullmatch=True,
)
OF_ITS_OWN = {
    "table.like-formula",
    "table.unlikely-year.late",
    "table.missing-reference",
    "table.end-before-start",
}
"""Faults that a value may have beside the one for which another notation is proposed."""


class Declared(NamedTuple):
    group: TableGroup
    vocabulary: Vocabulary


@cache
def declared() -> Declared:
    workspace = open_workspace(REPOSITORY)
    group = read_table_group(workspace.declarations.tables, workspace.settings.base)
    return Declared(group, read_vocabulary(workspace))


def checked(root: Path) -> tuple[list[Finding], dict[str, list[tuple[Any, ...]]]]:
    """What is found in the tables, and their rows."""
    workspace = open_workspace(root)
    with tempfile.TemporaryDirectory() as scratch:
        connection = connect(Path(scratch))
        tables, found = read_tables(workspace, declared().group, connection, Path(scratch))
        found = [*found, *check_tables(tables, declared().vocabulary.concepts, 10_000, found)]
        rows = {
            table.name: connection.execute(f"SELECT * FROM source.{table.name} ORDER BY _row").fetchall()
            for table in declared().group.tables
        }
        connection.close()
    return found, rows


def table_of(table: str, column: str, values: Sequence[str]) -> str:
    """The small table with a row for each value."""
    rows = rows_of(table)
    header, first = rows[:2]
    for number, value in enumerate(values):
        row = [*first]
        row[header.index("id" if "id" in header else "organisation")] = f"row-{number}"
        row[header.index(column)] = value
        rows.append(row)
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\n").writerows(rows)
    return stream.getvalue()


def told(folder: Path, table: str, column: str, values: Sequence[str]) -> dict[int, list[Finding]]:
    """The findings of the column by the number of the value."""
    found, _ = checked(make_workspace(folder, **{table: table_of(table, column, values)}))
    first = len(rows_of(table)) + 1
    cells: dict[int, list[Finding]] = {}
    for finding in found:
        place = finding.place
        if place.file == f"data/source/{table}.csv" and place.column == column and place.row is not None:
            cells.setdefault(place.row - first, []).append(finding)
    return cells


@pytest.mark.parametrize(("table", "column"), COLUMNS)
def test_what_is_proposed_removes_its_finding_and_adds_none(table: str, column: str) -> None:
    cell = (
        st.text(alphabet=COLUMNS[table, column], min_size=1, max_size=14).filter(str.strip) | NUMBERS | DATES
    )

    @settings(max_examples=3, deadline=None, phases=[Phase.generate])
    @given(st.lists(cell, min_size=40, max_size=60))
    def holds(values: list[str]) -> None:
        with tempfile.TemporaryDirectory() as folder:
            before = told(Path(folder) / "before", table, column, values)
            proposed = [p for findings in before.values() for f in findings for p in f.proposals]
            for number, findings in before.items():
                assert len(findings) == 1 or table == "projects", findings
                assert all(f.value and f.value in values[number] for f in findings), findings
            after = told(Path(folder) / "after", table, column, proposed)
            left = {proposed[number]: findings for number, findings in after.items()}
            assert not {v: f for v, f in left.items() if any(one.code not in OF_ITS_OWN for one in f)}

    holds()


Typed = tuple[str, object, str]  # what the CSV has, what the cell stores, and its format

TEXTS = st.text(alphabet="aÄ ;\"'\n7=0_xD", min_size=1, max_size=8).filter(str.strip)
WHOLE = st.integers(0, 10**9)
DAYS = st.dates(datetime.date(1950, 1, 1), datetime.date(2040, 1, 1))


def as_text(text: str) -> Typed:
    return text, text, "General"


KEYS: st.SearchStrategy[Typed] = st.one_of(
    WHOLE.map(lambda n: (str(n), n, "General")),
    WHOLE.map(lambda n: (f"{n:05}", n, "00000")),
    st.from_regex(r"[a-z][a-z0-9]{0,5}", fullmatch=True).map(as_text),
)
NAMES: st.SearchStrategy[Typed] = TEXTS.map(as_text) | WHOLE.map(lambda n: (str(n), n, "0"))
AMOUNTS: st.SearchStrategy[Typed] = st.one_of(
    st.integers(0, 10**7).map(lambda n: (f"{n / 100:.2f}", n / 100, "#,##0.00")),
    WHOLE.map(lambda n: (str(n), n, "General")),
    st.integers(0, 10**7).map(lambda n: (f"{n / 100:.2f}", f"{n / 100:.2f}", "General")),
)
STARTS: st.SearchStrategy[Typed] = st.one_of(
    DAYS.map(lambda d: (d.isoformat(), d, "dd.mm.yyyy")),
    DAYS.map(lambda d: (f"{d:%Y-%m}", d, "[$-de-DE]mmmm yyyy;@")),
    DAYS.map(lambda d: (f"{d:%Y}", d, '"Ende" yyyy')),
    DAYS.map(lambda d: (f"{d:%Y}", d.year, "General")),
    DAYS.map(lambda d: (d.isoformat(), d.isoformat(), "@")),
)


@settings(max_examples=8, deadline=None)
@given(
    st.lists(st.tuples(KEYS, NAMES, NAMES), min_size=20), st.lists(st.tuples(AMOUNTS, STARTS), min_size=20)
)
def test_csv_and_workbook_of_a_table_say_the_same(
    organisations: list[tuple[Typed, ...]], participations: list[tuple[Typed, ...]]
) -> None:
    cells = {
        "organisations": typed_rows("organisations", ["id", "name_de", "name_en"], organisations),
        "participations": typed_rows("participations", ["amount", "start"], participations),
    }
    with tempfile.TemporaryDirectory() as folder:
        root = make_workspace(Path(folder) / "csv", **{name: written(rows) for name, rows in cells.items()})
        book = make_workspace(Path(folder) / "book", **dict.fromkeys(TABLES))
        save(book / "data" / "source" / "tables.xlsx", cells)
        found, expected = checked(root)
        of_book, rows = checked(book)
        assert rows == expected
        assert sorted((f.code, f.place.row, f.value) for f in found) == sorted(
            (f.code, f.place.row, f.value) for f in of_book
        )


def typed_rows(table: str, columns: list[str], values: list[tuple[Typed, ...]]) -> list[list[Typed]]:
    header, first, *_ = rows_of(table)
    rows = [[as_text(cell) for cell in row] for row in rows_of(table)]
    for number, cells in enumerate(values):
        row = [as_text(cell) for cell in first]
        if table == "participations":
            row[header.index("organisation")] = as_text(f"row-{number}")
        for column, cell in zip(columns, cells, strict=True):
            row[header.index(column)] = cell
        rows.append(row)
    return rows


def written(rows: list[list[Typed]]) -> str:
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\n").writerows([cell[0] for cell in row] for row in rows)
    return stream.getvalue()


def save(path: Path, cells: dict[str, list[list[Typed]]]) -> None:
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.worksheets[0])
    for name in TABLES:
        sheet = workbook.create_sheet(name)
        for number, row in enumerate(cells.get(name) or [[as_text(c) for c in r] for r in rows_of(name)], 1):
            for index, (_, value, code) in enumerate(row, 1):
                cell = sheet.cell(number, index)
                if isinstance(value, str):
                    cell.value, cell.data_type = (
                        value.replace("_x", "_x005F_x") or None,
                        "s" if value else "n",
                    )
                else:
                    cell.value = value
                cell.number_format = code
    workbook.save(path)
