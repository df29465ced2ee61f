"""How a worker answers for a dataset: with its page, or with what the catalogue says of it."""

from __future__ import annotations

from collections.abc import Sequence

import pyoxigraph as ox

from transfergraph.common.namespaces import CATALOGUE_PREFIXES
from transfergraph.server.content_types import content_type
from transfergraph.server.pool.requests import ClientPreferences
from transfergraph.server.worker.response_headers import begin_page, document_links, see_other
from transfergraph.server.worker.response_writer import ResponseWriter
from transfergraph.server.worker.result_target import as_file
from transfergraph.web.addresses import DOCUMENT_FORMATS, HTML, Address, Site
from transfergraph.web.dataset_page import DatasetRecord, render_dataset


def answer_dataset(
    record: DatasetRecord,
    listed: Sequence[DatasetRecord],
    site: Site,
    address: Address,
    preferences: ClientPreferences,
    writer: ResponseWriter,
) -> bool:
    """Lead to the document about a dataset of those ``listed``, or write it; False for a second page."""
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
