"""The list of all pages for search engines (sitemaps.org, protocol 0.9)."""

from __future__ import annotations

from collections.abc import Iterable
from xml.sax.saxutils import escape

from pyoxigraph import NamedNode

from transfergraph.store import Store
from transfergraph.web import document_terms as terms
from transfergraph.web.addresses import HTML, SCHEMES, Site
from transfergraph.web.entity_lists import LISTS

ENTITIES = 20_000
"""How many entities are in one file; each has a page in every language, and a file has at most 50,000."""

_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


def sitemap(store: Store, site: Site, number: int, datasets: Iterable[str]) -> str:
    """The sitemap with this number, from 1; number 0 is the index of all, or the only one.

    ``datasets`` are the paths of the pages about the datasets. A number beyond the last gives an empty list.
    """
    entities = listed_entities(store)
    count = -(-len(entities) // ENTITIES)
    if number == 0 and count > 1:
        return sitemap_document(
            "sitemapindex", "sitemap", [f"{site.url}sitemap-{one}.xml" for one in range(1, count + 1)]
        )
    first = max(0, number - 1) * ENTITIES
    chosen = [local for iri in entities[first : first + ENTITIES] if (local := site.local(iri)) is not None]
    if number <= 1:
        chosen = ["", "questions/", "ontology", *datasets, *(f"{key}/" for key in LISTS), *chosen]
    pages = [site.address(local, HTML, language) for local in chosen for language in site.languages]
    return sitemap_document("urlset", "url", pages)


def listed_entities(store: Store) -> list[str]:
    """Everything that stands in a list, sorted by its IRI."""
    found = set()
    for kind in LISTS.values():
        link = terms.IN_SCHEME if kind.startswith(SCHEMES) else terms.TYPE
        for (thing,) in store.select(f"SELECT ?thing WHERE {{ ?thing <{link}> {NamedNode(kind)} }}").rows:
            if isinstance(thing, NamedNode):
                found.add(thing.value)
    return sorted(found)


def sitemap_document(kind: str, entry: str, addresses: Iterable[str]) -> str:
    """A document of the protocol: ``urlset`` of ``url``, or ``sitemapindex`` of ``sitemap``."""
    listed = "".join(f"<{entry}><loc>{escape(one)}</loc></{entry}>\n" for one in addresses)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<{kind} xmlns="{_NAMESPACE}">\n{listed}</{kind}>\n'
