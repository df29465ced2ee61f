"""From a shapes graph to frozen values; what is not well formed is refused by name."""

from __future__ import annotations

import rdflib
from pyoxigraph import NamedNode
from rdflib.namespace import OWL, RDF, RDFS
from rdflib.term import Node

from transfergraph.common.namespaces import SH
from transfergraph.errors import WorkspaceError
from transfergraph.findings import Severity
from transfergraph.messages import explained
from transfergraph.shacl.constraints import read_constraints
from transfergraph.shacl.rdf_terms import from_rdflib, to_rdflib, with_lasting_labels
from transfergraph.shacl.shape_model import (
    Constraint,
    Logical,
    Not,
    Property,
    Qualified,
    Shape,
    Shapes,
    Targets,
)
from transfergraph.shacl.shape_model import Node as NodeConstraint
from transfergraph.shacl.shape_nodes import TARGETS, ShapeNode, read_path
from transfergraph.store import Term

_SHAPE_CLASSES = (rdflib.URIRef(SH + "NodeShape"), rdflib.URIRef(SH + "PropertyShape"))


def read_shapes(graph: rdflib.Graph) -> Shapes:
    """The shapes of a shapes graph: those with a target, and all that these refer to.

    Raises :class:`~transfergraph.errors.WorkspaceError` where the shapes graph is not well formed
    (SHACL, appendix A), or has a property of the SHACL namespace that SHACL does not know.
    """
    for part in {node for triple in graph for node in triple}:
        from_rdflib(part)  # raises for what rdflib takes and neither writes nor compares
    try:
        graph = with_lasting_labels(graph)
    except RecursionError:
        raise WorkspaceError(explained("error.shapes.nested")) from None
    found: dict[Term, Shape] = {}
    todo = sorted(_starting_points(graph), key=lambda node: node.n3())
    while todo:
        node = todo.pop(0)
        term = from_rdflib(node)
        if term not in found:
            found[term] = _read_shape(ShapeNode(graph, node))
            todo += [to_rdflib(other) for c in found[term].constraints for other in referred_shapes(c)]
    return Shapes(dict(sorted(found.items(), key=lambda item: str(item[0]))), graph)


def referred_shapes(constraint: Constraint) -> tuple[Term, ...]:
    """The shapes that a constraint tests nodes against."""
    match constraint:
        case Not(shape) | NodeConstraint(shape) | Property(shape):
            return (shape,)
        case Logical(_, shapes):
            return shapes
        case Qualified(_, _, shape, siblings):
            return (shape, *siblings)
        case _:
            return ()


def _starting_points(graph: rdflib.Graph) -> set[Node]:
    explicit = {s for name in TARGETS for s in graph.subjects(rdflib.URIRef(SH + name))}
    typed = {shape for kind in _SHAPE_CLASSES for shape in graph.subjects(RDF.type, kind)}
    return explicit | {shape for shape in typed if _is_class(graph, shape)}


def _is_class(graph: rdflib.Graph, node: Node) -> bool:
    """Whether the node is an ``rdfs:Class``; ``owl:Class`` is a subclass of it by OWL's own definition."""
    for kind in graph.objects(node, RDF.type):
        if kind == OWL.Class or RDFS.Class in graph.transitive_objects(kind, RDFS.subClassOf):
            return True
    return False


def _read_shape(node: ShapeNode) -> Shape:
    path = node.value("path")
    deactivated = node.is_true("deactivated")
    return Shape(
        term=from_rdflib(node.node),
        path=None if path is None else read_path(node.graph, path),
        targets=_read_targets(node),
        severity=_read_severity(node),
        messages=node.texts("message"),
        deactivated=deactivated,
        constraints=() if deactivated else read_constraints(node),
    )


def _read_targets(node: ShapeNode) -> Targets:
    classes = set(node.iris("targetClass"))
    term = from_rdflib(node.node)
    is_shape = any((node.node, RDF.type, kind) in node.graph for kind in _SHAPE_CLASSES)
    if isinstance(term, NamedNode) and is_shape and _is_class(node.graph, node.node):
        classes.add(term)
    return Targets(
        nodes=node.terms("targetNode"),
        classes=tuple(sorted(classes, key=lambda iri: iri.value)),
        subjects_of=node.iris("targetSubjectsOf"),
        objects_of=node.iris("targetObjectsOf"),
        not_compiled=("sh:target",) if node.values("target") else (),
    )


def _read_severity(node: ShapeNode) -> NamedNode:
    value = node.value("severity")
    return NamedNode(Severity.VIOLATION.value) if value is None else node.iri("severity", value)
