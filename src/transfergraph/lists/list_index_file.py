"""The lists of a release as tables of one SQLite file, made once, then only read.

``list`` describes each list and its facets; ``entity`` has its rows, in the order of their names in the first
language; ``value`` the values of facets with the rows that have each; ``ordered`` the rows in other orders;
``amounts`` what may be added. Rows are numbered from 0. The rows of a value are a bit each, the least
significant first, or, where they are few, their numbers of 32 bits, the least significant byte first. The
same graph gives the same bytes with the same SQLite.
"""

from __future__ import annotations

import sqlite3
import sys
from array import array
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec

from transfergraph.common.namespaces import local_name
from transfergraph.lists.graph_values import GraphValues
from transfergraph.lists.list_table import FacetTable, ListTable
from transfergraph.search.index_file import by_language

FORMAT = 1
"""Counts up when what is in the file changes."""

FEW = 32
"""Rows of a value are numbers where at most one in so many rows of the list has it."""

_SCHEMA = f"""
PRAGMA page_size = 4096;
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA user_version = {FORMAT};
CREATE TABLE list (key TEXT PRIMARY KEY, about TEXT) WITHOUT ROWID;
CREATE TABLE entity (list TEXT, row INTEGER, iri TEXT, names TEXT, cells TEXT,
    PRIMARY KEY (list, row)) WITHOUT ROWID;
CREATE TABLE value (list TEXT, facet INTEGER, number INTEGER, value TEXT, names TEXT, rows INTEGER,
    bits INTEGER, members BLOB, PRIMARY KEY (list, facet, number)) WITHOUT ROWID;
CREATE TABLE ordered (list TEXT, facet INTEGER, language TEXT, rows BLOB,
    PRIMARY KEY (list, facet, language)) WITHOUT ROWID;
CREATE TABLE amounts (list TEXT, facet INTEGER, amounts TEXT, PRIMARY KEY (list, facet)) WITHOUT ROWID;
"""
NAMES = -1
"""The facet of the orders of names."""

_VERSION_OF_LIBRARY = 96  # where the header of the file says which SQLite wrote it (file format, section 1.3)

compact = msgspec.json.encode


class IndexWriter:
    """Writes lists into a file that does not exist; it is a context, which completes the file."""

    def __init__(self, file: Path, graph: GraphValues) -> None:
        self._file, self._graph = file, graph
        self._database = sqlite3.connect(file, isolation_level=None)

    def __enter__(self) -> IndexWriter:
        self._database.executescript(_SCHEMA)
        self._database.execute("BEGIN")
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self._database.execute("COMMIT")
        self._database.close()
        if kind is None:
            with self._file.open("r+b") as stream:
                stream.seek(_VERSION_OF_LIBRARY)
                stream.write(bytes(4))

    def add(self, table: ListTable) -> None:
        """Write a list."""
        key, many = table.key, self._database.executemany
        self._database.execute("INSERT INTO list VALUES (?, ?)", (key, compact(about(table)).decode()))
        many("INSERT INTO entity VALUES (?, ?, ?, ?, ?)", self._entities(table))
        many("INSERT INTO value VALUES (?, ?, ?, ?, ?, ?, ?, ?)", self._values(table))
        orders = [(NAMES, language, rows) for language, rows in sorted(table.name_orders.items())]
        orders += [(n, "", one.order) for n, one in enumerate(table.facets) if one.order is not None]
        many(
            "INSERT INTO ordered VALUES (?, ?, ?, ?)",
            ((key, facet, language, _numbers(rows)) for facet, language, rows in orders),
        )
        many(
            "INSERT INTO amounts VALUES (?, ?, ?)",
            (
                (key, n, compact(written_amounts(one)).decode())
                for n, one in enumerate(table.facets)
                if one.amounts
            ),
        )

    def _entities(self, table: ListTable) -> Iterator[tuple[Any, ...]]:
        places = [_places(one) for one in table.facets]
        for row, iri in enumerate(table.rows):
            cells = [written_cell(one, place, row) for one, place in zip(table.facets, places, strict=True)]
            names = self._graph.name(iri)
            yield table.key, row, iri, compact(names).decode(), compact(cells).decode()

    def _values(self, table: ListTable) -> Iterator[tuple[Any, ...]]:
        total = len(table.rows)
        for n, one in enumerate(table.facets):
            for number, value in enumerate(one.values):
                rows = one.members[value]
                few = len(rows) * FEW <= total
                members = _numbers(rows) if few else bits(rows, total)
                names = compact(self._graph.name(value)).decode()
                yield table.key, n, number, value, names, len(rows), not few, members


def about(table: ListTable) -> dict[str, Any]:
    """What is said of a list and its facets, as JSON has it."""
    return {
        "kind": table.kind,
        "scheme": table.is_scheme,
        "count": len(table.rows),
        "facets": [
            {
                "key": one.facet.key,
                "label": by_language(one.facet.label),
                "kind": one.facet.kind,
                "property": one.facet.predicate,
                "record": one.facet.record,
                "through": one.facet.through,
                "upward": one.facet.upward,
                "until": one.facet.until,
                "conditions": one.facet.conditions,
                "adds": one.facet.adds,
                "shown": one.facet.shown,
                "common": one.facet.common,
                "filled": len(one.cells),
            }
            for one in table.facets
        ],
    }


def written_amounts(table: FacetTable) -> list[list[Any]]:
    """The amounts of rows: row, total or an empty text, qualifier, rows that it is within."""
    return [
        [one.row, "" if one.total is None else f"{one.total:f}", one.qualifier, one.within]
        for one in table.amounts
    ]


def _places(table: FacetTable) -> dict[str, int]:
    return {value: number for number, value in enumerate(table.values)}


def written_cell(table: FacetTable, places: dict[str, int], row: int) -> Any:
    """The cell of a row: things as the numbers of their values; None for none."""
    cell = table.cells.get(row)
    if cell is None or table.facet.kind != "thing":
        if cell is not None and table.facet.kind == "number":
            return [[text, local_name(qualifier) if qualifier else ""] for text, qualifier in cell]
        return cell
    return sorted(places[one] for one in cell)


def _numbers(rows: array[int]) -> bytes:
    if sys.byteorder == "big":
        rows = array("I", rows)
        rows.byteswap()
    return rows.tobytes()


def bits(rows: Iterable[int], total: int) -> bytes:
    """A bit for each row."""
    found = bytearray(total // 8 + 1)
    for row in rows:
        found[row >> 3] |= 1 << (row & 7)
    return bytes(found)


def read_numbers(written: bytes) -> Sequence[int]:
    """The numbers of rows."""
    rows = array("I")
    rows.frombytes(written)
    if sys.byteorder == "big":
        rows.byteswap()
    return rows
