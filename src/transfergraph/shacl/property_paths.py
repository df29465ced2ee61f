"""SHACL property paths (SHACL section 2.3.1): read, and written as SPARQL text and as RDF."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import rdflib
from pyoxigraph import BlankNode, NamedNode, Triple
from rdflib.collection import Collection
from rdflib.namespace import RDF as RDFNS
from rdflib.term import Node

from transfergraph.errors import WorkspaceError
from transfergraph.shacl.rdf_terms import RDF, SH, from_rdflib


@dataclass(frozen=True, slots=True)
class Predicate:
    """A path of one property."""

    iri: NamedNode


@dataclass(frozen=True, slots=True)
class Inverse:
    """``sh:inversePath``: from object to subject."""

    step: Path


@dataclass(frozen=True, slots=True)
class Sequence:
    """An RDF list of at least two paths, one after the other."""

    steps: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class Alternative:
    """``sh:alternativePath``: any of at least two paths."""

    choices: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class Repeated:
    """``sh:zeroOrMorePath`` (``*``), ``sh:oneOrMorePath`` (``+``) or ``sh:zeroOrOnePath`` (``?``)."""

    step: Path
    times: str


Path = Predicate | Inverse | Sequence | Alternative | Repeated

_REPETITIONS = {"zeroOrMorePath": "*", "oneOrMorePath": "+", "zeroOrOnePath": "?"}


def read_path(graph: rdflib.Graph, node: Node) -> Path:
    """The path that a node of a shapes graph stands for.

    Raises :class:`~transfergraph.errors.WorkspaceError` when it is none of the forms of SHACL.
    """
    return _read(graph, node, ())


def _read(graph: rdflib.Graph, node: Node, outer: tuple[Node, ...]) -> Path:
    if isinstance(node, rdflib.URIRef):
        iri = from_rdflib(node)
        assert isinstance(iri, NamedNode)
        return Predicate(iri)
    if node in outer or not isinstance(node, rdflib.BNode):
        raise WorkspaceError(f"A path of the shapes is not well formed: {node.n3()} cannot be a part of it.")
    outer = (*outer, node)
    if (node, RDFNS.first, None) in graph:
        return Sequence(_members(graph, node, outer))
    forms = [
        (str(predicate).removeprefix(SH), value)
        for predicate, value in graph.predicate_objects(node)
        if str(predicate).startswith(SH)
    ]
    if len(forms) == 1:
        form, value = forms[0]
        if form == "inversePath":
            return Inverse(_read(graph, value, outer))
        if form == "alternativePath":
            return Alternative(_members(graph, value, outer))
        if form in _REPETITIONS:
            return Repeated(_read(graph, value, outer), _REPETITIONS[form])
    names = ", ".join(sorted("sh:" + form for form, _ in forms)) or "nothing of SHACL"
    raise WorkspaceError(
        f"A path of the shapes is not well formed: a blank node with {names}, "
        "where an RDF list or exactly one of sh:inversePath, sh:alternativePath, sh:zeroOrMorePath, "
        "sh:oneOrMorePath and sh:zeroOrOnePath is expected."
    )


def _members(graph: rdflib.Graph, head: Node, outer: tuple[Node, ...]) -> tuple[Path, ...]:
    members = tuple(_read(graph, member, outer) for member in Collection(graph, head))
    if len(members) < 2:
        raise WorkspaceError("A path of the shapes is not well formed: its list has fewer than two members.")
    return members


def path_text(path: Path) -> str:
    """The path as a SPARQL property path, with whole IRIs."""
    match path:
        case Predicate(iri):
            return f"<{iri.value}>"
        case Inverse(step):
            return "^" + _grouped(step)
        case Sequence(steps):
            return "/".join(_grouped(step) for step in steps)
        case Alternative(choices):
            return "|".join(_grouped(choice) for choice in choices)
        case Repeated(step, times):
            return _grouped(step) + times


def _grouped(path: Path) -> str:
    return path_text(path) if isinstance(path, Predicate) else f"({path_text(path)})"


def is_repeated(path: Path) -> bool:
    """Whether some part of the path repeats, so that following it without a start visits the whole graph."""
    match path:
        case Predicate():
            return False
        case Inverse(step):
            return is_repeated(step)
        case Sequence(parts) | Alternative(parts):
            return any(is_repeated(part) for part in parts)
        case Repeated():
            return True


def may_stand_still(path: Path) -> bool:
    """Whether the path leads from each node to the node itself, whatever the graph says."""
    match path:
        case Predicate():
            return False
        case Inverse(step):
            return may_stand_still(step)
        case Sequence(steps):
            return all(may_stand_still(step) for step in steps)
        case Alternative(choices):
            return any(may_stand_still(choice) for choice in choices)
        case Repeated(step, times):
            return times != "+" or may_stand_still(step)


def is_single_step(path: Path) -> bool:
    """Whether the path is one property, forwards or backwards."""
    return isinstance(path, Predicate) or (isinstance(path, Inverse) and isinstance(path.step, Predicate))


def path_as_rdf(path: Path, label: str) -> tuple[NamedNode | BlankNode, list[Triple]]:
    """The path in the RDF form of SHACL: the node for ``sh:resultPath``, and the triples about it.

    Blank nodes are labelled ``label``, ``label-0``, ``label-0-1`` and so on, the same each time.
    """
    triples: list[Triple] = []
    return _write(path, label, triples), triples


def _write(path: Path, label: str, triples: list[Triple]) -> NamedNode | BlankNode:
    match path:
        case Predicate(iri):
            return iri
        case Sequence(steps):
            return _write_list(steps, label, triples)
        case Inverse(step):
            form, value = "inversePath", _write(step, label + "-0", triples)
        case Alternative(choices):
            form, value = "alternativePath", _write_list(choices, label + "-0", triples)
        case Repeated(step, times):
            form = next(form for form, sign in _REPETITIONS.items() if sign == times)
            value = _write(step, label + "-0", triples)
    node = BlankNode(label)
    triples.append(Triple(node, NamedNode(SH + form), value))
    return node


def _write_list(members: tuple[Path, ...], label: str, triples: list[Triple]) -> BlankNode:
    cells = [BlankNode(label)] + [BlankNode(f"{label}-{i}") for i in range(1, len(members))]
    rests: Iterator[BlankNode | NamedNode] = iter([*cells[1:], NamedNode(RDF + "nil")])
    for i, (member, cell, rest) in enumerate(zip(members, cells, rests, strict=True)):
        triples.append(Triple(cell, NamedNode(RDF + "first"), _write(member, f"{label}-{i}-m", triples)))
        triples.append(Triple(cell, NamedNode(RDF + "rest"), rest))
    return cells[0]
