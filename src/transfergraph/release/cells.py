"""The row of each stated triple as data: a dump in RDF 1.2 N-Triples, ``data/cells.nt.gz``.

Each stated triple is asserted, and reified by the IRI of the row that states it (RFC 7111). Its column
follows from the description of the tables. A row says its table and the sources that it names; a table says
the source that delivered it, its input and the release. A claim with sources of its own is reified by its row
in the table of claims instead, which says these sources and from which row it was taken.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from transfergraph.common.namespaces import DCT, PROV, RDF, source_graph
from transfergraph.findings import cell_iri
from transfergraph.mapping.claimed_triples import ClaimedTriple, claimed_triples
from transfergraph.mapping.published_rows import SOURCE, row_iri, sourced_part
from transfergraph.mapping.to_rdf import StatingRow, stated_records, stating_tables
from transfergraph.release.dumps import gzip_writer, read_dump
from transfergraph.tables.claims import CLAIMS
from transfergraph.tables.load import Tables

_LEVEL = 6  # of gzip; at the level of the other dumps the second mention of a triple takes twice the bytes
_END = b" .\n"
_REIFIES = f" <{RDF}reifies> <<( ".encode()
_CLOSE = b" )>> .\n"
_SOURCE = f" <{SOURCE}> ".encode()
_PART_OF = f" <{DCT}isPartOf> ".encode()
_DERIVED = f" <{PROV}wasDerivedFrom> ".encode()


@dataclass(frozen=True, slots=True)
class _Described:
    """A published table: the IRI of a row but for its number, and what is said of the table and of each row.

    ``names_sources`` is true for the part of a table in which its rows do so; ``end`` is that of its quads.
    """

    row: bytes
    about: bytes
    part_of: bytes
    end: bytes
    names_sources: bool

    def row_iri(self, number: int) -> bytes:
        return b"%s%d>" % (self.row, number)


@dataclass(frozen=True, slots=True)
class StatedCells:
    """What the dump is written from: the files of the stated graph, their tables, and the claims by row."""

    files: tuple[Path, ...]
    tables: tuple[_Described, ...]
    claims: Mapping[tuple[int, int], Sequence[ClaimedTriple]]
    claim_tables: Mapping[str, _Described]


def stated_cells(tables: Tables, files: Sequence[Path], release: str) -> StatedCells:
    """What the dump of a release (its id) is written from, once the tables are mapped to these files."""
    known = tuple(
        _described(tables, one.source, one.table.name, release, one.table == sourced_part(whole))
        for one in stating_tables(tables)
        for whole in (tables.group.table(one.table.name),)
    )
    claims: dict[tuple[int, int], list[ClaimedTriple]] = {}
    for one in claimed_triples(tables):
        claims.setdefault((one.table, one.row), []).append(one)
    sources = sorted({one.source for found in claims.values() for one in found})
    claim_tables = {source: _described(tables, source, CLAIMS, release, True) for source in sources}
    return StatedCells(tuple(files), known, claims, claim_tables)


def _described(tables: Tables, source: str, name: str, release: str, names_sources: bool) -> _Described:
    base = tables.group.base
    first, _, _ = row_iri(base, f"{source}/{name}", 1).partition("#")
    iri = f"<{first}>".encode()
    graph = source_graph(base, source)
    told = (
        (_PART_OF, f"{base}release/{release}"),
        (_SOURCE, graph),
        (_DERIVED, cell_iri(tables.place(source, name, None), base)),
    )
    about = b"".join(iri + name + f"<{value}>".encode() + _END for name, value in told)
    end = f" <{graph}> .\n".encode()
    return _Described(f"<{first}#row=".encode(), about, _PART_OF + iri + _END, end, names_sources)


def write_cells(stated: StatedCells, target: Path) -> None:
    """Write the dump, and read it back as other dumps are; raises the same errors."""
    count = 0
    with gzip_writer(target, _LEVEL) as out:
        for statements in _statements(stated):
            count += len(statements)
            out.write(b"".join(statements))
    read_dump("n-triples", target, count)


def _statements(stated: StatedCells) -> Iterator[list[bytes]]:
    """All statements with their ends, in lists of what belongs together."""
    described = {one.about for one in (*stated.tables, *stated.claim_tables.values())}
    yield [line for about in sorted(described) for line in about.splitlines(keepends=True)]
    for file in stated.files:
        for lines, rows in stated_records(file):
            if len(rows) == 1 and (rows[0].table, rows[0].row) not in stated.claims:
                yield _of_row(stated.tables[rows[0].table], rows[0].row, lines)
            elif lines:
                yield _of_several(stated, lines, rows)


def _of_row(table: _Described, number: int, lines: bytes) -> list[bytes]:
    """What one row says of itself and of the triples that it alone states."""
    triples = lines.split(table.end)
    del triples[-1]
    row = table.row_iri(number)
    reifies = row + _REIFIES
    said = _said_of(table, row, triples)
    for triple in triples:
        said += (triple + _END, reifies + triple + _CLOSE)
    return said


def _said_of(table: _Described, row: bytes, triples: Sequence[bytes]) -> list[bytes]:
    """The table and the sources of a row."""
    if not (table.names_sources and triples):
        return []
    start = triples[0].index(b" ")
    named = [row + one[start:] + _END for one in triples if one.startswith(_SOURCE, start)]
    return [row + table.part_of, *named]


def _of_several(stated: StatedCells, lines: bytes, rows: Sequence[StatingRow]) -> list[bytes]:
    """The same of several rows with one subject, or of one that is claimed to have other sources."""
    quads = lines.splitlines()
    triples = [quad[: quad.rindex(b" <")] for quad in quads]
    reifiers: dict[int, list[bytes]] = {number: [] for number in range(len(quads))}
    said: list[bytes] = []
    for one in rows:
        table, numbers = stated.tables[one.table], one.lines or range(len(quads))
        row = table.row_iri(one.row)
        said += _said_of(table, row, [triples[number] for number in numbers])
        claims: dict[bytes, list[bytes]] = {}
        for claim in stated.claims.get((one.table, one.row), ()):
            iri = stated.claim_tables[claim.source].row_iri(claim.claim_row)
            if all(iri not in known for known in claims.values()):
                said += _said_of_claim(stated.claim_tables[claim.source], iri, row, claim.sources)
            claims.setdefault(claim.triple, []).append(iri)
        for number in numbers:
            reifiers[number] += claims.get(triples[number], [row])
    for triple, same in groupby(range(len(quads)), triples.__getitem__):
        said.append(triple + _END)
        said += [iri + _REIFIES + triple + _CLOSE for number in same for iri in reifiers[number]]
    return said


def _said_of_claim(table: _Described, claim: bytes, row: bytes, sources: Sequence[str]) -> list[bytes]:
    named = [claim + _SOURCE + f"<{source}>".encode() + _END for source in sources]
    return [claim + table.part_of, *named, claim + _DERIVED + row + _END]
