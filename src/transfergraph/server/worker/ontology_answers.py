"""How a worker answers for the ontology: its documentation, its RDF, and its old versions."""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph as ox

from transfergraph.common.namespaces import GRAPH_PREFIXES
from transfergraph.release.ontology_versions import (
    ONTOLOGY_FILE,
    Versions,
    read_alignments,
    read_triples,
    read_vocabulary,
)
from transfergraph.server.content_types import content_type
from transfergraph.server.pool.requests import ClientPreferences
from transfergraph.server.worker.response_headers import begin_page, see_other
from transfergraph.server.worker.response_writer import ResponseWriter
from transfergraph.server.worker.result_target import as_file
from transfergraph.web.addresses import DOCUMENT_FORMATS, HTML, ONTOLOGY, Address, Site
from transfergraph.web.ontology_page import read_ontology, render_ontology


def answer_ontology(
    versions: Versions, site: Site, address: Address, preferences: ClientPreferences, writer: ResponseWriter
) -> bool:
    """Answer for the ontology; False when there is no such version of it."""
    wanted = address.local.removeprefix("ontology").removeprefix("/") or next(iter(versions), "")
    if wanted not in versions or address.page != 1:
        return False
    if not address.ending:
        see_other(site, address.local, preferences, writer)
        return True
    folder = versions[wanted]
    links = ("link", ", ".join(_links(site, address, wanted)))
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
        ox.serialize(
            read_triples(folder / ONTOLOGY_FILE), as_file(writer), form.oxigraph, prefixes=GRAPH_PREFIXES
        )
    return True


def _links(site: Site, address: Address, version: str) -> Iterator[str]:
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
