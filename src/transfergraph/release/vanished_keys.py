"""Keys that the release before had and the tables no longer have: addresses that others may have cited."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb

from transfergraph.dcat.inputs import TABLES
from transfergraph.findings import Finding, Severity
from transfergraph.tables.csv_reader import fault
from transfergraph.tables.csvw import Table
from transfergraph.tables.load import Tables
from transfergraph.tables.uri_template import sql_name, sql_string


def vanished_keys(previous: Path, tables: Tables) -> Iterator[Finding]:
    """A warning for each key of the release in ``previous`` that no table of its shape has any more.

    A table that says what has become of former keys has them as well. Of a damaged release what can be read
    counts.
    """
    for source in tables.sources:
        for table in tables.group.tables:
            file = previous / TABLES / source.name / f"{table.name}.csv"
            if len(table.about.variables) == 1 and table.classes and file.is_file():
                yield from _vanished(tables, source.name, table, file, previous.resolve().name)


def _vanished(tables: Tables, source: str, table: Table, file: Path, release: str) -> Iterator[Finding]:
    alike = [other for other in tables.group.tables if other.about.shape == table.about.shape]
    present = " UNION ALL ".join(
        f"SELECT {other.key_sql} FROM {sql_name(other.name)} WHERE {other.key_sql} IS NOT NULL"
        for other in alike
    )
    key = table.key_sql
    published = f"read_csv({sql_string(str(file))}, header=true, all_varchar=true, delim=',', quote='\"')"
    try:
        found = tables.connection.execute(
            f"SELECT DISTINCT {key} AS k FROM {published} WHERE k NOT IN ({present}) ORDER BY k"
        ).fetchall()
    except duckdb.Error:
        return
    former = [other.name for other in alike if not other.classes]
    code = "table.vanished-key" if former else "table.vanished-key.restore"
    for (value,) in found:
        place = tables.place(source, table.name, None, table.about.variables[0])
        yield fault(code, place, value, Severity.WARNING, key=value, release=release, tables=former)
