"""Backtest of introductions: hide later undertakings, rank pairs, and count those that became ties."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import networkx as nx

from transfergraph.network.model.introductions import by_common_neighbours, rank
from transfergraph.network.model.network_graph import year
from transfergraph.network.model.projection import project_partners
from transfergraph.network.model.subnetworks import restricted

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class BacktestResult:
    """How many of the first ``suggestions`` became ties later.

    ``hits`` counts those of the ranking, ``neighbours`` those of the ranking by the number of shared partners
    alone, ``chance`` is what drawing so many of the ``pairs`` at random would hit in the mean; ``later``
    is the number of pairs among them that did become ties.
    """

    suggestions: int
    hits: int
    neighbours: int
    chance: float
    later: int
    pairs: int


def backtest(
    network: nx.Graph, consortium_limit: int, first_hidden: int, suggestions: Sequence[int]
) -> list[BacktestResult]:
    """Hide the undertakings that begin in the year ``first_hidden`` or later, and evaluate the suggestions.

    Only partners who had a tie before are considered. An undertaking without a stated start is not hidden.
    """
    hidden = {
        node
        for node, data in network.nodes(data=True)
        if data["bipartite"] == 1 and (year(data["start"]) or 0) >= first_hidden
    }
    return _evaluate(network, consortium_limit, hidden, suggestions)


def hide_each(network: nx.Graph, consortium_limit: int, suggestions: Sequence[int]) -> list[BacktestResult]:
    """Hide one undertaking after the other, as if it were still to come, and add up the results.

    For networks in which too few dates are stated to hide the last years.
    """
    rounds = [
        _evaluate(network, consortium_limit, {node}, suggestions)
        for node, side in network.nodes(data="bipartite")
        if side == 1 and network.degree(node) > 1
    ]
    return [_sum(results) for results in zip(*(one for one in rounds if one[0].later), strict=True)]


def _sum(results: Iterable[BacktestResult]) -> BacktestResult:
    every = list(results)
    return BacktestResult(
        every[0].suggestions,
        sum(one.hits for one in every),
        sum(one.neighbours for one in every),
        math.fsum(one.chance for one in every),
        sum(one.later for one in every),
        sum(one.pairs for one in every),
    )


def _evaluate(
    network: nx.Graph, consortium_limit: int, hidden: set[str], suggestions: Sequence[int]
) -> list[BacktestResult]:
    before = project_partners(restricted(network, set(network) - hidden), consortium_limit)
    after = project_partners(network, consortium_limit)
    active = {node for node in before if before.degree(node)}
    pairs = len(active) * (len(active) - 1) // 2 - before.number_of_edges()
    later = {(a, b) for a, b in after.edges() if a in active and b in active and not before.has_edge(a, b)}
    ranked = [(one.a, one.b) for one in rank(before, max(suggestions))]
    simple = by_common_neighbours(before, max(suggestions))
    return [
        BacktestResult(
            count,
            _hits(ranked[:count], later),
            _hits(simple[:count], later),
            min(count, pairs) * len(later) / pairs if pairs else 0.0,
            len(later),
            pairs,
        )
        for count in suggestions
    ]


def _hits(pairs: Iterable[Pair], later: set[Pair]) -> int:
    return sum(pair in later for pair in pairs)
