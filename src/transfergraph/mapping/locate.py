"""The mapping backwards: from a triple, or the focus node and path of a finding, to its cell."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pyoxigraph import BlankNode, Literal, NamedNode

from transfergraph.findings import NOWHERE, Place
from transfergraph.tables.csvw import RDF_TYPE, Column, Table
from transfergraph.tables.read import Tables
from transfergraph.tables.template import sql_name

Term = NamedNode | BlankNode | Literal

_PREDICATE = re.compile(r"<([^<>]+)>|(?<![\w:])a(?![\w:])")


@dataclass(frozen=True, slots=True)
class _Row:
    source: str
    table: Table
    row: int


class Locator:
    """Finds cells. Nothing is stored per triple: keys are read out of IRIs by the templates."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    def locate(self, focus: str, path: str | None = None, value: Term | None = None) -> Place:
        """The cell that states ``focus path value``, as near as it can be told.

        ``path`` is a property path as SPARQL text; of a longer path the first predicate that the row
        has a column for counts. Without a value (or path) that is in the row, the place is the column
        (or the row); of a focus node that no table mints it is ``NOWHERE``.
        """
        row = next(self._rows(focus), None)
        if row is None:
            return NOWHERE
        columns = [c for p in predicates(path) for c in row.table.file_columns if c.property == p]
        column = self._column_of(row, columns, value)
        if column is None:
            column = row.table.column(row.table.primary_key[0])
        return self._tables.place(row.source, row.table.name, row.row, column.name)

    def cell_value(self, focus: str, path: str | None) -> str | None:
        """What stands in the cell of ``locate(focus, path)``, None where there is no such cell."""
        row = next(self._rows(focus), None)
        if row is None:
            return None
        for predicate in predicates(path):
            for column in row.table.file_columns:
                if column.property == predicate:
                    return self._cell(row, column)
        return None

    def _rows(self, iri: str) -> Iterator[_Row]:
        for table in self._tables.group.tables:
            key = table.about.match(iri)
            if key is None:
                continue
            condition = " AND ".join(f"{sql_name(name)} = ?" for name in key)
            for source in self._tables.sources:
                name = self._tables.name(source.name, table.name)
                found = self._tables.connection.execute(
                    f"SELECT _row FROM {name} WHERE {condition} ORDER BY _row", list(key.values())
                ).fetchone()
                if found:
                    yield _Row(source.name, table, int(found[0]))

    def _column_of(self, row: _Row, columns: list[Column], value: Term | None) -> Column | None:
        """Of several columns with one predicate (names by language) the one that the value tells."""
        if isinstance(value, Literal) and value.language:
            spoken = [column for column in columns if column.language == value.language]
            columns = spoken or columns
        filled = [column for column in columns if self._cell(row, column) is not None]
        if value is not None and filled:
            return filled[0]
        blank = [column for column in columns if column not in filled]
        return next(iter(blank or columns), None)

    def _cell(self, row: _Row, column: Column) -> str | None:
        name = self._tables.name(row.source, row.table.name)
        found = self._tables.connection.execute(
            f"SELECT {sql_name(column.name)} FROM {name} WHERE _row = ?", [row.row]
        ).fetchone()
        return found[0] if found else None


def predicates(path: str | None) -> list[str]:
    """The predicates that a property path mentions, in order."""
    return [match[1] or RDF_TYPE for match in _PREDICATE.finditer(path or "")]
