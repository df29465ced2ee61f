"""The mapping of one row, cell by cell: what each of its columns states."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from transfergraph.tables.claims import Claim
from transfergraph.tables.csvw import Column, Table

Cells = Mapping[str, str]
"""The cells of a row by the names of their columns, and its numbers as templates have them.

A blank cell is an empty text."""

Value = NamedNode | Literal


@dataclass(frozen=True, slots=True)
class RowStatement:
    """What a row states of its subject, and the columns that say so.

    What a virtual column states of every row is said by the columns of the key, which make the row.
    """

    property: str
    value: Value
    columns: tuple[str, ...]


def row_statements(table: Table, cells: Cells) -> tuple[RowStatement, ...]:
    """What a row states of the subject of the table, in the order of the columns, each triple once."""
    found: dict[tuple[str, Value], list[str]] = {}
    for column in table.columns:
        if column.property is not None:
            for value in _values(column, cells):
                stating = table.primary_key if column.virtual else (column.name,)
                found.setdefault((column.property, value), []).extend(stating)
    return tuple(
        RowStatement(name, value, tuple(dict.fromkeys(columns))) for (name, value), columns in found.items()
    )


def claimed(claim: Claim, part: Table, cells: Cells) -> frozenset[tuple[str, Value]]:
    """What a row, or the part of it, states with the cell of the claim: properties and values."""
    if claim.value:
        cells = {**cells, claim.column: claim.value}
    return frozenset(
        (one.property, one.value) for one in row_statements(part, cells) if claim.column in one.columns
    )


def _values(column: Column, cells: Cells) -> Iterator[Value]:
    if column.virtual:
        assert column.value is not None
        yield NamedNode(column.value.expand(cells))
        return
    content = cells[column.name]
    if not content:
        return
    for item in content.split(column.separator) if column.separator else (content,):
        yield _value(column, {**cells, column.name: item})


def _value(column: Column, cells: Cells) -> Value:
    if column.value is not None:
        return NamedNode(column.value.expand(cells))
    item = cells[column.name]
    if column.language is not None:
        return Literal(item, language=column.language.lower())
    return Literal(item, datatype=NamedNode(column.datatype))
