"""The triples of a catalogue by subject and predicate; literals are as they were written.

Of a large catalogue each term is kept once, and no triple: 500,000 triples take 100 MB less that way.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from urllib.parse import quote

import pyoxigraph as ox

from transfergraph.common.namespaces import DCAT, DCT, FOAF, TYPE, VCARD, prefixed_name

Node = ox.NamedNode | ox.BlankNode
Term = Node | ox.Literal

SUBCLASSES: Mapping[str, tuple[str, ...]] = {
    FOAF + "Agent": (FOAF + "Organization", FOAF + "Person", FOAF + "Group"),
    VCARD + "Kind": tuple(VCARD + name for name in ("Organization", "Individual", "Group", "Location")),
}


class CatalogueIndex:
    """Triples by subject and predicate, in a stable order."""

    def __init__(self, triples: Iterable[ox.Triple]) -> None:
        self._values = _by_subject(triples)
        self._classes: dict[str, list[Node]] = defaultdict(list)
        for subject, found in self._values.items():
            for value in found.get(TYPE, ()):
                self._classes[value.value].append(subject)
        self._ends = {
            node for name in ("Dataset", "DataService", "Catalog") for node in self.instances(DCAT + name)
        }

    @property
    def triples(self) -> Iterator[ox.Triple]:
        """All triples, in the order of their subjects, predicates and objects as N-Triples write them."""
        return (triple for subject in self._values for triple in self.about(subject))

    def about(self, subject: Node) -> Iterator[ox.Triple]:
        """The triples with that subject, in the same order."""
        for predicate, values in self._values.get(subject, {}).items():
            property_ = ox.NamedNode(predicate)
            yield from (ox.Triple(subject, property_, value) for value in values)

    def counted_iris(self) -> Counter[str]:
        """How often each IRI is a property or the value of one."""
        found: Counter[str] = Counter()
        nodes: Counter[Term] = Counter()
        for stated in self._values.values():
            for predicate, values in stated.items():
                found[predicate] += len(values)
                nodes.update(values)
        found.update({one.value: count for one, count in nodes.items() if isinstance(one, ox.NamedNode)})
        return found

    def values(self, subject: Term, predicate: str) -> Sequence[Term]:
        """The objects of the subject, none for a literal."""
        if isinstance(subject, ox.Literal):
            return ()
        return self._values.get(subject, {}).get(predicate, ())

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
        """The IRI; of a blank node a URN that says what it is, the same whenever the catalogue is read.

        It is made from its title or identifier, or else from what refers to it by which property; of several
        that are called alike the later ones, in the order of what they say, have a number.
        """
        return self._blank_names.get(node, "urn:blank:") if isinstance(node, ox.BlankNode) else node.value

    @cached_property
    def _blank_names(self) -> dict[ox.BlankNode, str]:
        owners: dict[ox.BlankNode, tuple[Node, str]] = {}
        for triple in self.triples:
            if isinstance(triple.object, ox.BlankNode) and isinstance(triple.subject, Node):
                found = (triple.subject, triple.predicate.value)
                known = owners.setdefault(triple.object, found)
                if isinstance(found[0], ox.NamedNode) and isinstance(known[0], ox.BlankNode):
                    owners[triple.object] = found
        alike: dict[str, list[ox.BlankNode]] = defaultdict(list)
        for node in {*owners, *(one for one in self._values if isinstance(one, ox.BlankNode))}:
            alike[self._called(node, owners)].append(node)
        return {
            node: f"{name}-{number}" if number > 1 else name
            for name, nodes in alike.items()
            for number, node in enumerate(sorted(nodes, key=lambda one: self._said(one, 3)), 1)
        }

    def _called(self, node: ox.BlankNode, owners: Mapping[ox.BlankNode, tuple[Node, str]]) -> str:
        """From its own title or identifier, or else by the way to it from what has an IRI or a title."""
        way: list[str] = []
        seen: set[Node] = set()
        at: Node = node
        while isinstance(at, ox.BlankNode) and at not in seen:
            seen.add(at)
            for name in ("title", "identifier"):
                values = sorted(value.value for value in self.values(at, DCT + name))
                if values:
                    return _by_way(quote(values[0], safe=""), way)
            if at not in owners:
                return _by_way("", way)
            at, predicate = owners[at]
            way.append(prefixed_name(predicate) or predicate)
        return _by_way(at.value if isinstance(at, ox.NamedNode) else "", way)

    def _said(self, node: Node, depth: int) -> str:
        """What is said of a blank node, without the names that its file gave to it and others."""
        parts = [
            f"{predicate} {self._said(value, depth - 1) if isinstance(value, ox.BlankNode) else value}"
            for predicate, values in self._values.get(node, {}).items()
            for value in values
        ]
        return f"[{'; '.join(sorted(parts))}]" if depth else ""

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


def _by_subject(triples: Iterable[ox.Triple]) -> dict[Node, dict[str, tuple[Term, ...]]]:
    """The objects by subject and predicate, all sorted, each once; statements about triples are left out."""
    known: dict[Term, Term] = {}
    names: dict[ox.NamedNode, str] = {}
    values: dict[Term, dict[str, list[Term]]] = {}
    for triple in triples:
        subject, predicate, value = triple
        if isinstance(subject, Node) and isinstance(value, Term):
            name = names.setdefault(predicate, predicate.value)
            stated = values.setdefault(known.setdefault(subject, subject), {})
            stated.setdefault(name, []).append(known.setdefault(value, value))
    return {
        subject: {name: tuple(sorted(set(found), key=str)) for name, found in sorted(stated.items())}
        for subject, stated in sorted(values.items(), key=lambda item: str(item[0]))
        if isinstance(subject, Node)
    }


def _by_way(start: str, way: list[str]) -> str:
    """The name of a blank node: where the way to it begins, and its properties, the last one first."""
    return f"urn:blank:{start}" + ("#" + "/".join(reversed(way)) if way else "")
