"""The heads that several kinds of answers have in common."""

from __future__ import annotations

from collections.abc import Iterator

from transfergraph.server.content_types import GRAPH_OFFERS, ContentType, choose
from transfergraph.server.negotiation import choose_language
from transfergraph.server.pool.requests import ClientPreferences
from transfergraph.server.worker.response_writer import ResponseWriter
from transfergraph.web.addresses import DOCUMENT_FORMATS, HTML, Address, Site

Field = tuple[str, str]

PAGE_OFFER = ContentType(HTML, ("text/html",), (HTML,))
"""A page for readers."""

DOCUMENT_OFFERS: tuple[ContentType[str], ...] = (
    PAGE_OFFER,
    *(ContentType(o.form.ending, o.media_types, o.names) for o in GRAPH_OFFERS if o.form in DOCUMENT_FORMATS),
)
"""The forms of a document, by their endings."""


def see_other(site: Site, local: str, preferences: ClientPreferences, writer: ResponseWriter) -> None:
    """Name the document that the client likes best (RFC 9110, section 15.4.4)."""
    _, ending = choose(preferences.accept, preferences.form, DOCUMENT_OFFERS)
    location = site.address(local, ending)
    described = ("link", f'<{site.address(local, "ttl")}>; rel="describedby"; type="text/turtle"')
    writer.begin(303, ("location", location), described, ("content-type", "text/plain; charset=utf-8"))
    writer.write(f"What is known about this is in {location}\n".encode())


def document_links(iri: str, site: Site, address: Address) -> Iterator[str]:
    """Targets and relations, as of RFC 8288 and registered with IANA, of a document about this IRI."""
    local, page = address.local, address.page
    yield f'<{iri}>; rel="describes"'
    yield f'<{site.licence}>; rel="license"'
    yield f'<{site.address(local, address.ending, address.language, page)}>; rel="canonical"'
    for language in site.languages:
        target = site.address(local, HTML, language, page)
        yield f'<{target}>; rel="alternate"; type="text/html"; hreflang="{language}"'
    for form in DOCUMENT_FORMATS:
        yield f'<{site.address(local, form.ending, "", page)}>; rel="alternate"; type="{form.media_type}"'
    yield f'<{site.address(local, "ttl", "", page)}>; rel="describedby"; type="text/turtle"'


def begin_page(
    site: Site,
    address: Address,
    preferences: ClientPreferences,
    writer: ResponseWriter,
    *more: Field,
    status: int = 200,
) -> str:
    """Begin a page for readers in the language that they like best; return the language."""
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
