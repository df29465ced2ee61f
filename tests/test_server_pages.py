"""Linked data from outside: Cool URIs for the Semantic Web, RFC 9110, and paths as people have them."""

from __future__ import annotations

import re
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from server_fixture import BASE, HTW, Served, limited, served, small_limits

ENDINGS = {
    "ttl": ("text/turtle", ox.RdfFormat.TURTLE),
    "nt": ("application/n-triples", ox.RdfFormat.N_TRIPLES),
    "jsonld": ("application/ld+json", ox.RdfFormat.JSON_LD),
    "rdf": ("application/rdf+xml", ox.RdfFormat.RDF_XML),
}
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


def links(field: str) -> dict[str, set[str]]:
    """Targets by relation (RFC 8288)."""
    found: dict[str, set[str]] = {}
    for target, rest in re.findall(r"<([^>]*)>([^<]*)", field):
        relation = re.search(r'rel="([^"]*)"', rest)
        assert relation is not None
        found.setdefault(relation[1], set()).add(target)
    return found


# An entity is no document


@pytest.mark.parametrize(
    ("accept", "ending"),
    [
        ("text/turtle", "ttl"),
        ("application/n-triples", "nt"),
        ("application/ld+json", "jsonld"),
        ("application/json", "jsonld"),
        ("application/rdf+xml", "rdf"),
        ("text/html", "html"),
        (BROWSER, "html"),
        ("*/*", "html"),
        (None, "html"),
        ("text/turtle;q=0.9, text/html;q=0.8", "ttl"),
        ("text/html;q=0.1, application/*", "nt"),
        ("application/sparql-results+json, text/turtle;q=0.2", "ttl"),
        ("text/html;q=0, */*;q=0.1", "ttl"),
    ],
)
def test_an_entity_refers_to_its_document(server: Served, accept: str | None, ending: str) -> None:
    answer = server.get(HTW, accept)
    assert answer.status == 303
    assert answer.field("location") == f"{server.url}{HTW}.{ending}"
    assert "accept" in answer.field("vary").lower()
    document = server.get(f"{HTW}.{ending}", accept)
    assert document.status == 200
    assert ending == "html" or document.media_type == ENDINGS[ending][0]


def test_a_form_that_is_not_there_is_406_with_a_list(server: Served) -> None:
    answer = server.get(HTW, "image/png, text/csv")
    assert answer.status == 406
    assert set(answer.json["available"]) == {"text/html", *(media_type for media_type, _ in ENDINGS.values())}


@pytest.mark.parametrize("ending", ENDINGS)
def test_documents_work_by_their_endings_alone(server: Served, ending: str) -> None:
    media_type, form = ENDINGS[ending]
    for accept in (None, "*/*", "text/html", "image/png"):
        answer = server.get(f"{HTW}.{ending}", accept)
        assert answer.status == 200 and answer.media_type == media_type
    subjects = {str(quad.subject) for quad in ox.parse(answer.body, format=form)}
    assert f"<{BASE}{HTW}>" in subjects


def test_all_forms_say_the_same(server: Served) -> None:
    graphs = {
        ending: {quad.triple for quad in ox.parse(server.get(f"{HTW}.{ending}").body, format=form)}
        for ending, (_, form) in ENDINGS.items()
    }
    assert graphs["ttl"] == graphs["nt"] == graphs["jsonld"] == graphs["rdf"]


def test_a_document_holds_what_is_known(server: Served) -> None:
    graph = rdflib.Graph().parse(data=server.get(f"{HTW}.ttl").text, format="turtle")
    here = rdflib.URIRef(BASE + HTW)
    rows = server.rows(f"SELECT DISTINCT ?p ?o {{ <{BASE}{HTW}> ?p ?o }}")
    assert {(str(p), str(o)) for p, o in graph.predicate_objects(here)} >= {(r["p"], r["o"]) for r in rows}
    incoming = server.rows(
        f"SELECT DISTINCT ?s ?p {{ ?s ?p <{BASE}{HTW}> FILTER(!CONTAINS(STR(?p), 'cooperates')) }}"
    )
    assert {(str(s), str(p)) for s, p in graph.subject_predicates(here)} >= {
        (r["s"], r["p"]) for r in incoming
    }
    # names in both languages of what is mentioned, and where it comes from
    label = rdflib.SKOS.prefLabel
    for partner in graph.objects(
        here, rdflib.URIRef("https://w3id.org/transfergraph/ontology#cooperatesWith")
    ):
        assert {
            name.language for name in graph.objects(partner, label) if isinstance(name, rdflib.Literal)
        } == {"de", "en"}
    text = server.get(f"{HTW}.de.html").text
    assert "futureSAX" in text
    release = server.get("health").json["release"]
    assert release in text and release in server.get(f"{HTW}.ttl").text


def test_pages_come_in_both_languages(server: Served) -> None:
    for wanted, language in (
        ("de", "de"),
        ("en-GB,en;q=0.9,de;q=0.3", "en"),
        ("fr", "de"),
        ("", "de"),
        ("*", "de"),
    ):
        answer = server.get(f"{HTW}.html", BROWSER, Accept_Language=wanted)
        assert answer.field("content-language") == language
        assert f'<html lang="{language}">' in answer.text
        assert "accept-language" in answer.field("vary").lower()
    for language in ("de", "en"):
        answer = server.get(f"{HTW}.{language}.html", Accept_Language="fr")
        assert answer.field("content-language") == language
        assert answer.field("content-location").endswith(f"{HTW}.{language}.html")


def test_links_lead_to_the_other_forms(server: Served) -> None:
    for address in (f"{HTW}.ttl", f"{HTW}.html", f"{HTW}.en.html"):
        found = links(server.get(address).field("link"))
        for ending in ("ttl", "nt", "jsonld", "rdf", "de.html", "en.html"):
            assert f"{server.url}{HTW}.{ending}" in found["alternate"]
        assert found["describes"] == {BASE + HTW}
        assert found["license"] == {"https://creativecommons.org/licenses/by/4.0/"}
        assert found["describedby"] == {f"{server.url}{HTW}.{ending}" for ending in ENDINGS}
        assert len(found["canonical"]) == 1
        for target in found["alternate"] | found["canonical"]:
            assert server.get(target.removeprefix(server.url)).status == 200
    assert links(server.get(HTW).field("link"))["describedby"] == {f"{server.url}{HTW}.ttl"}


def test_head_and_304(server: Served) -> None:
    get = server.get(f"{HTW}.ttl")
    head = server.ask(f"/{HTW}.ttl", "HEAD")
    assert head.status == 200 and head.body == b""
    assert head.field("content-length") == get.field("content-length") and head.field("etag") == get.field(
        "etag"
    )
    assert server.ask(f"/{HTW}", "HEAD").status == 303
    again = server.get(f"{HTW}.ttl", If_None_Match=get.field("etag"))
    assert again.status == 304 and again.body == b"" and again.field("vary") == get.field("vary")
    assert server.get(f"{HTW}.ttl", If_Modified_Since=get.field("last-modified")).status == 304
    compressed = server.get(f"{HTW}.ttl", Accept_Encoding="br, gzip")
    assert compressed.field("content-encoding") == "br" and compressed.field("etag") != get.field("etag")


@pytest.mark.parametrize("path", [f"{HTW}.ttl", "data/graph.nt.gz", "catalog.ttl", "sparql?query=ASK%7B%7D"])
def test_preconditions(server: Served, path: str) -> None:
    """RFC 9110, section 13.2.2: in this order, each with a strong or weak comparison as it says."""
    whole = server.get(path)
    tag, date, before = whole.field("etag"), whole.field("last-modified"), "Sun, 09 Sep 2001 01:46:40 GMT"
    cases: list[tuple[int, dict[str, str]]] = [
        (200, {"If_Match": tag}),
        (200, {"If_Match": "*"}),
        (200, {"If_Match": f'"other", {tag}', "If_Unmodified_Since": before}),
        (412, {"If_Match": '"other"'}),
        (412, {"If_Match": f"W/{tag}"}),
        (412, {"If_Match": '"other"', "If_None_Match": tag}),
        (200, {"If_Unmodified_Since": date}),
        (412, {"If_Unmodified_Since": before}),
        (200, {"If_Unmodified_Since": "no date"}),
        (304, {"If_Match": tag, "If_None_Match": tag}),
        (304, {"If_None_Match": "*"}),
        (304, {"If_None_Match": f'"other", W/{tag}'}),
        (200, {"If_None_Match": '"other"', "If_Modified_Since": date}),
        (304, {"If_Modified_Since": date}),
        (200, {"If_Modified_Since": before}),
    ]
    for status, fields in cases:
        answer = server.get(path, **fields)
        assert answer.status == status, fields
        assert answer.body == (whole.body if status == 200 else answer.body if status == 412 else b"")


def test_preconditions_mean_nothing_where_there_is_nothing(server: Served) -> None:
    date = server.get(f"{HTW}.ttl").field("last-modified")
    for fields in ({"If_Match": '"a"'}, {"If_None_Match": "*"}, {"If_Modified_Since": date}):
        assert server.get("nothing-here", **fields).status == 404
    assert server.get("data/nothing.gz", If_None_Match="*").status == 404


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_nothing_can_be_changed(server: Served, method: str) -> None:
    for path in (HTW, f"{HTW}.ttl", "questions/", "data/graph.nt.gz", "robots.txt", "nothing"):
        answer = server.ask(f"/{path}", method, b"")
        assert answer.status == 405 and "GET" in answer.field("allow")


# Every IRI that the release mints answers


def test_every_entity_answers(server: Served) -> None:
    query = f"SELECT DISTINCT ?s {{ GRAPH <{BASE}graph/saxony> {{ ?s ?p ?o }} FILTER(STRSTARTS(STR(?s), '{BASE}')) }}"
    entities = [row["s"].removeprefix(BASE) for row in server.rows(query)]
    assert len(entities) > 300
    statuses = {path: server.get(path, "text/turtle").status for path in entities}
    assert {path: status for path, status in statuses.items() if status != 303} == {}
    for path in entities[::25]:
        for ending in ("html", "ttl"):
            assert server.get(f"{path}.{ending}").status == 200, path


def test_terms_and_concepts_answer(server: Served) -> None:
    query = """SELECT DISTINCT ?s { ?s ?p ?o FILTER(STRSTARTS(STR(?s), "https://w3id.org/transfergraph/scheme/")
                                                    || STRSTARTS(STR(?s), "https://w3id.org/transfergraph/ontology")) }"""
    terms = {
        row["s"].removeprefix("https://w3id.org/transfergraph/").partition("#")[0]
        for row in server.rows(query)
    }
    assert "ontology" in terms and len(terms) > 50
    replaced = {
        row["s"].removeprefix("https://w3id.org/transfergraph/")
        for row in server.rows("SELECT ?s { ?s <http://purl.org/dc/terms/isReplacedBy> ?by }")
    }
    assert terms & replaced
    assert {server.get(f"{term}.ttl").status for term in terms & replaced} == {410}
    for term in sorted(terms - replaced):
        assert server.get(term, "text/turtle").status == 303, term
        assert server.get(f"{term}.ttl").status == 200, term
    assert server.get("ontology", "text/html").field("location").endswith("/ontology.html")


def test_the_ontology_is_documented_and_its_versions_stay(server: Served) -> None:
    page = server.get("ontology.en.html").text
    for term in ("Alliance", "cooperatesWith", "Participation"):
        assert f'id="{term}"' in page
    turtle = server.get("ontology.ttl")
    graph = rdflib.Graph().parse(data=turtle.text, format="turtle")
    version = graph.value(rdflib.URIRef("https://w3id.org/transfergraph/ontology"), rdflib.OWL.versionInfo)
    assert (
        server.get(f"ontology/{version}", "text/turtle").field("location").endswith(f"ontology/{version}.ttl")
    )
    assert server.get(f"ontology/{version}.ttl").body == turtle.body
    assert server.get(f"ontology/{version}.html").status == 200
    assert server.get("ontology/99.0").status == 404
    as_xml = rdflib.Graph().parse(data=server.get("ontology.rdf").text, format="xml")
    assert as_xml.isomorphic(graph)


# Paths as people have them


def test_slashes_at_the_end(server: Served) -> None:
    assert server.get("organisations").field("location") == f"{server.url}organisations/"
    assert server.get(f"{HTW}/").field("location") == f"{server.url}{HTW}"
    assert server.get("ontology/").field("location") == f"{server.url}ontology"
    assert [server.get(path).status for path in ("organisations", f"{HTW}/", f"{HTW}//")] == [301, 301, 301]
    assert server.get("organisation/").status == 404


@pytest.mark.parametrize("key", ["alliances", "projects", "organisations", "topics", "regions", "sources"])
def test_lists(server: Served, key: str) -> None:
    answer = server.get(f"{key}/", BROWSER)
    assert answer.status == 200 and answer.text.count("<li") > 4
    assert server.get(f"{key}/index.en.html").field("content-language") == "en"
    assert server.get(f"{key}/", "text/turtle").media_type == "text/turtle"
    assert server.get(f"{key}/", "image/png").status == 406
    assert server.get(f"{key}/index.page-99.html").status == 404


def test_the_start_page(server: Served) -> None:
    answer = server.get("", BROWSER)
    assert answer.status == 200 and "recomine" in answer.text
    assert server.get("", "text/turtle").field("location") == f"{server.url}.well-known/void"
    assert server.get("index.en.html").field("content-language") == "en"


@pytest.mark.parametrize(
    "path",
    [
        "organisation/none",
        "organisation/none.ttl",
        "organisation/none.html",
        "%00",
        "organisation/%ff%fe",
        "organisation/%zz",
        "a" * 1500,
        "organisation/htw-dresden%0d%0aSet-Cookie:x=y",
        "organisation/<script>alert(1)</script>",
        "..%2f..%2fetc/passwd",
        "data/..%2f..%2f..%2fetc%2fpasswd",
        "data/%2e%2e/%2e%2e/manifest.json",
        "data/",
        "data",
        "store/CURRENT",
        "queries",
        "releases/",
        "releases/..%2f..%2fmanifest.json",
        "releases/.staging-1-0/release/manifest.json",
        ".git/config",
        "transfergraph.toml",
        "ontology/transfergraph.ttl%00.html",
    ],
)
def test_what_is_not_there_is_404_in_the_form_asked_for(server: Served, path: str) -> None:
    raw = path.replace("<", "%3C").replace(">", "%3E")
    answer = server.get(raw, "application/json")
    assert answer.status in (400, 404), answer.text
    assert "root:" not in answer.text and "set-cookie" not in answer.headers
    if answer.status == 404 and not path.endswith((".ttl", ".html")):
        assert answer.media_type == "application/problem+json" and answer.json["status"] == 404
        page = server.get(raw, BROWSER)
        assert page.status == 404 and page.media_type == "text/html" and "<script>alert" not in page.text
        turtle = server.get(raw, "text/turtle")
        assert turtle.status == 404 and turtle.media_type == "text/turtle"
        assert list(ox.parse(turtle.body, format=ox.RdfFormat.TURTLE)) == []


def test_steps_upwards_lead_nowhere(server: Served) -> None:
    for path in (
        "/../../etc/passwd",
        "/data/../manifest.json",
        "//etc/passwd",
        "/data//graph.nt.gz",
        "/data/./graph.nt.gz",
    ):
        answer = server.ask(path)
        assert answer.status == 404, path
        assert "root:" not in answer.text


# Behind a proxy


def test_a_proxy_tells_where_it_stands(server: Served) -> None:
    forwarded = {
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Host": "localhost",
        "X-Forwarded-Prefix": "/graph",
    }
    answer = server.ask(f"/{HTW}", headers={**forwarded, "Accept": "text/turtle"})
    assert answer.field("location") == f"https://localhost/graph/{HTW}.ttl"
    page = server.ask(f"/{HTW}.de.html", headers=forwarded)
    assert f'href="../{HTW}.en.html"' in page.text and 'href="/' not in page.text
    assert 'href="../pages.css"' in page.text and f"https://localhost/graph/{HTW}.en.html" in page.text
    assert f"<https://localhost/graph/{HTW}.ttl>" in page.field("link")
    problem = server.ask("/nothing", headers=forwarded).json
    assert problem["type"].startswith("/graph/problems#") and "/graph/nothing" in problem["detail"]


def test_a_public_url_goes_before_what_requests_say(saxon_builds: Path, tmp_path: Path) -> None:
    workspace = small_limits(tmp_path / "workspace")
    url = "https://data.agency.de/graph/"
    with served(limited(saxon_builds, workspace), workspace, "--public-url", url) as server:
        for path in (f"/graph/{HTW}", f"/{HTW}"):
            answer = server.ask(path, headers={"Host": "evil.example", "X-Forwarded-Host": "evil.example"})
            assert answer.field("location") == f"{url}{HTW}.html"
        # a path below the prefix that looks like the prefix
        graph = server.ask("/graph/graph/saxony", headers={"Accept": "text/turtle"})
        assert graph.status in (303, 404)
        assert server.ask("/graph/sparql?query=ASK%7B%7D").json["boolean"] is True
        assert server.ask("/graph/").status == 200 and server.ask("/graph/health").status == 200


def test_only_proxies_are_believed(saxon_builds: Path, tmp_path: Path) -> None:
    workspace = small_limits(tmp_path / "workspace")
    settings = (workspace / "transfergraph.toml").read_text(encoding="utf-8")
    (workspace / "transfergraph.toml").write_text(
        settings + 'trusted_proxies = ["192.0.2.0/24"]\n', encoding="utf-8"
    )
    with served(limited(saxon_builds, workspace), workspace) as server:
        forged = {
            "X-Forwarded-Host": "evil.example",
            "X-Forwarded-Proto": "https",
            "X-Forwarded-For": "203.0.113.9",
        }
        answer = server.ask(f"/{HTW}", headers={"Host": "localhost", **forged})
        assert answer.field("location") == f"http://localhost/{HTW}.html"
        lines = server.lines(lambda found: len(found) >= 1)
        assert {line["client"] for line in lines} == {"127.0.0.0"}


# For robots and catalogues


def test_robots_and_sitemap(server: Served) -> None:
    robots = server.get("robots.txt").text
    assert f"Sitemap: {server.url}sitemap.xml" in robots and "Disallow: /sparql" in robots
    sitemap = server.get("sitemap.xml")
    assert sitemap.media_type == "application/xml"
    addresses = re.findall(r"<loc>([^<]*)</loc>", sitemap.text)
    assert len(addresses) == len(set(addresses)) > 200
    assert f"{server.url}dataset/graph.en.html" in addresses
    for address in addresses[::40]:
        assert server.get(address.removeprefix(server.url)).status == 200
    for number in ("0", "1", "7", "x", "-1", "%C2%B2"):  # this one is short enough for one file
        assert server.get(f"sitemap-{number}.xml").status == 404
    assert server.get(f"sitemap-{'9' * 5000}.xml").status == 414


def test_types_of_problems_are_explained(server: Served) -> None:
    problem = server.sparql("nonsense").json
    path, _, kind = problem["type"].partition("#")
    page = server.ask(path)
    assert page.status == 200 and f'id="{kind}"' in page.text


def test_no_page_needs_a_script_and_all_scripts_are_files_of_the_site(server: Served) -> None:
    for path in ("", f"{HTW}.html", "questions/", "ontology.html", "sparql.html", "nothing"):
        answer = server.get(path, BROWSER)
        policy = answer.field("content-security-policy")
        assert "script-src 'self';" in policy and "default-src 'none'" in policy and "unsafe" not in policy
        scripts = re.findall(r"<script(?! type=\"application/(?:ld\+)?json\")[^>]*>", answer.text)
        own = r'<script src="(\./|\.\./|/)(scheme\.js"|(search|workbench/[a-z-]+)\.js" defer)>'
        assert scripts and all(re.fullmatch(own, one) for one in scripts), scripts
        assert len(scripts) == 2 or path == "sparql.html"
        tags = " ".join(re.findall(r"<[^>]*>", answer.text))  # not what a page shows as text
        assert re.findall(r"\son\w+=|style=|javascript:", tags) == []


def test_the_data_set_is_described_where_programs_look(server: Served) -> None:
    for accept, form in (("text/turtle", "turtle"), ("application/rdf+xml", "xml")):
        answer = server.get(".well-known/void", accept)
        assert answer.status == 200 and answer.media_type == accept
        graph = rdflib.Graph().parse(data=answer.text, format=form)
        void = rdflib.Namespace("http://rdfs.org/ns/void#")
        counts = [int(str(count)) for count in graph.objects(None, void.triples)]
        assert max(counts) > 4000


def test_what_the_catalogue_speaks_of_answers_too(server: Served) -> None:
    catalogue = rdflib.Graph().parse(data=server.get("catalog.ttl").text, format="turtle")
    own = sorted({str(one) for one in catalogue.subjects() if str(one).startswith(BASE)})
    kinds = {iri.removeprefix(BASE).partition("/")[0] for iri in own}
    assert kinds >= {"catalogue", "dataset", "distribution", "quality", "release", "agent"}
    files = ("data/", "ontology/")  # which answer as they are
    things = [iri for iri in reversed(own) if not iri.removeprefix(BASE).startswith(files)]
    first = {iri.removeprefix(BASE).partition("/")[0]: iri for iri in things}
    for iri in first.values():
        local = iri.removeprefix(BASE)
        answer = server.get(local, "text/turtle")
        assert (answer.status, answer.headers["location"]) == (303, f"{server.url}{local}.ttl")
        document = rdflib.Graph().parse(data=server.get(f"{local}.ttl").text, format="turtle")
        node = rdflib.URIRef(iri)
        for name, value in catalogue.predicate_objects(node):
            same = [str(other) for other in document.objects(node, name)]
            assert str(value) in same or float(str(value)) in map(float, same), (iri, name)
        assert server.get(f"{local}.html").status == 200
    assert "Wissensgraph" in server.get("dataset/graph.de.html").text
    assert server.get("dataset/nothing").status == 404
    assert server.get("dataset/graph.page-2.ttl").status == 404
    assert 'href="./dataset/graph.en.html"' in server.get("download.en.html").text


@pytest.mark.parametrize(
    ("asked", "path"),
    [
        ("%73parql?query=ASK%7B%7D", "sparql?query=ASK%7B%7D"),
        ("sparql%2Een.html", "sparql.en.html"),
        ("%71uestions/partner%73-of%2ejson", "questions/partners-of.json"),
        ("m%61nifest.json", "manifest.json"),
        ("proble%6ds", "problems"),
        ("%2Ewell-known%2Fvoid", "no%2Fthing"),
    ],
)
def test_encodings_of_routes_are_compared_normalised(server: Served, asked: str, path: str) -> None:
    same, other = server.get(path), server.get(asked)
    assert same.status == other.status == (404 if "thing" in path else 200)
    assert same.status == 404 or same.body == other.body
