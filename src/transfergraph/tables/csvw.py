"""The CSVW description of the canonical tables, as far as we support it.

"Metadata Vocabulary for Tabular Data" (W3C, 2015). One file gives types, keys and references of the
tables and their mapping to RDF. Whatever it uses beyond the supported subset is refused by name, so
that nothing is silently ignored.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import quote

from transfergraph.common.iris import iri_fault, predicate_fault
from transfergraph.common.namespaces import CSVW_CONTEXT, EDTF, SKOS, TYPE, XSD
from transfergraph.common.text import Languages, Text
from transfergraph.config.csvw_description import columns_in, read_description
from transfergraph.errors import WorkspaceError
from transfergraph.messages import explained
from transfergraph.tables.cell_bounds import FACETS, LENGTHS, Bound, bounds_of
from transfergraph.tables.cell_formats import CellFormat, ColumnKind, Notation, cell_format
from transfergraph.tables.uri_template import ROW_NUMBERS, TemplateVariable, UriTemplate, variable_sql


@dataclass(frozen=True, slots=True)
class Column:
    """One column. ``property`` is the IRI of the predicate, None where the cell yields no triple.

    ``pattern`` is a regular expression for the whole cell (or item), after what is written in another
    ``notation`` has been brought into the form of XSD; ``separator`` splits a cell into items; a ``virtual``
    column is not in the file and yields a triple for each row. The subject is ``about`` where it is not that
    of the table. ``titles`` are the names in the header of the file.
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
    about: UriTemplate | None
    titles: tuple[str, ...]
    notation: Notation | None
    bounds: tuple[Bound, ...]
    nulls: tuple[str, ...]
    default: str


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """The cells of ``columns`` together stand in the ``others`` of a row of the other ``table``."""

    columns: tuple[str, ...]
    table: str
    others: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """One canonical table; ``about`` is the template of the IRI of a row's subject.

    Rows have different ``primary_key``s if it ``is_unique``; where none is described it is what the subject
    is made from, or the first column.
    """

    name: str
    about: UriTemplate
    primary_key: tuple[str, ...]
    columns: tuple[Column, ...]
    title: Mapping[str, str]
    foreign_keys: tuple[ForeignKey, ...] = ()
    is_unique: bool = True

    @cached_property
    def file_columns(self) -> tuple[Column, ...]:
        """The columns that stand in the file."""
        return tuple(column for column in self.columns if not column.virtual)

    @cached_property
    def classes(self) -> tuple[str, ...]:
        """The classes of the subjects, by their IRIs; what has gone, and only points on, has none."""
        own = (one for one in self.columns if one.virtual and one.about is None)
        return tuple(one.value.text for one in own if one.value and one.property == TYPE)

    @cached_property
    def scheme(self) -> str:
        """The SKOS scheme that all rows are concepts of, by its IRI; empty where there is none."""
        found = (one for one in self.columns if one.virtual and one.property == f"{SKOS}inScheme")
        return next((one.value.text for one in found if one.value and one.about is None), "")

    def stating(self, property_: str) -> Column | None:
        """The first column of the file that states this property, an IRI."""
        return next((one for one in self.file_columns if one.property == property_), None)

    @cached_property
    def parts(self) -> tuple[Table, ...]:
        """The table once for each template of subjects, with the columns that state something of these."""
        abouts = dict.fromkeys(column.about for column in self.columns if column.about is not None)
        own = replace(self, columns=tuple(column for column in self.columns if column.about is None))
        others = (
            replace(self, about=about, columns=tuple(c for c in self.columns if c.about == about))
            for about in abouts
        )
        return (own, *others)

    @cached_property
    def subject_sql(self) -> str:
        """An SQL expression for the IRI of a row's subject, over the table's own columns."""
        required = {column.name for column in self.columns if column.required} | ROW_NUMBERS.keys()
        cells = {name: variable_sql(name) for name in self.about.variables}
        return self.about.sql(
            {name: one if name in required else f"coalesce({one}, '')" for name, one in cells.items()}
        )

    @cached_property
    def key_sql(self) -> str:
        """An SQL expression for the first variable of the subject's IRI."""
        return variable_sql(self.about.variables[0])

    def column(self, name: str) -> Column:
        """The column of that name; raises KeyError."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)


@dataclass(frozen=True)
class TableGroup:
    """All canonical tables, templates resolved against the base IRI of the workspace.

    ``ignored`` names what the descriptions have and nothing is made of.
    """

    base: str
    tables: tuple[Table, ...]
    ignored: tuple[str, ...] = ()

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
        return self._described.get(column.value.shape, ())

    @cached_property
    def _described(self) -> Mapping[str, tuple[Table, ...]]:
        """The tables that say of which class their rows are, by the shape of the IRIs of these."""
        shapes = dict.fromkeys(table.about.shape for table in self.tables)
        return {
            shape: tuple(one for one in self.tables if one.about.shape == shape and one.classes)
            for shape in shapes
        }


def read_table_group(files: Sequence[Path], base: str, languages: Languages | None = None) -> TableGroup:
    """Read descriptions of tables together, of tables of one name the last one.

    With ``languages`` a column whose ``lang`` is the end of its name (``name_en``) stands for one in each of
    these: a column described in another language is dropped, and one that is missing is named anew.

    Raises :class:`WorkspaceError` naming what is wrong or not supported.
    """
    tables: dict[str, Table] = {}
    ignored: list[str] = []
    for file in files:
        group, unused = read_description(file)
        ignored += unused
        try:
            tables |= {entry["url"]: _table(entry, base, languages) for entry in group["tables"]}
        except WorkspaceError as error:
            raise WorkspaceError(explained("error.query-file", file=file, error=error)) from None
    found = TableGroup(base, tuple(tables.values()), tuple(ignored))
    try:
        _check_references(found)
    except WorkspaceError as error:
        raise WorkspaceError(
            explained("error.query-file", file=", ".join(map(str, files)), error=error)
        ) from None
    return found


def read_descriptions(files: Sequence[Path], languages: Languages) -> dict[str, Any]:
    """The descriptions as one, in JSON-LD: the tables of all, of tables of one name the last one."""
    groups = [read_description(file)[0] for file in files]
    tables = {entry["url"]: entry for group in groups for entry in group["tables"]}
    return {**groups[0], "tables": [_in_languages(entry, languages) for entry in tables.values()]}


def _in_languages(entry: Mapping[str, Any], languages: Languages) -> dict[str, Any]:
    schema = entry["tableSchema"]
    return {**entry, "tableSchema": {**schema, "columns": columns_in(languages, schema["columns"])}}


def _texts(values: list[Mapping[str, str]] | None) -> dict[str, str]:
    return {value["@language"]: value["@value"] for value in values or []}


def _names(value: str | Sequence[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def _table(entry: Mapping[str, Any], base: str, languages: Languages | None) -> Table:
    url, schema = entry["url"], entry["tableSchema"]
    name = url.removesuffix(".csv")
    described = schema["columns"] if languages is None else columns_in(languages, schema["columns"])
    abouts = [column.get("aboutUrl") for column in described if not column.get("suppressOutput")]
    about = schema.get("aboutUrl") or next((one for one in abouts if one is not None), None)
    if about is None or (None in abouts and "aboutUrl" not in schema):
        raise WorkspaceError(explained("error.csvw.no-subject", name=name))
    template = UriTemplate.parse(about).under(base, url)
    columns = tuple(_column(column, name, base) for column in described)
    columns = tuple(replace(c, about=None) if c.about == template else c for c in columns)
    keys = tuple(dict.fromkeys(one for one in template.variables if one not in ROW_NUMBERS))
    columns = tuple(replace(c, required=True) if c.name in keys else c for c in columns)
    table = Table(
        name=name,
        about=template,
        primary_key=_names(schema.get("primaryKey", ())) or keys or (columns[0].name,),
        columns=columns,
        title=_texts(entry.get("dc:title")),
        is_unique="primaryKey" in schema or bool(keys),
        foreign_keys=tuple(_foreign_key(key) for key in schema.get("foreignKeys", ())),
    )
    _sound(table.about, explained("error.csvw.where-about", name=name))
    if not table.about.variables:
        raise WorkspaceError(explained("error.csvw.same-subject", name=name, value=about))
    known = {column.name for column in table.file_columns}
    templates = [one for c in table.columns for one in (c.value, c.about) if one]
    in_templates = [name for one in (table.about, *templates) for name in one.variables]
    in_keys = [name for key in table.foreign_keys for name in key.columns]
    for used in (*table.primary_key, *in_keys, *(one for one in in_templates if one not in ROW_NUMBERS)):
        if used not in known:
            raise WorkspaceError(explained("error.csvw.column", name=name, used=used))
    return table


def _foreign_key(entry: Mapping[str, Any]) -> ForeignKey:
    reference = entry["reference"]
    others = _names(reference["columnReference"])
    return ForeignKey(_names(entry["columnReference"]), reference["resource"].removesuffix(".csv"), others)


def _column(entry: Mapping[str, Any], table: str, base: str) -> Column:
    name, url = entry["name"], f"{table}.csv"
    where = explained("error.csvw.where", name=name, table=table)
    virtual = entry.get("virtual", False)
    written, bounds, pattern = _datatype(entry.get("datatype", "string"), where)
    value, about = (_template(entry.get(key), name, base, url) for key in ("valueUrl", "aboutUrl"))
    if virtual and value is None:
        raise WorkspaceError(explained("error.csvw.virtual", where=where))
    if value is not None and not virtual and name not in value.variables:
        raise WorkspaceError(explained("error.csvw.variable", where=where))
    if value is not None and not (value.text == f"{{+{name}}}" and written.kind is ColumnKind.URL):
        _sound(value, explained("error.csvw.where-value", where=where))
    if about is not None:
        _sound(about, explained("error.csvw.where-part", key="aboutUrl", where=where))
    suppressed = entry.get("suppressOutput", False)
    told = _template(entry.get("propertyUrl", f"#{name}"), name, base, url)
    assert told is not None
    if told.variables:
        raise WorkspaceError(explained("error.csvw.property-differs", where=where, value=told.text))
    for iri in (written.datatype, *([] if suppressed else [told.text])):
        _sound(UriTemplate.parse(iri), where)
    fault = None if suppressed else predicate_fault(told.text)
    if fault is not None:
        raise WorkspaceError(explained("error.csvw.property-iri", where=where, entry=told.text, fault=fault))
    language = entry.get("lang", "und")
    return Column(
        name=name,
        kind=written.kind,
        datatype=written.datatype,
        pattern=pattern,
        required=entry.get("required", False),
        language=None if language == "und" or written.datatype != XSD + "string" else language,
        separator=entry.get("separator"),
        property=None if suppressed else told.text,
        value=value,
        virtual=virtual,
        description=_texts(entry.get("dc:description")),
        about=about,
        titles=_names(entry.get("titles", name)),
        notation=written.notation,
        bounds=bounds,
        nulls=tuple(null for null in entry.get("null", ()) if null),
        default=entry.get("default", ""),
    )


def _template(text: str | None, name: str, base: str, url: str) -> UriTemplate | None:
    if text is None:
        return None
    return UriTemplate.parse(text.replace("{_name}", quote(name, safe="%"))).under(base, url)


def _datatype(
    entry: str | Mapping[str, Any], where: Text
) -> tuple[CellFormat, tuple[Bound, ...], str | None]:
    described = {"base": entry} if isinstance(entry, str) else dict(entry)
    for key, one in described.items():
        if key not in {"@id", "base", "format", "dc:title", "dc:description", *FACETS, *LENGTHS}:
            raise WorkspaceError(
                explained(
                    "error.csvw.key", where=explained("error.csvw.where-datatype", where=where), key=key
                )
            )
        if key in ("@id", "base") and not isinstance(one, str):
            raise WorkspaceError(
                explained(
                    "error.csvw.form",
                    where=where,
                    key=key,
                    value=repr(one),
                    form=explained("error.csvw.a-text"),
                )
            )
    written = cell_format(described.get("base", "string"), described.get("format"), where)
    iri = described.get("@id")
    if iri is not None and iri.startswith((XSD, CSVW_CONTEXT["csvw"])):
        raise WorkspaceError(explained("error.csvw.own-datatype", where=where, value=iri))
    if iri == EDTF + "EDTF":
        written = replace(written, kind=ColumnKind.EDTF)
    bounds, pattern = bounds_of(described, written, where), written.pattern
    if pattern and any(bound.is_positive for bound in bounds):
        pattern = pattern.removeprefix("-?")
    return replace(written, datatype=iri or written.datatype), bounds, pattern


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
        for key in table.foreign_keys:
            others = {other.name: {c.name for c in other.file_columns} for other in group.tables}
            if len(key.columns) != len(key.others) or not set(key.others) <= others.get(key.table, set()):
                raise WorkspaceError(
                    explained(
                        "error.csvw.foreign-key-nowhere",
                        name=table.name,
                        others=", ".join(key.others),
                        file=f"{key.table}.csv",
                    )
                )
            if any(table.column(name).separator for name in key.columns) and not _is_reference(
                group, table, key
            ):
                raise WorkspaceError(explained("error.csvw.foreign-key-list", name=table.name))


def _is_reference(group: TableGroup, table: Table, key: ForeignKey) -> bool:
    """Whether the references of the column say the same, or more, as the foreign key."""
    targets = [one.name for one in group.targets(table.column(key.columns[0]))]
    return len(key.columns) == 1 and key.table in targets
