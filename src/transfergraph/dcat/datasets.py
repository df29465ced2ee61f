"""The datasets of a release, their distributions and the SPARQL service, after DCAT-AP 3.0.1 and
DCAT-AP.de 3.0; in plain DCAT where the workspace has no ``[catalogue]``."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import quote

import pyoxigraph as ox

from transfergraph.common.formats import GRAPH_FORMATS, MEDIA_TYPES
from transfergraph.common.namespaces import TG
from transfergraph.common.text import Text
from transfergraph.config.settings import CatalogueSettings
from transfergraph.dcat.inputs import CELLS, ONTOLOGY_FILES, ONTOLOGY_WHOLE, DescribedRelease, PublishedFile
from transfergraph.dcat.provenance import release_of, source_entity
from transfergraph.dcat.shared_nodes import (
    CONTACT,
    HIGH_VALUE_REGULATION,
    PERIOD,
    PUBLISHER,
    RIGHTS,
    code_iri,
    describe_page,
    languages,
    laws,
)
from transfergraph.dcat.triple_writer import Properties, TripleWriter, typed
from transfergraph.messages import both, text

ONTOLOGY = TG.rstrip("#")
CSVW = "https://www.w3.org/TR/tabular-data-model/"
CSV = "https://www.rfc-editor.org/info/rfc4180"
OWL = "https://www.w3.org/TR/owl2-overview/"
SHACL = "https://www.w3.org/TR/shacl/"
SKOS = "https://www.w3.org/TR/skos-reference/"
SPARQL = "https://www.w3.org/TR/sparql11-protocol/"
N_TRIPLES_12 = "https://www.w3.org/TR/rdf12-n-triples/"
STANDARDS = {
    ONTOLOGY: "transfergraph ontology",
    CSVW: "CSV on the Web: Model for Tabular Data and Metadata",
    CSV: "RFC 4180: Common Format for CSV Files",
    SPARQL: "SPARQL 1.1 Protocol",
    OWL: "OWL 2 Web Ontology Language",
    SHACL: "Shapes Constraint Language (SHACL)",
    SKOS: "SKOS Simple Knowledge Organization System",
    N_TRIPLES_12: "RDF 1.2 N-Triples",
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

    ``file_type`` is a code of the EU table, ``media_type`` the type of the content, before it is compressed
    with gzip; ``page`` documents it.
    """

    file: PublishedFile
    title: Text
    about: Text
    file_type: str
    media_type: str
    page: str
    standard: str | tuple[str, ...]

    @property
    def path(self) -> str:
        """The path of its IRI under the base IRI."""
        return f"distribution/{quote(self.file.path)}"


@dataclass(frozen=True, slots=True)
class Dataset:
    """One of the three datasets of a release: ``key`` is ``graph``, ``tables`` or ``ontology``."""

    key: str
    iri: str
    title: Text
    about: Text
    distributions: tuple[Distribution, ...]
    standard: str


def datasets(release: DescribedRelease) -> tuple[Dataset, ...]:
    """The datasets for which the release has files."""
    found = (
        _dataset(release, "graph", _dumps(release), ONTOLOGY),
        _dataset(release, "tables", _tables(release), CSVW),
        _dataset(release, "ontology", _ontology(release), ONTOLOGY),
    )
    return tuple(dataset for dataset in found if dataset.distributions)


def _dataset(
    release: DescribedRelease, key: str, distributions: Iterable[Distribution], standard: str
) -> Dataset:
    title, about = Text.same("transfergraph"), both(f"portal.{key}.about")
    if key != "ontology":
        title = release.settings.title
        about = release.settings.description.each("{} {}".format, about)
    return Dataset(
        key=key,
        iri=release.iri(f"dataset/{key}"),
        title=title.each("{}: {}".format, both(f"portal.{key}")),
        about=about,
        distributions=tuple(sorted(distributions, key=lambda distribution: distribution.path)),
        standard=standard,
    )


def _dumps(release: DescribedRelease) -> Iterator[Distribution]:
    for file in release.dumps:
        for known in GRAPH_FORMATS:
            if file.path.removesuffix(".gz").endswith(f".{known.ending}"):
                quads = known.name == "n-quads"
                title = both("portal.graph.file", format=known.called)
                about = both("portal.graph.quads" if quads else "portal.graph.triples")
                kind = _FILE_TYPES[known.name], known.media_type
                yield Distribution(file, title, about, *kind, ONTOLOGY, ONTOLOGY)
    for file in release.files:
        if file.path == CELLS:
            kind = _FILE_TYPES["n-triples"], MEDIA_TYPES["nt"]
            title, about = both("portal.cells"), both("portal.cells.about")
            yield Distribution(file, title, about, *kind, ONTOLOGY, N_TRIPLES_12)


def _tables(release: DescribedRelease) -> Iterator[Distribution]:
    titles = {source.name: source.title for source in release.sources}
    descriptions = release.table_descriptions
    for table in release.tables:
        description = descriptions.get(table.file.path.rpartition("/")[0])
        source = titles.get(table.source, both("portal.derived"))
        title = table.title.each("{} ({})".format, source)
        about = both("portal.table.about" if description else "portal.table.plain")
        page = release.address(description) if description else ONTOLOGY
        standard = CSVW if description else CSV
        yield Distribution(table.file, title, about, "CSV", MEDIA_TYPES["csv"], page, standard)


def _ontology(release: DescribedRelease) -> Iterator[Distribution]:
    for file in release.files:
        if file.path == ONTOLOGY_WHOLE:
            kind = "RDF_TURTLE", MEDIA_TYPES["ttl"]
            title, about = both("portal.ontology.file"), both("portal.ontology.file.about")
            yield Distribution(file, title, about, *kind, ONTOLOGY, (OWL, SHACL, SKOS))


def describe_dataset(
    out: TripleWriter, release: DescribedRelease, dataset: Dataset, others: Iterable[Dataset]
) -> None:
    """State everything that portals know of a dataset, and of its distributions."""
    node, page = dataset.iri, release.address(f"dataset/{dataset.key}.html")
    describe_page(out, page, dataset.title)
    checksums = {release.iri(one.path): one.file.sha256 for one in dataset.distributions}
    dates = release.history.of_dataset(node, checksums, release.issued)
    properties: Properties = {
        **_common_properties(release, dataset.title, dataset.about, page),
        **_dataset_for_portals(release, dataset.key),
        "dct:identifier": ox.Literal(node),
        "dct:issued": dates.issued,
        "dct:modified": dates.modified,
        "dct:language": languages(release),
        "dct:relation": [other.iri for other in others],
        "dct:conformsTo": dataset.standard,
        "dcat:distribution": checksums,
        "adms:identifier": f"{node}/identifier",
    }
    out.describe(node, "dcat:Dataset", properties)
    urn = typed(uuid.uuid5(uuid.NAMESPACE_URL, node).urn, "anyURI")
    out.describe(f"{node}/identifier", "adms:Identifier", {"skos:notation": urn})
    _describe_origin(out, release, dataset, dates.modified.year)
    if dataset.key == "ontology":
        _describe_ontology(out, release, node)
    if dataset.key == "graph":
        triples, entities = release.statistics.triples, release.statistics.entities
        out.describe(node, "void:Dataset", {"void:triples": triples, "void:entities": entities})
    catalogue = release.settings.catalogue
    for distribution in dataset.distributions:
        _describe_distribution(out, release, distribution)
        if catalogue is not None and catalogue.high_value and dataset.key == "graph":
            law: Properties = {"dcatap:applicableLegislation": HIGH_VALUE_REGULATION}
            out.describe(release.iri(distribution.path), "", law)


def _describe_ontology(out: TripleWriter, release: DescribedRelease, node: str) -> None:
    """State its kind, and the files of which it is made, each by its address.

    They are no distributions, which DCAT-AP asks to hold the whole dataset.
    """
    parts = {release.address(file.path): file.path for file in release.ontology_parts}
    kind = code_iri("dataset-type", "ONTOLOGY")
    out.describe(node, "", {"dct:type": kind, "dct:hasPart": parts})
    for address, path in parts.items():
        describe_page(out, address, both("portal.ontology.part", name=path.removeprefix(ONTOLOGY_FILES)))
        out.describe(address, "", {"dct:format": code_iri("file-type", "RDF_TURTLE")})


def _common_properties(release: DescribedRelease, title: Text, about: Text, page: str) -> Properties:
    """What datasets and services have in common."""
    catalogue = release.settings.catalogue
    plain: Properties = {
        "dct:title": title,
        "dct:description": about,
        "dct:publisher": release.iri(PUBLISHER),
        "dcat:landingPage": page,
        "dct:accessRights": code_iri("access-right", "PUBLIC"),
    }
    if catalogue is None:
        return plain
    return {
        **plain,
        "dcat:contactPoint": release.iri(CONTACT),
        "dcat:theme": [code_iri("data-theme", theme) for theme in catalogue.themes],
        "dcat:keyword": [
            ox.Literal(word, language=language)
            for language, words in catalogue.keywords.items()
            for word in words
        ],
        "dcatap:availability": code_iri("planned-availability", "AVAILABLE"),
    }


def _dataset_for_portals(release: DescribedRelease, key: str) -> Properties:
    """What DCAT-AP and DCAT-AP.de add to a dataset; nothing where portals are told nothing.

    ``politicalGeocodingURI`` is deprecated in DCAT-AP.de 3.0 and a must in 2.0 (K08).
    """
    catalogue = release.settings.catalogue
    if catalogue is None:
        return {}
    level, state = catalogue.level, catalogue.area.state if catalogue.german_2 else None
    return {
        "dct:spatial": catalogue.area.iri,
        "dct:temporal": release.iri(PERIOD),
        "dct:accrualPeriodicity": code_iri("frequency", catalogue.frequency),
        "dcatap:applicableLegislation": catalogue.legislation,
        **(_high_value(catalogue) if key == "graph" else {}),
        "dcatde:contributorID": catalogue.contributor,
        "dcatde:politicalGeocodingLevelURI": level and code_iri("geocoding-level", level),
        "dcatde:politicalGeocodingURI": state and code_iri("state-key", state),
    }


def _high_value(catalogue: CatalogueSettings) -> Properties:
    """What DCAT-AP HVD 3.0 adds to a dataset of high value and to its interface."""
    if not catalogue.high_value:
        return {}
    return {
        "dcatap:hvdCategory": [code_iri("high-value-category", one) for one in catalogue.high_value],
        "dcatap:applicableLegislation": laws(catalogue),
    }


def _describe_origin(out: TripleWriter, release: DescribedRelease, dataset: Dataset, year: int) -> None:
    """Version, provenance and citation.

    The build is stated at the release, and the creator as ``prov:wasAttributedTo``: ckanext-dcat makes
    fields of ``prov:wasGeneratedBy`` and ``dct:creator`` that schemas of CKAN refuse.
    """
    node, before = dataset.iri, release.history.version
    own = dataset.key == "ontology"
    citation = f"{release.settings.publisher} ({year}): {{}}. {release.identifier}. {node}"
    properties: Properties = {
        "dcat:version": ox.Literal(release.identifier),
        "dcat:previousVersion": before and release_of(release, before),
        "adms:versionNotes": release.notes,
        "prov:wasAttributedTo": release.iri(PUBLISHER),
        "prov:wasDerivedFrom": () if own else [source_entity(release, one) for one in release.sources],
        "dct:provenance": f"{node}/provenance",
        "dct:bibliographicCitation": dataset.title.each(citation.format),
    }
    out.describe(node, "", properties)
    statement = dataset.about if own else _made_from(release)
    out.describe(f"{node}/provenance", "dct:ProvenanceStatement", {"rdfs:label": statement})


def _made_from(release: DescribedRelease) -> Text:
    """The sources with their addresses and dates, in one sentence."""

    def in_language(language: str) -> str:
        named = [
            f"{source.title.in_language(language)} ({source.publisher}, "
            f"{text('portal.retrieved', language, date=source.retrieved.isoformat())})"
            for source in release.sources
        ]
        return f"{text('portal.made-from', language)} {'; '.join(named)}."

    return Text.made(in_language, release.settings.languages)


def _describe_distribution(out: TripleWriter, release: DescribedRelease, distribution: Distribution) -> None:
    file, told = distribution.file, release.settings.catalogue is not None
    node, url = release.iri(distribution.path), release.address(file.path)
    dates = release.history.of_file(node, file.sha256, release.issued)
    packed = file.path.endswith(".gz")
    properties: Properties = {
        "dct:title": distribution.title,
        "dct:description": distribution.about,
        "dcat:accessURL": url,
        "dcat:downloadURL": url,
        "dct:license": release.licence,
        "dcatde:licenseAttributionByText": release.attribution,
        "dct:rights": release.iri(RIGHTS),
        "dct:format": code_iri("file-type", distribution.file_type),
        "dcat:mediaType": code_iri("media-type", distribution.media_type),
        "dcat:compressFormat": code_iri("media-type", MEDIA_TYPES["gz"]) if packed else None,
        "dcat:byteSize": typed(file.size, "nonNegativeInteger"),
        "dct:issued": dates.issued,
        "dct:modified": dates.modified,
        "dct:language": languages(release),
        "dct:conformsTo": distribution.standard,
        "foaf:page": distribution.page,
        "adms:status": code_iri("distribution-status", "COMPLETED"),
        "dcatap:availability": code_iri("planned-availability", "AVAILABLE") if told else None,
        "spdx:checksum": f"{node}/checksum",
    }
    out.describe(node, "dcat:Distribution", properties)
    algorithm, value = code_iri("checksum-algorithm", "sha256"), typed(file.sha256, "hexBinary")
    checksum: Properties = {"spdx:algorithm": algorithm, "spdx:checksumValue": value}
    out.describe(f"{node}/checksum", "spdx:Checksum", checksum)
    described = "portal.ontology" if distribution.page == ONTOLOGY else "portal.description-of-tables"
    describe_page(out, distribution.page, both(described))


def describe_service(out: TripleWriter, release: DescribedRelease, served: Iterable[Dataset]) -> str | None:
    """State what portals know of the SPARQL endpoint, and return its IRI; None without a public URL."""
    settings = release.settings
    if settings.public_url is None:
        return None
    node, endpoint = release.iri("service/sparql"), f"{settings.public_url}sparql"
    title = settings.title.each("{}: {}".format, both("portal.service"))
    properties: Properties = {
        **_common_properties(release, title, both("portal.service.about"), release.landing_page),
        "dct:identifier": ox.Literal(node),
        "dct:license": release.licence,
        "dcatde:licenseAttributionByText": release.attribution,
        "dct:conformsTo": SPARQL,
        "dcat:endpointURL": endpoint,
        "dcat:endpointDescription": endpoint,
        "dcat:servesDataset": [dataset.iri for dataset in served if dataset.key == "graph"],
    }
    out.describe(node, "dcat:DataService", properties)
    if settings.catalogue is not None and settings.catalogue.high_value:
        documented: Properties = {"foaf:page": release.landing_page}
        out.describe(node, "", {**_high_value(settings.catalogue), **documented})
    return node
