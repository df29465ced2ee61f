"""The terms that a workspace has in tables of its own, beside those of the vocabulary."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from transfergraph.common.namespaces import SKOS
from transfergraph.common.text import Text
from transfergraph.findings import Finding
from transfergraph.tables.csv_reader import suggested
from transfergraph.tables.csvw import Column, Table
from transfergraph.tables.load import Tables
from transfergraph.tables.uri_template import UriTemplate, sql_name, variable_sql
from transfergraph.vocabulary import TermList

_IN_SCHEME, _NAME = f"{SKOS}inScheme", f"{SKOS}prefLabel"

Concepts = Mapping[str, TermList]
"""From the IRI of a scheme, with a slash at its end, to its terms."""


class _Extension(NamedTuple):
    """A table of terms: its column that names their scheme, what the IRI of that is, and how it begins."""

    table: Table
    column: Column
    scheme: UriTemplate
    beginning: str


class _Row(NamedTuple):
    """A row with a key, the cell beside it that was asked for, and its name."""

    key: str
    cell: str | None
    name: Text


def with_own_terms(tables: Tables, concepts: Concepts) -> Concepts:
    """The concepts, and those of tables whose rows name their scheme and have IRIs below it."""
    found: dict[str, dict[str, Text]] = {iri: dict(known.terms) for iri, known in concepts.items()}
    names = {iri: known.name for iri, known in concepts.items()}
    retired = {iri: known.retired for iri, known in concepts.items()}
    extended: dict[str, str] = {}
    for extension in _extensions(tables):
        own = _own_lists(tables, extension)
        extended |= {iri: extension.table.name for iri in concepts if iri.startswith(extension.beginning)}
        for row in _rows(tables, extension.table, extension.column.name):
            if row.cell is not None:
                iri = f"{extension.scheme.expand({extension.column.name: row.cell})}/"
                names.setdefault(iri, own.get(row.cell, Text.same(row.cell)))
                found.setdefault(iri, {}).setdefault(row.key, row.name)
                extended[iri] = extension.table.name
    return {
        iri: TermList(names[iri], terms, retired.get(iri, {}), extended.get(iri))
        for iri, terms in found.items()
    }


def check_own_terms(tables: Tables, concepts: Concepts) -> Iterator[Finding]:
    """Terms whose list is neither one of the vocabulary nor one that a table of the workspace has."""
    for extension in _extensions(tables):
        table, column, beginning = extension.table, extension.column, extension.beginning
        known = {iri.removeprefix(beginning).rstrip("/") for iri in concepts if iri.startswith(beginning)}
        schemes = _schemes(tables, extension)
        known |= _own_lists(tables, extension).keys()
        own = " / ".join(f"{one.name}.csv" for one in schemes) or "none"
        name = sql_name(column.name)
        for source in tables.sources:
            rows = f"SELECT _row, {name} FROM {tables.name(source.name, table.name)} ORDER BY _row"
            for row, cell in tables.connection.execute(rows).fetchall():
                if cell is not None and cell not in known:
                    place = tables.place(source.name, table.name, row, column.name)
                    listed = {"allowed": sorted(known)}
                    yield suggested("table.unknown-list", place, cell, known, listed, value=cell, own=own)


def _extensions(tables: Tables) -> Iterator[_Extension]:
    for table in tables.group.tables:
        for column in table.file_columns:
            scheme = column.value
            if column.property == _IN_SCHEME and scheme is not None:
                beginning = scheme.parts[0]
                if isinstance(beginning, str) and table.about.text.startswith(scheme.text):
                    yield _Extension(table, column, scheme, beginning)


def _own_lists(tables: Tables, extension: _Extension) -> dict[str, Text]:
    """The names of the schemes that are rows of a table, by their keys."""
    return {row.key: row.name for table in _schemes(tables, extension) for row in _rows(tables, table)}


def _schemes(tables: Tables, extension: _Extension) -> list[Table]:
    return [table for table in tables.group.tables if table.about.shape == extension.scheme.shape]


def _rows(tables: Tables, table: Table, asked: str | None = None) -> Iterator[_Row]:
    labels = [column for column in table.file_columns if column.property == _NAME and not column.separator]
    cells = [variable_sql(table.about.variables[-1]), "NULL" if asked is None else sql_name(asked)]
    selected = ", ".join([*cells, *(sql_name(column.name) for column in labels)])
    for source in tables.sources:
        name = tables.name(source.name, table.name)
        for key, cell, *words in tables.connection.execute(f"SELECT {selected} FROM {name}").fetchall():
            if key is not None:
                named = zip(labels, words, strict=True)
                texts = {column.language or "": word for column, word in named if word is not None}
                yield _Row(key, cell, Text(texts or {"": key}))
