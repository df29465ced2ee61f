"""The forms of an entity, of its picture and of its history."""

from __future__ import annotations

from functools import cache

from transfergraph.common.namespaces import GRAPH_PREFIXES
from transfergraph.store import Store
from transfergraph.web.addresses import HTML, PNG, Site
from transfergraph.web.entity_cells import EntityCells
from transfergraph.web.entity_details import read_details
from transfergraph.web.entity_document import Document, find_document
from transfergraph.web.entity_map import NO_PLACES
from transfergraph.web.entity_page import (
    is_connected,
    render_entity,
    render_preview,
    signposted_entity,
)
from transfergraph.web.history_page import named_document, render_history
from transfergraph.web.known_things import KnownThings
from transfergraph.web.published_release import PublishedRelease
from transfergraph.web.resource_forms import Form, link_set_form, page_form, rdf_forms


def entity_forms(
    store: Store,
    content: PublishedRelease,
    site: Site,
    document: Document,
    cells: EntityCells,
    ending: str,
    known: KnownThings | None,
) -> dict[str, Form]:
    """The forms of a document: page and RDF, and the picture where page or picture is asked for.

    ``known`` is what pages of the graph keep; None for what the catalogue describes, which has neither places
    nor a picture.
    """
    details = cache(lambda: read_details(store, document, site.presentation, known))
    previews = content.has_previews and document.page == 1 and known is not None

    def page(language: str) -> str:
        told = (content.history.of(document.iri), content.history.since)
        atlas = NO_PLACES if known is None else content.atlas(store)
        more = (details(), content.origins, atlas, told, previews)
        return render_entity(document, site, language, cells, *more)

    forms: dict[str, Form] = {
        **page_form(page),
        **rdf_forms(lambda: document.triples, GRAPH_PREFIXES),
        **link_set_form(signposted_entity(document, site), site),
    }
    if previews and ending in (HTML, PNG) and is_connected(document, site, details()):
        forms[PNG] = lambda language: render_preview(document, site, language or site.languages[0], details())
    return forms


def history_forms(store: Store, content: PublishedRelease, site: Site, iri: str) -> dict[str, Form]:
    """The page of what happened to an entity; none of what is not recorded, or not there."""
    events, known, since = content.history.of(iri), content.known_things, content.history.since
    found = find_document(store, site.base, iri, known=known) if events else None
    if found is None:
        return {}
    document = named_document(store, found, events, known)
    return page_form(lambda language: render_history(document, site, language, events, since))
