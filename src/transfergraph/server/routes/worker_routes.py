"""Routes whose answers workers compute: entities, documents, saved questions, descriptions of the release."""

from __future__ import annotations

import re

from starlette.responses import Response

from transfergraph.server.caching import CACHED, respond
from transfergraph.server.http_exchange import HttpExchange, Refusal, response
from transfergraph.server.pool.release_manager import ReleaseManager
from transfergraph.server.pool.requests import MetadataRequest, PageRequest, QuestionRequest
from transfergraph.server.problems import Problem
from transfergraph.server.routes.sparql_protocol import parameters
from transfergraph.web.sitemap import robots_txt

_LONGEST = 2000
_NUMBER = re.compile(r"[1-9][0-9]{0,5}")


async def answer_entity(manager: ReleaseManager, exchange: HttpExchange) -> Response:
    """Answer for a path below the start page: an entity, a term, a list, or a document about one of them."""
    await exchange.require_reading()
    if len(exchange.path) > _LONGEST:
        raise Refusal(Problem(414, "too-long", f"The address is longer than {_LONGEST} characters."))
    return await respond(exchange, manager.current, PageRequest(exchange.path, exchange.preferences()))


async def answer_metadata(manager: ReleaseManager, subject: str, exchange: HttpExchange) -> Response:
    """Answer with one subject of :class:`MetadataRequest`."""
    await exchange.require_reading()
    number = str(exchange.path_params.get("number", ""))
    if number and not _NUMBER.fullmatch(number):
        raise Refusal(
            Problem(404, "not-found", f"There is nothing at {exchange.prefix}{exchange.path[:100]}.")
        )
    return await respond(exchange, manager.current, MetadataRequest(subject, exchange.preferences(), number))


async def answer_questions(manager: ReleaseManager, exchange: HttpExchange) -> Response:
    """Answer a saved question, or list them."""
    await exchange.require_reading()
    given = parameters(exchange.query)
    pairs = tuple((name, value) for name, values in given.items() for value in values)
    path = exchange.path.partition("questions/")[2]
    return await respond(exchange, manager.current, QuestionRequest(path, pairs, exchange.preferences()))


async def answer_robots(exchange: HttpExchange) -> Response:
    """Name the paths that robots should not visit (RFC 9309), and the sitemap."""
    await exchange.require_reading()
    fields = [("content-type", "text/plain; charset=utf-8"), ("cache-control", CACHED)]
    return response(200, fields, robots_txt(exchange.site_url, endpoint=True).encode())
