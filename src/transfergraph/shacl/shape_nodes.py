"""Reading values, lists and paths of a shapes graph, each with a clear refusal of what is not well formed."""

from __future__ import annotations

import rdflib
from pyoxigraph import Literal, NamedNode
from rdflib.namespace import RDF, XSD
from rdflib.term import Node

from transfergraph.common.namespaces import SH
from transfergraph.common.property_paths import (
    REPETITIONS,
    Alternative,
    Inverse,
    Path,
    Predicate,
    Repeated,
    Sequence,
)
from transfergraph.common.text import Text
from transfergraph.errors import WorkspaceError
from transfergraph.messages import explained
from transfergraph.shacl.rdf_terms import from_rdflib
from transfergraph.store import Term

TARGETS = ("targetNode", "targetClass", "targetSubjectsOf", "targetObjectsOf", "target")
"""Properties that state where a shape applies (SHACL section 2.1.3; ``sh:target`` is of SHACL-AF)."""


class ShapeNode:
    """A node of a shapes graph, seen as the subject of SHACL properties (given without ``sh:``)."""

    def __init__(self, graph: rdflib.Graph, node: Node) -> None:
        self.graph = graph
        self.node = node

    def refuse(self, what: Text) -> WorkspaceError:
        """The error that says what is wrong with this node."""
        return WorkspaceError(explained("error.shapes.node", node=self.node.n3(), what=what))

    def at(self, node: Node) -> ShapeNode:
        """Another node of the same graph."""
        return ShapeNode(self.graph, node)

    def values(self, name: str) -> list[Node]:
        """All values, in stable order."""
        return sorted(self.graph.objects(self.node, rdflib.URIRef(SH + name), unique=True), key=_order)

    def value(self, name: str) -> Node | None:
        """The value, or None; several are refused."""
        values = self.values(name)
        if len(values) > 1:
            raise self.refuse(explained("error.shapes.several", name=name, count=len(values)))
        return values[0] if values else None

    def terms(self, name: str) -> tuple[Term, ...]:
        """All values as terms."""
        return tuple(from_rdflib(value) for value in self.values(name))

    def iris(self, name: str) -> tuple[NamedNode, ...]:
        """All values, each of which must be an IRI."""
        return tuple(self.iri(name, value) for value in self.values(name))

    def iri(self, name: str, value: Node) -> NamedNode:
        """This value of the property, which must be an IRI."""
        term = from_rdflib(value)
        if not isinstance(term, NamedNode):
            raise self.refuse(explained("error.shapes.not-iri", name=name, value=value.n3()))
        return term

    def integer(self, name: str) -> int | None:
        """The value as a whole number from 0 on, or None when there is none."""
        value = self.value(name)
        if value is None:
            return None
        if isinstance(value, rdflib.Literal) and value.datatype == XSD.integer and str(value).isdecimal():
            return int(str(value))
        raise self.refuse(explained("error.shapes.not-integer", name=name, value=value.n3()))

    def is_true(self, name: str) -> bool:
        """Whether the value is ``true``; any other value counts as false, as SHACL has it."""
        value = self.value(name)
        return isinstance(value, rdflib.Literal) and value.datatype == XSD.boolean and str(value) == "true"

    def text(self, name: str) -> str | None:
        """The value as a string, or None when there is none."""
        value = self.value(name)
        if value is None:
            return None
        if isinstance(value, rdflib.Literal) and value.datatype in (None, XSD.string) and not value.language:
            return str(value)
        raise self.refuse(explained("error.shapes.not-string", name=name, value=value.n3()))

    def texts(self, name: str) -> tuple[Literal, ...]:
        """All values, which must be strings with or without a language."""
        literals = []
        for value in self.values(name):
            term = from_rdflib(value)
            if not isinstance(term, Literal) or (
                not term.language and term.datatype.value != XSD.string.toPython()
            ):
                raise self.refuse(explained("error.shapes.not-text", name=name, value=value.n3()))
            literals.append(term)
        return tuple(sorted(literals, key=lambda literal: (literal.language or "", literal.value)))

    def members(self, name: str, head: Node) -> list[Node]:
        """The members of the RDF list that is this value of the property."""
        members = _members(self.graph, head)
        if members is None:
            raise self.refuse(explained("error.shapes.not-list", name=name))
        return members


def _members(graph: rdflib.Graph, head: Node) -> list[Node] | None:
    """The members of an RDF list; None when it is not well formed (SHACL section 1.4)."""
    members: dict[Node, Node] = {}
    cell = head
    while cell != RDF.nil:
        firsts, rests = list(graph.objects(cell, RDF.first)), list(graph.objects(cell, RDF.rest))
        if len(firsts) != 1 or len(rests) != 1 or cell in members:
            return None
        members[cell], cell = firsts[0], rests[0]
    return list(members.values())


def _order(node: Node) -> str:
    return node.n3()


def read_path(graph: rdflib.Graph, node: Node, outer: tuple[Node, ...] = ()) -> Path:
    """The path that a node of a shapes graph stands for (SHACL section 2.3.1).

    ``outer`` are the nodes of the path that this one is inside of.
    Raises :class:`~transfergraph.errors.WorkspaceError` when it is none of the forms of SHACL.
    """
    if isinstance(node, rdflib.URIRef):
        iri = from_rdflib(node)
        assert isinstance(iri, NamedNode)
        return Predicate(iri)
    if node in outer or not isinstance(node, rdflib.BNode):
        raise WorkspaceError(explained("error.shapes.path-part", node=node.n3()))
    outer = (*outer, node)
    if (node, RDF.first, None) in graph:
        return Sequence(_path_members(graph, node, outer))
    forms = [
        (str(predicate).removeprefix(SH), value)
        for predicate, value in graph.predicate_objects(node)
        if str(predicate).startswith(SH)
    ]
    match forms:
        case [("inversePath", value)]:
            return Inverse(read_path(graph, value, outer))
        case [("alternativePath", value)]:
            return Alternative(_path_members(graph, value, outer))
        case [(form, value)] if form in REPETITIONS:
            return Repeated(read_path(graph, value, outer), REPETITIONS[form])
    names = ", ".join(sorted("sh:" + form for form, _ in forms)) or "nothing of SHACL"
    raise WorkspaceError(explained("error.shapes.path-node", names=names))


def _path_members(graph: rdflib.Graph, head: Node, outer: tuple[Node, ...]) -> tuple[Path, ...]:
    members = _members(graph, head)
    if members is None:
        raise WorkspaceError(explained("error.shapes.path-no-list"))
    if len(members) < 2:
        raise WorkspaceError(explained("error.shapes.path-short-list"))
    return tuple(read_path(graph, member, outer) for member in members)
