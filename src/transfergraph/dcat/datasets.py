"""The datasets of a release, their distributions and the SPARQL service, after DCAT-AP 3.0.1 and
DCAT-AP.de 3.0."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from urllib.parse import quote

import pyoxigraph as ox

from transfergraph.common.formats import GRAPH_FORMATS, MEDIA_TYPES
from transfergraph.common.namespaces import (
    ADMS,
    DCAT,
    DCATAP,
    DCATDE,
    DCT,
    FOAF,
    PROV,
    RDFS,
    SKOS,
    SPDX,
    TG,
    VOID,
)
from transfergraph.common.text import Text
from transfergraph.config.code_tables import Codes
from transfergraph.dcat import shared_nodes as parties
from transfergraph.dcat.inputs import DescribedRelease, PublishedFile
from transfergraph.dcat.provenance import build_activity, release_of, source_entity
from transfergraph.dcat.triple_writer import TripleWriter, iri, typed
from transfergraph.messages import both, text

ONTOLOGY = TG.rstrip("#")
CSVW = "https://www.w3.org/TR/tabular-data-model/"
CSV = "https://www.rfc-editor.org/info/rfc4180"
OWL = "https://www.w3.org/TR/owl2-overview/"
SPARQL = "https://www.w3.org/TR/sparql11-protocol/"
STANDARDS = {
    ONTOLOGY: "transfergraph ontology",
    CSVW: "CSV on the Web: Model for Tabular Data and Metadata",
    CSV: "RFC 4180: Common Format for CSV Files",
    SPARQL: "SPARQL 1.1 Protocol",
    OWL: "OWL 2 Web Ontology Language",
}

_FILE_TYPES = {
    "n-quads": "RDF_N_QUADS",
    "turtle": "RDF_TURTLE",
    "n-triples": "RDF_N_TRIPLES",
    "json-ld": "JSON_LD",
    "rdf-xml": "RDF_XML",
}


@dataclass(frozen=True, slots=True)
class Distribution:
    """A file as it is offered.

    ``file_type`` is a code of the EU table, ``media_type`` the type of the content, ``packed`` whether the
    content is compressed with gzip; ``page`` documents it.
    """

    iri: str
    url: str
    file: PublishedFile
    title: Text
    about: Text
    file_type: str
    media_type: str
    packed: bool
    page: str
    standard: str


@dataclass(frozen=True, slots=True)
class Dataset:
    """One of the three datasets of a release: ``key`` is ``graph``, ``tables`` or ``ontology``."""

    key: str
    iri: str
    title: Text
    about: Text
    distributions: tuple[Distribution, ...]
    standards: tuple[str, ...] = field(default=())


def datasets(release: DescribedRelease) -> tuple[Dataset, ...]:
    """The datasets for which the release has files."""
    title = release.settings.title
    found = (
        _dataset(release, "graph", title, _dumps(release), (ONTOLOGY,)),
        _dataset(release, "tables", title, _tables(release), (CSVW,)),
        _dataset(release, "ontology", Text.same("transfergraph"), _ontology(release), (ONTOLOGY,)),
    )
    return tuple(dataset for dataset in found if dataset.distributions)


def _dataset(
    release: DescribedRelease,
    key: str,
    title: Text,
    distributions: Iterable[Distribution],
    standards: tuple[str, ...],
) -> Dataset:
    suffix, about = both(f"portal.{key}"), both(f"portal.{key}.about")
    if key != "ontology":
        given = release.settings.description
        about = given.each("{} {}".format, about)
    return Dataset(
        key=key,
        iri=release.iri(f"dataset/{key}"),
        title=title.each("{}: {}".format, suffix),
        about=about,
        distributions=tuple(sorted(distributions, key=lambda distribution: distribution.iri)),
        standards=standards,
    )


def _dumps(release: DescribedRelease) -> Iterator[Distribution]:
    for file in release.dumps:
        path = file.path.removesuffix(".gz")
        for known in GRAPH_FORMATS:
            if path.endswith(f".{known.ending}"):
                quads = known.name == "n-quads"
                yield _distribution(
                    release,
                    file,
                    title=both("portal.graph.file", format=known.oxigraph.name),
                    about=both("portal.graph.quads" if quads else "portal.graph.triples"),
                    kind=(_FILE_TYPES[known.name], known.media_type),
                    page=ONTOLOGY,
                    standard=ONTOLOGY,
                )


def _tables(release: DescribedRelease) -> Iterator[Distribution]:
    titles = {source.name: source.title for source in release.sources}
    descriptions = {entry.path.rpartition("/")[0]: entry.path for entry in release.table_descriptions}
    for table in release.tables:
        description = descriptions.get(table.file.path.rpartition("/")[0])
        source = titles.get(table.source, both("portal.derived"))
        yield _distribution(
            release,
            table.file,
            title=table.title.each("{} ({})".format, source),
            about=both("portal.table.about" if description else "portal.table.plain"),
            kind=("CSV", MEDIA_TYPES["csv"]),
            page=release.url + quote(description) if description else ONTOLOGY,
            standard=CSVW if description else CSV,
        )


def _ontology(release: DescribedRelease) -> Iterator[Distribution]:
    for file in release.ontology:
        name = file.path.rpartition("/")[2]
        yield _distribution(
            release,
            file,
            title=both("portal.ontology.file", name=name),
            about=both("portal.ontology.file.about"),
            kind=("RDF_TURTLE", MEDIA_TYPES["ttl"]),
            page=ONTOLOGY,
            standard=OWL,
        )


def _distribution(
    release: DescribedRelease,
    file: PublishedFile,
    title: Text,
    about: Text,
    kind: tuple[str, str],
    page: str,
    standard: str,
) -> Distribution:
    path = quote(file.path)
    return Distribution(
        iri=release.iri(f"distribution/{path}"),
        url=release.url + path,
        file=file,
        title=title,
        about=about,
        file_type=kind[0],
        media_type=kind[1],
        packed=file.path.endswith(".gz"),
        page=page,
        standard=standard,
    )


def describe_dataset(
    out: TripleWriter, release: DescribedRelease, dataset: Dataset, others: Iterable[Dataset], codes: Codes
) -> None:
    """State everything that portals know of a dataset, and of its distributions."""
    settings, node = release.settings.catalogue, dataset.iri
    checksums = {distribution.iri: distribution.file.sha256 for distribution in dataset.distributions}
    dates = release.history.of_dataset(node, checksums, release.issued)
    out.type(node, DCAT + "Dataset")
    _describe_resource(out, release, node, dataset.title, dataset.about, codes)
    out.add(node, DCT + "creator", iri(parties.publisher(release)))
    out.add(node, DCT + "identifier", ox.Literal(node))
    out.add(node, DCT + "issued", dates.issued)
    out.add(node, DCT + "modified", dates.modified)
    out.add(node, DCT + "spatial", iri(settings.area.iri))
    out.add(node, DCT + "temporal", iri(parties.period(release)))
    out.add(node, DCT + "accrualPeriodicity", iri(codes.iri("frequency", settings.frequency)))
    out.add(node, DCT + "language", *(iri(codes.iri("language", code)) for code in ("DEU", "ENG")))
    out.add(node, DCT + "relation", *(iri(other.iri) for other in others))
    out.add(node, DCT + "conformsTo", *(iri(standard) for standard in dataset.standards))
    out.add(node, DCAT + "distribution", *(iri(distribution.iri) for distribution in dataset.distributions))
    out.add(node, DCATAP + "applicableLegislation", *(iri(law) for law in settings.legislation))
    out.add(node, DCATAP + "availability", iri(codes.iri("planned-availability", "AVAILABLE")))
    _describe_german(out, release, node, codes)
    _describe_identifier(out, node)
    _describe_origin(out, release, dataset, str(dates.modified.year))
    if dataset.key == "ontology":
        out.add(node, DCT + "type", iri(codes.iri("dataset-type", "ONTOLOGY")))
    if dataset.key == "graph":
        out.type(node, VOID + "Dataset")
        out.add(node, VOID + "triples", typed(release.statistics.triples, "integer"))
        out.add(node, VOID + "entities", typed(release.statistics.entities, "integer"))
    for distribution in dataset.distributions:
        _describe_distribution(out, release, distribution, codes)


def _describe_resource(
    out: TripleWriter, release: DescribedRelease, node: str, title: Text, about: Text, codes: Codes
) -> None:
    """What datasets and services have in common."""
    settings = release.settings.catalogue
    out.add(node, DCT + "title", title)
    out.add(node, DCT + "description", about)
    out.add(node, DCT + "publisher", iri(parties.publisher(release)))
    out.add(node, DCAT + "contactPoint", iri(parties.contact(release)))
    out.add(node, DCAT + "landingPage", iri(parties.landing_page(release)))
    out.add(node, DCAT + "theme", *(iri(codes.iri("data-theme", theme)) for theme in settings.themes))
    out.add(node, DCAT + "keyword", *(ox.Literal(word, language="de") for word in settings.keywords_de))
    out.add(node, DCAT + "keyword", *(ox.Literal(word, language="en") for word in settings.keywords_en))
    out.add(node, DCT + "accessRights", iri(codes.iri("access-right", "PUBLIC")))


def _describe_german(out: TripleWriter, release: DescribedRelease, node: str, codes: Codes) -> None:
    """What DCAT-AP.de adds; ``politicalGeocodingURI`` is deprecated in 3.0 and a must in 2.0 (K08)."""
    settings = release.settings.catalogue
    if settings.contributor is not None:
        out.add(node, DCATDE + "contributorID", iri(settings.contributor))
    if settings.level is not None:
        out.add(
            node, DCATDE + "politicalGeocodingLevelURI", iri(codes.iri("geocoding-level", settings.level))
        )
    if settings.german_2 and settings.area.state is not None:
        out.add(node, DCATDE + "politicalGeocodingURI", iri(codes.iri("state-key", settings.area.state)))


def _describe_identifier(out: TripleWriter, node: str) -> None:
    identifier = f"{node}/identifier"
    out.add(node, ADMS + "identifier", iri(identifier))
    out.type(identifier, ADMS + "Identifier")
    out.add(identifier, SKOS + "notation", typed(uuid.uuid5(uuid.NAMESPACE_URL, node).urn, "anyURI"))


def _describe_origin(out: TripleWriter, release: DescribedRelease, dataset: Dataset, year: str) -> None:
    """Version, provenance and citation."""
    node = dataset.iri
    out.add(node, DCAT + "version", ox.Literal(release.identifier))
    if release.history.version is not None:
        out.add(node, DCAT + "previousVersion", iri(release_of(release, release.history.version)))
    out.add(node, ADMS + "versionNotes", release.notes)
    out.add(node, PROV + "wasGeneratedBy", iri(build_activity(release)))
    statement = f"{node}/provenance"
    out.add(node, DCT + "provenance", iri(statement))
    out.type(statement, DCT + "ProvenanceStatement")
    if dataset.key == "ontology":
        out.add(statement, RDFS + "label", dataset.about)
    else:
        out.add(node, PROV + "wasDerivedFrom", *(iri(source_entity(release, s)) for s in release.sources))
        out.add(statement, RDFS + "label", _made_from(release))
    citation = f"{release.settings.publisher} ({year}): {{}}. {release.identifier}. {node}"
    out.add(node, DCT + "bibliographicCitation", dataset.title.each(citation.format))


def _made_from(release: DescribedRelease) -> Text:
    """The sources with their addresses and dates, in one sentence."""

    def in_language(language: str) -> str:
        named = [
            f"{source.title.in_language(language)} ({source.publisher}, "
            f"{text('portal.retrieved', language, date=source.retrieved.isoformat())})"
            for source in release.sources
        ]
        return f"{text('portal.made-from', language)} {'; '.join(named)}."

    return Text.made(in_language)


def _describe_distribution(
    out: TripleWriter, release: DescribedRelease, distribution: Distribution, codes: Codes
) -> None:
    node, settings = distribution.iri, release.settings.catalogue
    dates = release.history.of_file(node, distribution.file.sha256, release.issued)
    out.type(node, DCAT + "Distribution")
    out.add(node, DCT + "title", distribution.title)
    out.add(node, DCT + "description", distribution.about)
    out.add(node, DCAT + "accessURL", iri(distribution.url))
    out.add(node, DCAT + "downloadURL", iri(distribution.url))
    out.add(node, DCT + "license", iri(settings.licence))
    out.add(node, DCATDE + "licenseAttributionByText", settings.attribution)
    out.add(node, DCT + "rights", iri(parties.rights(release)))
    out.add(node, DCT + "format", iri(codes.iri("file-type", distribution.file_type)))
    out.add(node, DCAT + "mediaType", iri(codes.iri("media-type", distribution.media_type)))
    if distribution.packed:
        out.add(node, DCAT + "compressFormat", iri(codes.iri("media-type", MEDIA_TYPES["gz"])))
    out.add(node, DCAT + "byteSize", typed(distribution.file.size, "nonNegativeInteger"))
    out.add(node, DCT + "issued", dates.issued)
    out.add(node, DCT + "modified", dates.modified)
    out.add(node, DCT + "language", *(iri(codes.iri("language", code)) for code in ("DEU", "ENG")))
    out.add(node, DCT + "conformsTo", iri(distribution.standard))
    out.add(node, FOAF + "page", iri(distribution.page))
    out.add(node, ADMS + "status", iri(codes.iri("distribution-status", "COMPLETED")))
    out.add(node, DCATAP + "availability", iri(codes.iri("planned-availability", "AVAILABLE")))
    checksum = f"{node}/checksum"
    out.add(node, SPDX + "checksum", iri(checksum))
    out.type(checksum, SPDX + "Checksum")
    out.add(checksum, SPDX + "algorithm", iri(codes.iri("checksum-algorithm", "sha256")))
    out.add(checksum, SPDX + "checksumValue", typed(distribution.file.sha256, "hexBinary"))
    described = "portal.ontology" if distribution.page == ONTOLOGY else "portal.description-of-tables"
    parties.describe_page(out, distribution.page, both(described))


def describe_service(
    out: TripleWriter, release: DescribedRelease, served: Iterable[Dataset], codes: Codes
) -> str | None:
    """State what portals know of the SPARQL endpoint, and return its IRI; None without a public URL."""
    settings = release.settings.catalogue
    if settings.public_url is None:
        return None
    node, endpoint = release.iri("service/sparql"), f"{settings.public_url}sparql"
    title, suffix = release.settings.title, both("portal.service")
    out.type(node, DCAT + "DataService")
    named = title.each("{}: {}".format, suffix)
    _describe_resource(out, release, node, named, both("portal.service.about"), codes)
    out.add(node, DCT + "identifier", ox.Literal(node))
    out.add(node, DCT + "license", iri(settings.licence))
    out.add(node, DCATDE + "licenseAttributionByText", settings.attribution)
    out.add(node, DCT + "conformsTo", iri(SPARQL))
    out.add(node, DCAT + "endpointURL", iri(endpoint))
    out.add(node, DCAT + "endpointDescription", iri(endpoint))
    out.add(node, DCAT + "servesDataset", *(iri(dataset.iri) for dataset in served if dataset.key == "graph"))
    out.add(node, DCATAP + "availability", iri(codes.iri("planned-availability", "AVAILABLE")))
    return node
