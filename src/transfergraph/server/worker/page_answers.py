"""Answers for a path: an entity, a document about it, a list, a dataset, the ontology, the start page.

An entity is no document: it is answered with 303 and the address of one (Cool URIs for the Semantic Web,
section 4.2). Documents have file endings.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence

import pyoxigraph as ox

from transfergraph.common.namespaces import PREFIXES as CATALOGUE_PREFIXES
from transfergraph.release.dumps import PREFIXES
from transfergraph.release.manifest import read_manifest
from transfergraph.release.ontology_versions import (
    ONTOLOGY_FILE,
    Versions,
    read_alignments,
    read_triples,
    read_vocabulary,
)
from transfergraph.server.negotiation import choose, content_type
from transfergraph.server.pool.ipc import ResponseEnd
from transfergraph.server.pool.requests import ClientPreferences, PageRequest
from transfergraph.server.worker.absent_answers import answer_absent, is_known
from transfergraph.server.worker.response_writer import ResponseWriter, as_file
from transfergraph.server.worker.responses import (
    DOCUMENT_TYPES,
    PAGE_TYPE,
    begin_page,
    document_links,
    see_other,
)
from transfergraph.server.worker.worker_context import WorkerContext
from transfergraph.store import Store
from transfergraph.web.addresses import DOCUMENT_FORMATS, HTML, ONTOLOGY, Address, Site, is_ontology, readings
from transfergraph.web.dataset_page import DatasetRecord, render_dataset
from transfergraph.web.entity_document import Document, find_document
from transfergraph.web.entity_lists import LISTS, ListedFile, Overview, read_listing
from transfergraph.web.ontology_terms import read_ontology
from transfergraph.web.site_pages import render, render_index, render_list, render_ontology


def answer_page(context: WorkerContext, request: PageRequest, writer: ResponseWriter) -> ResponseEnd:
    """Answer for a path below the start page."""
    site = dataclasses.replace(context.config.site, url=request.preferences.url)
    addresses = list(readings(request.path))
    for address in addresses:
        if _answer(context, site, address, request.preferences, writer):
            return ResponseEnd()
    corrected = _corrected(context, site, request.path)
    if corrected is not None:
        _redirect(corrected, writer)
        return ResponseEnd()
    return answer_absent(context, site, request.path, addresses, request.preferences, writer)


def _answer(
    context: WorkerContext,
    site: Site,
    address: Address,
    preferences: ClientPreferences,
    writer: ResponseWriter,
) -> bool:
    """Answer for one possible meaning of the path; False when there is no such resource."""
    if address.local == "":
        return _start(context, site, address, preferences, writer)
    if address.local.endswith("/"):
        return _list(context, site, address, preferences, writer)
    if is_ontology(address.local):
        return answer_ontology(context.shared.versions, site, address, preferences, writer)
    datasets = context.shared.datasets
    dataset = next((one for one in datasets if one.local == address.local), None)
    if dataset is not None:
        return answer_dataset(dataset, datasets, site, address, preferences, writer)
    return any(
        _entity(store, site, address, preferences, writer)
        for store in (context.store, context.shared.catalogue)
    )


def _entity(
    store: Store, site: Site, address: Address, preferences: ClientPreferences, writer: ResponseWriter
) -> bool:
    """Redirect to the document about an entity of this store, or write the document."""
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
    """Write the start page; clients that prefer RDF are redirected to the description of the data."""
    if address.ending not in ("", HTML) or address.page != 1:
        return False
    if not address.ending and choose(preferences.accept, preferences.form, DOCUMENT_TYPES)[1] != HTML:
        writer.begin(303, ("location", f"{site.url}.well-known/void"))
        return True
    manifest = read_manifest(context.config.release)
    files = [
        ListedFile(f.path, f.size)
        for f in manifest.files
        if f.path.startswith(("data/", "catalog.", "void."))
    ]
    alliances = read_listing(context.store, "alliances")
    datasets = [(one.local, one.title) for one in context.shared.datasets]
    overview = Overview(manifest.counts, alliances, context.shared.questions, files, datasets)
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
        choose(preferences.accept, preferences.form, (PAGE_TYPE,))
    listing = read_listing(context.store, key, address.page)
    if address.page > listing.pages:
        return False
    links = ("link", f'<{site.licence}>; rel="license"')
    language = begin_page(site, address, preferences, writer, links)
    writer.write(render_list(listing, site, language, address.page).encode())
    return True


def _corrected(context: WorkerContext, site: Site, path: str) -> str | None:
    """The address of the resource for a path with a slash too many or too few at its end."""
    if f"{path}/" in (f"{key}/" for key in LISTS) or path == "questions":
        return site.address(f"{path}/")
    shorter = path.rstrip("/")
    if shorter == path or not shorter:
        return None
    stores = (context.store, context.shared.catalogue)
    known = is_ontology(shorter) or any(is_known(store, site.iri(shorter)) for store in stores)
    return site.address(shorter) if known else None


def _redirect(location: str, writer: ResponseWriter) -> None:
    writer.begin(301, ("location", location), ("content-type", "text/plain; charset=utf-8"))
    writer.write(f"This is found at {location}\n".encode())


def _write(
    document: Document, site: Site, address: Address, preferences: ClientPreferences, writer: ResponseWriter
) -> None:
    link = ("link", ", ".join(_links(document, site, address)))
    if address.ending == HTML:
        language = begin_page(site, address, preferences, writer, link)
        writer.write(render(document, site, language).encode())
        return
    form = next(form for form in DOCUMENT_FORMATS if form.ending == address.ending)
    writer.begin(200, ("content-type", content_type(form.media_type)), link)
    ox.serialize(document.triples, as_file(writer), form.oxigraph, prefixes=PREFIXES)


def _links(document: Document, site: Site, address: Address) -> Iterator[str]:
    local, page = address.local, address.page
    yield from document_links(document.iri, site, address)
    if page > 1:
        yield f'<{site.address(local, address.ending, address.language, page - 1)}>; rel="prev"'
    if page < document.pages:
        yield f'<{site.address(local, address.ending, address.language, page + 1)}>; rel="next"'


def answer_dataset(
    record: DatasetRecord,
    listed: Sequence[DatasetRecord],
    site: Site,
    address: Address,
    preferences: ClientPreferences,
    writer: ResponseWriter,
) -> bool:
    """Redirect to the document about a dataset, or write it; False for a second page.

    ``listed`` are all datasets.
    """
    if address.page != 1:
        return False
    if not address.ending:
        see_other(site, address.local, preferences, writer)
        return True
    link = ("link", ", ".join(document_links(record.iri, site, address)))
    if address.ending == HTML:
        language = begin_page(site, address, preferences, writer, link)
        writer.write(render_dataset(record, site, language, listed).encode())
        return True
    form = next(form for form in DOCUMENT_FORMATS if form.ending == address.ending)
    writer.begin(200, ("content-type", content_type(form.media_type)), link)
    ox.serialize(record.described, as_file(writer), form.oxigraph, prefixes=CATALOGUE_PREFIXES)
    return True


def answer_ontology(
    versions: Versions, site: Site, address: Address, preferences: ClientPreferences, writer: ResponseWriter
) -> bool:
    """Answer for the ontology or a version of it; False when there is none."""
    wanted = address.local.removeprefix("ontology").removeprefix("/") or next(iter(versions), "")
    if wanted not in versions or address.page != 1:
        return False
    if not address.ending:
        see_other(site, address.local, preferences, writer)
        return True
    folder = versions[wanted]
    links = ("link", ", ".join(_ontology_links(site, address, wanted)))
    if address.ending == HTML:
        language = begin_page(site, address, preferences, writer, links)
        ontology = read_ontology(read_vocabulary(folder), read_alignments(folder), list(versions))
        writer.write(render_ontology(ontology, site, language).encode())
        return True
    form = next(form for form in DOCUMENT_FORMATS if form.ending == address.ending)
    writer.begin(200, ("content-type", content_type(form.media_type)), links)
    if form.name == "turtle":
        writer.write((folder / ONTOLOGY_FILE).read_bytes())
    else:
        ox.serialize(read_triples(folder / ONTOLOGY_FILE), as_file(writer), form.oxigraph, prefixes=PREFIXES)
    return True


def _ontology_links(site: Site, address: Address, version: str) -> Iterator[str]:
    yield f'<{ONTOLOGY}>; rel="describes"'
    yield f'<{site.licence}>; rel="license"'
    yield f'<{site.address(address.local, address.ending, address.language)}>; rel="canonical"'
    yield f'<{site.address("ontology")}>; rel="latest-version"'
    yield f'<{site.address(f"ontology/{version}")}>; rel="memento"'
    for language in site.languages:
        target = site.address(address.local, HTML, language)
        yield f'<{target}>; rel="alternate"; type="text/html"; hreflang="{language}"'
    for form in DOCUMENT_FORMATS:
        yield f'<{site.address(address.local, form.ending)}>; rel="alternate"; type="{form.media_type}"'
    yield f'<{site.url}ontology/shapes.ttl>; rel="describedby"; type="text/turtle"'
