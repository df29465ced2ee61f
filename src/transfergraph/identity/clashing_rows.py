"""Rows of one source that cannot become one unseen: both are told of in records that would then be one
record.

Two participations of one undertaking in one role, each with its own amount, say that the source means two. If
they are one organisation nevertheless, a person has to say so, and what becomes of the records.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from transfergraph.identity.organisation_rows import NamedColumns
from transfergraph.identity.pair_outcome import Judgement
from transfergraph.identity.settled_identities import CLASH, JudgedPair
from transfergraph.tables.csvw import Table
from transfergraph.tables.load import Tables
from transfergraph.tables.uri_template import sql_name

_LISTED = """
CREATE OR REPLACE TEMP TABLE identity_to_clash (n INTEGER, source VARCHAR, first VARCHAR, second VARCHAR)
"""
_INSERTED = """
INSERT INTO identity_to_clash SELECT p.n, a.source, a.key, b.key
FROM (SELECT unnest(?) AS n, unnest(?) AS a, unnest(?) AS b) p
JOIN identity_record a ON a.id = p.a JOIN identity_record b ON b.id = p.b WHERE a.source = b.source
"""


def with_clashes(
    tables: Tables, described: Iterable[NamedColumns], judged: Sequence[JudgedPair]
) -> tuple[JudgedPair, ...]:
    """The pairs, of which those that clash are to be asked instead of being the same."""
    numbers = [n for n, one in enumerate(judged) if one.judgement is Judgement.SAME]
    tables.connection.execute(_LISTED)
    if numbers:
        pairs = [judged[n] for n in numbers]
        tables.connection.execute(_INSERTED, [numbers, [one.a for one in pairs], [one.b for one in pairs]])
    names = {one.table.name for one in described}
    clashing = {
        n
        for source in tables.sources
        for select in _selects(tables, source.name, names)
        for (n,) in tables.connection.execute(select, [source.name]).fetchall()
    }
    asked = {n: replace(judged[n], judgement=Judgement.ASK, rule=CLASH) for n in clashing}
    return tuple(asked.get(n, one) for n, one in enumerate(judged))


def _selects(tables: Tables, source: str, organisations: set[str]) -> Iterator[str]:
    """SQL for the numbers of the pairs with records that differ in the organisation alone."""
    for table in tables.group.tables:
        for name in _referring(tables, table, organisations):
            relation = tables.name(source, table.name)
            others = [one for one in table.about.variables if one != name]
            same = "".join(f" AND x.{sql_name(one)} IS NOT DISTINCT FROM y.{sql_name(one)}" for one in others)
            yield (
                f"SELECT DISTINCT c.n FROM identity_to_clash c "
                f"JOIN {relation} x ON x.{sql_name(name)} = c.first "
                f"JOIN {relation} y ON y.{sql_name(name)} = c.second{same} WHERE c.source = ?"
            )


def _referring(tables: Tables, table: Table, organisations: set[str]) -> Iterator[str]:
    """The columns with organisations from which, with others, the address of a record is made."""
    columns = {column.name: column for column in table.file_columns}
    for name in table.about.variables if len(table.about.variables) > 1 else ():
        if name in columns and any(one.name in organisations for one in tables.group.targets(columns[name])):
            yield name
