"""Graph patterns in SPARQL text: sets of nodes, a shape's focus nodes, and the value nodes they lead to.

Everything here is a set: a pattern stands alone, and patterns are combined by join, UNION and MINUS.
Nothing uses a variable bound outside, as the inside of EXISTS would: stores evaluate sets with hashes,
once, and an EXISTS of more than one triple once per node. Of one triple it is the quicker way.
"""

from __future__ import annotations

from dataclasses import dataclass

from transfergraph.common.namespaces import RDF, RDFS
from transfergraph.common.property_paths import (
    Alternative,
    Inverse,
    Path,
    Predicate,
    Repeated,
    Sequence,
    path_text,
)
from transfergraph.shacl.shape_model import NotCompiled, Shape, Shapes, Targets
from transfergraph.store import Term

EMPTY = "FILTER(false)"
"""A pattern without solutions."""

_NO_MORE_THAN = "LIMIT 999999999"
"""Bounds what a planner may expect of a node set, so that it follows a repeated path from the nodes of
the set and not between all nodes of the graph."""


@dataclass(frozen=True, slots=True)
class Nodes:
    """A set of nodes: ``pattern`` binds ``variable`` to each, once.

    ``are_few`` says that the nodes are listed one by one, so that looking from each of them is cheaper
    than going through all triples of a property.
    """

    variable: str
    pattern: str
    are_few: bool = False

    def value_variable(self) -> str:
        """A variable for the value nodes of these nodes; it is used nowhere in the pattern."""
        return f"?n{int(self.variable[2:]) + 1}"

    def values(self, path: Path | None) -> Nodes:
        """The value nodes of all these nodes together (SHACL section 2.1.5 calls them so)."""
        if path is None:
            return self
        return node_set(self.value_variable(), self.reached(path), self.are_few)

    def possible_values(self, path: Path | None) -> Nodes:
        """Nodes among which the value nodes are: perhaps more, where that is found more quickly."""
        if path is None or self.are_few or not is_single_step(path):
            return self.values(path)
        return node_set(self.value_variable(), self.step(path))

    def reached(self, path: Path) -> str:
        """A pattern of these nodes, each with each of its value nodes (perhaps more than once)."""
        pattern = self.pattern
        if is_repeated(path):
            pattern = f"{{ SELECT {self.variable} WHERE {{ {pattern} }} {_NO_MORE_THAN} }}"
        steps = f"{pattern} {self.step(path)}"
        if has_zero_length_match(path):
            # the node itself: SPARQL alone does not find it when it is in no triple
            still = f"{self.pattern} BIND({self.variable} AS {self.value_variable()})"
            return f"{{ {{ {steps} }} UNION {{ {still} }} }}"
        return steps

    def step(self, path: Path) -> str:
        """The path from this variable to that of the value nodes, from whichever node."""
        return f"{self.variable} {path_text(path)} {self.value_variable()} ."

    def reached_where(self, path: Path, condition: str, select: str = "*", group: str = "") -> str:
        """A pattern of these nodes, each with those of its value nodes for which the condition holds.

        As nodes that meet the condition of a broken constraint are rare, one step of a path is taken
        for the whole graph first, and the condition tested, before the nodes are looked at.
        """
        if is_single_step(path) and not self.are_few:
            return f"{{ SELECT {select} WHERE {{ {self.step(path)} {condition} }} {group} }} {self.pattern}"
        if select == "*":
            return f"{self.reached(path)} {condition}"
        return f"{{ SELECT {select} WHERE {{ {self.reached(path)} {condition} }} {group} }}"

    def without(self, others: str) -> str:
        """A pattern of these nodes, less those that another pattern binds."""
        return f"{self.pattern} MINUS {{ {others} }}"

    def without_step(self, path: Path) -> str:
        """A pattern of these nodes, less those from which one step leads anywhere."""
        return f"{self.pattern} FILTER NOT EXISTS {{ {self.step(path)} }}"


def node_set(variable: str, pattern: str, are_few: bool = False) -> Nodes:
    """The distinct nodes to which the pattern binds the variable."""
    return Nodes(variable, f"{{ SELECT DISTINCT {variable} WHERE {{ {pattern} }} }}", are_few)


def instances(variable: str, iri: str) -> str:
    """A pattern of the SHACL instances of a class (SHACL section 2, "SHACL instance").

    The class itself stands apart: in what is negated Virtuoso sees no path of any length.
    """
    return f"{variable} <{RDF}type>|(<{RDF}type>/<{RDFS}subClassOf>+) <{iri}> ."


def union(patterns: list[str]) -> str:
    """A pattern of the solutions of all patterns together."""
    if not patterns:
        return EMPTY
    if len(patterns) == 1:
        return patterns[0]
    return " UNION ".join(f"{{ {pattern} }}" for pattern in patterns)


def having_value(nodes: Nodes, path: Path, condition: str = "") -> str:
    """A pattern that binds those of the nodes that have a value node for which the condition holds.

    It may bind other nodes as well, when that is cheaper.
    """
    if is_single_step(path) and not nodes.are_few:
        return f"{nodes.step(path)} {condition}"
    return node_set(nodes.variable, f"{nodes.reached(path)} {condition}").pattern


def counting(nodes: Nodes, path: Path, condition: str, comparison: str) -> str:
    """A pattern that binds those of the nodes whose number of value nodes, from 1 on, compares so."""
    having = f"HAVING (COUNT(DISTINCT {nodes.value_variable()}) {comparison})"
    return nodes.reached_where(path, condition, nodes.variable, f"GROUP BY {nodes.variable} {having}")


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


def has_zero_length_match(path: Path) -> bool:
    """Whether each node is a value node of itself in any graph (ZeroLengthPath of SPARQL 1.1, 18.4)."""
    match path:
        case Predicate():
            return False
        case Inverse(step):
            return has_zero_length_match(step)
        case Sequence(steps):
            return all(has_zero_length_match(step) for step in steps)
        case Alternative(choices):
            return any(has_zero_length_match(choice) for choice in choices)
        case Repeated(step, times):
            return times != "+" or has_zero_length_match(step)


def is_single_step(path: Path) -> bool:
    """Whether the path is one property, forwards or backwards."""
    return isinstance(path, Predicate) or (isinstance(path, Inverse) and isinstance(path.step, Predicate))
