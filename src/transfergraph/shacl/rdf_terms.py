"""Terms of rdflib and of pyoxigraph, one into the other, and blank nodes with lasting labels."""

from __future__ import annotations

import hashlib

import pyoxigraph as ox
import rdflib
from pyoxigraph import BlankNode, Literal, NamedNode
from rdflib.namespace import RDF as RDFNS
from rdflib.term import Node

from transfergraph.common.namespaces import XSD
from transfergraph.errors import WorkspaceError
from transfergraph.messages import explained
from transfergraph.store import Term


def from_rdflib(node: Node) -> Term:
    """The same term as a value of pyoxigraph; a literal keeps the lexical form that rdflib holds."""
    if isinstance(node, rdflib.URIRef):
        try:
            return NamedNode(str(node))
        except ValueError as error:
            raise WorkspaceError(explained("error.shapes.iri", node=node, error=error)) from error
    if isinstance(node, rdflib.BNode):
        return BlankNode(str(node))
    if isinstance(node, rdflib.Literal):
        try:
            if node.language:
                return Literal(str(node), language=node.language)
            return Literal(str(node), datatype=NamedNode(str(node.datatype)) if node.datatype else None)
        except ValueError as error:
            raise WorkspaceError(explained("error.shapes.literal", node=node.n3(), error=error)) from error
    raise WorkspaceError(explained("error.shapes.term", node=node))


def to_rdflib(term: Term) -> rdflib.URIRef | rdflib.BNode | rdflib.Literal:
    """The same term as a value of rdflib, its lexical form untouched."""
    if isinstance(term, NamedNode):
        return rdflib.URIRef(term.value)
    if isinstance(term, BlankNode):
        return rdflib.BNode(term.value)
    if term.language:
        return rdflib.Literal(term.value, lang=term.language)
    if term.datatype.value == XSD + "string":
        return rdflib.Literal(term.value)
    return rdflib.Literal(term.value, datatype=rdflib.URIRef(term.datatype.value), normalize=False)


def turtle_graph(text: str | bytes, base: str | None = None) -> rdflib.Graph:
    """The graph that a text in Turtle states, with literals as they are written.

    rdflib's own reader makes ``false`` of every ``xsd:boolean`` that is none, and ``1`` of ``01``. Raises
    :class:`SyntaxError`.
    """
    graph = rdflib.Graph()
    for quad in ox.parse(text, format=ox.RdfFormat.TURTLE, base_iri=base, rename_blank_nodes=True):
        if isinstance(quad.subject, ox.Triple) or isinstance(quad.object, ox.Triple):
            raise SyntaxError("triple terms have no place in shapes")
        graph.add((to_rdflib(quad.subject), to_rdflib(quad.predicate), to_rdflib(quad.object)))
    return graph


def with_lasting_labels(graph: rdflib.Graph) -> rdflib.Graph:
    """A copy whose blank nodes are labelled by what they say and who refers to them.

    rdflib labels blank nodes anew at each reading; these labels are the same each time, so that a
    result can name the shape it comes from. Two blank nodes that say the same of the same owner become
    one, which changes no meaning.
    """
    labels = _Labels(graph)
    copy = rdflib.Graph()
    for prefix, namespace in graph.namespaces():
        copy.bind(prefix, namespace)
    for triple in graph:
        subject, predicate, value = (
            rdflib.BNode(labels.label(node)) if isinstance(node, rdflib.BNode) else node for node in triple
        )
        copy.add((subject, predicate, value))
    return copy


class _Labels:
    def __init__(self, graph: rdflib.Graph) -> None:
        self._graph = graph
        self._contents: dict[Node, str] = {}
        self._labels: dict[Node, str] = {}
        self._cells: dict[Node, tuple[Node, int]] = {}
        for head in graph.subjects(RDFNS.first, unique=True):
            if (None, RDFNS.rest, head) not in graph:
                self._cells.update({cell: (head, i) for i, cell in enumerate(_cells(graph, head))})

    def label(self, node: Node) -> str:
        head, position = self._cells.get(node, (node, 0))
        if position:
            return f"{self.label(head)}-{position}"
        if node not in self._labels:
            self._labels[node] = ""  # stands for the node itself while its owner is described
            owners = sorted(
                predicate.n3() + self._name(subject)
                for subject, predicate in self._graph.subject_predicates(node)
            )
            digest = hashlib.sha256("\n".join([self._content(node), *owners]).encode())
            self._labels[node] = "s" + digest.hexdigest()[:16]
        return self._labels[node]

    def _name(self, node: Node) -> str:
        return self.label(node) if isinstance(node, rdflib.BNode) else node.n3()

    def _content(self, node: Node) -> str:
        if not isinstance(node, rdflib.BNode):
            return node.n3()
        if node not in self._contents:
            self._contents[node] = ""
            if self._cells.get(node) == (node, 0):
                cells = _cells(self._graph, node)
                lines = [
                    self._content(member)
                    for cell in cells
                    for member in self._graph.objects(cell, RDFNS.first)
                ]
            else:
                lines = sorted(
                    predicate.n3() + self._content(value)
                    for predicate, value in self._graph.predicate_objects(node)
                )
            self._contents[node] = hashlib.sha256("\n".join(lines).encode()).hexdigest()
        return self._contents[node]


def _cells(graph: rdflib.Graph, head: Node) -> list[Node]:
    cells: dict[Node, None] = {}
    cell: Node | None = head
    while cell is not None and cell != RDFNS.nil and cell not in cells:
        cells[cell] = None
        cell = graph.value(cell, RDFNS.rest, any=True)
    return list(cells)
