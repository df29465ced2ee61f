"""A second reader of the tables: slow, plain, and of nothing but the standards and what docs/curating.md says.

"Generating RDF from Tabular Data on the Web" (W3C, 2015), minimal mode, row by row with the csv module. It
checks nothing: the tables are taken for sound.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pyoxigraph as ox
from workspaces import REPOSITORY

from transfergraph.common.namespaces import XSD

BLANKS = " \t\n\r\u00a0"


def slow_quads(root: Path) -> Iterator[ox.Quad]:
    """What the CSV files of a workspace say, by the description of the core."""
    base = tomllib.loads((root / "transfergraph.toml").read_text(encoding="utf-8"))["graph"]["base"]
    described = json.loads((REPOSITORY / "ontology" / "tables.json").read_text(encoding="utf-8"))["tables"]
    for folder in sorted((root / "data").iterdir()):
        graph = ox.NamedNode(f"{base}graph/{folder.name}")
        for table in described:
            for file in folder.glob(f"{table['url']}*"):
                for row in read_rows(file):
                    for triple in triples_of(table["tableSchema"], row, base):
                        yield ox.Quad(*triple, graph)


def read_rows(file: Path) -> Iterator[dict[str, str]]:
    """The rows of a CSV file by the names of its header, without blank ones."""
    content = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
    text = content.decode("utf-8-sig")
    if named := re.match("sep=(.)\r?\n", text):
        delimiter, text = named[1], text[named.end() :]
    else:
        delimiter = max(",;\t", key=re.split("[\r\n]", text)[0].count)
    header, *rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    for cells in rows:
        if "".join(cells).strip():
            yield dict(zip(header, cells, strict=False))


def triples_of(
    schema: Mapping[str, Any], row: Mapping[str, str], base: str
) -> Iterator[tuple[ox.NamedNode, ox.NamedNode, ox.NamedNode | ox.Literal]]:
    columns = schema["columns"]
    values = {column["name"]: cell_value(column, row.get(column["name"], "")) for column in columns}
    singles = {name: value for name, items in values.items() for value in items[:1]}
    subject = expanded(schema["aboutUrl"], singles, base)
    for column in columns:
        if column.get("suppressOutput"):
            continue
        property_ = ox.NamedNode(column["propertyUrl"])
        for value in [""] if column.get("virtual") else values[column["name"]]:
            if "valueUrl" in column:
                yield (
                    subject,
                    property_,
                    expanded(column["valueUrl"], {**singles, column["name"]: value}, base),
                )
            else:
                yield subject, property_, literal(column, value)


def cell_value(column: Mapping[str, Any], cell: str) -> list[str]:
    """The items of a cell; a cell of a column without a separator has at most one."""
    text = unicodedata.normalize("NFC", re.sub("\r\n?", "\n", cell))
    items = text.split(column["separator"]) if "separator" in column else [text]
    found = [item.strip(BLANKS) for item in items if item.strip(BLANKS)]
    datatype = column.get("datatype")
    if isinstance(datatype, dict) and datatype["base"] in ("integer", "decimal"):
        return [plain_number(item) for item in found]
    return found


def plain_number(number: str) -> str:
    digits = number.lstrip("+-")
    sign = number.removesuffix(digits)
    while len(digits) > 1 and digits[0] == "0" and digits[1] != ".":
        digits = digits[1:]
    return sign + (digits.rstrip("0").rstrip(".") if "." in digits else digits)


def expanded(template: str, values: Mapping[str, str], base: str) -> ox.NamedNode:
    """RFC 6570: ``{name}`` is percent-encoded but for what is unreserved; ``{+name}`` is an address already."""

    def fill(found: re.Match[str]) -> str:
        if found[1]:
            return values[found[2]]
        return "".join(
            chr(byte) if re.fullmatch(rb"[A-Za-z0-9._~-]", bytes([byte])) else f"%{byte:02X}"
            for byte in values[found[2]].encode()
        )

    iri = re.sub(r"\{(\+?)(\w+)\}", fill, template)
    return ox.NamedNode(iri if re.match("https?:", iri) else base + iri)


def literal(column: Mapping[str, Any], value: str) -> ox.Literal:
    if "lang" in column:
        return ox.Literal(value, language=column["lang"])
    datatype = column.get("datatype", "string")
    if isinstance(datatype, str):
        datatype = {"base": datatype}
    iri = datatype.get("@id", XSD + datatype["base"])
    return ox.Literal(value, datatype=ox.NamedNode(iri))
