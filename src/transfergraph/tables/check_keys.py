"""The check of the tables as a whole: keys, references, order of dates, expected sizes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from transfergraph.config.workspace import SOURCE_FILE, Source
from transfergraph.findings import Finding, Place, Severity
from transfergraph.tables.check_addresses import check_addresses
from transfergraph.tables.check_cells import check_cells, check_rows, item_sql
from transfergraph.tables.check_claims import check_claims
from transfergraph.tables.check_nesting import check_nesting
from transfergraph.tables.check_plausibility import (
    check_plausibility,
    period_of,
    reversed_sql,
    unlikely_year_sql,
)
from transfergraph.tables.csv_reader import fault, suggested
from transfergraph.tables.csvw import Column, ForeignKey, Table
from transfergraph.tables.explain_cells import is_key, name_for_key
from transfergraph.tables.load import Tables
from transfergraph.tables.names_for_keys import keys_by_name
from transfergraph.tables.own_terms import Concepts, check_own_terms, with_own_terms
from transfergraph.tables.uri_template import ROW_NUMBERS, sql_name

_TOLD = 20  # rows of one key, beside the first
_ALIKE = 0.8  # of the letters of a key and of the one that was probably meant
_LOOKED_UP = 100  # missing keys of a column for which a similar one is looked for


def check_tables(
    tables: Tables, concepts: Concepts, cell_length: int, known: Iterable[Finding] = ()
) -> Iterator[Finding]:
    """All faults that can be seen on the tables, before any triple exists.

    ``concepts`` maps the IRI of a scheme, with a slash at its end, to its terms; tables may have more. A cell
    that has a fault, from reading (``known``) or here, gets no further one that may only follow from it.
    """
    cells = _Faulty(known)
    yield from cells.first(check_rows(tables))
    yield from cells.first(check_own_terms(tables, concepts))
    yield from cells.first(check_cells(tables, with_own_terms(tables, concepts), cell_length))
    yield from cells.first(_check_relations(tables))
    yield from cells.first(check_nesting(tables))
    yield from cells.first(check_claims(tables))
    yield from check_addresses(tables)
    yield from cells.first(check_plausibility(tables))


class _Faulty:
    """The cells and rows that have a violation."""

    def __init__(self, known: Iterable[Finding]) -> None:
        self._places = {finding.place for finding in known if finding.severity is Severity.VIOLATION}

    def first(self, findings: Iterable[Finding]) -> Iterator[Finding]:
        """Those of the findings whose cell and row had no fault before this step of the check."""
        found: set[Place] = set()
        for finding in findings:
            place = finding.place
            if place.row is not None and {place, replace(place, column=None, letter=None)} & self._places:
                continue
            if finding.severity is Severity.VIOLATION:
                found.add(place)
            yield finding
        self._places |= found


def _check_relations(tables: Tables) -> Iterator[Finding]:
    for source in tables.sources:
        yield from _check_keys(tables, source.name)
        yield from _check_described_keys(tables, source.name)
        missing: dict[tuple[str, ...], list[_Missing]] = defaultdict(list)
        for table in tables.group.tables:
            reachable = []
            for column in table.file_columns:
                if targets := tables.group.targets(column):
                    if any(tables.has_file(source.name, target.name) for target in targets):
                        reachable.append(column)
                    else:
                        missing[tuple(target.name for target in targets)] += _unreachable(
                            tables, source.name, table, column
                        )
            if tables.has_file(source.name, table.name):
                for column in _with_missing(tables, source.name, table, reachable):
                    yield from _check_references(tables, source.name, table, column)
                yield from _check_periods(tables, source, table)
        for names, cells in missing.items():
            if cells:
                yield _missing_table(tables, source.name, names, cells)
        yield from _check_sizes(tables, source.name)


class _Missing(NamedTuple):
    """How many cells of a column refer to a table that is missing, and the first of them."""

    cells: int
    first: Place


def _unreachable(tables: Tables, source: str, table: Table, column: Column) -> list[_Missing]:
    targets = tables.group.targets(column)
    if not all(tables.origins[source, target.name].is_whole for target in targets):
        return []
    found = tables.connection.execute(
        f"SELECT count(*), min(_row) FROM {tables.name(source, table.name)} "
        f"WHERE {sql_name(column.name)} IS NOT NULL"
    ).fetchone()
    count, row = found or (0, None)
    return [_Missing(count, tables.place(source, table.name, row, column.name))] if count else []


def _missing_table(tables: Tables, source: str, names: tuple[str, ...], cells: list[_Missing]) -> Finding:
    place = tables.place(source, names[0], None)
    first = cells[0].first
    return fault(
        "table.missing-table",
        place,
        tables=[f"{name}.csv" for name in names],
        count=sum(missing.cells for missing in cells),
        first=f"{first.sheet or first.file}, {first.letter}{first.row}",
    )


def _check_keys(tables: Tables, source: str) -> Iterator[Finding]:
    """No two rows may have the same subject, be it in one table or in several of one shape."""
    filled = [table for table in tables.group.tables if tables.has_file(source, table.name)]
    for shape in sorted({table.about.shape for table in filled}):
        minting = [table for table in filled if table.about.shape == shape]
        rows = " UNION ALL ".join(
            f"SELECT {i} AS t, _row, {table.subject_sql} AS iri, {_shown(table.primary_key)} AS k "
            f"FROM {tables.name(source, table.name)}"
            for i, table in enumerate(minting)
        )
        found = tables.connection.execute(
            "SELECT t, _row, k, first_t, first_row, n, total FROM (SELECT *, "
            "first_value(t) OVER w AS first_t, first_value(_row) OVER w AS first_row, "
            "row_number() OVER w AS n, count(*) OVER (PARTITION BY iri) AS total "
            f"FROM ({rows}) WHERE iri IS NOT NULL WINDOW w AS (PARTITION BY iri ORDER BY t, _row)) "
            f"WHERE n BETWEEN 2 AND {_TOLD + 2} ORDER BY t, _row"
        ).fetchall()
        for index, row, key, first_index, first_row, number, total in found:
            table, first = minting[index], minting[first_index]
            place = tables.place(source, table.name, row, table.primary_key[0])
            other = tables.place(source, first.name, first_row)
            if number > _TOLD + 1:
                yield fault("table.duplicate-key.more", place, key, key=key, count=total - _TOLD - 1)
            elif first is table:
                yield fault(_twice(table), place, key, key=key, row=first_row)
            else:
                file = other.sheet or other.file or ""
                yield fault("table.duplicate-key.elsewhere", place, key, key=key, row=first_row, file=file)


def _twice(table: Table) -> str:
    return "table.duplicate-key" if len(table.primary_key) == 1 else "table.duplicate-key.together"


def _shown(columns: Iterable[str], of: str = "") -> str:
    """SQL for a key of these columns as a finding shows it."""
    return f"concat_ws(' + ', {', '.join(of + sql_name(name) for name in columns)})"


def _check_described_keys(tables: Tables, source: str) -> Iterator[Finding]:
    """Primary keys beside those that the subjects are made from, foreign keys, and the numbers of rows."""
    for table in tables.group.tables:
        if not tables.has_file(source, table.name):
            continue
        name = tables.name(source, table.name)
        if table.is_unique and set(table.primary_key) != set(table.about.variables):
            key = ", ".join(sql_name(one) for one in table.primary_key)
            found = tables.connection.execute(
                f"SELECT _row, {_shown(table.primary_key)}, first, n, total FROM "
                "(SELECT *, min(_row) OVER w AS first, "
                "row_number() OVER (w ORDER BY _row) AS n, count(*) OVER w AS total "
                f"FROM {name} WINDOW w AS (PARTITION BY {key})) "
                f"WHERE n BETWEEN 2 AND {_TOLD + 2} ORDER BY _row"
            ).fetchall()
            for row, value, first, number, total in found:
                place = tables.place(source, table.name, row, table.primary_key[0])
                if number > _TOLD + 1:
                    count = total - _TOLD - 1
                    yield fault("table.duplicate-key.more", place, value, key=value, count=count)
                else:
                    yield fault(_twice(table), place, value, key=value, row=first)
        for foreign in table.foreign_keys:
            yield from _check_foreign_key(tables, source, table, foreign)
        stating = any(column.property for column in table.columns)
        if stating and ROW_NUMBERS.keys() & set(table.about.variables):
            found = tables.connection.execute(
                f"SELECT _row FROM (SELECT _row, row_number() OVER (ORDER BY _row) + 1 AS n FROM {name}) "
                "WHERE _row <> n ORDER BY _row LIMIT 1"
            ).fetchall()
            for (row,) in found:
                yield fault("table.row-counted", tables.place(source, table.name, row), row=row)


def _check_foreign_key(tables: Tables, source: str, table: Table, key: ForeignKey) -> Iterator[Finding]:
    """Each row whose key is not blank finds it in a row of the other table of this source."""
    if len(key.columns) == 1 and tables.group.targets(table.column(key.columns[0])):
        return  # a reference, which is checked as such
    if not tables.origins[source, key.table].is_whole:
        return
    own, other = tables.name(source, table.name), tables.name(source, key.table)
    pairs = zip(key.columns, key.others, strict=True)
    same = " AND ".join(f"t.{sql_name(one)} = o.{sql_name(there)}" for one, there in pairs)
    filled = " AND ".join(f"t.{sql_name(one)} IS NOT NULL" for one in key.columns)
    value = _shown(key.columns, of="t.")
    found = tables.connection.execute(
        _bounded(
            f"SELECT t._row AS _row, {value} AS item, count(o._row) AS hits FROM {own} t "
            f"LEFT JOIN {other} o ON {same} WHERE {filled} GROUP BY ALL HAVING hits <> 1"
        )
    ).fetchall()
    names = [f"{key.table}.csv"]
    for row, cell, hits, number, total in found:
        place = tables.place(source, table.name, row, key.columns[0])
        if number > _TOLD + 1:
            code = "table.ambiguous-reference.more" if hits else "table.missing-reference.more"
            yield fault(code, place, cell, value=cell, tables=names, count=total - _TOLD - 1)
        else:
            code = "table.ambiguous-reference" if hits else "table.missing-reference"
            blank = "no" if any(table.column(name).required for name in key.columns) else "yes"
            yield fault(code, place, cell, value=cell, tables=names, blank=blank)


def _bounded(rows: str) -> str:
    """The rows of each item up to the bound and one more, each with its number and how many there are."""
    return (
        "SELECT * FROM (SELECT *, row_number() OVER (PARTITION BY item ORDER BY _row) AS n, "
        f"count(*) OVER (PARTITION BY item) AS total FROM ({rows})) "
        f"WHERE n <= {_TOLD + 2} ORDER BY _row, item"
    )


def _keys_sql(tables: Tables, source: str, targets: Sequence[Table]) -> str:
    """SQL for the keys of these tables."""
    return " UNION ALL ".join(
        f"SELECT {target.key_sql} FROM {tables.name(source, target.name)} WHERE {target.key_sql} IS NOT NULL"
        for target in targets
    )


def _missing_sql(tables: Tables, source: str, table: Table, column: Column) -> str:
    """SQL for the rows ``(_row, item)`` of what leads to no row of this source."""
    keys = _keys_sql(tables, source, tables.group.targets(column))
    return f"SELECT _row, item FROM ({item_sql(tables, source, table, column)}) WHERE item NOT IN ({keys})"


def _with_missing(tables: Tables, source: str, table: Table, columns: Sequence[Column]) -> list[Column]:
    """The columns with a reference to no row, as far as all rows that it may lead to are known."""
    whole = [
        column
        for column in columns
        if all(tables.origins[source, target.name].is_whole for target in tables.group.targets(column))
    ]
    asked = [
        f"SELECT {number} WHERE EXISTS ({_missing_sql(tables, source, table, column)})"
        for number, column in enumerate(whole)
    ]
    if not asked:
        return []
    found = tables.connection.execute(f"{' UNION ALL '.join(asked)} ORDER BY 1").fetchall()
    return [whole[number] for (number,) in found]


def _check_references(tables: Tables, source: str, table: Table, column: Column) -> Iterator[Finding]:
    """Every reference leads to a row of this source."""
    targets = tables.group.targets(column)
    keys = _keys_sql(tables, source, targets)
    found = tables.connection.execute(_bounded(_missing_sql(tables, source, table, column))).fetchall()
    known = [row[0] for row in tables.connection.execute(f"{keys} ORDER BY 1 LIMIT 10000").fetchall()]
    if not all(_is_sound(tables, source, target) for target in targets) or not all(map(is_key, known)):
        known = []  # the key may be that of a row that has lost its own, or has a damaged one
    names = [f"{target.name}.csv" for target in targets]
    named = keys_by_name(tables, source, targets)
    looked_up: dict[str, list[str]] = {}
    for row, value, number, total in found:
        place = tables.place(source, table.name, row, column.name)
        if number > _TOLD + 1:
            count = total - _TOLD - 1
            yield fault("table.missing-reference.more", place, value, value=value, tables=names, count=count)
            continue
        if (key := named.get(value.casefold())) is not None:
            yield name_for_key(value, place, {value.casefold(): key}, targets)
            continue
        if value not in looked_up:
            looked_up[value] = known if len(looked_up) < _LOOKED_UP else []
        yield suggested(
            *("table.missing-reference", place, value, looked_up[value], {}),
            likeness=_ALIKE,
            value=value,
            tables=names,
            blank="no" if column.required else "yes",
        )


def _is_sound(tables: Tables, source: str, target: Table) -> bool:
    """Whether each row of a table has a key that no other has."""
    key = target.key_sql
    found = tables.connection.execute(
        f"SELECT count(*), count(DISTINCT {key}) FROM {tables.name(source, target.name)}"
    ).fetchone()
    return found is None or found[0] == found[1]


def _check_periods(tables: Tables, source: Source, table: Table) -> Iterator[Finding]:
    """No end before its start, unless a year is unlikely, which is another finding."""
    if (period := period_of(table)) is None:
        return
    start, end = period
    likely = " AND ".join(f"NOT {unlikely_year_sql(source, one.name)}" for one in period)
    found = tables.connection.execute(
        f"SELECT _row, {sql_name(start.name)}, {sql_name(end.name)} "
        f"FROM {tables.name(source.name, table.name)} WHERE {reversed_sql(period)} AND {likely} ORDER BY _row"
    ).fetchall()
    for row, begins, ends in found:
        place = tables.place(source.name, table.name, row, end.name)
        yield fault("table.end-before-start", place, ends, start=begins, end=ends)


def _check_sizes(tables: Tables, source: str) -> Iterator[Finding]:
    """The number of rows is in the range that ``source.toml`` expects; too few of raw files stop the run."""
    ranges = next(s.rows for s in tables.sources if s.name == source)
    for table in tables.group.tables:
        if table.name not in ranges or not tables.origins[source, table.name].is_whole:
            continue
        least, greatest = ranges[table.name]
        row = tables.connection.execute(f"SELECT count(*) FROM {tables.name(source, table.name)}").fetchone()
        count = row[0] if row else 0
        if not least <= count <= greatest:
            place = tables.place(source, table.name, None)
            is_short = count < least and tables.origins[source, table.name].raw is not None
            yield fault(
                "table.row-count-unexpected",
                place,
                str(count),
                Severity.VIOLATION if is_short else Severity.WARNING,
                table=table.name,
                rows=count,
                least=least,
                greatest=greatest,
            )
    for name in sorted(set(ranges) - {table.name for table in tables.group.tables}):
        place = Place(source, f"data/{source}/{SOURCE_FILE}")
        known = [table.name for table in tables.group.tables]
        yield suggested("table.unknown-file", place, name, known, {"tables": known}, file=name)
