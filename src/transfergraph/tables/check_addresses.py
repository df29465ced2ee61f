"""Keys whose addresses would lie on one another: as a document, or as one file on some disks."""

from __future__ import annotations

from collections.abc import Iterator

from transfergraph.common.formats import GRAPH_FORMATS
from transfergraph.findings import Finding
from transfergraph.tables.csv_reader import fault
from transfergraph.tables.csvw import Table
from transfergraph.tables.load import Tables
from transfergraph.tables.uri_template import sql_name, sql_string

_FORM = rf"\.({'|'.join(['html', *(known.ending for known in GRAPH_FORMATS)])})"
_INDEX = "index"


def check_addresses(tables: Tables) -> Iterator[Finding]:
    """No key of the tables that mint IRIs of one shape takes the place of another one's document."""
    filled = [
        table
        for table in tables.group.tables
        if any(tables.has_file(source.name, table.name) for source in tables.sources)
    ]
    for shape in sorted({table.about.shape for table in filled if len(table.about.variables) == 1}):
        minting = [table for table in filled if table.about.shape == shape]
        keys = " UNION ALL ".join(_keys_sql(number, table) for number, table in enumerate(minting))
        row = tables.connection.execute(
            f"SELECT count(DISTINCT k) > count(DISTINCT lower(k)), "
            f"count_if(contains(k, '.') OR k = '{_INDEX}') > 0 FROM ({keys})"
        ).fetchone()
        are_alike, have_dots = row or (False, False)
        if are_alike:
            yield from _same_file(tables, minting, keys)
        if have_dots:
            yield from _documents(tables, minting, keys)


def _keys_sql(number: int, table: Table) -> str:
    key = table.key_sql
    return (
        f"SELECT {number} AS t, _source, _row, {key} AS k FROM {sql_name(table.name)} WHERE {key} IS NOT NULL"
    )


def _same_file(tables: Tables, minting: list[Table], keys: str) -> Iterator[Finding]:
    """Keys that differ in case only: Windows and macOS hold them for one name of a file."""
    alike = f"SELECT lower(k) AS low FROM ({keys}) GROUP BY lower(k) HAVING min(k) <> max(k)"
    found = tables.connection.execute(
        "SELECT t, _source, _row, k, first, first_t, first_row FROM (SELECT *, "
        "first_value(k) OVER w AS first, first_value(t) OVER w AS first_t, "
        f"first_value(_row) OVER w AS first_row FROM ({keys}) "
        f"WHERE lower(k) IN ({alike}) WINDOW w AS (PARTITION BY lower(k) ORDER BY t, _source, _row)) "
        "WHERE k <> first ORDER BY t, _source, _row"
    ).fetchall()
    for number, source, row, key, first, other_number, other_row in found:
        table = minting[number]
        place = tables.place(source, table.name, row, table.about.variables[0])
        other = f"{minting[other_number].name}.csv"
        yield fault("table.key-differs-in-case", place, key, key=key, other=first, table=other, row=other_row)


def _documents(tables: Tables, minting: list[Table], keys: str) -> Iterator[Finding]:
    """Keys that are the name of a document about another one, or of the list of all."""
    language = rf"\.({'|'.join(tables.group.languages)})"
    endings = (f"{_FORM}$", f"{language}({_FORM})?$", rf"\.page-[1-9][0-9]*({language})?({_FORM})?$")
    stems = ", ".join(f"regexp_replace(k, {sql_string(ending)}, '')" for ending in endings)
    found = tables.connection.execute(
        f"SELECT t, _source, _row, k, min(stem) FROM (SELECT *, unnest([{stems}]) AS stem FROM ({keys}) "
        f"WHERE contains(k, '.')) WHERE stem <> k AND stem IN (SELECT k FROM ({keys})) GROUP BY ALL "
        f"UNION ALL SELECT t, _source, _row, k, NULL FROM ({keys}) WHERE k = '{_INDEX}' ORDER BY ALL"
    ).fetchall()
    for number, source, row, key, stem in found:
        table = minting[number]
        place = tables.place(source, table.name, row, table.about.variables[0])
        if stem is None:
            yield fault("table.key-like-list", place, key, key=key)
        else:
            yield fault("table.key-like-document", place, key, key=key, other=stem)
