"""Bad files of any kind end in a finding or in one clear error that names them, and leave the last release alone."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import socket
from collections.abc import Callable
from itertools import islice
from pathlib import Path

import pytest
from workspaces import SOURCE, TABLES, core_text, declare, make_workspace

from transfergraph import build
from transfergraph.cli import app
from transfergraph.release.publish_release import current_release

HEADER = "#+ summary_de: Ein\n#+ summary_en: One\n"
CHECK = (
    "#+ severity: info\n#+ focus: ?s\n#+ problem_de: A\n#+ problem_en: A\n#+ remedy_de: B\n#+ remedy_en: B\n"
)
TERMS = """@prefix ex: <https://example.org/terms#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
ex:Thing a owl:Class ; rdfs:label "Ding"@de , "thing"@en .
"""
SHAPES = """@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix tg: <https://w3id.org/transfergraph/ontology#> .
@prefix ex: <https://example.org/shapes#> .
ex:Own a sh:NodeShape ; sh:targetClass tg:Lab ; sh:property ex:Own-title .
ex:Own-title a sh:PropertyShape ; sh:path tg:start ; sh:maxCount 1 .
"""
SOUND = {
    "transfergraph.toml": core_text("transfergraph.toml"),
    "data/source/source.toml": SOURCE,
    "ontology/tables.json": core_text("ontology/tables.json"),
    "ontology/own.ttl": TERMS,
    "ontology/own.shapes.ttl": SHAPES,
    "ontology/schemes/own.ttl": TERMS,
    "queries/rules/own.rq": f"{HEADER}CONSTRUCT {{ ?s <https://example.org/p> ?o }} WHERE {{ ?s <x:y> ?o }}\n",
    "queries/checks/own.rq": f"{HEADER}{CHECK}SELECT ?s WHERE {{ ?s <x:y> ?o }}\n",
    "queries/questions/own.rq": f"{HEADER}SELECT ?s WHERE {{ ?s <x:y> ?o }}\n",
}
Spoil = Callable[[Path, bytes], object]


def put(change: Callable[[bytes], bytes]) -> Spoil:
    """Write the changed content."""
    return lambda file, content: file.write_bytes(change(content))


def instead_of_all(content: bytes) -> Spoil:
    """Other content."""
    return put(lambda _: content)


def instead(make: Callable[[Path], object]) -> Spoil:
    """Something else in the place of the file."""

    def spoil(file: Path, _: bytes) -> None:
        file.unlink()
        make(file)

    return spoil


def make_socket(file: Path) -> None:
    """A socket by that name, whose path may be no longer than some hundred bytes."""
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(f"/proc/self/fd/{folder}/{file.name}")
    finally:
        os.close(folder)


def cut(share: float) -> Spoil:
    return put(lambda content: content[: int(len(content) * share)].rstrip(b" \n.}]"))


NESTED = {
    ".toml": b"x = " + b"[" * 10_000 + b"]" * 10_000,
    ".json": b"[" * 10_000 + b"]" * 10_000,
    ".ttl": b"<x:a> <x:b> " + b"(" * 10_000 + b")" * 10_000 + b" .",
    ".rq": f"{HEADER}{CHECK}SELECT ?s WHERE {'{' * 10_000}{'}' * 10_000}".encode(),
}
SPOILS: dict[str, Spoil] = {
    "cut-1": cut(0.25),
    "cut-2": cut(0.5),
    "cut-3": cut(0.75),
    "cut-4": cut(0.95),
    "binary": put(lambda _: bytes(range(256)) * 20),
    "zeros": put(lambda _: bytes(1000)),
    "nul": put(lambda content: content[:100] + b"\0" + content[100:]),
    "utf-16": put(lambda content: content.decode().encode("utf-16")),
    "latin-1": put(lambda content: content + b"\n# \xfc\xe4\xff \n\xfc"),
    "html": put(lambda _: b"<!DOCTYPE html><html><body>404</body></html>"),
    "zip": put(lambda _: b"PK\x03\x04" + bytes(range(200))),
    "long": put(lambda _: b"x" * 1_000_000),
    "quotes": put(lambda content: content + b'\n"""'),
    "folder": instead(lambda file: file.mkdir()),
    "nowhere": instead(lambda file: file.symlink_to("nowhere")),
    "itself": instead(lambda file: file.symlink_to(file.name)),
    "outside": instead(lambda file: file.symlink_to("/etc/hostname")),
    "endless": instead(lambda file: file.symlink_to("/dev/zero")),
    "pipe": instead(os.mkfifo),
    "socket": instead(make_socket),
}
KEYS = {
    "transfergraph.toml": {
        "base = ": "base = 7 #",
        "consortium = ": "consortium = 'many' #",
        "file_megabytes = ": "file_megabytes = -1 #",
        "issued = ": "issued = 2026-13-45 #",
        "licence = ": "licence = [] #",
        "[limits]": "[limits]\nunknown = 1",
        "[graph]": "[graf]",
        "[publisher]": "[[publisher]]",
    },
    "data/source/source.toml": {
        "retrieved = ": "retrieved = 'today' #",
        "url = ": "url = 'page' #",
        "projects = [1, 5]": "projects = [5, 1]",
        "[rows]": "rows = 3\n[row]",
        "publisher = ": "publisher = '' #",
    },
    "ontology/tables.json": {
        '"tables"': '"table"',
        '"aboutUrl"': '"aboutURL"',
        '"datatype"': '"dataType"',
        '"columns": [': '"columns": {}, "column": [',
        '"primaryKey": "id"': '"primaryKey": 3',
        '"url": "organisations.csv"': '"url": 3',
        '"propertyUrl"': '"propertyURL"',
    },
    "ontology/own.ttl": {
        '"thing"@en': '[ rdfs:label "thing" ]',
        "@prefix owl": "# @prefix owl",
        'rdfs:label "Ding"@de': '<https://example.org/a/> "Ding"@de',
    },
    "ontology/own.shapes.ttl": {
        "sh:maxCount 1": "sh:maxCount 'one'",
        "sh:path tg:start": "sh:path 'start'",
        "sh:maxCount": "sh:in ( 1 2 ) ; sh:pattern '(' ; sh:maxCount",
        "@prefix sh": "# @prefix sh",
    },
    "queries/rules/own.rq": {
        "CONSTRUCT {": "SELECT {",
        "<x:y>": "x:y",
        "#+ summary_en": "#+ summary-en",
        "WHERE": "WHERE { SERVICE <https://example.org/sparql> { ?a ?b ?c } }",
        HEADER: "",
        "CONSTRUCT { ?s <https://example.org/p> ?o } WHERE": "INSERT { ?s <x:p> ?o } WHERE",
    },
    "queries/checks/own.rq": {
        "severity: info": "severity: fatal",
        "focus: ?s": "focus: ?t",
        "problem_en: A": "problem_en: {other}",
        "remedy_en": "remedi_en",
        "SELECT ?s": "SELECT ?s ?s",
        "WHERE {": "WHERE { FILTER(",
    },
    "queries/questions/own.rq": {
        HEADER: f"{HEADER}#+ parameter: who text | wer | who\n",
        "#+ summary_de: Ein\n": "#+ summary_de: Ein\n#+ summary_de: Zwei\n",
        "SELECT ?s": "SELECT",
        "?s <x:y>": "?s <not an address>",
        "}": "} GROUP BY ?o",
    },
}


def cases() -> list[object]:
    made: list[tuple[str, str, Spoil]] = []
    for name in SOUND:
        made += [(name, spoil, SPOILS[spoil]) for spoil in SPOILS]
        nested = NESTED[Path(name).suffix]
        made.append((name, "nested", instead_of_all(nested)))
        for old, new in KEYS.get(name, {}).items():

            def change(content: bytes, old: str = old, new: str = new) -> bytes:
                assert old.encode() in content, old
                return content.replace(old.encode(), new.encode(), 1)

            made.append((name, new.strip().replace("\n", " ")[:40], put(change)))
    return [pytest.param(name, spoil, id=f"{name}-{what}") for name, what, spoil in made]


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, str]:
    """A workspace, its output folder, and the digest of the release that stays there."""
    """A workspace with files of its own, and where its release lies."""
    folder = tmp_path_factory.mktemp("bad-files")
    root = make_workspace(folder / "workspace")
    for name, content in islice(SOUND.items(), 3, None):
        declare(root, name, content)
    assert build(root, folder / "build").manifest is not None
    current = current_release(folder / "build")
    assert current is not None
    return root, folder / "build", digest(current)


def digest(folder: Path) -> str:
    """What is in the folder of a release, and which is current."""
    files = (path for path in sorted(folder.resolve().rglob("*")) if path.is_file())
    state = [(str(path), hashlib.sha256(path.read_bytes()).hexdigest()) for path in files]
    return hashlib.sha256(json.dumps([str(folder.resolve()), state]).encode()).hexdigest()


def run(
    released: tuple[Path, Path, str],
    tmp_path: Path,
    spoil: Callable[[Path], object],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> str:
    """What a build of the spoiled workspace says; it has to stop, and to leave the release as it was."""
    source, output, before = released
    current = current_release(output)
    assert current is not None
    root = tmp_path / "workspace"
    shutil.copytree(source, root)
    spoil(root)
    arguments = ["build", "-w", str(root), "-o", str(output), "--lang", "en"]
    monkeypatch.setattr("sys.argv", ["transfergraph", *arguments])
    monkeypatch.setenv("COLUMNS", "500")
    with pytest.raises(SystemExit) as ended:
        app.main()
    said = "".join(capsys.readouterr())
    assert ended.value.code in (1, 4), said
    assert "Traceback" not in said
    assert current_release(output) == current
    assert digest(current) == before
    return said


@pytest.mark.share
@pytest.mark.parametrize(("name", "spoil"), cases())
def test_a_bad_file_is_named(
    released: tuple[Path, Path, str],
    tmp_path: Path,
    name: str,
    spoil: Spoil,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def spoil_it(root: Path) -> None:
        file = root / name
        if not file.exists():
            declare(root, name, SOUND[name])
        spoil(file, file.read_bytes())

    assert Path(name).name in run(released, tmp_path, spoil_it, capsys, monkeypatch)


TABLE = TABLES["organisations"].encode()
BAD_TABLES: dict[str, bytes] = {
    "nothing": b"",
    "blank": b" \n\n\t\n",
    "header-cut": TABLE[:20],
    "quote-open": TABLE + b'"x,company',
    "row-cut": TABLE + b"x,company",
    "binary": bytes(range(256)) * 20,
    "nul": TABLE.replace(b"HTW", b"H\0W"),
    "zeros": bytes(1000),
    "utf-16": TABLE.decode().encode("utf-16"),
    "utf-32": TABLE.decode().encode("utf-32"),
    "latin-1": TABLE.decode().encode("latin-1"),
    "surrogate": TABLE.replace(b"HTW Dresden", b"\xed\xa0\x80"),
    "html": b"<!DOCTYPE html><html></html>",
    "json": b'[{"id": 1}]',
    "pdf": b"%PDF-1.7\n" + bytes(range(128, 256)),
    "workbook": b"PK\x03\x04" + bytes(200),
    "pipes": TABLE.replace(b",", b"|"),
    "columns": b",".join(b"c%d" % n for n in range(20_000)),
    "control": TABLE.replace(b"HTW Dresden", b"HTW\x07"),
    "noncharacter": TABLE.replace(b"HTW Dresden", "\uffff".encode()),
    "long": TABLE.replace(b"HTW Dresden", b"x" * 1_000_000),
    "marks": TABLE.replace(b"HTW Dresden", ("a" + "\u0301" * 5000).encode()),
    "key": TABLE.replace(b"htw-dresden", b"../../etc"),
    "keys": TABLE + b"same,company,A,B,,,,,page\n" * 3,
    "spaces": TABLE.replace(b",", b" ").replace(b"id ", b"id"),
    "twice": TABLE.replace(b"name_en", b"name_de", 1),
    "turned": TABLE.replace(b"HTW Dresden", "\u202eHTW".encode()),
    "markup": TABLE.replace(b"HTW Dresden", b"<script>alert(1)</script>"),
}
BAD_PATHS: dict[str, Callable[[Path], object]] = {
    "folder": lambda file: file.mkdir(),
    "nowhere": lambda file: file.symlink_to("nowhere"),
    "itself": lambda file: file.symlink_to(file.name),
    "outside": lambda file: file.symlink_to("/etc/hostname"),
    "endless": lambda file: file.symlink_to("/dev/zero"),
    "pipe": os.mkfifo,
    "socket": make_socket,
}


@pytest.mark.share
@pytest.mark.parametrize("what", [*BAD_TABLES, *BAD_PATHS])
def test_a_bad_table_is_named(
    released: tuple[Path, Path, str],
    tmp_path: Path,
    what: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def spoil(root: Path) -> None:
        file = root / "data" / "source" / "organisations.csv"
        file.unlink()
        if what in BAD_TABLES:
            file.write_bytes(BAD_TABLES[what])
        else:
            BAD_PATHS[what](file)

    assert "organisations.csv" in run(released, tmp_path, spoil, capsys, monkeypatch)


def test_there_are_two_hundred() -> None:
    assert len(cases()) + len(BAD_TABLES) + len(BAD_PATHS) >= 200
