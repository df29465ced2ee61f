"""From the parameters of a shape to its constraints (SHACL sections 4 and 5)."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import rdflib
from pyoxigraph import Literal, NamedNode
from rdflib.namespace import OWL, RDF, RDFS
from rdflib.term import Node as RdfNode

from transfergraph.common.namespaces import SH
from transfergraph.messages import explained
from transfergraph.shacl import shape_model as sh
from transfergraph.shacl.rdf_terms import from_rdflib
from transfergraph.shacl.shape_nodes import TARGETS, ShapeNode

_NODE_KINDS = ("BlankNode", "IRI", "Literal", "BlankNodeOrIRI", "BlankNodeOrLiteral", "IRIOrLiteral")

_COMPANIONS = {
    "flags",
    "ignoredProperties",
    "qualifiedMinCount",
    "qualifiedMaxCount",
    "qualifiedValueShapesDisjoint",
}
"""Parameters that another parameter's reader looks at."""

_OF_PROPERTY_SHAPES = (
    *("minCount", "maxCount", "uniqueLang", "lessThan", "lessThanOrEquals", "qualifiedValueShape"),
)

_OF_REIFIERS = ("reifierShape", "reificationRequired")
"""Of the draft of SHACL 1.2 Core (section 7.8.5): they check what is said about a triple. A build says
nothing about the triples of its graph; which row states one is in a dump of its own, which it reads back."""

_OF_A_SHAPE = {
    "path",
    *TARGETS,
    *("severity", "message", "deactivated", "name", "description", "order", "group", "defaultValue"),
    *("select", "prefixes", "declare", "labelTemplate", "entailment", "shapesGraph", "suggestedShapesGraph"),
}
"""Properties of a shape that are no constraint; a shape may be its own SPARQL constraint or prefix holder."""


def read_constraints(shape: ShapeNode) -> tuple[sh.Constraint, ...]:
    """The constraints of a shape in stable order.

    Raises :class:`~transfergraph.errors.WorkspaceError` for a parameter that is not well formed, and
    for a property in the namespace of SHACL that SHACL does not have, which is mostly a misspelling.
    """
    parameters = sorted(
        str(predicate).removeprefix(SH)
        for predicate in set(shape.graph.predicates(shape.node))
        if str(predicate).startswith(SH)
    )
    constraints: list[sh.Constraint] = []
    for parameter in parameters:
        if parameter in _OF_PROPERTY_SHAPES and not shape.values("path"):
            raise shape.refuse(explained("error.shapes.needs-path", name=parameter))
        if parameter in _OF_REIFIERS:
            raise shape.refuse(explained("error.shapes.reifiers", name=parameter))
        if parameter in _READERS:
            constraints += _READERS[parameter](shape, parameter)
        elif parameter not in _COMPANIONS | _OF_A_SHAPE:
            raise shape.refuse(explained("error.shapes.unknown", name=parameter))
    return (*constraints, *_custom_components(shape))


def _per_value(make: Callable[[ShapeNode, str, RdfNode], sh.Constraint]) -> _Reader:
    return lambda shape, name: (make(shape, name, value) for value in shape.values(name))


def _per_single_value(make: Callable[[ShapeNode, str, RdfNode], sh.Constraint]) -> _Reader:
    def read(shape: ShapeNode, name: str) -> Iterator[sh.Constraint]:
        value = shape.value(name)
        if value is not None:
            yield make(shape, name, value)

    return read


def _node_kind(shape: ShapeNode, name: str, value: RdfNode) -> sh.NodeKind:
    kind = str(value).removeprefix(SH)
    if kind not in _NODE_KINDS:
        raise shape.refuse(
            explained(
                "error.shapes.node-kind",
                kinds=", ".join(f"sh:{one}" for one in _NODE_KINDS),
                value=value.n3(),
            )
        )
    return sh.NodeKind(kind)


def _range(shape: ShapeNode, name: str, value: RdfNode) -> sh.Range:
    bound = from_rdflib(value)
    if not isinstance(bound, Literal):
        raise shape.refuse(explained("error.shapes.not-literal", name=name, value=value.n3()))
    return sh.Range(name, bound)


def _number(shape: ShapeNode, name: str) -> int:
    number = shape.integer(name)
    if number is None:
        raise shape.refuse(explained("error.shapes.missing", name=name))
    return number


def _patterns(shape: ShapeNode, name: str) -> Iterator[sh.Pattern]:
    flags = shape.text("flags") or ""
    for value in shape.values(name):
        if not isinstance(value, rdflib.Literal):
            raise shape.refuse(explained("error.shapes.not-string", name="pattern", value=value.n3()))
        yield sh.Pattern(str(value), flags)


def _language_in(shape: ShapeNode, name: str, value: RdfNode) -> sh.LanguageIn:
    return sh.LanguageIn(tuple(str(member) for member in shape.members(name, value)))


def _in(shape: ShapeNode, name: str, value: RdfNode) -> sh.In:
    return sh.In(tuple(from_rdflib(member) for member in shape.members(name, value)))


def _unique_lang(shape: ShapeNode, name: str) -> Iterator[sh.UniqueLang]:
    if shape.is_true(name):
        yield sh.UniqueLang()


def _logical(shape: ShapeNode, name: str, value: RdfNode) -> sh.Logical:
    return sh.Logical(name, tuple(from_rdflib(member) for member in shape.members(name, value)))


def _property(shape: ShapeNode, name: str, value: RdfNode) -> sh.Property:
    if not shape.at(value).values("path"):
        raise shape.refuse(explained("error.shapes.no-path", value=value.n3()))
    return sh.Property(from_rdflib(value))


def _node(shape: ShapeNode, name: str, value: RdfNode) -> sh.Node:
    if shape.at(value).values("path"):
        raise shape.refuse(explained("error.shapes.node-property", value=value.n3()))
    return sh.Node(from_rdflib(value))


def _qualified(shape: ShapeNode, name: str) -> Iterator[sh.Qualified]:
    value = shape.value(name)
    if value is None:
        return
    siblings: set[RdfNode] = set()
    if shape.is_true("qualifiedValueShapesDisjoint"):
        for parent in shape.graph.subjects(rdflib.URIRef(SH + "property"), shape.node):
            for sibling in shape.at(parent).values("property"):
                siblings.update(shape.at(sibling).values(name))
    others = tuple(from_rdflib(sibling) for sibling in sorted(siblings - {value}, key=lambda node: node.n3()))
    for parameter in ("qualifiedMinCount", "qualifiedMaxCount"):
        count = shape.integer(parameter)
        if count is not None:
            yield sh.Qualified(parameter, count, from_rdflib(value), others)


def _closed(shape: ShapeNode, name: str) -> Iterator[sh.Closed]:
    if not shape.is_true(name):
        return
    paths = [path for child in shape.values("property") for path in shape.at(child).values("path")]
    allowed = {NamedNode(str(path)) for path in paths if isinstance(path, rdflib.URIRef)}
    ignored = shape.value("ignoredProperties")
    if ignored is not None:
        members = shape.members("ignoredProperties", ignored)
        allowed.update(shape.iri("ignoredProperties", member) for member in members)
    yield sh.Closed(tuple(sorted(allowed, key=lambda iri: iri.value)))


def _sparql(shape: ShapeNode, name: str) -> Iterator[sh.Sparql]:
    for value in shape.values(name):
        constraint = shape.at(value)
        select = constraint.text("select")
        if select is None:
            raise shape.refuse(explained("error.shapes.no-select"))
        if not constraint.is_true("deactivated") or value == shape.node:
            messages = constraint.texts("message")
            yield sh.Sparql(from_rdflib(value), select, _prefixes(constraint), messages)


def _prefixes(constraint: ShapeNode) -> tuple[tuple[str, str], ...]:
    holders = [holder for value in constraint.values("prefixes") for holder in _imports(constraint, value)]
    found: dict[str, str] = {}
    for holder in holders:
        for declaration in constraint.at(holder).values("declare"):
            prefix = constraint.at(declaration).text("prefix")
            namespace = constraint.at(declaration).value("namespace")
            if prefix is None or namespace is None:
                raise constraint.refuse(explained("error.shapes.declare"))
            if found.setdefault(prefix, str(namespace)) != str(namespace):
                raise constraint.refuse(explained("error.shapes.prefix-twice", prefix=prefix))
    return tuple(sorted(found.items()))


def _imports(constraint: ShapeNode, start: RdfNode) -> list[RdfNode]:
    return [node for node in constraint.graph.transitive_objects(start, OWL.imports) if node is not None]


def _expression(shape: ShapeNode, name: str) -> Iterator[sh.Foreign]:
    if shape.values(name):
        yield sh.Foreign(NamedNode(SH + "ExpressionConstraintComponent"), "sh:expression is not compiled")


def _custom_components(shape: ShapeNode) -> Iterator[sh.Foreign]:
    """The constraint components of the shapes graph itself (SHACL section 6) that this shape uses."""
    kinds = shape.graph.transitive_subjects(RDFS.subClassOf, rdflib.URIRef(SH + "ConstraintComponent"))
    components = {component for kind in kinds for component in shape.graph.subjects(RDF.type, kind)}
    for component in sorted(components, key=lambda node: node.n3()):
        parameters = [shape.at(parameter) for parameter in shape.at(component).values("parameter")]
        if str(component).startswith(SH):
            continue  # SHACL's own vocabulary, loaded beside the shapes
        needed = [path for p in parameters if not p.is_true("optional") for path in p.values("path")]
        if needed and all((shape.node, path, None) in shape.graph for path in needed):
            iri = shape.at(component).iri("sourceConstraintComponent", component)
            yield sh.Foreign(iri, f"the constraint component <{iri.value}> is defined by the shapes graph")


_Reader = Callable[[ShapeNode, str], Iterator[sh.Constraint]]

_READERS: dict[str, _Reader] = {
    "class": _per_value(lambda shape, name, value: sh.Class(shape.iri(name, value))),
    "datatype": _per_single_value(lambda shape, name, value: sh.Datatype(shape.iri(name, value))),
    "nodeKind": _per_single_value(_node_kind),
    **dict.fromkeys(
        ("minExclusive", "minInclusive", "maxExclusive", "maxInclusive"), _per_single_value(_range)
    ),
    **dict.fromkeys(
        ("minLength", "maxLength"),
        _per_single_value(lambda shape, name, _: sh.Length(name, _number(shape, name))),
    ),
    "pattern": _patterns,
    "languageIn": _per_single_value(_language_in),
    "in": _per_single_value(_in),
    "hasValue": _per_value(lambda shape, name, value: sh.HasValue(from_rdflib(value))),
    **dict.fromkeys(
        ("minCount", "maxCount"),
        _per_single_value(lambda shape, name, _: sh.Count(name, _number(shape, name))),
    ),
    "uniqueLang": _unique_lang,
    **dict.fromkeys(
        ("equals", "disjoint", "lessThan", "lessThanOrEquals"),
        _per_value(lambda shape, name, value: sh.Pair(name, shape.iri(name, value))),
    ),
    "not": _per_value(lambda shape, name, value: sh.Not(from_rdflib(value))),
    **dict.fromkeys(("and", "or", "xone"), _per_value(_logical)),
    "node": _per_value(_node),
    "property": _per_value(_property),
    "qualifiedValueShape": _qualified,
    "closed": _closed,
    "sparql": _sparql,
    "expression": _expression,
}
