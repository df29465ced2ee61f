"""Communities and coordinates: stable, without overlaps, for any shape of network."""

from __future__ import annotations

import random
import time
from itertools import combinations
from pathlib import Path

import networkx as nx
import pytest
from network_fixture import BASE, CLASSES, Tables, five_alliances, written_under_two_hash_seeds
from workspaces import LANGUAGES

from transfergraph.network.layout.communities import find_communities, whole_of
from transfergraph.network.layout.network_layout import Layout, lay_out
from transfergraph.network.model.network_graph import build_network


def network_of(tables: Tables, folder: Path) -> nx.Graph:
    return build_network(tables.store(folder), LANGUAGES, CLASSES)


@pytest.fixture(scope="module")
def network(tmp_path_factory: pytest.TempPathFactory) -> nx.Graph:
    return network_of(five_alliances(), tmp_path_factory.mktemp("store"))


def assert_sound(network: nx.Graph, layout: Layout) -> None:
    """Everybody has a place of their own, circles are apart, members are inside theirs."""
    assert set(layout.positions) == set(network)
    assert len(set(layout.positions.values())) == len(network)
    for a, b in combinations(layout.communities, 2):
        assert (a.x - b.x) ** 2 + (a.y - b.y) ** 2 >= (a.radius + b.radius) ** 2
    circles = {circle.name: circle for circle in layout.communities}
    for node, name in layout.community.items():
        x, y = layout.positions[node]
        circle = circles[name]
        assert (x - circle.x) ** 2 + (y - circle.y) ** 2 <= (circle.radius + 2) ** 2
    lonely = set(nx.isolates(network))
    assert set(layout.community) == set(network) - lonely
    assert (layout.unconnected is None) == (not lonely)
    if layout.unconnected is not None:
        left, top, right, bottom = layout.unconnected
        assert all(circle.y + circle.radius <= top for circle in layout.communities)
        for node in lonely:
            x, y = layout.positions[node]
            assert left <= x <= right and top <= y <= bottom


def test_the_alliances_are_the_circles(network: nx.Graph) -> None:
    layout = lay_out(network)
    assert_sound(network, layout)
    keys = ("lessie", "life-and-technology", "recomine", "saxony5", "smarterz")
    assert [circle.name for circle in layout.communities] == [f"{BASE}undertaking/{key}" for key in keys]


def test_parts_stay_with_their_alliance(network: nx.Graph) -> None:
    communities = find_communities(network)
    for part, whole in whole_of(network).items():
        assert communities[part] == communities[whole]


def test_bridges_stand_on_the_rim_and_look_to_the_other_side(network: nx.Graph) -> None:
    layout = lay_out(network)
    circles = {circle.name: circle for circle in layout.communities}
    bridge = f"{BASE}organisation/wfe"
    own = circles[layout.community[bridge]]
    (other,) = {layout.community[one] for one in network[bridge]} - {own.name}
    x, y = layout.positions[bridge]
    assert abs((x - own.x) ** 2 + (y - own.y) ** 2 - own.radius**2) < 4 * own.radius
    towards = (x - own.x) * (circles[other].x - own.x) + (y - own.y) * (circles[other].y - own.y)
    assert towards > 0


def test_the_order_of_nodes_and_edges_does_not_matter(network: nx.Graph) -> None:
    chance = random.Random(3)
    nodes, edges = list(network.nodes(data=True)), list(network.edges(data=True))
    chance.shuffle(nodes)
    chance.shuffle(edges)
    shuffled = nx.Graph(**network.graph)
    shuffled.add_nodes_from(nodes)
    shuffled.add_edges_from((b, a, data) for a, b, data in edges)
    assert lay_out(shuffled) == lay_out(network)


def test_hashes_of_the_interpreter_do_not_matter(tmp_path: Path) -> None:
    program = (
        "import sys, pathlib\n"
        "from network_fixture import CLASSES, five_alliances\n"
        "from transfergraph.network.model.network_graph import build_network\n"
        "from transfergraph.network.layout.network_layout import lay_out\n"
        "layout = lay_out(build_network(five_alliances().store(pathlib.Path(sys.argv[1])), ('de', 'en'), CLASSES))\n"
        "print(layout)\n"
        "assert not {'pyvis', 'IPython'} & sys.modules.keys()\n"
    )
    first, second = written_under_two_hash_seeds(program, tmp_path)
    assert first == second != b""


def test_nothing_and_one() -> None:
    assert lay_out(nx.Graph()) == Layout({}, (), {}, None)
    alone = nx.Graph(classes=CLASSES.described(LANGUAGES))
    alone.add_node("o", bipartite=0, **{"class": "Organisation"})
    assert_sound(alone, lay_out(alone))


def test_no_edge_at_all(tmp_path: Path) -> None:
    tables = Tables()
    for number in range(40):
        tables.organisation(f"o{number}", "company", f"O {number}")
    network = network_of(tables, tmp_path)
    assert_sound(network, lay_out(network))


def test_one_undertaking_with_very_many_partners(tmp_path: Path) -> None:
    tables = Tables()
    tables.undertaking("p", "Alliance", "P")
    for number in range(600):
        tables.organisation(f"o{number:03}", "company", f"O {number}")
    tables.takes_part("p", *tables.organisations)
    network = network_of(tables, tmp_path)
    layout = lay_out(network)
    assert_sound(network, layout)
    assert layout.communities[0].radius < 600 * 64 / 6


def test_undertakings_that_are_parts_of_each_other(tmp_path: Path) -> None:
    tables = Tables()
    for key, whole in (("a", "b"), ("b", "c"), ("c", "a"), ("d", "a"), ("e", "e")):
        tables.undertaking(key, "Project", key, part_of=whole)
    network = network_of(tables, tmp_path)
    assert_sound(network, lay_out(network))
    communities = find_communities(network)
    assert len({communities[f"{BASE}undertaking/{key}"] for key in "abcd"}) == 1


def random_tables(organisations: int, undertakings: int) -> Tables:
    chance = random.Random(5)
    tables = Tables()
    for number in range(organisations):
        tables.organisation(f"o{number:05}", "company", f"O {number}")
    fields = organisations // 80
    for number in range(undertakings):
        tables.undertaking(f"u{number:05}", "Project", f"U {number}")
        field = number % fields
        members = {
            chance.randrange(organisations) if chance.random() < 0.1 else field * 80 + chance.randrange(80)
            for _ in range(2 + int(chance.expovariate(0.6)))
        }
        tables.takes_part(f"u{number:05}", *[f"o{member:05}" for member in sorted(members)])
    return tables


def test_five_thousand_nodes_in_seconds_and_neighbours_together(tmp_path: Path) -> None:
    network = network_of(random_tables(3200, 1800), tmp_path)
    begin = time.process_time()
    layout = lay_out(network)
    assert time.process_time() - begin < 30
    assert_sound(network, layout)
    inside = sum(layout.community[a] == layout.community[b] for a, b in network.edges())
    assert inside > 0.75 * network.number_of_edges()
