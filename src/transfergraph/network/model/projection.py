"""Partners tied directly: the projection of the network onto its organisations, with its weights.

Of an undertaking in which n organisations take part, each pair of them gets

``shared``   1
``newman``   1/(n-1): a large consortium says little about a pair (M. E. J. Newman, Physical Review E
             64, 016132, equation 2)
``funding``  the amounts in euro that sources state for the participations of the two; nothing of what the
             undertaking gets as a whole

and a tie is the sum over the undertakings that the two share. An amount in a part of another of these, in
which the same organisation has one, is not added to it. Without any stated amount there is no weight
``funding``.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from typing import Any

import networkx as nx

from transfergraph.common.text import column_name
from transfergraph.errors import UsageError
from transfergraph.messages import explained
from transfergraph.network.model.node_classes import gathers
from transfergraph.network.model.stated_amounts import sum_of_shares

LARGE = 10
"""Organisations of one undertaking above which it counts as a large consortium."""

FUNDING = "funding"
WEIGHTS = ("shared", "newman", FUNDING)

Share = tuple[float, str]
"""An amount in euro and its qualifier."""


@dataclass(frozen=True, slots=True)
class _Consortium:
    """One undertaking: its organisations in order, their participations and the shares that are stated."""

    undertaking: str
    members: tuple[str, ...]
    edges: Mapping[str, Mapping[str, int | None]]
    shares: Mapping[str, Sequence[Share]]

    @property
    def size(self) -> int:
        return len(self.members)


@dataclass(frozen=True, slots=True)
class Meeting:
    """What one undertaking adds to the tie of two organisations; years may be unknown."""

    undertaking: str
    size: int
    first_year: int | None
    last_year: int | None
    overlaps: bool


def project_partners(network: nx.Graph, consortium_limit: int) -> nx.Graph:
    """The organisations of a network, two of them tied when they share an undertaking.

    Nodes keep their attributes and get ``topics`` and ``programmes`` of the undertakings they take part in,
    ``alliances`` (IRIs of the alliances they take part in or in a part of which they do), ``undertakings``
    (their number), ``funding`` (the sum of their stated shares in euro, or None) and ``funding_qualifiers``
    (those of the shares that are added).
    A tie has

    ``shared``, ``newman``, ``funding``   the weights of this module; ``newman`` has six decimals, ``funding``
                                          is None where no share is stated
    ``funding_qualifiers``                those of the shares that are added
    ``undertakings``                      IRIs of the shared undertakings, ascending
    ``first_year``, ``last_year``         the years in which both are known to take part in the same one
    ``smallest``                          organisations in the smallest undertaking they share
    ``large``                             1 when all that they share are large consortia, else 0

    An undertaking with more than ``consortium_limit`` organisations ties nobody; ``graph["untied"]`` lists
    them with their sizes. ``graph["weights"]`` has the weights that tell ties apart.
    """
    partners = nx.Graph(**network.graph)
    consortia = {one.undertaking: one for one in _consortia(network)}
    tying = {one: c for one, c in consortia.items() if c.size <= consortium_limit}
    partners.graph["limit"] = consortium_limit
    partners.graph["untied"] = {one: c.size for one, c in consortia.items() if one not in tying}
    alliances, above = alliances_of(network), _above(network, consortia.values())
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
                node,
                **{**data, **_undertaking_attributes(network, taken[node], alliances)},
                **_funding((node,), taken[node], above),
            )
    evidence: defaultdict[tuple[str, str], list[_Consortium]] = defaultdict(list)
    for one in tying.values():
        for pair in combinations(one.members, 2):
            evidence[pair].append(one)
    for (a, b), shared in sorted(evidence.items()):
        partners.add_edge(a, b, **_tie(a, b, shared), **_funding((a, b), shared, above))
    stated = any(data[FUNDING] is not None for *_, data in partners.edges(data=True))
    partners.graph["weights"] = tuple(one for one in WEIGHTS if one != FUNDING or stated)
    return partners


def check_weight(partners: nx.Graph, weight: str) -> None:
    """Raise :class:`UsageError` for a weight that does not tell these ties apart."""
    if weight not in partners.graph.get("weights", WEIGHTS):
        known = ", ".join(partners.graph.get("weights", WEIGHTS))
        raise UsageError(explained("error.weight", weight=weight, known=known))


def _consortia(network: nx.Graph) -> Iterator[_Consortium]:
    """Every undertaking with somebody in it, by IRI."""
    members: defaultdict[str, list[str]] = defaultdict(list)
    for a, b, data in network.edges(data=True):
        if data["relation"] == "participation":
            organisation, undertaking = (a, b) if network.nodes[a]["bipartite"] == 0 else (b, a)
            members[undertaking].append(organisation)
    for undertaking in sorted(members):
        edges = {one: network.edges[one, undertaking] for one in sorted(members[undertaking])}
        yield _Consortium(undertaking, tuple(edges), edges, _shares(edges))


def _shares(edges: Mapping[str, Mapping[str, Any]]) -> dict[str, list[Share]]:
    """The shares that sources state, by organisation."""
    return {
        one: list(zip(edge["amounts"], edge["amount_qualifiers"], strict=True))
        for one, edge in edges.items()
        if edge["amounts"]
    }


def _above(network: nx.Graph, consortia: Iterable[_Consortium]) -> dict[str, frozenset[str]]:
    """What the undertakings with stated shares are part of, and what that is part of."""
    found = {}
    for undertaking in (one.undertaking for one in consortia if one.shares):
        above, waiting = set[str](), [undertaking]
        while waiting:
            here = waiting.pop()
            wholes = {edge["whole"] for edge in network[here].values() if edge.get("part") == here} - above
            above |= wholes
            waiting.extend(wholes)
        found[undertaking] = frozenset(above)
    return found


def _funding(
    ends: Iterable[str], taken: Sequence[_Consortium], above: Mapping[str, frozenset[str]]
) -> dict[str, object]:
    stated = {(end, one.undertaking): one.shares.get(end, ()) for one in taken for end in ends}
    total, qualifiers = sum_of_shares(stated, above)
    return {FUNDING: total, "funding_qualifiers": qualifiers}


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


def _tie(a: str, b: str, shared: list[_Consortium]) -> dict[str, object]:
    meetings = [_meeting(a, b, one) for one in shared]
    newman = sum((Fraction(1, one.size - 1) for one in shared), Fraction(0))
    together = [one for one in meetings if one.overlaps]
    smallest = min(one.size for one in shared)
    return {
        "shared": len(shared),
        "newman": float(round(newman, 6)),
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
    return _meeting(a, b, _Consortium(undertaking, tuple(members), edges, _shares(edges)))


def _meeting(a: str, b: str, one: _Consortium) -> Meeting:
    first = _both(max, one.edges[a]["first_year"], one.edges[b]["first_year"])
    last = _both(min, one.edges[a]["last_year"], one.edges[b]["last_year"])
    overlaps = first is None or last is None or first <= last
    return Meeting(one.undertaking, one.size, first, last, overlaps)


def _both(choose: Callable[[int, int], int], a: int | None, b: int | None) -> int | None:
    """What is unknown of one partner is unknown of the pair."""
    return None if a is None or b is None else choose(a, b)


def _undertaking_attributes(
    network: nx.Graph, taken: Iterable[_Consortium], alliances: Mapping[str, str]
) -> dict[str, object]:
    undertakings = [one.undertaking for one in taken]
    return {
        "topics": sorted({topic for one in undertakings for topic in network.nodes[one]["topics"]}),
        "programmes": sorted({p for one in undertakings for p in network.nodes[one]["programmes"]}),
        "alliances": sorted({alliances[one] for one in undertakings if one in alliances}),
        "undertakings": len(undertakings),
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
