"""The documents about entities, the same as the server's, and those that say that one is gone."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path

import pyoxigraph as ox

from transfergraph.common.namespaces import GRAPH_PREFIXES
from transfergraph.publish.site_files import place_of, same, write
from transfergraph.store import Store
from transfergraph.web.addresses import DOCUMENT_FORMATS, HTML, SCHEMES, Address, Site, is_ontology
from transfergraph.web.entity_document import find_document
from transfergraph.web.entity_page import render_entity
from transfergraph.web.site_pages import GoneEntity, find_gone, render_gone

TRIPLES = "data/graph.nt.gz"
GONE = "gone"
"""The ending of an empty file that marks what has gone, for the web server to answer with 410."""

_NAME_TAKEN = (FileExistsError, NotADirectoryError, IsADirectoryError)


def entities(release: Path, site: Site) -> Iterator[str]:
    """The IRIs that the site answers for, in the order of the dump; the ontology has a page of its own.

    What has a fragment is part of the document about what it belongs to.
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
            with suppress(*_NAME_TAKEN):
                done = _write_entity(store, site, iri, local, folder)
        yield None if done else iri


def _write_entity(store: Store, site: Site, iri: str, local: str, folder: Path) -> bool:
    document = find_document(store, site.base, iri, 1, site.release)
    if document is None:
        return False
    if document.is_gone:
        return write_gone(site, find_gone(store, site, iri, document.label, "", document.successor), folder)
    for page in range(1, document.pages + 1):
        shown = document if page == 1 else find_document(store, site.base, iri, page, site.release)
        if shown is not None:
            write_page(site, Address(local, page=page), partial(render_entity, shown, site), folder)
            write_rdf(Address(local, page=page), shown.triples, folder)
    return True


def path_of(address: Address) -> str:
    """The path of the file at this address, which must be one that can have a file."""
    local = address.local
    place = "" if not local else place_of(local.rstrip("/"))
    assert place is not None
    return str(replace(address, local=f"{place}/" if local.endswith("/") else place))


def write_page(site: Site, address: Address, render: Callable[[str], str], folder: Path) -> None:
    """Write a page in each language, and the first once more for servers that do not negotiate."""
    names = {one: path_of(replace(address, ending=HTML, language=one)) for one in site.languages}
    for language, name in names.items():
        write(folder, name, render(language).encode())
    same(folder, path_of(replace(address, ending=HTML)), names[site.languages[0]])


def write_rdf(
    address: Address, triples: Sequence[ox.Triple], folder: Path, prefixes: dict[str, str] = GRAPH_PREFIXES
) -> None:
    """Write statements in each format in which documents are offered."""
    for form in DOCUMENT_FORMATS:
        content = ox.serialize(triples, format=form.oxigraph, prefixes=prefixes) or b""
        write(folder, path_of(replace(address, ending=form.ending)), content)


def write_gone(site: Site, gone: GoneEntity, folder: Path) -> bool:
    """Write the page about what has gone, what RDF can say of it, and the mark for the web server.

    False when its address cannot become the name of a file.
    """
    local = site.local(gone.iri)
    if local is None or place_of(local) is None or "#" in local:
        return False
    write_page(site, Address(local), partial(render_gone, gone, site), folder)
    write_rdf(Address(local), gone.triples, folder)
    write(folder, f"{path_of(Address(local))}.{GONE}", b"")
    return True
