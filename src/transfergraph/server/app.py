"""The application: which path is answered by whom."""

from __future__ import annotations

from starlette.routing import Route, Router

from transfergraph.server.about import About, Questions, Robots
from transfergraph.server.endpoint import Endpoint
from transfergraph.server.entities import Entities
from transfergraph.server.exchange import Standing
from transfergraph.server.figures import Figures
from transfergraph.server.files import Files
from transfergraph.server.office import Office, Tell
from transfergraph.server.shell import Shell
from transfergraph.server.status import Health, Metrics


def make_app(office: Office, tell: Tell) -> Shell:
    """The ASGI application that answers from the release which an open office holds.

    ``tell`` takes the lines of the log.
    """
    figures = Figures()
    routes = [
        Route("/sparql", Endpoint(office)),
        Route("/sparql.html", Endpoint(office, on_page=True)),
        Route("/sparql.{language}.html", Endpoint(office, on_page=True)),
        Route("/questions/{path:path}", Questions(office)),
        Route("/.well-known/void", About(office, "void")),
        Route("/.well-known/sparql-examples", About(office, "examples")),
        Route("/robots.txt", Robots()),
        Route("/sitemap.xml", About(office, "sitemap")),
        Route("/sitemap-{number}.xml", About(office, "sitemap")),
        Route("/schema.md", About(office, "schema")),
        Route("/pages.css", About(office, "stylesheet")),
        Route("/problems", About(office, "problems")),
        Route("/health", Health(office)),
        Route("/metrics", Metrics(office, figures)),
        Route("/{path:path}", Files(office, otherwise=Entities(office))),
    ]
    app = Router(routes=routes, redirect_slashes=False)
    origin = office.origin
    standing = Standing(origin.public_url, origin.workspace.settings.server.trusted_proxies)
    return Shell(app, standing, figures, tell)
