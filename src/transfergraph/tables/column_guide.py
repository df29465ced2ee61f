"""What each column of the tables takes: terms of a list, keys of other tables, several or one."""

from __future__ import annotations

from dataclasses import dataclass

from transfergraph.tables.check_cells import scheme_of
from transfergraph.tables.csvw import Column, Table
from transfergraph.tables.load import Tables
from transfergraph.tables.own_terms import Concepts, lists_of, with_own_terms
from transfergraph.vocabulary.term_lists import TermList


@dataclass(frozen=True, slots=True)
class ColumnGuide:
    """A column, the ``terms`` that it takes or None, and the ``tables`` whose keys it takes."""

    column: Column
    terms: TermList | None
    tables: tuple[Table, ...]


@dataclass(frozen=True, slots=True)
class TableGuide:
    """A table with what its columns take."""

    table: Table
    columns: tuple[ColumnGuide, ...]


def guide_of(tables: Tables, concepts: Concepts) -> tuple[TableGuide, ...]:
    """The guide to all tables; own terms stand among those of the vocabulary."""
    known = {**with_own_terms(tables, concepts), **lists_of(tables, concepts)}
    return tuple(
        TableGuide(
            table,
            tuple(
                ColumnGuide(column, known.get(scheme_of(column)), tables.group.targets(column))
                for column in table.file_columns
            ),
        )
        for table in tables.group.tables
    )
