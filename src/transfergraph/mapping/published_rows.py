"""From a fact of a release to the cells and sources that state it, by the published tables alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import quote

from pyoxigraph import NamedNode

from transfergraph.common.json_text import json_text
from transfergraph.common.namespaces import (
    DCT,
    ONTOLOGY_PREFIXES,
    XSD,
    local_name,
    prefixed_name,
    source_graph,
)
from transfergraph.config.declarations import TABLES as DESCRIPTION
from transfergraph.errors import ReleaseError, UsageError
from transfergraph.mapping.row_index import TABLES, IndexedRow, RowIndex
from transfergraph.mapping.row_statements import Cells, Value, claimed, row_statements
from transfergraph.messages import explained, in_full
from transfergraph.tables.claims import claims_table, read_claim
from transfergraph.tables.csvw import Table, TableGroup, read_table_group
from transfergraph.tables.uri_template import row_numbers

SOURCE = DCT + "source"
ROW = "#row="
"""What the IRI of a row has before its number, by RFC 7111."""


@dataclass(frozen=True, slots=True)
class RowPlace:
    """A row of the input, and of the published table.

    ``file`` (from the root of the workspace), ``sheet`` (None in a CSV file) and ``row`` are as a spreadsheet
    shows them: the header is row 1; of a row that SQL derives they are those of the raw file. ``table`` is
    the path of the published table in the release, and ``table_row`` the row there, where no row is blank.
    """

    file: str
    sheet: str | None
    row: int
    table: str
    table_row: int

    @property
    def file_and_sheet(self) -> str:
        """The file, and its sheet in brackets."""
        return self.file if self.sheet is None else f"{self.file} [{self.sheet}]"


@dataclass(frozen=True, slots=True)
class StatedTriple:
    """A triple of the graph and a row that states it.

    ``columns`` are the cells of the row that say so; of what every row of its table states they are those of
    its key. ``sources`` are IRIs: those that are ``claimed`` for the cell, else those that the row names,
    else the source that delivered it. ``reifier`` is the IRI that stands for the triple in the dump
    ``data/cells.nt.gz``: the row of the published table (RFC 7111), or that of the claim.
    """

    subject: str
    property: str
    value: Value
    place: RowPlace
    columns: tuple[str, ...]
    sources: tuple[str, ...]
    claimed: bool
    reifier: str


def cell_words(one: StatedTriple, language: str) -> str:
    """Where a triple is stated, in words."""
    file, columns = one.place.file_and_sheet, ", ".join(one.columns)
    key = "cell.place" if len(one.columns) == 1 else "cell.place.several"
    return in_full(key, language, file=file, row=str(one.place.row), columns=columns)


def row_words(place: RowPlace, language: str) -> str:
    """A row of the input, in words."""
    return in_full("cell.row", language, file=place.file_and_sheet, row=str(place.row))


def row_iri(base: str, table: str, row: int) -> str:
    """The IRI of a row of a published table, by RFC 7111."""
    return f"{base}{quote(f'{TABLES}{table}.csv')}{ROW}{row}"


class PublishedRows:
    """Finds the cells of what is stated by the published tables alone: the mapping, read backwards.

    The release lies in this folder; ``base`` is its base IRI.
    """

    def __init__(self, folder: Path, base: str) -> None:
        self._folder, self._base = folder, base
        self._index = RowIndex(folder, base)

    def open(self) -> None:
        """Open all files now, so that whoever is closed off later can still read them.

        Raises :class:`ReleaseError`.
        """
        self._index.open()
        if self._index.exists:
            _ = self.group

    @cached_property
    def group(self) -> TableGroup:
        """The tables of the release as they are described."""
        return read_table_group((self._folder / DESCRIPTION,), self._base)

    @cached_property
    def _claims(self) -> str:
        """What the tables of claims end with."""
        found = claims_table(self.group)
        return f"/{found.name}" if found else "//"

    def _is_claim(self, row: IndexedRow) -> bool:
        return row.table.endswith(self._claims)

    def rows(self, subject: str) -> tuple[IndexedRow, ...]:
        """The rows that state something of this IRI; none where the release has no index of them."""
        return tuple(row for row in self._index.rows_of(subject) if not self._is_claim(row))

    def why(self, thing: str, property_: str | None = None) -> tuple[StatedTriple, ...]:
        """The statements about a thing, each with its cell; of one property if it is given.

        ``thing`` is a key, an IRI or what follows the base IRI; ``property_`` an IRI, a name with or without
        prefix, or a column. Raises :class:`ReleaseError` for a release without an index of its rows,
        :class:`UsageError` for what no row states.
        """
        if not self._index.exists:
            raise ReleaseError(explained("error.why.old", release=self._folder.name))
        found = self.stated(self._subject(thing))
        if property_ is None:
            return found
        called = tuple(one for one in found if property_ in _names(one.property))
        wanted = called or tuple(one for one in found if property_ in one.columns)
        if not wanted:
            known = ", ".join(sorted({property_name(one.property) for one in found}))
            told = explained("error.why.property", name=property_, thing=thing, known=known)
            raise UsageError(told)
        return wanted

    def _subject(self, thing: str) -> str:
        """The IRI of a thing of which rows state something."""
        if "://" in thing:
            named = [thing]
        else:
            parts = (part.about.parts[0] for table in self.group.tables for part in table.parts)
            folders = [part for part in parts if isinstance(part, str)]
            named = [f"{self._base}{thing}", f"{self._base}{quote(thing, safe='/~')}"]
            named += [f"{folder}{quote(thing, safe='~')}" for folder in folders]
        found = [iri for iri in dict.fromkeys(named) if self.rows(iri)]
        if not found:
            raise UsageError(explained("error.why.nothing", thing=thing))
        if len(found) > 1:
            shown = ", ".join(iri.removeprefix(self._base) for iri in found)
            raise UsageError(explained("error.why.several", thing=thing, found=shown))
        return found[0]

    def places(self, subject: str) -> tuple[RowPlace, ...]:
        """Where these rows are."""
        return tuple(self._place(row) for row in self.rows(subject))

    def _place(self, row: IndexedRow) -> RowPlace:
        table = f"{TABLES}{row.table}.csv"
        if row.raw is not None:
            return RowPlace(row.raw[0], None, row.raw[1], table, row.row)
        origin = self._index.origins[row.table]
        return RowPlace(origin.file, origin.sheet, row.input_row, table, row.row)

    def stated(self, subject: str) -> tuple[StatedTriple, ...]:
        """What rows state of this IRI, row by row in the order of the columns."""
        rows = self._index.rows_of(subject)
        claims = [row for row in rows if self._is_claim(row)]
        return tuple(one for row in rows if row not in claims for one in self._of_row(subject, row, claims))

    def _of_row(self, subject: str, row: IndexedRow, claims: Sequence[IndexedRow]) -> Iterator[StatedTriple]:
        source, _, name = row.table.partition("/")
        table, place = self.group.table(name), self._place(row)
        cells = {**self._index.cells(row), **row_numbers(row.input_row)}
        sources = row_sources(table, cells) or (source_graph(self._base, source),)
        ours = [one for one in claims if one.table.startswith(f"{source}/")]
        for part in table.parts:
            if part.about.expand(cells) != subject:
                continue
            own = self._claimed(part, cells, ours)
            for one in row_statements(part, cells):
                for reifying, its in own.get((one.property, one.value)) or [(row, sources)]:
                    yield StatedTriple(
                        subject=subject,
                        property=one.property,
                        value=one.value,
                        place=place,
                        columns=one.columns,
                        sources=its,
                        claimed=reifying is not row,
                        reifier=row_iri(self._base, reifying.table, reifying.row),
                    )

    def _claimed(
        self, part: Table, cells: Cells, rows: Sequence[IndexedRow]
    ) -> dict[tuple[str, Value], list[tuple[IndexedRow, tuple[str, ...]]]]:
        """The triples that are claimed, each with the claims and their sources."""
        found: dict[tuple[str, Value], list[tuple[IndexedRow, tuple[str, ...]]]] = {}
        for row in rows:
            claiming = self.group.table(row.table.partition("/")[2])
            claim = read_claim(claiming, self._index.cells(row))
            if claim.table == part.name:
                for triple in claimed(claim, part, cells):
                    found.setdefault(triple, []).append((row, claim.sources))
        return found


def sourced_part(table: Table) -> Table:
    """The part of a table whose rows name their sources, or else the first that states anything."""
    stating = [part for part in table.parts if any(column.property for column in part.columns)]
    return next((part for part in stating if part.stating(SOURCE)), stating[0])


def row_sources(table: Table, cells: Cells) -> tuple[str, ...]:
    """The sources that a row names, by their IRIs."""
    stated = row_statements(sourced_part(table), cells)
    return tuple(
        one.value.value for one in stated if one.property == SOURCE and isinstance(one.value, NamedNode)
    )


def property_name(iri: str) -> str:
    """The name of a property with its prefix, or else its IRI."""
    return prefixed_name(iri, ONTOLOGY_PREFIXES) or iri


def _names(property_: str) -> tuple[str, ...]:
    return property_, property_name(property_), local_name(property_)


def stated_json(found: Sequence[StatedTriple]) -> str:
    """The statements with their cells as JSON; values are terms as in SPARQL 1.1 Query Results JSON."""
    told = []
    for one in found:
        fields = asdict(one)
        place = fields.pop("place")
        told.append({**fields, **place, "value": _json_term(one.value)})
    return json_text(told)


def _json_term(value: Value) -> dict[str, str]:
    if isinstance(value, NamedNode):
        return {"type": "uri", "value": value.value}
    term = {"type": "literal", "value": value.value}
    if value.language is not None:
        return {**term, "xml:lang": value.language}
    return term if value.datatype.value == f"{XSD}string" else {**term, "datatype": value.datatype.value}
