"""The queries are plain SPARQL 1.1: another engine behind HTTP gives the same results."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.request import Request, urlopen

import fuseki
import pyoxigraph as ox
import pytest
from real_servers import NotAtHand
from shapes_cases import FILES, Row, load, row

from transfergraph.shacl import compile_shapes, read_shapes, run_plan
from transfergraph.store.remote import RemoteStore
from transfergraph.store.retries import RetryPolicy

OTHERWISE = {
    "datatype-spaces": 'Fuseki keeps " 5 " as 5, as Oxigraph does with other forms',
    "pattern-end": "Java, as Python, lets $ stand before a line break at the end",
}
"""Where Fuseki itself answers otherwise than the recommendation."""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    try:
        with fuseki.running(tmp_path_factory.mktemp("fuseki")) as running:
            yield f"{running}/union"
    except NotAtHand as reason:
        pytest.skip(str(reason))


def replace_data(address: str, quads: list[ox.Quad]) -> None:
    graph = ox.NamedNode("http://example.org/graph/one")
    named = [ox.Quad(quad.subject, quad.predicate, quad.object, graph) for quad in quads]
    body = ox.serialize(named, format=ox.RdfFormat.N_QUADS)
    headers = {"Content-Type": "application/n-quads"}
    with urlopen(Request(f"{address}/data", body, headers, method="PUT"), timeout=60) as response:
        assert response.status in (200, 201, 204)


def without_labels(rows: list[Row]) -> list[Row]:
    """A server labels blank nodes anew."""
    return sorted(tuple(re.sub(r"^_:\w+$", "_:", part) for part in row) for row in rows)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_another_engine_finds_the_same(address: str, file: Path) -> None:
    case = load(file)
    replace_data(address, case.data)
    plan = compile_shapes(read_shapes(case.shapes))
    results = run_plan(RemoteStore(address, RetryPolicy(timeout=30)), plan)
    is_alike = without_labels([row(result) for result in results]) == without_labels(case.expected())
    assert is_alike == (file.stem not in OTHERWISE)
