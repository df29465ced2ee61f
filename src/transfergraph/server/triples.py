"""Small graphs as answers."""

from __future__ import annotations

from collections.abc import Iterable

import pyoxigraph as ox

from transfergraph.release.dumps import PREFIXES
from transfergraph.server.offers import GRAPH_OFFERS, content_type
from transfergraph.server.outlet import Outlet
from transfergraph.server.sink import as_file

_PREFIXES = {
    **PREFIXES,
    "dcat": "http://www.w3.org/ns/dcat#",
    "formats": "http://www.w3.org/ns/formats/",
    "schema": "https://schema.org/",
    "sd": "http://www.w3.org/ns/sparql-service-description#",
    "sh": "http://www.w3.org/ns/shacl#",
    "void": "http://rdfs.org/ns/void#",
}


def write_triples(
    triples: Iterable[ox.Triple], ending: str, outlet: Outlet, *headers: tuple[str, str]
) -> None:
    """Write a graph in the format with this ending, subject by subject."""
    form = next(offer.form for offer in GRAPH_OFFERS if offer.form.ending == ending)
    outlet.begin(200, ("content-type", content_type(form.media_type)), *headers)
    ordered = sorted(triples, key=str)
    ox.serialize(ordered, as_file(outlet), form.oxigraph, prefixes=_PREFIXES)
