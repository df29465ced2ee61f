"""The mapping of CSVW compiled to SQL: tables become sorted N-Quads, one named graph per source.

"Generating RDF from Tabular Data on the Web" (W3C, 2015), minimal mode. DuckDB makes one record per row:
all its lines, in the order of their predicates, which is known before any row is read. Only the subjects
are left to be sorted, table by table; where subjects of several tables or sources interleave, their
records are merged. The order is that of the bytes in UTF-8.

Beside each file of quads stands which row states which of them (:func:`stated_records`).
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import NamedTuple

from transfergraph.common.namespaces import XSD, source_graph
from transfergraph.tables.csvw import Column, Table, TableGroup
from transfergraph.tables.load import Tables
from transfergraph.tables.uri_template import sql_name, sql_string, variable_sql

_FETCHED = 2048
_BUFFER = 1 << 20
_THREADS = 2

Record = tuple[str, bytes, bytes]


@dataclass(frozen=True, slots=True)
class StatingTable:
    """A table of a source, or that part of it which states something of one kind of subject."""

    source: str
    table: Table


class StatingRow(NamedTuple):
    """A row, and which of the lines of a record it states: all, or those of these numbers.

    ``table`` counts :func:`stating_tables` from 0. ``row`` counts the rows of the published table, the header
    as row 1.
    """

    table: int
    row: int
    lines: tuple[int, ...] | None = None


def stating_tables(tables: Tables) -> tuple[StatingTable, ...]:
    """All tables that state something, source by source."""
    return tuple(
        StatingTable(source.name, part)
        for source in tables.sources
        for table in tables.group.tables
        for part in table.parts
        if any(column.property for column in part.columns)
    )


def write_quads(tables: Tables, folder: Path) -> tuple[Path, ...]:
    """Write the quads of all tables in canonical N-Quads, each once; return the files.

    Every file is sorted by bytes, and so are all of them one after the other.
    """
    numbered = enumerate(stating_tables(tables))
    groups = _interleaving(one for one in numbered if tables.has_rows(one[1].source, one[1].table.name))
    files = tuple(folder / f"stated-{number}.nq" for number in range(len(groups)))
    with ThreadPoolExecutor(max_workers=_THREADS) as pool:
        list(pool.map(partial(_write, tables), groups, files))
    return files


def stated_records(file: Path) -> Iterator[tuple[bytes, list[StatingRow]]]:
    """The records of a file of :func:`write_quads`: the lines of each, and the rows that state them."""
    with (
        file.open("rb", buffering=_BUFFER) as quads,
        _rows_beside(file).open("rb", buffering=_BUFFER) as rows,
    ):
        for told in rows:
            length, *stating = told.split()
            yield quads.read(int(length)), [_stating_row(one) for one in stating]


def _stating_row(told: bytes) -> StatingRow:
    table, row, *lines = told.split(b":")
    return StatingRow(int(table), int(row), tuple(map(int, lines[0].split(b","))) if lines else None)


def _rows_beside(file: Path) -> Path:
    return file.with_suffix(".rows")


def _write(tables: Tables, together: Iterable[tuple[int, StatingTable]], file: Path) -> None:
    selects = [
        record_select(
            tables.group, one.table, tables.name(one.source, one.table.name), one.source, f"{number}:"
        )
        for number, one in together
    ]
    with (
        file.open("wb", buffering=_BUFFER) as quads,
        _rows_beside(file).open("wb", buffering=_BUFFER) as rows,
    ):
        for lines, stating in _merged([_records(tables, select) for select in selects]):
            quads.write(lines)
            rows.write(b"%d %s\n" % (len(lines), stating))


def _interleaving(tables: Iterable[tuple[int, StatingTable]]) -> list[list[tuple[int, StatingTable]]]:
    """Tables in the order of their subjects; those whose subjects may interleave stand together."""
    together: list[list[tuple[int, StatingTable]]] = []
    for number, one in sorted(tables, key=lambda numbered: _prefix(numbered[1].table)):
        if together and _prefix(one.table).startswith(_prefix(together[-1][0][1].table)):
            together[-1].append((number, one))
        else:
            together.append([(number, one)])
    return together


def _prefix(table: Table) -> str:
    first = table.about.parts[0]
    return first if isinstance(first, str) else ""


def _records(tables: Tables, select: str) -> Iterator[Record]:
    with closing(tables.connection.cursor()) as cursor:
        cursor.execute(select)
        while rows := cursor.fetchmany(_FETCHED):
            yield from rows


def _merged(streams: list[Iterator[Record]]) -> Iterator[tuple[bytes, bytes]]:
    """The lines of each subject in turn, each line once, and which rows state them."""
    records = streams[0] if len(streams) == 1 else heapq.merge(*streams, key=itemgetter(0))
    for _, same in groupby(records, itemgetter(0)):
        (_, lines, stating), *others = same
        yield _united([(lines, stating), *(one[1:] for one in others)]) if others else (lines, stating)


def _united(records: list[tuple[bytes, bytes]]) -> tuple[bytes, bytes]:
    """Several records of one subject as one."""
    split = [(stating, lines.splitlines(keepends=True)) for lines, stating in records]
    united = sorted({line for _, lines in split for line in lines})
    numbers = {line: b"%d" % number for number, line in enumerate(united)}
    told = sorted(
        b"%s:%s" % (one, b",".join(numbers[line] for line in lines)) for one, lines in split if lines
    )
    return b"".join(united), b" ".join(told)


def record_select(group: TableGroup, table: Table, relation: str, source: str, number: str) -> str:
    """A SELECT of ``(subject, lines, row)``, a row for each row and by subject.

    ``lines`` is a blob of N-Quads in the order of their predicates; where several lines have one predicate,
    they are sorted, each once. ``row`` is its number in the published table after this ``number``.
    """
    end = f" <{source_graph(group.base, source)}> .\n"
    predicates: dict[str, list[Column]] = {}
    for column in table.columns:
        if column.property is not None:
            predicates.setdefault(f" <{column.property}> ", []).append(column)
    named: list[str] = []
    lines = ", ".join(
        _lines(predicate, columns, end, named) for predicate, columns in sorted(predicates.items())
    )
    subject = f"'<' || {table.subject_sql} || '>' AS _subject"
    rows = f"(SELECT {subject}, rowid AS _place, * FROM {relation} ORDER BY _subject)"
    if named:
        rows = f"(SELECT *, {', '.join(f'{line} AS _line{i}' for i, line in enumerate(named))} FROM {rows})"
    return (
        f"SELECT _subject, encode(concat({lines})), encode({sql_string(number)} || (_place + 2)) FROM {rows}"
    )


def _lines(predicate: str, columns: list[Column], end: str, named: list[str]) -> str:
    """SQL for the lines of one predicate, NULL or empty when there are none.

    What it needs more than once is added to the lines that have a name.
    """
    if len(columns) == 2 and not any(column.separator for column in columns):
        one, other = f"_line{len(named)}", f"_line{len(named) + 1}"
        named += [_line(predicate, column, sql_name(column.name), end) for column in columns]
        first = f"least({one}, {other})"  # NULL only if both are
        return f"concat({first}, nullif(greatest({one}, {other}), {first}))"
    lists = ", ".join(_line_list(predicate, column, end) for column in columns)
    several = f"array_to_string(list_sort(list_distinct(flatten([{lists}]))), '')"
    if len(columns) > 1:
        return several
    column, name = columns[0], sql_name(columns[0].name)
    one = _line(predicate, column, name, end)
    if column.separator is None:
        return one
    return f"CASE WHEN contains({name}, {sql_string(column.separator)}) THEN {several} ELSE {one} END"


def _line_list(predicate: str, column: Column, end: str) -> str:
    name = sql_name(column.name)
    if column.separator is None:
        return f"[{_line(predicate, column, name, end)}]"
    items = f"string_split({name}, {sql_string(column.separator)})"
    return f"list_transform({items}, lambda item: {_line(predicate, column, 'item', end)})"


def _line(predicate: str, column: Column, value: str, end: str) -> str:
    """SQL for one line, NULL where ``value`` is NULL."""
    if column.virtual:
        assert column.value is not None
        iri = column.value.sql({name: _blank_if_absent(name) for name in column.value.variables})
        return f"concat(_subject, {sql_string(f'{predicate}<')}, {iri}, {sql_string(f'>{end}')})"
    before, content, after = _object(column, value)
    line = f"concat(_subject, {sql_string(predicate + before)}, {content}, {sql_string(after + end)})"
    return f"CASE WHEN {value} IS NOT NULL THEN {line} END"


def _object(column: Column, value: str) -> tuple[str, str, str]:
    """What stands before the value, SQL for the value itself, and what stands after it."""
    if column.value is not None:
        columns = {name: _blank_if_absent(name) for name in column.value.variables}
        return "<", column.value.sql({**columns, column.name: value}), ">"
    if column.language is not None:
        return "", _quoted(value), f"@{column.language.lower()}"
    return "", _quoted(value), "" if column.datatype == XSD + "string" else f"^^<{column.datatype}>"


def _blank_if_absent(name: str) -> str:
    """What a template has for a variable: nothing for an empty cell (RFC 6570, section 3.2.1)."""
    return f"coalesce({variable_sql(name)}, '')"


def _quoted(value: str) -> str:
    """The string in quotation marks: JSON escapes as canonical N-Quads what the table check lets pass."""
    return f"CAST(to_json({value}) AS VARCHAR)"
