"""A shapes graph as frozen values: shapes, their targets and their constraints (SHACL sections 2 to 5)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import rdflib
from pyoxigraph import Literal, NamedNode

from transfergraph.common.namespaces import SH
from transfergraph.common.property_paths import Path
from transfergraph.store import Term


class NotCompiled(Exception):
    """Why a shape cannot become a query; never leaves this package."""


@dataclass(frozen=True, slots=True)
class Targets:
    """Where a shape applies (SHACL section 2.1.3); implicit class targets are among ``classes``.

    ``not_compiled`` names the kinds of target that are not compiled, such as ``sh:target``.
    """

    nodes: tuple[Term, ...] = ()
    classes: tuple[NamedNode, ...] = ()
    subjects_of: tuple[NamedNode, ...] = ()
    objects_of: tuple[NamedNode, ...] = ()
    not_compiled: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return any((self.nodes, self.classes, self.subjects_of, self.objects_of, self.not_compiled))


@dataclass(frozen=True, slots=True)
class Class:
    """``sh:class``."""

    iri: NamedNode


@dataclass(frozen=True, slots=True)
class Datatype:
    """``sh:datatype``."""

    iri: NamedNode


@dataclass(frozen=True, slots=True)
class NodeKind:
    """``sh:nodeKind``; ``kind`` is the local name, such as ``BlankNodeOrIRI``."""

    kind: str


@dataclass(frozen=True, slots=True)
class Range:
    """``sh:minExclusive`` and its three siblings; ``parameter`` says which."""

    parameter: str
    bound: Literal


@dataclass(frozen=True, slots=True)
class Length:
    """``sh:minLength`` or ``sh:maxLength``; ``parameter`` says which."""

    parameter: str
    length: int


@dataclass(frozen=True, slots=True)
class Pattern:
    """``sh:pattern`` with ``sh:flags``."""

    regex: str
    flags: str


@dataclass(frozen=True, slots=True)
class LanguageIn:
    """``sh:languageIn``: basic language ranges (RFC 4647, section 3.3.1)."""

    ranges: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class In:
    """``sh:in``."""

    terms: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class HasValue:
    """``sh:hasValue``."""

    term: Term


@dataclass(frozen=True, slots=True)
class Count:
    """``sh:minCount`` or ``sh:maxCount``; ``parameter`` says which."""

    parameter: str
    count: int


@dataclass(frozen=True, slots=True)
class UniqueLang:
    """``sh:uniqueLang true``."""


@dataclass(frozen=True, slots=True)
class Pair:
    """``sh:equals``, ``sh:disjoint``, ``sh:lessThan`` or ``sh:lessThanOrEquals``, as ``parameter`` says."""

    parameter: str
    predicate: NamedNode


@dataclass(frozen=True, slots=True)
class Not:
    """``sh:not``."""

    shape: Term


@dataclass(frozen=True, slots=True)
class Logical:
    """``sh:and``, ``sh:or`` or ``sh:xone``; ``parameter`` says which."""

    parameter: str
    shapes: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Node:
    """``sh:node``."""

    shape: Term


@dataclass(frozen=True, slots=True)
class Property:
    """``sh:property``."""

    shape: Term


@dataclass(frozen=True, slots=True)
class Qualified:
    """``sh:qualifiedMinCount`` or ``sh:qualifiedMaxCount`` with ``sh:qualifiedValueShape``.

    ``siblings`` are the sibling shapes when ``sh:qualifiedValueShapesDisjoint`` is true, else empty.
    """

    parameter: str
    count: int
    shape: Term
    siblings: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Closed:
    """``sh:closed true``; ``allowed`` are the paths of the shape's properties and the ignored properties."""

    allowed: tuple[NamedNode, ...]


@dataclass(frozen=True, slots=True)
class Sparql:
    """``sh:sparql`` with a SELECT query; ``prefixes`` are those declared for it, in order of their names.

    ``messages`` are templates in which ``{?name}`` and ``{$name}`` stand for the query's bindings.
    """

    source: Term
    select: str
    prefixes: tuple[tuple[str, str], ...]
    messages: tuple[Literal, ...]


@dataclass(frozen=True, slots=True)
class Foreign:
    """A constraint that is not compiled, with the reason."""

    component: NamedNode
    reason: str


Constraint = (
    Class
    | Datatype
    | NodeKind
    | Range
    | Length
    | Pattern
    | LanguageIn
    | In
    | HasValue
    | Count
    | UniqueLang
    | Pair
    | Not
    | Logical
    | Node
    | Property
    | Qualified
    | Closed
    | Sparql
    | Foreign
)


def component_of(constraint: Constraint) -> NamedNode:
    """The constraint component that a result of this constraint names."""
    if isinstance(constraint, Foreign):
        return constraint.component
    name = getattr(constraint, "parameter", type(constraint).__name__)
    local = "SPARQL" if isinstance(constraint, Sparql) else name[0].upper() + name[1:]
    return NamedNode(f"{SH}{local}ConstraintComponent")


@dataclass(frozen=True, slots=True)
class Shape:
    """A node shape (``path`` is None) or a property shape; ``constraints`` is empty when deactivated."""

    term: Term
    path: Path | None
    targets: Targets
    severity: NamedNode
    messages: tuple[Literal, ...]
    deactivated: bool
    constraints: tuple[Constraint, ...]


@dataclass(frozen=True, slots=True)
class Shapes:
    """All shapes of a shapes graph, by the node that stands for them, in stable order.

    ``graph`` is the shapes graph itself with lasting blank node labels.
    """

    by_term: Mapping[Term, Shape]
    graph: rdflib.Graph = field(repr=False, compare=False)

    def __getitem__(self, term: Term) -> Shape:
        return self.by_term[term]

    def with_targets(self) -> tuple[Shape, ...]:
        """The active shapes from which validation starts."""
        return tuple(s for s in self.by_term.values() if s.targets and not s.deactivated)
