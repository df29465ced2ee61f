"""The SHACL suite of the W3C that lies beside the repository, read from its manifests."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

import rdflib
from rdflib.namespace import RDF
from workspaces import REPOSITORY

from transfergraph.shacl.rdf_terms import turtle_graph

SUITE = REPOSITORY.parent / "shared" / "suites" / "data-shapes" / "data-shapes-test-suite" / "tests"
MISSING = "the SHACL suite is not beside the repository"
MF = rdflib.Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
SH = rdflib.Namespace("http://www.w3.org/ns/shacl#")
SHT = rdflib.Namespace("http://www.w3.org/ns/shacl-test#")


@dataclass(frozen=True)
class ShaclTest:
    """One test: the file that describes it, data and shapes, and the node of the expected report."""

    name: str
    file: Path
    data: Path
    shapes: Path
    result: rdflib.term.Node

    def graph(self, file: Path) -> rdflib.Graph:
        """A file of the test."""
        return read(file)


@cache
def read(file: Path) -> rdflib.Graph:
    """A graph of the suite, its relative IRIs resolved against where it lies, literals as they are written."""
    return turtle_graph(file.read_bytes(), file.as_uri())


def shacl_tests() -> Iterator[ShaclTest]:
    """The tests of all files; the manifests above them leave one out (``component/nodeValidator-001``)."""
    for file in sorted(SUITE.rglob("*.ttl")):
        graph = read(file)
        for entry in graph.subjects(RDF.type, SHT.Validate):
            action, result = graph.value(entry, MF.action), graph.value(entry, MF.result)
            data, shapes = graph.value(action, SHT.dataGraph), graph.value(action, SHT.shapesGraph)
            assert data is not None and shapes is not None and result is not None
            name = file.relative_to(SUITE).as_posix().removesuffix(".ttl")
            yield ShaclTest(name, file, _file(data), _file(shapes), result)


def _file(node: rdflib.term.Node) -> Path:
    return Path(unquote(urlsplit(str(node)).path))
