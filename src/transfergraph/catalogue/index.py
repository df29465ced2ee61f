"""The triples of a catalogue, ready to be asked; literals are as they were written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

import pyoxigraph as ox

from transfergraph.catalogue.names import DCAT, FOAF, TYPE, VCARD

Node = ox.NamedNode | ox.BlankNode
Term = Node | ox.Literal

SUBCLASSES: Mapping[str, tuple[str, ...]] = {
    FOAF + "Agent": (FOAF + "Organization", FOAF + "Person", FOAF + "Group"),
    VCARD + "Kind": tuple(VCARD + name for name in ("Organization", "Individual", "Group", "Location")),
}


class Index:
    """Triples by subject and predicate, in a stable order."""

    def __init__(self, triples: Iterable[ox.Triple]) -> None:
        values: dict[Node, dict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
        self.triples = tuple(sorted(set(triples), key=str))
        for triple in self.triples:
            if isinstance(triple.subject, Node) and isinstance(triple.object, Term):
                values[triple.subject][triple.predicate.value].append(triple.object)
        self._values = {subject: dict(found) for subject, found in values.items()}

    def values(self, subject: Term, predicate: str) -> list[Term]:
        """The objects of the subject, none for a literal."""
        if isinstance(subject, ox.Literal):
            return []
        return self._values.get(subject, {}).get(predicate, [])

    def nodes(self, subject: Term, predicate: str) -> list[Node]:
        """The objects that are no literals."""
        return [value for value in self.values(subject, predicate) if not isinstance(value, ox.Literal)]

    def first(self, subject: Term, predicate: str) -> Term | None:
        """The first object, None when there is none."""
        return next(iter(self.values(subject, predicate)), None)

    def instances(self, name: str) -> list[Node]:
        """The nodes with that class, or with one that is known to be below it."""
        wanted = {name, *SUBCLASSES.get(name, ())}
        return [
            subject
            for subject, found in self._values.items()
            if any(value.value in wanted for value in found.get(TYPE, ()))
        ]

    def datasets(self) -> list[Node]:
        """The nodes of class ``dcat:Dataset``."""
        return self.instances(DCAT + "Dataset")

    def label(self, node: Term) -> str:
        """The IRI, or what a blank node calls itself, for a reader."""
        if isinstance(node, ox.BlankNode):
            for name in ("title", "identifier"):
                value = self.first(node, f"http://purl.org/dc/terms/{name}")
                if value is not None:
                    return f"_: {value.value}"
            return "_:"
        return node.value

    def reachable(self, start: Node) -> set[Node]:
        """The nodes that describe the start: itself and what its values refer to, step by step.

        Other datasets, services and catalogues end the walk.
        """
        ends = {*self.datasets(), *self.instances(DCAT + "DataService"), *self.instances(DCAT + "Catalog")}
        seen, waiting = {start}, [start]
        while waiting:
            for found in self._values.get(waiting.pop(), {}).values():
                for value in found:
                    if isinstance(value, Node) and value not in seen and value not in ends:
                        seen.add(value)
                        waiting.append(value)
        return seen
