"""Where the rows of a table come from, and tables that SQL derives from raw files."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import duckdb

from transfergraph.config.workspace import Source
from transfergraph.findings import Finding, Place
from transfergraph.tables.csv_reader import Sheet, column_letter, fault
from transfergraph.tables.csvw import Table
from transfergraph.tables.normalised_cells import loaded_sql, normalise
from transfergraph.tables.uri_template import sql_name, sql_string


@dataclass(frozen=True, slots=True)
class RowOrigin:
    """Where a table of a source stands: file, sheet, and the letter of each column.

    It ``is_whole`` unless rows or their keys could not be read, so that what is missing may be there. For a
    table that SQL derives from raw files, ``file`` is that of the SQL, ``raw`` tells the file and the row
    that a row comes from, and ``raw_rows`` is the SQL name of a table with these: ``_n``, ``_file`` and
    ``_row``.
    """

    source: str
    file: str
    sheet: str | None
    letters: Mapping[str, str]
    is_whole: bool
    raw: Callable[[int], tuple[str, int]] | None = None
    raw_rows: str | None = None

    def place(self, row: int | None = None, column: str | None = None) -> Place:
        """A cell, row or column of this table; a row of a derived one is that of the raw file."""
        if self.raw is not None and row is not None:
            file, number = self.raw(row)
            return Place(self.source, file, None, number, column)
        if self.raw is not None:
            return Place(self.source, self.file, None, None, column)
        letter = self.letters.get(column) if column else None
        return Place(self.source, self.file, self.sheet, row, column, letter)


@dataclass(frozen=True, slots=True)
class DerivedTable:
    """A table that SQL has derived from raw files: the file of the SQL, and the rows as Parquet.

    These have ``_file`` and ``_row``, the place that each row comes from, and the ``columns``.
    """

    name: str
    sql: str
    columns: tuple[str, ...]
    rows: Path


_BLOCK = 1024  # rows whose places are looked up at once: those of many findings are asked for one by one
_BLOCKS = 64  # that are kept

Derive = Callable[[Source], tuple[Sequence[DerivedTable], Sequence[Finding]]]
"""What SQL derives for a source, and what was found in its raw files."""


def no_tables(_: Source) -> tuple[Sequence[DerivedTable], Sequence[Finding]]:
    """For a workspace whose raw files are not read."""
    return (), ()


def relation(source: str, table: str) -> str:
    """The table of a source as an SQL name."""
    return f"{sql_name(source)}.{sql_name(table)}"


def leave_empty(
    source: Source, table: Table, is_whole: bool, connection: duckdb.DuckDBPyConnection
) -> RowOrigin:
    """A table that no file holds; it is whole if there was no file that could not be taken for one."""
    nothing = ", ".join(f"{sql_name(column.name)} VARCHAR" for column in table.file_columns)
    connection.execute(f"CREATE TABLE {relation(source.name, table.name)} (_row INTEGER, {nothing})")
    return RowOrigin(source.name, f"data/{source.name}/{table.name}.csv", None, {}, is_whole)


def derived_twice(
    source: Source, sheets: Mapping[str, Sheet], derived: Mapping[str, DerivedTable]
) -> Iterator[Finding]:
    """The tables that a file holds and SQL derives as well."""
    for name in sorted(sheets.keys() & derived.keys()):
        place = Place(source.name, derived[name].sql)
        yield fault("table.table-twice", place, table=name, other=sheets[name].file)


def load_derived(
    source: Source, table: Table, derived: DerivedTable, is_whole: bool, connection: duckdb.DuckDBPyConnection
) -> RowOrigin:
    """The rows of a derived table, numbered as they are published, and beside it where each comes from."""
    name, origins = relation(source.name, table.name), relation(source.name, f"{table.name} origins")
    cells = loaded_sql(table.file_columns, {column: sql_name(column) for column in derived.columns})
    rows = f"SELECT row_number() OVER () + 1 AS _n, * FROM read_parquet({sql_string(str(derived.rows))})"
    connection.execute(f"CREATE TABLE {name} AS SELECT _n::INTEGER AS _row, {cells} FROM ({rows})")
    normalise(connection, name, table.file_columns)
    connection.execute(f"CREATE TABLE {origins} AS SELECT _n::INTEGER AS _n, _file, _row FROM ({rows})")

    @lru_cache(maxsize=_BLOCKS)
    def block(number: int) -> dict[int, tuple[str, int]]:
        asked = f"SELECT _n, _file, _row FROM {origins} WHERE _n >= ? AND _n < ?"
        found = connection.execute(asked, [number * _BLOCK, (number + 1) * _BLOCK]).fetchall()
        return {n: (file, raw_row) for n, file, raw_row in found}

    def raw(row: int) -> tuple[str, int]:
        return block(row // _BLOCK).get(row, (derived.sql, row))

    letters = {column: column_letter(number) for number, column in enumerate(derived.columns, 1)}
    return RowOrigin(source.name, derived.sql, None, letters, is_whole, raw, origins)
