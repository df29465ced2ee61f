"""The SPARQL suites of the W3C over HTTP: the protocol, and each query answered as the engine does in this process.

All data of the suites are graphs of one release, named by the addresses of their files; what a test asks of is chosen
by ``default-graph-uri`` and ``named-graph-uri``. What the engine itself answers is the affair of its own tests: a test
here holds when the server gives the same. Updates and the Graph Store Protocol are refused.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from urllib.parse import quote, urlencode, urlsplit

import pyoxigraph as ox
import pytest
from server_fixture import Answer, Served, release_of, served, small_limits
from sparql_suites import (
    BASE,
    MF,
    MISSING,
    SUITES,
    Manifest,
    Node,
    SuiteTest,
    iri_of,
    statements,
    suite_tests,
)

pytestmark = pytest.mark.skipif(not SUITES.is_dir(), reason=MISSING)

VERSIONS = ("sparql10", "sparql11", "sparql12")
TESTS = [one for version in VERSIONS for one in suite_tests(version)] if SUITES.is_dir() else []
EMPTY = f"{BASE}nothing"

SERVICE = "asks another server (SERVICE), which no query may"
EXCLUDED = {
    **{f"sparql11/service/service{name}": SERVICE for name in ("1", "2", "3", "4a", "5", "6", "7")},
    **{f"sparql11/syntax-fed/test_{number}": SERVICE for number in (1, 2, 3)},
}
"""Queries that are refused although the engine reads them, each with the reason."""

REFUSED = {
    "UpdateEvaluationTest": "updates are refused",
    "PositiveUpdateSyntaxTest": "updates are refused",
    "NegativeUpdateSyntaxTest": "updates are refused",
    "GraphStoreProtocolTest": "there is no Graph Store Protocol",
}
ELSEWHERE = ("ProtocolTest", "ServiceDescriptionTest")
EVALUATED = ("QueryEvaluationTest", "CSVResultFormatTest")
SYNTAX = ("PositiveSyntaxTest", "NegativeSyntaxTest")


def of_kinds(*kinds: str) -> list[object]:
    return [pytest.param(one, id=one.name) for one in TESTS if one.kind in kinds]


def data_of(test: SuiteTest) -> tuple[list[str], list[str], list[ox.Quad]]:
    """The names of the graphs that make the default graph, of the named graphs, and all their statements.

    A test without data, and one whose query says FROM, has the files beside it as its named graphs.
    """
    default, named = test.data, test.graphs
    if chooses_itself(test):
        assert test.query is not None
        default, named = (
            (),
            tuple(file for file in test.query.parent.glob("*.ttl") if "manifest" not in file.name),
        )
    quads = [quad for file in (*default, *named) for quad in in_graphs(file)]
    own = {str(quad.graph_name)[1:-1] for quad in quads} - {iri_of(file) for file in (*default, *named)}
    return [iri_of(file) for file in default], [*map(iri_of, named), *sorted(own)], quads


def chooses_itself(test: SuiteTest) -> bool:
    return re.search(r"^\s*FROM\b", test.text, re.MULTILINE) is not None


@cache
def in_graphs(file: Path) -> tuple[ox.Quad, ...]:
    """The statements of a file, those of its default graph in a graph with the address of the file."""
    whole = ox.NamedNode(iri_of(file))
    return tuple(
        ox.Quad(
            q.subject, q.predicate, q.object, whole if q.graph_name == ox.DefaultGraph() else q.graph_name
        )
        for q in statements(file)
    )


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server whose release has all data of the suites."""
    quads = {quad for one in TESTS if one.kind in EVALUATED for quad in data_of(one)[2]}
    folder = tmp_path_factory.mktemp("suites")
    lines = sorted(f"{quad} .\n".encode() for quad in quads)
    release_of(b"".join(lines), folder / "build", rows=100_000, seconds=30)
    with served(folder / "build", small_limits(folder / "workspace", time_seconds=30)) as running:
        yield running


def ask(endpoint: Served, test: SuiteTest, accept: str = "*/*") -> Answer:
    """Send the query, with the graphs that the test names."""
    default, named, _ = data_of(test)
    chosen = [("default-graph-uri", one) for one in default or [EMPTY]] + [
        ("named-graph-uri", one) for one in named
    ]
    address = f"/sparql?{'' if chooses_itself(test) else urlencode(chosen)}"
    body = test.text.encode("utf-8", "surrogateescape")
    headers = {"Content-Type": "application/sparql-query", "Accept": accept}
    return endpoint.ask(address, "POST", body, headers)


Result = ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples


def in_process(test: SuiteTest) -> Result:
    """What the engine answers in this process; raises :class:`SyntaxError` and :class:`RuntimeError`."""
    default, named, quads = data_of(test)
    store = ox.Store()
    for quad in quads:
        whole = str(quad.graph_name)[1:-1]
        if whole in default:
            store.add(ox.Quad(quad.subject, quad.predicate, quad.object))
        if whole in named:
            store.add(quad)
    return store.query(test.text)


def comparable(result: Result, in_order: bool) -> object:
    """The result in a form in which equal ones are equal, whatever their blank nodes are called."""
    if isinstance(result, ox.QueryBoolean):
        return bool(result)
    if isinstance(result, ox.QueryTriples):
        return canonical([ox.Quad(one.subject, one.predicate, one.object) for one in result])
    variables = [variable.value for variable in result.variables]
    quads = []
    for number, row in enumerate(result):
        node = ox.BlankNode()
        quads.append(ox.Quad(node, ox.NamedNode("urn:row"), ox.Literal(number if in_order else 0)))
        for name in variables:
            if (term := row[name]) is not None:
                quads.append(ox.Quad(node, ox.NamedNode(f"urn:{name}"), term))
    return variables, canonical(quads)


def canonical(quads: list[ox.Quad]) -> list[str]:
    """The lines of the graph, blank nodes named after RDFC-1.0."""
    dataset = ox.Dataset(quads)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return sorted(map(str, dataset))


@pytest.mark.parametrize("test", of_kinds(*EVALUATED))
def test_a_query_is_answered_as_in_process(endpoint: Served, test: SuiteTest) -> None:
    answer = ask(endpoint, test)
    if test.name in EXCLUDED:
        assert answer.status == 400 and "SERVICE" in answer.json["detail"]
        return
    try:
        expected = in_process(test)
    except (SyntaxError, RuntimeError):
        assert answer.status == 400
        return
    assert answer.status == 200, answer.text
    in_order = "ORDER BY" in test.text.upper()
    found: Result
    if isinstance(expected, ox.QueryTriples):
        form = ox.RdfFormat.from_media_type(answer.media_type)
        assert form is not None
        triples = [ox.Triple(q.subject, q.predicate, q.object) for q in ox.parse(answer.body, format=form)]
        assert canonical([ox.Quad(t.subject, t.predicate, t.object) for t in triples]) == comparable(
            expected, False
        )
        return
    found = ox.parse_query_results(answer.body, format=ox.QueryResultsFormat.JSON)
    assert comparable(found, in_order) == comparable(expected, in_order)


@pytest.mark.parametrize("test", of_kinds(*SYNTAX))
def test_what_the_engine_reads_is_what_the_server_reads(endpoint: Served, test: SuiteTest) -> None:
    answer = ask(endpoint, test)
    if test.name in EXCLUDED:
        assert answer.status == 400 and "SERVICE" in answer.json["detail"]
        return
    try:
        in_process(test)
        assert answer.status == 200, answer.text
    except SyntaxError:
        assert answer.status == 400
    except RuntimeError as error:  # it is right, and cannot be answered: a function that is not there
        assert answer.status == 400 and str(error) in answer.json["detail"]


@pytest.mark.parametrize(
    "test",
    [param for param in of_kinds(*EVALUATED) if re.search(r"csv-tsv-res|json-res", getattr(param, "id", ""))],
)
def test_results_come_in_the_form_of_the_expected_file(endpoint: Served, test: SuiteTest) -> None:
    assert test.result is not None
    form = {
        ".csv": ox.QueryResultsFormat.CSV,
        ".tsv": ox.QueryResultsFormat.TSV,
        ".srj": ox.QueryResultsFormat.JSON,
        ".srx": ox.QueryResultsFormat.XML,
    }[test.result.suffix]
    answer = ask(endpoint, test, form.media_type)
    assert answer.status == 200 and answer.media_type == form.media_type.partition(";")[0]
    expected = in_process(test)
    if form == ox.QueryResultsFormat.CSV:
        assert not isinstance(expected, ox.QueryTriples)
        written = expected.serialize(format=form)
        assert written is not None
        assert sorted(_unnamed(answer.body)) == sorted(_unnamed(written))
    else:
        found = ox.parse_query_results(answer.body, format=form)
        assert comparable(found, False) == comparable(expected, False)


def _unnamed(lines: bytes) -> list[str]:
    """The lines of CSV, with blank nodes that have no name."""
    return [re.sub(r"_:\w+", "_:", line) for line in lines.decode().splitlines()]


@pytest.mark.parametrize(
    "test",
    [*of_kinds("PositiveUpdateSyntaxTest", "NegativeUpdateSyntaxTest"), *of_kinds("UpdateEvaluationTest")],
)
def test_updates_are_refused(endpoint: Served, test: SuiteTest) -> None:
    update = b"INSERT DATA {}" if test.query is None else test.query.read_bytes()
    answer = endpoint.ask("/sparql", "POST", update, {"Content-Type": "application/sparql-update"})
    assert answer.status == 403 and answer.json["detail"]


def test_every_kind_of_test_is_seen_to() -> None:
    assert EXCLUDED.keys() < {one.name for one in TESTS}
    kinds = Counter(one.kind for one in TESTS)
    assert set(kinds) == {*EVALUATED, *SYNTAX, *ELSEWHERE, *REFUSED}
    assert sum(kinds[kind] for kind in EVALUATED) > 650 and sum(kinds[kind] for kind in SYNTAX) > 480


# SPARQL 1.1 Protocol

_UPDATE = "the server is read-only and refuses updates (403)"
NO_UPDATES = {
    f"update_{name}": _UPDATE
    for name in (
        "dataset_default_graph",
        "dataset_default_graphs",
        "dataset_named_graphs",
        "dataset_full",
        "post_form",
        "post_direct",
        "base_uri",
    )
}
HTTP, CNT = "http://www.w3.org/2011/http#", "http://www.w3.org/2011/content#"
UT = "http://www.w3.org/2009/sparql/tests/test-update#"
LABEL = "http://www.w3.org/2000/01/rdf-schema#label"


@cache
def protocol() -> Manifest:
    return Manifest(SUITES / "sparql11" / "protocol" / "manifest.ttl")


def protocol_tests() -> list[Node]:
    if not SUITES.is_dir():
        return []
    manifest = protocol()
    return [
        entry for node in manifest.subjects(f"{MF}entries") for entry in manifest.values(node, f"{MF}entries")
    ]


def _name(entry: object) -> str:
    return str(entry).rpartition("#")[2].rstrip(">")


@pytest.fixture(scope="module")
def protocol_endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server with the graphs that the requests name."""
    manifest, quads = protocol(), []
    for entry in protocol_tests():
        for node in manifest.values(entry, f"{UT}graphData"):
            file, label = manifest.value(node, f"{UT}graph"), manifest.value(node, LABEL)
            assert isinstance(file, ox.NamedNode) and isinstance(label, ox.Literal)
            data = (SUITES / file.value.removeprefix(BASE)).read_bytes()
            quads += [
                f"{quad.triple} <{label.value}> .\n" for quad in ox.parse(data, format=ox.RdfFormat.N_TRIPLES)
            ]
    folder = tmp_path_factory.mktemp("protocol")
    release_of("".join(dict.fromkeys(quads)).encode(), folder / "build")
    with served(folder / "build", small_limits(folder / "workspace")) as running:
        yield running


def _literal(manifest: Manifest, node: Node | None, name: str) -> str:
    value = node and manifest.value(node, name)
    return value.value if isinstance(value, ox.Literal) else ""


def _send(endpoint: Served, manifest: Manifest, request: Node) -> Answer:
    """Send a request as the manifest has it."""
    address = urlsplit(_literal(manifest, request, f"{HTTP}absolutePath"))
    body = manifest.value(request, f"{HTTP}body")
    encoding = _literal(manifest, body, f"{CNT}characterEncoding") or "utf-8"
    content = _literal(manifest, body, f"{CNT}chars").encode(encoding) if body else None
    headers = {
        _literal(manifest, one, f"{HTTP}fieldName"): _literal(manifest, one, f"{HTTP}fieldValue")
        for one in manifest.values(request, f"{HTTP}headers")
    }
    method = _literal(manifest, request, f"{HTTP}methodName")
    return endpoint.ask(f"{address.path}?{quote(address.query, safe='=&%+')}", method, content, headers)


def _fits(manifest: Manifest, response: Node, answer: Answer) -> bool:
    """Whether an answer is as the manifest expects it."""
    classes = [str(one).rstrip(">")[-3] for one in manifest.values(response, f"{MF}expectedStatus")]
    if classes and str(answer.status)[0] not in classes:
        return False
    form, truth = (
        _literal(manifest, response, f"{MF}expectedFormat"),
        _literal(manifest, response, f"{MF}expectedBoolean"),
    )
    if truth and answer.json["boolean"] is not (truth == "true"):
        return False
    if form in ("boolean", "tabular"):
        return ox.QueryResultsFormat.from_media_type(answer.media_type) is not None
    return form != "RDF" or ox.RdfFormat.from_media_type(answer.media_type) is not None


@pytest.mark.parametrize("entry", protocol_tests(), ids=_name)
def test_the_protocol(protocol_endpoint: Served, entry: Node) -> None:
    manifest, before = protocol(), protocol_endpoint.rows("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
    action = manifest.value(entry, f"{MF}action")
    assert action is not None
    requests = manifest.values(action, f"{HTTP}requests")
    answers = [_send(protocol_endpoint, manifest, request) for request in requests]
    responses = [manifest.value(request, f"{HTTP}resp") for request in requests]
    fitting = [
        bool(one and _fits(manifest, one, answer)) for one, answer in zip(responses, answers, strict=True)
    ]
    if _name(entry) in NO_UPDATES:
        assert answers[0].status == 403 and not all(fitting), (
            "this test passes and is to be taken off the list"
        )
        assert protocol_endpoint.rows("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }") == before
    else:
        assert fitting and all(fitting), [answer.text for answer in answers]


def test_the_protocol_has_as_many_tests_as_ever() -> None:
    names = {_name(entry) for entry in protocol_tests()}
    assert len(names) == 34 and set(NO_UPDATES) < names


# SPARQL 1.1 Service Description


def test_the_service_describes_itself(endpoint: Served) -> None:
    """The three tests of the suite: RDF comes, it names the endpoint, and is as the schema has it."""
    sd = "http://www.w3.org/ns/sparql-service-description#"
    assert sorted(_name(one.name.replace("/", "#")) for one in TESTS if one.kind == "ServiceDescriptionTest")
    answer = endpoint.get("sparql", "text/turtle")
    triples = {quad.triple for quad in ox.parse(answer.body, format=ox.RdfFormat.TURTLE)}
    services = [t.subject for t in triples if t.object == ox.NamedNode(f"{sd}Service")]
    endpoints = [t.object for t in triples if t.predicate == ox.NamedNode(f"{sd}endpoint")]
    assert len(services) == 1 and endpoints == [ox.NamedNode(f"{endpoint.url}sparql")]
    graphs = {t.object for t in triples if t.predicate.value in (f"{sd}defaultGraph", f"{sd}namedGraph")}
    typed = {
        t.subject
        for t in triples
        if t.object in (ox.NamedNode(f"{sd}Graph"), ox.NamedNode(f"{sd}NamedGraph"))
    }
    assert graphs and graphs <= typed
