"""Why a query ended without an answer: each cause is told by its own words, to clients and on the command line."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from server_fixture import ENDLESS, Answer, Served, children, release_of, served, small_limits

import transfergraph as tg
from transfergraph.common.process_endings import Ending, ending, first_words
from transfergraph.messages import text
from transfergraph.server.pool.ipc import Exited, Spawned
from transfergraph.server.pool.response_buffer import Budget, WorkerResponse
from transfergraph.server.pool.worker_pool import WorkerHandle, WorkerPool
from transfergraph.server.problems import KINDS, ended

MIXED_TIMES = """SELECT ?x {
  VALUES ?d { 1 2 3 } VALUES ?z { "" "Z" "+12:00" "-12:00" }
  VALUES ?h { "00" "03" "05" "07" "09" "11" "13" "17" "21" "23" }
  BIND(STRDT(CONCAT("2020-01-0", STR(?d), "T", ?h, ":00:00", ?z), <http://www.w3.org/2001/XMLSchema#dateTime>) AS ?x)
} ORDER BY ?x"""
MIXED_DATES = (
    MIXED_TIMES.replace('"T", ?h, ":00:00", ', "")
    .replace("#dateTime", "#date")
    .replace("VALUES ?d { 1 2 3 }", "VALUES ?d { 1 2 3 4 5 6 7 8 9 }")
)
MIXED_DESCENDING = MIXED_TIMES.replace("ORDER BY ?x", "ORDER BY DESC(?x)")
WIDE = (
    "SELECT ?t27 { BIND('aaaaaaaa' AS ?t0) "
    + "".join(f"BIND(CONCAT(?t{n}, ?t{n}) AS ?t{n + 1}) " for n in range(27))
    + "}"
)
DEEP = "ASK { FILTER(" + "(" * 60_000 + "1" + ")" * 60_000 + ") }"
PANIC = b"\nthread '<unnamed>' (7) panicked at /rustc/sort.rs:854:5:\nuser-provided order\nstack backtrace:\n 0: x\n"


@pytest.mark.parametrize(
    ("status", "words", "expected"),
    [
        (-signal.SIGABRT, PANIC, Ending.ENGINE),
        (-signal.SIGABRT, b"memory allocation of 280 bytes failed\nstack backtrace:\n", Ending.MEMORY),
        (
            -signal.SIGABRT,
            b"terminate called after throwing an instance of 'std::bad_alloc'\n",
            Ending.MEMORY,
        ),
        (-signal.SIGABRT, PANIC + b"memory allocation of 8 bytes failed\n", Ending.ENGINE),
        (-signal.SIGABRT, b"\nthread 'x' has overflowed its stack\nfatal runtime error", Ending.CRASH),
        (-signal.SIGABRT, b"", Ending.ENGINE),
        (-signal.SIGSEGV, b"", Ending.CRASH),
        (-signal.SIGBUS, b"", Ending.CRASH),
        (-signal.SIGILL, b"", Ending.ENGINE),
        (-signal.SIGKILL, b"", Ending.KILLED),
        (-signal.SIGTERM, b"", Ending.KILLED),
        (1, b"Traceback", Ending.FAILURE),
        (0, b"", Ending.FAILURE),
    ],
)
def test_an_ending_is_told_from_the_status_and_the_last_words(
    status: int, words: bytes, expected: Ending
) -> None:
    assert ending(status, words) is expected


def test_of_the_words_of_an_engine_the_trace_is_left_out() -> None:
    told = first_words(PANIC)
    assert told.endswith("854:5: user-provided order") and "\n" not in told
    assert len(first_words(b"x" * 5000)) == 300


def test_each_ending_has_its_own_problem_in_both_languages() -> None:
    problems = [ended(one, **({"seconds": 2} if one is Ending.TIME else {})) for one in Ending]
    assert {one.kind for one in problems} == {str(one) for one in Ending} <= set(KINDS)
    assert (
        len({one.detail.english for one in problems})
        == len({one.detail.in_language("de") for one in problems})
        == len(Ending)
    )
    statuses = {one.kind: one.status for one in problems}
    assert statuses["engine"] == 500  # the query is right, and asking again does not help
    assert statuses["time"] == statuses["memory"] == statuses["crash"] == 422
    for problem in problems:
        assert (problem.status == 503) == ("retry-after" in dict(problem.headers))


def graph_in(folder: Path, seconds: int) -> Path:
    """A release of 500 triples whose queries may take so long."""
    quads = b"".join(b'<urn:s%d> <urn:p> "%d" <urn:g> .\n' % (n, n) for n in range(500))
    release_of(quads, folder / "build", seconds=seconds)
    return folder / "build"


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return graph_in(tmp_path_factory.mktemp("graph"), 10)


@pytest.fixture(scope="module")
def server(graph: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    workspace = small_limits(tmp_path_factory.mktemp("served") / "workspace", time_seconds=10)
    with served(graph, workspace) as running:
        yield running


def refused(server: Served, query: str, language: str = "en") -> Answer:
    headers = {"Content-Type": "application/sparql-query", "Accept-Language": language}
    answer = server.ask("/sparql", "POST", query.encode(), headers)
    assert answer.media_type == "application/problem+json"
    return answer


def kind(answer: Answer) -> str:
    return str(answer.json["type"]).rpartition("#")[2]


def ended_count(server: Served, reason: str) -> float:
    return server.metrics().get(f'transfergraph_ended_queries_total{{reason="{reason}"}}', 0)


def test_the_first_words_leave_out_the_trace_and_how_to_have_one() -> None:
    said = b"\nthread '<unnamed>' (7) panicked at /rustc/sort.rs:854:5:\nuser-provided order\n"
    for rest in (
        b"stack backtrace:\n 0: x\n",
        b"note: run with `RUST_BACKTRACE=1` environment variable to display\n",
    ):
        assert (
            first_words(said + rest)
            == "thread '<unnamed>' (7) panicked at /rustc/sort.rs:854:5: user-provided order"
        )


@pytest.mark.parametrize(
    "query", [MIXED_TIMES, MIXED_DATES, MIXED_DESCENDING], ids=["times", "dates", "desc"]
)
def test_an_abort_of_the_engine_is_not_told_as_a_want_of_memory(
    server: Served, query: str, capfd: pytest.CaptureFixture[str]
) -> None:
    before, memory = ended_count(server, "engine"), ended_count(server, "memory")
    answer = refused(server, query)
    assert (answer.status, kind(answer)) == (500, "engine")
    assert answer.json["detail"] == text("ended.engine", "en")
    german = refused(server, query, "de-DE")
    assert german.json["detail"] == text("ended.engine", "de") and german.field("content-language") == "de"
    assert ended_count(server, "engine") == before + 2 and ended_count(server, "memory") == memory
    told = [line for line in server.log if line["event"] == "worker-ended"]
    assert "panicked" in told[-1]["words"] and "backtrace" not in told[-1]["words"]
    assert "backtrace" not in capfd.readouterr().err


def test_what_needs_too_much_memory_says_so(server: Served) -> None:
    before = ended_count(server, "memory")
    answer = refused(server, WIDE)
    assert (answer.status, kind(answer)) == (422, "memory")
    assert ended_count(server, "memory") == before + 1
    answer = refused(server, "SELECT (1 AS ?x) " + "{" * 9000 + "}" * 9000)
    assert (answer.status, kind(answer)) == (422, "crash")


def test_what_takes_too_long_says_so(server: Served) -> None:
    answer = refused(server, ENDLESS, "de")
    assert (answer.status, kind(answer), answer.json["limit"]) == (422, "time", 10)
    assert answer.json["detail"] == text("ended.time", "de", seconds=10)


@pytest.fixture
def patient_server(tmp_path: Path) -> Iterator[Served]:
    """A server that ends no query by time, however slow the machine is."""
    workspace = small_limits(tmp_path / "workspace", time_seconds=600)
    with served(graph_in(tmp_path, 600), workspace) as running:
        yield running


def test_what_the_system_kills_and_what_the_end_of_all_workers_stops_say_so(patient_server: Served) -> None:
    server = patient_server

    def ask(found: list[Answer]) -> threading.Thread:
        thread = threading.Thread(target=lambda: found.append(refused(server, f"{ENDLESS} # {len(found)}")))
        thread.start()
        server.wait_for('transfergraph_workers{state="heavy"}', 1)
        return thread

    (fork_server,) = children(server.process.pid)
    found: list[Answer] = []
    thread = ask(found)
    for worker in children(fork_server):
        os.kill(worker, signal.SIGKILL)
    thread.join(120)
    assert (found[0].status, kind(found[0])) == (503, "killed") and found[0].headers["retry-after"]
    server.wait_for('transfergraph_workers{state="heavy"}', 0)
    thread = ask(found)
    os.kill(fork_server, signal.SIGKILL)
    thread.join(120)
    assert (found[1].status, kind(found[1])) == (503, "stopping")


def test_a_worker_that_the_system_does_not_allow_leaves_the_others_in_step() -> None:
    async def run() -> None:
        endings: list[Ending] = []
        pool = WorkerPool(lambda _: None, lambda _: None, lambda end, _: endings.append(end))
        pool.is_open = True
        never, second = WorkerHandle(pool), WorkerHandle(pool)
        pool.workers |= {never, second}
        pool._without_pid.extend((never, second))
        for pid in (0, 7):
            pool._take(Spawned(pid))
        assert (never.pid, second.pid) == (0, 7)
        pool.on_hang_up(never, None)
        reply = WorkerResponse(Budget(0, 0), "")
        pool.on_hang_up(second, reply)
        pool._take(Exited(7, -signal.SIGABRT, PANIC))
        assert await reply.finished_within(10)
        assert endings == [Ending.ENGINE] and reply.problem is not None and reply.problem.kind == "engine"

    asyncio.run(run())


def call(builds: Path, query: str, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "transfergraph", "query", "--file", "-", "--release", str(builds)]
    return subprocess.run([*command, *options], input=query, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("query", "options", "cause"),
    [
        (MIXED_TIMES, (), "engine"),
        (MIXED_DATES, (), "engine"),
        (DEEP, (), "crash"),
        (WIDE, ("--megabytes", "64"), "memory"),
        (ENDLESS, ("--seconds", "1"), "time"),
    ],
)
def test_a_query_that_breaks_off_ends_the_command_with_one_line(
    graph: Path, query: str, options: tuple[str, ...], cause: str
) -> None:
    done = call(graph, query, "--lang", "de", *options)
    values = {"seconds": 1} if cause == "time" else {}
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr == text(f"ended.{cause}", "de", **values) + "\n"


def test_a_query_that_is_wrong_is_told_as_before(graph: Path) -> None:
    done = call(graph, "SELECT * { ?s }")
    assert done.returncode == 2 and "line 1, column" in done.stderr and done.stderr.count("\n") == 1
    assert call(graph, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", "-f", "csv").stdout == "n\n500\n"


def test_limits_are_there_for_python_too(graph: Path) -> None:
    release = tg.open(graph, limits=tg.QueryLimits(seconds=60, megabytes=64))
    query = "SELECT ?s ?o { ?s ?p ?o } ORDER BY ?s ?o"
    assert release.sparql(query, limit=7) == tg.open(graph).sparql(query, limit=7)
    construct = "CONSTRUCT WHERE { ?s ?p ?o }"
    assert release.sparql(construct) == tg.open(graph).sparql(construct)
    assert release.sparql("ASK { ?s ?p '7' }") == tg.open(graph).sparql("ASK { ?s ?p '7' }")
    with pytest.raises(tg.QueryStopped) as stopped:
        release.sparql(MIXED_TIMES)
    assert stopped.value.cause == "engine" and str(stopped.value) == text("ended.engine", "en")
    with pytest.raises(tg.QueryError) as wrong:
        release.sparql("SELECT * {")
    assert wrong.value.position is not None and not isinstance(wrong.value, tg.QueryStopped)


def test_a_remote_store_needs_no_process(graph: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("transfergraph.release.reader.open_remote", lambda *_, **__: tg.open(graph).store)
    monkeypatch.setattr("transfergraph.release.reader.run_isolated", pytest.fail)
    release = tg.open(graph, "http://localhost:9/sparql", tg.QueryLimits())
    assert release.sparql("SELECT ?s { ?s ?p '7' }").write("csv") == "s\r\nurn:s7\r\n"
