"""The files in the folder of a source: tables, workbooks, and what is named for what it is."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from transfergraph.config.workspace import SOURCE_FILE, Source, Workspace
from transfergraph.findings import Finding, Place, Severity
from transfergraph.messages import Value
from transfergraph.tables.csv_reader import Sheet, fault, read_csv
from transfergraph.tables.csvw import TableGroup
from transfergraph.tables.own_sheets import is_own_sheet

_IGNORED = {".sql", ".md"}
_OF_THE_SYSTEM = {"thumbs.db", "desktop.ini", "ehthumbs.db", "icon\r"}
_OTHER_WORKBOOKS = {".xls", ".xlsb", ".xlsm", ".xltx", ".ods", ".fods", ".numbers"}
_ENDINGS = (".csv", ".csv.gz")
_ALIKE = 0.75  # of difflib: 1 is equal; “notes” and “terms” have 0.6


def sheets_of(workspace: Workspace, source: Source, group: TableGroup) -> Iterator[Sheet | Finding]:
    """Every table in the folder of a source; a file or sheet that is none is a finding.

    It is a warning, unless the table that is probably meant, or any table, is missing.
    """
    known = [table.name for table in group.tables]
    files = [f"{table}.csv" for table in known]
    paths = sorted(source.folder.iterdir())
    tables = [path for path in paths if path.suffix.lower() == ".xlsx" or _table_of(path) in known]
    there = {f"{_table_of(path)}.csv" for path in tables}
    for path in paths:
        place = Place(source.name, workspace.relative(path))
        suffix = path.suffix.lower()
        if path.name == SOURCE_FILE or path.name.startswith((".", "~$")) or suffix in _IGNORED:
            continue
        if what := _no_file(path):
            severity = Severity.WARNING if path.is_dir() else Severity.VIOLATION
            yield fault(what, place, path.name, severity, file=path.name)
        elif path.name.lower() in _OF_THE_SYSTEM:
            yield fault("table.system-file", place, path.name, Severity.INFO, file=path.name)
        elif suffix in _OTHER_WORKBOOKS:
            severity = Severity.WARNING if tables else Severity.VIOLATION
            yield fault("table.other-workbook", place, path.name, severity, file=path.name)
        elif suffix == ".xlsx":
            yield from _sheets(workspace, source, group, path)
        elif _table_of(path) not in known:
            yield _surplus("table.unknown-file", place, path.name, files, there, file=path.name)
        else:
            table = _table_of(path)
            columns = {
                one for column in group.table(table).file_columns for one in (column.name, *column.titles)
            }
            megabytes = workspace.settings.limits.file_megabytes
            yield read_csv(path, table, place.file or "", source.name, megabytes, columns)


def _table_of(path: Path) -> str:
    """The table that a CSV file would hold by its name; empty for a file that is none."""
    return path.name.split(".", 1)[0] if path.name.endswith(_ENDINGS) else ""


def _sheets(workspace: Workspace, source: Source, group: TableGroup, path: Path) -> Iterator[Sheet | Finding]:
    from transfergraph.tables.xlsx_reader import read_workbook  # openpyxl is slow to load

    known = [table.name for table in group.tables]
    file, megabytes = workspace.relative(path), workspace.settings.limits.file_megabytes
    found = read_workbook(path, file, source.name, megabytes, group)
    there = {sheet.table for sheet in found if isinstance(sheet, Sheet)}
    others = [f"{one.name} {table}" for one in workspace.sources if one != source for table in known]
    for sheet in found:
        if not isinstance(sheet, Sheet) or sheet.table in known:
            yield sheet
        elif is_own_sheet(sheet.table, sheet.header) or sheet.table in others:
            continue
        else:
            place = Place(source.name, file, sheet.sheet)
            yield _surplus("table.unknown-sheet", place, sheet.table, known, there, sheet=sheet.table)


def _surplus(
    code: str, place: Place, name: str, known: Sequence[str], there: Collection[str], **values: Value
) -> Finding:
    """What is none of the tables: a violation where one that is missing is probably meant."""
    missing = {one.removesuffix(".csv"): one for one in known if one not in there}
    begin = name.lower().partition(".")[0]
    near = difflib.get_close_matches(begin, sorted(missing), n=1, cutoff=_ALIKE)
    if near:
        return fault(f"{code}.suggested", place, name, Severity.VIOLATION, likely=missing[near[0]], **values)
    return fault(code, place, name, Severity.WARNING, tables=list(known), **values)


def _no_file(path: Path) -> str | None:
    """The fault of what is no file to read."""
    if path.is_dir():
        return "table.folder"
    return None if path.is_file() else "table.not-a-file"
