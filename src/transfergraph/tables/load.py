"""From the files of the sources to normalised tables in DuckDB.

Every cell arrives as text, in Unicode NFC, without surrounding space, with ``\\n`` for line breaks;
numbers lose the zeros before and after their digits; a blank cell is NULL. ``_row`` keeps the number that a
spreadsheet shows.
"""

from __future__ import annotations

import csv
import difflib
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from operator import itemgetter
from pathlib import Path
from types import SimpleNamespace

import duckdb

from transfergraph.config.declarations import TABLES
from transfergraph.config.workspace import Source, Workspace
from transfergraph.errors import WorkspaceError
from transfergraph.findings import Finding, Place, Severity
from transfergraph.messages import explained
from transfergraph.tables.csv_reader import PlainFile, Sheet, column_letter, fault, is_comment
from transfergraph.tables.csvw import Column, Table, TableGroup
from transfergraph.tables.normalised_cells import loaded_sql, normalise
from transfergraph.tables.row_origins import (
    Derive,
    RowOrigin,
    derived_twice,
    leave_empty,
    load_derived,
    no_tables,
    relation,
)
from transfergraph.tables.shifted_rows import ragged_row
from transfergraph.tables.source_files import sheets_of
from transfergraph.tables.uri_template import ROW_NUMBERS, sql_name, sql_string

_UNKNOWN_COLUMNS = 20  # that are told one by one
_THREADS = 2  # that load files, while further ones are looked at
_LINE_BYTES = 2 << 20  # of a row that DuckDB reads unless told otherwise, in all its versions
_VISIBLE = r"[^\s\v\x1c-\x1f\x85\p{Z}]"


@dataclass(frozen=True, slots=True)
class Tables:
    """All tables of all sources in one DuckDB database: a schema per source, a view per table.

    The view of a table unites its sources and has the name of the source in ``_source``.
    """

    group: TableGroup
    sources: tuple[Source, ...]
    connection: duckdb.DuckDBPyConnection
    origins: Mapping[tuple[str, str], RowOrigin]

    def name(self, source: str, table: str) -> str:
        """The table of a source as an SQL name."""
        return relation(source, table)

    def place(self, source: str, table: str, row: int | None, column: str | None = None) -> Place:
        """A cell, row or column as the curator sees it."""
        return self.origins[source, table].place(row, column)

    def has_file(self, source: str, table: str) -> bool:
        """Whether a file of the source holds this table."""
        return bool(self.origins[source, table].letters)

    def has_rows(self, source: str, table: str) -> bool:
        """Whether the table of a source has any."""
        row = self.connection.execute(f"SELECT 1 FROM {self.name(source, table)} LIMIT 1").fetchone()
        return row is not None

    def write_csv(self, select: str, file: Path) -> int:
        """Write what a SELECT gives as CSV (RFC 4180) with a header; return the number of rows."""
        copied = f"COPY ({select}) TO {sql_string(str(file))} (FORMAT csv, HEADER true)"
        row = self.connection.execute(copied).fetchone()
        return int(row[0]) if row else 0

    def count(self, table: str) -> int:
        """Rows of a table over all sources."""
        row = self.connection.execute(f"SELECT count(*) FROM {sql_name(table)}").fetchone()
        return int(row[0]) if row else 0


def connect(scratch: Path) -> duckdb.DuckDBPyConnection:
    """A database in memory that spills into the scratch folder beyond 1.5 GB."""
    return duckdb.connect(
        config={
            "memory_limit": "1500MB",
            "temp_directory": str(scratch / "spill"),
            "preserve_insertion_order": True,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        }
    )


def read_tables(
    workspace: Workspace,
    group: TableGroup,
    connection: duckdb.DuckDBPyConnection,
    scratch: Path,
    derive: Derive = no_tables,
) -> tuple[Tables, list[Finding]]:
    """Read the tables of every source; ``scratch`` is a folder for intermediate files."""
    _check_patterns(group, connection)
    findings: list[Finding] = []
    if group.ignored:
        place = Place(None, TABLES)
        findings.append(
            fault("table.description-ignored", place, severity=Severity.INFO, parts=list(group.ignored))
        )
    origins: dict[tuple[str, str], RowOrigin] = {}
    for source in workspace.sources:
        connection.execute(f"CREATE SCHEMA {sql_name(source.name)}")
        known = len(findings)
        given, found = derive(source)
        findings.extend(found)
        derived = {one.name: one for one in given}
        sheets, loaded = _open(workspace, source, group, connection, findings)
        findings.extend(derived_twice(source, sheets, derived))
        is_complete = all(finding.severity is not Severity.VIOLATION for finding in findings[known:])
        for table in group.tables:
            sheet = sheets.get(table.name)
            if table.name in derived and sheet is None:
                origin = load_derived(source, table, derived[table.name], is_complete, connection)
            elif sheet is None:
                origin = leave_empty(source, table, is_complete, connection)
            else:
                limit = workspace.settings.limits.cell_length
                is_loaded = table.name in loaded
                origin = _load(source, table, sheet, is_loaded, connection, scratch, limit, findings)
            origins[source.name, table.name] = origin
    for table in group.tables:
        united = " UNION ALL ".join(
            f"SELECT {sql_string(s.name)} AS _source, * FROM {sql_name(s.name)}.{sql_name(table.name)}"
            for s in workspace.sources
        )
        connection.execute(f"CREATE VIEW {sql_name(table.name)} AS {united}")
    return Tables(group, workspace.sources, connection, origins), findings


def _check_patterns(group: TableGroup, connection: duckdb.DuckDBPyConnection) -> None:
    """Refuse a regular expression that is none, or has what is not in all dialects."""
    patterns = {
        pattern: explained("error.csvw.where", name=column.name, table=table.name)
        for table in group.tables
        for column in table.file_columns
        for pattern in (column.pattern, column.notation and column.notation.pattern)
        if pattern
    }
    for pattern, where in patterns.items():
        try:
            connection.execute("SELECT regexp_full_match('', ?)", [pattern])
        except duckdb.Error as error:
            raise WorkspaceError(
                explained("error.csvw.expression", where=where, value=pattern, error=error)
            ) from error


def _named(sheet: Sheet, table: Table) -> Sheet:
    """The sheet with the names of the columns where the header has their titles."""
    names = {title: column.name for column in table.file_columns for title in column.titles}
    return replace(sheet, header=tuple(names.get(title, title) for title in sheet.header))


def _open(
    workspace: Workspace,
    source: Source,
    group: TableGroup,
    connection: duckdb.DuckDBPyConnection,
    findings: list[Finding],
) -> tuple[dict[str, Sheet], set[str]]:
    """The sheets of a source by table, and the tables that DuckDB has read from their files by itself."""
    sheets: dict[str, Sheet] = {}
    loads: dict[str, Future[bool]] = {}
    with ThreadPoolExecutor(max_workers=_THREADS) as pool:
        for found in sheets_of(workspace, source, group):
            if isinstance(found, Finding):
                findings.append(found)
            elif found.table in sheets:
                place = Place(source.name, found.file, found.sheet)
                other = sheets[found.table].file
                findings.append(fault("table.table-twice", place, table=found.table, other=other))
            else:
                found = _named(found, group.table(found.table))
                sheets[found.table] = found
                if found.plain is not None:
                    name = relation(source.name, found.table)
                    described = group.table(found.table)
                    loads[found.table] = pool.submit(
                        _load_plain, found.plain, found.header, described, name, connection.cursor()
                    )
    return sheets, {name for name, load in loads.items() if load.result()}


def _load(
    source: Source,
    table: Table,
    sheet: Sheet,
    is_loaded: bool,
    connection: duckdb.DuckDBPyConnection,
    scratch: Path,
    cell_length: int,
    findings: list[Finding],
) -> RowOrigin:
    name = relation(source.name, table.name)
    letters = {name: column_letter(i) for i, name in enumerate(sheet.header, 1)}
    origin = RowOrigin(
        source.name,
        sheet.file,
        sheet.sheet,
        letters,
        set(table.about.variables) - ROW_NUMBERS.keys() <= letters.keys(),
    )
    findings.extend(sheet.findings)
    unread = {f.place.column for f in sheet.findings if f.severity is Severity.VIOLATION}
    if unread & set(table.about.variables):
        origin = replace(origin, is_whole=False)
    findings.extend(_check_header(sheet, table, origin))
    if not is_loaded:
        file = scratch / f"{source.name}.{table.name}.csv"
        is_whole, longest = _write_rows(sheet, table, origin, file, cell_length, findings)
        origin = replace(origin, is_whole=origin.is_whole and is_whole)
        columns = ["_row", *(c.name for c in table.file_columns)]
        cells = loaded_sql(table.file_columns, {name: sql_name(name) for name in columns})
        rows = _csv_sql(file, ",", '"', columns, header=False, longest=longest)
        connection.execute(f"CREATE TABLE {name} AS SELECT _row::INTEGER AS _row, {cells} FROM {rows}")
        normalise(connection, name, table.file_columns)
        file.unlink()
    if origin.is_whole and connection.execute(f"SELECT 1 FROM {name} LIMIT 1").fetchone() is None:
        severity = Severity.INFO if sheet.sheet else Severity.WARNING  # a workbook has a sheet for each
        findings.append(fault("table.only-header", origin.place(), severity=severity))
    return origin


def _load_plain(
    plain: PlainFile, header: tuple[str, ...], table: Table, name: str, connection: duckdb.DuckDBPyConnection
) -> bool:
    """Let DuckDB read a file by itself; False where it finds a fault, which reading by rows will explain."""
    cells = loaded_sql(table.file_columns, {column: f"c{i}" for i, column in enumerate(header)})
    raw = [f"c{i}" for i in range(len(header))]
    filled = f"regexp_matches(concat({', '.join(raw)}), {sql_string(_VISIBLE)})"
    lines = _csv_sql(plain.path, plain.delimiter, '"' if plain.quoted else "", raw, header=True)
    rows = f"SELECT row_number() OVER () + 1 AS _row, * FROM {lines}"
    try:
        connection.execute(
            f"CREATE TABLE {name} AS SELECT _row::INTEGER AS _row, {cells} FROM ({rows}) WHERE {filled}"
        )
        normalise(connection, name, table.file_columns, plain.tidy)
    except duckdb.InvalidInputException:
        return False
    finally:
        connection.close()
    return True


def _csv_sql(
    file: Path, delimiter: str, quote: str, columns: list[str], header: bool, longest: int = 0
) -> str:
    """SQL for the rows of a CSV file, the longest of which has so many bytes.

    Each reader takes a buffer from the memory of the database: 16 times the longest row unless it is told.
    """
    types = ", ".join(f"{sql_string(column)}: 'VARCHAR'" for column in columns)
    return (
        f"read_csv({sql_string(str(file))}, columns={{{types}}}, header={str(header).lower()}, "
        f"delim={sql_string(delimiter)}, quote={sql_string(quote)}, escape={sql_string(quote)}, "
        "auto_detect=false, parallel=false, new_line='\\n'"
        f"{f', max_line_size={longest}, buffer_size={2 * longest}' if longest > _LINE_BYTES else ''})"
    )


def _check_header(sheet: Sheet, table: Table, origin: RowOrigin) -> Iterator[Finding]:
    known = {column.name: column for column in table.file_columns}
    row = sheet.header_row
    firsts: dict[str, int] = {}
    for index, name in enumerate(sheet.header):
        firsts.setdefault(name, index)
    missing = [name for name in known if name not in firsts]
    unknown = [name for name in firsts if name and name not in known]
    meant = _columns_meant(unknown[:_UNKNOWN_COLUMNS], missing, known)
    if not meant and not known.keys() & firsts.keys():
        yield fault("table.no-known-column", origin.place(row), columns=list(sheet.header), known=list(known))
        return
    if more := unknown[_UNKNOWN_COLUMNS:]:
        yield fault("table.more-unknown-columns", origin.place(row), count=len(more), columns=more)
    told = set(unknown[:_UNKNOWN_COLUMNS])
    for index, name in enumerate(sheet.header):
        first = firsts[name]
        if not name:
            letter = column_letter(index + 1)
            yield fault("table.unnamed-column", origin.place(row), letter=letter)
        elif first < index:
            place = origin.place(row, name)
            yield fault("table.duplicate-column", place, name, column=name, first=column_letter(first + 1))
        elif name in told:
            place = origin.place(row, name)
            if name in meant:
                yield fault("table.unknown-column.suggested", place, name, column=name, likely=meant[name])
            else:
                yield fault("table.unknown-column", place, name, column=name, columns=list(known))
    for name in missing:
        if known[name].required and name not in meant.values():
            yield fault("table.missing-column", origin.place(row, name), column=name)


def _columns_meant(
    unknown: Sequence[str], missing: Sequence[str], known: Mapping[str, Column]
) -> dict[str, str]:
    """The missing column that an unknown one probably stands for: whose description begins so, of a near name
    or of the same letters, or the only required one that is missing, if it is the only unknown one."""
    left, meant = [*missing], {}
    for name in unknown:
        alike = _described_as(name, [known[other] for other in left])
        alike = alike or difflib.get_close_matches(name.lower(), left, n=1, cutoff=0.6)
        alike = alike or [other for other in left if sorted(other) == sorted(name.lower())]
        if alike:
            meant[name] = alike[0]
            left.remove(alike[0])
    required = [name for name in left if known[name].required]
    others = [name for name in unknown if name not in meant]
    if len(required) == len(others) == 1:
        meant[others[0]] = required[0]
    return meant


def _described_as(name: str, columns: Sequence[Column]) -> list[str]:
    """The column whose description begins with this name in one of its languages, where it is only one."""
    begins = re.compile(rf"{re.escape(name)}\b", re.IGNORECASE)
    found = [column.name for column in columns if any(map(begins.match, column.description.values()))]
    return found if len(found) == 1 else []


def _write_rows(
    sheet: Sheet, table: Table, origin: RowOrigin, file: Path, cell_length: int, findings: list[Finding]
) -> tuple[bool, int]:
    """Write the rows in the order of the described columns, with their number.

    Returns whether that was all, and not broken off, and the bytes of the longest row.
    """
    longest = 0
    width = len(sheet.header)
    positions = {name: i for i, name in enumerate(sheet.header)}
    order = [positions.get(column.name, width) for column in table.file_columns]
    pick = itemgetter(*order) if len(order) > 1 else itemgetter(slice(order[0], order[0] + 1))
    with file.open("wb") as stream:
        encoded = SimpleNamespace(write=lambda line: stream.write(f"{line[:-2]}\n".encode()))
        write = csv.writer(encoded, lineterminator="\r\n").writerow  # quotes what has either of the two
        for item in sheet.rows():
            if isinstance(item, Finding):
                findings.append(item)
                return False, longest
            number, cells = item
            if len(cells) > width and not any(cells[width:]):
                cells = cells[:width]
            if len(cells) != width:
                if not any(cells):
                    continue
                if not is_comment(cells):
                    findings.append(ragged_row(cells, sheet.header, table, origin.place(number)))
                cells = [*cells, *[""] * width][:width]
            elif not any(cells) or not "".join(cells).strip():
                continue
            if max(map(len, cells), default=0) > cell_length:
                cells = [_cut(cell, cell_length) for cell in cells]
            longest = max(longest, write((number, *pick((*cells, "")))))
    return True, longest


def _cut(cell: str, length: int) -> str:
    """The normalised cell, or enough of it to see that it is too long."""
    if len(cell) > length:
        lines = cell.replace("\r\n", "\n").replace("\r", "\n")
        cell = unicodedata.normalize("NFC", lines).strip(" \t\n\xa0")
    return cell if len(cell) <= length else f"{cell[:length]}…"
