"""What cannot be published in every form, or not twice with the same bytes, is refused by name before."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pyoxigraph as ox
import pytest
from workspaces import REPOSITORY, declare, edited, make_workspace

import transfergraph as tg
from transfergraph.common.iris import iri_fault, predicate_fault
from transfergraph.config.workspace import open_workspace
from transfergraph.tables.csvw import read_table_group
from transfergraph.vocabulary.term_lists import read_vocabulary

HEADER = "".join(f"#+ {key}: x\n" for key in ("summary_de", "summary_en", "description_de", "description_en"))
ORGANISATIONS = "WHERE { ?o a <https://w3id.org/transfergraph/ontology#Organisation> }"
NO_NAMES = [
    "https://v.example/p/2020",
    "http://x.example/",
    "http://x.example/a%20",
    "urn:x:1",
    "http://x.example/a,",
]
NAMES = [
    "https://v.example/p2020",
    "http://x.example/#2a",
    "http://x.example/a.b",
    "http://x.example/ü",
    "urn:x:a1",
]


@pytest.mark.parametrize(
    "iri", [*NO_NAMES, *NAMES, "http://x.example/·", "http://x.example/_", "http://x.example/ª"]
)
def test_a_property_is_refused_that_makes_no_xml(iri: str) -> None:
    assert iri_fault(iri) is None
    triple = ox.Triple(ox.NamedNode("http://s.example/"), ox.NamedNode(iri), ox.Literal("x"))
    written = ox.serialize([triple], format=ox.RdfFormat.RDF_XML)
    assert written is not None
    try:
        ElementTree.fromstring(written)
        is_written = True
    except ElementTree.ParseError:
        is_written = False
    if not is_written:
        assert predicate_fault(iri) is not None
    if iri in NAMES:
        assert predicate_fault(iri) is None and is_written


@pytest.mark.parametrize("iri", NO_NAMES)
def test_a_description_with_such_a_property_is_refused(tmp_path: Path, iri: str) -> None:
    text = (REPOSITORY / "ontology" / "tables.json").read_text(encoding="utf-8")
    file = tmp_path / "tables.json"
    assert "http://xmlns.com/foaf/0.1/homepage" in text
    file.write_text(text.replace("http://xmlns.com/foaf/0.1/homepage", iri), encoding="utf-8")
    with pytest.raises(tg.WorkspaceError) as error:
        read_table_group([file], "https://example.org/")
    assert iri in str(error.value) and str(file) in str(error.value)


def test_a_vocabulary_with_such_a_property_is_refused(tmp_path: Path) -> None:
    root = make_workspace(tmp_path)
    declare(root, "ontology/more.ttl", "<https://v.example/x> <https://v.example/p/2020> 1 .")
    with pytest.raises(tg.WorkspaceError, match="p/2020"):
        read_vocabulary(open_workspace(root))


@pytest.mark.parametrize(
    ("template", "told"),
    [
        ("?o <https://z.example/note> [ <https://z.example/t> 'x' ]", "blank nodes"),
        ("_:o <https://z.example/note> ?o", "blank nodes"),
        ("?o <https://z.example/2020> 1", "https://z.example/2020"),
    ],
)
def test_a_rule_that_makes_what_cannot_be_published_is_refused(
    tmp_path: Path, template: str, told: str
) -> None:
    root = make_workspace(tmp_path / "ws")
    declare(root, "queries/rules/zz.rq", f"{HEADER}CONSTRUCT {{ {template} }} {ORGANISATIONS}")
    with pytest.raises(tg.WorkspaceError) as error:
        tg.check(root, tmp_path / "out")
    assert told in str(error.value) and "zz.rq" in str(error.value)


def test_a_text_that_looks_like_a_blank_node_is_none(tmp_path: Path) -> None:
    root = make_workspace(tmp_path / "ws")
    declare(
        root,
        "queries/rules/zz.rq",
        f"{HEADER}CONSTRUCT {{ ?o <https://z.example/p> '> <x> _:b' }} {ORGANISATIONS}",
    )
    assert tg.check(root, tmp_path / "out").conforms


@pytest.mark.parametrize("base", ["https://v.example/?a=b/", "https://v.example/x#y/"])
def test_a_base_with_query_or_fragment_is_refused(tmp_path: Path, base: str) -> None:
    root = make_workspace(tmp_path)
    file = root / "transfergraph.toml"
    lines = [
        f'base = "{base}"' if line.startswith("base") else line
        for line in file.read_text("utf-8").splitlines()
    ]
    file.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(tg.WorkspaceError, match=r"graph\.base"):
        open_workspace(root)


def test_a_check_writes_nothing_into_the_workspace(tmp_path: Path) -> None:
    root = make_workspace(tmp_path)
    before = sorted(root.rglob("*"))
    assert tg.check(root, root / "build").conforms
    assert sorted(root.rglob("*")) == before


@pytest.mark.parametrize(
    ("environment", "encoding", "shown"),
    [
        ({"PYTHONIOENCODING": "cp1252"}, "cp1252", "D\\u011b\\u010dín"),
        ({"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}, "utf-8", "Děčín"),
    ],
)
def test_a_report_is_written_in_any_encoding(
    tmp_path: Path, environment: dict[str, str], encoding: str, shown: str
) -> None:
    organisations = edited("organisations", "company", "Děčín")
    root = make_workspace(tmp_path, organisations=organisations)
    usual = {name: value for name, value in os.environ.items() if name != "PYTHONIOENCODING"}
    for form in ("text", "json"):
        command = [
            sys.executable,
            "-m",
            "transfergraph",
            "check",
            "-w",
            str(root),
            "--lang",
            "de",
            "-f",
            form,
        ]
        done = subprocess.run(command, capture_output=True, check=False, env={**usual, **environment})
        written = done.stdout.decode(encoding)
        assert (done.returncode, shown in written) == (1, True), (written, done.stderr)
        assert form == "text" or json.loads(written)["findings"][0]["value"] == "Děčín"
