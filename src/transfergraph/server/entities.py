"""Everything else: entities, terms, lists, and documents about them."""

from __future__ import annotations

from transfergraph.server.exchange import Exchange, Receive, Refusal, Scope, Send
from transfergraph.server.jobs import PageJob
from transfergraph.server.office import Office
from transfergraph.server.problems import Problem
from transfergraph.server.respond import respond

_LONGEST = 2000


class Entities:
    """Answers for a path below the start page."""

    def __init__(self, office: Office) -> None:
        self._office = office

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request (ASGI 3)."""
        exchange = Exchange.of(scope)
        exchange.kind = "entity"
        await only_reading(exchange)
        if len(exchange.path) > _LONGEST:
            raise Refusal(Problem(414, "too-long", f"The address is longer than {_LONGEST} characters."))
        await respond(exchange, self._office.current, PageJob(exchange.path, exchange.wishes()))


async def only_reading(exchange: Exchange) -> None:
    """Raise :class:`Refusal` for everything but GET and HEAD, and for a body."""
    if exchange.method not in ("GET", "HEAD"):
        allowed = ("allow", "GET, HEAD, OPTIONS")
        sentence = f"This can be read, not changed: {exchange.method} is not allowed."
        raise Refusal(Problem(405, "method", sentence, headers=(allowed,)))
    await exchange.body(0)
