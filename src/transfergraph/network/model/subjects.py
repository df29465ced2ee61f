"""What a report or a part of the network can be about: a node, or a region, programme or topic."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from itertools import chain

import networkx as nx

from transfergraph.errors import UsageError
from transfergraph.messages import explained
from transfergraph.network.model.node_classes import gathers
from transfergraph.network.model.sentences import words_of
from transfergraph.network.model.subnetworks import (
    Selection,
    find_alliance,
    of_alliances,
    of_years,
    restricted,
)

CONCEPTS = ("regions", "programmes", "topics")
"""The attributes of nodes that hold the concepts a part of the network can be about."""


def select_part(network: nx.Graph, request: Selection, base: str) -> nx.Graph:
    """The part of a network of partners and undertakings that is asked for.

    Raises :class:`UsageError` for an alliance or subject that the network does not have.
    """
    part = network
    if request.alliances:
        wanted = {find_alliance(network, one, base) for one in request.alliances}
        part = of_alliances(part, wanted)
    if request.about:
        part = of_subject(part, find_subject(part, request.about, base))
    if request.years is not None:
        part = of_years(part, request.years)
    return part


def find_subject(network: nx.Graph, name: str, base: str) -> str:
    """The IRI of a node or concept by its key, IRI or a name of it, in any case of letters.

    Of several with one name it is a node, what gathers others before other undertakings and these before
    organisations, then the first by IRI. Raises :class:`UsageError` that names the nearest keys.
    """
    by_name: dict[str, str] = {}
    for iri, names in _candidates(network):
        key = iri.removeprefix(base).rpartition("/")[2]
        for one in (iri, key, *names):
            by_name.setdefault(one.casefold(), iri)
    found = by_name.get(name.strip().casefold())
    if found is not None:
        return found
    alike = difflib.get_close_matches(name.strip().casefold(), by_name, n=6, cutoff=0.6)
    near = list(dict.fromkeys(by_name[one].rpartition("/")[2] for one in alike))[:3]
    if near:
        raise UsageError(explained("error.network.subject-near", name=name, near=", ".join(near)))
    raise UsageError(explained("error.network.subject", name=name))


def _candidates(network: nx.Graph) -> Iterator[tuple[str, tuple[str, ...]]]:
    """What can be asked for, each with its names."""
    languages = network.graph["languages"]

    def rank(node: str) -> tuple[bool, bool, str]:
        return not gathers(network, node), network.nodes[node]["bipartite"] == 0, node

    for node in sorted(network, key=rank):
        data = network.nodes[node]
        names = words_of(network, data).by_language(languages).values()
        yield node, (*names, *data["alternative_labels"])
    for concept in sorted(concepts_of(network)):
        known = (network.graph[kept].get(concept, ()) for kept in ("names", "other_names"))
        yield concept, tuple(chain.from_iterable(known))


def concepts_of(network: nx.Graph) -> set[str]:
    """The regions, programmes and topics that nodes state, and those above them."""
    stated = {one for _, data in network.nodes(data=True) for name in CONCEPTS for one in data[name]}
    return stated | {above for one in stated for above in _above(network, one)}


def _above(network: nx.Graph, concept: str) -> set[str]:
    found: set[str] = set()
    rest = [concept]
    while rest:
        wholes = set(network.graph["wholes"].get(rest.pop(), ())) - found
        found |= wholes
        rest += sorted(wholes)
    return found


def states(network: nx.Graph, node: str, concept: str) -> bool:
    """Whether a node states a concept, or one below it."""
    data = network.nodes[node]
    stated = {one for name in CONCEPTS for one in data[name]}
    return concept in stated or any(concept in _above(network, one) for one in stated)


def of_subject(network: nx.Graph, subject: str) -> nx.Graph:
    """The part of the network around a subject.

    Of an organisation: what it takes part in, and everybody who does. Of an undertaking: all that is part of
    it, and everybody who takes part. Of a concept: the undertakings and organisations that state it, what
    these organisations take part in, and who takes part in these undertakings.
    """
    if subject not in network:
        own = {node for node in network if states(network, node, subject)}
        return restricted(network, own | {other for node in own for other in network[node]})
    if network.nodes[subject]["bipartite"] == 0:
        undertakings = set(network[subject])
        partners = {
            other for one in undertakings for other in network[one] if network.nodes[other]["bipartite"] == 0
        }
        return restricted(network, {subject, *undertakings, *partners})
    if gathers(network, subject):
        return of_alliances(network, {subject})
    inside, rest = {subject}, [subject]
    while rest:
        here = rest.pop()
        parts = {other for other, edge in network[here].items() if edge.get("whole") == here} - inside
        inside |= parts
        rest += sorted(parts)
    partners = {other for one in inside for other in network[one] if network.nodes[other]["bipartite"] == 0}
    return restricted(network, inside | partners)
