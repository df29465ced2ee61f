"""How a worker answers for a path: an entity, or a document about it (Cool URIs for the Semantic Web)."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import pyoxigraph as ox

from transfergraph.formats import GraphFormat
from transfergraph.pages.documents import Document, find
from transfergraph.pages.html import render
from transfergraph.pages.site import DOCUMENT_FORMATS, HTML, Address, Site, readings
from transfergraph.release.dumps import PREFIXES
from transfergraph.server.desk import Desk
from transfergraph.server.frames import End
from transfergraph.server.jobs import PageJob, Wishes
from transfergraph.server.negotiation import choose_language
from transfergraph.server.offers import GRAPH_OFFERS, Offer, choose, content_type
from transfergraph.server.outlet import Outlet

Field = tuple[str, str]

_HTML: Offer[GraphFormat | None] = Offer(None, ("text/html", "application/xhtml+xml"), (HTML,))
_OFFERS: tuple[Offer[GraphFormat | None], ...] = (
    _HTML,
    *(Offer(o.form, o.media_types, o.names) for o in GRAPH_OFFERS if o.form in DOCUMENT_FORMATS),
)


def answer_page(desk: Desk, job: PageJob, outlet: Outlet) -> End:
    """Write the answer for a path below the start page."""
    site = dataclasses.replace(desk.task.site, url=job.wishes.url)
    for address in readings(job.path):
        document = find(desk.store, site.base, site.iri(address.local), address.page, site.release)
        if document is not None:
            if address.ending:
                _write(document, site, address, job.wishes, outlet)
            else:
                _see_other(site, address, job.wishes, outlet)
            return End()
    raise NotImplementedError


def _see_other(site: Site, thing: Address, wishes: Wishes, outlet: Outlet) -> None:
    """An entity is no document: name the one that the client likes best (RFC 9110, section 15.4.4)."""
    media_type, form = choose(wishes.accept, wishes.form, _OFFERS)
    ending = HTML if form is None else form.ending
    location = site.address(thing.local, ending)
    turtle = site.address(thing.local, "ttl")
    described = f'<{turtle}>; rel="describedby"; type="text/turtle"'
    outlet.begin(303, ("location", location), ("link", described), ("content-type", "text/plain; charset=utf-8"))
    outlet.write(f"What is known about this is in {location}\n".encode())


def _write(document: Document, site: Site, address: Address, wishes: Wishes, outlet: Outlet) -> None:
    link = ("link", ", ".join(_links(document, site, address)))
    if address.ending == HTML:
        language = address.language or choose_language(wishes.languages, site.languages)
        here = site.address(address.local, HTML, language, address.page)
        outlet.begin(
            200,
            ("content-type", "text/html; charset=utf-8"),
            ("content-language", language),
            ("content-location", here),
            link,
        )
        outlet.write(render(document, site, language).encode())
        return
    form = next(form for form in DOCUMENT_FORMATS if form.ending == address.ending)
    outlet.begin(200, ("content-type", content_type(form.media_type)), link)
    ox.serialize(document.triples, outlet, form.oxigraph, prefixes=PREFIXES)  # type: ignore[arg-type]


def _links(document: Document, site: Site, address: Address) -> Iterator[str]:
    """Targets and relations as of RFC 8288; the relations are registered with IANA."""
    local, page = address.local, address.page
    yield f'<{document.iri}>; rel="describes"'
    yield f'<{site.licence}>; rel="license"'
    yield f'<{site.address(local, address.ending, address.language, page)}>; rel="canonical"'
    for language in site.languages:
        target = site.address(local, HTML, language, page)
        yield f'<{target}>; rel="alternate"; type="text/html"; hreflang="{language}"'
    for form in DOCUMENT_FORMATS:
        yield f'<{site.address(local, form.ending, "", page)}>; rel="alternate"; type="{form.media_type}"'
    yield f'<{site.address(local, "ttl", "", page)}>; rel="describedby"; type="text/turtle"'
    if page > 1:
        yield f'<{site.address(local, address.ending, address.language, page - 1)}>; rel="prev"'
    if page < document.pages:
        yield f'<{site.address(local, address.ending, address.language, page + 1)}>; rel="next"'
