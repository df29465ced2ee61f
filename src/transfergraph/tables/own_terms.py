"""The terms that a workspace has in tables of its own, beside those of the vocabulary."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from transfergraph.common.namespaces import SKOS
from transfergraph.common.text import Text
from transfergraph.findings import Finding, Severity
from transfergraph.tables.csv_reader import fault, suggested
from transfergraph.tables.csvw import Column, Table
from transfergraph.tables.load import Tables
from transfergraph.tables.uri_template import UriTemplate, sql_name, variable_sql
from transfergraph.vocabulary.term_lists import TermList

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


def lists_of(tables: Tables, concepts: Concepts) -> Concepts:
    """The lists that terms may belong to, names by keys, as a list for the column that names them."""
    found: dict[str, TermList] = {}
    for extension in _extensions(tables):
        beginning, column = extension.beginning, extension.column
        known = {iri: one.name for iri, one in concepts.items() if iri.startswith(beginning)}
        lists = {iri.removeprefix(beginning).rstrip("/"): name for iri, name in known.items()}
        found[beginning] = TermList(Text.same(column.name), {**lists, **_own_lists(tables, extension)})
    return found


def check_own_terms(tables: Tables, concepts: Concepts) -> Iterator[Finding]:
    """Terms whose list is neither one of the vocabulary nor one that a table of the workspace has."""
    lists = lists_of(tables, concepts)
    for extension in _extensions(tables):
        table, column, known = extension.table, extension.column, lists[extension.beginning].terms
        own = " / ".join(f"{one.name}.csv" for one in _schemes(tables, extension)) or "none"
        words = {key: name.by_language(name.languages).values() for key, name in known.items()}
        named = {word.casefold(): key for key, several in words.items() for word in several}
        for source in tables.sources:
            name = tables.name(source.name, table.name)
            rows = tables.connection.execute(
                f"SELECT _row, {sql_name(column.name)} FROM {name} ORDER BY _row"
            )
            for row, cell in rows.fetchall():
                if cell is None or cell in known:
                    continue
                place = tables.place(source.name, table.name, row, column.name)
                if (key := named.get(cell.casefold())) is not None:
                    near = {"likely": key, "value": cell, "own": own}
                    yield fault("table.unknown-list.suggested", place, cell, Severity.VIOLATION, **near)
                elif " " not in cell:  # else it is no key
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
