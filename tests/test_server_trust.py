"""Whom the server believes what: proxies, names of hosts, the public URL, and who may see the metrics."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from server_fixture import HTW, TOKEN, Served, limited, served, small_limits
from starlette.types import Message
from workspaces import make_workspace

from transfergraph import WorkspaceError
from transfergraph.config.workspace import open_workspace
from transfergraph.server.forwarded import Forwarded, read_forwarded
from transfergraph.server.http_exchange import HttpExchange, Refusal, SiteAddress

PROXIES = (ipaddress.ip_network("127.0.0.0/8"), ipaddress.ip_network("10.0.0.0/8"))
PUBLIC = "https://data.agency.de/graph/"


async def _receive() -> Message:
    return {"type": "http.disconnect"}


async def _send(_: Message) -> None:
    pass


def exchange(
    headers: Mapping[str, str],
    peer: str = "127.0.0.1",
    path: str = "/x",
    public_url: str | None = None,
    hosts: tuple[str, ...] = ("data.agency.de",),
) -> HttpExchange:
    """What the server makes of a request from this peer."""
    scope = {
        "type": "http",
        "method": "GET",
        "query_string": b"",
        "scheme": "http",
        "http_version": "1.1",
        "client": (peer, 4711),
        "path": path,
        "raw_path": path.encode(),
        "headers": [
            (name.lower().encode(), value.encode())
            for name, value in {"Host": "data.agency.de", **headers}.items()
        ],
    }
    return HttpExchange(scope, _receive, _send, SiteAddress(public_url, PROXIES, hosts))


FORGED: tuple[Mapping[str, str], ...] = (
    {"X-Forwarded-Prefix": "/x"},
    {"X-Forwarded-Prefix": "/a/../.."},
    {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "http"},
    {"Forwarded": "host=evil.example;proto=http"},
    {"Host": "evil.example"},
    {"Host": "localhost"},
)


@pytest.mark.parametrize("peer", ["127.0.0.1", "203.0.113.9"])
@pytest.mark.parametrize("headers", FORGED, ids=str)
def test_a_public_url_goes_before_every_field(headers: Mapping[str, str], peer: str) -> None:
    for path, local in (
        ("/graph/a/b", "a/b"),
        ("/a/b", "a/b"),
        ("/graph/", ""),
        ("/graph/graph/a", "graph/a"),
    ):
        found = exchange(headers, peer, path, PUBLIC)
        assert (found.site_url, found.prefix, found.path) == (PUBLIC, "/graph/", local)
    found = exchange(headers, peer, "/x/a", "https://data.agency.de/")
    assert (found.site_url, found.prefix, found.path) == ("https://data.agency.de/", "/", "x/a")


@pytest.mark.parametrize("headers", FORGED[:4], ids=str)
def test_who_is_no_proxy_is_not_believed(headers: Mapping[str, str]) -> None:
    found = exchange({**headers, "X-Forwarded-For": "127.0.0.1"}, "203.0.113.9")
    assert (found.site_url, found.prefix) == ("http://data.agency.de/", "/")
    assert found.address == "203.0.113.9"


@pytest.mark.parametrize(
    ("headers", "url"),
    [
        ({"X-Forwarded-Host": "evil.example, data.agency.de"}, "http://data.agency.de/"),
        ({"X-Forwarded-Host": "data.agency.de,"}, "http://data.agency.de/"),
        ({"X-Forwarded-Proto": "http, https"}, "https://data.agency.de/"),
        ({"X-Forwarded-Proto": "https, gopher"}, "http://data.agency.de/"),
        ({"X-Forwarded-Prefix": "/evil, /graph"}, "http://data.agency.de/graph/"),
        ({"X-Forwarded-Prefix": "/graph/"}, "http://data.agency.de/graph/"),
        ({"X-Forwarded-Prefix": "/a/../.."}, "http://data.agency.de/"),
        ({"X-Forwarded-Prefix": "/.."}, "http://data.agency.de/"),
        ({"X-Forwarded-Prefix": "/a/./b"}, "http://data.agency.de/"),
        ({"X-Forwarded-Prefix": "//evil.example"}, "http://data.agency.de/"),
        ({"X-Forwarded-Prefix": "/..a/b."}, "http://data.agency.de/..a/b./"),
        ({"Forwarded": "host=evil.example;proto=http, host=data.agency.de;proto=https"}, "https://data.agency.de/"),
        ({"Forwarded": "host=evil.example;proto=https, for=192.0.2.1"}, "http://data.agency.de/"),
        ({"Forwarded": 'for="x,y;host=evil.example";HOST="data.agency.de:443" ; Proto=HTTPS'}, "https://data.agency.de/"),
        ({"Host": "DATA.agency.de:80"}, "http://data.agency.de/"),
    ],
)  # fmt: skip
def test_of_several_values_the_nearest_proxys_counts(headers: Mapping[str, str], url: str) -> None:
    assert exchange(headers).site_url == url


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Forwarded-Host": "data.agency.de, evil.example"},
        {"X-Forwarded-Host": "data.agency.de:8443"},
        {"X-Forwarded-Host": "a/b?c"},
        {"Forwarded": "host=data.agency.de, host=evil.example"},
        {"Forwarded": 'host="data.agency.de/@evil.example"'},
        {"Host": "evil.example"},
        {"Host": "data.agency.de:8443"},
        {"Host": "data.agency.de.evil.example"},
        {"Host": "localhost"},
        {"Host": "127.0.0.1"},
    ],
    ids=str,
)
def test_only_names_that_are_set_are_believed(headers: Mapping[str, str]) -> None:
    found = exchange(headers)
    for read in (lambda: found.site_url, found.preferences):
        with pytest.raises(Refusal) as caught:
            read()
        assert caught.value.problem.status == 421 and "server.hosts" in caught.value.problem.detail.english
    assert found.prefix == "/"


@pytest.mark.parametrize("host", ["localhost", "localhost:8000", "127.0.0.1:8000", "127.1.2.3", "[::1]:8000"])
def test_without_any_the_names_of_loopback_are_believed(host: str) -> None:
    assert exchange({"Host": host}, hosts=()).site_url == f"http://{host}/"


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "10.0.0.1", "localhost.x", "x-localhost"]
)
def test_and_no_others(host: str) -> None:
    with pytest.raises(Refusal, match="does not go by the name"):
        _ = exchange({"Host": host}, hosts=()).site_url


@pytest.mark.parametrize(
    "headers",
    [
        {"Forwarded": "for=192.0.2.1", "X-Forwarded-For": "192.0.2.1"},
        {"Forwarded": "host=data.agency.de", "X-Forwarded-Prefix": "/x"},
        {"Forwarded": 'host="evil.example, for=192.0.2.1;host=data.agency.de'},
        {"Forwarded": "host=evil.example;host=data.agency.de"},
        {"Forwarded": "host"},
        {"Forwarded": "for=192.0.2.1 host=evil.example"},
        {"Host": "a b"},
    ],
    ids=str,
)
def test_what_can_be_read_in_two_ways_is_refused(headers: Mapping[str, str]) -> None:
    for public_url in (None, PUBLIC):
        with pytest.raises(Refusal) as caught:
            exchange(headers, public_url=public_url)
        assert caught.value.problem.status == 400
    if "Host" not in headers:
        assert exchange(headers, "203.0.113.9").site_url == "http://data.agency.de/"


@pytest.mark.parametrize(
    ("headers", "address"),
    [
        ({"X-Forwarded-For": "127.0.0.1, 203.0.113.9"}, "203.0.113.9"),
        ({"X-Forwarded-For": "192.0.2.1, 203.0.113.9, 10.0.0.2"}, "203.0.113.9"),
        ({"X-Forwarded-For": "203.0.113.9:4711"}, "203.0.113.9"),
        ({"X-Forwarded-For": "[2001:db8::1]:4711"}, "2001:db8::1"),
        ({"Forwarded": 'for=127.0.0.1, for="203.0.113.9:4711"'}, "203.0.113.9"),
        ({"Forwarded": 'For="[2001:db8::1]:4711";proto=https'}, "2001:db8::1"),
        ({"Forwarded": "for=192.0.2.1, proto=https"}, "unknown"),
        ({"Forwarded": "for=192.0.2.1, for=_hidden, for=10.0.0.2"}, "_hidden"),
        ({}, "127.0.0.1"),
    ],
    ids=str,
)
def test_a_client_is_the_last_address_that_is_no_proxy(headers: Mapping[str, str], address: str) -> None:
    assert exchange(headers).address == address


def test_fields_that_say_nothing_are_nothing() -> None:
    for headers in ({}, {"forwarded": " , ;"}, {"x-forwarded-for": ", ,", "forwarded": ""}):
        assert read_forwarded(headers) == Forwarded()


@pytest.mark.parametrize(
    ("written", "wrong"),
    [
        ('["https://data.agency.de"]', "https://data"),
        ('["a b"]', "a b"),
        ('["x/y"]', "x/y"),
        ("[1]", "different texts"),
    ],
)
def test_names_of_hosts_are_checked(tmp_path: Path, written: str, wrong: str) -> None:
    file = make_workspace(tmp_path) / "transfergraph.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(f"{text}\n[server]\nhosts = {written}\n", encoding="utf-8")
    with pytest.raises(WorkspaceError, match=rf"server\.hosts .*{re.escape(wrong)}"):
        open_workspace(tmp_path)
    file.write_text(f'{text}\n[server]\nhosts = ["Data.Agency.de", "[::1]:8000"]\n', encoding="utf-8")
    assert open_workspace(tmp_path).settings.server.hosts == ("data.agency.de", "[::1]:8000")


@pytest.fixture(scope="module")
def server(saxon_builds: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    workspace = small_limits(tmp_path_factory.mktemp("served") / "workspace")
    with (workspace / "transfergraph.toml").open("a", encoding="utf-8") as settings:
        settings.write('hosts = ["data.agency.de"]\n')
    with served(limited(saxon_builds, workspace), workspace) as running:
        yield running


NAMED = {"Host": "data.agency.de"}


@pytest.mark.parametrize(
    ("path", "status", "headers"),
    [
        ("/nothing", 404, {}),
        ("/nothing", 404, {"Accept": "text/html"}),
        ("/nothing", 404, {"Accept": "text/turtle"}),
        ("/sparql?query=ASK%7B%7D", 406, {"Accept": "image/png"}),
        (f"/{HTW}", 421, {"Host": "evil.example"}),
        (f"/{HTW}", 400, {"Forwarded": "for"}),
        (f"/{HTW}", 400, {"Host": "a b"}),
        (f"/{'a' * 3000}", 414, {}),
        ("/" + "a" * 65_001, 414, {}),
        ("/sitemap-x.xml", 404, {}),
        ("/sparql?query=x", 400, {}),
        ("/questions/nothing", 404, {}),
        ("/questions/partners-of?organisation=nobody&x=y", 400, {}),
        ("/data/graph.nt.gz", 416, {"Range": "bytes=999999999-"}),
        ("/metrics", 401, {}),
    ],
)
def test_no_error_is_kept_by_caches(
    server: Served, path: str, status: int, headers: Mapping[str, str]
) -> None:
    for method in ("GET", "HEAD") if status != 416 else ("GET",):
        answer = server.ask(path, method, headers={**NAMED, **headers})
        assert answer.status == status, answer.text[:500]
        assert answer.headers.get_all("cache-control") == ["no-store"]
        assert "etag" not in answer.headers and "last-modified" not in answer.headers
    if len(path) < 2000:
        post = server.ask(path, "POST", b"", {**NAMED, **headers})
        assert post.status >= 400 and post.headers.get_all("cache-control") == ["no-store"]


def test_what_is_broken_off_before_it_is_understood_is_not_kept_either(server: Served) -> None:
    with server.socket() as connection:
        connection.sendall(b"\x00\x01\x02\r\n\r\n")
        received = connection.recv(65536)
    assert received.startswith(b"HTTP/1.1 400") and b"cache-control: no-store" in received


def test_watchers_need_no_name(server: Served) -> None:
    for host in ("10.1.2.3:8000", "localhost", "data.agency.de"):
        assert server.ask("/health", headers={"Host": host}).status == 200
        metrics = server.ask("/metrics", headers={"Host": host, "Authorization": f"Bearer {TOKEN}"})
        assert metrics.status == 200 and "transfergraph_workers" in metrics.text


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Forwarded-Host": "data.agency.de", "X-Forwarded-Proto": "https"},
        {"X-Forwarded-For": "127.0.0.1"},
        {"Forwarded": "for=127.0.0.1"},
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer "},
        {"Authorization": f"Bearer {TOKEN}x"},
        {"Authorization": f"Bearer {TOKEN}, Bearer x"},
        {"Authorization": f"Basic {TOKEN}"},
        {"Authorization": "Bearer \u00fc"},
    ],
    ids=str,
)
def test_no_address_and_no_absence_of_a_field_opens_the_figures(
    server: Served, headers: Mapping[str, str]
) -> None:
    answer = server.ask("/metrics", headers={**NAMED, **headers})
    assert answer.status == 401 and answer.field("www-authenticate") == "Bearer"
    assert "transfergraph_" not in answer.text


def test_without_a_token_there_are_no_figures(
    saxon_builds: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with served(saxon_builds, small_limits(tmp_path / "workspace"), token=" ") as server:
        for value in ("Bearer", "Bearer  ", f"Bearer {TOKEN}", ""):
            assert server.get("metrics", Authorization=value).status == 404
        assert server.get("health").status == 200


def test_workers_do_not_know_the_token(server: Served) -> None:
    assert server.sparql("ASK {}").status == 421  # the name of this machine is none of those that are set
    for process in server.processes()[1:]:
        assert TOKEN.encode() not in Path(f"/proc/{process}/environ").read_bytes()
