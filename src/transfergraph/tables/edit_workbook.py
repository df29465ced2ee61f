"""Texts of an XLSX workbook replaced in the XML of their sheets; every other part stays as it is.

openpyxl would lose what it does not know: charts, pictures, pivot tables, macros. So only the element of the
cell is written anew, as an inline text with the style that it had (ECMA-376 part 1, 18.3.1.4 and 18.3.1.53).
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from transfergraph.common.text import xml_escaped
from transfergraph.common.xlsx_writer import clean, escaped
from transfergraph.tables.csv_reader import column_letter
from transfergraph.tables.workbook_parts import DAMAGE, StoredWorkbook

Cells = Mapping[tuple[int, int], str]
"""New values by row and column, both from 1."""

_CELL = re.compile(
    rb"<(?P<prefix>(?:[\w.-]+:)?)c(?P<attributes>\s[^<>]*?)(?:/>|>.*?</(?P=prefix)c>)", re.DOTALL
)
_FORMULA = re.compile(rb"<(?:[\w.-]+:)?f[\s/>]")
_REFERENCE = re.compile(rb"""\sr\s*=\s*["']([A-Z]+[0-9]+)["']""")
_TYPE = re.compile(rb"""\s(?:t|cm|vm)\s*=\s*("[^"]*"|'[^']*')""")


def cells_of(path: Path, sheet: str) -> dict[tuple[int, int], str | None]:
    """The text of every cell of a sheet, by row and column; None for one that has a formula.

    Raises :class:`ValueError` for what cannot be read.
    """
    try:
        with closing(StoredWorkbook(path)) as workbook:
            stored = next(one for one in workbook.sheets if one.title == sheet)
            formulas = _formulas(path, stored.part)
            return {
                (row, cell.column): None if f"{column_letter(cell.column)}{row}" in formulas else cell.text
                for row, cells in workbook.rows(stored)
                for cell in cells
            }
    except (*DAMAGE, StopIteration) as error:
        raise ValueError(str(error)) from error


def _formulas(path: Path, part: str) -> set[str]:
    """The cells of a sheet that have a formula, whatever its result."""
    with zipfile.ZipFile(path) as archive:
        found = _CELL.finditer(archive.read(part))
    cells = (cell for cell in found if _FORMULA.search(cell[0]))
    references = (_REFERENCE.search(cell["attributes"]) for cell in cells)
    return {one[1].decode() for one in references if one}


def with_cells(path: Path, changes: Mapping[str, Cells]) -> bytes:
    """The workbook with new texts in cells of its sheets.

    Raises :class:`ValueError` where a cell is not written as its program writes it.
    """
    with closing(StoredWorkbook(path)) as workbook:
        parts = {stored.part: changes[stored.title] for stored in workbook.sheets if stored.title in changes}
    out = io.BytesIO()
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(out, "w") as target:
        target.comment = source.comment
        for entry in source.infolist():
            content = source.read(entry)
            if entry.filename in parts:
                content = _replaced(content, parts[entry.filename])
            target.writestr(entry, content, entry.compress_type)
    return out.getvalue()


def _replaced(xml: bytes, cells: Cells) -> bytes:
    left = {f"{column_letter(column)}{row}".encode(): value for (row, column), value in cells.items()}

    def written(found: re.Match[bytes]) -> bytes:
        reference = _REFERENCE.search(found["attributes"])
        value = left.pop(reference[1], None) if reference else None
        if value is None:
            return found[0]
        prefix, attributes = found["prefix"], _TYPE.sub(b"", found["attributes"].rstrip())
        text = xml_escaped(escaped(clean(value))).encode("utf-8")
        inner = b'<%bis><%bt xml:space="preserve">%b</%bt></%bis>' % (prefix, prefix, text, prefix, prefix)
        return b'<%bc%b t="inlineStr">%b</%bc>' % (prefix, attributes, inner, prefix)

    edited = b"" if b"\0" in xml[:4] else _CELL.sub(written, xml)  # UTF-16 has a NUL there
    if left:
        raise ValueError(*left)
    return edited
