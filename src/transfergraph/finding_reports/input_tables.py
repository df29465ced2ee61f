"""The input files as plain rows, to be copied with their findings marked."""

from __future__ import annotations

from collections.abc import Iterator

from transfergraph.config.workspace import Workspace
from transfergraph.finding_reports.marked_workbook import AnnotatedTable, OriginalWorkbook
from transfergraph.findings import Finding
from transfergraph.tables.csv_reader import Sheet, read_csv
from transfergraph.tables.csvw import TableGroup
from transfergraph.tables.xlsx_reader import read_workbook


def annotated_sources(workspace: Workspace, group: TableGroup) -> Iterator[AnnotatedTable | OriginalWorkbook]:
    """Every table of every source as it stands in its file; what cannot be read is left out.

    With several sources the sheets of CSV files are named ``<source> <table>``.
    """
    names = {f"{table.name}{ending}": table.name for table in group.tables for ending in (".csv", ".csv.gz")}
    megabytes = workspace.settings.limits.file_megabytes
    for source in workspace.sources:
        for path in sorted(source.folder.iterdir()):
            file = workspace.relative(path)
            if path.suffix == ".xlsx":
                sheets = read_workbook(path, file, source.name, megabytes)
                if any(isinstance(sheet, Sheet) for sheet in sheets):
                    yield OriginalWorkbook(file, path)
            elif path.name in names:
                sheet = read_csv(path, names[path.name], file, source.name, megabytes)
                if isinstance(sheet, Sheet):
                    name = sheet.table if len(workspace.sources) == 1 else f"{source.name} {sheet.table}"
                    yield AnnotatedTable(name, file, None, [sheet.header, *_rows(sheet)])


def _rows(sheet: Sheet) -> Iterator[tuple[str, ...]]:
    for item in sheet.rows():
        if isinstance(item, Finding):
            return
        yield tuple(item[1])
