"""How a worker answers for a path: an entity, a document about it, a list, the ontology, the start page.

An entity is no document: it is answered with 303 and the address of one (Cool URIs for the Semantic Web,
section 4.2). Documents have endings of their own.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import pyoxigraph as ox

from transfergraph.pages.documents import Document, find
from transfergraph.pages.html import render, render_index, render_list
from transfergraph.pages.listing import LISTS, File, Overview, read_listing
from transfergraph.pages.site import DOCUMENT_FORMATS, HTML, Address, Site, is_ontology, readings
from transfergraph.release.dumps import PREFIXES
from transfergraph.release.manifest import read_manifest
from transfergraph.server.absent_answers import answer_absent, is_known
from transfergraph.server.dataset_answers import answer_dataset
from transfergraph.server.desk import Desk
from transfergraph.server.frames import End
from transfergraph.server.heads import DOCUMENT_OFFERS, PAGE_OFFER, begin_page, document_links, see_other
from transfergraph.server.jobs import PageJob, Wishes
from transfergraph.server.offers import choose, content_type
from transfergraph.server.ontology_answers import answer_ontology
from transfergraph.server.outlet import Outlet
from transfergraph.server.sink import as_file
from transfergraph.store import Store


def answer_page(desk: Desk, job: PageJob, outlet: Outlet) -> End:
    """Write the answer for a path below the start page."""
    site = dataclasses.replace(desk.task.site, url=job.wishes.url)
    addresses = list(readings(job.path))
    for address in addresses:
        if _answer(desk, site, address, job.wishes, outlet):
            return End()
    elsewhere = _elsewhere(desk, site, job.path)
    if elsewhere is not None:
        _moved(elsewhere, outlet)
        return End()
    return answer_absent(desk, site, job.path, addresses, job.wishes, outlet)


def _answer(desk: Desk, site: Site, address: Address, wishes: Wishes, outlet: Outlet) -> bool:
    """Answer for one reading of the path; False when nothing lies there."""
    if address.local == "":
        return _start(desk, site, address, wishes, outlet)
    if address.local.endswith("/"):
        return _list(desk, site, address, wishes, outlet)
    if is_ontology(address.local):
        return answer_ontology(desk.common.versions, site, address, wishes, outlet)
    datasets = desk.common.datasets
    dataset = next((one for one in datasets if one.local == address.local), None)
    if dataset is not None:
        return answer_dataset(dataset, datasets, site, address, wishes, outlet)
    return any(_entity(store, site, address, wishes, outlet) for store in (desk.store, desk.common.catalogue))


def _entity(store: Store, site: Site, address: Address, wishes: Wishes, outlet: Outlet) -> bool:
    """Lead to the document about what this store tells something of, or write the document."""
    iri = site.iri(address.local)
    if not address.ending:
        known = is_known(store, iri)
        if known:
            see_other(site, address.local, wishes, outlet)
        return known
    document = find(store, site.base, iri, address.page, site.release)
    if document is None or document.is_gone:
        return False
    _write(document, site, address, wishes, outlet)
    return True


def _start(desk: Desk, site: Site, address: Address, wishes: Wishes, outlet: Outlet) -> bool:
    """The start page is a document; those who want RDF are shown the description of the data."""
    if address.ending not in ("", HTML) or address.page != 1:
        return False
    if not address.ending and choose(wishes.accept, wishes.form, DOCUMENT_OFFERS)[1] != HTML:
        outlet.begin(303, ("location", f"{site.url}.well-known/void"))
        return True
    manifest = read_manifest(desk.task.release)
    files = [
        File(f.path, f.size) for f in manifest.files if f.path.startswith(("data/", "catalog.", "void."))
    ]
    alliances = read_listing(desk.store, "alliances")
    datasets = [(one.local, one.title) for one in desk.common.datasets]
    overview = Overview(manifest.counts, alliances, desk.common.questions, files, datasets)
    described = ("link", f'<{site.url}.well-known/void>; rel="describedby"; type="text/turtle"')
    licence = ("link", f'<{site.licence}>; rel="license"')
    language = begin_page(site, address, wishes, outlet, described, licence)
    outlet.write(render_index(site, language, overview).encode())
    return True


def _list(desk: Desk, site: Site, address: Address, wishes: Wishes, outlet: Outlet) -> bool:
    key = address.local.removesuffix("/")
    if key not in LISTS or address.ending not in ("", HTML):
        return False
    if not address.ending:
        choose(wishes.accept, wishes.form, (PAGE_OFFER,))
    listing = read_listing(desk.store, key, address.page)
    if address.page > listing.pages:
        return False
    links = ("link", f'<{site.licence}>; rel="license"')
    language = begin_page(site, address, wishes, outlet, links)
    outlet.write(render_list(listing, site, language, address.page).encode())
    return True


def _elsewhere(desk: Desk, site: Site, path: str) -> str | None:
    """The address of what was meant by a path with a slash too many or too few at its end."""
    if f"{path}/" in (f"{key}/" for key in LISTS) or path == "questions":
        return site.address(f"{path}/")
    shorter = path.rstrip("/")
    if shorter == path or not shorter:
        return None
    stores = (desk.store, desk.common.catalogue)
    known = is_ontology(shorter) or any(is_known(store, site.iri(shorter)) for store in stores)
    return site.address(shorter) if known else None


def _moved(location: str, outlet: Outlet) -> None:
    outlet.begin(301, ("location", location), ("content-type", "text/plain; charset=utf-8"))
    outlet.write(f"This is found at {location}\n".encode())


def _write(document: Document, site: Site, address: Address, wishes: Wishes, outlet: Outlet) -> None:
    link = ("link", ", ".join(_links(document, site, address)))
    if address.ending == HTML:
        language = begin_page(site, address, wishes, outlet, link)
        outlet.write(render(document, site, language).encode())
        return
    form = next(form for form in DOCUMENT_FORMATS if form.ending == address.ending)
    outlet.begin(200, ("content-type", content_type(form.media_type)), link)
    ox.serialize(document.triples, as_file(outlet), form.oxigraph, prefixes=PREFIXES)


def _links(document: Document, site: Site, address: Address) -> Iterator[str]:
    local, page = address.local, address.page
    yield from document_links(document.iri, site, address)
    if page > 1:
        yield f'<{site.address(local, address.ending, address.language, page - 1)}>; rel="prev"'
    if page < document.pages:
        yield f'<{site.address(local, address.ending, address.language, page + 1)}>; rel="next"'
