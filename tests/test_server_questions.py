"""The saved questions as an interface: lists, answers in each form, parameters, OpenAPI, SHACL."""

from __future__ import annotations

import csv
import gzip
import html
import io
import subprocess
import sys
from collections import Counter
from urllib.parse import quote

import jsonschema
import openpyxl
import pyoxigraph as ox
import pytest
import rdflib
from pages_fixture import SITE
from rdflib.query import ResultRow
from server_fixture import BASE, Served

import transfergraph as tg
from transfergraph.common.namespaces import TYPE
from transfergraph.queries import Answer
from transfergraph.store import Term
from transfergraph.web.answer_workbook import answer_workbook

SH = rdflib.Namespace("http://www.w3.org/ns/shacl#")
PARTNERS = "questions/partners-of?organisation=htw-dresden"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


def test_the_list(server: Served, saxony: tg.Release) -> None:
    listed = server.get("questions/").json
    assert [one["name"] for one in listed["questions"]] == [one.name for one in saxony.questions]
    assert listed["release"] == saxony.manifest.id
    for one in listed["questions"]:
        assert one["summary"]["de"] and one["summary"]["en"]
        assert server.get(one["url"].removeprefix(server.url)).status == 200
    page = server.get("questions/", BROWSER, Accept_Language="en")
    assert page.media_type == "text/html" and page.field("content-language") == "en"
    assert "partners-of" in page.text
    assert server.get("questions").field("location") == f"{server.url}questions/"
    assert server.get("questions/index.de.html").status == 200


@pytest.mark.parametrize(
    ("accept", "ending", "media_type"),
    [
        (None, "", "application/json"),
        ("*/*", "", "application/json"),
        (BROWSER, "", "text/html"),
        ("text/csv", "", "text/csv"),
        ("application/sparql-results+json", "", "application/sparql-results+json"),
        ("application/sparql-results+xml", "", "application/sparql-results+xml"),
        (
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            "",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ),
        ("text/html", ".csv", "text/csv"),
        ("text/html", ".json", "application/json"),
        ("text/html", ".srj", "application/sparql-results+json"),
        ("text/html", ".tsv", "text/tab-separated-values"),
        ("text/csv", ".en.html", "text/html"),
        (None, ".rq", "application/sparql-query"),
    ],
)
def test_answers_come_in_each_form(server: Served, accept: str | None, ending: str, media_type: str) -> None:
    answer = server.get(f"questions/partners-of{ending}?organisation=htw-dresden", accept)
    assert answer.status == 200 and answer.media_type == media_type
    assert b"fraunhofer" in answer.body.lower() or media_type.endswith(("sheet", "query"))
    link = answer.field("link")
    assert f'<{server.url}questions/partners-of.rq?organisation=htw-dresden>; rel="describedby"' in link
    assert f'<{server.url}manifest.json>; rel="describedby"; type="application/json"' in link
    assert 'rel="cite-as"' in link and 'rel="license"' in link


def test_all_forms_have_the_same_rows(server: Served, saxony: tg.Release) -> None:
    expected = saxony.question("partners-of", organisation="hszg")
    assert isinstance(expected, Answer)
    rows = list(csv.DictReader(io.StringIO(expected.write("csv"))))
    address = "questions/partners-of{}?organisation=hszg"
    as_json = server.get(address.format(".json")).json
    assert [{k: "" if v is None else str(v) for k, v in row.items()} for row in as_json["rows"]] == rows
    assert list(csv.DictReader(io.StringIO(server.get(address.format(".csv")).text))) == rows
    book = openpyxl.load_workbook(io.BytesIO(server.get(address.format(".xlsx")).body))
    _, *lines = book.worksheets[0].iter_rows(values_only=True)
    assert len(lines) == len(rows)
    solutions = server.get(address.format(".srj")).json["results"]["bindings"]
    assert [{name: term["value"] for name, term in row.items()} for row in solutions] == [
        {name: value for name, value in row.items() if value} for row in rows
    ]


@pytest.mark.parametrize(
    ("language", "sheets", "header", "about"),
    [
        ("de", ["Antwort", "Über diese Antwort"], ["Partner", "Vorhaben", "Rolle", "Seit", "Bis", "Gemeinsame Vorhaben", "Programm", "Partner (IRI)", "Vorhaben (IRI)", "Programm (IRI)"], ["Frage", "Lizenz der Daten"]),
        ("en", ["Answer", "About this answer"], ["Partner", "Undertaking", "Role", "Since", "Until", "Undertakings in common", "Programme", "Partner (IRI)", "Undertaking (IRI)", "Programme (IRI)"], ["Question", "Licence of the data"]),
    ],
)  # fmt: skip
def test_a_workbook_of_an_answer_speaks_the_language_of_the_page(
    server: Served, saxony: tg.Release, language: str, sheets: list[str], header: list[str], about: list[str]
) -> None:
    page = server.get(f"questions/partners-of.{language}.html?organisation=hszg", BROWSER).text
    address = f"questions/partners-of.xlsx?organisation=hszg&language={language}"
    assert html.escape(address.partition("/")[2]) in page
    answer = server.get(address)
    assert answer.field("content-language") == language
    book = openpyxl.load_workbook(io.BytesIO(answer.body))
    assert book.sheetnames == sheets
    first, *lines = book.worksheets[0].iter_rows(values_only=True)
    assert list(first) == header
    expected = saxony.question("partners-of", organisation="hszg")
    assert isinstance(expected, Answer)
    rows = list(csv.DictReader(io.StringIO(expected.write("csv"))))
    assert [tuple(line[at] for at in (0, 1, 2, 7, 8)) for line in lines] == [
        (
            *(row[f"{one}_{language}"] for one in ("partner", "undertaking", "role")),
            row["partner"],
            row["undertaking"],
        )
        for row in rows
    ]
    told = {row[0]: row[1] for row in book.worksheets[1].iter_rows(values_only=True)}
    assert set(about) <= told.keys() and saxony.manifest.id in told.values() and "hszg" in told.values()
    assert any("VALUES ?organisation" in str(value) for value in told.values())


def test_an_answer_can_be_cited_and_asked_again(server: Served, saxony: tg.Release) -> None:
    answer = server.get(PARTNERS).json
    assert answer["release"] == saxony.manifest.id and answer["citation"] == saxony.citation
    assert answer["parameters"] == {"organisation": ["htw-dresden"]} and answer["cut"] is False
    query = server.get("questions/partners-of.rq?organisation=htw-dresden").text
    again = server.sparql(query).json["results"]["bindings"]
    assert [row["partner"]["value"] for row in again] == [row["partner"] for row in answer["rows"]]


def test_parameters_are_typed_and_checked(server: Served) -> None:
    for address, words in (
        ("partners-of?organisation=htw-dresdn", ("htw-dresden",)),
        ("partners-of?organization=htw-dresden", ("organization", "organisation")),
        ("running-in-year?year=21", ("year", "21")),
        ("running-in-year?year=2021%22%20%7D", ("year",)),
        ("alliances?x=1", ("“x”",)),
    ):
        answer = server.get(f"questions/{address}")
        assert answer.status == 400 and answer.media_type == "application/problem+json"
        assert all(word in answer.json["detail"] for word in words), answer.json
        page = server.get(f"questions/{address}", BROWSER)
        assert page.status == 400 and page.media_type == "text/html"
        assert server.get(f"questions/{address.replace('?', '.csv?')}").status == 400
    assert server.get("questions/none").status == 404
    assert server.get("questions/partners-of.docx").status == 404
    assert server.get(PARTNERS, "image/png").status == 406


@pytest.mark.parametrize(
    ("address", "german", "english", "name"),
    [
        (
            "partners-of.{}.html?organisation=htw-dresdn",
            "Von „htw-dresdn“ ist nichts bekannt (die Organisation, deren Partner gesucht sind). Ähnlich: htw",
            "Nothing is known of “htw-dresdn” (the organisation whose partners are wanted). Near it: htw",
            "organisation",
        ),
        (
            "running-in-year.{}.html?year=21",
            "Nötig ist ein Jahr wie 2021, nicht „21“ (das Jahr)",
            "A year such as 2021 is needed, not “21” (the year)",
            "year",
        ),
        (
            "topic-near-place.{}.html?kilometres=x",
            "Nötig ist eine ganze Zahl, nicht „x“ (Entfernung in Kilometern)",
            "A whole number is needed, not “x” (distance in kilometres)",
            "kilometres",
        ),
    ],
)
def test_a_page_calls_a_parameter_as_its_form_does(
    server: Served, address: str, german: str, english: str, name: str
) -> None:
    for language, words in (("de", german), ("en", english)):
        page = html.unescape(server.get("questions/" + address.format(language)).text)
        assert words in page.partition('role="alert"')[2]
        told = server.get("questions/" + address.format(language).replace(f".{language}.html", ".json")).json[
            "detail"
        ]
        assert f"({name})" in told  # programs give it by that name


def test_the_citation_is_in_the_language_of_page_and_workbook(server: Served, saxony: tg.Release) -> None:
    german = saxony.citation.replace(saxony.manifest.title.english, saxony.manifest.title.in_language("de"))
    german = german.replace(", release ", ", Release ").replace("Licence: ", "Lizenz: ")
    assert german != saxony.citation
    for language, citation in (("de", german), ("en", saxony.citation)):
        for path in ("questions/partners-of", "questions/alliances", "download"):
            page = html.unescape(server.get(f"{path}.{language}.html").text)
            assert f'<dd class="citation">{citation}</dd>' in page, path
        for path, sheet in (("questions/alliances.xlsx", 1), ("organisations/index.xlsx", 1)):
            answer = server.get(f"{path}?language={language}")
            book = openpyxl.load_workbook(io.BytesIO(answer.body))
            told = [value for row in book.worksheets[sheet].iter_rows(values_only=True) for value in row]
            assert citation in told, path


def test_values_are_terms_and_never_text_of_the_query(server: Served) -> None:
    for value in ('x" } } #', "'", '"""', "\\", "${jndi:ldap://x}", "ä'\n\"", "%", "<script>"):
        answer = server.get("questions/find-organisation?name=" + quote(value, safe=""))
        assert answer.status == 200 and answer.json["rows"] == [], value
    several = server.get("questions/partners-of?organisation=hszg&organisation=htw-dresden").json
    assert several["parameters"]["organisation"] == ["hszg", "htw-dresden"]
    whole = server.get(
        "questions/partners-of?organisation=" + quote(f"{BASE}organisation/hszg", safe="")
    ).json
    assert whole["rows"] == server.get("questions/partners-of?organisation=hszg").json["rows"]


def test_the_page_shows_and_opens_the_query_that_was_asked(server: Served) -> None:
    page = server.get("questions/partners-of.en.html?organisation=hszg").text
    shown = page[page.index("VALUES") :]
    assert "organisation/hszg" in shown and page.count("organisation%2Fhszg") >= 1
    example = server.get("questions/partners-of.en.html").text
    assert "organisation/hszg&gt;" not in example


def test_a_form_asks_for_the_parameters(server: Served) -> None:
    page = server.get("questions/partners-of.de.html").text
    assert "<form" in page and 'name="organisation"' in page and page.count("<script>") == 0


def test_the_interface_is_described(server: Served) -> None:
    answer = server.get("questions/openapi.json")
    assert answer.media_type == "application/vnd.oai.openapi+json"
    api = answer.json
    assert api["openapi"] == "3.1.0" and api["servers"] == [{"url": server.url}]
    negotiated = server.get("questions/", "application/vnd.oai.openapi+json")
    assert (negotiated.status, negotiated.field("location")) == (
        303,
        f"{server.url}questions/openapi.json",
    )
    schema = {**api["components"]["schemas"]["Answer"], "components": api["components"]}
    for path, item in api["paths"].items():
        operation = item["get"]
        address = path.removeprefix("/")
        example = "&".join(f"{p['name']}={quote(str(p['example'][0]))}" for p in operation["parameters"])
        reply = server.get(f"{address}?{example}" if example else address)
        assert reply.status == 200, path
        jsonschema.validate(reply.json, schema)
        for parameter in operation["parameters"]:
            jsonschema.validate(parameter["example"], parameter["schema"])
        assert {"200", "400", "503"} <= operation["responses"].keys()
        assert "text/csv" in operation["responses"]["200"]["content"]


def test_the_questions_are_published_as_executables(server: Served, saxony: tg.Release) -> None:
    for address in (".well-known/sparql-examples", "questions/index.ttl"):
        graph = rdflib.Graph().parse(data=server.get(address, "text/turtle").text, format="turtle")
        # the query with which the editors of sib-swiss look for examples
        found = graph.query(
            """PREFIX sh: <http://www.w3.org/ns/shacl#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
            SELECT DISTINCT ?sq ?comment ?query WHERE {
              ?sq a sh:SPARQLExecutable ; rdfs:comment ?comment ; sh:select|sh:ask|sh:construct|sh:describe ?query .
              FILTER(LANG(?comment) = "en") }"""
        )
        rows = {str(row[0]): str(row[2]) for row in found if isinstance(row, ResultRow)}
        assert rows == {f"{server.url}questions/{one.name}": one.text for one in saxony.questions}
        target = rdflib.URIRef("https://schema.org/target")
        assert set(graph.objects(None, target)) == {rdflib.URIRef(f"{server.url}sparql")}
        assert not any(isinstance(term, rdflib.BNode) for triple in graph for term in triple)
        prefixes = {str(p) for p in graph.objects(None, SH.prefix)}
        assert {"tg", "skos"} <= prefixes


# What editors of queries ask of an endpoint; those of sib-swiss send the first three.
PREFIXES = """PREFIX sh: <http://www.w3.org/ns/shacl#>
SELECT DISTINCT ?prefix ?namespace WHERE { [] sh:namespace ?namespace ; sh:prefix ?prefix } ORDER BY ?prefix"""
EXAMPLES = """PREFIX sh: <http://www.w3.org/ns/shacl#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT DISTINCT ?sq ?comment ?query WHERE {
  ?sq a sh:SPARQLExecutable ; rdfs:comment ?comment ; sh:select|sh:ask|sh:construct|sh:describe ?query .
  FILTER(LANG(?comment) = "en") } ORDER BY ?sq"""
SELECTS = "SELECT ?sq ?query { ?sq a <http://www.w3.org/ns/shacl#SPARQLSelectExecutable> ; <http://www.w3.org/ns/shacl#select> ?query }"
WITHIN = """PREFIX void: <http://rdfs.org/ns/void#>
SELECT DISTINCT ?class ?property ?n WHERE {
  ?part void:class ?class ; void:propertyPartition ?inner . ?inner void:property ?property ; void:triples ?n }"""
TRIPLES = "SELECT ?n { ?set <http://rdfs.org/ns/void#classPartition> ?part ; <http://rdfs.org/ns/void#triples> ?n } LIMIT 1"
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"


@pytest.mark.parametrize("where", ["served", "embedded"])
def test_editors_find_in_the_endpoint_what_they_ask_for(
    server: Served, saxony: tg.Release, where: str
) -> None:
    def ask(query: str) -> list[tuple[str, ...]]:
        if where == "served":
            return [tuple(row.values()) for row in server.rows(query)]
        return [tuple(str(term and term.value) for term in row) for row in saxony.store.select(query).rows]

    prefixes = [row[0] for row in ask(PREFIXES)]
    assert {"dct", "org", "skos", "tg", "xsd"} <= set(prefixes) and len(prefixes) == len(set(prefixes))
    assert {(iri, text) for iri, _, text in ask(EXAMPLES)} == {
        (f"{BASE}questions/{one.name}", one.text) for one in saxony.questions
    }
    for _, query in ask(SELECTS)[:3]:
        assert len(ask(query)) > 0
    with gzip.open(saxony.path / "data" / "graph.nt.gz") as dump:
        triples = [one.triple for one in ox.parse(dump.read(), format=ox.RdfFormat.N_TRIPLES)]
    classes: dict[str, list[str]] = {}
    for one in triples:
        if one.predicate.value == TYPE:
            classes.setdefault(str(one.subject), []).append(one.object.value)
    used = Counter(
        (name, one.predicate.value) for one in triples for name in classes.get(str(one.subject), ())
    )
    assert {(name, inner): int(n) for name, inner, n in ask(WITHIN)} == used
    # what is counted are the data: the description leaves itself out
    manifest = saxony.manifest
    assert ask(TRIPLES) == [(str(len(triples)),)] == [(str(manifest.counts["triples"]),)]
    assert ask(COUNT) == [(str(manifest.counts["triples"] + manifest.describing),)]
    data = " ".join(f"FROM <{BASE}graph/{name}>" for name in ("saxony", "vocabulary", "derived"))
    assert ask(COUNT.replace("{", f"{data} {{", 1)) == [(str(manifest.counts["triples"]),)]


def test_a_spreadsheet_gets_texts_and_no_formulas(saxony: tg.Release) -> None:
    rows: list[tuple[Term | None, ...]] = [
        (ox.Literal('=HYPERLINK("http://evil")'), ox.Literal(3), ox.Literal("2021-23")),
        (ox.Literal("-1+1|cmd"), None, ox.Literal("2021-04")),
        (ox.Literal("\x01x" * 40_000), ox.Literal(1.5), ox.Literal("2021~")),
    ]
    answer = Answer(("a", "b", "c"), tuple(rows))
    asked = (saxony.questions[0], answer, {"p": ["=1+1"]}, SITE, "en", "SELECT")
    content = answer_workbook(*asked)
    assert content == answer_workbook(*asked)
    sheet = openpyxl.load_workbook(io.BytesIO(content))["Answer"]
    assert sheet["A2"].data_type == "s" and sheet["A3"].data_type == "s"
    assert sheet["B2"].value == 3 and sheet["B4"].value == 1.5 and len(str(sheet["A4"].value)) == 32_767
    assert [sheet[f"C{row}"].value for row in (2, 3, 4)] == ["autumn 2021", "2021-04", "about 2021"]


def test_where_workers_may_open_no_file_the_writer_of_spreadsheets_is_loaded_before() -> None:
    program = (
        "import sys; sys.platform = sys.argv[1]; import transfergraph.server.worker.question_answers;"
        "print('openpyxl' in sys.modules)"
    )
    for platform, loaded in (("linux", "False"), ("freebsd14", "True")):
        found = subprocess.run(
            [sys.executable, "-c", program, platform], capture_output=True, text=True, check=True
        )
        assert found.stdout.strip() == loaded
