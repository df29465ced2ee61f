"""The parts of the server by themselves: cutting results, negotiation, waiting lines, frames, the sandbox."""

from __future__ import annotations

import asyncio
import json
import os
import re
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from multiprocessing import Pipe
from multiprocessing.connection import Connection

import pyoxigraph as ox
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from prometheus_client.parser import text_string_to_metric_families

from transfergraph.common.formats import RESULT_FORMATS, ResultFormat, result_format
from transfergraph.server.answer_cache import AnswerCache, CachedAnswer
from transfergraph.server.metrics import Metrics
from transfergraph.server.negotiation import choose_coding, choose_language, choose_media_type
from transfergraph.server.pool.fair_queue import FairQueue, QueueIsFull
from transfergraph.server.pool.ipc import (
    LONGEST,
    BrokenFrame,
    Failure,
    Part,
    Ready,
    ResponseEnd,
    ResponseHead,
    decode,
    encode,
    frame,
    receive_descriptor,
    send_descriptor,
)
from transfergraph.server.pool.requests import (
    ClientPreferences,
    MetadataRequest,
    PageRequest,
    QuestionRequest,
    SparqlRequest,
    WorkerRequest,
    pack_request,
    read_request,
)
from transfergraph.server.pool.worker_pool import read_frame
from transfergraph.server.routes.release_files import is_range
from transfergraph.server.worker.result_limits import LimitReached, ResultLimits, RowLimit

# What looks like the end of a row in one of the formats.
SIGNS = st.lists(
    st.sampled_from(
        [
            '"',
            "}",
            "{",
            ",",
            "},{",
            "\r\n",
            "\n",
            "\t",
            "\\",
            "<result>",
            "</result>",
            '"}},{"',
            "ä",
            "x",
            "[",
            "]",
        ]
    ),
    max_size=8,
).map("".join)


def result(texts: list[str], query: str) -> ox.QuerySolutions:
    store = ox.Store()
    for number, text in enumerate(texts):
        store.add(ox.Quad(ox.NamedNode("urn:s"), ox.NamedNode("urn:p"), ox.Literal(f"{text}{number}")))
    solutions = store.query(query)
    assert isinstance(solutions, ox.QuerySolutions)
    return solutions


def through(
    form: ResultFormat, solutions: ox.QuerySolutions, allowance: ResultLimits, block: int
) -> tuple[bytes, str]:
    """What a limiter lets through when the engine writes in blocks of this size, and at which limit it cut."""
    whole = solutions.serialize(format=form.oxigraph)
    assert whole is not None
    out = bytearray()
    limiter = RowLimit(form, allowance, out.extend)
    limiter._scan_size = block
    try:
        for at in range(0, len(whole), block):
            limiter.write(whole[at : at + block])
        limiter.close()
        return bytes(out), ""
    except LimitReached as enough:
        limiter.write(b"what the engine still had in its buffer")
        limiter.cut(enough.limit)
        return bytes(out), enough.limit


def count(form: ResultFormat, content: bytes) -> int:
    match form.name:
        case "json":
            return len(json.loads(content)["results"]["bindings"])
        case "csv":
            # the boundaries that RFC 4180 knows: line breaks outside quotation marks
            return sum(part.count("\r\n") for part in content.decode().split('"')[::2]) - 1
        case _:
            rows = ox.parse_query_results(content, format=form.oxigraph)
            assert isinstance(rows, ox.QuerySolutions)
            return sum(1 for _ in rows)


@pytest.mark.parametrize("form", RESULT_FORMATS, ids=lambda form: form.name)
@settings(max_examples=60, deadline=None)
@example(texts=[""] * 9, query="SELECT ?none { ?s ?p ?o }", rows=8, block=1)
@given(
    texts=st.lists(SIGNS, min_size=1, max_size=12),
    query=st.sampled_from(
        ["SELECT ?o { ?s ?p ?o }", "SELECT ?none ?o ?s { ?s ?p ?o }", "SELECT ?none { ?s ?p ?o }"]
    ),
    rows=st.integers(1, 14),
    block=st.integers(1, 40),
)
def test_a_result_is_cut_between_rows_and_nowhere_else(
    form: ResultFormat, texts: list[str], query: str, rows: int, block: int
) -> None:
    content, limit = through(
        form, result(texts, query), ResultLimits(rows, 10**9, time.monotonic() + 60), block
    )
    if len(texts) <= rows:
        assert limit == "" and content == result(texts, query).serialize(format=form.oxigraph)
    else:
        assert limit == "rows"
        said = 1 if form.name in ("csv", "tsv") else 0
        assert count(form, content) == rows + said
        assert f"cut after {rows} rows".encode() in content


@pytest.mark.parametrize("form", RESULT_FORMATS, ids=lambda form: form.name)
def test_a_result_is_cut_at_bytes_and_at_the_end_of_time(form: ResultFormat) -> None:
    texts = ["x" * 100] * 50
    content, limit = through(
        form, result(texts, "SELECT ?o { ?s ?p ?o }"), ResultLimits(1000, 2000, time.monotonic() + 60), 64
    )
    assert limit == "bytes" and 1500 < len(content) < 2600 and 5 < count(form, content) < 25
    many = result(["x" * 100] * 2000, "SELECT ?o { ?s ?p ?o }")
    content, limit = through(form, many, ResultLimits(10**6, 10**9, time.monotonic() - 1), 8192)
    assert limit == "time" and count(form, content) < 1500


def test_what_xml_cannot_hold_does_not_break_it() -> None:
    form = result_format("xml")
    content, _ = through(
        form,
        result(["a\x01b\x1f\t"], "SELECT ?o { ?s ?p ?o }"),
        ResultLimits(9, 10**6, time.monotonic() + 9),
        4096,
    )
    assert b"a?b?\t" in content


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        ("", "text/turtle"),
        ("*/*", "text/turtle"),
        ("text/html", "text/html"),
        ("text/html;q=0.5,text/turtle;q=0.4", "text/html"),
        ("text/*;q=0.3, text/html;q=0.7, */*;q=0.5", "text/html"),
        ("text/*;q=0.3, */*;q=0.5", "application/json"),
        ("text/turtle;q=0", None),
        ("text/turtle;q=0, */*;q=0.1", "text/html"),
        ("image/*", None),
        (";;;,,, /", None),
        ("text/turtle;q=2", "text/turtle"),
        ("text/turtle; charset=utf-8 ; q = 0.9, text/html;q=0.8", "text/turtle"),
        (",".join(f"a/b{n}" for n in range(500)) + ",text/html", None),
    ],
)
def test_media_types_are_chosen_as_rfc_9110_says(accept: str, chosen: str | None) -> None:
    offers = [("text/turtle", 1), ("text/html", 2), ("application/json", 3)]
    found = choose_media_type(accept, offers)
    assert (found[0] if found else None) == chosen


def test_languages_and_codings() -> None:
    both = ("de", "en")
    wanted = {
        "": "de",
        "en": "en",
        "en-US": "en",
        "fr, en;q=0.1": "en",
        "de;q=0.1, en;q=0.2": "en",
        "en;q=0": "de",
        "*": "de",
    }
    assert {field: choose_language(field, both) for field in wanted} == wanted
    codings = {
        "": "identity",
        "gzip": "gzip",
        "gzip, br": "br",
        "gzip;q=1, br;q=0.5": "gzip",
        "*": "br",
        "br;q=0, *": "gzip",
        "identity;q=1, gzip;q=0.5": "identity",
        "gzip;q=0, br;q=0": "identity",
        "deflate": "identity",
    }
    assert {field: choose_coding(field) for field in codings} == codings


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60))
def test_no_field_of_a_request_is_too_strange(field: str) -> None:
    choose_media_type(field, [("text/html", 1)])
    choose_language(field, ("de", "en"))
    choose_coding(field)
    assert not is_range(field) or re.fullmatch(r"(?i)bytes=\s*\d*-\d*\s*", field)


def test_clients_take_turns_in_a_line() -> None:
    line: FairQueue[int] = FairQueue(12)
    for number in range(3):
        line.put("greedy", number)
    with pytest.raises(QueueIsFull) as full:
        line.put("greedy", 3)
    assert full.value.own
    line.put("second", 10)
    line.put("third", 20)
    taken = [line.take() for _ in range(6)]
    assert taken == [("greedy", 0), ("second", 10), ("third", 20), ("greedy", 1), ("greedy", 2), None]
    for client in range(12):
        line.put(str(client), client)
    with pytest.raises(QueueIsFull) as full:
        line.put("late", 1)
    assert not full.value.own
    line.remove("3", 3)
    line.remove("none", 1)
    assert len(line) == 11 and "3" not in line and "4" in line
    assert line.take(lambda client: client == "7") == ("7", 7)
    assert line.take(lambda client: False) is None


JOBS: list[WorkerRequest] = [
    SparqlRequest(
        "ASK {} # ä\n\u2028", ClientPreferences("a", "b", "c", "br", "https://x/"), ("urn:a",), (), True
    ),
    PageRequest("organisation/m%C3%BC", ClientPreferences()),
    QuestionRequest("partners-of", (("organisation", "ü"), ("organisation", "")), ClientPreferences()),
    MetadataRequest("void", ClientPreferences()),
]


@pytest.mark.parametrize("job", JOBS, ids=lambda job: type(job).__name__)
def test_jobs_travel(job: WorkerRequest) -> None:
    assert read_request(pack_request(job)) == job


async def frames(stream: Iterable[bytes]) -> list[bytes]:
    """The frames of a stream that comes in these pieces."""
    reader, found = asyncio.StreamReader(), []

    async def send() -> None:
        for piece in stream:
            reader.feed_data(piece)
            await asyncio.sleep(0)
        reader.feed_eof()

    task = asyncio.create_task(send())
    with suppress(asyncio.IncompleteReadError):
        while True:
            found.append(await read_frame(reader))
    await task
    return found


@given(st.lists(st.binary(max_size=50), max_size=8), st.integers(1, 30))
def test_frames_come_in_any_pieces(contents: list[bytes], piece: int) -> None:
    stream = b"".join(map(frame, contents))
    assert asyncio.run(frames(stream[at : at + piece] for at in range(0, len(stream), piece))) == contents


@pytest.mark.parametrize("size", [0, 1, 16_384, 16_385, 1 << 20])
def test_frames_are_those_of_the_standard_library(size: int) -> None:
    ours, theirs = socket.socketpair()
    content = os.urandom(size)
    with ours, Connection(theirs.detach()) as connection:
        reader = threading.Thread(target=lambda: found.append(connection.recv_bytes()))
        found: list[bytes] = []
        reader.start()
        ours.sendall(frame(content))
        reader.join()
        sender = threading.Thread(target=connection.send_bytes, args=(content,))
        sender.start()
        received = b""
        while len(received) < size + 4:
            received += ours.recv(1 << 20)
        sender.join()
    assert found == [content] and received == frame(content)


def test_a_descriptor_is_handed_over_while_a_report_comes() -> None:
    ours, theirs = Pipe()
    reading, writing = os.pipe()
    with ours, theirs:
        theirs.send("a report")
        send_descriptor(ours, writing)
        os.close(writing)
        received = receive_descriptor(theirs)
        assert ours.recv() == "a report"
        os.write(received, b"x")
        assert os.read(reading, 1) == b"x"
        for one in (received, reading):
            os.close(one)
        ours.close()
        with pytest.raises(EOFError):
            receive_descriptor(theirs)


def test_a_worker_that_says_nonsense_is_not_believed() -> None:
    head, end = ResponseHead(200, (("content-type", "text/csv"),)), ResponseEnd("rows", 5)
    for message in (Part(b"a", head, end), Part(), Part(b"\xff"), Ready(), Failure("ä")):
        assert decode(encode(message)) == message
    for content in (
        b"",
        b"no",
        encode([]),
        encode(["Other"]),
        encode(["Part", b"", [200]]),
        encode(["Part", b"", {"status": 200, "headers": [["a", "b\r\nc"]]}]),
        encode(["Part", b"", {"status": 200, "headers": [["a", "b\n"]]}]),
        encode(["Part", b"", {"status": 999, "headers": []}]),
        encode(["Part", b"", {"status": 200, "headers": [["a"]]}]),
        encode(["Part", b"", {"status": "200", "headers": []}]),
        encode(["Part", b"", None, ["rows"]]),
        encode(["Part", "text"]),
        encode(Ready()) + b"x",
    ):
        with pytest.raises(BrokenFrame):
            decode(content)
    with pytest.raises(BrokenFrame):
        asyncio.run(frames([(LONGEST + 1).to_bytes(4)]))


def test_figures_are_read_by_prometheus() -> None:
    metrics, other = Metrics(Counter()), Metrics(Counter())
    metrics.count("page", 200, 0.3, 12)
    metrics.count("page", 404, 40.0, 1)
    metrics.closed["idle"] += 2
    metrics.state = lambda: iter(
        [("faults_total", "Faults.", "part", {'a "b"': 3}), ("size", "Size.", "", 1e9)]
    )
    found = {family.name: family for family in text_string_to_metric_families(metrics.exposition().decode())}
    assert {name.removeprefix("transfergraph_"): family.type for name, family in found.items()} == {
        "requests": "counter",
        "sent_bytes": "counter",
        "request_seconds": "histogram",
        "running_requests": "gauge",
        "closed_connections": "counter",
        "faults": "counter",
        "size": "gauge",
    }
    values = {(s.name, *s.labels.values()): s.value for family in found.values() for s in family.samples}
    assert values["transfergraph_requests_total", "page", "404"] == 1
    assert values["transfergraph_sent_bytes_total", "page"] == 13
    assert values["transfergraph_request_seconds_bucket", "page", "0.5"] == 1
    assert values["transfergraph_request_seconds_bucket", "page", "+Inf"] == 2
    assert values["transfergraph_closed_connections_total", "idle"] == 2
    assert values["transfergraph_faults_total", 'a "b"'] == 3 and values["transfergraph_size",] == 1e9
    assert b'status="' not in other.exposition()  # each server counts for itself


def test_a_cache_forgets_what_nobody_asks_for() -> None:
    cache = AnswerCache(10_000)
    kept = CachedAnswer(ResponseHead(200, ()), b"x" * 2000)
    for number in range(4):
        cache.put(b"%d" % number, kept)
        assert cache.get(b"0") is not None
    assert cache.get(b"1") is None and cache.size <= 10_000
    cache.put(b"big", CachedAnswer(ResponseHead(200, ()), b"x" * 20_000))
    assert cache.get(b"big") is None


SEALED = """
import os, socket, resource, sys
from transfergraph.common.sandbox import forbid_sockets, limit_memory
before, theirs = socket.socketpair()
forbid_sockets()
limit_memory(64)
before.send(b"x"); assert theirs.recv(1) == b"x"
for make in (socket.socket, lambda: socket.socket(socket.AF_INET6), lambda: socket.socket(socket.AF_UNIX),
             socket.socketpair, lambda: socket.create_connection(("127.0.0.1", 9))):
    try:
        make()
    except OSError:
        continue
    sys.exit("a socket was opened")
assert resource.getrlimit(resource.RLIMIT_CORE) == (0, 0)
child = os.fork()
if child == 0:
    try:
        socket.socket()
    except OSError:
        os._exit(0)
    os._exit(1)
assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
try:
    held = bytearray(256 << 20)
except MemoryError:
    sys.exit(0)
sys.exit("memory was not limited")
"""


def test_a_sealed_process_opens_no_socket_and_takes_no_more_memory() -> None:
    done = subprocess.run(
        [sys.executable, "-c", SEALED], capture_output=True, text=True, env=os.environ, check=False
    )
    assert done.returncode == 0, done.stderr
