"""Raw files become canonical tables by SQL, each row with the file and row it comes from; bad files are told."""

from __future__ import annotations

import csv
import functools
import gzip
import hashlib
import http.server
import io
import subprocess
import sys
import tarfile
import threading
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

import pytest
from openpyxl import Workbook
from workspaces import make_workspace

import transfergraph as tg
from transfergraph.config.raw_files import RawTable
from transfergraph.findings import Finding
from transfergraph.sources.archive_members import ArchiveLimits
from transfergraph.sources.derivation import read_raw
from transfergraph.sources.organisation_names import names_organisation
from transfergraph.sources.raw_reading import RawTask, told_of

LIMITS = ArchiveLimits(member=2, archive=4)
TWO = {"name": "Name", "amount": "Amount"}
RECORD = b"<project><id>1</id><org type='a'><name>A &amp;amp; B</name></org></project>"
XML = {"id": "/id", "kind": "@type", "name": "name"}


def read(folder: Path, files: Mapping[str, bytes], **table: Any) -> tuple[list[list[str]], list[Finding]]:
    """The rows of one raw table, each with its file and row before it, and what was found."""
    described = RawTable(**{"files": "*", "format": "csv", "columns": TWO} | table)
    paths = {}
    for name, content in files.items():
        (folder / name).write_bytes(content)
        paths[name] = folder / name
    target = folder / "raw"
    target.mkdir()
    shares = read_raw(RawTask("s", paths, {"t": described}, LIMITS, target))
    with (target / "0" / "t.csv").open(encoding="utf-8", newline="") as stream:
        csv.field_size_limit(1 << 24)
        rows = [row[1:] for row in csv.reader(stream)]
    return rows, list(told_of("s", shares))


def codes(findings: list[Finding]) -> list[str]:
    return [one.code for one in findings]


def tar(files: Mapping[str, bytes], mode: Literal["w", "w:gz"] = "w") -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as archive:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return out.getvalue()


def zipped(files: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def zstd(content: bytes) -> bytes:
    module = pytest.importorskip("backports.zstd", reason="no zstd (the extra sources)")
    compressed: bytes = module.compress(content)
    return compressed


def test_columns_are_taken_by_their_titles_and_no_other(tmp_path: Path) -> None:
    rows, found = read(
        tmp_path,
        {"a.csv": b"Name;Contact;Betrag\nA;Person;1\n\nB;Person;2\n"},
        columns={"name": "Name", "amount": "Amount|Betrag"},
    )
    assert rows == [["a.csv", "2", "A", "1"], ["a.csv", "4", "B", "2"]]
    assert not found


def test_two_columns_of_one_title_and_cells_like_formulas_are_told_apart(tmp_path: Path) -> None:
    content = '="Ort";="Name";="Ort"\r\n="Bonn ";="A";="Jena"\r\n'.encode("cp1252")
    rows, found = read(
        tmp_path, {"a.csv": content}, formulas=True, encoding="cp1252", columns={"one": "Ort", "two": "Ort#2"}
    )
    assert rows == [["a.csv", "2", "Bonn", "Jena"]] and not found


@pytest.mark.parametrize(
    ("name", "packed"),
    [
        ("a.csv.gz", lambda files: gzip.compress(files["a.csv"])),
        ("a.zip", zipped),
        ("a.tar", tar),
        ("a.tar.gz", lambda files: tar(files, "w:gz")),
        ("a.tar.zst", lambda files: zstd(tar(files))),
    ],
)
def test_archives_are_read_member_by_member(tmp_path: Path, name: str, packed: Any) -> None:
    content = b"Name,Amount\nA,1\n"
    files = (
        {"a.csv": content} if name == "a.csv.gz" else {"x/a.csv": content, "x/b.csv": content, "c.txt": b"-"}
    )
    rows, found = read(tmp_path, {name: packed(files)}, members="*.csv")
    assert [row[1:] for row in rows] == [["2", "A", "1"]] * len([one for one in files if one.endswith("csv")])
    assert name == "a.csv.gz" or rows[1][0] == f"{name}!/x/b.csv"
    assert not found


def test_xml_is_read_by_paths_and_entities_that_were_escaped_twice(tmp_path: Path) -> None:
    two = RECORD.replace(b"</project>", b"<org><name>C</name><name>D</name></org></project>")
    rows, found = read(tmp_path, {"a.xml": two}, format="xml", record="org", columns=XML, entities=True)
    assert [row[1:] for row in rows] == [["1", "1", "a", "A & B"], ["2", "1", "", "C\nD"]]
    assert not found


def test_json_lines_fixed_width_and_sheets_are_read(tmp_path: Path) -> None:
    lines = b'{"a": {"b": "x"}, "c": [1]}\n{"a": 1\n{"a": {}}\n'
    rows, found = read(tmp_path, {"a.jsonl": lines}, format="jsonl", columns={"b": "a.b", "c": "c"})
    assert [row[1:] for row in rows] == [["1", "x", "[1]"], ["3", "", ""]]
    assert [(one.code, one.place.row) for one in found] == [("source.unreadable-member", 2)]
    (tmp_path / "fixed").mkdir()
    rows, _ = read(
        tmp_path / "fixed", {"a.txt": b"12 ab\n\n34 cd\n"}, format="lines", columns={"line": "line"}
    )
    assert [row[1:] for row in rows] == [["1", "12 ab"], ["3", "34 cd"]]


def test_a_sheet_of_a_workbook_is_read_below_its_title_rows(tmp_path: Path) -> None:
    pytest.importorskip("python_calamine", reason="python-calamine is not installed (the extra sources)")
    book, out = Workbook(), io.BytesIO()
    for row in (["A list"], [], ["Name", "Amount"], ["A", 1234.5], ["B", 1e15]):
        book.worksheets[0].append(row)
    book.save(out)
    rows, found = read(tmp_path, {"a.xlsx": out.getvalue()}, format="sheet", header=3)
    assert [row[1:] for row in rows] == [["4", "A", "1234.5"], ["5", "B", "1000000000000000.000000"]]
    assert not found
    (tmp_path / "b").mkdir()
    _, found = read(tmp_path / "b", {"a.xlsx": out.getvalue()[:300]}, format="sheet")
    assert codes(found) == ["source.unreadable-member"]


@pytest.mark.parametrize(
    ("content", "code", "row", "left"),
    [
        (b"Name,Amount\nA,1\nB\nC,3\n", "source.ragged-row", 3, 2),
        (b"Name,Amount\nA,1\nB,2,3\nC,3\n", "source.ragged-row", 3, 2),
        (b"Name,Amount\nA,1\n<<<<<<< HEAD\nB,2\n=======\nC,3\n", "source.merge-conflict", 3, 3),
        (b"Name,Amount\nA,1\nM\xfcller,2\n", "source.encoding", 3, 0),
        (b"Naam,Amount\nA,1\n", "source.missing-column", 1, 0),
        (b'Name,Amount\nA,1\n"B,2\n', "source.broken-rows", 3, 1),
    ],
)
def test_a_bad_row_is_told_with_its_row_and_the_others_are_read(
    tmp_path: Path, content: bytes, code: str, row: int, left: int
) -> None:
    rows, found = read(tmp_path, {"a.csv": content})
    assert (found[0].code, found[0].place.file, found[0].place.row) == (code, "a.csv", row)
    assert len(rows) == left


def test_tabs_in_a_file_of_commas_are_seen(tmp_path: Path) -> None:
    rows, found = read(tmp_path, {"a.csv": b"Name\tAmount\nA, B\t1\n"}, delimiter=",")
    assert rows == [["a.csv", "2", "A, B", "1"]]
    assert codes(found) == ["source.other-delimiter"]


def test_a_cell_of_a_megabyte_is_read_whole(tmp_path: Path) -> None:
    rows, found = read(tmp_path, {"a.csv": b"Name,Amount\n" + b"x" * (1 << 20) + b",1\n"})
    assert len(rows[0][2]) == 1 << 20 and not found


def test_of_many_like_findings_the_first_are_told_and_the_others_counted(tmp_path: Path) -> None:
    _, found = read(tmp_path, {"a.csv": b"Name,Amount\n" + b"x\n" * 30})
    assert codes(found) == ["source.ragged-row"] * 20 + ["source.more-of-a-kind"]
    assert "10" in str(found[-1].message)


@pytest.mark.parametrize("name", ["a.tar.zst", "a.tar.gz", "a.tar", "a.zip"])
def test_a_truncated_archive_says_how_much_of_it_was_read(tmp_path: Path, name: str) -> None:
    noise = {
        f"{n}.xml": RECORD + bytes(f"<!-- {hashlib.sha512(bytes([n])).hexdigest() * 9} -->", "ascii")
        for n in range(50)
    }
    whole = {
        "a.tar.zst": lambda: zstd(tar(noise)),
        "a.tar.gz": lambda: tar(noise, "w:gz"),
        "a.tar": lambda: tar(noise),
        "a.zip": lambda: zipped(noise),
    }[name]()
    rows, found = read(
        tmp_path, {name: whole[: len(whole) * 2 // 3]}, format="xml", record="org", columns=XML
    )
    assert codes(found) == ["source.broken-archive"]
    assert name == "a.zip" or 0 < len(rows) < 50 or name == "a.tar.zst"
    assert str(len(rows)) in str(found[0].message)


def test_one_broken_document_among_many_is_named_and_the_others_are_read(tmp_path: Path) -> None:
    files = {f"{n}.xml": RECORD if n != 7 else RECORD[:20] for n in range(20)}
    rows, found = read(tmp_path, {"a.zip": zipped(files)}, format="xml", record="org", columns=XML)
    assert len(rows) == 19
    assert [(one.code, one.place.file) for one in found] == [("source.unreadable-member", "a.zip!/7.xml")]
    assert found[0].severity.name == "WARNING"


@pytest.mark.parametrize(
    "declared",
    [
        b'<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">',
        b'<!ENTITY b SYSTEM "file:///etc/passwd">',
        b'<!ENTITY % p SYSTEM "http://127.0.0.1:9/x.dtd"> %p;',
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_xml_that_declares_entities_is_left_out(tmp_path: Path, declared: bytes, encoding: str) -> None:
    text = b"<?xml version='1.0' encoding='%s'?><!DOCTYPE project [%s]><project><id>1</id><org><name>&b;</name></org></project>"
    bomb = (text % (encoding.encode(), declared)).decode().encode(encoding)
    rows, found = read(
        tmp_path, {"a.zip": zipped({"1.xml": bomb, "2.xml": RECORD})}, format="xml", record="org", columns=XML
    )
    assert [row[0] for row in rows] == ["a.zip!/2.xml"]
    assert [(one.code, one.place.file) for one in found] == [("source.unsafe-xml", "a.zip!/1.xml")]


@pytest.mark.parametrize("name", ["../../etc/x.csv", "/etc/x.csv", "a\\..\\x.csv", "C:/x.csv"])
@pytest.mark.parametrize("pack", [tar, zipped])
def test_members_whose_names_lead_out_are_left_out(tmp_path: Path, name: str, pack: Any) -> None:
    content = b"Name,Amount\nA,1\n"
    rows, found = read(
        tmp_path,
        {"a.zip" if pack is zipped else "a.tar": pack({name: content, "y.csv": content})},
        members="*.csv",
    )
    assert len(rows) == 1
    assert codes(found) == ["source.unsafe-member"] and found[0].value == name


def test_links_in_a_tar_are_left_out(tmp_path: Path) -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        entry = tarfile.TarInfo("a.csv")
        entry.type, entry.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(entry)
    rows, found = read(tmp_path, {"a.tar": out.getvalue()})
    assert not rows and codes(found) == ["source.unsafe-member"]


@pytest.mark.share
@pytest.mark.parametrize(
    "files",
    [
        {"a.csv": b"Name,Amount\n" + b"0" * (3 << 20)},
        {f"{n}.csv": b"Name,Amount\n" + b"0,1\n" * (1 << 18) for n in range(6)},
    ],
)
@pytest.mark.parametrize(
    "pack", [tar, zipped, lambda files: zstd(tar(files)), lambda files: tar(files, "w:gz")]
)
def test_what_unpacks_to_more_than_the_limits_is_stopped(
    tmp_path: Path, files: Mapping[str, bytes], pack: Any
) -> None:
    packed = pack(files)
    name = (
        "a.zip"
        if packed[:2] == b"PK"
        else {b"\x1f\x8b": "a.tar.gz", b"\x28\xb5": "a.tar.zst"}.get(packed[:2], "a.tar")
    )
    _, found = read(tmp_path, {name: packed})
    assert "source.too-large" in codes(found)


def test_rows_that_may_name_persons_leave_nothing_but_sums(tmp_path: Path) -> None:
    content = "Name;Amount\nVorname Nachname;1.000,50\nMüller und Sohn GbR;10,00\nBau GmbH;5,00\n".encode()
    content += b"Nachname;open\n"
    rows, found = read(tmp_path, {"a.csv": content}, organisations_in="name", sums=("amount",), decimal=",")
    assert [row[2] for row in rows] == ["Bau GmbH"]
    assert codes(found) == ["source.withheld", "source.withheld-amount"]
    assert "1010.50" in str(found[0].message) and str(found[1].message).startswith("1 of the rows")
    kept = b"".join(one.read_bytes() for one in (tmp_path / "raw").rglob("*") if one.is_file())
    assert b"Nachname" not in kept and "Nachname" not in str(found)


@pytest.mark.parametrize(
    ("name", "is_organisation"),
    [
        ("Technische UniversitätDresden", True),
        ("A. Reichert GmbHWirtschaftsprüfungsgesellschaft", True),
        ("Große Kreisstadt Pirna", True),
        ("Landkreis Görlitz", True),
        ("Förder\u00adverein Muster e.V.", True),
        ("INFINEON TECHNOLOGIES DRESDEN AG & Co. KG", True),
        ("Vorname Nachname", False),
        ("Nachname, Vorname Nachname", False),
        ("Autohaus Nachname e.K.", False),
        ("Nachname & Muster GbR", False),
        ("Kosmetikinstitut Vorname Nachname", False),
        ("Fahrschule Nachname", False),
        ("Begünstigter", False),
        ("", False),
    ],
)
def test_only_names_that_are_surely_of_organisations_are_allowed(name: str, is_organisation: bool) -> None:
    assert names_organisation(name) is is_organisation


# From here on whole workspaces, through the verbs and the functions beside them.


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace of two sources: tables, and a raw list with the SQL of the skeleton."""
    root = make_workspace(tmp_path_factory.mktemp("sources") / "ws")
    tg.new_source(root, "list")
    return root


@pytest.fixture
def copied(workspace: Path, tmp_path: Path) -> Path:
    subprocess.run(["cp", "-r", str(workspace), str(tmp_path / "ws")], check=True)
    return tmp_path / "ws"


def add_list(root: Path, text: str, folder: Path) -> None:
    (folder / "list.csv").write_text(text, encoding="utf-8")
    tg.add_source(root, "list", str(folder / "list.csv"))


HEADER = "Beneficiary;Project;Begin;End;Amount;Town\n"


def test_a_skeleton_builds_with_its_own_source_or_with_all(workspace: Path, tmp_path: Path) -> None:
    outcome = tg.build(workspace, tmp_path / "build", sources=["list"])
    assert outcome.manifest is not None, str(outcome.report.findings)
    raw = [one.path for one in outcome.manifest.inputs if one.path.startswith(".raw/")]
    assert len(raw) == 1 and raw[0].endswith("/list.csv")
    assert not any(one.path.startswith("data/source/") for one in outcome.manifest.inputs)
    assert outcome.release is not None
    release = tg.open(outcome.release)
    project = next(
        csv.DictReader((outcome.release / "data/tables/list/projects.csv").read_text().splitlines())
    )["id"]
    told = {(one.place.file, one.place.row) for one in release.why(f"undertaking/{project}")}
    assert {(raw[0], row) for row in (2, 3, 4)} & told == told, told
    states = {one.source.name: one for one in tg.list_sources(workspace, tmp_path / "build")}
    assert states["list"].rows["projects"] == 2 and not states["source"].rows
    assert (workspace / ".raw" / ".gitignore").read_text() == "*\n"
    with pytest.raises(tg.UsageError, match="There are: list, source"):
        tg.build(workspace, tmp_path / "build", sources=["lost"])


def test_findings_name_the_raw_file_and_its_row(copied: Path, tmp_path: Path) -> None:
    text = f"{HEADER}Bau GmbH;Halle;1. Mai 2024;;10,00;X\nBau GmbH;Wä\ufffdme;01.05.2024;01.01.2020;-5;X\n"
    add_list(copied, text, tmp_path)
    report = tg.check(copied, tmp_path / "build", sources=["list"])
    found = {
        (one.code, one.place.row) for one in report.findings if (one.place.file or "").endswith("/list.csv")
    }
    assert {("source.unfit", 2), ("table.end-before-start", 3), ("table.number-below", 3)} & found >= {
        ("source.unfit", 2),
        ("table.end-before-start", 3),
    }
    unfit = next(one for one in report.findings if one.code == "source.unfit")
    assert unfit.value == "1. Mai 2024" and unfit.place.column == "begins"
    assert str(unfit.message) == "The begin or the end is no day; the project does not have it."
    damaged = [one for one in report.findings if one.place.row == 3 and "\ufffd" in (one.value or "")]
    assert damaged, found


def test_too_few_rows_stop_the_run_and_too_many_warn(copied: Path, tmp_path: Path) -> None:
    file = copied / "data" / "list" / "source.toml"
    text = file.read_text(encoding="utf-8")
    severities = []
    for rows in ("[3, 9]", "[1, 1]"):
        file.write_text(text.replace("[1, 100000]", rows), encoding="utf-8")
        report = tg.check(copied, tmp_path / "build", sources=["list"])
        severities += [
            one.severity.name for one in report.findings if one.code == "table.row-count-unexpected"
        ]
    assert severities == ["VIOLATION", "WARNING"]


def test_a_raw_file_that_is_missing_or_another_stops_the_run(copied: Path, tmp_path: Path) -> None:
    raw = next((copied / ".raw").glob("*/list.csv"))
    raw.write_text(raw.read_text().replace("Getriebe", "Getriebi"))
    with pytest.raises(tg.WorkspaceError, match="is not the recorded one"):
        tg.check(copied, tmp_path / "build", sources=["list"])
    raw.unlink()
    assert tg.list_sources(copied)[0].missing == ("list.csv",)
    with pytest.raises(tg.WorkspaceError, match="transfergraph source add list --from"):
        tg.check(copied, tmp_path / "build", sources=["list"])
    with pytest.raises(tg.WorkspaceError, match="transfergraph source add list --from"):
        tg.build(copied, tmp_path / "build")


@pytest.mark.parametrize(
    ("sql", "told"),
    [
        ("SELECT * FROM read_csv('/etc/passwd')", "disabled"),
        ("SELECT * FROM '/etc/passwd.csv'", "disabled"),
        ("COPY list TO '/tmp/x'", "one SELECT"),
        ("SELECT 1; SELECT 2", "one SELECT"),
        ("SELECT nothing FROM list", "nothing"),
        ("SELECT beneficiary AS id FROM list", "_file, _row"),
        ("SELECT 'x' AS colour, _file, _row FROM list", "colour"),
    ],
)
def test_sql_sees_the_raw_tables_only_and_says_what_is_wrong(
    copied: Path, tmp_path: Path, sql: str, told: str
) -> None:
    (copied / "data" / "list" / "organisations.sql").write_text(sql, encoding="utf-8")
    with pytest.raises(tg.WorkspaceError, match=r"data/list/organisations.sql") as error:
        tg.check(copied, tmp_path / "build", sources=["list"])
    assert told in str(error.value)


def test_sql_for_no_table_and_steps_in_a_circle_are_refused(copied: Path, tmp_path: Path) -> None:
    folder = copied / "data" / "list"
    (folder / "projekts.sql").write_text("SELECT * FROM list", encoding="utf-8")
    with pytest.raises(tg.WorkspaceError, match="projects"):
        tg.check(copied, tmp_path / "build", sources=["list"])
    (folder / "projekts.sql").rename(folder / "_a.sql").write_text("SELECT * FROM _b", encoding="utf-8")
    (folder / "_b.sql").write_text("SELECT * FROM _a", encoding="utf-8")
    with pytest.raises(tg.WorkspaceError, match="in a circle"):
        tg.check(copied, tmp_path / "build", sources=["list"])


def test_a_pattern_that_no_file_is_of_is_told(copied: Path, tmp_path: Path) -> None:
    file = copied / "data" / "list" / "source.toml"
    text = file.read_text(encoding="utf-8").replace('files = "*.csv"', 'files = "*.tsv"')
    file.write_text(text, encoding="utf-8")
    report = tg.check(copied, tmp_path / "build", sources=["list"])
    assert "source.no-file" in {one.code for one in report.findings}


class _Ranges(http.server.SimpleHTTPRequestHandler):
    """Breaks off the first answer in the middle, and understands ranges."""

    protocol_version = "HTTP/1.0"
    content = b"0123456789" * 1000
    asked: list[str | None]

    def do_GET(self) -> None:
        wanted = self.headers.get("Range")
        self.asked.append(wanted)
        begin = int(wanted.removeprefix("bytes=").removesuffix("-")) if wanted else 0
        self.send_response(206 if wanted else 200)
        self.send_header("ETag", '"x"')
        self.send_header("Content-Length", str(len(self.content) - begin))
        self.end_headers()
        self.wfile.write(self.content[begin:] if wanted else self.content[:4000])

    def log_message(self, *_: object) -> None:
        """Nothing."""


@contextmanager
def served() -> Iterator[tuple[str, list[str | None]]]:
    asked: list[str | None] = []
    handler = functools.partial(type("Handler", (_Ranges,), {"asked": asked}))
    with http.server.HTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/a/list.csv", asked
        finally:
            server.shutdown()
            thread.join()


def test_a_download_that_broke_off_goes_on_where_it_was(copied: Path) -> None:
    with served() as (url, asked):
        with pytest.raises(tg.InputError, match="could not be fetched"):
            tg.add_source(copied, "list", url)
        (file,) = tg.add_source(copied, "list", url)
    assert asked == [None, "bytes=4000-"]
    assert file.sha256 == hashlib.sha256(_Ranges.content).hexdigest() and file.url == url
    assert (copied / file.cached).read_bytes() == _Ranges.content
    recorded = (copied / "data" / "list" / "files.toml").read_text(encoding="utf-8")
    assert file.sha256 in recorded and url in recorded
    assert not list((copied / ".raw").glob("*.part"))


def test_the_verbs_bring_list_and_choose(copied: Path, tmp_path: Path) -> None:
    def run(*arguments: str) -> str:
        command = [sys.executable, "-m", "transfergraph", *arguments, "-w", str(copied)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        return done.stdout

    (tmp_path / "list.csv").write_text(f"{HEADER}Bau GmbH;Halle;01.05.2024;;10,00;X\n", encoding="utf-8")
    assert "list.csv" in run("source", "add", "list", "--from", str(tmp_path / "list.csv"))
    assert "builds as it is" in run("source", "new", "another")
    assert run("check", "--sources", "list,another")
    listed = run("sources")
    assert "list: List of funded projects" in listed and "not in the current release" in listed
    with pytest.raises(tg.UsageError, match=r"these come with the program: .*cordis"):
        tg.add_source(copied, "lost", str(tmp_path / "list.csv"))
    with pytest.raises(tg.UsageError, match="exists already"):
        tg.new_source(copied, "list")
