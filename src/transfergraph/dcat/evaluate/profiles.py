"""Conformance with the profiles: the shapes of ``shapes.ttl`` as findings in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from importlib.resources import files

import pyoxigraph as ox
import rdflib

from transfergraph.common.namespaces import DCAT, RDFS, XSD
from transfergraph.common.property_paths import predicates
from transfergraph.dcat.catalogue_index import SUBCLASSES, CatalogueIndex
from transfergraph.dcat.evaluate.catalogue_findings import class_name, finding, short, what_to_state
from transfergraph.findings import Finding, Severity
from transfergraph.messages import both
from transfergraph.shacl.compile import Plan, compile_shapes
from transfergraph.shacl.engine import run_plan
from transfergraph.shacl.shape_model import Class, Count, Datatype, NodeKind
from transfergraph.shacl.shapes_graph import read_shapes
from transfergraph.shacl.validation_result import Result
from transfergraph.store.embedded import EmbeddedStore

SHAPES = "https://w3id.org/transfergraph/catalogue/shapes#"
_BYTE_SIZE = XSD + "nonNegativeInteger"


def profile_of(code: str) -> str:
    """``AP``, ``range``, ``DE``, ``K`` or ``GQ`` for the code of a finding of a shape, else empty."""
    return _profiles().get(code.removeprefix("dcat."), "")


def check_shapes(index: CatalogueIndex) -> Iterator[Finding]:
    """Findings of the profiles; the code of each is ``dcat.`` and the name of its shape."""
    store = ox.Store()
    graph = ox.NamedNode("urn:transfergraph:catalogue")
    store.bulk_extend(ox.Quad(t.subject, t.predicate, t.object, graph) for t in index.triples)
    below = ox.NamedNode(RDFS + "subClassOf")
    for name, subclasses in SUBCLASSES.items():
        for subclass in subclasses:
            store.add(ox.Quad(ox.NamedNode(subclass), below, ox.NamedNode(name), graph))
    for result in run_plan(EmbeddedStore(store), _plan()):
        yield _worded(index, result)
    yield from _byte_sizes(index)


def _byte_sizes(index: CatalogueIndex) -> Iterator[Finding]:
    """A store takes every kind of integer for one: the exact datatype is looked at here."""
    for distribution in index.instances(DCAT + "Distribution"):
        for value in index.values(distribution, DCAT + "byteSize"):
            if isinstance(value, ox.Literal) and value.datatype.value == XSD + "integer":
                told = finding(
                    index,
                    "catalogue.datatype",
                    Severity.VIOLATION,
                    distribution,
                    DCAT + "byteSize",
                    value,
                    **{"class": class_name("Distribution"), "expected": short(_BYTE_SIZE)},
                )
                yield _coded(told, "Distribution-byteSize")


def _worded(index: CatalogueIndex, result: Result) -> Finding:
    name = str(getattr(result.shape, "value", "")).removeprefix(SHAPES)
    properties = predicates(result.path)
    given = {
        "class": class_name(name.partition("-")[0]),
        "property": ", ".join(short(part) for part in properties),
    }
    key, expected = _fault(name, result.component.value)
    told = finding(
        index,
        key,
        result.grade,
        result.focus,
        properties[0] if len(properties) == 1 else None,
        result.value,
        **given,
        expected=expected,
    )
    is_stated = properties and key in ("catalogue.missing", "catalogue.wrong")
    state = what_to_state(short(properties[0])) if is_stated else None
    if state is not None:
        told = replace(told, remedy=both(state))
    return _coded(told, name, result.component.value)


def _fault(name: str, component: str) -> tuple[str, str]:
    """The key of the fault, and what was expected, for a result of this shape and component."""
    kind = component.rpartition("#")[2].removesuffix("ConstraintComponent")
    expected = _expected().get(name, "")
    match kind:
        case "MinCount":
            return "catalogue.missing", expected
        case "MaxCount":
            return (
                "catalogue.deprecated" if name.endswith("-deprecated") else "catalogue.too-many"
            ), expected
        case "NodeKind":
            return ("catalogue.not-a-text" if expected == "Literal" else "catalogue.not-an-address"), expected
        case "Datatype":
            return "catalogue.datatype", expected
        case "Or":
            return "catalogue.datatype", "xsd:date"
        case "Class":
            return "catalogue.not-described", expected
    return "catalogue.wrong", expected


def _coded(told: Finding, name: str, component: str | None = None) -> Finding:
    return replace(told, code=f"dcat.{name}", shape=SHAPES + name, component=component)


@cache
def _shapes_graph() -> rdflib.Graph:
    text = (files("transfergraph.dcat.evaluate") / "shapes.ttl").read_text(encoding="utf-8")
    return rdflib.Graph().parse(data=text, format="turtle")


@cache
def _plan() -> Plan:
    return compile_shapes(read_shapes(_shapes_graph()))


@cache
def _expected() -> Mapping[str, str]:
    """What each shape wants of its values: a class, a datatype or a kind of node."""
    expected = {}
    for term, shape in _plan().shapes.by_term.items():
        name = str(getattr(term, "value", "")).removeprefix(SHAPES)
        for constraint in shape.constraints:
            match constraint:
                case Class(iri) | Datatype(iri):
                    expected[name] = short(iri.value)
                case NodeKind(kind):
                    expected[name] = kind
                case Count():
                    pass
    return expected


@cache
def _profiles() -> Mapping[str, str]:
    defined_by = rdflib.URIRef(RDFS + "isDefinedBy")
    return {
        str(shape).removeprefix(SHAPES): str(profile).removeprefix(SHAPES)
        for shape, profile in _shapes_graph().subject_objects(defined_by)
    }
