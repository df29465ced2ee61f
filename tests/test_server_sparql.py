"""The endpoint from outside, as the SPARQL 1.1 Protocol and RFC 9110 have it."""

from __future__ import annotations

import csv
import gzip
import io
import json
import socket
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote, urlencode

import brotli
import pyoxigraph as ox
import pytest
import rdflib
from server_fixture import BASE, Served

from transfergraph.common.namespaces import GRAPH_PREFIXES, SH

FIVE = "SELECT ?s ?p ?o { ?s ?p ?o } ORDER BY ?s ?p ?o LIMIT 5"
GRAPH = "CONSTRUCT { ?s ?p ?o } WHERE { ?s a <https://w3id.org/transfergraph/ontology#Alliance> ; ?p ?o }"
NAMES = "SELECT ?name { ?a <http://www.w3.org/2004/02/skos/core#prefLabel> ?name } ORDER BY ?name"
RESULTS = {
    "application/sparql-results+json": ox.QueryResultsFormat.JSON,
    "application/sparql-results+xml": ox.QueryResultsFormat.XML,
    "text/tab-separated-values": ox.QueryResultsFormat.TSV,
}
GRAPHS = {
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "application/n-quads": ox.RdfFormat.N_QUADS,
    "application/ld+json": ox.RdfFormat.JSON_LD,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
}


def form(**fields: str) -> bytes:
    return urlencode(fields).encode()


@contextmanager
def _listener() -> Iterator[tuple[socket.socket, str]]:
    """A server that nobody should come to."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener, f"http://127.0.0.1:{listener.getsockname()[1]}/"


FORM = {"Content-Type": "application/x-www-form-urlencoded"}
DIRECT = {"Content-Type": "application/sparql-query"}


# SPARQL 1.1 Protocol, section 2.1: three ways to send a query


def test_get_form_and_body_give_the_same_answer(server: Served) -> None:
    by_get = server.sparql(FIVE)
    by_form = server.ask("/sparql", "POST", form(query=FIVE), FORM)
    by_body = server.ask("/sparql", "POST", FIVE.encode(), DIRECT)
    assert [by_get.status, by_form.status, by_body.status] == [200, 200, 200]
    assert by_get.media_type == "application/sparql-results+json"
    assert len(by_get.json["results"]["bindings"]) == 5
    assert by_get.body == by_form.body == by_body.body


def test_head_has_the_header_of_get_and_no_body(server: Served) -> None:
    address = "/sparql?" + urlencode({"query": FIVE})
    get, head = server.ask(address), server.ask(address, "HEAD")
    assert head.status == 200 and head.body == b""
    for name in ("content-type", "content-length", "etag", "vary"):
        assert head.field(name) == get.field(name)


@pytest.mark.parametrize("media_type", RESULTS)
def test_solutions_come_in_each_format(server: Served, media_type: str) -> None:
    answer = server.sparql(FIVE, media_type)
    assert answer.media_type == media_type
    solutions = ox.parse_query_results(answer.body, format=RESULTS[media_type])
    assert isinstance(solutions, ox.QuerySolutions)
    expected = server.sparql(FIVE).json["results"]["bindings"]
    assert [row["s"].value for row in solutions] == [row["s"]["value"] for row in expected]


def test_csv_has_plain_values(server: Served) -> None:
    answer = server.sparql(NAMES, "text/csv")
    assert answer.field("content-type") == "text/csv; charset=utf-8"
    rows = list(csv.reader(io.StringIO(answer.text)))
    assert rows[0] == ["name"]
    assert [row[0] for row in rows[1:]] == [row["name"] for row in server.rows(NAMES)]
    assert "Hochschule für Technik und Wirtschaft Dresden" in {row[0] for row in rows}


@pytest.mark.parametrize(
    ("media_type", "word"), [("application/sparql-results+json", "true"), ("text/csv", "true")]
)
def test_ask_answers_with_a_truth_value(server: Served, media_type: str, word: str) -> None:
    answer = server.sparql("ASK { ?s ?p ?o }", media_type)
    assert answer.media_type == media_type and word in answer.text
    assert server.sparql("ASK { ?s <urn:none> ?o }").json == {"head": {}, "boolean": False}


@pytest.mark.parametrize("media_type", GRAPHS)
def test_graphs_come_in_each_format(server: Served, media_type: str) -> None:
    answer = server.sparql(GRAPH, media_type)
    assert answer.media_type == media_type
    triples = {quad.triple for quad in ox.parse(answer.body, format=GRAPHS[media_type])}
    turtle = {quad.triple for quad in ox.parse(server.sparql(GRAPH).body, format=ox.RdfFormat.TURTLE)}
    assert triples == turtle and len(triples) > 30


def test_describe_answers_with_a_graph(server: Served) -> None:
    answer = server.sparql(f"DESCRIBE <{BASE}organisation/htw-dresden>")
    graph = rdflib.Graph().parse(data=answer.text, format="turtle")
    assert (rdflib.URIRef(f"{BASE}organisation/htw-dresden"), None, None) in graph


# RFC 9110, section 12: what the client likes best


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("*/*", "application/sparql-results+json"),
        ("", "application/sparql-results+json"),
        ("text/*", "text/xml"),
        ("text/csv;q=0.5, application/sparql-results+xml;q=0.8", "application/sparql-results+xml"),
        ("application/sparql-results+xml;q=0.1, */*;q=0.01", "application/sparql-results+xml"),
        ("*/*, application/sparql-results+json;q=0", "application/json"),
        ("application/json", "application/json"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "application/xml"),
        ("TEXT/CSV", "text/csv"),
        ("text/csv;header=present", "text/csv"),
        ("application/sparql-results+json;q=abc, text/csv;q=0.1", "text/csv"),
    ],
)
def test_the_preferred_form_is_sent(server: Served, accept: str, media_type: str) -> None:
    assert server.sparql(FIVE, accept).media_type == media_type


def test_what_is_not_there_is_406_with_a_list(server: Served) -> None:
    answer = server.sparql(FIVE, "image/png")
    assert answer.status == 406 and answer.media_type == "application/problem+json"
    assert set(RESULTS) < set(answer.json["available"])
    assert server.sparql(GRAPH, "text/csv").status == 406


def test_a_parameter_can_name_the_format(server: Served) -> None:
    assert server.sparql(FIVE, format="csv").media_type == "text/csv"
    assert server.sparql(GRAPH, "text/html", format="nt").media_type == "application/n-triples"
    assert server.sparql(FIVE, "text/csv", format="turtle").media_type == "text/csv"
    assert server.sparql(FIVE, format="docx").status == 406


@pytest.mark.parametrize(
    ("wanted", "coding"),
    [("gzip", "gzip"), ("br", "br"), ("gzip;q=0.5, br;q=0.4", "gzip"), ("deflate", None), ("identity", None)],
)
def test_answers_are_compressed_by_negotiation(server: Served, wanted: str, coding: str | None) -> None:
    address = "sparql?" + urlencode({"query": NAMES})
    answer = server.get(address, Accept_Encoding=wanted)
    assert answer.headers["content-encoding"] == coding
    plain = server.get(address).body
    unpack = {"gzip": gzip.decompress, "br": brotli.decompress, None: bytes}[coding]
    assert unpack(answer.body) == plain
    if coding:
        assert len(answer.body) < len(plain) / 2
    assert "accept-encoding" in answer.field("vary").lower()


def test_what_the_client_has_is_not_sent_again(server: Served) -> None:
    address = "sparql?" + urlencode({"query": FIVE})
    first = server.get(address)
    again = server.get(address, If_None_Match=first.field("etag"))
    assert again.status == 304 and again.body == b"" and again.field("etag") == first.field("etag")
    assert server.get(address, If_None_Match='"other", ' + first.field("etag")).status == 304
    assert server.get(address, If_None_Match='"other"').status == 200
    assert server.get(address, If_Modified_Since=first.field("last-modified")).status == 304
    assert server.get(address, If_Modified_Since="Thu, 01 Jan 2015 00:00:00 GMT").status == 200
    assert server.get(address, If_Modified_Since="no date").status == 200
    csv_tag = server.get(address, "text/csv").field("etag")
    assert csv_tag != first.field("etag")


# SPARQL 1.1 Protocol, section 2.1.4: the dataset


def test_the_request_chooses_the_graphs(server: Served) -> None:
    count = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    named = "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }"
    whole = int(server.rows(count)[0]["n"])
    graphs = {row["g"] for row in server.rows(named)}
    assert len(graphs) == 4
    parts = []
    for graph in graphs:
        answer = server.sparql(count, **{"default-graph-uri": graph})
        parts.append(int(answer.json["results"]["bindings"][0]["n"]["value"]))
    assert max(parts) < whole <= sum(parts)
    one = server.sparql(named, **{"named-graph-uri": f"{BASE}graph/derived"})
    assert [row["g"]["value"] for row in one.json["results"]["bindings"]] == [f"{BASE}graph/derived"]
    # named graphs alone leave the default graph empty
    none = server.sparql(count, **{"named-graph-uri": f"{BASE}graph/derived"})
    assert none.json["results"]["bindings"][0]["n"]["value"] == "0"


def test_graphs_of_the_request_go_before_those_of_the_query(server: Served) -> None:
    query = f"SELECT (COUNT(*) AS ?n) FROM <{BASE}graph/saxony> {{ ?s ?p ?o }}"
    derived = f"{BASE}graph/derived"
    by_get = server.sparql(query, **{"default-graph-uri": derived})
    by_body = server.ask(
        "/sparql?" + urlencode({"default-graph-uri": derived}), "POST", query.encode(), DIRECT
    )
    by_form = server.ask("/sparql", "POST", form(query=query, **{"default-graph-uri": derived}), FORM)
    assert by_get.body == by_body.body == by_form.body
    assert by_get.body != server.sparql(query).body


def test_a_graph_that_the_release_does_not_have_is_empty_as_it_is_after_from(server: Served) -> None:
    for graph in ("https://example.org/graph", "file:///etc/passwd"):
        for parameter in ("default-graph-uri", "named-graph-uri"):
            query = "ASK { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }"
            answer = server.sparql(query, **{parameter: graph})
            assert answer.status == 200 and answer.json["boolean"] is False
        assert server.sparql(f"ASK FROM <{graph}> {{ ?s ?p ?o }}").json["boolean"] is False
    answer = server.sparql("ASK { ?s ?p ?o }", **{"default-graph-uri": "no iri"})
    assert answer.status == 400 and "no iri" in answer.json["detail"]


def test_empty_parameters_choose_no_graphs(server: Served) -> None:
    count = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    empty = server.sparql(count, **{"default-graph-uri": "", "named-graph-uri": ""})
    assert empty.status == 200 and empty.body == server.sparql(count).body


def test_the_endpoint_is_there_with_a_slash_too(server: Served) -> None:
    query = "ASK { ?s ?p ?o }"
    assert server.ask("/sparql/?" + urlencode({"query": query})).json["boolean"] is True
    assert server.ask("/sparql/", "POST", query.encode(), DIRECT).json["boolean"] is True


def test_forms_that_clients_ask_for_in_ways_of_their_own(server: Served) -> None:
    query = "SELECT (1 AS ?n) {}"
    csv = server.sparql(query, "text/csv").body
    for name in ("format", "output"):
        assert server.sparql(query, **{name: "csv"}).body == csv
    for accept in ("*", "text/html, image/gif, *; q=.2, */*; q=.2", "text/x-none, *; q=0.2"):
        assert server.sparql(query, accept).status == 200
    assert server.sparql(query, "text/x-none, *; q=0").status == 406


def test_a_byte_order_mark_before_a_query_is_no_part_of_it(server: Served) -> None:
    query = "\ufeffASK { ?s ?p ?o }"
    assert server.sparql(query).json["boolean"] is True
    assert server.ask("/sparql", "POST", query.encode(), DIRECT).json["boolean"] is True
    assert server.ask("/sparql", "POST", form(query=query), FORM).json["boolean"] is True


def test_editors_find_the_prefixes_that_they_ask_for(server: Served) -> None:
    query = """PREFIX sh: <http://www.w3.org/ns/shacl#>
        SELECT ?prefix ?namespace WHERE { [] sh:namespace ?namespace ; sh:prefix ?prefix } ORDER BY ?prefix"""
    found = [(row["prefix"], row["namespace"]) for row in server.rows(query)]
    assert found == sorted(GRAPH_PREFIXES.items())
    declared = "SELECT ?prefix { ?ontology a owl:Ontology ; sh:declare/sh:prefix ?prefix }"
    known = "".join(f"PREFIX {name}: <{namespace}> " for name, namespace in [*found, ("sh", SH)])
    assert len(server.rows(known + declared)) == len(found)


def test_a_relative_iri_without_base_lies_below_the_base_of_the_release(server: Served) -> None:
    for query in (
        "ASK { <organisation/htw-dresden> ?p ?o }",
        "ASK FROM <graph/saxony> { ?s ?p ?o }",
        "ASK { GRAPH <graph/saxony> { ?s ?p ?o } }",
        "BASE <organisation/> ASK { <htw-dresden> ?p ?o }",
    ):
        assert server.sparql(query).json["boolean"] is True
    assert server.sparql("BASE <urn:x:> ASK { <organisation/htw-dresden> ?p ?o }").json["boolean"] is False
    answer = server.sparql("ASK { <http://[> ?p ?o }")
    assert answer.status == 400 and "IRI" in answer.json["detail"]


def test_a_body_of_get_means_nothing_however_long(server: Served) -> None:
    answer = server.ask("/sparql?" + urlencode({"query": "ASK {}"}), "GET", b"x" * 300_000, DIRECT)
    assert answer.status == 200 and answer.json["boolean"] is True


def test_methods_that_nobody_knows_are_refused_with_those_that_there_are(server: Served) -> None:
    for method in ("FOO", "QUERY", "get"):
        answer = server.ask("/sparql", method)
        assert answer.status == 405 and "GET" in answer.field("allow")


# RFC 9457: what went wrong


def test_a_syntax_error_has_its_position(server: Served) -> None:
    answer = server.sparql("SELECT * {\n  ?s ?p }")
    assert answer.status == 400 and answer.media_type == "application/problem+json"
    problem = answer.json
    assert problem["line"] == 2 and problem["status"] == 400 and problem["title"]
    assert "line 2" in problem["detail"]
    assert answer.headers["cache-control"] == "no-store"
    assert "etag" not in answer.headers
    declared = server.sparql("SELECT * { ?s foaf:name ?o }").json
    assert "foaf:" in declared["detail"]


@pytest.mark.parametrize(
    ("method", "address", "body", "headers", "status"),
    [
        ("POST", "/sparql", b"", FORM, 400),
        ("POST", "/sparql", form(query=FIVE) + b"&" + form(query=FIVE), FORM, 400),
        ("GET", "/sparql?" + urlencode({"query": FIVE}) + "&" + urlencode({"query": FIVE}), None, {}, 400),
        ("POST", "/sparql?" + urlencode({"query": FIVE}), FIVE.encode(), DIRECT, 400),
        ("GET", "/sparql?query=%FF%FE", None, {}, 400),
        ("POST", "/sparql", b"ASK { ?s ?p '\xff' }", DIRECT, 400),
        ("POST", "/sparql", FIVE.encode(), {}, 415),
        ("POST", "/sparql", FIVE.encode(), {"Content-Type": "text/plain"}, 415),
        ("POST", "/sparql", FIVE.encode(), {"Content-Type": "multipart/form-data; boundary=x"}, 415),
        (
            "POST",
            "/sparql",
            FIVE.encode("utf-16"),
            {"Content-Type": "application/sparql-query; charset=utf-16"},
            415,
        ),
        ("POST", "/sparql", gzip.compress(FIVE.encode()), {**DIRECT, "Content-Encoding": "gzip"}, 415),
        ("PUT", "/sparql", b"", {}, 405),
        ("DELETE", "/sparql", None, {}, 405),
        ("PATCH", "/sparql", b"", {}, 405),
        ("POST", "/sparql", b"#" * 70_000, DIRECT, 413),
        ("POST", "/sparql", b"#" * 1_000_000, FORM, 413),
        ("GET", "/sparql?" + "&".join(f"p{n}=1" for n in range(300)), None, {}, 400),
    ],
)
def test_requests_that_are_not_as_the_protocol_asks(
    server: Served, method: str, address: str, body: bytes | None, headers: dict[str, str], status: int
) -> None:
    answer = server.ask(address, method, body, headers)
    assert answer.status == status and answer.media_type == "application/problem+json"
    assert answer.json["status"] == status and len(answer.json["detail"]) > 20
    if status == 405:
        assert answer.field("allow") == "GET, HEAD, OPTIONS, POST"


def test_an_address_that_is_too_long_is_414(server: Served) -> None:
    answer = server.ask("/sparql?query=" + "a" * 70_000)
    assert answer.status == 414 and "POST" in answer.text


# Updates, LOAD and SERVICE


UPDATES = (
    "INSERT DATA { <urn:a> <urn:b> <urn:c> }",
    "LOAD <http://127.0.0.1:1/>",
    "DELETE WHERE { ?s ?p ?o }",
    "CLEAR ALL",
    "PREFIX a: <urn:a>\nDROP SILENT ALL",
)


@pytest.mark.parametrize("update", UPDATES)
def test_updates_are_refused_in_every_form(server: Served, update: str) -> None:
    before = server.rows("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
    answers = [
        server.ask("/sparql", "POST", form(update=update), FORM),
        server.ask("/sparql", "POST", update.encode(), {"Content-Type": "application/sparql-update"}),
        server.ask("/sparql?" + urlencode({"update": update})),
        server.sparql(update),
        server.ask("/sparql", "POST", update.encode(), DIRECT),
        server.ask("/sparql", "POST", form(query="ASK {}", update=update), FORM),
    ]
    assert [answer.status for answer in answers] == [403, 403, 403, 400, 400, 403]
    assert server.rows("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }") == before


SERVICES = (
    "SELECT * { SERVICE <URL> { ?s ?p ?o } }",
    "SELECT * { SERVICE SILENT <URL> { ?s ?p ?o } }",
    "SELECT * { service#comment\n<URL> { ?s ?p ?o } }",
    "ASK { FILTER EXISTS { SERVICE <URL> { ?s ?p ?o } } }",
    "SELECT * { VALUES ?u { <URL> } SERVICE ?u { ?s ?p ?o } }",
    "SELECT * { \\u0053ERVICE <URL> { ?s ?p ?o } }",
    "SELECT * { SERVICE <ESCAPED> { ?s ?p ?o } }",
    "CONSTRUCT { ?s ?p ?o } WHERE { { SELECT * { SERVICE <URL> { ?s ?p ?o } } } }",
    "SELECT (EXISTS { SERVICE <URL> { ?s ?p ?o } } AS ?x) {}",
    "SELECT * { ?s ?p ?o FILTER(trueSERVICE<URL>{?a ?b ?c}) }",
)


@pytest.mark.parametrize("query", SERVICES)
def test_no_query_reaches_another_server(server: Served, query: str) -> None:
    with _listener() as (listener, url):
        escaped = "".join(f"\\u{ord(c):04x}" if c in "hp1" else c for c in url)
        answer = server.sparql(query.replace("URL", url).replace("ESCAPED", escaped))
        assert answer.status == 400, answer.text
        listener.settimeout(0.2)
        with pytest.raises(TimeoutError):
            listener.accept()


def test_the_word_service_is_allowed_in_texts(server: Served) -> None:
    answer = server.sparql(
        "SELECT ?service { VALUES ?service { 'SERVICE <http://a/> {}' } } # SERVICE <http://b/>"
    )
    assert answer.status == 200 and len(answer.json["results"]["bindings"]) == 1


# SPARQL 1.2, as far as Oxigraph goes


def test_triple_terms_and_directions(server: Served) -> None:
    query = """PREFIX : <urn:x:> SELECT ?t ?l ?o {
      VALUES (?t ?l) { (<<( :s :p "o" )>> "مرحبا"@ar--rtl) } BIND(OBJECT(?t) AS ?o) }"""
    row = server.sparql(query).json["results"]["bindings"][0]
    assert row["t"]["type"] == "triple" and row["t"]["value"]["subject"]["value"] == "urn:x:s"
    assert row["l"]["its:dir"] == "rtl" and row["o"]["value"] == "o"
    assert '<<( <urn:x:s> <urn:x:p> "o" )>>' in server.sparql(query, "text/tab-separated-values").text


# What is announced


def test_the_endpoint_describes_itself(server: Served) -> None:
    answer = server.get("sparql", "text/turtle")
    graph = rdflib.Graph().parse(data=answer.text, format="turtle")
    sd = rdflib.Namespace("http://www.w3.org/ns/sparql-service-description#")
    service = graph.value(None, sd.endpoint, rdflib.URIRef(server.url + "sparql"))
    assert (service, rdflib.RDF.type, sd.Service) in graph
    assert (service, sd.feature, sd.UnionDefaultGraph) in graph
    names = {str(name) for name in graph.objects(None, sd.name)}
    assert names == {f"{BASE}graph/{name}" for name in ("saxony", "derived", "vocabulary", "description")}
    schema = rdflib.Namespace("https://schema.org/")
    limits = {int(str(value)) for value in graph.objects(None, schema.value)}
    assert limits == {10, 1000, 64}
    assert not any(isinstance(term, rdflib.BNode) for triple in graph for term in triple)
    rdf_xml = server.get("sparql", "application/rdf+xml")
    assert rdflib.Graph().parse(data=rdf_xml.text, format="xml").isomorphic(graph)


def test_every_origin_may_ask(server: Served) -> None:
    preflight = server.ask(
        "/sparql",
        "OPTIONS",
        headers={
            "Origin": "https://example.org",
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "content-type, accept",
        },
    )
    assert preflight.status == 204 and preflight.body == b""
    assert preflight.field("access-control-allow-origin") == "*"
    assert "POST" in preflight.field("access-control-allow-methods")
    assert "content-type" in preflight.field("access-control-allow-headers").lower()
    for answer in (server.sparql(FIVE), server.sparql("nonsense"), server.get("nothing/here")):
        assert answer.field("access-control-allow-origin") == "*"
        assert answer.field("x-content-type-options") == "nosniff"
        assert "server" not in answer.headers and "x-powered-by" not in answer.headers
        assert "unsafe" not in answer.field("content-security-policy")


# Limits, which are never silent


MANY = "SELECT ?s ?p ?o ?t { ?s ?p ?o . BIND(STR(?s) AS ?t) }"


def test_a_cut_result_stays_valid_and_says_so(server: Served) -> None:
    as_json = server.sparql(MANY)
    assert as_json.status == 200 and as_json.field("transfergraph-limits").startswith("rows=1000,")
    assert len(as_json.json["results"]["bindings"]) == 1000
    assert as_json.json["cut"]["limit"] == "rows" and as_json.json["cut"]["rows"] == 1000
    as_xml = server.sparql(MANY, "application/sparql-results+xml")
    results = ET.fromstring(as_xml.text)
    assert len(results.findall(".//{http://www.w3.org/2005/sparql-results#}result")) == 1000
    assert "cut after 1000 rows" in as_xml.text
    as_csv = list(csv.reader(io.StringIO(server.sparql(MANY, "text/csv").text)))
    assert len(as_csv) == 1002 and as_csv[-1][0].startswith("This answer was cut after 1000 rows")
    assert {len(row) for row in as_csv} == {4}
    as_tsv = server.sparql(MANY, "text/tab-separated-values").text.splitlines()
    assert len(as_tsv) == 1002 and "cut after 1000 rows" in as_tsv[-1]
    turtle = server.sparql("CONSTRUCT WHERE { ?s ?p ?o }", "text/turtle").text
    assert "cut after 1000 rows" in turtle
    assert len(list(ox.parse(turtle, format=ox.RdfFormat.TURTLE))) == 1000
    as_jsonld = server.sparql("CONSTRUCT WHERE { ?s ?p ?o }", "application/ld+json")
    assert as_jsonld.field("transfergraph-cut") == "rows"
    assert len(list(ox.parse(as_jsonld.body, format=ox.RdfFormat.JSON_LD))) == 1000


def test_a_whole_result_says_nothing_of_a_cut(server: Served) -> None:
    exactly = server.sparql(MANY + " LIMIT 1000")
    assert len(exactly.json["results"]["bindings"]) == 1000
    assert "cut" not in exactly.json and "transfergraph-cut" not in exactly.headers


def test_addresses_are_read_with_care(server: Served) -> None:
    encoded = "/sparql?query=" + quote("ASK { FILTER('ä%/+&=#' = 'ä%/+&=#') }", safe="")
    assert server.ask(encoded).json["boolean"] is True
    plus = server.ask("/sparql?query=ASK+%7B+FILTER(%22a+b%22%3D%22a%20b%22)+%7D")
    assert plus.json["boolean"] is True


def test_the_log_tells_nothing_about_persons(server: Served) -> None:
    server.ask(
        "/sparql?" + urlencode({"query": "ASK { <urn:secret> ?p ?o }"}),
        headers={"X-Forwarded-For": "203.0.113.77"},
    )
    server.ask("/health", headers={"X-Forwarded-For": "2001:db8:1234:5678::9"})
    lines = server.lines(lambda found: any(line["client"] == "2001:db8:1234::" for line in found))
    text = json.dumps(lines)
    assert "secret" not in text and "203.0.113.77" not in text and ":5678" not in text
    assert {"203.0.113.0", "2001:db8:1234::"} <= {line["client"] for line in lines}
    assert all(line["milliseconds"] >= 0 and line["status"] for line in lines)


def test_answers_are_kept_until_the_next_release(server: Served) -> None:
    hits = 'transfergraph_cache_requests_total{outcome="hit"}'
    query = "SELECT ?kept { ?kept ?p ?o } LIMIT 3"
    first, before = server.sparql(query), server.metrics()[hits]
    assert server.sparql(query).body == first.body
    assert server.metrics()[hits] == before + 1
    assert server.sparql(query, "text/csv").body != first.body
    assert server.metrics()[hits] == before + 1
