"""Measures of partners (ties, reach, broker, constraint) and of ties (significance), and the backbone.

Betweenness is exact where that takes seconds, or where igraph is installed (the extra ``fast``); otherwise
it is estimated from evenly spaced partners, and :attr:`Measures.pivots` says from how many.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec

import networkx as nx

from transfergraph.common.text import Text
from transfergraph.messages import both
from transfergraph.network.model.projection import check_weight

MEASURES = ("ties", "reach", "broker", "constraint", "funding", "undertakings")
"""Names of the measures; the messages ``network.measure.<name>`` and ``….definition`` say what each means."""

EXACT_STEPS = 20_000_000
"""Steps (partners times ties) up to which betweenness is exact in any case."""

SAMPLED_STEPS = 20_000_000


@dataclass(frozen=True, slots=True)
class Measure:
    """The measures of one partner.

    ``ties``        partners it shares an undertaking with
    ``reach``       others within two steps
    ``broker``      share of the shortest paths between any two others that lead through it, from 0 to 1
                    (L. C. Freeman, Sociometry 40 (1977) 35), ties unweighted; six decimals
    ``constraint``  R. S. Burt, Structural Holes (1992), equation 2.4, weighed by Newman's weight: from near 0
                    (its partners are not tied to each other) to above 1; None without a tie; six decimals
    """

    ties: int
    reach: int
    broker: float
    constraint: float | None


@dataclass(frozen=True, slots=True)
class Measures:
    """The measures by partner; ``pivots`` is the number of partners from which ``broker`` was estimated, 0
    where it is exact."""

    of: Mapping[str, Measure]
    pivots: int


def measure(partners: nx.Graph) -> Measures:
    """The measures of every partner."""
    betweenness, pivots = broker(partners)
    constraints = constraint(partners)
    reached = reach(partners)
    return Measures(
        {
            node: Measure(partners.degree(node), reached[node], betweenness[node], constraints.get(node))
            for node in partners
        },
        pivots,
    )


def add_measures(partners: nx.Graph) -> None:
    """Give every partner its measures as attributes; ``graph["pivots"]`` is that of :class:`Measures`."""
    found = measure(partners)
    partners.graph["pivots"] = found.pivots
    for node, one in found.of.items():
        partners.nodes[node].update(
            ties=one.ties, reach=one.reach, broker=one.broker, constraint=one.constraint
        )


def reach(partners: nx.Graph) -> dict[str, int]:
    """For each partner the number of others within two steps."""
    neighbours = {node: set(near) for node, near in partners.adjacency()}
    return {
        node: len(near.union(*(neighbours[other] for other in near)) - {node})
        for node, near in neighbours.items()
    }


def constraint(partners: nx.Graph, weight: str = "newman") -> dict[str, float]:
    """Burt's constraint of each partner that has a tie."""
    strength = {
        node: math.fsum(data[weight] for data in around.values()) for node, around in partners.adjacency()
    }
    share = {
        node: {other: data[weight] / strength[node] for other, data in around.items()}
        for node, around in partners.adjacency()
        if around
    }
    found = {}
    for node, direct in share.items():
        invested = []
        for other, own in direct.items():
            near, far = direct, share[other]
            between = near if len(near) < len(far) else far
            through = math.fsum(
                near[q] * share[q][other] for q in sorted(between) if q in near and other in share[q]
            )
            invested.append((own + through) ** 2)
        found[node] = round(math.fsum(invested), 6)
    return found


def broker(partners: nx.Graph) -> tuple[dict[str, float], int]:
    """Normalised betweenness, and the number of pivots it was estimated from (0: exact)."""
    count, ties = len(partners), partners.number_of_edges()
    scale = (count - 1) * (count - 2)
    if scale <= 0 or not ties:
        return dict.fromkeys(partners, 0.0), 0
    if count * ties <= EXACT_STEPS:
        return _scaled(partners, _between(partners, range(count)), scale), 0
    if find_spec("igraph") is not None:
        return _with_igraph(partners), 0
    pivots = max(1, min(count, SAMPLED_STEPS // ties))
    chosen = [index * count // pivots for index in range(pivots)]
    return _scaled(partners, _between(partners, chosen), scale * pivots / count), pivots


def _scaled(partners: nx.Graph, totals: Sequence[float], scale: float) -> dict[str, float]:
    return {node: round(total / scale, 6) for node, total in zip(partners, totals, strict=True)}


def _with_igraph(partners: nx.Graph) -> dict[str, float]:
    """Normalised betweenness by igraph."""
    numbers = {node: number for number, node in enumerate(partners)}
    ties = [(numbers[a], numbers[b]) for a, b in partners.edges()]
    found = import_module("igraph").Graph(len(numbers), ties).betweenness()
    scale = (len(numbers) - 1) * (len(numbers) - 2) / 2
    return {node: round(found[number] / scale, 6) for node, number in numbers.items()}


def _between(partners: nx.Graph, sources: Iterable[int]) -> list[float]:
    """Twice the betweenness from these sources (U. Brandes, J. Math. Sociology 25 (2001) 163)."""
    numbers = {node: number for number, node in enumerate(partners)}
    around = [[numbers[other] for other in partners[node]] for node in partners]
    count = len(around)
    totals = [0.0] * count
    for source in sources:
        paths, depth = [0] * count, [-1] * count
        paths[source], depth[source] = 1, 0
        order = [source]
        for node in order:
            below, count_here = depth[node] + 1, paths[node]
            for other in around[node]:
                if depth[other] < 0:
                    depth[other] = below
                    order.append(other)
                if depth[other] == below:
                    paths[other] += count_here
        weights = [0.0] * count
        for node in reversed(order):
            above, per_path = depth[node] - 1, (1 + weights[node]) / paths[node]
            for other in around[node]:
                if depth[other] == above:
                    weights[other] += paths[other] * per_path
        for node in order[1:]:
            totals[node] += weights[node]
    return totals


LEVEL = 0.3
"""The significance at which the page offers the backbone at first."""


def weight_of(data: dict[str, float | None], weight: str) -> float:
    """The weight of a tie; an unknown one counts as nothing."""
    return data[weight] or 0.0


def significance(partners: nx.Graph, weight: str = "newman") -> dict[tuple[str, str], float]:
    """For each tie, keyed as ``partners.edges`` gives it, how easily chance explains its weight.

    M. Á. Serrano, M. Boguñá and A. Vespignani, PNAS 106 (2009) 6483, equation 2: seen from a partner with k
    ties of which this one has the share p of the whole weight, it is (1-p)^(k-1), the probability of at least
    that share if the weight were split at random. The smaller value of both ends counts; a partner with a
    single tie says nothing about it (1). Six decimals. Raises :class:`UsageError` for a weight that there is
    not.
    """
    check_weight(partners, weight)
    ends = {
        node: (len(around), sum(weight_of(data, weight) for data in around.values()))
        for node, around in partners.adjacency()
    }

    def seen_from(node: str, of: float) -> float:
        count, strength = ends[node]
        if count < 2 or not strength:
            return 1.0
        return float((1 - of / strength) ** (count - 1))

    return {
        (a, b): round(min(seen_from(one, weight_of(data, weight)) for one in (a, b)), 6)
        for a, b, data in partners.edges(data=True)
    }


@dataclass(frozen=True, slots=True)
class ThinnedTies:
    """The ties that are drawn, of how many."""

    ties: frozenset[tuple[str, str]]
    of: int

    @property
    def sentence(self) -> Text:
        """How many of the ties are drawn, in words."""
        return both("network.thinned", drawn=len(self.ties), ties=self.of)


def thin(partners: nx.Graph, weight: str = "newman", minimum: float = 0, level: float = 1) -> ThinnedTies:
    """The ties of at least this weight that stand out at this level.

    ``level`` 1 keeps all; below it a tie stays whose :func:`significance` is smaller. The strongest tie of
    each partner always stays (ties of equal weight together), so that thinning makes nobody look alone.
    Raises :class:`UsageError` for a weight that there is not.
    """
    check_weight(partners, weight)
    found = significance(partners, weight) if level < 1 else {}
    strongest = {
        node: max((weight_of(data, weight) for data in around.values()), default=0.0)
        for node, around in partners.adjacency()
    }

    def stands_out(a: str, b: str, value: float) -> bool:
        if level >= 1 or found[a, b] < level:
            return True
        return value > 0 and value in (strongest[a], strongest[b])

    strong = frozenset(
        (a, b)
        for a, b, data in partners.edges(data=True)
        if (value := weight_of(data, weight)) >= minimum and stands_out(a, b, value)
    )
    return ThinnedTies(strong, partners.number_of_edges())
