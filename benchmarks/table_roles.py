"""What the columns of the canonical tables hold, as their description says: where a kind of fault can be."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from transfergraph.config.workspace import open_workspace
from transfergraph.tables.cell_formats import ColumnKind
from transfergraph.tables.csvw import Column, Table, TableGroup, read_table_group
from transfergraph.vocabulary.term_lists import TermList, read_vocabulary

Columns = list[tuple[str, str]]
REPOSITORY = Path(__file__).parent.parent
_TYPES = {
    ColumnKind.INTEGER: "integer",
    ColumnKind.DECIMAL: "number",
    ColumnKind.DATE: "date",
    ColumnKind.URL: "uri",
}


@dataclass(frozen=True)
class TableRoles:
    """Columns by what they hold, each as table and column.

    ``targets`` are the tables that a column refers to, ``terms`` those of its list, ``pairs`` the columns
    of one text in two languages, German first.
    """

    texts: Columns
    days: Columns
    amounts: Columns
    references: Columns
    lists: Columns
    addresses: Columns
    required: Columns
    keys: Columns
    any: Columns
    targets: Mapping[tuple[str, str], tuple[str, ...]]
    terms: Mapping[tuple[str, str], TermList]
    pairs: list[tuple[str, str, str]]


@cache
def table_roles() -> TableRoles:
    """Those of the tables of the core."""
    workspace = open_workspace(REPOSITORY)
    group = read_table_group(workspace.declarations.tables, workspace.settings.base)
    concepts = read_vocabulary(workspace).concepts
    every = [(t, c) for t in group.tables if t.name not in ("lists", "terms") for c in t.file_columns]

    def which(holds: Callable[[Table, Column], object]) -> Columns:
        return [(table.name, column.name) for table, column in every if holds(table, column)]

    dates, numbers = (ColumnKind.DATE, ColumnKind.EDTF), (ColumnKind.INTEGER, ColumnKind.DECIMAL)
    return TableRoles(
        texts=which(lambda t, c: c.language in ("de", "en") and c.separator is None),
        days=which(lambda t, c: c.kind in dates),
        amounts=which(lambda t, c: c.kind in numbers),
        references=which(lambda t, c: group.targets(c)),
        lists=which(lambda t, c: c.separator and group.targets(c)),
        addresses=which(lambda t, c: c.kind is ColumnKind.URL),
        required=which(lambda t, c: c.required and c.name not in t.primary_key),
        keys=which(lambda t, c: (c.name,) == tuple(t.primary_key)),
        any=which(lambda t, c: c.name not in t.primary_key),
        targets={(t.name, c.name): tuple(to.name for to in group.targets(c)) for t, c in every},
        terms={
            (t.name, c.name): concepts[scheme]
            for t, c in every
            if c.value and (scheme := c.value.text.removesuffix(f"{{{c.name}}}")) in concepts
        },
        pairs=[
            (t.name, c.name, f"{c.name.removesuffix('_de')}_en")
            for t, c in every
            if c.language == "de" and c.separator is None
        ],
    )


def described_tables() -> dict[str, object]:
    """What a description of tables can say of each: its key, and of columns type, pattern, terms, targets.

    ``item`` is the pattern of one item of a list, ``pattern`` that of the whole cell, as Python has them.
    """
    workspace = open_workspace(REPOSITORY)
    group = read_table_group(workspace.declarations.tables, workspace.settings.base)
    return {
        table.name: {
            "key": [*table.primary_key],
            "columns": [_described(table, column, group) for column in table.file_columns],
        }
        for table in group.tables
    }


def _described(table: Table, column: Column, group: TableGroup) -> dict[str, object]:
    item = (column.pattern or "").replace(r"[\p{L}\p{N}][\p{L}\p{N}._/%-]*", r"[^\W_][\w./%-]*")
    whole = f"{item}({column.separator}{item})*" if column.separator and item else item
    terms = table_roles().terms.get((table.name, column.name))
    return {
        "name": column.name,
        "type": _TYPES.get(column.kind, "string"),
        "item": item,
        "pattern": whole,
        "enum": sorted(terms.terms) if terms else [],
        "required": column.required,
        "separator": column.separator or "",
        "targets": [target.name for target in group.targets(column)],
    }
