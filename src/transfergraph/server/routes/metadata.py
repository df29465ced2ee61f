"""What is told about the whole, at the places where programs look for it."""

from __future__ import annotations

import re

from transfergraph.server.caching import CACHED, respond
from transfergraph.server.http_exchange import HttpExchange, Receive, Refusal, Scope, Send
from transfergraph.server.pool.release_manager import ReleaseManager
from transfergraph.server.pool.requests import MetadataRequest, QuestionRequest
from transfergraph.server.problems import Problem
from transfergraph.server.routes.entity_routes import only_reading
from transfergraph.server.routes.sparql_protocol import parameters
from transfergraph.web.sitemap import robots_txt

_NUMBER = re.compile(r"[1-9][0-9]{0,5}")


class MetadataRoute:
    """Answers with one subject of :class:`MetadataRequest`."""

    def __init__(self, manager: ReleaseManager, subject: str) -> None:
        self._manager = manager
        self._subject = subject

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request (ASGI 3)."""
        exchange = HttpExchange.of(scope)
        exchange.kind = "about"
        await only_reading(exchange)
        detail = str(scope["path_params"].get("number", ""))
        if detail and not _NUMBER.fullmatch(detail):
            raise Refusal(
                Problem(404, "not-found", f"There is nothing at {exchange.prefix}{exchange.path[:100]}.")
            )
        request = MetadataRequest(self._subject, exchange.preferences(), detail)
        await respond(exchange, self._manager.current, request)


class QuestionsRoute:
    """Answers saved questions, and lists them."""

    def __init__(self, manager: ReleaseManager) -> None:
        self._manager = manager

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request (ASGI 3)."""
        exchange = HttpExchange.of(scope)
        exchange.kind = "question"
        await only_reading(exchange)
        given = parameters(exchange.query)
        pairs = tuple((name, value) for name, values in given.items() for value in values)
        path = exchange.path.partition("questions/")[2]
        await respond(exchange, self._manager.current, QuestionRequest(path, pairs, exchange.preferences()))


class RobotsRoute:
    """Tells robots what to leave alone (RFC 9309) and where the list of all pages is."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request (ASGI 3)."""
        exchange = HttpExchange.of(scope)
        exchange.kind = "about"
        await only_reading(exchange)
        fields = [("content-type", "text/plain; charset=utf-8"), ("cache-control", CACHED)]
        await exchange.answer(200, fields, robots_txt(exchange.url, endpoint=True).encode())
