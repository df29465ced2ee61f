"""Linked tables made up from the description of the core, for tests of properties, as CSV and as a workbook."""

from __future__ import annotations

import csv
import datetime
import gzip
import json
import re
import shutil
import string
import unicodedata
from dataclasses import dataclass
from functools import cache
from itertools import takewhile
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any, NamedTuple

import openpyxl
from slow_reader import BLANKS
from workspaces import REPOSITORY, SOURCE, TABLES, make_workspace

from transfergraph.config.workspace import open_workspace
from transfergraph.vocabulary.term_lists import read_vocabulary

SOURCES = ("one", "two")
KEPT_DIGITS = 15
"""Of a number, which is what spreadsheet programs keep."""

Cells = dict[str, str]
World = dict[tuple[str, str], list[Cells]]
"""The rows by source and table; a row is its cells by column."""


class Fault(NamedTuple):
    """A cell, or a whole row, of a world; the number is that among the rows, from 0."""

    source: str
    table: str
    number: int
    column: str | None


@cache
def schemas() -> dict[str, dict[str, Any]]:
    """Those of tables that have keys: claims are about the cells of others, and state nothing of their own."""
    described = json.loads((REPOSITORY / "ontology" / "tables.json").read_text(encoding="utf-8"))
    schemas = {one["url"].removesuffix(".csv"): one["tableSchema"] for one in described["tables"]}
    return {name: schema for name, schema in schemas.items() if "primaryKey" in schema}


@cache
def terms() -> dict[str, list[str]]:
    concepts = read_vocabulary(open_workspace(REPOSITORY)).concepts
    return {iri: sorted(found.terms) for iri, found in concepts.items()}


def file_columns(table: str) -> list[dict[str, Any]]:
    return [column for column in schemas()[table]["columns"] if not column.get("virtual")]


@dataclass(frozen=True)
class Maker:
    """Makes up rows from some keys and texts; what else there is to choose is chance."""

    keys: list[str]
    texts: list[str]
    chance: Random

    def world(self, rows: int) -> World:
        found: World = {}
        for source in SOURCES:
            keys = self._keys_by_table()
            for table in schemas():
                count = len(keys[table]) if keys[table] else rows
                found[source, table] = [self._row(table, number, keys) for number in range(count)]
        return found

    def _keys_by_table(self) -> dict[str, list[str]]:
        """Keys of the tables that have one, no key twice where the addresses are of one shape."""
        keys: dict[str, list[str]] = {}
        shapes: dict[str, list[str]] = {}
        for table, schema in schemas().items():
            shapes.setdefault(str(schema["aboutUrl"]).split("{")[0], []).append(table)
        for tables in shapes.values():
            several = [*self.keys]
            self.chance.shuffle(several)
            for number, table in enumerate(tables):
                single = isinstance(schemas()[table]["primaryKey"], str)
                keys[table] = several[number :: len(tables)] if single else []
        return keys

    def _row(self, table: str, number: int, keys: dict[str, list[str]]) -> Cells:
        schema = schemas()[table]
        own = keys[table][number] if keys[table] else ""
        row = {}
        for column in file_columns(table):
            name = column["name"]
            if not column.get("required") and self.chance.random() < 0.4:
                row[name] = self.chance.choice(["", "", " ", "\u00a0"])
            elif name == schema["primaryKey"]:
                row[name] = self._untidy(own)
            elif "separator" in column:
                items = [self._value(column, own, keys) for _ in range(self.chance.randint(1, 3))]
                row[name] = ";".join(self._untidy(item) for item in items) + self.chance.choice(
                    ["", ";", " ; "]
                )
            else:
                row[name] = self._untidy(self._value(column, own, keys))
        return row

    def _untidy(self, cell: str) -> str:
        if self.chance.random() < 0.8:
            return cell
        blanks = ("".join(self.chance.choices(BLANKS, k=self.chance.randint(0, 2))) for _ in "12")
        return unicodedata.normalize(self.chance.choice(["NFC", "NFD"]), cell).join(blanks)

    def _value(self, column: dict[str, Any], own: str, keys: dict[str, list[str]]) -> str:
        chance = self.chance
        shape = str(column.get("valueUrl", "")).split("{")[0]
        if shape in terms():
            return chance.choice(terms()[shape])
        if targets := [t for t, schema in schemas().items() if schema["aboutUrl"].startswith(f"{shape}{{")]:
            known = [key for target in targets if not target.startswith("former") for key in keys[target]]
            if column["name"] in ("part_of", "subsidiary_of", "broader"):
                known = [*takewhile(lambda key: key != own, known)]  # nothing is a part of its parts
            if shape:
                return chance.choice(known) if known else ""
        return self._written(column)

    def _written(self, column: dict[str, Any]) -> str:
        chance, name, datatype = self.chance, column["name"], column.get("datatype", "string")
        base = datatype if isinstance(datatype, str) else datatype["base"]
        pattern = "" if isinstance(datatype, str) else datatype.get("format", "")
        of_its_own = {
            "ror": lambda: f"0{''.join(chance.choices('abcz09', k=6))}{chance.randint(10, 99)}",
            "currency": lambda: "".join(chance.choices("EURPLN", k=3)),
            "nuts": lambda: f"DE{chance.choice(['', 'D', 'D2', 'D21'])}",
            "ags": lambda: f"{chance.randint(0, 10**8 - 1):08}",
            "postal_codes": lambda: f"{chance.randint(0, 99999):05}",
            "grant_number": lambda: "".join(chance.choices("0123456789AZ./-", k=5)).join("0Z"),
            "lat": lambda: f"{chance.uniform(-90, 90):.{chance.randint(0, 6)}f}",
            "long": lambda: f"{chance.uniform(-180, 180):.{chance.randint(0, 6)}f}",
        }
        if name in of_its_own:
            return of_its_own[name]()
        if base == "decimal":
            return f"{chance.uniform(0, 10 ** chance.randint(1, 12)):.{chance.randint(0, 2)}f}"
        if base == "integer":
            return str(chance.choice([chance.randint(0, 99), chance.randint(0, 10**17), "0042"]))
        if base == "anyURI":
            return self._address()
        if base == "date" or "[0-9]{4}" in pattern:
            return self._date(name, base == "date", pattern)
        return chance.choice(self.keys if pattern else self.texts)

    def _date(self, name: str, whole: bool, pattern: str) -> str:
        """A day, month or year; every end is later than every start."""
        years = (2015, 2024) if name == "end" else (1990, 2014)
        day = datetime.date(
            self.chance.randint(*years), self.chance.randint(1, 12), self.chance.randint(1, 28)
        )
        if whole:
            return day.isoformat()
        about = self.chance.choice(["", "~"]) if pattern.endswith("~?") else ""
        return day.isoformat()[: self.chance.choice([4, 7, 10])] + about

    def _address(self) -> str:
        rest = "".join(
            self.chance.choices([*"ab/?&=;,'!$()*+@:~._-0", "%C3%BC", "%20"], k=self.chance.randint(0, 9))
        )
        host = "".join(self.chance.choices(string.ascii_letters + "-", k=4))
        return f"http{self.chance.choice(['', 's'])}://{host}.example/{rest}{self.chance.choice(['', '#x', '#'])}"


def mended(world: World, faults: set[Fault]) -> World:
    """The world with something sound in place of each faulty cell; a row without sound keys is left out."""
    found: World = {}
    for (source, table), rows in world.items():
        found[source, table] = []
        for index, row in enumerate(rows):
            faulty = {fault.column for fault in faults if fault[:3] == (source, table, index)}
            if not faulty & {None, *key_of(table)}:
                sound = {column["name"]: _sound(column) for column in file_columns(table)}
                found[source, table].append(row | {name: sound[name] for name in faulty if name})
    return found


def key_of(table: str) -> list[str]:
    key = schemas()[table]["primaryKey"]
    return [key] if isinstance(key, str) else list(key)


def _sound(column: dict[str, Any]) -> str:
    if not column.get("required"):
        return ""
    return "https://example.org/" if column.get("datatype") == "anyURI" else "x"


def empty_workspace(root: Path) -> Path:
    """A workspace whose sources have no tables yet."""
    make_workspace(root, **dict.fromkeys(TABLES))
    shutil.rmtree(root / "data" / "source")
    for source in SOURCES:
        folder = root / "data" / source
        folder.mkdir()
        (folder / "source.toml").write_text(SOURCE.partition("projects =")[0], encoding="utf-8")
    return root


def write_csv(world: World, root: Path, chance: Random) -> None:
    """Each table in a dialect of its own; the rows keep their numbers, the first one is 2."""
    for (source, table), rows in world.items():
        names = [column["name"] for column in file_columns(table)]
        chance.shuffle(names)
        end, delimiter = chance.choice(["\n", "\n", "\r\n"]), chance.choice(",,;\t")
        lines: list[str] = []
        written = SimpleNamespace(write=lambda line, lines=lines: lines.append(line.removesuffix("\r\n")))
        writer = csv.writer(
            written,
            delimiter=delimiter,
            lineterminator="\r\n",
            quoting=csv.QUOTE_ALL if chance.random() < 0.5 else csv.QUOTE_MINIMAL,
        )
        writer.writerow(names)
        writer.writerows([row.get(name, "") for name in names] for row in rows)
        first = chance.choice([[], [], [f"sep={delimiter}"]])
        text = end.join([*first, *lines, ""])
        content = text.encode(chance.choice(["utf-8", "utf-8-sig"]))
        if chance.random() < 0.2:
            (root / "data" / source / f"{table}.csv.gz").write_bytes(gzip.compress(content, 1))
        else:
            (root / "data" / source / f"{table}.csv").write_bytes(content)


def write_workbooks(world: World, root: Path, chance: Random) -> None:
    """Each source in a workbook: some numbers and days as such, in formats that show all of them."""
    for source in SOURCES:
        book = openpyxl.Workbook()
        book.remove(book.worksheets[0])
        for table in schemas():
            sheet = book.create_sheet(table)
            columns = file_columns(table)
            sheet.append([column["name"] for column in columns])
            for number, row in enumerate(world[source, table], 2):
                for index, column in enumerate(columns, 1):
                    value, code = _stored(row.get(column["name"], ""), column, chance)
                    cell = sheet.cell(number, index)
                    cell.value = value
                    cell.number_format = code
                    if isinstance(value, str):
                        cell.data_type = "s"
        book.save(root / "data" / source / "tables.xlsx")


def _stored(cell: str, column: dict[str, Any], chance: Random) -> tuple[object, str]:
    """How a spreadsheet program may hold what is typed into a cell, and its format."""
    text = re.sub("\r\n?", "\n", cell)
    datatype = column.get("datatype", "string")
    base = datatype if isinstance(datatype, str) else datatype["base"]
    if not cell.strip(BLANKS):
        return cell or None, "General"
    if chance.random() < 0.3:
        return text.replace("_x", "_x005F_x"), "@"
    if base in ("integer", "decimal") and len(re.sub("[^0-9]", "", cell)) <= KEPT_DIGITS:
        return float(cell), chance.choice(["General", "0.000000", "#,##0.000000"])
    if re.fullmatch("[1-9][0-9]{0,8}", cell):
        return int(cell), chance.choice(["General", "0"])
    if found := re.fullmatch("0[0-9]{1,8}", cell):
        return int(cell), "0" * len(found[0])
    if re.fullmatch("(19|20)[0-9]{2}-[0-9]{2}(-[0-9]{2})?", cell):
        day = datetime.date.fromisoformat(cell if len(cell) == len("2019-10-01") else f"{cell}-01")
        forms = ["yyyy-mm-dd", "dd.mm.yyyy"] if cell == day.isoformat() else ["mm/yyyy", '"im" mmmm yyyy']
        return day, chance.choice(forms)
    return text.replace("_x", "_x005F_x"), "General"
