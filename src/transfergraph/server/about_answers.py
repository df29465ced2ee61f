"""How a worker answers about the whole: the endpoint, the questions, the list of everything."""

from __future__ import annotations

from collections.abc import Iterable

import pyoxigraph as ox

from transfergraph.errors import UsageError
from transfergraph.release.dumps import PREFIXES
from transfergraph.server.desk import Desk
from transfergraph.server.frames import End
from transfergraph.server.jobs import AboutJob, Wishes
from transfergraph.server.offers import GRAPH_OFFERS, choose, content_type
from transfergraph.server.outlet import Outlet
from transfergraph.server.service import describe_service

_PREFIXES = {
    **PREFIXES,
    "formats": "http://www.w3.org/ns/formats/",
    "schema": "https://schema.org/",
    "sd": "http://www.w3.org/ns/sparql-service-description#",
    "sh": "http://www.w3.org/ns/shacl#",
    "void": "http://rdfs.org/ns/void#",
}


def answer_about(desk: Desk, job: AboutJob, outlet: Outlet) -> End:
    """Write what the job asks for."""
    match job.subject:
        case "service":
            write_triples(describe_service(desk, job.wishes.url), job.wishes, outlet)
        case other:
            raise UsageError(f"Nothing is told about {other}.")
    return End()


def write_triples(triples: Iterable[ox.Triple], wishes: Wishes, outlet: Outlet) -> None:
    """Write triples in the form that the client wishes."""
    media_type, form = choose(wishes.accept, wishes.form, GRAPH_OFFERS)
    outlet.begin(200, ("content-type", content_type(media_type)))
    ox.serialize(triples, outlet, form.oxigraph, prefixes=_PREFIXES)  # type: ignore[arg-type]
