"""A second reader of published tables, slow and plain: what the row of a CSV file states, by its description.

It uses nothing of the package: the description (CSVW) is read as JSON, its templates are filled with ``re``.
"""

from __future__ import annotations

import csv
import json
import re
from functools import cache
from pathlib import Path
from urllib.parse import quote

import pyoxigraph as ox

Stated = tuple[str, str, str]
"""Subject, predicate and object of a triple as N-Triples writes them."""


@cache
def rows_of(table: Path) -> list[list[str]]:
    """All rows of a published table, the header first."""
    with table.open(encoding="utf-8", newline="") as stream:
        return list(csv.reader(stream))


def stated_by(table: Path, row: int) -> dict[Stated, set[str]]:
    """The triples that a row states (the header is row 1), each with the columns that say so."""
    header, cells = rows_of(table)[0], rows_of(table)[row - 1]
    described = json.loads((table.parent / "csvw-metadata.json").read_text(encoding="utf-8"))
    schema = next(one["tableSchema"] for one in described["tables"] if one["url"] == table.name)
    named = dict(zip(header, cells, strict=True))
    found: dict[Stated, set[str]] = {}
    for column in schema["columns"]:
        name = column["name"]
        if column.get("suppressOutput"):
            continue
        content = "" if column.get("virtual") else named[name]
        items = content.split(column["separator"]) if "separator" in column else [content]
        for item in items if content or column.get("virtual") else ():
            subject = f"<{_filled(column.get('aboutUrl', schema.get('aboutUrl')), named)}>"
            value = _object(column, {**named, name: item}, item)
            found.setdefault((subject, f"<{column['propertyUrl']}>", value), set()).add(name)
    return found


def _object(column: dict[str, object], named: dict[str, str], item: str) -> str:
    if "valueUrl" in column:
        return f"<{_filled(str(column['valueUrl']), named)}>"
    if "lang" in column:
        return str(ox.Literal(item, language=str(column["lang"]).lower()))
    datatype = column.get("datatype", "string")
    if isinstance(datatype, dict):
        datatype = datatype.get("@id") or datatype.get("base", "string")
    iri = str(datatype) if "://" in str(datatype) else f"http://www.w3.org/2001/XMLSchema#{datatype}"
    return str(ox.Literal(item, datatype=ox.NamedNode(iri)))


def _filled(template: str, named: dict[str, str]) -> str:
    plain = re.sub(r"\{\+(\w+)\}", lambda found: named[found[1]], template)
    return re.sub(r"\{(\w+)\}", lambda found: quote(named[found[1]], safe="~"), plain)
