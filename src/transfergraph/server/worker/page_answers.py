"""Answers for a path: an entity, a document about it, a list, a dataset, the ontology, the start page.

An entity is no document: it is answered with 303 and the address of one (Cool URIs for the Semantic Web,
section 4.2). Documents have file endings.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

import pyoxigraph as ox

from transfergraph.common.namespaces import CATALOGUE_PREFIXES, GRAPH_PREFIXES
from transfergraph.release.manifest import read_manifest
from transfergraph.release.ontology_versions import (
    ONTOLOGY_FILE,
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
from transfergraph.web.entity_lists import read_listing, read_overview
from transfergraph.web.entity_page import render_entity
from transfergraph.web.ontology_page import read_ontology, render_ontology
from transfergraph.web.site_pages import render_index, render_list


def answer_page(context: WorkerContext, request: PageRequest, writer: ResponseWriter) -> ResponseEnd:
    """Answer for a path below the start page."""
    site = dataclasses.replace(context.shared.site, url=request.preferences.url)
    addresses = list(readings(request.path, site.languages))
    answer = _PathAnswer(context, site, request.preferences, writer)
    if not any(map(answer.resource, addresses)) and not answer.correction(request.path):
        return answer_absent(context, site, request.path, addresses, request.preferences, writer)
    return ResponseEnd()


@dataclass(frozen=True, slots=True)
class _PathAnswer:
    """The answer to one request; the methods are false where there is no such resource."""

    context: WorkerContext
    site: Site
    preferences: ClientPreferences
    writer: ResponseWriter

    def resource(self, address: Address) -> bool:
        """Answer for one possible meaning of the path."""
        shared = self.context.shared
        if address.local == "":
            return self._start_page(address)
        if address.local.endswith("/"):
            return self._list(address)
        if is_ontology(address.local):
            return self._ontology(address)
        for dataset in shared.datasets:
            if dataset.local == address.local:
                return self._dataset(dataset, address)
        return any(self._entity(store, address) for store in (self.context.store, shared.catalogue))

    def correction(self, path: str) -> bool:
        """Redirect from a path with a slash too many or too few at its end."""
        shorter = path.rstrip("/")
        if f"{path}/" in (f"{key}/" for key in self.site.presentation.lists) or path == "questions":
            location = self.site.address(f"{path}/")
        elif shorter not in (path, "") and self._exists(shorter):
            location = self.site.address(shorter)
        else:
            return False
        self.writer.begin(301, ("location", location), ("content-type", "text/plain; charset=utf-8"))
        self.writer.write(f"This is found at {location}\n".encode())
        return True

    def _exists(self, local: str) -> bool:
        stores = (self.context.store, self.context.shared.catalogue)
        return is_ontology(local) or any(is_known(store, self.site.iri(local)) for store in stores)

    def _entity(self, store: Store, address: Address) -> bool:
        """Redirect to the document about an entity of this store, or write the document."""
        iri = self.site.iri(address.local)
        if not address.ending:
            return is_known(store, iri) and self._see_other(address)
        document = find_document(store, self.site.base, iri, address.page, self.site.release)
        if document is None or document.is_gone:
            return False
        links = _links(document, self.site, address)
        if address.ending == HTML:
            return self._page(address, links, lambda language: render_entity(document, self.site, language))
        return self._rdf(address, links, document.triples, GRAPH_PREFIXES)

    def _dataset(self, dataset: DatasetRecord, address: Address) -> bool:
        if address.page != 1:
            return False
        if not address.ending:
            return self._see_other(address)
        links = document_links(dataset.iri, self.site, address)
        listed = self.context.shared.datasets
        if address.ending == HTML:
            return self._page(
                address, links, lambda language: render_dataset(dataset, self.site, language, listed)
            )
        return self._rdf(address, links, dataset.described, CATALOGUE_PREFIXES)

    def _ontology(self, address: Address) -> bool:
        versions = self.context.shared.versions
        version = address.local.removeprefix("ontology").removeprefix("/") or next(iter(versions), "")
        if version not in versions or address.page != 1:
            return False
        if not address.ending:
            return self._see_other(address)
        folder = versions[version]
        links = _ontology_links(self.site, address, version)
        if address.ending == HTML:
            ontology = read_ontology(read_vocabulary(folder), read_alignments(folder), list(versions))
            return self._page(address, links, lambda language: render_ontology(ontology, self.site, language))
        if address.ending != "ttl":
            return self._rdf(address, links, read_triples(folder / ONTOLOGY_FILE), GRAPH_PREFIXES)
        self._begin_rdf(address, links)
        self.writer.write((folder / ONTOLOGY_FILE).read_bytes())
        return True

    def _start_page(self, address: Address) -> bool:
        """Write the start page; clients that prefer RDF are redirected to the description of the data."""
        if address.ending not in ("", HTML) or address.page != 1:
            return False
        preferences, shared = self.preferences, self.context.shared
        if not address.ending and choose(preferences.accept, preferences.form, DOCUMENT_TYPES)[1] != HTML:
            self.writer.begin(303, ("location", f"{self.site.url}.well-known/void"))
            return True
        manifest = read_manifest(self.context.config.release)
        files = ((file.path, file.size) for file in manifest.files)
        datasets = [(one.local, one.title) for one in shared.datasets]
        overview = read_overview(
            self.context.store, self.site, manifest.counts, shared.questions, files, datasets
        )
        described = ("link", f'<{self.site.url}.well-known/void>; rel="describedby"; type="text/turtle"')
        licence = ("link", f'<{self.site.licence}>; rel="license"')
        language = begin_page(self.site, address, preferences, self.writer, described, licence)
        self.writer.write(render_index(self.site, language, overview).encode())
        return True

    def _list(self, address: Address) -> bool:
        key = address.local.removesuffix("/")
        if key not in self.site.presentation.lists or address.ending not in ("", HTML):
            return False
        if not address.ending:
            choose(self.preferences.accept, self.preferences.form, (PAGE_TYPE,))
        listing = read_listing(self.context.store, self.site, key, address.page)
        if address.page > listing.pages:
            return False
        links = (f'<{self.site.licence}>; rel="license"',)
        return self._page(
            address, links, lambda language: render_list(listing, self.site, language, address.page)
        )

    def _see_other(self, address: Address) -> bool:
        see_other(self.site, address.local, self.preferences, self.writer)
        return True

    def _page(self, address: Address, links: Iterable[str], rendered: Callable[[str], str]) -> bool:
        """Write an HTML page; ``rendered`` makes it in a language."""
        link = ("link", ", ".join(links))
        language = begin_page(self.site, address, self.preferences, self.writer, link)
        self.writer.write(rendered(language).encode())
        return True

    def _rdf(
        self,
        address: Address,
        links: Iterable[str],
        triples: Iterable[ox.Triple],
        prefixes: Mapping[str, str],
    ) -> bool:
        """Write a document in the RDF format of the file ending."""
        format_ = self._begin_rdf(address, links)
        ox.serialize(triples, as_file(self.writer), format_, prefixes=dict(prefixes))
        return True

    def _begin_rdf(self, address: Address, links: Iterable[str]) -> ox.RdfFormat:
        chosen = next(one for one in DOCUMENT_FORMATS if one.ending == address.ending)
        self.writer.begin(200, ("content-type", content_type(chosen.media_type)), ("link", ", ".join(links)))
        return chosen.oxigraph


def _links(document: Document, site: Site, address: Address) -> Iterator[str]:
    local, page = address.local, address.page
    yield from document_links(document.iri, site, address)
    if page > 1:
        yield f'<{site.address(local, address.ending, address.language, page - 1)}>; rel="prev"'
    if page < document.pages:
        yield f'<{site.address(local, address.ending, address.language, page + 1)}>; rel="next"'


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
