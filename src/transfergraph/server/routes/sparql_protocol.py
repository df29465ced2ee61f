"""The SPARQL endpoint: SPARQL 1.1 Protocol, query operation (section 2.1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import parse_qsl

from starlette.responses import Response

from transfergraph.common.text import Languages, Text
from transfergraph.messages import explained
from transfergraph.server.caching import respond
from transfergraph.server.http_exchange import METHODS, HttpExchange, Refusal
from transfergraph.server.pool.release_manager import ReleaseManager
from transfergraph.server.pool.requests import MetadataRequest, SparqlRequest
from transfergraph.server.problems import Problem

FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
UPDATE = "application/sparql-update"

_FIELDS = 200


async def answer_protocol(manager: ReleaseManager, exchange: HttpExchange) -> Response:
    """Answer a query; updates and all other operations are refused with a reason."""
    return await _respond(manager, exchange, await _read(exchange, _longest_query(manager)))


async def answer_form(manager: ReleaseManager, exchange: HttpExchange) -> Response:
    """Answer with the page that has a form for queries, and the result of one."""
    languages = manager.current.release.manifest.languages
    return await _respond(manager, exchange, await _read_form(exchange, _longest_query(manager), languages))


def _longest_query(manager: ReleaseManager) -> int:
    return manager.source.workspace.settings.server.query_kilobytes << 10


async def _respond(
    manager: ReleaseManager, exchange: HttpExchange, request: SparqlRequest | MetadataRequest
) -> Response:
    served = manager.current
    limits = served.release.manifest.limits
    announced = f"rows={limits.rows}, seconds={limits.seconds}, megabytes={limits.megabytes}"
    return await respond(exchange, served, request, [("transfergraph-limits", announced)])


async def _read_form(exchange: HttpExchange, limit: int, languages: Languages) -> SparqlRequest:
    """The request for the page; its language is the format of the answer."""
    language = str(exchange.path_params.get("language", ""))
    if language not in ("", *languages):
        raise Refusal(Problem(404, "not-found", explained("problem.no-language", language=language[:20])))
    await exchange.require_reading()
    given = parameters(exchange.query)
    query = _one(given, "query")
    _require_short(query, limit)
    return SparqlRequest(query, exchange.preferences(language), on_page=True)


async def _read(exchange: HttpExchange, limit: int) -> SparqlRequest | MetadataRequest:
    """What a request asks of a worker; raises :class:`Refusal`."""
    in_address = parameters(exchange.query)
    if exchange.method in ("GET", "HEAD"):
        if not any(name in in_address for name in ("query", "update")):
            return MetadataRequest("service", exchange.preferences(_form(in_address)))
        return _request(exchange, in_address, limit)
    if exchange.method != "POST":
        sentence = explained("problem.get-post")
        raise Refusal(Problem(405, "method", sentence, headers=(("allow", METHODS),)))
    media_type, _, rest = exchange.header("content-type").lower().partition(";")
    _require_plain(exchange, rest)
    match media_type.strip():
        case "application/x-www-form-urlencoded":
            body = await exchange.read_body(4 * limit + 4096)
            given = parameters(form_text(body))
            return _request(exchange, {**in_address, **given}, limit)
        case "application/sparql-query":
            query = form_text(await exchange.read_body(limit))
            if "query" in in_address:
                raise Refusal(_bad(explained("problem.query-twice")))
            return _request(exchange, {**in_address, "query": [query]}, limit)
        case "application/sparql-update":
            raise Refusal(_no_update())
        case other:
            sentence = explained("problem.query-type", form=FORM, query=QUERY, other=other[:80] or "?")
            raise Refusal(
                Problem(415, "media-type", sentence, headers=(("accept-post", f"{FORM}, {QUERY}"),))
            )


def parameters(text: str) -> dict[str, list[str]]:
    """The parameters of a query string or form, each with its values; raises :class:`Refusal`."""
    try:
        pairs = parse_qsl(
            text, keep_blank_values=True, encoding="utf-8", errors="strict", max_num_fields=_FIELDS
        )
    except UnicodeDecodeError as error:
        raise Refusal(_bad(explained("problem.parameters-utf-8"))) from error
    except ValueError as error:
        raise Refusal(_bad(explained("problem.parameters", count=_FIELDS))) from error
    found: dict[str, list[str]] = {}
    for name, value in pairs:
        found.setdefault(name, []).append(value)
    return found


def _request(exchange: HttpExchange, given: Mapping[str, Sequence[str]], limit: int) -> SparqlRequest:
    if not given.keys().isdisjoint(("update", "using-graph-uri", "using-named-graph-uri")):
        raise Refusal(_no_update())
    queries = given.get("query", ())
    if len(queries) != 1:
        raise Refusal(_bad(explained("problem.one-query", count=len(queries))))
    _require_short(queries[0], limit)
    return SparqlRequest(
        query=queries[0].removeprefix("\ufeff"),
        preferences=exchange.preferences(_form(given)),
        default_graphs=tuple(filter(None, given.get("default-graph-uri", ()))),
        named_graphs=tuple(filter(None, given.get("named-graph-uri", ()))),
    )


def _form(given: Mapping[str, Sequence[str]]) -> str:
    """The names of formats that the address asks for, joined by commas: clients use either parameter."""
    return ",".join([*given.get("format", ()), *given.get("output", ())])


def _require_short(query: str, limit: int) -> None:
    if len(query.encode("utf-8", "replace")) > limit:
        sentence = explained("problem.query-too-long", limit=limit)
        raise Refusal(Problem(413, "too-long", sentence, {"limit": limit}))


def _one(given: Mapping[str, Sequence[str]], name: str) -> str:
    values = given.get(name, ("",))
    if len(values) != 1:
        raise Refusal(_bad(explained("problem.parameter-twice", name=name)))
    return values[0]


def _require_plain(exchange: HttpExchange, media_type_parameters: str) -> None:
    """Refuse a body with a content coding, or in another character encoding than UTF-8."""
    if exchange.header("content-encoding").lower() not in ("", "identity"):
        sentence = explained("problem.coding")
        raise Refusal(Problem(415, "media-type", sentence, headers=(("accept-encoding", "identity"),)))
    for parameter in media_type_parameters.split(";"):
        name, _, value = parameter.strip().partition("=")
        if name == "charset" and value.strip('"') not in ("utf-8", "us-ascii"):
            raise Refusal(Problem(415, "media-type", explained("problem.query-utf-8")))


def form_text(body: bytes) -> str:
    """The text of a body in UTF-8; raises :class:`Refusal`."""
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Refusal(_bad(explained("problem.body-utf-8"))) from error


def _bad(sentence: Text) -> Problem:
    return Problem(400, "bad-request", sentence)


def _no_update() -> Problem:
    return Problem(403, "refused", explained("problem.no-updates"))
