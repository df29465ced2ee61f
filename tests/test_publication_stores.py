"""Loading releases into RDF4J and into the server of Oxigraph, and asking them what the release answers."""

from __future__ import annotations

import gzip
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from urllib.request import Request, urlopen

import other_stores
import pytest
import rdflib
from real_servers import NotAtHand
from workspaces import copied, edited

import transfergraph as tg
from transfergraph.queries import Answer
from transfergraph.shacl import compile_shapes, read_shapes, run_plan
from transfergraph.store.remote import open_remote


@dataclass(frozen=True)
class Maker:
    """How a store is started, where its graph store and its queries are below its address, what it answers otherwise."""

    running: Callable[[Path], AbstractContextManager[str]]
    graph_store: str
    query: str
    different: Mapping[str, str]


MAKERS = {
    "rdf4j": Maker(other_stores.rdf4j, "/rdf-graphs/service", "", {}),
    "oxigraph": Maker(other_stores.oxigraph, "/store", "/query", {}),
}


@pytest.fixture(scope="module", params=MAKERS)
def store(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Maker, str]]:
    if "STORES" not in os.environ:
        pytest.skip("only where STORES is set, as make nightly does: it takes a minute")
    maker = MAKERS[request.param]
    try:
        with maker.running(tmp_path_factory.mktemp(request.param)) as address:
            yield maker, address
    except NotAtHand as error:
        pytest.skip(str(error))


def test_a_release_is_pushed_asked_patched_and_pushed_over_several_connections(
    store: tuple[Maker, str], first_release: tuple[Path, Path], tmp_path: Path
) -> None:
    maker, address = store
    root, output = copied(first_release, tmp_path)
    url = f"{address}{maker.graph_store}"
    first = tg.push(output, url, part_bytes=20_000)
    assert first.manner == "whole" and first.sampled > 100 and sum(first.graphs.values()) > 1000
    assert tg.push(output, url).manner == "nothing"
    there, here = tg.open(output, f"{address}{maker.query}"), tg.open(output)
    names = {file.stem for file in (here.path / "queries" / "questions").glob("*.rq")}
    assert len(names) > 30 and names >= maker.different.keys()
    other = [name for name in sorted(names) if there.question(name) != here.question(name)]
    assert other == sorted(maker.different)
    file = root / "data" / "source" / "projects.csv"
    file.write_text(edited("projects", "Pilotvorhaben", "Pilotprojekt"), "utf-8")
    tg.build(root, output)
    second = tg.push(output, url)
    assert second.manner == "patch" and (second.added, second.removed) == (1, 1)
    again = tg.push(here.path, url, whole=True, part_bytes=20_000, connections=4)
    assert again.manner == "whole" and again.graphs == first.graphs


def test_bulk_parts_are_taken_in_any_order(
    store: tuple[Maker, str], first_release: tuple[Path, Path], tmp_path: Path
) -> None:
    """Each maker takes N-Quads over HTTP, too; its bulk loader takes the same files."""
    maker, address = store
    done = tg.bulk(first_release[1], tmp_path / "parts", 50_000)
    target = f"{address}/statements" if maker.query == "" else f"{address}{maker.graph_store}"
    parts = sorted(done.folder.glob("part-*.nq.gz"), reverse=True)
    for part in parts:
        body = gzip.decompress(part.read_bytes())
        request = Request(target, body, {"Content-Type": "application/n-quads"}, method="POST")
        with urlopen(request, timeout=60) as answer:
            assert answer.status in (200, 201, 204)
    there = tg.open(first_release[1], f"{address}{maker.query}")
    base = there.manifest.base
    asked = (
        f'SELECT (COUNT(*) AS ?n) {{ GRAPH ?g {{ ?s ?p ?o }} FILTER(STRSTARTS(STR(?g), "{base}graph/")) }}'
    )
    counted = there.sparql(asked)
    assert isinstance(counted, Answer)
    assert [[term and term.value for term in row] for row in counted.rows] == [[str(done.quads)]]


def test_the_shapes_of_the_core_find_the_same(
    store: tuple[Maker, str], saxon_builds: Path, tmp_path: Path
) -> None:
    maker, address = store
    tg.push(saxon_builds, f"{address}{maker.graph_store}", whole=True)
    release = tg.open(saxon_builds)
    plan = compile_shapes(read_shapes(rdflib.Graph().parse(release.path / "ontology" / "shapes.ttl")))
    found = run_plan(open_remote(f"{address}{maker.query}"), plan)
    assert found == run_plan(release.store, plan) and len(found) > 50
