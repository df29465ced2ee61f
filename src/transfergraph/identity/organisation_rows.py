"""The rows of organisations of all sources, as :mod:`comparable_names` takes them.

Which tables hold organisations is told by the role of their classes, which columns name and identify them by
the annotations of their properties (``tgsh:searchedAsName``, ``tgsh:searchedAsOtherName``,
``tgsh:identity``).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from transfergraph.identity.comparable_names import GIVEN, Meaning
from transfergraph.identity.legal_forms import FORMS
from transfergraph.tables.csvw import Column, Table
from transfergraph.tables.load import Tables
from transfergraph.tables.uri_template import sql_name, sql_string
from transfergraph.vocabulary.presentation import Presentation, Role, SearchLevel

_NO_TEXTS = "CAST([] AS VARCHAR[])"
_NO_IDENTIFIERS = "CAST([] AS STRUCT(scheme VARCHAR, value VARCHAR, meaning VARCHAR)[])"
_PLACES = "CREATE OR REPLACE TABLE identity_place (source VARCHAR, key VARCHAR, names VARCHAR[])"
_NAMED_PLACES = """
UPDATE identity_given SET towns = found.towns FROM (
    SELECT g.id, flatten(list(coalesce(p.names, [g.place]) ORDER BY g.place)) AS towns
    FROM (SELECT id, source, unnest(towns) AS place FROM identity_given) g
    LEFT JOIN identity_place p ON p.source = g.source AND p.key = g.place GROUP BY g.id
) found WHERE found.id = identity_given.id
"""


@dataclass(frozen=True, slots=True)
class NamedColumns:
    """The columns of a table whose rows have names, by what they tell."""

    table: Table
    names: tuple[Column, ...]
    other_names: tuple[Column, ...]
    told: tuple[tuple[str, Column], ...]

    def telling(self, *words: str) -> list[Column]:
        """The columns whose property has one of these words."""
        return [column for word, column in self.told if word in words]


def organisation_tables(tables: Tables, shown: Presentation) -> tuple[NamedColumns, ...]:
    """The tables whose rows are organisations, each with a key of one column."""
    return tuple(one for one in _described(tables, shown) if _are_organisations(one, shown))


def other_tables(tables: Tables, shown: Presentation) -> tuple[NamedColumns, ...]:
    """The tables whose rows are anything else that has an address, each with a key of one column."""
    return tuple(one for one in _described(tables, shown) if not _are_organisations(one, shown))


def _are_organisations(columns: NamedColumns, shown: Presentation) -> bool:
    return shown.role(columns.table.classes) is Role.ORGANISATION


def _described(tables: Tables, shown: Presentation) -> Iterator[NamedColumns]:
    names, others = (shown.searched.get(one, {}) for one in (SearchLevel.NAME, SearchLevel.OTHER_NAME))
    for table in tables.group.tables:
        if table.classes and len(table.about.variables) == 1:
            yield NamedColumns(
                table,
                tuple(one for one in table.file_columns if one.property in names),
                tuple(one for one in table.file_columns if one.property in others),
                tuple(_told(table, shown)),
            )


def _told(table: Table, shown: Presentation) -> Iterator[tuple[str, Column]]:
    for column in table.file_columns:
        if column.property is not None and (word := shown.identity.get(column.property)) is not None:
            yield word, column


def gather_organisations(tables: Tables, shown: Presentation) -> int:
    """Fill ``identity_given`` from all sources; returns how many rows there are."""
    connection = tables.connection
    connection.execute(GIVEN)
    connection.execute(_PLACES)
    for select in _place_selects(tables, shown):
        connection.execute(f"INSERT INTO identity_place {select}")
    selects = [
        _row_select(tables, number, source.name, columns)
        for number, source in enumerate(tables.sources)
        for columns in organisation_tables(tables, shown)
    ]
    if selects:
        rows = " UNION ALL ".join(selects)
        connection.execute(
            "INSERT INTO identity_given SELECT row_number() OVER (ORDER BY n, tbl, row) - 1, * EXCLUDE (n) "
            f"FROM ({rows}) ORDER BY 1"
        )
        connection.execute(_NAMED_PLACES)
    found = connection.execute("SELECT count(*) FROM identity_given").fetchone()
    return int(found[0]) if found else 0


def _place_selects(tables: Tables, shown: Presentation) -> Iterator[str]:
    named = shown.searched.get(SearchLevel.NAME, {})
    for table in tables.group.tables:
        names = [one for one in table.file_columns if one.property in named]
        if shown.role(table.classes) is Role.PLACE and names and len(table.about.variables) == 1:
            for source in tables.sources:
                yield (
                    f"SELECT {sql_string(source.name)}, {table.key_sql}, {_texts(names)} "
                    f"FROM {tables.name(source.name, table.name)}"
                )


def _row_select(tables: Tables, number: int, source: str, columns: NamedColumns) -> str:
    table = columns.table
    places, parts = _texts(columns.telling("place")), _texts(columns.telling("part"))
    forms = ", ".join(sql_string(key) for key, _ in FORMS)
    form = _first(columns.telling("legal-form"))
    return (
        f"SELECT {number} AS n, {sql_string(source)} AS source, {sql_string(table.name)} AS tbl, "
        f"_row AS row, {table.key_sql} AS key, {_texts(columns.names)} AS names, "
        f"{_texts(columns.other_names)} AS other_names, {places} AS towns, "
        f"CASE WHEN {form} IN ({forms}) THEN {form} END AS legal_form, "
        f"{_first(columns.telling('website'))} AS website, {parts} AS parents, "
        f"{_identifiers(columns)} AS identifiers FROM {tables.name(source, table.name)} "
        f"WHERE {table.key_sql} IS NOT NULL"
    )


def _first(columns: list[Column]) -> str:
    return f"coalesce({', '.join(sql_name(one.name) for one in columns)}, NULL)" if columns else "NULL"


def _texts(columns: Iterable[Column]) -> str:
    """SQL for the values of these columns as one list."""
    lists = [_items(column) for column in columns]
    return f"list_filter(flatten([{', '.join(lists)}]), lambda t: t IS NOT NULL)" if lists else _NO_TEXTS


def _items(column: Column) -> str:
    name = sql_name(column.name)
    if column.separator is None:
        return f"[{name}]"
    return f"coalesce(string_split({name}, {sql_string(column.separator)}), {_NO_TEXTS})"


def _identifiers(columns: NamedColumns) -> str:
    lists = [
        f"list_transform(list_filter({_items(column)}, lambda item: item IS NOT NULL), "
        f"lambda item: {_identifier(Meaning(word), column)})"
        for word, column in columns.told
        if word in {meaning.value for meaning in Meaning}
    ]
    return f"flatten([{', '.join(lists)}])" if lists else _NO_IDENTIFIERS


def _identifier(meaning: Meaning, column: Column) -> str:
    """SQL for one identifier; that of a column without an address is its letters and digits, of the
    property."""
    if column.value is not None and column.value.variables == (column.name,):
        value = column.value.sql({column.name: "item"})
        scheme = f"regexp_extract({value}, '^(.*[/#=])', 1)"
    else:
        value = "upper(regexp_replace(item, '[^\\p{L}\\p{N}]', '', 'g'))"
        scheme = sql_string(column.property or column.name)
    return f"{{'scheme': {scheme}, 'value': {value}, 'meaning': {sql_string(meaning.value)}}}"
