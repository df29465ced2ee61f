"""The check of single cells: required, well-typed, clean. Each fault names its cell and its remedy."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from urllib.parse import quote

from transfergraph.common.text import Text
from transfergraph.findings import Finding, Place
from transfergraph.messages import Value
from transfergraph.tables.csv_reader import fault, suggested
from transfergraph.tables.csvw import Column, ColumnKind, Table
from transfergraph.tables.load import Tables
from transfergraph.tables.uri_template import sql_name, sql_string

INVISIBLE = "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"
_CONTROL = "[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x9f\ufffe\uffff]"  # the last two are in no XML
_MARKUP = r"(?i:</?[a-z!][^<>]*>|<script|javascript\s*:)"
_URL_CHARACTERS = "A-Za-z0-9._~:/?@!$&'()*+,;=\\-"
_URL_PART = f"([{_URL_CHARACTERS}]|%[0-9A-Fa-f]{{2}})*"
_URL = f"https?://[A-Za-z0-9.-]+(:[0-9]+)?([/?]{_URL_PART})?(#{_URL_PART})?"  # RFC 3986, within RFC 3987
_NOT_IN_URL = re.compile(f"%(?![0-9A-Fa-f]{{2}})|[^%{_URL_CHARACTERS}]")
_DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_GERMAN_DATE = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4}|\d{2})")
_SERIAL = re.compile(r"[1-9]\d{4}(\.\d+)?")
_GERMAN_NUMBER = re.compile(r"-?\d{1,3}(\.\d{3})*(,\d+)?|-?\d+,\d+")
_SCHEME = re.compile(r"(?i)\s*([a-z][a-z0-9+.-]*):(?!//)")
_SHOWN = 200
_BLANK = "table.blank-required"
_TOO_LONG = "table.cell-too-long"
_UNSOUND = "unsound"

Concepts = Mapping[str, frozenset[str]]


def check_cells(tables: Tables, concepts: Concepts, cell_length: int) -> Iterator[Finding]:
    """Check every cell of every table against its column.

    ``concepts`` maps the IRI of a scheme, with a slash at its end, to the keys of its concepts;
    ``cell_length`` is the greatest number of characters of a cell.
    """
    for source in tables.sources:
        for table in tables.group.tables:
            present = tables.origins[source.name, table.name].letters
            branches = [
                _faults_sql(tables, source.name, table, column, concepts, cell_length)
                for column in table.file_columns
                if column.name in present
            ]
            if not branches:
                continue
            found = tables.connection.execute(f"{' UNION ALL '.join(branches)} ORDER BY _row, name, item")
            for row, name, item, code in found.fetchall():
                place = tables.place(source.name, table.name, row, name)
                yield _finding(code, table.column(name), item, place, concepts, cell_length)


def _faults_sql(
    tables: Tables, source: str, table: Table, column: Column, concepts: Concepts, cell_length: int
) -> str:
    """SQL for the rows ``(_row, name, item, code)`` of the faulty cells of a column."""
    name, cell, relation = sql_string(column.name), sql_name(column.name), tables.name(source, table.name)
    allowed = concepts.get(_scheme(column))
    if allowed:
        sound = f"item IN ({', '.join(sql_string(key) for key in sorted(allowed))})"
    elif column.kind is ColumnKind.TEXT:
        sound = f"NOT regexp_matches(item, {sql_string(f'{_CONTROL}|{_MARKUP}')})"
    else:
        sound = _well_formed(column)
    faults = (
        f"SELECT _row, {name} AS name, item, '{_UNSOUND}' AS code "
        f"FROM ({item_sql(tables, source, table, column)}) "
        f"WHERE length(cell) <= {cell_length} AND NOT ({sound}) "
        f"UNION ALL SELECT _row, {name}, left({cell}, {_SHOWN}), '{_TOO_LONG}' "
        f"FROM {relation} WHERE length({cell}) > {cell_length}"
    )
    if not column.required:
        return faults
    return f"{faults} UNION ALL SELECT _row, {name}, '', '{_BLANK}' FROM {relation} WHERE {cell} IS NULL"


def _finding(
    code: str, column: Column, item: str, place: Place, concepts: Concepts, cell_length: int
) -> Finding:
    if code == _BLANK:
        return fault(code, place, column=column.name)
    if code == _TOO_LONG:
        return fault(code, place, item, limit=cell_length)
    shown = item[:_SHOWN]
    control = re.search(_CONTROL, item)
    if control:
        character, position = f"U+{ord(control[0]):04X}", control.start() + 1
        return fault("table.control-character", place, shown, character=character, position=position)
    if column.kind is ColumnKind.TEXT:
        markup = re.search(_MARKUP, item)
        return fault("table.markup", place, shown, markup=markup[0] if markup else shown)
    scheme = _scheme(column)
    if scheme in concepts and re.fullmatch(r"[\w./%-]+", item):
        label, allowed = scheme.rstrip("/").rsplit("/", 1)[-1], sorted(concepts[scheme])
        values: dict[str, Value] = {"value": item, "scheme": label, "allowed": allowed}
        return suggested("table.unknown-concept", place, item, allowed, {}, **values)
    return explain(column, item, place)


def _scheme(column: Column) -> str:
    """The IRI before the key in the IRIs of a column's values: a scheme's, where they are concepts."""
    return column.value.text.removesuffix(f"{{{column.name}}}") if column.value else ""


def item_sql(tables: Tables, source: str, table: Table, column: Column) -> str:
    """SQL for the rows ``(_row, item)`` of a column: one per item where the column has a separator."""
    name = sql_name(column.name)
    item = f"unnest(string_split({name}, {sql_string(column.separator)}))" if column.separator else name
    relation = tables.name(source, table.name)
    return f"SELECT _row, {name} AS cell, {item} AS item FROM {relation} WHERE {name} IS NOT NULL"


def _well_formed(column: Column) -> str:
    """SQL that is true when ``item`` is what the column may hold."""
    pattern = f"regexp_full_match(item, {sql_string(column.pattern)})" if column.pattern else "true"
    day = f"(NOT regexp_full_match(item, '{_DAY}') OR try_cast(item AS DATE) IS NOT NULL)"
    match column.kind:
        case ColumnKind.DATE:
            return f"(regexp_full_match(item, '{_DAY}') AND {day})"
        case ColumnKind.EDTF:
            return f"({pattern} AND {day})"
        case ColumnKind.URL:
            return f"regexp_full_match(item, {sql_string(_URL)})"
        case _:
            return f"({pattern})"


def explain(column: Column, value: str, place: Place) -> Finding:
    """Why a cell is not what its column may hold, as exactly as can be said."""
    shown = value[:_SHOWN]
    invisible = re.search(f"[{INVISIBLE}]", value)
    if invisible:
        name = unicodedata.name(invisible[0], "UNNAMED")
        return fault(
            "table.invisible-character",
            place,
            shown,
            character=f"{name} (U+{ord(invisible[0]):04X})",
            position=invisible.start() + 1,
            suggestion=re.sub(f"[{INVISIBLE}]", "", value),
        )
    if re.fullmatch(r"#[A-Z/0]+[!?]?", value):
        return fault("table.error-value", place, shown, value=value)
    match column.kind:
        case ColumnKind.DATE | ColumnKind.EDTF:
            return _explain_date(column, shown, place)
        case ColumnKind.DECIMAL | ColumnKind.INTEGER:
            return _explain_number(column, shown, place)
        case ColumnKind.URL:
            return _explain_url(value, place)
        case _:
            return _explain_pattern(column, shown, place)


def _explain_date(column: Column, value: str, place: Place) -> Finding:
    german = _GERMAN_DATE.fullmatch(value)
    if german:
        day, month, year = (int(part) for part in german.groups())
        suggestion = f"{year + 2000 if year < 100 else year:04}-{month:02}-{day:02}"
        return fault("table.german-date", place, value, value=value, suggestion=suggestion)
    if _SERIAL.fullmatch(value):
        day_meant = (date(1899, 12, 30) + timedelta(days=int(float(value)))).isoformat()
        return fault("table.excel-serial", place, value, value=value, suggestion=day_meant)
    if re.fullmatch(_DAY, value):
        return fault("table.no-such-day", place, value, value=value)
    return fault(f"table.wrong-type.{column.kind.value}", place, value, value=value)


def _explain_number(column: Column, value: str, place: Place) -> Finding:
    if _GERMAN_NUMBER.fullmatch(value) and (
        "," in value or column.kind is ColumnKind.INTEGER or value.count(".") > 1
    ):
        plain = value.replace(".", "").replace(",", ".")
        return fault("table.decimal-comma", place, value, value=value, suggestion=plain)
    return fault(f"table.wrong-type.{column.kind.value}", place, value, value=value)


def _explain_url(address: str, place: Place) -> Finding:
    value = address[:_SHOWN]
    scheme = _SCHEME.match(value)
    if scheme and scheme[1].lower() not in ("http", "https"):
        return fault("table.unsafe-url", place, value, value=value, scheme=scheme[1])
    rest, mark, fragment = address.partition("#")
    bad = _NOT_IN_URL.search(rest) or _NOT_IN_URL.search(fragment)
    if bad and value.startswith(("http://", "https://")):
        encoded = mark.join(_NOT_IN_URL.sub(lambda one: quote(one[0]), part) for part in (rest, fragment))
        is_sound = re.fullmatch(_URL, encoded)
        code = "table.forbidden-character.url.suggested" if is_sound else "table.forbidden-character.url"
        character, code_of = _named(bad[0]), quote(bad[0])
        return fault(
            code, place, value, value=value, character=character, encoded=code_of, suggestion=encoded
        )
    return fault("table.wrong-type.url", place, value, value=value)


def _explain_pattern(column: Column, value: str, place: Place) -> Finding:
    if "\\p{L}" not in (column.pattern or ""):
        return _wrong_pattern(column, value, place)
    bad = next((c for c in value if not (c.isalnum() or c in "._/%-")), None)
    if bad is None:
        return fault("table.wrong-type.key", place, value, value=value)
    return fault("table.forbidden-character.key", place, value, value=value, character=_named(bad))


def _wrong_pattern(column: Column, value: str, place: Place) -> Finding:
    described = Text(column.description or {"": column.name})
    return fault(
        "table.wrong-type.pattern",
        place,
        value,
        value=value,
        column=column.name,
        pattern=column.pattern or "",
        description=described,
    )


def _named(character: str) -> str:
    return f"{unicodedata.name(character, 'UNNAMED')} (U+{ord(character):04X})"
