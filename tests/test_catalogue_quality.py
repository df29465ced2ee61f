"""Counts over a graph, known against stated records, and both as data (DQV, VoID)."""

from __future__ import annotations

import gzip
from pathlib import Path

import pyoxigraph as ox
import pytest
from catalogue_fixture import make_release, small_workspace
from workspaces import REPOSITORY, TABLES, edited

from transfergraph import Report
from transfergraph.common.namespaces import DCT, DQV, FOAF, RDF, SKOS, TG, TYPE, VOID
from transfergraph.common.text import Text
from transfergraph.config.declarations import declarations_of
from transfergraph.config.workspace import Source, open_workspace
from transfergraph.dcat.catalogue import describe, describe_graph
from transfergraph.dcat.catalogue_index import CatalogueIndex
from transfergraph.dcat.completeness import CountStatus, RecordCount, count_known, count_rows
from transfergraph.dcat.inputs import DescribedRelease
from transfergraph.dcat.quality import LISTED
from transfergraph.dcat.statistics import LinkSet, Statistics, measure_graph
from transfergraph.store.embedded import EmbeddedStore
from transfergraph.vocabulary.presentation_reader import read_presentation

BASE = "https://w3id.org/transfergraph/saxony/"
OWL = "http://www.w3.org/2002/07/owl#"
LINES = f"""<urn:a> <{OWL}sameAs> <https://ror.org/05q5pk319> .
<urn:a> <{RDF}type> <urn:Organisation> .
<urn:a> <{RDF}type> <urn:University> .
<urn:a> <{SKOS}prefLabel> "HTW \\"Dresden\\"@de"@en .
<urn:a> <{SKOS}prefLabel> "HTW"@de .
<urn:b> <{RDF}type> <urn:Organisation> .
<urn:b> <{SKOS}altLabel> "x@de" .
<urn:b> <{SKOS}altLabel> "y" .
<urn:b> <{SKOS}prefLabel> "B"@de .
<urn:c> <{OWL}sameAs> <http://data.europa.eu/nuts/code/DED> .
""".encode()


def statistics(lines: bytes) -> Statistics:
    return measure_graph(lines.splitlines(keepends=True), "urn:")


def test_a_graph_is_counted_line_by_line() -> None:
    found = statistics(LINES)
    assert (found.triples, found.entities) == (10, 3)
    assert found.classes == {"urn:Organisation": 2, "urn:University": 1}
    assert found.properties == {OWL + "sameAs": 2, TYPE: 3, SKOS + "prefLabel": 3, SKOS + "altLabel": 2}
    assert found.filled["urn:Organisation", SKOS + "prefLabel", "de"] == 2
    assert found.filled["urn:Organisation", SKOS + "prefLabel", "en"] == 1
    assert found.filled["urn:Organisation", SKOS + "altLabel", ""] == 1
    assert found.filled["urn:University", OWL + "sameAs", ""] == 1
    assert ("urn:Organisation", SKOS + "altLabel", "de") not in found.filled
    assert found.examples == {"urn:Organisation": "urn:a", "urn:University": "urn:a"}
    assert found.links == (
        LinkSet("NUTS", "http://data.europa.eu/nuts/code/", OWL + "sameAs", 1),
        LinkSet("ROR", "https://ror.org/", OWL + "sameAs", 1),
    )


def test_fill_rates_count_what_lies_elsewhere_too_and_own_entities_do_not() -> None:
    found = measure_graph(LINES.splitlines(keepends=True), "urn:a")
    assert found.classes == {"urn:Organisation": 2, "urn:University": 1}
    assert found.records == {"urn:Organisation": 1, "urn:University": 1}
    assert found.own == 1 < found.entities
    assert found.filled["urn:Organisation", SKOS + "prefLabel", "de"] == 2
    assert found.filled["urn:Organisation", SKOS + "altLabel", ""] == 1


def test_concepts_are_counted_by_their_schemes() -> None:
    """Those of one list say nothing of those of another, though all are of one class."""
    graph = f"""
<urn:a> <{RDF}type> <{SKOS}Concept> .
<urn:a> <{SKOS}inScheme> <urn:roles> .
<urn:a> <{SKOS}definition> "A"@en .
<urn:b> <{RDF}type> <{SKOS}Concept> .
<urn:b> <{SKOS}inScheme> <urn:topics> .
<urn:c> <{RDF}type> <{SKOS}Concept> .
<urn:c> <{SKOS}inScheme> <urn:roles> .
<urn:c> <{SKOS}inScheme> <urn:topics> .
<urn:c> <{SKOS}prefLabel> "C"@en .
""".lstrip().encode()
    found = statistics(graph)
    assert found.schemes == {"urn:roles": 2, "urn:topics": 2} and found.classes == {f"{SKOS}Concept": 3}
    assert found.filled["urn:roles", f"{SKOS}definition", "en"] == 1
    assert ("urn:topics", f"{SKOS}definition", "en") not in found.filled
    assert found.filled["urn:topics", f"{SKOS}prefLabel", "en"] == 1
    assert found.properties[f"{SKOS}inScheme"] == found.within[f"{SKOS}Concept"][f"{SKOS}inScheme"] == 4


def test_an_empty_graph_has_nothing() -> None:
    assert statistics(b"") == Statistics(0, 0, 0, {}, {}, {}, {}, {}, {}, (), {})


def test_the_counts_are_those_of_a_store(tmp_path: Path) -> None:
    release, _ = make_release(tmp_path / "out", small_workspace(tmp_path / "workspace"))
    store = ox.Store()
    triples = ox.parse(
        path=str(tmp_path / "out" / "ontology" / "transfergraph.ttl"), format=ox.RdfFormat.TURTLE
    )
    store.extend(ox.Quad(q.subject, q.predicate, q.object) for q in triples)
    lines = sorted(f"{q.subject} {q.predicate} {q.object} .\n".encode() for q in store)
    found = measure_graph(lines, "urn:")
    for query, counted in (
        ("SELECT ?c (COUNT(?s) AS ?n) { ?s a ?c } GROUP BY ?c", found.classes),
        ("SELECT ?p (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?p", found.properties),
    ):
        rows = store.query(query)
        assert isinstance(rows, ox.QuerySolutions)
        assert {row[0].value: int(row[1].value) for row in rows} == dict(counted)
    assert release.statistics.triples > 1000


# Known against stated.


def source(**rows: tuple[int, int]) -> Source:
    kept = open_workspace(Path(__file__).resolve().parent.parent).sources[0]
    return Source(
        kept.name, kept.folder, kept.title, kept.publisher, kept.licence, kept.attribution, kept.url,
        kept.retrieved, rows,
    )  # fmt: skip


def store_of(text: str) -> EmbeddedStore:
    store = ox.Store()
    prefixes = f"@prefix tg: <{TG}> . @prefix dct: <{DCT}> . @prefix : <urn:x:> ."
    scheme = "@prefix m: <https://w3id.org/transfergraph/scheme/measure/> ."
    for quad in ox.parse(f"{prefixes} {scheme} {text}", format=ox.RdfFormat.TURTLE):
        store.add(ox.Quad(quad.subject, quad.predicate, quad.object, ox.NamedNode("urn:g")))
    return EmbeddedStore(store)


GRAPH = """
:bund a tg:Alliance . :leer a tg:Alliance . :viele a tg:Alliance .
:projekt a tg:Project, tg:Undertaking ; dct:isPartOf :bund ; tg:start "2019-10" ; tg:fundedUnder :runde .
:p1 tg:participatesIn :bund ; tg:participant :eins . :p2 tg:participatesIn :projekt ; tg:participant :zwei .
:p3 tg:participatesIn :projekt ; tg:participant :eins .
:s1 tg:about :bund ; tg:measure m:partners ; tg:value 50 ; tg:asOf "2019" .
:s2 tg:about :bund ; tg:measure m:partners ; tg:value 40 ; tg:asOf "2025-03-12" .
:s3 tg:about :bund ; tg:measure m:partners ; tg:value 99 .
:s4 tg:about :bund ; tg:measure m:projects ; tg:value 1 .
:s5 tg:about :viele ; tg:measure m:projects ; tg:value 17 .
:programm a tg:FundingProgramme . :runde a tg:FundingProgramme ; dct:isPartOf :programm .
"""
ALL = dict.fromkeys(TABLES, (0, 100))
SHOWN = read_presentation(declarations_of(REPOSITORY))


def known(
    store: EmbeddedStore, rows: dict[str, tuple[int, int]], years: tuple[int, int] = (2018, 2020)
) -> dict[tuple[str, str], RecordCount]:
    return {(one.subject, one.noun): one for one in count_known(store, [source(**rows)], years, SHOWN)}


def test_known_records_stand_against_the_latest_statement() -> None:
    found = known(store_of(GRAPH), ALL)
    partners = found["urn:x:bund", "partners"]
    assert (partners.known, partners.stated, partners.status) == (2, 40, CountStatus.PARTIAL)
    projects = found["urn:x:bund", "projects"]
    assert (projects.known, projects.stated, projects.status) == (1, 1, CountStatus.COMPLETE)
    assert found["urn:x:runde", "undertakings"].known == 1
    assert found["urn:x:programm", "undertakings"].known == 1, "a round is part of its programme"
    assert found["urn:x:programm", "undertakings"].status is CountStatus.NOT_STATED


def test_no_result_is_not_the_same_as_not_collected() -> None:
    found = known(store_of(GRAPH), ALL)
    assert (found["urn:x:leer", "partners"].known, found["urn:x:leer", "partners"].status) == (
        0,
        CountStatus.NO_RESULT,
    )
    named = found["urn:x:viele", "projects"]
    assert (named.known, named.stated, named.status) == (None, 17, CountStatus.NOT_COLLECTED)
    uncollected = known(store_of(GRAPH), {"alliances": (0, 10)})
    assert uncollected["urn:x:leer", "partners"].status is CountStatus.NOT_COLLECTED
    assert uncollected["urn:x:bund", "partners"].known == 2, "what is there is known all the same"


def test_years_within_the_period_have_a_result_and_those_outside_have_none() -> None:
    found = known(store_of(GRAPH), ALL, (2020, 2021))
    assert [found[str(year), "undertakings"].known for year in (2019, 2020, 2021)] == [1, 0, 0]
    assert found["2020", "undertakings"].status is CountStatus.NO_RESULT
    apart = known(store_of(GRAPH), ALL, (2022, 2022))
    assert [apart[str(year), "undertakings"].known for year in (2019, 2020, 2021, 2022)] == [1, None, None, 0]
    undated = known(store_of(GRAPH.replace(' tg:start "2019-10" ;', "")), ALL, (2020, 2021))
    assert [undated[str(year), "undertakings"].known for year in (2020, 2021)] == [0, 0]


def test_rows_stand_against_what_a_source_expects() -> None:
    one = source(projects=(2, 9), labs=(0, 3), aims=(1, 1))
    rows = {(one.name, "projects"): 1, (one.name, "events"): 4}
    found = {k.noun: k for k in count_rows(rows, [one], ["projects", "labs", "aims", "events", "topics"])}
    assert found["projects"].status is CountStatus.PARTIAL
    assert (found["labs"].known, found["labs"].status) == (0, CountStatus.NO_RESULT)
    assert (found["aims"].known, found["aims"].status) == (0, CountStatus.PARTIAL)
    assert (found["events"].known, found["events"].status) == (4, CountStatus.NOT_STATED)
    assert (found["topics"].known, found["topics"].status) == (None, CountStatus.NOT_COLLECTED)


# The same as data.


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[DescribedRelease, list[RecordCount], Path]:
    folder = tmp_path_factory.mktemp("quality")
    workspace = small_workspace(folder / "workspace")
    file = workspace / "data" / "source" / "alliances.csv"
    file.write_text(edited("alliances", "An alliance.", ""), "utf-8")
    release, counts = make_release(folder / "out", workspace)
    return release, counts, folder / "out"


@pytest.fixture(scope="module")
def index(made: tuple[DescribedRelease, list[RecordCount], Path]) -> CatalogueIndex:
    return CatalogueIndex(describe(made[0], made[1]))


def value(index: CatalogueIndex, path: str, predicate: str) -> str | None:
    found = index.values(ox.NamedNode(BASE + path), predicate)
    assert len(found) <= 1
    return found[0].value if found else None


def test_each_measurement_has_metric_dataset_and_dimension(index: CatalogueIndex) -> None:
    measurements = index.instances(DQV + "QualityMeasurement")
    assert len(measurements) > 50
    for measurement in measurements:
        (metric,) = index.nodes(measurement, DQV + "isMeasurementOf")
        (dataset,) = index.nodes(measurement, DQV + "computedOn")
        assert measurement in index.nodes(dataset, DQV + "hasQualityMeasurement")
        (dimension,) = index.nodes(metric, DQV + "inDimension")
        assert len(index.values(dimension, SKOS + "prefLabel")) == 2
        assert len(index.values(metric, SKOS + "definition")) == 2


def test_the_graph_says_how_much_of_an_alliance_is_known(index: CatalogueIndex) -> None:
    path = "alliance/undertaking/recomine/partners"
    assert value(index, f"quality/rows-known/{path}", DQV + "value") == "2"
    assert value(index, f"quality/rows-stated/{path}", DQV + "value") == "40"
    assert value(index, f"quality/share-known/{path}", DQV + "value") == "0.0500"
    assert value(index, f"quality/rows-known/{path}", DCT + "type") == f"{BASE}quality/status/partial"
    assert value(index, f"quality/rows-known/{path}", DCT + "subject") == f"{BASE}undertaking/recomine"


def test_a_gap_has_no_value_and_a_zero_has_one(index: CatalogueIndex) -> None:
    gap = "quality/rows-known/source/source/labs"
    assert value(index, gap, DQV + "value") is None
    assert value(index, gap, DCT + "type") == f"{BASE}quality/status/not-collected"
    year = "quality/rows-known/year/2022/undertakings"
    assert value(index, year, DQV + "value") == "0"
    assert value(index, year, DCT + "type") == f"{BASE}quality/status/no-result"
    assert value(index, year, DCT + "temporal") == "2022"
    assert value(index, "quality/rows-known/year/2019/undertakings", DQV + "value") == "1"


def test_fill_rates_count_the_columns_of_the_tables(index: CatalogueIndex) -> None:
    alliance = "quality/fill-rate/tg-Alliance"
    assert value(index, f"{alliance}/dct-description/de", DQV + "value") == "1.0000"
    assert value(index, f"{alliance}/dct-description/en", DQV + "value") == "0.0000"
    assert value(index, "quality/fill-rate/tg-Organisation/owl-sameAs", DQV + "value") == "0.3333"


def test_findings_are_counted_by_severity(
    made: tuple[DescribedRelease, list[RecordCount], Path], index: CatalogueIndex
) -> None:
    assert made[0].findings == Report()
    for severity in ("violation", "warning", "info"):
        assert value(index, f"quality/findings/{severity}", DQV + "value") == "0"


def test_a_very_large_number_of_alliances_is_cut_and_said_so(
    made: tuple[DescribedRelease, list[RecordCount], Path],
) -> None:
    many = [
        RecordCount("alliance", f"{BASE}undertaking/a{n}", "partners", n, None, Text.same("partners"))
        for n in range(LISTED + 7)
    ]
    found = CatalogueIndex(describe(made[0], many))
    assert value(found, "quality/left-out/all", DQV + "value") == "7"
    assert (
        value(found, f"quality/rows-known/alliance/undertaking/a{LISTED + 6}/partners", DQV + "value")
        is not None
    )
    assert value(found, "quality/rows-known/alliance/undertaking/a6/partners", DQV + "value") is None


def test_void_counts_are_those_of_the_dump(made: tuple[DescribedRelease, list[RecordCount], Path]) -> None:
    release, _, folder = made
    store = ox.Store()
    dump = gzip.decompress((folder / "data" / "graph.nt.gz").read_bytes())
    store.load(dump, format=ox.RdfFormat.N_TRIPLES)
    void = CatalogueIndex(describe_graph(release))
    dataset = ox.NamedNode(BASE + "dataset/graph")
    assert value(void, "dataset/graph", VOID + "triples") == str(len(store))
    rows = store.query("SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s ?p ?o }")
    assert isinstance(rows, ox.QuerySolutions)
    assert value(void, "dataset/graph", VOID + "entities") == next(iter(rows))[0].value
    for predicate, inner, count, query in (
        (
            "classPartition",
            "class",
            "entities",
            "SELECT ?c (COUNT(DISTINCT ?s) AS ?n) { ?s a ?c } GROUP BY ?c",
        ),
        ("propertyPartition", "property", "triples", "SELECT ?p (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?p"),
    ):
        found = {
            first(void, part, VOID + inner): first(void, part, VOID + count)
            for part in void.nodes(dataset, VOID + predicate)
        }
        rows = store.query(query)
        assert isinstance(rows, ox.QuerySolutions)
        assert {row[0].value: row[1].value for row in rows} == found
    within = {
        (first(void, part, VOID + "class"), first(void, inner, VOID + "property")): first(
            void, inner, VOID + "triples"
        )
        for part in void.nodes(dataset, VOID + "classPartition")
        for inner in void.nodes(part, VOID + "propertyPartition")
    }
    rows = store.query("SELECT ?c ?p (COUNT(*) AS ?n) { ?s a ?c ; ?p ?o } GROUP BY ?c ?p")
    assert isinstance(rows, ox.QuerySolutions)
    assert {(row[0].value, row[1].value): row[2].value for row in rows} == within


def first(index: CatalogueIndex, node: ox.NamedNode | ox.BlankNode, predicate: str) -> str:
    found = index.first(node, predicate)
    assert found is not None
    return found.value


def test_void_names_dumps_endpoint_vocabularies_examples_and_links(
    made: tuple[DescribedRelease, list[RecordCount], Path],
) -> None:
    release = made[0]
    void = CatalogueIndex(describe_graph(release))
    dataset = ox.NamedNode(BASE + "dataset/graph")
    assert len(void.nodes(dataset, VOID + "dataDump")) == 5
    assert value(void, "dataset/graph", VOID + "sparqlEndpoint") == "https://data.agency.de/graph/sparql"
    assert value(void, "dataset/graph", VOID + "uriSpace") is None  # it holds vocabularies, too
    assert value(void, "dataset/graph#records", VOID + "uriSpace") == BASE
    assert value(void, "dataset/graph#records", VOID + "entities") == str(release.statistics.own)
    assert TG in {node.value for node in void.nodes(dataset, VOID + "vocabulary")}
    assert all(n.value.startswith(BASE) for n in void.nodes(dataset, VOID + "exampleResource"))
    assert void.nodes(dataset, VOID + "exampleResource")
    (links,) = [node for node in void.instances(VOID + "Linkset") if "#links-ror-" in node.value]
    assert first(void, links, VOID + "triples") == "1"
    assert first(void, links, VOID + "linkPredicate") == OWL + "sameAs"
    assert first(void, links, VOID + "objectsTarget") == "https://ror.org/"
    (document,) = void.instances(VOID + "DatasetDescription")
    assert void.nodes(document, FOAF + "primaryTopic") == [dataset]
