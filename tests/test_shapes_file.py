"""shapes.ttl: complete in itself, and no constraint in it that could be taken out unnoticed."""

from __future__ import annotations

import re
from functools import cache

import pytest
from example_graphs import (
    SHAPES,
    TG,
    Example,
    Result,
    data_graph,
    examples,
    iris,
    ontology,
    results,
    schemes,
    shapes,
)
from rdflib import OWL, RDF, RDFS, SH, BNode, Graph, Literal, URIRef
from rdflib.term import Node

CONSTRAINTS = {
    SH["class"],
    SH["not"],
    SH["or"],
    SH.datatype,
    SH.hasValue,
    SH.languageIn,
    SH.maxCount,
    SH.maxInclusive,
    SH.minCount,
    SH.minInclusive,
    SH.node,
    SH.nodeKind,
    SH.pattern,
    SH.qualifiedMaxCount,
    SH.qualifiedMinCount,
    SH.qualifiedValueShape,
    SH.sparql,
    SH.uniqueLang,
}
REFERENCES = (
    SH["not"],
    SH["or"],
    SH.languageIn,
    SH.node,
    SH.path,
    SH.property,
    SH.qualifiedValueShape,
    SH.sparql,
    RDF.first,
    RDF.rest,
)
ABOUT = {
    RDF.type,
    RDF.first,
    RDF.rest,
    RDFS.label,
    OWL.versionIRI,
    OWL.versionInfo,
    SH.declare,
    SH.description,
    SH.inversePath,
    SH.message,
    SH.namespace,
    SH.path,
    SH.prefix,
    SH.prefixes,
    SH.property,
    SH.select,
    SH.severity,
    SH.targetClass,
}
TARGETED = iris(shapes().subjects(SH.targetClass, None))
REPORTED = iris(shape for node in TARGETED for shape in shapes().objects(node, SH.property))
HELPERS = iris(
    shape
    for kind in (SH.NodeShape, SH.PropertyShape)
    for shape in shapes().subjects(RDF.type, kind)
    if shape not in TARGETED + REPORTED
)


def _local(node: Node) -> str:
    return str(node).removeprefix(SHAPES)


def test_only_known_terms_of_shacl_are_used() -> None:
    read_anew = shapes.__wrapped__()  # pySHACL adds triples of its own to the graph that it is given
    assert set(read_anew.predicates()) <= CONSTRAINTS | ABOUT


def test_every_shape_and_query_has_an_iri_of_its_own() -> None:
    kinds = (SH.NodeShape, SH.PropertyShape, SH.SPARQLConstraint)
    named = [shape for kind in kinds for shape in shapes().subjects(RDF.type, kind)]
    assert all(isinstance(shape, URIRef) and shape.startswith(SHAPES) for shape in named)
    blank = {node for node in shapes().subjects() if isinstance(node, BNode)}
    assert all(
        set(shapes().predicates(node)) in ({SH.inversePath}, {RDF.first, RDF.rest}) for node in blank
    ), "a blank node is neither a path nor a list"


@pytest.mark.parametrize("shape", REPORTED, ids=_local)
def test_every_constraint_has_severity_message_and_remedy(shape: URIRef) -> None:
    graph = shapes()
    assert len(list(graph.objects(shape, SH.path))) == 1
    assert len(CONSTRAINTS & set(graph.predicates(shape))) >= 1
    assert graph.value(shape, SH.severity, any=False) in {SH.Violation, SH.Warning, SH.Info}
    for predicate in (SH.message, SH.description):
        texts = list(graph.objects(shape, predicate))
        assert sorted(str(text.language) for text in texts if isinstance(text, Literal)) == ["de", "en"]
        assert all(str(text).endswith(".") for text in texts)


@pytest.mark.parametrize("shape", REPORTED, ids=_local)
def test_a_query_has_a_shape_of_its_own(shape: URIRef) -> None:
    queries = list(shapes().objects(shape, SH.sparql))
    if queries:
        assert queries == [URIRef(f"{shape}-query")]
        assert {SH.sparql} == CONSTRAINTS & set(shapes().predicates(shape))
        assert str(shapes().value(queries[0], SH.prefixes)) == SHAPES.removesuffix("#")


def test_every_class_of_the_ontology_has_a_shape() -> None:
    targets = set(shapes().objects(None, SH.targetClass))
    for cls in iris(ontology().subjects(RDF.type, OWL.Class)):
        if cls.startswith(TG):
            assert targets & set(ontology().transitive_objects(cls, RDFS.subClassOf)), cls


def test_classes_properties_and_concepts_that_shapes_name_exist() -> None:
    declared = {node for graph in (ontology(), schemes()) for node in graph.subjects()}
    paths = iris([*shapes().objects(None, SH.path), *shapes().objects(None, SH.inversePath)])
    assert set(paths) - {RDF.type, OWL.sameAs} <= declared
    classes = {
        node for predicate in (SH.targetClass, SH["class"]) for node in shapes().objects(None, predicate)
    }
    assert classes <= declared
    assert set(shapes().objects(None, SH.hasValue)) <= declared


def test_terms_and_concepts_in_queries_exist() -> None:
    declared = {str(node) for graph in (ontology(), schemes()) for node in graph.subjects()}
    queries = [str(text) for text in shapes().objects(None, SH.select)]
    terms = {TG + name for text in queries for name in re.findall(r"\btg:(\w+)", text)}
    concepts = {iri for text in queries for iri in re.findall(r"<(https:[^<>\s]+)>", text)}
    assert terms
    assert concepts
    assert terms | concepts <= declared


# Taking out one thing at a time. A small graph of shapes answers for the whole, as no shape depends on another
# except through the references that are followed here.


def _without(graph: Graph, triples: tuple[tuple[Node, Node, Node], ...]) -> Graph:
    smaller = Graph()
    for triple in graph:
        if triple not in triples:
            smaller.add(triple)
    return smaller


@cache
def _small(reported: frozenset[URIRef]) -> Graph:
    """These shapes, what they refer to, and the targets of the node shapes that hold them."""
    graph = Graph()
    for node in TARGETED:
        for shape in set(shapes().objects(node, SH.property)) & reported:
            graph.add((node, RDF.type, SH.NodeShape))
            graph.add((node, SH.property, shape))
            for target in shapes().objects(node, SH.targetClass):
                graph.add((node, SH.targetClass, target))
    todo: list[Node] = [*reported]
    while todo:
        subject = todo.pop()
        for _, predicate, value in shapes().triples((subject, None, None)):
            graph.add((subject, predicate, value))
            if predicate in REFERENCES:
                todo.append(value)
    header = URIRef(SHAPES.removesuffix("#"))
    for declaration in shapes().objects(header, SH.declare):
        graph.add((header, SH.declare, declaration))
        for triple in shapes().triples((declaration, None, None)):
            graph.add(triple)
    return graph


def _expecting(reported: frozenset[URIRef]) -> list[tuple[Example, frozenset[Result]]]:
    """The invalid examples that expect results of these shapes, with those results."""
    names = {_local(shape) for shape in reported}
    pairs = (
        (example, frozenset(result for result in example.expected if result.shape in names))
        for example in examples("invalid.ttl")
    )
    return [(example, expected) for example, expected in pairs if expected]


def _assert_missed(reported: frozenset[URIRef], *triples: tuple[Node, Node, Node]) -> None:
    """Some invalid example no longer has exactly its expected results when the triples are taken out."""
    whole = _small(reported)
    assert all(triple in whole for triple in triples)
    without = _without(whole, triples)
    expecting = _expecting(reported)
    assert expecting, "no invalid example expects this"
    found = expected = frozenset[Result]()
    for example, expected in expecting:
        found = results(data_graph(example), without)
        if found != expected:
            break
    assert _found(example, reported) == expected, "the small graph of shapes answers otherwise"
    assert found != expected, "nothing misses what was taken out"


@cache
def _found(example: Example, reported: frozenset[URIRef]) -> frozenset[Result]:
    return results(data_graph(example), _small(reported))


def _users(helper: Node) -> frozenset[URIRef]:
    """The reported shapes that refer to this one, at whatever distance."""
    found: set[URIRef] = set()
    todo = [helper]
    while todo:
        node = todo.pop()
        if isinstance(node, URIRef) and node in REPORTED:
            found.add(node)
        else:
            todo.extend(user for predicate in REFERENCES for user in shapes().subjects(predicate, node))
    assert found, f"nothing refers to {helper}"
    return frozenset(found)


def _parameters(subjects: list[URIRef]) -> list[tuple[Node, Node, Node]]:
    return [
        triple
        for subject in subjects
        for triple in sorted(shapes().triples((subject, None, None)))
        if triple[1] in CONSTRAINTS - {SH.qualifiedValueShape}
    ]


def _id(triple: tuple[Node, Node, Node]) -> str:
    return " ".join(
        str(part).rpartition("#")[2] or str(part) for part in triple if not isinstance(part, BNode)
    )


@pytest.mark.parametrize("triple", _parameters(REPORTED), ids=_id)
def test_no_parameter_can_be_taken_out_unnoticed(triple: tuple[Node, Node, Node]) -> None:
    shape, predicate, _ = triple
    assert isinstance(shape, URIRef)
    counted = predicate in (SH.qualifiedMinCount, SH.qualifiedMaxCount)
    companions = shapes().triples((shape, SH.qualifiedValueShape, None)) if counted else ()
    _assert_missed(frozenset({shape}), triple, *companions)


@pytest.mark.parametrize("triple", _parameters(HELPERS), ids=_id)
def test_no_parameter_of_a_helper_can_be_taken_out_unnoticed(triple: tuple[Node, Node, Node]) -> None:
    _assert_missed(_users(triple[0]), triple)


@pytest.mark.parametrize("triple", sorted(shapes().triples((None, SH.property, None))), ids=_id)
def test_no_property_shape_can_be_taken_from_its_node_shape_unnoticed(
    triple: tuple[Node, Node, Node],
) -> None:
    node, _, shape = triple
    assert isinstance(shape, URIRef)
    _assert_missed(frozenset({shape}) if node in TARGETED else _users(node), triple)


@pytest.mark.parametrize("triple", sorted(shapes().triples((None, SH.targetClass, None))), ids=_id)
def test_no_target_can_be_taken_out_unnoticed(triple: tuple[Node, Node, Node]) -> None:
    held = frozenset(shape for shape in shapes().objects(triple[0], SH.property) if isinstance(shape, URIRef))
    _assert_missed(held, triple)
