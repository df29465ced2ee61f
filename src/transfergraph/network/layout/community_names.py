"""Names for communities, made from what their members work on and where they sit."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import networkx as nx

from transfergraph.common.text import Text
from transfergraph.network.layout.communities import members_of
from transfergraph.network.layout.network_layout import Layout

_TOPICS = 2


@dataclass(frozen=True, slots=True)
class Community:
    """A community: its ``heart`` (the node it is named after), its members and what marks it.

    ``topics`` and ``place`` are IRIs, the most telling first; ``place`` may be empty.
    """

    centre: str
    name: Text
    members: tuple[str, ...]
    topics: tuple[str, ...]
    place: str


def name_communities(network: nx.Graph, layout: Layout) -> tuple[Community, ...]:
    """The communities of a layout, the largest first.

    A name is the alliance, where one is the heart, with the two topics that mark the community most and the
    place of the heart, or else the one where most of its organisations sit. A topic marks it the more, the
    more of the undertakings with that topic are inside: inside² / all. Without topics it is named after its
    heart.
    """
    members = members_of(layout.community)
    everywhere = Counter(topic for _, topics in network.nodes(data="topics") for topic in topics)
    found = []
    for circle in layout.communities:
        inside = members[circle.name]
        topics = _topics(network, inside, everywhere)
        place = network.nodes[circle.name]["place"] or _place(network, inside)
        found.append((circle.name, tuple(inside), topics, place))
    names = {centre: _name(network, centre, topics, place) for centre, _, topics, place in found}
    twice = {name for name, count in Counter(names.values()).items() if count > 1}
    communities = (
        Community(
            centre,
            _with_heart(network, centre, names[centre]) if names[centre] in twice else names[centre],
            inside,
            topics,
            place,
        )
        for centre, inside, topics, place in found
    )
    return tuple(sorted(communities, key=lambda one: (-len(one.members), one.centre)))


def _topics(network: nx.Graph, members: Iterable[str], everywhere: Mapping[str, int]) -> tuple[str, ...]:
    inside = Counter(topic for node in members for topic in network.nodes[node]["topics"])
    ranked = sorted(inside, key=lambda topic: (-(inside[topic] ** 2) / everywhere[topic], topic))
    return tuple(ranked[:_TOPICS])


def _place(network: nx.Graph, members: Iterable[str]) -> str:
    seats: defaultdict[str, int] = defaultdict(int)
    for node in members:
        data = network.nodes[node]
        if data["bipartite"] == 0 and data["place"]:
            seats[data["place"]] += 1
    return min(seats, key=lambda place: (-seats[place], place), default="")


def _name(network: nx.Graph, centre: str, topics: Iterable[str], place: str) -> Text:
    labels = network.graph["names"]
    data = network.nodes[centre]
    own = Text.from_columns(data, "label")

    def in_language(number: int) -> str:
        said = ", ".join(labels[topic][number] for topic in topics)
        if data["class"] == "Alliance" or not said:
            said = f"{own[number]}: {said}" if said else own[number]
        return f"{said} ({labels[place][number]})" if place else said

    return Text(in_language(0), in_language(1))


def _with_heart(network: nx.Graph, centre: str, name: Text) -> Text:
    data = network.nodes[centre]
    return name.each("{} – {}".format, Text.from_columns(data, "label"))
