"""Around every request: problem details for errors, security and CORS fields, the log, the metrics."""

from __future__ import annotations

import time
import traceback
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from transfergraph.common.formats import PROBLEM
from transfergraph.common.iris import normalised
from transfergraph.messages import explained
from transfergraph.server.http_exchange import (
    METHODS,
    HttpExchange,
    Refusal,
    SiteAddress,
    anonymised,
    is_within,
    response,
)
from transfergraph.server.log import LogEvent
from transfergraph.server.pool.response_buffer import BrokenResponse
from transfergraph.server.pool.scheduler import CLIENT_LEFT
from transfergraph.server.problems import Problem, retry_after

if TYPE_CHECKING:
    from transfergraph.server.metrics import Metrics

CONTENT_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""Pages load style, images and the script of the search from this server, which asks it, too, and send forms
to it; no other script runs, and no frame shows them."""

_COMMON: Sequence[tuple[bytes, bytes]] = (
    (b"access-control-allow-origin", b"*"),
    (
        b"access-control-expose-headers",
        b"Content-Language, Content-Location, ETag, Link, Memento-Datetime, Retry-After, Transfergraph-Cut, "
        b"Transfergraph-Limits",
    ),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"strict-origin-when-cross-origin"),
    (b"cross-origin-resource-policy", b"cross-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
)
_AT_ONCE = 128  # requests of one client behind a proxy, as many as it may have connections without one
_TOO_MANY = Problem(429, "share", explained("problem.your-requests"), headers=(retry_after(5),))
_POLICY = b"content-security-policy"
_CACHE_FIELDS = (b"cache-control", b"etag", b"last-modified")
_PREFLIGHT = (
    ("allow", METHODS),
    ("access-control-allow-methods", METHODS),
    (
        "access-control-allow-headers",
        "Accept, Accept-Datetime, Accept-Language, Content-Type, If-None-Match, Range",
    ),
    ("access-control-max-age", "86400"),
)


class Middleware:
    """An ASGI application around another one."""

    def __init__(
        self, app: ASGIApp, site_address: SiteAddress, metrics: Metrics | None, log_event: LogEvent
    ) -> None:
        self._app = app
        self._site_address = site_address
        self._metrics = metrics
        self._log_event = log_event
        self._by_client: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The ASGI interface, version 3."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        start = time.monotonic()
        record = _Record(send, scope["method"] == "HEAD")
        exchange = None
        if self._metrics is not None:
            self._metrics.running += 1
        try:
            exchange = HttpExchange(scope, receive, record.send, self._site_address)
            self._by_client[exchange.client_key] += 1
            await self._serve(exchange, scope, receive, record)
        except Refusal as refusal:  # a request without the name of a host
            problem = refusal.problem
            plain = Response(problem.to_json("/"), problem.status, media_type=PROBLEM)
            await plain(scope, receive, record.send)
        finally:
            seconds = time.monotonic() - start
            if exchange is not None:
                self._uncount(exchange.client_key)
            kind = exchange.kind if exchange is not None else "none"
            if self._metrics is not None:
                self._metrics.running -= 1
                self._metrics.count(kind, record.status, seconds, record.sent)
            self._log_event(_line(scope, exchange, record, seconds))

    async def _serve(self, exchange: HttpExchange, scope: Scope, receive: Receive, record: _Record) -> None:
        """Pass the request on; an error becomes problem details unless the answer has begun."""
        try:
            is_proxy = is_within(exchange.address, self._site_address.proxies)
            if self._by_client[exchange.client_key] > _AT_ONCE and not is_proxy:
                raise Refusal(_TOO_MANY)
            if exchange.method == "OPTIONS":
                await response(204, _PREFLIGHT)(scope, receive, record.send)
                return
            scope["path"] = "/" + normalised(exchange.path)
            await self._app(scope, receive, record.send)
        except Refusal as refusal:
            record.problem = refusal.problem.kind
            if refusal.problem is CLIENT_LEFT:
                record.status = CLIENT_LEFT.status
            elif not record.status:
                await exchange.refusal(refusal.problem)(scope, receive, record.send)
        except BrokenResponse as broken:
            # Without its last chunk the answer ends as a failure for the client (RFC 9112, section 8).
            record.problem = str(broken)
        except Exception as error:
            record.problem = "failure"
            trace = "".join(traceback.format_exception(error))
            self._log_event({"event": "failure", "path": exchange.path[:200], "trace": trace})
            if not record.status:
                sentence = explained("problem.failure")
                problem = Problem(500, "failure", sentence)
                await exchange.refusal(problem)(scope, receive, record.send)

    def _uncount(self, client: str) -> None:
        self._by_client[client] -= 1
        if not self._by_client[client]:
            del self._by_client[client]


class _Record:
    """Passes an answer on, adds the fields that all answers have, and keeps status and size for the log.

    A HEAD request gets the header only (RFC 9110, section 9.3.2).
    """

    def __init__(self, send: Send, is_head: bool) -> None:
        self._send = send
        self._is_head = is_head
        self.status = 0
        self.sent = 0
        self.problem = ""

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = [*message["headers"], *_COMMON]
            if self.status >= 400:  # errors are not cached
                headers = [field for field in headers if field[0] not in _CACHE_FIELDS]
                headers.append((b"cache-control", b"no-store"))
            if all(name != _POLICY for name, _ in headers):
                headers.append((_POLICY, CONTENT_POLICY.encode()))
            message = {**message, "headers": headers}
        elif self._is_head:
            message = {**message, "body": b""}
        else:
            self.sent += len(message.get("body", b""))
        await self._send(message)


def _line(
    scope: Scope, exchange: HttpExchange | None, record: _Record, seconds: float
) -> Mapping[str, object]:
    """One line of the log, without personal data and without the query string."""
    line: dict[str, object] = {
        "event": "request",
        "client": anonymised(exchange.address) if exchange is not None else "-",
        "method": scope["method"],
        "path": scope["path"][:200],
        "kind": exchange.kind if exchange is not None else "none",
        "status": record.status,
        "bytes": record.sent,
        "milliseconds": round(seconds * 1000, 1),
    }
    if record.problem:
        line["problem"] = record.problem
    return line
