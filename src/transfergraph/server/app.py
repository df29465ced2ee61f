"""The application: which path is answered by whom."""

from __future__ import annotations

from starlette.routing import Route, Router

from transfergraph.server.http_exchange import SiteAddress
from transfergraph.server.log import Tell
from transfergraph.server.metrics import Metrics
from transfergraph.server.middleware import Middleware
from transfergraph.server.pool.release_manager import ReleaseManager
from transfergraph.server.routes.entity_routes import EntityRoute
from transfergraph.server.routes.health import HealthRoute, MetricsRoute
from transfergraph.server.routes.metadata import MetadataRoute, QuestionsRoute, RobotsRoute
from transfergraph.server.routes.release_files import FilesRoute
from transfergraph.server.routes.sparql_protocol import SparqlRoute


def make_app(manager: ReleaseManager, tell: Tell, metrics: Metrics, metrics_token: str) -> Middleware:
    """The ASGI application that answers from the release which an open manager holds.

    ``tell`` takes the lines of the log, ``metrics`` what is counted; without ``metrics_token`` nobody
    is told.
    """
    routes = [
        Route("/sparql", SparqlRoute(manager)),
        Route("/sparql.html", SparqlRoute(manager, on_page=True)),
        Route("/sparql.{language}.html", SparqlRoute(manager, on_page=True)),
        Route("/questions/{path:path}", QuestionsRoute(manager)),
        Route("/.well-known/void", MetadataRoute(manager, "void")),
        Route("/.well-known/sparql-examples", MetadataRoute(manager, "examples")),
        Route("/robots.txt", RobotsRoute()),
        Route("/sitemap.xml", MetadataRoute(manager, "sitemap")),
        Route("/sitemap-{number}.xml", MetadataRoute(manager, "sitemap")),
        Route("/schema.md", MetadataRoute(manager, "schema")),
        Route("/pages.css", MetadataRoute(manager, "stylesheet")),
        Route("/problems", MetadataRoute(manager, "problems")),
        Route("/health", HealthRoute(manager)),
        Route("/metrics", MetricsRoute(manager, metrics, metrics_token)),
        Route("/{path:path}", FilesRoute(manager, otherwise=EntityRoute(manager))),
    ]
    app = Router(routes=routes, redirect_slashes=False)
    origin = manager.origin
    server = origin.workspace.settings.server
    site_address = SiteAddress(origin.public_url, server.proxies, server.hosts)
    return Middleware(app, site_address, metrics, tell)
