"""frictionless-py on the tables: ``python validate_frictionless.py SCHEMA FOLDER...``, where it is installed.

Prints for each folder what it finds, as JSON: table, row (0 for none), column and type of each error.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from frictionless import Package, system

TYPES = {"uri": ("string", "uri"), "date": ("date", "default")}

Described = dict[str, Any]
Error = list[Any]


def main(schema: Described, folders: list[str]) -> None:
    """Validate the tables of each folder as one package."""
    with system.use_context(trusted=True):
        print(json.dumps({folder: found(schema, Path(folder)) for folder in folders}))


def found(schema: Described, folder: Path) -> list[Error]:
    resources = [
        {"name": name, "path": f"{name}.csv", "encoding": "utf-8", "schema": described(schema, name)}
        for name in schema
        if (folder / f"{name}.csv").is_file()
    ]
    package = Package.from_descriptor({"name": "tables", "resources": resources}, basepath=str(folder))
    errors = []
    for task in package.validate(limit_errors=100_000).tasks:
        for error in task.errors:
            told = error.to_descriptor()
            row = told.get("rowNumber") or (told.get("rowNumbers") or [0])[0]
            column = told.get("fieldName", "")
            if told["type"] == "foreign-key":
                column = ",".join(told.get("fieldNames", []))
            row = row or (1 if column else 0)
            errors.append([task.name, row, column, told["type"]])
    return errors


def described(schema: Described, name: str) -> Described:
    """A Table Schema: no lists, and no references to one of several tables, which it cannot say."""
    fields, references = [], []
    for column in schema[name]["columns"]:
        kind, form = TYPES.get(column["type"], (column["type"], "default"))
        kind = "string" if column["separator"] else kind
        constraints = {"required": column["required"]}
        if column["pattern"] and kind == "string":  # numbers take none
            constraints["pattern"] = column["pattern"]
        if column["enum"] and not column["separator"]:
            constraints["enum"] = column["enum"]
        fields.append({"name": column["name"], "type": kind, "format": form, "constraints": constraints})
        if len(column["targets"]) == 1 and not column["separator"]:
            target = "" if column["targets"][0] == name else column["targets"][0]
            reference = {"resource": target, "fields": [schema[column["targets"][0]]["key"][0]]}
            references.append({"fields": [column["name"]], "reference": reference})
    return {"fields": fields, "primaryKey": schema[name]["key"], "foreignKeys": references}


if __name__ == "__main__":
    main(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")), sys.argv[2:])
