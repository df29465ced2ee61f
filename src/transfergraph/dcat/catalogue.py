"""The catalogue of a release: DCAT-AP 3.0.1, right also for DCAT-AP.de 3.0, with PROV and DQV."""

from __future__ import annotations

from collections.abc import Iterable

import pyoxigraph as ox

from transfergraph.common.namespaces import DCAT, DCATDE, DCT, FOAF, VOID
from transfergraph.config.code_tables import Codes, read_codes
from transfergraph.dcat import shared_nodes as parties
from transfergraph.dcat.code_concepts import describe_concepts
from transfergraph.dcat.completeness import RecordCount
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
from transfergraph.dcat.triple_writer import TripleWriter, iri
from transfergraph.dcat.void import describe_void
from transfergraph.messages import both


def describe(release: DescribedRelease, known: Iterable[RecordCount]) -> tuple[ox.Triple, ...]:
    """The triples of ``catalog.ttl``, sorted; ``known`` are the counts of known and stated records."""
    codes = read_codes()
    out = TripleWriter()
    found = datasets(release)
    for dataset in found:
        describe_dataset(out, release, dataset, [other for other in found if other is not dataset], codes)
    service = describe_service(out, release, found, codes)
    parties.describe_parties(out, release, codes)
    _describe_catalogue(out, release, found, service, codes)
    for standard in out.objects():
        if standard in STANDARDS:
            parties.describe_standard(out, standard, STANDARDS[standard])
    describe_provenance(out, release, [dataset.iri for dataset in found])
    describe_quality(out, release, known, {dataset.key: dataset.iri for dataset in found})
    describe_concepts(out, codes)
    catalogue = catalogue_iri(release)
    dates = release.history.of_catalogue(catalogue, out.sorted(), release.issued)
    out.add(catalogue, DCT + "issued", dates.issued)
    out.add(catalogue, DCT + "modified", dates.modified)
    return out.sorted((DCAT + "Catalog", DCAT + "Dataset", DCAT + "DataService", DCAT + "Distribution"))


def describe_graph(release: DescribedRelease) -> tuple[ox.Triple, ...]:
    """The triples of ``void.ttl``, sorted."""
    out = TripleWriter()
    for dataset in datasets(release):
        if dataset.key == "graph":
            describe_void(out, release, dataset)
    return out.sorted((VOID + "DatasetDescription",))


def catalogue_iri(release: DescribedRelease) -> str:
    """The IRI of the catalogue, the same for all releases."""
    return release.iri("catalogue")


def _describe_catalogue(
    out: TripleWriter, release: DescribedRelease, found: Iterable[Dataset], service: str | None, codes: Codes
) -> None:
    settings, node = release.settings, catalogue_iri(release)
    suffix = both("portal.catalogue")
    out.type(node, DCAT + "Catalog")
    out.add(node, DCT + "title", settings.title.each("{}: {}".format, suffix))
    out.add(node, DCT + "description", settings.description)
    out.add(node, DCT + "publisher", iri(parties.publisher(release)))
    out.add(node, DCT + "creator", iri(parties.publisher(release)))
    out.add(node, DCT + "language", *(iri(codes.iri("language", code)) for code in ("DEU", "ENG")))
    out.add(node, DCT + "license", iri(settings.catalogue.licence))
    out.add(node, DCATDE + "licenseAttributionByText", settings.catalogue.attribution)
    out.add(node, DCT + "rights", iri(parties.rights(release)))
    out.add(node, DCT + "spatial", iri(settings.catalogue.area.iri))
    out.add(node, DCT + "temporal", iri(parties.period(release)))
    out.add(node, FOAF + "homepage", iri(parties.landing_page(release)))
    taxonomy = codes.tables["data-theme"].scheme
    assert taxonomy is not None
    out.add(node, DCAT + "themeTaxonomy", iri(taxonomy))
    out.add(node, DCAT + "dataset", *(iri(dataset.iri) for dataset in found))
    if service is not None:
        out.add(node, DCAT + "service", iri(service))
    parties.describe_page(out, ONTOLOGY, both("portal.ontology"))
