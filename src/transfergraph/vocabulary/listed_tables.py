"""The tables of a workspace as pages show them: their lists, columns, and where these lead (CSVW)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from transfergraph.common.namespaces import SKOS, TYPE
from transfergraph.common.text import Text
from transfergraph.config.csvw_description import read_description
from transfergraph.vocabulary.presentation import ListedTable, NamedColumn


def described_tables(file: Path) -> Iterator[tuple[ListedTable, Mapping[str, Any]]]:
    """The tables, each with its description."""
    yield from ((_table(one), one) for one in read_description(file)[0]["tables"])


def named_columns(table: ListedTable, entry: Mapping[str, Any]) -> Iterator[tuple[str, NamedColumn]]:
    """The columns that stand in the files, each with its property."""
    for column in entry["tableSchema"]["columns"]:
        if "propertyUrl" in column and not column.get("virtual"):
            titles = column.get("titles", ())
            several = titles.values() if isinstance(titles, Mapping) else [titles]
            flat = (one for each in several for one in ([each] if isinstance(each, str) else each))
            about = {one["@language"]: one["@value"] for one in column.get("dc:description", ())}
            names = tuple(dict.fromkeys((column["name"], *flat)))
            yield column["propertyUrl"], NamedColumn(table.kind, names, Text(about))


def column_links(entry: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Where the columns lead: the beginning of IRIs, and the property."""
    for column in entry["tableSchema"]["columns"]:
        folder, place, _ = column.get("valueUrl", "").partition("{")
        if folder and place and "propertyUrl" in column:
            yield folder, column["propertyUrl"]


def _table(entry: Mapping[str, Any]) -> ListedTable:
    key, schema = entry["url"].removesuffix(".csv"), entry["tableSchema"]
    columns = schema["columns"]
    about = schema.get("aboutUrl") or next((one["aboutUrl"] for one in columns if "aboutUrl" in one), "")
    own = [one for one in columns if one.get("virtual") and one.get("aboutUrl", about) == about]
    stated = {one.get("propertyUrl"): one.get("valueUrl") for one in own}
    scheme = stated.get(SKOS + "inScheme")
    kind = scheme or stated.get(TYPE) or ""
    titles = {one["@language"]: one["@value"] for one in entry.get("dc:title", ())}
    named = any(one.get("propertyUrl") == SKOS + "prefLabel" for one in columns)
    folder = about.partition("{")[0]
    named = named and "://" not in folder  # terms that are added to schemes have these as lists
    return ListedTable(key, Text(titles or {"": key}), kind, scheme is not None, folder, named)
