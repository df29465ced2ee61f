"""The documents about entities, the same as the server's, and those that say that one is gone."""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

import pyoxigraph as ox

from transfergraph.common.namespaces import GRAPH_PREFIXES
from transfergraph.publish.site_files import place_of, same, write
from transfergraph.release.changes.tombstones import Tombstone as Vanished
from transfergraph.store import Store
from transfergraph.web import document_terms as terms
from transfergraph.web.addresses import DOCUMENT_FORMATS, HTML, SCHEMES, Address, Site, is_ontology
from transfergraph.web.entity_document import Document, find_document
from transfergraph.web.site_pages import GoneEntity, render, render_gone

TRIPLES = "data/graph.nt.gz"
GONE = "gone"
"""The ending of an empty file that marks what has gone, for the web server to answer with 410."""

_IN_THE_WAY = (FileExistsError, NotADirectoryError, IsADirectoryError)


def entities(release: Path, site: Site) -> Iterator[str]:
    """The IRIs that the site answers for, in the order of the dump; the ontology has a page of its own.

    What has a fragment is told in the document of what it belongs to.
    """
    last = b""
    with gzip.open(release / TRIPLES, "rb") as lines:
        for line in lines:
            subject = line[1 : line.index(b"> ")]
            if subject != last:
                last = subject
                iri = subject.decode("utf-8")
                ours = iri.startswith((site.base, SCHEMES)) and not is_ontology(site.local(iri) or "")
                if ours and "#" not in iri:
                    yield iri


def write_documents(store: Store, site: Site, iris: Iterable[str], folder: Path) -> Iterator[str | None]:
    """Write the documents about entities into a folder; for each yields its IRI when it has none, else None.

    An entity has none when its address cannot become the name of a file, or another has that name already.
    """
    for iri in iris:
        local = site.local(iri)
        done = False
        if local is not None and place_of(local) is not None:
            with suppress(*_IN_THE_WAY):
                done = _write_all(store, site, iri, local, folder)
        yield None if done else iri


def _write_all(store: Store, site: Site, iri: str, local: str, folder: Path) -> bool:
    document = find_document(store, site.base, iri, 1, site.release)
    if document is None:
        return False
    if document.is_gone:
        before = Vanished(iri, document.label, None, None, document.successor)
        return write_gone(site, gone_of(store, site, before), folder)
    pages = document.pages
    for page in range(1, pages + 1):
        if page > 1:
            document = find_document(store, site.base, iri, page, site.release)
        if document is not None:
            _write_page(document, site, local, folder)
    return True


def _write_page(document: Document, site: Site, local: str, folder: Path) -> None:
    pages = {language: render(document, site, language) for language in site.languages}
    write_page(site, Address(local, HTML, "", document.page), pages, folder)
    triples = document.triples
    for form in DOCUMENT_FORMATS:
        content = ox.serialize(triples, format=form.oxigraph, prefixes=GRAPH_PREFIXES) or b""
        write(folder, path_of(Address(local, form.ending, "", document.page)), content)


def path_of(address: Address) -> str:
    """The path of the file at this address, which must be one that can have a file."""
    local = address.local
    place = "" if not local else place_of(local.rstrip("/"))
    assert place is not None
    return str(
        Address(f"{place}/" if local.endswith("/") else place, address.ending, address.language, address.page)
    )


def write_page(site: Site, address: Address, pages: Mapping[str, str], folder: Path) -> None:
    """Write a page in each language, and the first once more for servers that do not negotiate."""
    names = {language: path_of(Address(address.local, HTML, language, address.page)) for language in pages}
    for language, content in pages.items():
        write(folder, names[language], content.encode())
    same(folder, path_of(Address(address.local, HTML, "", address.page)), names[site.languages[0]])


def gone_of(store: Store, site: Site, before: Vanished) -> GoneEntity:
    """What the page about something that has gone tells, with the name of what replaced it."""
    successor = before.successor
    document = None if successor is None else find_document(store, site.base, successor)
    named = None if document is None else document.label
    return GoneEntity(before.iri, before.label, before.last_release or "", successor, named)


def write_gone(site: Site, gone: GoneEntity, folder: Path) -> bool:
    """Write the page about what has gone, what RDF can say of it, and the mark for the web server.

    False when its address cannot become the name of a file.
    """
    local = site.local(gone.iri)
    if local is None or place_of(local) is None or "#" in local:
        return False
    pages = {language: render_gone(gone, site, language) for language in site.languages}
    write_page(site, Address(local), pages, folder)
    triples = []
    if gone.successor is not None:
        subject, predicate, successor = map(ox.NamedNode, (gone.iri, terms.REPLACED_BY, gone.successor))
        triples.append(ox.Triple(subject, predicate, successor))
    for form in DOCUMENT_FORMATS:
        content = ox.serialize(triples, format=form.oxigraph, prefixes=GRAPH_PREFIXES) or b""
        write(folder, path_of(Address(local, form.ending)), content)
    write(folder, f"{path_of(Address(local))}.{GONE}", b"")
    return True
