"""The package ``csvw`` on the tables: ``python validate_csvw.py SCHEMA FOLDER...``, in its own environment.

Prints for each folder what it finds, as JSON: table, row (0 for none), column and kind of each error.
"""

from __future__ import annotations

import csv
import json
import logging
import re
import sys
import warnings
from pathlib import Path
from typing import Any

from csvw import TableGroup

PLACE = re.compile(r"(\w+)\.csv:(\d+)(?::(\d+))?(?:[: ]+(\w+))?")
BASES = {"uri": "anyURI"}

Described = dict[str, Any]
Error = list[Any]


class Heard(logging.Handler):
    """Keeps what is logged."""

    def __init__(self) -> None:
        super().__init__()
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage())


def main(schema: Described, folders: list[str]) -> None:
    """Validate the tables of each folder as one group."""
    warnings.simplefilter("ignore")
    print(json.dumps({folder: found(schema, Path(folder)) for folder in folders}))


def found(schema: Described, folder: Path) -> list[Error]:
    metadata = folder / "csv-metadata.json"
    tables = [described(schema, name) for name in schema if (folder / f"{name}.csv").is_file()]
    content = {"@context": "http://www.w3.org/ns/csvw", "tables": tables}
    metadata.write_text(json.dumps(content), encoding="utf-8")
    errors = []
    for ask in (cells, keys, references):
        for table in TableGroup.from_file(metadata).tables if ask is not references else [None]:
            heard, log = Heard(), logging.getLogger("csvw.bench")
            log.handlers, log.propagate = [heard], False
            try:
                ask(table or TableGroup.from_file(metadata), log)
            except Exception as error:  # of many kinds, and then it is the file that is at fault
                name = table.local_name.removesuffix(".csv") if table else ""
                named = PLACE.search(str(error))
                errors.append(placed(folder, named, "stopped") if named else [name, 0, "", "stopped"])
            for message in heard.messages:
                if named := PLACE.search(message):
                    errors.append(placed(folder, named, ask.__name__))
    metadata.unlink()
    return errors


def cells(table: Any, log: logging.Logger) -> None:
    for _ in table.iterdicts(log=log):
        pass


def keys(table: Any, log: logging.Logger) -> None:
    table.check_primary_key(log=log)


def references(group: Any, log: logging.Logger) -> None:
    group.check_referential_integrity(log=log)


def placed(folder: Path, named: re.Match[str], kind: str) -> Error:
    table, line, column = named[1], int(named[2]), named[4] or ""
    column = "" if kind == "references" else column  # which it does not tell
    return [table, row_of(folder / f"{table}.csv", line), column, kind]


def row_of(file: Path, line: int) -> int:
    """The row that ends on a line or has it within."""
    with file.open(encoding="utf-8", errors="replace", newline="") as stream:
        reader = csv.reader(stream)
        return next((row for row, _ in enumerate(reader, 1) if reader.line_num >= line), line)


def described(schema: Described, name: str) -> Described:
    columns, references = [], []
    for column in schema[name]["columns"]:
        datatype = {"base": BASES.get(column["type"], column["type"])}
        if column["pattern"]:
            datatype = {"base": "string", "format": column["item"]}
        if column["enum"]:
            datatype = {"base": "string", "format": "|".join(map(re.escape, column["enum"]))}
        told = {"name": column["name"], "titles": column["name"], "datatype": datatype}
        told["required"] = column["required"]
        if column["separator"]:
            told["separator"] = column["separator"]
        columns.append(told)
        if len(column["targets"]) == 1:
            target = column["targets"][0]
            to = {"resource": f"{target}.csv", "columnReference": schema[target]["key"][0]}
            references.append({"columnReference": column["name"], "reference": to})
    key = schema[name]["key"]
    inner = {"columns": columns, "primaryKey": key, "foreignKeys": references}
    return {"url": f"{name}.csv", "tableSchema": inner}


if __name__ == "__main__":
    main(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")), sys.argv[2:])
