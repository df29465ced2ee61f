"""The validation cases in ``tests/shacl``: data, shapes and expected results in one TriG file each.

The default graph is the data, ``ex:shapes`` the shapes and ``ex:results`` the expected results in the
vocabulary of SHACL, where a missing severity means sh:Violation. Focus nodes are named ``ex:valid...``
and ``ex:invalid...``. ``ex:pyshacl`` says, in a file where pySHACL answers otherwise, why.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox
import rdflib

from transfergraph.common.namespaces import SH
from transfergraph.shacl import Result, path_text
from transfergraph.shacl.rdf_terms import from_rdflib, to_rdflib
from transfergraph.shacl.shape_nodes import read_path
from transfergraph.store.embedded import EmbeddedStore

FOLDER = Path(__file__).parent / "shacl"
FILES = sorted(FOLDER.glob("*.trig"))
EX = "http://example.org/"

Row = tuple[str, ...]


@dataclass(frozen=True)
class Case:
    data: list[ox.Quad]
    shapes: rdflib.Graph
    results: rdflib.Graph
    deviation: str | None

    def store(self) -> EmbeddedStore:
        return store_of(self.data)

    def data_graph(self) -> rdflib.Graph:
        """The data for pySHACL, as it was written."""
        return graph_of(self.data)

    def expected(self) -> list[Row]:
        """Focus node, path, value, shape, component and severity of each expected result."""
        rows = []
        for node in set(self.results.subjects(rdflib.URIRef(SH + "focusNode"))):

            def value(name: str, node: rdflib.term.Node = node) -> rdflib.term.Node | None:
                return self.results.value(node, rdflib.URIRef(SH + name))

            path = value("resultPath")
            rows.append(
                (
                    shown(value("focusNode")),
                    "" if path is None else path_text(read_path(self.results, path)),
                    shown(value("value")),
                    shown(value("sourceShape")),
                    shown(value("sourceConstraintComponent")),
                    shown(value("resultSeverity") or rdflib.URIRef(SH + "Violation")),
                )
            )
        return sorted(rows)


def load(file: Path) -> Case:
    graphs: dict[str, list[ox.Quad]] = {"": [], EX + "shapes": [], EX + "results": [], EX + "pyshacl": []}
    for quad in ox.parse(file.read_bytes(), format=ox.RdfFormat.TRIG):
        graphs[quad.graph_name.value if isinstance(quad.graph_name, ox.NamedNode) else ""].append(quad)
    notes = [quad.object.value for quad in graphs[EX + "pyshacl"] if isinstance(quad.object, ox.Literal)]
    return Case(
        data=graphs[""],
        shapes=graph_of(graphs[EX + "shapes"]),
        results=graph_of(graphs[EX + "results"]),
        deviation=notes[0] if notes else None,
    )


def graph_of(quads: list[ox.Quad]) -> rdflib.Graph:
    graph = rdflib.Graph()
    for quad in quads:
        assert not isinstance(quad.subject, ox.Triple) and not isinstance(quad.object, ox.Triple)
        graph.add((to_rdflib(quad.subject), to_rdflib(quad.predicate), to_rdflib(quad.object)))
    return graph


def store_of(quads: list[ox.Quad]) -> EmbeddedStore:
    """A store with these triples in two named graphs, every third triple in both."""
    store = ox.Store()
    for i, quad in enumerate(quads):
        for name in ("one", "two") if i % 3 == 0 else ("one",):
            store.add(ox.Quad(quad.subject, quad.predicate, quad.object, ox.NamedNode(f"{EX}graph/{name}")))
    return EmbeddedStore(store)


def shown(term: rdflib.term.Node | None) -> str:
    """The term as a store would give it back: some literals are rewritten there."""
    return "" if term is None else as_stored(from_rdflib(term))


def as_stored(term: ox.NamedNode | ox.BlankNode | ox.Literal) -> str:
    if not isinstance(term, ox.Literal):
        return str(term)
    store = ox.Store()
    store.add(ox.Quad(ox.NamedNode(EX), ox.NamedNode(EX), term))
    return str(next(iter(store)).object)


def row(result: Result) -> Row:
    value = "" if result.value is None else as_stored(result.value)
    return (
        as_stored(result.focus),
        result.path_text or "",
        value,
        str(result.shape),
        str(result.component),
        str(result.severity),
    )
