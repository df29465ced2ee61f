"""pySHACL, the reference engine: validates the shapes that are not compiled, on a copy of the data."""

from __future__ import annotations

import warnings
from collections.abc import Collection, Iterable, Iterator
from importlib import import_module
from pathlib import Path

import pyoxigraph as ox
import rdflib
from pyoxigraph import BlankNode, NamedNode
from rdflib.namespace import OWL, RDF, RDFS
from rdflib.term import Node

from transfergraph.common.files import ScratchFolder
from transfergraph.common.namespaces import SH
from transfergraph.common.process_endings import Ending
from transfergraph.common.processes import ProcessCall, QueryLimits
from transfergraph.common.property_paths import Predicate
from transfergraph.common.sandbox import limit_memory
from transfergraph.common.text import Text
from transfergraph.errors import QueryStopped, WorkspaceError
from transfergraph.messages import explained
from transfergraph.shacl.rdf_terms import from_rdflib, to_rdflib
from transfergraph.shacl.shape_model import Shape, Shapes
from transfergraph.shacl.shape_nodes import TARGETS, ShapeNode
from transfergraph.shacl.validation_result import Result
from transfergraph.store import Store, Term

Triple = tuple[Term, Term, Term]


def copy_of(store: Store) -> rdflib.Graph:
    """The triples of all named graphs as one rdflib graph; all of it is held in memory."""
    return _graph_of(_triples(store))


def validate_with_pyshacl(data: rdflib.Graph, shapes: Shapes, only: Collection[Term]) -> list[Result]:
    """The results of pySHACL for the shapes with targets that are in ``only``.

    Raises :class:`~transfergraph.errors.WorkspaceError` when pySHACL refuses the shapes.
    """
    return list(_results(_report(data, _only(only, shapes)), shapes))


def validate_within(
    limits: QueryLimits, store: Store, shapes: Shapes, only: Collection[Term]
) -> list[Result]:
    """The same of the data of a store, in a process that ends when these shapes take more than that.

    Then :class:`~transfergraph.errors.WorkspaceError` names them.
    """
    try:
        with ScratchFolder() as folder:
            data = Path(folder) / "data.nt"
            with data.open("w", encoding="utf-8") as lines:
                lines.writelines(f"{s} {p} {o} .\n" for s, p, o in _triples(store))
            with ProcessCall(
                Path(folder), _report_of_file, limits, data, _only(only, shapes), limits=limits
            ) as call:
                return list(_results(call.result(), shapes))
    except QueryStopped as stopped:
        told = {"shapes": ", ".join(sorted(str(term) for term in only))}
        raise WorkspaceError(_why(Ending(stopped.cause), limits, told)) from stopped


def _why(end: Ending, limits: QueryLimits, told: dict[str, str]) -> Text:
    match end:
        case Ending.TIME:
            return explained("error.shapes.pyshacl.time", **told, seconds=limits.seconds)
        case Ending.MEMORY:
            return explained("error.shapes.pyshacl.memory", **told, megabytes=limits.megabytes)
    return explained("error.shapes.pyshacl.ended", **told)


def _triples(store: Store) -> Iterator[Triple]:
    for subject, predicate, value in store.select("SELECT ?s ?p ?o WHERE { ?s ?p ?o }").rows:
        assert subject is not None and predicate is not None and value is not None
        yield subject, predicate, value


def _graph_of(triples: Iterable[Triple]) -> rdflib.Graph:
    graph = rdflib.Graph()
    for subject, predicate, value in triples:
        graph.add((to_rdflib(subject), to_rdflib(predicate), to_rdflib(value)))
    return graph


def _only(only: Collection[Term], shapes: Shapes) -> rdflib.Graph:
    """The shapes graph in which no other shapes have targets."""
    return _without_targets(shapes.graph, [s for s in shapes.with_targets() if s.term not in only])


def _report_of_file(limits: QueryLimits, data: Path, shapes: rdflib.Graph) -> rdflib.Graph:
    import_module("pyshacl")  # before the memory is limited
    limit_memory(limits.megabytes, for_good=False)
    try:
        quads = ox.parse(path=data, format=ox.RdfFormat.N_TRIPLES, lenient=True)  # keeps names of blank nodes
        return _report(_graph_of((quad.subject, quad.predicate, quad.object) for quad in quads), shapes)
    finally:
        limit_memory(None)  # what is told of it needs some


def _report(data: rdflib.Graph, shapes: rdflib.Graph) -> rdflib.Graph:
    import pyshacl  # slow to load, and seldom needed

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # recursion: the shape is named among those handed over
        try:
            _, report, _ = pyshacl.validate(data, shacl_graph=shapes, advanced=True, inference="none")
        except MemoryError:
            raise
        except Exception as error:  # of any kind: also those of rdflib and of pyparsing
            raise WorkspaceError(explained("error.shapes.pyshacl", error=error)) from error
    if isinstance(report, MemoryError):
        raise report
    if not isinstance(report, rdflib.Graph):
        raise WorkspaceError(explained("error.shapes.pyshacl", error=report))
    return report


def _without_targets(graph: rdflib.Graph, silenced: list[Shape]) -> rdflib.Graph:
    reduced = rdflib.Graph()
    for prefix, namespace in graph.namespaces():
        reduced.bind(prefix, namespace)
    reduced += graph
    for shape in silenced:
        node = to_rdflib(shape.term)
        for name in TARGETS:
            reduced.remove((node, rdflib.URIRef(SH + name), None))
        for kind in (OWL.Class, RDFS.Class):
            reduced.remove((node, RDF.type, kind))
    return reduced


def _results(report: rdflib.Graph, shapes: Shapes) -> Iterator[Result]:
    for node in report.objects(None, rdflib.URIRef(SH + "result")):
        if (None, rdflib.URIRef(SH + "detail"), node) not in report:
            yield _result(ShapeNode(report, node), shapes)


def _result(node: ShapeNode, shapes: Shapes) -> Result:
    def term(name: str) -> Term | None:
        value = node.value(name)
        return None if value is None else from_rdflib(value)

    focus, shape, path = term("focusNode"), term("sourceShape"), term("resultPath")
    assert focus is not None and shape is not None
    if isinstance(path, BlankNode):
        own = shapes.by_term[shape].path  # the report has only a copy of a path of several steps
    else:
        own = Predicate(path) if isinstance(path, NamedNode) else None
    return Result(
        focus=focus,
        path=own,
        value=term("value"),
        shape=shape,
        constraint=term("sourceConstraint"),
        component=_iri(node, "sourceConstraintComponent"),
        severity=_iri(node, "resultSeverity"),
        messages=node.texts("resultMessage"),
    )


def _iri(node: ShapeNode, name: str) -> NamedNode:
    value: Node | None = node.value(name)
    assert value is not None
    return node.iri(name, value)
