"""The files in the folder of a source: tables, workbooks, and what is named for what it is."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from transfergraph.config.raw_files import FILES_FILE
from transfergraph.config.workspace import SOURCE_FILE, Source, Workspace
from transfergraph.findings import Finding, Place, Severity
from transfergraph.messages import Value
from transfergraph.tables.csv_reader import Sheet, fault, read_csv
from transfergraph.tables.csvw import Table, TableGroup
from transfergraph.tables.own_sheets import is_own_sheet

_IGNORED = {".sql", ".md"}
_OF_THE_SYSTEM = {"thumbs.db", "desktop.ini", "ehthumbs.db", "icon\r"}
_OTHER_WORKBOOKS = {".xls", ".xlsb", ".xlsm", ".xltx", ".ods", ".fods", ".numbers"}
_ENDINGS = (".csv", ".csv.gz")
_ALIKE = 0.75  # of difflib: 1 is equal; “notes” and “terms” have 0.6
_OF_ONE_TABLE = 0.8  # of the names in a header those that a table has
_LEAST_COLUMNS = 3


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
        if path.name in (SOURCE_FILE, FILES_FILE) or path.name.startswith((".", "~$")) or suffix in _IGNORED:
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
            likely = _alike(path.name, files, there) or _by_header(
                _header(path, place, workspace.settings.limits.file_megabytes), group, there
            )
            yield _surplus("table.unknown-file", place, path.name, files, likely, file=path.name)
        else:
            table = _table_of(path)
            megabytes, columns = workspace.settings.limits.file_megabytes, _columns(group.table(table))
            yield read_csv(path, table, place.file or "", source.name, megabytes, columns)


def _table_of(path: Path) -> str:
    """The table that a CSV file would hold by its name; empty for a file that is none."""
    return path.name.split(".", 1)[0] if path.name.endswith(_ENDINGS) else ""


def _sheets(workspace: Workspace, source: Source, group: TableGroup, path: Path) -> Iterator[Sheet | Finding]:
    from transfergraph.tables.xlsx_reader import read_workbook  # openpyxl is slow to load

    known = [table.name for table in group.tables]
    file, megabytes = workspace.relative(path), workspace.settings.limits.file_megabytes
    found = read_workbook(path, file, source.name, megabytes, group)
    there = {f"{sheet.table}.csv" for sheet in found if isinstance(sheet, Sheet)}
    others = [f"{one.name} {table}" for one in workspace.sources if one != source for table in known]
    for sheet in found:
        if not isinstance(sheet, Sheet) or sheet.table in known:
            yield sheet
        elif is_own_sheet(sheet.table, sheet.header) or sheet.table in others:
            continue
        else:
            place = Place(source.name, file, sheet.sheet)
            files = [f"{table}.csv" for table in known]
            likely = _alike(sheet.table, files, there) or _by_header(sheet.header, group, there)
            likely = likely and likely.removesuffix(".csv")
            yield _surplus("table.unknown-sheet", place, sheet.table, known, likely, sheet=sheet.table)


def _surplus(
    code: str, place: Place, name: str, known: Sequence[str], likely: str | None, **values: Value
) -> Finding:
    """What is none of the tables: a violation where one that is missing is probably meant."""
    if likely is not None:
        return fault(f"{code}.suggested", place, name, Severity.VIOLATION, likely=likely, **values)
    return fault(code, place, name, Severity.WARNING, tables=list(known), **values)


def _alike(name: str, files: Sequence[str], there: Collection[str]) -> str | None:
    """The file of a missing table whose name is nearly that one."""
    missing = [one.removesuffix(".csv") for one in files if one not in there]
    begin = name.lower().partition(".")[0]
    near = difflib.get_close_matches(begin, sorted(missing), n=1, cutoff=_ALIKE)
    return f"{near[0]}.csv" if near else None


def _by_header(header: Sequence[str], group: TableGroup, there: Collection[str]) -> str | None:
    """The file of the one missing table that has nearly all the columns of a header."""
    named = {name.strip() for name in header} - {""}
    if len(named) < _LEAST_COLUMNS:
        return None
    shares = {
        table.name: len(named & _columns(table)) / len(named)
        for table in group.tables
        if f"{table.name}.csv" not in there
    }
    best = max(shares.values(), default=0)
    fitting = [name for name, share in shares.items() if share == best]
    return f"{fitting[0]}.csv" if len(fitting) == 1 and best >= _OF_ONE_TABLE else None


def _columns(table: Table) -> set[str]:
    return {one for column in table.file_columns for one in (column.name, *column.titles)}


def _header(path: Path, place: Place, megabytes: int) -> Sequence[str]:
    """The header of a file that is named like a CSV file; empty for another one."""
    if not path.name.endswith(_ENDINGS):
        return ()
    sheet = read_csv(path, "", place.file or "", place.source or "", megabytes)
    return sheet.header if isinstance(sheet, Sheet) else ()


def _no_file(path: Path) -> str | None:
    """The fault of what is no file to read."""
    if path.is_dir():
        return "table.folder"
    return None if path.is_file() else "table.not-a-file"
