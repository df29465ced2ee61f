"""Rows of several sources that are one thing but no organisation: a region, a place, a programme.

They are one by the same identifier (``tgsh:identity "identifier"``, such as the NUTS code of a region), or by
the same key where one of the sources is a reference or a list of others, whose keys are made of what they
tell. Nothing is compared by name, and nothing is asked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from transfergraph.identity.comparable_names import Meaning
from transfergraph.identity.merged_rows import MergedRow
from transfergraph.identity.organisation_rows import NamedColumns
from transfergraph.tables.load import Tables
from transfergraph.tables.uri_template import sql_name, sql_string

Rank = Mapping[str, tuple[object, ...]]
"""How sources lead: the least first."""

_SHARED = """
SELECT source, tbl, row, key, same FROM ({rows}) WHERE same IS NOT NULL
QUALIFY count(DISTINCT source) OVER (PARTITION BY same) > 1 ORDER BY same, source, tbl, row
"""


def shared_things(tables: Tables, described: Sequence[NamedColumns], rank: Rank) -> list[list[MergedRow]]:
    """The groups of rows that are one, each led by the first.

    Rows stay apart where a source has two keys for them, which is a fault of that source.
    """
    groups: dict[tuple[str, str, int], list[tuple[str, str, int, str]]] = {}
    for select in (_by_identifier(tables, described), _by_key(tables, described)):
        if select:
            _gather(tables, select, groups)
    found = {id(one): one for one in groups.values()}.values()
    return [_led(members, rank) for members in found if _is_one(members)]


def _gather(
    tables: Tables,
    rows: str,
    groups: dict[tuple[str, str, int], list[tuple[str, str, int, str]]],
) -> None:
    """Put the rows with the same value into one list, which each of them leads to."""
    by_value: dict[str, list[tuple[str, str, int, str]]] = {}
    for source, table, row, key, same in tables.connection.execute(_SHARED.format(rows=rows)).fetchall():
        by_value.setdefault(same, []).append((source, table, row, key))
    for members in by_value.values():
        joined = [one for member in members for one in groups.get(member[:3], [member])]
        united = list(dict.fromkeys(joined))
        groups.update({member[:3]: united for member in united})


def _is_one(members: Sequence[tuple[str, str, int, str]]) -> bool:
    """Whether no source has two keys among them, which would be a fault of its own."""
    keys: dict[str, set[str]] = {}
    for source, _, _, key in members:
        keys.setdefault(source, set()).add(key)
    return all(len(one) == 1 for one in keys.values())


def _led(members: Sequence[tuple[str, str, int, str]], rank: Rank) -> list[MergedRow]:
    ordered = sorted(members, key=lambda one: (rank[one[0]], one))
    return [MergedRow(*one, ordered[0][3]) for one in ordered]


def _by_identifier(tables: Tables, described: Sequence[NamedColumns]) -> str:
    return " UNION ALL ".join(
        _select(tables, columns, source.name, f"{sql_string(column.name)} || ' ' || {sql_name(column.name)}")
        for columns in described
        for column in columns.telling(Meaning.IDENTIFIER.value)
        for source in tables.sources
        if column.separator is None
    )


def _by_key(tables: Tables, described: Sequence[NamedColumns]) -> str:
    minted = [source.name for source in tables.sources if source.reference or source.raw]
    selects = [
        _select(tables, columns, source.name, columns.table.key_sql)
        for columns in described
        for source in tables.sources
    ]
    known = " UNION ".join(_keys(tables, described, minted))
    return (
        f"SELECT * FROM ({' UNION ALL '.join(selects)}) WHERE same IN ({known})" if known and selects else ""
    )


def _keys(tables: Tables, described: Sequence[NamedColumns], sources: Sequence[str]) -> Iterator[str]:
    for source in sources:
        for columns in described:
            keys = _shaped(columns, columns.table.key_sql)
            yield f"SELECT {keys} FROM {tables.name(source, columns.table.name)}"


def _select(tables: Tables, columns: NamedColumns, source: str, same: str) -> str:
    table = columns.table
    return (
        f"SELECT {sql_string(source)} AS source, {sql_string(table.name)} AS tbl, _row AS row, "
        f"{table.key_sql} AS key, {_shaped(columns, same)} AS same FROM {tables.name(source, table.name)}"
    )


def _shaped(columns: NamedColumns, same: str) -> str:
    """SQL for a value among the addresses that the table mints, which others may mint too."""
    return f"{sql_string(columns.table.about.shape)} || ' ' || {same}"
