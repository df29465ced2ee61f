"""Each valid example passes the shapes in silence; each invalid one is found out exactly where it says."""

from __future__ import annotations

import pytest
from example_graphs import (
    Example,
    PreparedGraph,
    data_graph,
    example_graph,
    examples,
    ontology,
    results,
    schemes,
    shapes,
)
from rdflib import BNode

VALID = examples("valid.ttl")
INVALID = examples("invalid.ttl")


def _name(example: Example) -> str:
    return example.name


@pytest.mark.parametrize("example", VALID, ids=_name)
def test_valid_example_has_no_result_of_any_severity(example: Example) -> None:
    assert not example.expected
    assert results(data_graph(example), shapes()) == frozenset()


@pytest.mark.parametrize("example", INVALID, ids=_name)
def test_invalid_example_has_exactly_the_expected_results(example: Example) -> None:
    assert example.expected
    assert results(data_graph(example), shapes()) == example.expected


def test_every_subject_has_an_example_of_both_kinds() -> None:
    valid = {example.name.removesuffix(".valid.ttl") for example in VALID}
    invalid = {example.name.removesuffix(".invalid.ttl") for example in INVALID}
    assert valid - {"world"} == invalid


@pytest.mark.parametrize("example", VALID + INVALID, ids=_name)
def test_examples_hold_no_blank_node_and_build_on_valid_ones(example: Example) -> None:
    assert not [node for node in example_graph(example).all_nodes() if isinstance(node, BNode)]
    assert set(example.companions) <= {valid.name for valid in VALID}


def test_ontology_and_schemes_pass_their_own_shapes() -> None:
    graph = PreparedGraph()
    for triple in ontology():
        graph.add(triple)
    for triple in schemes():
        graph.add(triple)
    assert results(graph, shapes()) == frozenset()
