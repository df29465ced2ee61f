"""Whom to introduce to whom: pairs without a tie that have much in common, each with its reason.

The score of a pair adds four parts, each between 0 and 1:

    0.45 Adamic-Adar   over the partners they share: the sum of 1/ln(ties)
    0.10 resources     over the same: the sum of 1/ties
    0.40 topics        over the topics they share: the sum of 1/ln(1 + partners with that topic), because a
                       rare topic binds more than everybody's
    0.05 surroundings  half for a region they share, half for a funding programme

The first three are divided by the largest of all pairs.

Adamic-Adar: L. A. Adamic and E. Adar, Social Networks 25 (2003) 211. Resource allocation: T. Zhou, L. Lü and
Y.-C. Zhang, European Physical Journal B 71 (2009) 623.

For a firm without any tie there are no shared partners; the nearest partners are those with the greatest

    0.4 the same alliance, 0.3 Jaccard index of their topics, 0.2 a region, 0.1 a programme

and among equals the greater broker; of what more than 200 partners share, the 200 greatest brokers count.
"""

from __future__ import annotations

import heapq
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import networkx as nx

from transfergraph.common.text import Text
from transfergraph.network.model.sentences import begin, join, name_of, say

SHOWN = 100
"""Suggestions that a page shows."""

BRIDGES = 3
"""Partners suggested to each firm without a tie."""

FIRMS = frozenset({"company"})
"""Kinds of organisation (keys of the scheme) that count as firms; the tables do not tell their size."""

_NOT_PARTNERS = frozenset({"government", "project-management-agency"})  # they fund and manage
_WEIGHTS = (0.45, 0.1, 0.4)
_SURROUNDINGS = 0.05
_NAMED = 3  # names in each part of a reason
_MOST = 200  # a partner with more ties, or a topic of more partners, says little about two of them
Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Introduction:
    """Two partners without a tie, how strong a suggestion they are (0 to 1, four decimals) and what they have
    in common, as IRIs; ``neighbours`` are the partners of both, the one with the fewest ties first."""

    a: str
    b: str
    score: float
    neighbours: tuple[str, ...]
    topics: tuple[str, ...]
    regions: tuple[str, ...]
    programmes: tuple[str, ...]
    alliances: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Isolate:
    """A firm without a tie, and the partners who could bring it in, the nearest first."""

    node: str
    bridges: tuple[Introduction, ...]


@dataclass(frozen=True, slots=True)
class Introductions:
    """The suggestions, the strongest first, and the firms without a tie, by IRI."""

    pairs: tuple[Introduction, ...]
    isolates: tuple[Isolate, ...]


def introduce(partners: nx.Graph, broker: Mapping[str, float], at_most: int = SHOWN) -> Introductions:
    """The strongest suggestions of a network of partners, as many among those without an alliance in common,
    and the bridges of each isolated firm."""
    scored, shared = _scored(partners)
    alliances = {node: frozenset(data) for node, data in partners.nodes(data="alliances")}
    apart = [one for one in scored if alliances[one[1][0]].isdisjoint(alliances[one[1][1]])]
    best = {*_strongest(scored, at_most), *_strongest(apart, at_most)}
    pairs = [
        _introduction(partners, *pair, score, shared.get(pair, ()))
        for score, pair in _strongest(best, len(best))
    ]
    return Introductions(tuple(pairs), tuple(_isolates(partners, broker)))


@dataclass(frozen=True, slots=True)
class _Candidate:
    """What is asked of a partner for each pair it is in, computed once: there are millions of pairs.

    ``whole`` is the partner and what it is a unit of.
    """

    neighbours: frozenset[str]
    whole: frozenset[str]
    topics: frozenset[str]
    regions: frozenset[str]
    programmes: frozenset[str]


def rank(partners: nx.Graph, at_most: int) -> list[Introduction]:
    """The pairs with the highest scores; equal ones by IRI."""
    scored, shared = _scored(partners)
    return [
        _introduction(partners, *pair, score, shared.get(pair, ()))
        for score, pair in _strongest(scored, at_most)
    ]


def _strongest(scored: Iterable[tuple[float, Pair]], at_most: int) -> list[tuple[float, Pair]]:
    return heapq.nsmallest(at_most, scored, key=lambda item: (-item[0], item[1]))


def _scored(partners: nx.Graph) -> tuple[list[tuple[float, Pair]], dict[Pair, list[str]]]:
    """The score of every pair with anything in common, and the partners that pairs share."""
    candidates = _candidates(partners)
    shared = _shared_neighbours(partners, candidates)
    pairs = sorted(shared.keys() | _pairs_by_topic(partners, candidates))
    frequency = Counter(topic for _, topics in partners.nodes(data="topics") for topic in topics)
    rarity = {topic: 1 / math.log(1 + count) for topic, count in frequency.items()}
    weights = {node: _weights(partners, node) for node in partners}
    parts = [
        _parts(candidates, pair, [weights[one] for one in shared.get(pair, ())], rarity) for pair in pairs
    ]
    most = [max(values) or 1.0 for values in zip(*parts, strict=True)]
    scored = []
    for pair, values in zip(pairs, parts, strict=True):
        score = sum(w * value / top for w, value, top in zip(_WEIGHTS, values, most, strict=True))
        scored.append((round(score + _SURROUNDINGS * _surroundings(candidates, pair), 4), pair))
    return scored, shared


def _candidates(partners: nx.Graph) -> dict[str, _Candidate]:
    """All partners but those that fund or manage."""
    return {
        node: _Candidate(
            frozenset(partners[node]),
            frozenset((node, *data["unit_of"])),
            frozenset(data["topics"]),
            frozenset(data["regions"]),
            frozenset(data["programmes"]),
        )
        for node, data in partners.nodes(data=True)
        if _kind(partners, node) not in _NOT_PARTNERS
    }


def _weights(partners: nx.Graph, node: str) -> tuple[float, float]:
    """How much a partner of both counts, by Adamic and Adar and by resource allocation."""
    ties = partners.degree(node)
    return (1 / math.log(ties), 1 / ties) if ties > 1 else (0.0, 0.0)


def _parts(
    candidates: Mapping[str, _Candidate],
    pair: Pair,
    shared: Sequence[tuple[float, float]],
    rarity: Mapping[str, float],
) -> tuple[float, float, float]:
    """Adamic-Adar, resource allocation and topics of a pair, not yet divided by the largest."""
    topics = candidates[pair[0]].topics & candidates[pair[1]].topics
    return (
        math.fsum(adamic_adar for adamic_adar, _ in shared),
        math.fsum(resources for _, resources in shared),
        math.fsum(rarity[topic] for topic in topics),
    )


def _surroundings(candidates: Mapping[str, _Candidate], pair: Pair) -> float:
    a, b = (candidates[one] for one in pair)
    return ((not a.regions.isdisjoint(b.regions)) + (not a.programmes.isdisjoint(b.programmes))) / 2


def by_common_neighbours(partners: nx.Graph, at_most: int) -> list[Pair]:
    """The pairs with the most partners in common; what :func:`rank` is compared with."""
    shared = _shared_neighbours(partners, _candidates(partners))
    return heapq.nsmallest(at_most, shared, key=lambda pair: (-len(shared[pair]), pair))


def _shared_neighbours(partners: nx.Graph, candidates: Mapping[str, _Candidate]) -> dict[Pair, list[str]]:
    """For each pair without a tie, the partners that both have."""
    shared: defaultdict[Pair, list[str]] = defaultdict(list)
    for middle in sorted(partners, key=lambda one: (partners.degree(one), one)):
        if partners.degree(middle) <= _MOST:
            for pair in _pairs(sorted(partners[middle]), candidates):
                shared[pair].append(middle)
    return dict(shared)


def _pairs_by_topic(partners: nx.Graph, candidates: Mapping[str, _Candidate]) -> set[Pair]:
    by_topic: defaultdict[str, list[str]] = defaultdict(list)
    for node, topics in sorted(partners.nodes(data="topics")):
        for topic in topics:
            by_topic[topic].append(node)
    return {pair for nodes in by_topic.values() if len(nodes) <= _MOST for pair in _pairs(nodes, candidates)}


def _pairs(nodes: Sequence[str], candidates: Mapping[str, _Candidate]) -> Iterator[Pair]:
    """The pairs of sorted partners that may be introduced to each other: they are no partners yet, and
    neither is a part of the other or of the same whole."""
    known = [(node, candidates[node]) for node in nodes if node in candidates]
    for (a, of_a), (b, of_b) in combinations(known, 2):
        if b not in of_a.neighbours and of_a.whole.isdisjoint(of_b.whole):
            yield a, b


def _kind(partners: nx.Graph, node: str) -> str:
    return str(partners.nodes[node]["kind"].rpartition("/")[2])


def _in_common(a: Mapping[str, list[str]], b: Mapping[str, list[str]], name: str) -> tuple[str, ...]:
    return tuple(sorted(set(a[name]).intersection(b[name])))


def _jaccard(a: Iterable[str], b: Iterable[str]) -> float:
    one, other = set(a), set(b)
    return len(one & other) / len(one | other) if one | other else 0.0


def _introduction(
    partners: nx.Graph, a: str, b: str, score: float, neighbours: Iterable[str]
) -> Introduction:
    of_a, of_b = partners.nodes[a], partners.nodes[b]
    common = (_in_common(of_a, of_b, name) for name in ("topics", "regions", "programmes", "alliances"))
    return Introduction(a, b, score, tuple(neighbours), *common)


def _isolates(partners: nx.Graph, broker: Mapping[str, float]) -> Iterator[Isolate]:
    ranked = sorted(
        (node for node in partners if partners.degree(node)), key=lambda node: (-broker[node], node)
    )
    position = {node: place for place, node in enumerate(ranked)}
    sharing: defaultdict[str, list[str]] = defaultdict(list)
    for node in ranked:
        for concept in _concepts(partners.nodes[node]):
            if len(sharing[concept]) < _MOST:
                sharing[concept].append(node)
    candidates = _candidates(partners)
    for node in sorted(set(partners).difference(position)):
        if _kind(partners, node) in FIRMS:
            found = set(ranked[:BRIDGES]).union(
                *(sharing.get(concept, ()) for concept in _concepts(partners.nodes[node]))
            )
            near = heapq.nsmallest(
                BRIDGES,
                (one for one in found if any(True for _ in _pairs((node, one), candidates))),
                key=lambda one: (-_nearness(partners, node, one), position[one]),
            )
            bridges = (_introduction(partners, node, one, _nearness(partners, node, one), ()) for one in near)
            yield Isolate(node, tuple(bridges))


def _concepts(data: Mapping[str, list[str]]) -> list[str]:
    return [*data["alliances"], *data["topics"], *data["regions"], *data["programmes"]]


def _nearness(partners: nx.Graph, node: str, other: str) -> float:
    a, b = partners.nodes[node], partners.nodes[other]
    return round(
        0.4 * bool(_in_common(a, b, "alliances"))
        + 0.3 * _jaccard(a["topics"], b["topics"])
        + 0.2 * bool(_in_common(a, b, "regions"))
        + 0.1 * bool(_in_common(a, b, "programmes")),
        4,
    )


def introduction_reason(partners: nx.Graph, introduction: Introduction) -> Text:
    """One sentence that says what the two have in common."""
    return Text.made(lambda one: _reason(partners, introduction, one), partners.graph["languages"])


def _reason(partners: nx.Graph, one: Introduction, language: str) -> str:
    common = {
        "network.introduction.neighbours": one.neighbours,
        "network.introduction.alliances": () if one.neighbours else one.alliances,
        "network.introduction.topics": one.topics,
        "network.introduction.regions": one.regions,
        "network.introduction.programmes": one.programmes,
    }
    parts = [
        _list(key, [name_of(partners, iri, language) for iri in iris], language)
        for key, iris in common.items()
        if iris
    ]
    return begin("; ".join(parts or [say("network.introduction.broker", language)]))


def _list(key: str, names: Sequence[str], language: str) -> str:
    rest = len(names) - _NAMED
    if rest > 0:
        return say(f"{key}.more", language, names=", ".join(names[:_NAMED]), rest=rest)
    return say(key, language, names=join(names, language))
