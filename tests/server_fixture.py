"""A running server for tests, started as its users start it, on a free port of this machine."""

from __future__ import annotations

import http.client
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from email.message import Message
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import msgspec
from workspaces import REPOSITORY

from transfergraph.config.workspace import open_workspace
from transfergraph.release.dumps import gzip_writer
from transfergraph.release.manifest import AnswerLimits, Manifest, describe, read_manifest
from transfergraph.store.embedded import write_store

BASE = "https://w3id.org/transfergraph/saxony/"
ONTOLOGY = "https://w3id.org/transfergraph/ontology#"
TOKEN = "metrics are for watchers"
HTW = "organisation/htw-dresden"

# A query that never ends by itself, and takes little memory while it does not.
ENDLESS = "ASK { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l FILTER(CONCAT(STR(?a), STR(?d), STR(?g), STR(?j)) = '') }"


def small_limits(folder: Path, rows: int = 1000, **server: int) -> Path:
    """A workspace like the repository, but with limits that tests reach quickly."""
    folder.mkdir(parents=True)
    shutil.copytree(REPOSITORY / "data", folder / "data")
    settings = (REPOSITORY / "transfergraph.toml").read_text(encoding="utf-8")
    settings = re.sub(r"^result_rows = \d+", f"result_rows = {rows}", settings, flags=re.MULTILINE)
    settings = re.sub(r"^\[server\][^\[]*", "", settings, flags=re.MULTILINE)
    limits = {"time_seconds": 2, "memory_megabytes": 256, "queue": 16, **server}
    table = "".join(f"{name} = {value}\n" for name, value in limits.items())
    (folder / "transfergraph.toml").write_text(f"{settings}\n[server]\n{table}", encoding="utf-8")
    return folder


def limited(builds: Path, workspace: Path) -> Path:
    """The current release again, in an output folder of its own, with the limits that a workspace states."""
    output, name = workspace / "build", (builds / "current").readlink()
    shutil.copytree(builds / name, output / name, symlinks=True, copy_function=os.link)
    (output / "current").symlink_to(name)
    settings = open_workspace(workspace).settings
    limits = AnswerLimits(
        settings.limits.result_rows, settings.server.time_seconds, settings.server.result_megabytes
    )
    manifest = msgspec.structs.replace(read_manifest(builds / name), limits=limits)
    (output / name / "manifest.json").unlink()
    (output / name / "manifest.json").write_text(manifest.to_json(), encoding="utf-8")
    return output


def release_of(quads: bytes, builds: Path, rows: int = 1000, seconds: int = 2) -> None:
    """A release that has nothing but this graph in N-Quads, as far as a server needs it."""
    release = builds / "releases" / "graph"
    (release / "data").mkdir(parents=True)
    file = release / "data" / "graph.nq"
    file.write_bytes(quads)
    write_store(release / "store", [file])
    with gzip_writer(release / "data" / "graph.nq.gz") as dump:
        dump.write(quads)
    manifest = Manifest(
        id="graph",
        version="1",
        created=date(2026, 1, 31),
        software="transfergraph",
        base=BASE,
        titles={"de": "Graph", "en": "Graph"},
        licence="https://creativecommons.org/publicdomain/zero/1.0/",
        consortium=40,
        previous=None,
        counts={"triples": quads.count(b"\n")},
        findings={},
        inputs=(),
        files=describe(release, [release / "data" / "graph.nq.gz"]),
        limits=AnswerLimits(rows, seconds),
    )
    (release / "manifest.json").write_text(manifest.to_json(), encoding="utf-8")
    (builds / "current").symlink_to(Path("releases") / "graph")


@dataclass
class Answer:
    """What came back."""

    status: int
    headers: Message
    body: bytes

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode("utf-8")

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)

    @property
    def media_type(self) -> str:
        """The content type without its parameters."""
        return self.headers.get_content_type()

    def field(self, name: str) -> str:
        """The value of a header field, which must be there."""
        value = self.headers[name]
        assert value is not None, f"{name} is missing"
        return str(value)


@dataclass
class Served:
    """A server that runs, and what it has written to its log."""

    process: subprocess.Popen[str]
    port: int
    log: list[dict[str, Any]] = field(default_factory=list)

    @property
    def url(self) -> str:
        """The address of the start page."""
        return f"http://127.0.0.1:{self.port}/"

    def ask(
        self,
        path: str,
        method: str = "GET",
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: float = 30,
    ) -> Answer:
        """Send one request on a connection of its own; ``path`` goes out as it is."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            named = any(name.lower() == "host" for name in headers or ())
            connection.putrequest(method, path, skip_host=named, skip_accept_encoding=True)
            for name, value in (headers or {}).items():
                connection.putheader(name, value)
            if body is not None:
                connection.putheader("Content-Length", str(len(body)))
            connection.endheaders(body)
            with connection.getresponse() as response:
                return Answer(response.status, response.headers, response.read())
        finally:
            connection.close()

    def get(self, path: str, accept: str | None = None, **headers: str) -> Answer:
        """GET a path below the start page; an underscore in the name of a field is a hyphen."""
        fields = {name.replace("_", "-"): value for name, value in headers.items()}
        if accept is not None:
            fields["Accept"] = accept
        return self.ask(f"/{path}", headers=fields)

    def sparql(self, query: str, accept: str | None = None, **parameters: str) -> Answer:
        """Ask a query with GET."""
        address = "sparql?" + urlencode({"query": query, **parameters}, quote_via=quote)
        return self.get(address, accept)

    def rows(self, query: str) -> list[dict[str, str]]:
        """The solutions of a query, as plain values."""
        answer = self.sparql(query)
        assert answer.status == 200, answer.text
        return [{k: v["value"] for k, v in row.items()} for row in answer.json["results"]["bindings"]]

    def socket(self) -> socket.socket:
        """A connection for those who speak HTTP by hand."""
        return socket.create_connection(("127.0.0.1", self.port), timeout=30)

    def metrics(self) -> dict[str, float]:
        """What ``/metrics`` tells."""
        answer = self.get("metrics", Authorization=f"Bearer {TOKEN}")
        assert answer.status == 200, answer.text
        lines = answer.text.splitlines()
        pairs = (line.rsplit(" ", 1) for line in lines if not line.startswith("#"))
        return {name: float(value) for name, value in pairs}

    def lines(self, until: Callable[[list[dict[str, Any]]], bool]) -> list[dict[str, Any]]:
        """The lines of the log about requests, once they are as they should be."""
        ends = time.monotonic() + 60
        while True:
            found = [line for line in self.log if line["event"] == "request"]
            if until(found):
                return found
            assert time.monotonic() < ends, found[-5:]
            time.sleep(0.05)

    def wait_for(self, name: str, value: float, seconds: float = 60) -> None:
        """Wait until a metric has this value."""
        ends = time.monotonic() + seconds
        while self.metrics().get(name) != value:
            assert time.monotonic() < ends, (name, self.metrics().get(name))
            time.sleep(0.05)

    def processes(self) -> list[int]:
        """The server's process and all that it has started."""
        return [self.process.pid, *descendants(self.process.pid)]


def children(parent: int) -> list[int]:
    """The processes that a process has started and not waited for."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[1]) == parent and fields[0] != "Z":
                found.append(int(entry.name))
    return found


def descendants(parent: int) -> list[int]:
    """The processes that a process has started, and theirs."""
    return [each for child in children(parent) for each in (child, *descendants(child))]


@contextmanager
def served(builds: Path, workspace: Path, *options: str, token: str = TOKEN) -> Iterator[Served]:
    """Start a server, stop it as an init system does, and look that it leaves nothing behind."""
    command = [sys.executable, "-m", "transfergraph", "serve", "--port", "0", *options]
    command += ["--workspace", str(workspace), "--output", str(builds)]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1", "TRANSFERGRAPH_METRICS_TOKEN": token}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
    assert process.stdout is not None
    server = Served(process, 0)
    try:
        for line in process.stdout:
            server.log.append(json.loads(line))
            if server.log[-1]["event"] == "listening":
                break
        assert server.log and server.log[-1]["event"] == "listening", "the server did not start"
        server.port = int(server.log[-1]["port"])
        reader = threading.Thread(target=_read, args=(process, server.log), daemon=True)
        reader.start()
        yield server
        started = descendants(process.pid)
        process.send_signal(signal.SIGTERM)
        assert process.wait(40) == 0
        reader.join(5)
        assert [child for child in started if _is_alive(child)] == []
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def _read(process: subprocess.Popen[str], log: list[dict[str, Any]]) -> None:
    assert process.stdout is not None
    for line in process.stdout:
        log.append(json.loads(line))


def _is_alive(number: int) -> bool:
    try:
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
