"""Claims with sources of their own: rows of a table that name a cell of another one.

A row of any table names its sources for all its cells. Where a cell says what only some of them say, or
another one, a row of the table of claims tells: the ``table``, the ``key`` and the ``column`` of the cell,
of a list the item (``value``) if not all of it is meant, and the ``source`` or sources.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from transfergraph.tables.csvw import Table, TableGroup
from transfergraph.tables.uri_template import sql_string, variable_sql

_COLUMNS = frozenset(("table", "key", "column", "value", "source"))


@dataclass(frozen=True, slots=True)
class Claim:
    """A row of the table: ``value`` is empty for the whole cell, ``sources`` are IRIs."""

    table: str
    column: str
    value: str
    sources: tuple[str, ...]


def claims_table(group: TableGroup) -> Table | None:
    """The table of claims: the one that has the columns of one and states nothing itself."""
    for table in group.tables:
        names = {column.name for column in table.file_columns}
        if names >= _COLUMNS and not any(column.property for column in table.columns):
            return table
    return None


def read_claim(table: Table, cells: Mapping[str, str]) -> Claim:
    """The claim in a row of the table of claims."""
    source = table.column("source")
    items = cells["source"].split(source.separator) if source.separator else [cells["source"]]
    iris = (
        source.value.expand({**cells, "source": item}) if source.value else item for item in items if item
    )
    return Claim(cells["table"], cells["column"], cells["value"], tuple(iris))


def key_sql(table: Table) -> str:
    """An SQL expression for the key of a row in claims: what follows the folder in the IRI of its subject.

    In a participation that is ``undertaking~organisation~role``; nothing in it is percent-encoded.
    """
    parts = table.about.parts[1:] if isinstance(table.about.parts[0], str) else table.about.parts
    texts = [
        sql_string(part) if isinstance(part, str) else f"coalesce({variable_sql(part.name)}, '')"
        for part in parts
    ]
    return f"({' || '.join(texts)})"
