"""Partners tied directly: the projection of the network onto its organisations, with its weights.

Of an undertaking in which n organisations take part, each pair of them gets

``shared``   1
``newman``   1/(n-1): a large consortium says little about a pair (M. E. J. Newman, Physical Review E
             64, 016132, equation 2)
``funding``  (a + b)/(n-1) where a and b are the shares of the two in euro. A share is the amount stated for
             the participation; what remains of the amount of the undertaking is divided equally among
             those without one. The pairs of an undertaking thus get together what its organisations get.

and a tie is the sum over the undertakings that the two share.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

import networkx as nx

from transfergraph.common.text import column_name
from transfergraph.network.model.node_classes import gathers

LARGE = 10
"""Organisations of one undertaking above which it counts as a large consortium."""

WEIGHTS = ("shared", "newman", "funding")


@dataclass(frozen=True, slots=True)
class _Consortium:
    """One undertaking: its organisations in order, their participations and their shares in euro."""

    undertaking: str
    members: tuple[str, ...]
    edges: Mapping[str, Mapping[str, int | None]]
    shares: Mapping[str, float]

    @property
    def size(self) -> int:
        return len(self.members)


@dataclass(frozen=True, slots=True)
class Meeting:
    """What one undertaking adds to the tie of two organisations; years and funding may be unknown."""

    undertaking: str
    size: int
    first_year: int | None
    last_year: int | None
    overlaps: bool
    funding: float | None


def project_partners(network: nx.Graph, consortium_limit: int) -> nx.Graph:
    """The organisations of a network, two of them tied when they share an undertaking.

    Nodes keep their attributes and get ``topics`` and ``programmes`` of the undertakings they take part in,
    ``alliances`` (IRIs of the alliances they take part in or in a part of which they do), ``undertakings``
    (their number) and ``funding`` (the sum of their shares in euro, or None).
    A tie has

    ``shared``, ``newman``, ``funding``   the weights of this module; ``newman`` has six decimals, ``funding``
                                          two, or is None where no amount is known
    ``undertakings``                      IRIs of the shared undertakings, ascending
    ``first_year``, ``last_year``         the years in which both are known to take part in the same one
    ``smallest``                          organisations in the smallest undertaking they share
    ``large``                             1 when all that they share are large consortia, else 0

    An undertaking with more than ``consortium_limit`` organisations ties nobody; ``graph["untied"]`` lists
    them with their sizes.
    """
    partners = nx.Graph(**network.graph)
    consortia = {one.undertaking: one for one in _consortia(network)}
    tying = {one: c for one, c in consortia.items() if c.size <= consortium_limit}
    partners.graph["limit"] = consortium_limit
    partners.graph["untied"] = {one: c.size for one, c in consortia.items() if one not in tying}
    alliances = alliances_of(network)
    partners.graph["names"] = network.graph["names"] | {
        node: tuple(data[column_name("label", one)] for one in network.graph["languages"])
        for node, data in network.nodes(data=True)
        if data["bipartite"] == 1
    }
    taken: defaultdict[str, list[_Consortium]] = defaultdict(list)
    for one in consortia.values():
        for member in one.members:
            taken[member].append(one)
    for node, data in network.nodes(data=True):
        if data["bipartite"] == 0:
            partners.add_node(
                node, **{**data, **_undertaking_attributes(network, node, taken[node], alliances)}
            )
    evidence: defaultdict[tuple[str, str], list[_Consortium]] = defaultdict(list)
    for one in tying.values():
        for pair in combinations(one.members, 2):
            evidence[pair].append(one)
    for (a, b), shared in sorted(evidence.items()):
        partners.add_edge(a, b, **_tie(a, b, shared))
    return partners


def _consortia(network: nx.Graph) -> Iterator[_Consortium]:
    """Every undertaking with somebody in it, by IRI."""
    members: defaultdict[str, list[str]] = defaultdict(list)
    for a, b, data in network.edges(data=True):
        if data["relation"] == "participation":
            organisation, undertaking = (a, b) if network.nodes[a]["bipartite"] == 0 else (b, a)
            members[undertaking].append(organisation)
    for undertaking in sorted(members):
        edges = {one: network.edges[one, undertaking] for one in sorted(members[undertaking])}
        amounts = {one: edge["amount"] for one, edge in edges.items()}
        whole = network.nodes[undertaking]["amount"]
        yield _Consortium(undertaking, tuple(edges), edges, shares(whole, amounts))


def tying_limit(network: nx.Graph, consortium_limit: int) -> int:
    """The greatest number of organisations up to which undertakings tie, so that a picture can hold the ties.

    It is ``consortium_limit``, or less where that would make more than 10,000 pairs and 5 for each
    organisation besides; at least 2.
    """
    sizes = Counter(one.size for one in _consortia(network))
    organisations = sum(1 for _, kind in network.nodes(data="bipartite") if kind == 0)
    left = 10_000 + 5 * organisations
    for size in range(2, consortium_limit + 1):
        left -= sizes[size] * size * (size - 1) // 2
        if left < 0:
            return max(2, size - 1)
    return consortium_limit


def shares(whole: float | None, stated: Mapping[str, float | None]) -> dict[str, float]:
    """The share in euro of each organisation whose share is stated or follows from what remains."""
    found = {one: amount for one, amount in stated.items() if amount is not None}
    without = [one for one, amount in stated.items() if amount is None]
    if whole is not None and without:
        rest = max(0.0, whole - math.fsum(found.values()))
        found |= {one: rest / len(without) for one in without}
    return found


def _tie(a: str, b: str, shared: list[_Consortium]) -> dict[str, object]:
    meetings = [_meeting(a, b, one) for one in shared]
    newman = sum((Fraction(1, one.size - 1) for one in shared), Fraction(0))
    money = [one.funding for one in meetings if one.funding is not None]
    together = [one for one in meetings if one.overlaps]
    smallest = min(one.size for one in shared)
    return {
        "shared": len(shared),
        "newman": float(round(newman, 6)),
        "funding": round(math.fsum(money), 2) if money else None,
        "undertakings": [one.undertaking for one in shared],
        "first_year": min((y for one in together if (y := one.first_year) is not None), default=None),
        "last_year": max((y for one in together if (y := one.last_year) is not None), default=None),
        "smallest": smallest,
        "large": int(smallest > LARGE),
    }


def meeting(network: nx.Graph, a: str, b: str, undertaking: str) -> Meeting:
    """What this undertaking, in which both take part, adds to their tie."""
    members = sorted(one for one in network[undertaking] if network.nodes[one]["bipartite"] == 0)
    edges = {one: network.edges[one, undertaking] for one in members}
    amounts = {one: edge["amount"] for one, edge in edges.items()}
    whole = shares(network.nodes[undertaking]["amount"], amounts)
    return _meeting(a, b, _Consortium(undertaking, tuple(members), edges, whole))


def _meeting(a: str, b: str, one: _Consortium) -> Meeting:
    first = _both(max, one.edges[a]["first_year"], one.edges[b]["first_year"])
    last = _both(min, one.edges[a]["last_year"], one.edges[b]["last_year"])
    funding = [one.shares[member] for member in (a, b) if member in one.shares]
    return Meeting(
        one.undertaking,
        one.size,
        first,
        last,
        first is None or last is None or first <= last,
        math.fsum(funding) / (one.size - 1) if funding else None,
    )


def _both(choose: Callable[[int, int], int], a: int | None, b: int | None) -> int | None:
    """What is unknown of one partner is unknown of the pair."""
    return None if a is None or b is None else choose(a, b)


def _undertaking_attributes(
    network: nx.Graph, node: str, taken: Iterable[_Consortium], alliances: Mapping[str, str]
) -> dict[str, object]:
    undertakings = [one.undertaking for one in taken]
    money = [one.shares[node] for one in taken if node in one.shares]
    return {
        "topics": sorted({topic for one in undertakings for topic in network.nodes[one]["topics"]}),
        "programmes": sorted({p for one in undertakings for p in network.nodes[one]["programmes"]}),
        "alliances": sorted({alliances[one] for one in undertakings if one in alliances}),
        "undertakings": len(undertakings),
        "funding": round(math.fsum(money), 2) if money else None,
    }


def alliances_of(network: nx.Graph) -> dict[str, str]:
    """For each undertaking that gathers others and all that is part of it: which; of several the first."""
    parts: defaultdict[str, list[str]] = defaultdict(list)
    for _, _, data in network.edges(data=True):
        if data["relation"] == "part-of":
            parts[data["whole"]].append(data["part"])
    found: dict[str, str] = {}
    for alliance in sorted(node for node in network if gathers(network, node)):
        waiting = [alliance]
        while waiting:
            one = waiting.pop()
            if one not in found:
                found[one] = alliance
                waiting.extend(sorted(parts[one]))
    return found
