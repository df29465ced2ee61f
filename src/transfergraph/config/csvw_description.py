"""A CSVW description in JSON, checked and brought into one form.

"Metadata Vocabulary for Tabular Data" (W3C, 2015). Whatever a description has is used, or ignored with a word
where it changes no triple, or refused by name. In the one form a group has tables, each column has what it
inherits (section 5.7), and names with a prefix of the CSVW context are whole IRIs.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from transfergraph.common.files import FileContent
from transfergraph.common.iris import language_fault
from transfergraph.common.namespaces import CSVW_CONTEXT
from transfergraph.common.text import ENGLISH, Languages, Text, column_name, nearest
from transfergraph.config.csvw_properties import (
    ANYWHERE,
    COLUMN,
    CONTEXT,
    GROUP,
    INHERITED,
    NAMES,
    SCHEMA,
    TABLE,
    TRANSFORMATION,
    TYPES,
    Check,
    Described,
    check_dialect,
    check_json_ld,
)
from transfergraph.errors import WorkspaceError
from transfergraph.messages import explained, text

_SILENT = {"dc:title", "dc:description", "@id", "@type"}
_IGNORED = {"notes", "rowTitles", "transformations", "tableDirection", "textDirection"}
_ESCAPED = {ord("-"): "%2D", ord("~"): "%7E"}
_NAME = re.compile(r"([A-Za-z0-9]|%[0-9A-F]{2})([A-Za-z0-9_.]|%[0-9A-F]{2})*")
_PREFIXED = re.compile(r"([A-Za-z][\w.-]*):(?!//)(.*)", re.DOTALL)
_TEMPLATES = ("aboutUrl", "propertyUrl", "valueUrl")


@dataclass(slots=True)
class Normaliser:
    """Brings one description into the one form; ``ignored`` names what it has and nothing is made of."""

    ignored: list[str] = field(default_factory=list)
    language: str = "und"

    def group(self, entry: Described) -> dict[str, Any]:
        """The description; raises :class:`WorkspaceError` naming what is wrong or not supported."""
        if "tables" not in entry and "url" in entry:
            entry = {"@context": entry.get("@context", CONTEXT), "tables": [_without(entry, "@context")]}
        self._context(entry.get("@context", CONTEXT))
        known = self._checked(entry, GROUP, "group", explained("error.csvw.where-group"))
        if "tables" not in known:
            raise WorkspaceError(
                explained("error.csvw.lacks", where=explained("error.csvw.where-group"), key="tables")
            )
        urls = [table.get("url") for table in known["tables"]]
        for url in urls:
            if urls.count(url) > 1:
                raise WorkspaceError(
                    explained("error.csvw.twice", where=explained("error.csvw.where-group"), name=url)
                )
        inherited, rest = _parted(known)
        return {**rest, "tables": [self._table(table, inherited) for table in known["tables"]]}

    def _context(self, context: Any) -> None:
        first, *more = context if isinstance(context, list) and context else [context]
        settings = more[0] if more else {}
        if first != CONTEXT or len(more) > 1 or not isinstance(settings, dict) or (more and not settings):
            raise WorkspaceError(explained("error.csvw.context", context=CONTEXT))
        for key, value in settings.items():
            if key != "@language" or language_fault(str(value)) is not None:
                raise WorkspaceError(
                    explained("error.csvw.unsupported", where="@context", key=key, value=repr(value))
                )
            self.language = value

    def _table(self, entry: Described, inherited: Described) -> dict[str, Any]:
        if "url" not in entry:
            raise WorkspaceError(
                explained("error.csvw.lacks", where=explained("error.csvw.where-group"), key="url")
            )
        where = explained("error.csvw.where-table", name=str(entry["url"]).removesuffix(".csv"))
        known = self._checked(entry, TABLE, "table", where)
        if "tableSchema" not in known:
            raise WorkspaceError(explained("error.csvw.lacks", where=where, key="tableSchema"))
        passed, rest = _parted(known)
        schema = self._checked(
            known["tableSchema"],
            SCHEMA,
            "schema",
            explained("error.csvw.where-part", key="tableSchema", where=where),
        )
        own, described = _parted(schema)
        passed = {**inherited, **passed, **own}
        if "columns" not in described:
            raise WorkspaceError(explained("error.csvw.lacks", where=where, key="columns"))
        silent = rest.pop("suppressOutput", False)
        columns = [self._column(n, one, passed, where) for n, one in enumerate(described["columns"], 1)]
        described["columns"] = [{**one, "suppressOutput": True} for one in columns] if silent else columns
        _check_columns(described["columns"], where)
        _check_foreign_keys(described, where)
        named = {one.get("name") for one in schema["columns"]}
        keys = [described.get("primaryKey", []), described.get("rowTitles", [])]
        keys += [key["columnReference"] for key in described.get("foreignKeys", ())]
        for one in [name for key in keys for name in ([key] if isinstance(key, str) else key)]:
            if one not in named:
                raise WorkspaceError(explained("error.csvw.key-of-nothing", where=where, name=one))
        about = {key: passed[key] for key in ("aboutUrl",) if key in passed}
        return {**rest, "tableSchema": {**about, **described}}

    def _column(self, number: int, entry: Described, inherited: Described, table: Text) -> dict[str, Any]:
        name = entry.get("name", entry.get("titles", number))
        where = explained("error.csvw.where-part", key=str(name), where=table)
        known = self._checked(entry, COLUMN, "column", where)
        titles, told = _titles(known.get("titles"), self.language), known.get("titles")
        has_own = not isinstance(told, dict) or self.language in told
        if "name" not in known and not (titles and has_own):
            raise WorkspaceError(explained("error.csvw.no-name", where=where))
        name = known["name"] if "name" in known else quote(titles[0], safe="").translate(_ESCAPED)
        if not _NAME.fullmatch(name):
            raise WorkspaceError(explained("error.csvw.name", where=where, name=name))
        passed = _without(inherited, "aboutUrl")
        if known.get("virtual"):
            passed = {key: value for key, value in passed.items() if key == "propertyUrl"}
        own = {**{key: value for key, value in passed.items() if key not in known}, **known, "name": name}
        if titles and titles != [name]:
            own["titles"] = titles
        elif "titles" in own:
            own["titles"] = name
        if own.get("separator", "") is None:
            del own["separator"]
        return _check_cells(own, where)

    def _checked(
        self, entry: Described, checks: Mapping[str, Check], kind: str, where: Text
    ) -> dict[str, Any]:
        """What is used of an object, after a check of everything in it."""
        used: dict[str, Any] = {}
        for key, value in entry.items():
            if key in checks:
                told, is_sound = checks[key]
                if not is_sound(value):
                    raise WorkspaceError(
                        explained(
                            "error.csvw.form", where=where, key=key, value=repr(value), form=explained(told)
                        )
                    )
            elif ":" in key:
                self._common(value, explained("error.csvw.where-part", key=key, where=where))
            else:
                raise WorkspaceError(explained("error.csvw.key", where=where, key=key))
            if key == "@type" and value != TYPES[kind]:
                raise WorkspaceError(
                    explained(
                        "error.csvw.form", where=where, key="@type", value=repr(value), form=TYPES[kind]
                    )
                )
            if key == "dialect":
                check_dialect(value, where)
            elif key == "transformations":
                for one in value:
                    self._checked(
                        one,
                        TRANSFORMATION,
                        "transformation",
                        explained("error.csvw.where-part", key=key, where=where),
                    )
            if key in ("dc:title", "dc:description"):
                used[key] = self._texts(value, explained("error.csvw.where-part", key=key, where=where))
            elif key in _IGNORED or (":" in key and key not in _SILENT):
                self.ignored.append(f"{key} ({where.english})")
            elif key in _TEMPLATES:
                used[key] = whole_iri(value)
            elif key not in ANYWHERE:
                used[key] = value
        return used

    def _texts(self, value: Any, where: Text) -> list[dict[str, str]]:
        found = []
        for one in value if isinstance(value, list) else [value]:
            said = {"@value": one} if isinstance(one, str) else one
            if not isinstance(said, dict) or not isinstance(said.get("@value"), str):
                raise WorkspaceError(
                    explained(
                        "error.csvw.form",
                        where=where,
                        key="@value",
                        value=repr(one),
                        form=explained("error.csvw.a-text"),
                    )
                )
            language = "en" if self.language == "und" else self.language
            found.append(said if "@language" in said else {**said, "@language": language})
        return found

    def _common(self, value: Any, where: Text) -> None:
        """Check a value of a common property (section 5.8), of which nothing is made."""
        if isinstance(value, list):
            for one in value:
                self._common(one, where)
        elif isinstance(value, dict):
            check_json_ld(value, where)
            for key, one in value.items():
                if not key.startswith("@"):
                    self._common(one, where)


def read_description(file: Path) -> tuple[Mapping[str, Any], Sequence[str]]:
    """The description in this file in the one form, and the names of what nothing is made of.

    Files of the same content are read once: nobody changes what this gives.
    Raises :class:`WorkspaceError` naming what is wrong or not supported.
    """
    return _read(*FileContent.of([file]))


@lru_cache(8)
def _read(described: FileContent) -> tuple[Mapping[str, Any], Sequence[str]]:
    file = described.file
    try:
        content = json.loads(file.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError) as error:
        raise WorkspaceError(explained("error.csvw.not-json", file=file, error=error)) from error
    if not isinstance(content, dict):
        raise WorkspaceError(
            explained("error.csvw.tables", file=file, error=explained("error.csvw.an-object"))
        )
    normaliser = Normaliser()
    try:
        return normaliser.group(content), normaliser.ignored
    except WorkspaceError as error:
        raise WorkspaceError(explained("error.query-file", file=file, error=error)) from None


def whole_iri(name: str) -> str:
    """The IRI of a name with a prefix of the CSVW context, anything else as it is."""
    found = _PREFIXED.fullmatch(name)
    return CSVW_CONTEXT[found[1]] + found[2] if found and found[1] in CSVW_CONTEXT else name


def _titles(value: Any, language: str) -> list[str]:
    """The titles of a column, those in the default language first."""
    if isinstance(value, dict):
        ordered = sorted(value.items(), key=lambda one: one[0] != language)
        return [title for _, titles in ordered for title in _titles(titles, language)]
    return [] if value is None else [value] if isinstance(value, str) else list(value)


def _without(entry: Described, *keys: str) -> dict[str, Any]:
    return {key: value for key, value in entry.items() if key not in keys}


def _parted(entry: Described) -> tuple[dict[str, Any], dict[str, Any]]:
    """What columns inherit, and the rest."""
    inherited = {key: value for key, value in entry.items() if key in INHERITED}
    return inherited, _without(entry, *inherited)


def _check_columns(columns: list[dict[str, Any]], where: Text) -> None:
    known: dict[str, str] = {}
    is_virtual = False
    for column in columns:
        for name in {column["name"], *_titles(column.get("titles"), "")}:
            other = known.setdefault(name.casefold(), column["name"])
            if other != column["name"] or (name == column["name"] and columns.count(column) > 1):
                raise WorkspaceError(
                    explained("error.csvw.alike", where=where, one=other, other=column["name"])
                )
        if is_virtual and not column.get("virtual"):
            raise WorkspaceError(explained("error.csvw.behind-virtual", where=where, column=column["name"]))
        is_virtual = is_virtual or bool(column.get("virtual"))
    names = [column["name"] for column in columns]
    for name in names:
        if names.count(name) > 1:
            raise WorkspaceError(explained("error.csvw.twice", where=where, name=name))


def _check_foreign_keys(schema: Described, where: Text) -> None:
    for key in schema.get("foreignKeys", ()):
        reference = key.get("reference")
        is_sound = (
            set(key) == {"columnReference", "reference"}
            and isinstance(reference, dict)
            and set(reference) == {"resource", "columnReference"}
            and isinstance(reference["resource"], str)
            and all(NAMES[1](one["columnReference"]) for one in (key, reference))
        )
        if not is_sound:
            raise WorkspaceError(explained("error.csvw.foreign-key", where=where, value=repr(key)))


def _check_cells(column: dict[str, Any], where: Text) -> dict[str, Any]:
    """A column without what makes no difference to its cells."""
    if column.get("ordered") and "separator" in column:
        raise WorkspaceError(explained("error.csvw.unsupported", where=where, key="ordered", value="true"))
    null = column.get("null", "")
    nulls = [null] if isinstance(null, str) else null
    if "" not in nulls:
        raise WorkspaceError(
            explained("error.csvw.null", where=where, value=repr(null), nulls=json.dumps(["", *nulls]))
        )
    kept = _without(column, "ordered", "null")
    return {**kept, "null": nulls} if len(nulls) > 1 else kept


def columns_in(languages: Languages, columns: Sequence[Described]) -> list[Described]:
    """The descriptions of the columns of a table in these languages; see ``read_table_group``."""
    stems: dict[str, dict[str, Described]] = {}
    for column in columns:
        stems.setdefault(_stem_of(column), {})[column.get("lang", "")] = column
    return [one for stem, known in stems.items() for one in _in_each(languages, stem, known)]


def _stem_of(column: Described) -> str:
    """``name_`` for ``name_en``; the whole name where it does not end with the language."""
    name, language = str(column["name"]), str(column.get("lang", ""))
    ending = column_name("", language) if language else ""
    return f"{name.removesuffix(ending)}_" if ending and name.endswith(ending) else name


def _in_each(languages: Languages, stem: str, known: Mapping[str, Described]) -> Iterator[Described]:
    if not stem.endswith("_"):
        yield from known.values()
        return
    model = known[nearest(ENGLISH, [*known])]
    for language in languages:
        yield known.get(language) or _named_anew(
            model, column_name(stem.removesuffix("_"), language), language
        )


def _named_anew(model: Described, name: str, language: str) -> Described:
    told = [
        {
            "@value": text("table.column.in-language", one, column=model["name"], language=language),
            "@language": one,
        }
        for one in (entry["@language"] for entry in model.get("dc:description", ()))
    ]
    return {**model, "name": name, "titles": name, "lang": language, "dc:description": told}
