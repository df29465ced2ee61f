"""Workbooks as programs write them: what a cell shows is what is read, or a finding names the cell."""

from __future__ import annotations

import datetime
import random
import re
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from tables_fixture import load
from workspaces import REPOSITORY, TABLES, make_workspace, rows_of

from transfergraph import Finding, Report, Severity, Text
from transfergraph.common.xlsx_writer import MOST_UNITS, write_tables
from transfergraph.config.workspace import open_workspace
from transfergraph.finding_reports.marked_workbook import annotate, annotated_sources
from transfergraph.findings import Place
from transfergraph.tables.csv_reader import Sheet
from transfergraph.tables.csvw import TableGroup, read_table_group
from transfergraph.tables.workbook_parts import StoredWorkbook
from transfergraph.tables.xlsx_reader import read_workbook

Book = openpyxl.Workbook
COLUMNS = ["id", "kind", "name_de", "name_en", "description_de", "website", "source"]
FIRST = ["alpha", "company", "Alpha GmbH", "Alpha Ltd", "", "https://alpha.example", "s1"]
SECOND = ["beta", "company", "Beta GmbH", "Beta Ltd", "", "", "s1"]
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT = (
    (MAIN, "http://purl.oclc.org/ooxml/spreadsheetml/main"),
    (RELATIONS, "http://purl.oclc.org/ooxml/officeDocument/relationships"),
)


@cache
def group() -> TableGroup:
    return read_table_group([REPOSITORY / "ontology" / "tables.json"], "https://example.org/")


def save(folder: Path, change: Callable[[Any], None], name: str = "organisations") -> Path:
    workbook = Book()
    sheet = workbook.worksheets[0]
    sheet.title = name
    change(sheet)
    path = folder / "tables.xlsx"
    workbook.save(path)
    return path


def organisations(folder: Path, **cells: Any) -> Path:
    """A workbook of two organisations with these cells; a pair is a value and its number format."""

    def fill(sheet: Any) -> None:
        for row in (COLUMNS, FIRST, SECOND):
            sheet.append(row)
        put(sheet, cells)

    return save(folder, fill)


def participations(folder: Path, **cells: Any) -> Path:
    def fill(sheet: Any) -> None:
        sheet.append(["undertaking", "organisation", "role", "start", "end", "amount", "source"])
        for _ in range(4):
            sheet.append(["bund", "alpha", "partner", "", "", "", "s1"])
        put(sheet, cells)

    return save(folder, fill, "participations")


def put(sheet: Any, cells: dict[str, Any]) -> None:
    for name, value in cells.items():
        cell = sheet[name]
        cell.value, cell.number_format = value if isinstance(value, tuple) else (value, cell.number_format)


def patched(path: Path, part: str, *replacements: tuple[str, str]) -> Path:
    """The workbook with texts of its parts replaced, each of which must be there."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for old, new in replacements:
        names = [name for name in parts if re.fullmatch(part, name) and re.search(old.encode(), parts[name])]
        assert names, old
        for name in names:
            parts[name] = re.sub(old.encode(), new.encode(), parts[name])
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def with_shared_texts(path: Path, *items: str) -> Path:
    """The workbook with these items (18.4.8) for the cells of the second row."""
    texts = f'<sst xmlns="{MAIN}">{"".join(f"<si>{item}</si>" for item in items)}</sst>'
    relation = f'<Relationship Id="rIdS" Type="{RELATIONS}/sharedStrings" Target="sharedStrings.xml"/>'
    cells = "".join(f'<c r="{"ABC"[n]}2" t="s"><v>{n}</v></c>' for n in range(len(items)))
    patched(path, r".*sheet1\.xml", ('<row r="2">.*?</row>', f'<row r="2">{cells}</row>'))
    patched(path, r"xl/_rels/.*", ("</Relationships>", f"{relation}</Relationships>"))
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/sharedStrings.xml", texts)
    return path


def read(path: Path) -> list[Sheet | Finding]:
    return read_workbook(path, "data/s/tables.xlsx", "s", 100, group())


def rows(path: Path) -> list[list[str]]:
    """The rows of the only sheet, which brings no finding."""
    [sheet] = read(path)
    assert isinstance(sheet, Sheet) and not sheet.findings, sheet
    return cells_of(sheet)


def cells_of(sheet: Sheet) -> list[list[str]]:
    return [list(item[1]) for item in sheet.rows() if not isinstance(item, Finding)]


def told(path: Path) -> list[tuple[str, int | None, str | None, str | None]]:
    """Code, row, letter and value of each finding of the only sheet."""
    [sheet] = read(path)
    found = [sheet] if isinstance(sheet, Finding) else sheet.findings
    return [(f.code, f.place.row, f.place.letter, f.value) for f in found]


def test_a_strict_workbook_is_read(tmp_path: Path) -> None:
    path = patched(organisations(tmp_path), ".*", *STRICT)
    assert rows(path) == [FIRST, SECOND]
    day = patched(
        participations(tmp_path, D2=(datetime.date(2019, 5, 17), "mmm yyyy")),
        r".*sheet1\.xml",
        ("s=.1. t=.n.><v>43602", 's="1" t="d"><v>2019-05-17'),
    )
    assert rows(day)[0][3] == "2019-05"


@pytest.mark.parametrize("dimension", ["A1:G2", "A1", "A1:B3", "A1:XFD1048576"])
def test_a_wrong_dimension_hides_nothing(tmp_path: Path, dimension: str) -> None:
    path = patched(organisations(tmp_path), r".*sheet1\.xml", ('ref="A1:G3"', f'ref="{dimension}"'))
    assert rows(path) == [FIRST, SECOND]


def test_a_workbook_without_a_sheet_is_no_empty_data(tmp_path: Path) -> None:
    path = patched(organisations(tmp_path), r"xl/workbook\.xml", ("<sheets>.*</sheets>", "<sheets/>"))
    assert [f.code for f in read(path) if isinstance(f, Finding)] == ["table.unreadable-workbook"]


def test_a_formula_without_a_stored_value_is_named(tmp_path: Path) -> None:
    path = organisations(tmp_path, F3='="https://"&A3&".example"', C3="=1+1")
    assert told(path) == [
        ("table.formula-without-value", 3, "C", None),
        ("table.formula-without-value", 3, "F", None),
    ]
    stored = patched(
        path, r".*sheet1\.xml", ("<v ?/>|<v></v>", "<v>5</v>"), ('r="([CF]3)"', r'r="\1" t="str"')
    )
    assert rows(stored)[1][2] == "5"
    assert rows(patched(stored, r".*sheet1\.xml", ("<v>5</v>", "<v/>")))[1][2] == ""


def test_merged_cells_are_named_where_they_lose(tmp_path: Path) -> None:
    def fill(sheet: Any) -> None:
        for row in (COLUMNS, FIRST, SECOND, ["gamma"]):
            sheet.append(row)
        sheet["E2"] = "Gilt für beide"
        sheet.merge_cells("E2:E3")
        sheet.merge_cells("C3:D3")
        sheet.merge_cells("B4:D4")  # with nothing in them

    assert told(save(tmp_path, fill)) == [
        ("table.merged-cells", 3, "D", "Beta GmbH"),
        ("table.merged-cells", 3, "E", "Gilt für beide"),
    ]


def test_what_has_no_height_or_width_is_hidden(tmp_path: Path) -> None:
    path = organisations(tmp_path)
    columns = '<cols><col min="4" max="4" width="0" customWidth="1"/></cols><sheetData>'
    row = ('<row r="3"', '<row r="3" ht="0" customHeight="1"')
    patched(path, r".*sheet1\.xml", ("<sheetData>", columns), row)
    [sheet] = read(path)
    assert isinstance(sheet, Sheet) and cells_of(sheet) == [FIRST, SECOND]
    assert [f.code for f in sheet.findings] == ["table.hidden.rows", "table.hidden.columns"]


@pytest.mark.parametrize("serial", [5, 60, -3])
def test_a_small_number_that_is_shown_as_a_day_is_read_as_a_number(tmp_path: Path, serial: int) -> None:
    [sheet] = read(participations(tmp_path, D2=(serial, "dd.mm.yyyy")))
    assert isinstance(sheet, Sheet) and cells_of(sheet)[0][3] == str(serial)


def test_what_is_hidden_is_read_and_named(tmp_path: Path) -> None:
    def fill(sheet: Any) -> None:
        for row in (COLUMNS, FIRST, SECOND):
            sheet.append(row)
        sheet.row_dimensions[3].hidden = True
        sheet.column_dimensions["D"].hidden = True
        sheet.sheet_state = "hidden"
        sheet.parent.create_sheet("Notizen")

    sheet, other = read(save(tmp_path, fill))
    assert isinstance(sheet, Sheet) and cells_of(sheet) == [FIRST, SECOND]
    assert [f.code for f in sheet.findings] == [
        "table.hidden.sheet",
        "table.hidden.rows",
        "table.hidden.columns",
    ]
    assert {f.severity for f in sheet.findings} == {Severity.WARNING}
    assert isinstance(other, Finding) and (other.code, other.severity) == ("table.empty.sheet", Severity.INFO)


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("[$-de-DE]mmmm yyyy;@", "2019-10"),
        ("[$-407]MMMM\\ YYYY", "2019-10"),
        ("mmm yy", "2019-10"),
        ("dddd, mmmm yyyy", "2019-10"),
        ('"Ende" yyyy', "2019"),
        ("[Red]yyyy", "2019"),
        ("yyyy", "2019"),
        ('yyyy" (d)"', "2019"),
        ("dd.mm.yyyy", "2019-10-01"),
        ("[$-F800]dddd, mmmm dd, yyyy", "2019-10-01"),
        ("yyyy-mm-dd h:mm:ss", "2019-10-01"),
        ("mm-dd-yy", "2019-10-01"),
    ],
)
def test_a_date_is_as_exact_as_it_is_shown(tmp_path: Path, code: str, text: str) -> None:
    path = participations(tmp_path, D2=(datetime.date(2019, 10, 1), code))
    assert rows(path)[0][3] == text


def test_dates_of_the_calendar_of_1904(tmp_path: Path) -> None:
    path = participations(tmp_path, D2=(42179, "dd.mm.yyyy"))
    moved = patched(path, r"xl/workbook\.xml", ("<workbookPr ?/>", '<workbookPr date1904="1"/>'))
    assert rows(moved)[0][3] == "2019-06-25"


def test_times_and_parts_of_dates_are_named(tmp_path: Path) -> None:
    moment = datetime.datetime(2019, 10, 1, 14, 30)
    path = participations(
        tmp_path,
        D2=(moment, "yyyy-mm-dd h:mm"),
        D3=(moment, "d. mmm"),
        D4=(datetime.time(8, 15), "h:mm"),
        D5=(moment, "dd.mm.yyyy"),
        F2=(datetime.date(2019, 5, 1), "d. mmm"),
    )
    assert [(code, row, letter) for code, row, letter, _ in told(path)] == [
        ("table.time-of-day", 2, "D"),
        ("table.typed-cell.date-for-number", 2, "F"),
        ("table.incomplete-date", 3, "D"),
        ("table.incomplete-date", 4, "D"),
    ]
    [sheet] = read(path)
    assert isinstance(sheet, Sheet) and [row[3] for row in cells_of(sheet)][3] == "2019-10-01"


def test_text_and_key_columns_hold_what_is_shown(tmp_path: Path) -> None:
    path = organisations(tmp_path, A2=(7, "000"), A3=12, C2=(2019, "0"), C3=(5, "@"))
    assert [row[:3:2] for row in rows(path)] == [["007", "2019"], ["12", "5"]]


@pytest.mark.parametrize(
    ("value", "code", "found"),
    [
        (True, "General", "table.typed-cell.truth"),
        (datetime.date(2019, 5, 1), "mmm yy", "table.typed-cell.date"),
        (1.5, "General", "table.typed-cell.number"),
        (7, '0 "GmbH"', "table.typed-cell.number"),
        (0.25, "0%", "table.typed-cell.number"),
        (1234567890123, "General", "table.typed-cell.number"),
        (7, "#,##0", "table.typed-cell.number"),
    ],
)
def test_a_text_that_a_program_has_changed_is_named(
    tmp_path: Path, value: Any, code: str, found: str
) -> None:
    for name in ("A3", "C3", "F3"):
        assert [entry[:3] for entry in told(organisations(tmp_path, **{name: (value, code)}))] == [
            (found, 3, name[0])
        ]


@pytest.mark.parametrize(
    ("value", "code", "text", "shown"),
    [
        (1000.5, "General", "1000.5", None),
        (1000.5, "#,##0.00 [$€-407]", "1000.5", None),
        (1000.5, "#,##0", "1000.5", "1001"),
        (0.15, "0%", "0.15", "15%"),
        (15000, "#,##0,", "15000", "15"),
        (1000.5, ";;;", "1000.5", ""),
        (15, '0 "Tsd. €"', "15", "15 Tsd."),
        (15, '0 "Stück"', "15", None),
        (15.125, "0.000", "15.1250", None),
        (0.1 + 0.2, "General", "0.3", None),
        (2.5e-7, "0.0E+00", "0.00000025", None),
    ],
)
def test_number_columns_hold_what_is_stored(
    tmp_path: Path, value: Any, code: str, text: str, shown: str | None
) -> None:
    [sheet] = read(participations(tmp_path, F2=(value, code)))
    assert isinstance(sheet, Sheet)
    assert cells_of(sheet)[0][5] == text
    assert [(f.code, f.severity) for f in sheet.findings] == (
        [] if shown is None else [("table.hidden-digits", Severity.WARNING)]
    )
    assert all((shown or "") in f.message.english for f in sheet.findings)


@pytest.mark.parametrize(("value", "text"), [(1000.125, "1000.1250"), (-0.5, "-0.5"), (2500.25, "2500.25")])
def test_hidden_digits_that_the_column_refuses_are_one_violation(
    tmp_path: Path, value: float, text: str
) -> None:
    root = make_workspace(tmp_path / "ws", **dict.fromkeys(TABLES))
    participations(tmp_path, F2=(value, "#,##0")).rename(root / "data" / "source" / "tables.xlsx")
    found = [f for f in load(root, root / "scratch")[1] if f.place.column == "amount"]
    expected = Severity.WARNING if text == "2500.25" else Severity.VIOLATION
    assert [(f.code, f.severity) for f in found] == [("table.hidden-digits", expected)]


@pytest.mark.parametrize(
    ("cell", "value", "code", "lost"),
    [
        ("F2", 1234567890123450, "General", True),  # of 1234567890123456, say
        ("F2", 123456789012345, "General", False),
        ("F2", 12345678901234.5, "General", False),
        ("F2", 0.1 + 0.2, "General", False),
        ("B2", 1234567890123450, "0", True),
        ("B2", 123456789012345, "0", False),
    ],
)
def test_digits_that_spreadsheets_do_not_keep_are_a_warning(
    tmp_path: Path, cell: str, value: Any, code: str, lost: bool
) -> None:
    [sheet] = read(participations(tmp_path, **{cell: (value, code)}))
    assert isinstance(sheet, Sheet)
    assert [(f.code, f.severity, f.place.letter) for f in sheet.findings] == (
        [("table.lost-digits", Severity.WARNING, cell[0])] if lost else []
    )


def test_escaped_characters_are_characters(tmp_path: Path) -> None:
    path = organisations(
        tmp_path, E2="Zeile eins_x000D_\nZeile zwei", E3="_x005F_x0042_ _xD83D__xDE00_ _xD800_"
    )
    assert [row[4] for row in rows(path)] == ["Zeile eins\r\nZeile zwei", "_x0042_ \U0001f600 \ufffd"]


def test_runs_of_text_are_one_and_aids_to_pronounce_none(tmp_path: Path) -> None:
    runs = "<r><t>Beta </t></r><r><rPr><b/></rPr><t>GmbH</t></r><rPh sb='0' eb='1'><t>x</t></rPh>"
    path = with_shared_texts(organisations(tmp_path), "<t>b</t>", "<t/>", runs)
    assert rows(path)[0][:3] == ["b", "", "Beta GmbH"]


@pytest.mark.parametrize(
    ("part", "old", "new"),
    [
        (r"xl/styles\.xml", "<fill>.*?</fill>", "<fill/>"),
        (r"xl/styles\.xml", "<fonts.*</fonts>", ""),
        (r"xl/workbook\.xml", "<workbookPr ?/>", ""),
        (r".*sheet1\.xml", '<row r="', '<row spans="x" r="'),
    ],
)
def test_what_does_not_matter_stops_nothing(tmp_path: Path, part: str, old: str, new: str) -> None:
    assert rows(patched(organisations(tmp_path), part, (old, new))) == [FIRST, SECOND]


@pytest.mark.parametrize(
    ("part", "old", "new"),
    [
        (r".*sheet1\.xml", "</sheetData>.*", ""),
        (r".*sheet1\.xml", '<c r="B2"', '<c r="??"'),
        (r".*sheet1\.xml", "<v>1</v>", "<v>3333</v>"),
        (r".*sheet1\.xml", "<v>1</v>", "<v>x</v>"),
        (r".*sharedStrings\.xml", "</sst>", ""),
        (r"xl/workbook\.xml", "</workbook>", ""),
        (r"xl/_rels/.*", "worksheets/sheet1", "worksheets/sheet9"),
        (r"_rels/.*", "xl/workbook", "xl/nothing"),
    ],
)
def test_a_damaged_part_is_named(tmp_path: Path, part: str, old: str, new: str) -> None:
    path = with_shared_texts(organisations(tmp_path), "<t>a</t>", "<t>b</t>")
    assert [code for code, *_ in told(patched(path, part, (old, new)))] == ["table.unreadable-workbook"]


def test_one_broken_sheet_leaves_the_others(tmp_path: Path) -> None:
    def fill(sheet: Any) -> None:
        sheet.append(COLUMNS)
        sheet.parent.create_sheet("places").append(["id"])

    found = read(patched(save(tmp_path, fill), r".*sheet1\.xml", ("</sheetData>.*", "")))
    assert [one.table if isinstance(one, Sheet) else one.place.sheet for one in found] == [
        "organisations",
        "places",
    ]
    assert isinstance(found[0], Finding) and isinstance(found[1], Sheet)


def test_no_number_is_left_to_the_check(tmp_path: Path) -> None:
    path = participations(tmp_path, F2=5, F3=6, F4=7)
    numbers = ["NaN", "1E999999999", "12345678901234567"]
    replacements = [(f"<v>{5 + n}</v>", f"<v>{number}</v>") for n, number in enumerate(numbers)]
    [sheet] = read(patched(path, r".*sheet1\.xml", *replacements))
    assert isinstance(sheet, Sheet) and [row[5] for row in cells_of(sheet)][:3] == numbers
    assert [f.code for f in sheet.findings] == ["table.lost-digits"]


def test_a_title_above_the_header_is_one_finding(tmp_path: Path) -> None:
    def fill(sheet: Any) -> None:
        for row in (["Organisationen, Stand 2025"], [], COLUMNS, FIRST, SECOND):
            sheet.append(row)
        sheet.merge_cells("A1:G1")

    path = save(tmp_path, fill)
    [sheet] = read(path)
    assert isinstance(sheet, Sheet) and cells_of(sheet) == [FIRST, SECOND] and sheet.header_row == 3
    assert told(path) == [("table.title-row", 1, None, None)]


def test_any_damage_ends_in_a_finding_or_a_sheet(tmp_path: Path) -> None:
    draw = random.Random(13)
    path = organisations(tmp_path, A2=(7, "000"), F3="=1+1", C2=(datetime.date(2019, 5, 1), "yyyy"))
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for _ in range(60):
        name = draw.choice([part for part in parts if not part.startswith("docProps")])
        content = bytearray(parts[name])
        for _ in range(draw.randrange(1, 4)):
            content[draw.randrange(len(content))] = draw.choice(b'<>/"=0123456789abzA&;: ')
        with zipfile.ZipFile(path, "w") as archive:
            for other, original in parts.items():
                archive.writestr(other, bytes(content) if other == name else original)
        for found in read(path):
            assert isinstance(found, Finding) or list(found.rows()) is not None


def test_who_refers_to_a_key_that_could_not_be_read_has_no_fault(tmp_path: Path) -> None:
    root = make_workspace(tmp_path, organisations=None)
    header, *others = rows_of("organisations")

    def fill(sheet: Any) -> None:
        for row in (header, *others):
            sheet.append(row)
        sheet["A3"] = "=1+1"

    save(root / "data" / "source", fill)
    found = load(root, root / "scratch")[1]
    assert [(f.code, f.place.row, f.place.letter) for f in found] == [("table.formula-without-value", 3, "A")]


def test_answers_are_written_as_they_are_read(tmp_path: Path) -> None:
    texts = ["_x0042_", "a_x000D_b", "_x005F_", "=1+1", "#N/A", "\U0001f600" * 20_000]
    numbers = [12345678901234567, 10**15, 10**15 - 1, -(10**16), 1.5]
    path = tmp_path / "answers.xlsx"
    path.write_bytes(write_tables({"A": [["x"], *([value] for value in [*texts, *numbers])]}, frozen="A"))
    book = StoredWorkbook(path)
    cells = [cells[0] for _, cells in list(book.rows(book.sheets[0]))[1:]]
    book.close()
    assert [cell.text for cell in cells[:5]] == texts[:5]
    assert len(cells[5].text.encode("utf-16-le")) // 2 <= MOST_UNITS and set(cells[5].text) == {"\U0001f600"}
    assert [(cell.type, cell.text) for cell in cells[6:]] == [
        ("s", "12345678901234567"),
        ("s", "1000000000000000"),
        ("n", "999999999999999"),
        ("s", "-10000000000000000"),
        ("n", "1.5"),
    ]


@pytest.mark.parametrize("strict", [False, True])
def test_the_marked_copy_has_a_workbook_that_cannot_be_copied(tmp_path: Path, strict: bool) -> None:
    root = make_workspace(tmp_path / "ws", **dict.fromkeys(TABLES))
    path = organisations(root / "data" / "source", E3="=1")
    if strict:
        patched(path, ".*", *STRICT)
    else:
        patched(path, r"xl/styles\.xml", ("<fill>.*?</fill>", "<fill/>"))
    workspace = open_workspace(root)
    place = Place("source", "data/source/tables.xlsx", "organisations", 3, "description_de", "E")
    report = Report.of([Finding(Severity.VIOLATION, "code", Text.same("wrong"), Text.same("mend"), place)])
    annotate(report, list(annotated_sources(workspace, group())), tmp_path / "copy.xlsx", "en")
    sheet = openpyxl.load_workbook(tmp_path / "copy.xlsx")["organisations"]
    assert sheet["A3"].value == "beta" and "wrong" in sheet["E3"].comment.text
