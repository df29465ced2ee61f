"""Everything on another SPARQL server: ``--store URL``."""

from __future__ import annotations

import gzip
import subprocess
import sys
from pathlib import Path

import fuseki
import networkx as nx
import pytest
from server_fixture import BASE, HTW, Served, limited, served, small_limits
from typer.testing import CliRunner

import transfergraph as tg
from transfergraph import StoreError
from transfergraph.cli.app import app

runner = CliRunner()

PATHS = (
    f"{HTW}.ttl",
    f"{HTW}.nt",
    f"{HTW}.de.html",
    "undertaking/recomine.en.html",
    "place/freiberg.ttl",
    "organisations/index.de.html",
    "questions/partners-of.json?organisation=hszg",
    "questions/bridges-between-alliances.csv",
    "questions/running-in-year.html?year=2021",
    "sitemap.xml",
    "index.en.html",
)


@pytest.fixture(scope="module")
def graph(saxon_builds: Path) -> bytes:
    return gzip.decompress((saxon_builds / "current" / "data" / "graph.nq.gz").read_bytes())


@pytest.fixture(scope="module")
def fuseki_address(fuseki_server: str, graph: bytes) -> str:
    fuseki.load(fuseki_server, "union", graph)
    fuseki.load(fuseki_server, "plain", graph)
    return fuseki_server


def compare(other: Served, server: Served) -> None:
    """Pages, questions and queries are the same on both."""
    for path in PATHS:
        ours, theirs = server.get(path), other.get(path)
        assert (theirs.status, theirs.media_type) == (200, ours.media_type), (path, theirs.text[:300])
        assert theirs.text.replace(other.url, server.url) == ours.text, path
    assert other.get(HTW, "text/turtle").status == 303
    assert other.get("organisation/none").status == 404
    query = f"SELECT ?p ?o {{ <{BASE}{HTW}> ?p ?o }} ORDER BY ?p STR(?o)"
    assert other.rows(query) == server.rows(query)
    assert other.sparql("ASK { ?s ?p ?o }").json["boolean"] is True
    assert (
        other.sparql("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o } LIMIT 3", "application/n-triples").text.count(
            "\n"
        )
        == 3
    )
    assert other.sparql("SELECT * { ?s ?p }").status == 400
    assert other.sparql("INSERT DATA { <urn:a> <urn:b> <urn:c> }").status == 400
    cut = other.sparql("SELECT * { ?s ?p ?o }")
    assert cut.status == 200, cut.text
    assert len(cut.json["results"]["bindings"]) == 1000 and cut.field("transfergraph-cut") == "rows"


def test_everything_works_on_fuseki(
    fuseki_address: str, server: Served, saxon_builds: Path, tmp_path: Path
) -> None:
    workspace = small_limits(tmp_path / "workspace", time_seconds=20)
    with served(limited(saxon_builds, workspace), workspace, "--store", f"{fuseki_address}/union") as other:
        compare(other, server)


def test_everything_works_on_another_server_of_ours(
    server: Served, saxon_builds: Path, tmp_path: Path
) -> None:
    first, second = (
        small_limits(tmp_path / "first", rows=100_000, time_seconds=20),
        small_limits(tmp_path / "second", time_seconds=20),
    )
    with (
        served(limited(saxon_builds, first), first) as holder,
        served(limited(saxon_builds, second), second, "--store", f"{holder.url}sparql") as other,
    ):
        compare(other, server)


def start(saxon_builds: Path, workspace: Path, store: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "transfergraph", "serve", "--port", "0", "--store", store]
    command += ["--workspace", str(workspace), "--output", str(saxon_builds)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def test_a_server_whose_default_graph_is_another_is_told_so(
    fuseki_address: str, saxon_builds: Path, tmp_path: Path
) -> None:
    done = start(saxon_builds, small_limits(tmp_path / "workspace"), f"{fuseki_address}/plain")
    assert done.returncode == 4 and "union" in done.stderr and fuseki_address in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_store_that_is_not_there_is_named(saxon_builds: Path, tmp_path: Path) -> None:
    workspace = small_limits(tmp_path / "workspace")
    done = start(saxon_builds, workspace, "http://127.0.0.1:1/sparql")
    assert (
        done.returncode == 4 and "http://127.0.0.1:1/sparql" in done.stderr and "Traceback" not in done.stderr
    )
    done = start(saxon_builds, workspace, "ftp://example.org/")
    assert done.returncode == 4 and "ftp://example.org/" in done.stderr


def test_a_store_that_fails_later_is_said_to_have_failed(saxon_builds: Path, tmp_path: Path) -> None:
    first, second = small_limits(tmp_path / "first", rows=100_000), small_limits(tmp_path / "second")
    with served(limited(saxon_builds, first), first) as holder:
        url = f"{holder.url}sparql"
        context = served(limited(saxon_builds, second), second, "--store", url)
        other = context.__enter__()
    try:
        answer = other.sparql("ASK { ?s ?p ?o } # fresh")
        assert answer.status == 503 and answer.field("retry-after") and url in answer.json["detail"]
        assert other.get("health").status == 200
    finally:
        context.__exit__(None, None, None)


def test_questions_queries_network_and_validation_run_on_another_server(
    fuseki_address: str, saxon_builds: Path, tmp_path: Path
) -> None:
    url = f"{fuseki_address}/union"
    here, there = tg.open(saxon_builds), tg.open(saxon_builds, store=url)
    partners = here.question("partners-of", organisation="hszg")
    assert there.question("partners-of", organisation="hszg") == partners
    assert there.sparql("ASK { ?s a <urn:none> }") == here.sparql("ASK { ?s a <urn:none> }")
    assert nx.utils.graphs_equal(there.network(), here.network())
    workspace = small_limits(tmp_path / "workspace")
    # stores write decimals differently (57056 and 57056.0), so texts are not compared
    found = [
        [(one.severity, one.code, one.place, one.focus, one.path, one.shape) for one in report.findings]
        for report in (tg.check(workspace, tmp_path / "scratch", store_url=at) for at in (url, None))
    ]
    assert found[0] == found[1] and len(found[0]) > 20
    shown = runner.invoke(
        app, ["query", "alliances", "--release", str(saxon_builds), "--store", url, "-f", "csv"]
    )
    expected = runner.invoke(app, ["query", "alliances", "--release", str(saxon_builds), "-f", "csv"])
    assert shown.exit_code == 0 and shown.stdout == expected.stdout and "recomine" in shown.stdout
    with pytest.raises(StoreError, match="union"):
        tg.open(saxon_builds, store=f"{fuseki_address}/plain").sparql("ASK {}")


def test_the_workspace_may_name_the_server(server: Served, saxon_builds: Path, tmp_path: Path) -> None:
    workspace = small_limits(tmp_path / "workspace")
    with (workspace / "transfergraph.toml").open("a", encoding="utf-8") as file:
        file.write(f'store = "{server.url}sparql"\n')
    with served(limited(saxon_builds, workspace), workspace) as other:
        before = server.metrics()['transfergraph_requests_total{kind="sparql",status="200"}']
        assert other.get(f"{HTW}.nt").body == server.get(f"{HTW}.nt").body
        after = server.metrics()['transfergraph_requests_total{kind="sparql",status="200"}']
        assert after > before
