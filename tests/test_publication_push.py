"""Loading a release into a server: whole, as a patch, in place; broken off and gone on with; refused."""

from __future__ import annotations

import dataclasses
import os
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from store_server import PASSWORD, TOKEN, USER, Mishap, StoreServer, storing
from workspaces import TABLES, copied, edited

import transfergraph as tg
from transfergraph.common.progress import Stage
from transfergraph.publish.push import graph_store
from transfergraph.publish.push import sparql_updates as updates
from transfergraph.publish.push.dump_batches import batches, contents, difference, quad_lines, split
from transfergraph.publish.push.endpoint import EndpointAddresses, addresses, read_credentials
from transfergraph.publish.push.graph_store import GraphStore
from transfergraph.publish.push.push_state import PushNames, read_state
from transfergraph.store.embedded import EmbeddedStore
from transfergraph.store.retries import RetryPolicy

BASE = "https://w3id.org/transfergraph/saxony/"
NAMES = PushNames(BASE)
QUICK = RetryPolicy(timeout=5, attempts=4, first_wait=0.01, longest_wait=0.1)
SMALL = 3_000  # bytes of a part, so that there are many


@pytest.fixture(autouse=True)
def nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """No credentials from outside reach these tests."""
    for name in ("USER", "PASSWORD", "TOKEN"):
        monkeypatch.delenv(f"TRANSFERGRAPH_PUSH_{name}", raising=False)


@pytest.fixture(scope="module")
def releases(first_release: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Two releases, one after the other; the second has one more source and a changed project."""
    root, output = copied(first_release, tmp_path_factory.mktemp("push"))
    first = tg.open(output).path
    other = root / "data" / "other"
    other.mkdir()
    settings = (root / "data" / "source" / "source.toml").read_text("utf-8").partition("[rows]")[0]
    (other / "source.toml").write_text(f"{settings}[rows]\nsources = [1, 5]\n", "utf-8")
    (other / "sources.csv").write_text(TABLES["sources"].replace("page,", "other-page,", 1), "utf-8")
    changed = edited("projects", "Pilotvorhaben", r"C:\users \u0041 Ünïcode")
    (root / "data" / "source" / "projects.csv").write_text(changed, "utf-8")
    second = tg.build(root, output).release
    assert second is not None and first != second
    return first, second


@pytest.fixture
def server() -> Iterator[StoreServer]:
    with storing() as running:
        yield running


def quads(release: Path) -> set[str]:
    return {line.decode().removesuffix(" .\n") for line in quad_lines(release)}


def held(server: StoreServer) -> set[str]:
    """What the server holds, but for the graph that states it."""
    return {str(quad) for quad in server.store if quad.graph_name != ox.NamedNode(NAMES.state_graph)}


def exactly(server: StoreServer, release: Path) -> bool:
    return exactly_as(held(server), release)


def exactly_as(found: set[str], release: Path) -> bool:
    """True when these are the statements of a release, as the engine of the server spells them."""
    expected = ox.Store()
    expected.load(b"".join(quad_lines(release)), format=ox.RdfFormat.N_QUADS)
    return found == {str(quad) for quad in expected}


def test_a_release_is_sent_whole_and_verified(server: StoreServer, releases: tuple[Path, Path]) -> None:
    steps: list[tuple[Stage, int, int]] = []
    pushed = tg.push(
        releases[0], server.url, part_bytes=SMALL, patience=QUICK, advance=lambda *told: steps.append(told)
    )
    assert pushed.manner == "whole" and pushed.resumed == 0
    assert exactly(server, releases[0])
    assert sum(pushed.graphs.values()) == len(quads(releases[0])) and len(pushed.graphs) == 4
    assert pushed.sampled >= 100
    state = read_state(GraphStore(addresses(server.url), read_credentials({}), QUICK), NAMES)
    assert state.version == pushed.release and state.following is None
    sent = [done for step, done, _ in steps if step is Stage.SEND]
    assert sent == sorted(sent) and len(sent) > 20
    assert max(total for step, _, total in steps if step is Stage.SEND) == sent[-1]
    longest = max(map(len, quad_lines(releases[0])))  # a query may be longer than a part
    assert max(size for method, path, size in server.requests if path == "/store") < SMALL + longest
    assert not [graph for graph in server.graphs() if "/push/" in graph]


def test_a_release_that_is_there_is_not_sent_again(server: StoreServer, releases: tuple[Path, Path]) -> None:
    tg.push(releases[0], server.url, patience=QUICK)
    server.requests.clear()
    again = tg.push(releases[0], server.url, patience=QUICK)
    assert again.manner == "nothing" and again.sampled >= 100
    assert {path for _, path, _ in server.requests} == {"/query"}


def test_a_release_before_it_is_patched(server: StoreServer, releases: tuple[Path, Path]) -> None:
    tg.push(releases[0], server.url, patience=QUICK)
    server.requests.clear()
    pushed = tg.push(releases[1], server.url, patience=QUICK)
    assert pushed.manner == "patch"
    assert (pushed.added, pushed.removed) == (
        len(quads(releases[1]) - quads(releases[0])),
        len(quads(releases[0]) - quads(releases[1])),
    )
    assert pushed.added > 0 < pushed.removed
    assert exactly(server, releases[1])
    assert [path for _, path, _ in server.requests if path != "/query"] == ["/update"]
    assert f"{BASE}graph/other" in server.graphs()
    # and back again: any release that is kept will do
    assert tg.push(releases[0], server.url, patience=QUICK).manner == "patch"
    assert exactly(server, releases[0])
    assert f"{BASE}graph/other" not in server.graphs()


def test_whole_is_whole_and_takes_away_what_the_release_lacks(
    server: StoreServer, releases: tuple[Path, Path]
) -> None:
    tg.push(releases[1], server.url, patience=QUICK)
    assert tg.push(releases[0], server.url, whole=True, patience=QUICK).manner == "whole"
    assert exactly(server, releases[0])


def test_what_does_not_belong_to_the_releases_stays(server: StoreServer, releases: tuple[Path, Path]) -> None:
    s, p, o, g = (ox.NamedNode(f"https://example.org/{name}") for name in "spog")
    foreign = ox.Quad(s, p, o, g)
    nearby = ox.Quad(foreign.subject, foreign.predicate, foreign.object, ox.NamedNode(f"{BASE}notes"))
    server.store.extend([foreign, nearby])
    tg.push(releases[0], server.url, patience=QUICK)
    tg.push(releases[1], server.url, whole=True, patience=QUICK)
    assert foreign in server.store and nearby in server.store


def test_a_store_that_was_tampered_with_gets_the_whole(
    server: StoreServer, releases: tuple[Path, Path]
) -> None:
    tg.push(releases[0], server.url, patience=QUICK)
    quad = next(iter(server.store.quads_for_pattern(None, None, None, ox.NamedNode(f"{BASE}graph/source"))))
    server.store.remove(quad)
    assert tg.push(releases[1], server.url, patience=QUICK).manner == "whole"
    assert exactly(server, releases[1])


def test_without_updates_graphs_are_replaced_in_place(
    server: StoreServer, releases: tuple[Path, Path]
) -> None:
    query = server.url.replace("/store", "/query")
    where = server.url + "?x=1"  # an address of no known form
    with pytest.raises(tg.UsageError, match="--query-url"):
        tg.push(releases[0], where, patience=QUICK)
    pushed = tg.push(releases[0], where, query_url=query, part_bytes=SMALL, patience=QUICK)
    assert pushed.manner == "whole" and exactly(server, releases[0])
    pushed = tg.push(releases[1], where, query_url=query, part_bytes=SMALL, patience=QUICK)
    assert pushed.manner == "whole" and exactly(server, releases[1])
    assert all(path != "/update" for _, path, _ in server.requests)


@pytest.mark.parametrize("in_place", [False, True])
def test_what_breaks_off_is_gone_on_with(
    server: StoreServer, releases: tuple[Path, Path], in_place: bool
) -> None:
    tg.push(releases[0], server.url, patience=QUICK)
    old = held(server)
    sent = 0

    def break_off(method: str, path: str) -> Mishap | None:
        nonlocal sent
        sent += path == "/store"
        return Mishap(status=500) if sent > 15 else None

    server.mishap = break_off
    with pytest.raises(tg.StoreError, match=r"500 .*No\."):
        tg.push(releases[1], server.url, whole=True, in_place=in_place, part_bytes=SMALL, patience=QUICK)
    server.mishap = lambda method, path: None
    state = read_state(GraphStore(addresses(server.url), read_credentials({}), QUICK), NAMES)
    assert state.following == NAMES.release(releases[1].name)
    if in_place:
        assert state.version is None  # nobody can take the mixture for a release
    else:
        assert state.version == releases[0].name
        assert {line for line in held(server) if "/push/" not in line} == old  # the old graphs are whole
    server.requests.clear()
    pushed = tg.push(releases[1], server.url, whole=True, in_place=in_place, part_bytes=SMALL, patience=QUICK)
    assert 5 < pushed.resumed < 16
    assert exactly(server, releases[1])


def break_off_after(server: StoreServer, count: int) -> None:
    """Let the server refuse graphs after so many of them."""
    sent = 0

    def break_off(method: str, path: str) -> Mishap | None:
        nonlocal sent
        sent += path == "/store"
        return Mishap(status=500) if sent > count else None

    server.mishap = break_off


def behave(server: StoreServer) -> None:
    """Let the server do what it is asked to."""
    server.mishap = lambda method, path: None


def test_a_first_push_that_was_broken_off_is_gone_on_with(
    server: StoreServer, releases: tuple[Path, Path]
) -> None:
    break_off_after(server, 12)
    with pytest.raises(tg.StoreError):
        tg.push(releases[0], server.url, part_bytes=SMALL, patience=QUICK)
    behave(server)
    state = read_state(GraphStore(addresses(server.url), read_credentials({}), QUICK), NAMES)
    assert state.version is None and state.following == NAMES.release(releases[0].name)
    assert 5 < tg.push(releases[0], server.url, part_bytes=SMALL, patience=QUICK).resumed < 13
    assert exactly(server, releases[0])
    assert all(path != "/update" for _, path, _ in server.requests)


@pytest.mark.parametrize("there", [False, True])
def test_a_push_that_was_broken_off_can_be_followed_by_another_release(
    server: StoreServer, releases: tuple[Path, Path], there: bool
) -> None:
    if there:
        tg.push(releases[1], server.url, patience=QUICK)
    break_off_after(server, 10)
    with pytest.raises(tg.StoreError):
        tg.push(releases[0], server.url, whole=True, part_bytes=SMALL, patience=QUICK)
    behave(server)
    assert bool([graph for graph in server.graphs() if "/push/" in graph]) == there
    assert tg.push(releases[1], server.url, patience=QUICK).resumed == 0
    assert exactly(server, releases[1])


def test_what_was_loaded_by_other_means_is_not_harmed_before_the_new_is_there(
    server: StoreServer, releases: tuple[Path, Path]
) -> None:
    server.store.load(b"".join(quad_lines(releases[0])), format=ox.RdfFormat.N_QUADS)
    for _ in range(2):
        break_off_after(server, 10)
        with pytest.raises(tg.StoreError):
            tg.push(releases[1], server.url, part_bytes=SMALL, patience=QUICK)
        old = {line for line in held(server) if "/push/" not in line}
        assert exactly_as(old, releases[0])
    behave(server)
    tg.push(releases[1], server.url, part_bytes=SMALL, patience=QUICK)
    assert exactly(server, releases[1])


def test_busy_servers_are_asked_again(server: StoreServer, releases: tuple[Path, Path]) -> None:
    faults = iter(
        [
            Mishap(status=503, headers={"Retry-After": "0"}),
            Mishap(drop=True),
            Mishap(status=429),
            Mishap(drop=True, late=True),
            Mishap(status=502),
        ]
    )

    def stumble(method: str, path: str) -> Mishap | None:
        every_third = len(server.requests) % 3 == 0
        return next(faults, None) if path != "/update" and every_third else None

    server.mishap = stumble
    assert tg.push(releases[0], server.url, part_bytes=SMALL, patience=QUICK).manner == "whole"
    assert next(faults, None) is None
    assert exactly(server, releases[0])


@pytest.mark.parametrize("late", [False, True])
def test_an_update_whose_answer_is_lost_is_looked_after(
    server: StoreServer, releases: tuple[Path, Path], late: bool
) -> None:
    tg.push(releases[0], server.url, patience=QUICK)
    for whole, release in ((False, releases[1]), (True, releases[0])):
        faults = [Mishap(drop=True, late=late)]

        def lose(method: str, path: str, left: list[Mishap] = faults) -> Mishap | None:
            return left.pop() if left and path == "/update" else None

        server.mishap = lose
        server.requests.clear()
        pushed = tg.push(release, server.url, whole=whole, patience=QUICK)
        assert pushed.manner == ("whole" if whole else "patch")
        assert exactly(server, release)
        assert [path for _, path, _ in server.requests].count("/update") == (1 if late else 2)


def test_a_server_that_loses_statements_is_found_out(
    server: StoreServer, releases: tuple[Path, Path]
) -> None:
    def lose(method: str, path: str) -> Mishap | None:
        if path == "/query":
            for one in server.graphs():
                if "/push/" in one and server.graph(one) > 100:
                    server.store.remove(
                        next(iter(server.store.quads_for_pattern(None, None, None, ox.NamedNode(one))))
                    )
        return None

    tg.push(releases[1], server.url, patience=QUICK)
    server.mishap = lose
    with pytest.raises(tg.StoreError, match="instead of"):
        tg.push(releases[0], server.url, whole=True, patience=QUICK)
    state = read_state(GraphStore(addresses(server.url), read_credentials({}), QUICK), NAMES)
    assert state.version == releases[1].name
    behave(server)
    tg.push(releases[0], server.url, whole=True, patience=QUICK)
    assert exactly(server, releases[0])


def test_values_are_removed_and_looked_up_however_a_server_spells_them() -> None:
    lines = {
        "decimal": b'<http://s> <http://p> "57056"^^<http://www.w3.org/2001/XMLSchema#decimal> <http://g> .\n',
        "date": b'<http://s> <http://p> "2020-01-01"^^<http://www.w3.org/2001/XMLSchema#date> <http://g> .\n',
        "edtf": b'<http://s> <http://p> "2019"^^<http://id.loc.gov/datatypes/edtf/EDTF> <http://g> .\n',
        "text": b'<http://s> <http://p> "57056"@de <http://g> .\n',
    }
    triples = {name: split(line)[1] for name, line in lines.items()}
    assert [name for name in triples if updates.has_value(triples[name])] == ["decimal", "date"]
    store = ox.Store()
    store.load(b"".join(lines.values()).replace(b'"57056"^^', b'"57056.00"^^'), format=ox.RdfFormat.N_QUADS)

    def found(wanted: Iterable[bytes]) -> int:
        ((count,),) = EmbeddedStore(store).select(updates.look_up("http://g", wanted)).rows
        return int(count.value) if isinstance(count, ox.Literal) else 0

    assert found(triples.values()) == 4
    assert found(triple.replace(b"57056", b"57057") for triple in triples.values()) == 2
    store.update(updates.patch(NAMES, lines.values(), [], b""))
    assert not [quad for quad in store if quad.graph_name == ox.NamedNode("http://g")]


def test_a_server_that_holds_other_statements_is_found_out(
    server: StoreServer, releases: tuple[Path, Path]
) -> None:
    tg.push(releases[0], server.url, patience=QUICK)
    graph = ox.NamedNode(f"{BASE}graph/vocabulary")
    for quad in list(server.store.quads_for_pattern(None, None, None, graph)):
        server.store.remove(quad)
        server.store.add(ox.Quad(quad.subject, quad.predicate, ox.Literal(str(quad.object) + "!"), graph))
    with pytest.raises(tg.StoreError, match=r"lacks 25 of 25 statements of .*graph/vocabulary.*--whole"):
        tg.push(releases[0], server.url, patience=QUICK)
    tg.push(releases[0], server.url, whole=True, patience=QUICK)


@pytest.mark.parametrize(
    ("scheme", "environment"),
    [
        ("basic", {"USER": USER, "PASSWORD": PASSWORD}),
        ("digest", {"USER": USER, "PASSWORD": PASSWORD}),
        ("bearer", {"TOKEN": TOKEN}),
    ],
)
def test_credentials_come_from_the_environment(
    releases: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch, scheme: str, environment: dict[str, str]
) -> None:
    with storing(scheme=scheme) as server:
        with pytest.raises(tg.StoreError, match=r"refuses the credentials \(401 .*TRANSFERGRAPH_PUSH_USER"):
            tg.push(releases[0], server.url, patience=QUICK)
        for name, value in environment.items():
            monkeypatch.setenv(f"TRANSFERGRAPH_PUSH_{name}", value)
        tg.push(releases[0], server.url, patience=QUICK)
        assert exactly(server, releases[0])
        for name in environment:
            monkeypatch.setenv(f"TRANSFERGRAPH_PUSH_{name}", "wrong")
        with pytest.raises(tg.StoreError, match="refuses the credentials") as refused:
            tg.push(releases[1], server.url, patience=QUICK)
        assert "wrong" not in str(refused.value)
        assert exactly(server, releases[0])


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"USER": "x"}, "belong together"),
        ({"PASSWORD": "x"}, "belong together"),
        ({"USER": "x", "PASSWORD": "y", "TOKEN": "z"}, "both set"),
        ({"TOKEN": "a\nb"}, "control characters"),
    ],
)
def test_half_or_broken_credentials_are_refused(environment: dict[str, str], said: str) -> None:
    with pytest.raises(tg.UsageError, match=said):
        read_credentials({f"TRANSFERGRAPH_PUSH_{name}": value for name, value in environment.items()})
    assert "hidden" not in repr(dataclasses.replace(read_credentials({}), token="hidden"))


def test_a_server_that_is_not_there_is_named(releases: tuple[Path, Path]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    with pytest.raises(tg.StoreUnavailable, match=rf"127.0.0.1:{port}/query refuses the connection.*4 times"):
        tg.push(releases[0], f"http://127.0.0.1:{port}/store", patience=QUICK)
    with pytest.raises(tg.StoreError, match="cannot be reached"):
        tg.push(releases[0], "http://no-such-host.invalid/store", patience=QUICK)


def test_a_server_that_cannot_be_trusted_is_named(tmp_path: Path) -> None:
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("openssl is not installed")
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    command = [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost"]
    subprocess.run([*command, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with storing() as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        url = server.url.replace("http:", "https:")
        with pytest.raises(tg.StoreError, match=r"cannot be trusted: .*self-signed certificate"):
            GraphStore(addresses(url), read_credentials({}), QUICK).select("SELECT * {}")


def test_a_server_that_does_not_answer_is_given_up(server: StoreServer, releases: tuple[Path, Path]) -> None:
    server.mishap = lambda method, path: Mishap(status=200, wait=1.5) if path == "/store" else None
    with pytest.raises(tg.StoreUnavailable, match=r"did not answer within 1 s.*2 times"):
        tg.push(releases[0], server.url, patience=RetryPolicy(timeout=1, attempts=2, first_wait=0.01))


def test_a_silent_server_is_named_after_its_first_query_alone(
    server: StoreServer, releases: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(graph_store, "_FIRST", 1)
    server.mishap = lambda method, path: Mishap(status=200, wait=1.5)
    with pytest.raises(tg.StoreError, match=r"/query did not answer within 1 s"):
        tg.push(releases[0], server.url)  # which may wait 600 seconds, four times
    assert [path for _, path, _ in server.requests] == ["/query"]


def test_a_redirect_is_not_followed(server: StoreServer, releases: tuple[Path, Path]) -> None:
    server.mishap = lambda method, path: Mishap(status=307, headers={"Location": "http://elsewhere.example/"})
    with pytest.raises(tg.StoreError, match=r"redirects to http://elsewhere\.example/: use that address"):
        tg.push(releases[0], server.url, patience=QUICK)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("localhost:3030/ds/data", "begins with http"),
        ("file:///etc/passwd", "begins with http"),
        ("https:///data", "begins with http"),
        ("https://me:secret@example.org/data", "TRANSFERGRAPH_PUSH_USER"),
        ("https://example.org/data#x", "fragment"),
    ],
)
def test_addresses_that_will_not_do(url: str, said: str) -> None:
    with pytest.raises(tg.UsageError, match=said) as refused:
        addresses(url)
    assert "secret" not in str(refused.value)


@pytest.mark.parametrize(
    ("store", "query", "update"),
    [
        ("http://h/ds/data", "http://h/ds/query", "http://h/ds/update"),
        ("http://h/store", "http://h/query", "http://h/update"),
        (
            "http://h/repositories/r/rdf-graphs/service",
            "http://h/repositories/r",
            "http://h/repositories/r/statements",
        ),
        ("http://h/sparql/gsp/", "http://h/sparql", "http://h/sparql"),
        ("http://h/sparql-graph-crud-auth", "http://h/sparql", None),
    ],
)
def test_one_address_leads_to_the_others(store: str, query: str, update: str | None) -> None:
    assert addresses(store) == EndpointAddresses(store, query, update)
    assert addresses(store, "http://q/", "http://u/") == EndpointAddresses(store, "http://q/", "http://u/")


def test_a_damaged_release_is_not_sent(
    server: StoreServer, releases: tuple[Path, Path], tmp_path: Path
) -> None:
    copy = tmp_path / releases[0].name
    shutil.copytree(releases[0], copy)
    with (copy / "data" / "graph.nq.gz").open("r+b") as file:
        file.seek(100)
        file.write(b"\0\0")
    with pytest.raises(tg.ReleaseError, match=r"graph.nq.gz is damaged"):
        tg.push(copy, server.url, patience=QUICK)
    assert not server.requests


def test_parts_hold_every_statement_once_and_depend_on_the_lines_alone(releases: tuple[Path, Path]) -> None:
    for size in (1, SMALL, 1 << 30):
        found = list(batches(quad_lines(releases[0]), size))
        assert found == list(batches(quad_lines(releases[0]), size))
        lines = [
            line[:-3] + f" <{part.graph}>"
            for part in found
            for line in part.triples.decode().splitlines(True)
        ]
        assert len(lines) == len(set(lines)) == sum(part.count for part in found)
        assert set(lines) == quads(releases[0])
    whole = contents(quad_lines(releases[0]))
    assert whole.counts == {part.graph: part.count for part in batches(quad_lines(releases[0]), 1 << 30)}


def test_many_graphs_do_not_fill_the_memory() -> None:
    lines = [f'<http://s> <http://p> "{n:06}" <http://g/{n % 100:02}> .\n'.encode() for n in range(10_000)]
    found = list(batches(iter(sorted(lines)), 2_000))
    assert max(len(part.triples) for part in found) <= 2_100
    assert sum(part.count for part in found) == 10_000


def test_a_sample_is_spread_and_bounded() -> None:
    lines = [f'<http://s> <http://p> "{n:06}" <http://g> .\n'.encode() for n in range(5_000)]
    sample = contents(iter(lines)).samples["http://g"]
    assert 50 <= len(sample) < 100
    places = [int(line.split(b'"')[1]) for line in sample]
    assert places[0] == 0 and places[-1] > 4_800
    assert len({places[n + 1] - places[n] for n in range(len(places) - 1)}) == 1


def test_a_difference_that_is_large_is_none(releases: tuple[Path, Path]) -> None:
    old, new = (quad_lines(release) for release in releases)
    assert difference(old, new, 10) is None
    old, new = (quad_lines(release) for release in releases)
    found = difference(old, new, 1 << 20)
    assert found is not None
    assert found.before == contents(quad_lines(releases[0])).counts
    assert {split(line)[0] for line in found.added} >= {f"{BASE}graph/other".encode()}


@pytest.mark.parametrize(
    "value",
    ["\\u0041", "a\\\\u0041", "\\U00000041", 'q"\\n\n\t\r', "\\", "\\\\", "{ } . ; <x>", "\u0085\u2028ü😀"],
)
def test_literals_come_through_an_update_as_they_are(value: str) -> None:
    s, p, g = (ox.NamedNode(f"http://e/{name}") for name in "spg")
    quad = ox.Quad(s, p, ox.Literal(value), g)
    line = ox.serialize([quad], format=ox.RdfFormat.N_QUADS) or b""
    store = ox.Store()
    store.update(updates.patch(NAMES, [], [line], b""))
    assert [one for one in store if one.graph_name == quad.graph_name] == [quad]
    store.update(updates.patch(NAMES, [line], [], b""))
    assert [one for one in store if one.graph_name == quad.graph_name] == []


def test_a_killed_push_leaves_the_old_release_and_is_gone_on_with(
    server: StoreServer, releases: tuple[Path, Path]
) -> None:
    tg.push(releases[0], server.url, patience=QUICK)
    old = held(server)
    program = (
        "import os, signal, sys; import transfergraph as tg\n"
        "count = 0\n"
        "def advance(step, done, total):\n"
        "    global count\n"
        "    count += step.value == 'send'\n"
        "    if count == 12: os.kill(os.getpid(), signal.SIGKILL)\n"
        f"tg.push(sys.argv[1], sys.argv[2], whole=True, part_bytes={SMALL}, advance=advance)\n"
    )
    command = [sys.executable, "-c", program, str(releases[1]), server.url]
    killed = subprocess.run(command, check=False, env={**os.environ})
    assert killed.returncode == -signal.SIGKILL
    assert {line for line in held(server) if "/push/" not in line} == old
    pushed = tg.push(releases[1], server.url, whole=True, part_bytes=SMALL, patience=QUICK)
    assert pushed.resumed == 12
    assert exactly(server, releases[1])


def test_parts_go_over_several_connections(releases: tuple[Path, Path]) -> None:
    first, _ = releases
    with storing() as server:

        def slow(method: str, path: str) -> Mishap | None:
            return Mishap(wait=0.05, late=True, status=201) if (method, path) == ("POST", "/store") else None

        server.mishap = slow
        begun = time.monotonic()
        pushed = tg.push(first, server.url, part_bytes=SMALL, connections=4, patience=QUICK)
        taken = time.monotonic() - begun
        posts = [one for one in server.requests if one[:2] == ("POST", "/store")]
        assert pushed.manner == "whole" and pushed.graphs == contents(quad_lines(first)).counts
        assert len(posts) > 8
        assert taken < len(posts) * 0.05, "one after the other they would take longer"
        assert not any(graph.endswith("/push/parallel") for graph in server.graphs())
        assert tg.push(first, server.url).manner == "nothing"


def test_a_push_over_several_connections_that_broke_off_sends_what_is_not_complete(
    releases: tuple[Path, Path],
) -> None:
    first, _ = releases
    wanted = contents(quad_lines(first)).counts
    with storing() as server:
        left = [12]

        def fail(method: str, path: str) -> Mishap | None:
            left[0] -= (method, path) == ("POST", "/store")
            return Mishap(status=403) if left[0] < 0 and path == "/store" else None

        server.mishap = fail
        with pytest.raises(tg.StoreError):
            tg.push(first, server.url, part_bytes=SMALL, connections=4, patience=QUICK)
        state = read_state(GraphStore(addresses(server.url), read_credentials({})), NAMES)
        assert state.parallel and state.version is None
        incomplete = {graph for graph, count in state.counts.items() if count != wanted[graph]}
        assert incomplete
        server.mishap = lambda method, path: None
        server.requests.clear()
        pushed = tg.push(first, server.url, part_bytes=SMALL, patience=QUICK)
        assert pushed.graphs == wanted
        puts = [one for one in server.requests if one[:2] == ("PUT", "/store")]
        assert len(puts) >= len(incomplete)
        assert not read_state(GraphStore(addresses(server.url), read_credentials({})), NAMES).parallel
