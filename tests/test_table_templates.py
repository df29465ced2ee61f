"""Workbooks to fill in, workbooks with marked findings that come back as data, and what columns take."""

from __future__ import annotations

import gzip
import subprocess
import sys
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet
from tables_fixture import check
from workspaces import REPOSITORY, TABLES, copied, edited, make_workspace, rows_of

import transfergraph as tg

LISTS = "_lists"


def graph(root: Path) -> bytes:
    """The triples that a build makes of a workspace."""
    outcome = tg.build(root, root / "build")
    assert outcome.manifest is not None, outcome.report.findings
    return gzip.decompress((root / "build" / "current" / "data" / "graph.nq.gz").read_bytes())


def offered(sheet: Worksheet) -> dict[str, tuple[str, str | None, bool]]:
    """By the name of a column: the source of its drop-down, how strict it is, and whether it refuses others."""
    names = {get_column_letter(number): str(cell.value) for number, cell in enumerate(sheet[1], start=1)}
    return {
        names[str(one.sqref).split("2:")[0]]: (one.formula1, one.errorStyle, bool(one.showErrorMessage))
        for one in sheet.data_validations.dataValidation
    }


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty template of the small workspace."""
    folder = tmp_path_factory.mktemp("template")
    root = make_workspace(folder / "ws")
    return tg.template(root, folder / "tables.xlsx")


def test_a_template_has_a_sheet_for_each_table_with_frozen_headers_and_notes(empty: Path) -> None:
    workbook = load_workbook(empty)
    assert set(TABLES) < set(workbook.sheetnames) and workbook.sheetnames[-1] == LISTS
    for name in workbook.sheetnames[:-1]:
        sheet = workbook[name]
        assert sheet.freeze_panes == "A2" and sheet.max_row == 1
        assert all(cell.comment is not None and cell.font.b for cell in sheet[1]), name
    notes = {cell.value: cell.comment.text if cell.comment else "" for cell in workbook["projects"][1]}
    assert "Each row needs it." in notes["kind"]
    assert "research-and-development: Research and development" in notes["kind"]
    assert "2019-10" in notes["start"] or "year" in notes["start"]
    assert "separated by “;”" in notes["topics"]
    assert workbook["projects"].column_dimensions["A"].number_format == "@"


def test_kinds_roles_and_keys_are_chosen_from_lists(empty: Path) -> None:
    workbook = load_workbook(empty)
    lists = workbook[LISTS]
    kinds, style, is_strict = offered(workbook["projects"])["kind"]
    assert (style, is_strict) == ("warning", True)  # a term of one's own may be typed first
    first, last = kinds.replace("$", "").rpartition("!")[2].split(":")
    values = {row[0].value for row in lists[f"{first}:{last}"]}
    assert {"research-and-development", "project-group"} <= values and None not in values
    roles = offered(workbook["participations"])["role"]
    assert roles[0] != kinds and roles[1] == "warning"
    organisation = offered(workbook["participations"])["organisation"]
    assert (
        organisation[0].startswith("OFFSET('organisations'!$A$2,0,0,MAX(1,COUNTA(")
        and organisation[1] == "warning"
    )
    undertaking = offered(workbook["participations"])["undertaking"]
    assert undertaking[0].startswith(f"OFFSET('{LISTS}'!$")
    column = undertaking[0].split("!$")[1][0]
    formulas = [str(cell.value) for cell in lists[column][1:]]
    assert all(name in formulas[0] for name in ("alliances", "projects", "labs"))
    several = offered(workbook["projects"])["topics"]
    assert several[2] is False  # several keys may be typed
    assert all(len(source) <= 255 for name in TABLES for source, _, _ in offered(workbook[name]).values())


def test_terms_of_the_workspace_are_among_them(tmp_path: Path) -> None:
    terms = "list,key,name_de,name_en,definition_de,definition_en,source\nproject-kind,field-trial,Feldversuch,Field trial,,,page\n"
    root = make_workspace(tmp_path / "ws", terms=terms)
    lists = load_workbook(tg.template(root, tmp_path / "t.xlsx"))[LISTS]
    assert any(cell.value == "field-trial" for column in lists.iter_cols() for cell in column)
    guide = next(one for one in tg.columns(root) if one.table.name == "projects")
    kind = next(one for one in guide.columns if one.column.name == "kind")
    assert kind.terms is not None and "field-trial" in kind.terms.terms


def test_the_same_workspace_gives_the_same_bytes_and_nothing_is_overwritten(tmp_path: Path) -> None:
    root = make_workspace(tmp_path / "ws")
    one, two = (tg.template(root, tmp_path / f"{n}.xlsx", filled=True) for n in (1, 2))
    assert one.read_bytes() == two.read_bytes()
    with pytest.raises(tg.UsageError, match=r"1\.xlsx is there already"):
        tg.template(root, one)
    with pytest.raises(tg.UsageError, match=r"end with \.xlsx"):
        tg.template(root, tmp_path / "tables.ods")
    with pytest.raises(tg.UsageError, match="source"):
        tg.template(root, tmp_path / "3.xlsx", filled=True, source="no-such")


def test_a_filled_template_that_comes_back_gives_the_same_graph(
    first_release: tuple[Path, Path], tmp_path: Path
) -> None:
    root, _ = copied(first_release, tmp_path)
    before = graph(root)
    workbook = tmp_path / "tables.xlsx"
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "transfergraph",
            "template",
            str(workbook),
            "-w",
            str(root),
            "--filled",
            "--lang",
            "de",
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, f"{workbook}\n"), done.stderr
    for file in (root / "data" / "source").glob("*.csv"):
        file.unlink()
    workbook.rename(root / "data" / "source" / "tables.xlsx")
    assert {one.severity for one in check(root)} <= {tg.Severity.INFO}
    assert graph(root) == before


def test_an_empty_sheet_of_a_template_is_no_fault(tmp_path: Path) -> None:
    root = make_workspace(tmp_path / "ws", **dict.fromkeys(TABLES))
    file = tg.template(root, root / "data" / "source" / "tables.xlsx")
    workbook = load_workbook(file)
    for table in TABLES:
        header, *rows = rows_of(table)
        places = {cell.value: number for number, cell in enumerate(workbook[table][1], start=1)}
        for number, row in enumerate(rows, start=2):
            for name, value in zip(header, row, strict=True):
                workbook[table].cell(number, places[name]).value = value or None
    workbook.save(file)
    assert {one.severity for one in check(root)} <= {tg.Severity.INFO}


def test_a_marked_workbook_is_corrected_and_put_back_as_the_data(
    first_release: tuple[Path, Path], tmp_path: Path
) -> None:
    root, _ = copied(first_release, tmp_path)
    before = graph(root)
    data = root / "data" / "source"
    (data / "projects.csv").write_text(edited("projects", "2021-06-30", "30.06.2021"), "utf-8")
    marked = tmp_path / "marked.xlsx"
    command = [
        sys.executable,
        "-m",
        "transfergraph",
        "check",
        "-w",
        str(root),
        "--annotate",
        str(marked),
        "--lang",
        "de",
    ]
    first = subprocess.run(command, capture_output=True, text=True, check=False)
    assert first.returncode == 1 and f"Geschrieben: {marked}" in first.stderr
    again = subprocess.run(command, capture_output=True, text=True, check=False)
    assert again.returncode == 2 and "gibt es schon" in again.stderr  # with corrections, perhaps
    workbook = load_workbook(marked)
    cell = next(
        cell for row in workbook["projects"].iter_rows() for cell in row if cell.value == "30.06.2021"
    )
    cell.value = "2021-06-30"
    workbook.save(data / "tables.xlsx")
    for file in data.glob("*.csv"):
        file.unlink()
    assert [one.code for one in check(root)] == []  # its list of findings is recognised
    assert graph(root) == before


def test_the_sheets_of_several_sources_come_back_to_theirs(tmp_path: Path) -> None:
    root = make_workspace(tmp_path / "ws")
    other = root / "data" / "other"
    other.mkdir()
    (other / "source.toml").write_text((root / "data" / "source" / "source.toml").read_text("utf-8"), "utf-8")
    (other / "sources.csv").write_text(TABLES["sources"].replace("page,", "leaf,"), "utf-8")
    (other / "source.toml").write_text(
        (other / "source.toml").read_text("utf-8").replace("[rows]\nprojects = [1, 5]", "[rows]"), "utf-8"
    )
    marked = tmp_path / "marked.xlsx"
    subprocess.run(
        [sys.executable, "-m", "transfergraph", "check", "-w", str(root), "--annotate", str(marked)],
        capture_output=True,
        check=False,
    )
    assert "other sources" in load_workbook(marked).sheetnames
    for source in ("source", "other"):
        for file in (root / "data" / source).glob("*.csv"):
            file.unlink()
        (root / "data" / source / "tables.xlsx").write_bytes(marked.read_bytes())
    assert [one.code for one in check(root)] == []


@pytest.mark.parametrize(
    ("name", "content", "severity"),
    [
        ("notes.csv", "a,b\n1,2\n", tg.Severity.WARNING),
        ("projects (2).csv", TABLES["projects"], tg.Severity.WARNING),
        ("budget.ods", "x", tg.Severity.WARNING),
        ("scan.pdf", "x", tg.Severity.WARNING),
    ],
)
def test_a_file_too_many_is_a_warning(tmp_path: Path, name: str, content: str, severity: tg.Severity) -> None:
    root = make_workspace(tmp_path / "ws")
    (root / "data" / "source" / name).write_text(content, "utf-8")
    (finding,) = check(root)
    assert finding.severity is severity and name in (finding.place.file or "")


def test_a_misspelt_table_that_is_missing_is_a_fault(tmp_path: Path) -> None:
    root = make_workspace(tmp_path / "ws", statements=None)
    (root / "data" / "source" / "statments.csv").write_text(TABLES["statements"], "utf-8")
    (finding,) = check(root)
    assert finding.severity is tg.Severity.VIOLATION and "statements.csv" in finding.remedy.in_language("en")
    only = make_workspace(tmp_path / "only", **dict.fromkeys(TABLES))
    (only / "data" / "source" / "tables.ods").write_text("x", "utf-8")
    assert tg.Severity.VIOLATION in {
        one.severity for one in check(only) if one.code == "table.other-workbook"
    }


def test_columns_lists_the_terms_and_tables_that_a_column_takes() -> None:
    command = [sys.executable, "-m", "transfergraph", "columns", "-w", str(REPOSITORY), "--lang"]
    english = subprocess.check_output([*command, "en", "projects"], text=True)
    assert "a term of the list “Kinds of project”:" in english
    assert any(line.split() == ["strategy-project", "Strategy", "project"] for line in english.splitlines())
    assert "a key from topics" in english and "several are separated by “;”" in english
    german = subprocess.check_output([*command, "de"], text=True)
    assert "ein Begriff der Liste „Rollen" in german and "Koordination" in german
