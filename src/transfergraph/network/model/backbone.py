"""Which ties stand out: a minimum weight, and the disparity filter."""

from __future__ import annotations

from dataclasses import dataclass

import networkx as nx

from transfergraph.common.text import Text
from transfergraph.messages import both

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
    single tie says nothing about it (1). Six decimals.
    """
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
    """
    found = significance(partners, weight) if level < 1 else {}
    strongest = {
        node: max((weight_of(data, weight) for data in around.values()), default=0.0)
        for node, around in partners.adjacency()
    }

    def stands_out(a: str, b: str, value: float) -> bool:
        if level >= 1 or found[a, b] < level:
            return True
        return value > 0 and value in (strongest[a], strongest[b])

    kept = frozenset(
        (a, b)
        for a, b, data in partners.edges(data=True)
        if (value := weight_of(data, weight)) >= minimum and stands_out(a, b, value)
    )
    return ThinnedTies(kept, partners.number_of_edges())
