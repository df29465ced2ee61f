"""SQL that brings the cells of a table into one form."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import duckdb

from transfergraph.tables.cell_formats import CELL, ColumnKind
from transfergraph.tables.csvw import Column
from transfergraph.tables.notations import NUMBER, TWO_READINGS
from transfergraph.tables.uri_template import sql_name, sql_string

DOUBTFUL = "\ufdd0"
"""What follows a number in the tables that may be read as two, so that its zeros are kept. No text may have
it; where a person typed it, it stands there twice."""


def loaded_sql(columns: Iterable[Column], given: Mapping[str, str]) -> str:
    """A SELECT list of all columns, NULL where a cell is empty; ``given`` is SQL for those that are there."""
    cells = {name: f"nullif({cell}, '')" for name, cell in given.items()}
    return ", ".join(f"{cells.get(one.name, 'NULL::VARCHAR')} AS {sql_name(one.name)}" for one in columns)


def normalise(
    connection: duckdb.DuckDBPyConnection, relation: str, columns: Iterable[Column], is_tidy: bool = False
) -> None:
    """Bring the cells of a loaded table into one form: NULL, or in Unicode NFC without blanks around, and
    in that of XSD.

    In a file that ``is_tidy`` everything is in NFC, without tabs and no-break spaces. DuckDB takes longer to
    understand how a cell is brought into its form than to look through a small table for cells that are not:
    so it is asked only for the columns that have such cells.
    """
    doubted = [(column, _untidy_sql(column, sql_name(column.name), is_tidy)) for column in columns]
    asked = [f"bool_or({untidy})" if untidy else "true" for _, untidy in doubted]
    found = connection.execute(f"SELECT {', '.join(asked)} FROM {relation}").fetchone() or ()
    replaced = [
        f"CASE WHEN {untidy or 'true'} THEN {_normalised(column, sql_name(column.name))} "
        f"ELSE {sql_name(column.name)} END AS {sql_name(column.name)}"
        for (column, untidy), is_untidy in zip(doubted, found, strict=True)
        if is_untidy
    ]
    if replaced:
        connection.execute(
            f"CREATE OR REPLACE TABLE {relation} AS SELECT * REPLACE ({', '.join(replaced)}) FROM {relation}"
        )


def _normalised(column: Column, cell: str) -> str:
    """SQL for the form of a cell."""
    blanks = sql_string(" \t\n\r\xa0")
    lines = f"replace(replace({cell}, '\r\n', '\n'), '\r', '\n')"
    text = f"trim(nfc_normalize({lines}), {blanks})"
    if column.nulls or column.default or column.notation is not None:
        return _converted(column, text, blanks)
    if column.separator is not None:
        split = f"string_split({text}, {sql_string(column.separator)})"
        item = _doubted(column, f"trim(x, {blanks})")
        items = f"list_filter(list_transform({split}, lambda x: {item}), lambda x: x <> '')"
        text = f"array_to_string({items}, {sql_string(column.separator)})"
    elif column.kind is ColumnKind.DECIMAL:
        text = _with(text, _doubted(column, "x", _without_zeros("x")))
    if _is_number(column):
        short = "regexp_replace(x, '^([+-]?)0+([0-9])', '\\1\\2')"
        fits = f"regexp_full_match({short}, {sql_string(column.pattern or NUMBER)})"
        text = _with(text, f"CASE WHEN {_padded('x')} AND {fits} THEN {short} ELSE x END")
    return f"nullif({text}, '')"


def _untidy_sql(column: Column, cell: str, is_tidy: bool) -> str | None:
    """SQL that is true where a cell may not be in its form; None where each has to be brought into it."""
    if column.nulls or column.default or column.notation is not None:
        return None
    outer = [sql_string(column.separator)] if column.separator is not None and is_tidy else ["' '", "'\n'"]
    doubts = [f"{side}({cell}, {blank})" for side in ("starts_with", "ends_with") for blank in outer]
    if not is_tidy:
        doubts = [f"NOT regexp_full_match({cell}, '[!-~]([ -~]*[!-~])?')"]
    if column.separator is not None:
        inner = (" ", "\n", column.separator * 2) if is_tidy else (column.separator,)
        doubts += [f"contains({cell}, {sql_string(mark)})" for mark in inner]
    if column.kind is ColumnKind.DECIMAL:
        doubts.append(f"contains({cell}, '.')")
    if _is_number(column):
        doubts.append(_padded(cell))
    return " OR ".join(doubts)


def _with(value: str, expression: str) -> str:
    """SQL for an expression that names a value ``x`` several times; SQL itself has no word for this."""
    return f"list_transform([{value}], lambda x: {expression})[1]"


def _doubted(column: Column, number: str, otherwise: str | None = None) -> str:
    """SQL for a number with :data:`DOUBTFUL` behind it where it has two readings, both of which the column
    may hold, and where a person typed that mark; for any other number or text, what is ``otherwise``."""
    if column.kind is not ColumnKind.DECIMAL:
        return number
    pattern, whole = sql_string(column.pattern or NUMBER), f"replace({number}, '.', '')"
    readings = [f"regexp_full_match({number}, '{TWO_READINGS}')"]
    readings += [f"regexp_full_match({one}, {pattern})" for one in (whole, _without_zeros(number))]
    readings += [bound.sql(whole) for bound in column.bounds]
    doubted = f"({' AND '.join(readings)}) OR ends_with({number}, '{DOUBTFUL}')"
    return f"CASE WHEN {doubted} THEN {number} || '{DOUBTFUL}' ELSE {otherwise or number} END"


def _without_zeros(number: str) -> str:
    """SQL for a number without zeros at the end of its decimals."""
    plain = f"regexp_replace({number}, '^([+-]?[0-9]*\\.[0-9]*?)0+$', '\\1')"
    return f"regexp_replace({plain}, '^([+-]?[0-9]+)\\.$', '\\1')"


def _is_number(column: Column) -> bool:
    return column.kind in (ColumnKind.INTEGER, ColumnKind.DECIMAL) and column.separator is None


def _padded(number: str) -> str:
    """SQL for whether a number has zeros before its digits, which the stored number of a workbook has not."""
    return f"regexp_matches({number}, '^[+-]?0[0-9]')"


def _converted(column: Column, text: str, blanks: str) -> str:
    """The text in the form of XSD; :data:`DOUBTFUL` stands behind it where it is in another notation."""
    if column.default:
        text = f"coalesce(nullif({text}, ''), {sql_string(column.default)})"
    item = f"trim(x, {blanks})"
    if column.notation is not None:
        form = column.notation.sql.replace(CELL, item)
        fits = f"regexp_full_match({item}, {sql_string(column.notation.pattern)})"
        item = f"CASE WHEN {item} = '' THEN '' WHEN {fits} THEN {form} ELSE {item} || '{DOUBTFUL}' END"
    else:
        item = _doubted(column, item)
    separator = sql_string(column.separator or "")
    items = f"string_split({text}, {separator})" if column.separator else f"[{text}]"
    if column.nulls:
        items = f"list_filter({items}, lambda x: x NOT IN ({', '.join(map(sql_string, column.nulls))}))"
    items = f"list_filter(list_transform({items}, lambda x: {item}), lambda x: x <> '')"
    return f"nullif(array_to_string({items}, {separator}), '')"
