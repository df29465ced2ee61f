"""What is allowed but improbable is a warning at its cell: years, languages, places."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations

from transfergraph.common.namespaces import DCT, SKOS
from transfergraph.config.workspace import Source
from transfergraph.findings import Finding, Place, Severity
from transfergraph.tables.check_places import check_places
from transfergraph.tables.csv_reader import fault
from transfergraph.tables.csvw import Column, ColumnKind, Table
from transfergraph.tables.explain_cells import SHOWN
from transfergraph.tables.load import Tables
from transfergraph.tables.notations import EARLIEST_YEAR
from transfergraph.tables.uri_template import sql_name, sql_string

_YEARS_AHEAD = 30
# Words that are frequent in one of these languages, and none in the others.
_WORDS = {
    "de": "als auch auf aus bei dem der das des durch ein eine einer für im ist mehr mit nach nicht oder "
    "sich sind und unter von vom werden wie wird zu zum zur zwischen über",
    "en": "and are as at between by for from has have into is its more of on or than that the their this to "
    "which with",
}
_PROSE = (
    DCT + "description",
    SKOS + "definition",
    SKOS + "note",
)  # names are often the same in all languages
_SURELY = 3  # different words of another language in a text that is not the one of its column
_PATTERNS = {language: rf"(?i)\b({words.replace(' ', '|')})\b" for language, words in _WORDS.items()}


def check_plausibility(tables: Tables) -> Iterator[Finding]:
    """Warnings with their reasons about cells that the check of cells takes."""
    for source in tables.sources:
        for table in tables.group.tables:
            if tables.has_file(source.name, table.name):
                for column in table.file_columns:
                    if column.kind in (ColumnKind.DATE, ColumnKind.EDTF) and column.separator is None:
                        yield from _unlikely_years(tables, source, table, column)
                yield from _languages(tables, source.name, table)
        yield from check_places(tables, source.name)


def unlikely_year_sql(source: Source, column: str) -> str:
    """SQL that is true where a date is too long before or after the source to be what was meant."""
    cell, latest = sql_name(column), source.retrieved.year + _YEARS_AHEAD
    dated = f"regexp_matches({cell}, '^[0-9]{{4}}([~-]|$)')"
    return f"coalesce({dated} AND ({cell} < '{EARLIEST_YEAR}' OR {cell} >= '{latest + 1}'), false)"


def reversed_sql(table: Table) -> str:
    """SQL that is true where a row ends before its start, compared as far as both are known (EDTF)."""
    dates = {column.name: column.pattern for column in table.file_columns if column.kind is ColumnKind.EDTF}
    if not {"start", "end"} <= dates.keys():
        return "false"
    known = " AND ".join(
        f"regexp_full_match({sql_name(name)}, {sql_string(dates[name] or '.*')})" for name in ("start", "end")
    )
    start, end = """rtrim("start", '~')""", """rtrim("end", '~')"""
    shorter = f"least(length({start}), length({end}))"
    return f"coalesce({known} AND left({end}, {shorter}) < left({start}, {shorter}), false)"


def _unlikely_years(tables: Tables, source: Source, table: Table, column: Column) -> Iterator[Finding]:
    """A warning, and a violation where the period of the row ends before it begins for that reason."""
    cell = sql_name(column.name)
    in_period = reversed_sql(table) if column.name in ("start", "end") else "false"
    found = tables.connection.execute(
        f"SELECT _row, {cell}, {in_period} FROM {tables.name(source.name, table.name)} "
        f"WHERE {unlikely_year_sql(source, column.name)} ORDER BY _row"
    ).fetchall()
    for row, value, is_reversed in found:
        place = tables.place(source.name, table.name, row, column.name)
        severity = Severity.VIOLATION if is_reversed else Severity.WARNING
        if value < str(EARLIEST_YEAR):
            yield fault("table.unlikely-year.early", place, value, severity, value=value)
        else:
            years = int(value[:4]) - source.retrieved.year
            values = {"value": value, "years": years, "retrieved": source.retrieved.isoformat()}
            yield fault("table.unlikely-year.late", place, value, severity, **values)


def _languages(tables: Tables, source: str, table: Table) -> Iterator[Finding]:
    texts = [column for column in table.file_columns if column.property and column.language in _WORDS]
    for one, other in combinations(texts, 2):
        if one.property != other.property or one.language == other.language:
            continue
        first, second = sql_name(one.name), sql_name(other.name)
        foreign = [sql_string(_PATTERNS[column.language or ""]) for column in (other, one)]
        found = tables.connection.execute(
            f"SELECT _row, {first}, {second} FROM {tables.name(source, table.name)} "
            f"WHERE regexp_matches({first}, {foreign[0]}) OR regexp_matches({second}, {foreign[1]}) "
            "ORDER BY _row"
        ).fetchall()
        for row, text, translation in found:
            swapped = _foreign(text, one, other), _foreign(translation, other, one)
            if all(swapped) and text != translation:
                place = tables.place(source, table.name, row, one.name)
                values = {"column": one.name, "other": other.name, "words": [*swapped[0], *swapped[1]]}
                yield fault("table.swapped-languages", place, text[:SHOWN], Severity.WARNING, **values)
            elif one.property in _PROSE:
                for cell, own, beside in ((text, one, other), (translation, other, one)):
                    place = tables.place(source, table.name, row, own.name)
                    yield from _other_language(cell, own, beside, text == translation, place)


def _other_language(
    text: str | None, own: Column, other: Column, is_copied: bool, place: Place
) -> Iterator[Finding]:
    """A text of the other language: one copied from there, or one with many words that belong there only."""
    words = _foreign(text, own, other)
    is_native = re.search(_PATTERNS[own.language or ""], text or "") is not None
    if len(words) >= (1 if is_copied else _SURELY) and not is_native:
        values = {"column": own.name, "other": other.name, "words": words}
        yield fault("table.other-language", place, (text or "")[:SHOWN], Severity.WARNING, **values)


def _foreign(text: str | None, own: Column, other: Column) -> list[str]:
    """The words of the other language in a text, if it has more of them than of its own."""
    native, foreign = (re.findall(_PATTERNS[c.language or ""], text or "") for c in (own, other))
    return list(dict.fromkeys(foreign)) if len(foreign) > len(native) else []
