"""A copy of the tables as one XLSX workbook, with the findings listed first and marked in their cells."""

from __future__ import annotations

import warnings
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import Cell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from transfergraph.common.displayed_values import shorten, shown
from transfergraph.common.files import replace_file
from transfergraph.common.xlsx_writer import (
    MOST_COLUMNS,
    MOST_ROWS,
    CutMark,
    anchor,
    clean,
    copy_sheet,
    put,
    sheet_name,
    workbook_bytes,
    write_rows,
)
from transfergraph.config.workspace import Workspace
from transfergraph.errors import InputError, UsageError
from transfergraph.finding_reports.terminal import severity_word
from transfergraph.findings import Finding, Report, Severity, column_number
from transfergraph.messages import explained, text
from transfergraph.tables.csv_reader import Sheet, read_csv
from transfergraph.tables.csvw import TableGroup
from transfergraph.tables.xlsx_reader import read_workbook

# Vermilion, yellow and sky blue of Okabe and Ito, which colour-blind people tell apart; black text on
# each has a contrast of at least 5 : 1.
_COLOURS = {Severity.VIOLATION: "FFD55E00", Severity.WARNING: "FFF0E442", Severity.INFO: "FF56B4E9"}
_FILLS = {severity: PatternFill("solid", fgColor=colour) for severity, colour in _COLOURS.items()}
_BLACK = "FF000000"
_AUTHOR = "transfergraph"
_NOTE_FINDINGS = 5
_NOTE_LENGTH = 2000
_VALUE_LENGTH = 200
_MOST_LINKED = 32_500  # rows with two links each; Excel refuses more than 65,530 links in one sheet
_COLUMNS = (  # the first as tables.own_sheets.LISTING has them
    ("report.severity", 11),
    ("report.cell", 20),
    ("report.file", 34),
    ("report.sheet", 16),
    ("report.row", 8),
    ("report.column", 18),
    ("report.value", 30),
    ("report.message", 60),
    ("report.remedy", 60),
    ("report.code", 28),
    ("report.focus", 40),
    ("report.path", 40),
)

_CODE = 1 + [key for key, _ in _COLUMNS].index("report.code")


@dataclass(frozen=True, slots=True)
class AnnotatedTable:
    """A table as it was read, the header first; ``file`` and ``sheet`` are those of its findings' places.

    ``name`` is the sheet in the copy.
    """

    name: str
    file: str
    sheet: str | None
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class OriginalWorkbook:
    """An XLSX file whose sheets are copied with their formatting; ``file`` is that of the places.

    ``tables`` are the sheets as they were read, for a file that cannot be copied.
    """

    file: str
    path: Path
    tables: tuple[AnnotatedTable, ...] = ()


@dataclass(frozen=True, slots=True)
class _Target:
    """A sheet of the copy; ``columns`` finds a column by its name in the header."""

    sheet: Worksheet
    columns: dict[str, int]


_Targets = dict[tuple[str, str | None], _Target]


def annotate(
    report: Report, sources: Sequence[AnnotatedTable | OriginalWorkbook], target: Path, language: str
) -> None:
    """Write the marked copy of these sources to ``target``, a path that ends with ``.xlsx``.

    The first sheet lists all findings with links to each cell and to what the code means. A cell is filled
    by its gravest finding and carries the messages as a note; a finding about a column marks its header,
    one about a row its first cell. Formulas are replaced by the values they had. The same input gives the
    same bytes.

    An original must have passed the checks of size that its reader makes. Raises :class:`InputError` for
    an original that cannot be opened and :class:`UsageError` for a target that cannot be written.
    """
    _check_target(target, sources)
    workbook = Workbook()
    workbook.properties.creator = _AUTHOR
    del workbook["Sheet"]
    listing = workbook.create_sheet(text("report.title", language))
    mark: CutMark = partial(_cut_mark, language)
    targets: _Targets = {}
    for source in sources:
        if isinstance(source, AnnotatedTable):
            targets.update(_write_tables([source], workbook, mark))
        else:
            targets.update(_copy_original(source, workbook, mark))
    cells = [_locate(finding, targets) for finding in report.findings]
    _list_findings(listing, report, cells, language, mark)
    _mark_cells(report, cells, language)
    _save(workbook, target)


def _check_target(target: Path, sources: Sequence[AnnotatedTable | OriginalWorkbook]) -> None:
    if target.suffix.lower() != ".xlsx":
        raise UsageError(explained("error.annotated.ending", target=target))
    originals = {source.path.resolve() for source in sources if isinstance(source, OriginalWorkbook)}
    if target.resolve() in originals:
        raise UsageError(explained("error.annotated.table", target=target))


def _cut_mark(language: str, length: int) -> str:
    return text("report.cut-text", language, count=length)


def _write_tables(tables: Sequence[AnnotatedTable], workbook: Workbook, mark: CutMark) -> _Targets:
    targets: _Targets = {}
    for table in tables:
        sheet = workbook.create_sheet(sheet_name(table.name, workbook.sheetnames))
        write_rows(sheet, table.rows, mark)
        targets[table.file, table.sheet] = _target(sheet)
    return targets


def _copy_original(source: OriginalWorkbook, workbook: Workbook, mark: CutMark) -> _Targets:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl names the features that it leaves out
            original = load_workbook(source.path, data_only=True, keep_links=False)
    except (OSError, ValueError, KeyError, TypeError, zipfile.BadZipFile, InvalidFileException) as error:
        if source.tables:
            return _write_tables(source.tables, workbook, mark)
        raise InputError(explained("error.annotated.workbook", source=source.path, error=error)) from error
    if not original.worksheets:  # a strict workbook, in which openpyxl sees nothing
        return _write_tables(source.tables, workbook, mark)
    if original.loaded_theme is not None and workbook.loaded_theme is None:
        workbook.loaded_theme = original.loaded_theme
    targets: _Targets = {}
    for sheet in original.worksheets:
        copied = workbook.create_sheet(sheet_name(sheet.title, workbook.sheetnames))
        copy_sheet(sheet, copied, mark)
        targets[source.file, sheet.title] = _target(copied)
    return targets


def _target(sheet: Worksheet) -> _Target:
    columns: dict[str, int] = {}
    for cell in sheet[1]:
        if cell.column is not None and isinstance(cell.value, str):
            columns.setdefault(cell.value.strip(), cell.column)
    return _Target(sheet, columns)


def _locate(finding: Finding, targets: _Targets) -> Cell | None:
    place = finding.place
    target = targets.get((place.file, place.sheet)) if place.file is not None else None
    if target is None:
        return None
    column = column_number(place.letter) or target.columns.get(place.column or "")
    if place.row is None and column is None:
        return None
    row, column = place.row or 1, column or 1
    if row > MOST_ROWS or column > MOST_COLUMNS:
        return None
    return anchor(target.sheet, row, column)


def _list_findings(
    sheet: Worksheet, report: Report, cells: Sequence[Cell | None], language: str, mark: CutMark
) -> None:
    for column, (key, width) in enumerate(_COLUMNS, start=1):
        cell = sheet.cell(1, column, text(key, language))
        cell.font = Font(bold=True)
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.freeze_panes = "A2"
    if not report.findings:
        sheet.cell(2, 1, text("report.nothing", language))
        return
    listed = report.findings[: MOST_ROWS - 2]
    for row, (finding, place) in enumerate(zip(listed, cells, strict=False), start=2):
        _list_finding(sheet, row, finding, place, language, mark)
    if len(listed) < len(report):
        sheet.cell(MOST_ROWS, 1, text("report.cut-rows", language, count=len(report) - len(listed)))
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(_COLUMNS))}{len(listed) + 1}"


def _list_finding(
    sheet: Worksheet, row: int, finding: Finding, cell: Cell | None, language: str, mark: CutMark
) -> None:
    place = finding.place
    where = _reference(cell) if cell is not None else None
    values: tuple[str | int | None, ...] = (
        severity_word(finding.severity, language),
        where,
        place.file,
        place.sheet,
        place.row,
        place.column,
        shown(finding.value, _VALUE_LENGTH) if finding.value is not None else None,
        finding.message.in_language(language),
        finding.remedy.in_language(language),
        finding.code,
        finding.focus,
        finding.path_text,
    )
    for column, value in enumerate(values, start=1):
        if value is None:
            continue
        listed = anchor(sheet, row, column)
        if isinstance(value, str):
            put(listed, value, mark)
            listed.alignment = Alignment(vertical="top", wrap_text=True)
        else:
            listed.value = value
            listed.alignment = Alignment(vertical="top")
    severity = sheet.cell(row, 1)
    severity.fill, severity.font = _FILLS[finding.severity], Font(color=_BLACK)
    if row > _MOST_LINKED:
        return
    if where is not None:
        _link(anchor(sheet, row, 2), location=where)
    page, _, fragment = finding.page.partition("#")
    _link(anchor(sheet, row, _CODE), target=page, location=fragment)


def _link(cell: Cell, location: str, target: str | None = None) -> None:
    """Let a cell lead to a place in the workbook or, with a target, in a page."""
    cell.hyperlink = Hyperlink(ref=cell.coordinate, location=location, target=target)
    cell.font = Font(color="FF0563C1", underline="single")


def _reference(cell: Cell) -> str:
    name = cell.parent.title.replace("'", "''")
    return f"'{name}'!{cell.coordinate}"


def _mark_cells(report: Report, cells: Sequence[Cell | None], language: str) -> None:
    marked: dict[tuple[str, str], tuple[Cell, list[Finding]]] = {}
    for finding, cell in zip(report.findings, cells, strict=True):
        if cell is not None:
            marked.setdefault((cell.parent.title, cell.coordinate), (cell, []))[1].append(finding)
    for cell, findings in marked.values():
        gravest = min((finding.severity for finding in findings), key=lambda severity: severity.rank)
        cell.fill = _FILLS[gravest]
        font = cell.font
        cell.font = Font(name=font.name, sz=font.sz, b=font.b, i=font.i, u=font.u, color=_BLACK)
        _add_note(cell, findings, language)


def _add_note(cell: Cell, findings: Sequence[Finding], language: str) -> None:
    remedy = text("report.remedy", language)
    parts = [
        f"{severity_word(finding.severity, language)} ({finding.code}): "
        f"{finding.message.in_language(language)}\n"
        f"{remedy}: {finding.remedy.in_language(language)}"
        for finding in findings[:_NOTE_FINDINGS]
    ]
    if len(findings) > _NOTE_FINDINGS:
        parts.append(text("report.more-here", language, count=len(findings) - _NOTE_FINDINGS))
    if cell.comment is not None:
        parts.append(cell.comment.text)
    note = shorten(clean("\n\n".join(parts)), _NOTE_LENGTH)
    lines = sum(1 + len(line) // 50 for line in note.split("\n"))
    cell.comment = Comment(note, _AUTHOR, height=min(24 + 18 * lines, 500), width=360)


def _save(workbook: Workbook, target: Path) -> None:
    content = workbook_bytes(workbook)
    try:
        with replace_file(target) as stream:
            stream.write(content)
    except OSError as error:
        raise UsageError(explained("error.unwritable", file=target, error=error.strerror)) from error


def annotated_sources(workspace: Workspace, group: TableGroup) -> Iterator[AnnotatedTable | OriginalWorkbook]:
    """Every table of every source as it stands in its file; what cannot be read is left out.

    With several sources the sheets of CSV files are named ``<source> <table>``.
    """
    names = {f"{table.name}{ending}": table.name for table in group.tables for ending in (".csv", ".csv.gz")}
    megabytes = workspace.settings.limits.file_megabytes
    for source in workspace.sources:
        for path in sorted(source.folder.iterdir()):
            file = workspace.relative(path)
            if path.suffix.lower() == ".xlsx":
                sheets = read_workbook(path, file, source.name, megabytes, group)
                tables = tuple(
                    AnnotatedTable(sheet.table, file, sheet.sheet, _rows(sheet))
                    for sheet in sheets
                    if isinstance(sheet, Sheet)
                )
                if tables:
                    yield OriginalWorkbook(file, path, tables)
            elif path.name in names:
                sheet = read_csv(path, names[path.name], file, source.name, megabytes)
                if isinstance(sheet, Sheet):
                    name = sheet.table if len(workspace.sources) == 1 else f"{source.name} {sheet.table}"
                    yield AnnotatedTable(name, file, None, _rows(sheet))


def _rows(sheet: Sheet) -> list[Sequence[str]]:
    """The header and the rows, each as the row that has its number."""
    rows: list[Sequence[str]] = [*[()] * (sheet.header_row - 1), sheet.header]
    for item in sheet.rows():
        if isinstance(item, Finding):
            break
        number, cells = item
        rows += [()] * (number - len(rows) - 1)
        rows.append(tuple(cells))
    return rows
