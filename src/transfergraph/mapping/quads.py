"""The mapping of CSVW compiled to SQL: tables become sorted N-Quads, one named graph per source.

"Generating RDF from Tabular Data on the Web" (W3C, 2015), minimal mode. The strings are made and
sorted by DuckDB; the order is that of the bytes in UTF-8.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from transfergraph.mapping.graphs import source_graph
from transfergraph.tables.csvw import RDF_TYPE, XSD, Column, Table, TableGroup
from transfergraph.tables.read import Tables
from transfergraph.tables.template import sql_name, sql_string


def write_quads(tables: Tables, file: Path) -> int:
    """Write the quads of all tables in canonical N-Quads, sorted by bytes; return how many."""
    selects = " UNION ALL ".join(
        select
        for source in tables.sources
        for table in tables.group.tables
        for select in table_selects(tables.group, table, tables.name(source.name, table.name), source.name)
    )
    written = tables.connection.execute(
        f"COPY (SELECT line FROM ({selects}) ORDER BY line) TO {sql_string(str(file))} "
        "(FORMAT csv, HEADER false, QUOTE '', ESCAPE '', DELIMITER '\x01')"
    ).fetchone()
    return int(written[0]) if written else 0


def table_selects(group: TableGroup, table: Table, relation: str, source: str) -> Iterator[str]:
    """One SELECT of N-Quads lines for each column of a table that yields triples."""
    about = table.subject_sql
    graph = source_graph(group.base, source)
    for column in table.columns:
        if column.property is None:
            continue
        name = sql_name(column.name)
        middle = sql_string(f"> <{column.property}> ")
        end = sql_string(f" <{graph}> .")
        if column.virtual:
            assert column.value is not None
            constant = sql_string(f"> <{column.property}> <{column.value.text}> <{graph}> .")
            yield f"SELECT '<' || {about} || {constant} AS line FROM {relation}"
        elif column.separator is None:
            line = f"'<' || {about} || {middle} || {_object(column, name)} || {end}"
            yield f"SELECT {line} AS line FROM {relation} WHERE {name} IS NOT NULL"
        else:
            items = f"unnest(list_distinct(string_split({name}, {sql_string(column.separator)})))"
            line = f"'<' || _about || {middle} || {_object(column, 'item')} || {end}"
            yield (
                f"SELECT {line} AS line FROM (SELECT {about} AS _about, {items} AS item "
                f"FROM {relation} WHERE {name} IS NOT NULL)"
            )


def _object(column: Column, value: str) -> str:
    if column.value is not None:
        return f"'<' || {column.value.sql({column.name: value})} || '>'"
    quoted = f"'\"' || {_escaped(value)} || '\"'"
    if column.language is not None:
        return f"{quoted} || {sql_string('@' + column.language.lower())}"
    if column.datatype == XSD + "string":
        return quoted
    return f"{quoted} || {sql_string('^^<' + column.datatype + '>')}"


def _escaped(value: str) -> str:
    """Canonical N-Quads escapes; the table check lets no other control characters pass."""
    escaped = f"replace(replace({value}, '\\', '\\\\'), '\"', '\\\"')"
    for code, escape in ((10, "\\n"), (13, "\\r"), (9, "\\t")):
        escaped = f"replace({escaped}, chr({code}), '{escape}')"
    return escaped


def subject_classes(group: TableGroup) -> dict[str, str]:
    """The class that each table gives to its subjects, by the name of the table."""
    return {
        table.name: column.value.text
        for table in group.tables
        for column in table.columns
        if column.virtual and column.property == RDF_TYPE and column.value is not None
    }
