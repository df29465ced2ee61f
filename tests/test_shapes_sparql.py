"""sh:sparql constraints: the query that runs once for all focus nodes says what pySHACL says node by node."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
import rdflib
from shapes_cases import EX, graph_of, row, store_of

from transfergraph import WorkspaceError
from transfergraph.common.text import Text
from transfergraph.shacl import Result, compile_shapes, read_shapes, run_plan, validate_shapes
from transfergraph.shacl.pyshacl_engine import validate_with_pyshacl

PREFIXES = """
@prefix ex: <http://example.org/> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
ex:prefixes sh:declare [ sh:prefix "ex" ; sh:namespace "http://example.org/"^^xsd:anyURI ] ;
    owl:imports ex:more .
ex:more sh:declare [ sh:prefix "more" ; sh:namespace "http://example.org/more#"^^xsd:anyURI ] .
"""

DATA = """
ex:a a ex:Thing ; ex:p 1, 2, 3 ; ex:knows ex:b ; <http://example.org/more#x> "{ $this }" .
ex:b a ex:Thing, ex:Special ; ex:p 4 ; ex:knows ex:a, ex:c .
ex:c a ex:Thing ; ex:q 5 ; ex:knows _:d .
_:d a ex:Sub ; ex:p 1 ; ex:q 1 ; ex:knows ex:d .
ex:Sub rdfs:subClassOf ex:Thing .
ex:e a ex:Thing ; ex:p 1 ; ex:q 9 ; ex:knows ex:a .
ex:untargeted ex:p 1, 2, 3, 4 ; ex:knows ex:a .
"""

QUERIES = {
    "a filter alone": "SELECT $this WHERE { FILTER ($this = ex:b) }",
    "values of results": "SELECT $this ?value WHERE { $this ex:p ?value FILTER (?value > 2) }",
    "paths of results": "SELECT $this ?path ?value WHERE { $this ?path ?value FILTER (?path = ex:q) }",
    "a union": "SELECT $this WHERE { { FILTER ($this = ex:a) } UNION { $this ex:q 5 } }",
    "braces in braces": "SELECT $this WHERE { { { FILTER ($this = ex:a) } FILTER BOUND($this) } FILTER (true) }",
    "bind": "SELECT $this ?value WHERE { { BIND ($this AS ?value) } FILTER isBLANK(?value) }",
    "optional": "SELECT $this WHERE { OPTIONAL { $this ex:q ?q } FILTER (!BOUND(?q)) }",
    "optional with a filter": """SELECT $this ?value WHERE {
        $this ex:knows ?value . OPTIONAL { ?value ex:knows ?other FILTER (?other = $this) } FILTER (!BOUND(?other)) }""",
    "a subquery": "SELECT $this ?value WHERE { { SELECT $this ?value WHERE { $this ex:p ?value } } FILTER (?value = 4) }",
    "a subquery that filters": "SELECT $this WHERE { { SELECT $this WHERE { FILTER ($this = ex:c) } } }",
    "counting": """SELECT $this (COUNT(DISTINCT ?p) AS ?number) WHERE { $this ex:p ?p }
        GROUP BY $this HAVING (COUNT(DISTINCT ?p) > 1)""",
    "not exists, one triple": "SELECT $this WHERE { FILTER NOT EXISTS { $this ex:p ?p } }",
    "not exists, two triples": """SELECT $this WHERE {
        FILTER NOT EXISTS { $this ex:knows ?other . ?other ex:p ?p } }""",
    "not exists of two variables": """SELECT $this ?value WHERE {
        $this ex:knows ?value . FILTER NOT EXISTS { ?value ex:knows $this . ?value a ex:Thing } }""",
    "exists": "SELECT $this WHERE { $this a ?type . FILTER EXISTS { ?other a ex:Special ; ex:knows $this } }",
    "exists with a filter": """SELECT $this WHERE {
        FILTER EXISTS { $this ex:p ?p . FILTER (?p > 3 && $this != ex:untargeted) } }""",
    "exists in an expression": """SELECT $this WHERE {
        FILTER (EXISTS { $this ex:q ?q } || NOT EXISTS { $this ex:p ?p . $this ex:knows ex:b }) }""",
    "not exists of an optional variable": """SELECT $this WHERE {
        OPTIONAL { $this ex:q ?q } FILTER NOT EXISTS { $this ex:p ?q . $this ex:knows ?other } }""",
    "not exists without $this": "SELECT $this WHERE { $this ex:p ?p . FILTER NOT EXISTS { ?x ex:q ?p . ?x a ?y } }",
    "strings and comments": """SELECT $this WHERE {  # a comment with { braces }
        $this <http://example.org/more#x> "{ $this }" . FILTER (1 < 2 && \'its\' != "SELECT } " ) }""",
    "an IRI with a number sign": "SELECT $this WHERE { $this <http://example.org/more#x> ?x }",
    "a path": "SELECT $this ?value WHERE { $this ex:knows/ex:knows+ ?value FILTER (?value != $this) }",
    "operators of two signs": """SELECT $this ?value WHERE { $this ex:p ?value
        FILTER(?value<=3&&?value!=7||?value>="9"^^<http://www.w3.org/2001/XMLSchema#integer>) }""",
    "calls inside calls": """SELECT $this ?value WHERE { $this ex:p ?value
        FILTER (STRBEFORE(CONCAT(STR(?value), "~"), "~") = COALESCE(STR(?value), "")) }""",
    "names with escapes": r"SELECT $this WHERE { $this ex:p ?p . FILTER NOT EXISTS { $this ex:a.b\\-c%20 ?x } }",
    "distinct and order": "SELECT DISTINCT $this WHERE { $this ex:p ?p . $this ex:p ?o FILTER (?p < ?o) } ORDER BY ?p",
}


def shapes_with(query: str, more: str = "", where: str = "ex:Shape sh:sparql ex:Sparql .") -> rdflib.Graph:
    text = f"""{PREFIXES}
        ex:Shape a sh:NodeShape ; sh:targetClass ex:Thing ; sh:targetNode ex:absent .
        {where}
        ex:Sparql sh:prefixes ex:prefixes ; sh:select '''{query}''' {more} ."""
    return rdflib.Graph().parse(data=text, format="turtle")


def quads(text: str = DATA) -> list[ox.Quad]:
    triples = ox.parse((PREFIXES + text).encode(), format=ox.RdfFormat.TURTLE)
    return [ox.Quad(triple.subject, triple.predicate, triple.object) for triple in triples]


def both(graph: rdflib.Graph, data: list[ox.Quad]) -> tuple[set[tuple[str, ...]], set[tuple[str, ...]]]:
    shapes = read_shapes(graph)
    plan = compile_shapes(shapes)
    assert not plan.handed_over
    reference = validate_with_pyshacl(graph_of(data), shapes, list(shapes.by_term))
    return set(map(row, run_plan(store_of(data), plan))), set(map(row, reference))


@pytest.mark.parametrize("query", QUERIES.values(), ids=QUERIES.keys())
def test_the_query_finds_what_pyshacl_finds(query: str) -> None:
    ours, reference = both(shapes_with(query), quads())
    assert ours == reference
    assert ours, "the query must find something, or the test says nothing"
    assert not any("untargeted" in focus for focus, *_ in ours)


@pytest.mark.parametrize(
    "where",
    [
        "ex:Shape sh:not ex:Inner . ex:Inner sh:sparql ex:Sparql .",
        "ex:Shape sh:node ex:Inner . ex:Inner sh:sparql ex:Sparql .",
        "ex:Shape sh:property ex:P . ex:P sh:path ex:knows ; sh:node ex:Inner . ex:Inner sh:sparql ex:Sparql .",
        "ex:Shape sh:property ex:P . ex:P sh:path ex:knows ; sh:xone ( ex:Inner [ sh:class ex:Special ] ) ."
        " ex:Inner sh:sparql ex:Sparql .",
    ],
)
def test_a_constraint_inside_another_shape(where: str) -> None:
    query = "SELECT $this ?value WHERE { $this ex:p ?value FILTER (?value > 2) }"
    ours, reference = both(shapes_with(query, where=where), quads())
    assert ours == reference != set()
    assert not any("SPARQL" in component for *_, component, _ in ours)


def test_the_path_of_a_property_shape() -> None:
    where = "ex:Shape sh:property ex:P . ex:P sh:path ( ex:knows [ sh:inversePath ex:knows ] ) ; sh:sparql ex:Sparql ."
    query = "SELECT $this ?value WHERE { $this $PATH ?value . FILTER ($this != ?value) }"
    ours, reference = both(shapes_with(query, where=where), quads())
    assert ours == reference != set()
    assert {path for _, path, *_ in ours} == {f"<{EX}knows>/(^<{EX}knows>)"}


def test_filters_on_existence_become_sets() -> None:
    plan = compile_shapes(read_shapes(shapes_with(QUERIES["not exists, two triples"])))
    (query,) = plan.queries
    assert "EXISTS" not in query.text and "MINUS" in query.text


def result_of(query: str, more: str = "") -> Result:
    (result,) = validate_shapes(store_of(quads()), read_shapes(shapes_with(query, more)))
    return result


def test_messages_are_filled_with_the_bindings() -> None:
    query = "SELECT $this ?value ?other WHERE { $this ex:p ?value ; ex:q ?other FILTER isBLANK($this) }"
    result = result_of(
        query, '; sh:message "{?value} statt {$other}, {?unknown}"@de, "{?value} for {$other}"@en'
    )
    assert result.text == Text(de="1 statt 1, {?unknown}", en="1 for 1")
    assert str(result.constraint) == f"<{EX}Sparql>"


def test_a_message_that_the_query_selects_comes_first() -> None:
    query = 'SELECT $this ?message WHERE { BIND ("own"@en AS ?message) FILTER ($this = ex:a) }'
    assert result_of(query, '; sh:message "other"').text == Text(en="own")


def test_without_a_message_there_is_a_standard_one() -> None:
    text = result_of("SELECT $this WHERE { FILTER ($this = ex:a) }").text
    assert text.in_language("de") == "Eine Bedingung der Form ist nicht erfüllt."
    assert text.english == "A condition of the shape is not met."


def test_a_deactivated_constraint_is_not_run() -> None:
    graph = shapes_with("SELECT $this WHERE { }", "; sh:deactivated true")
    assert validate_shapes(store_of(quads()), read_shapes(graph)) == []


def test_a_reported_failure_stops_the_run() -> None:
    with pytest.raises(WorkspaceError, match="reports a failure"):
        result_of("SELECT $this (true AS ?failure) WHERE { FILTER ($this = ex:a) }")


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("ASK { $this ex:p 1 }", "not a SELECT query"),
        ("SELECT ?that WHERE { ?that ex:p 1 }", "without \\$this"),
        ("SELECT $this WHERE { $this ex:p 1 MINUS { $this ex:q 1 } }", "MINUS"),
        ("SELECT $this WHERE { VALUES ?x { 1 } }", "VALUES"),
        ("SELECT $this WHERE { SERVICE <http://example.org/sparql> { $this ex:p 1 } }", "SERVICE"),
        ("SELECT $this WHERE { BIND (1 AS $this) }", "binds \\?this"),
        ("SELECT $this WHERE { { SELECT ?x WHERE { ?x ex:p 1 } } }", "without \\$this"),
        ("SELECT $this WHERE { { SELECT * WHERE { $this ex:p 1 } } }", "without \\$this"),
        ("SELECT $this WHERE { $this unknown:p 1 }", "unknown:p"),
        ("SELECT $this WHERE { $this $PATH 1 }", "PATH"),
        ("SELECT $this WHERE { $this ex:p 1 } }", "braces"),
        ("SELECT $this WHERE { $this ex:p 1 ", "braces"),
        ("BASE <http://example.org/> SELECT $this WHERE { $this <p> 1 }", "prologue"),
    ],
)
def test_what_shacl_forbids_is_refused(query: str, reason: str) -> None:
    with pytest.raises(WorkspaceError, match=reason):
        compile_shapes(read_shapes(shapes_with(query)))


def test_prefixes_may_stand_in_the_query_itself() -> None:
    query = "PREFIX own: <http://example.org/> PREFIX : <http://example.org/> SELECT $this { $this own:p 1 ; :q 1 }"
    assert result_of(query).focus == ox.BlankNode("d")


def test_prefixes_are_found_through_imports() -> None:
    # SHACL section 5.2.1; pySHACL 0.40.1 does not follow owl:imports there
    assert result_of('SELECT $this WHERE { $this more:x "{ $this }" }').focus == ox.NamedNode(EX + "a")


def test_a_prefix_declared_twice_and_differently_is_refused() -> None:
    graph = shapes_with("SELECT $this WHERE { }")
    text = PREFIXES + 'ex:more sh:declare [ sh:prefix "ex" ; sh:namespace "urn:other" ] .'
    with pytest.raises(WorkspaceError, match="“ex” is declared twice"):
        read_shapes(graph.parse(data=text, format="turtle"))
