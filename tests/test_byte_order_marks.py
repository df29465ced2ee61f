"""Every file that people write may begin with the mark that some editors put before UTF-8, and means the same."""

from __future__ import annotations

import codecs
import json
from pathlib import Path

from workspaces import core_text, declare, make_workspace

import transfergraph as tg

SHAPE = """@prefix ex: <https://example.org/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix tg: <https://w3id.org/transfergraph/ontology#> .
ex:Own a sh:NodeShape ; sh:targetClass tg:Project ; sh:severity sh:Info ; sh:property ex:Own-once .
ex:Own-once sh:path tg:nothing ; sh:maxCount 1 .
"""
TERM = """@prefix ex: <https://example.org/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
ex:Own a owl:Class ; rdfs:label "Eigenes"@de , "Own"@en .
"""


def test_files_with_a_mark_mean_the_same(tmp_path: Path) -> None:
    plain, marked = (make_workspace(tmp_path / name) for name in ("plain", "marked"))
    for root in (plain, marked):
        declare(root, "ontology/own.shapes.ttl", SHAPE)
        declare(root, "ontology/own.ttl", TERM)
        declare(root, "ontology/tables.json", core_text("ontology/tables.json"))
        for kind in ("questions", "checks", "rules"):
            core = Path("queries") / kind
            name = min((Path(__file__).parents[1] / core).glob("*.rq")).name
            declare(root, f"{core}/{name}", core_text(f"{core}/{name}"))
    for file in marked.rglob("*"):
        if file.is_file() and not file.read_bytes().startswith(codecs.BOM_UTF8):
            file.write_bytes(codecs.BOM_UTF8 + file.read_bytes())
    assert {file.suffix for file in marked.rglob("*.*")} >= {".toml", ".ttl", ".json", ".rq", ".csv"}
    contents = []
    for root in (plain, marked):
        release = tg.build(root, tmp_path / "build" / root.name).release
        assert release is not None
        files = [file for file in release.rglob("*") if file.is_file()]
        contents.append({str(file.relative_to(release)): file.read_bytes() for file in files})
    declared = [
        name
        for name in contents[0]
        if name.startswith(("data/graph", "ontology", "queries", "shapes", "tables"))
    ]
    assert len(declared) > 20
    assert not [name for name in declared if contents[0][name] != contents[1].get(name)]
    inputs = [json.loads(content["manifest.json"])["inputs"] for content in contents]
    assert inputs[0] != inputs[1]
