"""The files in the folder of a source: tables, workbooks, and what is named for what it is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from transfergraph.config.workspace import SOURCE_FILE, Source, Workspace
from transfergraph.findings import Finding, Place, Severity
from transfergraph.tables.csv_reader import Sheet, fault, read_csv, suggested
from transfergraph.tables.csvw import TableGroup

_IGNORED = {".sql", ".md"}
_OF_THE_SYSTEM = {"thumbs.db", "desktop.ini", "ehthumbs.db", "icon\r"}
_OTHER_WORKBOOKS = {".xls", ".xlsb", ".xlsm", ".xltx", ".ods", ".fods", ".numbers"}


def sheets_of(workspace: Workspace, source: Source, group: TableGroup) -> Iterator[Sheet | Finding]:
    """Every table in the folder of a source; a file or sheet that is none is a finding."""
    known = [table.name for table in group.tables]
    files = [f"{table}.csv" for table in known]
    megabytes = workspace.settings.limits.file_megabytes
    for path in sorted(source.folder.iterdir()):
        file = workspace.relative(path)
        place = Place(source.name, file)
        name, suffix = path.name.split(".", 1)[0], path.suffix.lower()
        if path.name == SOURCE_FILE or path.name.startswith((".", "~$")) or suffix in _IGNORED:
            continue
        if what := _no_file(path):
            yield fault(what, place, path.name, file=path.name)
        elif path.name.lower() in _OF_THE_SYSTEM:
            yield fault("table.system-file", place, path.name, Severity.INFO, file=path.name)
        elif suffix in _OTHER_WORKBOOKS:
            yield fault("table.other-workbook", place, path.name, file=path.name)
        elif suffix == ".xlsx":
            from transfergraph.tables.xlsx_reader import read_workbook  # openpyxl is slow to load

            for sheet in read_workbook(path, file, source.name, megabytes, group):
                if isinstance(sheet, Sheet) and sheet.table not in known:
                    place = Place(source.name, file, sheet.sheet)
                    sheet = suggested(
                        "table.unknown-sheet", place, sheet.table, known, {"tables": known}, sheet=sheet.table
                    )
                yield sheet
        elif not path.name.endswith((".csv", ".csv.gz")) or name not in known:
            yield suggested("table.unknown-file", place, path.name, files, {"tables": files}, file=path.name)
        else:
            columns = {
                one for column in group.table(name).file_columns for one in (column.name, *column.titles)
            }
            yield read_csv(path, name, file, source.name, megabytes, columns)


def _no_file(path: Path) -> str | None:
    """The fault of what is no file to read."""
    if path.is_dir():
        return "table.folder"
    return None if path.is_file() else "table.not-a-file"
