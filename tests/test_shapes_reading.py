"""Reading a shapes graph: refusals that name the place, lasting labels, and what cannot be compiled to begin with."""

from __future__ import annotations

import re

import pytest
import rdflib
from pyoxigraph import BlankNode, NamedNode, Triple
from rdflib.term import Node
from shapes_cases import EX, store_of
from test_shapes_sparql import PREFIXES, quads

from transfergraph import WorkspaceError
from transfergraph.common.property_paths import parse_path, path_triples
from transfergraph.shacl import compile_shapes, path_text, read_shapes, validate_shapes
from transfergraph.shacl.rdf_terms import to_rdflib
from transfergraph.shacl.shape_model import In, NodeKind
from transfergraph.shacl.shape_nodes import read_path
from transfergraph.shacl.value_tests import peculiarity
from transfergraph.store import Term


def parse(text: str) -> rdflib.Graph:
    return rdflib.Graph().parse(data=PREFIXES + text, format="turtle")


REFUSED = {
    "a misspelt parameter": ("sh:minCuont 1", "sh:minCuont"),
    "a parameter of property shapes": ("sh:minCount 1", "sh:minCount needs a property shape"),
    "qualified values of a node shape": ("sh:qualifiedValueShape ex:Other", "sh:qualifiedValueShape needs"),
    "JavaScript": ("sh:js [ ]", "sh:js"),
    "rules": ("sh:rule [ ]", "sh:rule"),
    **{
        f"what is said about triples, {where}": (
            text,
            rf"sh:{name} \(a draft of SHACL 1\.2\) checks what is said",
        )
        for where, name, text in (
            ("shape", "reifierShape", "sh:property [ sh:path ex:p ; sh:reifierShape ex:Evidence ]"),
            ("required", "reificationRequired", "sh:property [ sh:path ex:p ; sh:reificationRequired true ]"),
            ("without a path", "reifierShape", "sh:reifierShape [ sh:minCount 1 ]"),
        )
    },
    "two datatypes": ("sh:datatype xsd:string, xsd:integer", "sh:datatype has 2 values"),
    "a datatype that is text": ('sh:datatype "string"', "sh:datatype must be an IRI"),
    "a class that is a number": ("sh:class 5", "sh:class must be an IRI"),
    "an unknown node kind": ("sh:nodeKind sh:Node", "sh:nodeKind must be one of"),
    "a bound that is an IRI": ("sh:minInclusive ex:five", "sh:minInclusive must be a literal"),
    "a length that is text": ('sh:minLength "5"', "sh:minLength must be a whole number"),
    "a negative length": ("sh:maxLength -1", "sh:maxLength must be a whole number"),
    "a list that is none": ("sh:in ex:a", "sh:in is not a well-formed RDF list"),
    "a property without a path": ("sh:property [ sh:minCount 1 ]", "sh:property has no sh:path"),
    "sh:node with a property shape": ("sh:node [ sh:path ex:p ]", "is a property shape"),
    "a language that is none": ('sh:in ( "a"@subtagtoolong )', "is not a literal: A subtag"),
    "an IRI that is none, anywhere": ("ex:p [ ex:q <a b> ]", "which is not an IRI"),
    "a datatype that is no IRI": ('sh:hasValue "1"^^<a b>', "is not a literal"),
    "an empty path": ("sh:property [ sh:path [ ] ]", "path of the shapes is not well formed"),
    "a path of text": ('sh:property [ sh:path "p" ]', "path of the shapes is not well formed"),
    "a path of one step in a list": ("sh:property [ sh:path ( ex:p ) ]", "fewer than two members"),
    **{
        f"a path whose list {what}": (f"sh:property [ sh:path _:l ] . _:l {text}", "its list is no RDF list")
        for what, text in {
            "leads back to itself": "rdf:first ex:p ; rdf:rest _:l",
            "leads back from further on": "rdf:first ex:p ; rdf:rest [ rdf:first ex:q ; rdf:rest _:l ]",
            "has two members in one place": "rdf:first ex:p, ex:q ; rdf:rest ( ex:r )",
            "goes on in two ways": "rdf:first ex:p ; rdf:rest ( ex:q ), ( ex:r )",
            "has no end": "rdf:first ex:p ; rdf:rest [ rdf:first ex:q ]",
            "ends with another node": "rdf:first ex:p ; rdf:rest [ rdf:first ex:q ; rdf:rest ex:end ]",
        }.items()
    },
    "a path of two forms": (
        "sh:property [ sh:path [ sh:inversePath ex:p ; sh:zeroOrMorePath ex:p ] ]",
        "sh:inversePath, sh:zeroOrMorePath",
    ),
    "a query that is none": ("sh:sparql [ ]", "has no sh:select"),
    "a message that is a number": ("sh:message 5", "sh:message must be a string"),
    "a severity that is text": ('sh:severity "high"', "sh:severity must be an IRI"),
    "flags that are a number": ('sh:pattern "a" ; sh:flags 5', "sh:flags must be a string"),
    "a pattern that is an IRI": ("sh:pattern ex:a", "sh:pattern must be a string"),
}


@pytest.mark.parametrize(("text", "message"), REFUSED.values(), ids=REFUSED.keys())
def test_what_is_not_well_formed_is_refused_by_name(text: str, message: str) -> None:
    graph = parse(f"ex:Shape a sh:NodeShape ; sh:targetClass ex:Thing ; {text} .")
    with pytest.raises(WorkspaceError, match=message):
        compile_shapes(read_shapes(graph))


def test_a_pattern_that_the_store_cannot_read_is_refused() -> None:
    shapes = read_shapes(parse('ex:Shape sh:targetNode ex:a ; sh:pattern "a(" ; sh:flags "i" .'))
    with pytest.raises(
        WorkspaceError, match=r"“a\(”.* flags “i”.*no regular expression that the store can read"
    ):
        validate_shapes(store_of([]), shapes)


@pytest.mark.parametrize(
    ("regex", "is_common"),
    [
        ("^[0-9]{4}(-[0-9]{2})?$", True),
        (r"^https://ror\.org/0[a-z0-9]{6}[0-9]{2}$", True),
        (r"[\[\]^-]", True),
        ("[]a]", True),
        ("(?:a|b)", True),
        (r"\p{L}+", True),
        ("^(?!a)", False),
        ("(?i)a", False),
        (r"(a)\1", False),
        ("[a-z-[aeiou]]", False),
        ("[a&&b]", False),
        ("[[:alpha:]]", False),
    ],
)
def test_patterns_that_all_dialects_read_alike(regex: str, is_common: bool) -> None:
    assert (peculiarity(regex) is None) == is_common


def test_blank_nodes_have_lasting_labels() -> None:
    text = """ex:Shape a sh:NodeShape ; sh:targetClass ex:Thing ;
        sh:property [ sh:path ex:p ; sh:minCount 1 ], [ sh:path ex:q ; sh:minCount 1 ], [ sh:path ex:p ; sh:in ( 1 2 ) ] .
        ex:Other a sh:NodeShape ; sh:targetClass ex:Thing ; sh:property [ sh:path ex:p ; sh:minCount 1 ] ."""
    first, second = read_shapes(parse(text)), read_shapes(parse(text))
    assert list(first.by_term) == list(second.by_term)
    blank = [term for term in first.by_term if isinstance(term, BlankNode)]
    assert len(blank) == 4, "the same text under another owner is another shape"


def test_long_lists() -> None:
    terms = " ".join(f"ex:t{i} {i}" for i in range(1500))
    text = f"""ex:Shape sh:targetNode ex:t7, 7, "7", ex:other ; sh:in ex:list ; sh:not [ sh:not [ sh:in ex:list ] ] .
        ex:list rdf:first ex:t7 ; rdf:rest ( {terms} ) ."""
    shapes = read_shapes(parse(text))
    constraint = next(c for c in shapes[NamedNode(EX + "Shape")].constraints if isinstance(c, In))
    assert len(constraint.terms) == 3001
    results = validate_shapes(store_of([]), shapes)
    assert [str(result.focus) for result in results] == ['"7"', '"7"', f"<{EX}other>", f"<{EX}other>"]
    assert len({result.component for result in results}) == 2


def test_shapes_are_those_with_targets_and_what_they_refer_to() -> None:
    text = """ex:Shape sh:targetNode ex:a ; sh:and ( ex:One [ sh:not ex:Two ] ) .
        ex:One sh:nodeKind sh:IRI . ex:Two sh:nodeKind sh:Literal . ex:Unused sh:nodeKind "wrong" ."""
    shapes = read_shapes(parse(text))
    named = [term.value for term in shapes.by_term if isinstance(term, NamedNode)]
    assert named == [EX + "One", EX + "Shape", EX + "Two"]
    assert shapes[NamedNode(EX + "Two")].constraints == (NodeKind("Literal"),)


def test_paths_as_text_and_as_rdf() -> None:
    written = "( [ sh:inversePath [ sh:alternativePath ( ex:p ex:q ) ] ] [ sh:zeroOrOnePath ex:r ] [ sh:oneOrMorePath ex:s ] )"
    graph = parse(f"ex:Shape sh:path {written} .")
    path = read_path(graph, next(graph.objects(predicate=rdflib.SH.path)))
    p, q, r, s = (f"<{EX}{name}>" for name in "pqrs")
    assert path_text(path) == f"(^({p}|{q}))/({r}?)/({s}+)"
    assert parse_path(path_text(path)) == path
    node, triples = path_triples(path, "urn:inner:")
    again = rdflib.Graph()
    for triple in triples:
        again.add((inner(triple.subject), to_rdflib(triple.predicate), inner(triple.object)))
    assert read_path(again, inner(node)) == path
    assert len(again) == len(triples) == 14


def inner(term: Term | Triple) -> Node:
    """The term for rdflib; what was minted for an inner node of a path is blank, as in a shapes graph."""
    assert not isinstance(term, Triple)
    minted = isinstance(term, NamedNode) and term.value.startswith("urn:inner:")
    return rdflib.BNode(term.value) if minted else to_rdflib(term)


def test_queries_look_at_sets_and_not_at_one_node_after_another() -> None:
    text = """ex:Shape sh:targetClass ex:Thing ; sh:closed true ; sh:property
            [ sh:path ex:p ; sh:minCount 1 ; sh:class ex:C ; sh:node ex:Inner ; sh:equals ex:q ; sh:hasValue 1 ],
            [ sh:path ( ex:p ex:q ) ; sh:minCount 2 ; sh:or ( [ sh:class ex:C ] [ sh:not ex:Inner ] ) ],
            [ sh:path ex:p ; sh:qualifiedValueShape ex:Inner ; sh:qualifiedMinCount 1 ; sh:xone ( ex:Inner [ sh:in ( 1 ) ] ) ] .
        ex:Inner sh:property [ sh:path ex:q ; sh:maxCount 1 ] ."""
    plan = compile_shapes(read_shapes(parse(text)))
    assert len(plan.queries) == 11
    one_triple = re.compile(r"FILTER NOT EXISTS \{ \?\w+ <[^<>]+> \?\w+ \. \}")
    assert [len(one_triple.findall(query.text)) for query in plan.queries].count(1) == 1
    assert not [query.text for query in plan.queries if "EXISTS" in one_triple.sub("", query.text)]


def test_a_store_is_asked_once_for_each_constraint() -> None:
    shapes = read_shapes(
        parse("ex:Shape sh:targetClass ex:Thing ; sh:property ex:P . ex:P sh:path ex:p ; sh:minCount 1 .")
    )
    (query,) = compile_shapes(shapes).queries
    assert query.shape.term == NamedNode(EX + "P")
    assert [
        result.focus.value for result in validate_shapes(store_of(quads("ex:a a ex:Thing .")), shapes)
    ] == [EX + "a"]
