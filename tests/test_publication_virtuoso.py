"""Loading releases into Virtuoso 7: Digest, queries as forms, geometries of its own; and asking it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import rdflib
import virtuoso
from real_servers import NotAtHand
from server_fixture import limited, served, small_limits
from workspaces import copied, edited

import transfergraph as tg
from transfergraph.common.namespaces import RDFS, TG
from transfergraph.errors import StoreError
from transfergraph.publish.push.endpoint import PASSWORD, USER
from transfergraph.shacl import compile_shapes, read_shapes, run_plan
from transfergraph.store.remote import open_remote

DIFFERENT = {
    "organisations-in-a-region": "regions by steps, of which it counts some twice",
    "organisations-on-the-map": "it writes geometries in its own way",
    "universities-and-undertakings": "it writes truth values as numbers",
    "timeline-of": "its compiler fails (SQ156)",
}
SHOWN = (
    *(
        "organisation/hszg.nt",
        "organisation/hszg.ttl",
        "organisation/hszg.de.html",
        "undertaking/recomine.en.html",
    ),
    *("place/freiberg.ttl", "organisations/index.de.html", "questions/partners-of.json?organisation=hszg"),
    *("questions/bridges-between-alliances.csv", "questions/running-in-year.html?year=2021", "index.en.html"),
)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if "STORES" not in os.environ:
        pytest.skip("only where STORES is set, as make nightly does: it takes a minute")
    try:
        with virtuoso.running(tmp_path_factory.mktemp("virtuoso")) as address:
            yield address
    except NotAtHand as error:
        pytest.skip(str(error))


@pytest.fixture(autouse=True)
def credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(USER, virtuoso.USER)
    monkeypatch.setenv(PASSWORD, virtuoso.PASSWORD)


def test_a_release_reaches_virtuoso_and_the_next_takes_its_place(
    server: str, first_release: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root, output = copied(first_release, tmp_path)
    url = f"{server}/sparql-graph-crud-auth"
    first = tg.push(output, url)
    assert first.manner == "whole" and first.sampled > 100
    assert sum(first.graphs.values()) > 1000
    assert tg.push(output, url).manner == "nothing"
    there, here = tg.open(output, f"{server}/sparql"), tg.open(output)
    names = {file.stem for file in (here.path / "queries" / "questions").glob("*.rq")}
    assert len(names) > 30 and names > DIFFERENT.keys()
    for name in sorted(names - DIFFERENT.keys()):
        assert there.question(name) == here.question(name), name
    file = root / "data" / "source" / "projects.csv"
    file.write_text(edited("projects", "Pilotvorhaben", "Pilotprojekt"), "utf-8")
    tg.build(root, output)
    second = tg.push(output, url)
    assert second.manner == "whole" and second.release != first.release
    monkeypatch.setenv(PASSWORD, "wrong")
    with pytest.raises(StoreError, match="refuses the credentials"):
        tg.push(output, url, whole=True)


def test_saxony_is_validated_and_shown_from_virtuoso(
    server: str, saxon_builds: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tg.push(saxon_builds, f"{server}/sparql-graph-crud-auth", whole=True)
    release = tg.open(saxon_builds)
    shapes = rdflib.Graph().parse(release.path / "ontology" / "shapes.ttl")
    plan = compile_shapes(read_shapes(shapes))
    found = run_plan(open_remote(f"{server}/sparql"), plan)
    assert found == run_plan(release.store, plan) and len(found) > 50
    first, second = small_limits(tmp_path / "first"), small_limits(tmp_path / "second", time_seconds=20)
    with (
        served(limited(saxon_builds, first), first) as here,
        served(limited(saxon_builds, second), second, "--store", f"{server}/sparql") as there,
    ):
        for path in SHOWN:
            ours, theirs = here.get(path), there.get(path)
            assert (theirs.status, theirs.media_type) == (200, ours.media_type), (path, theirs.text[:300])
            assert theirs.text.replace(there.url, here.url) == ours.text, path
        query = f"SELECT ?s {{ ?s a/<{RDFS}subClassOf>* <{TG}Undertaking> }} ORDER BY ?s"
        assert there.rows(query) == here.rows(query) != []
        shapes_of_places = "CONSTRUCT WHERE { ?s <http://www.opengis.net/ont/geosparql#asWKT> ?wkt }"
        told = there.sparql(shapes_of_places, "application/n-triples").text
        assert told.count("#wktLiteral>") == told.count("\n") > 10
        assert there.sparql("ASK { ?s ?p ?o }").json["boolean"] is True
        assert there.sparql("SELECT * { ?s ?p }").status == 400
        assert there.get("organisation/none").status == 404
