"""Header fields and RDF bodies that several kinds of answers share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import pyoxigraph as ox

from transfergraph.common.formats import MEDIA_TYPES
from transfergraph.common.namespaces import ANSWER_PREFIXES
from transfergraph.server.negotiation import GRAPH_TYPES, ContentType, choose, choose_language, content_type
from transfergraph.server.pool.requests import ClientPreferences
from transfergraph.server.worker.response_writer import ResponseWriter, as_file
from transfergraph.web.addresses import DOCUMENT_FORMATS, HTML, Address, Site
from transfergraph.web.resource_forms import Resource
from transfergraph.web.signposts import signposts

PAGE_TYPE = ContentType(HTML, ("text/html",), (HTML,))
"""An HTML page."""

DOCUMENT_TYPES: tuple[ContentType[str], ...] = (
    PAGE_TYPE,
    *(ContentType(o.form.ending, o.media_types, o.names) for o in GRAPH_TYPES if o.form in DOCUMENT_FORMATS),
)
"""The types of a document, with their file endings."""

FORM_TYPES: Mapping[str, ContentType[str]] = {
    **{one.form: one for one in DOCUMENT_TYPES},
    **{
        ending: ContentType(ending, (MEDIA_TYPES[ending],), names)
        for ending, names in {
            "json": ("json",),
            "csv": ("csv",),
            "png": ("png",),
            "xlsx": ("xlsx",),
            "srj": ("srj",),
            "srx": ("srx", "xml"),
            "tsv": ("tsv",),
            "rq": ("rq",),
        }.items()
    },
}
"""The type of each form of a resource, by its file ending."""


def see_other(site: Site, resource: Resource, preferences: ClientPreferences, writer: ResponseWriter) -> None:
    """Redirect with 303 to the document that the client prefers (RFC 9110, section 15.4.4)."""
    _, ending = choose(preferences.accept, preferences.form, DOCUMENT_TYPES)
    location = site.address(resource.local, ending)
    rdf = site.address(resource.local, "ttl")
    described = ("link", f'<{rdf}>; rel="describedby"; type="{MEDIA_TYPES["ttl"]}"')
    writer.begin(303, ("location", location), described, ("content-type", "text/plain; charset=utf-8"))
    writer.write(f"What is known about this is in {location}\n".encode())


def resource_links(resource: Resource, site: Site, address: Address) -> Iterator[str]:
    """The links (RFC 8288) of a document of a resource."""
    local, page = resource.local, resource.page
    yield f'<{site.licence}>; rel="license"'
    if resource.iri:
        yield f'<{resource.iri}>; rel="describes"'
        yield f'<{site.address(local, address.ending, address.language, page)}>; rel="canonical"'
        for language in site.languages:
            target = site.address(local, HTML, language, page)
            yield f'<{target}>; rel="alternate"; type="{MEDIA_TYPES[HTML]}"; hreflang="{language}"'
        for form in DOCUMENT_FORMATS:
            target = site.address(local, form.ending, "", page)
            yield f'<{target}>; rel="alternate"; type="{form.media_type}"'
        for relation, beside in (("prev", page - 1), ("next", page + 1)):
            if 1 <= beside <= resource.pages:
                target = site.address(local, address.ending, address.language, beside)
                yield f'<{target}>; rel="{relation}"'
    for relation, path, media_type in resource.related:
        kind = f'; type="{media_type}"' if media_type else ""
        yield f'<{site.url}{path}>; rel="{relation}"{kind}'
    if resource.subject is not None:
        yield from map(str, signposts(resource.subject, site))
    if resource.described:
        yield f'<{site.url}{resource.described}>; rel="describedby"; type="{MEDIA_TYPES["ttl"]}"'


def begin_page(
    site: Site,
    address: Address,
    preferences: ClientPreferences,
    writer: ResponseWriter,
    *more: tuple[str, str],
    status: int = 200,
) -> str:
    """Begin an HTML page in the preferred language; return the language."""
    language = address.language or choose_language(preferences.languages, site.languages)
    here = site.address(address.local, HTML, language, address.page)
    writer.begin(
        status,
        ("content-type", "text/html; charset=utf-8"),
        ("content-language", language),
        ("content-location", here),
        *more,
    )
    return language


def write_graph_answer(
    triples: Iterable[ox.Triple], ending: str, writer: ResponseWriter, *headers: tuple[str, str]
) -> None:
    """Write a graph in the format with this ending, subject by subject."""
    form = next(content.form for content in GRAPH_TYPES if content.form.ending == ending)
    writer.begin(200, ("content-type", content_type(form.media_type)), *headers)
    ordered = sorted(triples, key=str)
    ox.serialize(ordered, as_file(writer), form.oxigraph, prefixes=ANSWER_PREFIXES)
