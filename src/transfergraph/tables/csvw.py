"""The CSVW description of the canonical tables, as far as we support it.

"Metadata Vocabulary for Tabular Data" (W3C, 2015). One file gives types, keys and references of the
tables and their mapping to RDF. Whatever it uses beyond the supported subset is refused by name, so
that nothing is silently ignored.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

from transfergraph.common.iris import iri_fault, language_fault, predicate_fault
from transfergraph.common.namespaces import EDTF, TYPE, XSD
from transfergraph.common.text import ENGLISH, Languages, Text, column_name, nearest
from transfergraph.errors import WorkspaceError
from transfergraph.messages import explained, text
from transfergraph.tables.uri_template import TemplateVariable, UriTemplate, sql_name

_ANNOTATIONS = {"dc:title", "dc:description"}
_GROUP = {"@context", "tables"} | _ANNOTATIONS
_TABLE = {"url", "tableSchema"} | _ANNOTATIONS
_SCHEMA = {"aboutUrl", "primaryKey", "foreignKeys", "columns"}
_COLUMN = {
    "name",
    "titles",
    "required",
    "datatype",
    "lang",
    "separator",
    "propertyUrl",
    "valueUrl",
    "virtual",
    "suppressOutput",
} | _ANNOTATIONS
_JsonObject = Mapping[str, Any]
_DATATYPE = {"@id", "base", "format"}


class ColumnKind(Enum):
    """What a cell may hold; decides how it is checked and normalised."""

    TEXT = "string"
    PATTERN = "string with a format"
    DATE = "date"
    EDTF = "edtf"
    INTEGER = "integer"
    DECIMAL = "decimal"
    URL = "anyURI"


@dataclass(frozen=True, slots=True)
class Column:
    """One column. ``property`` is the IRI of the predicate, None where the cell yields no triple.

    ``pattern`` is a regular expression for the whole cell (or item); ``separator`` splits a cell into
    items; a ``virtual`` column is not in the file and yields the same triple for each row.
    """

    name: str
    kind: ColumnKind
    datatype: str
    pattern: str | None
    required: bool
    language: str | None
    separator: str | None
    property: str | None
    value: UriTemplate | None
    virtual: bool
    description: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Table:
    """One canonical table; ``about`` is the template of the IRI of a row's subject."""

    name: str
    about: UriTemplate
    primary_key: tuple[str, ...]
    columns: tuple[Column, ...]
    title: Mapping[str, str]

    @property
    def file_columns(self) -> tuple[Column, ...]:
        """The columns that stand in the file."""
        return tuple(column for column in self.columns if not column.virtual)

    @property
    def classes(self) -> tuple[str, ...]:
        """The classes of the subjects, by their IRIs; what has gone, and only points on, has none."""
        return tuple(
            column.value.text
            for column in self.columns
            if column.virtual and column.property == TYPE and column.value is not None
        )

    def stating(self, property_: str) -> Column | None:
        """The first column of the file that states this property, an IRI."""
        return next((column for column in self.file_columns if column.property == property_), None)

    @property
    def subject_sql(self) -> str:
        """An SQL expression for the IRI of a row's subject, over the table's own columns."""
        return self.about.sql({name: sql_name(name) for name in self.about.variables})

    def column(self, name: str) -> Column:
        """The column of that name; raises KeyError."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)


@dataclass(frozen=True, slots=True)
class TableGroup:
    """All canonical tables, templates resolved against the base IRI of the workspace."""

    base: str
    tables: tuple[Table, ...]

    def table(self, name: str) -> Table:
        """The table of that name; raises KeyError."""
        for table in self.tables:
            if table.name == name:
                return table
        raise KeyError(name)

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages of the columns, in their order."""
        columns = (column for table in self.tables for column in table.columns)
        return tuple(dict.fromkeys(one.language for one in columns if one.language))

    def targets(self, column: Column) -> tuple[Table, ...]:
        """The tables that describe what the cells of this column refer to.

        A value under the base IRI is a reference to whatever row has that IRI as its subject. Several
        tables may mint IRIs of one shape (alliances, projects and labs are all undertakings), which
        the ``foreignKeys`` of CSVW cannot express.
        """
        if column.value is None or not column.value.text.startswith(self.base):
            return ()
        shape = column.value.shape
        return tuple(table for table in self.tables if table.about.shape == shape and table.classes)


def read_table_group(files: Sequence[Path], base: str, languages: Languages | None = None) -> TableGroup:
    """Read descriptions of tables together, of tables of one name the last one.

    With ``languages`` a column whose ``lang`` is the end of its name (``name_en``) stands for one in each of
    these: a column described in another language is dropped, and one that is missing is named anew.

    Raises :class:`WorkspaceError` naming what is wrong or not supported.
    """
    tables: dict[str, Table] = {}
    for file in files:
        group = _read(file)
        try:
            _only(group, _GROUP, explained("error.csvw.where-group"))
            tables |= {entry["url"]: _table(entry, base, languages) for entry in group["tables"]}
        except WorkspaceError as error:
            raise WorkspaceError(explained("error.query-file", file=file, error=error)) from None
        except (KeyError, TypeError, AttributeError) as error:
            raise WorkspaceError(explained("error.csvw.tables", file=file, error=repr(error))) from error
    found = TableGroup(base, tuple(tables.values()))
    try:
        _check_references(found)
    except WorkspaceError as error:
        raise WorkspaceError(
            explained("error.query-file", file=", ".join(map(str, files)), error=error)
        ) from None
    return found


def read_descriptions(files: Sequence[Path], languages: Languages) -> dict[str, Any]:
    """The descriptions as one, in JSON-LD: the tables of all, of tables of one name the last one."""
    groups = [_read(file) for file in files]
    tables = {entry["url"]: entry for group in groups for entry in group["tables"]}
    for entry in tables.values():
        entry["tableSchema"]["columns"] = _columns_in(languages, entry["tableSchema"]["columns"])
    return {**groups[0], "tables": list(tables.values())}


def _read(file: Path) -> dict[str, Any]:
    try:
        return dict(json.loads(file.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError, RecursionError) as error:
        raise WorkspaceError(explained("error.csvw.not-json", file=file, error=error)) from error


def _only(entry: Mapping[str, Any], allowed: set[str], where: Text) -> None:
    for key in entry:
        if key not in allowed:
            raise WorkspaceError(explained("error.csvw.key", where=where, key=key))


def _texts(values: list[Mapping[str, str]] | None) -> dict[str, str]:
    return {value["@language"]: value["@value"] for value in values or []}


def _table(entry: Mapping[str, Any], base: str, languages: Languages | None) -> Table:
    name = entry["url"].removesuffix(".csv")
    _only(entry, _TABLE, explained("error.csvw.where-table", name=name))
    schema = entry["tableSchema"]
    _only(schema, _SCHEMA, explained("error.csvw.where-schema", name=name))
    key = schema["primaryKey"]
    described = schema["columns"] if languages is None else _columns_in(languages, schema["columns"])
    columns = tuple(_column(column, name, base) for column in described)
    table = Table(
        name=name,
        about=UriTemplate.parse(schema["aboutUrl"]).under(base),
        primary_key=(key,) if isinstance(key, str) else tuple(key),
        columns=columns,
        title=_texts(entry.get("dc:title")),
    )
    _sound(table.about, explained("error.csvw.where-about", name=name))
    known = {column.name for column in table.file_columns}
    in_values = [name for column in table.columns if column.value for name in column.value.variables]
    for used in (*table.about.variables, *table.primary_key, *in_values):
        if used not in known:
            raise WorkspaceError(explained("error.csvw.column", name=name, used=used))
    return table


def _columns_in(languages: Languages, columns: Sequence[_JsonObject]) -> list[_JsonObject]:
    """The descriptions of the columns of a table, each as JSON, in these languages."""
    stems: dict[str, dict[str, _JsonObject]] = {}
    for column in columns:
        stems.setdefault(_stem_of(column), {})[column.get("lang", "")] = column
    return [one for stem, known in stems.items() for one in _in_each(languages, stem, known)]


def _stem_of(column: _JsonObject) -> str:
    """``name_`` for ``name_en``; the whole name where it does not end with the language."""
    name, language = str(column["name"]), str(column.get("lang", ""))
    ending = column_name("", language) if language else ""
    return f"{name.removesuffix(ending)}_" if ending and name.endswith(ending) else name


def _in_each(languages: Languages, stem: str, known: Mapping[str, _JsonObject]) -> Iterator[_JsonObject]:
    if not stem.endswith("_"):
        yield from known.values()
        return
    model = known[nearest(ENGLISH, [*known])]
    for language in languages:
        yield known.get(language) or _named_anew(
            model, column_name(stem.removesuffix("_"), language), language
        )


def _named_anew(model: _JsonObject, name: str, language: str) -> _JsonObject:
    told = [
        {
            "@value": text("table.column.in-language", one, column=model["name"], language=language),
            "@language": one,
        }
        for one in (entry["@language"] for entry in model.get("dc:description", ()))
    ]
    return {**model, "name": name, "titles": name, "lang": language, "dc:description": told}


def _column(entry: Mapping[str, Any], table: str, base: str) -> Column:
    name = entry["name"]
    where = explained("error.csvw.where", name=name, table=table)
    _only(entry, _COLUMN, where)
    virtual = entry.get("virtual", False)
    if not virtual and entry.get("titles", name) != name:
        raise WorkspaceError(explained("error.csvw.title", where=where))
    kind, datatype, pattern = _datatype(entry.get("datatype", "string"), where)
    value = UriTemplate.parse(entry["valueUrl"]).under(base) if "valueUrl" in entry else None
    if virtual and (value is None or value.variables):
        raise WorkspaceError(explained("error.csvw.virtual", where=where))
    if value is not None and not virtual and name not in value.variables:
        raise WorkspaceError(explained("error.csvw.variable", where=where))
    suppressed = entry.get("suppressOutput", False)
    if not suppressed and "propertyUrl" not in entry:
        raise WorkspaceError(explained("error.csvw.property", where=where))
    if value is not None and not (value.text == f"{{+{name}}}" and kind is ColumnKind.URL):
        _sound(value, explained("error.csvw.where-value", where=where))
    for iri in (datatype, *([] if suppressed else [entry["propertyUrl"]])):
        _sound(UriTemplate.parse(iri), where)
    fault = None if suppressed else predicate_fault(entry["propertyUrl"])
    if fault is not None:
        raise WorkspaceError(
            explained("error.csvw.property-iri", where=where, entry=entry["propertyUrl"], fault=fault)
        )
    unlike = language_fault(entry["lang"]) if "lang" in entry else None
    if unlike is not None:
        raise WorkspaceError(explained("error.csvw.language", where=where, fault=unlike))
    return Column(
        name=name,
        kind=kind,
        datatype=datatype,
        pattern=pattern,
        required=entry.get("required", False),
        language=entry.get("lang"),
        separator=entry.get("separator"),
        property=None if suppressed else entry["propertyUrl"],
        value=value,
        virtual=virtual,
        description=_texts(entry.get("dc:description")),
    )


def _datatype(entry: str | Mapping[str, str], where: Text) -> tuple[ColumnKind, str, str | None]:
    described = {"base": entry} if isinstance(entry, str) else dict(entry)
    _only(described, _DATATYPE, explained("error.csvw.where-datatype", where=where))
    base, pattern = described.get("base", "string"), described.get("format")
    iri = described.get("@id", XSD + base)
    if iri == EDTF + "EDTF":
        return ColumnKind.EDTF, iri, pattern
    match base:
        case "string":
            return (ColumnKind.PATTERN if pattern else ColumnKind.TEXT), iri, pattern
        case "date" if pattern in (None, "yyyy-MM-dd"):
            return ColumnKind.DATE, iri, None
        case "integer" | "decimal" | "anyURI":
            return ColumnKind(base), iri, pattern
    raise WorkspaceError(explained("error.csvw.datatype", where=where, described=described))


def _sound(template: UriTemplate, where: Text) -> None:
    """Refuse what makes addresses that no reader takes, whatever is in the cells."""
    if any(isinstance(part, TemplateVariable) and part.reserved for part in template.parts):
        told = explained("error.csvw.reserved", where=where, template=template.text, part="{+name}")
        raise WorkspaceError(told)
    fault = iri_fault(template.expand(dict.fromkeys(template.variables, "x")))
    if fault is not None:
        raise WorkspaceError(
            explained("error.csvw.address", where=where, template=template.text, fault=fault)
        )


def _check_references(group: TableGroup) -> None:
    for table in group.tables:
        for column in table.file_columns:
            if column.value and column.value.text.startswith(group.base) and not group.targets(column):
                raise WorkspaceError(
                    explained(
                        "error.csvw.reference",
                        column=column.name,
                        table=table.name,
                        column2=column.value.text,
                    )
                )
