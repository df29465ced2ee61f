"""From shapes to SPARQL SELECT queries: one query per shape and constraint (SHACL sections 4 and 5)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from transfergraph.shacl.focus_patterns import FocusPatterns, target_nodes
from transfergraph.shacl.node_sets import Nodes
from transfergraph.shacl.shape_model import Constraint, NotCompiled, Property, Shape, Shapes
from transfergraph.shacl.violation_patterns import violation_patterns
from transfergraph.store import Term

_LONGEST = 500_000
"""Characters of a query beyond which stores cannot be expected to plan it in time."""


@dataclass(frozen=True, slots=True)
class Query:
    """A SELECT query whose solutions are results of one constraint of one shape.

    It selects ``?this`` and, where the constraint has them, ``?value``, ``?path`` and ``?against``; for
    ``sh:sparql`` whatever the constraint's own query selects. ``nodes`` are the focus nodes.
    """

    shape: Shape
    constraint: Constraint
    text: str
    nodes: Nodes


@dataclass(frozen=True, slots=True)
class HandedOver:
    """A shape with targets that is validated by pySHACL, whole, and the reason in plain English."""

    shape: Term
    reason: str


@dataclass(frozen=True, slots=True)
class Plan:
    """How shapes are validated: by queries, and what is left to pySHACL."""

    shapes: Shapes
    queries: tuple[Query, ...]
    handed_over: tuple[HandedOver, ...]


def compile_shapes(shapes: Shapes) -> Plan:
    """The queries for all shapes with targets; what cannot be a query is named in ``handed_over``."""
    queries: dict[tuple[Term, Constraint, str], Query] = {}
    handed_over: list[HandedOver] = []
    for shape in shapes.with_targets():
        try:
            if shape.targets.foreign:
                raise NotCompiled(f"{' and '.join(shape.targets.foreign)} is not compiled")
            for query in list(_queries(FocusPatterns(shapes, shape, target_nodes(shape.targets)))):
                queries.setdefault((query.shape.term, query.constraint, query.text), query)
        except NotCompiled as reason:
            handed_over.append(HandedOver(shape.term, f"{reason}"))
    return Plan(shapes, tuple(queries.values()), tuple(handed_over))


def _queries(place: FocusPatterns) -> Iterator[Query]:
    for constraint in place.shape.constraints:
        if isinstance(constraint, Property):
            yield from _queries(place.child(constraint.shape))
            continue
        for rows in violation_patterns(place, constraint):
            text = rows.query()
            if len(text) > _LONGEST:
                raise NotCompiled(f"its query would be longer than {_LONGEST} characters")
            yield Query(place.shape, constraint, text, place.nodes)
