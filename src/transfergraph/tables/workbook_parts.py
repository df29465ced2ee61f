"""The parts of an XLSX workbook as they are stored (ECMA-376 part 1, SpreadsheetML), transitional or strict.

No reader at hand keeps all that decides what a cell says. python-calamine reads every workbook of our tests,
but knows no number formats, hidden rows or formulas; openpyxl refuses a style sheet with an empty fill, sees
nothing in a strict workbook, leaves ``_x000D_`` in texts and knows either formulas or their values. So the
parts are read here, from streams; the formats that have a number only, and dates, are openpyxl's.
"""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO
from xml.etree.ElementTree import Element, ParseError, iterparse

from openpyxl.styles.numbers import BUILTIN_FORMATS
from openpyxl.utils.cell import coordinate_to_tuple, range_boundaries

from transfergraph.messages import explained
from transfergraph.tables.csv_reader import MOST_COLUMNS

# So many, because a workbook is a file of files, which nobody checks as a whole before it is read.
DAMAGE = (
    zipfile.BadZipFile,  # no archive, or a checksum that differs
    *(zlib.error, EOFError, struct.error, OSError),  # a part that is cut, or seeks behind the end of the file
    NotImplementedError,  # a method of compression or a version of ZIP that zipfile does not know
    RuntimeError,  # a part with a password (zipfile); RecursionError
    ParseError,  # a part that is no XML
    LookupError,  # a part, style or text that is referred to and not there; an unknown encoding
    ValueError,  # what should be a number or a reference of cells and is none; UnicodeError
)
"""What reading a damaged, encrypted or hostile workbook may raise."""

_MOST_ROWS = (1 << 31) - 1
_EMPTY = 1_000_000  # elements without content that a part may have anyway
_EMPTY_EACH = 20  # and for each element with content
_DECLARATION = re.compile(rb"<\0?!\0?D\0?O\0?C\0?T\0?Y\0?P\0?E")
_WORKSHEET = "/relationships/worksheet"
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_SURROGATE = re.compile("[\ud800-\udfff]")
_TRUE = ("1", "true")


@dataclass(frozen=True, slots=True)
class StoredCell:
    """A cell with its type (ECMA-376 part 1, 18.18.11) and its number format.

    The type of a text is ``s``, wherever it is stored. ``has_formula`` tells that the program computes it.
    """

    column: int
    type: str
    text: str
    format: str
    has_formula: bool


@dataclass(slots=True)
class StoredSheet:
    """A worksheet; what is hidden or merged is known when all rows have been read."""

    title: str
    is_hidden: bool
    part: str
    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: set[int] = field(default_factory=set)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    """The first column, first row, last column and last row of merged cells."""


class Overfilled(ValueError):
    """A part has hardly any content but so many empty elements that it was not read to its end."""

    def __init__(self, count: int) -> None:
        super().__init__(count)
        self.count = count


class StoredWorkbook:
    """An open workbook; raises one of :data:`DAMAGE` wherever the file turns out to be none."""

    def __init__(self, path: Path) -> None:
        self._archive = zipfile.ZipFile(path)
        self._names = {name.lower(): name for name in self._archive.namelist()}
        book = self._part_of_kind("", "/relationships/officeDocument")[0]
        self._texts: list[str] = []
        self._formats: list[str] = []
        self.begins_1904 = False
        self.sheets: list[StoredSheet] = []
        parts = {id: part for id, kind, part in self._relations(book) if kind.endswith(_WORKSHEET)}
        for element in self._elements(book, "workbookPr", "sheet"):
            if _local(element) == "workbookPr":
                self.begins_1904 = element.get("date1904") in _TRUE
                continue
            ids = [value for name, value in element.items() if name.endswith("}id")]
            id = ids[0]  # LookupError, as one of DAMAGE, where the sheet refers to no part
            if id in parts:
                is_hidden = element.get("state", "visible") != "visible"
                self.sheets.append(StoredSheet(element.get("name", ""), is_hidden, parts[id]))
        for part in self._part_of_kind(book, "/relationships/sharedStrings"):
            self._texts = [_text_of(element) for element in self._elements(part, "si")]
        for part in self._part_of_kind(book, "/relationships/styles"):
            self._formats = self._read_formats(part)

    def close(self) -> None:
        """Close the file."""
        self._archive.close()

    def rows(self, sheet: StoredSheet) -> Iterator[tuple[int, list[StoredCell]]]:
        """The rows that have cells with a value or a formula, in the order of the file."""
        number = 0
        for element in self._elements(sheet.part, "col", "row", "mergeCell"):
            match _local(element):
                case "row":
                    number = int(element.get("r", number + 1))
                    if not 0 < number <= _MOST_ROWS:
                        raise ValueError(number)
                    cells = list(self._cells(element))
                    if cells:
                        if element.get("hidden") in _TRUE or _is_zero(element.get("ht")):
                            sheet.hidden_rows.append(number)
                        yield number, cells
                case "col" if element.get("hidden") in _TRUE or _is_zero(element.get("width")):
                    sheet.hidden_columns.update(
                        range(int(element.get("min", 1)), min(int(element.get("max", 1)), MOST_COLUMNS) + 1)
                    )
                case "mergeCell":
                    left, top, right, bottom = range_boundaries(element.get("ref", ""))
                    sheet.merged.append((int(left or 1), int(top or 1), int(right or 1), int(bottom or 1)))

    def _cells(self, row: Element) -> Iterator[StoredCell]:
        column = 0
        for cell in row:
            reference = cell.get("r")
            column = coordinate_to_tuple(reference)[1] if reference else column + 1
            if column > MOST_COLUMNS:
                raise ValueError(column)
            stored, type, has_formula = "", cell.get("t", "n"), False
            for child in cell:
                match _local(child):
                    case "v":
                        stored = child.text or ""
                    case "is":
                        stored = _text_of(child)
                    case "f":
                        has_formula = type != "str"
            if type == "s":
                stored = self._texts[int(stored)] if stored else ""
            elif type == "str":
                stored = _unescaped(stored)
            if stored or has_formula:
                style = int(cell.get("s", 0))
                code = self._formats[style] if style < len(self._formats) else "General"
                yield StoredCell(
                    column, "s" if type in ("str", "inlineStr") else type, stored, code, has_formula
                )

    def _read_formats(self, part: str) -> list[str]:
        """The number formats of the styles of cells, by the number that cells have for them."""
        codes = dict(BUILTIN_FORMATS)
        formats: list[str] = []
        for element in self._elements(part, "numFmt", "cellXfs"):
            if _local(element) == "numFmt":
                codes[int(element.get("numFmtId", 0))] = element.get("formatCode", "General")
            else:
                formats = [codes.get(int(style.get("numFmtId", 0)), "General") for style in element]
        return formats

    def _part_of_kind(self, part: str, kind: str) -> list[str]:
        return [target for _, found, target in self._relations(part) if found.endswith(kind)]

    def _relations(self, part: str) -> Iterator[tuple[str, str, str]]:
        """Id, kind and target of what a part refers to (ECMA-376 part 2, 6.5)."""
        path = PurePosixPath(part)
        file = str(path.parent / "_rels" / f"{path.name}.rels")
        if file.lower() not in self._names:
            return
        for element in self._elements(file, "Relationship"):
            target = element.get("Target", "")
            resolved = target[1:] if target.startswith("/") else str(path.parent / target)
            yield element.get("Id", ""), element.get("Type", ""), resolved

    def _elements(self, part: str, *names: str) -> Iterator[Element]:
        """The elements of these local names, each when it is complete and then forgotten."""
        with self._archive.open(self._names[part.lower()]) as stream:
            yield from _stream(_Undeclared(stream), frozenset(names))


class _Undeclared:
    """A stream of XML without a document type: no part may have one (ECMA-376 part 2, 6.2.5), and entities
    make texts of any length."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._before = b""

    def read(self, size: int = -1) -> bytes:
        """The next bytes; raises :class:`ValueError`."""
        found = self._stream.read(size)
        if _DECLARATION.search(self._before + found):
            raise ValueError(explained("error.workbook.document-type"))
        self._before = found[-20:]
        return found


def _stream(stream: _Undeclared, names: frozenset[str]) -> Iterator[Element]:
    open_elements: list[Element] = []
    empty = filled = 0
    for event, element in iterparse(stream, ("start", "end")):
        if event == "start":
            open_elements.append(element)
            continue
        open_elements.pop()
        if element.text or len(element):
            filled += 1
        else:
            empty += 1
            if empty > _EMPTY + _EMPTY_EACH * filled:
                raise Overfilled(empty)
        if _local(element) in names:
            yield element
            if open_elements:
                open_elements[-1].clear()


def _local(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _text_of(element: Element) -> str:
    """The text of a string item, in one piece or in runs, without the aid to pronounce it."""
    pieces = []
    for child in element:
        if _local(child) == "t":
            pieces.append(child.text or "")
        elif _local(child) == "r":
            pieces += [part.text or "" for part in child if _local(part) == "t"]
    return _unescaped("".join(pieces))


def _unescaped(text: str) -> str:
    """The text with characters for their escapes ``_xHHHH_`` (ECMA-376 part 1, 22.9.2.19)."""
    if "_x" not in text:
        return text
    plain = _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)
    if _SURROGATE.search(plain):
        plain = plain.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return plain


def _is_zero(size: str | None) -> bool:
    """Whether a row or column has no height or width, which hides it as well."""
    return size is not None and float(size) == 0
