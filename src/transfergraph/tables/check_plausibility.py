"""What is allowed but improbable is a warning at its cell: years, languages, places."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations

from transfergraph.config.workspace import Source
from transfergraph.findings import Finding, Severity
from transfergraph.tables.cell_formats import ColumnKind
from transfergraph.tables.check_places import check_places
from transfergraph.tables.csv_reader import fault
from transfergraph.tables.csvw import Column, Table
from transfergraph.tables.explain_cells import SHOWN
from transfergraph.tables.load import Tables
from transfergraph.tables.notations import EARLIEST_YEAR
from transfergraph.tables.uri_template import sql_name, sql_string

_YEARS_AHEAD = 30
# Words that are frequent in one of these languages, and none in the others.
_WORDS = {
    "de": "aus bei dem der das des durch ein eine für im ist mit nicht sind und über von wird zu zum zur",
    "en": "and are at by for from into is its of on that the their this to which with",
}
_PATTERNS = {language: rf"(?i)\b({words.replace(' ', '|')})\b" for language, words in _WORDS.items()}


def check_plausibility(tables: Tables) -> Iterator[Finding]:
    """Warnings with their reasons about cells that the check of cells takes."""
    for source in tables.sources:
        for table in tables.group.tables:
            if tables.has_file(source.name, table.name):
                for column in table.file_columns:
                    if column.kind in (ColumnKind.DATE, ColumnKind.EDTF) and column.separator is None:
                        yield from _unlikely_years(tables, source, table, column)
                yield from _swapped_languages(tables, source.name, table)
        yield from check_places(tables, source.name)


def _unlikely_years(tables: Tables, source: Source, table: Table, column: Column) -> Iterator[Finding]:
    latest = source.retrieved.year + _YEARS_AHEAD
    cell = sql_name(column.name)
    found = tables.connection.execute(
        f"SELECT _row, {cell} FROM {tables.name(source.name, table.name)} "
        f"WHERE regexp_matches({cell}, '^[0-9]{{4}}([~-]|$)') "
        f"AND ({cell} < '{EARLIEST_YEAR}' OR {cell} >= '{latest + 1}') ORDER BY _row"
    ).fetchall()
    for row, value in found:
        place = tables.place(source.name, table.name, row, column.name)
        if value < str(EARLIEST_YEAR):
            yield fault("table.unlikely-year.early", place, value, Severity.WARNING, value=value)
        else:
            years = int(value[:4]) - source.retrieved.year
            values = {"value": value, "years": years, "retrieved": source.retrieved.isoformat()}
            yield fault("table.unlikely-year.late", place, value, Severity.WARNING, **values)


def _swapped_languages(tables: Tables, source: str, table: Table) -> Iterator[Finding]:
    texts = [column for column in table.file_columns if column.property and column.language in _WORDS]
    for one, other in combinations(texts, 2):
        if one.property != other.property or one.language == other.language:
            continue
        first, second = sql_name(one.name), sql_name(other.name)
        expected = [
            sql_string(_PATTERNS[language]) for language in (other.language, one.language) if language
        ]
        found = tables.connection.execute(
            f"SELECT _row, {first}, {second} FROM {tables.name(source, table.name)} "
            f"WHERE {first} <> {second} AND regexp_matches({first}, {expected[0]}) "
            f"AND regexp_matches({second}, {expected[1]}) ORDER BY _row"
        ).fetchall()
        for row, text, translation in found:
            words = _foreign(text, one, other), _foreign(translation, other, one)
            if all(words):
                place = tables.place(source, table.name, row, one.name)
                values = {"column": one.name, "other": other.name, "words": [*words[0], *words[1]]}
                yield fault("table.swapped-languages", place, text[:SHOWN], Severity.WARNING, **values)


def _foreign(text: str, own: Column, other: Column) -> list[str]:
    """The words of the other language in a text, if it has more of them than of its own."""
    native, foreign = (re.findall(_PATTERNS[c.language or ""], text) for c in (own, other))
    return list(dict.fromkeys(foreign)) if len(foreign) > len(native) else []
