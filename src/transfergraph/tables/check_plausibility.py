"""What is allowed but improbable is a warning at its cell: years, languages, places."""

from __future__ import annotations

from collections.abc import Iterator

from transfergraph.common.namespaces import TG
from transfergraph.config.workspace import Source
from transfergraph.findings import Finding, Severity
from transfergraph.tables.check_languages import check_languages
from transfergraph.tables.check_places import check_places
from transfergraph.tables.csv_reader import fault
from transfergraph.tables.csvw import Column, ColumnKind, Table
from transfergraph.tables.load import Tables
from transfergraph.tables.notations import EARLIEST_YEAR
from transfergraph.tables.uri_template import sql_name, sql_string

_YEARS_AHEAD = 30


def check_plausibility(tables: Tables) -> Iterator[Finding]:
    """Warnings with their reasons about cells that the check of cells takes."""
    for source in tables.sources:
        for table in tables.group.tables:
            if tables.has_file(source.name, table.name):
                for column in table.file_columns:
                    if column.kind in (ColumnKind.DATE, ColumnKind.EDTF) and column.separator is None:
                        yield from _unlikely_years(tables, source, table, column)
        yield from check_languages(tables, source.name)
        yield from check_places(tables, source.name)


def unlikely_year_sql(source: Source, column: str) -> str:
    """SQL that is true where a date is too long before or after the source to be what was meant."""
    cell, latest = sql_name(column), source.retrieved.year + _YEARS_AHEAD
    dated = f"regexp_matches({cell}, '^[0-9]{{4}}([~-]|$)')"
    return f"coalesce({dated} AND ({cell} < '{EARLIEST_YEAR}' OR {cell} >= '{latest + 1}'), false)"


def period_of(table: Table) -> tuple[Column, Column] | None:
    """The columns that state when what a row describes starts and ends; None where they are no dates."""
    first, last = (table.stating(TG + name) for name in ("start", "end"))
    if first is None or last is None or not first.kind is last.kind is ColumnKind.EDTF:
        return None
    return first, last


def reversed_sql(period: tuple[Column, Column]) -> str:
    """SQL that is true where a row ends before its start, compared as far as both are known (EDTF)."""
    known = " AND ".join(
        f"regexp_full_match({sql_name(one.name)}, {sql_string(one.pattern or '.*')})" for one in period
    )
    start, end = (f"rtrim({sql_name(one.name)}, '~')" for one in period)
    shorter = f"least(length({start}), length({end}))"
    return f"coalesce({known} AND left({end}, {shorter}) < left({start}, {shorter}), false)"


def _unlikely_years(tables: Tables, source: Source, table: Table, column: Column) -> Iterator[Finding]:
    """A warning, and a violation where the period of the row ends before it begins for that reason."""
    cell = sql_name(column.name)
    period = period_of(table)
    in_period = reversed_sql(period) if period and column in period else "false"
    found = tables.connection.execute(
        f"SELECT _row, {cell}, {in_period} FROM {tables.name(source.name, table.name)} "
        f"WHERE {unlikely_year_sql(source, column.name)} ORDER BY _row"
    ).fetchall()
    for row, value, is_reversed in found:
        place = tables.place(source.name, table.name, row, column.name)
        severity = Severity.VIOLATION if is_reversed else Severity.WARNING
        if value < str(EARLIEST_YEAR):
            yield fault("table.unlikely-year.early", place, value, severity, value=value)
        else:
            years = int(value[:4]) - source.retrieved.year
            values = {"value": value, "years": years, "retrieved": source.retrieved.isoformat()}
            yield fault("table.unlikely-year.late", place, value, severity, **values)
