"""Claims with sources of their own: each names a filled cell of a table of its source."""

from __future__ import annotations

from collections.abc import Iterator

from transfergraph.findings import Finding
from transfergraph.tables.claims import claims_table, key_sql
from transfergraph.tables.csv_reader import fault
from transfergraph.tables.csvw import Column, Table
from transfergraph.tables.load import Tables
from transfergraph.tables.uri_template import sql_name


def check_claims(tables: Tables) -> Iterator[Finding]:
    """Claims about tables, columns, rows, cells or items that there are not."""
    if (claiming := claims_table(tables.group)) is None:
        return
    stating = {table.name: table for table in tables.group.tables if _stating_columns(table)}
    for source in tables.sources:
        claims = tables.name(source.name, claiming.name)
        named = tables.connection.execute(
            f'SELECT "table", "column", min(_row) FROM {claims} '
            'WHERE "table" IS NOT NULL AND "column" IS NOT NULL GROUP BY ALL ORDER BY min(_row)'
        ).fetchall()
        for name, column, row in named:
            if (table := stating.get(name)) is None:
                place = tables.place(source.name, claiming.name, row, "table")
                yield fault("table.claim-table", place, name, value=name, known=list(stating))
            elif (found := _stating_columns(table).get(column)) is None:
                place = tables.place(source.name, claiming.name, row, "column")
                known = list(_stating_columns(table))
                yield fault("table.claim-column", place, column, value=column, table=name, known=known)
            elif tables.origins[source.name, name].is_whole:
                yield from _check_cells(tables, source.name, claiming.name, table, found)


def _stating_columns(table: Table) -> dict[str, Column]:
    return {column.name: column for column in table.file_columns if column.property is not None}


def _check_cells(
    tables: Tables, source: str, claiming: str, table: Table, column: Column
) -> Iterator[Finding]:
    claims, rows = (tables.name(source, name) for name in (claiming, table.name))
    found = tables.connection.execute(
        f'SELECT c._row, c."key", c."value", t._row, t.{sql_name(column.name)} FROM {claims} c '
        f'LEFT JOIN (SELECT {key_sql(table)} AS _key, * FROM {rows}) t ON t._key = c."key" '
        'WHERE c."table" = ? AND c."column" = ? AND c."key" IS NOT NULL ORDER BY c._row',
        [table.name, column.name],
    ).fetchall()
    for row, key, value, stating, cell in found:
        if stating is None:
            place = tables.place(source, claiming, row, "key")
            yield fault("table.claim-key", place, key, value=key, table=table.name)
        elif cell is None:
            place = tables.place(source, claiming, row, "column")
            values = {"column": column.name, "table": table.name, "key": key}
            yield fault("table.claim-blank", place, column.name, **values)
        elif value is not None:
            items = cell.split(column.separator) if column.separator else [cell]
            if value not in items:
                place = tables.place(source, claiming, row, "value")
                yield fault("table.claim-item", place, value, value=value, column=column.name, items=items)
