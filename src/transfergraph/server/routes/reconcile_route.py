"""The route of the reconciliation service, which takes its parameters from the address or from a form."""

from __future__ import annotations

from starlette.responses import Response

from transfergraph.messages import explained
from transfergraph.server.caching import respond
from transfergraph.server.http_exchange import METHODS, HttpExchange, Refusal
from transfergraph.server.pool.release_manager import ReleaseManager
from transfergraph.server.pool.requests import ReconcileRequest
from transfergraph.server.problems import Problem
from transfergraph.server.routes.sparql_protocol import FORM, form_text, parameters

_LONGEST = 1 << 20  # bytes of a batch of queries
_LONGEST_PART = 40


async def answer_reconcile(manager: ReleaseManager, exchange: HttpExchange) -> Response:
    """Answer for the service, or a part of it; a batch may be sent as a form."""
    given = parameters(exchange.query)
    if exchange.method == "POST":
        given |= parameters(await _form(exchange))
    elif exchange.method not in ("GET", "HEAD"):
        raise Refusal(Problem(405, "method", explained("problem.get-post"), headers=(("allow", METHODS),)))
    if twice := next((name for name, values in given.items() if len(values) > 1), None):
        raise Refusal(Problem(400, "bad-request", explained("problem.parameter-twice", name=twice[:80])))
    pairs = tuple((name, values[0]) for name, values in given.items())
    part = str(exchange.path_params.get("part", ""))[:_LONGEST_PART]
    return await respond(exchange, manager.current, ReconcileRequest(part, pairs, exchange.preferences()))


async def _form(exchange: HttpExchange) -> str:
    media_type = exchange.header("content-type").lower().partition(";")[0].strip()
    if media_type != FORM:
        sentence = explained("problem.reconcile.form", form=FORM, other=media_type[:80] or "?")
        raise Refusal(Problem(415, "media-type", sentence, headers=(("accept-post", FORM),)))
    return form_text(await exchange.read_body(_LONGEST))
