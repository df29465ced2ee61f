"""What the catalogue of a release says, and that it is true, whole and always the same."""

from __future__ import annotations

import hashlib
import re
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from catalogue_fixture import (
    CONTRIBUTOR,
    PUBLIC_URL,
    changed,
    make_release,
    small_workspace,
)
from rdflib.compare import isomorphic
from workspaces import LANGUAGES, edited, make_workspace

from transfergraph import ReleaseError, Text
from transfergraph.common.namespaces import (
    ADMS,
    DCAT,
    DCATAP,
    DCATDE,
    DCT,
    FOAF,
    PROV,
    SPDX,
    TG,
    TYPE,
    VCARD,
    VOID,
)
from transfergraph.config.code_tables import read_codes
from transfergraph.config.workspace import SETTINGS_FILE
from transfergraph.dcat import CATALOGUE_FILE
from transfergraph.dcat.catalogue import describe
from transfergraph.dcat.catalogue_index import CatalogueIndex
from transfergraph.dcat.evaluate.distribution_checks import count_triples
from transfergraph.dcat.evaluate.evaluate import evaluate_catalogue
from transfergraph.dcat.inputs import DescribedRelease
from transfergraph.dcat.modified_dates import Dates, History, read_history
from transfergraph.dcat.triple_writer import Properties, TripleWriter

BASE = "https://w3id.org/transfergraph/saxony/"
FILES = [CATALOGUE_FILE, "catalog.rdf", "catalog.jsonld", "void.ttl"]
ENDINGS = {
    "nq": ox.RdfFormat.N_QUADS,
    "nt": ox.RdfFormat.N_TRIPLES,
    "ttl": ox.RdfFormat.TURTLE,
    "jsonld": ox.RdfFormat.JSON_LD,
    "rdf": ox.RdfFormat.RDF_XML,
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("catalogue")


@pytest.fixture(scope="module")
def release(folder: Path) -> DescribedRelease:
    return make_release(folder / "out", small_workspace(folder / "workspace"))[0]


@pytest.fixture(scope="module")
def index(release: DescribedRelease) -> CatalogueIndex:
    return CatalogueIndex(describe(release, []))


def node(path: str) -> ox.NamedNode:
    return ox.NamedNode(BASE + path)


def texts(index: CatalogueIndex, path: str, predicate: str) -> set[str]:
    return {value.value for value in index.values(node(path), predicate)}


def test_the_catalogue_lists_graph_tables_ontology_and_service(index: CatalogueIndex) -> None:
    assert texts(index, "catalogue", DCAT + "dataset") == {
        BASE + "dataset/graph",
        BASE + "dataset/tables",
        BASE + "dataset/ontology",
    }
    assert texts(index, "catalogue", DCAT + "service") == {BASE + "service/sparql"}
    assert texts(index, "service/sparql", DCAT + "endpointURL") == {PUBLIC_URL + "sparql"}
    assert texts(index, "service/sparql", DCAT + "servesDataset") == {BASE + "dataset/graph"}


def test_every_dataset_has_the_properties_that_portals_count(index: CatalogueIndex) -> None:
    wanted = [
        *(DCT + name for name in ("title", "description", "publisher", "identifier", "issued", "modified",
          "spatial", "temporal", "accessRights", "accrualPeriodicity", "language", "provenance", "relation",
          "conformsTo", "bibliographicCitation")),
        *(DCAT + name for name in ("keyword", "theme", "contactPoint", "distribution", "landingPage", "version")),
        ADMS + "identifier", DCATDE + "contributorID", DCATDE + "politicalGeocodingLevelURI",
        DCATAP + "applicableLegislation", PROV + "wasAttributedTo",
    ]  # fmt: skip
    for dataset in index.datasets():
        assert [path for path in wanted if not index.values(dataset, path)] == []
        assert texts(index, dataset.value.removeprefix(BASE), DCT + "identifier") == {dataset.value}


def test_every_distribution_has_the_properties_that_portals_count(index: CatalogueIndex) -> None:
    wanted = [
        *(DCAT + name for name in ("accessURL", "downloadURL", "mediaType", "byteSize")),
        *(DCT + name for name in ("title", "description", "license", "format", "issued", "modified", "rights",
          "language", "conformsTo")),
        DCATDE + "licenseAttributionByText", SPDX + "checksum", FOAF + "page", ADMS + "status",
        DCATAP + "availability",
    ]  # fmt: skip
    distributions = index.instances(DCAT + "Distribution")
    assert len(distributions) > 15
    for distribution in distributions:
        assert [path for path in wanted if not index.values(distribution, path)] == []
        packed = distribution.value.endswith(".gz")
        assert bool(index.values(distribution, DCAT + "compressFormat")) == packed


def test_there_is_one_distribution_for_each_dump_and_table(index: CatalogueIndex) -> None:
    found = texts(index, "dataset/graph", DCAT + "distribution")
    assert found == {f"{BASE}distribution/data/graph.{ending}.gz" for ending in ENDINGS}
    tables = texts(index, "dataset/tables", DCAT + "distribution")
    assert f"{BASE}distribution/data/tables/source/organisations.csv" in tables
    assert all(name.endswith(".csv") for name in tables)
    assert texts(index, "dataset/tables", DCT + "conformsTo") == {"https://www.w3.org/TR/tabular-data-model/"}


def test_the_ontology_is_whole_in_its_distribution_and_has_each_file_as_a_part(
    folder: Path, index: CatalogueIndex
) -> None:
    whole = texts(index, "dataset/ontology", DCAT + "distribution")
    assert whole == {f"{BASE}distribution/data/ontology.ttl"}
    files = sorted(file for file in (folder / "out" / "ontology").rglob("*.ttl"))
    parts = texts(index, "dataset/ontology", f"{DCT}hasPart")
    assert parts == {PUBLIC_URL + file.relative_to(folder / "out").as_posix() for file in files}
    assert len(parts) == len(files) > 12
    for part in map(ox.NamedNode, parts):
        assert index.values(part, DCT + "title")
        assert index.values(part, TYPE) == (ox.NamedNode(f"{FOAF}Document"),)
    assert graph_of(folder / "out" / "data" / "ontology.ttl") == graph_of(*files)


def graph_of(*files: Path) -> ox.Dataset:
    found = ox.Dataset(
        quad
        for file in files
        for quad in ox.parse(path=str(file), format=ox.RdfFormat.TURTLE, rename_blank_nodes=True)
    )
    found.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return found


def test_there_are_no_blank_nodes(index: CatalogueIndex) -> None:
    for triple in index.triples:
        assert isinstance(triple.subject, ox.NamedNode)
        assert not isinstance(triple.object, ox.BlankNode)


def test_every_text_is_there_once_in_german_and_once_in_english(index: CatalogueIndex) -> None:
    counted = 0
    for kind in ("Catalog", "Dataset", "Distribution", "DataService"):
        for subject in index.instances(DCAT + kind):
            for path in (DCT + "title", DCT + "description"):
                values = [v for v in index.values(subject, path) if isinstance(v, ox.Literal)]
                assert sorted(value.language or "" for value in values) == ["de", "en"]
                assert all(value.value.strip() == value.value != "" for value in values)
                counted += 1
    assert counted > 40


def test_every_concept_that_is_used_is_described(index: CatalogueIndex) -> None:
    codes = read_codes()
    used = {t.object.value for t in index.triples if isinstance(t.object, ox.NamedNode)}
    concepts = [concept for iri in sorted(used) if (concept := codes.find(iri)) is not None]
    assert len(concepts) > 20
    for concept in concepts:
        if concept.label is None:  # the licence of the EU table that ours equals
            assert "/licence/" in concept.iri
            continue
        subject = ox.NamedNode(concept.iri)
        assert {v.value for v in index.values(subject, TYPE)} >= set(concept.types)
        if concept.scheme is not None:
            scheme = ox.NamedNode(concept.scheme)
            assert scheme in index.nodes(subject, "http://www.w3.org/2004/02/skos/core#inScheme")
            assert index.values(scheme, DCT + "title")


def test_sizes_and_checksums_are_those_of_the_files(
    folder: Path, release: DescribedRelease, index: CatalogueIndex
) -> None:
    for distribution in index.instances(DCAT + "Distribution"):
        url = index.first(distribution, DCAT + "downloadURL")
        assert url is not None
        file = folder / "out" / url.value.removeprefix(PUBLIC_URL)
        size = index.first(distribution, DCAT + "byteSize")
        assert size == ox.Literal(str(file.stat().st_size), datatype=ox.NamedNode(f"{XSD}nonNegativeInteger"))
        checksum = index.nodes(distribution, SPDX + "checksum")[0]
        value = index.first(checksum, SPDX + "checksumValue")
        assert value is not None
        assert value.value == hashlib.sha256(file.read_bytes()).hexdigest()


@pytest.mark.parametrize("ending", ENDINGS)
def test_the_number_of_triples_is_that_of_every_dump(
    ending: str, folder: Path, index: CatalogueIndex
) -> None:
    stated = index.first(node("dataset/graph"), VOID + "triples")
    assert stated is not None
    counted = count_triples(folder / "out" / "data" / f"graph.{ending}.gz", ENDINGS[ending], packed=True)
    assert counted is not None and int(stated.value) == counted > 1000


def test_the_three_files_hold_the_same_graph(folder: Path, release: DescribedRelease) -> None:
    formats = {
        CATALOGUE_FILE: ox.RdfFormat.TURTLE,
        "catalog.rdf": ox.RdfFormat.RDF_XML,
        "catalog.jsonld": ox.RdfFormat.JSON_LD,
    }
    triples = [
        {quad.triple for quad in ox.parse(path=str(folder / "out" / name), format=chosen)}
        for name, chosen in formats.items()
    ]
    assert len(triples[0]) > 1000
    assert triples[0] == triples[1] == triples[2]


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")
def test_rdflib_reads_the_three_files_alike(folder: Path, release: DescribedRelease) -> None:
    graphs = [rdflib.Graph().parse(folder / "out" / name) for name in FILES[:3]]
    assert isomorphic(graphs[0], graphs[1])
    assert isomorphic(graphs[0], graphs[2])


def test_the_same_input_gives_the_same_bytes(folder: Path, release: DescribedRelease, tmp_path: Path) -> None:
    make_release(tmp_path / "out", small_workspace(tmp_path / "workspace"))
    for name in FILES:
        assert (tmp_path / "out" / name).read_bytes() == (folder / "out" / name).read_bytes()


def test_the_catalogue_comes_first_in_the_file_for_people(folder: Path, release: DescribedRelease) -> None:
    lines = (folder / "out" / CATALOGUE_FILE).read_text("utf-8").splitlines()
    first = [line for line in lines if line.startswith("<")][:2]
    assert first[0] == f"<{BASE}catalogue> a dcat:Catalog ;"
    assert first[1].startswith(f"<{BASE}dataset/graph> a ")


def test_origin_is_stated_with_dates_and_licences(index: CatalogueIndex) -> None:
    build = node("release/2026.11-aaaaaaaaaaaa/build")
    assert index.nodes(node("dataset/graph"), PROV + "wasGeneratedBy") == []  # CKAN refuses it
    assert node("dataset/graph") in index.nodes(node("release/2026.11-aaaaaaaaaaaa"), PROV + "hadMember")
    assert index.nodes(node("release/2026.11-aaaaaaaaaaaa"), PROV + "wasGeneratedBy") == [build]
    (source,) = index.nodes(build, PROV + "used")
    assert source == node("graph/source")
    assert texts(index, "graph/source", TG + "retrieved") == {"2025-03-12"}
    assert texts(index, "graph/source", DCT + "license") == {"https://creativecommons.org/licenses/by/4.0/"}
    assert texts(index, "graph/source", DCT + "source") == {"https://example.org/page"}
    statement = {v.value for v in index.values(node("dataset/graph/provenance"), f"{RDFS}label")}
    assert "Erzeugt aus: Eine Seite (Herausgeberin, abgerufen am 2025-03-12)." in statement
    citation = texts(index, "dataset/graph", DCT + "bibliographicCitation")
    assert any("(2026): Innovationslandschaft Sachsen: Wissensgraph. 2026.11-" in text for text in citation)


def test_publisher_contact_licence_area_and_period_come_from_the_settings(index: CatalogueIndex) -> None:
    assert texts(index, "agent/publisher", FOAF + "mbox") == {"mailto:open-data@transfergraph.example"}
    assert texts(index, "contact", VCARD + "hasURL") == {"https://agency.de/kontakt"}
    assert texts(index, "period", DCAT + "startDate") == {"2018-01-01"}
    assert texts(index, "dataset/graph", DCATDE + "contributorID") == {CONTRIBUTOR}
    place = ox.NamedNode("https://sws.geonames.org/2842566/")
    box = index.first(place, DCAT + "bbox")
    assert box is not None
    assert box.value.startswith("POLYGON((11.8723 50.1715, 15.0377 50.1715,")
    assert not any("locn#geometry" in t.predicate.value for t in index.triples)


def test_what_is_not_set_is_not_said(release: DescribedRelease) -> None:
    bare = CatalogueIndex(
        describe(changed(release, contributor=None, legislation=(), public_url=None, level=None), [])
    )
    for path in (
        DCATDE + "contributorID",
        DCATAP + "applicableLegislation",
        DCATDE + "politicalGeocodingLevelURI",
    ):
        assert not any(t.predicate.value == path for t in bare.triples)
    assert bare.instances(DCAT + "DataService") == []
    urls = {
        v.value for d in bare.instances(DCAT + "Distribution") for v in bare.values(d, DCAT + "downloadURL")
    }
    assert f"{BASE}data/graph.nq.gz" in urls
    assert not any(t.predicate.value == DCATDE + "politicalGeocodingURI" for t in bare.triples)


def test_data_of_high_value_says_so_at_datasets_files_and_endpoint(release: DescribedRelease) -> None:
    found = CatalogueIndex(describe(changed(release, high_value=("c_e1da4e07", "c_b79e35eb")), []))
    law = "http://data.europa.eu/eli/reg_impl/2023/138/oj"
    categories = {f"http://data.europa.eu/bna/{code}" for code in ("c_e1da4e07", "c_b79e35eb")}
    for path in ("dataset/graph", "service/sparql"):
        assert texts(found, path, DCATAP + "hvdCategory") == categories, path
        assert law in texts(found, path, DCATAP + "applicableLegislation"), path
    assert texts(found, "dataset/tables", DCATAP + "hvdCategory") == set()  # no interface serves them
    files = {
        one: {value.value for value in found.values(one, DCATAP + "applicableLegislation")}
        for one in found.instances(DCAT + "Distribution")
    }
    said = {
        re.split("[/.]", one.value.removeprefix(f"{BASE}distribution/").removeprefix("data/"))[0]: laws
        for one, laws in files.items()
    }
    assert said == {"graph": {law}, "tables": set(), "ontology": set()}
    assert [*found.values(ox.NamedNode(law), TYPE)] == [
        ox.NamedNode("http://data.europa.eu/eli/ontology#LegalResource")
    ]
    evaluation = evaluate_catalogue(found.triples, date(2026, 12, 31))
    assert not [one for one in evaluation.report.findings if one.code.startswith("catalogue.hvd")]


def test_the_switch_for_the_german_conventions_names_the_state(release: DescribedRelease) -> None:
    found = CatalogueIndex(describe(changed(release, german_2=True), []))
    state = "http://dcat-ap.de/def/politicalGeocoding/stateKey/14"
    assert texts(found, "dataset/graph", DCATDE + "politicalGeocodingURI") == {state}


# The terms of a description.


def test_each_kind_of_value_becomes_its_term() -> None:
    out = TripleWriter(LANGUAGES)
    properties: Properties = {
        "dct:relation": ["urn:b", "urn:c"],
        "dct:title": Text(de="Titel", en='A "title"'),
        "dct:issued": date(2026, 11, 24),
        "void:triples": 7,
        "dcat:version": ox.Literal("1"),
        "dct:creator": None,
        "dct:subject": [None],
    }
    out.describe("urn:a", "dcat:Dataset void:Dataset", properties)
    turtle = f"""
        @prefix dcat: <{DCAT}> . @prefix dct: <{DCT}> . @prefix void: <{VOID}> .
        @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
        <urn:a> a dcat:Dataset, void:Dataset ; dct:relation <urn:b>, <urn:c> ; void:triples 7 ;
            dct:title "Titel"@de, "A \\"title\\""@en ; dct:issued "2026-11-24"^^xsd:date ; dcat:version "1" .
    """
    assert set(out.sorted()) == {quad.triple for quad in ox.parse(turtle, format=ox.RdfFormat.TURTLE)}


def test_a_property_without_a_known_prefix_is_an_error() -> None:
    with pytest.raises(KeyError):
        TripleWriter(LANGUAGES).describe("urn:a", "", {"nowhere:title": "urn:b"})


# Dates: what changes, and what does not, from one release to the next.


def later(workspace: Path, issued: str = "2027-02-01") -> Path:
    file = workspace / SETTINGS_FILE
    text, count = re.subn(r"(?m)^issued = .*$", f"issued = {issued}", file.read_text("utf-8"))
    assert count == 1
    file.write_text(text, "utf-8")
    return workspace


def dates(index: CatalogueIndex, path: str) -> tuple[str, str]:
    (issued,), (modified,) = texts(index, path, DCT + "issued"), texts(index, path, DCT + "modified")
    return issued, modified


def test_dates_move_only_with_the_content(folder: Path, release: DescribedRelease, tmp_path: Path) -> None:
    workspace = small_workspace(tmp_path / "workspace")
    file = workspace / "data" / "source" / "projects.csv"
    file.write_text(edited("projects", "Pilotvorhaben", "Pilotprojekt"), "utf-8")
    second, _ = make_release(tmp_path / "2", later(workspace), "2027.02-bbbbbbbbbbbb", before=folder / "out")
    found = CatalogueIndex(describe(second, []))
    assert dates(found, "dataset/graph") == ("2026-11-24", "2027-02-01")
    assert dates(found, "dataset/tables") == ("2026-11-24", "2027-02-01")
    assert dates(found, "dataset/ontology") == ("2026-11-24", "2026-11-24")
    assert dates(found, "distribution/data/graph.ttl.gz") == ("2026-11-24", "2027-02-01")
    assert dates(found, "distribution/data/tables/source/projects.csv") == ("2026-11-24", "2027-02-01")
    assert dates(found, "distribution/data/tables/source/regions.csv") == ("2026-11-24", "2026-11-24")
    assert dates(found, "catalogue") == ("2026-11-24", "2027-02-01")
    assert texts(found, "dataset/graph", DCAT + "version") == {"2027.02-bbbbbbbbbbbb"}
    assert texts(found, "dataset/graph", DCAT + "previousVersion") == {f"{BASE}release/out"}


def test_a_change_within_the_day_of_the_release_moves_the_time(
    folder: Path, release: DescribedRelease, tmp_path: Path
) -> None:
    changes = ("Pilotprojekt", "Pilotversuch", "Pilotversuch")
    before, found = folder / "out", []
    for number, name in enumerate(changes):
        workspace = small_workspace(tmp_path / f"workspace{number}")
        file = workspace / "data" / "source" / "projects.csv"
        file.write_text(edited("projects", "Pilotvorhaben", name), "utf-8")
        made, _ = make_release(tmp_path / str(number), workspace, f"2026.11-{number}", before=before)
        found.append(CatalogueIndex(describe(made, [])))
        before = tmp_path / str(number)
    for path in ("dataset/graph", "distribution/data/tables/source/projects.csv"):
        times = [dates(index, path) for index in found]
        assert times == [
            ("2026-11-24", "2026-11-24T00:00:01Z"),
            ("2026-11-24", "2026-11-24T00:00:02Z"),
            ("2026-11-24", "2026-11-24T00:00:02Z"),
        ]
        assert all(dates(index, "dataset/ontology")[1] == "2026-11-24" for index in found)


def test_the_same_content_keeps_all_dates_even_when_the_day_of_issue_moves(
    folder: Path, release: DescribedRelease, tmp_path: Path
) -> None:
    workspace = later(small_workspace(tmp_path / "workspace"))
    second, _ = make_release(tmp_path / "2", workspace, before=folder / "out")
    found = CatalogueIndex(describe(second, []))
    for path in ("dataset/graph", "dataset/tables", "dataset/ontology", "distribution/data/graph.nq.gz"):
        assert dates(found, path) == ("2026-11-24", "2026-11-24")
    assert dates(found, "catalogue") == ("2026-11-24", "2027-02-01"), "the version before is news"


def test_a_catalogue_that_says_the_same_keeps_its_own_date(release: DescribedRelease) -> None:
    first = describe(release, [])
    history = History(
        dates={BASE + "catalogue": Dates(date(2026, 1, 1), date(2026, 1, 2))}, triples=frozenset(first)
    )
    assert dates(CatalogueIndex(describe(replace(release, history=history), [])), "catalogue") == (
        "2026-01-01",
        "2026-01-02",
    )


def test_a_date_never_goes_back(folder: Path, release: DescribedRelease, tmp_path: Path) -> None:
    workspace = later(make_workspace(tmp_path / "workspace"), "2020-01-01")
    second, _ = make_release(tmp_path / "2", workspace, before=folder / "out")
    assert dates(CatalogueIndex(describe(second, [])), "dataset/graph") == ("2026-11-24", "2026-11-24")


def test_a_table_that_vanished_changes_the_dataset(
    folder: Path, release: DescribedRelease, tmp_path: Path
) -> None:
    workspace = later(small_workspace(tmp_path / "workspace"))
    second, _ = make_release(tmp_path / "2", workspace, before=folder / "out")
    first = next(iter(second.tables)).file
    fewer = replace(second, files=[file for file in second.files if file is not first])
    assert dates(CatalogueIndex(describe(fewer, [])), "dataset/tables") == ("2026-11-24", "2027-02-01")


def test_a_damaged_catalogue_before_is_named(folder: Path, release: DescribedRelease, tmp_path: Path) -> None:
    shutil.copy(folder / "out" / CATALOGUE_FILE, tmp_path)
    (tmp_path / CATALOGUE_FILE).write_text((tmp_path / CATALOGUE_FILE).read_text("utf-8")[:5000], "utf-8")
    with pytest.raises(ReleaseError, match=r"catalog\.ttl is damaged"):
        read_history(tmp_path / CATALOGUE_FILE, "x")
    assert read_history(tmp_path / "none.ttl", "x") == History(version="x")


XSD = "http://www.w3.org/2001/XMLSchema#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
