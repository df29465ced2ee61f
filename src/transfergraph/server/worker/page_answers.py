"""How a worker answers for a path: an entity, a document about it, a list, the ontology, the start page.

An entity is no document: it is answered with 303 and the address of one (Cool URIs for the Semantic Web,
section 4.2). Documents have endings of their own.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import pyoxigraph as ox

from transfergraph.common.namespaces import GRAPH_PREFIXES
from transfergraph.release.manifest import read_manifest
from transfergraph.server.content_types import choose, content_type
from transfergraph.server.pool.ipc import ResponseEnd
from transfergraph.server.pool.requests import ClientPreferences, PageRequest
from transfergraph.server.worker.absent_answers import answer_absent, is_known
from transfergraph.server.worker.dataset_answers import answer_dataset
from transfergraph.server.worker.ontology_answers import answer_ontology
from transfergraph.server.worker.response_headers import (
    DOCUMENT_OFFERS,
    PAGE_OFFER,
    begin_page,
    document_links,
    see_other,
)
from transfergraph.server.worker.response_writer import ResponseWriter
from transfergraph.server.worker.result_target import as_file
from transfergraph.server.worker.worker_context import WorkerContext
from transfergraph.store import Store
from transfergraph.web.addresses import DOCUMENT_FORMATS, HTML, Address, Site, is_ontology, readings
from transfergraph.web.entity_document import Document, find_document
from transfergraph.web.entity_lists import LISTS, read_listing, read_overview
from transfergraph.web.entity_page import render_entity
from transfergraph.web.site_pages import render_index, render_list


def answer_page(context: WorkerContext, request: PageRequest, writer: ResponseWriter) -> ResponseEnd:
    """Write the answer for a path below the start page."""
    site = dataclasses.replace(context.task.site, url=request.preferences.url)
    addresses = list(readings(request.path))
    for address in addresses:
        if _answer(context, site, address, request.preferences, writer):
            return ResponseEnd()
    elsewhere = _elsewhere(context, site, request.path)
    if elsewhere is not None:
        _moved(elsewhere, writer)
        return ResponseEnd()
    return answer_absent(context, site, request.path, addresses, request.preferences, writer)


def _answer(
    context: WorkerContext,
    site: Site,
    address: Address,
    preferences: ClientPreferences,
    writer: ResponseWriter,
) -> bool:
    """Answer for one reading of the path; False when nothing lies there."""
    if address.local == "":
        return _start(context, site, address, preferences, writer)
    if address.local.endswith("/"):
        return _list(context, site, address, preferences, writer)
    if is_ontology(address.local):
        return answer_ontology(context.common.versions, site, address, preferences, writer)
    datasets = context.common.datasets
    dataset = next((one for one in datasets if one.local == address.local), None)
    if dataset is not None:
        return answer_dataset(dataset, datasets, site, address, preferences, writer)
    return any(
        _entity(store, site, address, preferences, writer)
        for store in (context.store, context.common.catalogue)
    )


def _entity(
    store: Store, site: Site, address: Address, preferences: ClientPreferences, writer: ResponseWriter
) -> bool:
    """Lead to the document about what this store tells something of, or write the document."""
    iri = site.iri(address.local)
    if not address.ending:
        known = is_known(store, iri)
        if known:
            see_other(site, address.local, preferences, writer)
        return known
    document = find_document(store, site.base, iri, address.page, site.release)
    if document is None or document.is_gone:
        return False
    _write(document, site, address, preferences, writer)
    return True


def _start(
    context: WorkerContext,
    site: Site,
    address: Address,
    preferences: ClientPreferences,
    writer: ResponseWriter,
) -> bool:
    """The start page is a document; those who want RDF are shown the description of the data."""
    if address.ending not in ("", HTML) or address.page != 1:
        return False
    if not address.ending and choose(preferences.accept, preferences.form, DOCUMENT_OFFERS)[1] != HTML:
        writer.begin(303, ("location", f"{site.url}.well-known/void"))
        return True
    manifest = read_manifest(context.task.release)
    files = ((file.path, file.size) for file in manifest.files)
    datasets = [(one.local, one.title) for one in context.common.datasets]
    overview = read_overview(context.store, manifest.counts, context.common.questions, files, datasets)
    described = ("link", f'<{site.url}.well-known/void>; rel="describedby"; type="text/turtle"')
    licence = ("link", f'<{site.licence}>; rel="license"')
    language = begin_page(site, address, preferences, writer, described, licence)
    writer.write(render_index(site, language, overview).encode())
    return True


def _list(
    context: WorkerContext,
    site: Site,
    address: Address,
    preferences: ClientPreferences,
    writer: ResponseWriter,
) -> bool:
    key = address.local.removesuffix("/")
    if key not in LISTS or address.ending not in ("", HTML):
        return False
    if not address.ending:
        choose(preferences.accept, preferences.form, (PAGE_OFFER,))
    listing = read_listing(context.store, key, address.page)
    if address.page > listing.pages:
        return False
    links = ("link", f'<{site.licence}>; rel="license"')
    language = begin_page(site, address, preferences, writer, links)
    writer.write(render_list(listing, site, language, address.page).encode())
    return True


def _elsewhere(context: WorkerContext, site: Site, path: str) -> str | None:
    """The address of what was meant by a path with a slash too many or too few at its end."""
    if f"{path}/" in (f"{key}/" for key in LISTS) or path == "questions":
        return site.address(f"{path}/")
    shorter = path.rstrip("/")
    if shorter == path or not shorter:
        return None
    stores = (context.store, context.common.catalogue)
    known = is_ontology(shorter) or any(is_known(store, site.iri(shorter)) for store in stores)
    return site.address(shorter) if known else None


def _moved(location: str, writer: ResponseWriter) -> None:
    writer.begin(301, ("location", location), ("content-type", "text/plain; charset=utf-8"))
    writer.write(f"This is found at {location}\n".encode())


def _write(
    document: Document, site: Site, address: Address, preferences: ClientPreferences, writer: ResponseWriter
) -> None:
    link = ("link", ", ".join(_links(document, site, address)))
    if address.ending == HTML:
        language = begin_page(site, address, preferences, writer, link)
        writer.write(render_entity(document, site, language).encode())
        return
    form = next(form for form in DOCUMENT_FORMATS if form.ending == address.ending)
    writer.begin(200, ("content-type", content_type(form.media_type)), link)
    ox.serialize(document.triples, as_file(writer), form.oxigraph, prefixes=GRAPH_PREFIXES)


def _links(document: Document, site: Site, address: Address) -> Iterator[str]:
    local, page = address.local, address.page
    yield from document_links(document.iri, site, address)
    if page > 1:
        yield f'<{site.address(local, address.ending, address.language, page - 1)}>; rel="prev"'
    if page < document.pages:
        yield f'<{site.address(local, address.ending, address.language, page + 1)}>; rel="next"'
