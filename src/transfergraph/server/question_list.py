"""How a worker lists the saved questions: for readers, for programs, and as RDF."""

from __future__ import annotations

import json
from typing import Any

from transfergraph.pages.answers import example
from transfergraph.pages.html import render_questions
from transfergraph.pages.site import Address, Site
from transfergraph.queries import NamedQuery
from transfergraph.server.api import answers_as, schema_of
from transfergraph.server.desk import Desk
from transfergraph.server.executables import executables
from transfergraph.server.frames import End
from transfergraph.server.heads import DOCUMENT_OFFERS, PAGE_OFFER, begin_page
from transfergraph.server.jobs import QuestionJob
from transfergraph.server.offers import Offer, choose
from transfergraph.server.openapi import MEDIA_TYPE as OPENAPI
from transfergraph.server.openapi import describe_api
from transfergraph.server.outlet import Outlet
from transfergraph.server.triples import write_triples

_OFFERS: tuple[Offer[str], ...] = (
    Offer("json", ("application/json",), ("json",)),
    PAGE_OFFER,
    Offer("openapi", (OPENAPI.partition(";")[0], "application/openapi+json"), ("openapi",)),
    *DOCUMENT_OFFERS[1:],
)


def answer_list(desk: Desk, site: Site, address: Address, job: QuestionJob, outlet: Outlet) -> End:
    """Write the list in the form of the ending, or else in that which the client likes best."""
    wishes = job.wishes
    form = "openapi" if job.path == "openapi.json" else address.ending
    form = form or choose(wishes.accept, wishes.form, _OFFERS)[1]
    questions = desk.common.questions
    api = f'<{site.url}questions/openapi.json>; rel="service-desc"; type="{OPENAPI}"'
    links = ("link", f'{api}, <{site.licence}>; rel="license"')
    match form:
        case "html":
            language = begin_page(site, address, wishes, outlet, links)
            outlet.write(render_questions(questions, site, language).encode())
        case "openapi":
            outlet.begin(200, ("content-type", OPENAPI), links)
            outlet.write(_json(describe_api(questions, site)))
        case "json":
            outlet.begin(200, ("content-type", "application/json"), links)
            listed = [_entry(one, site) for one in questions]
            outlet.write(_json({"release": site.release, "questions": listed}))
        case ending:
            triples = executables(questions, f"{site.url}questions/")
            write_triples(triples, ending, outlet, links)
    return End()


def _entry(question: NamedQuery, site: Site) -> dict[str, Any]:
    address = f"{site.url}questions/{question.name}"
    description = question.description
    return {
        "name": question.name,
        "url": address,
        "query": f"{address}.rq",
        "summary": question.summary._asdict(),
        "description": None if description is None else description._asdict(),
        "parameters": [
            {
                "name": one.name,
                "kind": one.kind,
                "description": one.description._asdict(),
                "example": example(one, site.base),
                "schema": schema_of(one),
            }
            for one in question.parameters
        ],
        "formats": {offer.form: offer.media_types[0] for offer in answers_as(question)},
    }


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode() + b"\n"
