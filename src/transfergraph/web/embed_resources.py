"""Which entities have small pages for other sites, and what lies at the address of one."""

from __future__ import annotations

from transfergraph.store import Store
from transfergraph.web.addresses import EMBED_FOLDER, Address, Site
from transfergraph.web.embed_page import embed_policy, render_embed
from transfergraph.web.entity_details import read_details
from transfergraph.web.entity_document import find_document
from transfergraph.web.entity_page import is_connected, kinds_of
from transfergraph.web.published_release import PublishedRelease
from transfergraph.web.resource_forms import Form, Resource, page_form


def has_embeds(content: PublishedRelease, site: Site) -> bool:
    """Whether entities of the release have small pages, as they have pictures."""
    return site.documents and content.has_previews


def find_embedded(store: Store, content: PublishedRelease, site: Site, address: Address) -> Resource | None:
    """The small page at this address; None where there is none."""
    local = address.local.removeprefix(EMBED_FOLDER)
    if local == address.local or address.page != 1 or not has_embeds(content, site):
        return None
    for iri in site.iris(local):
        if forms := _forms(store, content, site, iri):
            policy = embed_policy(site.appearance)
            return Resource(f"{EMBED_FOLDER}{site.local(iri)}", forms, policy=policy)
    return None


def _forms(store: Store, content: PublishedRelease, site: Site, iri: str) -> dict[str, Form]:
    """The forms of the page about an entity; none of what takes no part in the network."""
    known = content.known_things
    document = find_document(store, site.base, iri, known=known)
    if document is None or document.is_gone:
        return {}
    details = read_details(store, document, site.presentation, known)
    if not is_connected(document, site, details):
        return {}
    return page_form(
        lambda language: render_embed(document, site, language, details, kinds_of(document, site, language))
    )
