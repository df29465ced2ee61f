"""Names that were entered where the key of a row belongs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from transfergraph.common.namespaces import SKOS
from transfergraph.tables.csvw import Table
from transfergraph.tables.explain_cells import is_key
from transfergraph.tables.load import Tables
from transfergraph.tables.uri_template import sql_name

_NAMES = f"{SKOS}prefLabel", f"{SKOS}altLabel"


def keys_by_name(tables: Tables, source: str, targets: Sequence[Table]) -> Mapping[str, str]:
    """The keys of the rows of these tables by names in lower case.

    A name of several rows is left out, and that of a row without a sound key, which no other row can name.
    """
    found: dict[str, set[str | None]] = {}
    for table in targets:
        present = tables.origins[source, table.name].letters
        for column in table.file_columns:
            if column.property in _NAMES and column.name in present:
                rows = tables.connection.execute(
                    f"SELECT DISTINCT {sql_name(column.name)}, {table.key_sql} "
                    f"FROM {tables.name(source, table.name)} WHERE {sql_name(column.name)} IS NOT NULL"
                ).fetchall()
                for names, key in rows:
                    for name in names.split(column.separator) if column.separator else [names]:
                        found.setdefault(name.casefold(), set()).add(key)
    return {name: key for name, (key, *others) in found.items() if not others and key and is_key(key)}
