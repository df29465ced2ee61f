"""Properties of the check: what a remedy proposes is accepted; CSV and XLSX of a table say the same, or are told."""

from __future__ import annotations

import csv
import datetime
import io
import tempfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from workspaces import REPOSITORY, TABLES, make_workspace, rows_of

from transfergraph import Finding
from transfergraph.config.workspace import open_workspace
from transfergraph.tables.cell_formats import ColumnKind
from transfergraph.tables.check_keys import check_tables
from transfergraph.tables.csvw import Column, Table, TableGroup, read_table_group
from transfergraph.tables.load import connect, read_tables
from transfergraph.vocabulary.term_lists import Vocabulary, read_vocabulary

KEYS_OF = {
    **{"organisation": "org-{}", "undertaking": "recomine", "programme": "wir", "place": "dresden"},
    **{"region": "sachsen", "regions": "sachsen", "topics": "grubenwasser", "funders": "bund"},
    **{"sites": "dresden", "source": "page", "agency": "bund", "organiser": "htw-dresden"},
    **{"subsidiary_of": "bund", "list": "measure", "lat": "51.05", "long": "13.74", "ags": "14612000"},
    **{"nuts": "DED21", "ror": "05q5pk319", "currency": "EUR", "grant_number": "03WIR1234A"},
    **{"pic": "999897438", "vat": "DE141510383", "postal_codes": "01067"},
}
"""What stands in the columns of these names; ``{}`` is the number of the row."""

PARTS = {"organisations": "bund", "programmes": "wir", "regions": "sachsen"}
BROADER = {"topics": "grubenwasser", "terms": "partners"}
BY_KIND = {
    ColumnKind.DATE: ("2019-10-01", "31.12.2019", "1/2/2019", "2019/3/4", "43739", "12.2019", "98-1-1"),
    ColumnKind.EDTF: ("2019-10", "31.12.2019", "1/2/2019", "2019/3/4", "43739", "12.2019", "2019-02-31"),
    ColumnKind.DECIMAL: ("40.5", "1.234,5", "1,234.5", "15.000", "1 000,00", "0,75", "51,05"),
    ColumnKind.INTEGER: ("40", "1.234", "1,234", "70.0", "1 000", "1'000'000"),
    ColumnKind.URL: ("https://www.htw-dresden.de/a?b=c#d", "www.htw-dresden.de", "https://a.de/ä b/../c"),
    ColumnKind.TEXT: ("Universität Görlitz", "UniversitÃ¤t", "A &amp; B", "Größe"),
}
SLIPS = " ,;|.:-_/%#?~'\u00a0\u00ad\u200b\u202e\u00e4\u00c4XxOo0l1\"=+@&<\ufdd0\ufffd\x07"
"""What stands beside or in place of a character that was meant."""

OF_ITS_OWN = {
    "table.like-formula",
    "table.unlikely-year.late",
    "table.unlikely-year.early",
    "table.missing-reference",
    "table.name-for-key",
    "table.end-before-start",
    "table.swapped-coordinates",
    "table.place-outside.region",
    "table.place-outside.country",
}
"""Faults that a value may have beside the one for which another notation is proposed."""

ROWS = 5000  # more than cells are tried
AMONG_KEYS = {
    "table.duplicate-key",
    "table.duplicate-key.together",
    "table.duplicate-key.elsewhere",
    "table.duplicate-key.more",
}
AMONG_KEYS |= {"table.key-like-document", "table.key-differs-in-case", "table.key-like-list"}
"""Faults that a key may have for another key."""


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


def tables_of_their_own() -> list[Table]:
    """All but claims, whose rows are about cells of other tables."""
    return [table for table in declared().group.tables if table.name != "claims"]


class Entered(NamedTuple):
    """A value in a cell of a row that is sound otherwise; ``mends`` is the code of what was told of it."""

    number: int
    table: str
    column: str
    value: str
    mends: str = ""

    @property
    def described(self) -> Column:
        return declared().group.table(self.table).column(self.column)

    @property
    def is_key(self) -> bool:
        return self.column in declared().group.table(self.table).primary_key


def sound_value(table: Table, column: Column, number: int) -> str:
    """What may stand in a column, except where it may be blank."""
    concepts = declared().vocabulary.concepts
    scheme = column.value.text.removesuffix(f"{{{column.name}}}") if column.value else ""
    if scheme in concepts:
        return min(concepts[scheme].terms)
    match column.name:
        case "id" | "key":
            return f"{table.name}-{number}"
        case "part_of":
            return PARTS.get(table.name, "recomine")
        case "broader":
            return BROADER[table.name]
        case "replaced_by":
            return "recomine" if "undertaking" in table.name else "bund"
        case name if name in KEYS_OF:
            return KEYS_OF[name].format(number)
    return BY_KIND[column.kind][0]


def slipped(random: Random, column: Column, value: str) -> str:
    """The value, or another one of its kind, with up to two slips of the hand."""
    value = random.choice([value, *BY_KIND.get(column.kind, ())])
    if column.separator:
        value = random.choice([value, f"{value};{value}", f"{value}, {value}", f"{value} | {value}x"])
    for _ in range(random.randrange(3)):
        at, slip = random.randrange(len(value) + 1), random.choice(SLIPS)
        cut = random.choice([value[at:], value[at + 1 :], value[at + 1 :].swapcase()])
        value = f"{value[:at]}{random.choice(['', slip, slip])}{cut}"
    return value.strip()


def as_proposed(cell: Entered, findings: Sequence[Finding]) -> list[Entered]:
    """The cell with what the findings propose: each of the values of one, the first for each item of a list."""
    code = findings[0].code
    if len({f.code for f in findings}) > 1 or not all(f.value and f.proposals for f in findings):
        return []
    if cell.described.separator is None:
        [finding] = findings
        values = [cell.value.replace(finding.value or "", one) for one in finding.proposals]
    else:
        first = {finding.value: finding.proposals[0] for finding in findings}
        values = [";".join(first.get(item.strip(), item) for item in cell.value.split(";"))]
    return [cell._replace(value=value, mends=code) for value in values]


def entered(folder: Path, cells: Sequence[Entered]) -> dict[Entered, list[Finding]]:
    """The findings about the row of each cell."""
    rows: dict[str, list[dict[str, str]]] = {}
    for name in TABLES:
        header, *others = rows_of(name)
        rows[name] = [dict(zip(header, row, strict=True)) for row in others]
    rows["organisations"] += [
        {"id": f"org-{n}", "kind": "company", "name_de": "A", "name_en": "A", "source": "page"}
        for n in range(ROWS)
    ]
    places: dict[tuple[str, int], Entered] = {}
    for number, cell in enumerate(cells):
        table = declared().group.table(cell.table)
        row = {c.name: sound_value(table, c, number) for c in table.file_columns if c.required}
        rows.setdefault(table.name, []).append(row | {cell.column: cell.value})
        places[f"data/source/{table.name}.csv", len(rows[table.name]) + 1] = cell
    tables = {}
    for table in declared().group.tables:
        stream = io.StringIO()
        columns = [column.name for column in table.file_columns]
        writer = csv.DictWriter(stream, columns, lineterminator="\n", quoting=csv.QUOTE_ALL)
        writer.writeheader()
        writer.writerows(rows.get(table.name, []))
        tables[table.name] = stream.getvalue()
    found: dict[Entered, list[Finding]] = {}
    for finding in checked(make_workspace(folder, **tables))[0]:
        at = (finding.place.file or "", finding.place.row or 0)
        if at in places:
            found.setdefault(places[at], []).append(finding)
    return found


@pytest.mark.parametrize("seed", [1, 2, 3, 598])
def test_what_is_proposed_removes_its_finding_and_adds_none(seed: int) -> None:
    random = Random(seed)
    columns = [(table, column) for table in tables_of_their_own() for column in table.file_columns]
    cells = [
        Entered(number, table.name, column.name, slipped(random, column, sound_value(table, column, number)))
        for number, (table, column) in enumerate(columns * 12)
    ]
    with tempfile.TemporaryDirectory() as folder:
        before = entered(Path(folder) / "before", cells)
        mended: list[Entered] = []
        for cell, every in before.items():
            # a slip in the key of another row may have made the key of this one of it
            findings = [f for f in every if f.place.column == cell.column or f.code not in AMONG_KEYS]
            assert {f.place.column for f in findings} <= {cell.column, None}, (cell, findings)
            if not findings:
                continue
            assert len(findings) == 1 or cell.described.separator or findings[0].code in AMONG_KEYS, findings
            assert all(f.value is None or f.value in cell.value for f in findings), findings
            mended += as_proposed(cell, findings)
        assert len({cell.column for cell in mended}) > 20
        left = {
            cell: findings
            for cell, findings in entered(Path(folder) / "after", mended).items()
            if {f.code for f in findings}
            - (OF_ITS_OWN - {cell.mends})
            - (AMONG_KEYS if cell.is_key else set())
            and not told_apart(cell, findings)
        }
        assert not left


def told_apart(cell: Entered, findings: Sequence[Finding]) -> bool:
    """Whether these are faults of single keys, which nothing could tell apart before."""
    return cell.mends == "table.other-separator" and {f.value for f in findings} <= {*cell.value.split(";")}


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
