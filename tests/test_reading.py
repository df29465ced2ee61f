"""However a file is read - by DuckDB itself, or row by row - the same tables come of it."""

from __future__ import annotations

import csv
import gzip
import io
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tables_fixture import load
from workspaces import LANGUAGES, REPOSITORY, TABLES, make_workspace, rows_of

from transfergraph import Finding
from transfergraph.release.workspace_files import write_table_files
from transfergraph.tables.csv_reader import Sheet, read_csv
from transfergraph.tables.load import Tables

CELLS = st.text(alphabet=' \n;,"aä.0\t\u00a0', max_size=6) | st.sampled_from(["a\u0308", "1.50", "x;;y ; z"])
AMOUNTS = st.text(alphabet="0.5 -", max_size=5)


def written(rows: list[list[str]]) -> str:
    stream = io.StringIO(newline="")
    csv.writer(stream, lineterminator="\n").writerows(rows)
    return stream.getvalue()


def with_cells(table: str, **cells: list[str]) -> str:
    """The table with its first row repeated for these cells, each with a key of its own."""
    header, first, *_ = rows_of(table)
    rows = [header]
    for number, values in enumerate(zip(*cells.values(), strict=True)):
        row = [f"{first[0]}{number}", *first[1:]]
        for name, value in zip(cells, values, strict=True):
            row[header.index(name)] = value
        rows.append(row)
    return written(rows)


def rows(tables: Tables, table: str) -> list[tuple[Any, ...]]:
    return tables.connection.execute(f"SELECT * FROM source.{table} ORDER BY _row").fetchall()


def packed(root: Path) -> Path:
    """The workspace with its files as gzip, which are read row by row."""
    for file in (root / "data" / "source").glob("*.csv"):
        file.with_suffix(".csv.gz").write_bytes(gzip.compress(file.read_bytes()))
        file.unlink()
    return root


@settings(max_examples=8, deadline=None)
@given(st.lists(st.tuples(CELLS, CELLS, AMOUNTS), min_size=30, max_size=60))
def test_both_ways_of_reading_give_the_same_cells(cells: list[tuple[str, str, str]]) -> None:
    names, alternatives, amounts = (list(column) for column in zip(*cells, strict=True))
    changed = {
        "organisations": with_cells("organisations", name_de=names, alternative_names=alternatives),
        "participations": with_cells("participations", amount=amounts, qualifier=names),
    }
    with tempfile.TemporaryDirectory(prefix="transfergraph-") as scratch:
        folder = Path(scratch)
        own, _ = load(make_workspace(folder / "own", **changed), folder / "s1")
        by_rows, _ = load(packed(make_workspace(folder / "rows", **changed)), folder / "s2")
        for table in changed:
            assert rows(own, table) == rows(by_rows, table)
        own.connection.close()
        by_rows.connection.close()


def sheet(folder: Path, text: str) -> Sheet:
    file = folder / "t.csv"
    file.write_text(text, encoding="utf-8", newline="")
    found = read_csv(file, "t", "t.csv", "source", 1)
    assert isinstance(found, Sheet)
    return found


def is_tidy(folder: Path, text: str) -> bool | None:
    plain = sheet(folder, text).plain
    return None if plain is None else plain.tidy


def test_what_counts_as_plain_and_tidy(tmp_path: Path) -> None:
    assert is_tidy(tmp_path, TABLES["organisations"]) is True
    assert is_tidy(tmp_path, "a,b\nx , y\n") is True
    assert is_tidy(tmp_path, "a,b\nx\ty,z\n") is False
    assert is_tidy(tmp_path, "a,b\nx\u00a0,z\n") is False
    assert is_tidy(tmp_path, "a,b\na\u0308,z\n") is False
    assert is_tidy(tmp_path, "a,b\r\nx,y\r\n") is None
    assert is_tidy(tmp_path, 'a,b\nx"y,z\n') is None


def test_rows_have_any_line_ends_and_keep_those_in_cells(tmp_path: Path) -> None:
    for end in ("\n", "\r\n", "\r"):
        text = end.join(["a,b", '"x' + end + 'y",z', "", "last,one"])
        found = [row for row in sheet(tmp_path, text).rows() if not isinstance(row, Finding)]
        assert found == [(2, [f"x{end}y", "z"]), (3, []), (4, ["last", "one"])]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_line_break_in_a_cell_of_the_first_row_is_read(tmp_path: Path, end: str) -> None:
    """DuckDB looks there for the line ends of the file unless it is told."""
    changed = TABLES["alliances"].replace("\n", end).encode()
    tables, findings = load(make_workspace(tmp_path / "ws", alliances=changed), tmp_path / "scratch")
    assert findings == []
    described = tables.connection.execute("SELECT description_de FROM source.alliances").fetchall()
    assert described == [("Ein Bündnis,\ndas zwei Zeilen hat.",)]


def test_the_rows_of_published_tables_are_those_of_their_files(tmp_path: Path) -> None:
    root = make_workspace(tmp_path / "ws")
    tables, _ = load(root, tmp_path / "scratch")
    written = write_table_files(
        tables, [REPOSITORY / "ontology" / "tables.json"], LANGUAGES, tmp_path / "out"
    )
    assert written["source/alliances.csv"] == 1  # one of its cells has a line break
    assert written["source/participations.csv"] == 4
    found = {}
    for file in (tmp_path / "out" / "source").glob("*.csv"):
        with file.open(encoding="utf-8", newline="") as stream:
            found[f"source/{file.name}"] = sum(1 for _ in csv.reader(stream)) - 1
    assert written == found
