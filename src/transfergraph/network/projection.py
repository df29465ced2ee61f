"""Partners tied directly: the projection of the network onto its organisations."""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from itertools import combinations

import networkx as nx


def project_partners(network: nx.Graph, consortium_limit: int) -> nx.Graph:
    """The organisations of a network, two of them tied when they share an undertaking.

    Nodes keep their attributes. A tie has ``shared`` (number of shared undertakings), ``newman`` (the sum of
    1/(n-1) over them with n organisations each, rounded to six decimals; M. E. J. Newman, Physical Review E
    64, 016132) and ``undertakings`` (their IRIs, ascending). An undertaking with more than
    ``consortium_limit`` organisations ties nobody: being one of very many says little about a pair.
    """
    partners = nx.Graph(**network.graph)
    members: defaultdict[str, list[str]] = defaultdict(list)
    for node, data in network.nodes(data=True):
        if data["bipartite"] == 0:
            partners.add_node(node, **data)
    for a, b, data in network.edges(data=True):
        if data["relation"] == "participation":
            organisation, undertaking = (a, b) if network.nodes[a]["bipartite"] == 0 else (b, a)
            members[undertaking].append(organisation)
    evidence: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for undertaking in sorted(members):
        if len(members[undertaking]) <= consortium_limit:
            for pair in combinations(sorted(members[undertaking]), 2):
                evidence[pair].append(undertaking)
    for (a, b), undertakings in sorted(evidence.items()):
        newman = sum((Fraction(1, len(members[one]) - 1) for one in undertakings), Fraction(0))
        partners.add_edge(
            a, b, shared=len(undertakings), newman=float(round(newman, 6)), undertakings=undertakings
        )
    return partners
