"""What the documentation shows of findings in the whole graph, in releases and in catalogues: it is so."""

from __future__ import annotations

import ast
import csv
import gzip
import hashlib
import io
import re
import shutil
import tomllib
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from workspaces import REPOSITORY

import transfergraph as tg
from transfergraph import Finding
from transfergraph.common.namespaces import DCT
from transfergraph.dcat.evaluate.evaluate import evaluate_catalogue, evaluate_location
from transfergraph.dcat.evaluate.fetch import Fetched
from transfergraph.dcat.evaluate.profiles import Profile
from transfergraph.messages import texts_of


def written(name: str) -> Mapping[str, Mapping[str, Any]]:
    """The entries of a file, by code."""
    return tomllib.loads((REPOSITORY / "docs" / "findings" / f"{name}.toml").read_text(encoding="utf-8"))


GRAPH, RELEASES, CATALOGUES = (written(name) for name in ("graph", "releases", "catalogues"))

# What is told in words, and tried elsewhere.

LOSS, DAMAGES = "test_loss.py", "test_release_damages.py"
TRIED_BY = {
    "release.before-damaged": "test_feed.py::test_a_missing_page_of_the_release_before_is_reported_and_the_stream_begins_anew",
    "release.before-lost": f"{DAMAGES}::test_when_nothing_before_can_be_read_the_build_begins_anew",
    "release.before-passed-over": f"{DAMAGES}::test_a_damaged_release_does_not_stop_the_next",
    "release.built-anew": f"{DAMAGES}::test_a_damaged_release_is_built_anew",
    "release.lost-datasets": f"{LOSS}::test_what_counts_as_too_much",
    "release.lost-entities": f"{LOSS}::test_a_greater_loss_keeps_the_release_before_current_and_says_so",
    "release.lost-files": f"{LOSS}::test_what_counts_as_too_much",
    "release.lost-rows": f"{LOSS}::test_a_source_that_lost_rows_is_named_with_its_numbers",
    "release.lost-table": f"{LOSS}::test_a_release_of_an_older_version_is_compared_by_its_tables",
    "catalogue.file-header": "test_finding_pages_whole.py::test_a_server_that_answers_with_another_media_type",
    "catalogue.page-again": "test_catalogue_foreign.py::test_a_cycle_of_pages_ends_and_is_told",
    "catalogue.page-missing": "test_catalogue_foreign.py::test_a_page_that_cannot_be_read_does_not_end_the_judgement",
}


@pytest.mark.parametrize(
    "code", [code for code, about in {**RELEASES, **CATALOGUES}.items() if "done" in about]
)
def test_what_is_told_in_words_is_tried_by_a_test_that_names_the_code(code: str) -> None:
    file, _, name = TRIED_BY[code].partition("::")
    text = (REPOSITORY / "tests" / file).read_text(encoding="utf-8")
    (found,) = [one for one in ast.parse(text).body if isinstance(one, ast.FunctionDef) and one.name == name]
    assert f'"{code}"' in (ast.get_source_segment(text, found) or "")


# The whole graph.


def pasted_again_and_again(folder: Path) -> None:
    """21 rows with the number of partners, each with an id of its own."""
    head, row = (folder / "statements.csv").read_text(encoding="utf-8").splitlines()
    rows = [row.replace("lightweight-partners", f"lightweight-partners-{number}") for number in range(21)]
    (folder / "statements.csv").write_text("\n".join([head, *rows, ""]), encoding="utf-8")


DONE_IN_GRAPH: Mapping[str, tuple[str, Callable[[Path], None]]] = {
    "too-many-to-compare": ("statements.csv", pasted_again_and_again)
}
"""By code the file that is changed, and how; as it was, it is right."""


def file_of(code: str) -> str:
    about = GRAPH[code]
    return DONE_IN_GRAPH[code][0] if "done" in about else about.get("file") or about["cell"].split()[0]


def rounds() -> list[list[str]]:
    """The codes, so that those of one round are about different files and can be tried by one check."""
    found: list[list[str]] = []
    for code in GRAPH:
        free = next((one for one in found if file_of(code) not in map(file_of, one)), None)
        if free is None:
            found.append(free := [])
        free.append(code)
    return found


def enter(folder: Path, code: str, which: str) -> None:
    """Make the mistake of an example (``typed``), or enter what is right."""
    about = GRAPH[code]
    if "done" in about:
        if which == "typed":
            DONE_IN_GRAPH[code][1](folder)
    elif "cell" in about:
        name, row, column = about["cell"].split()
        rows = list(csv.reader(io.StringIO((folder / name).read_text(encoding="utf-8"))))
        rows[int(row) - 1][rows[0].index(column)] = about[which]
        out = io.StringIO()
        csv.writer(out, lineterminator="\n").writerows(rows)
        (folder / name).write_text(out.getvalue(), encoding="utf-8")
    else:
        (folder / about["file"]).write_text(about[which].lstrip("\n"), encoding="utf-8")


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, str], set[str]]:
    """The codes that the check of a workspace finds with the round of a code entered."""
    folder = tmp_path_factory.mktemp("graph")
    example = tg.init(folder / "example")

    @cache
    def of_round(number: int, which: str) -> set[str]:
        root = Path(shutil.copytree(example, folder / f"{which}-{number}"))
        for code in rounds()[number]:
            enter(root / "data" / "example", code, which)
        return {one.code for one in tg.check(root, root / "build").findings}

    return lambda code, which: of_round(next(n for n, one in enumerate(rounds()) if code in one), which)


@pytest.mark.parametrize("code", GRAPH)
def test_the_example_of_the_whole_graph_has_the_fault_and_what_is_right_has_not(
    checked: Callable[[str, str], set[str]], code: str
) -> None:
    typed, right = checked(code, "typed"), checked(code, "right")
    assert code in typed and code not in right
    assert right <= typed


# Catalogues.

TODAY = date(2026, 12, 31)
HOME = "https://data.agency.de/graph/"
EU = "http://publications.europa.eu/resource/authority/"
MEDIA = "https://www.iana.org/assignments/media-types/"
REGULATION = "http://data.europa.eu/eli/reg_impl/2023/138/oj"
CSV = b"id,name_en\nfibre-loop,Fibre Loop\n"
NT = gzip.compress(b"<urn:a> <urn:b> <urn:c> .\n<urn:a> <urn:b> <urn:d> .\n", mtime=0)
PREFIXES = """
@prefix adms: <http://www.w3.org/ns/adms#> .
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dcatap: <http://data.europa.eu/r5r/> .
@prefix dcatde: <http://dcat-ap.de/def/dcatde/> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix eli: <http://data.europa.eu/eli/ontology#> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix gsp: <http://www.opengis.net/ont/geosparql#> .
@prefix locn: <http://www.w3.org/ns/locn#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix spdx: <http://spdx.org/rdf/terms#> .
@prefix vcard: <http://www.w3.org/2006/vcard/ns#> .
@prefix void: <http://rdfs.org/ns/void#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""

_OF_ALL = """dct:title "Titel"@de ; dct:description "Text."@de ; dct:publisher <agent/publisher> ;
    dct:issued "2026-03-01"^^xsd:date ; dct:modified "2026-11-30"^^xsd:date ; dct:language <{EU}language/DEU>"""
_OF_DATASETS = """dcat:keyword "Netzwerk"@de ; dcat:theme <{EU}data-theme/TECH> ; dct:temporal <period> ;
    dct:spatial <https://sws.geonames.org/3077311/> ; dcat:contactPoint <contact> ;
    dct:accessRights <{EU}access-right/PUBLIC> ; dcatap:availability <{EU}planned-availability/AVAILABLE> ;
    dcatde:contributorID <http://dcat-ap.de/def/contributors/freistaatSachsen>"""
_OF_DISTRIBUTIONS = """dct:license <http://dcat-ap.de/def/licenses/cc-by/4.0> ;
    dcatde:licenseAttributionByText "Innovationsagentur Bergstadt, CC BY 4.0"@de ;
    dcatap:availability <{EU}planned-availability/AVAILABLE>"""
SOUND = f"""
<catalogue> a dcat:Catalog ; {_OF_ALL} ; dct:license <http://dcat-ap.de/def/licenses/cc-by/4.0> ;
    dct:spatial <https://sws.geonames.org/3077311/> ; foaf:homepage <{HOME}> ;
    dcat:themeTaxonomy <{{EU}}data-theme> ; dcat:dataset <dataset/graph> , <dataset/tables> ;
    dcat:service <service/sparql> .
<dataset/graph> a dcat:Dataset ; {_OF_ALL} ; {_OF_DATASETS} ; dct:identifier "graph" ; void:triples 2 ;
    dcat:landingPage <{HOME}> ; dcat:distribution <distribution/graph.nt.gz> .
<dataset/tables> a dcat:Dataset ; {_OF_ALL} ; {_OF_DATASETS} ; dct:identifier "tables" ;
    dcat:landingPage <{HOME}tables.html> ; dcat:distribution <distribution/projects.csv> , <distribution/sparql> .
<distribution/graph.nt.gz> a dcat:Distribution ; {_OF_ALL} ; {_OF_DISTRIBUTIONS} ;
    dct:format <{{EU}}file-type/RDF_N_TRIPLES> ; dcat:mediaType <{MEDIA}application/n-triples> ;
    dcat:compressFormat <{MEDIA}application/gzip> ; dcat:byteSize "{len(NT)}"^^xsd:nonNegativeInteger ;
    dcat:accessURL <data/graph.nt.gz> ; dcat:downloadURL <data/graph.nt.gz> .
<distribution/projects.csv> a dcat:Distribution ; {_OF_ALL} ; {_OF_DISTRIBUTIONS} ;
    dct:format <{{EU}}file-type/CSV> ; dcat:mediaType <{MEDIA}text/csv> ;
    dcat:byteSize "{len(CSV)}"^^xsd:nonNegativeInteger ; spdx:checksum <distribution/projects.csv/checksum> ;
    dcat:accessURL <data/projects.csv> ; dcat:downloadURL <data/projects.csv> ;
    adms:status <{{EU}}distribution-status/COMPLETED> .
<distribution/projects.csv/checksum> a spdx:Checksum ; spdx:algorithm spdx:checksumAlgorithm_sha256 ;
    spdx:checksumValue "{hashlib.sha256(CSV).hexdigest()}"^^xsd:hexBinary .
<distribution/sparql> a dcat:Distribution ; {_OF_ALL} ; {_OF_DISTRIBUTIONS} ;
    dct:format <{{EU}}file-type/CSV> ; dcat:accessURL <{HOME}sparql> .
<service/sparql> a dcat:DataService ; {_OF_ALL} ; {_OF_DISTRIBUTIONS} ; dcat:endpointURL <{HOME}sparql> ;
    dcat:endpointDescription <{HOME}sparql> ; dcat:contactPoint <contact> ; dcat:keyword "Netzwerk"@de ;
    dcat:theme <{{EU}}data-theme/TECH> ; dcat:servesDataset <dataset/graph> ;
    dct:conformsTo <https://www.w3.org/TR/sparql11-protocol/> .
<agent/publisher> a foaf:Agent ; foaf:name "Innovationsagentur Bergstadt" ;
    dct:type <http://purl.org/adms/publishertype/NonProfitOrganisation> .
<contact> a vcard:Kind ; vcard:fn "Innovationsagentur Bergstadt" ; vcard:hasEmail <mailto:data@agency.de> .
<period> a dct:PeriodOfTime ; dcat:startDate "2024-01-01"^^xsd:date ; dcat:endDate "2026-12-31"^^xsd:date .
<https://sws.geonames.org/3077311/> a dct:Location ; dcat:centroid "POINT(15.5 49.8)"^^gsp:wktLiteral ;
    dcat:bbox "POLYGON((12 48, 19 48, 19 51, 12 51, 12 48))"^^gsp:wktLiteral .
<{HOME}> a foaf:Document . <{HOME}tables.html> a foaf:Document .
<https://www.w3.org/TR/sparql11-protocol/> a dct:Standard .
spdx:checksumAlgorithm_sha256 a spdx:ChecksumAlgorithm .
<{MEDIA}text/csv> a dct:MediaType . <{MEDIA}text/turtle> a dct:MediaType .
<{MEDIA}application/gzip> a dct:MediaType . <{MEDIA}application/n-triples> a dct:MediaType .
<{REGULATION}> a eli:LegalResource . <http://data.europa.eu/eli/dir/2019/1024/oj> a eli:LegalResource .
<http://data.europa.eu/bna/c_a9135398> a skos:Concept ; skos:prefLabel "Unternehmen"@de .
<http://dcat-ap.ch/vocabulary/licenses/terms_by> a dct:LicenseDocument ;
    dct:type <http://purl.org/adms/licencetype/Attribution> .
<http://dcat-ap.de/def/licenses/cc-by-nc/4.0> a dct:LicenseDocument , skos:Concept ;
    skos:prefLabel "CC BY-NC 4.0"@de ; skos:inScheme <http://dcat-ap.de/def/licenses> ;
    dct:type <http://purl.org/adms/licencetype/Attribution> .
""".replace("{EU}", EU)
"""A description without a fault, by the German rules and for the two files below ``data``."""
CODES = {
    "http://dcat-ap.de/def/contributors": ("freistaatSachsen", "skos:Concept"),
    "http://dcat-ap.de/def/licenses": ("cc-by/4.0", "dct:LicenseDocument"),
    f"{EU}access-right": ("PUBLIC", "dct:RightsStatement"),
    f"{EU}data-theme": ("TECH", "skos:Concept"),
    f"{EU}distribution-status": ("COMPLETED", "skos:Concept"),
    f"{EU}file-type": ("CSV RDF_N_TRIPLES", "dct:MediaTypeOrExtent"),
    f"{EU}language": ("DEU", "dct:LinguisticSystem"),
    f"{EU}planned-availability": ("AVAILABLE", "skos:Concept"),
    "http://purl.org/adms/licencetype/1.0": ("Attribution", "skos:Concept"),
    "http://purl.org/adms/publishertype/1.0": ("NonProfitOrganisation", "skos:Concept"),
}
"""By list, the codes of it that are described, and their class."""
HIGH_VALUE = f"""
<dataset/graph> dcatap:hvdCategory <http://data.europa.eu/bna/c_a9135398> .
<dataset/graph> dcatap:applicableLegislation <{REGULATION}> .
<distribution/graph.nt.gz> dcatap:applicableLegislation <{REGULATION}> .
<service/sparql> dcatap:applicableLegislation <{REGULATION}> .
"""
"""What the description says more where examples are about high-value datasets."""
OF_SHAPES = ("datatype", "deprecated", "missing", "not-a-text", "not-an-address", "not-described", "too-many")
"""Texts of the findings of shapes, whose codes are ``dcat.`` and the name of the shape."""


def parsed(turtle: str) -> set[ox.Triple]:
    text = PREFIXES + turtle
    return {q.triple for q in ox.parse(text, format=ox.RdfFormat.TURTLE, base_iri=HOME, lenient=True)}


def setting(code: str) -> str:
    """What the description around an example has to be: German, Swiss or of a high-value dataset."""
    return "high-value" if ".hvd-" in code else "swiss" if "swiss" in code else "german"


@cache
def sound(kind: str) -> frozenset[ox.Triple]:
    """The description without a fault."""
    lines = [SOUND, HIGH_VALUE if kind == "high-value" else ""]
    for scheme, (codes, class_) in CODES.items():
        lines.append(f'<{scheme}> a skos:ConceptScheme ; dct:title "Liste"@de ; skos:prefLabel "Liste"@de .')
        for code in codes.split():
            iri = f"{scheme.removesuffix('/1.0')}/{code}"
            lines.append(
                f'<{iri}> a skos:Concept , {class_} ; skos:prefLabel "{code}"@de ; skos:inScheme <{scheme}> .'
            )
    licence = "<http://dcat-ap.de/def/licenses/cc-by/4.0>"
    lines.append(f"{licence} dct:type <http://purl.org/adms/licencetype/Attribution> .")
    triples = frozenset(parsed("\n".join(lines)))
    if kind != "swiss":
        return triples
    terms = ox.NamedNode("http://dcat-ap.ch/vocabulary/licenses/terms_by")
    return frozenset(
        ox.Triple(t.subject, t.predicate, terms) if t.predicate.value == DCT + "license" else t
        for t in triples
    )


def described(code: str, which: str) -> set[ox.Triple]:
    """The description with the lines of an example in place of what it says of the same properties."""
    shown = {one: parsed(CATALOGUES[code][one]) for one in ("typed", "right")}
    replaced = {(t.subject, t.predicate) for triples in shown.values() for t in triples}
    return {t for t in sound(setting(code)) if (t.subject, t.predicate) not in replaced} | shown[which]


def judged(folder: Path, triples: Iterable[ox.Triple], kind: str) -> list[Finding]:
    """The findings on a catalogue, beside which its files lie."""
    profile = Profile.CH if kind == "swiss" else Profile.DE
    (folder / "data").mkdir(parents=True)
    (folder / "data" / "projects.csv").write_bytes(CSV)
    (folder / "data" / "graph.nt.gz").write_bytes(NT)
    ox.serialize(sorted(triples, key=str), str(folder / "catalog.nt"), format=ox.RdfFormat.N_TRIPLES)
    return list(evaluate_location(str(folder / "catalog.nt"), TODAY, None, profile).report.findings)


def kind_of(finding: Finding) -> str:
    """The code below which the documentation tells of a finding: for one of a shape, that of its text."""
    for name in OF_SHAPES if finding.code.startswith("dcat.") else ():
        parts = re.split(r"\{[^{}]*\}", texts_of("en")[f"catalogue.{name}"])
        if re.fullmatch(".+".join(map(re.escape, parts)), finding.message.english):
            return f"catalogue.{name}"
    return finding.code


@pytest.mark.parametrize("kind", ["german", "high-value", "swiss"])
def test_the_description_around_the_examples_is_sound(tmp_path: Path, kind: str) -> None:
    assert judged(tmp_path, sound(kind), kind) == []


@pytest.mark.parametrize("code", [code for code, about in CATALOGUES.items() if "typed" in about])
def test_the_example_of_a_catalogue_has_the_fault_and_what_is_right_has_not(
    tmp_path: Path, code: str
) -> None:
    typed, right = (
        judged(tmp_path / which, described(code, which), setting(code)) for which in ("typed", "right")
    )
    assert code in map(kind_of, typed)
    assert right == []


@pytest.mark.parametrize(("answered", "found"), [("text/html", True), ("text/csv", False)])
def test_a_server_that_answers_with_another_media_type(tmp_path: Path, answered: str, found: bool) -> None:
    (tmp_path / "projects.csv").write_bytes(CSV)
    triples = {one for one in sound("german") if "graph.nt.gz" not in str(one)}
    answer = Fetched(True, 200, tmp_path / "projects.csv", answered)
    report = evaluate_catalogue(triples, TODAY, lambda _: answer).report
    assert ("catalogue.file-header" in {one.code for one in report.findings}) == found
