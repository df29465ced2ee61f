"""The SHACL suite of the W3C: Core and SPARQL-based constraints, each report whole.

Compared are focus node, path, value, source shape, source constraint, component and severity of every result, and how
often each comes; blank nodes by what they say; literals as a store gives them back.
"""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from shacl_suite import MISSING, SH, SHT, SUITE, ShaclTest, read, shacl_tests
from shapes_cases import as_stored, store_of

from transfergraph import WorkspaceError
from transfergraph.common.property_paths import path_text
from transfergraph.shacl import compile_shapes, read_shapes, run_plan
from transfergraph.shacl.rdf_terms import from_rdflib, turtle_graph
from transfergraph.shacl.shape_nodes import read_path
from transfergraph.store import Term

TESTS = [pytest.param(one, id=one.name) for one in shacl_tests()] if SUITE.is_dir() else []

Row = tuple[str, ...]


def shown(term: Term | None) -> str:
    return "" if term is None else "_:" if isinstance(term, ox.BlankNode) else as_stored(term)


def expected(test: ShaclTest) -> list[Row]:
    graph, rows = read(test.file), []
    for node in graph.objects(test.result, SH.result):
        path = graph.value(node, SH.resultPath)
        terms = []
        for name in (
            "focusNode",
            "value",
            "sourceShape",
            "sourceConstraint",
            "sourceConstraintComponent",
            "resultSeverity",
        ):
            term = graph.value(node, SH[name])
            terms.append(shown(None if term is None else from_rdflib(term)))
        rows.append(("" if path is None else path_text(read_path(graph, path)), *terms))
    return sorted(rows)


@pytest.mark.skipif(not SUITE.is_dir(), reason=MISSING)
@pytest.mark.parametrize("test", TESTS)
def test_the_report_is_that_of_the_suite(test: ShaclTest) -> None:
    data = list(ox.parse(path=str(test.data), format=ox.RdfFormat.TURTLE, base_iri=test.data.as_uri()))
    if test.result == SHT.Failure:
        with pytest.raises(WorkspaceError):
            run_plan(store_of(data), compile_shapes(read_shapes(read(test.shapes))), data)
        return
    plan = compile_shapes(read_shapes(read(test.shapes)))
    results = run_plan(store_of(data), plan, data, each_way=True)
    rows = sorted(
        (r.path_text or "", *map(shown, (r.focus, r.value, r.shape, r.constraint, r.component, r.severity)))
        for r in results
    )
    assert rows == expected(test)
    conforms = read(test.file).value(test.result, SH.conforms)
    assert str(conforms) in (("false", "0") if results else ("true", "1"))


@pytest.mark.skipif(not SUITE.is_dir(), reason=MISSING)
def test_there_are_as_many_tests_as_ever() -> None:
    assert len(TESTS) == 121


# The same ground for whoever has only the repository

PREFIXES = """
@prefix ex: <http://example.org/> . @prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""


def results_of(shapes: str, data: str, each_way: bool = False) -> list[str]:
    quads = list(ox.parse((PREFIXES + data).encode(), format=ox.RdfFormat.TURTLE))
    plan = compile_shapes(read_shapes(turtle_graph(PREFIXES + shapes)))
    assert not plan.handed_over
    results = run_plan(store_of(quads), plan, quads, each_way=each_way)
    return [f"{shown(one.focus)} {shown(one.value)}" for one in results]


NESTED = "ex:S sh:targetNode ex:a, ex:b ; sh:property [ sh:path ex:p ; sh:property [ sh:path ex:q ; sh:class ex:C ] ] ."
DEEP = """ex:S sh:targetNode ex:a ; sh:property [ sh:path ( ex:p ex:p ) ; sh:property ex:T ] .
ex:R sh:targetNode ex:x ; sh:property ex:T . ex:T sh:path ex:q ; sh:class ex:C ."""


def test_a_shape_of_a_property_reports_each_way_to_its_focus_node() -> None:
    data = "ex:a ex:p ex:x . ex:b ex:p ex:x, ex:y . ex:x ex:q ex:z . ex:y ex:q ex:z ."
    x, y = (f"<http://example.org/{one}> <http://example.org/z>" for one in "xy")
    assert results_of(NESTED, data) == [x, y]
    assert results_of(NESTED, data, each_way=True) == [x, x, y]
    data = "ex:a ex:p ex:b, ex:c . ex:b ex:p ex:x . ex:c ex:p ex:x . ex:x ex:q ex:z ."
    assert results_of(DEEP, data, each_way=True) == [x, x]  # by two shapes; two paths lead to one value node


@pytest.mark.parametrize(
    ("boolean", "count"), [("true", 1), ('"1"^^xsd:boolean', 0), ('"yes"^^xsd:boolean', 0)]
)
def test_only_true_itself_switches_a_constraint_on(boolean: str, count: int) -> None:
    shapes = f"ex:S sh:targetNode ex:a ; sh:property [ sh:path ex:p ; sh:uniqueLang {boolean} ] ."
    assert len(results_of(shapes, 'ex:a ex:p "one"@en, "two"@en .')) == count


def test_literals_of_shapes_are_taken_as_they_are_written() -> None:
    shapes = 'ex:S sh:targetNode ex:a ; sh:property [ sh:path ex:p ; sh:in ( "none"^^xsd:boolean ) ] .'
    assert results_of(shapes, 'ex:a ex:p "none"^^xsd:boolean .') == []
    assert len(results_of(shapes, "ex:a ex:p false .")) == 1


SELECTS = {
    "GRAPH $shapesGraph { $currentShape ex:allowed ?value }": 1,
    "$this ex:p ?value . FILTER NOT EXISTS { GRAPH $shapesGraph { $currentShape ex:allowed ?value } }": 2,
    "FILTER(BOUND($shapesGraph) && bound($currentShape)) . $this ex:p ?value": 3,
    "GRAPH $shapesGraph { $currentShape ex:missing ?value }": 0,
    "$currentShape ex:allowed ?value . GRAPH $shapesGraph { ?any a sh:NodeShape }": 0,
}


@pytest.mark.parametrize("where", SELECTS)
def test_a_query_may_look_into_the_shapes_graph(where: str) -> None:
    shapes = f"""ex: sh:declare [ sh:prefix "ex" ; sh:namespace "http://example.org/"^^xsd:anyURI ] ,
            [ sh:prefix "sh" ; sh:namespace "http://www.w3.org/ns/shacl#"^^xsd:anyURI ] .
        ex:S a sh:NodeShape ; sh:targetNode ex:a ; ex:allowed 1 ;
            sh:sparql [ sh:prefixes ex: ; sh:select "SELECT $this ?value WHERE {{ {where} }}" ] ."""
    assert len(results_of(shapes, "ex:a ex:p 1, 2, 3 .")) == SELECTS[where]


def test_a_query_that_looks_for_its_focus_node_among_the_shapes_is_handed_over() -> None:
    shapes = f"""{PREFIXES} ex:S a sh:NodeShape ; sh:targetNode ex:a ; sh:sparql [ sh:select
        "SELECT $this WHERE {{ GRAPH $shapesGraph {{ FILTER($this = $currentShape) }} }}" ] ."""
    (handed,) = compile_shapes(read_shapes(turtle_graph(shapes))).handed_over
    assert "shapes graph" in handed.reason


def test_shapes_are_read_as_they_are_written(tmp_path: Path) -> None:
    graph = turtle_graph("<a> <b> '01'^^<http://www.w3.org/2001/XMLSchema#integer> .", "http://example.org/")
    ((subject, _, value),) = graph
    assert (str(subject), str(value)) == ("http://example.org/a", "01")
    with pytest.raises(SyntaxError):
        turtle_graph("<a:b> <a:c> <<( <a:b> <a:c> <a:d> )>> .")
    assert isinstance(value, rdflib.Literal)
