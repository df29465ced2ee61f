"""The application: the routes and who answers them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from starlette.responses import Response
from starlette.routing import Route, Router

from transfergraph.server.http_exchange import Endpoint, SiteAddress
from transfergraph.server.log import LogEvent
from transfergraph.server.middleware import Middleware
from transfergraph.server.pool.kept_releases import KeptReleases
from transfergraph.server.pool.release_manager import ReleaseManager
from transfergraph.server.routes.health import MetricsRoute, answer_health
from transfergraph.server.routes.mementos import MementoRoutes
from transfergraph.server.routes.reconcile_route import answer_reconcile
from transfergraph.server.routes.release_files import FilesRoute
from transfergraph.server.routes.sparql_protocol import answer_form, answer_protocol
from transfergraph.server.routes.worker_routes import answer_metadata, answer_questions, answer_search


def make_app(
    manager: ReleaseManager, log_event: LogEvent, closed: Counter[str], metrics_token: str
) -> Middleware:
    """The ASGI application that answers from the current release of an open manager.

    Without ``metrics_token`` nobody can read the metrics, and nothing is counted; ``closed`` counts the
    connections that were closed, by reason.
    """
    metrics = None
    if metrics_token:
        from transfergraph.server.metrics import Metrics  # loads prometheus_client: 2 MiB

        metrics = Metrics(closed)

    def route(path: str, kind: str, respond: Callable[..., Awaitable[Response]], *arguments: Any) -> Route:
        return Route(path, Endpoint(kind, partial(respond, *arguments)))

    kept = KeptReleases(manager.source.builds)
    mementos = MementoRoutes(kept)
    routes = [
        route("/sparql", "sparql", answer_protocol, manager),
        route("/sparql/", "sparql", answer_protocol, manager),
        route("/sparql.html", "sparql", answer_form, manager),
        route("/sparql.{language}.html", "sparql", answer_form, manager),
        route("/search", "search", answer_search, manager),
        route("/search.{form}", "search", answer_search, manager),
        route("/reconcile", "reconcile", answer_reconcile, manager),
        route("/reconcile/{part:path}", "reconcile", answer_reconcile, manager),
        route("/questions/{path:path}", "question", answer_questions, manager),
        route("/problems", "about", answer_metadata, manager, "problems"),
        route("/timegate/{path:path}", "memento", mementos.gate),
        route("/timemap/{path:path}", "memento", mementos.map),
        route("/health", "health", answer_health, manager),
        route("/metrics", "metrics", MetricsRoute(manager, metrics, metrics_token).answer),
        route("/{path:path}", "entity", FilesRoute(manager, kept).answer),
    ]
    server = manager.source.workspace.settings.server
    site_address = SiteAddress(manager.source.public_url, server.proxies, server.hosts)
    return Middleware(Router(routes=routes, redirect_slashes=False), site_address, metrics, log_event)
