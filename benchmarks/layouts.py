"""Layouts, communities and measures of the network: ``python -m benchmarks.layouts [--partners N]``.

Compares the two-level layout with those of networkx on an invented network of 1,000 partners: CPU seconds; of
the five nearest marks of each mark the share of the same community (networkx's Louvain, which none of the
layouts uses); and the share of marks that another one overlaps, all pictures scaled to the same room for
each mark. Then the CPU seconds of layout, communities and measures at ``--partners`` (20,000) with three ties
each in the mean.
"""

from __future__ import annotations

import argparse
import math
import random
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import TypeVar

import networkx as nx

from benchmarks.cordis import LANGUAGES, core_classes
from transfergraph.network.layout.communities import find_communities
from transfergraph.network.layout.network_layout import lay_out
from transfergraph.network.layout.stable_layout import lay_out_stably
from transfergraph.network.model.introductions import introduce
from transfergraph.network.model.measures import broker, constraint, reach, significance
from transfergraph.network.model.projection import project_partners
from transfergraph.network.model.stated_amounts import Amounts
from transfergraph.network.model.subnetworks import restricted

Spots = Mapping[str, Sequence[float]]
T = TypeVar("T")

ROOM = 64.0
MARK = 24.0


def main() -> None:
    """Measure and show."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.layouts", description=__doc__)
    parser.add_argument("--partners", type=int, default=20_000)
    large = parser.parse_args().partners
    _compare(invented(1_000))
    _communities(invented(1_000))
    _stability(invented(1_000))
    _measure(invented(large))


def invented(partners: int, seed: int = 5) -> nx.Graph:
    """Partners in fields of eighty, in undertakings of two to some seven; one in ten from elsewhere."""
    chance = random.Random(seed)
    network = nx.Graph(languages=LANGUAGES, classes=core_classes(), names={}, wholes={}, nuts={}, sources={})
    for number in range(partners):
        network.add_node(f"o{number:05}", **_node("Organisation", 0))
    fields = max(1, partners // 80)
    for number in range(partners * 65 // 100):
        name = f"u{number:05}"
        network.add_node(name, **_node("Project", 1))
        members = {
            chance.randrange(partners)
            if chance.random() < 0.1
            else min(partners - 1, number % fields * 80 + chance.randrange(80))
            for _ in range(2 + int(chance.expovariate(0.6)))
        }
        for member in sorted(members):
            unknown = {"first_year": None, "last_year": None, **Amounts().columns()}
            network.add_edge(f"o{member:05}", name, relation="participation", roles=["partner"], **unknown)
    return network


def _node(name: str, side: int) -> dict[str, object]:
    lists = ("regions", "topics", "programmes", "unit_of")
    texts = {"class": name, "kind": "company", "place": "", "label_de": "", "label_en": ""}
    return {**texts, "bipartite": side, **Amounts().columns(), **{key: [] for key in lists}}


def _compare(network: nx.Graph) -> None:
    communities = nx.community.louvain_communities(network, seed=1)
    community = {node: number for number, nodes in enumerate(communities) for node in nodes}
    contestants: dict[str, Callable[[], Spots]] = {
        "two-level (this package)": lambda: lay_out(network).positions,
        "networkx forceatlas2": lambda: nx.forceatlas2_layout(network, seed=1),
        "networkx spring": lambda: nx.spring_layout(network, seed=1),
        "networkx Kamada-Kawai": lambda: nx.kamada_kawai_layout(network),
    }
    print(f"{len(network):,} nodes, {network.number_of_edges():,} participations\n")
    print("| layout | CPU s | same community among the nearest | overlapped marks |")
    print("|---|---|---|---|")
    for name, make in contestants.items():
        if name.startswith("networkx") and find_spec("scipy") is None:
            print(f"| {name} | needs SciPy, which is not installed | | |")
            continue
        spots, seconds = _timed(make)
        connected = {node: spots[node] for node in network if network.degree(node)}
        near, overlaps = _judge(connected, community)
        print(f"| {name} | {seconds:.1f} | {near:.2f} | {overlaps:.0%} |")


def _timed(make: Callable[[], T]) -> tuple[T, float]:
    begin = time.process_time()
    made = make()
    return made, time.process_time() - begin


def _judge(spots: Spots, community: Mapping[str, int]) -> tuple[float, float]:
    """The share of the nearest marks of the same community, and the share of marks that are overlapped."""
    xs, ys = [spot[0] for spot in spots.values()], [spot[1] for spot in spots.values()]
    area = (max(xs) - min(xs)) * (max(ys) - min(ys)) or 1.0
    scale = ROOM * math.sqrt(len(spots) / area)
    scaled = {node: (spot[0] * scale, spot[1] * scale) for node, spot in spots.items()}
    same = overlapped = 0
    for node, spot in scaled.items():
        nearest = sorted((math.dist(spot, other), name) for name, other in scaled.items() if name != node)[:5]
        same += sum(community[node] == community[name] for _, name in nearest)
        overlapped += nearest[0][0] < MARK
    return same / (5 * len(scaled)), overlapped / len(scaled)


def _communities(network: nx.Graph) -> None:
    print("\n| communities | CPU s | modularity | how many |\n|---|---|---|---|")
    own, seconds = _timed(lambda: find_communities(network))
    _row("this package", seconds, network, list(own.items()))
    louvain, seconds = _timed(lambda: nx.community.louvain_communities(network, seed=1))
    _row(
        "networkx Louvain",
        seconds,
        network,
        [(node, str(i)) for i, one in enumerate(louvain) for node in one],
    )
    if find_spec("igraph") is None:
        print("| igraph Leiden | needs igraph, which is not installed | | |")
        return
    igraph = import_module("igraph")
    number = {node: index for index, node in enumerate(network)}
    graph = igraph.Graph(len(number), [(number[a], number[b]) for a, b in network.edges()])
    igraph.set_random_number_generator(random.Random(1))
    leiden, seconds = _timed(lambda: graph.community_leiden(objective_function="modularity", n_iterations=-1))
    _row("igraph Leiden", seconds, network, list(zip(network, map(str, leiden.membership), strict=True)))


def _row(name: str, seconds: float, network: nx.Graph, found: list[tuple[str, str]]) -> None:
    groups: defaultdict[str, set[str]] = defaultdict(set)
    for node, community in found:
        groups[community].add(node)
    modularity = nx.community.modularity(network, groups.values())
    several = sum(len(group) > 1 for group in groups.values())
    print(f"| {name} | {seconds:.2f} | {modularity:.3f} | {several} |")


def _stability(network: nx.Graph) -> None:
    """The share of those who stay that move by more than a spacing when a twentieth of the nodes comes."""
    chance = random.Random(1)
    before = lay_out(restricted(network, {node for node in network if chance.random() >= 0.05}))
    print("\n| a twentieth comes | who stays and moves |\n|---|---|")
    for name, after in (
        ("from the earlier layout", lay_out_stably(network, before)),
        ("anew", lay_out(network)),
    ):
        both = before.community.keys() & after.community.keys()
        far = sum(math.dist(before.positions[node], after.positions[node]) > ROOM for node in both)
        print(f"| {name} | {far / len(both):.0%} |")


def _measure(network: nx.Graph) -> None:
    partners, seconds = _timed(lambda: project_partners(network, 40))
    print(f"\n{len(partners):,} partners, {partners.number_of_edges():,} ties\n\n| step | CPU s |\n|---|---|")
    print(f"| ties | {seconds:.1f} |")
    (found, pivots), seconds = _timed(lambda: broker(partners))
    how = f"estimated from {pivots:,} partners" if pivots else "exact"
    print(f"| broker, {how} | {seconds:.1f} |")
    for name, step in (
        ("layout with communities", lambda: lay_out(network)),
        ("reach", lambda: reach(partners)),
        ("constraint", lambda: constraint(partners)),
        ("backbone", lambda: significance(partners)),
        ("introductions", lambda: introduce(partners, found)),
    ):
        print(f"| {name} | {_timed(step)[1]:.1f} |")


if __name__ == "__main__":
    main()
