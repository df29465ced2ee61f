"""How a worker answers about the whole: the endpoint, the data set, the list of all pages, the look."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from html import escape

import pyoxigraph as ox

from transfergraph.pages.frame import stylesheet
from transfergraph.pages.site import HTML
from transfergraph.pages.sitemap import sitemap
from transfergraph.server.desk import Desk
from transfergraph.server.executables import executables
from transfergraph.server.frames import End
from transfergraph.server.heads import PAGE_OFFER
from transfergraph.server.jobs import AboutJob, Wishes
from transfergraph.server.offers import GRAPH_OFFERS, Offer, choose
from transfergraph.server.outlet import Outlet
from transfergraph.server.problems import TITLES, Problem
from transfergraph.server.schema import describe_schema
from transfergraph.server.service import describe_service
from transfergraph.server.triples import write_triples


def answer_about(desk: Desk, job: AboutJob, outlet: Outlet) -> End:
    """Write what the job asks for."""
    match job.subject:
        case "service":
            _service(desk, job.wishes, outlet)
        case "examples":
            _graph(executables(desk.common.questions, f"{job.wishes.url}questions/"), job.wishes, outlet)
        case "void":
            _void(desk, job.wishes, outlet)
        case "sitemap":
            site = dataclasses.replace(desk.task.site, url=job.wishes.url)
            datasets = [one.local for one in desk.common.datasets]
            text = sitemap(desk.store, site, int(job.detail or 0), datasets)
            outlet.begin(200, ("content-type", "application/xml"))
            outlet.write(text.encode())
        case "schema":
            outlet.begin(200, ("content-type", "text/markdown; charset=utf-8"))
            outlet.write(describe_schema(desk).encode())
        case "stylesheet":
            outlet.begin(200, ("content-type", "text/css; charset=utf-8"))
            outlet.write(stylesheet().encode())
        case _:
            _problems(outlet)
    return End()


def _graph(triples: Iterable[ox.Triple], wishes: Wishes, outlet: Outlet) -> None:
    form = choose(wishes.accept, wishes.form, GRAPH_OFFERS)[1]
    write_triples(triples, form.ending, outlet)


def _service(desk: Desk, wishes: Wishes, outlet: Outlet) -> None:
    """The description of the endpoint (SPARQL 1.1 Service Description, section 2); readers get a form."""
    offers = (*(Offer(o.form.ending, o.media_types, o.names) for o in GRAPH_OFFERS), PAGE_OFFER)
    ending = choose(wishes.accept, wishes.form, offers)[1]
    if ending == HTML:
        outlet.begin(303, ("location", f"{wishes.url}sparql.html"))
    else:
        write_triples(describe_service(desk, wishes.url), ending, outlet)


def _void(desk: Desk, wishes: Wishes, outlet: Outlet) -> None:
    """The description of the data set (VoID, section 7.2), as the release carries it."""
    file = desk.task.release / "void.ttl"
    if not file.is_file():
        problem = Problem(404, "not-found", "This release carries no description of the data set.")
        outlet.begin(404, ("content-type", "application/problem+json"))
        outlet.write(problem.to_json(desk.task.site.prefix))
        return
    quads = ox.parse(path=str(file), format=ox.RdfFormat.TURTLE)
    _graph((quad.triple for quad in quads), wishes, outlet)


def _problems(outlet: Outlet) -> None:
    """What the types of problems mean, to which problem details refer."""
    entries = "".join(
        f'<dt id="{escape(kind)}">{escape(kind)}</dt><dd>{escape(title)}</dd>\n'
        for kind, title in TITLES.items()
    )
    outlet.begin(200, ("content-type", "text/html; charset=utf-8"), ("content-language", "en"))
    outlet.write(
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>Problems</title></head>\n'
        f"<body><h1>Problems</h1>\n<dl>\n{entries}</dl></body></html>\n".encode()
    )
