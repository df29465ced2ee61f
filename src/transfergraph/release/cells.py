"""The row of each stated triple as data: a dump in RDF 1.2 N-Triples, ``data/cells.nt.gz``.

Each stated triple is reified by the IRI of the row that states it (RFC 7111). Its column follows from the
description of the tables. A row says its table and the sources that it names; a table says the source that
delivered it, its input and the release. A claim with sources of its own is reified by its row in the table of
claims instead, which says these sources and from which row it was taken.

The triples are not asserted once more: whoever asks of them has the plain dump, and one after the other the
two files are one. With them it took twice the time to write and to read back.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from transfergraph.common.namespaces import DCT, PROV, RDF, source_graph
from transfergraph.findings import cell_iri
from transfergraph.mapping.claimed_triples import ClaimedTriple, claimed_triples
from transfergraph.mapping.published_rows import ROW, SOURCE, row_iri, sourced_part
from transfergraph.mapping.to_rdf import StatingRow, stated_records, stating_tables
from transfergraph.release.dumps import gzip_writer, read_dump
from transfergraph.tables.claims import claims_table
from transfergraph.tables.load import Tables

_END = b" .\n"
_REIFIES = f" <{RDF}reifies> <<( ".encode()
_CLOSE = b" )>> .\n"
_SOURCE = f" <{SOURCE}> ".encode()
_PART_OF = f" <{DCT}isPartOf> ".encode()
_DERIVED = f" <{PROV}wasDerivedFrom> ".encode()


@dataclass(frozen=True, slots=True)
class _Described:
    """A table: the IRI of a row but for its number, and what is said of the table, if it is published, and of
    each row.

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
    claiming = claims_table(tables.group)
    name = claiming.name if claiming else ""
    claim_tables = {source: _described(tables, source, name, release, True) for source in sources}
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
    lines = (iri + property_ + f"<{value}>".encode() + _END for property_, value in told)
    about = b"".join(lines) if tables.has_rows(source, name) else b""
    end = f" <{graph}> .\n".encode()
    return _Described(f"<{first}{ROW}".encode(), about, _PART_OF + iri + _END, end, names_sources)


def write_cells(stated: StatedCells, target: Path) -> None:
    """Write the dump, and read it back as other dumps are; raises the same errors."""
    count = 0
    with gzip_writer(target) as out:
        for statements in _statements(stated):
            count += statements.count(b"\n")
            out.write(statements)
    read_dump("n-triples", target, count)


def _statements(stated: StatedCells) -> Iterator[bytes]:
    """All statements, in pieces of what belongs together."""
    yield from sorted({one.about for one in (*stated.tables, *stated.claim_tables.values())})
    for file in stated.files:
        for lines, rows in stated_records(file):
            if len(rows) == 1 and rows[0][:2] not in stated.claims:
                yield _of_row(stated.tables[rows[0].table], rows[0].row, lines)
            elif lines:
                yield _of_several(stated, lines, rows)


def _of_row(table: _Described, number: int, lines: bytes) -> bytes:
    """What one row says of itself and of the triples that it alone states."""
    row = table.row_iri(number)
    reifies = row + _REIFIES
    *triples, _ = lines.split(table.end)
    return _said_of(table, row, lines) + b"".join(reifies + triple + _CLOSE for triple in triples)


def _said_of(table: _Described, row: bytes, lines: bytes) -> bytes:
    """The table and the sources of a row, which states these quads."""
    if not (table.names_sources and lines):
        return b""
    subject = lines[: lines.index(b" ")]
    start = subject + _SOURCE
    place = 0 if lines.startswith(start) else lines.find(b"\n" + start) + 1
    said = row + table.part_of
    while lines.startswith(start, place):
        end = lines.index(table.end, place)
        said += row + lines[place + len(subject) : end] + _END
        place = end + len(table.end)
    return said


def _of_several(stated: StatedCells, lines: bytes, rows: Sequence[StatingRow]) -> bytes:
    """The same of several rows with one subject, or of one that is claimed to have other sources."""
    quads = lines.splitlines(keepends=True)
    said = b""
    reifiers: list[list[bytes]] = [[] for _ in quads]
    for one in rows:
        table, numbers = stated.tables[one.table], one.lines or range(len(quads))
        row = table.row_iri(one.row)
        said += _said_of(table, row, b"".join(quads[number] for number in numbers))
        claims: dict[bytes, dict[bytes, None]] = {}
        told: set[bytes] = set()
        for claim in stated.claims.get((one.table, one.row), ()):
            claim_table = stated.claim_tables[claim.source]
            iri = claim_table.row_iri(claim.claim_row)
            if iri not in told:
                said += _said_of_claim(claim_table, iri, row, claim.sources)
            told.add(iri)
            claims.setdefault(claim.triple, {})[iri] = None
        for number in numbers:
            reifiers[number] += claims.get(quads[number].removesuffix(table.end), [row])
    return said + b"".join(
        iri + _REIFIES + quad[: quad.rindex(b" <")] + _CLOSE
        for quad, reifying in zip(quads, reifiers, strict=True)
        for iri in reifying
    )


def _said_of_claim(table: _Described, claim: bytes, row: bytes, sources: Sequence[str]) -> bytes:
    named = b"".join(claim + _SOURCE + f"<{source}>".encode() + _END for source in sources)
    return claim + table.part_of + named + claim + _DERIVED + row + _END
