"""A small server for tests: Graph Store Protocol, updates and queries, which can be told to misbehave."""

from __future__ import annotations

import base64
import hashlib
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock
from urllib.parse import parse_qs, urlsplit

import pyoxigraph as ox
from own_thread import running

USER, PASSWORD, TOKEN = "curator", "käse:pass", "a-token"


@dataclass(frozen=True)
class Mishap:
    """What happens to one request instead of an answer, or after it has been done (``late``).

    With ``cut`` it is done, and its answer breaks off in the middle.
    """

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    drop: bool = False
    late: bool = False
    wait: float = 0.0
    cut: bool = False


Choose = Callable[[str, str], Mishap | None]
"""What happens to a request, by its method and its path; None for nothing."""


class StoreServer(ThreadingHTTPServer):
    """A data set at ``/store``, ``/update`` and ``/query``."""

    daemon_threads = True

    def __init__(self, store: ox.Store, scheme: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.store = store
        self.scheme = scheme
        self.mishap: Choose = lambda method, path: None
        self.requests: list[tuple[str, str, int]] = []
        self.lock = Lock()

    @property
    def url(self) -> str:
        """The address of the graph store."""
        return f"http://127.0.0.1:{self.server_address[1]}/store"

    def graph(self, iri: str) -> int:
        """The number of statements in a graph."""
        return sum(1 for _ in self.store.quads_for_pattern(None, None, None, ox.NamedNode(iri)))

    def graphs(self) -> set[str]:
        """The graphs that hold a statement."""
        return {
            str(quad.graph_name.value) for quad in self.store if isinstance(quad.graph_name, ox.NamedNode)
        }


class _Handler(BaseHTTPRequestHandler):
    server: StoreServer
    protocol_version = "HTTP/1.1"

    def do_PUT(self) -> None:
        self._serve()

    def do_POST(self) -> None:
        self._serve()

    def do_DELETE(self) -> None:
        self._serve()

    def _serve(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        parts = urlsplit(self.path)
        with self.server.lock:
            self.server.requests.append((self.command, parts.path, len(body)))
            mishap = self.server.mishap(self.command, parts.path)
        if not self._may_enter():
            return
        if mishap is not None:
            time.sleep(mishap.wait)
        if mishap is not None and not (mishap.late or mishap.cut):
            self._misbehave(mishap)
            return
        status, media_type, answer = self._do(parts.path, parse_qs(parts.query), body)
        if mishap is not None and mishap.cut:
            self.close_connection = True
            self._send(status, answer[: len(answer) // 2], {"Content-Type": media_type}, len(answer) + 1)
        elif mishap is not None:
            self._misbehave(mishap)
        else:
            self._send(status, answer, {"Content-Type": media_type})

    def _do(self, path: str, query: dict[str, list[str]], body: bytes) -> tuple[int, str, bytes]:
        store = self.server.store
        try:
            if path == "/query":
                (asked,) = parse_qs(body.decode())["query"]
                result = store.query(asked, use_default_graph_as_union=True)
                answer = (
                    result.serialize(format=ox.QueryResultsFormat.JSON)
                    if isinstance(result, ox.QuerySolutions)
                    else b""
                )
                return 200, "application/sparql-results+json", answer or b""
            if path == "/update":
                store.update(body.decode())
                return 204, "text/plain", b""
            graph = ox.NamedNode(query["graph"][0])
            if self.command in ("PUT", "DELETE"):
                known = store.contains_named_graph(graph)
                store.remove_graph(graph)
                if self.command == "DELETE":
                    return (204 if known else 404), "text/plain", b""
            store.load(body, format=ox.RdfFormat.N_TRIPLES, to_graph=graph)
            return 201, "text/plain", b""
        except (SyntaxError, ValueError, KeyError) as error:
            return 400, "text/plain", str(error).encode()

    def _misbehave(self, mishap: Mishap) -> None:
        if mishap.drop:
            self.close_connection = True
            self.connection.shutdown(2)
            return
        self._send(mishap.status, b"<html><b>No.</b></html>", mishap.headers)

    def _may_enter(self) -> bool:
        given = self.headers.get("Authorization") or ""
        match self.server.scheme:
            case "basic":
                pair = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
                entered, challenge = given == f"Basic {pair}", 'Basic realm="store"'
            case "bearer":
                entered, challenge = given == f"Bearer {TOKEN}", "Bearer"
            case "digest":
                entered, challenge = self._digest(given), 'Digest realm="store", nonce="abc", qop="auth"'
            case _:
                return True
        if not entered:
            self._send(401, b"who are you?", {"WWW-Authenticate": challenge})
        return entered

    def _digest(self, given: str) -> bool:
        told = dict(re.findall(r'(\w+)="?([^",]*)"?', given.removeprefix("Digest ")))

        def md5(text: str) -> str:
            return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()

        one = md5(f"{USER}:store:{PASSWORD}")
        other = md5(f"{self.command}:{told.get('uri', '')}")
        middle = f"{told.get('nonce')}:{told.get('nc')}:{told.get('cnonce')}:{told.get('qop')}"
        return told.get("response") == md5(f"{one}:{middle}:{other}")

    def _send(self, status: int, body: bytes, headers: dict[str, str], announced: int | None = None) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if status != 204:
            self.send_header("Content-Length", str(len(body) if announced is None else announced))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def storing(store: ox.Store | None = None, scheme: str = "") -> Iterator[StoreServer]:
    """A server that runs until the block ends; ``scheme`` is ``basic``, ``digest``, ``bearer`` or empty."""
    server = StoreServer(store or ox.Store(), scheme)
    with running(server):
        yield server
