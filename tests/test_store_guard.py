"""No query of the embedded store reaches the network, and none is refused for a mere word."""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph as ox
import pytest
from endpoint import Endpoint, serving
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from transfergraph import QueryError
from transfergraph.store.embedded import EmbeddedStore
from transfergraph.store.service_guard import refuse_service
from transfergraph.store.sparql_tokens import query_form, undeclared_prefixes

PREFIXES = "PREFIX : <URL> PREFIX s: <URL> PREFIX b: <http://127.0.0.1:> PREFIX SERVICE: <URL> PREFIX SERVICEs: <URL> "

# Each reaches the server when it is given to the engine without the guard: the first test proves it.
ATTACKS = [
    "SELECT * { SERVICE <URL> {} }",
    "SELECT * { service silent <URL> {} }",
    "SELECT * {SERVICE<URL>{}}",
    "SELECT * { SERVICE#comment\n<URL> {} }",
    "SELECT * { #comment\rSERVICE <URL> {} }",
    "SELECT * { VALUES ?v { <URL> } LATERAL { SERVICE ?v {} } }",
    "ASK { FILTER EXISTS { SERVICE <URL> {} } }",
    "SELECT (EXISTS { SERVICE <URL> {} } AS ?x) {}",
    "DESCRIBE ?s { SERVICE <URL> {} }",
    "CONSTRUCT { ?s ?p ?o } { SERVICE <URL> { ?s ?p ?o } }",
    "SELECT * { ?s ?p ?o LATERAL { SERVICE <URL> {} } }",
    "SELECT * { ?s ?p 1SERVICE <URL> {} }",
    "SELECT * { ?s ?p true.SERVICE<URL> {} }",
    "SELECT * { ?s ?p ?o.SERVICE<URL> {} }",
    'SELECT * { ?s ?p "x"@en.SERVICE<URL> {} }',
    "SELECT * { ?s ?p ?o OPTIONAL{}SERVICE<URL>{} }",
    PREFIXES + "SELECT * { SERVICE:x {} }",
    PREFIXES + "SELECT * { SERVICEs:x {} }",
    PREFIXES + "SELECT * { SERVICESILENT:x {} }",
    PREFIXES + "SELECT * { ?s ?p true.SERVICE:x {} }",
    PREFIXES + "SELECT * { ?s ?p s:a.b.SERVICE <URL> {} }",
    PREFIXES + "SELECT * { ?s ?p s:a.b.SERVICE SILENT <URL> {} }",
    PREFIXES + "SELECT * { ?s ?p s:a.b.SERVICE:x {} }",
    PREFIXES + "SELECT * { ?s ?p b:SERVICE <URL> {} }",
    "SELECT * { ?s ?p ?o FILTER(?o<?o||true)SERVICE#>\n<URL>{} }",
    "SELECT * { ?s ?p ?o FILTER(?o<'b>'||EXISTS{SERVICE<URL>{}}||?o='x') }",
    'SELECT * { ?s ?p ?o FILTER(?o<?o||true)#>"""\nSERVICE <URL> {} #"""\n}',
    'BASE <http://x/> SELECT * { ?s ?p ?o FILTER(?o<?o||true)#>"""\nSERVICE <URL> {} #"""\n}',
    "SELECT * { VALUES ?x { '''a' #\\q\n } SERVICE <URL> {} #'''\n }",
    "SELECT * { VALUES ?x { '''a' #\\uD800\n } SERVICE <URL> {} #'''\n }",
    "SELECT * { VALUES ?x { <http://x/\\u+041#> } SERVICE <URL> {} }",
]

HARMLESS = [
    "SELECT * { ?s ?p 'SERVICE <http://x/> {}' }",
    'SELECT * { ?s ?p """a "service" {} """ }',
    "SELECT * { ?s ?p ?o } # SERVICE <http://x/> {}",
    "SELECT ?service { ?service ?p $SERVICE }",
    "PREFIX service: <http://example.org/service#> SELECT * { ?s a service:Service ; service:of ?o }",
    "PREFIX service: <http://example.org/> SELECT * { GRAPH service:g { ?s ?p ?o } }",
    "PREFIX ex: <http://example.org/> SELECT * { ?s ex:service ?o . ?o ex:my.service ?x OPTIONAL { ?x ?y ?z } }",
    "SELECT * { ?s <http://example.org/(a)/service#x> ?o FILTER(?o < 3 && 'service' > ?x) }",
    "SELECT * { VALUES (?x ?y) { (1 <http://example.org/service#x>) } ?s ?p 'service'@en-GB }",
    "SELECT * { ?s ?p 'S\\u0045RVICE' }",
    "SELECT * { ?s ?p 'it\\'s a service' . ?s ?q '\\\\' }",
]


@pytest.fixture(scope="module")
def server() -> Iterator[Endpoint]:
    store = ox.Store()
    store.load(b"<http://example.org/a> <http://example.org/b> 1 .", format=ox.RdfFormat.TURTLE)
    with serving(store) as endpoint:
        yield endpoint


@pytest.fixture(scope="module")
def unguarded() -> ox.Store:
    store = ox.Store()
    store.load(b"<http://example.org/a> <http://example.org/b> 1 .", format=ox.RdfFormat.TURTLE)
    return store


def reaches(store: ox.Store, query: str, server: Endpoint) -> bool:
    """True when the engine itself lets the query out."""
    server.requests.clear()
    try:
        result = store.query(query)
        if not isinstance(result, ox.QueryBoolean):
            list(result)
    except (SyntaxError, OSError, RuntimeError):
        pass
    return bool(server.requests)


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_query_that_would_go_out_is_refused(attack: str, server: Endpoint, unguarded: ox.Store) -> None:
    query = attack.replace("URL", server.url)
    assert reaches(unguarded, query, server)
    server.requests.clear()
    store = EmbeddedStore(unguarded)
    with pytest.raises(QueryError, match=r"SERVICE is not allowed|can be read as an IRI"):
        store.select(query)
    assert not server.requests


@pytest.mark.parametrize("escape", ["S\\u0045RVICE", "\\U00000053ERVICE", "S\\u+045RVICE"])
def test_an_escaped_keyword_is_refused_too(escape: str) -> None:
    with pytest.raises(QueryError, match="SERVICE is not allowed"):
        refuse_service(f"SELECT * {{ {escape} <https://example.org/> {{}} }}")
    with pytest.raises(QueryError, match="SERVICE is not allowed"):
        refuse_service(f"SELECT * {{ ?s ?p '\\u0027 {escape} <https://example.org/> {{}} #' }}")


@pytest.mark.parametrize("query", HARMLESS)
def test_the_mere_word_does_no_harm(query: str) -> None:
    EmbeddedStore.in_memory().select(query)


PIECES = st.sampled_from(
    [
        "SERVICE",
        "service",
        "SERVICE ",
        "SILENT",
        "<URL>",
        "?v",
        ":f",
        "s:f",
        "s:a.b",
        "s:a.b.",
        "b:",
        "b:f",
        "{}",
        "{",
        "}",
        "(",
        ")",
        "FILTER(",
        "EXISTS{",
        "?o<",
        "?o",
        "<'b>'",
        "'",
        '"',
        '"""',
        "'''",
        "#",
        "#>",
        "\n",
        "\r",
        " ",
        ".",
        "a",
        "true",
        "1",
        "1.",
        "@en",
        "''",
        "\\q",
        "\\#",
        "\\u0053",
        "\\u+053",
        "\\u0022",
        "\\uD800",
        "<:a#>",
        "<a:b)",
        "<s:f>",
        "<<",
        ">>",
        "||",
        "<",
        "=",
        ",",
        ";",
        "GRAPH",
        "VALUES ?x {",
        "(1 ",
        "BIND(",
        "AS ?z)",
        "_:b",
        "_:b.c.",
        "[",
        "]",
        "?s ?p ",
        "?s ?p ?o",
        "/",
        "^",
        "!",
        "*",
    ]
)
BITS = st.lists(PIECES, max_size=6).map("".join)
FRAMES = st.sampled_from(
    [
        "SELECT * { ?s ?p ?o %s SERVICE %s<URL>{} %s }",
        "SELECT * { ?s ?p %sSERVICE%s:f{}%s }",
        "SELECT * { ?s ?p ?o FILTER(?o<%s)SERVICE%s ?v{}%s }",
        "SELECT * { VALUES ?v {<URL>} ?s ?p ?o FILTER(?o<%sSERVICE?v{}%s)%s}",
        "SELECT * { ?s ?p ?o FILTER(?o<%s)#%s\n SERVICE <URL>{} #%s\n}",
        "SELECT * { VALUES ?x { '''a'%s SERVICE <URL>{} %s'''%s }",
    ]
)


@settings(max_examples=1500, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(frame=FRAMES, base=st.sampled_from(["", "BASE <http://x/> "]), bits=st.tuples(BITS, BITS, BITS))
def test_whatever_goes_out_is_refused(
    server: Endpoint, unguarded: ox.Store, frame: str, base: str, bits: tuple[str, str, str]
) -> None:
    query = (base + PREFIXES + frame % bits).replace("URL", server.url)
    if reaches(unguarded, query, server):
        with pytest.raises(QueryError):
            refuse_service(query)


@pytest.mark.parametrize(
    ("query", "form"),
    [
        ("select*{}", "SELECT"),
        ("# INSERT\nBASE <http://x/#> PREFIX select: <http://x/> PREFIX : <y> ASK{}", "ASK"),
        ("CONSTRUCT WHERE { ?s ?p ?o }", "CONSTRUCT"),
        ("describe <http://x/>", "DESCRIBE"),
    ],
)
def test_the_form_of_a_query(query: str, form: str) -> None:
    assert query_form(query) == form


@pytest.mark.parametrize(
    "text", ["", "# SELECT * {}", "PREFIX a: <b>", "hello", "INSERT DATA {}", "PREFIX : <a> DROP ALL"]
)
def test_what_is_no_query(text: str) -> None:
    with pytest.raises(QueryError):
        query_form(text)


def test_undeclared_prefixes() -> None:
    query = "PREFIX a: <http://x/> SELECT * { a:b b:c 'c:d' . ?x :y <d:e> } # e:f"
    assert undeclared_prefixes(query) == [":", "b:"]
