"""pandera on the tables: ``python validate_pandera.py SCHEMA FOLDER...``, in its own environment.

The module ``csv`` reads them, since pandas stops at the first odd row; one of another width counts as found.
Prints for each folder what it finds, as JSON: table, row (0 for none), column and check of each failure.
"""

from __future__ import annotations

import csv
import json
import sys
import warnings
from pathlib import Path
from typing import Any

import pandas
import pandera.pandas as pa

FORMS = {
    "number": r"[+-]?(\d+(\.\d*)?|\.\d+)",
    "integer": r"[+-]?\d+",
    "uri": r"https?://[^\s#]+(#[^\s#]*)?",
    "date": r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])",
}

Described = dict[str, Any]
Error = list[Any]


def main(schema: Described, folders: list[str]) -> None:
    """Validate the tables of each folder."""
    warnings.simplefilter("ignore")
    print(json.dumps({folder: found(schema, Path(folder)) for folder in folders}))


def found(schema: Described, folder: Path) -> list[Error]:
    errors: list[Error] = []
    frames: dict[str, Any] = {}
    for name in schema:
        file = folder / f"{name}.csv"
        if file.is_file() and (frame := read(file, errors)) is not None:
            frames[name] = frame
    for name, frame in frames.items():
        try:
            described(schema, name, frames).validate(frame, lazy=True)
        except pa.errors.SchemaErrors as found_errors:
            for case in found_errors.failure_cases.to_dict("records"):
                errors.append([name, *placed(case), str(case["check"])[:40]])
    return errors


def placed(case: dict[str, Any]) -> tuple[int, str]:
    index, column = case["index"], str(case["column"])
    if index is None or index != index:
        is_header = case["check"] in ("column_in_schema", "column_in_dataframe")
        return (1, str(case["failure_case"])) if is_header else (0, column)
    return int(index) + 2, "" if case["schema_context"] == "DataFrameSchema" else column


def read(file: Path, errors: list[Error]) -> Any:
    """The table; rows of another width are blank. None for what cannot be read."""
    rows: list[list[str]] = []
    try:
        with file.open(encoding="utf-8", newline="") as stream:
            rows.extend(csv.reader(stream, strict=True))
    except UnicodeDecodeError:
        errors.append([file.stem, 0, "", "encoding"])
        return None
    except csv.Error:
        errors.append([file.stem, len(rows) + 1, "", "unreadable"])
        return None
    width = len(rows[0])
    errors += [[file.stem, number, "", "width"] for number, row in enumerate(rows, 1) if len(row) != width]
    cells = [[cell or None for cell in row] if len(row) == width else [None] * width for row in rows[1:]]
    return pandas.DataFrame(cells, columns=rows[0], dtype=object)


def described(schema: Described, name: str, frames: dict[str, Any]) -> Any:
    columns = {}
    for column in schema[name]["columns"]:
        checks = []
        pattern = column["pattern"] or ("" if column["separator"] else FORMS.get(column["type"], ""))
        if pattern:
            checks.append(pa.Check.str_matches(f"^({pattern})$"))
        if column["enum"]:
            checks.append(pa.Check.isin(column["enum"]))
        if column["targets"] and all(target in frames for target in column["targets"]):
            targets = column["targets"]
            known = {key for target in targets for key in frames[target].iloc[:, 0].dropna()}
            checks.append(refers_to(known, column["separator"]))
        columns[column["name"]] = pa.Column(str, checks, nullable=not column["required"])
    return pa.DataFrameSchema(columns, unique=schema[name]["key"], strict=True)


def refers_to(known: set[str], separator: str) -> Any:
    if not separator:
        return pa.Check.isin(known)
    name = "known_keys"
    return pa.Check(
        lambda text: all(one in known for one in text.split(separator)), element_wise=True, name=name
    )


if __name__ == "__main__":
    main(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")), sys.argv[2:])
