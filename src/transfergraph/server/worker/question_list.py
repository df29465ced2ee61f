"""How a worker lists the saved questions: for readers, for programs, and as RDF."""

from __future__ import annotations

import json
from typing import Any

from transfergraph.queries import NamedQuery
from transfergraph.server.content_types import ContentType, choose
from transfergraph.server.pool.ipc import ResponseEnd
from transfergraph.server.pool.requests import QuestionRequest
from transfergraph.server.worker.graph_answers import write_graph_answer
from transfergraph.server.worker.openapi import MEDIA_TYPE as OPENAPI
from transfergraph.server.worker.openapi import describe_api
from transfergraph.server.worker.query_catalogue import query_catalogue
from transfergraph.server.worker.question_api import answer_forms, schema_of
from transfergraph.server.worker.response_headers import DOCUMENT_OFFERS, PAGE_OFFER, begin_page
from transfergraph.server.worker.response_writer import ResponseWriter
from transfergraph.server.worker.worker_context import WorkerContext
from transfergraph.web.addresses import Address, Site
from transfergraph.web.answer_tables import example
from transfergraph.web.site_pages import render_questions

_OFFERS: tuple[ContentType[str], ...] = (
    ContentType("json", ("application/json",), ("json",)),
    PAGE_OFFER,
    ContentType("openapi", (OPENAPI.partition(";")[0], "application/openapi+json"), ("openapi",)),
    *DOCUMENT_OFFERS[1:],
)


def answer_list(
    context: WorkerContext, site: Site, address: Address, request: QuestionRequest, writer: ResponseWriter
) -> ResponseEnd:
    """Write the list in the form of the ending, or else in that which the client likes best."""
    preferences = request.preferences
    form = "openapi" if request.path == "openapi.json" else address.ending
    form = form or choose(preferences.accept, preferences.form, _OFFERS)[1]
    questions = context.common.questions
    api = f'<{site.url}questions/openapi.json>; rel="service-desc"; type="{OPENAPI}"'
    links = ("link", f'{api}, <{site.licence}>; rel="license"')
    match form:
        case "html":
            language = begin_page(site, address, preferences, writer, links)
            writer.write(render_questions(questions, site, language).encode())
        case "openapi":
            writer.begin(200, ("content-type", OPENAPI), links)
            writer.write(_json(describe_api(questions, site)))
        case "json":
            writer.begin(200, ("content-type", "application/json"), links)
            listed = [_entry(one, site) for one in questions]
            writer.write(_json({"release": site.release, "questions": listed}))
        case ending:
            triples = query_catalogue(questions, f"{site.url}questions/")
            write_graph_answer(triples, ending, writer, links)
    return ResponseEnd()


def _entry(question: NamedQuery, site: Site) -> dict[str, Any]:
    address = f"{site.url}questions/{question.name}"
    description = question.description
    return {
        "name": question.name,
        "url": address,
        "query": f"{address}.rq",
        "summary": question.summary.by_language(),
        "description": None if description is None else description.by_language(),
        "parameters": [
            {
                "name": one.name,
                "kind": one.kind,
                "description": one.description.by_language(),
                "example": example(one, site.base),
                "schema": schema_of(one),
            }
            for one in question.parameters
        ],
        "formats": {content.form: content.media_types[0] for content in answer_forms(question)},
    }


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode() + b"\n"
