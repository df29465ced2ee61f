"""Graph patterns in SPARQL text: node sets, and the rows in which a constraint is broken.

Everything here is a set: a pattern stands alone, and patterns are combined by join, UNION and MINUS.
Nothing leans on a variable bound outside, as the inside of EXISTS would: stores evaluate sets with
hashes, once, and an EXISTS of more than one triple once per node.
"""

from __future__ import annotations

from dataclasses import dataclass

from transfergraph.shapes.paths import Path, is_repeated, is_single_step, path_text
from transfergraph.shapes.terms import RDF, RDFS

EMPTY = "FILTER(false)"
"""A pattern without solutions."""

_NO_MORE_THAN = "LIMIT 999999999"
"""Bounds what a planner may expect of a node set, so that it follows a repeated path from the nodes of
the set and not between all nodes of the graph."""


@dataclass(frozen=True, slots=True)
class Nodes:
    """A set of nodes: ``pattern`` binds ``variable`` to each, once."""

    variable: str
    pattern: str

    def value_variable(self) -> str:
        """A variable for the value nodes of these nodes; it is used nowhere in the pattern."""
        return f"?n{int(self.variable[2:]) + 1}"

    def values(self, path: Path | None) -> Nodes:
        """The value nodes of all these nodes together (SHACL section 2.1.5 calls them so)."""
        if path is None:
            return self
        return node_set(self.value_variable(), self.reached(path))

    def reached(self, path: Path) -> str:
        """A pattern of these nodes, each with each of its value nodes (perhaps more than once)."""
        pattern = self.pattern
        if is_repeated(path):
            pattern = f"{{ SELECT {self.variable} WHERE {{ {pattern} }} {_NO_MORE_THAN} }}"
        return f"{pattern} {self.variable} {path_text(path)} {self.value_variable()} ."

    def without(self, others: str) -> Nodes:
        """These nodes, less those that the pattern binds."""
        return Nodes(self.variable, f"{self.pattern} MINUS {{ {others} }}")


def node_set(variable: str, pattern: str) -> Nodes:
    """The distinct nodes to which the pattern binds the variable."""
    return Nodes(variable, f"{{ SELECT DISTINCT {variable} WHERE {{ {pattern} }} }}")


def instances(variable: str, iri: str) -> str:
    """A pattern of the SHACL instances of a class (SHACL section 2, "SHACL instance")."""
    return f"{variable} <{RDF}type>/<{RDFS}subClassOf>* <{iri}> ."


def union(patterns: list[str]) -> str:
    """A pattern of the solutions of all patterns together."""
    if not patterns:
        return EMPTY
    if len(patterns) == 1:
        return patterns[0]
    return " UNION ".join(f"{{ {pattern} }}" for pattern in patterns)


def having_value(nodes: Nodes, path: Path, condition: str = "") -> str:
    """A pattern that binds those of the nodes that have a value node, under a condition on it.

    One step of a path is looked up for all subjects at once; anything longer only from the nodes.
    """
    variable, value = nodes.variable, nodes.value_variable()
    if is_single_step(path):
        return f"{variable} {path_text(path)} {value} . {condition}"
    return node_set(variable, f"{nodes.reached(path)} {condition}").pattern


def counting(nodes: Nodes, path: Path, condition: str, comparison: str) -> str:
    """A pattern that binds those of the nodes whose number of value nodes, from 1 on, compares so."""
    variable, value = nodes.variable, nodes.value_variable()
    return (
        f"{{ SELECT {variable} WHERE {{ {nodes.reached(path)} {condition} }} "
        f"GROUP BY {variable} HAVING (COUNT(DISTINCT {value}) {comparison}) }}"
    )
