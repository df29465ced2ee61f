"""Which nodes belong together: an undertaking that gathers others with its parts and partners; the rest.

A community is named after what its members work on and where they sit.
"""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import networkx as nx

from transfergraph.common.text import Text
from transfergraph.messages import both
from transfergraph.network.model.node_classes import gathers
from transfergraph.network.model.sentences import name_of, words_of

Weights = dict[int, dict[int, int]]
_ROUNDS = 20
_MOST_COMMUNITIES = 300


def whole_of(network: nx.Graph) -> dict[str, str]:
    """For each undertaking that is part of another: the undertaking it is drawn with.

    The first by IRI where there are several. A circle of parts is broken at its first member.
    """
    chosen: dict[str, str] = {}
    for _, _, data in network.edges(data=True):
        if data["relation"] == "part-of":
            part, whole = data["part"], data["whole"]
            chosen[part] = min(chosen.get(part, whole), whole)
    for part in sorted(chosen):
        seen = {part}
        step = chosen.get(part)
        while step is not None and step not in seen:
            seen.add(step)
            step = chosen.get(step)
        if step == part:
            del chosen[part]
    return chosen


def find_communities(network: nx.Graph, before: Mapping[str, str] | None = None) -> dict[str, str]:
    """For each node the node that its community is named after; an isolated node is its own.

    With the communities of an earlier network a node stays where it was unless another community raises
    modularity, and those communities do not merge.

    Every undertaking that gathers others (``tgsh:gathers``) is the centre of one community, together with
    everything that is part of it. All other nodes join the community that raises modularity most (V. D.
    Blondel et al., J. Stat. Mech. 2008, P10008), visited in the order of their IRIs and weighed by the
    number of roles. Of more than 300 communities with ties to others the smallest join the one that they
    are tied to most. All arithmetic is in whole numbers and nothing is random, so that the result does not
    depend on machine or version.
    """
    wholes = whole_of(network)
    root = {node: _root(node, wholes) for node in network}
    centres = sorted(set(root.values()))
    number = {node: index for index, node in enumerate(centres)}
    weights: Weights = {index: {} for index in range(len(centres))}
    for a, b, data in network.edges(data=True):
        _add(weights, number[root[a]], number[root[b]], max(1, len(data.get("roles", ()))))
    fixed = {number[node] for node in centres if gathers(network, node)}
    old = before or {}
    start = _starting(centres, fixed, old)
    kept_apart = fixed.union(number[node] for node in centres if node in old)
    labels = _merge_smallest(weights, _until_stable(weights, fixed, kept_apart, start), fixed)
    names = _names(network, centres, labels, fixed)
    return {node: names[labels[number[root[node]]]] for node in network}


def _root(node: str, wholes: Mapping[str, str]) -> str:
    while node in wholes:
        node = wholes[node]
    return node


def _add(weights: Weights, a: int, b: int, weight: int) -> None:
    """Add to an undirected weight; a loop counts twice, as both of its ends are here."""
    weights[a][b] = weights[a].get(b, 0) + weight
    weights[b][a] = weights[b].get(a, 0) + weight


def _starting(centres: list[str], fixed: set[int], before: Mapping[str, str]) -> list[int]:
    """The number of a node of the same earlier community for each node; no two fixed ones share it."""
    first: dict[str, int] = {before[centres[index]]: index for index in fixed if centres[index] in before}
    labels = []
    for index, node in enumerate(centres):
        own = index in fixed or node not in before
        labels.append(index if own else first.setdefault(before[node], index))
    return labels


def _until_stable(weights: Weights, fixed: set[int], kept_apart: set[int], labels: list[int]) -> list[int]:
    """Repeat the search until no node and no community moves any more."""
    for _ in range(_ROUNDS):
        found = _communities(weights, fixed, kept_apart, labels)
        first: dict[int, int] = {}
        found = [first.setdefault(label, index) for index, label in enumerate(found)]
        if found == labels:
            break
        labels = found
    return labels


def _communities(weights: Weights, fixed: set[int], kept_apart: set[int], start: list[int]) -> list[int]:
    """A community number for each node: move nodes, merge communities into nodes, repeat.

    A community in which one of the ``kept_apart`` nodes is merges with none that has another of them.
    """
    labels = list(range(len(weights)))
    while True:
        moved = _move(weights, fixed, start)
        compact = {old: new for new, old in enumerate(sorted(set(moved)))}
        moved = [compact[label] for label in moved]
        if len(compact) == len(weights):
            return labels
        labels = [moved[label] for label in labels]
        merged: Weights = {index: {} for index in range(len(compact))}
        for a, row in weights.items():
            for b, weight in row.items():
                merged[moved[a]][moved[b]] = merged[moved[a]].get(moved[b], 0) + weight
        kept_apart = {moved[node] for node in kept_apart}
        weights, fixed = merged, kept_apart
        start = list(range(len(weights)))


def _move(weights: Weights, fixed: set[int], start: list[int]) -> list[int]:
    """Let each node that is not fixed join the community with the greatest gain, until none moves."""
    degree = {node: sum(row.values()) for node, row in weights.items()}
    total = sum(degree.values())
    label = list(start)
    strength = dict.fromkeys(weights, 0)
    for node, own in degree.items():
        strength[label[node]] += own
    for _ in range(20):
        moves = 0
        for node, row in weights.items():
            if node in fixed or not row:
                continue
            towards: defaultdict[int, int] = defaultdict(int)
            for other, weight in row.items():
                if other != node:
                    towards[label[other]] += weight
            here = label[node]
            towards.setdefault(here, 0)
            strength[here] -= degree[node]
            gain = {one: total * to - degree[node] * strength[one] for one, to in towards.items()}
            best = max(sorted(gain, key=lambda one: (one != here, one)), key=gain.__getitem__)
            strength[best] += degree[node]
            label[node] = best
            moves += best != here
        if not moves:
            break
    return label


def _merge_smallest(weights: Weights, labels: list[int], fixed: set[int]) -> list[int]:
    """The labels with the smallest communities merged into others while there are more than 300.

    A community without ties joins none and does not count.
    """
    size = Counter(labels)
    ties: Weights = {label: {} for label in size}
    for a, row in weights.items():
        for b, weight in row.items():
            if labels[a] != labels[b]:
                ties[labels[a]][labels[b]] = ties[labels[a]].get(labels[b], 0) + weight
    kept = {labels[node] for node in fixed}
    joined: dict[int, int] = {}
    waiting = [(count, label) for label, count in size.items() if label not in kept]
    heapq.heapify(waiting)
    tied = sum(1 for row in ties.values() if row)
    while waiting and tied > _MOST_COMMUNITIES:
        count, label = heapq.heappop(waiting)
        if label in joined or count != size[label] or not ties[label]:
            continue
        into = min(ties[label], key=lambda other: (-ties[label][other], other))
        for other, weight in ties.pop(label).items():
            del ties[other][label]
            if other != into:
                ties[other][into] = ties[other].get(into, 0) + weight
                ties[into][other] = ties[into].get(other, 0) + weight
        tied -= 1 if ties[into] else 2
        joined[label] = into
        size[into] += size.pop(label)
        if into not in kept:
            heapq.heappush(waiting, (size[into], into))

    def last(label: int) -> int:
        while label in joined:
            label = joined[label]
        return label

    return [last(label) for label in labels]


def _names(network: nx.Graph, centres: list[str], labels: list[int], fixed: set[int]) -> dict[int, str]:
    """Each community's name: what gathers it, or its undertaking, or else node, with most neighbours."""
    members: defaultdict[int, list[int]] = defaultdict(list)
    for index, label in enumerate(labels):
        members[label].append(index)

    def prominence(index: int) -> tuple[bool, bool, int, int]:
        node = centres[index]
        return index in fixed, network.nodes[node]["bipartite"] == 1, network.degree(node), -index

    return {label: centres[max(indices, key=prominence)] for label, indices in members.items()}


def members_of(communities: Mapping[str, str]) -> dict[str, list[str]]:
    """The nodes of each community in ascending order, by the community's name."""
    members: defaultdict[str, list[str]] = defaultdict(list)
    for node in sorted(communities):
        members[communities[node]].append(node)
    return dict(sorted(members.items()))


_TOPICS = 2


@dataclass(frozen=True, slots=True)
class Community:
    """A community: its ``centre`` (the node it is named after), its members and what distinguishes it.

    ``topics`` and ``place`` are IRIs, the most distinctive first; ``place`` may be empty.
    """

    centre: str
    name: Text
    members: tuple[str, ...]
    topics: tuple[str, ...]
    place: str


def name_communities(network: nx.Graph, community: Mapping[str, str]) -> tuple[Community, ...]:
    """The communities of a network, the largest first; ``community`` is the centre of that of each node.

    A name is the centre, where it gathers others, with the two most distinctive topics and the
    place of the centre, or else the one where most of its organisations sit. A topic is ranked by the
    undertakings with that topic: inside² / all. Without topics it is named after its
    centre.
    """
    everywhere = Counter(topic for _, topics in network.nodes(data="topics") for topic in topics)
    found = []
    for centre, inside in members_of(community).items():
        topics = _topics(network, inside, everywhere)
        place = network.nodes[centre]["place"] or _place(network, inside)
        found.append(Community(centre, _name(network, centre, topics, place), tuple(inside), topics, place))
    count = Counter(one.name for one in found)
    communities = (
        one if count[one.name] == 1 else replace(one, name=_with_centre(network, one.centre, one.name))
        for one in found
    )
    return tuple(sorted(communities, key=lambda one: (-len(one.members), one.centre)))


def name_together(network: nx.Graph, communities: Sequence[Community]) -> Text:
    """The name of several communities, the largest first.

    That of a single one, or of one in which half of all members are; else their topics and place as in
    :func:`name_communities`.
    """
    first, *others = communities
    members = [node for one in communities for node in one.members]
    topics = _topics(network, members, Counter(t for _, all_ in network.nodes(data="topics") for t in all_))
    if not others:
        return first.name
    if not topics or 2 * len(first.members) >= len(members):
        return both("network.group", name=first.name, count=len(others))
    return _topics_at(network, topics, _place(network, members))


def _topics(network: nx.Graph, members: Iterable[str], everywhere: Mapping[str, int]) -> tuple[str, ...]:
    inside = Counter(topic for node in members for topic in network.nodes[node]["topics"])
    ranked = sorted(inside, key=lambda topic: (-(inside[topic] ** 2) / everywhere[topic], topic))
    return tuple(ranked[:_TOPICS])


def _place(network: nx.Graph, members: Iterable[str]) -> str:
    """The place where most organisations sit, empty where none is stated."""
    data = (network.nodes[node] for node in members)
    seats = Counter(one["place"] for one in data if one["bipartite"] == 0 and one["place"])
    return min(seats, key=lambda place: (-seats[place], place), default="")


def _name(network: nx.Graph, centre: str, topics: Iterable[str], place: str) -> Text:
    def in_language(language: str) -> str:
        own = name_of(network, centre, language)
        words = ", ".join(name_of(network, topic, language) for topic in topics)
        if gathers(network, centre) or not words:
            words = f"{own}: {words}" if words else own
        return f"{words} ({name_of(network, place, language)})" if place else words

    return Text.made(in_language, network.graph["languages"])


def _topics_at(network: nx.Graph, topics: Sequence[str], place: str) -> Text:
    def in_language(language: str) -> str:
        words = ", ".join(name_of(network, topic, language) for topic in topics)
        return f"{words} ({name_of(network, place, language)})" if place else words

    return Text.made(in_language, network.graph["languages"])


def _with_centre(network: nx.Graph, centre: str, name: Text) -> Text:
    return name.each("{} – {}".format, words_of(network, network.nodes[centre]))
