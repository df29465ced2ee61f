"""What people who know spreadsheets do wrong most often, on the example rows: each fault is named where it is."""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from tables_fixture import check

import transfergraph as tg

Change = Callable[[Path], object]


def cell(table: str, row: int, column: str, value: str) -> Change:
    """Another value in a cell; the header is row 1."""

    def change(folder: Path) -> None:
        file = folder / f"{table}.csv"
        rows = list(csv.reader(io.StringIO(file.read_text("utf-8"))))
        rows[row - 1][rows[0].index(column)] = value
        out = io.StringIO()
        csv.writer(out, lineterminator="\n").writerows(rows)
        file.write_text(out.getvalue(), "utf-8")

    return change


def content(table: str, change_bytes: Callable[[bytes], bytes]) -> Change:
    """Another content of a file."""

    def change(folder: Path) -> None:
        file = folder / f"{table}.csv"
        file.write_bytes(change_bytes(file.read_bytes()))

    return change


def renamed(old: str, new: str) -> Change:
    """Another name of a file."""
    return lambda folder: (folder / old).rename(folder / new)


# What was done, the code of its finding, the row and the column that it names, and a word that its remedy says.
MISTAKES: list[tuple[str, Change, str, int | None, str | None, str]] = [
    ("a German date", cell("projects", 2, "start", "01.10.2019"), "german-date", 2, "start", "2019-10-01"),
    ("a date with two readings", cell("projects", 2, "start", "03/04/2019"), "two-readings", 2, "start", "2019-04-03"),
    ("a month in words", cell("projects", 2, "start", "Oktober 2019"), "wrong-type.edtf", 2, "start", "2019-10"),
    ("a Polish month in words", cell("projects", 2, "start", "marzec 2024"), "wrong-type.edtf", 2, "start", "2024-03"),
    ("a Polish day in words", cell("projects", 2, "start", "1 marca 2024 r."), "wrong-type.edtf", 2, "start", "2024-03-01"),
    ("an English day in words", cell("projects", 2, "start", "March 1st, 2024"), "wrong-type.edtf", 2, "start", "2024-03-01"),
    ("an end before the start", cell("projects", 2, "end", "2001"), "end-before-start", 2, "end", "swapped"),
    ("a year with a digit more", cell("projects", 2, "start", "20199"), "wrong-type.edtf", 2, "start", "2019"),
    ("a date as a number", cell("projects", 2, "start", "43739"), "excel-serial", 2, "start", "2019-10-01"),
    ("no such day", cell("projects", 2, "start", "2019-02-31"), "no-such-day", 2, "start", "year and month"),
    ("a decimal comma", cell("participations", 5, "amount", "1234,50"), "decimal-comma", 5, "amount", "1234.5"),
    ("an amount with its unit", cell("participations", 5, "amount", "1234 EUR"), "wrong-type.decimal", 5, "amount", "without a unit"),
    ("a Polish amount", cell("participations", 5, "amount", "1 500 000 zł"), "wrong-type.decimal", 5, "amount", "Enter 1500000,"),
    ("more than an amount", cell("participations", 5, "amount", "mehr als 15 EUR"), "wrong-type.decimal", 5, "amount", "1234.50"),
    ("a share in words", cell("participations", 5, "amount", "ca. 3,5 %"), "wrong-type.decimal", 5, "amount", "1234.50"),
    ("millions in words", cell("participations", 5, "amount", "12 Mio. EUR"), "wrong-type.decimal", 5, "amount", "1234.50"),
    ("about so many, in Polish", cell("statements", 2, "value", "ok. 75"), "wrong-type.integer", 2, "value", "Enter 75."),
    ("points between thousands", cell("participations", 5, "amount", "1.234.567"), "number-notation", 5, "amount", "1234567"),
    ("more than so many", cell("statements", 2, "value", "mehr als 40"), "wrong-type.integer", 2, "value", "qualifier"),
    ("a term by its name", cell("participations", 3, "role", "Partner"), "unknown-concept", 3, "role", "“partner”"),
    ("a part of a name of a term", cell("organisations", 3, "kind", "Hochschule"), "unknown-concept", 3, "kind", "university"),
    ("a misspelt term", cell("projects", 2, "kind", "resarch-and-development"), "unknown-concept", 2, "kind", "research-and-development"),
    ("a misspelt key", cell("participations", 3, "organisation", "spindel"), "missing-reference", 3, "organisation", "spindle"),
    ("a name for a key", cell("participations", 3, "organisation", "Spindel GmbH"), "name-for-key", 3, "organisation", "Enter spindle"),
    ("an unknown name for a key", cell("participations", 3, "organisation", "Neue Firma"), "name-for-key", 3, "organisation", "column id"),
    ("keys with a comma", cell("projects", 2, "source", "alliance-page, alliance-page"), "other-separator", 2, "source", "alliance-page;"),
    ("two keys where one may stand", cell("projects", 2, "programme", "uplands; uplands"), "one-key-only", 2, "programme", "one of them"),
    ("a key with blanks", cell("events", 2, "id", "Mein Ereignis"), "forbidden-character.key", 2, "id", "letters, digits"),
    ("the same key twice", content("organisations", lambda b: b + b.splitlines(keepends=True)[1]), "duplicate-key", 6, "id", "key of its own"),
    ("no key", cell("aims", 2, "id", ""), "blank-key", 2, "id", "no other row has"),
    ("a list that is not there", cell("terms", 2, "list", "organisation-kinds"), "unknown-list", 2, "list", "“organisation-kind”"),
    ("a header in German", content("organisations", lambda b: b.replace(b",place,", b",Ort,", 1)), "unknown-column", 1, "Ort", "“place”"),
    ("a blank name", cell("organisations", 3, "name_de", ""), "blank-required", 3, "name_de", "needs it"),
    ("no source", cell("projects", 2, "source", ""), "blank-required", 2, "source", "key of a row of sources.csv"),
    ("an address without https", cell("organisations", 3, "website", "www.example.org"), "wrong-type.url", 3, "website", "https://www.example.org"),
    ("a coordinate with a comma", cell("places", 2, "lat", "51,05"), "decimal-comma", 2, "lat", "51.05"),
    ("damaged letters", cell("organisations", 3, "name_de", "Agentur MÃ¼nchen"), "misread-letters", 3, "name_de", "München"),
    ("a formula that fails", cell("organisations", 3, "name_en", "#NAME?"), "error-value", 3, "name_en", "formula"),
    ("an invisible character", cell("topics", 2, "name_en", "a\u200bb"), "invisible-character", 2, "name_en", "ab"),
    ("another encoding", content("organisations", lambda b: b.decode().encode("cp1252")), "encoding", 2, None, "CSV UTF-8"),
    ("text in Unicode", content("organisations", lambda b: b.decode().encode("utf-16")), "encoding.utf-16", None, None, "CSV UTF-8"),
    ("a title above the header", content("projects", lambda b: b"Our projects\n\n" + b), "title-row", 1, None, "Delete the rows"),
    ("another name of a column", content("projects", lambda b: b.replace(b",start,", b",beginn,", 1)), "unknown-column", 1, "beginn", "“start”"),
    ("a remark below the rows", content("projects", lambda b: b + b"# to do" + b"," * (b.split(b"\n")[0].count(b",")) + b"\n"), "comment-row", 3, None, "Delete the row"),
    ("a cell too many", content("projects", lambda b: b.rstrip(b"\n") + b",more\n"), "ragged-row", 2, None, "separators"),
    ("another name of a file", renamed("organisations.csv", "Organisationen.csv"), "unknown-file", None, None, "organisations.csv"),
    ("a file missing", lambda folder: (folder / "topics.csv").unlink(), "missing-table", None, None, "Add the table"),
    ("a copy of a file", lambda folder: shutil.copy(folder / "projects.csv", folder / "projects - Kopie.csv"), "unknown-file", None, None, "out of the folder"),
]  # fmt: skip


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example workspace."""
    return tg.init(tmp_path_factory.mktemp("example") / "ws")


@pytest.mark.share
@pytest.mark.parametrize(
    ("change", "code", "row", "column", "word"),
    [one[1:] for one in MISTAKES],
    ids=[one[0] for one in MISTAKES],
)
def test_a_typical_mistake_is_one_finding_at_its_place_that_says_what_to_do(
    example: Path, tmp_path: Path, change: Change, code: str, row: int | None, column: str | None, word: str
) -> None:
    root = tmp_path / "ws"
    shutil.copytree(example, root)
    change(root / "data" / "example")
    (finding,) = check(root)
    assert (finding.code, finding.place.row, finding.place.column) == (f"table.{code}", row, column)
    assert word in finding.remedy.in_language("en")
    assert finding.message.in_language("de") != finding.message.in_language("en")
    assert finding.remedy.in_language("de") != finding.remedy.in_language("en")


def test_there_are_at_least_33_and_none_without_a_change(example: Path) -> None:
    assert len(MISTAKES) >= 33
    assert check(example) == []
    shutil.rmtree(example / "scratch")
