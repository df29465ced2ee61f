"""What is not compiled is named with its reason, runs on pySHACL, and still yields results."""

from __future__ import annotations

import re

import pytest
import rdflib
from pyoxigraph import BlankNode, Literal, NamedNode
from shapes_cases import EX, row, store_of
from test_shapes_sparql import PREFIXES, quads

from transfergraph import Severity, WorkspaceError
from transfergraph.common.namespaces import SH
from transfergraph.common.processes import QueryLimits
from transfergraph.shacl import compile_shapes, read_shapes, run_plan, validate_shapes
from transfergraph.shacl.pyshacl_engine import copy_of
from transfergraph.shacl.rdf_terms import from_rdflib

DATA = """
ex:a a ex:Thing ; ex:p ex:b ; ex:code "ab" .
ex:b a ex:Thing ; ex:p ex:c ; ex:code "cd" .
ex:c a ex:Thing ; ex:p 5 .
_:d a ex:Thing ; ex:p ex:a ; ex:code "ab" .
"""

HANDED_OVER = {
    "a shape that refers to itself": (
        "ex:Shape sh:property [ sh:path ex:p ; sh:node ex:Shape ; sh:nodeKind sh:IRI ] .",
        "refers to itself",
        {"NodeConstraintComponent", "NodeKindConstraintComponent"},
    ),
    "a constraint component of the shapes graph": (
        """ex:Starts a sh:ConstraintComponent ; sh:parameter [ sh:path ex:starts ] ;
            sh:validator [ a sh:SPARQLAskValidator ; sh:ask "ASK { FILTER STRSTARTS(STR($value), $starts) }" ] .
        ex:Shape sh:property [ sh:path ex:code ; ex:starts "a" ] .""",
        "is defined by the shapes graph",
        {f"{EX}Starts"},
    ),
    "a SPARQL target": (
        """ex:Shape sh:target [ a sh:SPARQLTarget ; sh:select "SELECT ?this WHERE { ?this <http://example.org/p> 5 }" ] ;
            sh:property [ sh:path ex:code ; sh:minCount 1 ] .""",
        "sh:target",
        {"MinCountConstraintComponent"},
    ),
    "a regular expression that looks ahead": (
        'ex:Shape sh:property [ sh:path ex:code ; sh:pattern "^(?!a)" ] .',
        "looks around",
        {"PatternConstraintComponent"},
    ),
    "a query that groups otherwise": (
        """ex:Shape sh:sparql [ sh:select '''SELECT $this (COUNT(?x) AS ?n) WHERE { $this ?x ?y }
            GROUP BY ?y HAVING (COUNT(?x) > 5)''' ] ; sh:hasValue ex:c .""",
        "groups by other things",
        {"HasValueConstraintComponent"},
    ),
    "a query with a limit": (
        """ex:Shape sh:sparql [ sh:select "SELECT $this ?value WHERE { $this ?p ?value } ORDER BY ?value LIMIT 1" ] .""",
        "LIMIT",
        {"SPARQLConstraintComponent"},
    ),
    "shapes nested without end": (
        "ex:Shape sh:node ex:S0 . "
        + " ".join(f"ex:S{i} sh:node ex:S{i + 1} ." for i in range(40))
        + " ex:S40 sh:class ex:Other .",
        "nested more than 30 deep",
        None,
    ),
}


def shapes_graph(text: str) -> rdflib.Graph:
    head = "ex:Shape a sh:NodeShape ; sh:targetClass ex:Thing ."
    compiled = "ex:Compiled a sh:NodeShape ; sh:targetClass ex:Thing ; sh:property ex:OfCompiled ."
    code = "ex:OfCompiled sh:path ex:code ; sh:minCount 1 ; sh:severity sh:Warning ."
    return rdflib.Graph().parse(data="\n".join([PREFIXES, head, compiled, code, text]), format="turtle")


@pytest.mark.parametrize(("text", "reason", "components"), HANDED_OVER.values(), ids=HANDED_OVER.keys())
def test_it_is_named_and_still_validated(text: str, reason: str, components: set[str] | None) -> None:
    shapes = read_shapes(shapes_graph(text))
    plan = compile_shapes(shapes)
    (handed_over,) = plan.handed_over
    assert handed_over.shape == NamedNode(EX + "Shape")
    assert reason in handed_over.reason
    if components is None:
        return
    results = run_plan(store_of(quads(DATA)), plan)
    mine = [result for result in results if result.shape != NamedNode(EX + "OfCompiled")]
    assert {result.component.value.removeprefix(SH) for result in mine} == components
    assert [result.focus.value for result in results if result.grade is Severity.WARNING] == [EX + "c"]


def test_the_results_are_of_the_same_kind() -> None:
    text, _, _ = HANDED_OVER["a regular expression that looks ahead"]
    graph = shapes_graph(
        text + ' ex:Shape sh:property [ sh:path ex:code ; sh:hasValue "zz" ; sh:message "Nein"@de ] .'
    )
    shapes = read_shapes(graph)
    results = [
        result
        for result in validate_shapes(store_of(quads(DATA)), shapes)
        if result.grade is Severity.VIOLATION
    ]
    assert results == sorted(results, key=lambda result: result.sort_key())
    patterns = [result for result in results if "Pattern" in result.component.value]
    assert [(r.focus, r.path_text, r.value) for r in patterns] == [
        (NamedNode(EX + "a"), f"<{EX}code>", Literal("ab")),
        (BlankNode("d"), f"<{EX}code>", Literal("ab")),
    ]
    assert {result.shape for result in results} <= set(shapes.by_term)
    assert {result.text.in_language("de") for result in results if "HasValue" in result.component.value} == {
        "Nein"
    }


def test_a_shape_that_both_engines_reach_reports_once() -> None:
    text = "ex:Shape sh:property ex:OfCompiled, [ sh:path ex:p ; sh:node ex:Shape ] ."
    results = validate_shapes(store_of(quads(DATA)), read_shapes(shapes_graph(text)))
    counts = [row(result) for result in results if "MinCount" in result.component.value]
    assert len(counts) == 1


def test_an_error_of_pyshacl_is_ours() -> None:
    text = """ex:Starts a sh:ConstraintComponent ; sh:parameter [ sh:path ex:starts ] ;
        sh:validator [ a sh:SPARQLAskValidator ; sh:ask "ASK { this is no query }" ] .
    ex:Shape sh:property [ sh:path ex:code ; ex:starts "a" ] ."""
    with pytest.raises(WorkspaceError, match="pySHACL cannot work with the shapes"):
        validate_shapes(store_of(quads(DATA)), read_shapes(shapes_graph(text)))


def test_limits_change_no_results() -> None:
    text, _, _ = HANDED_OVER["a shape that refers to itself"]
    plan = compile_shapes(read_shapes(shapes_graph(text)))
    assert run_plan(store_of(quads(DATA)), plan, limits=QueryLimits()) == run_plan(
        store_of(quads(DATA)), plan
    )


@pytest.mark.parametrize(
    ("limits", "told"),
    [
        (QueryLimits(seconds=1), "Validating <http://example.org/Shape> took longer than 1 second."),
        (
            QueryLimits(megabytes=80),
            "Validating <http://example.org/Shape> took more than 80 MiB of memory.",
        ),
    ],
)
def test_what_takes_too_much_ends_alone_and_is_named(limits: QueryLimits, told: str) -> None:
    text = """ex:Shape sh:sparql [ sh:select '''SELECT $this (CONCAT(STR(?n), STR(?i)) AS ?value) WHERE {
        $this ?p ?o . ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?q . ?r ?s ?t . ?u ?v ?w
        } ORDER BY ?value LIMIT 1''' ] ."""
    plan = compile_shapes(read_shapes(shapes_graph(text)))
    assert plan.handed_over
    with pytest.raises(WorkspaceError, match=re.escape(told)):
        run_plan(store_of(quads(DATA)), plan, limits=limits)


def test_the_copy_holds_every_triple_once() -> None:
    data = quads(DATA)
    copy = copy_of(store_of(data))
    assert {tuple(map(from_rdflib, triple)) for triple in copy} == {
        (quad.subject, quad.predicate, quad.object) for quad in data
    }
