"""The official shapes and tables for catalogues, where they lie beside the repository."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pyoxigraph as ox
import pyshacl
import pytest
import rdflib
from rdflib.namespace import RDF

DCAT = Path(__file__).resolve().parent.parent.parent / "shared" / "dcat"
SH = rdflib.Namespace("http://www.w3.org/ns/shacl#")

needs_official_shapes = pytest.mark.skipif(
    not DCAT.is_dir(), reason="the official shapes are not beside the repository (../shared/dcat)"
)

SETS = {
    "shapes": "dcat-ap-3.0.1/shapes.ttl",
    "recommended": "dcat-ap-3.0.1/shapes_recommended.ttl",
    "range": "dcat-ap-3.0.1/range.ttl",
    "full": "dcat-ap-3.0.1/dcat-ap-SHACL.ttl",
    "vocabularies": "dcat-ap-3.0.1/mdr-vocabularies.shape.ttl",
    "deprecated": "dcat-ap-3.0.1/deprecateduris.ttl",
    "german": "dcat-ap-de-3.0/dcat-ap-spec-german-additions.ttl",
    "german-deprecated": "dcat-ap-de-3.0/dcat-ap-de-deprecated.ttl",
    "german-vocabularies": "dcat-ap-de-3.0/dcat-ap-de-controlledvocabularies.ttl",
    "conventions": "dcat-ap-de-2.0/dcat-ap-konventionen.ttl",
    "govdata": "govdata-mqa/db-shapes.ttl",
}


class Result(NamedTuple):
    """A validation result; ``severity`` and ``shape`` are local names, a path without IRI is empty."""

    severity: str
    focus: str
    path: str
    value: str
    shape: str


@cache
def official(name: str) -> rdflib.Graph:
    """A shapes graph without references to shapes that it does not have.

    ``dcat-ap-SHACL.ttl`` of 3.0.1 refers to two property shapes that are missing from it; pySHACL refuses
    such a file.
    """
    graph = rdflib.Graph().parse(DCAT / "shacl" / SETS[name])
    for shape, part in list(graph.subject_objects(SH.property)):
        if (part, None, None) not in graph:
            graph.remove((shape, SH.property, part))
    return graph


@cache
def german_lists() -> rdflib.Graph:
    """The German lists of licences and contributors, which GovData loads beside its shapes."""
    graph = rdflib.Graph()
    for name in ("licenses", "contributors"):
        graph.parse(DCAT / "vocab" / f"dcat-ap-de-{name}.rdf")
    return graph


@cache
def concepts() -> frozenset[str]:
    """The IRIs of all concepts in the tables."""
    graph = rdflib.Graph().parse(DCAT / "vocab" / "eu-authority-slim.ttl") + german_lists()
    graph.parse(DCAT / "vocab" / "dcat-ap-de-geocoding.ttl")
    graph.parse(DCAT / "vocab" / "spdx-checksum-algorithms.ttl")
    return frozenset(str(subject) for subject in graph.subjects(RDF.type, None))


def as_rdflib(triples: Iterable[ox.Triple]) -> rdflib.Graph:
    """The same triples in rdflib, with every literal as it was written."""
    data = ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES)
    assert data is not None
    rdflib.NORMALIZE_LITERALS = False
    return rdflib.Graph().parse(data=data.decode(), format="nt")


def results(data: rdflib.Graph, name: str) -> list[Result]:
    """What an official shapes graph finds in a catalogue."""
    if name == "govdata":
        data = data + german_lists()
    _, report, _ = pyshacl.validate(data, shacl_graph=official(name), inference="none", advanced=False)
    assert isinstance(report, rdflib.Graph)
    top = set(report.objects(None, SH.result))
    return sorted(_result(report, node) for node in top)


def _result(report: rdflib.Graph, node: rdflib.term.Node) -> Result:
    def value(name: str) -> str:
        found = report.value(node, SH[name])
        return str(found) if isinstance(found, rdflib.URIRef | rdflib.Literal) else ""

    return Result(
        _local(value("resultSeverity")),
        value("focusNode"),
        value("resultPath"),
        value("value"),
        _local(value("sourceShape")),
    )


def _local(iri: str) -> str:
    return iri.rpartition("#")[2].rpartition("/")[2]
