"""Rules, checks, shapes and questions of a workspace run in a process that alone ends when one of them fails."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from workspaces import copied, declare, make_workspace

from transfergraph import build, site
from transfergraph.common.processes import QueryLimits
from transfergraph.errors import QueryError, QueryStopped, StoreError, TransfergraphError, WorkspaceError
from transfergraph.store.embedded import EmbeddedStore
from transfergraph.store.supervised import SupervisedStore

QUADS = "".join(
    f'<https://example.org/{i}> <https://example.org/p> "{i}"@en <https://example.org/g> .\n'
    for i in range(300)
)
ALL = "SELECT ?s ?o WHERE { ?s ?p ?o } ORDER BY ?s"
ENDLESS = "{ ?s ?p ?o . ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(CONCAT(STR(?o), STR(?c), STR(?i)) = '') }"
LARGE = "{ ?s ?p ?o . ?a ?b ?c . ?d ?e ?f BIND(CONCAT(STR(?s), STR(?a), STR(?d)) AS ?x) }"
DEEP = f"{{ ?s ?p ?o FILTER({'(' * 50_000}1{')' * 50_000}) }}"
LONG = f"{{ ?s ?p ?o FILTER(?s = ?o{' || ?s = ?o' * 50_000}) }}"
NEGATED = f"{{ ?s ?p ?o FILTER({'!' * 100_000}BOUND(?s)) }}"


@pytest.fixture
def quads(tmp_path: Path) -> Path:
    file = tmp_path / "graph.nq"
    file.write_text(QUADS)
    return file


def supervised(quads: Path, seconds: int = 300, megabytes: int = 500) -> SupervisedStore:
    store = SupervisedStore(QueryLimits(seconds, megabytes))
    store.load(quads)
    return store


def test_it_answers_as_the_embedded_store_does(quads: Path) -> None:
    store, embedded = supervised(quads), EmbeddedStore.in_memory()
    embedded.load(quads)
    made = "CONSTRUCT { ?s <https://example.org/q> ?o } WHERE { ?s ?p ?o }"
    here, there = store.select(ALL), embedded.select(ALL)
    assert here.variables == there.variables
    assert list(here.rows) == list(there.rows)
    assert set(store.construct(made)) == set(embedded.construct(made))
    assert store.ask("ASK { ?s ?p '7'@en }")
    assert not store.ask("ASK { ?s ?p '7' }")
    for query in ("SELECT", "ASK { ?s ?p ?o }", "SELECT * { SERVICE <https://example.org/> { ?s ?p ?o } }"):
        with pytest.raises(QueryError) as error:
            embedded.select(query)
        with pytest.raises(QueryError) as other:
            store.select(query)
        assert (str(error.value), error.value.position) == (str(other.value), other.value.position)
    store.empty()
    assert list(store.select(ALL).rows) == []
    store.empty()


@pytest.mark.parametrize(
    "iri", ["https://a.de/b[c", "https://a.de/#b#c", "https://a.de:x/", "https://a.de/%zz"]
)
def test_an_iri_that_no_parser_reads_is_an_error_of_the_store(tmp_path: Path, iri: str) -> None:
    file = tmp_path / "graph.nq"
    file.write_text(f"<https://example.org/1> <https://example.org/p> <{iri}> <https://example.org/g> .\n")
    store = supervised(file)
    with pytest.raises(StoreError, match="while answering"):
        list(store.select(ALL).rows)
    store.write_triples("CONSTRUCT WHERE { ?s ?p ?o }", tmp_path / "made.nt")
    assert f"<{iri}>".encode() in (tmp_path / "made.nt").read_bytes()
    store.empty()


@pytest.mark.parametrize(
    ("query", "cause", "limits"),
    [
        (f"SELECT * {ENDLESS}", "time", {"seconds": 1}),
        (f"SELECT ?x {LARGE} ORDER BY ?x", "memory", {"megabytes": 100}),
        (f"SELECT ?x {LARGE}", "memory", {"megabytes": 100}),
        *((f"SELECT * {deep}", "crash", {}) for deep in (DEEP, LONG, NEGATED)),
    ],
    ids=["endless", "sorted", "large", "deep", "long", "negated"],
)
def test_a_query_that_ends_the_process_ends_nothing_else(
    quads: Path, query: str, cause: str, limits: dict[str, int]
) -> None:
    store = supervised(quads, **limits)
    with pytest.raises(QueryStopped) as stopped:
        store.select(query)
    assert stopped.value.cause == cause
    assert len(list(store.select(ALL).rows)) == 300
    store.empty()


def test_it_answers_from_a_release(first_release: tuple[Path, Path]) -> None:
    release = first_release[1] / "current"
    for stored in (release / "store", release / "data" / "graph.nq.gz"):
        store = SupervisedStore(QueryLimits(), stored)
        assert store.ask("ASK { ?s ?p ?o }")
        store.empty()


def test_a_site_ends_with_a_question_that_takes_too_much_and_names_it(
    first_release: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root, output = copied(first_release, tmp_path)
    question(root, ENDLESS)  # without parameters: a build does not answer it
    release = build(root, output).release
    assert release is not None
    monkeypatch.setattr("transfergraph.publish.static_site.LIMITS", QueryLimits(seconds=2))
    with pytest.raises(QueryError, match=r"own\.rq.*longer than 2 seconds"):
        site(release, tmp_path / "site", "http://localhost/graph/")
    assert not (tmp_path / "site").exists()


def test_triples_that_are_more_than_an_answer_may_have_go_into_a_file(quads: Path, tmp_path: Path) -> None:
    store, file = supervised(quads, megabytes=100), tmp_path / "made.nt"
    made = "WHERE { ?s ?p ?o . ?a ?b ?c BIND(CONCAT(STR(?s), STR(?a), '%s') AS ?x) }" % ("long" * 60)
    store.write_triples(f"CONSTRUCT {{ ?s ?p ?x }} {made}", file)
    assert 20 << 20 < file.stat().st_size < 100 << 20
    with pytest.raises(QueryStopped) as stopped:
        list(store.construct(f"CONSTRUCT {{ ?s ?p ?x }} {made}"))
    assert stopped.value.cause == "memory"
    with pytest.raises((QueryStopped, StoreError), match=r"too large|more memory"):
        store.write_triples(f"CONSTRUCT {{ ?s ?p ?x . ?a ?b ?x . ?s ?b ?x . ?a ?p ?x }} {made}", file)
    assert file.stat().st_size <= 100 << 20
    store.empty()


def test_a_process_that_cannot_start_leaves_nothing_open(
    quads: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    before = len(list(Path("/proc/self/fd").iterdir()))
    with pytest.raises(StoreError, match=r"cannot be started.*/nowhere/python"):
        supervised(quads)
    assert len(list(Path("/proc/self/fd").iterdir())) == before


def test_threads_start_no_process_that_would_end_with_them(quads: Path) -> None:
    store, caught = supervised(quads), []

    def ask() -> None:
        for query in (f"SELECT * {DEEP}", ALL):
            try:
                store.select(query)
            except QueryStopped as error:
                caught.append(error.cause)

    thread = threading.Thread(target=ask)
    thread.start()
    thread.join()
    assert caught == ["crash", "killed"]
    assert len(list(store.select(ALL).rows)) == 300
    store.empty()


HEADER = "#+ summary_de: Ein\n#+ summary_en: One\n"
CHECK = f"""{HEADER}#+ severity: info
#+ focus: ?s
#+ problem_de: Fehler
#+ problem_en: Fault
#+ remedy_de: Abhilfe
#+ remedy_en: Remedy
"""
SHAPE = """@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix tg: <https://w3id.org/transfergraph/ontology#> .
@prefix ex: <https://example.org/> .
ex:Endless a sh:NodeShape ; sh:targetClass tg:Organisation ; sh:sparql ex:Endless-query .
ex:Endless-query sh:select "SELECT $this WHERE %s" .
"""


def rule(root: Path, pattern: str) -> None:
    text = f"{HEADER}CONSTRUCT {{ ?s <https://example.org/x> ?x }} WHERE {pattern}"
    declare(root, "queries/rules/own.rq", text)


def check(root: Path, pattern: str) -> None:
    declare(root, "queries/checks/own.rq", f"{CHECK}SELECT ?s WHERE {pattern}")


def question(root: Path, pattern: str) -> None:
    declare(root, "queries/questions/own.rq", f"{HEADER}SELECT ?s WHERE {pattern}")


def shape(root: Path, pattern: str) -> None:
    declare(root, "ontology/own.shapes.ttl", SHAPE % pattern.replace("{ ?s", "{ $this ?y ?z . ?s", 1))


def handed_over(root: Path, pattern: str) -> None:
    shape(root, f"{pattern} ORDER BY ?z LIMIT 1")


@pytest.mark.share
@pytest.mark.parametrize(
    ("put", "pattern", "named"),
    [
        (rule, ENDLESS, "queries/rules/own.rq"),
        (rule, DEEP, "queries/rules/own.rq"),
        (check, ENDLESS, "queries/checks/own.rq"),
        (check, LONG, "queries/checks/own.rq"),
        (question, DEEP, "queries/questions/own.rq"),
        (shape, ENDLESS, "https://example.org/Endless"),
        (handed_over, ENDLESS, "https://example.org/Endless"),
    ],
    ids=[
        "endless rule",
        "deep rule",
        "endless check",
        "long check",
        "deep question",
        "endless shape",
        "endless shape for pySHACL",
    ],
)
def test_what_fails_is_named_and_the_run_goes_on_to_say_so(
    tmp_path: Path, put: Callable[[Path, str], None], pattern: str, named: str
) -> None:
    root = make_workspace(tmp_path / "workspace")
    settings = root / "transfergraph.toml"
    text = settings.read_text(encoding="utf-8").replace("[limits]\n", "[limits]\nquery_seconds = 2\n")
    settings.write_text(text, encoding="utf-8")
    put(root, pattern)
    with pytest.raises(WorkspaceError) as error:
        build(root, tmp_path / "build")
    assert named in str(error.value)
    assert "longer than 2 seconds" in str(error.value) or "nested too deeply" in str(error.value)
    assert isinstance(error.value, TransfergraphError)
