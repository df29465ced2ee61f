"""Clients that mean no good, on one server: whatever they do, light queries are answered quickly."""

from __future__ import annotations

import itertools
import os
import resource
import select
import socket
import statistics
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlencode

import pytest
from server_fixture import ENDLESS, Answer, Served, descendants, limited, served, small_limits

LIGHT = "SELECT ?p ?o { <https://w3id.org/transfergraph/saxony/organisation/htw-dresden> ?p ?o } LIMIT 20"
NUMBERS = itertools.count()
CROSS = "{ ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"


@pytest.fixture(scope="module")
def server(saxon_builds: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    workspace = small_limits(tmp_path_factory.mktemp("served") / "workspace")
    with served(limited(saxon_builds, workspace), workspace) as running:
        yield running


def ask(server: Served, query: str, client: str = "192.0.2.1", timeout: float = 30) -> Answer:
    """Send a query as a client with this address."""
    headers = {"X-Forwarded-For": client, "Content-Type": "application/sparql-query"}
    return server.ask("/sparql", "POST", query.encode(), headers, timeout)


def light(server: Served, client: str = "198.51.100.7") -> float:
    """How long a light query takes that no cache knows."""
    begun = time.monotonic()
    answer = ask(server, f"{LIGHT} # {next(NUMBERS)}", client)
    assert answer.status == 200, answer.text
    return time.monotonic() - begun


BOMBS: dict[str, tuple[str, set[int]]] = {
    "endless": (ENDLESS, {422}),
    "count of a product": (f"SELECT (COUNT(*) AS ?n) {CROSS}", {422}),
    "distinct rows of a product": (f"SELECT DISTINCT ?a ?d ?g ?j {CROSS}", {200, 422}),
    "one enormous text": (f"SELECT (GROUP_CONCAT(CONCAT(STR(?a), STR(?d))) AS ?x) {CROSS}", {422}),
    "order of a product": (f"SELECT * {CROSS} ORDER BY ?l ?i ?f LIMIT 1", {422}),
    "nested groups": ("SELECT * " + "{" * 6000 + "}" * 6000, {422}),
    "nested parentheses": ("ASK { FILTER(" + "(" * 6000 + "1" + ")" * 6000 + ") }", {422}),
    "nested EXISTS": ("ASK { " + "FILTER EXISTS { " * 1500 + "}" * 1500 + " }", {422}),
    "planning": ("ASK { " + " ".join(f"?s{n} ?p{n} ?o{n} ." for n in range(300)) + " }", {200, 422}),
    "endless path": (
        "SELECT (COUNT(*) AS ?n) { ?a (!<urn:x>|!^<urn:x>)* ?b . ?b (!<urn:x>|!^<urn:x>)* ?c }",
        {422},
    ),
    "bad pattern": (
        "ASK { FILTER(REGEX('" + "a" * 20000 + "', '(a*)*(a*)*(a*)*b')) " + CROSS[1:],
        {200, 400, 422},
    ),
    "doubling": (
        "SELECT ?t26 { BIND('aaaaaaaa' AS ?t0) "
        + " ".join(f"BIND(CONCAT(?t{n}, ?t{n}) AS ?t{n + 1})" for n in range(27))
        + " }",
        {200, 422},
    ),
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_bomb_ends_and_nobody_else_notices(server: Served, bomb: str) -> None:
    query, statuses = BOMBS[bomb]
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(ask, server, query)
        times: list[float] = []
        while not running.done() or not times:
            times.append(light(server))
            time.sleep(0.02)
        answer = running.result()
    assert answer.status in statuses, answer.text[:500]
    if answer.status == 422:
        assert answer.media_type == "application/problem+json"
        assert answer.json["type"].rpartition("#")[2] in ("time", "memory", "crash")
    assert statistics.median(times) < 0.25
    server.wait_for('transfergraph_workers{state="all"}', 2)


def test_one_client_with_many_heavy_queries_keeps_nobody_from_a_light_one(server: Served) -> None:
    def attack(number: int) -> int:
        return ask(server, f"{ENDLESS} # {number}", "192.0.2.66", timeout=60).status

    with ThreadPoolExecutor(40) as pool:
        attacks = [pool.submit(attack, number) for number in range(40)]
        time.sleep(0.3)
        times = [light(server) for _ in range(100)]
        statuses = {one.result() for one in attacks}
    times.sort()
    assert times[97] < 0.25, times[-5:]
    # some ran into the limit of time, the others were told that they are too many or waited in vain
    assert {422, 429} <= statuses <= {422, 429, 503}
    assert server.sparql(LIGHT).status == 200


def test_too_many_of_one_client_are_told_when_to_come_back(server: Served) -> None:
    with ThreadPoolExecutor(24) as pool:
        answers = list(pool.map(lambda n: ask(server, f"{ENDLESS} # {n}", "192.0.2.67", 60), range(24)))
    refused = [answer for answer in answers if answer.status == 429]
    assert refused
    for answer in refused:
        assert int(answer.field("retry-after")) > 0 and answer.json["type"].endswith("#share")


def test_a_heavy_query_of_another_client_gets_its_turn(server: Served) -> None:
    """One client never has all the places for heavy queries."""
    heavy = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f FILTER(?c = ?f && ?a != ?d) }"
    with ThreadPoolExecutor(5) as pool:
        attacks = [pool.submit(ask, server, f"{ENDLESS} # {n}", "192.0.2.68", 60) for n in range(4)]
        time.sleep(0.3)
        begun = time.monotonic()
        assert ask(server, heavy, "198.51.100.8").status in (200, 422)
        assert time.monotonic() - begun < 4
        for attack in attacks:
            attack.result()


def test_a_client_that_leaves_frees_its_worker(server: Served) -> None:
    for _ in range(3):
        with server.socket() as connection:
            address = "/sparql?" + urlencode({"query": ENDLESS})
            connection.sendall(f"GET {address} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
            server.wait_for('transfergraph_workers{state="heavy"}', 1)
        begun = time.monotonic()
        server.wait_for('transfergraph_workers{state="heavy"}', 0)
        assert time.monotonic() - begun < 1.5
    assert server.metrics()['transfergraph_ended_queries_total{reason="left"}'] >= 3


def test_a_large_result_flows_before_it_is_whole(server: Served) -> None:
    query = "SELECT ?s { ?s ?p ?o . ?a ?b ?c FILTER(STRLEN(MD5(CONCAT(STR(?s), STR(?a), STR(?o), STR(?c)))) > 0) }"
    head = "POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/sparql-query\r\n"
    with server.socket() as connection:
        connection.sendall(f"{head}Content-Length: {len(query)}\r\n\r\n{query}".encode())
        received = b""
        while b'"bindings":[{"s"' not in received:
            received += connection.recv(65536)
    assert b"transfer-encoding: chunked" in received or b"content-length" in received


def exchange(server: Served, sent: bytes, pause: float = 0.0) -> bytes:
    """Send bytes as they are and read until the server closes the connection."""
    with server.socket() as connection:
        connection.sendall(sent)
        time.sleep(pause)
        received = b""
        try:
            while part := connection.recv(65536):
                received += part
                if pause == 0.0 and b"\r\n\r\n" in received and b"connection: close" not in received.lower():
                    break
        except ConnectionResetError:
            pass
        return received


REQUESTS: dict[str, tuple[bytes, bytes]] = {
    "no host": (b"GET /health HTTP/1.1\r\n\r\n", b"HTTP/1.1 400"),
    "bad host": (b"GET /health HTTP/1.1\r\nHost: a b<script>\r\n\r\n", b"HTTP/1.1 400"),
    "two hosts": (b"GET /health HTTP/1.1\r\nHost: localhost\r\nHost: b\r\n\r\n", b"HTTP/1.1 400"),
    "nonsense": (b"\x00\x01\x02\r\n\r\n", b"HTTP/1.1 400"),
    "tls": (bytes.fromhex("16030100a5010000a1030352362c10"), b"HTTP/1.1 400"),
    "bare line feeds in a field": (
        b"GET /health HTTP/1.1\r\nHost: localhost\r\nX: b\nc\r\n\r\n",
        b"HTTP/1.1 400",
    ),
    "length and chunks": (
        b"POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"HTTP/1.1 400",
    ),
    "two lengths": (
        b"POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nabcd",
        b"HTTP/1.1 400",
    ),
    "negative length": (
        b"POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
        b"HTTP/1.1 400",
    ),
    "long field": (
        b"GET /health HTTP/1.1\r\nHost: localhost\r\nX: " + b"a" * 600_000 + b"\r\n\r\n",
        b"HTTP/1.1 400",
    ),
    "many fields": (
        b"GET /health HTTP/1.1\r\nHost: localhost\r\n" + b"X: y\r\n" * 120_000 + b"\r\n",
        b"HTTP/1.1 400",
    ),
    "connect": (b"CONNECT example.org:443 HTTP/1.1\r\nHost: localhost\r\n\r\n", b"HTTP/1.1 4"),
    "proxy request": (b"GET http://example.org/health HTTP/1.1\r\nHost: example.org\r\n\r\n", b"HTTP/1.1 "),
    "body of a GET": (
        b"GET /organisation/htw-dresden HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\nabc",
        b"HTTP/1.1 303",
    ),
    "body of a GET to the endpoint": (
        b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\n\r\nabc",
        b"HTTP/1.1 200",
    ),
    "large body of a GET": (
        b"GET /organisation/htw-dresden HTTP/1.1\r\nHost: localhost\r\nContent-Length: 70000\r\n\r\n",
        b"HTTP/1.1 303",
    ),
    "trace": (b"TRACE / HTTP/1.1\r\nHost: localhost\r\n\r\n", b"HTTP/1.1 405"),
    "star": (b"OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n", b"HTTP/1.1 "),
    "endless chunks": (
        b"POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/sparql-query\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n"
        + b"8000\r\n"
        + b"#" * 0x8000
        + b"\r\n"
        + b"10000\r\n"
        + b"#" * 0x10000,
        b"HTTP/1.1 413",
    ),
    "websocket": (
        b"GET /sparql HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n",
        b"HTTP/1.1 ",
    ),
}


@pytest.mark.parametrize("attack", REQUESTS)
def test_requests_that_break_the_rules_of_http(server: Served, attack: str) -> None:
    sent, expected = REQUESTS[attack]
    received = exchange(server, sent)
    assert received.startswith(expected), received[:300]
    assert b"Traceback" not in received
    assert server.sparql(LIGHT).status == 200


def test_the_name_of_the_host_is_not_trusted_blindly(server: Served) -> None:
    for host, status in (("a/b?c", 421), ("localhost, evil.example", 421), ("evil.example, localhost", 303)):
        headers = {"X-Forwarded-Host": host, "X-Forwarded-Proto": "x"}
        answer = server.ask("/organisation/htw-dresden", headers=headers)
        assert answer.status == status and "evil" not in (answer.headers["location"] or "")


def test_slow_clients_do_not_occupy_the_server(server: Served) -> None:
    """Headers that never end, bodies that never end, answers that nobody reads."""
    slow: list[socket.socket] = []
    try:
        for number in range(60):
            connection = server.socket()
            slow.append(connection)
            if number % 3 == 0:
                connection.sendall(b"GET /health HTTP/1.1\r\nHost: localhost\r\nX-Slow: ")
            elif number % 3 == 1:
                connection.sendall(
                    b"POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/sparql-query\r\n"
                    b"Content-Length: 1000\r\n\r\nASK {"
                )
            else:
                address = "/sparql?" + urlencode({"query": f"SELECT * {{ ?s ?p ?o }} # {number}"})
                connection.sendall(f"GET {address} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        times = sorted(light(server) for _ in range(50))
        assert times[45] < 0.25
        # those who keep the server waiting for a header are sent away
        slow[0].settimeout(15)
        assert slow[0].recv(1000) == b""
    finally:
        for connection in slow:
            connection.close()


def test_as_many_files_may_be_open_as_there_may_be_connections(saxon_builds: Path, tmp_path: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (256, hard))
    try:
        with served(saxon_builds, small_limits(tmp_path / "workspace")) as server:
            limit = resource.prlimit(server.process.pid, resource.RLIMIT_NOFILE)[0]
            assert limit == (4096 if hard == resource.RLIM_INFINITY else min(4096, hard))
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_connections_that_do_nothing_are_bounded(server: Served) -> None:
    idle = [server.socket() for _ in range(100)]
    try:
        assert light(server) < 1
    finally:
        for connection in idle:
            connection.close()


def test_one_client_behind_a_proxy_has_as_many_requests_as_one_without(server: Served) -> None:
    """All of them come from the address of the proxy, which is no reason to refuse the others."""
    request = b"POST /sparql HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: 192.0.2.70\r\n"
    request += b"Content-Type: application/sparql-query\r\nContent-Length: 9\r\n\r\n"
    held = [server.socket() for _ in range(128)]
    try:
        for connection in held:
            connection.sendall(request)
        server.wait_for("transfergraph_running_requests", 129)
        refused = ask(server, LIGHT, "192.0.2.70")
        assert refused.status == 429 and refused.json["type"].endswith("#share")
        assert int(refused.field("retry-after")) > 0
        assert light(server) < 1
    finally:
        for connection in held:
            connection.close()
    server.wait_for("transfergraph_running_requests", 1)
    assert ask(server, LIGHT, "192.0.2.70").status == 200


def test_memory_and_processes_stay_flat(server: Served) -> None:
    def memory() -> int:
        return int(server.metrics()["transfergraph_resident_bytes"])

    def traffic() -> None:
        for number in range(150):
            light(server)
            ask(
                server,
                "SELECT * " + "{" * 6000 if number % 25 == 0 else f"SELECT * {{ ?s ?p ?o }} # {number}",
            )

    traffic()
    server.wait_for('transfergraph_workers{state="all"}', 2)
    before, processes = memory(), len(server.processes())
    traffic()
    server.wait_for('transfergraph_workers{state="all"}', 2)
    assert len(server.processes()) == processes == 4
    assert memory() - before < 40 << 20


def test_workers_cannot_open_a_socket(server: Served) -> None:
    """The filter of the kernel is on in every worker, so it does not matter what a query finds a way to."""
    workers = [number for number in descendants(server.process.pid) if _parent(number) != server.process.pid]
    assert len(workers) == 2
    for worker in workers:
        status = dict(
            line.split(":\t", 1)
            for line in Path(f"/proc/{worker}/status").read_text().splitlines()
            if ":\t" in line
        )
        assert status["Seccomp"] == "2" and status["NoNewPrivs"] == "1"


def _parent(number: int) -> int:
    return int(Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[1])


def test_a_killed_nursery_is_replaced(server: Served) -> None:
    fork_server = next(n for n in descendants(server.process.pid) if _parent(n) == server.process.pid)
    before = set(descendants(server.process.pid))
    os.kill(fork_server, 9)
    ends = time.monotonic() + 60
    while server.get("health").status != 200 or server.sparql(f"{LIGHT} # new").status != 200:
        assert time.monotonic() < ends
        time.sleep(0.1)
    ends = time.monotonic() + 60
    while before & set(descendants(server.process.pid)) or any(_exists(number) for number in before):
        assert time.monotonic() < ends
        time.sleep(0.1)


def _exists(number: int) -> bool:
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_running_queries_end_before_the_server_does(saxon_builds: Path, tmp_path: Path) -> None:
    workspace = small_limits(tmp_path / "workspace", time_seconds=4)
    answers: list[Answer] = []
    with served(limited(saxon_builds, workspace), workspace) as server:

        def wait() -> None:
            answers.append(ask(server, ENDLESS))

        thread = threading.Thread(target=wait)
        thread.start()
        server.wait_for('transfergraph_workers{state="heavy"}', 1)
    thread.join(20)
    assert [answer.status for answer in answers] == [422]
    assert server.log[-1]["event"] != "failure"


def test_memory_does_not_grow_with_a_result_that_nobody_reads(saxon_builds: Path, tmp_path: Path) -> None:
    limits = {"time_seconds": 300, "result_megabytes": 40, "client_spool_megabytes": 128}
    workspace = small_limits(tmp_path / "workspace", rows=75_000, **limits)
    query = "SELECT * { ?a ?b ?c . ?d ?e ?f }"
    with served(limited(saxon_builds, workspace), workspace) as server:
        before = server.metrics()["transfergraph_resident_bytes"]
        slow = [server.socket() for _ in range(2)]
        for connection in slow:
            head = "POST /sparql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/sparql-query\r\n"
            connection.sendall(f"{head}Content-Length: {len(query)}\r\n\r\n{query}".encode())
        greatest, received = before, 0
        ends = time.monotonic() + 300
        while server.metrics()['transfergraph_workers{state="heavy"}'] or greatest == before:
            greatest = max(greatest, server.metrics()["transfergraph_resident_bytes"])
            assert time.monotonic() < ends
            # a little, so that none falls behind the least rate of readers
            taken = [len(one.recv(1 << 15)) for one in select.select(slow, [], [], 0)[0]]
            received += sum(taken)
            time.sleep(0.1)
        # the workers are free although the clients have taken little of the results
        assert received < 40 << 20
        received = 0
        slow[0].settimeout(60)
        while received < 20 << 20:
            part = slow[0].recv(1 << 20)
            assert part
            received += len(part)
        greatest = max(greatest, server.metrics()["transfergraph_resident_bytes"])
        assert greatest - before < 24 << 20
        for connection in slow:
            connection.close()
