"""The triples of a catalogue by subject and predicate; literals are as they were written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from urllib.parse import quote

import pyoxigraph as ox

from transfergraph.common.namespaces import DCAT, DCT, FOAF, TYPE, VCARD

Node = ox.NamedNode | ox.BlankNode
Term = Node | ox.Literal

SUBCLASSES: Mapping[str, tuple[str, ...]] = {
    FOAF + "Agent": (FOAF + "Organization", FOAF + "Person", FOAF + "Group"),
    VCARD + "Kind": tuple(VCARD + name for name in ("Organization", "Individual", "Group", "Location")),
}


class CatalogueIndex:
    """Triples by subject and predicate, in a stable order."""

    def __init__(self, triples: Iterable[ox.Triple]) -> None:
        values: dict[Node, dict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
        self.triples = tuple(sorted(set(triples), key=str))
        for triple in self.triples:
            if isinstance(triple.subject, Node) and isinstance(triple.object, Term):
                values[triple.subject][triple.predicate.value].append(triple.object)
        self._values = {subject: dict(found) for subject, found in values.items()}
        self._classes: dict[str, list[Node]] = defaultdict(list)
        for subject, found in self._values.items():
            for value in found.get(TYPE, ()):
                self._classes[value.value].append(subject)
        self._ends = {
            node for name in ("Dataset", "DataService", "Catalog") for node in self.instances(DCAT + name)
        }

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
        found = [self._classes.get(known, ()) for known in (name, *SUBCLASSES.get(name, ()))]
        return list(dict.fromkeys(node for nodes in found for node in nodes))

    def subjects(self) -> list[Node]:
        """The nodes that have a property."""
        return list(self._values)

    def datasets(self) -> list[Node]:
        """The nodes of class ``dcat:Dataset``."""
        return self.instances(DCAT + "Dataset")

    def label(self, node: Term) -> str:
        """The IRI; of a blank node a URN made from its title or identifier, for a reader."""
        if not isinstance(node, ox.BlankNode):
            return node.value
        for name in ("title", "identifier"):
            value = self.first(node, DCT + name)
            if value is not None:
                return f"urn:blank:{quote(value.value, safe='')}"
        return "urn:blank:"

    def reachable(self, start: Node) -> set[Node]:
        """The nodes that describe the start: itself and what its values refer to, step by step.

        Other datasets, services and catalogues are not followed.
        """
        seen, waiting = {start}, [start]
        while waiting:
            for found in self._values.get(waiting.pop(), {}).values():
                for value in found:
                    if isinstance(value, Node) and value not in seen and value not in self._ends:
                        seen.add(value)
                        waiting.append(value)
        return seen
