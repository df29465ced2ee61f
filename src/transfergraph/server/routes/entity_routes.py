"""Everything else: entities, terms, lists, and documents about them."""

from __future__ import annotations

from transfergraph.server.caching import respond
from transfergraph.server.http_exchange import HttpExchange, Receive, Refusal, Scope, Send
from transfergraph.server.pool.release_manager import ReleaseManager
from transfergraph.server.pool.requests import PageRequest
from transfergraph.server.problems import Problem

_LONGEST = 2000
IGNORED = 1 << 16
"""Bytes of the body of a GET request, which means nothing (RFC 9110, section 9.3.1), that are taken."""


class EntityRoute:
    """Answers for a path below the start page."""

    def __init__(self, manager: ReleaseManager) -> None:
        self._manager = manager

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request (ASGI 3)."""
        exchange = HttpExchange.of(scope)
        exchange.kind = "entity"
        await only_reading(exchange)
        if len(exchange.path) > _LONGEST:
            raise Refusal(Problem(414, "too-long", f"The address is longer than {_LONGEST} characters."))
        await respond(exchange, self._manager.current, PageRequest(exchange.path, exchange.preferences()))


async def only_reading(exchange: HttpExchange) -> None:
    """Raise :class:`Refusal` for everything but GET and HEAD; their body says nothing."""
    if exchange.method not in ("GET", "HEAD"):
        allowed = ("allow", "GET, HEAD, OPTIONS")
        sentence = f"This can be read, not changed: {exchange.method} is not allowed."
        raise Refusal(Problem(405, "method", sentence, headers=(allowed,)))
    await exchange.body(IGNORED)
