"""A second scorer of metadata quality, written from the definition of the methods alone, with rdflib.

The definition is ``../shared/dcat``: section 6 of its notes (weights), section 5 (formats), and the code tables.
Nothing here comes from the package. Addresses are not asked: what they would give is no part of the points.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache

import rdflib
from official_shapes import DCAT as FOLDER
from official_shapes import SH, official
from pyshacl import validate
from rdflib.namespace import DCAT, DCTERMS, FOAF, RDF, RDFS
from rdflib.term import Node

ADMS = rdflib.Namespace("http://www.w3.org/ns/adms#")
DCATAP = rdflib.Namespace("http://data.europa.eu/r5r/")
EU = "http://publications.europa.eu/resource/authority/"
MEDIA_TYPES = "www.iana.org/assignments/media-types/"
MACHINE_READABLE = {
    *("CSV", "JSON", "GEOJSON", "JSON_LD", "XML", "RDF_TURTLE", "RDF_N_TRIPLES", "RDF_N_QUADS", "RDF_TRIG"),
    *("RDF_XML", "XLS", "XLSX", "SHP"),
}
NON_PROPRIETARY = {
    *("CSV", "JSON", "GEOJSON", "JSON_LD", "XML", "RDF_TURTLE", "RDF_N_TRIPLES", "RDF_N_QUADS", "RDF_TRIG"),
    *("RDF_XML", "HTML", "TXT", "ZIP", "TSV", "WMS_SRVC"),
}

Test = Callable[[rdflib.Graph, Node], bool]


@cache
def table() -> frozenset[str]:
    """The IRIs of all entries of the EU tables."""
    graph = rdflib.Graph().parse(FOLDER / "vocab" / "eu-authority-slim.ttl")
    return frozenset(str(subject) for subject in graph.subjects(RDF.type, None))


@cache
def media_types() -> frozenset[str]:
    text = (FOLDER / "vocab" / "iana-media-types.txt").read_text("utf-8")
    return frozenset(line.strip().lower() for line in text.splitlines())


@cache
def ontologies() -> rdflib.Graph:
    """What FOAF, vCard and the organisation ontology say of their classes."""
    graph = rdflib.Graph()
    for name in ("foaf_0_1.rdf", "vcard.ttl", "org.ttl"):
        graph.parse(FOLDER / "ontologies" / name)
    below = rdflib.Graph()
    for triple in graph.triples((None, RDFS.subClassOf, None)):
        below.add(triple)
    return below


def has(*path: rdflib.URIRef) -> Test:
    """Whether there is any value."""
    return lambda graph, node: any(graph.value(node, one) is not None for one in path)


def of_table(path: rdflib.URIRef, name: str) -> Test:
    """Whether a value is an entry of an EU table."""
    return lambda graph, node: any(
        isinstance(one, rdflib.URIRef) and str(one).startswith(f"{EU}{name}/") and str(one) in table()
        for one in graph.objects(node, path)
    )


def of_iana(graph: rdflib.Graph, node: Node) -> bool:
    """Whether a media type is one of the registry."""
    found = (str(one) for one in graph.objects(node, DCAT.mediaType) if isinstance(one, rdflib.URIRef))
    return any(MEDIA_TYPES in one and one.partition(MEDIA_TYPES)[2].lower() in media_types() for one in found)


def in_codes(codes: set[str]) -> Test:
    """Whether a format is one of these codes of the EU table."""
    return lambda graph, node: any(
        str(one).removeprefix(f"{EU}file-type/") in codes
        for one in graph.objects(node, DCTERMS.format)
        if str(one).startswith(f"{EU}file-type/")
    )


def known_licence(graph: rdflib.Graph, node: Node) -> bool:
    """Whether a licence is in the EU table or the German list, or is a page of Creative Commons."""
    for one in graph.objects(node, DCTERMS.license):
        value = str(one)
        if isinstance(one, rdflib.URIRef) and (
            (value.startswith(f"{EU}licence/") and value in table())
            or value.startswith("http://dcat-ap.de/def/licenses/")
            or value.startswith("https://creativecommons.org/")
        ):
            return True
    return False


def both(*tests: Test) -> Test:
    return lambda graph, node: all(test(graph, node) for test in tests)


OLD_DATASET: list[tuple[float, Test]] = [
    (30, has(DCAT.keyword)), (30, has(DCAT.theme)), (20, has(DCTERMS.spatial)), (20, has(DCTERMS.temporal)),
    (20, has(DCAT.contactPoint)), (10, has(DCTERMS.publisher)), (10, has(DCTERMS.accessRights)),
    (5, of_table(DCTERMS.accessRights, "access-right")),
]  # fmt: skip
OLD_DISTRIBUTION: list[tuple[float, Test]] = [
    (20, has(DCAT.downloadURL)), (20, has(DCTERMS.format)), (10, has(DCAT.mediaType)),
    (10, both(of_table(DCTERMS.format, "file-type"), of_iana)),
    (20, in_codes(NON_PROPRIETARY)), (20, in_codes(MACHINE_READABLE)), (20, has(DCTERMS.license)),
    (10, known_licence), (5, has(DCTERMS.rights)), (5, has(DCAT.byteSize)),
]  # fmt: skip
NEW_DATASET: list[tuple[float, Test]] = [
    (1, has(DCTERMS.title)), (1, has(DCTERMS.description)),
    *((0.5, has(path)) for path in (DCTERMS.spatial, DCTERMS.temporal, DCAT.theme, DCAT.keyword, DCAT.contactPoint,
      DCTERMS.publisher)),
    *((0.25, has(path)) for path in (DCTERMS.issued, DCTERMS.modified, DCTERMS.relation, DCATAP.applicableLegislation,
      DCTERMS.identifier, ADMS.identifier, DCAT.landingPage, DCTERMS.provenance, DCTERMS.accessRights)),
    (0.25, of_table(DCTERMS.accessRights, "access-right")),
]  # fmt: skip
NEW_DISTRIBUTION: list[tuple[float, Test]] = [
    (1, has(DCAT.accessURL)), (0.5, has(DCTERMS.description)), (0.5, has(DCTERMS.format)),
    (0.5, of_table(DCTERMS.format, "file-type")), (0.5, in_codes(MACHINE_READABLE)), (0.5, in_codes(NON_PROPRIETARY)),
    (0.5, has(DCTERMS.license)), (0.5, known_licence),
    *((0.25, has(path)) for path in (DCAT.downloadURL, DCAT.mediaType, DCAT.byteSize, DCTERMS.title, DCTERMS.issued,
      DCTERMS.modified, DCTERMS.rights, FOAF.page, ADMS.status)),
    (0.25, of_iana),
]  # fmt: skip


@dataclass(frozen=True)
class Points:
    """The points of a catalogue by both methods, without those for answering addresses."""

    old: float
    new: float


def score(graph: rdflib.Graph) -> Points:
    """The mean of the datasets of a catalogue."""
    faulty = _violating(graph)
    old, new = [], []
    for dataset in set(graph.subjects(RDF.type, DCAT.Dataset)):
        distributions = list(graph.objects(dataset, DCAT.distribution))
        dated = [*OLD_DATASET, *((5.0, _dated(path)) for path in (DCTERMS.issued, DCTERMS.modified))]
        best = max((_sum(graph, one, OLD_DISTRIBUTION) for one in distributions), default=0.0)
        complies = not _reached(graph, dataset) & faulty
        old.append(_sum(graph, dataset, dated) + best + 30 * complies)
        groups = [_sum(graph, dataset, NEW_DATASET)]
        if distributions:
            groups.append(_mean([_sum(graph, one, NEW_DISTRIBUTION) for one in distributions]))
        new.append(_mean(groups))
    return Points(_mean(old), _mean(new))


def _dated(path: rdflib.URIRef) -> Test:
    """A date of the dataset, or of one of its distributions."""
    return lambda graph, node: any(
        graph.value(one, path) is not None for one in (node, *graph.objects(node, DCAT.distribution))
    )


def _sum(graph: rdflib.Graph, node: Node, metrics: Iterable[tuple[float, Test]]) -> float:
    return sum(weight for weight, test in metrics if test(graph, node))


def _mean(values: list[float]) -> float:
    return sum(values) / len(values) if values else 0.0


def _violating(graph: rdflib.Graph) -> set[Node]:
    """The nodes with a violation of the official shapes of DCAT-AP.

    As the validators of the portals do, the ontologies beside the shapes are read: an organisation is an agent.
    """
    _, report, _ = validate(
        graph, shacl_graph=official("shapes"), ont_graph=ontologies(), inference="none", advanced=False
    )
    assert isinstance(report, rdflib.Graph)
    violations = report.subjects(SH.resultSeverity, SH.Violation)
    return {focus for one in violations for focus in report.objects(one, SH.focusNode)}


def _reached(graph: rdflib.Graph, dataset: Node) -> set[Node]:
    """The dataset and what describes it, other datasets, services and catalogues apart."""
    ends = {
        node
        for kind in (DCAT.Dataset, DCAT.DataService, DCAT.Catalog)
        for node in graph.subjects(RDF.type, kind)
    }
    seen, waiting = {dataset}, [dataset]
    while waiting:
        for value in graph.objects(waiting.pop(), None):
            if not isinstance(value, rdflib.Literal) and value not in seen and value not in ends:
                seen.add(value)
                waiting.append(value)
    return seen
