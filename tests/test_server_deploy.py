"""The examples in ``deploy/``: nginx in front of the server, run for real; the unit; the container file."""

from __future__ import annotations

import configparser
import re
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPSConnection
from pathlib import Path
from urllib.parse import quote

import pytest
from server_fixture import HTW, Answer, Served, served, small_limits
from workspaces import REPOSITORY

DEPLOY = REPOSITORY / "deploy"
URL = "https://data.agency.de/graph/"


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


@contextmanager
def nginx(folder: Path, server: Served) -> Iterator[int]:
    """nginx with the example as it is, but for ports, paths and the certificate; yields its port."""
    program, openssl = shutil.which("nginx") or "/usr/sbin/nginx", shutil.which("openssl")
    if not Path(program).is_file() or openssl is None:
        pytest.skip("nginx or openssl is not installed (Debian: apt-get install nginx-light openssl)")
    folder.mkdir()
    certificate = ["-keyout", str(folder / "key"), "-out", str(folder / "pem"), "-subj", "/CN=data.agency.de"]
    subprocess.run(
        [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", *certificate],
        check=True,
        capture_output=True,
    )
    port = free_port()
    text = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    for old, new in (
        ("listen 443 ssl;", f"listen 127.0.0.1:{port} ssl;"),
        ("listen 80;", f"listen 127.0.0.1:{free_port()};"),
        ("    listen [::]:443 ssl;\n", ""),
        ("    listen [::]:80;\n", ""),
        ("/etc/ssl/data.agency.de.pem", str(folder / "pem")),
        ("/etc/ssl/data.agency.de.key", str(folder / "key")),
        ("/var/cache/nginx/transfergraph", str(folder / "cache")),
        ("127.0.0.1:8000", f"127.0.0.1:{server.port}"),
    ):
        assert old in text, old
        text = text.replace(old, new)
    temporary = "".join(
        f"{kind}_temp_path {folder / kind};\n"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    whole = f"daemon off;\nuser root;\npid {folder / 'pid'};\nerror_log {folder / 'log'};\nevents {{}}\nhttp {{\naccess_log off;\n{temporary}{text}}}\n"
    (folder / "nginx.conf").write_text(whole, encoding="utf-8")
    command = [program, "-e", str(folder / "log"), "-p", str(folder), "-c", str(folder / "nginx.conf")]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    try:
        for _ in range(100):
            if process.poll() is not None:
                pytest.fail(f"nginx did not start: {process.stderr.read() if process.stderr else ''}")
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait(10)
        if process.stderr:
            process.stderr.close()


@pytest.fixture(scope="module")
def front(saxon_builds: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    folder = tmp_path_factory.mktemp("deploy")
    with (
        served(saxon_builds, small_limits(folder / "workspace"), "--public-url", URL) as server,
        nginx(folder / "nginx", server) as port,
    ):
        yield port


def get(port: int, path: str, **headers: str) -> Answer:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    connection = HTTPSConnection("127.0.0.1", port, context=context, timeout=20)
    try:
        fields = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request("GET", path, headers={"Host": "data.agency.de", **fields})
        response = connection.getresponse()
        return Answer(response.status, response.headers, response.read())
    finally:
        connection.close()


def test_nginx_shows_the_graph_below_a_prefix_and_behind_tls(front: int) -> None:
    answer = get(front, f"/graph/{HTW}", Accept="text/turtle")
    assert answer.status == 303 and answer.field("location") == f"{URL}{HTW}.ttl"
    page = get(front, f"/graph/{HTW}.de.html")
    assert page.status == 200 and 'href="/graph/pages.css"' in page.text
    assert get(front, "/graph/pages.css").media_type == "text/css"
    assert get(front, "/graph/").status == 200
    assert get(front, "/.well-known/void").field("location").endswith("/graph/.well-known/void")
    assert get(front, "/organisation/htw-dresden").status == 404
    # a slash within a key stays one
    absent = get(front, "/graph/organisation/a%2Fb", Accept="application/json")
    assert absent.status == 404 and "a%2Fb" in absent.json["detail"]
    part = get(front, "/graph/data/graph.nt.gz", Range="bytes=0-9")
    assert part.status == 206 and len(part.body) == 10


def test_nginx_keeps_answers_apart_by_what_they_depend_on(front: int) -> None:
    path = f"/graph/{HTW}.html"
    states = [get(front, path, Accept_Language=language).field("x-cache") for language in ("de", "de", "en")]
    assert states == ["MISS", "HIT", "MISS"]
    german, english = get(front, path, Accept_Language="de"), get(front, path, Accept_Language="en")
    assert (german.field("x-cache"), english.field("x-cache")) == ("HIT", "HIT")
    assert german.field("content-language") == "de" and english.field("content-language") == "en"
    turtle = get(front, f"/graph/{HTW}", Accept="text/turtle")
    html = get(front, f"/graph/{HTW}", Accept="text/html")
    assert turtle.field("location").endswith(".ttl") and html.field("location").endswith(".html")


def test_nginx_lets_figures_be_seen_from_the_machine_alone(front: int) -> None:
    assert get(front, "/graph/metrics").status == 200
    assert get(front, "/metrics").status == 404


def test_nginx_slows_down_one_client(front: int) -> None:
    query = quote("ASK { ?s ?p ?o }")
    statuses = [get(front, f"/graph/sparql?query={query}").status for _ in range(60)]
    assert statuses[0] == 200 and 429 in statuses
    assert get(front, "/graph/health").status == 200


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
    assert "USER transfergraph" in text and "'.[server]'" in text
