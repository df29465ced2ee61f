"""How two partners are connected: the shortest and the strongest paths, each step with its evidence."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import islice, pairwise

import networkx as nx
from pyoxigraph import NamedNode

from transfergraph.common.namespaces import TG
from transfergraph.common.text import Text
from transfergraph.errors import UsageError
from transfergraph.messages import explained
from transfergraph.network.model.evidence import TieEvidence, evidence_of, evidence_query
from transfergraph.network.model.sentences import begin, join, name_of, say

SHOWN_PATHS = 3
"""Paths of each sort that :func:`connect` describes."""

_MOST_SHORTEST = 10_000


@dataclass(frozen=True, slots=True)
class TiePath:
    """Partners in order and the evidence for each step. ``cost`` is the sum of 1/weight by Newman's weight,
    the smaller the stronger (M. E. J. Newman, Physical Review E 64, 016132, section IV)."""

    partners: tuple[str, ...]
    steps: tuple[TieEvidence, ...]
    cost: float

    @property
    def query(self) -> str:
        """A SPARQL query that returns what the steps rest on."""
        return evidence_query(pairwise(self.partners))


@dataclass(frozen=True, slots=True)
class PartnerConnection:
    """How ``a`` and ``b`` are connected.

    ``shortest`` are paths of the fewest steps, the strongest first, of ``all_shortest`` that there are,
    counted up to 10,000; ``strongest`` those of the least cost. Both are empty where no path leads from
    one to the other.
    """

    a: str
    b: str
    shortest: tuple[TiePath, ...]
    all_shortest: int
    strongest: tuple[TiePath, ...]

    @property
    def query(self) -> str:
        """A SPARQL query for all shortest paths: a row for each, with every partner on it."""
        return shortest_query(self.a, self.b, len(self.shortest[0].steps)) if self.shortest else ""


def connect(
    network: nx.Graph, partners: nx.Graph, a: str, b: str, at_most: int = SHOWN_PATHS
) -> PartnerConnection:
    """The paths between two organisations; ``partners`` is the projection of ``network``.

    Raises :class:`UsageError` when one of the two is no organisation of the network, or both are the same.
    """
    for one in (a, b):
        if one not in partners:
            raise UsageError(explained("error.network.organisation", one=one))
    if a == b:
        raise UsageError(explained("error.network.one", a=a))
    if not nx.has_path(partners, a, b):
        return PartnerConnection(a, b, (), 0, ())
    found = islice(nx.all_shortest_paths(partners, a, b), _MOST_SHORTEST)
    shortest = sorted((tuple(path) for path in found), key=lambda path: (_cost(partners, path), path))
    by_strength = nx.shortest_simple_paths(partners, a, b, weight=_distance)
    strongest = [tuple(path) for path in islice(by_strength, at_most)]
    return PartnerConnection(
        a,
        b,
        tuple(_tie_path(network, partners, path) for path in shortest[:at_most]),
        len(shortest),
        tuple(_tie_path(network, partners, path) for path in strongest),
    )


def _distance(_a: str, _b: str, data: dict[str, float]) -> float:
    return 1 / data["newman"]


def _cost(partners: nx.Graph, path: tuple[str, ...]) -> float:
    return round(math.fsum(1 / partners.edges[step]["newman"] for step in pairwise(path)), 6)


def _tie_path(network: nx.Graph, partners: nx.Graph, path: tuple[str, ...]) -> TiePath:
    limit = partners.graph["limit"]
    steps = tuple(evidence_of(network, *step, limit) for step in pairwise(path))
    return TiePath(path, steps, _cost(partners, path))


def path_sentence(network: nx.Graph, path: TiePath) -> Text:
    """A path as one sentence, with what each step rests on."""
    return Text.made(lambda language: _sentence(network, path, language), network.graph["languages"])


def connection_sentence(network: nx.Graph, connection: PartnerConnection) -> Text:
    """What there is between two organisations, in one sentence."""

    def in_language(language: str) -> str:
        a, b = (name_of(network, one, language) for one in (connection.a, connection.b))
        if not connection.shortest:
            return begin(say("network.path.none", language, a=a, b=b))
        steps, paths = len(connection.shortest[0].steps), connection.all_shortest
        if steps == 1:
            return begin(say("network.path.direct", language, a=a, b=b))
        return begin(say("network.path.found", language, a=a, b=b, steps=steps, ways=paths))

    return Text.made(in_language, network.graph["languages"])


def _sentence(network: nx.Graph, path: TiePath, language: str) -> str:
    parts = []
    for step in path.steps:
        names = [name_of(network, one.undertaking, language) for one in step.shared if one.counted]
        ends = {end: name_of(network, one, language) for end, one in (("a", step.a), ("b", step.b))}
        parts.append(say("network.path.step", language, **ends, undertakings=join(names, language)))
    return begin("; ".join(parts))


def shortest_query(a: str, b: str, steps: int) -> str:
    """A SPARQL query for the paths of exactly so many steps between two organisations, one row for each.

    It follows ``tg:cooperatesWith``, which holds between those who share an undertaking within the limit.
    """
    between = [f"?partner{number}" for number in range(1, steps)]
    nodes = [str(NamedNode(a)), *between, str(NamedNode(b))]
    lines = "\n".join(f"  {one} tg:cooperatesWith {other} ." for one, other in pairwise(nodes))
    variables = " ".join(between) or "(true AS ?tied)"
    order = f"\nORDER BY {' '.join(between)}" if between else ""
    prefix = f"PREFIX tg: <{TG}>\n\n"
    return f"{prefix}SELECT DISTINCT {variables}\nWHERE {{\n{lines}\n}}{order}\n"
