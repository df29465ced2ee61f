"""``transfergraph fix``: what leaves no doubt is mended, and nothing beside it changes."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from tables_fixture import check
from workspaces import TABLES, edited, make_workspace, workbook_of

import transfergraph as tg
from transfergraph.tables.edit_csv import cells_of, with_cells

# A spelling that is certain for each kind: the table, what stands there, what is written instead, and what it becomes.
SPELLINGS = [
    ("projects", "2021-06-30", "30.06.2021", "2021-06-30"),
    ("projects", "2021-06-30", "2021/06/30", "2021-06-30"),
    ("participations", "1000.50", '"1000,5"', "1000.5"),
    ("participations", "1000.50", '"1,234,567.5"', "1234567.5"),
    ("organisations", ",page\nhtw", ',"page, page"\nhtw', "page;page"),
    ("alliances", "grubenwasser,page", "gruben\u200bwasser,page", "grubenwasser"),
    (
        "sources",
        "https://example.org/page?a=1&b=%20x",
        "https://example.org/a/../page",
        "https://example.org/page",
    ),
    (
        "sources",
        "https://example.org/page?a=1&b=%20x",
        "https://example.org/a b",
        "https://example.org/a%20b",
    ),
]


def faulty(folder: Path, table: str, old: str, new: str) -> Path:
    return make_workspace(folder, **{table: edited(table, old, new)})


def codes(root: Path) -> list[str]:
    found = check(root)
    shutil.rmtree(root / "scratch")
    return [one.code for one in found if one.severity is not tg.Severity.INFO]


@pytest.mark.share
@pytest.mark.parametrize(("table", "old", "new", "mended"), SPELLINGS)
def test_a_certain_spelling_is_mended_and_found_no_more(
    tmp_path: Path, table: str, old: str, new: str, mended: str
) -> None:
    root = faulty(tmp_path / "ws", table, old, new)
    file = root / "data" / "source" / f"{table}.csv"
    before = file.read_bytes()
    corrections = tg.fix(root)
    (change,) = corrections.changes
    assert (change.new, corrections.refused) == (mended, ())
    assert file.read_bytes() == before  # nothing before it is asked for
    corrections.apply()
    assert file.read_bytes() == before.replace(change.old.encode(), change.new.encode())
    assert tg.fix(root).changes == ()
    assert codes(root) == []


@pytest.mark.parametrize(
    "value",
    [
        "31.12.19",
        "03/04/2019",
        "43831",
        "2019-13-40",
        "Müller &amp; Söhne",
        "Weiß".encode().decode("cp1252"),
    ],
)
def test_what_is_in_doubt_is_left_alone(tmp_path: Path, value: str) -> None:
    if "&" in value or "Ã" in value:
        root = faulty(tmp_path / "ws", "projects", "Pilotvorhaben", value)
    else:
        root = faulty(tmp_path / "ws", "projects", "2021-06-30", value)
    assert codes(root) != []
    corrections = tg.fix(root)
    assert (corrections.changes, corrections.refused) == ((), ())


def test_the_bytes_of_all_other_cells_stay(tmp_path: Path) -> None:
    """Byte order mark, separator, quotes that need not be, line ends of both kinds, blanks and a missing last one."""
    lines = [
        'id;kind;"name_de";name_en;part_of;programme;place;regions;topics;start;end;source\r\n',
        "\r\n",
        '"pilot";research-and-development; Pilot ;"Pi""lot";recomine;wir;dresden;sachsen;grubenwasser; 01.02.2019 ;"30.06.2021";page\n',
        "zwei;research-and-development;Zwei\xa0;Two;recomine;wir;;;;2019;;page",
    ]
    content = "\ufeff" + "".join(lines)
    root = make_workspace(tmp_path / "ws", projects=content.encode())
    file = root / "data" / "source" / "projects.csv"
    file.chmod(0o640)
    corrections = tg.fix(root)
    assert [(one.old, one.new) for one in corrections.changes] == [
        (" 01.02.2019 ", " 2019-02-01 "),
        ("30.06.2021", "2021-06-30"),
    ]
    corrections.apply()
    wanted = content.replace("01.02.2019", "2019-02-01").replace("30.06.2021", "2021-06-30").encode()
    assert file.read_bytes() == wanted
    assert file.stat().st_mode & 0o777 == 0o640
    assert sorted(path.name for path in file.parent.iterdir() if path.name.startswith(".")) == []
    assert codes(root) == []


cells = st.text(st.sampled_from('ab",;\r\n \ufeffä'), max_size=5)


@given(
    st.lists(st.lists(cells, min_size=2, max_size=3), min_size=1, max_size=4), st.sampled_from(["\n", "\r\n"])
)
def test_any_cell_can_be_replaced_and_nothing_else_is(rows: list[list[str]], end: str) -> None:
    quoted = [
        ",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in (["id", "name"], *rows)
    ]
    content = "".join(line + end for line in quoted).encode()
    known = cells_of(content, ["id", "name"])
    assert [known[row, 2] for row in range(2, len(rows) + 2)] == [row[1] for row in rows]
    edited_bytes = with_cells(content, ["id", "name"], {(len(rows) + 1, 1): 'new "one", two'})
    again = cells_of(edited_bytes, ["id", "name"])
    assert again == known | {(len(rows) + 1, 1): 'new "one", two'}
    assert with_cells(content, ["id", "name"], {}) == content


def test_a_file_that_has_changed_is_not_written(tmp_path: Path) -> None:
    root = faulty(tmp_path / "ws", *SPELLINGS[0][:3])
    corrections = tg.fix(root)
    file = root / "data" / "source" / "projects.csv"
    file.write_text(TABLES["projects"], "utf-8")
    with pytest.raises(tg.InputError, match=r"projects\.csv"):
        corrections.apply()
    assert file.read_text("utf-8") == TABLES["projects"]


def test_a_compressed_file_is_refused_by_name(tmp_path: Path) -> None:
    root = faulty(tmp_path / "ws", *SPELLINGS[0][:3])
    file = root / "data" / "source" / "projects.csv"
    subprocess.run(["gzip", str(file)], check=True)
    corrections = tg.fix(root)
    assert corrections.changes == ()
    ((place, reason),) = corrections.refused
    assert place.file == "data/source/projects.csv.gz" and "unpack" in reason.in_language("en")


def test_a_workbook_keeps_everything_but_the_cell(tmp_path: Path) -> None:
    """Formats, widths, notes, a chart and a sheet that is no table."""
    root = make_workspace(tmp_path / "ws", **dict.fromkeys(TABLES))
    file = root / "data" / "source" / "tables.xlsx"
    workbook = workbook_of({**TABLES, "projects": edited("projects", "2021-06-30", "30.06.2021")})
    sheet = workbook["projects"]
    cell = next(cell for row in sheet.iter_rows() for cell in row if cell.value == "30.06.2021")
    cell.fill = PatternFill("solid", fgColor="FFFF00")
    cell.comment = Comment("as the letter says", "me")
    sheet.column_dimensions["B"].width = 33
    own = workbook.create_sheet("notes")
    own.append(["sum", "=1+1"])
    chart = BarChart()
    chart.add_data(Reference(own, min_col=2, min_row=1, max_row=1))
    own.add_chart(chart, "D4")
    workbook.save(file)
    with zipfile.ZipFile(file) as archive:
        before = {name: archive.read(name) for name in archive.namelist()}
    assert sorted(codes(root)) == ["table.german-date", "table.unknown-sheet"]
    corrections = tg.fix(root)
    (change,) = corrections.changes
    assert (change.place.sheet, change.old, change.new) == ("projects", "30.06.2021", "2021-06-30")
    corrections.apply()
    with zipfile.ZipFile(file) as archive:
        after = {name: archive.read(name) for name in archive.namelist()}
    assert [name for name in before if before[name] != after.get(name)] == [
        f"xl/worksheets/sheet{workbook.sheetnames.index('projects') + 1}.xml"
    ]
    mended = load_workbook(file)["projects"][cell.coordinate]
    assert mended.value == "2021-06-30"
    assert mended.fill.fgColor.rgb == "00FFFF00" and mended.comment is not None
    assert codes(root) == ["table.unknown-sheet"]


def test_a_formula_is_refused_by_name(tmp_path: Path) -> None:
    root = make_workspace(tmp_path / "ws", **dict.fromkeys(TABLES))
    workbook = workbook_of({**TABLES, "projects": edited("projects", "2021-06-30", "30.06.2021")})
    sheet = workbook["projects"]
    coordinate = next(
        cell.coordinate for row in sheet.iter_rows() for cell in row if cell.value == "30.06.2021"
    )
    file = root / "data" / "source" / "tables.xlsx"
    workbook.save(file)
    with zipfile.ZipFile(file) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = f"xl/worksheets/sheet{workbook.sheetnames.index('projects') + 1}.xml"
    text = parts[name].decode()
    start = text.index(f'<c r="{coordinate}"')
    end = text.index("</c>", start) + 4
    parts[name] = (
        f'{text[:start]}<c r="{coordinate}" t="str"><f>"30.06.2021"</f><v>30.06.2021</v></c>{text[end:]}'.encode()
    )
    with zipfile.ZipFile(file, "w") as archive:
        for part, content in parts.items():
            archive.writestr(part, content)
    corrections = tg.fix(root)
    assert corrections.changes == ()
    ((place, reason),) = corrections.refused
    assert (place.sheet, place.column) == ("projects", "end") and "formula" in reason.in_language("en")


def command(root: Path, *options: str, answer: str = "") -> subprocess.CompletedProcess[str]:
    called = [sys.executable, "-m", "transfergraph", "fix", "-w", str(root), "--lang", "en", *options]
    return subprocess.run(
        called, input=answer, capture_output=True, text=True, check=False, env=dict(os.environ)
    )


def test_the_command_shows_asks_and_tells_what_is_left(tmp_path: Path) -> None:
    root = faulty(tmp_path / "ws", *SPELLINGS[0][:3])
    file = root / "data" / "source" / "projects.csv"
    before = file.read_bytes()
    shown = "data/source/projects.csv:2 column end: 30.06.2021 → 2021-06-30"
    refused = command(root, answer="n\n")
    assert refused.returncode == 1 and shown in refused.stdout and file.read_bytes() == before
    without = command(root, answer="")
    assert without.returncode == 1 and file.read_bytes() == before and "Traceback" not in without.stderr
    for answer in ("\n", "vielleicht\nn\n"):
        left = command(root, "--lang", "de", answer=answer)
        assert left.returncode == 1 and "Diese Zellen ändern? [j/N]" in left.stdout
        assert left.stdout.endswith("Es wurde nichts geändert.\n") and file.read_bytes() == before
    for answer in ("JA\n",):
        assert "1 Zelle" in command(root, "--lang", "de", answer=answer).stdout
        assert file.read_text("utf-8") == TABLES["projects"]
        file.write_bytes(before)
    done = command(root, "--yes")
    assert done.returncode == 0 and shown in done.stdout and "1 cell has been changed." in done.stdout
    assert "Ready to publish" in done.stdout.splitlines()[-1]
    assert file.read_text("utf-8") == TABLES["projects"]
    again = command(root)
    assert again.returncode == 0 and "nothing that can be mended without asking you" in again.stdout
