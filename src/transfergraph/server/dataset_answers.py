"""How a worker answers for a dataset: with its page, or with what the catalogue says of it."""

from __future__ import annotations

from collections.abc import Sequence

import pyoxigraph as ox

from transfergraph.catalogue.names import PREFIXES
from transfergraph.pages.dataset import DatasetRecord, render_dataset
from transfergraph.pages.site import DOCUMENT_FORMATS, HTML, Address, Site
from transfergraph.server.heads import begin_page, document_links, see_other
from transfergraph.server.jobs import Wishes
from transfergraph.server.offers import content_type
from transfergraph.server.outlet import Outlet
from transfergraph.server.sink import as_file


def answer_dataset(
    record: DatasetRecord,
    listed: Sequence[DatasetRecord],
    site: Site,
    address: Address,
    wishes: Wishes,
    outlet: Outlet,
) -> bool:
    """Lead to the document about a dataset of those ``listed``, or write it; False for a second page."""
    if address.page != 1:
        return False
    if not address.ending:
        see_other(site, address.local, wishes, outlet)
        return True
    link = ("link", ", ".join(document_links(record.iri, site, address)))
    if address.ending == HTML:
        language = begin_page(site, address, wishes, outlet, link)
        outlet.write(render_dataset(record, site, language, listed).encode())
        return True
    form = next(form for form in DOCUMENT_FORMATS if form.ending == address.ending)
    outlet.begin(200, ("content-type", content_type(form.media_type)), link)
    ox.serialize(record.described, as_file(outlet), form.oxigraph, prefixes=PREFIXES)
    return True
