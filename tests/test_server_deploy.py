"""The examples in ``deploy/``: nginx and Apache in front of the server, run for real; the unit; the container file."""

from __future__ import annotations

import configparser
import re
import shutil
import socket
import ssl
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
from server_fixture import HTW, TOKEN, Answer, Served, served, small_limits
from web_servers import free_port, run_apache, run_nginx
from workspaces import REPOSITORY

DEPLOY = REPOSITORY / "deploy"
NAME = "data.agency.de"
MODULES = (
    "mpm_event", "authz_core", "authz_host", "alias", "headers", "reqtimeout", "socache_shmcb", "ssl", "proxy",
    "proxy_http", "cache", "cache_disk",
)  # fmt: skip


def example(name: str, prefix: str, *replaced: tuple[str, str]) -> str:
    """An example as it is, but for what must differ, and for the prefix as its comments say."""
    text = (DEPLOY / name).read_text(encoding="utf-8")
    for old, new in replaced:
        assert old in text, old
        text = text.replace(old, new)
    if prefix == "/":
        text = re.sub(r"(?m)^ *location = /\.well-known/void \{[^}]*\}$|^ *Redirect 303 .*$", "", text)
        text = text.replace("/graph/", "/")
    return text


@contextmanager
def nginx(folder: Path, server: Served, port: int, prefix: str) -> Iterator[None]:
    other, cache = free_port(), ("/var/cache/nginx/transfergraph", str(folder / "cache"))
    settings = example(
        "nginx.conf",
        prefix,
        ("listen 443 ssl", f"listen 127.0.0.1:{port} ssl"),
        ("listen 80;", f"listen 127.0.0.1:{other};"),
        ("    listen [::]:443 ssl default_server;\n", ""),
        ("    listen [::]:443 ssl;\n", ""),
        ("    listen [::]:80;\n", ""),
        ("/etc/ssl/data.agency.de", str(folder / "tls")),
        ("127.0.0.1:8000", f"127.0.0.1:{server.port}"),
        cache,
    )
    with run_nginx(folder, settings, port):
        yield


@contextmanager
def apache(folder: Path, server: Served, port: int, prefix: str) -> Iterator[None]:
    other = free_port()
    (folder / "cache").mkdir()
    (folder / "cache").chmod(0o777)
    settings = example(
        "apache.conf",
        prefix,
        ("<VirtualHost *:443>", f"<VirtualHost 127.0.0.1:{port}>"),
        ("<VirtualHost *:80>", f"Listen 127.0.0.1:{other}\n<VirtualHost 127.0.0.1:{other}>"),
        ("/etc/ssl/data.agency.de", str(folder / "tls")),
        ("127.0.0.1:8000", f"127.0.0.1:{server.port}"),
        ("/var/cache/apache2/mod_cache_disk", str(folder / "cache")),
        # else in the folder for temporary files, which may be closed to the user that Apache becomes
        ("CacheLock on\n", f"CacheLock on\nCacheLockPath {folder / 'cache' / 'locks'}\n"),
    )
    with run_apache(folder, settings, port, MODULES):
        yield


FRONTS: Mapping[str, Callable[[Path, Served, int, str], AbstractContextManager[None]]] = {
    "nginx": nginx,
    "apache": apache,
}


@dataclass(frozen=True)
class Front:
    """A web server that runs in front of the server, which it shows below ``prefix``."""

    kind: str
    port: int
    prefix: str
    server: Served

    @property
    def url(self) -> str:
        """Where the start page is seen from outside."""
        return f"https://{NAME}{self.prefix}"

    @contextmanager
    def connected(self, name: str = NAME) -> Iterator[HTTPConnection]:
        """A connection for those who ask for this name."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        connection = HTTPConnection(NAME)
        with socket.create_connection(("127.0.0.1", self.port), timeout=20) as plain:
            with context.wrap_socket(plain, server_hostname=name) as connection.sock:
                yield connection
            connection.close()

    def ask(
        self, target: str, method: str = "GET", headers: Mapping[str, str] | None = None, name: str = NAME
    ) -> Answer:
        """One request over a connection of its own; ``target`` goes out as it is."""
        with self.connected(name) as connection:
            connection.putrequest(method, target, skip_host=True, skip_accept_encoding=True)
            for field, value in {"Host": NAME, **(headers or {})}.items():
                connection.putheader(field, value)
            connection.endheaders()
            with connection.getresponse() as response:
                return Answer(response.status, response.headers, response.read())

    def get(self, path: str, method: str = "GET", **headers: str) -> Answer:
        """Ask for a path below the prefix."""
        fields = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.patiently(self.prefix + path, method, fields)

    def patiently(self, target: str, method: str, headers: Mapping[str, str]) -> Answer:
        """Ask again as often as the front finds us too quick."""
        while (answer := self.ask(target, method, headers)).status == 429:
            time.sleep(0.2)
        return answer


@contextmanager
def front_of(kind: str, builds: Path, prefix: str, *hosts: str) -> Iterator[Front]:
    """A server with a public URL, or with names of hosts, behind such a front."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("openssl is not installed (Debian: apt-get install openssl)")
    folder = Path(tempfile.mkdtemp(prefix="transfergraph-"))
    folder.chmod(0o777)  # Apache does not run as root
    certificate = [
        "-keyout",
        str(folder / "tls.key"),
        "-out",
        str(folder / "tls.pem"),
        "-subj",
        f"/CN={NAME}",
    ]
    command = [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", *certificate]
    subprocess.run(command, check=True, capture_output=True)
    workspace, port = small_limits(folder / "workspace"), free_port()
    if hosts:
        with (workspace / "transfergraph.toml").open("a", encoding="utf-8") as settings:
            settings.write(f"hosts = {list(hosts)}\n")
    options = [] if hosts else ["--public-url", f"https://{NAME}{prefix}"]
    try:
        with served(builds, workspace, *options) as server, FRONTS[kind](folder, server, port, prefix):
            yield Front(kind, port, prefix, server)
    finally:
        shutil.rmtree(folder)


@pytest.fixture(scope="module", params=sorted(FRONTS))
def front(request: pytest.FixtureRequest, saxon_builds: Path) -> Iterator[Front]:
    """The example as it ships: below /graph/, with a public URL."""
    with front_of(str(request.param), saxon_builds, "/graph/") as running:
        yield running


@pytest.fixture(scope="module", params=sorted(FRONTS))
def root_front(request: pytest.FixtureRequest, saxon_builds: Path) -> Iterator[Front]:
    """The graph at the root of the host, and no public URL, only its name."""
    with front_of(str(request.param), saxon_builds, "/", NAME) as running:
        yield running


def test_the_graph_is_shown_below_a_prefix_and_behind_tls(front: Front) -> None:
    answer = front.get(HTW, Accept="text/turtle")
    assert answer.status == 303 and answer.field("location") == f"{front.url}{HTW}.ttl"
    page = front.get(f"{HTW}.de.html")
    assert page.status == 200 and 'href="../pages.css"' in page.text
    assert front.get("pages.css").media_type == "text/css"
    assert front.get("").status == 200
    assert front.ask("/.well-known/void").field("location").endswith("/graph/.well-known/void")
    assert front.ask(f"/{HTW}").status == 404
    # a slash within a key stays one
    absent = front.get("organisation/a%2Fb", Accept="application/json")
    assert absent.status == 404 and "a%2Fb" in absent.json["detail"]
    part = front.get("data/graph.nt.gz", Range="bytes=0-9")
    assert part.status == 206 and len(part.body) == 10


def test_answers_are_kept_apart_by_what_they_depend_on(front: Front) -> None:
    def state(answer: Answer) -> str:
        return answer.field("x-cache").split()[0]

    path = f"{HTW}.html"
    states = [state(front.get(path, Accept_Language=language)) for language in ("de", "de", "en")]
    assert states == ["MISS", "HIT", "MISS"]
    german, english = front.get(path, Accept_Language="de"), front.get(path, Accept_Language="en")
    assert (state(german), state(english)) == ("HIT", "HIT")
    assert german.field("content-language") == "de" and english.field("content-language") == "en"
    turtle, html = front.get(HTW, Accept="text/turtle"), front.get(HTW, Accept="text/html")
    assert turtle.field("location").endswith(".ttl") and html.field("location").endswith(".html")


def test_figures_are_for_those_with_the_token(front: Front) -> None:
    assert front.get("metrics", Authorization=f"Bearer {TOKEN}").status == 200
    assert front.get("metrics").status == 401
    assert front.get("metrics", Authorization="Bearer x", X_Forwarded_For="127.0.0.1").status == 401
    assert front.ask("/metrics").status == 404


def test_nginx_slows_down_one_client(front: Front) -> None:
    statuses = []
    with front.connected() as connection:
        for _ in range(80):
            connection.request("GET", f"/graph/sparql?query={quote('ASK { ?s ?p ?o }')}")
            with connection.getresponse() as response:
                response.read()
                statuses.append(response.status)
    assert statuses[0] == 200 and (429 in statuses) == (front.kind == "nginx")
    assert front.get("health").status == 200


# A client that would have the cache give others what is not right

POISONS: tuple[Mapping[str, str], ...] = (
    {"X-Forwarded-Prefix": "/x"},
    {"X-Forwarded-Prefix": "/a/../.."},
    {"X-Forwarded-Prefix": "//evil.example"},
    {"X-Forwarded-Host": "evil.example"},
    {"X-Forwarded-Host": f"evil.example, {NAME}"},
    {"X-Forwarded-Host": f"{NAME}, evil.example"},
    {"X-Forwarded-Host": f"{NAME}:1"},
    {"X-Forwarded-Host": "localhost"},
    {"X-Forwarded-Proto": "http", "X-Forwarded-Port": "1", "X-Forwarded-Server": "evil.example"},
    {"X-Forwarded-For": "127.0.0.1", "X-Real-IP": "127.0.0.1"},
    {"Forwarded": "for=127.0.0.1;host=evil.example;proto=http"},
    {"Forwarded": f"host=evil.example, host={NAME};proto=http"},
    {"Forwarded": 'host="evil.example'},
    {"Forwarded": "for=1.2.3.4", "X-Forwarded-Host": "evil.example", "X-Forwarded-Prefix": "/x"},
    {"Host": "evil.example"},
    {"Host": "localhost"},
    {"Host": "127.0.0.1"},
    {"Host": f"{NAME}:1"},
    {"Host": f"{NAME}."},
    {"Host": f"{NAME}.evil.example"},
    {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"},
    {"Connection": "close, X-Forwarded-Host, X-Forwarded-Proto, X-Forwarded-For"},
    {"Connection": "Accept, Accept-Language", "Accept": "text/turtle", "Accept-Language": "en"},
    {"X-Original-URL": "/nothing", "X-Rewrite-URL": "/nothing", "X-HTTP-Method-Override": "DELETE"},
    {"If-None-Match": "*"},
    {"If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT", "Range": "bytes=0-0"},
    {"Accept": "application/x-nothing", "Accept-Language": "xx"},
    {"Authorization": "Bearer x", "Cookie": "a=b", "Origin": "https://evil.example"},
)
ODD = (
    "{prefix}{path}?x=%0d%0aSet-Cookie:a",
    "{prefix}/{path}",
    "{prefix}./{path}",
    "{prefix}x/../{path}",
    "{prefix}%2e%2e/{path}",
    "{prefix}{path}%00",
    "{prefix}{path}/",
    "{prefix}{path}%23",
    "{prefix}{path};x",
    "//evil.example{prefix}{path}",
    "/{prefix}{path}",
    "https://evil.example{prefix}{path}",
    f"https://{NAME}:1{{prefix}}{{path}}",
)


def clean(front: Front, path: str, accept: str) -> None:
    """A client that asks as it should gets what the server itself says, with links to where it is."""
    direct = {"Host": NAME, "X-Forwarded-Proto": "https", "Accept": accept, "Accept-Language": "en"}
    expected = front.server.ask(front.prefix + path, headers=direct)
    found = front.get(path, Accept=accept, Accept_Language="en")
    assert (found.status, found.body) == (expected.status, expected.body), path
    assert found.status in (200, 303)
    if found.status == 303:
        assert found.field("location").startswith(front.url)
    told = found.text + str(found.headers)
    assert "evil" not in told and "localhost" not in told and f"{NAME}:" not in told
    links = re.findall(r'<(https?://[^>]*)>; rel="(?:canonical|alternate)', found.headers.get("link") or "")
    assert all(link.startswith(front.url) for link in links)


def entities(front: Front) -> list[str]:
    """The paths of entities: each is asked for once only, so that no cache has it yet."""
    pages = re.findall(r"<loc>([^<]*)</loc>", front.get("sitemap.xml").text)
    assert pages and all(page.startswith(front.url) for page in pages)
    paths = dict.fromkeys(re.sub(r"(\.[a-z]{2})?\.html$", "", page[len(front.url) :]) for page in pages)
    return [path for path in paths if path.startswith(("organisation/", "undertaking/"))]


def poisoned(front: Front) -> None:
    """Every poison on an address of its own, with each kind of answer, and then clients that ask as they should."""
    fresh = iter(entities(front))
    for poison in POISONS:
        path = next(fresh)
        for form in (path, f"{path}.html"):
            for method in ("HEAD", "GET"):
                headers = {"Accept": "text/html", "Accept-Language": "en", **poison}
                answer = front.patiently(front.prefix + form, method, headers)
                assert answer.status not in (500, 502, 504), (poison, answer.status)
                if answer.status >= 400 and answer.status != 421:
                    assert answer.headers["cache-control"] in ("no-store", None), poison
                assert "evil" not in (answer.headers["location"] or ""), poison
            clean(
                front, form, headers["Accept"] if poison.keys() >= {"Connection", "Accept"} else "text/html"
            )
    for odd in ODD:
        path = next(fresh)
        for form in (path, f"{path}.html"):
            target = odd.format(prefix=front.prefix, path=form)
            for host in (NAME, "evil.example"):
                headers = {"Accept": "text/html", "Accept-Language": "en", "Host": host}
                answer = front.patiently(target, "GET", headers)
                # a path with two slashes at its beginning stays at this host, behind its name
                location = urlsplit(answer.headers["location"] or "")
                assert location.netloc in ("", NAME) and "set-cookie" not in answer.headers, target
            clean(front, form, "text/html")


def test_no_client_decides_what_others_get(front: Front) -> None:
    poisoned(front)


def test_no_client_decides_what_others_get_where_requests_say_the_host(root_front: Front) -> None:
    poisoned(root_front)


def test_requests_for_other_names_are_turned_away(front: Front) -> None:
    assert front.ask(front.prefix, headers={"Host": "evil.example"}).status == 421
    try:
        status = front.ask(front.prefix, headers={"Host": "evil.example"}, name="evil.example").status
    except ssl.SSLError:
        status = 421
    assert status == 421
    # what the front does not keep, the server does not say either
    direct = front.server.ask(f"/{HTW}", headers={"Host": "evil.example"})
    assert direct.field("location").startswith(front.url)


def test_the_unit_starts_what_there_is() -> None:
    unit = configparser.ConfigParser(interpolation=None, strict=False)
    unit.read(DEPLOY / "transfergraph.service", encoding="utf-8")
    command = unit["Service"]["ExecStart"].split()
    assert command[1] == "serve" and command[0].endswith("/transfergraph")
    assert unit["Service"]["KillMode"] == "mixed"
    assert int(unit["Service"]["TimeoutStopSec"]) > 35
    # one that gives up, or stands still, is started again, however often
    assert unit["Service"]["Restart"] == "on-failure" and unit["Unit"]["StartLimitIntervalSec"] == "0"
    assert unit["Service"]["Type"] == "notify" and int(unit["Service"]["WatchdogSec"]) > 0
    assert "AF_UNIX" in unit["Service"]["RestrictAddressFamilies"]


def test_the_container_file_starts_what_there_is() -> None:
    text = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
    assert re.search(r'ENTRYPOINT \["/opt/transfergraph/bin/transfergraph", "serve"', text)
    for name in re.findall(r"^COPY (?!--from)(.+) \S+$", text, re.MULTILINE):
        assert all((REPOSITORY / one).exists() for one in name.split())
    assert "USER transfergraph" in text and "--no-deps --no-build-isolation .\n" in text
