"""The table check: whatever a curator may do to a table ends in a finding that names the cell."""

from __future__ import annotations

import gzip
import json
import random
import re
import zipfile
from collections import Counter
from itertools import zip_longest
from pathlib import Path

import openpyxl
import pytest
from tables_fixture import check, load
from workspaces import (
    REPOSITORY,
    TABLES,
    core_text,
    declare,
    edited,
    make_workspace,
    rows_of,
    texts_of_finding,
)

import transfergraph as tg
from transfergraph import Finding, Severity
from transfergraph.common.iris import iri_fault, without_dot_steps
from transfergraph.config.workspace import open_workspace
from transfergraph.findings import NOWHERE
from transfergraph.tables import explain_cells as cells
from transfergraph.tables.csvw import read_table_group
from transfergraph.tables.load import Tables, connect, read_tables


def test_the_small_workspace_has_no_fault(tmp_path: Path) -> None:
    assert check(make_workspace(tmp_path)) == []


Placed = tuple[str, str, str, str, int, str]
PLACED: list[Placed] = [
    # table, replaced text, new text, code, row, column
    ("projects", "2021-06-30", "31.12.2019", "table.german-date", 2, "end"),
    ("projects", "2021-06-30", "31.12.19", "table.german-date", 2, "end"),
    ("projects", "2021-06-30", "43831", "table.excel-serial", 2, "end"),
    ("projects", "2021-06-30", "2021-02-30", "table.no-such-day", 2, "end"),
    ("projects", "2021-06-30", "Sommer", "table.wrong-type.edtf", 2, "end"),
    ("projects", "2021-06-30", "2018-12", "table.end-before-start", 2, "end"),
    ("projects", "2021-06-30", "2018-12~", "table.end-before-start", 2, "end"),
    ("projects", "2021-06-30", "2021-22", "table.wrong-type.edtf", 2, "end"),
    ("participations", "1000.50", '"1000,50"', "table.decimal-comma", 4, "amount"),
    ("participations", "1000.50", '"1.000,50"', "table.decimal-comma", 4, "amount"),
    ("participations", "1000.50", "1000 €", "table.wrong-type.decimal", 4, "amount"),
    ("participations", "1000.50", "#REF!", "table.error-value", 4, "amount"),
    ("participations", "EUR", "€", "table.wrong-type.pattern", 4, "currency"),
    ("participations", "coordinator", "koordinator", "table.unknown-concept", 2, "role"),
    (
        "participations",
        "pilot,htw-dresden",
        "pilott,htw-dresden",
        "table.missing-reference",
        4,
        "undertaking",
    ),
    ("participations", "recomine,htw-dresden", "recomine,", "table.blank-required", 2, "organisation"),
    ("organisations", "company", "firma", "table.unknown-concept", 4, "kind"),
    ("organisations", "05q5pk319", "05q5pk3", "table.wrong-type.pattern", 3, "ror"),
    ("organisations", "https://www.htw-dresden.de", "javascript:alert(1)", "table.unsafe-url", 3, "website"),
    (
        "organisations",
        "https://www.htw-dresden.de",
        "www.htw-dresden.de",
        "table.wrong-type.url",
        3,
        "website",
    ),
    (
        "organisations",
        "https://www.htw-dresden.de",
        "https://a b.de",
        "table.forbidden-character.url",
        3,
        "website",
    ),
    (
        "organisations",
        "https://www.htw-dresden.de",
        "https://a.de/<x>",
        "table.forbidden-character.url",
        3,
        "website",
    ),
    (
        "organisations",
        "https://www.htw-dresden.de",
        "https://a.de/\\",
        "table.forbidden-character.url",
        3,
        "website",
    ),
    *(
        (
            "organisations",
            "https://www.htw-dresden.de",
            address,
            "table.forbidden-character.url",
            3,
            "website",
        )
        for address in (
            "https://a.de/b[c",
            "https://a.de/?q=[1]",
            "https://a.de/#b#c",
            "https://a.de/%zz",
            "https://[::1/",
            "https://a.de/#ä",
        )
    ),
    *(
        ("organisations", "https://www.htw-dresden.de", address, "table.dot-steps", 3, "website")
        for address in (
            "https://a.de/b/../c",
            "https://a.de/./b?x",
            "https://a.de/b/%2e%2E/c",
            "https://a.de/..",
        )
    ),
    ("organisations", "HTW Dresden,HTW", "<script>alert(1)</script>,HTW", "table.markup", 3, "name_de"),
    ("organisations", "HTW Dresden,HTW", "HTW\x07Dresden,HTW", "table.control-character", 3, "name_de"),
    ("organisations", "HTW Dresden,HTW", f"{'x' * 1_000_000},HTW", "table.cell-too-long", 3, "name_de"),
    ("topics", "grubenwasser,G", "gruben wasser,G", "table.forbidden-character.key", 2, "id"),
    ("topics", "grubenwasser,G", '"gruben""wasser",G', "table.forbidden-character.key", 2, "id"),
    ("topics", "grubenwasser,G", "gruben<wasser>,G", "table.forbidden-character.key", 2, "id"),
    ("topics", "grubenwasser,G", "gruben\\wasser,G", "table.forbidden-character.key", 2, "id"),
    ("topics", "grubenwasser,G", "gruben\u200bwasser,G", "table.invisible-character", 2, "id"),
    ("topics", "grubenwasser,G", "-grubenwasser,G", "table.wrong-type.key", 2, "id"),
    (
        "regions",
        "sachsen,nuts-1,Sachsen,Saxony,DED,",
        "sachsen,nuts-1,Sachsen,Saxony,DED,sachsen",
        "table.cycle",
        2,
        "part_of",
    ),
    ("regions", "DED,", "DED,dresden-nuts3", "table.cycle", 2, "part_of"),
    ("statements", ",40,", ",mehr als 40,", "table.wrong-type.integer", 2, "value"),
    ("sources", "2025-03-12", "12.03.2025", "table.german-date", 2, "retrieved"),
    ("places", "51.05", '"51,05"', "table.decimal-comma", 2, "lat"),
]


def rounds() -> list[list[Placed]]:
    """The faults, so that those of one round are of different tables and can be looked for at once."""
    of_table: dict[str, list[Placed]] = {}
    for fault in PLACED:
        of_table.setdefault(fault[0], []).append(fault)
    return [[one for one in each if one] for each in zip_longest(*of_table.values())]


@pytest.mark.share
@pytest.mark.parametrize("faults", rounds(), ids=lambda faults: faults[0][3])
def test_a_fault_is_found_in_its_cell(tmp_path: Path, faults: list[Placed]) -> None:
    found = check(
        make_workspace(tmp_path, **{table: edited(table, old, new) for table, old, new, *_ in faults})
    )
    for table, _, _, code, row, column in faults:
        match = [f for f in found if f.code == code and f.place.table == table]
        assert match, [str(f) for f in found]
        finding = match[0]
        assert (finding.place.file, finding.place.row, finding.place.column) == (
            f"data/source/{table}.csv",
            row,
            column,
        )
        assert finding.severity is Severity.VIOLATION
        for text in texts_of_finding(finding):
            assert text.strip()
            assert len(text) < 1500
        if code in ("table.german-date", "table.excel-serial", "table.decimal-comma"):
            assert any(c.isdigit() for c in finding.remedy.english)


def test_a_key_may_stand_only_once_in_all_tables_of_undertakings(tmp_path: Path) -> None:
    twice = TABLES["projects"] + "pilot,research-and-development,Noch eins,Another,recomine,,,,,,,page\n"
    [same] = check(make_workspace(tmp_path / "a", projects=twice))
    assert (same.code, same.place.row, same.value) == ("table.duplicate-key", 3, "pilot")
    assert "2" in same.message.english
    alliance = edited("projects", "pilot,research", "recomine,research")
    found = [f for f in check(make_workspace(tmp_path / "b", projects=alliance)) if "duplicate" in f.code]
    assert [(f.code, f.place.row) for f in found] == [("table.duplicate-key.elsewhere", 2)]
    assert "alliances.csv" in found[0].message.english


def test_rows_count_as_in_a_spreadsheet_with_line_breaks_and_blank_rows(tmp_path: Path) -> None:
    table = TABLES["alliances"] + "\n,,,,,,,,,\nneu,neu,neu,,,wir,nirgends,,,page\n"
    [found] = check(make_workspace(tmp_path, alliances=table))
    assert (found.code, found.place.row, found.place.column) == ("table.missing-reference", 5, "place")


@pytest.mark.parametrize(
    "cell", ['"Ein\rBündnis"', '"Ein\r\nBündnis"', '"Ein\nBündnis\r"', '"\rEin\r\r\nBündnis"']
)
def test_line_breaks_of_any_kind_in_a_quoted_cell_are_kept(tmp_path: Path, cell: str) -> None:
    """A lone carriage return once ended the reading with a message of the database."""
    table = edited("alliances", '"Ein Bündnis,\ndas zwei Zeilen hat."', cell)
    tables, findings = load(make_workspace(tmp_path / "ws", alliances=table.encode()), tmp_path / "s")
    assert findings == []
    kept = tables.connection.execute("SELECT description_de FROM alliances").fetchone()
    assert kept in [("Ein\nBündnis",), ("Ein\n\nBündnis",)]


@pytest.mark.parametrize(
    "cells",
    [
        {
            ("statements", "value", ",40,"): (",0040,", "40"),
            ("participations", "amount", "1000.50"): ("01000.50", "1000.5"),
            ("places", "lat", "51.05"): ("-007", "-7"),
        },
        {
            ("statements", "value", ",40,"): (", 00 ,", "0"),
            ("participations", "amount", "1000.50"): ("00.50", "0.5"),
        },
    ],
    ids=["before others", "alone"],
)
def test_zeros_before_a_number_make_no_other_term_of_it(
    tmp_path: Path, cells: dict[tuple[str, str, str], tuple[str, str]]
) -> None:
    """The stored number of a workbook has none, however it is shown."""
    changed = {table: edited(table, old, new) for (table, _, old), (new, _) in cells.items()}
    tables, _ = load(make_workspace(tmp_path / "ws", **changed), tmp_path / "s")
    for (table, column, _), (_, value) in cells.items():
        assert (value,) in tables.connection.execute(f"SELECT {column} FROM {table}").fetchall()


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Tables:
    """The tables of the small workspace."""
    folder = tmp_path_factory.mktemp("plain")
    return load(make_workspace(folder / "ws"), folder / "scratch")[0]


@pytest.mark.parametrize("delimiter", [";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_what_spreadsheets_write_is_read_alike(
    plain: Tables, tmp_path: Path, delimiter: str, encoding: str, newline: str
) -> None:
    import csv
    import io

    contents: dict[str, str | bytes | None] = {}
    for name in TABLES:
        stream = io.StringIO()
        csv.writer(stream, delimiter=delimiter, lineterminator=newline).writerows(rows_of(name))
        contents[name] = stream.getvalue().encode(encoding)
    other, findings = load(make_workspace(tmp_path / "other", **contents), tmp_path / "scratch")
    assert findings == []
    assert cells_of(other) == cells_of(plain)


def cells_of(tables: Tables) -> list[list[tuple[object, ...]]]:
    """The rows of all tables."""
    return [tables.connection.execute(f"SELECT * FROM {name} ORDER BY _row").fetchall() for name in TABLES]


WHOLE_FILES = [
    ("projects", TABLES["projects"].replace("Pilot", "Größe").encode("cp1252"), "table.encoding"),
    ("projects", b"", "table.empty"),
    ("projects", b"\xef\xbb\xbf \n", "table.empty"),
    ("projects", TABLES["projects"].encode("utf-16"), "table.encoding.utf-16"),
    ("projects", TABLES["projects"].encode("utf-16-le"), "table.encoding.utf-16"),
    ("projects", b"%PDF-1.7 whatever", "table.not-a-table"),
    ("projects", b"<!DOCTYPE html><p>x</p>", "table.not-a-table"),
    ("projects", b"id\0kind", "table.nul"),
    ("projects", (TABLES["projects"] + '"open,x\n').encode(), "table.open-quote"),
    ("projects", TABLES["projects"].replace("kind", "kiind").encode(), "table.unknown-column"),
    ("projects", TABLES["projects"].replace("kind", "colour").encode(), "table.unknown-column"),
    ("projects", TABLES["projects"].replace("name_en", "title_en").encode(), "table.missing-column"),
    ("projects", TABLES["projects"].replace("end", "start").encode(), "table.duplicate-column"),
    ("projects", TABLES["projects"].replace("part_of", "").encode(), "table.unnamed-column"),
    ("projects", TABLES["projects"].replace("2021-06-30,page", "2021-06-30").encode(), "table.ragged-row"),
    ("projects", TABLES["projects"].replace(",page", ",page,more").encode(), "table.ragged-row"),
    ("projects", TABLES["projects"].replace(",", "|").encode(), "table.no-known-column"),
    ("projects", b"version https://git-lfs.github.com/spec/v1\nsize 1\n", "table.no-known-column"),
    ("projects", (TABLES["projects"] * 2).encode(), "table.header-again"),
    ("participations", f"{TABLES['participations']}Summe,,,,,1000.50,,,\n".encode(), "table.comment-row"),
    ("evnts", b"id,kind\n", "table.unknown-file"),
]


@pytest.mark.share
@pytest.mark.parametrize(("table", "content", "code"), WHOLE_FILES)
def test_a_broken_file_is_named(tmp_path: Path, table: str, content: bytes, code: str) -> None:
    found = check(make_workspace(tmp_path, **{table: content}))
    [finding] = [f for f in found if f.code == code]
    assert finding.place.file == f"data/source/{table}.csv"
    assert [f for f in found if f.place == finding.place] == [finding]
    assert finding.severity is Severity.VIOLATION


@pytest.mark.parametrize(
    ("meant", "typed", "letter"),
    [("kind", "kiind", "B"), ("kind", "colour", "B"), ("id", "di", "A"), ("id", "Schlüssel", "A")],
)
def test_a_misspelt_column_gets_the_likely_name_and_is_one_fault(
    tmp_path: Path, meant: str, typed: str, letter: str
) -> None:
    table = TABLES["projects"].replace(meant, typed, 1)
    found = [f for f in check(make_workspace(tmp_path, projects=table)) if f.place.row == 1]
    assert [f.code for f in found] == ["table.unknown-column"]
    assert found[0].proposals == (meant,)
    assert found[0].place.letter == letter


def test_cells_of_one_missing_reference_are_told_up_to_a_bound_and_then_counted(tmp_path: Path) -> None:
    rows = "".join(
        f"t{n},T,T,,raw-materials-and-environment,{'pages' if n % 2 else 'x'}\n" for n in range(100)
    )
    found = check(make_workspace(tmp_path, topics=TABLES["topics"] + rows))
    counts = Counter((f.code, f.value) for f in found)
    assert counts == {
        **{("table.missing-reference", value): 21 for value in ("pages", "x")},
        **{("table.missing-reference.more", value): 1 for value in ("pages", "x")},
    }
    assert "29 more cells" in found[-1].message.english


def test_a_column_that_is_missing_beside_several_unknown_ones_is_none_of_them(tmp_path: Path) -> None:
    table = TABLES["projects"].replace("id,kind", "id,colour").replace("start", "Anmerkung")
    found = [f for f in check(make_workspace(tmp_path, projects=table)) if f.place.row == 1]
    assert sorted(f.code for f in found) == ["table.missing-column", *["table.unknown-column"] * 2]


def test_only_a_header_is_a_warning_and_an_odd_size_too(tmp_path: Path) -> None:
    header = TABLES["projects"].splitlines()[0] + "\n"
    participations = "\n".join(line for line in TABLES["participations"].splitlines() if "pilot" not in line)
    found = check(make_workspace(tmp_path, projects=header, participations=participations))
    assert [(f.code, f.severity) for f in found] == [
        ("table.only-header", Severity.WARNING),
        ("table.row-count-unexpected", Severity.WARNING),
    ]


def test_spaces_and_decomposed_letters_are_normalised(tmp_path: Path) -> None:
    organisations = edited("organisations", "müller-ag", " mu\u0308ller-ag\u00a0")
    assert check(make_workspace(tmp_path, organisations=organisations)) == []


def test_gzip_is_read_and_a_truncated_one_is_named(tmp_path: Path) -> None:
    root = make_workspace(tmp_path, projects=None)
    packed = gzip.compress(TABLES["projects"].encode() * 50)
    target = root / "data" / "source" / "projects.csv.gz"
    target.write_bytes(gzip.compress(TABLES["projects"].encode()))
    assert check(root) == []
    target.write_bytes(packed[: len(packed) // 2])
    found = [f for f in load(root, root / "again")[1] if f.code == "table.unreadable-gzip"]
    assert [f.place.file for f in found] == ["data/source/projects.csv.gz"]


@pytest.mark.share
@pytest.mark.parametrize(
    ("cell", "codes"),
    [
        (f"HTW{' ' * (3 << 20)}", []),
        ("\n" * (3 << 20) + "HTW", []),
        (f"HTW{' ' * (3 << 20)}Dresden", ["table.cell-too-long"]),
        ("x" * (65 << 20), ["table.cell-too-long"]),
        ("x" + '""' * (33 << 20), ["table.cell-too-long"]),
    ],
    ids=["space", "lines", "gap", "letters", "quotes"],
)
def test_a_line_of_any_length_is_read(tmp_path: Path, cell: str, codes: list[str]) -> None:
    """Longer than DuckDB reads by itself (2 MiB), and than any buffer that is as large as that of all lines."""
    organisations = edited("organisations", "HTW Dresden,HTW", f'"{cell}",HTW')
    found = check(make_workspace(tmp_path, organisations=organisations))
    assert [(f.code, f.place.row, f.place.column, f.value and len(f.value)) for f in found] == [
        (code, 3, "name_de", 200) for code in codes
    ]


def test_a_line_that_is_allowed_to_be_long_is_kept(tmp_path: Path) -> None:
    name = "HTW " * (1 << 20) + "Dresden"
    root = make_workspace(tmp_path, organisations=edited("organisations", "HTW Dresden,HTW", f"{name},HTW"))
    settings = root / "transfergraph.toml"
    settings.write_text(settings.read_text("utf-8").replace("cell_length = 10000 ", "cell_length = 9999999"))
    tables, found = load(root, root / "scratch")
    assert found == []
    assert tables.connection.execute("SELECT name_de FROM organisations WHERE _row = 3").fetchall() == [
        (name,)
    ]


def test_a_long_list_of_sound_items_is_too_long(tmp_path: Path) -> None:
    names = ";".join(f"HTW {n}" for n in range(2_000))
    organisations = edited("organisations", "HTWD;HTW", names)
    found = check(make_workspace(tmp_path, organisations=organisations))
    assert [(f.code, f.place.row, f.place.column) for f in found] == [
        ("table.cell-too-long", 3, "alternative_names")
    ]


def test_the_curated_tables_are_read_in_little_memory(tmp_path: Path) -> None:
    """A reader that takes a buffer for lines of 64 MiB needs 1 GiB, and two go on at once."""
    workspace = open_workspace(REPOSITORY)
    group = read_table_group(workspace.declarations.tables, workspace.settings.base)
    connection = connect(tmp_path)
    connection.execute("SET memory_limit = '200MB'")
    tables, findings = read_tables(workspace, group, connection, tmp_path)
    assert findings == [] and tables.count("organisations") > 20


def write_workbook(path: Path) -> None:
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.worksheets[0])
    for name in TABLES:
        sheet = workbook.create_sheet(name)
        for row in rows_of(name):
            sheet.append([int(c) if c in ("40", "2019") else c for c in row])
    workbook.save(path)


def test_a_workbook_gives_the_same_tables(plain: Tables, tmp_path: Path) -> None:
    import datetime

    root = make_workspace(tmp_path / "book", **dict.fromkeys(TABLES))
    path = root / "data" / "source" / "tables.xlsx"
    write_workbook(path)
    workbook = openpyxl.load_workbook(path)
    workbook["projects"]["K2"] = datetime.date(2021, 6, 30)
    month = workbook["participations"]["D2"]
    month.value = datetime.date(2019, 4, 1)
    month.number_format = "mmm yyyy"
    workbook["participations"]["F4"] = 1000.5
    workbook.save(path)
    book, findings = load(root, tmp_path / "scratch")
    assert findings == []
    assert cells_of(book) == cells_of(plain)


def test_a_fault_in_a_workbook_names_sheet_row_and_column(tmp_path: Path) -> None:
    root = make_workspace(tmp_path, **dict.fromkeys(TABLES))
    path = root / "data" / "source" / "tables.xlsx"
    write_workbook(path)
    workbook = openpyxl.load_workbook(path)
    workbook["organisations"]["B4"] = "firma"
    workbook.create_sheet("Tabelle1")["A1"] = "x"
    workbook.save(path)
    found = sorted(check(root), key=Finding.sort_key)
    assert [(f.code, f.place.sheet, f.place.row, f.place.column, f.place.letter) for f in found] == [
        ("table.unknown-concept", "organisations", 4, "kind", "B"),
        ("table.unknown-sheet", "Tabelle1", None, None, None),
    ]


def test_a_zip_bomb_and_a_broken_workbook_are_named(tmp_path: Path) -> None:
    root = make_workspace(tmp_path)
    bomb = root / "data" / "source" / "bomb.xlsx"
    with (
        zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as entry,
    ):
        for _ in range(600):
            entry.write(bytes(1 << 20))
    assert bomb.stat().st_size < 1_000_000
    (root / "data" / "source" / "broken.xlsx").write_bytes(b"PK\x03\x04 no workbook")
    found = check(root)
    assert [(f.code, f.place.file) for f in found] == [
        ("table.zip-bomb", "data/source/bomb.xlsx"),
        ("table.unreadable-workbook", "data/source/broken.xlsx"),
    ]


def test_a_table_twice_in_a_source_is_named(tmp_path: Path) -> None:
    root = make_workspace(tmp_path)
    (root / "data" / "source" / "projects.csv.gz").write_bytes(gzip.compress(TABLES["projects"].encode()))
    assert [f.code for f in check(root)] == ["table.table-twice"]


@pytest.mark.parametrize(
    ("organisations", "code"),
    [
        (TABLES["organisations"].encode("cp1252"), "table.encoding"),
        (b"%PDF-1.4", "table.not-a-table"),
        (b"", "table.empty"),
        (TABLES["organisations"] + '"never closed', "table.open-quote"),
        (TABLES["organisations"].replace("id,", "key,", 1), "table.unknown-column"),
    ],
)
def test_what_only_follows_from_a_fault_is_not_told(
    tmp_path: Path, organisations: str | bytes, code: str
) -> None:
    """Rows of organisations.csv are not known: nothing is said of those who refer to them."""
    found = {finding.code for finding in check(make_workspace(tmp_path, organisations=organisations))}
    assert code in found
    assert not found & {"table.missing-reference", "table.only-header", "table.row-count-unexpected"}


def test_a_misnamed_file_is_the_only_fault(tmp_path: Path) -> None:
    root = make_workspace(tmp_path)
    (root / "data" / "source" / "organisations.csv").rename(root / "data" / "source" / "organisation.csv")
    assert [finding.code for finding in check(root)] == ["table.unknown-file"]


@pytest.mark.parametrize("name", ["organizacje.csv", "Adressen 2024.csv", "partners.csv"])
def test_a_table_under_another_name_is_known_by_its_header(tmp_path: Path, name: str) -> None:
    root = make_workspace(tmp_path)
    folder = root / "data" / "source"
    (folder / "organisations.csv").rename(folder / name)
    [finding] = check(root)
    assert (finding.code, finding.place.file) == ("table.unknown-file", f"data/source/{name}")
    assert "“organisations.csv”" in finding.remedy.in_language("en")
    assert finding.severity is Severity.VIOLATION


def test_a_header_of_a_table_that_is_there_or_of_several_says_nothing(tmp_path: Path) -> None:
    root = make_workspace(tmp_path)
    folder = root / "data" / "source"
    (folder / "copy of all.csv").write_bytes((folder / "organisations.csv").read_bytes())
    (folder / "contacts.csv").write_text("id,name_de,name_en,source\nx,X,X,page\n")
    (folder / "notes.txt").write_text("id,kind,name_de,name_en,place,source\n")
    found = check(root)
    assert {(finding.code, finding.severity) for finding in found} == {
        ("table.unknown-file", Severity.WARNING)
    }
    assert len(found) == 3


def test_what_is_no_date_is_not_compared(tmp_path: Path) -> None:
    for start in ("31.12.2019", "43831"):
        root = make_workspace(
            tmp_path / start, projects=edited("projects", "2019,2021-06-30", f"{start},2018")
        )
        assert "table.end-before-start" not in {finding.code for finding in check(root)}


@pytest.mark.parametrize(
    "address", ["https://a.de/b/../c/", "https://a.de/../c", "https://a.de/.", "https://a.de/%2E%2e/"]
)
def test_an_address_with_steps_that_readers_resolve_differently_is_none(address: str) -> None:
    assert iri_fault(address) is not None
    assert iri_fault(without_dot_steps(address)) is None
    assert ".." not in without_dot_steps(address)


@pytest.mark.parametrize(
    "content", ["note\none\ntwo\n", "note\n\none\n\n\ntwo\n", '"note"\n"one"\n"t\nwo"\n']
)
def test_a_table_of_one_column_is_read_whole(tmp_path: Path, content: str) -> None:
    root = make_workspace(tmp_path, notes=content)
    columns = [{"name": "note", "propertyUrl": "https://example.org/note"}]
    own = {"url": "notes.csv", "tableSchema": {"aboutUrl": "note/{_row}", "columns": columns}}
    declare(
        root, "ontology/tables.json", json.dumps({"@context": "http://www.w3.org/ns/csvw", "tables": [own]})
    )
    tables, found = load(root, root / "scratch")
    assert {one.code for one in found} <= {"table.row-counted"}
    rows = tables.connection.execute("SELECT note FROM source.notes ORDER BY _row").fetchall()
    assert [note.replace("\n", "") for (note,) in rows] == ["one", "two"]


def test_periods_go_by_their_properties_whatever_the_columns_are_called(tmp_path: Path) -> None:
    projects = edited("projects", "start,end", "begins,ends").replace("2021-06-30", "2018")
    root = make_workspace(tmp_path, projects=projects)
    core = json.loads(core_text("ontology/tables.json"))
    (own,) = (json.dumps(one) for one in core["tables"] if one["url"] == "projects.csv")
    own = own.replace('"start"', '"begins"').replace('"end"', '"ends"')
    declare(root, "ontology/tables.json", json.dumps({**core, "tables": [json.loads(own)]}))
    [found] = check(root)
    assert (found.code, found.place.column) == ("table.end-before-start", "ends")


def test_an_address_that_passes_is_one_that_every_reader_takes() -> None:
    draw = random.Random(3987)
    group = read_table_group([REPOSITORY / "ontology" / "tables.json"], "https://example.org/")
    column = group.table("organisations").column("website")
    passed = told = 0
    for _ in range(20_000):
        address = "http" + "".join(draw.choices("s:/#?[]%2Fa.-@ä|\\ 8", k=draw.randrange(12)))
        if draw.random() < 0.7:
            address = f"https://a.de/{address}"
        if re.fullmatch(cells.URL, address):
            assert iri_fault(address) is None, address
            passed += 1
            continue
        remedy = cells.explain(column, address, NOWHERE).remedy.english
        if "instead of the character: " in remedy:
            assert iri_fault(remedy.partition("character: ")[2]) is None, address
            told += 1
        elif remedy.startswith("Enter https://") and "at its beginning" not in remedy:
            assert iri_fault(remedy.removeprefix("Enter ")) is None, address
    assert passed > 100 and told > 100


def test_a_description_that_makes_no_addresses_is_refused(tmp_path: Path) -> None:
    text = (REPOSITORY / "ontology" / "tables.json").read_text(encoding="utf-8")
    for old, new, told in (
        ('"aboutUrl": "place/{id}"', '"aboutUrl": "pla ce/{id}"', "' '"),
        ('"aboutUrl": "place/{id}"', '"aboutUrl": "place/{+id}"', "anyURI"),
        ('"valueUrl": "{+url}"', '"valueUrl": "http://a/#{+url}"', "anyURI"),
        ('"valueUrl": "place/{place}"', '"valueUrl": "place[/{place}"', "'['"),
        ('core#prefLabel"', 'core#pref#Label"', "'#'"),
        ('"lang": "en"', '"lang": "en_GB"', "language tag"),
    ):
        assert old in text
        file = tmp_path / "tables.json"
        file.write_text(text.replace(old, new), encoding="utf-8")
        with pytest.raises(tg.WorkspaceError) as error:
            read_table_group([file], "https://example.org/")
        assert told in str(error.value) and str(file) in str(error.value)


@pytest.mark.parametrize("name", ["my source", "a[b", "a%zz"])
def test_a_source_whose_name_makes_no_address_is_refused(tmp_path: Path, name: str) -> None:
    root = make_workspace(tmp_path)
    (root / "data" / "source").rename(root / "data" / name)
    with pytest.raises(tg.WorkspaceError, match="Rename the folder"):
        open_workspace(root)


@pytest.mark.parametrize("homepage", ["https://a.de/[x", "https://a.de/#b#c", "https://a:b/"])
def test_an_address_in_the_settings_that_is_none_is_refused(tmp_path: Path, homepage: str) -> None:
    root = make_workspace(tmp_path)
    text = (root / "transfergraph.toml").read_text(encoding="utf-8")
    lines = [
        f'homepage = "{homepage}"' if line.startswith("homepage") else line for line in text.splitlines()
    ]
    (root / "transfergraph.toml").write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(tg.WorkspaceError, match=r"publisher\.homepage"):
        open_workspace(root)


@pytest.mark.parametrize(
    ("table", "old", "new", "code", "column"),
    [
        ("projects", ",Pilotvorhaben,", ",Pilotvorhaben, das zweite,", "table.ragged-row.surplus", "name_de"),
        ("projects", ",2019,2021-06-30,", ",2019,", "table.ragged-row.missing", "end"),
        ("projects", "2021-06-30,page", "2021-06-30,page,more", "table.ragged-row", None),
        ("projects", "2021-06-30,page", "2021-06-30,page,more,still", "table.ragged-row", None),
    ],
)
def test_a_row_with_a_cell_too_many_or_too_few_tells_where(
    tmp_path: Path, table: str, old: str, new: str, code: str, column: str | None
) -> None:
    assert old in TABLES[table]
    [finding] = [
        one
        for one in check(make_workspace(tmp_path, **{table: edited(table, old, new)}))
        if one.place.table == table
    ]
    assert finding.code == code
    assert column is None or f"“{column}”" in finding.message.in_language("en")


def test_the_keys_of_the_core_have_the_pattern_by_which_they_are_explained() -> None:
    group = read_table_group([REPOSITORY / "ontology" / "tables.json"], "https://e.org/")
    patterns = {column.pattern or "" for table in group.tables for column in table.file_columns}
    assert {one for one in patterns if "\\p" in one} == {cells.KEY_PATTERN}


def test_a_damaged_key_is_not_advised_for_what_refers_to_it(tmp_path: Path) -> None:
    root = make_workspace(tmp_path, organisations=edited("organisations", "htw-dresden", "htw dresden"))
    found = {one.code: one for one in check(root)}
    assert "“htw-dresden”" in found["table.forbidden-character.key"].remedy.in_language("en")
    assert found["table.missing-reference"].proposals == ()


@pytest.mark.parametrize("key", ["???", "a b", '"a""b"'])
def test_a_damaged_key_is_not_advised_for_the_name_of_its_row(tmp_path: Path, key: str) -> None:
    topics = TABLES["topics"].replace("grubenwasser,G", f"{key},G")
    named = edited("projects", "grubenwasser", "Grubenwasser")
    found = check(make_workspace(tmp_path, topics=topics, projects=named))
    assert "table.forbidden-character.key" in {one.code for one in found}
    assert not [one for one in found if key.replace('"', "") in one.proposals]
    assert "table.name-for-key" not in {one.code for one in found}
