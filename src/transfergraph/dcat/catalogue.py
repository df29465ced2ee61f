"""The catalogue of a release: DCAT-AP 3.0.1, right also for DCAT-AP.de 3.0, with PROV and DQV.

It is written once all other files of the release are final.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pyoxigraph as ox

from transfergraph.common.namespaces import VOID
from transfergraph.config.code_tables import read_codes
from transfergraph.dcat import CATALOGUE_FILE, CATALOGUE_FIRST, VOID_FILE, catalogue_pages
from transfergraph.dcat.completeness import RecordCount, count_tables
from transfergraph.dcat.datasets import (
    ONTOLOGY,
    STANDARDS,
    Dataset,
    datasets,
    describe_dataset,
    describe_service,
)
from transfergraph.dcat.inputs import DescribedRelease
from transfergraph.dcat.provenance import describe_provenance
from transfergraph.dcat.quality import describe_quality
from transfergraph.dcat.shared_nodes import (
    PERIOD,
    PUBLISHER,
    RIGHTS,
    describe_concepts,
    describe_page,
    describe_shared_nodes,
    languages,
)
from transfergraph.dcat.triple_writer import Properties, TripleWriter, write_triples
from transfergraph.dcat.void import describe_void
from transfergraph.messages import both


def write_catalogue(folder: Path, release: DescribedRelease, counts: Iterable[RecordCount]) -> list[Path]:
    """Write ``catalog.ttl``, ``catalog.rdf`` and ``catalog.jsonld`` (one graph) and ``void.ttl``.

    ``counts`` are those that the graph gives (:func:`count_records`). A long catalogue is written in pages as
    well (:mod:`transfergraph.dcat.catalogue_pages`). Returns the files written.
    """
    triples = describe(release, [*counts, *count_tables(release)])
    written = [folder / name for name in (CATALOGUE_FILE, "catalog.rdf", "catalog.jsonld")]
    for file in written:
        write_triples(triples, file)
    if written[1].stat().st_size > catalogue_pages.PAGED_FROM:
        written += catalogue_pages.write_pages(triples, catalogue_iri(release), release.url, folder)
    write_triples(describe_graph(release), folder / VOID_FILE)
    return [*written, folder / VOID_FILE]


def describe(release: DescribedRelease, counts: Iterable[RecordCount]) -> tuple[ox.Triple, ...]:
    """The triples of ``catalog.ttl``, sorted; ``counts`` are of known and stated records."""
    out = TripleWriter(release.settings.languages)
    found = datasets(release)
    for dataset in found:
        describe_dataset(out, release, dataset, [other for other in found if other is not dataset])
    service = describe_service(out, release, found)
    describe_shared_nodes(out, release)
    _describe_catalogue(out, release, found, service)
    for standard in STANDARDS.keys() & out.objects():
        title = ox.Literal(STANDARDS[standard], language="en")
        out.describe(standard, "dct:Standard", {"dct:title": title})
    describe_provenance(out, release, [dataset.iri for dataset in found])
    describe_quality(out, release, counts, {dataset.key: dataset.iri for dataset in found})
    describe_concepts(out)
    catalogue = catalogue_iri(release)
    dates = release.history.of_catalogue(catalogue, out.sorted(), release.issued)
    out.describe(catalogue, "", {"dct:issued": dates.issued, "dct:modified": dates.modified})
    return out.sorted(CATALOGUE_FIRST)


def describe_graph(release: DescribedRelease) -> tuple[ox.Triple, ...]:
    """The triples of ``void.ttl``, sorted."""
    out = TripleWriter(release.settings.languages)
    for dataset in datasets(release):
        if dataset.key == "graph":
            describe_void(out, release, dataset)
    return out.sorted((VOID + "DatasetDescription",))


def catalogue_iri(release: DescribedRelease) -> str:
    """The IRI of the catalogue, the same for all releases."""
    return release.iri("catalogue")


def _describe_catalogue(
    out: TripleWriter, release: DescribedRelease, found: Iterable[Dataset], service: str | None
) -> None:
    settings = release.settings
    properties: Properties = {
        "dct:title": settings.title.each("{}: {}".format, both("portal.catalogue")),
        "dct:description": settings.description,
        "dct:publisher": release.iri(PUBLISHER),
        "dct:creator": release.iri(PUBLISHER),
        "dct:language": languages(release),
        "dct:license": release.licence,
        "dcatde:licenseAttributionByText": release.attribution,
        "dct:rights": release.iri(RIGHTS),
        "foaf:homepage": release.landing_page,
        "dcat:dataset": [dataset.iri for dataset in found],
        "dcat:service": service,
    }
    out.describe(catalogue_iri(release), "dcat:Catalog", properties)
    if settings.catalogue is not None:
        told: Properties = {
            "dct:spatial": settings.catalogue.area.iri,
            "dct:temporal": release.iri(PERIOD),
            "dcat:themeTaxonomy": read_codes().tables["data-theme"].scheme,
        }
        out.describe(catalogue_iri(release), "", told)
    describe_page(out, ONTOLOGY, both("portal.ontology"))
