"""What a check costs grows with the tables: inputs that are made to be dear end in findings, within bounds.

Time is CPU time of the process and its children, with room for slow machines; what each bound keeps out takes ten
times as much, or never ends.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from workspaces import TABLES, declare, make_workspace

from transfergraph.config.workspace import open_workspace
from transfergraph.errors import WorkspaceError

SECONDS, MEBIBYTES = 60, 2048
MARKS = "\u0301\u0323"
ORGANISATION = "{},company,Firma {},{},,,,,page\n"
SPREADSHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def check(root: Path) -> list[dict[str, Any]]:
    """The findings of the command in a process with limits."""

    report = root / "report.json"
    limited = ["sh", "-c", f'ulimit -t {SECONDS}; exec "$@"', "sh"]
    command = [*limited, sys.executable, "-m", "transfergraph", "check", "-w", str(root), "--format", "json"]
    with report.open("wb") as out:
        process = subprocess.Popen(command, stdout=out)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode in (0, 1)
    assert usage.ru_utime + usage.ru_stime < SECONDS
    assert usage.ru_maxrss < MEBIBYTES * 1024
    return list(json.loads(report.read_text(encoding="utf-8"))["findings"])


def codes(findings: list[dict[str, Any]]) -> dict[tuple[str, str], int]:
    """How many findings of each code each file has."""
    return Counter((Path(one["place"]["file"] or "").name, one["code"]) for one in findings)


def row(header: str, **cells: str) -> str:
    return ",".join(cells.get(name, "") for name in header.split(",")) + "\n"


def chain(length: int) -> str:
    """Projects, each a part of the next."""
    header = TABLES["projects"].partition("\n")[0]
    kind = "research-and-development"
    rows = (
        row(header, id=f"p{n}", kind=kind, name_de="P", name_en="P", part_of=f"p{n + 1}", source="page")
        for n in range(length)
    )
    last = row(header, id=f"p{length}", kind=kind, name_de="P", name_en="P", source="page")
    return TABLES["projects"] + "".join(rows) + last


def write_workbook(path: Path, sheet: str, content: Iterator[str], before: str = "") -> None:
    """A workbook of one sheet; ``content`` stands between the rows of its header and its end."""
    relation = '<Relationships xmlns="{}"><Relationship Id="r" Type="{}" Target="{}"/></Relationships>'
    book = f'<workbook xmlns="{SPREADSHEET}" xmlns:r="{OFFICE}"><sheets><sheet name="{sheet}" sheetId="1" r:id="r"/></sheets></workbook>'
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "_rels/.rels", relation.format(PACKAGE, f"{OFFICE}/officeDocument", "xl/workbook.xml")
        )
        archive.writestr("xl/workbook.xml", book)
        rels = relation.format(PACKAGE, f"{OFFICE}/worksheet", "sheet.xml")
        archive.writestr("xl/_rels/workbook.xml.rels", rels)
        with archive.open("xl/sheet.xml", "w") as part:
            part.write(f'{before}<worksheet xmlns="{SPREADSHEET}"><sheetData>'.encode())
            part.write(b'<row r="1"><c t="inlineStr"><is><t>id</t></is></c></row>')
            for piece in content:
                part.write(piece.encode())
            part.write(b"</sheetData></worksheet>")


def empty_cells(count: int) -> Iterator[str]:
    for _ in range(count // 16_000):
        yield f"<row>{'<c/>' * 16_000}</row>"


def test_each_dear_table_is_a_finding(tmp_path: Path) -> None:
    organisations = TABLES["organisations"].splitlines()
    root = make_workspace(
        tmp_path,
        events=",".join(f"c{n}" for n in range(1_000_000)) + "\n" + "," * 999_999 + "\n",
        labs="id," + ",".join(f"colum{n}" for n in range(300_000)) + "\n",
        programmes=TABLES["programmes"].replace(
            "id,", "id," + ",".join(f"nam{n}" for n in range(3000)) + ","
        ),
        organisations="\n".join([*organisations, *["same,company,A,B,,,,,page"] * 200_000]),
        topics=f"{TABLES['topics']}x,a{MARKS * 80_000},X,,,page\n",
        projects=chain(5000),
        participations=TABLES["participations"]
        + "".join(f"recomine,nobody-{n},partner,,,,,,page\n" for n in range(50_000)),
    )
    data = root / "data" / "source"
    (data / "aims.csv").write_bytes(b"id,undertaking,name_de,name_en,source\n" + b"\n" * 200_000_000)
    write_workbook(data / "fundings.xlsx", "fundings", empty_cells(120_000_000))
    found = codes(check(root))
    assert found["events.csv", "table.too-many-columns"] == 1
    assert found["labs.csv", "table.too-many-columns"] == 1
    assert found["programmes.csv", "table.unknown-column"] == 20
    assert found["programmes.csv", "table.more-unknown-columns"] == 1
    assert found["organisations.csv", "table.duplicate-key"] == 20
    assert found["organisations.csv", "table.duplicate-key.more"] == 1
    assert found["topics.csv", "table.too-many-marks"] == 1
    assert found["projects.csv", "table.too-deep"] == 1
    assert found["participations.csv", "table.missing-reference"] == 50_000
    assert found["aims.csv", "table.blank-rows"] == 1
    assert found["fundings.xlsx", "table.empty-cells"] == 1


def test_organisations_of_one_name_are_counted_and_not_paired(tmp_path: Path) -> None:
    rows = "".join(ORGANISATION.format(f"o{n}", n, "Same name") for n in range(10_000))
    found = check(make_workspace(tmp_path, organisations=TABLES["organisations"] + rows))
    (first, *others) = [one for one in found if one["code"] == "name-of-several-organisations"]
    assert len(others) == 20
    assert (first["place"]["row"], first["place"]["column"]) == (5, "name_en")
    assert first["value"] == "Same name"
    assert first["message"]["en"] == "10000 organisations bear the name “Same name”."
    assert others[-1]["message"]["en"] == f"{first['message']['en']} This one and 9,979 more."


@pytest.mark.parametrize(
    ("content", "before", "code"),
    [
        ('<row r="2"><c r="ZZZZZZ2"><v>1</v></c></row>', "", "table.unreadable-workbook"),
        ('<row r="99999999999"><c><v>1</v></c></row>', "", "table.unreadable-workbook"),
        (
            '<row r="2"><c t="inlineStr"><is><t>&e;&e;</t></is></c></row>',
            '<!DOCTYPE worksheet [<!ENTITY e "x">]>',
            "table.unreadable-workbook",
        ),
        (
            f'<row r="2"><c t="inlineStr"><is><t>a{MARKS * 16}</t></is></c></row>',
            "",
            "table.too-many-marks.cell",
        ),
    ],
    ids=["far", "low", "entities", "marks"],
)
def test_a_dear_workbook_is_a_finding(tmp_path: Path, content: str, before: str, code: str) -> None:
    root = make_workspace(tmp_path)
    write_workbook(root / "data" / "source" / "book.xlsx", "events", iter([content]), before)
    assert codes(check(root))["book.xlsx", code] == 1


def test_cells_far_from_the_table_are_told_and_take_no_room(tmp_path: Path) -> None:
    root = make_workspace(tmp_path)
    cell = '<c r="A{0}" t="inlineStr"><is><t>e{0}</t></is></c><c r="XFD{0}"><v>1</v></c>'
    rows = (f'<row r="{n}">{cell.format(n)}</row>' for n in range(2, 30_002))
    write_workbook(root / "data" / "source" / "book.xlsx", "events", rows)
    assert codes(check(root))["book.xlsx", "table.ragged-row"] == 30_000


def test_settings_that_are_nested_too_deeply_are_an_error(tmp_path: Path) -> None:
    deep = (
        f"x = {'[' * 10_000}{']' * 10_000}",
        f"x{'.y' * 20_000} = 1",
        f"x = {'{a=' * 10_000}1{'}' * 10_000}",
    )
    for number, line in enumerate((*deep, f"x = '{'x' * (1 << 20)}'")):
        root = make_workspace(tmp_path / str(number))
        file = root / "transfergraph.toml"
        file.write_text(f"{line}\n{file.read_text(encoding='utf-8')}", encoding="utf-8")
        with pytest.raises(WorkspaceError, match=r"transfergraph\.toml is not valid TOML"):
            open_workspace(root)


def test_a_description_that_is_nested_too_deeply_is_an_error(tmp_path: Path) -> None:
    root = make_workspace(tmp_path)
    declare(root, "ontology/tables.json", "[" * 100_000 + "]" * 100_000)
    from transfergraph import check as check_here

    with pytest.raises(WorkspaceError, match=r"tables\.json"):
        check_here(root, tmp_path / "build")
