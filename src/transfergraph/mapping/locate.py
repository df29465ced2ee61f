"""The mapping backwards: from a triple, or the focus node and path of a finding, to its cell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from itertools import chain

from pyoxigraph import Literal, NamedNode

from transfergraph.common.namespaces import source_graph
from transfergraph.common.property_paths import Inverse, Path, Predicate, predicates
from transfergraph.findings import NOWHERE, Place
from transfergraph.store import Term
from transfergraph.tables.cell_formats import ColumnKind
from transfergraph.tables.csvw import Column, Table
from transfergraph.tables.load import Tables
from transfergraph.tables.uri_template import sql_name, variable_sql


@dataclass(frozen=True, slots=True)
class _Row:
    source: str
    table: Table
    row: int
    cells: Mapping[str, str | None]


_Cell = tuple[_Row, Column]


class Locator:
    """Finds cells. Nothing is stored per triple: keys are read out of IRIs by the templates."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._parts = tuple(part for table in tables.group.tables for part in table.parts)
        self._known: dict[str, list[_Row]] = {}

    def look_up(self, focuses: Iterable[str]) -> None:
        """Find the rows of many focus nodes at once, for those who will ask for them one by one."""
        missing = {focus for focus in focuses if focus not in self._known}
        self._known.update((focus, []) for focus in missing)
        for table in self._parts if missing else ():
            keys = {iri: key for iri in missing if (key := table.about.match(iri)) is not None}
            for source in self._tables.sources if keys else ():
                for iri, row in self._rows(source.name, table, keys):
                    self._known[iri].append(row)

    def locate(
        self, focus: str, path: Path | None = None, value: Term | None = None, graph: str | None = None
    ) -> Place:
        """The cell that states ``focus path value``, as exactly as it is known.

        Where several sources have a row for the focus node it is a row that states the triple, of the source
        of that ``graph`` if it is given. Of a longer path the first predicate that a row has a column for
        counts. Without a value (or path) that is in a row, the place is the column (or the row); of a focus
        node that no table mints it is ``NOWHERE``.
        """
        if isinstance(path, Inverse) and isinstance(path.step, Predicate) and isinstance(value, NamedNode):
            place = self._stating(value.value, path.step, NamedNode(focus), graph)
        else:
            place = self._stating(focus, path, value, graph)
        if place is not None:
            return place
        rows = self._rows_of(focus, graph)
        if not rows:
            return NOWHERE
        return self._place(_nearest(_cells(rows, path), value) or (rows[0], _key_column(rows[0])))

    def _stating(self, focus: str, path: Path | None, value: Term | None, graph: str | None) -> Place | None:
        if value is None:
            return None
        rows = self._rows_of(focus, graph)
        cells = (cell for cell in _cells(rows, path) if _states(cell, value))
        whole = ((row, _key_column(row)) for row in rows if _is_of_each_row(row.table, path, value))
        found = next(chain(cells, whole), None)
        return None if found is None else self._place(found)

    def _place(self, cell: _Cell) -> Place:
        row, column = cell
        return self._tables.place(row.source, row.table.name, row.row, column.name)

    def _rows_of(self, focus: str, graph: str | None) -> list[_Row]:
        self.look_up([focus])
        rows = self._known[focus]
        if graph is None:
            return rows
        return [row for row in rows if source_graph(self._tables.group.base, row.source) == graph]

    def _rows(
        self, source: str, table: Table, keys: Mapping[str, Mapping[str, str]]
    ) -> Iterable[tuple[str, _Row]]:
        """The rows of each of these keys, with the IRI that asks for it."""
        names = [column.name for column in self._tables.group.table(table.name).file_columns]
        variables = table.about.variables
        asked = ", ".join(f"unnest(?) AS {sql_name(f'_key{n}')}" for n in range(len(variables)))
        same = " AND ".join(f"k.{sql_name(f'_key{n}')} = {variable_sql(v)}" for n, v in enumerate(variables))
        cells = ", ".join(f"t.{sql_name(name)}" for name in names)
        rows = self._tables.connection.execute(
            f"SELECT k._iri, t._row, {cells} FROM (SELECT unnest(?) AS _iri, {asked}) k"
            f" JOIN {self._tables.name(source, table.name)} t ON {same} ORDER BY t._row",
            [list(keys), *([key[variable] for key in keys.values()] for variable in variables)],
        ).fetchall()
        for iri, row, *values in rows:
            yield iri, _Row(source, table, int(row), dict(zip(names, values, strict=True)))


def _cells(rows: Sequence[_Row], path: Path | None) -> list[_Cell]:
    """The cells of the predicates of a path, those of the first predicate first."""
    return [
        (row, column)
        for predicate in predicates(path)
        for row in rows
        for column in row.table.file_columns
        if column.property == predicate
    ]


def _is_of_each_row(table: Table, path: Path | None, value: Term) -> bool:
    """Whether a virtual column of the table states this of every row."""
    iri = value.value if isinstance(value, NamedNode) else None
    stated = {(c.property, c.value.text) for c in table.columns if c.virtual and c.value is not None}
    return any((predicate, iri) in stated for predicate in predicates(path))


def _key_column(row: _Row) -> Column:
    key = row.table.primary_key[0]
    return next((column for column in row.table.columns if column.name == key), row.table.columns[0])


def _states(cell: _Cell, value: Term | None) -> bool:
    """Whether the value is made from (an item of) this cell."""
    row, column = cell
    content = row.cells[column.name]
    if content is None:
        return False
    items = content.split(column.separator) if column.separator else [content]
    if column.value is not None:
        known = {name: one or "" for name, one in row.cells.items()}
        iris = (column.value.expand({**known, column.name: item}) for item in items)
        return isinstance(value, NamedNode) and value.value in (*iris, *items)
    if not isinstance(value, Literal):
        return False
    if column.language is not None:
        return (value.language or "").lower() == column.language.lower() and value.value in items
    if value.language is not None or value.datatype.value != column.datatype:
        return False
    return value.value in items or any(_same_number(column, item, value.value) for item in items)


def _same_number(column: Column, item: str, value: str) -> bool:
    """Whether a store has rewritten the number of the cell."""
    if column.kind not in (ColumnKind.INTEGER, ColumnKind.DECIMAL):
        return False
    try:
        return Decimal(item) == Decimal(value)
    except InvalidOperation:
        return False


def _nearest(cells: list[_Cell], value: Term | None) -> _Cell | None:
    """Where a value that no cell states belongs: in a column of its language, whatever the case of the tag.

    Of a longer path that is the cell that leads on; without a value it is the blank one.
    """
    if isinstance(value, Literal) and value.language:
        language = value.language.lower()
        cells = [cell for cell in cells if (cell[1].language or "").lower() == language] or cells
    filled = [cell for cell in cells if cell[0].cells[cell[1].name] is not None]
    if value is not None and filled:
        holding = [cell for cell in filled if cell[0].cells[cell[1].name] == value.value]
        return (holding or filled)[0]
    return next((cell for cell in cells if cell not in filled), cells[0] if cells else None)
