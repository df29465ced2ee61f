"""A shape at a set of focus nodes: what the patterns of its constraints are made from."""

from __future__ import annotations

from dataclasses import dataclass

from transfergraph.shacl.node_sets import Nodes, instances, node_set, union
from transfergraph.shacl.property_paths import Path
from transfergraph.shacl.shape_model import NotCompiled, Shape, Shapes, Targets
from transfergraph.store import Term

_DEEPEST = 30
"""Nesting of shapes up to which a query is safe for stores that parse recursively."""


@dataclass(frozen=True, slots=True)
class FocusPatterns:
    """A shape that is tested at a set of focus nodes, inside the tests of ``outer`` shapes."""

    shapes: Shapes
    shape: Shape
    nodes: Nodes
    outer: tuple[Term, ...] = ()

    @property
    def path(self) -> Path | None:
        """The path of a property shape."""
        return self.shape.path

    @property
    def focus(self) -> str:
        """The variable of the focus nodes."""
        return self.nodes.variable

    @property
    def value(self) -> str:
        """The variable of the value nodes: of a node shape, the focus nodes themselves."""
        return self.focus if self.path is None else self.nodes.value_variable()

    def reached(self) -> str:
        """A pattern of each focus node with each of its value nodes."""
        return self.nodes.pattern if self.path is None else self.nodes.reached(self.path)

    def reached_where(self, condition: str) -> str:
        """A pattern of each focus node with those of its value nodes for which the condition holds."""
        if self.path is None:
            return f"{self.nodes.pattern} {condition}"
        return self.nodes.reached_where(self.path, condition)

    def own_path(self) -> Path:
        """The path of a shape with a parameter that reading allows at property shapes alone."""
        assert self.path is not None
        return self.path

    def child(self, term: Term) -> FocusPatterns:
        """A shape of ``sh:property``, validated at the value nodes of this one."""
        return self._other(term, self.nodes.values(self.path))

    def inner(self, term: Term) -> FocusPatterns:
        """A shape to which the value nodes of this one have to conform, tested there and perhaps elsewhere.

        Whether a node conforms does not depend on how it was reached.
        """
        return self._other(term, self.nodes.possible_values(self.path))

    def _other(self, term: Term, nodes: Nodes) -> FocusPatterns:
        outer = (*self.outer, self.shape.term)
        if term in outer:
            raise NotCompiled(f"the shape {term} refers to itself, which SHACL leaves undefined")
        if len(outer) > _DEEPEST:
            raise NotCompiled(f"shapes are nested more than {_DEEPEST} deep")
        return FocusPatterns(self.shapes, self.shapes[term], nodes, outer)


def target_nodes(targets: Targets) -> Nodes:
    """The focus nodes of a shape with these targets, each once however many targets reach it."""
    patterns = [instances("?n0", iri.value) for iri in targets.classes]
    patterns += [f"?n0 {iri} ?any ." for iri in targets.subjects_of]
    patterns += [f"?any {iri} ?n0 ." for iri in targets.objects_of]
    if targets.nodes:
        patterns.append(f"VALUES ?n0 {{ {' '.join(str(term) for term in targets.nodes)} }}")
    are_few = not (targets.classes or targets.subjects_of or targets.objects_of)
    return node_set("?n0", union(patterns), are_few)
