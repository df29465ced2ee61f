"""What every store promises, kept by each of them; and what remote servers may do wrong."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import fuseki
import pyoxigraph as ox
import pytest
from endpoint import Endpoint, Fault, serving
from pyoxigraph import Literal, NamedNode
from real_servers import NotAtHand
from server_fixture import Served, release_of, served, small_limits

from transfergraph import QueryError, StoreError, StoreUnavailable, UsageError
from transfergraph.store import Store
from transfergraph.store.embedded import EmbeddedStore, write_store
from transfergraph.store.remote import RemoteStore
from transfergraph.store.retries import RetryPolicy

EX = "https://example.org/"
QUADS = f"""\
<{EX}a> <{EX}knows> <{EX}b> <{EX}one> .
<{EX}b> <{EX}name> "Zittau \\"Görlitz\\"\\n\\u2713"@de <{EX}two> .
<{EX}b> <{EX}name> "plain" <{EX}two> .
<{EX}b> <{EX}since> "2019-10"^^<http://id.loc.gov/datatypes/edtf/EDTF> <{EX}two> .
<{EX}b> <{EX}size> "40"^^<http://www.w3.org/2001/XMLSchema#integer> <{EX}two> .
<{EX}c> <{EX}size> "7"^^<http://www.w3.org/2001/XMLSchema#integer> <{EX}one> .
""".encode()

QUICK = RetryPolicy(timeout=30, attempts=3, first_wait=0.01, longest_wait=1.0)
HASTY = RetryPolicy(timeout=1)


def quads() -> ox.Store:
    store = ox.Store()
    store.load(QUADS, format=ox.RdfFormat.N_QUADS)
    return store


@pytest.fixture(scope="module")
def fuseki_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    try:
        with fuseki.running(tmp_path_factory.mktemp("fuseki")) as address:
            fuseki.load(address, "union", QUADS)
            fuseki.load(address, "plain", QUADS)
            yield address
    except NotAtHand as reason:
        pytest.skip(str(reason))


@pytest.fixture(scope="module")
def endpoint() -> Iterator[Endpoint]:
    with serving(quads()) as server:
        yield server


@pytest.fixture(scope="module")
def server_of_quads(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("served")
    release_of(QUADS, folder / "build", rows=100_000)
    with served(folder / "build", small_limits(folder / "workspace", rows=100_000)) as running:
        yield running


@pytest.fixture(scope="module", params=["memory", "read-only", "endpoint", "served", "fuseki"])
def store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Store:
    match request.param:
        case "endpoint":
            server: Endpoint = request.getfixturevalue("endpoint")
            return RemoteStore(server.url, QUICK)
        case "served":
            server_of_quads: Served = request.getfixturevalue("server_of_quads")
            return RemoteStore(f"{server_of_quads.url}sparql", RetryPolicy(timeout=30))
        case "fuseki":
            return RemoteStore(f"{request.getfixturevalue('fuseki_address')}/union", RetryPolicy(timeout=30))
    folder = tmp_path_factory.mktemp("store")
    file = folder / "data.nq"
    file.write_bytes(QUADS)
    if request.param == "memory":
        embedded = EmbeddedStore.in_memory()
        embedded.load(file)
        return embedded
    written = EmbeddedStore.create(folder / "store")
    written.load(file)
    written.finish()
    del written
    return EmbeddedStore.read_only(folder / "store")


class TestContract:
    def test_solutions_keep_variables_order_and_terms(self, store: Store) -> None:
        solutions = store.select(
            f"SELECT ?name ?missing ?since ?size {{ <{EX}b> <{EX}name> ?name ; <{EX}since> ?since ; "
            f"<{EX}size> ?size OPTIONAL {{ ?name <{EX}no> ?missing }} }} ORDER BY DESC(LANG(?name))"
        )
        edtf = Literal("2019-10", datatype=NamedNode("http://id.loc.gov/datatypes/edtf/EDTF"))
        assert solutions.variables == ("name", "missing", "since", "size")
        assert list(solutions.rows) == [
            (Literal('Zittau "Görlitz"\n✓', language="de"), None, edtf, Literal(40)),
            (Literal("plain"), None, edtf, Literal(40)),
        ]

    def test_the_default_graph_is_the_union_of_the_named_graphs(self, store: Store) -> None:
        solutions = store.select(f"SELECT ?size {{ <{EX}a> <{EX}knows> ?b . ?b <{EX}size> ?size }}")
        assert list(solutions.rows) == [(Literal(40),)]

    def test_graphs_can_be_named(self, store: Store) -> None:
        solutions = store.select(f"SELECT DISTINCT ?g {{ GRAPH ?g {{ ?s <{EX}size> ?o }} }} ORDER BY ?g")
        assert list(solutions.rows) == [(NamedNode(f"{EX}one"),), (NamedNode(f"{EX}two"),)]

    def test_a_query_may_choose_its_graphs(self, store: Store) -> None:
        solutions = store.select(f"SELECT ?s FROM <{EX}one> {{ ?s <{EX}size> ?o }}")
        assert list(solutions.rows) == [(NamedNode(f"{EX}c"),)]

    def test_no_solution_is_an_answer(self, store: Store) -> None:
        solutions = store.select(f"SELECT ?x ?y {{ ?x <{EX}nothing> ?y }}")
        assert (solutions.variables, list(solutions.rows)) == (("x", "y"), [])

    def test_aggregates_and_paths(self, store: Store) -> None:
        solutions = store.select(
            f"SELECT (SUM(?n) AS ?sum) (COUNT(*) AS ?count) {{ ?s (<{EX}knows>/<{EX}size>)|<{EX}size> ?n }}"
        )
        assert list(solutions.rows) == [(Literal(87), Literal(3))]

    def test_ask(self, store: Store) -> None:
        assert store.ask(f"ASK {{ <{EX}a> <{EX}knows> ?b }}") is True
        assert store.ask(f"ASK {{ <{EX}a> <{EX}knows> <{EX}c> }}") is False

    def test_construct(self, store: Store) -> None:
        triples = set(store.construct(f"CONSTRUCT {{ ?b <{EX}knownBy> ?a }} {{ ?a <{EX}knows> ?b }}"))
        assert triples == {ox.Triple(NamedNode(f"{EX}b"), NamedNode(f"{EX}knownBy"), NamedNode(f"{EX}a"))}

    def test_describe(self, store: Store) -> None:
        triples = set(store.construct(f"DESCRIBE <{EX}c>"))
        assert ox.Triple(NamedNode(f"{EX}c"), NamedNode(f"{EX}size"), Literal(7)) in triples

    def test_many_rows_arrive_whole(self, store: Store) -> None:
        digits = "VALUES {} {{ 0 1 2 3 4 5 6 7 8 9 }} "
        values = "".join(digits.format(f"?d{i}") for i in range(4))
        solutions = store.select(
            f"SELECT (?d0 + 10 * ?d1 + 100 * ?d2 + 1000 * ?d3 AS ?n) {{ {values} }} ORDER BY ?n"
        )
        assert [row[0] for row in solutions.rows] == [Literal(n) for n in range(10_000)]

    def test_a_syntax_error_is_a_query_error(self, store: Store) -> None:
        with pytest.raises(QueryError):
            list(store.select("SELECT ?x { ?x ?y }").rows)

    def test_each_method_has_its_form(self, store: Store) -> None:
        with pytest.raises(QueryError, match="A SELECT query was expected"):
            store.select("ASK {}")
        with pytest.raises(QueryError, match="An ASK query was expected"):
            store.ask("SELECT * {}")
        with pytest.raises(QueryError, match="A CONSTRUCT or DESCRIBE query was expected"):
            store.construct("ASK {}")

    @pytest.mark.parametrize("update", ["INSERT DATA { <a:a> <a:b> 1 }", "CLEAR ALL", "LOAD <a:a>"])
    def test_updates_are_refused(self, store: Store, update: str) -> None:
        with pytest.raises(QueryError, match="takes no updates"):
            store.select(update)
        assert store.ask(f"ASK {{ <{EX}a> <{EX}knows> <{EX}b> }}")


class TestEmbedded:
    def test_a_missing_folder_is_not_made(self, tmp_path: Path) -> None:
        with pytest.raises(StoreError, match="cannot be opened"):
            EmbeddedStore.read_only(tmp_path / "none")
        assert not (tmp_path / "none").exists()

    def test_a_store_is_written_by_one_alone(self, tmp_path: Path) -> None:
        first = EmbeddedStore.create(tmp_path / "store")
        with pytest.raises(StoreError, match="cannot be written"):
            EmbeddedStore.create(tmp_path / "store")
        assert len(first) == 0

    def test_a_faulty_file_is_named(self, tmp_path: Path) -> None:
        (tmp_path / "bad.nq").write_text("<https://example.org/a> <b> .\n")
        with pytest.raises(StoreError, match=r"bad\.nq is not valid N-Quads"):
            EmbeddedStore.in_memory().load(tmp_path / "bad.nq")
        with pytest.raises(StoreError, match=r"none\.nq cannot be loaded"):
            EmbeddedStore.in_memory().load(tmp_path / "none.nq")

    def test_a_syntax_error_says_where_and_why(self) -> None:
        with pytest.raises(QueryError, match=r"line 2, column \d+, near .* not declared: tg:\.$"):
            EmbeddedStore.in_memory().select("SELECT * {\n ?s tg:role ?role\n}")
        with pytest.raises(QueryError, match=r"line 1, column 16, near “SELECT \* { \?s \?”\.$"):
            EmbeddedStore.in_memory().select("SELECT * { ?s ?")

    def test_an_unknown_function_is_a_query_error(self) -> None:
        with pytest.raises(QueryError, match=r"function <https://example\.org/f> is not supported"):
            list(EmbeddedStore.in_memory().select(f"SELECT (<{EX}f>(1) AS ?x) {{}}").rows)


class TestRemote:
    def remote(self, endpoint: Endpoint, *faults: Fault, patience: RetryPolicy = QUICK) -> RemoteStore:
        endpoint.faults.extend(faults)
        endpoint.requests.clear()
        return RemoteStore(endpoint.url, patience)

    def test_it_says_who_asks_and_for_what(self, endpoint: Endpoint) -> None:
        self.remote(endpoint).ask("ASK {}")
        (request,) = endpoint.requests
        assert request["User-Agent"].startswith("transfergraph/0.")
        assert request["Accept"] == "application/sparql-results+json"
        assert request["query"] == "ASK {}"

    @pytest.mark.parametrize(
        "fault",
        [
            Fault(503),
            Fault(502),
            Fault(504),
            Fault(429, headers={"Retry-After": "0"}),
            Fault(503, headers={"Retry-After": format_datetime(datetime.now(UTC) - timedelta(hours=1))}),
            Fault(503, headers={"Retry-After": "soon"}),
            Fault(drop=True),
            Fault(body=b'{"head":{},', missing_bytes=20),
        ],
        ids=("503", "502", "504", "after-0", "after-a-date", "after-soon", "dropped", "cut"),
    )
    def test_it_asks_again_what_may_succeed(self, endpoint: Endpoint, fault: Fault) -> None:
        assert self.remote(endpoint, fault, fault).ask("ASK {}") is True
        assert len(endpoint.requests) == 3

    def test_it_waits_as_long_as_the_server_asks(self, endpoint: Endpoint) -> None:
        begun = time.monotonic()
        self.remote(endpoint, Fault(503, headers={"Retry-After": "1"})).ask("ASK {}")
        assert 0.9 < time.monotonic() - begun < 20

    def test_it_gives_up_where_the_wait_is_too_long(self, endpoint: Endpoint) -> None:
        store = self.remote(endpoint, Fault(503, headers={"Retry-After": "3600"}))
        with pytest.raises(StoreUnavailable, match="asks to come back in 3600 seconds"):
            store.ask("ASK {}")
        assert len(endpoint.requests) == 1

    def test_it_gives_up_after_its_attempts(self, endpoint: Endpoint) -> None:
        store = self.remote(endpoint, *[Fault(503)] * 3)
        with pytest.raises(StoreUnavailable, match=rf"{endpoint.url} is busy \(503.*asked 3 times"):
            store.ask("ASK {}")

    def test_a_refused_query_is_not_repeated(self, endpoint: Endpoint) -> None:
        page = f"<html><h1>Parse error</h1>{'very ' * 100}long</html>".encode()
        store = self.remote(endpoint, Fault(400, page))
        with pytest.raises(QueryError, match=r"refused the query: Parse error very .*\.\.\.$") as error:
            store.ask("ASK {}")
        assert len(endpoint.requests) == 1
        assert len(str(error.value)) < 300

    @pytest.mark.parametrize("status", [401, 403, 404, 414, 500, 501])
    def test_a_failing_server_is_named_with_its_reason(self, endpoint: Endpoint, status: int) -> None:
        store = self.remote(endpoint, Fault(status, b"out of order"))
        with pytest.raises(StoreError, match=rf"{endpoint.url} answered {status} .*: out of order") as error:
            store.ask("ASK {}")
        assert not isinstance(error.value, StoreUnavailable)
        assert len(endpoint.requests) == 1

    @pytest.mark.parametrize(
        "fault", [Fault(wait=3.0), Fault(body=b" " * 1000, drip=0.05)], ids=["silent", "dripping"]
    )
    def test_a_slow_server_is_left(self, endpoint: Endpoint, fault: Fault) -> None:
        begun = time.monotonic()
        with pytest.raises(StoreUnavailable, match=r"did not answer within 1 s\.$"):
            self.remote(endpoint, fault, patience=HASTY).ask("ASK {}")
        assert time.monotonic() - begun < 10
        assert len(endpoint.requests) == 1

    def test_what_is_no_result_is_an_error(self, endpoint: Endpoint) -> None:
        html = {"Content-Type": "text/html; charset=utf-8"}
        with pytest.raises(StoreError, match="answered with a web page"):
            self.remote(endpoint, Fault(body=b"<html>", headers=html)).ask("ASK {}")
        with pytest.raises(StoreError, match="results that cannot be read"):
            list(self.remote(endpoint, Fault(body=b'{"head":{"vars":["x"]},')).select("SELECT * {}").rows)
        with pytest.raises(StoreError, match="answered an ASK query with solutions"):
            self.remote(endpoint, Fault(body=b'{"head":{"vars":[]},"results":{"bindings":[]}}')).ask("ASK {}")
        with pytest.raises(StoreError, match="answered a SELECT query with a truth value"):
            self.remote(endpoint, Fault(body=b'{"head":{},"boolean":true}')).select("SELECT * {}")
        with pytest.raises(StoreError, match="Turtle that cannot be read"):
            self.remote(endpoint, Fault(body=b"<a> <b>")).construct("DESCRIBE <a:a>")

    def test_a_redirect_is_named(self, endpoint: Endpoint) -> None:
        moved = Fault(302, headers={"Location": endpoint.url.replace("/sparql", "/moved")})
        with pytest.raises(StoreError, match=r"redirects to .*/moved|answered 50"):
            self.remote(endpoint, moved).ask("ASK {}")

    def test_nobody_there(self) -> None:
        with serving(quads()) as server:
            url = server.url
        with pytest.raises(StoreUnavailable, match="refuses the connection"):
            RemoteStore(url, QUICK).ask("ASK {}")

    @pytest.mark.parametrize("url", ["file:///etc/passwd", "localhost:3030/ds", ""])
    def test_only_web_addresses(self, url: str) -> None:
        with pytest.raises(UsageError, match="begins with http"):
            RemoteStore(url)

    def test_a_default_graph_that_is_no_union_is_noticed(self, endpoint: Endpoint) -> None:
        RemoteStore(endpoint.url, QUICK).require_union()
        with serving(quads(), union=False) as plain, pytest.raises(StoreError, match="is not the union"):
            RemoteStore(plain.url, QUICK).require_union()

    def test_fuseki_with_and_without_union(self, fuseki_address: str) -> None:
        RemoteStore(f"{fuseki_address}/union").require_union()
        with pytest.raises(StoreError, match=r"/plain is not the union .*unionDefaultGraph true"):
            RemoteStore(f"{fuseki_address}/plain").require_union()

    def test_fuseki_says_what_is_wrong(self, fuseki_address: str) -> None:
        with pytest.raises(QueryError, match=r"refused the query: .*[Pp]arse error"):
            RemoteStore(f"{fuseki_address}/union").select("SELECT * { ?s ?p }")
        with pytest.raises(StoreError, match="answered 404"):
            RemoteStore(f"{fuseki_address}/none").select("SELECT * { ?s ?p ?o }")


def test_a_damaged_store_is_an_error_of_the_store_whenever_it_shows(tmp_path: Path) -> None:
    quads = tmp_path / "graph.nq"
    quads.write_text("".join(f'<urn:s> <urn:p> "{n}" <urn:g> .\n' for n in range(5000)), "utf-8")
    write_store(tmp_path / "whole", [quads])
    told = set()
    for table in (tmp_path / "whole").glob("*.sst"):
        damaged = tmp_path / f"without-{table.stem}"
        shutil.copytree(tmp_path / "whole", damaged)
        content = bytearray(table.read_bytes())
        content[: len(content) // 2] = bytes(len(content) // 2)
        (damaged / table.name).write_bytes(content)
        for pattern in ("?s ?p ?o", "<urn:s> ?p ?o", '?s ?p "7"', "?s <urn:p> ?o"):
            try:
                for _ in EmbeddedStore.read_only(damaged).select(f"SELECT * {{ {pattern} }}").rows:
                    pass
            except StoreError as error:
                told.add(str(error).partition(":")[0])
    assert any("while answering" in text for text in told), told
