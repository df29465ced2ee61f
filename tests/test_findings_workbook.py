"""The copy of the tables with the findings marked in their cells."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import datetime
from pathlib import Path
from xml.etree import ElementTree

import findings_fixture as made
import openpyxl
import pytest
from findings_fixture import german_date
from openpyxl.cell.cell import Cell
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from transfergraph import Finding, InputError, Report, Severity, Text, UsageError
from transfergraph.common import xlsx_writer as sheets_module
from transfergraph.common.xlsx_writer import MOST_UNITS, clean, sheet_name, workbook_bytes, write_tables
from transfergraph.finding_reports import marked_workbook as workbook_module
from transfergraph.finding_reports.marked_workbook import AnnotatedTable, OriginalWorkbook, annotate
from transfergraph.findings import Place

Source = AnnotatedTable | OriginalWorkbook
TEXTS = Text(de="Falsch.", en="Wrong.")
REMEDY = Text(de="Bessern.", en="Mend.")
VERMILION, YELLOW, BLUE = "FFD55E00", "FFF0E442", "FF56B4E9"


def _table(rows: list[list[str]], name: str = "projects") -> AnnotatedTable:
    return AnnotatedTable(name, f"data/saxony/{name}.csv", None, rows)


def _finding(place: Place, severity: Severity = Severity.VIOLATION, code: str = "c") -> Finding:
    return Finding(severity, code, TEXTS, REMEDY, place)


def _projects(row: int | None = None, column: str | None = None, letter: str | None = None) -> Place:
    return Place("saxony", "data/saxony/projects.csv", None, row, column, letter)


def _annotated(
    tmp_path: Path,
    findings: list[Finding],
    sources: list[Source],
    language: str = "en",
) -> Workbook:
    target = tmp_path / "copy.xlsx"
    annotate(Report.of(findings), sources, target, language)
    return openpyxl.load_workbook(target)


def _cell(workbook: Workbook, sheet: str, reference: str) -> Cell:
    cell = workbook[sheet][reference]
    assert isinstance(cell, Cell)
    return cell


def _note(cell: Cell) -> str:
    assert cell.comment is not None
    return cell.comment.text


def test_a_marked_cell_its_note_and_its_line_in_the_list(tmp_path: Path) -> None:
    rows = [["id", "end"], ["pilot", "31.12.2019"], ["smart", "2020"]]
    finding = german_date(2)
    placed = Finding(
        finding.severity,
        finding.code,
        finding.message,
        finding.remedy,
        _projects(2, "end", "B"),
        finding.value,
    )
    workbook = _annotated(tmp_path, [placed], [_table(rows)], "de")
    assert workbook.sheetnames == ["Befunde", "projects"]
    assert [list(row) for row in workbook["projects"].iter_rows(values_only=True)] == rows
    marked = _cell(workbook, "projects", "B2")
    assert marked.fill.fgColor.rgb == VERMILION
    assert _note(marked) == (
        "Verstoß (table.german-date): „31.12.2019“ ist eine Zeitangabe in deutscher Schreibweise.\nAbhilfe: 2019-12-31 eintragen."
    )
    assert _cell(workbook, "projects", "B3").fill.fill_type is None
    header, line = workbook["Befunde"].iter_rows(values_only=True)
    assert list(header) == [
        *("Schwere", "Zelle", "Datei", "Blatt", "Zeile", "Spalte", "Wert", "Befund", "Abhilfe", "Kennung"),
        *("Knoten", "Pfad"),
    ]
    assert list(line) == [
        "Verstoß",
        "'projects'!B2",
        "data/saxony/projects.csv",
        None,
        2,
        "end",
        "31.12.2019",
        "„31.12.2019“ ist eine Zeitangabe in deutscher Schreibweise.",
        "2019-12-31 eintragen.",
        "table.german-date",
        None,
        None,
    ]
    link = _cell(workbook, "Befunde", "B2").hyperlink
    assert link is not None
    assert link.location == "'projects'!B2"


def test_the_severities_have_colours_of_their_own_and_the_gravest_wins(tmp_path: Path) -> None:
    findings = [
        _finding(_projects(2, "a", "A"), Severity.INFO),
        _finding(_projects(2, "b", "B"), Severity.WARNING),
        _finding(_projects(2, "c", "C"), Severity.INFO, "i"),
        _finding(_projects(2, "c", "C"), Severity.VIOLATION, "v"),
        _finding(_projects(2, "c", "C"), Severity.WARNING, "w"),
    ]
    workbook = _annotated(tmp_path, findings, [_table([["a", "b", "c"], ["1", "2", "3"]])])
    colours = [_cell(workbook, "projects", f"{letter}2").fill.fgColor.rgb for letter in "ABC"]
    assert colours == [BLUE, YELLOW, VERMILION]
    assert _note(_cell(workbook, "projects", "C2")) == (
        "Violation (v): Wrong.\nRemedy: Mend.\n\nWarning (w): Wrong.\nRemedy: Mend.\n\nHint (i): Wrong.\nRemedy: Mend."
    )


def test_columns_rows_and_files_are_marked_where_they_can_be(tmp_path: Path) -> None:
    findings = [
        _finding(_projects(None, "b", "B"), code="column"),
        _finding(_projects(3), code="row"),
        _finding(_projects(2, "b"), code="no letter"),
        _finding(_projects(), code="file"),
        _finding(_projects(None, "missing"), code="missing column"),
        _finding(_projects(2_000_000, "b", "B"), code="far away"),
        _finding(Place(file="data/other.csv", row=2, letter="A"), code="other file"),
        _finding(Place(), code="nowhere"),
    ]
    workbook = _annotated(tmp_path, findings, [_table([["a", "b"], ["1", "2"], ["3", "4"]])])
    where = {str(row[9].value): row[1].value for row in workbook["Findings"].iter_rows(min_row=2)}
    assert where == {
        "column": "'projects'!B1",
        "row": "'projects'!A3",
        "no letter": "'projects'!B2",
        "file": None,
        "missing column": None,
        "far away": None,
        "other file": None,
        "nowhere": None,
    }
    notes = {
        cell.coordinate
        for row in workbook["projects"].iter_rows()
        for cell in row
        if cell.comment is not None
    }
    assert notes == {"B1", "A3", "B2"}


FORMULAS = [
    "=cmd|' /C calc'!A0",
    "=1+1",
    "+1",
    "-1+2",
    "@SUM(A1)",
    "\t=1",
    "#REF!",
    "{=1}",
    '=HYPERLINK("x")',
]


def test_formulas_in_the_data_are_texts(tmp_path: Path) -> None:
    texts = Text(de=FORMULAS[0], en=FORMULAS[0])
    finding = Finding(Severity.INFO, FORMULAS[1], texts, texts, _projects(2, FORMULAS[2], "A"), FORMULAS[3])
    workbook = _annotated(tmp_path, [finding], [_table([["a"], *([value] for value in FORMULAS)])])
    for row, value in enumerate(FORMULAS, start=2):
        cell = _cell(workbook, "projects", f"A{row}")
        assert (cell.value, cell.data_type, cell.number_format) == (value, "s", "@")
        assert bool(cell.quotePrefix) == (value[0] in "=+-@\t")
    with zipfile.ZipFile(tmp_path / "copy.xlsx") as archive:
        for name in archive.namelist():
            assert not re.search(rb"<f[ >/]", archive.read(name)), name
    assert [cell.value for cell in workbook["Findings"][2]][6:10] == [
        "-1+2",
        FORMULAS[0],
        FORMULAS[0],
        "=1+1",
    ]


def test_texts_too_long_and_characters_that_xml_cannot_hold(tmp_path: Path) -> None:
    rows = [
        ["a"],
        ["x" * 1_000_000],
        ["😀" * 20_000],
        ["a\x00b\x0bc\ud800d\uffffe\nf\tg"],
        ["y" * MOST_UNITS],
        [""],
    ]
    hostile = made.hostile()
    finding = Finding(
        hostile.severity, hostile.code, hostile.message, hostile.remedy, _projects(4, "a", "A"), made.HOSTILE
    )
    workbook = _annotated(tmp_path, [finding], [_table(rows)])
    long, faces, odd, full, blank = (workbook["projects"].cell(row, 1).value for row in range(2, 7))
    mark = "… [shortened, 1,000,000 characters in all]"
    assert long == "x" * (MOST_UNITS - len(mark)) + mark
    assert isinstance(faces, str)
    assert faces.endswith("😀… [shortened, 20,000 characters in all]")
    assert len(faces.encode("utf-16-le")) // 2 in (MOST_UNITS - 1, MOST_UNITS)
    assert odd == "abcde\nf\tg"
    assert full == "y" * MOST_UNITS
    assert blank is None
    listed = workbook["Findings"]["G2"].value
    assert isinstance(listed, str)
    assert listed.isprintable()


def _original(path: Path) -> Workbook:
    workbook = Workbook()
    sheet = workbook.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "labs"
    for row in (
        ["id", "name_de", "opened", "count"],
        ["l1", "Labor", datetime(2019, 10, 1), 4.5],
        ["l2", "=1+1"],
    ):
        sheet.append(row)
    sheet["A1"].fill = PatternFill("solid", fgColor="FF00FF00")
    sheet["A1"].font = Font(name="Arial", sz=14, b=True, color="FFFFFFFF")
    sheet["C2"].number_format = "DD.MM.YYYY"
    sheet["B2"].comment = Comment("Bitte prüfen", "Redaktion")
    sheet["F1"] = "a wide heading"
    sheet.merge_cells("F1:G1")
    sheet.column_dimensions["A"].width = 33
    sheet.row_dimensions[2].height = 40
    sheet.freeze_panes = "B2"
    sheet["A3"].hyperlink = "http://evil.example/"
    workbook.create_sheet("empty")
    workbook.save(path)
    return workbook


def test_an_original_keeps_its_formatting_and_nothing_active(tmp_path: Path) -> None:
    original = tmp_path / "tables.xlsx"
    _original(original)
    before = original.read_bytes()
    file = "data/saxony/tables.xlsx"
    findings = [
        _finding(Place("saxony", file, "labs", 1, "id", "A")),
        _finding(Place("saxony", file, "labs", 2, "name_de", "B"), Severity.INFO),
        _finding(Place("saxony", file, "labs", 1, None, "G"), Severity.WARNING),
        _finding(Place("saxony", file, "empty"), Severity.WARNING),
    ]
    sources: list[Source] = [_table([["id"], ["x"]], "labs"), OriginalWorkbook(file, original)]
    workbook = _annotated(tmp_path, findings, sources)
    assert original.read_bytes() == before
    assert workbook.sheetnames == ["Findings", "labs", "labs (2)", "empty"]
    copied = workbook["labs (2)"]
    assert isinstance(copied, Worksheet)
    assert [cell.value for cell in copied[2]][:4] == ["l1", "Labor", datetime(2019, 10, 1), 4.5]
    assert copied["B3"].value is None
    assert copied["C2"].number_format == "DD.MM.YYYY"
    heading = _cell(workbook, "labs (2)", "A1")
    assert (heading.font.name, heading.font.sz, heading.font.b) == ("Arial", 14, True)
    assert (heading.fill.fgColor.rgb, heading.font.color.rgb) == (VERMILION, "FF000000")
    assert _note(_cell(workbook, "labs (2)", "B2")) == "Hint (c): Wrong.\nRemedy: Mend.\n\nBitte prüfen"
    assert _note(_cell(workbook, "labs (2)", "F1")) == "Warning (c): Wrong.\nRemedy: Mend."
    assert [str(merged) for merged in copied.merged_cells.ranges] == ["F1:G1"]
    assert (copied.column_dimensions["A"].width, copied.row_dimensions[2].height) == (33, 40)
    assert copied.freeze_panes == "B2"
    assert copied["A3"].hyperlink is None
    assert workbook["labs"]["A1"].comment is None


def test_a_thousand_findings_and_twice_the_same_bytes(tmp_path: Path) -> None:
    rows = [["id", *[""] * 11, "end"]] + [[f"p{row}", *[""] * 11, "31.12.2019"] for row in range(2, 102)]
    partners = [["undertaking", "organisation"]] + [["pilot", "htw-dresdn"] for _ in range(2, 902)]
    original = tmp_path / "tables.xlsx"
    _original(original)
    sources: list[Source] = [
        _table(rows),
        _table(partners, "participations"),
        OriginalWorkbook("data/saxony/tables.xlsx", original),
    ]
    report = made.thousand()
    written = []
    for name in ("a.xlsx", "b.xlsx"):
        annotate(report, sources, tmp_path / name, "de")
        written.append((tmp_path / name).read_bytes())
    assert written[0] == written[1]
    workbook = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert workbook["Befunde"].max_row == 1001
    notes = sum(
        cell.comment is not None
        for name in ("projects", "participations")
        for row in workbook[name].iter_rows()
        for cell in row
    )
    assert notes == 999
    with zipfile.ZipFile(tmp_path / "a.xlsx") as archive:
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert b"dcterms" not in archive.read("docProps/core.xml").replace(b"xmlns:dcterms", b"")
        for name in archive.namelist():
            ElementTree.fromstring(archive.read(name))


def test_many_findings_on_one_cell_are_counted(tmp_path: Path) -> None:
    findings = [_finding(_projects(2, "a", "A"), code=f"code-{number}") for number in range(9)]
    workbook = _annotated(tmp_path, findings, [_table([["a"], ["1"]])])
    note = _note(_cell(workbook, "projects", "A2"))
    assert note == "\n\n".join(
        [
            *[f"Violation (code-{n}): Wrong.\nRemedy: Mend." for n in range(5)],
            "… and 4 more findings on this cell.",
        ]
    )


def test_a_long_note_is_shortened(tmp_path: Path) -> None:
    texts = Text(de="ä" * 40_000, en="ä" * 40_000)
    finding = Finding(Severity.INFO, "c", texts, texts, _projects(2, "a", "A"))
    workbook = _annotated(tmp_path, [finding], [_table([["a"], ["1"]])])
    assert len(_note(_cell(workbook, "projects", "A2"))) == 2000
    assert str(workbook["Findings"]["H2"].value).endswith("ä… [shortened, 40,000 characters in all]")


def test_more_findings_than_rows_or_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook_module, "MOST_ROWS", 6)
    monkeypatch.setattr(workbook_module, "_MOST_LINKED", 3)
    findings = [_finding(_projects(2, "a", "A"), code=f"code-{number}") for number in range(9)]
    workbook = _annotated(tmp_path, findings, [_table([["a"], ["1"]])])
    listing = workbook["Findings"]
    assert [cell.value for cell in listing["J"]] == ["Code", "code-0", "code-1", "code-2", "code-3", None]
    assert listing["A6"].value == "… and 5 more findings for which a sheet has no room."
    for column in "BJ":
        assert [cell.hyperlink is not None for cell in listing[column]] == [False, True, True, *[False] * 3]
    link = listing["J2"].hyperlink
    assert f"{link.target}#{link.location}" == findings[0].page


def test_larger_tables_than_a_sheet_holds_are_cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets_module, "MOST_ROWS", 2)
    monkeypatch.setattr(sheets_module, "MOST_COLUMNS", 1)
    sheet = _annotated(tmp_path, [], [_table([["a", "b"], ["1", "2"], ["3", "4"]])])["projects"]
    assert list(sheet.iter_rows(values_only=True)) == [("a",), ("1",)]


def test_an_empty_report_says_so(tmp_path: Path) -> None:
    workbook = _annotated(tmp_path, [], [_table([])])
    assert workbook.sheetnames == ["Findings", "projects"]
    assert workbook["Findings"]["A2"].value == "Nothing was found."


def test_targets_that_cannot_be(tmp_path: Path) -> None:
    original = tmp_path / "tables.xlsx"
    _original(original)
    with pytest.raises(UsageError, match=r"end with \.xlsx"):
        annotate(Report(), [], tmp_path / "copy.ods", "en")
    with pytest.raises(UsageError, match="somewhere else"):
        annotate(
            Report(), [OriginalWorkbook("tables.xlsx", original)], tmp_path / "x" / ".." / "tables.xlsx", "en"
        )
    with pytest.raises(UsageError, match="cannot be written"):
        annotate(Report(), [], tmp_path / "no-folder" / "copy.xlsx", "en")
    (tmp_path / "folder.xlsx").mkdir()
    with pytest.raises(UsageError, match="cannot be written"):
        annotate(Report(), [], tmp_path / "folder.xlsx", "en")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["folder.xlsx", "tables.xlsx"]


@pytest.mark.parametrize("content", [b"", b"no workbook", b"PK\x03\x04broken"])
def test_an_original_that_is_no_workbook(tmp_path: Path, content: bytes) -> None:
    original = tmp_path / "tables.xlsx"
    original.write_bytes(content)
    with pytest.raises(InputError, match="cannot be opened as a workbook"):
        annotate(Report(), [OriginalWorkbook("tables.xlsx", original)], tmp_path / "copy.xlsx", "en")
    assert not (tmp_path / "copy.xlsx").exists()


@pytest.mark.parametrize(
    ("wanted", "taken", "name"),
    [
        ("projects", [], "projects"),
        ("projects", ["Projects"], "projects (2)"),
        ("projects", ["projects", "projects (2)"], "projects (3)"),
        ("a[b]:c*d?e/f\\g", [], "a_b__c_d_e_f_g"),
        ("x" * 40, [], "x" * 31),
        ("x" * 40, ["x" * 31], "x" * 27 + " (2)"),
        ("'", [], "_"),
        ("", [], "_"),
        ("History", [], "History_"),
        ("a\x00\ud800b", [], "a__b"),
    ],
)
def test_sheet_names(wanted: str, taken: list[str], name: str) -> None:
    assert sheet_name(wanted, taken) == name


def test_clean() -> None:
    assert clean("ä\x00\x1f\n\t\r\ufffe😀") == "ä\n\t\r😀"


def test_the_bytes_depend_on_the_content_alone(tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    _original(path)
    first, second = (workbook_bytes(openpyxl.load_workbook(path)) for _ in range(2))
    assert first == second
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert {(entry.date_time, entry.create_system) for entry in archive.infolist()} == {
            ((1980, 1, 1, 0, 0, 0), 3)
        }


def test_plain_rows_hold_what_was_given_and_need_no_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("openpyxl.worksheet._writer.NamedTemporaryFile", None)
    given = ["=1+1", "#N/A", "+1", "ä\x01", "😀" * 20_000, 3, 1.5, True, None, ""]
    content = write_tables({"A": [["a"], given], "B": iter([[1]])}, frozen="A")
    book = openpyxl.load_workbook(io.BytesIO(content))
    cells = book["A"][2]
    kept = "😀" * 16_383
    assert [cell.value for cell in cells] == ["=1+1", "#N/A", "+1", "ä\ufffd", kept, 3, 1.5, True, None, None]
    assert "".join(str(cell.data_type) for cell in cells[:9]) == "sssssnnbn"
    assert (book["A"].freeze_panes, book["B"].freeze_panes, book["B"]["A1"].value) == ("A2", None, 1)
