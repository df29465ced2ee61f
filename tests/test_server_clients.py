"""Clients that people really use, run for real against a server of the curated data."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pandas
import pyoxigraph as ox
import pytest
import rdflib
from browser import chromium
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from rdflib.query import ResultRow
from server_fixture import BASE, HTW, Served
from SPARQLWrapper import CSV, GET, JSON, POST, POSTDIRECTLY, RDFXML, TURTLE, URLENCODED, XML, SPARQLWrapper
from workspaces import REPOSITORY

PEERS = REPOSITORY / ".tools" / "sparql"
LABELS = (
    "SELECT ?label { ?a <http://www.w3.org/2004/02/skos/core#prefLabel> ?label } ORDER BY ?label LIMIT 20"
)
ALLIANCES = """PREFIX tg: <https://w3id.org/transfergraph/ontology#> PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?alliance ?label { ?alliance a tg:Alliance ; skos:prefLabel ?label FILTER(LANG(?label) = "de") } ORDER BY ?label"""
CONSTRUCT = "CONSTRUCT { ?s ?p ?o } WHERE { ?s a <https://w3id.org/transfergraph/ontology#Alliance> ; ?p ?o }"


@pytest.fixture(autouse=True)
def closed_answers() -> None:
    """Clients of others close what they open or, as rdflib does, leave it."""


def wrapper(server: Served, query: str, form: str) -> SPARQLWrapper:
    client = SPARQLWrapper(f"{server.url}sparql")
    client.setReturnFormat(form)
    client.setQuery(query)
    return client


def answered(client: SPARQLWrapper) -> Any:
    """What the client makes of the answer: its type depends on the format."""
    return client.query().convert()


@pytest.mark.parametrize(("method", "sending"), [(GET, URLENCODED), (POST, URLENCODED), (POST, POSTDIRECTLY)])
def test_sparqlwrapper_sends_in_each_way(server: Served, method: str, sending: str) -> None:
    client = wrapper(server, ALLIANCES, JSON)
    client.setMethod(method)
    client.setRequestMethod(sending)
    rows = answered(client)["results"]["bindings"]
    assert [row["label"]["value"] for row in rows] == [row["label"] for row in server.rows(ALLIANCES)]
    assert len(rows) == 5


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")
def test_sparqlwrapper_takes_each_form(server: Served) -> None:
    assert len(answered(wrapper(server, LABELS, XML)).getElementsByTagName("result")) == 20
    assert answered(wrapper(server, LABELS, CSV)).count(b"\r\n") == 21
    assert answered(wrapper(server, "ASK { ?s ?p ?o }", JSON))["boolean"] is True
    graph = set(answered(wrapper(server, CONSTRUCT, RDFXML)))
    client = wrapper(server, CONSTRUCT, TURTLE)
    assert set(rdflib.Graph().parse(data=answered(client), format="turtle")) == graph and len(graph) > 20
    client.setOnlyConneg(True)
    assert set(rdflib.Graph().parse(data=answered(client), format="turtle")) == graph


def test_rdflib_asks_and_follows(server: Served) -> None:
    graph = rdflib.Graph(SPARQLStore(f"{server.url}sparql"))
    rows = [str(row[1]) for row in graph.query(ALLIANCES) if isinstance(row, ResultRow)]
    assert rows == [row["label"] for row in server.rows(ALLIANCES)]
    here = rdflib.URIRef(BASE + HTW)
    assert len(list(graph.triples((here, rdflib.SKOS.prefLabel, None)))) == 2
    assert (here, rdflib.RDF.type, None) in graph
    document = rdflib.Graph().parse(f"{server.url}{HTW}")
    assert (here, rdflib.SKOS.prefLabel, None) in document


def test_pandas_reads_addresses(server: Served) -> None:
    frame = pandas.read_csv(f"{server.url}sparql?" + urlencode({"query": ALLIANCES, "format": "csv"}))
    assert list(frame.columns) == ["alliance", "label"] and len(frame) == 5
    partners = pandas.read_csv(f"{server.url}questions/partners-of.csv?organisation=htw-dresden")
    assert len(partners) > 5 and "partner_en" in partners.columns
    book = pandas.read_excel(
        f"{server.url}questions/partners-of.xlsx?organisation=htw-dresden", engine="openpyxl"
    )
    assert len(book) == len(partners) and "Partner" in book.columns
    assert set(book["Partner"]) == set(partners["partner_de"])  # who names no language gets the first
    projects = pandas.read_csv(f"{server.url}data/tables/saxony/projects.csv")
    source = pandas.read_csv(Path(__file__).parent.parent / "data" / "saxony" / "projects.csv")
    assert len(projects) == len(source) > 20


def curl(*arguments: str) -> str:
    program = shutil.which("curl")
    if program is None:
        pytest.skip("curl is not installed")
    done = subprocess.run([program, "-sS", *arguments], capture_output=True, timeout=30, check=True)
    return done.stdout.decode("utf-8")


def test_curl(server: Served, tmp_path: Path) -> None:
    entity = server.url + HTW
    turtle = curl("-L", "-H", "Accept: text/turtle", entity)
    assert len(rdflib.Graph().parse(data=turtle, format="turtle")) > 20
    assert "<html" in curl("-L", entity)
    assert curl("-o", os.devnull, "-w", "%{http_code} %{redirect_url}", entity) == f"303 {entity}.html"
    assert curl("--compressed", f"{entity}.ttl") == curl(f"{entity}.ttl")
    rows = curl("--data-urlencode", f"query={ALLIANCES}", "-H", "Accept: text/csv", f"{server.url}sparql")
    assert rows.count("\r\n") == 6
    sent = curl(
        "-H", "Content-Type: application/sparql-query", "--data-binary", ALLIANCES, f"{server.url}sparql"
    )
    assert len(json.loads(sent)["results"]["bindings"]) == 5
    target = tmp_path / "graph.nt.gz"
    curl("-r", "0-999", "-o", str(target), f"{server.url}data/graph.nt.gz")
    assert target.stat().st_size == 1000
    curl("-C", "-", "-o", str(target), f"{server.url}data/graph.nt.gz")
    assert target.read_bytes() == server.get("data/graph.nt.gz").body


def comunica(query: str, *sources: str) -> list[dict[str, str]]:
    node = shutil.which("node")
    if node is None or not (PEERS / "node_modules" / "@comunica").is_dir():
        pytest.skip("Comunica is not installed: run `make peers` (needs Node.js)")
    script = str(REPOSITORY / "tests" / "peers" / "sparql" / "comunica.mjs")
    done = subprocess.run(
        [node, script, query, *sources],
        env={**os.environ, "PEERS": str(PEERS)},
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    rows: list[dict[str, str]] = json.loads(done.stdout)
    return rows


def test_comunica_asks_the_endpoint(server: Served) -> None:
    assert comunica(ALLIANCES, f"{server.url}sparql") == server.rows(ALLIANCES)


def test_comunica_reads_documents(server: Served) -> None:
    query = f"SELECT ?name {{ <{BASE}{HTW}> <http://www.w3.org/2004/02/skos/core#prefLabel> ?name }}"
    names = {row["name"] for row in comunica(query, server.url + HTW)}
    assert names == {row["name"] for row in server.rows(query)}


def test_yasgui_asks_from_a_page_of_another_origin(server: Served, tmp_path: Path) -> None:
    build = PEERS / "node_modules" / "@triply" / "yasgui" / "build"
    if not build.is_dir():
        pytest.skip("YASGUI is not installed: run `make peers` (needs Node.js)")
    page_file = tmp_path / "editor.html"
    page_file.write_text(
        f"""<!doctype html><meta charset="utf-8"><title>Editor</title>
<link rel="stylesheet" href="{(build / "yasgui.min.css").as_uri()}">
<div id="editor"></div><script src="{(build / "yasgui.min.js").as_uri()}"></script>
<script>
  window.yasgui = new Yasgui(document.getElementById("editor"),
    {{ requestConfig: {{ endpoint: "{server.url}sparql" }}, persistenceId: null, copyEndpointOnNewTab: false }});
</script>""",
        encoding="utf-8",
    )
    with chromium() as browser:
        page = browser.new_page()
        page.goto(page_file.as_uri())
        answer = page.evaluate(
            """async query => {
              const tab = window.yasgui.getTab();
              tab.setQuery(query);
              const done = new Promise((ok, no) => {
                tab.yasqe.on("queryResponse", (_, response) => ok(response));
              });
              tab.yasqe.query();
              const response = await done;
              return { status: response.status, body: response.text, error: String(response.message || "") };
            }""",
            ALLIANCES,
        )
        page.wait_for_selector(".yasr table", timeout=10_000)
        shown = page.inner_text(".yasr")
        failing = page.evaluate(
            """async url => {
              const response = await fetch(url + "?query=nonsense");
              return [response.status, (await response.json()).detail];
            }""",
            f"{server.url}sparql",
        )
        page.close()
    assert answer["status"] == 200 and len(json.loads(answer["body"])["results"]["bindings"]) == 5
    assert "recomine" in shown and "Saxony5" in shown
    assert failing[0] == 400 and "SELECT" in failing[1]


FEDERATED = """PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?iri ?label {{ VALUES ?iri {{ <{iri}> }} SERVICE <{url}sparql> {{ ?iri skos:prefLabel ?label }} }} ORDER BY ?label"""


def test_oxigraph_asks_us_with_service(server: Served) -> None:
    rows = ox.Store().query(FEDERATED.format(iri=BASE + HTW, url=server.url))
    assert isinstance(rows, ox.QuerySolutions)
    assert [row["label"].value for row in rows] == [
        "HTW Dresden – University of Applied Sciences",
        "Hochschule für Technik und Wirtschaft Dresden",
    ]


def test_jena_asks_us_with_service(server: Served, fuseki_server: str) -> None:
    query = FEDERATED.format(iri=BASE + HTW, url=server.url)
    headers = {"Content-Type": "application/sparql-query", "Accept": "application/sparql-results+json"}
    with urlopen(Request(f"{fuseki_server}/union", query.encode(), headers), timeout=60) as response:
        rows = json.load(response)["results"]["bindings"]
    assert sorted(row["label"]["value"] for row in rows) == [
        "HTW Dresden – University of Applied Sciences",
        "Hochschule für Technik und Wirtschaft Dresden",
    ]
