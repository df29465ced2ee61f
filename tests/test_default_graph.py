"""The default graph is a set: a triple that two graphs state is found once, wherever and however it is asked."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import fuseki
import pyoxigraph as ox
import pytest
from endpoint import serving
from server_fixture import Served, served, small_limits
from test_two_sources import with_second
from typer.testing import CliRunner
from workspaces import make_workspace

import transfergraph as tg
from transfergraph.cli.app import app
from transfergraph.common.processes import QueryLimits
from transfergraph.errors import StoreError
from transfergraph.queries import Answer
from transfergraph.store import Store
from transfergraph.store.embedded import EmbeddedStore, load_dump, write_store
from transfergraph.store.remote import RemoteStore, open_remote
from transfergraph.store.retries import RetryPolicy
from transfergraph.store.sparql_tokens import graph_clauses
from transfergraph.store.supervised import SupervisedStore

COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
BASE = "https://w3id.org/transfergraph/saxony/"
FIRST, SECOND, DERIVED, VOCABULARY, DESCRIPTION = ALL = tuple(
    f"{BASE}graph/{name}" for name in ("source", "zweite", "derived", "vocabulary", "description")
)

RULE = """#+ summary_de: Wie viele Tripel es gibt, und was schon da steht.
#+ summary_en: How many triples there are, and what is there already.
CONSTRUCT { <https://example.org/all> <https://example.org/counted> ?n . ?s a ?class }
WHERE { { SELECT (COUNT(*) AS ?n) { ?s a <https://w3id.org/transfergraph/ontology#Region> } } UNION { ?s a ?class } }
"""
CHECK = """#+ summary_de: Jede Region wird gezählt.
#+ summary_en: Every region is counted.
#+ severity: info
#+ focus: ?region
#+ problem_de: {region} steht {n} mal da.
#+ problem_en: {region} is there {n} times.
#+ remedy_de: Nichts.
#+ remedy_en: Nothing.
SELECT ?region (COUNT(*) AS ?n) { ?region a <https://w3id.org/transfergraph/ontology#Region> } GROUP BY ?region
"""
QUESTION = """#+ summary_de: Zahl der Tripel
#+ summary_en: Number of triples
SELECT (COUNT(*) AS ?n) { ?s ?p ?o }
"""


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two sources that state much alike, and a rule that repeats what is stated."""
    root = with_second(make_workspace(tmp_path_factory.mktemp("two") / "ws"))
    for kind, name, text in (
        ("rules", "all", RULE),
        ("checks", "regions", CHECK),
        ("questions", "all", QUESTION),
    ):
        folder = root / "queries" / kind
        folder.mkdir(parents=True)
        (folder / f"{name}.rq").write_text(text, encoding="utf-8")
    return root


@pytest.fixture(scope="module")
def builds(workspace: Path) -> Path:
    outcome = tg.build(workspace, workspace / "build", accept_violations=True)
    assert outcome.release is not None
    return workspace / "build"


@pytest.fixture(scope="module")
def quads(builds: Path) -> list[ox.Quad]:
    """All quads, as a store has them."""
    loaded = ox.Store()
    for name in ("graph", "description"):
        with gzip.open(builds / "current" / "data" / f"{name}.nq.gz") as dump:
            loaded.load(dump.read(), format=ox.RdfFormat.N_QUADS)
    return list(loaded)


def distinct(quads: list[ox.Quad], *graphs: str) -> int:
    return len({quad.triple for quad in quads if not graphs or named(quad) in graphs})


def named(quad: ox.Quad) -> str:
    assert isinstance(quad.graph_name, ox.NamedNode)
    return quad.graph_name.value


def count(solutions: list[tuple[object, ...]]) -> int:
    (value,) = solutions[0]
    assert isinstance(value, ox.Literal)
    return int(value.value)


@pytest.fixture(scope="module", params=["on-disk", "dump", "supervised", "merged-later", "served", "fuseki"])
def store(
    request: pytest.FixtureRequest,
    builds: Path,
    quads: list[ox.Quad],
    workspace: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Store]:
    """Every kind of store, with the graph of the release."""
    release = builds / "current"
    match request.param:
        case "on-disk":
            yield EmbeddedStore.read_only(release / "store")
        case "dump":
            yield load_dump(release / "data" / "graph.nq.gz")
        case "supervised":
            supervised = SupervisedStore(QueryLimits(300, 2048), release / "data" / "graph.nq.gz")
            yield supervised
            supervised.empty()
        case "merged-later":
            later = SupervisedStore(QueryLimits(300, 2048))
            for graph in (FIRST, VOCABULARY, SECOND, DERIVED, DESCRIPTION):
                later.load(
                    _written(tmp_path_factory.mktemp("later"), [q for q in quads if named(q) == graph])
                )
                later.merge_graphs([graph])
            later._end()  # the next question begins a process that has to load and merge the same
            yield later
            later.empty()
        case "served":
            yield RemoteStore(
                f"{request.getfixturevalue('server_of_two').url}sparql", RetryPolicy(timeout=30)
            )
        case "fuseki":
            address = request.getfixturevalue("fuseki_server")
            fuseki.load(address, "twice", b"".join(_lines(quads)))
            yield open_remote(f"{address}/twice")


def _lines(quads: list[ox.Quad]) -> list[bytes]:
    return [f"{quad} .\n".encode() for quad in quads]


def _written(folder: Path, quads: list[ox.Quad]) -> Path:
    (folder / "quads.nq").write_bytes(b"".join(_lines(quads)))
    return folder / "quads.nq"


@pytest.fixture(scope="module")
def server_of_two(builds: Path, workspace: Path) -> Iterator[Served]:
    with served(builds, workspace) as running:
        yield running


def asked(store: Store, query: str) -> int:
    return count(list(store.select(query).rows))


def test_the_graphs_have_triples_in_common(builds: Path, quads: list[ox.Quad]) -> None:
    assert distinct(quads) < len(quads) - 100
    assert distinct(quads, FIRST, DERIVED) < distinct(quads, FIRST) + distinct(quads, DERIVED)
    manifest = tg.open(builds).manifest
    assert manifest.counts["triples"] == distinct(quads, FIRST, SECOND, DERIVED, VOCABULARY)
    assert manifest.describing == distinct(quads, DESCRIPTION) > 100
    assert manifest.counts["triples"] + manifest.describing == distinct(quads)


def test_every_triple_is_found_once_in_every_store(store: Store, quads: list[ox.Quad]) -> None:
    assert asked(store, COUNT) == distinct(quads)
    rows = list(store.select("SELECT ?s ?p ?o { ?s ?p ?o }").rows)
    assert len(rows) == len(set(rows)) == distinct(quads)


def test_graphs_that_are_named_have_what_they_state(store: Store, quads: list[ox.Quad]) -> None:
    assert asked(store, "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }") == len(quads)
    assert asked(store, f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{SECOND}> {{ ?s ?p ?o }} }}") == distinct(
        quads, SECOND
    )
    both = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o . GRAPH ?g { ?s ?p ?o } }"
    assert asked(store, both) == len(quads)


@pytest.mark.parametrize(
    "graphs", [(FIRST,), (FIRST, SECOND), (SECOND, DERIVED), (SECOND, FIRST, SECOND), (FIRST, FIRST)]
)
def test_a_default_graph_of_some_graphs_is_a_set_too(
    store: Store, quads: list[ox.Quad], graphs: tuple[str, ...]
) -> None:
    chosen = " ".join(f"FROM <{graph}>" for graph in graphs)
    assert asked(store, COUNT.replace("{", f"{chosen} {{", 1)) == distinct(quads, *graphs)
    again = "" if isinstance(store, RemoteStore) else f"FROM NAMED <{DERIVED}>"  # which Fuseki refuses
    beside = (
        f"{chosen} FROM NAMED <{DERIVED}> {again} {{ {{ ?s ?p ?o }} UNION {{ GRAPH ?g {{ ?s ?p ?o }} }} }}"
    )
    assert asked(store, f"SELECT (COUNT(*) AS ?n) {beside}") == distinct(quads, *graphs) + distinct(
        quads, DERIVED
    )


def test_all_graphs_together_are_the_default_graph(store: Store, quads: list[ox.Quad]) -> None:
    chosen = " ".join(f"FROM :{graph.rpartition('/')[2]}" for graph in ALL)
    query = f"PREFIX : <{BASE}graph/> SELECT (COUNT(*) AS ?n) {chosen} FROM <urn:none> {{ ?s ?p ?o }}"
    assert asked(store, query) == distinct(quads)


def test_a_graph_is_made_of_the_graphs_that_its_query_names(store: Store, quads: list[ox.Quad]) -> None:
    query = f"BASE <{BASE}graph/> CONSTRUCT {{ ?s ?p ?o }} FROM <source> FROM <derived> WHERE {{ ?s ?p ?o }}"
    assert len(set(store.construct(query))) == distinct(quads, FIRST, DERIVED)


@pytest.mark.parametrize(
    ("query", "default", "named"),
    [
        ("SELECT * { ?s ?p 'FROM' }", None, None),
        ("SELECT (STR(?from) AS ?x) { { SELECT * FROM <a:b> {} } }", None, None),
        ("CONSTRUCT { ?s ?p 'FROM <a:b>' } WHERE { ?s ?p ?o }", None, None),
        ("SELECT * FROM <a:b> FROM NAMED <a:c> FROM a:d { FROM <e:f> }", ("<a:b>", "a:d"), ("<a:c>",)),
        ("CONSTRUCT { ?s ?p ?o } FROM <a:b> { ?s ?p ?o }", ("<a:b>",), ()),
        ("CONSTRUCT FROM NAMED <a:b> WHERE { ?s ?p ?o }", (), ("<a:b>",)),
        ("BASE <a:b> # FROM\nDESCRIBE <c> from<d>", ("<d>",), ()),
        ("select(1 as ?x)from named<http://x/>{}", (), ("<http://x/>",)),
        ("NAMED FROM", None, None),
        ("FROM", None, None),
    ],
)
def test_what_a_query_says_of_its_graphs(
    query: str, default: tuple[str, ...] | None, named: tuple[str, ...] | None
) -> None:
    found = graph_clauses(query)
    assert (found and found.default, found and found.named) == (default, named)


def test_questions_rules_and_checks_count_each_triple_once(builds: Path, quads: list[ox.Quad]) -> None:
    for release in (tg.open(builds), tg.open(builds, limits=QueryLimits(60, 1024))):
        for result in (release.question("all"), release.sparql(COUNT)):
            assert isinstance(result, Answer) and count(list(result.rows)) == distinct(quads)
    derived = [quad.object for quad in quads if quad.predicate.value == "https://example.org/counted"]
    assert derived == [ox.Literal(2)]  # the regions of the small workspace
    told = [finding for finding in tg.open(builds).report().findings if finding.code == "regions"]
    assert {finding.message.english.split(" is there ")[1] for finding in told} == {"1 times."} and len(
        told
    ) == 2


@pytest.mark.filterwarnings("ignore:Dataset:DeprecationWarning")  # of rdflib's own reader
def test_python_gives_a_graph_whose_default_graph_is_a_set(builds: Path, quads: list[ox.Quad]) -> None:
    graph = tg.open(builds).graph()
    assert len(list(graph.triples((None, None, None)))) == tg.open(builds).manifest.counts["triples"]


@pytest.mark.parametrize("options", [[], ["--limit", "10"]])
def test_the_command_line_counts_alike(
    builds: Path, quads: list[ox.Quad], options: list[str], tmp_path: Path
) -> None:
    (tmp_path / "count.rq").write_text(COUNT, encoding="utf-8")
    command = ["query", "--file", str(tmp_path / "count.rq"), "--release", str(builds), "-f", "csv", *options]
    answer = CliRunner().invoke(app, command)
    assert answer.exit_code == 0 and answer.stdout.split() == ["n", str(distinct(quads))]


@pytest.fixture(scope="module", params=["in-memory", "on-disk", "remote"])
def server(
    request: pytest.FixtureRequest, builds: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Served]:
    if request.param == "in-memory":
        yield request.getfixturevalue("server_of_two")
        return
    folder = tmp_path_factory.mktemp("settings") / "ws"
    options: tuple[str, ...] = ()
    if request.param == "remote":
        options = ("--store", f"{request.getfixturevalue('server_of_two').url}sparql")
    with served(builds, small_limits(folder, memory_triples=1), *options) as running:
        yield running


def test_the_protocol_chooses_graphs_and_counts_each_triple_once(
    server: Served, quads: list[ox.Quad]
) -> None:
    assert [row["n"] for row in server.rows(COUNT)] == [str(distinct(quads))]
    for default, named_graphs in (([FIRST, SECOND], []), ([FIRST, FIRST], [DERIVED]), ([], [SECOND, SECOND])):
        chosen = [("default-graph-uri", one) for one in default] + [
            ("named-graph-uri", one) for one in named_graphs
        ]
        query = "SELECT (COUNT(*) AS ?n) { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }"
        answer = server.get("sparql?" + urlencode([("query", query), *chosen]))
        (row,) = answer.json["results"]["bindings"]
        expected = (distinct(quads, *default) if default else 0) + sum(
            distinct(quads, one) for one in set(named_graphs)
        )
        assert int(row["n"]["value"]) == expected, chosen


def test_a_release_whose_graphs_have_nothing_in_common_is_kept_once(
    first_release: tuple[Path, Path], builds: Path
) -> None:
    plain = EmbeddedStore.read_only(first_release[1] / "current" / "store")
    assert not plain.is_merged and EmbeddedStore.read_only(builds / "current" / "store").is_merged
    assert tg.open(builds).verify() == []


def test_a_store_that_finds_a_triple_twice_is_refused(quads: list[ox.Quad]) -> None:
    loaded = ox.Store()
    loaded.extend(quads)
    with serving(loaded) as endpoint, pytest.raises(StoreError, match="twice"):
        open_remote(endpoint.url)


def test_numbers_that_the_store_takes_for_one_are_one_triple(tmp_path: Path) -> None:
    decimal = "http://www.w3.org/2001/XMLSchema#decimal"
    with gzip.open(tmp_path / "graph.nq.gz", "wt") as dump:
        dump.write(
            f'<urn:s> <urn:p> "1.5"^^<{decimal}> <urn:a> .\n<urn:s> <urn:p> "1.50"^^<{decimal}> <urn:b> .\n'
        )
    store = load_dump(tmp_path / "graph.nq.gz")
    assert asked(store, COUNT) == asked(store, COUNT.replace("{", "FROM <urn:a> FROM <urn:b> {", 1)) == 1


def test_a_large_graph_is_merged_piece_by_piece(tmp_path: Path) -> None:
    lines = [f'<urn:s{n}> <urn:p> "{n % 5}"^^<http://www.w3.org/2001/XMLSchema#integer>' for n in range(1000)]
    quads, triples = tmp_path / "all.nq", tmp_path / "all.nt"
    quads.write_text("".join(f"{line} <urn:{g}> .\n" for line in lines for g in "ab"), encoding="utf-8")
    triples.write_text("".join(f"{line} .\n" for line in lines), encoding="utf-8")
    write_store(tmp_path / "store", [quads], triples=triples)
    store = EmbeddedStore.read_only(tmp_path / "store")
    assert asked(store, COUNT) == 1000 and len(store) == 3000
