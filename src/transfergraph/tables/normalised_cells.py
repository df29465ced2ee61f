"""SQL that brings the cells of a column into one form."""

from __future__ import annotations

from transfergraph.tables.cell_formats import CELL, ColumnKind
from transfergraph.tables.csvw import Column
from transfergraph.tables.notations import NUMBER, TWO_READINGS
from transfergraph.tables.uri_template import sql_string

DOUBTFUL = "\ufdd0"
"""What follows a number in the tables that may be read as two, so that its zeros are kept. No text may have
it; where a person typed it, it stands there twice."""


def normalised_sql(column: Column, cell: str) -> str:
    """The cell without surrounding blanks, in Unicode NFC and the form of XSD; NULL for a blank one."""
    blanks = sql_string(" \t\n\r\xa0")
    lines = f"replace(replace({cell}, '\r\n', '\n'), '\r', '\n')"
    text = f"trim(nfc_normalize({lines}), {blanks})"
    tidy = f"regexp_full_match({cell}, '[!-~]([ -~]*[!-~])?')"
    if column.nulls or column.default or column.notation is not None:
        return _converted(column, text, blanks)
    if column.separator is not None:
        split = f"string_split({text}, {sql_string(column.separator)})"
        item = _doubted(column, f"trim(x, {blanks})")
        items = f"list_filter(list_transform({split}, lambda x: {item}), lambda x: x <> '')"
        text = f"array_to_string({items}, {sql_string(column.separator)})"
        tidy += f" AND NOT contains({cell}, {sql_string(column.separator)})"
    elif column.kind is ColumnKind.DECIMAL:
        text = _with(text, _doubted(column, "x", _without_zeros("x")))
    if column.kind is ColumnKind.DECIMAL:
        tidy += f" AND NOT contains({cell}, '.')"
    if _is_number(column):
        short = "regexp_replace(x, '^([+-]?)0+([0-9])', '\\1\\2')"
        fits = f"regexp_full_match({short}, {sql_string(column.pattern or NUMBER)})"
        text = _with(text, f"CASE WHEN {_padded('x')} AND {fits} THEN {short} ELSE x END")
        tidy += f" AND NOT {_padded(cell)}"
    return f"CASE WHEN {tidy} THEN {cell} ELSE nullif({text}, '') END"


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


def normalised_tidy(column: Column, cell: str) -> str:
    """The same for a cell of a tidy file, most of which are as they should be."""
    if column.nulls or column.default or column.notation is not None:
        return normalised_sql(column, cell)
    if column.separator is not None:
        inner = " OR ".join(f"contains({cell}, {sql_string(s)})" for s in (" ", "\n", column.separator * 2))
        if column.kind is ColumnKind.DECIMAL:
            inner += f" OR contains({cell}, '.')"
        outer = [sql_string(column.separator)]
    else:
        inner = f"contains({cell}, '.')" if column.kind is ColumnKind.DECIMAL else "false"
        if _is_number(column):
            inner += f" OR {_padded(cell)}"
        outer = ["' '", "'\n'"]
    ends = [f"{side}({cell}, {blank})" for side in ("starts_with", "ends_with") for blank in outer]
    untidy = " OR ".join([inner, *ends])
    return f"CASE WHEN {untidy} THEN {normalised_sql(column, cell)} ELSE nullif({cell}, '') END"
