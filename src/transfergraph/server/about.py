"""What is told about the whole, at the places where programs look for it."""

from __future__ import annotations

import re

from transfergraph.server.endpoint import parameters
from transfergraph.server.entities import only_reading
from transfergraph.server.exchange import Exchange, Receive, Refusal, Scope, Send
from transfergraph.server.jobs import AboutJob, QuestionJob
from transfergraph.server.office import Office
from transfergraph.server.problems import Problem
from transfergraph.server.respond import CACHED, respond

_NUMBER = re.compile(r"[1-9][0-9]{0,5}")


class About:
    """Answers with one subject of :class:`AboutJob`."""

    def __init__(self, office: Office, subject: str) -> None:
        self._office = office
        self._subject = subject

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request (ASGI 3)."""
        exchange = Exchange.of(scope)
        exchange.kind = "about"
        await only_reading(exchange)
        detail = str(scope["path_params"].get("number", ""))
        if detail and not _NUMBER.fullmatch(detail):
            raise Refusal(
                Problem(404, "not-found", f"There is nothing at {exchange.prefix}{exchange.path[:100]}.")
            )
        job = AboutJob(self._subject, exchange.wishes(), detail)
        await respond(exchange, self._office.current, job)


class Questions:
    """Answers saved questions, and lists them."""

    def __init__(self, office: Office) -> None:
        self._office = office

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request (ASGI 3)."""
        exchange = Exchange.of(scope)
        exchange.kind = "question"
        await only_reading(exchange)
        given = parameters(exchange.query)
        pairs = tuple((name, value) for name, values in given.items() for value in values)
        path = exchange.path.partition("questions/")[2]
        await respond(exchange, self._office.current, QuestionJob(path, pairs, exchange.wishes()))


class Robots:
    """Tells robots what to leave alone (RFC 9309) and where the list of all pages is."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request (ASGI 3)."""
        exchange = Exchange.of(scope)
        exchange.kind = "about"
        await only_reading(exchange)
        prefix = exchange.prefix
        lines = (
            "User-agent: *",
            f"Disallow: {prefix}sparql",
            f"Disallow: {prefix}*?",
            f"Sitemap: {exchange.url}sitemap.xml",
        )
        fields = [("content-type", "text/plain; charset=utf-8"), ("cache-control", CACHED)]
        await exchange.answer(200, fields, "".join(f"{line}\n" for line in lines).encode())
