"""An answer as a workbook: a sheet with the rows, and one with question, release and citation."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape

_LONGEST = 32_767  # characters of a cell, by the specification of Excel
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_MOMENT = (1980, 1, 1, 0, 0, 0)  # the earliest of ZIP: the bytes do not depend on the clock

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_CONTENT = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_CONTENT}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_CONTENT}.worksheet+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet2.xml" ContentType="{_CONTENT}.worksheet+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
    f'Type="{_RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}"><sheets>'
    '<sheet name="Answer" sheetId="1" r:id="rId1"/><sheet name="About" sheetId="2" r:id="rId2"/>'
    "</sheets></workbook>",
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{_RELATIONS}/worksheet" Target="worksheets/sheet2.xml"/>'
    "</Relationships>",
}


def write_workbook(answer: Mapping[str, Any], query: str) -> bytes:
    """The bytes of an XLSX file (ECMA-376) with the answer that :func:`json_answer` made, and its query.

    Texts stay texts, also those that a spreadsheet would take for a formula; what is longer than a cell
    may be is shortened.
    """
    columns: Sequence[str] = answer.get("columns", ["answer"])
    rows = [[row[name] for name in columns] for row in answer.get("rows", [{"answer": answer.get("answer")}])]
    about = [[key, answer[key]] for key in _ABOUT if key in answer]
    about += [[f"parameter {name}", ", ".join(values)] for name, values in answer["parameters"].items()]
    sheets = {
        "xl/worksheets/sheet1.xml": _sheet([columns, *rows], frozen=True),
        "xl/worksheets/sheet2.xml": _sheet([*about, ["query", query]]),
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in {**_PARTS, **sheets}.items():
            head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
            entry = zipfile.ZipInfo(name, _MOMENT)
            entry.compress_type = zipfile.ZIP_DEFLATED
            package.writestr(entry, head + content)
    return file.getvalue()


_ABOUT = ("question", "release", "issued", "citation", "licence", "cut")


def _sheet(rows: Iterable[Sequence[Any]], frozen: bool = False) -> str:
    """A worksheet; a frozen first row stays in sight."""
    pane = '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>' if frozen else ""
    view = f'<sheetViews><sheetView workbookViewId="0">{pane}</sheetView></sheetViews>'
    lines = "".join(f"<row>{''.join(map(_cell, row))}</row>" for row in rows)
    return f'<worksheet xmlns="{_MAIN}">{view}<sheetData>{lines}</sheetData></worksheet>'


def _cell(value: Any) -> str:
    match value:
        case None:
            return "<c/>"
        case bool():
            return f'<c t="b"><v>{int(value)}</v></c>'
        case int() | float():
            return f"<c><v>{value!r}</v></c>"
    text = escape(_FORBIDDEN.sub("\ufffd", str(value)[:_LONGEST]))
    return f'<c t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'
