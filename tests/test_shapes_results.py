"""What a result says: messages in both languages, what a value was held against, and a lasting order."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from pyoxigraph import Literal, NamedNode
from shapes_cases import EX, FILES, load, store_of
from test_shapes_sparql import PREFIXES, quads

from transfergraph import Severity, Text
from transfergraph.common.namespaces import XSD
from transfergraph.shacl import Result, compile_shapes, read_shapes, run_plan, validate_shapes
from transfergraph.shacl.shape_model import Foreign
from transfergraph.shacl.standard_messages import standard_message


def results_of(shapes: str, data: str) -> list[Result]:
    graph = rdflib.Graph().parse(data=PREFIXES + shapes, format="turtle")
    return validate_shapes(store_of(quads(data)), read_shapes(graph))


def messages(text: str) -> list[Text]:
    shape = f"ex:Shape sh:targetNode ex:a ; sh:hasValue ex:b {text} ."
    return [result.text for result in results_of(shape, "")]


def test_the_messages_of_the_shape_come_first() -> None:
    assert messages('; sh:message "fehlt"@de, "missing"@en') == [Text(de="fehlt", en="missing")]
    assert messages('; sh:message "fehlt"@de-DE') == [Text(de="fehlt", en="fehlt")]
    assert messages('; sh:message "missing", "manquant"@fr') == [Text({"": "missing", "fr": "manquant"})]
    assert messages('; sh:message "manquant"@fr') == [Text(fr="manquant")]
    assert messages("") == [Text(de=f"Der Wert <{EX}b> fehlt.", en=f"The value <{EX}b> is missing.")]


def test_every_constraint_has_a_standard_message_in_two_languages() -> None:
    seen = set()
    for file in FILES:
        for shape in read_shapes(load(file).shapes).by_term.values():
            for constraint in shape.constraints:
                text = standard_message(constraint)
                assert (
                    text.in_language("de").endswith(".")
                    and text.english.endswith(".")
                    and text.in_language("de") != text.english
                )
                assert "{}" not in text.in_language("de") + text.english
                seen.add(type(constraint).__name__)
    assert len(seen) == 19
    assert (
        standard_message(Foreign(NamedNode(EX + "Own"), "")).english == "A condition of the shape is not met."
    )


def test_the_standard_message_is_a_sentence() -> None:
    (result,) = results_of(
        "ex:Shape sh:targetNode ex:a ; sh:property [ sh:path ex:p ; sh:minCount 2 ] .", "ex:a ex:p 1 ."
    )
    assert result.text == Text(de="Anzahl der Angaben: mindestens 2.", en="Number of values: at least 2.")


def test_what_the_value_was_held_against() -> None:
    shape = """ex:Shape sh:targetNode ex:a ; sh:property
        [ sh:path ex:start ; sh:lessThan ex:end ], [ sh:path ex:name ; sh:uniqueLang true ] ."""
    results = results_of(shape, 'ex:a ex:start 3 ; ex:end 2, 4, "x" ; ex:name "a"@de-AT, "b"@de-at, "c"@en .')
    integer = NamedNode(XSD + "integer")
    assert [(result.value, result.against) for result in results] == [
        (None, Literal("de-at")),
        (Literal("3", datatype=integer), Literal("2", datatype=integer)),
        (Literal("3", datatype=integer), Literal("x")),
    ]


def test_a_severity_of_ones_own_counts_as_a_violation() -> None:
    shape = "ex:Shape sh:targetNode ex:a ; sh:hasValue ex:b ; sh:severity {} ."
    grades = [results_of(shape.format(s), "")[0].grade for s in ("ex:Grave", "sh:Info", "sh:Warning")]
    assert grades == [Severity.VIOLATION, Severity.INFO, Severity.WARNING]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_order_is_the_same_whatever_the_order_of_the_data(file: Path) -> None:
    case = load(file)
    plan = compile_shapes(read_shapes(case.shapes))
    forwards = run_plan(store_of(case.data), plan, case.data)
    backwards = run_plan(store_of(case.data[::-1]), plan, case.data[::-1])
    assert forwards == backwards
    assert [result.sort_key() for result in forwards] == sorted(result.sort_key() for result in forwards)


def test_datatypes_that_the_store_forgets_are_told_from_the_quads() -> None:
    shapes = read_shapes(
        rdflib.Graph().parse(
            data=PREFIXES
            + "ex:Shape sh:targetClass ex:Thing ; sh:property [ sh:path ex:p ; sh:datatype xsd:byte ] .",
            format="turtle",
        )
    )
    data = quads(
        'ex:a a ex:Thing ; ex:p 5 . ex:b ex:p 5 . ex:c a ex:Thing ; ex:p "5"^^xsd:byte, "500"^^xsd:int .'
    )
    integer = NamedNode(XSD + "integer")
    from_the_store = [
        (result.focus.value, result.value) for result in validate_shapes(store_of(data), shapes)
    ]
    assert from_the_store == [(EX + "c", Literal("500", datatype=integer))]
    with_quads = [
        (result.focus.value, result.value) for result in validate_shapes(store_of(data), shapes, iter(data))
    ]
    assert with_quads == [(EX + "a", Literal("5", datatype=integer)), *from_the_store]


def test_the_query_itself_finds_out_whether_the_store_keeps_datatypes() -> None:
    """A literal of a query is rewritten as one of the data is, so the same query suits every store."""
    shape = "ex:Shape sh:targetNode ex:a ; sh:property [ sh:path ex:p ; sh:datatype xsd:byte ] ."
    graph = rdflib.Graph().parse(data=PREFIXES + shape, format="turtle")
    (query,) = compile_shapes(read_shapes(graph)).queries
    is_rewritten = f"DATATYPE({Literal('1', datatype=NamedNode(XSD + 'byte'))}) != <{XSD}byte>"
    assert is_rewritten in query.text
    assert ox.Store().query(f"ASK {{ FILTER({is_rewritten}) }}")
