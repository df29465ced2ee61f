"""Which triples the claims with sources of their own are about."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from transfergraph.mapping.row_statements import claimed
from transfergraph.mapping.to_rdf import stating_tables
from transfergraph.tables.claims import claims_table, key_sql, read_claim
from transfergraph.tables.csvw import Table
from transfergraph.tables.load import Tables
from transfergraph.tables.uri_template import row_numbers, sql_name


@dataclass(frozen=True, slots=True)
class ClaimedTriple:
    """A triple that a row states, and the claim that is made of it.

    ``table`` counts the tables that state something, ``row`` and ``claim_row`` those of published tables;
    ``triple`` is a line of N-Triples without its end; ``sources`` are IRIs.
    """

    table: int
    row: int
    triple: bytes
    source: str
    claim_row: int
    sources: tuple[str, ...]


def claimed_triples(tables: Tables) -> Iterator[ClaimedTriple]:
    """All claimed triples, in the order of the tables and of the claims."""
    table = claims_table(tables.group)
    if table is None:
        return
    for number, one in enumerate(stating_tables(tables)):
        for found in _claims_of(tables, one.source, one.table, table):
            row, claim_row, cells, claim_cells = found
            claim = read_claim(table, claim_cells)
            subject = f"<{one.table.about.expand(cells)}>"
            stated = claimed(claim, one.table, cells)
            for triple in sorted(f"{subject} <{name}> {value}".encode() for name, value in stated):
                yield ClaimedTriple(number, row, triple, one.source, claim_row, claim.sources)


def _claims_of(
    tables: Tables, source: str, table: Table, claims: Table
) -> Iterator[tuple[int, int, dict[str, str], dict[str, str]]]:
    """The claims about a table: the numbers of both rows, and their cells."""
    names = [column.name for column in table.file_columns]
    whole = tables.group.table(table.name)
    columns = [column.name for column in whole.file_columns]
    claim_columns = [column.name for column in claims.file_columns]
    wanted = [*(f"t.{sql_name(one)}" for one in columns), *(f"c.{sql_name(one)}" for one in claim_columns)]
    stating, claiming = (tables.name(source, name) for name in (table.name, claims.name))
    rows = tables.connection.execute(
        f"SELECT t._n, c._n, t._row, {', '.join(wanted)} "
        f"FROM (SELECT rowid + 2 AS _n, {key_sql(table)} AS _key, * FROM {stating}) t "
        f"JOIN (SELECT rowid + 2 AS _n, * FROM {claiming}) c "
        'ON c."key" = t._key WHERE c."table" = ? AND list_contains(?, c."column") ORDER BY t._n, c._n',
        [table.name, names],
    ).fetchall()
    for row, claim_row, input_row, *cells in rows:
        texts = [one or "" for one in cells]
        of_row = dict(zip(columns, texts, strict=False)) | row_numbers(int(input_row))
        yield int(row), int(claim_row), of_row, dict(zip(claim_columns, texts[len(columns) :], strict=True))
