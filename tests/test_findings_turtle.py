"""The report as a SHACL validation report."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import findings_fixture as made
import pyoxigraph as ox
import pytest
from findings_fixture import BASE
from pyshacl import validate
from rdflib import RDF, RDFS, SH, BNode, Graph, Literal, URIRef
from rdflib.compare import isomorphic
from rdflib.namespace import PROV
from workspaces import LANGUAGES

from transfergraph import Finding, Report, Severity, Text
from transfergraph.common.namespaces import CHECK
from transfergraph.common.property_paths import parse_path, path_triples
from transfergraph.finding_reports.shacl_report import report_to_turtle
from transfergraph.findings import Place, cell_iri, column_number

TEXTS = Text(de="a", en="b")

REPORT_SHAPES = """
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix : <urn:shapes#> .
:report a sh:NodeShape ; sh:targetClass sh:ValidationReport ;
  sh:property [ sh:path sh:conforms ; sh:minCount 1 ; sh:maxCount 1 ] ,
              [ sh:path sh:result ; sh:class sh:ValidationResult ; sh:nodeKind sh:IRI ] .
:result a sh:NodeShape ; sh:targetClass sh:ValidationResult ; sh:nodeKind sh:IRI ;
  sh:property [ sh:path sh:focusNode ; sh:minCount 1 ; sh:maxCount 1 ] ,
              [ sh:path sh:resultPath ; sh:maxCount 1 ; sh:nodeKind sh:IRI ] ,
              [ sh:path sh:value ; sh:maxCount 1 ] ,
              [ sh:path sh:sourceShape ; sh:maxCount 1 ] ,
              [ sh:path sh:sourceConstraintComponent ; sh:minCount 1 ; sh:maxCount 1 ; sh:nodeKind sh:IRI ] ,
              [ sh:path sh:resultSeverity ; sh:minCount 1 ; sh:maxCount 1 ; sh:in ( sh:Violation sh:Warning sh:Info ) ] ,
              [ sh:path sh:resultMessage ; sh:minCount 2 ; sh:maxCount 2 ; sh:uniqueLang true ] ,
              [ sh:path [ sh:inversePath sh:result ] ; sh:minCount 1 ; sh:maxCount 1 ] .
"""


def _graph(report: Report) -> Graph:
    return Graph().parse(data=report_to_turtle(report, BASE, LANGUAGES), format="turtle")


@pytest.mark.parametrize("name", ["few", "thousand", "empty"])
def test_it_is_a_validation_report_without_blank_nodes(name: str) -> None:
    report = {"few": made.few(), "thousand": made.thousand(), "empty": Report()}[name]
    written = report_to_turtle(report, BASE, LANGUAGES)
    graph = Graph().parse(data=written, format="turtle")
    results = list(graph.objects(URIRef(f"{BASE}report"), SH.result))
    assert len(set(results)) == len(report)
    assert not any(isinstance(term, BNode) for triple in graph for term in triple)
    conforms, _, text = validate(graph, shacl_graph=Graph().parse(data=REPORT_SHAPES, format="turtle"))
    assert conforms, text
    triples = ox.serialize(ox.parse(written, format=ox.RdfFormat.TURTLE), format=ox.RdfFormat.N_TRIPLES)
    assert set(Graph().parse(data=triples, format="nt")) == set(graph)


def test_what_conforms_is_what_may_be_released() -> None:
    hint = made.from_shape()
    violation = replace(hint, severity=Severity.VIOLATION)
    for report, conforms in (
        (Report(), True),
        (Report.of([hint]), True),
        (Report.of([hint, violation]), False),
    ):
        graph, node = _graph(report), URIRef(f"{BASE}report")
        assert list(graph.objects(node, SH.conforms)) == [Literal(conforms)]
        assert list(graph.objects(node, URIRef(f"{SH}conformanceDisallows"))) == [SH.Violation]
        assert report.conforms is conforms


def test_a_release_tells_which_graphs_were_validated(first_release: tuple[Path, Path]) -> None:
    graph = Graph().parse(first_release[1] / "current" / "report.ttl")
    used = [
        {str(one).rpartition("/")[2] for one in graph.objects(None, URIRef(f"{SH}{name}"))}
        for name in ("usedDataGraph", "usedShapesGraph")
    ]
    assert used == [{"source", "vocabulary", "derived"}, {"shapes.ttl", "presentation.shapes.ttl"}]
    for shapes in used[1]:
        assert (first_release[1] / "current" / "ontology" / shapes).is_file()


def test_a_finding_of_the_table_check() -> None:
    report = Report.of([made.german_date(17)])
    graph = _graph(report)
    (result,) = graph.objects(URIRef(f"{BASE}report"), SH.result)
    assert str(result).startswith(f"{BASE}report#")
    cell = URIRef(f"{BASE}data/saxony/projects.csv#cell=17,13")
    expected = Graph()
    for predicate, value in (
        (RDF.type, SH.ValidationResult),
        (SH.focusNode, cell),
        (SH.value, Literal("31.12.2019")),
        (SH.resultSeverity, SH.Violation),
        (SH.sourceConstraintComponent, URIRef(f"{CHECK}table.german-date")),
        (SH.resultMessage, Literal("„31.12.2019“ ist eine Zeitangabe in deutscher Schreibweise.", lang="de")),
        (SH.resultMessage, Literal("“31.12.2019” is a date in German notation.", lang="en")),
        (RDFS.comment, Literal("2019-12-31 eintragen.", lang="de")),
        (RDFS.comment, Literal("Enter 2019-12-31.", lang="en")),
        (PROV.atLocation, cell),
    ):
        expected.add((result, predicate, value))
    found = Graph()
    for triple in graph.triples((result, None, None)):
        found.add(triple)
    assert isomorphic(found, expected)


def test_a_finding_of_a_shape() -> None:
    graph = _graph(Report.of([made.from_shape()]))
    (result,) = graph.objects(URIRef(f"{BASE}report"), SH.result)
    assert graph.value(result, SH.focusNode) == URIRef(f"{BASE}undertaking/pilot")
    assert graph.value(result, SH.resultPath) == URIRef("http://xmlns.com/foaf/0.1/page")
    assert graph.value(result, SH.value) == URIRef("https://example.org/page")
    assert graph.value(result, SH.resultSeverity) == SH.Info
    assert graph.value(result, SH.sourceShape) == URIRef(made.from_shape().shape or "")
    assert graph.value(result, SH.sourceConstraintComponent) == SH.MinCountConstraintComponent
    assert graph.value(result, PROV.atLocation) == URIRef(f"{BASE}data/saxony/tables.xlsx#projects!C3")


def test_each_code_leads_to_its_page() -> None:
    graph = _graph(Report.of([made.german_date(17), made.german_date(18), made.from_shape()]))
    shape = made.from_shape()
    assert set(graph.subject_objects(RDFS.seeAlso)) == {
        (URIRef(f"{CHECK}table.german-date"), URIRef(made.german_date(17).page)),
        (URIRef(str(shape.shape)), URIRef(shape.page)),
    }


def test_hostile_values_stay_what_they_are_and_are_seen() -> None:
    written = report_to_turtle(made.few(), BASE, LANGUAGES)
    assert all(character.isprintable() or character in "\n\t" for character in written)
    graph = Graph().parse(data=written, format="turtle")
    (result,) = graph.subjects(SH.sourceConstraintComponent, URIRef(f"{CHECK}table.markup"))
    assert graph.value(result, SH.value) == Literal(made.HOSTILE.replace("\ud800", "\ufffd"))
    cell = URIRef(f"{BASE}data/saxony/%C3%BCmlaut%20%1B%5B2J%5Bb%5D.csv#cell=2,2")
    assert graph.value(result, SH.focusNode) == cell


def test_a_finding_without_node_and_place_is_about_the_report() -> None:
    graph = _graph(Report.of([Finding(Severity.INFO, "no such code <>", TEXTS, TEXTS)]))
    (result,) = graph.objects(URIRef(f"{BASE}report"), SH.result)
    assert graph.value(result, SH.focusNode) == URIRef(f"{BASE}report")
    assert graph.value(result, SH.sourceConstraintComponent) == URIRef(f"{BASE}report")


def test_two_processes_write_the_same_bytes() -> None:
    program = (
        "import findings_fixture as made; from transfergraph.finding_reports.shacl_report import report_to_turtle\n"
        "import sys; sys.stdout.buffer.write(report_to_turtle(made.few(), made.BASE, ('de', 'en')).encode())"
    )
    here = Path(__file__).resolve().parent
    outputs = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": f"{here}:{here.parent / 'src'}"},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert outputs == {report_to_turtle(made.few(), BASE, LANGUAGES).encode()}


def test_a_complex_path_is_described() -> None:
    finding = Finding(
        Severity.INFO,
        "c",
        TEXTS,
        TEXTS,
        focus="urn:x",
        path=parse_path("^<urn:a>/(<urn:b>|<urn:c>)*/<urn:d>?"),
    )
    graph = _graph(Report.of([finding]))
    (result,) = graph.objects(URIRef(f"{BASE}report"), SH.result)
    shape = Graph().parse(
        format="turtle",
        data="""@prefix sh: <http://www.w3.org/ns/shacl#> .
        <urn:r> sh:resultPath ( [ sh:inversePath <urn:a> ]
          [ sh:zeroOrMorePath [ sh:alternativePath ( <urn:b> <urn:c> ) ] ] [ sh:zeroOrOnePath <urn:d> ] ) .""",
    )
    found = Graph()
    path = graph.value(result, SH.resultPath)
    assert path is not None
    found.add((URIRef("urn:r"), SH.resultPath, _blank(path)))
    for s, p, o in graph:
        if "-path-" in str(s):
            found.add((_blank(s), p, _blank(o)))
    assert isomorphic(found, shape)


def _blank(term: object) -> BNode | URIRef:
    assert isinstance(term, URIRef)
    return BNode(term.rsplit("#", 1)[1]) if "-path-" in term else term


@pytest.mark.parametrize(
    ("path", "triples"),
    [
        ("https://example.org/p", 0),
        ("<https://example.org/p>", 0),
        (" ( <urn:a> ) ", 0),
        ("^<urn:a>", 1),
        ("<urn:a>+", 1),
        ("^(<urn:a>/<urn:b>)", 5),
        ("<urn:a>|<urn:b>|<urn:c>", 7),
        ("^^<urn:a>", 2),
    ],
)
def test_paths(path: str, triples: int) -> None:
    node, described = path_triples(parse_path(path), "urn:n-")
    assert len(described) == triples
    assert isinstance(node, ox.NamedNode)
    assert {triple.subject for triple in described} == {
        ox.NamedNode(f"urn:n-{n}") for n in range(1, len({t.subject for t in described}) + 1)
    }


@pytest.mark.parametrize(
    "path", ["", "<urn:a>/", "(<urn:a>", "<urn:a> <urn:b>", "!<urn:a>", "a b", "<urn:a>/<b", ")"]
)
def test_what_is_no_path_is_refused(path: str) -> None:
    with pytest.raises(ValueError, match="property path"):
        parse_path(path)


@pytest.mark.parametrize(
    ("place", "iri"),
    [
        (Place(), None),
        (Place(file="a b.csv"), "x:/a%20b.csv"),
        (Place(file="a.csv", row=4), "x:/a.csv#row=4"),
        (Place(file="a.csv", row=4, column="c", letter="AA"), "x:/a.csv#cell=4,27"),
        (Place(file="a.csv", column="c", letter="D"), "x:/a.csv#col=4"),
        (Place(file="a.csv", row=4, letter="?"), "x:/a.csv#row=4"),
        (Place(file="a.xlsx", sheet="b"), "x:/a.xlsx#b"),
        (Place(file="a.xlsx", sheet="b", row=4), "x:/a.xlsx#b!4:4"),
        (Place(file="a.xlsx", sheet="b", letter="D"), "x:/a.xlsx#b!D:D"),
        (Place(file="a.xlsx", sheet="it's", row=4, letter="D"), "x:/a.xlsx#%27it%27%27s%27!D4"),
    ],
)
def test_cells_as_iris(place: Place, iri: str | None) -> None:
    assert cell_iri(place, "x:/") == iri


def test_column_numbers() -> None:
    assert [column_number(letter) for letter in ("A", "Z", "AA", "XFD")] == [1, 26, 27, 16384]
    assert [column_number(letter) for letter in (None, "", "a", "A1", "AAAA")] == [None] * 5
