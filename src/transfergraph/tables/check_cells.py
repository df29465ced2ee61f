"""The check of single cells: required, well-typed, clean. Each fault names its cell and its remedy."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial

from transfergraph.findings import Finding, Place
from transfergraph.tables.cell_formats import ColumnKind
from transfergraph.tables.check_texts import (
    CONTROL,
    ERROR_VALUE,
    OTHER_SEPARATOR,
    SUSPICIOUS,
    list_fault,
    text_fault,
)
from transfergraph.tables.csv_reader import COMMENTS, fault
from transfergraph.tables.csvw import Column, Table
from transfergraph.tables.explain_cells import SHOWN, URL, bounds_text, explain, name_for_key, unknown_term
from transfergraph.tables.load import Tables
from transfergraph.tables.names_for_keys import keys_by_name
from transfergraph.tables.normalised_cells import DOUBTFUL
from transfergraph.tables.notations import (
    DAY,
    DECIMAL_DIGITS,
    NUMBER,
    TWO_READINGS,
    WHOLE_DIGITS,
    WHOLE_NUMBER,
)
from transfergraph.tables.own_terms import Concepts
from transfergraph.tables.uri_template import sql_name, sql_string

_SURELY = 3  # required cells, of which a record has more than one
_SUM = "(?i)^(zwischen|gesamt|end)?(summe|gesamt|insgesamt|sum|total|subtotal|grand total)[^a-z]*$"
_BLANK, _BLANK_KEY = "table.blank-required", "table.blank-key"
_TOO_LONG = "table.cell-too-long"
_UNSOUND = "unsound"
_NO_KEY = "table.forbidden-character.key"
_CLASS = re.compile(r"(?<!\\)\[(?:[^\[\]\\]|\\p\{[LN]\})+\]")  # with no escape but letters and digits
_STEPS = (".", "..")
"""Keys that would be steps in the path of an address."""

_KEPT = (
    f"length(ltrim(split_part(item, '.', 1), '+-0')) <= {DECIMAL_DIGITS[0]} "
    f"AND length(rtrim(split_part(item, '.', 2), '0')) <= {DECIMAL_DIGITS[1]}"
)


def check_cells(tables: Tables, concepts: Concepts, cell_length: int) -> Iterator[Finding]:
    """Check every cell of every table against its column.

    ``concepts`` maps the IRI of a scheme, with a slash at its end, to its terms;
    ``cell_length`` is the greatest number of characters of a cell.
    """
    for source in tables.sources:
        for table in tables.group.tables:
            present = tables.origins[source.name, table.name].letters
            columns = [column for column in table.file_columns if column.name in present]
            if not columns:
                continue
            names: dict[str, Mapping[str, str]] = {}
            faults = partial(_faults_sql, tables, source.name, table, concepts, cell_length)
            for row, name, item, code in _faults(tables, columns, faults):
                place = tables.place(source.name, table.name, row, name)
                column = table.column(name)
                finding = _finding(code, column, item, place, concepts, cell_length)
                targets = tables.group.targets(column)
                if code == _BLANK and targets:
                    files = [f"{target.name}.csv" for target in targets]
                    finding = fault(code, place, column=name, what="key", tables=files)
                if finding is not None and finding.code == _NO_KEY and targets:
                    if name not in names:
                        names[name] = keys_by_name(tables, source.name, targets)
                    finding = name_for_key(item, place, names[name], targets)
                if finding is not None:
                    yield finding


def check_rows(tables: Tables) -> Iterator[Finding]:
    """Rows that are no records: comments, which begin as one or hold one cell where several others are
    required; sums; the header once more."""
    for source in tables.sources:
        for table in tables.group.tables:
            present = tables.origins[source.name, table.name].letters
            names = [column.name for column in table.file_columns if column.name in present]
            if not names:
                continue
            cells = [sql_name(name) for name in names]
            first = f"coalesce({', '.join(cells)})"
            repeated = " + ".join(
                f"coalesce({cell} = {sql_string(name)}, false)::INTEGER"
                for cell, name in zip(cells, names, strict=True)
            )
            required = [sql_name(column.name) for column in table.file_columns if column.required]
            is_comment = _comment_sql(cells, required) if len(required) >= _SURELY else "false"
            found = tables.connection.execute(
                f"SELECT _row, {first}, ({repeated}) >= {_SURELY} AS again "
                f"FROM {tables.name(source.name, table.name)} WHERE again OR {is_comment} ORDER BY _row"
            ).fetchall()
            for row, cell, again in found:
                code = "table.header-again" if again else "table.comment-row"
                yield fault(code, tables.place(source.name, table.name, row), cell[:SHOWN], value=cell)


def _comment_sql(cells: Sequence[str], required: Sequence[str]) -> str:
    filled = " + ".join(f"({cell} IS NOT NULL)::INTEGER" for cell in cells)
    blank = " + ".join(f"({cell} IS NULL)::INTEGER" for cell in required)
    marked = " OR ".join(f"starts_with({cells[0]}, '{mark}')" for mark in COMMENTS)
    begins = f"({marked}) AND NOT regexp_matches({cells[0]}, {sql_string(ERROR_VALUE)})"
    sums = f"regexp_matches({cells[0]}, {sql_string(_SUM)})"
    return f"({begins}) OR ({blank} >= {_SURELY} AND ({filled} = 1 OR {sums}))"


def _faults(
    tables: Tables, columns: Sequence[Column], faults: Callable[[Sequence[Column]], str]
) -> list[tuple[int, str, str, str]]:
    """The rows ``(_row, name, item, code)`` of the faulty cells of these columns; ``faults`` is SQL for them.

    To read a pattern with classes of Unicode takes DuckDB longer than to read a small table, and most keys
    are of ASCII: patterns are asked as if they named no other characters, and as they stand only where that
    finds something.
    """
    narrowed = [replace(column, pattern=_in_ascii(column.pattern)) for column in columns]
    for asked in (narrowed, columns):
        found = tables.connection.execute(f"{faults(asked)} ORDER BY _row, name, item").fetchall()
        unsound = {name for _, name, _, code in found if code == _UNSOUND}
        if not any(one.name in unsound and one != other for one, other in zip(columns, asked, strict=True)):
            break
    return found


def _in_ascii(pattern: str | None) -> str | None:
    """A pattern of which the letters and digits are those of ASCII: what fits it fits the pattern.

    It is the pattern itself where that is not sure, as with classes of what is not in them.
    """
    if pattern is None or "[^" in pattern or "\\P" in pattern:
        return pattern
    narrowed = _CLASS.sub(
        lambda found: found[0].replace("\\p{L}", "A-Za-z").replace("\\p{N}", "0-9"), pattern
    )
    return pattern if "\\p{" in narrowed else narrowed


def _faults_sql(
    tables: Tables,
    source: str,
    table: Table,
    concepts: Concepts,
    cell_length: int,
    columns: Sequence[Column],
) -> str:
    """SQL for the rows ``(_row, name, item, code)`` of the faulty cells of these columns.

    What has to hold is asked once for all columns of which it has to: to read a pattern takes long.
    """
    relation = tables.name(source, table.name)
    asked: dict[tuple[str, str | None], list[str]] = {}
    for column in columns:
        asked.setdefault((_sound(table, column, concepts), column.separator), []).append(column.name)
    unsound = [
        f"SELECT _row, name, item, '{_UNSOUND}' AS code FROM ({_items_sql(relation, names, separator)}) "
        f"WHERE length(cell) <= {cell_length} AND NOT ({sound})"
        for (sound, separator), names in asked.items()
    ]
    every = _cells_sql(relation, [column.name for column in columns])
    too_long = (
        f"SELECT _row, name, left(cell, {SHOWN}), '{_TOO_LONG}' FROM ({every}) "
        f"WHERE length(cell) > {cell_length}"
    )
    required = [column.name for column in columns if column.required]
    of_key = [name for name in required if table.primary_key == (name,)]
    blank = [
        f"SELECT _row, name, '', '{code}' FROM ({_cells_sql(relation, names)}) WHERE cell IS NULL"
        for code, names in ((_BLANK_KEY, of_key), (_BLANK, [one for one in required if one not in of_key]))
        if names
    ]
    return " UNION ALL ".join([*unsound, too_long, *blank])


def _sound(table: Table, column: Column, concepts: Concepts) -> str:
    """SQL that is true when ``item`` may stand in the column."""
    allowed = concepts.get(scheme_of(column))
    if allowed:
        sound = f"item IN ({', '.join(sql_string(key) for key in sorted(allowed.terms))})"
    elif column.kind is ColumnKind.TEXT:
        bounds = [bound.sql("item") for bound in column.bounds]
        suspicious = f"{SUSPICIOUS}|{OTHER_SEPARATOR}" if column.separator else SUSPICIOUS
        sound = " AND ".join([f"NOT regexp_matches(item, {sql_string(suspicious)})", *bounds])
    else:
        sound = _well_formed(column)
    if column.value is not None or column.name in table.about.variables:
        sound = f"({sound}) AND item NOT IN {_STEPS}"
    return sound


def _finding(
    code: str, column: Column, item: str, place: Place, concepts: Concepts, cell_length: int
) -> Finding | None:
    if code in (_BLANK, _BLANK_KEY):
        return fault(code, place, column=column.name, what="value", tables="")
    if code == _TOO_LONG:
        return fault(code, place, item, limit=cell_length)
    if item in _STEPS:
        return fault("table.wrong-type.key", place, item, value=item)
    value = _as_typed(column, item)
    if column.kind is ColumnKind.TEXT or re.search(CONTROL, value):
        is_list = column.kind is ColumnKind.TEXT and column.separator is not None
        found = list_fault(column.separator or "", value, place) if is_list else text_fault(value, place)
        if found is not None or column.kind is not ColumnKind.TEXT or not column.bounds:
            return found
        return fault("table.out-of-bounds", place, item[:SHOWN], value=item, bounds=bounds_text(column))
    if column.notation is not None and value != item:
        return fault("table.other-notation", place, value, value=value, format=column.notation.format)
    known = concepts.get(scheme_of(column))
    if known is not None and re.fullmatch(r"[\w./%-]+( [\w./%-]+)*", item):
        return unknown_term(item, known, place)
    return explain(column, value, place, known)


def _as_typed(column: Column, item: str) -> str:
    """The item without the mark that reading has set behind it, which stands there twice where a person has
    typed it."""
    value = item.removesuffix(DOUBTFUL)
    is_marked = column.notation is not None or (
        column.kind is ColumnKind.DECIMAL and (value.endswith(DOUBTFUL) or re.fullmatch(TWO_READINGS, value))
    )
    return value if is_marked else item


def scheme_of(column: Column) -> str:
    """The IRI before the key in the IRIs of a column's values: a scheme's, where they are concepts."""
    return column.value.text.removesuffix(f"{{{column.name}}}") if column.value else ""


def item_sql(tables: Tables, source: str, table: Table, column: Column) -> str:
    """SQL for the rows ``(_row, item)`` of a column: one per item where the column has a separator."""
    name = sql_name(column.name)
    relation = tables.name(source, table.name)
    return f"SELECT _row, {_items(name, column.separator)} AS item FROM {relation} WHERE {name} IS NOT NULL"


def _items_sql(relation: str, columns: Sequence[str], separator: str | None) -> str:
    """SQL for the rows ``(_row, name, cell, item)`` of columns with this separator."""
    every = _cells_sql(relation, columns)
    return (
        f"SELECT _row, name, cell, {_items('cell', separator)} AS item FROM ({every}) WHERE cell IS NOT NULL"
    )


def _cells_sql(relation: str, columns: Sequence[str]) -> str:
    """SQL for the rows ``(_row, name, cell)`` of columns."""
    names, cells = ", ".join(map(sql_string, columns)), ", ".join(map(sql_name, columns))
    return f"SELECT _row, unnest([{names}]) AS name, unnest([{cells}]) AS cell FROM {relation}"


def _items(cell: str, separator: str | None) -> str:
    return f"unnest(string_split({cell}, {sql_string(separator)}))" if separator else cell


def _well_formed(column: Column) -> str:
    """SQL that is true when ``item`` is what the column may hold."""
    return " AND ".join([_has_form(column), *(bound.sql("item") for bound in column.bounds)])


def _has_form(column: Column) -> str:
    pattern = f"regexp_full_match(item, {sql_string(column.pattern)})" if column.pattern else "true"
    day = f"(NOT regexp_full_match(item, '{DAY}~?') OR try_cast(left(item, 10) AS DATE) IS NOT NULL)"
    match column.kind:
        case ColumnKind.DATE:
            return f"(regexp_full_match(item, '{DAY}') AND {day})"
        case ColumnKind.MOMENT:
            is_day = f"(item NOT SIMILAR TO '{DAY}.*' OR try_cast(left(item, 10) AS DATE) IS NOT NULL)"
            return f"({pattern} AND {is_day})"
        case ColumnKind.EDTF:
            return f"({pattern} AND {day})"
        case ColumnKind.INTEGER:
            form = f"regexp_full_match(item, {sql_string(column.pattern or WHOLE_NUMBER)})"
            kept = f"length(item) <= {WHOLE_DIGITS} OR length(ltrim(item, '+-0')) <= {WHOLE_DIGITS}"
            return f"({form} AND ({kept}))"
        case ColumnKind.DECIMAL:
            form = f"regexp_full_match(item, {sql_string(column.pattern or NUMBER)})"
            return f"({form} AND (length(item) <= {DECIMAL_DIGITS[1]} OR {_KEPT}))"
        case ColumnKind.URL:
            return f"(regexp_full_match(item, {sql_string(URL)}) AND {pattern})"
        case _:
            return f"({pattern})"
