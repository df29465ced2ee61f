"""A new workspace: settings, and a source with example rows in each table."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from string import Template

from transfergraph.config.declarations import declarations_of
from transfergraph.config.workspace import SETTINGS_FILE
from transfergraph.errors import UsageError
from transfergraph.tables.csvw import read_table_group

_EXAMPLE = Path(__file__).parent / "example_workspace"
_SETTINGS = Path(SETTINGS_FILE), Path("data", "example", "source.toml")


def init(folder: str | Path) -> Path:
    """Make a workspace in a new or empty folder, which builds as it is; returns the folder.

    Title and base IRI are made from its name, version and dates from today. Raises :class:`UsageError` for a
    folder that has something in it or cannot be written.
    """
    root = Path(folder).resolve()
    try:
        root.mkdir(parents=True, exist_ok=True)
        if any(root.iterdir()):
            raise UsageError(f"{root} is not empty; name a folder that is new, or has nothing in it.")
        for file, text in _files(root):
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{root} cannot be made: {error}") from error
    return root


def _files(root: Path) -> Iterator[tuple[Path, str]]:
    name = root.name or "graph"
    slug = "-".join(re.findall(r"[a-z0-9]+", name.lower())) or "graph"
    today = date.today()
    given = {
        "base": f"https://example.org/{slug}/",
        "title": json.dumps(name, ensure_ascii=False),
        "today": today.isoformat(),
        "version": f"{today:%Y.%m}",
    }
    for path in _SETTINGS:
        yield root / path, Template((_EXAMPLE / path).read_text(encoding="utf-8")).substitute(given)
    for table in read_table_group(declarations_of(root).tables, given["base"]).tables:
        path = Path("data", "example", f"{table.name}.csv")
        yield root / path, _whole(_EXAMPLE / path, [column.name for column in table.file_columns])


def _whole(file: Path, columns: list[str]) -> str:
    """The example rows with all columns of their table."""
    with file.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    lines = [columns, *([row.get(column, "") for column in columns] for row in rows)]
    return "".join(f"{','.join(map(_cell, line))}\n" for line in lines)


def _cell(value: str) -> str:
    quoted = value.replace('"', '""')
    return f'"{quoted}"' if re.search(r'[",\n]', value) else value
