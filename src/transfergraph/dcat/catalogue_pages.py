"""The catalogue in pages, for harvesters that cannot take a long document at once (Hydra).

A page has the catalogue and one dataset, with all that belongs to it: a portal reads every dataset whole,
from one page. The complete catalogue stays where it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pyoxigraph as ox

from transfergraph.common.namespaces import DCAT, HYDRA, TYPE, XSD
from transfergraph.dcat.catalogue_index import CatalogueIndex
from transfergraph.dcat.triple_writer import write_triples

PAGED_FROM = 4 << 20
"""A catalogue is there in pages, too, when it is longer than so many bytes as RDF/XML."""

PAGE = "catalog.page-"
"""How the names of the pages begin, which end with a number and the ending of their format."""

_ENDINGS = (".ttl", ".rdf", ".jsonld")
_LISTED = (DCAT + "dataset", DCAT + "service")


def is_page(path: str) -> bool:
    """True for the path of a page of the catalogue."""
    return path.startswith(PAGE)


def write_pages(triples: Sequence[ox.Triple], catalogue: str, url: str, folder: Path) -> list[Path]:
    """Write the pages in each format; return the files. ``url`` is the address of the folder."""
    index = CatalogueIndex(triples)
    node = ox.NamedNode(catalogue)
    datasets = [one for one in index.nodes(node, DCAT + "dataset") if isinstance(one, ox.NamedNode)]
    written = []
    for number, dataset in enumerate(datasets, 1):
        content = list(_page(index, node, dataset, with_services=number == 1))
        for ending in _ENDINGS:
            links = _links(node, number, len(datasets), url, ending)
            file = folder / f"{PAGE}{number}{ending}"
            write_triples([*content, *links], file)
            written.append(file)
    return written


def _page(
    index: CatalogueIndex, catalogue: ox.NamedNode, dataset: ox.NamedNode, with_services: bool
) -> Iterator[ox.Triple]:
    """What the catalogue says of itself, of one dataset and, on one page, of its services."""
    starts = [dataset, *(index.nodes(catalogue, DCAT + "service") if with_services else ())]
    reached = {catalogue}.union(*map(index.reachable, (catalogue, *starts)))
    for triple in (one for node in sorted(reached, key=str) for one in index.about(node)):
        if triple.subject == catalogue and triple.predicate.value in _LISTED and triple.object not in starts:
            continue
        yield triple


def _links(catalogue: ox.NamedNode, number: int, count: int, url: str, ending: str) -> Iterator[ox.Triple]:
    """Where the page stands among all: in the terms of today and, for older harvesters, those of before."""

    def page(which: int) -> ox.NamedNode:
        return ox.NamedNode(f"{url}{PAGE}{which}{ending}")

    here = page(number)
    for name in ("PartialCollectionView", "PagedCollection"):
        yield ox.Triple(here, ox.NamedNode(TYPE), ox.NamedNode(HYDRA + name))
    yield ox.Triple(catalogue, ox.NamedNode(HYDRA + "view"), here)
    total = ox.Literal(str(count), datatype=ox.NamedNode(XSD + "integer"))
    yield ox.Triple(catalogue, ox.NamedNode(HYDRA + "totalItems"), total)
    others = {"first": 1, "previous": number - 1, "next": number + 1, "last": count}
    for name, which in others.items():
        if 1 <= which <= count:
            yield ox.Triple(here, ox.NamedNode(HYDRA + name), page(which))
            if name != "previous":
                yield ox.Triple(here, ox.NamedNode(f"{HYDRA}{name}Page"), page(which))
