"""Reference sources: of their rows those stay that speak of what other sources have."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from transfergraph.common.namespaces import OWL
from transfergraph.tables.check_cells import item_sql
from transfergraph.tables.csvw import Table
from transfergraph.tables.load import Tables
from transfergraph.tables.uri_template import sql_name

_SAME = OWL + "sameAs"


def leave_out_unreferenced(
    tables: Tables, alike: Iterable[Collection[str]] = (), staying: Collection[str] = ()
) -> None:
    """Leave out the rows of reference sources that no other source speaks of, by the IRI or by an identifier.

    Each of ``alike`` are the IRIs of what is one thing. A row that stays keeps the rows it refers to. Without
    another source everything stays, and so do the tables with the names ``staying`` in any case.
    """
    others = [source.name for source in tables.sources if not source.reference]
    references = [source.name for source in tables.sources if source.reference]
    if not others or not references:
        return
    tables.connection.execute(f"CREATE TEMP TABLE kept AS {_spoken_of(tables, others, staying)}")
    tables.connection.execute("CREATE TEMP TABLE alike (n INTEGER, iri VARCHAR)")
    numbered = [(number, iri) for number, iris in enumerate(alike) for iri in iris]
    tables.connection.execute(
        "INSERT INTO alike SELECT unnest(?::INTEGER[]), unnest(?::VARCHAR[])",
        [[number for number, _ in numbered], [iri for _, iri in numbered]],
    )
    for source in references:
        while _keep_referred(tables, source):
            pass
        for table in tables.group.tables:
            if table.name in staying:
                continue
            relation = tables.name(source, table.name)  # made anew: its rows are counted without gaps
            tables.connection.execute(
                f"CREATE OR REPLACE TABLE {relation} AS SELECT * FROM {relation} WHERE ({table.subject_sql} "
                "NOT IN (SELECT iri FROM kept WHERE iri IS NOT NULL)) IS NOT TRUE"
            )
    tables.connection.execute("DROP TABLE kept")
    tables.connection.execute("DROP TABLE alike")


def _spoken_of(tables: Tables, sources: Collection[str], staying: Collection[str]) -> str:
    """SQL for the subjects of these sources and of what stays, and for their identifiers elsewhere."""
    return " UNION ".join(
        f"SELECT {value} AS iri FROM {tables.name(source.name, table.name)}"
        for source in tables.sources
        for table in tables.group.tables
        if source.name in sources or table.name in staying
        for value in (table.subject_sql, *_identifiers(table))
    )


def _identifiers(table: Table) -> Iterator[str]:
    for column in table.file_columns:
        if column.property == _SAME and column.value is not None and column.separator is None:
            yield column.value.sql({column.name: sql_name(column.name)})


def _keep_referred(tables: Tables, source: str) -> bool:
    """Keep what kept rows refer to, and rows with a kept identifier; False where that was all already."""
    before = tables.connection.execute("SELECT count(*) FROM kept").fetchone()
    known = "SELECT n FROM alike WHERE iri IN (SELECT iri FROM kept)"
    _keep(tables, f"SELECT iri FROM alike WHERE n IN ({known})")
    for table in tables.group.tables:
        relation = tables.name(source, table.name)
        for identifier in _identifiers(table):
            _keep(
                tables,
                f"SELECT {table.subject_sql} FROM {relation} WHERE {identifier} IN (SELECT iri FROM kept)",
            )
        for column in table.file_columns:
            if tables.group.targets(column) and column.value is not None:
                items = item_sql(tables, source, table, column)
                rows = f"SELECT _row AS r FROM {relation} WHERE {table.subject_sql} IN (SELECT iri FROM kept)"
                value = column.value.sql({column.name: "item"})
                _keep(tables, f"SELECT {value} FROM ({items}) WHERE _row IN (SELECT r FROM ({rows}))")
    after = tables.connection.execute("SELECT count(*) FROM kept").fetchone()
    return before != after


def _keep(tables: Tables, iris: str) -> None:
    tables.connection.execute(
        f"INSERT INTO kept SELECT DISTINCT iri FROM ({iris}) AS found(iri) "
        "WHERE iri IS NOT NULL AND iri NOT IN (SELECT iri FROM kept WHERE iri IS NOT NULL)"
    )
