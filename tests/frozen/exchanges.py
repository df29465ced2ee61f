"""A transcript of HTTP: every route with every Accept, method and conditional header."""

from __future__ import annotations

import gzip
import hashlib
import http.client
import json
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import brotli

from frozen.texts import Masks

HOST = "data.example"
_REFUSED = (
    "invalid",
    "service",
    "update",
)  # on the page for readers, whether these may be cached is a matter of time
QUERIES = {
    "ask": "ASK { ?s ?p ?o }",
    "rows": "SELECT * { ?s a ?class } ORDER BY ?s ?class LIMIT 50",
    "cut": "SELECT * { ?s ?p ?o } ORDER BY ?s ?p ?o",
    "graph": "CONSTRUCT { ?s a ?class } WHERE { ?s a ?class } ORDER BY ?s ?class LIMIT 50",
    "document": "DESCRIBE <https://w3id.org/transfergraph/saxony/organisation/htw-dresden>",
    "invalid": "SELECT * {",
    "service": "SELECT * { SERVICE <http://a.example/> { ?s ?p ?o } }",
    "update": "DELETE WHERE { ?s ?p ?o }",
}
Fields = Mapping[str, str]

_TYPES = (
    *("text/html", "text/turtle", "application/n-triples", "application/ld+json", "application/rdf+xml"),
    *("application/json", "application/sparql-results+json", "application/sparql-results+xml", "text/csv"),
    *("text/tab-separated-values", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    *("image/png", "nonsense", "application/trig, application/n-quads;q=0.9"),
    "text/html;q=0.2, text/turtle;q=0.5, */*;q=0.1",
)
_ACCEPTS = tuple({"Accept": one} for one in _TYPES)
_NAMES = (
    *("json", "xml", "csv", "tsv", "turtle", "n-triples", "n-quads", "json-ld", "rdf-xml", "html", "no-such"),
    "turtle,json",
)
_LANGUAGES = tuple(
    {"Accept": "text/html", "Accept-Language": one} for one in ("de", "en", "fr", "de;q=0.2, en-GB")
)
_CODINGS = tuple({"Accept-Encoding": one} for one in ("gzip", "br", "gzip, br", "identity", "identity;q=0"))
_NEVER = "Mon, 01 Jan 1990 00:00:00 GMT"
_RANGES = ("bytes=0-99", "bytes=-5", "bytes=999999999-", "bytes=0-9,20-29", "bytes=5-2", "lines=1-2")
_CONDITIONS = (
    *({"If-None-Match": one} for one in ("{etag}", "W/{etag}", '"other"', "*", '"other", {etag}')),
    *({"If-Modified-Since": one} for one in ("{modified}", _NEVER, "not a date")),
    *({"If-Match": one} for one in ("{etag}", '"other"')),
    {"If-Unmodified-Since": _NEVER},
    *({"Range": one} for one in _RANGES),
    *({"Range": "bytes=0-99", "If-Range": one} for one in ("{etag}", '"other"', "{modified}")),
)
_ORIGINS = (
    {"Origin": "https://a.example"},
    {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "b.example", "X-Forwarded-Prefix": "/graph"},
)
_PREFLIGHT = {"Origin": "https://a.example", "Access-Control-Request-Method": "POST"}
SOME: tuple[tuple[str, Fields], ...] = (
    ("GET", {}),
    *(("GET", fields) for fields in _ACCEPTS[:2]),
    *(("GET", {**fields, "If-None-Match": "{etag}"}) for fields in ({}, _ACCEPTS[0])),
    ("HEAD", {}),
)
ALL: tuple[tuple[str, Fields], ...] = (
    ("GET", {}),
    *(("GET", fields) for fields in (*_ACCEPTS, *_LANGUAGES, *_CODINGS, *_CONDITIONS, *_ORIGINS)),
    *(("GET", {**accept, "If-None-Match": "{etag}"}) for accept in _ACCEPTS[:2]),
    *(("HEAD", fields) for fields in ({}, *_ACCEPTS[:3], _CONDITIONS[0], _CONDITIONS[11])),
    *(("OPTIONS", fields) for fields in ({}, _PREFLIGHT)),
    *((method, {}) for method in ("POST", "PUT", "PATCH", "DELETE", "TRACE", "FOO")),
)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered; the body without its coding."""

    status: int
    fields: tuple[tuple[str, str], ...]
    body: bytes

    def field(self, name: str) -> str:
        """The value of a header field; empty where there is none."""
        return ", ".join(value for key, value in self.fields if key.lower() == name)

    @property
    def is_text(self) -> bool:
        """Whether links may be looked for in it."""
        return self.field("content-type").startswith(
            ("text/html", "application/json", "application/xml", "text/plain")
        )


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked: a route that names releases by placeholders, and a body with its media type."""

    method: str
    route: str
    fields: Fields
    body: bytes = b""
    note: str = ""

    @property
    def label(self) -> str:
        """How the transcript names it."""
        fields = "; ".join(f"{name}: {value}" for name, value in self.fields.items())
        return (
            f"{self.method} {self.route}" + f" {self.note}" * bool(self.note) + f" [{fields}]" * bool(fields)
        )


class Client:
    """One connection that is kept."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)

    def ask(self, method: str, target: str, fields: Fields, body: bytes = b"") -> Answer:
        """Send a request as it is, with the fixed host."""
        self._connection.putrequest(method, target, skip_host=True, skip_accept_encoding=True)
        length = {"Content-Length": str(len(body))} if body or method in ("POST", "PUT", "PATCH") else {}
        for name, value in {"Host": HOST, **fields, **length}.items():
            self._connection.putheader(name, value)
        self._connection.endheaders(body or None)
        response = self._connection.getresponse()
        return Answer(response.status, tuple(response.getheaders()), _decoded(response))

    def close(self) -> None:
        """End the connection."""
        self._connection.close()


def _decoded(response: http.client.HTTPResponse) -> bytes:
    body = response.read()
    coding = response.getheader("content-encoding", "")
    if not body or response.status == 206:
        return body
    return gzip.decompress(body) if coding == "gzip" else brotli.decompress(body) if coding == "br" else body


@contextmanager
def served(workspace: Path, environment: Mapping[str, str], log: Path) -> Iterator[int]:
    """Serve a workspace at a free port; in the end the log is replaced by the kinds of its lines."""
    command = [sys.executable, "-m", "transfergraph", "serve", "--port", "0"]
    with log.open("wb") as stream:
        server = subprocess.Popen(
            command, cwd=workspace, env=environment, stdout=stream, stderr=subprocess.STDOUT
        )
    try:
        yield _port(server, log)
    finally:
        server.terminate()
        server.wait(60)
    kinds = {_kind(line) for line in log.read_text(encoding="utf-8").splitlines()}
    log.write_text("".join(f"{kind}\n" for kind in sorted(kinds)), encoding="utf-8")


def _port(server: subprocess.Popen[bytes], log: Path) -> int:
    until = time.monotonic() + 60
    while server.poll() is None and time.monotonic() < until:
        for line in log.read_text(encoding="utf-8").splitlines():
            if '"listening"' in line:
                return int(json.loads(line)["port"])
        time.sleep(0.05)
    raise RuntimeError(f"the server does not start: {log.read_text(encoding='utf-8')}")


def _kind(text: str) -> str:
    try:
        line = json.loads(text)
    except ValueError:
        return text
    values = {key: line[key] for key in ("event", "level") if key in line}
    return json.dumps({**dict.fromkeys(sorted(line)), **values})


def requests_of(routes: Sequence[tuple[str, bool]]) -> Iterator[Request]:
    """Every request of a transcript: all variants for routes marked so, some for the others, and queries."""
    for route, every in routes:
        yield from (Request(method, route, fields) for method, fields in (ALL if every else SOME))
    yield from _queries()


def _queries() -> Iterator[Request]:
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    for name, text in QUERIES.items():
        get = f"/sparql?query={quote(text)}"
        yield from (Request("GET", get, fields, note=name) for fields in ({}, *_ACCEPTS, *_CODINGS[:2]))
        yield from (Request("GET", f"{get}&format={one}", {}, note=name) for one in _NAMES)
        yield Request("HEAD", get, {}, note=name)
        yield Request("POST", "/sparql", form, f"query={quote(text)}".encode(), name)
        yield Request("POST", "/sparql", {"Content-Type": "application/sparql-query"}, text.encode(), name)
        if name not in _REFUSED:
            page = f"/sparql.html?query={quote(text)}"
            yield from (Request("GET", page, fields, note=name) for fields in _LANGUAGES)
    rows = QUERIES["rows"]
    for route, note in (
        (f"/sparql?query={quote(rows)}&default-graph-uri=http%3A%2F%2Fa.example%2F", "another graph"),
        (f"/sparql?query={quote(rows)}&named-graph-uri=http%3A%2F%2Fa.example%2F", "a named graph"),
        (f"/sparql?query={quote(rows)}&query=ASK%7B%7D", "two queries"),
        (f"/sparql?query={'x' * 9000}", "a long address"),
        ("/sparql?query=", "no query"),
        ("/sparql?update=x", "an update"),
    ):
        yield Request("GET", route, {}, note=note)
    for kind in (
        "text/plain",
        "application/sparql-update",
        "application/x-www-form-urlencoded; charset=latin-1",
        "",
    ):
        yield Request("POST", "/sparql", {"Content-Type": kind}, rows.encode())
    yield Request("POST", "/sparql", form, b"query=" + b"x" * 70_000, "a long query")


def transcribe(port: int, requests: Iterable[Request], masks: Masks, folder: Path) -> None:
    """Ask everything, in the order given, and write down the answers."""
    bodies = folder / "bodies"
    bodies.mkdir(parents=True)
    client = Client(port)
    known: dict[tuple[str, str | None], Answer] = {}
    with (folder / "http.jsonl").open("w", encoding="utf-8") as stream:
        for request in requests:
            key = request.route, request.fields.get("Accept")
            first = known.get(key) or known.get((request.route, None)) or Answer(0, (), b"")
            validators = {"etag": first.field("etag"), "modified": first.field("last-modified")}
            fields = {name: value.format_map(validators) for name, value in request.fields.items()}
            answer = client.ask(request.method, masks.filled(request.route), fields, request.body)
            known.setdefault(key, answer)
            name = hashlib.sha256(answer.body).hexdigest()
            (bodies / name).write_bytes(answer.body)
            kind = "metrics" if request.route == "/metrics" else answer.field("content-type")
            line = {"request": request.label, "status": answer.status, "fields": answer.fields}
            stream.write(json.dumps({**line, "body": name, "kind": kind}) + "\n")
    client.close()
