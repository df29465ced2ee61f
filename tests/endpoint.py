"""A small SPARQL server for tests, which can be told to misbehave."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

import pyoxigraph as ox
from own_thread import running


@dataclass(frozen=True)
class Fault:
    """What happens to one request instead of an answer; seconds to wait come first."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    wait: float = 0.0
    drip: float = 0.0
    drop: bool = False
    missing_bytes: int = 0


class Endpoint(ThreadingHTTPServer):
    """Answers SPARQL queries on every path; ``faults`` are used up first, one for each request; None is none."""

    daemon_threads = True

    def __init__(self, store: ox.Store, union: bool) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.store = store
        self.union = union
        self.faults: deque[Fault | None] = deque()
        self.requests: list[Mapping[str, str]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/sparql"


class _Handler(BaseHTTPRequestHandler):
    server: Endpoint

    def do_POST(self) -> None:
        text = self.rfile.read(int(self.headers["Content-Length"])).decode("utf-8")
        direct = self.headers.get_content_type() == "application/sparql-query"
        query = text if direct else parse_qs(text)["query"][0]
        self.server.requests.append({**dict(self.headers), "query": query})
        if self.server.faults and (fault := self.server.faults.popleft()) is not None:
            self._misbehave(fault)
        else:
            self._answer(query)

    def _answer(self, query: str) -> None:
        union = self.server.union and " FROM " not in query
        try:
            result = self.server.store.query(query, use_default_graph_as_union=union)
        except SyntaxError as error:
            self._send(400, "text/plain", str(error).encode("utf-8"))
            return
        if isinstance(result, ox.QueryTriples):
            body = ox.serialize(result, format=ox.RdfFormat.TURTLE)
            self._send(200, "text/turtle", body or b"")
        else:
            json = result.serialize(format=ox.QueryResultsFormat.JSON)
            self._send(200, "application/sparql-results+json", json or b"")

    def _misbehave(self, fault: Fault) -> None:
        time.sleep(fault.wait)
        if fault.drop:
            self.close_connection = True
            return
        self.send_response(fault.status)
        for name, value in fault.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(fault.body) + fault.missing_bytes))
        self.end_headers()
        try:
            for byte in fault.body:
                self.wfile.write(bytes([byte]))
                time.sleep(fault.drip)
        except ConnectionError:
            self.close_connection = True

    def _send(self, status: int, media_type: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@contextmanager
def serving(store: ox.Store, union: bool = True) -> Iterator[Endpoint]:
    """A server that runs until the block ends."""
    endpoint = Endpoint(store, union)
    with running(endpoint):
        yield endpoint
