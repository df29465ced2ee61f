"""The mapping backwards: from a triple, or the focus node and path of a finding, to its cell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pyoxigraph import Literal

from transfergraph.common.property_paths import Path, predicates
from transfergraph.findings import NOWHERE, Place
from transfergraph.store import Term
from transfergraph.tables.csvw import Column, Table
from transfergraph.tables.load import Tables
from transfergraph.tables.uri_template import sql_name


@dataclass(frozen=True, slots=True)
class _Row:
    source: str
    table: Table
    row: int
    cells: Mapping[str, str | None]


class Locator:
    """Finds cells. Nothing is stored per triple: keys are read out of IRIs by the templates."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._known: dict[str, _Row | None] = {}

    def look_up(self, focuses: Iterable[str]) -> None:
        """Find the rows of many focus nodes at once, for those who will ask for them one by one."""
        missing = {focus for focus in focuses if focus not in self._known}
        self._known.update(dict.fromkeys(missing))
        for table in self._tables.group.tables:
            keys = {iri: key for iri in missing if (key := table.about.match(iri)) is not None}
            for source in self._tables.sources:
                if not keys:
                    break
                found = self._rows(source.name, table, keys)
                self._known.update(found)
                missing -= found.keys()
                keys = {iri: key for iri, key in keys.items() if iri not in found}

    def locate(self, focus: str, path: Path | None = None, value: Term | None = None) -> Place:
        """The cell that states ``focus path value``, as exactly as it is known.

        Of a longer path the first predicate that the row has a column for counts. Without a value (or path)
        that is in the row, the place is the column (or the row); of a focus node that no table mints it is
        ``NOWHERE``.
        """
        row = self._row(focus)
        if row is None:
            return NOWHERE
        columns = [c for p in predicates(path) for c in row.table.file_columns if c.property == p]
        column = _column_of(row, columns, value)
        if column is None:
            column = row.table.column(row.table.primary_key[0])
        return self._tables.place(row.source, row.table.name, row.row, column.name)

    def _row(self, focus: str) -> _Row | None:
        if focus not in self._known:
            self.look_up([focus])
        return self._known[focus]

    def _rows(self, source: str, table: Table, keys: Mapping[str, Mapping[str, str]]) -> dict[str, _Row]:
        """The first row of each of these keys, by the IRI that asks for it."""
        names = [column.name for column in table.file_columns]
        variables = table.about.variables
        asked = ", ".join(f"unnest(?) AS {sql_name(f'_key{n}')}" for n in range(len(variables)))
        same = " AND ".join(f"k.{sql_name(f'_key{n}')} = t.{sql_name(v)}" for n, v in enumerate(variables))
        cells = ", ".join(f"t.{sql_name(name)}" for name in names)
        rows = self._tables.connection.execute(
            f"SELECT k._iri, t._row, {cells} FROM (SELECT unnest(?) AS _iri, {asked}) k"
            f" JOIN {self._tables.name(source, table.name)} t ON {same} ORDER BY t._row DESC",
            [list(keys), *([key[variable] for key in keys.values()] for variable in variables)],
        ).fetchall()
        return {
            iri: _Row(source, table, int(row), dict(zip(names, values, strict=True)))
            for iri, row, *values in rows
        }


def _column_of(row: _Row, columns: list[Column], value: Term | None) -> Column | None:
    """Of several columns with one predicate (names by language) that of the value's, whatever its case."""
    if isinstance(value, Literal) and value.language:
        language = value.language.lower()
        same = [column for column in columns if (column.language or "").lower() == language]
        columns = same or columns
    filled = [column for column in columns if row.cells[column.name] is not None]
    if value is not None and filled:
        holding = [column for column in filled if row.cells[column.name] == value.value]
        return (holding or filled)[0]
    blank = [column for column in columns if column not in filled]
    return next(iter(blank or columns), None)
