"""The classes of the nodes of a network, as a workspace or a release declares them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import networkx as nx

from transfergraph.common.namespaces import local_name
from transfergraph.common.text import Languages, Text
from transfergraph.vocabulary.presentation import Presentation, Role


@dataclass(frozen=True, slots=True)
class NodeClass:
    """A class of nodes.

    ``name`` is its local name, or its IRI where a class before it has the same; ``members`` are the IRIs of
    the classes that say that a thing is of it. Of those that ``gather`` each is the centre of a community,
    with all that is part of it, and comes first in lists.
    """

    name: str
    iri: str
    label: Text
    is_organisation: bool
    gathers: bool
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NodeClasses:
    """The classes of nodes, those of organisations first, in the order of their tables.

    ``ranks`` has each member of a class, the more special before the more general and undertakings before
    organisations: what has several is a node of the first.
    """

    every: tuple[NodeClass, ...]
    ranks: Mapping[str, tuple[int, NodeClass]]

    @property
    def centres(self) -> tuple[NodeClass, ...]:
        """Those that gather."""
        return tuple(one for one in self.every if one.gathers)

    def of_side(self, organisations: bool) -> tuple[NodeClass, ...]:
        """Those of organisations, or of undertakings."""
        return tuple(one for one in self.every if one.is_organisation is organisations)

    def of(self, members: Iterable[str]) -> NodeClass:
        """The class of a node that has these classes, all of them members."""
        return min((self.ranks[one] for one in members), key=lambda found: found[0])[1]

    def described(self, languages: Languages) -> dict[str, dict[str, str | int]]:
        """What a network tells of its classes, by name."""
        return {
            one.name: {
                **one.label.to_columns("label", languages),
                "bipartite": 0 if one.is_organisation else 1,
                "gathers": int(one.gathers),
            }
            for one in self.every
        }


def node_classes(presentation: Presentation) -> NodeClasses:
    """The undertakings and organisations among the classes whose rows have a table of their own.

    A class without one counts as the nearest of its superclasses that has one.
    """
    own = {table.kind: key for key, table in presentation.tables.items() if table.kind}
    members: dict[str, list[str]] = {
        iri: []
        for role in (Role.ORGANISATION, Role.UNDERTAKING)
        for iri in own
        if presentation.role((iri,)) is role
    }
    ranked = [iri for role in (Role.UNDERTAKING, Role.ORGANISATION) for iri in presentation.of_role(role)]
    nearest: dict[str, str] = {}
    for iri in ranked:
        found = next((one for one in presentation.with_ancestors((iri,)) if one in members), None)
        if found is not None:
            nearest[iri] = found
            members[found].append(iri)
    made: dict[str, NodeClass] = {}
    for iri, several in members.items():
        shown, name = presentation.classes[iri], local_name(iri)
        made[iri] = NodeClass(
            iri if any(one.name == name for one in made.values()) else name,
            iri,
            shown.label,
            shown.role is Role.ORGANISATION,
            shown.gathers,
            tuple(several),
        )
    ranks = {iri: (rank, made[found]) for rank, (iri, found) in enumerate(nearest.items())}
    return NodeClasses(tuple(made.values()), ranks)


def gathers(network: nx.Graph, node: str) -> bool:
    """Whether a node is the centre of a community of its own."""
    return bool(network.graph["classes"][network.nodes[node]["class"]]["gathers"])
