"""The catalogue under the official shapes, and our shapes beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date

import pyoxigraph as ox
import pytest
from catalogue_fixture import PUBLIC_URL, changed, make_release, small_workspace
from official_shapes import SETS, Result, as_rdflib, concepts, needs_official_shapes, results

from transfergraph.common.namespaces import (
    ADMS,
    DCAT,
    DCATAP,
    DCATDE,
    DCT,
    FOAF,
    OWL,
    RDF,
    SKOS,
    SPDX,
    VCARD,
    XSD,
)
from transfergraph.config.code_tables import read_codes
from transfergraph.dcat.catalogue import describe
from transfergraph.dcat.evaluate.evaluate import evaluate_catalogue
from transfergraph.dcat.inputs import DescribedRelease

pytestmark = needs_official_shapes

Triples = frozenset[ox.Triple]
TODAY = date(2026, 12, 31)
IS_OPEN = "http://govdata.de/mqa/#isOpenLicense"
LOCN = "http://www.w3.org/ns/locn#"

# Defects of the official material: shapes that no right catalogue can satisfy.
DEFECTS = {
    (
        "vocabularies",
        SPDX + "algorithm",
    ): "asks for https://spdx.org, but the IRIs of SPDX begin with http://",
    ("vocabularies", DCT + "publisher"): "knows no publisher outside of the EU table of corporate bodies",
    ("deprecated", ADMS + "status"): "demands the table that 3.0 replaced; DCAT-AP.de 3.0 rejects it",
}
# Severities with which the shapes of GovData count distributions; they find nothing.
COUNTERS = {"count_Distributions", "count_Distributions_Licenses"}


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> DescribedRelease:
    folder = tmp_path_factory.mktemp("release")
    return make_release(folder / "out", small_workspace(folder / "workspace"))[0]


@pytest.fixture(scope="module")
def catalogue(release: DescribedRelease) -> Triples:
    return frozenset(describe(release, []))


@pytest.fixture(scope="module")
def small(release: DescribedRelease) -> Triples:
    """The catalogue with one distribution of the graph, one table and no fill rates."""
    few = [release.dumps[0], next(iter(release.tables)).file]
    small = replace(release, files=few, statistics=replace(release.statistics, classes={}, examples={}))
    return frozenset(describe(small, []))


def found_by(name: str, triples: Iterable[ox.Triple]) -> list[Result]:
    """What an official shapes graph finds, without its counters and its named defects."""
    return [
        result
        for result in results(as_rdflib(triples), name)
        if result.severity not in COUNTERS and (name, result.path) not in DEFECTS
    ]


@pytest.mark.parametrize("name", SETS)
def test_the_official_shapes_find_nothing(name: str, catalogue: Triples) -> None:
    assert found_by(name, catalogue) == []


@pytest.mark.parametrize("name", sorted({name for name, _ in DEFECTS}))
def test_each_defect_of_the_official_shapes_is_still_there(name: str, catalogue: Triples) -> None:
    """When a defect has been mended, its exception must go."""
    paths = {result.path for result in results(as_rdflib(catalogue), name)}
    assert paths == {path for shapes, path in DEFECTS if shapes == name}


@pytest.mark.parametrize("name", SETS)
def test_without_a_contributor_only_the_contributor_is_missing(name: str, release: DescribedRelease) -> None:
    found = found_by(name, describe(changed(release, contributor=None), []))
    assert {result.path for result in found} <= {DCATDE + "contributorID"}
    assert bool(found) == (name in ("conventions", "govdata"))


def test_the_german_conventions_cost_the_warning_that_3_0_gives(release: DescribedRelease) -> None:
    triples = describe(changed(release, german_2=True), [])
    found = found_by("german-deprecated", triples)
    assert {result.path for result in found} == {DCATDE + "politicalGeocodingURI"}
    assert {result.severity for result in found} == {"Warning"}
    assert found_by("conventions", triples) == []


def test_without_a_public_address_there_is_no_service_and_nothing_is_found(release: DescribedRelease) -> None:
    triples = describe(changed(release, public_url=None), [])
    assert not any(t.object == ox.NamedNode(DCAT + "DataService") for t in triples)
    assert [found_by(name, triples) for name in SETS] == [[] for _ in SETS]


def test_every_code_is_in_the_official_tables(catalogue: Triples) -> None:
    lists = (
        "http://publications.europa.eu/resource/authority/",
        "http://dcat-ap.de/def/",
        SPDX + "checksumA",
    )
    used = {t.object.value for t in catalogue if isinstance(t.object, ox.NamedNode)}
    codes = {iri for iri in used if iri.startswith(lists)}
    schemes = {
        t.object.value
        for t in catalogue
        if t.predicate.value == SKOS + "inScheme" and isinstance(t.object, ox.NamedNode)
    }
    assert len(codes - schemes) > 20
    assert codes - schemes - set(concepts()) == set()


def test_our_code_tables_are_the_official_ones() -> None:
    ours = {
        table.prefix + code
        for table in read_codes().tables.values()
        if table.name not in ("media-type", "publisher-type", "licence-type", "high-value-category")
        for code in table.codes
    }
    assert ours <= concepts()  # the list of high-value categories is not among the files at hand
    for name in ("file-type", "language", "licence", "german-licence", "contributor", "frequency"):
        prefix = read_codes().tables[name].prefix
        official = {iri for iri in concepts() if iri.startswith(prefix)}
        assert official == {iri for iri in ours if iri.startswith(prefix)}


# Our shapes beside the official ones: each variant is a copy of one node with one thing wrong.

Change = Callable[[ox.Triple], list[ox.Triple]]


def without(path: str) -> Change:
    return lambda triple: [] if triple.predicate.value == path else [triple]


def with_value(path: str, value: ox.NamedNode | ox.Literal) -> Change:
    """The property with this value instead of its own."""

    def change(triple: ox.Triple) -> list[ox.Triple]:
        if triple.predicate.value == RDF + "type":
            return [triple, ox.Triple(triple.subject, ox.NamedNode(path), value)]
        return [] if triple.predicate.value == path else [triple]

    return change


def and_value(path: str, value: ox.NamedNode | ox.Literal) -> Change:
    """The property with this value beside its own."""

    def change(triple: ox.Triple) -> list[ox.Triple]:
        added = ox.Triple(triple.subject, ox.NamedNode(path), value)
        return [triple, added] if triple.predicate.value == RDF + "type" else [triple]

    return change


def of_class(triples: Triples, name: str) -> ox.NamedNode:
    nodes = [
        t.subject for t in triples if t.predicate.value == RDF + "type" and t.object == ox.NamedNode(name)
    ]
    return min((node for node in nodes if isinstance(node, ox.NamedNode)), key=str)


def variants(triples: Triples, node: ox.NamedNode, changes: Iterable[Change]) -> Triples:
    """All triples, and for each change a copy of the node and of whatever refers to it."""
    about = [t for t in triples if t.subject == node]
    pointing = [t for t in triples if t.object == node]
    found = set(triples)
    for number, change in enumerate(changes):
        copy = ox.NamedNode(f"{node.value}/variant{number}")
        found.update(done for t in about for done in change(ox.Triple(copy, t.predicate, t.object)))
        for t in pointing:
            owner = ox.NamedNode(f"{t.subject}"[1:-1] + f"/owner{number}")
            found.add(ox.Triple(owner, t.predicate, copy))
            found.update(
                ox.Triple(owner, o.predicate, o.object)
                for o in triples
                if o.subject == t.subject and (o.predicate, o.object) != (t.predicate, t.object)
            )
    return frozenset(found)


IRI = ox.NamedNode("https://agency.de/anything")
TEXT = ox.Literal("anything")
CLASSES = [
    (DCAT + "Catalog", [
        *map(without, (DCT + "title", DCT + "description", DCT + "publisher", DCT + "issued", DCT + "modified",
             DCT + "language", DCT + "license", DCT + "spatial", FOAF + "homepage", DCAT + "themeTaxonomy",
             DCAT + "dataset")),
        with_value(DCT + "license", ox.NamedNode("https://creativecommons.org/licenses/by/4.0/")),
        with_value(DCT + "spatial", IRI), with_value(DCT + "title", IRI), with_value(DCT + "language", TEXT),
        with_value(DCT + "issued", TEXT), and_value(DCT + "publisher", IRI), and_value(DCT + "isPartOf", IRI),
    ]),
    (DCAT + "Dataset", [
        *map(without, (DCT + "title", DCT + "description", DCT + "publisher", DCATDE + "contributorID",
             DCT + "identifier", DCT + "issued", DCT + "modified", DCAT + "keyword", DCAT + "theme",
             DCT + "spatial", DCT + "temporal", DCAT + "contactPoint", DCAT + "distribution",
             DCAT + "landingPage")),
        with_value(DCATDE + "contributorID", IRI), with_value(DCAT + "theme", IRI),
        with_value(DCT + "accrualPeriodicity", IRI), with_value(DCT + "accessRights", IRI),
        with_value(DCT + "language", IRI), with_value(DCAT + "keyword", IRI), with_value(DCT + "spatial", IRI),
        with_value(DCT + "issued", ox.Literal("gestern")), with_value(DCT + "provenance", TEXT),
        with_value(DCAT + "landingPage", TEXT), with_value(DCATAP + "availability", IRI),
        with_value(DCT + "type", IRI), and_value(DCT + "publisher", IRI), and_value(DCT + "contributor", IRI),
        and_value(DCT + "hasVersion", IRI), and_value(DCT + "isVersionOf", IRI), and_value(OWL + "versionInfo", TEXT),
        and_value(DCATDE + "politicalGeocodingURI", IRI), and_value(DCATDE + "geocodingDescription", TEXT),
        and_value(DCATDE + "legalBasis", TEXT), and_value(DCATDE + "qualityProcessURI", IRI),
        and_value(DCATDE + "originator", IRI), and_value(DCATDE + "maintainer", IRI),
        and_value(DCATDE + "politicalGeocodingLevelURI", IRI), and_value(DCT + "references", TEXT),
    ]),
    (DCAT + "Distribution", [
        *map(without, (DCAT + "accessURL", DCT + "license", DCT + "format", DCT + "title", DCT + "description",
             DCATAP + "availability")),
        with_value(DCT + "license", ox.NamedNode("https://creativecommons.org/licenses/by/4.0/")),
        with_value(DCT + "license", TEXT), and_value(DCT + "license", IRI),
        with_value(DCT + "format", IRI), with_value(DCAT + "mediaType", TEXT), with_value(DCAT + "mediaType", IRI),
        with_value(DCAT + "compressFormat", IRI), with_value(DCT + "rights", IRI), with_value(FOAF + "page", IRI),
        with_value(ADMS + "status", ox.NamedNode("http://purl.org/adms/status/Completed")),
        with_value(DCAT + "byteSize", ox.Literal("5", datatype=ox.NamedNode(XSD + "decimal"))),
        with_value(DCAT + "byteSize", ox.Literal("5", datatype=ox.NamedNode(XSD + "integer"))),
        with_value(DCATDE + "licenseAttributionByText", IRI), with_value(DCT + "language", IRI),
        with_value(SPDX + "checksum", IRI), with_value(DCAT + "downloadURL", TEXT),
        with_value(DCT + "conformsTo", IRI), with_value(DCATAP + "availability", IRI),
    ]),
    (DCAT + "DataService", [
        *map(without, (DCT + "title", DCAT + "endpointURL", DCT + "publisher", DCAT + "endpointDescription",
             DCAT + "contactPoint", DCAT + "keyword", DCAT + "theme", DCAT + "servesDataset", DCT + "conformsTo")),
        with_value(DCT + "license", ox.NamedNode("https://creativecommons.org/licenses/by/4.0/")),
        with_value(DCT + "conformsTo", IRI), with_value(DCT + "accessRights", IRI), with_value(DCT + "format", IRI),
    ]),
    (FOAF + "Agent", [
        without(FOAF + "name"), without(DCT + "type"), with_value(DCT + "type", IRI), with_value(FOAF + "name", IRI),
    ]),
    (VCARD + "Kind", [
        without(VCARD + "hasEmail"), with_value(VCARD + "hasEmail", TEXT), and_value(VCARD + "fn", TEXT),
        with_value(VCARD + "hasURL", TEXT),
    ]),
    (DCT + "PeriodOfTime", [
        without(DCAT + "startDate"), without(DCAT + "endDate"), with_value(DCAT + "endDate", TEXT),
    ]),
    (DCT + "Location", [
        without(DCAT + "bbox"), without(DCAT + "centroid"), with_value(DCAT + "bbox", IRI),
        and_value(LOCN + "geometry", TEXT), and_value(LOCN + "geometry", IRI),
    ]),
    (SPDX + "Checksum", [
        without(SPDX + "algorithm"), without(SPDX + "checksumValue"), with_value(SPDX + "algorithm", IRI),
        with_value(SPDX + "checksumValue", ox.Literal("xyz")),
        with_value(SPDX + "algorithm", ox.NamedNode("http://dcat-ap.de/def/hashAlgorithms/sha/256")),
    ]),
    (DCT + "LicenseDocument", [without(DCT + "type"), with_value(DCT + "type", IRI)]),
    (ADMS + "Identifier", [without(SKOS + "notation")]),
]  # fmt: skip


@pytest.mark.share
@pytest.mark.parametrize("name,changes", CLASSES, ids=[name.rpartition("/")[2] for name, _ in CLASSES])
def test_our_check_finds_what_the_official_shapes_find(
    name: str, changes: list[Change], small: Triples
) -> None:
    node = of_class(small, name)
    triples = variants(small, node, changes)
    official = [result for shapes in SETS for result in found_by(shapes, triples)]
    findings = evaluate_catalogue(triples, TODAY).report.findings
    ours = {(finding.focus, (finding.path_text or "").strip("<>")) for finding in findings}
    named = {finding.value for finding in findings}
    whole = {finding.focus for finding in findings if finding.path is None}
    assert len({result.focus for result in official}) >= len(changes) / 2
    missed = {
        (result.focus, result.path)
        for result in official
        if (result.focus, result.path) not in ours
        and not (result.path in ("", SKOS + "inScheme", IS_OPEN) and result.focus in named | whole)
    }
    assert missed == set()


TYPED = {
    "theme": SKOS + "Concept", "frequency": DCT + "Frequency", "language": DCT + "LinguisticSystem",
    "licence": DCT + "LicenseDocument", "rights": DCT + "RightsStatement", "page": FOAF + "Document",
    "file type": DCT + "MediaTypeOrExtent", "media type": DCT + "MediaType", "place": DCT + "Location",
    "standard": DCT + "Standard", "law": "http://data.europa.eu/eli/ontology#LegalResource",
    "algorithm": SPDX + "ChecksumAlgorithm", "agent": FOAF + "Agent", "contact": VCARD + "Kind",
    "period": DCT + "PeriodOfTime", "checksum": SPDX + "Checksum", "scheme": SKOS + "ConceptScheme",
}  # fmt: skip


@pytest.mark.parametrize("what", TYPED)
def test_a_node_without_its_class_is_found_by_both(what: str, small: Triples) -> None:
    wanted = {ox.NamedNode(TYPED[what])}
    if what == "agent":
        wanted.add(ox.NamedNode(FOAF + "Organization"))
    if what == "contact":
        wanted.add(ox.NamedNode(VCARD + "Organization"))
    triples = {t for t in small if not (t.predicate.value == RDF + "type" and t.object in wanted)}
    assert len(triples) < len(small)
    official = {
        (r.focus, r.path)
        for name in ("range", "full")
        for r in found_by(name, triples)
        if r.severity == "Violation"
    }
    assert official
    ours = {
        (f.focus, (f.path_text or "").strip("<>")) for f in evaluate_catalogue(triples, TODAY).report.findings
    }
    assert official <= ours


def test_the_address_of_the_fixture_is_used(catalogue: Triples) -> None:
    assert any(
        isinstance(t.object, ox.NamedNode) and t.object.value.startswith(PUBLIC_URL) for t in catalogue
    )
