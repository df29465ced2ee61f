"""What the workbench is made of: the bundles as they were made, the terms that it completes, its pages by kind of graph."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import shutil
import subprocess
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from workspaces import REPOSITORY

import transfergraph as tg
from transfergraph.workbench.browser_files import BrowserFiles, parts_of
from transfergraph.workbench.completion_terms import completion_terms, read_occurrences

TG = "https://w3id.org/transfergraph/ontology#"
DCT = "http://purl.org/dc/terms/"
VENDOR = REPOSITORY / "src" / "transfergraph" / "workbench" / "vendor"


def test_each_bundle_has_the_checksum_with_which_it_was_made() -> None:
    lines = (VENDOR / "SHA256SUMS").read_text().splitlines()
    stated = {name: digest for digest, name in (line.split("  ") for line in lines)}
    assert stated.keys() == {file.name for file in VENDOR.iterdir()} - {"SHA256SUMS"}
    assert {"editor.js", "charts.js", "oxigraph.js", "oxigraph.wasm", "LICENSES.txt"} == stated.keys()
    for name, digest in stated.items():
        assert hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() == digest, name


def test_each_bundled_package_is_pinned_and_has_the_text_of_its_licence() -> None:
    lock = json.loads((REPOSITORY / "bundle" / "package-lock.json").read_bytes())
    pinned = {
        (path.rpartition("node_modules/")[2], one["version"]): one
        for path, one in lock["packages"].items()
        if path
    }
    assert all("integrity" in one for one in pinned.values())
    direct = json.loads((REPOSITORY / "bundle" / "package.json").read_bytes())["dependencies"]
    assert all((name, version) in pinned for name, version in direct.items())  # no ranges
    texts = (VENDOR / "LICENSES.txt").read_text("utf-8").split(f"\n{'-' * 80}\n\n")
    heads = [re.fullmatch(r"(\S+) (\S+) \(([^)]+)\)", text.split("\n", 1)[0]) for text in texts]
    assert len(heads) > 20 and all(heads)
    assert {(one[1], one[2]) for one in heads if one} <= pinned.keys()
    assert {"codemirror-lang-sparql", "@observablehq/plot", "oxigraph", "d3-force"} <= {
        one[1] for one in heads if one
    }
    for text in texts:
        assert re.search(r"[Pp]ermission (is hereby granted|to use, copy)|Redistribution and use", text), (
            text[:80]
        )


def test_the_bundles_are_made_again_byte_for_byte(tmp_path: Path) -> None:
    modules = REPOSITORY / ".tools" / "bundle" / "node_modules"
    if shutil.which("node") is None or not modules.is_dir():
        pytest.skip("the packages of bundle/ are not installed (make peers)")
    folder = tmp_path / "bundle"
    shutil.copytree(REPOSITORY / "bundle", folder, ignore=shutil.ignore_patterns("node_modules"))
    (folder / "node_modules").symlink_to(modules)
    subprocess.run(
        ["node", "--preserve-symlinks", "make.mjs", str(tmp_path / "made")], cwd=folder, check=True
    )
    made = {file.name: file.read_bytes() for file in (tmp_path / "made").iterdir()}
    assert made == {file.name: file.read_bytes() for file in VENDOR.iterdir()}


# What the editor completes


@pytest.fixture(scope="module")
def terms(saxony: tg.Release) -> dict[str, Any]:
    from transfergraph.vocabulary.presentation_reader import released_presentation

    shown = released_presentation(saxony.path)
    occurring = read_occurrences(saxony.path / "void.ttl")
    return completion_terms(saxony.store, shown, occurring, saxony.manifest.base, ("de", "en"))


def test_a_class_has_its_properties_with_what_is_mandatory_and_how_often_each_occurs(
    terms: dict[str, Any], saxony: tg.Release
) -> None:
    project = terms["classes"][f"{TG}Project"]
    assert project["label"] == {"de": "Projekt", "en": "Project"}
    properties = {iri: (mandatory, count) for iri, mandatory, count in project["properties"]}
    # one of its own shape, one of that of its superclass, and one that a finding only recommends
    assert properties[f"{DCT}type"][0] == 1
    assert properties[f"{DCT}source"][0] == 1
    assert properties[f"{TG}start"][0] == 0
    assert f"{TG}seat" not in properties  # an organisation's
    rows = saxony.store.select(f"SELECT (COUNT(*) AS ?n) {{ ?s a <{TG}Project> ; <{TG}start> ?o }}").rows
    (row,) = list(rows)
    assert row[0] is not None and properties[f"{TG}start"][1] == int(str(row[0].value))


def test_a_property_has_the_columns_by_which_people_know_it(terms: dict[str, Any]) -> None:
    (ror,) = terms["properties"]["http://www.w3.org/2002/07/owl#sameAs"]["columns"]
    assert (ror["of"], ror["names"]) == ([f"{TG}Organisation"], ["ror"])
    assert ror["about"]["de"] == "ROR-Kennung ohne Adresse (05q5pk319)"
    assert "columns" not in terms["properties"][f"{TG}start"]  # they are called as it is
    kinds = [
        one["of"] for one in terms["properties"]["http://www.w3.org/2004/02/skos/core#prefLabel"]["columns"]
    ]
    assert max(map(len, kinds)) > 5  # of many tables once


def test_what_is_mandatory_is_a_violation_where_it_is_missing(terms: dict[str, Any]) -> None:
    """A minimum whose finding is an information makes nothing mandatory."""
    from rdflib import SH, Graph, URIRef

    shapes = Graph().parse(REPOSITORY / "ontology" / "shapes.ttl")
    recommended = 0
    for shape in shapes.subjects(SH.minCount, None):
        path = shapes.value(shape, SH.path)
        for target in (
            t for node in shapes.subjects(SH.property, shape) for t in shapes.objects(node, SH.targetClass)
        ):
            listed = {iri: mandatory for iri, mandatory, _ in terms["classes"][str(target)]["properties"]}
            if not isinstance(path, URIRef) or str(path) not in listed:
                continue
            if shapes.value(shape, SH.severity) == SH.Violation:
                assert listed[str(path)] == 1, (target, path)
            elif not _violated(shapes, target, path):
                assert listed[str(path)] == 0, (target, path)
                recommended += 1
    assert recommended > 0


def _violated(shapes: Any, target: Any, path: Any) -> bool:
    from rdflib import RDFS, SH, Graph

    ontology = Graph().parse(REPOSITORY / "ontology" / "transfergraph.ttl")
    line = set(ontology.transitive_objects(target, RDFS.subClassOf))
    return any(
        shapes.value(shape, SH.severity) == SH.Violation
        and (shapes.value(shape, SH.minCount) or shapes.value(shape, SH.qualifiedMinCount))
        and any(
            set(shapes.objects(node, SH.targetClass)) & line for node in shapes.subjects(SH.property, shape)
        )
        for shape in shapes.subjects(SH.path, path)
    )


def test_small_lists_are_offered_and_large_ones_are_not(terms: dict[str, Any]) -> None:
    role = terms["properties"][f"{TG}role"]
    assert 5 < len(role["values"]) <= 60
    assert all(terms["values"][iri]["de"] for iri in role["values"])
    assert "values" not in terms["properties"][f"{DCT}subject"]  # 66 topics
    assert terms["labels"][0].endswith("prefLabel")


def test_a_release_without_void_has_terms_without_counts(saxony: tg.Release, tmp_path: Path) -> None:
    assert read_occurrences(tmp_path / "void.ttl").classes == {}


# The files


def test_the_dump_in_scripts_is_the_dump(saxony: tg.Release) -> None:
    import base64

    dump = (saxony.path / "data" / "graph.nq.gz").read_bytes()
    files = BrowserFiles(saxony.path, parts_of(len(dump)))
    read = files.reader("workbench/graph-1.js")
    assert read is not None
    found = re.fullmatch(rb'transfergraphTake\("graph",1,"([A-Za-z0-9+/=]+)"\);\n', read())
    assert found is not None and base64.b64decode(found[1]) == dump
    assert files.reader("workbench/graph-2.js") is None
    assert parts_of(0) == 0 and parts_of((3 << 19) + 1) == 2
    wasm = files.reader("workbench/wasm.js")
    assert wasm is not None
    packed = re.fullmatch(rb'transfergraphTake\("wasm",1,"([A-Za-z0-9+/=]+)"\);\n', wasm())
    assert packed is not None
    assert gzip.decompress(base64.b64decode(packed[1])) == (VENDOR / "oxigraph.wasm").read_bytes()


def test_a_carrier_without_a_store_has_neither_worker_nor_dump(saxony: tg.Release) -> None:
    paths = set(BrowserFiles(saxony.path, 0).paths())
    assert {"workbench/editor.js", "workbench/workbench.js", "workbench/licences.txt"} <= paths
    assert not any("graph-" in path or "wasm" in path or "worker" in path for path in paths)
    assert BrowserFiles(saxony.path, 0).reader("workbench/wasm.js") is None
    assert BrowserFiles(saxony.path, 1).reader("workbench/../../secret") is None


def test_a_site_names_the_endpoint_that_it_was_given(
    first_release: tuple[Path, Path], tmp_path: Path
) -> None:
    tg.site(
        first_release[1],
        tmp_path / "site",
        "http://localhost/",
        pages=False,
        endpoint="https://example.org/sparql",
    )
    page = (tmp_path / "site" / "sparql.de.html").read_text("utf-8")
    assert '<p class="code">https://example.org/sparql</p>' in page
    assert '"address":"https://example.org/sparql"' in page  # for the lines for other programs


def test_the_scripts_name_no_class_of_the_ontology() -> None:
    """The engine knows none: what is completed comes with the release."""
    scripts = resources.files("transfergraph.workbench").joinpath("script")
    for script in scripts.iterdir():
        if script.name.endswith(".js"):
            assert "transfergraph/ontology" not in script.read_text("utf-8"), script.name
