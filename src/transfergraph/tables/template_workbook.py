"""A workbook with a sheet for each table: what a column takes can be chosen, and its meaning is a note.

Everything is text, so that a spreadsheet program leaves ``007``, ``2019-10`` and ``1.5`` as they were typed.
Lists of terms, and the keys of several tables together, stand in a sheet of their own; the keys of one table
are offered as they stand there at that moment.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from transfergraph.common.text import Text
from transfergraph.common.xlsx_writer import CutMark, anchor, put, sheet_name, workbook_bytes
from transfergraph.messages import in_full, text
from transfergraph.tables.column_guide import ColumnGuide, TableGuide
from transfergraph.tables.csvw import Table
from transfergraph.tables.own_sheets import LISTS
from transfergraph.vocabulary.term_lists import TermList

PREPARED_ROWS = 5000
"""Rows below the header for which a column offers what it takes."""

_TOGETHER = 2000  # keys of several tables that are offered together
_AUTHOR = "transfergraph"
_REQUIRED = PatternFill("solid", fgColor="FFDDEBF7")
_WIDTHS = 14, 40
_TOLD_TERMS = 20  # that a note lists
_LINE = 45  # characters of a note's line

Rows = Sequence[Sequence[str]]


def template_bytes(guides: Sequence[TableGuide], rows: Mapping[str, Rows], language: str) -> bytes:
    """The workbook as a file; ``rows`` are those of a table, its header first, where it has any.

    Columns of a table's own rows that are not described stand behind the others. The same input gives the
    same bytes.
    """
    workbook = Workbook()
    workbook.properties.creator = _AUTHOR
    del workbook["Sheet"]
    sheets = {guide.table.name: workbook.create_sheet(_title(guide, workbook)) for guide in guides}
    lists = _Lists(workbook.create_sheet(LISTS), sheets, language)
    mark: CutMark = partial(_cut_mark, language)
    for guide in guides:
        sheet = sheets[guide.table.name]
        _fill(sheet, guide, rows.get(guide.table.name, ()), mark)
        for number, column in enumerate(guide.columns, start=1):
            _describe(sheet, number, column, language)
            lists.offer(sheet, number, column)
    return workbook_bytes(workbook)


def _title(guide: TableGuide, workbook: Workbook) -> str:
    return sheet_name(guide.table.name, workbook.sheetnames)


def _cut_mark(language: str, length: int) -> str:
    return text("report.cut-text", language, count=length)


def _fill(sheet: Worksheet, guide: TableGuide, rows: Rows, mark: CutMark) -> None:
    """The header, and the cells of the rows below the columns that they have."""
    described = [one.column.name for one in guide.columns]
    titles = {title: one.column.name for one in guide.columns for title in one.column.titles}
    given = [titles.get(name, name) for name in (rows[0] if rows else ())]
    header = [*described, *(name for name in given if name and name not in described)]
    for number, name in enumerate(header, start=1):
        letter = get_column_letter(number)
        sheet.column_dimensions[letter].number_format = "@"
        sheet.column_dimensions[letter].width = min(max(len(name) + 4, _WIDTHS[0]), _WIDTHS[1])
        cell = anchor(sheet, 1, number)
        put(cell, name, mark)
        cell.font = Font(bold=True)
    places = {name: number for number, name in enumerate(header, start=1)}
    for row, cells in enumerate(rows[1:], start=2):
        for name, value in zip(given, cells, strict=False):
            if name and value:
                put(anchor(sheet, row, places[name]), value, mark)
    sheet.freeze_panes = "A2"


def _describe(sheet: Worksheet, number: int, guide: ColumnGuide, language: str) -> None:
    """The note of a header: what the column means, and what it takes."""
    parts = [Text(guide.column.description or {"": guide.column.name}).in_language(language)]
    if guide.column.required:
        anchor(sheet, 1, number).fill = _REQUIRED
        parts.append(text("template.required", language))
    if guide.tables:
        names = ", ".join(table.name for table in guide.tables)
        parts.append(in_full("template.keys", language, tables=names))
    if guide.terms is not None:
        parts.append(_terms_in_words(guide.terms, language))
    if guide.column.separator and (guide.tables or guide.terms):
        parts.append(in_full("columns.several", language, separator=guide.column.separator))
    note = "\n".join(parts)
    lines = sum(1 + len(line) // _LINE for line in note.split("\n"))
    anchor(sheet, 1, number).comment = Comment(note, _AUTHOR, height=min(30 + 16 * lines, 500), width=320)


def _terms_in_words(terms: TermList, language: str) -> str:
    told = [f"{key}: {name.in_language(language)}" for key, name in sorted(terms.terms.items())]
    rest = len(told) - _TOLD_TERMS
    lines = [*told[:_TOLD_TERMS], *([f"… (+{rest})"] if rest > 0 else [])]
    return "\n".join([in_full("columns.terms", language, list=terms.name.in_language(language)), *lines])


class _Lists:
    """The sheet of lists, and the drop-downs that are made from it and from the keys of the tables."""

    def __init__(self, sheet: Worksheet, sheets: Mapping[str, Worksheet], language: str) -> None:
        self._sheet = sheet
        self._sheets = sheets
        self._language = language
        self._ranges: dict[object, str] = {}
        self._used = 0

    def offer(self, sheet: Worksheet, number: int, guide: ColumnGuide) -> None:
        """Let the cells below a header be chosen from what their column takes."""
        if guide.tables:
            source = self._keys(guide.tables)
        elif guide.terms is not None:
            source = self._terms(guide.terms)
        else:
            return
        letter = get_column_letter(number)
        is_closed = guide.column.separator is None
        choice = DataValidation(
            type="list", formula1=source, allow_blank=True, showErrorMessage=is_closed, showDropDown=False
        )
        # A key may be typed before its row is there, and a term of one's own; another term may not.
        own = None if guide.terms is None or guide.tables else guide.terms.extended_in
        is_fixed = guide.terms is not None and not guide.tables and own is None
        choice.errorStyle = "stop" if is_fixed else "warning"
        choice.error = text("template.not-in-list", self._language, own=own or "none")
        choice.add(f"{letter}2:{letter}{PREPARED_ROWS + 1}")
        sheet.add_data_validation(choice)

    def _terms(self, terms: TermList) -> str:
        name = terms.name.in_language(self._language)
        if name not in self._ranges:
            keys = sorted(terms.terms)
            letter = self._column(name, keys)
            self._ranges[name] = f"{quote_sheetname(LISTS)}!${letter}$2:${letter}${len(keys) + 1}"
        return self._ranges[name]

    def _keys(self, tables: Sequence[Table]) -> str:
        """An expression for the keys of these tables, as many as there are."""
        names = tuple(table.name for table in tables)
        columns = [self._key_column(table) for table in tables]
        counts = [f"COUNTA({column})" for column in columns]
        if len(tables) == 1:
            first = columns[0].partition(":")[0]
            return f"OFFSET({first},0,0,MAX(1,{counts[0]}),1)"
        if names not in self._ranges:
            title = " + ".join(names)
            counted = self._column(title, [f"={count}" for count in counts])
            places = [f"${counted}${row}" for row in range(2, len(counts) + 2)]
            letter = self._column(title, _together(columns, places))
            sheet = quote_sheetname(LISTS)
            count = f"SUM({sheet}!{places[0]}:{places[-1]})"
            first = f"{sheet}!${letter}$2"
            self._ranges[names] = f"OFFSET({first},0,0,MAX(1,MIN({_TOGETHER},{count})),1)"
        return self._ranges[names]

    def _key_column(self, table: Table) -> str:
        names = [column.name for column in table.file_columns]
        key = next((name for name in table.about.variables if name in names), names[0])
        letter = get_column_letter(names.index(key) + 1)
        title = quote_sheetname(self._sheets[table.name].title)
        return f"{title}!${letter}$2:${letter}${PREPARED_ROWS + 1}"

    def _column(self, title: str, cells: Iterable[str]) -> str:
        """Write a column of the sheet; returns its letter."""
        self._used += 1
        head = anchor(self._sheet, 1, self._used)
        put(head, title, lambda length: "")
        head.font = Font(bold=True)
        for row, cell in enumerate(cells, start=2):
            place = anchor(self._sheet, row, self._used)
            if cell.startswith("="):
                place.value = cell
            else:
                put(place, cell, lambda length: "")
        letter = get_column_letter(self._used)
        self._sheet.column_dimensions[letter].width = _WIDTHS[1]
        self._sheet.freeze_panes = "A2"
        return letter


def _together(columns: Sequence[str], counts: Sequence[str]) -> Iterable[str]:
    """Formulas for the keys of several columns, one after the other; ``counts`` are cells that count them."""
    for number in range(1, _TOGETHER + 1):
        formula = '""'
        for index in reversed(range(len(columns))):
            earlier = "".join(f"-{count}" for count in counts[:index])
            until = "+".join(counts[: index + 1])
            formula = f"IF({number}<={until},INDEX({columns[index]},{number}{earlier}),{formula})"
        yield f"={formula}"
