"""How a worker answers about the whole: the endpoint, the data set, the list of all pages, the look."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from html import escape

import pyoxigraph as ox

from transfergraph.server.content_types import GRAPH_OFFERS, ContentType, choose
from transfergraph.server.pool.ipc import ResponseEnd
from transfergraph.server.pool.requests import ClientPreferences, MetadataRequest
from transfergraph.server.problems import TITLES, Problem
from transfergraph.server.worker.graph_answers import write_graph_answer
from transfergraph.server.worker.query_catalogue import query_catalogue
from transfergraph.server.worker.response_headers import PAGE_OFFER
from transfergraph.server.worker.response_writer import ResponseWriter
from transfergraph.server.worker.schema_document import describe_schema
from transfergraph.server.worker.service_description import describe_service
from transfergraph.server.worker.worker_context import WorkerContext
from transfergraph.web.addresses import HTML
from transfergraph.web.entity_lists import read_page_paths
from transfergraph.web.page_template import stylesheet
from transfergraph.web.sitemap import sitemap


def answer_about(context: WorkerContext, request: MetadataRequest, writer: ResponseWriter) -> ResponseEnd:
    """Write what the job asks for."""
    match request.subject:
        case "service":
            _service(context, request.preferences, writer)
        case "examples":
            _graph(
                query_catalogue(context.common.questions, f"{request.preferences.url}questions/"),
                request.preferences,
                writer,
            )
        case "void":
            _void(context, request.preferences, writer)
        case "sitemap":
            site = dataclasses.replace(context.task.site, url=request.preferences.url)
            paths = read_page_paths(context.store, site, (one.local for one in context.common.datasets))
            text = sitemap(site, paths, int(request.detail or 0))
            writer.begin(200, ("content-type", "application/xml"))
            writer.write(text.encode())
        case "schema":
            writer.begin(200, ("content-type", "text/markdown; charset=utf-8"))
            writer.write(describe_schema(context).encode())
        case "stylesheet":
            writer.begin(200, ("content-type", "text/css; charset=utf-8"))
            writer.write(stylesheet().encode())
        case _:
            _problems(writer)
    return ResponseEnd()


def _graph(triples: Iterable[ox.Triple], preferences: ClientPreferences, writer: ResponseWriter) -> None:
    form = choose(preferences.accept, preferences.form, GRAPH_OFFERS)[1]
    write_graph_answer(triples, form.ending, writer)


def _service(context: WorkerContext, preferences: ClientPreferences, writer: ResponseWriter) -> None:
    """The description of the endpoint (SPARQL 1.1 Service Description, section 2); readers get a form."""
    offers = (*(ContentType(o.form.ending, o.media_types, o.names) for o in GRAPH_OFFERS), PAGE_OFFER)
    ending = choose(preferences.accept, preferences.form, offers)[1]
    if ending == HTML:
        writer.begin(303, ("location", f"{preferences.url}sparql.html"))
    else:
        write_graph_answer(describe_service(context, preferences.url), ending, writer)


def _void(context: WorkerContext, preferences: ClientPreferences, writer: ResponseWriter) -> None:
    """The description of the data set (VoID, section 7.2), as the release carries it."""
    file = context.task.release / "void.ttl"
    if not file.is_file():
        problem = Problem(404, "not-found", "This release carries no description of the data set.")
        writer.begin(404, ("content-type", "application/problem+json"))
        writer.write(problem.to_json(context.task.site.prefix))
        return
    quads = ox.parse(path=str(file), format=ox.RdfFormat.TURTLE)
    _graph((quad.triple for quad in quads), preferences, writer)


def _problems(writer: ResponseWriter) -> None:
    """What the types of problems mean, to which problem details refer."""
    entries = "".join(
        f'<dt id="{escape(kind)}">{escape(kind)}</dt><dd>{escape(title)}</dd>\n'
        for kind, title in TITLES.items()
    )
    writer.begin(200, ("content-type", "text/html; charset=utf-8"), ("content-language", "en"))
    writer.write(
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>Problems</title></head>\n'
        f"<body><h1>Problems</h1>\n<dl>\n{entries}</dl></body></html>\n".encode()
    )
