"""Conformance with DCAT-AP 3.0.1, DCAT-AP.de 3.0 and DCAT-AP CH: findings of the shapes in ``shapes.ttl``."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from enum import Enum
from functools import cache
from typing import NamedTuple

import pyoxigraph as ox
import rdflib

from transfergraph.common.namespaces import DCAT, RDFS, XSD
from transfergraph.common.packaged import packaged
from transfergraph.common.property_paths import predicates
from transfergraph.common.text import Text
from transfergraph.dcat.catalogue_index import SUBCLASSES, CatalogueIndex
from transfergraph.dcat.evaluate.catalogue_findings import class_name, finding, short, what_to_state
from transfergraph.findings import Finding, Severity
from transfergraph.messages import Value, both
from transfergraph.shacl.compile import Plan, compile_shapes
from transfergraph.shacl.engine import run_plan
from transfergraph.shacl.rdf_terms import turtle_graph
from transfergraph.shacl.shape_model import Class, Datatype, NodeKind, Property, component_of
from transfergraph.shacl.shapes_graph import read_shapes
from transfergraph.shacl.validation_result import Result
from transfergraph.store.embedded import EmbeddedStore

_PLACES = "http://publications.europa.eu/resource/authority/country/"
SHAPES = "https://w3id.org/transfergraph/catalogue/shapes#"
_V = Severity.VIOLATION
_BYTE_SIZE = XSD + "nonNegativeInteger"
_FAULTS = {
    "MinCount": "catalogue.missing",
    "MaxCount": "catalogue.too-many",
    "NodeKind": "catalogue.not-an-address",
    "Datatype": "catalogue.datatype",
    "Or": "catalogue.datatype",
    "Class": "catalogue.not-described",
}


class Profile(Enum):
    """Whose rules a catalogue is judged by."""

    AUTO = "auto"
    EU = "eu"
    DE = "de"
    CH = "ch"

    def chosen(self, index: CatalogueIndex) -> Profile:
        """The profile itself; of ``auto`` that of the country to which most terms of the catalogue point.

        A catalogue of Germany uses properties of DCAT-AP.de, or names its deliverer or an area there;
        licences of the German list are used by others, too. One of Switzerland uses the terms of its
        profile or the themes of opendata.swiss, or names an area there.
        """
        if self is not Profile.AUTO:
            return self
        signs: Counter[Profile] = Counter()
        for iri, count in index.counted_iris().items():
            for one in (one for one, terms in _SIGNS.items() if iri.startswith(terms)):
                signs[one] += count
        return max(signs, key=lambda one: signs[one], default=Profile.EU)

    def counts(self, code: str) -> bool:
        """True when the rule of that finding counts: it is of no country, or of that of the profile."""
        group = profile_of(code)
        return all(group not in groups or one is self for one, groups in _NATIONAL.items())


_SIGNS: Mapping[Profile, tuple[str, ...]] = {
    Profile.DE: (
        *(f"http://dcat-ap.de/def/{name}/" for name in ("dcatde", "contributors", "politicalGeocoding")),
        f"{_PLACES}DEU",
        "http://data.europa.eu/nuts/code/DE",
    ),
    Profile.CH: (
        "http://dcat-ap.ch/",
        "http://opendata.swiss/themes/",
        f"{_PLACES}CHE",
        "http://data.europa.eu/nuts/code/CH",
    ),
}
_NATIONAL: Mapping[Profile, tuple[str, ...]] = {Profile.DE: ("DE", "K", "GQ"), Profile.CH: ("CH",)}
"""The groups of rules that are there for one country alone."""


def profile_of(code: str) -> str:
    """``AP``, ``range``, ``DE``, ``K``, ``GQ`` or ``CH`` for the code of a finding of a shape, else empty."""
    return _profiles().get(code.removeprefix("dcat."), "")


def check_shapes(index: CatalogueIndex) -> Iterator[Finding]:
    """Findings of the profiles; the code of each is ``dcat.`` and the name of its shape."""
    results = run_plan(EmbeddedStore(_stored(index)), _plan())
    texts = {_place(result) for result in results if _rule_of(result).key == "catalogue.not-an-address"}
    for result in results:
        rule = _rule_of(result)
        if rule.key == "catalogue.not-described" and _place(result) in texts:
            continue  # that it is a text is told already
        yield _finding(index, rule, result)
    yield from _byte_sizes(index)


def _stored(index: CatalogueIndex) -> ox.Store:
    store = ox.Store()
    graph = ox.NamedNode("urn:transfergraph:catalogue")
    store.bulk_extend(ox.Quad(t.subject, t.predicate, t.object, graph) for t in index.triples)
    below = ox.NamedNode(RDFS + "subClassOf")
    for name, subclasses in SUBCLASSES.items():
        for subclass in subclasses:
            store.add(ox.Quad(ox.NamedNode(subclass), below, ox.NamedNode(name), graph))
    return store


class _Rule(NamedTuple):
    """What all results of one shape, component and path are told alike."""

    name: str
    component: str
    key: str
    given: Mapping[str, Value]
    single: str | None
    remedy: Text | None


def _rule_of(result: Result) -> _Rule:
    return _rule(_name(result.shape), result.component.value, tuple(predicates(result.path)))


@cache
def _rule(name: str, component: str, properties: tuple[str, ...]) -> _Rule:
    key, expected = _fault(name, component)
    given: dict[str, Value] = {
        "class": class_name(name.partition("-")[0]),
        "property": ", ".join(short(part) for part in properties),
        "expected": expected,
    }
    is_stated = properties and key == "catalogue.missing"
    state = what_to_state(short(properties[0])) if is_stated else None
    remedy = None if state is None else both(state)
    return _Rule(name, component, key, given, properties[0] if len(properties) == 1 else None, remedy)


def _place(result: Result) -> tuple[str, str, str]:
    return str(result.focus), str(result.path), str(result.value)


def _byte_sizes(index: CatalogueIndex) -> Iterator[Finding]:
    """Integers whose datatype is not ``xsd:nonNegativeInteger``; a store treats all integers alike."""
    given: dict[str, Value] = {"class": class_name("Distribution"), "expected": short(_BYTE_SIZE)}
    for node in index.instances(DCAT + "Distribution"):
        for value in index.values(node, DCAT + "byteSize"):
            if isinstance(value, ox.Literal) and value.datatype.value == XSD + "integer":
                found = finding(index, "catalogue.datatype", _V, node, DCAT + "byteSize", value, **given)
                yield _of_shape(found, "Distribution-byteSize")


def _finding(index: CatalogueIndex, rule: _Rule, result: Result) -> Finding:
    found = finding(index, rule.key, result.grade, result.focus, rule.single, result.value, **rule.given)
    return _of_shape(found, rule.name, rule.component, rule.remedy)


def _name(shape: object) -> str:
    """The local name of a shape."""
    return str(getattr(shape, "value", "")).removeprefix(SHAPES)


def _fault(name: str, component: str) -> tuple[str, str]:
    """The key of the fault, and what was expected, for a result of this shape and component."""
    kind = component.rpartition("#")[2].removesuffix("ConstraintComponent")
    expected = "xsd:date" if kind == "Or" else _expected().get(name, "")
    if kind == "MaxCount" and name.endswith("-deprecated"):
        return "catalogue.deprecated", expected
    if kind == "NodeKind" and expected == "Literal":
        return "catalogue.not-a-text", expected
    return _FAULTS[kind], expected


def codes_by_text() -> Mapping[str, tuple[str, ...]]:
    """The codes of findings that shapes lead to, by the key of the text that tells them."""
    found: dict[str, list[str]] = {}
    for term, shape in sorted(_plan().shapes.by_term.items(), key=lambda item: _name(item[0])):
        for constraint in shape.constraints:
            if not isinstance(constraint, Property):
                key, _ = _fault(_name(term), component_of(constraint).value)
                found.setdefault(key, []).append(f"dcat.{_name(term)}")
    return {key: tuple(dict.fromkeys(codes)) for key, codes in found.items()}


def _of_shape(found: Finding, name: str, component: str | None = None, remedy: Text | None = None) -> Finding:
    return replace(
        found,
        code=sys.intern(f"dcat.{name}"),
        shape=sys.intern(SHAPES + name),
        component=component,
        remedy=remedy or found.remedy,
    )


@cache
def _shapes_graph() -> rdflib.Graph:
    text = packaged("dcat", "evaluate", "shapes.ttl").read_text(encoding="utf-8")
    return turtle_graph(text)


@cache
def _plan() -> Plan:
    return compile_shapes(read_shapes(_shapes_graph()))


@cache
def _expected() -> Mapping[str, str]:
    """What each shape wants of its values: a class, a datatype or a kind of node."""
    expected = {}
    for term, shape in _plan().shapes.by_term.items():
        for constraint in shape.constraints:
            match constraint:
                case Class(iri) | Datatype(iri):
                    expected[_name(term)] = short(iri.value)
                case NodeKind(kind):
                    expected[_name(term)] = kind
    return expected


@cache
def _profiles() -> Mapping[str, str]:
    defined_by = rdflib.URIRef(RDFS + "isDefinedBy")
    return {
        str(shape).removeprefix(SHAPES): str(profile).removeprefix(SHAPES)
        for shape, profile in _shapes_graph().subject_objects(defined_by)
    }
