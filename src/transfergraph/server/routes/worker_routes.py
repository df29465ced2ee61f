"""Routes whose answers workers compute: entities, documents, saved questions, descriptions of the release."""

from __future__ import annotations

import re

from starlette.responses import Response

from transfergraph.messages import explained
from transfergraph.search import MOST
from transfergraph.server.caching import respond
from transfergraph.server.http_exchange import HttpExchange, Refusal
from transfergraph.server.pool.release_manager import ReleaseManager
from transfergraph.server.pool.requests import (
    ListRequest,
    MetadataRequest,
    PageRequest,
    QuestionRequest,
    SearchRequest,
)
from transfergraph.server.problems import Problem
from transfergraph.server.routes.sparql_protocol import parameters

_LONGEST = 2000
_OF_LIST = re.compile(r"[^/]+/(?:index(?:\.[^/]*)?)?")


async def answer_entity(manager: ReleaseManager, exchange: HttpExchange) -> Response:
    """Answer for a path below the start page: an entity, a term, a list, or a document about one of them."""
    await exchange.require_reading()
    if len(exchange.path) > _LONGEST:
        raise Refusal(Problem(414, "too-long", explained("problem.address-too-long", count=_LONGEST)))
    if exchange.query and _OF_LIST.fullmatch(exchange.path):
        pairs = _pairs(exchange.query)
        return await respond(
            exchange, manager.current, ListRequest(exchange.path, pairs, exchange.preferences())
        )
    return await respond(exchange, manager.current, PageRequest(exchange.path, exchange.preferences()))


async def answer_metadata(manager: ReleaseManager, subject: str, exchange: HttpExchange) -> Response:
    """Answer with one subject of :class:`MetadataRequest`."""
    await exchange.require_reading()
    return await respond(exchange, manager.current, MetadataRequest(subject, exchange.preferences()))


async def answer_search(manager: ReleaseManager, exchange: HttpExchange) -> Response:
    """Answer what is searched by name; without a text, as any other page."""
    await exchange.require_reading()
    given = parameters(exchange.query)
    texts = given.get("q", [])
    if not "".join(texts).strip():
        return await respond(exchange, manager.current, PageRequest(exchange.path, exchange.preferences()))
    limit = given.get("limit", [])
    if len(texts) > 1:
        raise Refusal(Problem(400, "bad-request", explained("problem.parameter-twice", name="q")))
    if limit and (len(limit) > 1 or not _is_count(limit[0])):
        sentence = explained("problem.search.many", name="limit", most=MOST)
        raise Refusal(Problem(400, "bad-request", sentence))
    request = SearchRequest(
        exchange.path,
        texts[0][:_LONGEST],
        exchange.preferences(),
        next(iter(given.get("language", [])), "")[:_LONGEST],
        int(limit[0]) if limit else None,
    )
    return await respond(exchange, manager.current, request)


def _is_count(text: str) -> bool:
    return text.isascii() and text.isdecimal() and 1 <= int(text[:4]) <= MOST and len(text) <= 4


async def answer_questions(manager: ReleaseManager, exchange: HttpExchange) -> Response:
    """Answer a saved question, or list them."""
    await exchange.require_reading()
    pairs = _pairs(exchange.query)
    path = exchange.path_params["path"]
    return await respond(exchange, manager.current, QuestionRequest(path, pairs, exchange.preferences()))


def _pairs(query: str) -> tuple[tuple[str, str], ...]:
    """The names and values of a query string; raises :class:`Refusal`."""
    return tuple((name, value) for name, values in parameters(query).items() for value in values)
